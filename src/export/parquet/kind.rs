//! The kinds of the cells of a column.

use crate::config::{EXPERIMENT, Key, Keys, Kind as KeyKind};

/// Columns of whole numbers.
const COUNTS: [&str; 21] = [
    "run",
    "replicate",
    "fold",
    "seed",
    "epochs",
    "updates",
    "kept_epoch",
    "epoch",
    "samples",
    "best_epoch",
    "configuration",
    "configuration_a",
    "configuration_b",
    "replicates",
    "folds",
    "diverged",
    "exploded",
    "failed",
    "pairs",
    "wins_a",
    "wins_b",
];
/// Columns of texts, even if the texts look like numbers.
const TEXTS: [&str; 13] = [
    "key",
    "variant",
    "status",
    "reason",
    "metric",
    "question",
    "basis",
    "by",
    "test",
    "verdict",
    "a",
    "b",
    "effect_name",
];

/// The kind of the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whole numbers.
    Count,
    /// Numbers.
    Number,
    /// Texts.
    Text,
}

impl Kind {
    /// The kind that a column of this name should have.
    pub(super) fn of(name: &str) -> Self {
        if TEXTS.contains(&name) {
            Kind::Text
        } else if COUNTS.contains(&name) || is_whole_number_key(name) {
            Kind::Count
        } else {
            Kind::Number
        }
    }

    /// The kind of the column after one more cell.
    pub(super) fn with(self, cell: &str) -> Self {
        let mut kind = self;
        if kind == Kind::Count && cell.parse::<i64>().is_err() {
            kind = Kind::Number;
        }
        if kind == Kind::Number && cell.parse::<f64>().is_err() {
            kind = Kind::Text;
        }
        kind
    }

    /// The format's number of the type: INT64, DOUBLE, BYTE_ARRAY.
    pub(super) fn physical(self) -> i64 {
        match self {
            Kind::Count => 2,
            Kind::Number => 5,
            Kind::Text => 6,
        }
    }
}

/// Whether a column is a key of the experiment with whole numbers.
fn is_whole_number_key(name: &str) -> bool {
    let mut tables: Vec<&Keys> = vec![&EXPERIMENT];
    let mut keys: Vec<&Key> = Vec::new();
    for part in name.split('.') {
        keys = tables
            .iter()
            .flat_map(|table| table.find_all(part))
            .collect();
        let inner = keys.iter().filter_map(|key| match key.kind {
            KeyKind::Table(inner) => Some(inner),
            _ => None,
        });
        tables = inner.collect();
    }
    !keys.is_empty() && keys.iter().all(|key| is_whole(&key.kind))
}

/// Whether a key accepts only whole numbers.
fn is_whole(kind: &KeyKind) -> bool {
    match kind {
        KeyKind::Integer(_) => true,
        KeyKind::OneOf(kinds) => {
            kinds.iter().any(is_whole)
                && !kinds.iter().any(|kind| matches!(kind, KeyKind::Number(_)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_what_its_key_can_be() {
        assert_eq!(Kind::of("training.batch_size"), Kind::Count);
        assert_eq!(Kind::of("training.epochs"), Kind::Count);
        assert_eq!(Kind::of("training.learning_rate"), Kind::Number);
        assert_eq!(Kind::of("model.hidden").with("relu"), Kind::Text);
        assert_eq!(Kind::of("training.batch_size").with("full"), Kind::Text);
        assert_eq!(Kind::of("variant"), Kind::Text);
        assert_eq!(Kind::of("nowhere.at_all"), Kind::Number);
    }
}
