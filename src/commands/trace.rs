//! The command `runner trace EXPERIMENT`.

use std::ops::ControlFlow;
use std::path::Path;

use rayon::prelude::*;

use super::exit::{DIFFERENCE, SUCCESS};
use super::experiments::{directories, plan_all};
use crate::cli::TraceArguments;
use crate::language::Language;
use crate::plan::{Plan, counted};
use crate::record::{Status, Store};
use crate::text;
use crate::trace::{Options, TraceFormat, trace};
use crate::voice::{println, say, screen};
use engine::train::train;
use problems::{Error, Problem};

/// Shows one step of a run's training; `--check` compares its gradients with central differences.
///
/// # Errors
/// If the experiment has mistakes, or the run has no such step.
pub fn show(arguments: &TraceArguments) -> Result<u8, Error> {
    let plans = plan_all(std::slice::from_ref(&arguments.experiment), &arguments.set)?;
    let format = match arguments.voice.json {
        true => TraceFormat::Json,
        false => arguments.format,
    };
    let mut options = Options {
        run: arguments.run.unwrap_or(0),
        epoch: arguments.epoch,
        step: arguments.step,
        sample: arguments.sample,
        format,
        language: arguments.voice.language(),
        screen: screen(arguments.voice),
        check: arguments.check,
        full: arguments.full,
        at_divergence: arguments.at_divergence,
    };
    let mut code = SUCCESS;
    let lost = match (arguments.at_divergence, arguments.run) {
        (true, None) => directories(&plans, None)?,
        _ => Vec::new(),
    };
    for (place, plan) in plans.iter().enumerate() {
        if let Some(directory) = lost.get(place) {
            let diverging = diverging(plan, directory)?;
            options.run = *diverging.first().ok_or_else(|| none_diverges(plan))?;
            if !arguments.voice.quiet {
                say(&named(plan, &diverging, options.language));
            }
        }
        let traced = trace(plan, &options)?;
        if !arguments.voice.quiet {
            println(traced.text.trim_end())?;
        }
        if let Some(check) = traced.check {
            // The result is also written to stderr, since the page may go to a file.
            let [compared, count] = [check.compared.len(), check.count];
            say(&text!(
                options.language,
                "trace-compared",
                count = compared,
                all = count,
                largest = format!("{:.1e}", check.largest),
                tolerance = format!("{:e}", check.tolerance)
            ));
            if !check.agrees() {
                code = DIFFERENCE;
            }
        }
    }
    Ok(code)
}

/// The runs of a plan that diverge: according to their results, or, without results, by training
/// them again.
fn diverging(plan: &Plan, directory: &Path) -> Result<Vec<usize>, Error> {
    let store = Store::peek(directory)?;
    let mut known = vec![None; plan.runs.len()];
    if let Some(store) = &store {
        for (index, run) in plan.runs.iter().enumerate() {
            known[index] = store.head(&run.key)?.map(|head| head.status);
        }
    }
    let diverges = |&index: &usize| match &known[index] {
        Some(status) => *status == Status::Diverged,
        None => {
            let trained = train(&plan.task(index), &mut |_| ControlFlow::Continue(()));
            matches!(trained.ending, engine::types::Ending::Diverged { .. })
        }
    };
    let all = (0..plan.runs.len()).into_par_iter();
    Ok(all.filter(diverges).collect())
}

fn none_diverges(plan: &Plan) -> Error {
    let runs = counted(plan.runs.len(), "run");
    Problem::new(format!(
        "none of the {runs} of `{}` diverges: every loss and every parameter stays finite",
        plan.name
    ))
    .into()
}

/// The most configurations with diverging runs that are named.
const NAMED: usize = 8;

/// The diverging runs by their configurations, and the run that is shown.
fn named(plan: &Plan, diverging: &[usize], language: Language) -> String {
    let mut configurations: Vec<(usize, Vec<usize>)> = Vec::new();
    for &run in diverging {
        let configuration = plan.runs[run].configuration;
        match configurations.last_mut() {
            Some((last, runs)) if *last == configuration => runs.push(run),
            _ => configurations.push((configuration, vec![run])),
        }
    }
    let mut text = text!(
        language,
        "trace-diverging",
        count = diverging.len(),
        runs = plan.runs.len(),
        run = diverging[0]
    );
    for (configuration, runs) in configurations.iter().take(NAMED) {
        let label = plan.configurations[*configuration].label(&plan.swept);
        let runs: Vec<String> = runs.iter().map(usize::to_string).collect();
        text += &format!("\n  {label}: {}", runs.join(", "));
    }
    if configurations.len() > NAMED {
        let more = text!(
            language,
            "more-configurations",
            count = configurations.len() - NAMED
        );
        text += &format!("\n  {more}");
    }
    text
}
