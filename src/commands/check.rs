//! The command `runner check EXPERIMENT …`.

use serde_json::json;

use std::path::Path;

use super::exit::{SUCCESS, USAGE};
use super::experiments::{directories, plan_all};
use crate::cli::{CheckArguments, CheckFormat};
use crate::language::Language;
use crate::machine;
use crate::plan::{Plan, check};
use crate::report::ranking;
use crate::text;
use crate::voice::{display, print_json, println, screen, warn};
use problems::{Error, Problems};

/// Checks experiments for mistakes, and warns of settings that are legal but probably not meant.
///
/// # Errors
/// All mistakes of the experiments.
pub fn check_all(arguments: &CheckArguments) -> Result<u8, Error> {
    let deny = arguments.deny.is_some();
    let annotates = arguments.format == CheckFormat::Github;
    let voice = arguments.voice();
    let arguments = &arguments.inspect;
    let plans = plan_all(&arguments.experiments, &arguments.set);
    if let (true, Err(Error::Experiment(problems))) = (annotates, &plans) {
        println(machine::annotations(problems, "error").trim_end())?;
    }
    let plans = plans?;
    let directories = directories(&plans, arguments.out.as_deref())?;
    let mut documents = Vec::new();
    let mut all = 0;
    for ((file, plan), directory) in arguments.experiments.iter().zip(&plans).zip(&directories) {
        let mut warnings = check::warnings(plan, voice.language());
        warnings.extend(edge(plan, directory, voice.language()));
        all += warnings.len();
        if !warnings.is_empty() {
            warn(&warnings, voice.color);
            if annotates {
                println(machine::annotations(&warnings, "warning").trim_end())?;
            }
        }
        if !voice.quiet && !voice.json {
            let language = voice.language();
            let line = text!(
                language,
                "check-ok",
                file = file.display().to_string(),
                configurations = text!(
                    language,
                    "configurations",
                    count = plan.configurations.len()
                ),
                runs = text!(language, "runs", runs = plan.runs.len()),
                warnings = warnings.len()
            );
            display(&screen(voice).prose(&line))?;
        }
        let messages: Vec<&str> = warnings
            .iter()
            .map(|warning| warning.message.as_str())
            .collect();
        documents.push(json!({
            "name": plan.name,
            "configurations": plan.configurations.len(),
            "runs": plan.runs.len(),
            "warnings": messages,
            "problems": machine::list(&warnings),
        }));
    }
    print_json(voice, documents)?;
    Ok(if deny && all > 0 { USAGE } else { SUCCESS })
}

/// The warning about a best value at the edge of its sweep, if there are results of the same
/// configurations.
fn edge(plan: &Plan, directory: &Path, language: Language) -> Problems {
    let Ok(ranking) = ranking::read(directory, language) else {
        return Problems::new(); // The experiment has not been run.
    };
    let Some(best) = ranking.best() else {
        return Problems::new();
    };
    let named = !plan.configurations[0].variant.is_empty();
    let position = plan.configurations.iter().position(|configuration| {
        let variant = named.then_some(&configuration.variant);
        variant
            .into_iter()
            .chain(&configuration.values)
            .eq(&best.keys)
    });
    match position {
        Some(position) => check::at_the_edge(plan, position, language),
        None => Problems::new(), // The results are of another sweep.
    }
}
