//! The columns of the table of the configurations that stand where there is room for them.

use std::fmt::Write;

use super::cell::{self, needed_words};
use super::interval::IntervalScale;
use crate::language::Language;
use crate::report::View;
use crate::report::number::{short, significant};
use crate::report::ranking::Ranked;
use crate::report::results::short_key;
use crate::text;
use pictures::columns;

/// The pixels that a wide page has for a table.
const ROOM: f64 = 1088.0;
/// The pixels between two columns.
const GAP: f64 = 11.2;

/// A column that stands where there is room for it, the worthiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    Interval,
    Median,
    Curve,
    Runs,
    Sd,
    Iqm,
}

impl Extra {
    /// The columns that the results have something for, the worthiest first.
    pub fn wanted(view: &View) -> Vec<Self> {
        let rows = &view.ranking.rows;
        let mut wanted = Vec::new();
        if rows.iter().any(|row| row.mean.is_some()) {
            wanted.push(Self::Interval);
        }
        if view.replicates() > 1 {
            wanted.push(Self::Median);
        }
        if rows
            .iter()
            .any(|row| row.curve.iter().flatten().count() > 1)
        {
            wanted.push(Self::Curve);
        }
        wanted.push(Self::Runs);
        if view.replicates() > 1 {
            wanted.extend([Self::Sd, Self::Iqm]);
        }
        wanted
    }

    /// The columns for which a page has room beside those that always stand.
    pub fn fitting(view: &View, rows: &[Ranked], differing: &[usize], judged: bool) -> Vec<Self> {
        let ranking = &view.ranking;
        let language = ranking.language;
        let mut room = ROOM - width("#", ["1000".to_owned()].into_iter());
        let rows = || rows.iter();
        for &key in differing {
            let name = short_key(&ranking.columns[key]);
            room -= width(name, rows().map(|row| short(&row.keys[key])));
        }
        room -= width("", rows().map(|row| row.mean_words(language)));
        if let Some(beside) = &ranking.beside {
            room -= width(beside, ["-0.00123".to_owned()].into_iter());
        }
        if judged {
            let words = rows().flat_map(|row| {
                let needed = needed_words(language, row.replicates_needed, row.never_tells);
                [row.words(language), needed]
            });
            room -= width(&text!(language, "ranked-against-the-best"), words);
        }
        for (some, head) in [
            (
                rows().any(|row| row.diverged + row.failed > 0),
                text!(language, "ranked-diverged"),
            ),
            (
                rows().any(|row| row.exploded > 0),
                text!(language, "ranked-exploded"),
            ),
        ] {
            if some {
                room -= width(&head, [String::new()].into_iter());
            }
        }
        let fits = |extra: &Self| {
            let words = rows().map(|row| extra.words(row));
            let drawing = match extra {
                Self::Interval => IntervalScale::WIDTH + GAP,
                Self::Curve => 64.0 + GAP,
                _ => 0.0,
            };
            room -= width(&extra.name(language), words).max(drawing);
            room >= 0.0
        };
        Self::wanted(view).into_iter().take_while(fits).collect()
    }

    pub fn name(self, language: Language) -> String {
        match self {
            Self::Interval => text!(language, "page-interval"),
            Self::Median => text!(language, "ranked-median"),
            Self::Curve => text!(language, "ranked-curve"),
            Self::Runs => text!(language, "ranked-runs"),
            Self::Sd => text!(language, "page-sd"),
            Self::Iqm => text!(language, "page-iqm"),
        }
    }

    pub fn is_number(self) -> bool {
        !matches!(self, Self::Interval | Self::Curve)
    }

    pub fn head(self, text: &mut String, language: Language) {
        let name = self.name(language);
        if self.is_number() {
            cell::extra_head(text, &name, true);
        } else {
            let _ = write!(text, "<th scope=\"col\" class=\"extra\">{name}</th>");
        }
    }

    pub fn value(self, row: &Ranked) -> Option<f64> {
        match self {
            Self::Median => row.median,
            Self::Sd => row.sd,
            Self::Iqm => row.iqm,
            Self::Runs | Self::Interval | Self::Curve => None,
        }
    }

    /// What stands in a row; nothing where it is a drawing.
    pub fn words(self, row: &Ranked) -> String {
        match self {
            Self::Runs => row.replicates.to_string(),
            Self::Interval | Self::Curve => String::new(),
            _ => {
                let value = self.value(row);
                value.map_or("–".to_owned(), |value| significant(value, 3))
            }
        }
    }
}

/// The pixels of a column with this head and these cells, about.
fn width(head: &str, cells: impl Iterator<Item = String>) -> f64 {
    let longest = cells.map(|cell| columns(&cell)).max().unwrap_or(0);
    GAP + (8.0 * longest as f64).max(6.9 * columns(head) as f64)
}
