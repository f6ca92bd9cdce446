//! The importance of several swept keys for the rank of a configuration: ε² (Kelley 1935), as a
//! description.
//!
//! ε² is the share of the ranks' variance that lies between the values of a key, minus the share
//! that the same number of values has by chance: (SS_between − (k − 1) MS_within) / SS_total, for k
//! values. It describes these configurations alone, and only if the keys are independent of each
//! other: in a full grid, or for points drawn at random.

use rayon::prelude::*;

use super::comparison::Comparison;
use super::heat::values;
use super::results::{Results, short_key};
use crate::text;
use numbers::random::{Stream, substream};
use pictures::axis::SMALL;
use pictures::{Anchor, Dash, Figure, Ink, Item, cut, text};
use statistics::proportion::middle;

/// The least swept keys for which the importance is shown.
const KEYS: usize = 3;
/// The least configurations for which the importance is shown.
const CONFIGURATIONS: usize = 12;
/// The most configurations; more of them need a program of their own.
pub const MOST_CONFIGURATIONS: usize = 2_000;
/// A key with more different numbers than this is continuous: its values are put into this many
/// bins of equal count.
const CONTINUOUS: usize = 10;
const BINS: usize = 5;
/// The resamples of the interval, and the most configurations that all of them draw together.
const RESAMPLES: usize = 1_000;
const DRAWS: usize = 1_000_000;
/// The first part of the bootstrap stream for these intervals.
const STREAM: u64 = 1 << 40;

/// The importance of one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Importance {
    /// The index of the key among the keys of the results.
    pub key: usize,
    /// ε² of the ranks.
    pub share: f64,
    /// The 95 % interval of ε² over configurations drawn with replacement.
    pub interval: (f64, f64),
}

/// The importance of each key, the greatest first; `None` if fewer than three keys are swept, or
/// they depend on each other.
pub fn of(results: &Results, comparison: &Comparison) -> Option<Vec<Importance>> {
    let keys = results.differing();
    let count = results.configurations.len();
    let one_scale = results.terms.ranked && results.terms.parts.len() == 1;
    if keys.len() < KEYS || !(CONFIGURATIONS..=MOST_CONFIGURATIONS).contains(&count) || !one_scale {
        return None;
    }
    let each: Vec<Vec<String>> = keys.iter().map(|&key| values(results, key)).collect();
    let continuous = |values: &[String]| {
        values.len() > CONTINUOUS && values.iter().all(|value| value.parse::<f64>().is_ok())
    };
    let full = each.iter().map(Vec::len).product::<usize>() == count;
    if !full
        && !each
            .iter()
            .any(|values| continuous(values) && 2 * values.len() > count)
    {
        return None;
    }
    let ranks = ranks(comparison);
    let importance = keys.par_iter().zip(&each).map(|(&key, values)| {
        let place = |configuration: usize| {
            let value = &results.configurations[configuration].values[key];
            let place = values.iter().position(|other| other == value).unwrap_or(0);
            match continuous(values) {
                true => place * BINS / values.len(),
                false => place,
            }
        };
        let places: Vec<usize> = (0..count).map(place).collect();
        let all: Vec<(usize, f64)> = places.into_iter().zip(ranks.iter().copied()).collect();
        let mut random = substream(
            results.experiment.seed as u64,
            Stream::Bootstrap,
            STREAM + key as u64,
        );
        let resamples = (DRAWS / count).clamp(100, RESAMPLES);
        let drawn: Vec<f64> = (0..resamples)
            .map(|_| {
                let draw = (0..count).map(|_| all[random.below(count as u32) as usize]);
                epsilon_squared(&draw.collect::<Vec<_>>())
            })
            .collect();
        Importance {
            key,
            share: epsilon_squared(&all),
            interval: middle(&drawn),
        }
    });
    let mut importance: Vec<Importance> = importance.collect();
    importance.sort_by(|a, b| b.share.total_cmp(&a.share));
    Some(importance)
}

/// The rank of each configuration, from 1; equal configurations share the mean of their ranks.
fn ranks(comparison: &Comparison) -> Vec<f64> {
    let ranked = &comparison.ranked;
    let without = |c: usize| comparison.descriptions[c].mean.is_none();
    let equal = |a: usize, b: usize| comparison.equal(a, b) || (without(a) && without(b));
    let mut ranks = vec![0.0; comparison.descriptions.len()];
    let mut first = 0;
    while first < ranked.len() {
        let tied = ranked[first..]
            .iter()
            .take_while(|&&other| equal(ranked[first], other));
        let end = first + tied.count().max(1);
        for &configuration in &ranked[first..end] {
            ranks[configuration] = (first + 1 + end) as f64 / 2.0;
        }
        first = end;
    }
    ranks
}

