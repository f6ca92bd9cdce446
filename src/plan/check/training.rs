//! Warnings about batch sizes that do not suit the number of samples, class weights without an effect,
//! dropout without hidden layers, and early stopping without validation data.

use crate::plan::Configuration;
use crate::text;
use engine::types::{BatchSize, Schedule};
use problems::Problems;

use super::Site;

pub fn check(site: &Site<'_>, configuration: &Configuration, warnings: &mut Problems) {
    check_epochs(site, configuration, warnings);
    let samples = configuration.data[0].train.x.nrows();
    let keys = ["training.batch_size", "training.epochs"];
    if let BatchSize::Samples(size) = configuration.settings.batch_size {
        let said = site.said(configuration, "training.batch_size").is_some();
        if size > samples && said {
            warnings.push(site.warn(
                configuration,
                &keys,
                text!(site.language, "check-batch", size = size, samples = samples),
                text!(site.language, "check-batch-remedy"),
            ));
        } else if size > 2 && samples > size && samples % size == 1 {
            let better = (2..=samples).filter(|better| samples.is_multiple_of(*better));
            let better = better.min_by_key(|better| better.abs_diff(size));
            let remedy = match better {
                Some(better) if better < samples && better.abs_diff(size) <= size / 2 => {
                    text!(
                        site.language,
                        "check-last-batch-divides",
                        size = better,
                        samples = samples
                    )
                }
                _ => text!(
                    site.language,
                    "check-last-batch-leaves",
                    size = size - 1,
                    last = last(samples, size - 1)
                ),
            };
            warnings.push(
                site.warn(
                    configuration,
                    &keys,
                    text!(
                        site.language,
                        "check-last-batch",
                        samples = samples,
                        size = size
                    ),
                    remedy,
                )
                .note(text!(site.language, "check-last-batch-note")),
            );
        }
    }
    let is_weighted = !configuration.settings.class_weights.are_equal();
    if is_weighted && configuration.settings.batch_size.samples(samples) == 1 {
        warnings.push(
            site.warn(
                configuration,
                &["training.class_weights", "training.batch_size"],
                text!(site.language, "check-class-weights"),
                text!(site.language, "check-class-weights-remedy"),
            )
            .note(text!(site.language, "check-class-weights-note")),
        );
    }
    let has_hidden = configuration.architecture.layers.len() > 2;
    if !has_hidden && site.said(configuration, "model.dropout").is_some() {
        warnings.push(site.warn(
            configuration,
            &["model.dropout"],
            text!(site.language, "check-dropout"),
            text!(site.language, "check-dropout-remedy"),
        ));
    }
    if configuration.settings.early_stopping.is_some() && configuration.data[0].valid.is_none() {
        warnings.push(site.warn(
            configuration,
            &["training.early_stopping"],
            text!(site.language, "check-watches-training"),
            text!(site.language, "check-watches-training-remedy"),
        ));
    }
}

/// Warns of schedules and patience that reach beyond the last epoch, or end before it.
fn check_epochs(site: &Site<'_>, configuration: &Configuration, warnings: &mut Problems) {
    let settings = &configuration.settings;
    let epochs = settings.epochs;
    let language = site.language;
    let mut warn = |keys: &[&str], message: String, remedy: String| {
        warnings.push(site.warn(configuration, keys, message, remedy));
    };
    let key = |inner: &'static str| [inner, "training.schedule"];
    match &settings.schedule {
        Schedule::Step { step_size, .. } if *step_size >= epochs => warn(
            &key("training.schedule.step_size"),
            text!(
                language,
                "check-step",
                step_size = *step_size,
                epochs = epochs
            ),
            text!(language, "check-step-remedy"),
        ),
        Schedule::Multistep { milestones, .. } => {
            let beyond = milestones.iter().find(|&&milestone| milestone >= epochs);
            if let Some(milestone) = beyond {
                warn(
                    &key("training.schedule.milestones"),
                    text!(
                        language,
                        "check-milestone",
                        milestone = *milestone,
                        epochs = epochs
                    ),
                    text!(language, "check-milestone-remedy"),
                );
            }
        }
        Schedule::Cosine { t_max, .. } if *t_max < epochs => warn(
            &key("training.schedule.t_max"),
            text!(language, "check-cosine", t_max = *t_max, epochs = epochs),
            text!(language, "check-cosine-remedy"),
        ),
        Schedule::Linear { total_iters, .. } if *total_iters > epochs => warn(
            &key("training.schedule.total_iters"),
            text!(
                language,
                "check-linear",
                total_iters = *total_iters,
                epochs = epochs
            ),
            text!(language, "check-linear-remedy"),
        ),
        _ => {}
    }
    if let Some(stopping) = &settings.early_stopping
        && stopping.patience >= epochs
    {
        warn(
            &[
                "training.early_stopping.patience",
                "training.early_stopping",
            ],
            text!(
                language,
                "check-patience",
                patience = stopping.patience,
                epochs = epochs
            ),
            text!(language, "check-patience-remedy"),
        );
    }
}

/// The size of the last batch.
fn last(samples: usize, size: usize) -> usize {
    match samples % size {
        0 => size,
        rest => rest,
    }
}
