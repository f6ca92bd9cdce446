//! The figure for sweeps of many keys: a vertical axis for each key and for the metric, and a line
//! for each configuration.

use super::comparison::Comparison;
use super::heat::values;
use super::importance::MOST_CONFIGURATIONS;
use super::number::{short, significant};
use super::results::{Results, short_key};
use crate::text;
use pictures::axis::{SMALL, Scale};
use pictures::{Anchor, Dash, Figure, Ink, Item, columns, cut, rule, text};

/// The least number of keys for this figure; a grid shows fewer keys.
const KEYS: usize = 3;
/// The most keys and the most configurations that are drawn.
const MOST_KEYS: usize = 8;
const LINES: usize = 400;

/// The places of a key's values on its axis.
enum Axis {
    /// Numbers on a scale.
    Numbers(Scale),
    /// Words, evenly spaced from the top.
    Words(Vec<String>),
}

impl Axis {
    fn of(values: Vec<String>, top: f64, bottom: f64) -> Self {
        let numbers: Option<Vec<f64>> = values.iter().map(|value| value.parse().ok()).collect();
        match numbers {
            Some(numbers) => {
                let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
                let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let wide = least > 0.0 && most >= 8.0 * least;
                Self::Numbers(Scale::new(numbers.into_iter(), bottom, top, wide))
            }
            None => Self::Words(values),
        }
    }

    fn place(&self, value: &str, top: f64, bottom: f64) -> f64 {
        match self {
            Self::Numbers(scale) => scale.place(value.parse().unwrap_or(f64::NAN)),
            Self::Words(words) => {
                let place = words.iter().position(|word| word == value).unwrap_or(0);
                top + (bottom - top) * (place as f64 + 0.5) / words.len() as f64
            }
        }
    }

    /// The labels beside the axis, each with its height.
    fn labels(&self, top: f64, bottom: f64) -> Vec<(f64, String)> {
        match self {
            Self::Numbers(scale) => {
                let ticks = scale.ticks(5).into_iter();
                ticks
                    .map(|(value, label)| (scale.place(value), label))
                    .collect()
            }
            Self::Words(words) => {
                // As many words are shown as there is room for, with one line of text each.
                let every = (words.len() as f64 * 15.0 / (bottom - top)).ceil().max(1.0) as usize;
                let words = words.iter().step_by(every);
                words
                    .map(|word| (self.place(word, top, bottom), short(word)))
                    .collect()
            }
        }
    }
}

