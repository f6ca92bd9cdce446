//! `runner report DIR …`: the page, the pictures and the comparison, made again from the results.

use serde_json::json;

use super::origins;
use crate::app::{SUCCESS, print_json, println, say};
use crate::cli::ReportArguments;
use crate::report;
use problems::Error;

/// Makes the report of each directory again.
///
/// # Errors
/// If a directory holds no results, or a file cannot be written.
pub fn remake(arguments: &ReportArguments) -> Result<u8, Error> {
    let mut documents = Vec::new();
    for directory in &arguments.directories {
        // The samples and the initial weights are not among the results; without them the pictures
        // of models are left out.
        let made = match crate::plan::plan(&directory.join("experiment.toml"), &[]) {
            Ok(plan) => report::write(directory, None, &origins::of_plan(&plan))?,
            Err(Error::Experiment(problems)) => {
                let made = report::write(directory, None, &|_, _| None)?;
                let reason = problems
                    .iter()
                    .next()
                    .map_or("", |problem| problem.message.as_str());
                say(&format!(
                    "warning: {}: the data cannot be had again ({reason}); decision surfaces and confusion matrices are left out",
                    directory.display()
                ));
                made
            }
            Err(other) => return Err(other),
        };
        if !arguments.voice.quiet && !arguments.voice.json {
            println(&directory.join("report.html").display().to_string())?;
        }
        let files: Vec<&String> = made.files.iter().map(|(name, _)| name).collect();
        documents.push(json!({
            "results": directory,
            "files": files,
        }));
    }
    print_json(arguments.voice, documents)?;
    Ok(SUCCESS)
}
