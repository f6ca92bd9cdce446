//! One step of the training with every quantity: its symbol, its formula, the formula with numbers,
//! and its value.
//!
//! ```text
//! plan → observe (the engine's own step, looked at) → explain, update, check → page
//!                                                      page → text, html, latex, json
//! ```
//!
//! The module computes nothing of its own: the values are copied from the engine's session between
//! the parts of its step, and the formulas beside them are only written. The exceptions are NAdam's
//! momentum factors and the difference quotients of the check.

mod check;
mod explain;
mod formulas;
mod html;
mod json;
mod latex;
mod latex_notation;
mod math;
mod mathml;
mod notation;
mod number;
mod optimizer;
mod page;
mod plain;
mod sections;
mod text;
mod update;

use crate::language::Language;
use crate::plan::Plan;
use crate::screen::Screen;
use choices::choices;
use engine::types::{Precision, Task};
use problems::{Error, Problem};

pub use check::{Check, Compared};
pub use engine::observe::{At, Divergence, Milestone, Observation, Sample, Stages, observe};
pub use update::ParameterIndex;

use explain::{Explainer, NODES};
use number::Digits;

/// Added to the norm of all gradients when it is limited, as in the engine.
const CLIP_EPSILON: f64 = 1e-6;

/// On a terminal, sums of more terms than this are folded.
const TERMS: usize = 8;

/// The choice of the step, and the way to show it.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The run, from 0, as in runs.csv.
    pub run: usize,
    /// The epoch, from 1.
    pub epoch: u64,
    /// The batch of that epoch, from 1.
    pub step: usize,
    /// The sample of that batch, from 1.
    pub sample: usize,
    /// The format of the page.
    pub format: TraceFormat,
    /// The language of the page.
    pub language: Language,
    /// The screen of a page of text.
    pub screen: Screen,
    /// Whether the gradients are compared with difference quotients.
    pub check: bool,
    /// Whether large layers and long sums are shown whole.
    pub full: bool,
    /// Whether the step is the one at which the run diverges.
    pub at_divergence: bool,
}

choices! {
    /// The formats of a trace.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum TraceFormat {
        /// For a terminal
        Text = "text",
        /// For programs; the same as --json
        Json = "json",
        /// One self-contained page for a browser
        Html = "html",
        /// A document for print
        Latex = "latex",
    }
}

/// The text of a trace.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The page in the chosen format.
    pub text: String,
    /// The comparison with difference quotients, if it was asked for.
    pub check: Option<Check>,
}

/// Traces one step of a run.
///
/// # Errors
/// If there is no such run, epoch, step or sample, or if the run does not reach it.
pub fn trace(plan: &Plan, options: &Options) -> Result<Trace, Error> {
    let run = plan.runs.get(options.run).ok_or_else(|| {
        let last = plan.runs.len() - 1;
        Problem::new(format!(
            "there is no run {}: the runs of `{}` are 0 to {last}, as in runs.csv",
            options.run, plan.name
        ))
    })?;
    let configuration = &plan.configurations[run.configuration];
    let task = plan.task(options.run);
    let divergence = if options.at_divergence {
        Some(find_divergence(&task, options.run)?)
    } else {
        None
    };
    let at = match &divergence {
        Some(divergence) => divergence.at,
        None => place(&task, options)?,
    };
    let observation = observe(&task, at, options.full);
    let check = options.check.then(|| check::check(&task, &observation));

    let explainer = Explainer {
        language: options.language,
        architecture: &configuration.architecture,
        settings: &configuration.settings,
        observation: &observation,
        nodes: if options.full { usize::MAX } else { NODES },
    };
    let page = sections::page(
        &explainer,
        plan,
        run,
        options.run,
        divergence.as_ref(),
        check.as_ref(),
    );
    let digits = match configuration.settings.precision {
        Precision::F32 => Digits::F32,
        Precision::F64 => Digits::F64,
    };
    let terms = if options.full { usize::MAX } else { TERMS };
    let text = match options.format {
        TraceFormat::Text => text::render(&page, digits, terms, &options.screen),
        TraceFormat::Html => html::render(&page, digits, terms, options.language),
        TraceFormat::Latex => latex::render(&page, digits, terms, options.language),
        TraceFormat::Json => {
            let context = json::Context {
                digits,
                run: options.run,
                observation: &observation,
                check: check.as_ref(),
                divergence: divergence.as_ref(),
            };
            json::render(&page, &context)
        }
    };
    Ok(Trace { text, check })
}

/// The step in the options, if the run has it.
fn place(task: &Task<'_>, options: &Options) -> Result<At, Error> {
    let wrong = |message: String| Err(Problem::new(message).into());
    let at = At {
        epoch: options.epoch,
        step: options.step,
        sample: options.sample,
    };
    let settings = task.settings;
    let count = task.train.x.nrows();
    let size = settings.batch_size.samples(count);
    let steps = count.div_ceil(size);
    if at.epoch == 0 || at.step == 0 || at.sample == 0 {
        return wrong("epochs, steps and samples are counted from 1".to_owned());
    }
    if at.epoch > settings.epochs {
        let epochs = settings.epochs;
        return wrong(format!(
            "there is no epoch {}: the run has {epochs}",
            at.epoch
        ));
    }
    if at.step > steps {
        return wrong(format!(
            "there is no step {}: an epoch has {steps}, with {count} samples in batches of {size}",
            at.step
        ));
    }
    let samples = size.min(count - (at.step - 1) * size);
    if at.sample > samples {
        return wrong(format!(
            "there is no sample {}: this batch has {samples}",
            at.sample
        ));
    }
    reached(task, at.epoch)?;
    Ok(at)
}