/// The figure; `None` if fewer than three keys are swept, or there is no ranking.
pub fn figure(results: &Results, comparison: &Comparison, width: f64) -> Option<Figure> {
    let mut keys = results.differing();
    let one_scale = results.terms.ranked && results.terms.parts.len() == 1;
    let reach = comparison.reach();
    let median = |c: usize| {
        comparison.descriptions[c]
            .median
            .filter(|&m| reach.holds(m))
    };
    let with: Vec<usize> = comparison
        .ranked
        .iter()
        .copied()
        .filter(|&c| median(c).is_some())
        .collect();
    let many = results.configurations.len() > MOST_CONFIGURATIONS;
    if keys.len() < KEYS || with.len() < 2 || many || !one_scale {
        return None;
    }
    keys.truncate(MOST_KEYS);
    let drawn = &with[..with.len().min(LINES)];
    // Those without a place on the metric's axis end beside it.
    let off = comparison
        .ranked
        .iter()
        .copied()
        .filter(|&c| median(c).is_none());
    let off: Vec<usize> = off.take(LINES - drawn.len()).collect();
    let (narrow, height) = (width < 600.0, 360.0);
    let (top, bottom) = (60.0, height - 48.0);
    let beyond = match comparison.higher_is_better {
        true => bottom + 13.0,
        false => top - 13.0,
    };
    let (left, right) = (
        if narrow { 40.0 } else { 70.0 },
        width - if narrow { 34.0 } else { 60.0 },
    );
    let step = (right - left) / keys.len() as f64;
    let mut figure = Figure::new(
        width,
        height,
        text!(
            results.language,
            "figure-parallel-of",
            metric = &comparison.metric,
            keys = keys.len()
        ),
    );
    let axes: Vec<Axis> = keys
        .iter()
        .map(|&key| Axis::of(values(results, key), top, bottom))
        .collect();
    let medians = || drawn.iter().filter_map(|&c| median(c));
    let (low, high) = medians().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
        (l.min(v), h.max(v))
    });
    let decades = !comparison.higher_is_better && low > 0.0 && high >= super::curves::SPAN * low;
    let metric = Scale::new(medians(), bottom, top, decades);
    // The best tenth is highlighted and drawn last, ending with the best.
    let best = drawn.len().div_ceil(10);
    let through = |configuration: usize| -> Vec<(f64, f64)> {
        let of = &results.configurations[configuration];
        let points = keys.iter().zip(&axes).enumerate();
        points
            .map(|(i, (&key, axis))| {
                (
                    left + step * i as f64,
                    axis.place(&of.values[key], top, bottom),
                )
            })
            .collect()
    };
    for &configuration in off.iter().rev() {
        let mut points = through(configuration);
        points.push((right, beyond));
        figure.items.push(Item::Line {
            points,
            ink: Ink::Grid,
            width: 1.0,
            dash: Dash::Dotted,
        });
    }
    if !off.is_empty() {
        figure.items.push(Item::Cross {
            at: (right, beyond),
            radius: 4.5,
            ink: Ink::Muted,
            title: text!(
                results.language,
                "figure-parallel-off",
                count = off.len(),
                all = comparison.ranked.len()
            ),
        });
    }
    for (rank, &configuration) in drawn.iter().enumerate().rev() {
        let mut points = through(configuration);
        points.push((
            right,
            metric.place(median(configuration).unwrap_or(f64::NAN)),
        ));
        let (ink, thickness) = match rank < best {
            true => (Ink::Series(1), 1.8),
            false => (Ink::Grid, 1.0),
        };
        let end = *points.last().expect("there are axes");
        figure.items.push(Item::Line {
            points,
            ink,
            width: thickness,
            dash: Dash::Solid,
        });
        if rank < best {
            figure.items.push(Item::Disc {
                at: end,
                radius: 3.4,
                ink,
                title: format!(
                    "{}: {}",
                    results.label(configuration, &results.differing()),
                    median(configuration).map_or(String::new(), |m| significant(m, 3))
                ),
            });
        }
    }
    let room = (step / 7.0) as usize;
    let mut axis = |x: f64, y: f64, name: &str, labels: Vec<(f64, String)>, last: bool| {
        figure.items.push(rule((x, top), (x, bottom), Ink::Muted));
        let anchor = if last { Anchor::End } else { Anchor::Middle };
        let at = (if last { width } else { x }, y);
        figure.items.push(text(
            at,
            cut(name, room.max(8) + 4),
            anchor,
            SMALL,
            Ink::Text,
        ));
        for (y, label) in labels {
            let label = cut(&label, room.clamp(5, 12));
            // A label has a background in the colour of the paper, since lines run beneath it.
            let wide = 6.4 * columns(&label) as f64 + 4.0;
            let from = if last { x + 4.0 } else { x - wide - 4.0 };
            figure.items.push(Item::Rectangle {
                frame: [from, y - 7.0, wide, 14.0],
                ink: Ink::Paper,
                title: String::new(),
            });
            let (at, anchor) = match last {
                true => ((x + 6.0, y + 4.0), Anchor::Start),
                false => ((x - 6.0, y + 4.0), Anchor::End),
            };
            figure
                .items
                .push(text(at, label, anchor, SMALL, Ink::Muted));
        }
    };
    for (i, (&key, of)) in keys.iter().zip(&axes).enumerate() {
        // On a phone the names have two heights, so that they do not overlap.
        let y = if narrow && i % 2 == 1 { 14.0 } else { 32.0 };
        axis(
            left + step * i as f64,
            y,
            short_key(&results.keys[key]),
            of.labels(top, bottom),
            false,
        );
    }
    let ticks = metric.ticks(5).into_iter();
    let ticks = ticks
        .map(|(value, label)| (metric.place(value), label))
        .collect();
    let y = if narrow && keys.len() % 2 == 1 {
        14.0
    } else {
        32.0
    };
    axis(right, y, &comparison.metric, ticks, true);
    let mut legend = text!(results.language, "figure-best-tenth");
    if !off.is_empty() {
        legend += " · ";
        legend += &text!(results.language, "figure-crosses");
    }
    figure.items.push(text(
        (0.0, height - 6.0),
        legend,
        Anchor::Start,
        SMALL,
        Ink::Muted,
    ));
    figure.description = text!(
        results.language,
        "figure-parallel",
        configurations = drawn.len()
    );
    Some(figure)
}
