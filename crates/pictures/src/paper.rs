//! A figure for a paper in black and white: series differ by dashes and marks, and values by
//! lightness.

use super::{Anchor, Dash, Figure, Ink, Item, LIGHT, SERIES, colour, diverging, image};

/// The distance between two marks of a line, in pixels.
const BETWEEN: f64 = 90.0;
/// Half the height of a mark.
const RADIUS: f64 = 3.6;
/// The columns of a mark before a name.
const INDENT: f64 = 13.0;

/// The colour black.
const BLACK: Ink = Ink::Fixed([0; 3]);
/// The grey of the lines of the other side of a quantity.
const GREY: Ink = Ink::Fixed([0x77; 3]);

/// The meaning of a figure's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// Values around a middle, from orange to blue.
    Diverging,
    /// A class for each colour.
    Classes,
    /// Other values, whose colours differ by lightness.
    Lightness,
}

/// The figure without colours.
pub fn without_colours(figure: &Figure) -> Figure {
    let mut colours = Vec::new();
    figure
        .items
        .iter()
        .for_each(|item| gather(item, &mut colours));
    let scale = if !colours.is_empty() && colours.iter().all(|&c| signed(c).is_some()) {
        Scale::Diverging
    } else if !colours.is_empty() && colours.iter().all(|&c| class(c).is_some()) {
        Scale::Classes
    } else {
        Scale::Lightness
    };
    let mut drawn = Figure {
        items: Vec::new(),
        ..figure.clone()
    };
    let mut last_name = None;
    for item in &figure.items {
        convert(item, scale, &mut last_name, &mut drawn.items);
    }
    drawn
}

/// Collects the colours that stand for values.
fn gather(item: &Item, colours: &mut Vec<[u8; 3]>) {
    match item {
        Item::Image { pixels, .. } => {
            let (pixels, _) = pixels.as_chunks::<3>();
            for &pixel in pixels {
                if colours.last() != Some(&pixel) {
                    colours.push(pixel);
                }
            }
        }
        Item::Disc {
            ink: Ink::Fixed(colour),
            ..
        }
        | Item::Line {
            ink: Ink::Fixed(colour),
            ..
        } => colours.push(*colour),
        Item::Group { items, .. } => items.iter().for_each(|item| gather(item, colours)),
        _ => {}
    }
}

/// The value of a colour on the diverging scale, from −1 to 1.
fn signed(colour: [u8; 3]) -> Option<f64> {
    let [r, _, b] = colour.map(f64::from);
    let value = match r > b {
        true => -(235.0 - b) / 201.0,
        false => (232.0 - r) / 224.0,
    };
    is_near(colour, diverging(value)).then_some(value.clamp(-1.0, 1.0))
}

/// The class of a colour that is one of the series' colours or a paler one, and its strength.
fn class(colour: [u8; 3]) -> Option<(usize, f64)> {
    (0..SERIES).find_map(|series| {
        let full = LIGHT[series];
        // The channel that differs most from white gives the most exact result.
        let channel = (0..3).min_by_key(|&i| full[i])?;
        let share = (255.0 - f64::from(colour[channel])) / (255.0 - f64::from(full[channel]));
        let share = share.clamp(0.0, 1.0);
        let pale = full.map(|c| (255.0 + (f64::from(c) - 255.0) * share).round() as u8);
        is_near(colour, pale).then_some((series, share))
    })
}

fn is_near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(&a, b)| a.abs_diff(b) <= 3)
}

/// The grey for a colour.
fn grey(colour: [u8; 3], scale: Scale) -> [u8; 3] {
    /// The greys of −1 and 1, and of the first and the last class.
    const LIGHTEST: f64 = 250.0;
    const DARKEST: f64 = 70.0;
    let level = match scale {
        Scale::Diverging => {
            let value = signed(colour).unwrap_or(0.0);
            LIGHTEST + (DARKEST - LIGHTEST) * (value + 1.0) / 2.0
        }
        Scale::Classes => {
            let (class, strength) = class(colour).unwrap_or((0, 0.0));
            // Neighbouring classes have very different greys.
            const LEVELS: [f64; SERIES] = [60.0, 225.0, 140.0, 185.0, 100.0, 245.0, 160.0, 205.0];
            let full = LEVELS[class % SERIES];
            // A paler colour is nearer to the middle.
            full + (150.0 - full) * (1.0 - strength) * 0.3
        }
        Scale::Lightness => {
            let [r, g, b] = colour.map(f64::from);
            0.299 * r + 0.587 * g + 0.114 * b
        }
    };
    [level.round() as u8; 3]
}

