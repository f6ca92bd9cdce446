//! The writing of all result files of a directory from its store: the tables and models, the
//! report, and last the manifest, which says whether any run is missing.

use std::path::Path;

use crate::origins;
use crate::plan::Plan;
use crate::record::grounds::Grounds;
use crate::record::manifest::{self, Execution};
use crate::record::result_files::ResultFiles;
use crate::record::whole_file::settle;
use crate::record::{Store, begun, results};
use crate::report::expectations::Judgement;
use crate::report::ranking::Ranking;
use crate::report::timing::Timing;
use crate::report::{self, reported_columns};
use problems::Error;

/// The results of the writing.
pub struct Written {
    /// The written tables and models.
    pub results: ResultFiles,
    /// The ranking, with the times of an epoch.
    pub ranking: Ranking,
    /// The judgements of the experiment's expectations.
    pub expectations: Vec<Judgement>,
}

/// Writes all files of the store's directory, and returns their contents. When the function
/// returns, all files are on the disk.
///
/// # Errors
/// If a file cannot be written or the journal not read, or if a person's file has the name of a
/// result.
pub fn write_all(plan: &Plan, store: &Store, execution: &Execution) -> Result<Written, Error> {
    let written = results::write(plan, store, &reported(plan))?;
    let written = write_rest(plan, store, execution, written)?;
    settle(store.directory())?;
    begun::over(store.directory())?;
    Ok(written)
}

/// Writes the same files into the empty directory `place`, which is temporary.
///
/// # Errors
/// If a file cannot be written or the journal not read.
pub fn write_for_now(
    plan: &Plan,
    store: Store,
    execution: &Execution,
    place: &Path,
) -> Result<(), Error> {
    let store = store.with_results_in(place);
    let written = results::write_new(plan, &store, &reported(plan), place)?;
    write_rest(plan, &store, execution, written).map(drop)
}

fn reported(plan: &Plan) -> Vec<String> {
    reported_columns(plan.compare.metric.name(), &plan.columns())
}

/// Writes the files that are made from the tables, and the manifest.
fn write_rest(
    plan: &Plan,
    store: &Store,
    execution: &Execution,
    mut written: ResultFiles,
) -> Result<Written, Error> {
    let tables = report::Tables::of(&mut written);
    let (directory, grounds) = (store.directory(), Grounds::of(plan));
    let origins = origins::of_plan(plan, Some(store));
    let page = report::write(
        directory,
        Some(tables),
        &origins,
        Some(&grounds),
        execution.language,
        &execution.drawing,
    )?;
    let (files, standings) = (&page.files, &page.standings);
    let manifest = manifest::of(plan, &written, files, &grounds, standings, execution);
    let page = page.put_into_place(Some(&manifest))?;
    let mut ranking = page.ranking;
    ranking.time(&Timing::new(&written.epoch_seconds));
    Ok(Written {
        results: written,
        ranking,
        expectations: page.expectations,
    })
}