/// ε² of pairs of a group and a value, at least 0; 0 if all are in one group, or each in a group of
/// its own.
fn epsilon_squared(pairs: &[(usize, f64)]) -> f64 {
    let groups = pairs.iter().map(|pair| pair.0 + 1).max().unwrap_or(0);
    let mut sums = vec![(0.0, 0.0); groups];
    for &(group, value) in pairs {
        sums[group].0 += 1.0;
        sums[group].1 += value;
    }
    let n = pairs.len() as f64;
    let mean = pairs.iter().map(|pair| pair.1).sum::<f64>() / n;
    let total: f64 = pairs
        .iter()
        .map(|pair| (pair.1 - mean) * (pair.1 - mean))
        .sum();
    let there = || sums.iter().filter(|sum| sum.0 > 0.0);
    let between: f64 = there()
        .map(|&(count, sum)| count * (sum / count - mean) * (sum / count - mean))
        .sum();
    let k = there().count() as f64;
    if total <= 0.0 || k < 2.0 || n <= k {
        return 0.0;
    }
    let within = (total - between) / (n - k);
    ((between - (k - 1.0) * within) / total).max(0.0)
}

/// The figure: a bar for each key, with its interval.
pub fn figure(results: &Results, importance: &[Importance], width: f64) -> Figure {
    const ROW: f64 = 30.0;
    let language = results.language;
    let narrow = width < 600.0;
    let left = if narrow { 112.0 } else { 170.0 };
    let right = width - 60.0;
    let height = ROW * importance.len() as f64 + 12.0;
    let mut figure = Figure::new(width, height, text!(language, "figure-importance"));
    let x = |share: f64| left + (right - left) * share;
    for (row, of) in importance.iter().enumerate() {
        let y = 6.0 + ROW * row as f64;
        let name = short_key(&results.keys[of.key]);
        let (low, high) = of.interval;
        figure.items.push(text(
            (left - 8.0, y + ROW / 2.0 + 4.0),
            cut(name, if narrow { 16 } else { 24 }),
            Anchor::End,
            SMALL,
            Ink::Text,
        ));
        figure.items.push(Item::Rectangle {
            frame: [left, y + 6.0, (right - left).max(1.0), ROW - 12.0],
            ink: Ink::Grid,
            title: String::new(),
        });
        figure.items.push(Item::Rectangle {
            frame: [left, y + 6.0, (x(of.share) - left).max(1.0), ROW - 12.0],
            ink: Ink::Series(0),
            title: text!(
                language,
                "figure-importance-of",
                key = name,
                share = format!("{:.2}", of.share),
                low = format!("{low:.2}"),
                high = format!("{high:.2}")
            ),
        });
        figure.items.push(Item::Line {
            points: vec![(x(low), y + ROW / 2.0), (x(high), y + ROW / 2.0)],
            ink: Ink::Text,
            width: 1.6,
            dash: Dash::Solid,
        });
        figure.items.push(text(
            (width, y + ROW / 2.0 + 4.0),
            format!("{:.2}", of.share),
            Anchor::End,
            SMALL,
            Ink::Text,
        ));
    }
    let words: Vec<String> = importance
        .iter()
        .map(|of| format!("{} {:.2}", short_key(&results.keys[of.key]), of.share))
        .collect();
    figure.description = format!("{}.", words.join(", "));
    figure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epsilon_squared_is_that_of_the_analysis_of_variance() {
        // python: from scipy.stats import f_oneway; groups [1,2,3], [4,5,6], [7,8,9]:
        // SS_between = 54, SS_within = 6, MS_within = 1; (54 − 2 · 1) / 60.
        let pairs: Vec<(usize, f64)> = (0..9).map(|i| (i / 3, (i + 1) as f64)).collect();
        assert!((epsilon_squared(&pairs) - 52.0 / 60.0).abs() < 1e-15);
        // A key without influence has 0.
        let pairs: Vec<(usize, f64)> = (0..9).map(|i| (i % 3, (i / 3) as f64)).collect();
        assert_eq!(epsilon_squared(&pairs), 0.0);
        assert_eq!(epsilon_squared(&[(0, 1.0), (0, 2.0)]), 0.0);
        assert_eq!(epsilon_squared(&[(0, 1.0), (1, 2.0)]), 0.0);
    }
}