/// Checks that the run reaches an epoch: it may diverge or stop before.
fn reached(task: &Task<'_>, epoch: u64) -> Result<(), Error> {
    use engine::train::train;
    use engine::types::Ending;
    use std::ops::ControlFlow;

    if epoch == 1 {
        return Ok(());
    }
    let trained = train(task, &mut |row| {
        if row.epoch + 1 >= epoch {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let message = match trained.ending {
        Ending::Diverged { epoch: last, .. } if last < epoch => format!(
            "the run does not reach epoch {epoch}: it diverges in epoch {last} (--at-divergence shows the step)"
        ),
        Ending::Stopped { epoch: last } if last < epoch => {
            format!("the run does not reach epoch {epoch}: it is stopped early, after epoch {last}")
        }
        _ => return Ok(()),
    };
    Err(Problem::new(message).into())
}

fn find_divergence(task: &Task<'_>, run: usize) -> Result<Divergence, Error> {
    use engine::train::train;
    use engine::types::Ending;
    use std::ops::ControlFlow;

    if let Some(divergence) = engine::observe::find_divergence(task) {
        return Ok(divergence);
    }
    let ending = train(task, &mut |_| ControlFlow::Continue(())).ending;
    let message = match ending {
        Ending::Diverged { epoch, .. } => format!(
            "run {run} diverges in epoch {epoch} in the loss of the validation data alone: while it trains, every loss and every parameter is finite"
        ),
        _ => format!(
            "run {run} does not diverge: every loss and every parameter of its {} epochs is finite",
            task.settings.epochs
        ),
    };
    Err(Problem::new(message).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use page::{Item, Page};

    /// The formulas are evaluated with other roundings than the engine's. The differences are a few
    /// units in the last place of the largest term, and the terms of these experiments are below
    /// 10.
    const TOLERANCE: f64 = 1e-13;

    /// The page of a small experiment with these lines in its `[training]`.
    fn page_of(training: &str) -> Page {
        page_with("", training)
    }

    /// The page of [`page_of`], with these lines in its `[model]`.
    fn page_with(model: &str, training: &str) -> Page {
        let text = format!(
            "seed = 5\n[data]\nsource = \"xor\"\nsamples = 9\n[model]\nlayers = [2, 3, 1]\n\
             hidden = \"sigmoid\"\noutput = \"identity\"\n{model}\n[training]\nepochs = 3\n\
             learning_rate = 0.1\nbatch_size = 4\n{training}\n"
        );
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        let path = directory.path().join("experiment.toml");
        std::fs::write(&path, text).expect("a temporary file can be written");
        let plan = crate::plan::plan(&path, &[]).unwrap_or_else(|error| panic!("{error}"));
        let (configuration, run) = (&plan.configurations[0], &plan.runs[0]);
        let task = plan.task(0);
        let at = At {
            epoch: 2,
            step: 2,
            sample: 3,
        };
        let observation = observe(&task, at, true);
        let explainer = Explainer {
            language: Language::English,
            architecture: &configuration.architecture,
            settings: &configuration.settings,
            observation: &observation,
            nodes: usize::MAX,
        };
        sections::page(&explainer, &plan, run, 0, None, None)
    }

    /// Counts the formulas of a page, and checks that each gives the value beside it.
    fn formulas(page: Page, what: &str) -> usize {
        let mut count = 0;
        for section in page.sections {
            for item in &section.items {
                let Item::Quantity(quantity) = item else {
                    continue;
                };
                let Some(formula) = &quantity.formula else {
                    continue;
                };
                count += 1;
                let (found, value) = (formula.evaluate(), quantity.value);
                assert!(
                    (found - value).abs() <= TOLERANCE,
                    "{what}: {}: {} {found} {value}",
                    section.heading,
                    plain::text(&quantity.symbol)
                );
            }
        }
        count
    }

    #[test]
    fn dropped_outputs_and_weighted_samples_are_shown_with_their_factors() {
        let momentum = "loss = \"bce\"\noptimizer = { name = \"sgd\", momentum = 0.9 }";
        let plain = formulas(page_of(momentum), "plain");
        let weighted = format!("{momentum}\nclass_weights = {{ 0 = 2.0, 1 = 0.5 }}");
        let with = formulas(page_with("dropout = 0.5", &weighted), "both");
        // Dropout adds an output for each hidden node.
        assert_eq!(with, plain + 3);
    }

    #[test]
    fn the_numbers_put_into_a_formula_give_the_value_beside_it() {
        for training in [
            "",
            "l1 = 0.01\nl2 = 0.1",
            "clip_norm = 0.1",
            "clip_value = 0.05",
            "optimizer = { name = \"sgd\", momentum = 0.9, weight_decay = 0.1 }",
            "optimizer = { name = \"sgd\", momentum = 0.9, nesterov = true }",
            "optimizer = { name = \"adagrad\" }",
            "optimizer = { name = \"rmsprop\", momentum = 0.9 }",
            "optimizer = { name = \"rmsprop\", centered = true }",
            "optimizer = { name = \"adam\", amsgrad = true }",
            "optimizer = { name = \"adamw\", weight_decay = 0.1 }",
            "optimizer = { name = \"nadam\" }",
        ] {
            let count = formulas(page_of(training), training);
            // There are 8 for the forward pass, 1 for the loss, 4 nodes × 4 and 9 gradients, and
            // 13 × (G, g, new).
            assert!(count >= 60, "{training}: {count}");
        }
    }
}
