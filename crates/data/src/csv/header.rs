//! The header of a table: the places of its columns, and the wanted columns.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::cells::{Record, Records, Span, content};
use super::dialect::{Dialect, Header};
use super::{Targets, Wanted, malformed, place, sniff};
use crate::raw::Collected;
use ::problems::{Place, Problem, nearest};

/// The columns of a table: their names and places.
#[derive(Debug)]
pub(super) struct Heading<'a> {
    pub path: &'a Path,
    pub text: &'a str,
    pub names: Vec<String>,
    /// The index of the first column with each name.
    positions: HashMap<String, usize>,
    /// Names of several columns, with the index of the second of them.
    doubled: HashMap<String, usize>,
    dialect: &'a Dialect,
    record: Record,
    cells: Vec<Span>,
}

impl Heading<'_> {
    fn place(&self, column: usize) -> Place {
        let cell = self.cells.get(column);
        place(
            self.path,
            self.text,
            self.record.line,
            &self.record.span,
            cell.map_or(&self.record.span, |cell| &cell.range),
        )
    }

    fn whole(&self) -> Place {
        place(
            self.path,
            self.text,
            self.record.line,
            &self.record.span,
            &self.record.span,
        )
    }

    /// Whether the line of names looks like the rows below it.
    pub fn looks_like_a_row(&self) -> bool {
        self.dialect.header == Header::Expected
            && sniff::looks_like_a_row(
                self.dialect,
                &sniff::sample(self.text, self.dialect.delimiter),
            )
    }

    /// The problem of a first line that looks like a row.
    pub fn row_problem(&self) -> Problem {
        self.at_first_line(
            "the first line looks like a row, not like the columns' names",
            "every cell is as those below it",
        )
    }

    /// A problem at the first line.
    pub fn at_first_line(&self, message: &str, label: &str) -> Problem {
        Problem::at(self.whole(), message, label)
    }

    /// The index of a column, or a problem with the nearest name or about several columns of the
    /// name.
    fn find(&self, name: &str, found: &mut Collected) -> Option<usize> {
        let name = name.trim();
        if let Some(&second) = self.doubled.get(name) {
            found.push(|| self.two_columns(name, second));
            return None;
        }
        let position = self.positions.get(name).copied();
        if position.is_none() {
            found.push(|| {
                let message = format!("there is no column `{name}`");
                let names = || self.names.iter().map(String::as_str);
                match nearest(name, names()) {
                    Some(right) => {
                        let column = names().position(|column| column == right);
                        let column = column.expect("the nearest name is one of the names");
                        Problem::at(
                            self.place(column),
                            message,
                            format!("did you mean `{right}`?"),
                        )
                    }
                    None => Problem::at(self.whole(), message, "these are the columns"),
                }
            });
        }
        position
    }

    fn two_columns(&self, name: &str, second: usize) -> Problem {
        Problem::at(
            self.place(second),
            format!("two columns are named `{name}`"),
            "the second of them",
        )
    }

    /// Finds the wanted columns.
    pub fn columns(&self, wanted: &Wanted, found: &mut Collected) -> Columns {
        let exclude: HashSet<usize> = self.excluded(wanted.exclude, found);
        let named = wanted.features.map(|names| self.find_all(names, found));
        let targets = match wanted.targets {
            Targets::Named(names) => self.find_all(names, found),
            Targets::IfThere(names)
                if names.iter().all(|name| {
                    self.positions.contains_key(name) && !self.doubled.contains_key(name)
                }) =>
            {
                self.find_all(names, found)
            }
            Targets::IfThere(_) => Vec::new(),
            Targets::Last => {
                let columns = (0..self.names.len()).rev();
                columns
                    .filter(|column| !exclude.contains(column))
                    .take(1)
                    .collect()
            }
        };
        self.check_lists(
            &exclude,
            named.as_deref().unwrap_or(&[]),
            &targets,
            wanted,
            found,
        );
        let features = named.unwrap_or_else(|| {
            (0..self.names.len())
                .filter(|column| !targets.contains(column) && !exclude.contains(column))
                .collect()
        });
        if features.is_empty() && found.is_empty() {
            found.push(|| {
                Problem::at(
                    self.whole(),
                    "no column is left for the features",
                    "these are the columns",
                )
                .note("the last column is the target unless `target` names another")
            });
        }
        for &column in features.iter().chain(&targets) {
            let name = &self.names[column];
            if name.is_empty() {
                found.push(|| {
                    let message = format!("column {} has no name", column + 1);
                    Problem::at(self.place(column), message, "a name is missing here")
                        .note("name it, or name the `features` that are wanted")
                        .note("pandas writes the row numbers so, unless told index=False")
                });
            } else if self.doubled.get(name) == Some(&column) {
                found.push(|| self.two_columns(name, column));
            }
        }
        // A missing feature was reported above.
        let is_named = |name: &str| {
            let mut features = wanted.features.into_iter().flatten();
            features.any(|feature| feature.trim() == name.trim())
        };
        let categorical = wanted
            .categorical
            .iter()
            .filter_map(|name| match is_named(name) {
                true => self.positions.get(name.trim()).copied(),
                false => self.find(name, found),
            });
        let categorical: HashSet<usize> = categorical.collect();
        let known: HashSet<usize> = features.iter().copied().collect();
        for name in wanted.categorical {
            if let Some(&column) = self.positions.get(name.trim())
                && !known.contains(&column)
            {
                self.refuse(column, "is named as categorical, but is no feature", found);
            }
        }
        Columns {
            categorical: features
                .iter()
                .map(|column| categorical.contains(column))
                .collect(),
            features,
            targets,
        }
    }

    /// The indices of those names that exist.
    fn find_all(&self, names: &[String], found: &mut Collected) -> Vec<usize> {
        names
            .iter()
            .filter_map(|name| self.find(name, found))
            .collect()
    }

    /// The columns with these names. A column that is left out may have a repeated name or none.
    fn excluded(&self, names: &[String], found: &mut Collected) -> HashSet<usize> {
        let mut columns = HashSet::new();
        for name in names {
            let name = name.trim();
            if self.doubled.contains_key(name) || name.is_empty() {
                let all = self.names.iter().enumerate();
                columns.extend(all.filter(|(_, other)| *other == name).map(|(at, _)| at));
            } else if let Some(column) = self.find(name, found) {
                columns.insert(column);
            }
        }
        columns
    }

    /// Refuses columns that are named twice, or for two purposes.
    fn check_lists(
        &self,
        exclude: &HashSet<usize>,
        named: &[usize],
        targets: &[usize],
        wanted: &Wanted,
        found: &mut Collected,
    ) {
        for (list, what) in [(named, "features"), (targets, "targets")] {
            let mut seen = HashSet::new();
            for column in list {
                if !seen.insert(column) {
                    self.refuse(*column, &format!("is named twice among the {what}"), found);
                }
                if exclude.contains(column) {
                    self.refuse(
                        *column,
                        &format!("is both excluded and among the {what}"),
                        found,
                    );
                }
            }
        }
        for &column in named.iter().filter(|column| targets.contains(column)) {
            found.push(|| {
                let name = &self.names[column];
                let message = format!("column `{name}` is both a feature and the target");
                let problem = Problem::at(self.place(column), message, "this column");
                match wanted.targets {
                    Targets::Last => {
                        problem.note("the last column is the target unless `target` names another")
                    }
                    _ => problem,
                }
            });
        }
    }

    /// Refuses a purpose of a column.
    fn refuse(&self, column: usize, why: &str, found: &mut Collected) {
        found.push(|| {
            let message = format!("column `{}` {why}", self.names[column]);
            Problem::at(self.place(column), message, "this column")
        });
    }
}

