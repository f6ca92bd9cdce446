//! `runner new NAME --from data.csv`: an experiment proposed from the columns of a table.
//!
//! Looks at the table as a careful person would: how it is written, what each column holds, which
//! columns cannot help, what is to be learnt. The decisions are checked on the very split and
//! preparation that the runs will use, so that what is proposed can be run.

mod columns;
mod features;
mod goal;
mod rare;
mod text;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use self::columns::{Column, Look, read};
use self::features::{Use, usage};
use self::goal::{Goal, goal};
use self::rare::{Rare, rare};
use data::{
    Dataset, Fill, Missing, Pool, Request, Scale, Seeds, Source, TargetKind, Test, Validation,
};
use numbers::random::replicate_seed;
use problems::{Problem, Problems, nearest};

/// The share of the rows that is kept for validation.
const VALIDATION: f64 = 0.2;

/// A table of fewer rows is too small to keep a share of.
const LEAST_ROWS: usize = 10;

/// Of a table of fewer rows, a share is too small to judge by: each row has its turn.
const SMALL: usize = 300;

/// The parts of a small table that have their turn.
const FOLDS: u32 = 5;

/// Runs of each configuration and fold: of a share, and of folds, of which there are more.
const REPLICATES: (u32, u32) = (5, 2);

/// What was decided about a table.
pub struct Proposal<'a> {
    look: &'a Look,
    target: &'a Column,
    goal: Goal,
    /// What each column but the target is used as.
    uses: Vec<(&'a Column, Use)>,
    missing: Missing,
    /// Rows that have a target and, where such rows are left out, no other missing cell.
    rows: usize,
    validation: Parts,
    /// Inputs and outputs, as the run will see them, and the samples that it trains on.
    inputs: usize,
    outputs: usize,
    samples: usize,
    /// The class that is rare in the part that is trained on, if one is.
    rare: Option<Rare>,
}

/// Which rows the networks are judged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// None are kept.
    None,
    /// A share of them, [`VALIDATION`].
    Share,
    /// Each in its turn: [`FOLDS`] parts.
    Folds,
}

/// A commented experiment for the table at `data`, to be written at `file`. `target`: the column to
/// predict; default: the last.
///
/// # Errors
/// The table cannot be read, or nothing can be learnt from it; with each column's reason.
pub fn proposal(file: &Path, data: &Path, target: Option<&str>) -> Result<String, Problems> {
    let look = read(data)?;
    let mut proposal = decided(&look, data, target)?;
    loop {
        match proposal.load(data) {
            Ok(dataset) => {
                proposal.inputs = dataset.train.x.ncols();
                proposal.outputs = dataset.outputs();
                proposal.samples = dataset.train.x.nrows();
                proposal.rare = rare(&dataset);
                return Ok(text::text(&proposal, file, data));
            }
            Err(problems) => {
                if !proposal.give_way() {
                    return Err(problems);
                }
            }
        }
    }
}

/// What is decided about a table by looking at it alone.
fn decided<'a>(look: &'a Look, data: &Path, target: Option<&str>) -> Result<Proposal<'a>, Problem> {
    let doubled = doubled(look);
    let position = position(look, data, target)?;
    let target = &look.columns[position];
    if doubled.contains(target.name.as_str()) || target.name.is_empty() {
        let what = if target.name.is_empty() {
            format!("column {}, the target, has no name", position + 1)
        } else {
            format!("two columns are named `{}`, as the target is", target.name)
        };
        return Err(Problem::new(what).note("name another column: --target COLUMN"));
    }
    let goal = goal(target).map_err(|problem| others_that_could(problem, look, target))?;
    let others = look
        .columns
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != position);
    let uses: Vec<(&Column, Use)> = others
        .map(|(_, column)| {
            let doubled = doubled.contains(column.name.as_str());
            (column, usage(column, target, &goal, doubled))
        })
        .collect();
    let mut proposal = Proposal {
        look,
        target,
        goal,
        uses,
        missing: Missing::REFUSE,
        rows: 0,
        validation: Parts::None,
        inputs: 0,
        outputs: 0,
        samples: 0,
        rare: None,
    };
    proposal.settle();
    if proposal.used().next().is_none() {
        let mut problem = Problem::new(format!(
            "no column of {} can be an input for `{}`",
            data.display(),
            target.name
        ));
        for (column, usage) in &proposal.uses {
            if let Use::Left(why) = usage {
                problem = problem.note(format!("`{}` {why}", column.name));
            }
        }
        return Err(problem);
    }
    Ok(proposal)
}

/// Names that several columns have.
fn doubled(look: &Look) -> HashSet<&str> {
    let mut seen = HashSet::new();
    let names = look.columns.iter().map(|column| column.name.as_str());
    names
        .filter(|name| !name.is_empty() && !seen.insert(*name))
        .collect()
}

/// The column of the target.
fn position(look: &Look, data: &Path, target: Option<&str>) -> Result<usize, Problem> {
    let Some(name) = target else {
        return Ok(look.columns.len() - 1);
    };
    let name = name.trim();
    let found = look.columns.iter().position(|column| column.name == name);
    found.ok_or_else(|| {
        let names = || look.columns.iter().map(|column| column.name.as_str());
        let problem = Problem::new(format!("there is no column `{name}` in {}", data.display()));
        match nearest(name, names()) {
            Some(near) => problem.note(format!("did you mean `{near}`?")),
            None => problem.note(format!(
                "the columns are: {}",
                text::listed(&names().collect::<Vec<_>>(), 30)
            )),
        }
    })
}