fn convert(item: &Item, scale: Scale, last: &mut Option<(usize, f64)>, into: &mut Vec<Item>) {
    match item {
        Item::Group {
            series,
            name,
            items,
        } => {
            let mut inner = Vec::new();
            for item in items {
                convert(item, scale, last, &mut inner);
            }
            into.push(Item::Group {
                series: *series,
                name: name.clone(),
                items: inner,
            });
        }
        Item::Line {
            points,
            ink: Ink::Series(series),
            width,
            dash,
        } => line(points, *series, *width, *dash, into),
        Item::Line { ink, .. } | Item::Cross { ink, .. } => {
            let mut item = item.clone();
            if let Item::Line { ink: own, .. } | Item::Cross { ink: own, .. } = &mut item {
                *own = plain(*ink, scale);
            }
            into.push(item);
        }
        Item::Area {
            points,
            ink,
            opacity,
        } => into.push(Item::Area {
            points: points.clone(),
            ink: plain(*ink, scale),
            opacity: opacity * 0.7,
        }),
        Item::Rectangle { frame, ink, title } => into.push(Item::Rectangle {
            frame: *frame,
            ink: plain(*ink, scale),
            title: title.clone(),
        }),
        Item::Disc {
            at,
            ink: Ink::Series(series),
            ..
        } => mark(*at, *series, RADIUS, into),
        Item::Disc {
            at,
            radius,
            ink,
            title,
        } => {
            let disc = |radius: f64, ink: Ink| Item::Disc {
                at: *at,
                radius,
                ink,
                title: title.clone(),
            };
            // Discs have a rim, since light ones would be invisible on light ground.
            into.push(disc(*radius, BLACK));
            into.push(disc(radius - 1.0, plain(*ink, scale)));
        }
        Item::Text {
            at,
            ink: Ink::Series(series),
            anchor: Anchor::Start,
            strong: true,
            ..
        } => {
            let mut item = item.clone();
            if let Item::Text { at, ink, .. } = &mut item {
                at.0 += INDENT;
                *ink = BLACK;
            }
            // A name in several lines has one mark.
            let continues =
                last.is_some_and(|(before, y)| before == *series && (at.1 - y).abs() < 15.0);
            if !continues {
                mark((at.0 + 4.0, at.1 - 4.0), *series, RADIUS, into);
            }
            *last = Some((*series, at.1));
            into.push(item);
        }
        Item::Text { ink, .. } => {
            let mut item = item.clone();
            if let Item::Text { ink: own, .. } = &mut item {
                *own = plain(*ink, scale);
            }
            into.push(item);
        }
        Item::Image {
            frame,
            size,
            pixels,
            ..
        } => {
            let (pixels, _) = pixels.as_chunks::<3>();
            let greys = pixels.iter().flat_map(|&pixel| grey(pixel, scale));
            into.push(image(*frame, *size, greys.collect()));
        }
    }
}

/// The black or grey of an ink without a mark.
fn plain(ink: Ink, scale: Scale) -> Ink {
    match ink {
        Ink::Series(_) => Ink::Fixed([0x33; 3]),
        Ink::Text | Ink::Muted => BLACK,
        Ink::Grid => Ink::Fixed([0xdd; 3]),
        Ink::Paper => Ink::Paper,
        Ink::Fixed(_) => Ink::Fixed(grey(colour(ink), scale)),
    }
}

/// The line of a series with its marks; the dotted line of the other side is thin and grey, with
/// small marks.
fn line(points: &[(f64, f64)], series: usize, width: f64, dash: Dash, into: &mut Vec<Item>) {
    let other = dash == Dash::Dotted;
    into.push(Item::Line {
        points: points.to_vec(),
        ink: if other { GREY } else { BLACK },
        width: width.min(1.5),
        dash: if other { dash } else { Dash::Series(series) },
    });
    // A line of two points is a range, which has no marks.
    let (Some(first), Some(end)) = (points.first(), points.last()) else {
        return;
    };
    if points.len() < 4 {
        return;
    }
    let length = end.0 - first.0;
    // Marks of different series are side by side.
    let mut at = first.0 + BETWEEN * (series % SERIES) as f64 / SERIES as f64 + 12.0;
    let radius = if other { RADIUS - 1.2 } else { RADIUS };
    while at <= end.0 && length > 0.0 {
        if let Some(pair) = points
            .windows(2)
            .find(|pair| pair[0].0 <= at && at <= pair[1].0)
        {
            let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
            let share = if x1 > x0 { (at - x0) / (x1 - x0) } else { 0.0 };
            mark((at, y0 + (y1 - y0) * share), series, radius, into);
        }
        at += BETWEEN;
    }
}

