//! `runner compare DIR …`: the comparison table of finished results, of one experiment or several.

use serde_json::json;

use super::exit::SUCCESS;
use super::soundness::{Soundness, TABLES};
use crate::cli::ReportArguments;
use crate::record::history::History;
use crate::report::across;
use crate::report::comparison::Comparison;
use crate::report::ranking;
use crate::report::results::Results;
use crate::report::terminal;
use crate::report::timing::Timing;
use crate::voice::{println, say};
use problems::Error;

/// Compares the configurations in the directories: of several, experiment against experiment too.
///
/// # Errors
/// If a directory holds no results, or one lacks the metric of the first.
pub fn compare(arguments: &ReportArguments) -> Result<u8, Error> {
    let soundness: Vec<Soundness> = arguments
        .directories
        .iter()
        .map(|directory| Soundness::of(directory, |name| TABLES.contains(&name)))
        .collect();
    soundness.iter().for_each(Soundness::warn);
    let directories = arguments.directories.iter();
    let mut all: Vec<Results> = directories
        .map(|directory| Results::read(directory))
        .collect::<Result<_, Error>>()?;
    let metric = &all[0].experiment.metric;
    let directories = arguments.directories.iter();
    let mut histories: Vec<History> = directories
        .map(|directory| History::read(directory, &crate::report::told(metric)))
        .collect::<Result<_, Error>>()?;
    for (soundness, (results, history)) in soundness.iter().zip(all.iter().zip(&histories)) {
        soundness.refuse_mixed(results, history)?;
    }
    let doubts = across::doubts(&all);
    let timings = arguments.directories.iter().zip(&all);
    let timing = Timing::join(
        timings
            .map(|(directory, results)| Timing::read(directory, results))
            .collect(),
    );
    let (results, history) = match all.len() {
        1 => (all.remove(0), histories.remove(0)),
        _ => across::join(all, histories)?,
    };
    let comparison = Comparison::new(&results, &history);
    let pairs = terminal::pairs(&results, &comparison);
    let mut ranking = ranking::rank(&results, &history, comparison);
    ranking.time(&timing);
    if arguments.voice.json {
        let names = arguments.directories.iter();
        let names: Vec<String> = names.map(|name| name.display().to_string()).collect();
        let warnings: Vec<String> = soundness.iter().flat_map(Soundness::doubts).collect();
        println(&format!(
            "{:#}",
            json!({
                "results": names, "ranking": ranking, "notes": doubts, "warnings": warnings
            })
        ))?;
        return Ok(SUCCESS);
    }
    if !arguments.voice.quiet {
        println(&terminal::table(&ranking))?;
        let more = pairs + &terminal::target(&ranking);
        if !more.is_empty() {
            println(more.trim_end())?;
        }
    }
    for doubt in doubts {
        say(&format!("note: {doubt}"));
    }
    Ok(SUCCESS)
}
