//! Reports on results, for a person at a terminal or for a program.
//!
//! The module reads only result files, or the tables that were just written to them, and knows no
//! plan. A report that is deleted and made again has the same bytes.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::language::Language;
use crate::likeness::{Side, is_chosen};
use crate::record::drawing::Drawing;
use crate::record::grounds::{self, Grounds, Standing};
use crate::record::history::History;
use crate::record::manifest;
use crate::record::new_files::NewFiles;
use crate::record::ownership::Ownership;
use crate::record::result_files::{Content, ResultFiles};
use problems::Error;

pub mod across;
pub mod answers;
pub mod budget;
pub mod code_spans;
pub mod comparison;
pub mod comparison_table;
pub mod confusion;
pub mod curves;
pub mod diagram;
pub mod exchange;
pub mod exhibit;
pub mod expectations;
pub mod experiment;
pub mod filmstrip;
pub mod heat;
pub mod importance;
pub mod judged;
mod judging;
pub mod number;
pub mod page;
pub mod parallel;
pub mod plots;
pub mod ranking;
pub mod rates;
mod reach;
mod reading;
pub mod results;
pub mod selection;
pub mod standing;
pub mod surface;
pub mod target;
pub mod terminal;
pub mod tested;
pub mod timing;
pub mod verdict;

use answers::Answers;
use comparison::Comparison;
use curves::Curves;
use exhibit::{Exhibit, Origins};
use expectations::Judgement;
use filmstrip::Filmstrip;
use pictures::Figure;
use ranking::Ranking;
use results::Results;
use selection::{DrawnConfiguration, Selection};
use standing::{Asked, Networks};
use tested::Tested;

/// The data of a report beside `runs.csv`: a caller that has just written the tables passes it on;
/// otherwise it is read from the tables.
pub struct Tables {
    /// The contents of `history.csv`.
    pub history: History,
    /// The tables' names and the SHA-256 of each.
    pub digests: Vec<(String, String)>,
}

impl Tables {
    /// The tables that were just written, with the [`reported_columns`]; the history is taken out
    /// of `written`.
    pub fn of(written: &mut ResultFiles) -> Self {
        let files = written.files.iter();
        let tables = files.filter(|(name, _)| TABLES.contains(&name.as_str()));
        let digests = tables.map(|(name, content)| (name.clone(), content.digest.clone()));
        Self {
            digests: digests.collect(),
            history: std::mem::take(&mut written.history),
        }
    }

    /// Reads the tables of `directory`, for runs that are compared by this metric and have these
    /// columns.
    ///
    /// # Errors
    /// If there is no history, or it was not written by a run.
    pub fn read(directory: &Path, metric: &str, columns: &[String]) -> Result<Self, Error> {
        let digests = TABLES.into_iter().filter_map(|name| {
            let bytes = data::file_bytes(&directory.join(name)).ok()?;
            Some((name.to_owned(), Content::of(&bytes).digest))
        });
        Ok(Self {
            digests: digests.collect(),
            history: History::read(directory, &reported_columns(metric, columns))?,
        })
    }
}

/// The columns of the history that a report shows for runs that are compared by this metric, each
/// of them once: the metric during training, its counterpart of the other side, the losses, and all
/// others of `columns` that are computed from samples.
pub fn reported_columns(metric: &str, columns: &[String]) -> Vec<String> {
    let metric = metric.strip_prefix("best_").unwrap_or(metric);
    let other = match metric.split_once('_') {
        Some(("valid", rest)) => Some(format!("train_{rest}")),
        Some(("train", rest)) => Some(format!("valid_{rest}")),
        _ => None,
    };
    let losses = ["valid_loss", "train_loss"].map(str::to_owned);
    let judged = columns
        .iter()
        .filter(|name| Side::of(name).is_some() && !is_chosen(name));
    let first = Side::of(metric).map(|_| metric.to_owned());
    let mut reported = Vec::new();
    for name in first
        .into_iter()
        .chain(other)
        .chain(losses)
        .chain(judged.cloned())
    {
        if !reported.contains(&name) {
            reported.push(name);
        }
    }
    reported
}

