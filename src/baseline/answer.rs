//! What a constant answer says: the name of a class, or a statistic of the targets.

use std::fmt;

use choices::{Choice, choices};
use serde::{Deserialize, Serialize};

choices! {
    /// A statistic of the training part's targets; the words are those of results.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Statistic {
        /// The mean of each target
        Mean = "the mean",
        /// The median of each target
        Median = "the median",
        /// The share of each class
        ClassShares = "the class shares",
        /// The commonest value of each of several targets
        Commonest = "the commonest of each target",
    }
}

/// What a constant answer says.
///
/// Results have it as an English text, and of a class that it is one: a class may be called `the mean`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub enum Answer {
    /// The class of this name.
    Class(String),
    /// A statistic, of a single target with its value.
    Statistic(Statistic, Option<String>),
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Class(name) => f.write_str(name),
            Answer::Statistic(statistic, Some(value)) => {
                write!(f, "{} ({value})", statistic.word())
            }
            Answer::Statistic(statistic, None) => f.write_str(statistic.word()),
        }
    }
}

/// An answer as results have it.
#[derive(Serialize, Deserialize)]
struct Written {
    said: String,
    /// Whether it is a class. Older results do not say it: there a class is what is no statistic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class: Option<bool>,
}

impl From<Answer> for Written {
    fn from(answer: Answer) -> Self {
        Self {
            said: answer.to_string(),
            class: matches!(answer, Answer::Class(_)).then_some(true),
        }
    }
}

impl From<Written> for Answer {
    fn from(written: Written) -> Self {
        let Written { said, class } = written;
        let (name, value) = match said.split_once(" (") {
            Some((name, value)) => (name, value.strip_suffix(')').map(str::to_owned)),
            None => (said.as_str(), None),
        };
        match Statistic::from_word(name) {
            Some(statistic) if class != Some(true) => Answer::Statistic(statistic, value),
            _ => Answer::Class(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Answer {
        serde_json::from_str(text).expect("it is an answer")
    }

    #[test]
    fn a_class_called_as_a_statistic_is_read_as_a_class() {
        for name in ["the mean", "the mean (0.5)", "the others", "setosa"] {
            let class = Answer::Class(name.to_owned());
            let text = serde_json::to_string(&class).expect("it is an answer");
            assert_eq!(read(&text), class, "{text}");
        }
    }

    #[test]
    fn a_statistic_is_read_as_it_was_written() {
        for &statistic in Statistic::ALL {
            for value in [None, Some("0.157".to_owned())] {
                let answer = Answer::Statistic(statistic, value);
                let text = serde_json::to_string(&answer).expect("it is an answer");
                assert_eq!(read(&text), answer, "{text}");
            }
        }
    }

    #[test]
    fn results_that_do_not_say_what_is_a_class_are_read() {
        assert_eq!(
            read(r#"{ "said": "the median (0.3)" }"#),
            Answer::Statistic(Statistic::Median, Some("0.3".to_owned()))
        );
        assert_eq!(
            read(r#"{ "said": "setosa" }"#),
            Answer::Class("setosa".to_owned())
        );
    }
}
