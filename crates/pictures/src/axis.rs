//! Scales: from values to pixels, and the ticks of an axis.

use super::{Anchor, Figure, Ink, Item, columns, rule, strong_text, text, wrap};
use crate::number::significant;

/// The scale of values along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The value at the start, which is above 0 on a logarithmic scale.
    low: f64,
    /// The value at the end, which is above `low`.
    high: f64,
    /// The pixel of `low`.
    from: f64,
    /// The pixel of `high`.
    to: f64,
    /// Whether equal ratios have equal distances; otherwise equal differences have.
    logarithmic: bool,
}

impl Scale {
    /// A scale over all finite `values` from the pixel `from` to the pixel `to`. It is logarithmic
    /// if `logarithmic` is true and all values are above 0. Without values it goes from 0 to 1.
    pub fn new(values: impl Iterator<Item = f64>, from: f64, to: f64, logarithmic: bool) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        let logarithmic = logarithmic && low > 0.0 && low.is_finite();
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if low == high {
            // A single value has room around it.
            (low, high) = match (logarithmic, low == 0.0) {
                (true, _) => (low / 2.0, high * 2.0),
                (false, true) => (-1.0, 1.0),
                (false, false) => (low - low.abs() / 2.0, high + high.abs() / 2.0),
            };
        }
        Self {
            low,
            high,
            from,
            to,
            logarithmic,
        }
    }

    /// The scale with a share of its length free at both ends.
    pub fn padded(self, share: f64) -> Self {
        if self.logarithmic {
            let factor = libm::pow(self.high / self.low, share);
            Self {
                low: self.low / factor,
                high: self.high * factor,
                ..self
            }
        } else {
            let room = (self.high - self.low) * share;
            Self {
                low: self.low - room,
                high: self.high + room,
                ..self
            }
        }
    }

    /// Whether equal ratios have equal distances.
    pub fn is_logarithmic(&self) -> bool {
        self.logarithmic
    }

    /// The pixel of a value; a value beyond an end has the pixel of that end.
    pub fn place(&self, value: f64) -> f64 {
        let share = if self.logarithmic {
            libm::log(value.max(self.low) / self.low) / libm::log(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        self.from + (self.to - self.from) * share.clamp(0.0, 1.0)
    }

    /// Whether a value is between the ends.
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The values of ticks, with their labels.
    pub fn ticks(&self, about: usize) -> Vec<(f64, String)> {
        // For a range of a few multiples, even steps are easier to read than powers of ten.
        if !self.logarithmic || self.high <= 4.0 * self.low {
            let step = nice_step((self.high - self.low) / about.max(1) as f64);
            let (first, last) = (
                (self.low / step).ceil() as i64,
                (self.high / step).floor() as i64,
            );
            // Ticks are multiples of the step, which avoids the rounding errors of a sum.
            return (first..=last)
                .map(|i| {
                    let value = i as f64 * step;
                    (value, label(value))
                })
                .collect();
        }
        let (low, high) = (libm::log10(self.low), libm::log10(self.high));
        let decades = high - low;
        let (first, last) = (low.floor() as i32, high.ceil() as i32);
        let factors: &[f64] = match decades {
            d if d < 1.2 => &[1.0, 2.0, 3.0, 5.0, 7.0],
            d if d < 2.5 => &[1.0, 2.0, 5.0],
            _ => &[1.0],
        };
        let every = ((decades / about.max(1) as f64).ceil() as i32).max(1);
        (first..=last)
            .filter(|exponent| exponent.rem_euclid(every) == 0)
            .flat_map(|exponent| {
                // The number is read from its decimal text, so that 0.001 is the float nearest to
                // it.
                factors
                    .iter()
                    .filter_map(move |&factor| format!("{factor}e{exponent}").parse().ok())
            })
            .filter(|value: &f64| (self.low..=self.high).contains(value))
            .map(|value| (value, label(value)))
            .collect()
    }
}

/// The room at the left for these names and a gap, within the ends.
pub fn margin(names: impl Iterator<Item = String>, [least, most]: [f64; 2]) -> f64 {
    let longest = names.map(|name| columns(&name)).max().unwrap_or(0);
    (CHARACTER * longest as f64 + 10.0).clamp(least, most)
}

/// 1, 2 or 5 times a power of ten, at least `step`.
fn nice_step(step: f64) -> f64 {
    let exponent = libm::log10(step).floor() as i32;
    let candidates = [1.0, 2.0, 5.0, 10.0].map(|factor| format!("{factor}e{exponent}"));
    let mut candidates = candidates
        .iter()
        .filter_map(|text| text.parse::<f64>().ok());
    candidates
        .clone()
        .find(|&nice| nice >= step * (1.0 - 1e-9))
        .or(candidates.next_back())
        .unwrap_or(1.0)
}

/// The label of a tick's value, which is short: `1e-4` below a thousandth.
fn label(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs();
    if (1e-3..1e5).contains(&magnitude) {
        let text = significant(value, 6);
        if text.contains('.') {
            return text.trim_end_matches('0').trim_end_matches('.').to_owned();
        }
        return text;
    }
    let text = format!("{value:.3e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let digits = digits.trim_end_matches('0').trim_end_matches('.');
            format!("{digits}e{exponent}")
        }
        None => text,
    }
}