/// The files whose SHA-256 the page shows.
const TABLES: [&str; 4] = ["experiment.toml", "runs.csv", "history.csv", "summary.csv"];

/// The results ranked by one column.
pub struct View {
    /// The results, to be ranked by this column.
    pub results: Results,
    /// The comparison of the configurations.
    pub comparison: Comparison,
    /// The configurations, ranked.
    pub ranking: Ranking,
}

impl View {
    /// The most replicates of any configuration.
    pub fn replicates(&self) -> usize {
        let counts = self.results.configurations.iter().map(|c| c.runs.len());
        counts.max().unwrap_or(0)
    }
}

/// The results by each of their columns, the compared one first; the networks that are best by any
/// of them; and how these compare with constant answers: by their samples if they can be had, else
/// as in the manifest.
fn views(
    directory: &Path,
    results: Vec<Results>,
    history: &History,
    origins: &Origins<'_>,
) -> Result<(Vec<View>, Networks, Vec<Standing>), Error> {
    let compared = results.into_par_iter().map(|results| {
        let comparison = Comparison::new(&results, history);
        let asked = Asked::of(directory, &results, &comparison);
        ((results, comparison), asked)
    });
    let (compared, asked): (Vec<_>, Vec<_>) = compared.unzip();
    let networks = Networks::of(directory, &compared[0].0, &asked, origins)?;
    let ranked = compared.into_par_iter().zip(&asked);
    let ranked = ranked.map(|((results, comparison), asked)| {
        let mut standings = networks.standings(asked);
        if standings.is_empty() {
            standings = grounds::standings(directory);
        }
        let ranking = ranking::rank(&results, history, comparison.clone(), &standings);
        let view = View {
            results,
            comparison,
            ranking,
        };
        (view, standings)
    });
    let (views, standings): (Vec<_>, Vec<_>) = ranked.unzip();
    let mut each = Vec::new();
    for standing in standings.into_iter().flatten() {
        if !each.contains(&standing) {
            each.push(standing);
        }
    }
    Ok((views, networks, each))
}

/// With more runs than this, the page ranks by the compared column alone.
const SWITCHED_RUNS: usize = 5_000;

/// The whole report of one directory of results.
pub struct Report {
    /// The results by the compared column, then by each other column that is computed from samples.
    pub views: Vec<View>,
    /// The configurations that are drawn.
    pub selection: Selection,
    /// The columns of the history that are drawn, the compared one first.
    pub columns: Vec<String>,
    /// The curves of each drawn configuration.
    pub curves: Vec<Option<Curves>>,
    /// The kept models of the drawn configurations, the best first.
    pub exhibits: Vec<Arc<Exhibit>>,
    /// The decision surfaces of the leading configurations during training, the best first.
    pub filmstrips: Vec<Filmstrip>,
    /// The picture of the best network's answers, if its inputs are not a plane.
    pub answers: Option<Answers>,
    /// The decision surface of each exhibit that has one.
    pub surfaces: Vec<Option<Figure>>,
    /// The test part, if it was opened.
    pub tested: Option<Tested>,
    /// The SHA-256 of the tables, by name.
    pub digests: Vec<(String, String)>,
    /// How the best networks compare with constant answers.
    pub standings: Vec<Standing>,
    /// The judgements of the experiment's expectations.
    pub expectations: Vec<Judgement>,
}

