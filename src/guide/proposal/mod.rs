//! The proposal of `runner new NAME --from data.csv`: an experiment made from the columns of a
//! table.
//!
//! The module checks the table as a careful person would: its dialect, the contents of each column,
//! the columns that cannot help, and the goal. It decides on the rows with a target and checks the
//! decisions with the same split and preparation as the runs, so that the proposed experiment can
//! be run.

mod columns;
mod dates;
mod features;
mod goal;
mod names;
mod rare;
mod reason;
mod text;
mod training;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use self::columns::{Column, Look, read};
use self::features::{Use, alone, usage};
use self::goal::{Goal, goal};
use self::names::listed;
use self::rare::{Rare, rare};
use self::reason::Reason;
use self::training::Training;
use crate::language::Language;
use data::{
    Dataset, Fill, Missing, Pool, Request, Scale, Seeds, Source, TargetKind, Test, Validation,
};
use numbers::random::replicate_seed;
use problems::{Problem, Problems, nearest};

/// The share of the rows that is kept for validation.
const VALIDATION: f64 = 0.2;

/// The least rows of a table with a validation part.
const LEAST_ROWS: usize = 10;

/// Tables with fewer rows than this use folds, since a share of them is too small to judge by.
const SMALL: usize = 300;

/// The number of folds of a small table.
const FOLDS: u32 = 5;

/// The decisions about a table.
pub struct Proposal<'a> {
    look: &'a Look,
    target: &'a Column,
    goal: Goal,
    /// The use of each column but the target.
    uses: Vec<(&'a Column, Use)>,
    /// The only other column if it is used in spite of a reason to leave it out, with that reason.
    alone: Option<(String, Reason)>,
    missing: Missing,
    /// The number of rows without a target, which are left out.
    without_target: usize,
    validation: Parts,
    seen: Seen,
}

/// The facts about the data that the runs will use.
#[derive(Debug, Default)]
struct Seen {
    inputs: usize,
    outputs: usize,
    /// The number of training samples.
    samples: usize,
    /// The class that is rare among them, if there is one.
    rare: Option<Rare>,
}

/// The rows on which the networks are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// There is no validation part.
    None,
    /// A share of the rows, [`VALIDATION`].
    Share,
    /// Every row in turn, in [`FOLDS`] folds.
    Folds,
}

/// A commented experiment for the table at `data`, to be written at `file`. `target` is the column
/// to predict; by default it is the last one. Comments are in this language.
///
/// # Errors
/// If the table cannot be read, or nothing can be learnt from it; the problem has the reason for
/// each column.
pub fn proposal(
    file: &Path,
    data: &Path,
    target: Option<&str>,
    language: Language,
) -> Result<String, Problems> {
    let mut look = read(data)?;
    let position = position(&look, data, target)?;
    goal_of(&look, position)?;
    let without_target = look.columns[position].missing();
    look.keep_known(position);
    let mut proposal = decided(&look, data, position)?;
    proposal.without_target = without_target;
    proposal.settle();
    loop {
        match proposal.load(data) {
            Ok(dataset) => {
                proposal.seen = Seen {
                    inputs: dataset.train.x.ncols(),
                    outputs: dataset.outputs(),
                    samples: dataset.train.x.nrows(),
                    rare: rare(&dataset),
                };
                return Ok(text::text(&proposal, file, data, language));
            }
            Err(problems) => {
                if !proposal.give_way(&problems) {
                    return Err(match proposal.used().next() {
                        Some(_) => problems,
                        None => proposal.nothing_left(data, &problems).into(),
                    });
                }
            }
        }
    }
}

/// The goal of learning the column at `position`.
///
/// # Errors
/// If nothing can be learnt from it; the problem has the columns that could be targets.
fn goal_of(look: &Look, position: usize) -> Result<Goal, Problem> {
    let target = &look.columns[position];
    if target.name.is_empty() || doubled(look).contains(target.name.as_str()) {
        let what = if target.name.is_empty() {
            format!("column {}, the target, has no name", position + 1)
        } else {
            format!("two columns are named `{}`, as the target is", target.name)
        };
        return Err(Problem::new(what).note("name another column: --target COLUMN"));
    }
    goal(target).map_err(|problem| others_that_could(problem, look, target))
}

/// The decisions about a table that follow from the table alone.
fn decided<'a>(look: &'a Look, data: &Path, position: usize) -> Result<Proposal<'a>, Problem> {
    let goal = goal_of(look, position)?;
    let target = &look.columns[position];
    let doubled = doubled(look);
    let others = look.columns.iter().enumerate();
    let uses: Vec<(&Column, Use)> = others
        .filter(|(at, _)| *at != position)
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
        alone: None,
        missing: Missing::REFUSE,
        without_target: 0,
        validation: Parts::None,
        seen: Seen::default(),
    };
    proposal.alone = alone(&mut proposal.uses);
    if proposal.used().next().is_none() {
        return Err(proposal.nothing_left(data, &Problems::new()));
    }
    Ok(proposal)
}

/// The names that several columns have.
fn doubled(look: &Look) -> HashSet<&str> {
    let mut seen = HashSet::new();
    let names = look.columns.iter().map(|column| column.name.as_str());
    names
        .filter(|name| !name.is_empty() && !seen.insert(*name))
        .collect()
}

