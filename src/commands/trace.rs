//! `runner trace EXPERIMENT`

use super::exit::{DIFFERENCE, SUCCESS};
use super::experiments::plan_all;
use crate::cli::{TraceArguments, TraceFormat, TraceLanguage};
use crate::trace::{Format, Language, Options, trace};
use crate::voice::{println, say};
use problems::Error;

/// Shows one step of a run's training, and with `--check` compares its gradients with differences.
///
/// # Errors
/// What is wrong with the experiment, or that the run has no such step.
pub fn show(arguments: &TraceArguments) -> Result<u8, Error> {
    let plans = plan_all(std::slice::from_ref(&arguments.experiment), &arguments.set)?;
    let format = match arguments.format {
        _ if arguments.voice.json => Format::Json,
        TraceFormat::Text => Format::Text,
        TraceFormat::Json => Format::Json,
        TraceFormat::Html => Format::Html,
        TraceFormat::Latex => Format::Latex,
    };
    let options = Options {
        run: arguments.run,
        epoch: arguments.epoch,
        step: arguments.step,
        sample: arguments.sample,
        format,
        language: match arguments.lang {
            TraceLanguage::En => Language::English,
            TraceLanguage::Ja => Language::Japanese,
        },
        check: arguments.check,
        full: arguments.full,
        at_divergence: arguments.at_divergence,
    };
    let mut code = SUCCESS;
    for plan in &plans {
        let traced = trace(plan, &options)?;
        if !arguments.voice.quiet {
            println(traced.text.trim_end())?;
        }
        if let Some(check) = traced.check {
            // Said on stderr too: the page may go to a file.
            say(&format!(
                "{} of {} gradients compared; largest relative error {:.1e}, {:e} allowed",
                check.compared.len(),
                check.count,
                check.largest,
                check.tolerance
            ));
            if !check.agrees() {
                code = DIFFERENCE;
            }
        }
    }
    Ok(code)
}
