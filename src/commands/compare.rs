//! The command `runner compare DIR …`: the comparison table of finished results, of one experiment
//! or several.

use std::path::Path;
use std::time::SystemTime;

use serde_json::json;

use super::exit::SUCCESS;
use super::expectations::{self, Suite};
use super::readout::Readout;
use super::soundness::{Soundness, TABLES};
use crate::cli::{CompareArguments, CompareFormat};
use crate::record::grounds::standings;
use crate::record::history::History;
use crate::report::across;
use crate::report::comparison::Comparison;
use crate::report::exchange::{self, TableFormat};
use crate::report::expectations as judged;
use crate::report::ranking;
use crate::report::results::Results;
use crate::report::terminal;
use crate::report::timing::Timing;
use crate::text;
use crate::voice::{display, println, say, screen};
use problems::Error;

/// Compares the configurations in the directories; of several directories, also one experiment with
/// another. It trains nothing.
///
/// # Errors
/// If a directory has no results, or lacks the metric that is asked for or that of the first
/// directory.
pub fn compare(arguments: &CompareArguments) -> Result<u8, Error> {
    let voice = arguments.voice();
    expectations::make_room(arguments.junit.as_deref())?;
    let readouts = arguments
        .directories
        .iter()
        .map(|directory| Readout::of(directory, voice.language()));
    let readouts = readouts.collect::<Result<Vec<Readout>, Error>>()?;
    let directories: Vec<&Path> = readouts.iter().map(Readout::path).collect();
    let soundness: Vec<Soundness> = directories
        .iter()
        .map(|directory| Soundness::of(directory, |name| TABLES.contains(&name)))
        .collect();
    soundness.iter().for_each(|of| of.warn(voice.language()));
    let mut all = Vec::new();
    for (directory, asked) in directories.iter().zip(&arguments.directories) {
        let mut results = Results::read(directory, voice.language())?;
        results.directory.clone_from(asked);
        results.ask(arguments.metric.as_deref(), None)?;
        all.push(results);
    }
    let doubts = across::doubts(&all);
    let timings = directories.iter().zip(&all);
    let timing = Timing::join(
        timings
            .map(|(directory, results)| Timing::read(directory, results))
            .collect(),
    );
    // The columns to compare are known after the results are joined.
    let columns = all[0].columns.clone();
    let histories = directories.iter().map(|directory| {
        let reported = crate::report::reported_columns(&all[0].experiment.metric, &columns);
        History::read(directory, &reported)
    });
    let mut histories: Vec<History> = histories.collect::<Result<_, Error>>()?;
    for (soundness, (results, history)) in soundness.iter().zip(all.iter().zip(&histories)) {
        soundness.refuse_mixed(results, history)?;
    }
    let judged = directories.iter().map(|directory| {
        Ok(Suite {
            name: Results::read(directory, voice.language())?.experiment.name,
            seconds: 0.0,
            started: SystemTime::now(),
            judged: judged::read(directory, voice.language())?,
        })
    });
    let suites: Vec<Suite> = judged.collect::<Result<_, Error>>()?;
    let (mut results, history, standings) = match all.len() {
        1 => (
            all.remove(0),
            histories.remove(0),
            standings(directories[0]),
        ),
        _ => {
            let (results, history) = across::join(all, histories)?;
            (results, history, Vec::new())
        }
    };
    results.ask(None, arguments.by.as_deref())?;
    let comparison = Comparison::new(&results, &history);
    let screen = screen(voice);
    let pairs = terminal::pairs(&results, &comparison, &screen);
    let mut ranking = ranking::rank(&results, &history, comparison, &standings);
    ranking.time(&timing);
    expectations::write_junit(voice.language(), arguments.junit.as_deref(), &suites)?;
    let conclude = || {
        let each = suites.iter();
        let codes =
            each.map(|suite| expectations::conclude(voice.language(), &suite.name, &suite.judged));
        codes.max().unwrap_or(SUCCESS)
    };
    if voice.json {
        let judged = suites.iter().flat_map(|suite| &suite.judged);
        let names = arguments.directories.iter();
        let names: Vec<String> = names.map(|name| name.display().to_string()).collect();
        let warnings = soundness.iter();
        let warnings: Vec<String> = warnings
            .flat_map(|of| of.doubts(voice.language()))
            .collect();
        println(&format!(
            "{:#}",
            json!({
                "results": names, "finished": results.runs.len(), "planned": results.planned,
                "under_way": readouts.iter().flat_map(Readout::under_way).collect::<Vec<_>>(),
                "ranking": ranking, "notes": doubts, "warnings": warnings,
                "expectations": judged.collect::<Vec<_>>(),
            })
        ))?;
        return Ok(conclude());
    }
    let format = match arguments.format {
        CompareFormat::Text | CompareFormat::Json => None,
        CompareFormat::Md => Some(TableFormat::Markdown),
        CompareFormat::Latex => Some(TableFormat::Latex),
        CompareFormat::Csv => Some(TableFormat::Csv),
    };
    if let Some(format) = format {
        let tables = exchange::tables(&results, &ranking, &ranking.comparison, format);
        println(tables.trim_end())?;
    } else if !voice.quiet {
        display(&terminal::table(&ranking, &screen))?;
        let more = pairs + &terminal::target(&ranking, &screen);
        if !more.is_empty() {
            display(more.trim_end())?;
        }
        for suite in &suites {
            expectations::show(voice.language(), &suite.judged, &screen)?;
        }
    }
    for doubt in doubts {
        say(&text!(voice.language(), "note", note = doubt));
    }
    for words in readouts.iter().flat_map(Readout::under_way) {
        say(&words);
    }
    Ok(conclude())
}