/// The mark of a series: a disc, a square, a triangle or a diamond, first filled and then hollow.
fn mark((x, y): (f64, f64), series: usize, r: f64, into: &mut Vec<Item>) {
    let corners: Vec<(f64, f64)> = match series % 4 {
        0 => (0..16)
            .map(|i| {
                let angle = f64::from(i) * std::f64::consts::TAU / 16.0;
                (x + r * libm::cos(angle), y + r * libm::sin(angle))
            })
            .collect(),
        1 => [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(a, b)| (x + 0.9 * r * a, y + 0.9 * r * b))
            .to_vec(),
        2 => vec![
            (x, y - 1.15 * r),
            (x + 1.1 * r, y + 0.85 * r),
            (x - 1.1 * r, y + 0.85 * r),
        ],
        _ => vec![
            (x, y - 1.3 * r),
            (x + 1.3 * r, y),
            (x, y + 1.3 * r),
            (x - 1.3 * r, y),
        ],
    };
    let filled = series % SERIES < 4;
    into.push(Item::Area {
        points: corners.clone(),
        ink: if filled { BLACK } else { Ink::Paper },
        opacity: 1.0,
    });
    let closed = corners.iter().copied().chain(corners.first().copied());
    into.push(Item::Line {
        points: closed.collect(),
        ink: BLACK,
        width: 1.2,
        dash: Dash::Solid,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sequential, strong_text};

    /// Collects every ink of an item and of the items in it.
    fn inks(item: &Item, found: &mut Vec<[u8; 3]>) {
        match item {
            Item::Group { items, .. } => items.iter().for_each(|item| inks(item, found)),
            Item::Image { pixels, .. } => found.extend(pixels.as_chunks::<3>().0),
            Item::Line { ink, .. }
            | Item::Area { ink, .. }
            | Item::Rectangle { ink, .. }
            | Item::Disc { ink, .. }
            | Item::Cross { ink, .. }
            | Item::Text { ink, .. } => found.push(colour(*ink)),
        }
    }

    #[test]
    fn no_colour_is_left() {
        let mut figure = Figure::new(100.0, 100.0, "");
        let pixels = (0..16).flat_map(|i| diverging(f64::from(i) / 8.0 - 1.0));
        figure
            .items
            .push(image([0.0, 0.0, 9.0, 9.0], (4, 4), pixels.collect()));
        for series in 0..10 {
            let points = (0..9).map(|i| (f64::from(i) * 30.0, 4.0)).collect();
            figure.items.push(Item::Group {
                series,
                name: String::new(),
                items: vec![Item::Line {
                    points,
                    ink: Ink::Series(series),
                    width: 2.0,
                    dash: Dash::Solid,
                }],
            });
            let at = (0.0, 20.0 * series as f64);
            figure.items.push(strong_text(
                at,
                "a",
                Anchor::Start,
                12.0,
                Ink::Series(series),
            ));
        }
        let mut found = Vec::new();
        let drawn = without_colours(&figure);
        drawn.items.iter().for_each(|item| inks(item, &mut found));
        assert!(found.len() > 40);
        assert!(found.iter().all(|[r, g, b]| r == g && g == b), "{found:?}");
    }

    #[test]
    fn a_greater_value_is_darker_on_both_scales() {
        let steps = || (0..=20).map(|i| f64::from(i) / 20.0);
        let greys: Vec<u8> = steps()
            .map(|value| grey(diverging(2.0 * value - 1.0), Scale::Diverging)[0])
            .collect();
        assert!(greys.is_sorted_by(|a, b| a > b), "{greys:?}");
        let greys: Vec<u8> = steps()
            .map(|value| grey(sequential(value), Scale::Lightness)[0])
            .collect();
        assert!(greys.is_sorted_by(|a, b| a > b), "{greys:?}");
    }

    #[test]
    fn classes_are_found_again_in_their_pale_colours() {
        for (series, full) in LIGHT.iter().enumerate() {
            let pale = full.map(|c| (255.0 + (f64::from(c) - 255.0) * 0.6).round() as u8);
            assert_eq!(class(pale).map(|of| of.0), Some(series));
        }
    }
}