impl Report {
    /// Reads the results in `directory`, but for the tables that the caller passes. `grounds` are
    /// the grounds of judgement, if the caller knows them better than the manifest; `language` is
    /// that of the page.
    ///
    /// # Errors
    /// If there are no results, or they were not written by a run.
    pub fn read(
        directory: &Path,
        tables: Option<Tables>,
        origins: &Origins<'_>,
        grounds: Option<&Grounds>,
        language: Language,
    ) -> Result<Self, Error> {
        let results = match grounds {
            Some(grounds) => Results::read_with(directory, language, Some(grounds))?,
            None => Results::read(directory, language)?,
        };
        let Tables { history, digests } = match tables {
            Some(tables) => tables,
            None => Tables::read(directory, &results.experiment.metric, &results.columns)?,
        };
        let columns = curves::columns(&results, &history);
        let others = other_views(&results, &columns);
        let all = std::iter::once(results).chain(others).collect();
        let (views, networks, standings) = views(directory, all, &history, origins)?;
        let (results, comparison) = (&views[0].results, &views[0].comparison);
        let expectations = expectations::judge(results, comparison);
        let selection = Selection::new(results, comparison);
        let drawn = &selection.drawn;
        let curves = drawn
            .par_iter()
            .map(|drawn| Curves::new(results, &history, drawn.configuration, &columns));
        let curves = curves.collect::<Vec<_>>();
        drop(history);
        let mut by_rank: Vec<usize> = drawn.iter().map(|drawn| drawn.configuration).collect();
        let place = |c: &usize| comparison.ranked.iter().position(|other| other == c);
        by_rank.sort_by_key(place);
        let keys = comparison.naming_keys(results);
        let shown = by_rank.par_iter().filter_map(|&configuration| {
            let run = exhibit::shown(directory, results, configuration)?;
            let exhibit = networks.exhibit(directory, results, [configuration, run], origins);
            exhibit.transpose()
        });
        let shown = shown.map(|exhibit| {
            let exhibit = exhibit?;
            let name = results.label(exhibit.configuration, &keys);
            let surface = surface::figure(language, &exhibit, &name);
            Ok((exhibit, surface))
        });
        let shown = shown.collect::<Result<Vec<_>, Error>>()?;
        let (exhibits, surfaces): (Vec<Arc<Exhibit>>, Vec<Option<Figure>>) =
            shown.into_iter().unzip();
        let filmstrips = filmstrips(&exhibits, &selection);
        let best = exhibits.first().filter(|_| filmstrips.is_empty());
        let answers = best.and_then(|best| {
            Answers::new(language, best, &results.label(best.configuration, &keys))
        });
        Ok(Self {
            views,
            selection,
            columns,
            curves,
            exhibits,
            filmstrips,
            answers,
            surfaces,
            tested: Tested::read(directory)?,
            digests,
            standings,
            expectations,
        })
    }

    /// The results by the compared column.
    pub fn view(&self) -> &View {
        &self.views[0]
    }

    /// The language of the page.
    pub fn language(&self) -> Language {
        self.view().results.language
    }

    /// The most replicates of any configuration.
    pub fn replicates(&self) -> usize {
        self.view().replicates()
    }

    /// The name of a configuration in a few words.
    pub fn name(&self, configuration: usize) -> String {
        let View {
            results,
            comparison,
            ..
        } = self.view();
        results.label(configuration, &comparison.naming_keys(results))
    }
}

/// The surfaces of the leading configurations during training, as far as they take little time.
fn filmstrips(exhibits: &[Arc<Exhibit>], selection: &Selection) -> Vec<Filmstrip> {
    let leading = exhibits.iter().filter_map(|exhibit| {
        let mut leading = selection.leading();
        let drawn = leading.find(|drawn| drawn.configuration == exhibit.configuration)?;
        let plane = exhibit.model.preparation.is_of_two_numbers();
        (plane && exhibit.origin.is_some()).then_some((&**exhibit, drawn))
    });
    let leading: Vec<(&Exhibit, &DrawnConfiguration)> = leading.collect();
    let whose: Vec<&Exhibit> = leading.iter().map(|(exhibit, _)| *exhibit).collect();
    let some = leading[..filmstrip::affordable(&whose)].par_iter();
    some.enumerate()
        .filter_map(|(place, (exhibit, drawn))| {
            Filmstrip::new(selection.language, place, exhibit, &drawn.name)
        })
        .collect()
}

/// The same results, for each other column of the history that has a ranking.
fn other_views(results: &Results, columns: &[String]) -> Vec<Results> {
    if results.runs.len() > SWITCHED_RUNS {
        return Vec::new();
    }
    let compared = &results.experiment.metric;
    let others = columns.iter().filter(|column| *column != compared);
    let others = others.filter_map(|column| {
        let mut other = results.clone();
        other.ask(Some(column), None).ok()?;
        // Losses without a ranking cannot be chosen.
        (other.terms.ranked && other.experiment.metric == *column).then_some(other)
    });
    others.collect()
}

