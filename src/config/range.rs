//! Ranges of a sweep: `{ log = [1e-3, 1.0], steps = 10 }` and `{ linear = [10, 50], steps = 5 }`.
//!
//! The end points are exactly the numbers of the file. The values between them are computed with
//! the project's own exp and ln and rounded to [`DIGITS`] significant digits, so that a value reads
//! well and is the same on every machine.

use super::keys::Kind;
use super::kinds::check_value;
use super::tree::{Node, Table, Value};
use numbers::functions::{exp, ln};
use problems::{Problem, Problems, nearest};

/// Significant digits of a value between the end points. They are few enough to hide the rounding
/// errors of the computation, so that a tenth of the way from 0 to 1 is 0.1.
const DIGITS: usize = 12;

/// Significant digits of a randomly drawn value.
const DRAWN_DIGITS: usize = 6;

/// The spacing of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// Equal ratios between neighbouring values.
    Log,
    /// Equal differences between neighbouring values.
    Linear,
}

/// A range of numbers, both bounds included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The spacing of the values.
    pub spacing: Spacing,
    /// The first value.
    pub from: f64,
    /// The last value; it may be less than the first.
    pub to: f64,
    /// The number of values; `None` if values are drawn at random.
    pub steps: Option<usize>,
    /// Whether the values are whole numbers.
    pub whole: bool,
}

/// The most values that a range can have.
const MOST_STEPS: i64 = 1_000_000;

/// Whether a table in a sweep is a range of values; otherwise it is a part of a key's path.
pub fn is_range(table: &Table) -> bool {
    ["log", "linear", "steps"]
        .iter()
        .any(|key| table.get(key).is_some())
}

/// Reads a range for a key of this kind. `drawn`: the block draws at random, so that `steps` can be
/// left out.
pub fn read_range(
    node: &Node,
    kinds: &[Kind],
    path: &str,
    drawn: bool,
    problems: &mut Problems,
) -> Option<Range> {
    let mut found = Problems::new();
    let range = read(node, kinds, path, drawn, &mut found);
    let range = range.filter(|_| found.is_empty());
    problems.extend(found);
    range
}

/// Reads a range as [`read_range`] does; the result is only used if no problem is found.
fn read(
    node: &Node,
    kinds: &[Kind],
    path: &str,
    drawn: bool,
    problems: &mut Problems,
) -> Option<Range> {
    let mut refuse = |problem: Problem| problems.push(problem);
    let table = node.as_table()?;
    for entry in &table.entries {
        if !["log", "linear", "steps"].contains(&entry.key.as_str()) {
            let label = match nearest(&entry.key, ["log", "linear", "steps"]) {
                Some(name) => format!("did you mean `{name}`?"),
                None => "no such key".to_owned(),
            };
            refuse(
                Problem::at(
                    entry.key_place.clone(),
                    format!("unknown key `{}` in the range of `{path}`", entry.key),
                    label,
                )
                .note("a range is { log = [from, to], steps = n } or { linear = [from, to], steps = n }"),
            );
        }
    }
    let (spacing, bounds) = match (table.entry("log"), table.entry("linear")) {
        (Some(log), None) => (Spacing::Log, log),
        (None, Some(linear)) => (Spacing::Linear, linear),
        (Some(_), Some(linear)) => {
            refuse(Problem::at(
                linear.key_place.clone(),
                format!("the range of `{path}` is both log and linear"),
                "leave out one of them",
            ));
            return None;
        }
        (None, None) => {
            refuse(Problem::at(
                node.place.clone(),
                format!("the range of `{path}` has no bounds"),
                "add log = [from, to] or linear = [from, to]",
            ));
            return None;
        }
    };
    let steps = match table.get("steps") {
        None if drawn => None,
        None => {
            refuse(Problem::at(
                node.place.clone(),
                format!("the range of `{path}` does not say how many values"),
                "add steps = 5, or however many",
            ));
            None
        }
        Some(node) => match node.value {
            Value::Integer(steps @ 2..=MOST_STEPS) => Some(steps as usize),
            _ => {
                refuse(Problem::at(
                    node.place.clone(),
                    "`steps` must be a whole number, at least 2 and at most 1000000",
                    format!("{} is not", node.value.to_toml()),
                ));
                None
            }
        },
    };
    if !kinds.iter().any(takes_numbers) {
        refuse(Problem::at(
            node.place.clone(),
            format!("`{path}` cannot be swept by a range: its values are no numbers"),
            "write a list of values",
        ));
        return None;
    }
    let whole = !kinds.iter().any(takes_fractions);
    let ends = match bounds.node.as_array() {
        Some([from, to]) => {
            let mut found = Problems::new();
            for end in [from, to] {
                let any = kinds.iter().any(|kind| {
                    let mut these = Problems::new();
                    check_value(end, kind, path, &mut these);
                    let fits = these.is_empty();
                    found.extend(these);
                    fits
                });
                if any {
                    found = Problems::new();
                } else if let Some(problem) = found.iter().next() {
                    refuse(problem.clone());
                    continue;
                }
                if let Some(number) = end.as_f64()
                    && spacing == Spacing::Log
                    && number <= 0.0
                {
                    refuse(Problem::at(
                        end.place.clone(),
                        format!("a log range of `{path}` needs bounds above 0"),
                        "use linear = [from, to], or a bound above 0",
                    ));
                }
            }
            from.as_f64().zip(to.as_f64())
        }
        _ => {
            refuse(Problem::at(
                bounds.node.place.clone(),
                format!("`{}` must be two numbers, [from, to]", bounds.key),
                match bounds.node.as_array() {
                    Some(items) => format!("it has {}", items.len()),
                    None => format!("this is {}", bounds.node.value.kind()),
                },
            ));
            None
        }
    };
    let (from, to) = ends?;
    if from == to {
        refuse(Problem::at(
            bounds.node.place.clone(),
            format!("the range of `{path}` ends where it starts"),
            "all of its values would be the same",
        ));
    }
    let range = Range {
        spacing,
        from,
        to,
        steps,
        whole,
    };
    if whole && let Some(steps) = steps {
        let off = (0..steps)
            .map(|step| range.value(step))
            .find(|value| value.fract() != 0.0);
        if let Some(value) = off {
            let mut rounded: Vec<i64> = (0..steps)
                .map(|step| range.value(step).round() as i64)
                .collect();
            rounded.dedup();
            let problem = Problem::at(
                node.place.clone(),
                format!("`{path}` must be a whole number, and this range hits {value}"),
                "choose steps that hit whole numbers, or write a list",
            );
            refuse(if rounded.len() <= 20 {
                problem.note(format!("rounded, it would be {rounded:?}"))
            } else {
                problem
            });
            return None;
        }
    }
    Some(range)
}