/// The indices of the features and the targets among the header's columns.
pub(super) struct Columns {
    pub features: Vec<usize>,
    pub categorical: Vec<bool>,
    pub targets: Vec<usize>,
}

/// The names of the columns: the cells of the first record, or the declared names.
pub(super) fn read<'a>(
    path: &'a Path,
    text: &'a str,
    records: &mut Records<'a>,
    dialect: &'a Dialect,
    found: &mut Collected,
) -> Result<Heading<'a>, Problem> {
    let from_first = records.clone();
    let mut cells = Vec::new();
    let Some(record) = records.next(&mut cells) else {
        let problem = Problem::new(format!("{} is empty", path.display()));
        return Err(match dialect.header {
            Header::None => problem,
            _ => problem.note("its first line must name the columns"),
        });
    };
    if let Some(fault) = &record.malformed {
        return Err(malformed::malformed(path, text, &record, fault));
    }
    let names: Vec<String> = match dialect.header {
        Header::Expected | Header::Declared => cells
            .iter()
            .map(|cell| content(text, cell).trim().to_owned())
            .collect(),
        Header::None if dialect.names.is_empty() => (1..=cells.len())
            .map(|column| format!("column{column}"))
            .collect(),
        Header::None => dialect
            .names
            .iter()
            .map(|name| name.trim().to_owned())
            .collect(),
    };
    if dialect.header == Header::None {
        *records = from_first;
        if names.len() != cells.len() {
            found.push(|| {
                let message = format!(
                    "`names` has {} names, but a row has {} cells",
                    names.len(),
                    cells.len()
                );
                let whole = place(path, text, record.line, &record.span, &record.span);
                Problem::at(whole, message, "the first row")
            });
        }
    }
    let (mut positions, mut doubled) = (HashMap::new(), HashMap::new());
    for (column, name) in names.iter().enumerate() {
        if name.is_empty() {
            continue;
        }
        if positions.contains_key(name) {
            doubled.entry(name.clone()).or_insert(column);
        } else {
            positions.insert(name.clone(), column);
        }
    }
    Ok(Heading {
        path,
        text,
        names,
        positions,
        doubled,
        dialect,
        record,
        cells,
    })
}
