//! All result files of a directory whose runs are in its store: the tables and models, the report, and
//! last the manifest, which says that the set is complete.

use crate::origins;
use crate::plan::Plan;
use crate::record::grounds::Grounds;
use crate::record::manifest::{self, Execution};
use crate::record::result_files::ResultFiles;
use crate::record::{Store, results};
use crate::report::ranking::Ranking;
use crate::report::timing::Timing;
use crate::report::{self, reported_columns};
use problems::Error;

/// Writes all files, and returns what they say and the ranking with its times.
///
/// # Errors
/// If a file cannot be written or the journal not read, or if a file of a person's stands in the
/// place of a result.
pub fn write_all(
    plan: &Plan,
    store: &Store,
    execution: &Execution,
) -> Result<(ResultFiles, Ranking), Error> {
    let reported = reported_columns(plan.compare.metric.name(), &plan.columns());
    let mut written = results::write(plan, store, &reported)?;
    let tables = report::Tables::of(&mut written);
    let (directory, grounds) = (store.directory(), Grounds::of(plan));
    let origins = origins::of_plan(plan, Some(store));
    let page = report::write(directory, Some(tables), &origins, Some(&grounds))?;
    let (files, standings) = (&page.files, &page.standings);
    manifest::write(
        directory, plan, &written, files, &grounds, standings, execution,
    )?;
    let mut ranking = page.ranking;
    ranking.time(&Timing::new(&written.epoch_seconds));
    Ok((written, ranking))
}