/// Whether a kind accepts numbers.
fn takes_numbers(kind: &Kind) -> bool {
    match kind {
        Kind::Integer(_) | Kind::Number(_) => true,
        Kind::OneOf(kinds) => kinds.iter().any(takes_numbers),
        _ => false,
    }
}

/// Whether a kind accepts numbers with a fraction.
fn takes_fractions(kind: &Kind) -> bool {
    match kind {
        Kind::Number(_) => true,
        Kind::OneOf(kinds) => kinds.iter().any(takes_fractions),
        _ => false,
    }
}

impl Range {
    /// The value of a step, counted from 0.
    pub fn value(&self, step: usize) -> f64 {
        let last = self.steps.map_or(1, |steps| steps - 1);
        match step {
            0 => self.from,
            _ if step == last => self.to,
            _ => rounded(self.between(step as f64 / last as f64), DIGITS),
        }
    }

    /// The value for a random draw `unit` from 0 to below 1.
    pub fn drawn(&self, unit: f64) -> f64 {
        if self.whole && self.spacing == Spacing::Linear {
            // Each whole number is equally likely, both bounds included.
            let (low, high) = (self.from.min(self.to), self.from.max(self.to));
            return low + ((high - low + 1.0) * unit).floor();
        }
        let value = self.between(unit);
        if self.whole {
            value.round()
        } else {
            rounded(value, DRAWN_DIGITS)
        }
    }

    fn between(&self, share: f64) -> f64 {
        match self.spacing {
            Spacing::Linear => self.from + (self.to - self.from) * share,
            Spacing::Log => {
                let (from, to) = (ln(self.from), ln(self.to));
                exp(from + (to - from) * share)
            }
        }
    }

    /// A value of the range as a node of the tree.
    pub fn node(&self, value: f64, place: &Node) -> Node {
        Node {
            value: if self.whole {
                Value::Integer(value as i64)
            } else {
                Value::Float(value)
            },
            place: place.place.clone(),
        }
    }
}

/// The number of `digits` significant digits that is nearest to a value.
fn rounded(value: f64, digits: usize) -> f64 {
    let text = format!("{value:.*e}", digits - 1);
    text.parse().expect("a float's text is a float")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(spacing: Spacing, from: f64, to: f64, steps: usize) -> Vec<f64> {
        let range = Range {
            spacing,
            from,
            to,
            steps: Some(steps),
            whole: false,
        };
        (0..steps).map(|step| range.value(step)).collect()
    }

    #[test]
    fn log_ranges_hit_the_powers_of_ten() {
        assert_eq!(
            values(Spacing::Log, 1e-4, 100.0, 7),
            [1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0]
        );
    }

    #[test]
    fn linear_ranges_read_as_decimals() {
        assert_eq!(
            values(Spacing::Linear, 0.1, 0.5, 5),
            [0.1, 0.2, 0.3, 0.4, 0.5]
        );
        assert_eq!(values(Spacing::Linear, 1.0, -1.0, 3), [1.0, 0.0, -1.0]);
    }

    #[test]
    fn log_ranges_agree_with_numpy() {
        // The values are those of numpy.logspace(-3, 0, 10), to the kept digits.
        let expected = [
            1e-3,
            0.00215443469003,
            0.00464158883361,
            0.01,
            0.0215443469003,
            0.0464158883361,
            0.1,
            0.215443469003,
            0.464158883361,
            1.0,
        ];
        assert_eq!(values(Spacing::Log, 1e-3, 1.0, 10), expected);
    }

    #[test]
    fn whole_draws_stay_within_both_bounds() {
        let range = Range {
            spacing: Spacing::Linear,
            from: 3.0,
            to: 5.0,
            steps: None,
            whole: true,
        };
        assert_eq!(range.drawn(0.0), 3.0);
        assert_eq!(range.drawn(0.5), 4.0);
        assert_eq!(range.drawn(0.999_999), 5.0);
    }
}
