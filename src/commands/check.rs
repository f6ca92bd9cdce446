//! `runner check EXPERIMENT …`

use serde_json::json;

use crate::app::{SUCCESS, eprint, plan_all, print_json, println, styled};
use crate::cli::InspectArguments;
use crate::error::Error;
use crate::plan::check;

/// Validates experiments and warns of what is legal but probably not meant.
///
/// # Errors
/// All that is wrong with any of the experiments.
pub fn check_all(arguments: &InspectArguments) -> Result<u8, Error> {
    let plans = plan_all(&arguments.experiments, &arguments.set)?;
    let mut documents = Vec::new();
    for (file, plan) in arguments.experiments.iter().zip(&plans) {
        let warnings = check::warnings(plan);
        if !warnings.is_empty() {
            let styled = styled(arguments.voice.color, &std::io::stderr());
            eprint(&warnings.render_warnings(styled));
        }
        if !arguments.voice.quiet && !arguments.voice.json {
            println(&format!(
                "{}: ok, {} configurations, {} runs{}",
                file.display(),
                plan.configurations.len(),
                plan.runs.len(),
                match warnings.len() {
                    0 => String::new(),
                    1 => ", 1 warning".to_owned(),
                    n => format!(", {n} warnings"),
                }
            ))?;
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
        }));
    }
    print_json(arguments.voice, documents)?;
    Ok(SUCCESS)
}
