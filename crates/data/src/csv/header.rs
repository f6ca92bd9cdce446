//! The header: which column is where, and which are wanted.

use std::path::Path;

use super::cells::{Record, Records, Span, content};
use super::{Targets, Wanted, place, problems};
use crate::raw::Collected;
use ::problems::{Place, Problem, nearest};

/// The header: names, and where they stand.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub path: &'a Path,
    pub text: &'a str,
    pub names: Vec<String>,
    record: Record,
    cells: Vec<Span>,
}

impl Header<'_> {
    fn place(&self, column: usize) -> Place {
        place(
            self.path,
            self.text,
            self.record.line,
            &self.record.span,
            &self.cells[column].range,
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

    /// The position of a column, or a problem that names the nearest.
    fn find(&self, name: &str, found: &mut Collected) -> Option<usize> {
        let position = self.names.iter().position(|column| column == name);
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

    /// Finds the wanted columns.
    pub fn columns(&self, wanted: &Wanted, found: &mut Collected) -> Columns {
        let exclude = self.find_all(wanted.exclude, found);
        let named = wanted.features.map(|names| self.find_all(names, found));
        let targets = match wanted.targets {
            Targets::Named(names) => self.find_all(names, found),
            Targets::IfThere(names) if names.iter().all(|name| self.names.contains(name)) => {
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
                .note(separator_note(&self.names))
            });
        }
        for &column in features.iter().chain(&targets) {
            if self.names[column].is_empty() {
                found.push(|| {
                    let message = format!("column {} has no name", column + 1);
                    Problem::at(self.place(column), message, "a name is missing here")
                        .note("name it, or name the `features` that are wanted")
                        .note("pandas writes the row numbers so, unless told index=False")
                });
            }
        }
        for column in self.find_all(wanted.categorical, found) {
            if !features.contains(&column) {
                self.refuse(column, "is named as categorical, but is no feature", found);
            }
        }
        let is_categorical = |&column: &usize| wanted.categorical.contains(&self.names[column]);
        Columns {
            categorical: features.iter().map(is_categorical).collect(),
            features,
            targets,
        }
    }

    /// The positions of those of the names that there are.
    fn find_all(&self, names: &[String], found: &mut Collected) -> Vec<usize> {
        names
            .iter()
            .filter_map(|name| self.find(name, found))
            .collect()
    }

    /// Refuses columns that are named twice, or for two purposes.
    fn check_lists(
        &self,
        exclude: &[usize],
        named: &[usize],
        targets: &[usize],
        wanted: &Wanted,
        found: &mut Collected,
    ) {
        for (list, what) in [(named, "features"), (targets, "targets")] {
            for (position, column) in list.iter().enumerate() {
                if list[..position].contains(column) {
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

    /// Refuses what is asked of a column.
    fn refuse(&self, column: usize, why: &str, found: &mut Collected) {
        found.push(|| {
            let message = format!("column `{}` {why}", self.names[column]);
            Problem::at(self.place(column), message, "this column")
        });
    }
}

/// Which of the header's columns are features and targets.
pub(super) struct Columns {
    pub features: Vec<usize>,
    pub categorical: Vec<bool>,
    pub targets: Vec<usize>,
}

/// The first record, as names.
pub(super) fn read<'a>(
    path: &'a Path,
    text: &'a str,
    records: &mut Records<'a>,
    found: &mut Collected,
) -> Result<Header<'a>, Problem> {
    let mut cells = Vec::new();
    let Some(record) = records.next(&mut cells) else {
        return Err(Problem::new(format!("{} is empty", path.display()))
            .note("its first line must name the columns"));
    };
    if let Some(malformed) = &record.malformed {
        return Err(problems::malformed(path, text, &record, malformed));
    }
    let names = cells
        .iter()
        .map(|cell| content(text, cell).into_owned())
        .collect();
    let header = Header {
        path,
        text,
        record,
        cells,
        names,
    };
    for (column, name) in header.names.iter().enumerate() {
        if !name.is_empty() && header.names[..column].contains(name) {
            found.push(|| {
                Problem::at(
                    header.place(column),
                    format!("two columns are named `{name}`"),
                    "the second of them",
                )
            });
        }
    }
    Ok(header)
}

/// What to say where one column holds all others.
pub fn separator_note(names: &[String]) -> String {
    let other = [
        (';', "semicolons"),
        ('\t', "tabs"),
        ('|', "bars"),
        (' ', "blanks"),
    ];
    match other
        .iter()
        .find(|(separator, _)| names.iter().any(|name| name.contains(*separator)))
    {
        Some((_, what)) => {
            format!("the columns seem to be separated by {what}; commas are expected")
        }
        None => "columns are separated by commas".to_owned(),
    }
}