/// Names the columns that could be targets instead.
fn others_that_could(problem: Problem, look: &Look, target: &Column) -> Problem {
    let others = look.columns.iter().filter(|column| {
        !std::ptr::eq(*column, target) && !column.name.is_empty() && !column.counts_rows()
    });
    let names: Vec<&str> = others
        .filter(|column| goal(column).is_ok())
        .map(|column| column.name.as_str())
        .collect();
    match names.as_slice() {
        [] => problem.note("no other column could be a target either"),
        names => problem.note(format!(
            "columns that could be targets: {}",
            text::listed(names, 12)
        )),
    }
}

impl<'a> Proposal<'a> {
    /// The columns that are inputs.
    fn used(&self) -> impl Iterator<Item = &(&'a Column, Use)> {
        self.uses
            .iter()
            .filter(|(_, usage)| !matches!(usage, Use::Left(_)))
    }

    /// The columns that are inputs of words.
    fn categories(&self) -> impl Iterator<Item = &'a Column> {
        let used = self.used();
        used.filter(|(_, usage)| *usage == Use::Category)
            .map(|(column, _)| *column)
    }

    /// The columns that are left out, each with the reason.
    fn left(&self) -> impl Iterator<Item = (&'a Column, &str)> {
        self.uses.iter().filter_map(|(column, usage)| match usage {
            Use::Left(why) => Some((*column, why.as_str())),
            _ => None,
        })
    }

    /// Decides what follows from the columns that are used: missing cells, rows, validation.
    fn settle(&mut self) {
        let has_missing = |usage: Use| {
            self.used()
                .any(|(column, used)| *used == usage && column.missing() > 0)
        };
        self.missing = Missing {
            numbers: has_missing(Use::Number).then_some(Fill::Median),
            category: has_missing(Use::Category),
            drop: self.target.missing() > 0,
        };
        self.rows = self.target.rows() - self.target.missing();
        self.validation = match self.rows {
            0..LEAST_ROWS => Parts::None,
            LEAST_ROWS..SMALL if self.least_class() >= FOLDS as usize => Parts::Folds,
            _ => Parts::Share,
        };
    }

    /// Whether classes are learnt.
    fn is_classes(&self) -> bool {
        !matches!(self.goal, Goal::Numbers { .. })
    }

    /// The rows of the class that has fewest; of numbers, all rows.
    fn least_class(&self) -> usize {
        let counts = self.target.values();
        let least = counts.iter().map(|(_, count)| *count).min();
        least.filter(|_| self.is_classes()).unwrap_or(self.rows)
    }

    /// Runs of each configuration.
    fn replicates(&self) -> u32 {
        match self.validation {
            Parts::Folds => REPLICATES.1,
            _ => REPLICATES.0,
        }
    }

    /// The data as the first run will see them, once all of them could be loaded.
    fn load(&self, data: &Path) -> Result<Arc<Dataset>, Problems> {
        let request = self.request(data);
        let first = data::load(&request, Seeds::default(), 0)?;
        if self.validation == Parts::Folds {
            for replicate in 0..self.replicates() {
                let seeds = Seeds {
                    split: replicate_seed(0, replicate),
                    ..Seeds::default()
                };
                let pool = Pool::read(&request, seeds)?;
                for fold in 0..FOLDS {
                    let part = pool.clone().divide(&request, seeds.split, fold)?;
                    if part.train.x.ncols() != first.train.x.ncols() {
                        return Err(Problem::new("the folds have different categories").into());
                    }
                }
            }
        }
        Ok(first)
    }

    /// What the runs load.
    fn request(&self, data: &Path) -> Request {
        let names = |columns: Vec<&Column>| -> Vec<String> {
            columns.iter().map(|column| column.name.clone()).collect()
        };
        let stratify = self.is_classes();
        Request {
            source: Source::Csv {
                path: data.to_path_buf(),
                features: None,
                exclude: names(self.left().map(|(column, _)| column).collect()),
                targets: Some(vec![self.target.name.clone()]),
                categorical: names(self.categories().collect()),
                missing: self.missing,
                dialect: self.look.dialect.clone(),
            },
            validation: match self.validation {
                Parts::None => Validation::None,
                Parts::Share => Validation::Share {
                    share: VALIDATION,
                    stratify,
                },
                Parts::Folds => Validation::Folds {
                    folds: FOLDS,
                    stratify,
                },
            },
            test: Test::None,
            kind: match self.goal {
                Goal::Numbers { .. } => TargetKind::Numbers,
                Goal::Binary => TargetKind::Binary,
                Goal::Classes(_) => TargetKind::Classes,
            },
            derive: Vec::new(),
            scale: Scale::Standardize,
            scale_targets: match self.goal {
                Goal::Numbers { .. } => Scale::Standardize,
                _ => Scale::None,
            },
            outputs: None,
        }
    }

    /// Does without what may be too much for the split: the column of words whose rarest word is
    /// met least. `false` if there is none.
    fn give_way(&mut self) -> bool {
        let rarest = |column: &Column| {
            let counts = column.values();
            counts.iter().map(|(_, count)| *count).min()
        };
        let categories = self.uses.iter_mut();
        let least = categories
            .filter(|(_, usage)| *usage == Use::Category)
            .min_by_key(|(column, _)| rarest(column));
        let Some((_, usage)) = least else {
            return false;
        };
        *usage = Use::Left("has a word that the part to train on does not have".to_owned());
        self.settle();
        self.used().next().is_some()
    }
}
