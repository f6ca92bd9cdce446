//! The choice of the pairs that are compared.

use std::collections::HashMap;

use super::Level;
use crate::report::results::Results;

/// Up to this many values of `by` every pair is compared; of more values, each is compared with the
/// best alone.
const ALL_PAIRS: usize = 10;

/// The pairs of the best configuration of each part with the others of that part.
pub(super) fn against_best_pairs(ranked: &[usize], part: &[usize]) -> Vec<(usize, usize)> {
    let mut best: Option<usize> = None;
    let mut pairs = Vec::new();
    for &configuration in ranked {
        match best.filter(|&best| part[best] == part[configuration]) {
            Some(best) => pairs.push((best, configuration)),
            None => best = Some(configuration),
        }
    }
    pairs
}

/// The values of `by`, ordered by their best configuration. For each of the samples that
/// configurations are judged on, a value is listed separately.
pub(super) fn levels(results: &Results, by: usize, ranked: &[usize]) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    let mut known: HashMap<(usize, &str), usize> = HashMap::new();
    for &configuration in ranked {
        let value = results.configurations[configuration].values[by].as_str();
        let part = results.terms.part[configuration];
        let level = *known.entry((part, value)).or_insert_with(|| {
            levels.push(Level {
                value: value.to_owned(),
                part,
                configurations: Vec::new(),
                best: configuration,
            });
            levels.len() - 1
        });
        levels[level].configurations.push(configuration);
    }
    for level in &mut levels {
        level.configurations.sort_unstable();
    }
    levels
}

/// The pairs of the best of each level with the best of every other level, the better one first; if
/// there are many levels, only with the best of all.
pub(super) fn own_best_pairs(levels: &[Level]) -> Vec<(usize, usize)> {
    let of_parts = levels.chunk_by(|a, b| a.part == b.part);
    let pairs = of_parts.flat_map(|levels| {
        let firsts = if levels.len() <= ALL_PAIRS {
            levels.len()
        } else {
            1
        };
        let pairs = (0..firsts).flat_map(move |i| (i + 1..levels.len()).map(move |j| (i, j)));
        pairs.map(|(i, j)| (levels[i].best, levels[j].best))
    });
    pairs.collect()
}

/// The pairs of levels that have all other keys equal; the side with the higher rank comes first.
pub(super) fn same_key_pairs(
    results: &Results,
    by: usize,
    levels: &[Level],
    ranked: &[usize],
) -> Vec<(usize, usize)> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<(usize, Vec<&str>), usize> = HashMap::new();
    for (index, configuration) in results.configurations.iter().enumerate() {
        let others = configuration
            .values
            .iter()
            .enumerate()
            .filter(|(key, _)| *key != by);
        let others: Vec<&str> = others.map(|(_, value)| value.as_str()).collect();
        let part = results.terms.part[index];
        let group = *known.entry((part, others)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(index);
    }
    let place: HashMap<(usize, &str), usize> = levels
        .iter()
        .enumerate()
        .map(|(place, level)| ((level.part, level.value.as_str()), place))
        .collect();
    let mut rank = vec![0; ranked.len()];
    for (place, &configuration) in ranked.iter().enumerate() {
        rank[configuration] = place;
    }
    let mut pairs = Vec::new();
    for group in &mut groups {
        group.sort_by_key(|&c| {
            let value = results.configurations[c].values[by].as_str();
            place[&(results.terms.part[c], value)]
        });
        let firsts = if group.len() <= ALL_PAIRS {
            group.len()
        } else {
            1
        };
        for i in 0..firsts {
            pairs.extend(group[i + 1..].iter().map(|&other| {
                if rank[group[i]] <= rank[other] {
                    (group[i], other)
                } else {
                    (other, group[i])
                }
            }));
        }
    }
    pairs
}
