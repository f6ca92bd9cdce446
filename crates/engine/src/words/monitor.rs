//! The columns by which runs are judged: the losses and metrics of training and validation data.

use choices::Word;
use serde::{Deserialize, Serialize};

use crate::words::metric::Metric;

/// A column of the history by which epochs and runs can be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Monitor {
    /// The training loss; less is better.
    TrainLoss,
    /// The validation loss; less is better.
    ValidLoss,
    /// A metric of the training samples.
    Train(Metric),
    /// A metric of the validation samples.
    Valid(Metric),
}

/// The columns of the losses.
const LOSSES: [(Monitor, Word); 2] = [
    (
        Monitor::TrainLoss,
        Word {
            word: "train_loss",
            doc: "The mean loss over the epoch's samples, each before its update",
        },
    ),
    (
        Monitor::ValidLoss,
        Word {
            word: "valid_loss",
            doc: "The loss of the validation data after the epoch",
        },
    ),
];

/// The number of columns.
const COUNT: usize = LOSSES.len() + 2 * Metric::COLUMNS.len();

/// Each column with its name and meaning: the losses, then each metric.
const COLUMNS: [(Monitor, Word); COUNT] = {
    let mut columns = [LOSSES[0]; COUNT];
    let mut place = 0;
    while place < COUNT {
        columns[place] = if place < LOSSES.len() {
            LOSSES[place]
        } else {
            let number = place - LOSSES.len();
            let (metric, [train, valid]) = Metric::COLUMNS[number / 2];
            match number % 2 {
                0 => (Monitor::Train(metric), train),
                _ => (Monitor::Valid(metric), valid),
            }
        };
        place += 1;
    }
    columns
};

const NAMES: [Word; COUNT] = {
    let mut names = [COLUMNS[0].1; COUNT];
    let mut place = 0;
    while place < COUNT {
        names[place] = COLUMNS[place].1;
        place += 1;
    }
    names
};

impl Monitor {
    /// The names of all columns, with their meanings.
    pub const WORDS: &'static [Word] = &NAMES;

    /// The name of the column, as in `history.csv`.
    pub fn column(self) -> &'static str {
        let mut columns = COLUMNS.iter();
        let found = columns.find(|(monitor, _)| *monitor == self);
        found.expect("every column is in the list").1.word
    }

    /// The column with this name.
    pub fn from_column(name: &str) -> Option<Self> {
        let mut columns = COLUMNS.iter();
        let found = columns.find(|(_, known)| known.word == name);
        found.map(|(monitor, _)| *monitor)
    }

    /// Whether the column needs validation data.
    pub fn is_of_validation(self) -> bool {
        matches!(self, Monitor::ValidLoss | Monitor::Valid(_))
    }

    /// The metric of the column; `None` for a loss.
    pub fn metric(self) -> Option<Metric> {
        match self {
            Monitor::TrainLoss | Monitor::ValidLoss => None,
            Monitor::Train(metric) | Monitor::Valid(metric) => Some(metric),
        }
    }

    /// Whether a greater value is better.
    pub fn rises(self) -> bool {
        self.metric().is_some_and(Metric::rises)
    }

    /// Whether the first of two values of the column is better.
    pub fn is_better(self, a: f64, b: f64) -> bool {
        if self.rises() { a > b } else { a < b }
    }
}

/// The name of the column.
impl core::fmt::Display for Monitor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.column())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use choices::Choice;

    #[test]
    fn each_loss_and_metric_has_a_column_for_each_part() {
        let mut columns = vec![Monitor::TrainLoss, Monitor::ValidLoss];
        for &metric in Metric::ALL {
            columns.extend([Monitor::Train(metric), Monitor::Valid(metric)]);
        }
        assert_eq!(columns.len(), Monitor::WORDS.len());
        for column in columns {
            let name = column.column();
            assert_eq!(Monitor::from_column(name), Some(column));
            let (part, word) = name.split_once('_').expect("a part and a word");
            assert_eq!(part == "valid", column.is_of_validation());
            assert_eq!(word, column.metric().map_or("loss", Metric::word));
        }
        assert_eq!(Monitor::from_column("accuracy"), None);
    }

    #[test]
    fn losses_and_errors_fall_while_shares_rise() {
        let better_by_more = |name| {
            let column = Monitor::from_column(name).expect("a column");
            column.is_better(2.0, 1.0)
        };
        assert!(!better_by_more("valid_loss") && !better_by_more("train_mae"));
        assert!(better_by_more("valid_accuracy") && better_by_more("train_r2"));
    }
}
