//! The split of samples: a share for validation or for the test, or one of k folds.

use super::raw::{Raw, Targets};
use numbers::random::{Random, Stream, stream};
use problems::{Problem, Problems};

/// The purpose of a share of the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// The validation.
    Validation,
    /// The test.
    Test,
}

impl Kept {
    /// The key of the share.
    fn key(self) -> &'static str {
        match self {
            Kept::Validation => "validation",
            Kept::Test => "test",
        }
    }

    fn stream(self) -> Stream {
        match self {
            Kept::Validation => Stream::Split,
            Kept::Test => Stream::Test,
        }
    }
}

/// Splits rows into the rest and the kept share; both keep the order of the source.
///
/// Of n samples, share · n are kept, rounded to the nearest whole number (a half is rounded away
/// from 0): the first ones of a shuffled order. `stratify` does the same within each class: each
/// class gives its share rounded down, and the missing samples come one each from the classes that
/// lost most by rounding.
///
/// # Errors
/// If one side would be empty; or the targets have no classes for `stratify`.
pub(super) fn split(
    raw: Raw,
    share: f64,
    stratify: bool,
    what: Kept,
    seed: u64,
) -> Result<(Raw, Raw), Problems> {
    let count = raw.rows.len();
    let kept = (share * count as f64).round() as usize;
    let key = what.key();
    let message = |side: &str| {
        Problem::new(format!(
            "`{key}` = {share} of {count} sample{} leaves none for {side}",
            if count == 1 { "" } else { "s" }
        ))
    };
    if kept == 0 {
        return Err(message(key).into());
    }
    if kept >= count {
        return Err(message("training").into());
    }
    let mut random = stream(seed, what.stream());
    let mut chosen = vec![false; count];
    if stratify {
        let classes = classes(&raw)?;
        let sizes: Vec<usize> = classes.iter().map(Vec::len).collect();
        for (class, kept) in classes.into_iter().zip(quotas(&sizes, share, kept)) {
            choose(class, kept, &mut random, &mut chosen);
        }
        if !chosen.contains(&true) {
            return Err(Problem::new(format!(
                "`{key}` = {share} with `stratify` leaves none for {key}: every class has one sample, \
                 which training needs"
            ))
            .into());
        }
    } else {
        choose((0..count).collect(), kept, &mut random, &mut chosen);
    }
    if !chosen.contains(&true) {
        let note = "a class of one sample keeps it for training: `stratify` needs two of a class";
        return Err(message("validation").note(note).into());
    }
    Ok(raw.partition(&chosen))
}

/// Splits rows into those of the other folds and those of fold `fold` (from 0) of `folds`; both
/// keep the order of the source.
///
/// The rows are shuffled once with `seed` and dealt to the folds in turn, so that the sizes of the
/// folds differ by at most one. `stratify` shuffles the rows of each class separately and deals
/// them class by class, so that the rows of a class in two folds differ by at most one too.
///
/// # Errors
/// If there are fewer samples than folds; or the targets have no classes for `stratify`.
pub(super) fn fold(
    raw: Raw,
    folds: u32,
    fold: u32,
    stratify: bool,
    seed: u64,
) -> Result<(Raw, Raw), Problems> {
    let count = raw.rows.len();
    if count < folds as usize {
        return Err(Problem::new(format!(
            "`folds` = {folds} needs as many samples, and there are {count}"
        ))
        .into());
    }
    let mut random = stream(seed, Stream::Split);
    let mut groups = if stratify {
        classes(&raw)?
    } else {
        vec![(0..count).collect()]
    };
    for group in &mut groups {
        random.shuffle(group);
    }
    let mut chosen = vec![false; count];
    let mine = groups.into_iter().flatten();
    for row in mine.skip(fold as usize).step_by(folds as usize) {
        chosen[row] = true;
    }
    Ok(raw.partition(&chosen))
}

/// Marks the first `kept` of the rows after a shuffle.
fn choose(mut rows: Vec<usize>, kept: usize, random: &mut Random, chosen: &mut [bool]) {
    random.shuffle(&mut rows);
    for &row in &rows[..kept] {
        chosen[row] = true;
    }
}

/// The rows of each class; the classes are in the order of their first occurrence.
fn classes(raw: &Raw) -> Result<Vec<Vec<usize>>, Problem> {
    let label = |row: usize| -> u64 {
        match &raw.y {
            Targets::Words { index, .. } => index[row] as u64,
            Targets::Numbers(y) => y.get(row, 0).to_bits(),
            Targets::None => 0,
        }
    };
    let single = raw.targets.len() == 1 || matches!(raw.y, Targets::Words { .. });
    let mut seen = std::collections::HashMap::new();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for row in 0..raw.rows.len() {
        let class = *seen.entry(label(row)).or_insert_with(|| {
            classes.push(Vec::new());
            classes.len() - 1
        });
        classes[class].push(row);
    }
    let are_classes = match &raw.y {
        Targets::Words { .. } => true,
        // Whole numbers count as classes if there are at least ten samples of each on average.
        Targets::Numbers(y) => {
            classes.len() * 10 <= y.nrows().max(20) && y.iter().all(|y| y.fract() == 0.0)
        }
        Targets::None => false,
    };
    if single && are_classes {
        Ok(classes)
    } else {
        Err(Problem::new(
            "`stratify` needs classes, but the targets are numbers",
        ))
    }
}

/// The number of kept samples for each class: `kept` in all, but at least one is left of a class
/// with two or more.
fn quotas(sizes: &[usize], share: f64, kept: usize) -> Vec<usize> {
    let exact = |class: usize| share * sizes[class] as f64;
    let mut quotas: Vec<usize> = (0..sizes.len())
        .map(|class| (exact(class).floor() as usize).min(sizes[class] - 1))
        .collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let lost = |class: usize| exact(class) - exact(class).floor();
    order.sort_by(|&a, &b| lost(b).total_cmp(&lost(a))); // A stable sort keeps ties in order.
    let mut lacking = kept.saturating_sub(quotas.iter().sum());
    while lacking > 0 {
        let before = lacking;
        for &class in &order {
            if lacking > 0 && quotas[class] + 1 < sizes[class] {
                quotas[class] += 1;
                lacking -= 1;
            }
        }
        if lacking == before {
            break; // Every class has one sample left to learn from.
        }
    }
    quotas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_add_up_and_leave_each_class_something_to_learn_from() {
        assert_eq!(quotas(&[50, 50, 50], 0.2, 30), [10, 10, 10]);
        assert_eq!(quotas(&[5, 5, 5], 0.5, 8), [3, 3, 2]);
        assert_eq!(quotas(&[1, 9], 0.5, 5), [0, 5]);
        assert_eq!(quotas(&[1, 1, 2], 0.5, 2), [0, 0, 1]);
    }
}