/// Makes all report files from the results in `directory` (and from the tables that the caller
/// passes), and returns them. `grounds` and `language` are those of [`Report::read`]; `drawing` has
/// the choices for picture files.
///
/// # Errors
/// If the results cannot be read, or a file cannot be written.
pub fn write(
    directory: &Path,
    tables: Option<Tables>,
    origins: &Origins<'_>,
    grounds: Option<&Grounds>,
    language: Language,
    drawing: &Drawing,
) -> Result<ReportFiles, Error> {
    let mut report = Report::read(directory, tables, origins, grounds, language)?;
    let comparison = comparison_table::to_csv(&report.view().results, &report.view().comparison);
    let figures = plots::figures(&report, drawing);
    let plots: Vec<String> = figures
        .iter()
        .flat_map(|named| plots::files(named, drawing))
        .collect();
    let mut own = Ownership::read(directory)?;
    let plots = plots.iter().map(String::as_str);
    own.claim(plots.clone().chain(["comparison.csv", "report.html"]))?;
    let old = own.inside("plots").into_iter();
    let stale = old.filter(|name| !plots.clone().any(|new| new == *name));
    let stale = stale.collect();
    let new = NewFiles::begin(directory)?;
    let mut files = vec![new.write("comparison.csv", comparison.as_bytes())?];
    let (page, plots) = rayon::join(
        || new.write("report.html", page::write(&report).as_bytes()),
        || plots::write(&new, &figures, drawing),
    );
    files.push(page?);
    files.extend(plots?);
    drop(figures);
    Ok(ReportFiles {
        files,
        new,
        own,
        stale,
        standings: std::mem::take(&mut report.standings),
        expectations: std::mem::take(&mut report.expectations),
        ranking: report.views.swap_remove(0).ranking,
    })
}

/// The files that [`write()`] made, before they are put into their places.
#[must_use]
pub struct ReportFiles {
    /// The names of the files, with `/`, and the size and digest of each.
    pub files: Vec<(String, Content)>,
    /// The ranking, for the terminal.
    pub ranking: Ranking,
    /// How the best networks compare with constant answers.
    pub standings: Vec<Standing>,
    /// The judgements of the experiment's expectations.
    pub expectations: Vec<Judgement>,
    new: NewFiles,
    own: Ownership,
    /// Older pictures that were not made again.
    stale: Vec<String>,
}

/// The report after its files have been put into their places.
pub struct Placed {
    /// The files of [`ReportFiles`].
    pub files: Vec<(String, Content)>,
    /// The ranking of [`ReportFiles`].
    pub ranking: Ranking,
    /// The judgements of [`ReportFiles`].
    pub expectations: Vec<Judgement>,
}

impl ReportFiles {
    /// Puts the files into their places, once they are on the disk. If there is the text of a
    /// manifest, it is put there last.
    ///
    /// # Errors
    /// If a file cannot be written or renamed.
    pub fn put_into_place(self, manifest: Option<&str>) -> Result<Placed, Error> {
        let names = self.files.iter().map(|(name, _)| name.as_str());
        if let Some(text) = manifest {
            self.new.write(manifest::NAME, text.as_bytes())?;
        }
        let last = manifest.map(|_| manifest::NAME);
        let stale = self.stale.iter().map(String::as_str);
        self.new
            .put_into_place(names.chain(last), || self.own.remove(stale))?;
        Ok(Placed {
            files: self.files,
            ranking: self.ranking,
            expectations: self.expectations,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_a_metric_has_its_other_side_and_the_losses() {
        let of = |metric| reported_columns(metric, &[]).join(" ");
        assert_eq!(of("valid_loss"), "valid_loss train_loss");
        assert_eq!(of("best_valid_loss"), "valid_loss train_loss");
        assert_eq!(of("train_r2"), "train_r2 valid_r2 valid_loss train_loss");
        assert_eq!(of("kept_epoch"), "valid_loss train_loss");
        let columns = ["epochs", "train_r2", "best_valid_loss"].map(str::to_owned);
        assert_eq!(
            reported_columns("valid_loss", &columns).join(" "),
            "valid_loss train_loss train_r2"
        );
    }
}
