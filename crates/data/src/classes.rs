//! Classes: the words or numbers of classes, and their indices.

use std::collections::BTreeSet;

/// The classes of a target, or the categories of a feature, in the order of their indices.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Classes {
    names: Vec<String>,
    /// The names as numbers, if all are numbers.
    numbers: Option<Vec<f64>>,
}

impl Classes {
    /// The classes with these names, which are sorted.
    pub fn of(names: Vec<String>) -> Self {
        let numbers = names.iter().map(|name| number(name)).collect();
        Self { names, numbers }
    }

    /// The classes of these words, each of them once: sorted as numbers if all are numbers (3 and
    /// 3.0 are the same), else by their bytes.
    pub fn sorted<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Self {
        let numbers: Option<Vec<f64>> = words.clone().map(number).collect();
        Self::of(match numbers {
            Some(mut numbers) => {
                numbers.sort_by(f64::total_cmp);
                numbers.dedup();
                numbers
                    .into_iter()
                    .map(|number| number.to_string())
                    .collect()
            }
            None => words
                .collect::<BTreeSet<_>>()
                .into_iter()
                .map(str::to_owned)
                .collect(),
        })
    }

    /// The classes of the target's words. Names are sorted. Whole numbers from 0 are the indices of
    /// the classes, and there are `outputs` classes if that number is known. Numbers without a 0
    /// can be names (1, 2, 3), sorted as numbers, if there are as many as outputs.
    ///
    /// # Errors
    /// If numbers can be neither indices nor names.
    pub fn fit<'a>(
        words: impl Iterator<Item = &'a str> + Clone,
        outputs: Option<usize>,
    ) -> Result<Self, Vec<&'a str>> {
        let sorted = Self::sorted(words.clone());
        let Some(numbers) = &sorted.numbers else {
            return Ok(sorted);
        };
        let limit = outputs.map_or(MAX_INDEX, |outputs| outputs as f64);
        let is_index = |number: f64| number >= 0.0 && number.fract() == 0.0 && number < limit;
        let has_zero = numbers.contains(&0.0);
        let all_indices = numbers.iter().all(|&number| is_index(number));
        match outputs {
            Some(outputs) if all_indices => Ok(Self::indices(outputs)),
            None if all_indices && has_zero => {
                let greatest = numbers.last().map_or(0.0, |&number| number);
                Ok(Self::indices(greatest as usize + 1))
            }
            None if !has_zero => Ok(sorted),
            Some(outputs) if !has_zero && numbers.len() == outputs => Ok(sorted),
            _ => Err(words
                .filter(|word| !number(word).is_some_and(is_index))
                .collect()),
        }
    }

    /// The classes 0 to `count` − 1.
    fn indices(count: usize) -> Self {
        Self::of((0..count).map(|class| class.to_string()).collect())
    }

    /// The index of a word.
    pub fn index(&self, word: &str) -> Option<usize> {
        match &self.numbers {
            Some(numbers) => {
                let value = number(word)?;
                numbers
                    .binary_search_by(|probe| {
                        probe
                            .partial_cmp(&value)
                            .unwrap_or(std::cmp::Ordering::Less)
                    })
                    .ok()
            }
            None => self
                .names
                .binary_search_by(|name| name.as_str().cmp(word))
                .ok(),
        }
    }

    /// The names, in the order of their indices.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// The most classes of numbered targets, if the network does not tell their number.
const MAX_INDEX: f64 = 65_536.0;

/// A word as a finite number; −0 becomes 0.
fn number(word: &str) -> Option<f64> {
    let number: f64 = word.parse().ok()?;
    number.is_finite().then_some(number + 0.0)
}

/// The first ten names in a list.
pub(super) fn list(names: &[String]) -> String {
    const SHOWN: usize = 10;
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text += &format!(", and {} more", names.len() - SHOWN);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(words: &[&str], outputs: Option<usize>) -> Result<Vec<String>, Vec<String>> {
        Classes::fit(words.iter().copied(), outputs)
            .map(|classes| classes.names().to_vec())
            .map_err(|wrong| wrong.into_iter().map(str::to_owned).collect())
    }

    fn names(names: &[&str]) -> Result<Vec<String>, Vec<String>> {
        Ok(names.iter().map(|&name| name.to_owned()).collect())
    }

    #[test]
    fn names_are_sorted_by_bytes_and_numbers_as_numbers() {
        assert_eq!(
            fit(&["b", "a", "B", "10"], None),
            names(&["10", "B", "a", "b"])
        );
        assert_eq!(fit(&["10", "2", "1"], Some(3)), names(&["1", "2", "10"]));
        assert_eq!(fit(&["1", "-1"], Some(2)), names(&["-1", "1"]));
        assert_eq!(fit(&["2", "1.0", "1"], Some(2)), names(&["1", "2"]));
    }

    #[test]
    fn whole_numbers_from_zero_are_indices() {
        assert_eq!(fit(&["2", "0"], None), names(&["0", "1", "2"]));
        assert_eq!(fit(&["2", "0"], Some(4)), names(&["0", "1", "2", "3"]));
        assert_eq!(fit(&["1", "2"], Some(3)), names(&["0", "1", "2"]));
    }

    #[test]
    fn labels_beyond_the_outputs_are_named() {
        assert_eq!(fit(&["0", "3", "1"], Some(3)), Err(vec!["3".to_owned()]));
        assert_eq!(
            fit(&["0", "-1", "1.5"], Some(2)),
            Err(vec!["-1".to_owned(), "1.5".to_owned()])
        );
        assert_eq!(
            fit(&["1", "2", "3"], Some(2)),
            Err(vec!["2".to_owned(), "3".to_owned()])
        );
    }

    #[test]
    fn a_number_has_the_class_of_its_value() {
        let classes = Classes::of(vec!["0".to_owned(), "1".to_owned()]);
        assert_eq!(classes.index("1.0"), Some(1));
        assert_eq!(classes.index("-0"), Some(0));
        assert_eq!(classes.index("2"), None);
        assert_eq!(classes.index("one"), None);
    }
}
