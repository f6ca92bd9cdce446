//! What is to be learnt: what the target's values are.

use super::columns::Column;
use problems::Problem;

/// Words of so few different values are categories or classes.
pub const MOST_CATEGORIES: usize = 20;

/// Each class needs so many rows on the average to be learnt and judged.
const ROWS_OF_A_CLASS: usize = 5;

/// What is to be learnt.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// A number.
    Numbers {
        /// What should be said of the numbers, if anything.
        remark: Option<String>,
    },
    /// One of two.
    Binary,
    /// One of so many classes.
    Classes(usize),
}

/// What a column asks for as the target, of its rows that have a value.
///
/// # Errors
/// Nothing can be learnt of it, with the reason.
pub fn goal(target: &Column) -> Result<Goal, Problem> {
    let name = &target.name;
    let known = target.rows() - target.missing();
    let different = target.different();
    let refuse = |why: String| {
        Err(Problem::new(format!("the target `{name}` {why}"))
            .note("name another column: --target COLUMN"))
    };
    if known < 2 {
        return refuse(format!("has a value in {known} rows only"));
    }
    if different < 2 {
        return refuse("has only one value: there is nothing to learn".to_owned());
    }
    if !target.is_number {
        return match different {
            2 => Ok(Goal::Binary),
            3..=MOST_CATEGORIES if known >= ROWS_OF_A_CLASS * different => {
                Ok(Goal::Classes(different))
            }
            3..=MOST_CATEGORIES => refuse(format!(
                "has {different} different words in {known} rows: too few rows of each"
            )),
            _ => refuse(format!(
                "holds words of more than {MOST_CATEGORIES} different values"
            )),
        };
    }
    let counts = target.number_counts();
    if different == 2 {
        let is_binary = counts[0].0 == 0.0 && counts[1].0 == 1.0;
        if is_binary {
            return Ok(Goal::Binary);
        }
        if target.is_whole() {
            return Ok(Goal::Classes(2));
        }
    }
    let remark = |text: String| Ok(Goal::Numbers { remark: Some(text) });
    if !target.is_whole() || different > MOST_CATEGORIES {
        return Ok(Goal::Numbers { remark: None });
    }
    let first = counts[0].0;
    let in_turn = counts
        .iter()
        .enumerate()
        .all(|(index, (number, _))| *number == first + index as f64);
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let least = counts.iter().map(|(_, count)| *count).min().unwrap_or(0);
    let even = most <= 5 * least && least >= ROWS_OF_A_CLASS;
    let says_class = [
        "class", "species", "type", "label", "group", "digit", "cultivar",
    ]
    .iter()
    .any(|word| name.to_lowercase().contains(word));
    let falls = counts.windows(2).all(|pair| pair[0].1 > pair[1].1);
    match (in_turn, first) {
        (true, 0.0) if even && (says_class || !falls) => Ok(Goal::Classes(different)),
        (true, 1.0) if even && says_class => Ok(Goal::Classes(different)),
        (true, 0.0) if falls => remark(format!(
            "`{name}` counts from 0, and most often few: learnt as a number"
        )),
        _ => remark(format!(
            "`{name}` has {different} different whole numbers, learnt as numbers: if they are classes, use loss = \"cross_entropy\" and an output for each"
        )),
    }
}