/// The plotting area within a figure, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The left edge.
    pub left: f64,
    /// The upper edge.
    pub top: f64,
    /// The right edge.
    pub right: f64,
    /// The lower edge.
    pub bottom: f64,
}

/// The size of the texts at ticks and axes.
pub const SMALL: f64 = 12.0;
/// The width of one of their characters, at most on average.
pub const CHARACTER: f64 = 7.0;

/// Draws a horizontal grid with its values at the left.
pub fn values_on_the_left(figure: &mut Figure, frame: Frame, scale: &Scale, name: &str) {
    for (value, label) in scale.ticks(6) {
        let y = scale.place(value);
        figure
            .items
            .push(rule((frame.left, y), (frame.right, y), Ink::Grid));
        figure.items.push(text(
            (frame.left - 8.0, y + 4.0),
            label,
            Anchor::End,
            SMALL,
            Ink::Muted,
        ));
    }
    axis_name(figure, (frame.left - 56.0, frame.top - 14.0), name);
}

/// Writes the name of the vertical axis above it, since horizontal text is easier to read.
fn axis_name(figure: &mut Figure, at: (f64, f64), name: &str) {
    figure
        .items
        .push(text(at, name, Anchor::Start, SMALL, Ink::Muted));
}

/// Draws the horizontal axis with its values below it.
pub fn values_beneath(figure: &mut Figure, frame: Frame, ticks: &[(f64, String)], name: &str) {
    figure.items.push(rule(
        (frame.left, frame.bottom),
        (frame.right, frame.bottom),
        Ink::Muted,
    ));
    // A label that would touch the previous one is left out.
    let mut free = f64::NEG_INFINITY;
    for (x, label) in ticks {
        let half = columns(label) as f64 * CHARACTER / 2.0;
        let written = x - half >= free;
        figure.items.push(rule(
            (*x, frame.bottom),
            (*x, frame.bottom + 5.0),
            Ink::Muted,
        ));
        if !written {
            continue;
        }
        free = x + half + CHARACTER;
        let at = (*x, frame.bottom + 19.0);
        figure
            .items
            .push(text(at, label.clone(), Anchor::Middle, SMALL, Ink::Muted));
    }
    let at = (frame.right, frame.bottom + 37.0);
    figure
        .items
        .push(text(at, name, Anchor::End, SMALL, Ink::Muted));
}