/// Checks that every column has at least two values in the training part; the problem names one
/// that does not.
fn varied(dataset: &Dataset) -> Result<(), Problem> {
    let mut input = 0;
    for column in &dataset.preparation.columns {
        let inputs = input..input + column.categories.len().max(1);
        input = inputs.end;
        let is_constant = |index: usize| {
            let mut values = dataset.train.x.column(index);
            let first = values.next();
            values.all(|value| Some(value) == first)
        };
        if inputs.into_iter().any(is_constant) {
            let name = &column.name;
            return Err(Problem::new(format!(
                "`{name}` is constant in a part to train on"
            )));
        }
    }
    Ok(())
}

/// The index of the target's column.
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
                listed(Language::English, &names().collect::<Vec<_>>(), 30)
            )),
        }
    })
}

/// Adds the columns that could be targets instead.
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
            listed(Language::English, names, 12)
        )),
    }
}

impl<'a> Proposal<'a> {
    /// The columns that become inputs.
    fn used(&self) -> impl Iterator<Item = &(&'a Column, Use)> {
        self.uses.iter().filter(|(_, usage)| usage.is_input())
    }

    /// The columns that become inputs for words or codes.
    fn categories(&self) -> impl Iterator<Item = &'a Column> {
        let used = self.used();
        used.filter(|(_, usage)| matches!(usage, Use::Category | Use::Codes))
            .map(|(column, _)| *column)
    }

    /// The columns that are left out, with their reasons.
    fn left(&self) -> impl Iterator<Item = (&'a Column, &Reason)> {
        let uses = self.uses.iter();
        uses.filter_map(|(column, usage)| Some((*column, usage.why_left()?)))
    }

    /// Decides about missing cells, rows and validation, which depend on the used columns.
    fn settle(&mut self) {
        let has_missing = |is: &dyn Fn(&Use) -> bool| {
            self.used()
                .any(|(column, used)| is(used) && column.missing() > 0)
        };
        self.missing = Missing {
            numbers: has_missing(&|used| *used == Use::Number).then_some(Fill::Median),
            category: has_missing(&|used| *used != Use::Number),
            drop: self.without_target > 0,
        };
        self.validation = match self.target.rows() {
            0..LEAST_ROWS => Parts::None,
            LEAST_ROWS..SMALL if self.least_class() >= FOLDS as usize => Parts::Folds,
            _ => Parts::Share,
        };
    }

    /// Whether the goal is to predict classes.
    fn is_classes(&self) -> bool {
        !matches!(self.goal, Goal::Numbers { .. })
    }

    /// The number of rows of the smallest class; for numbers, the number of all rows.
    fn least_class(&self) -> usize {
        let least = self.target.counts().into_iter().min();
        least
            .filter(|_| self.is_classes())
            .unwrap_or(self.target.rows())
    }

    /// The network and its training.
    fn training(&self) -> Training {
        let folds = if self.validation == Parts::Folds {
            FOLDS
        } else {
            1
        };
        Training::of(
            self.seen.inputs,
            self.seen.outputs,
            self.seen.samples,
            folds,
        )
    }

    /// The data of the first run, after a check that all of it can be loaded.
    fn load(&self, data: &Path) -> Result<Arc<Dataset>, Problems> {
        let request = self.request(data);
        let first = data::load(&request, Seeds::default(), 0)?;
        if self.validation == Parts::Folds {
            for replicate in 0..training::MOST_REPLICATES {
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
                    varied(&part)?;
                }
            }
        }
        varied(&first)?;
        Ok(first)
    }

    /// The request for the data of the runs.
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
                Goal::Classes { .. } => TargetKind::Classes,
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

    /// Leaves out the columns that the problems name. If they name none, leaves out the column of
    /// words with the rarest word, and after that gives up folds. Returns false if there is nothing
    /// more to leave out.
    fn give_way(&mut self, problems: &Problems) -> bool {
        let mut given_way = false;
        for (column, usage) in self.uses.iter_mut().filter(|(_, usage)| usage.is_input()) {
            let name = format!("`{}`", column.name);
            let mut problems = problems.iter();
            if problems.any(|problem| problem.message.contains(&name)) {
                *usage = Use::Left(match usage {
                    Use::Category | Use::Codes => Reason::NewValue,
                    _ => Reason::Split,
                });
                given_way = true;
            }
        }
        let rarest = |column: &Column| column.counts().into_iter().min();
        if !given_way {
            let categories = self.uses.iter_mut();
            let least = categories
                .filter(|(_, usage)| matches!(usage, Use::Category | Use::Codes))
                .min_by_key(|(column, _)| rarest(column));
            if let Some((_, usage)) = least {
                *usage = Use::Left(Reason::NewValue);
                given_way = true;
            }
        }
        self.alone = self.alone.take().filter(|_| self.used().next().is_some());
        if given_way {
            self.settle();
            return self.used().next().is_some();
        }
        let before = self.validation;
        self.validation = match before {
            Parts::Folds => Parts::Share,
            Parts::Share | Parts::None => Parts::None,
        };
        before != self.validation
    }

    /// The problem of a table without any usable column, with each column's reason and the problems
    /// of loading.
    fn nothing_left(&self, data: &Path, problems: &Problems) -> Problem {
        let mut problem = Problem::new(format!(
            "no column of {} can be an input for `{}`",
            data.display(),
            self.target.name
        ));
        for (column, why) in self.left() {
            let why = why.words(Language::English);
            problem = problem.note(format!("`{}` {why}", column.name));
        }
        for found in problems.iter() {
            problem = problem.note(found.message.clone());
        }
        problem
    }
}
