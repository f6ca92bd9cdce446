//! `runner plan EXPERIMENT …`

use std::path::Path;

use serde_json::json;

use crate::app::{SUCCESS, directories, plan_all, print_json, println};
use crate::cli::InspectArguments;
use crate::error::Error;
use crate::plan::{Models, Plan};
use crate::record::Store;

/// Shows which runs experiments have, and which of them are trained already.
///
/// # Errors
/// If an experiment is wrong or a store unreadable.
pub fn show(arguments: &InspectArguments) -> Result<u8, Error> {
    let plans = plan_all(&arguments.experiments, &arguments.set)?;
    let directories = directories(&plans, arguments.out.as_deref())?;
    let mut documents = Vec::new();
    for (plan, directory) in plans.iter().zip(&directories) {
        let existing = match Store::peek(directory)? {
            Some(store) => plan.runs.len() - store.missing(plan, |_| true).len(),
            None => 0,
        };
        if !arguments.voice.json && !arguments.voice.quiet {
            println(&text(plan, directory, existing))?;
        }
        documents.push(json!({
            "name": plan.name,
            "results": directory,
            "configurations": plan.configurations.len(),
            "runs": plan.runs.len(),
            "existing": existing,
            "missing": plan.runs.len() - existing,
        }));
    }
    print_json(arguments.voice, documents)?;
    Ok(SUCCESS)
}

/// How many configurations are listed.
const LISTED: usize = 50;

fn text(plan: &Plan, directory: &Path, existing: usize) -> String {
    let mut text = format!(
        "{}: {} configurations, {} runs; {existing} exist in {}, {} are to be trained\n",
        plan.name,
        plan.configurations.len(),
        plan.runs.len(),
        directory.display(),
        plan.runs.len() - existing
    );
    for (index, configuration) in plan.configurations.iter().take(LISTED).enumerate() {
        let runs = plan.runs.iter().filter(|run| run.configuration == index);
        text += &format!(
            "  {} × {}\n",
            runs.count(),
            configuration.label(&plan.swept)
        );
    }
    if plan.configurations.len() > LISTED {
        text += &format!("  … and {} more\n", plan.configurations.len() - LISTED);
    }
    if plan.output.models == Models::None {
        text += "  no model is kept\n";
    }
    text.truncate(text.trim_end().len());
    text
}