/// Writes names at the right of a plot. Each is at the height of its line's end, moved where names
/// would overlap.
pub fn names_beside(figure: &mut Figure, frame: Frame, mut labels: Vec<(f64, String, Ink)>) {
    /// The height of a line, and the columns for which there is room.
    const LINE: f64 = 14.0;
    const COLUMNS: usize = 25;
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut labels: Vec<(f64, Vec<String>, Ink)> = labels
        .into_iter()
        .map(|(y, name, ink)| (y, wrap(&name, COLUMNS, 3), ink))
        .collect();
    let height = |lines: &[String]| LINE * lines.len() as f64 + 3.0;
    let mut floor = frame.top;
    for (y, lines, _) in &mut labels {
        *y = y.max(floor);
        floor = *y + height(lines);
    }
    // Names that were moved below the frame move others upwards again.
    let mut ceiling = frame.bottom + LINE;
    for (y, lines, _) in labels.iter_mut().rev() {
        *y = y.min(ceiling - height(lines));
        ceiling = *y;
    }
    for (y, lines, ink) in labels {
        for (row, line) in lines.into_iter().enumerate() {
            let at = (frame.right + 10.0, y + 4.0 + LINE * row as f64);
            figure
                .items
                .push(strong_text(at, line, Anchor::Start, SMALL, ink));
        }
    }
}

/// The runs of finite points in a line with gaps.
pub fn pieces(points: impl Iterator<Item = (f64, f64)>) -> Vec<Vec<(f64, f64)>> {
    let mut pieces: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    for (x, y) in points {
        if x.is_finite() && y.is_finite() {
            pieces.last_mut().expect("there is always one").push((x, y));
        } else if !pieces.last().expect("there is always one").is_empty() {
            pieces.push(Vec::new());
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// A line with gaps; a single point becomes a small disc.
pub fn line(
    points: impl Iterator<Item = (f64, f64)>,
    ink: Ink,
    width: f64,
    dash: super::Dash,
) -> Vec<Item> {
    let item = |points: Vec<(f64, f64)>| match points[..] {
        [at] => Item::Disc {
            at,
            radius: width,
            ink,
            title: String::new(),
        },
        _ => Item::Line {
            points,
            ink,
            width,
            dash,
        },
    };
    pieces(points).into_iter().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_within_the_scale() {
        let texts = |scale: Scale| -> Vec<String> {
            scale.ticks(6).into_iter().map(|tick| tick.1).collect()
        };
        let linear = Scale::new([1.0, 100.0].into_iter(), 0.0, 1.0, false);
        assert_eq!(texts(linear), ["20", "40", "60", "80", "100"]);
        let logarithmic = Scale::new([2e-5, 0.5].into_iter(), 0.0, 1.0, true);
        assert_eq!(texts(logarithmic), ["1e-4", "0.001", "0.01", "0.1"]);
        let narrow = Scale::new([0.0101, 0.0409].into_iter(), 0.0, 1.0, true);
        assert_eq!(texts(narrow), ["0.02", "0.03"]);
        let tiny = Scale::new([0.3, 0.3000001].into_iter(), 0.0, 1.0, false);
        assert!(!texts(tiny).is_empty());
    }

    #[test]
    fn odd_values_still_have_a_scale() {
        let none = Scale::new([f64::NAN].into_iter(), 0.0, 100.0, true);
        assert_eq!((none.place(0.0), none.place(1.0)), (0.0, 100.0));
        let one = Scale::new([5.0].into_iter(), 0.0, 100.0, false);
        assert_eq!(one.place(5.0), 50.0);
        // A loss of 0 has no logarithm, so the scale is linear.
        assert!(!Scale::new([0.0, 1.0].into_iter(), 0.0, 1.0, true).is_logarithmic());
        assert_eq!(one.padded(0.1).place(f64::INFINITY), 100.0);
    }

    #[test]
    fn lines_have_gaps_where_values_are_missing() {
        let points = [(0.0, 1.0), (1.0, 1.0), (2.0, f64::NAN), (3.0, 1.0)];
        let pieces = pieces(points.into_iter());
        assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }
}
