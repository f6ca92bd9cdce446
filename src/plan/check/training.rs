//! Batches that the data does not fill, weights that cancel, dropout of nothing, and early stopping
//! that nothing watches.

use crate::plan::Configuration;
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
                format!("`training.batch_size` is {size}, but there are only {samples} samples to learn from"),
                "\"full\" says what this does",
            ));
        } else if size > 2 && samples > size && samples % size == 1 {
            let better = (2..=samples).filter(|better| samples.is_multiple_of(*better));
            let better = better.min_by_key(|better| better.abs_diff(size));
            let remedy = match better {
                Some(better) if better < samples && better.abs_diff(size) <= size / 2 => {
                    format!("{better} divides {samples}")
                }
                _ => format!(
                    "{} leaves a last batch of {}",
                    size - 1,
                    last(samples, size - 1)
                ),
            };
            warnings.push(
                site.warn(
                    configuration,
                    &keys,
                    format!("the last batch of every epoch has 1 sample: {samples} samples in batches of {size}"),
                    remedy,
                )
                .note("its update is as strong as the others', and as noisy as online learning's"),
            );
        }
    }
    let is_weighted = !configuration.settings.class_weights.are_equal();
    if is_weighted && configuration.settings.batch_size.samples(samples) == 1 {
        warnings.push(
            site.warn(
                configuration,
                &["training.class_weights", "training.batch_size"],
                "class weights cancel in batches of one sample: w l / w is l".to_owned(),
                "take larger batches",
            )
            .note("the reported losses are weighted, the updates are not"),
        );
    }
    let has_hidden = configuration.architecture.layers.len() > 2;
    if !has_hidden && site.said(configuration, "model.dropout").is_some() {
        warnings.push(site.warn(
            configuration,
            &["model.dropout"],
            "`model.dropout` drops outputs of hidden layers, and this network has none".to_owned(),
            "leave it out",
        ));
    }
    if configuration.settings.early_stopping.is_some() && configuration.data[0].valid.is_none() {
        warnings.push(site.warn(
            configuration,
            &["training.early_stopping"],
            "early stopping watches the training loss: there is no validation data".to_owned(),
            "set data.validation, as in validation = 0.2",
        ));
    }
}

/// Schedules and patience that reach beyond the last epoch, or end before it.
fn check_epochs(site: &Site<'_>, configuration: &Configuration, warnings: &mut Problems) {
    let settings = &configuration.settings;
    let epochs = settings.epochs;
    let mut warn = |keys: &[&str], message: String, remedy: &str| {
        warnings.push(site.warn(configuration, keys, message, remedy));
    };
    let key = |inner: &'static str| [inner, "training.schedule"];
    match &settings.schedule {
        Schedule::Step { step_size, .. } if *step_size >= epochs => warn(
            &key("training.schedule.step_size"),
            format!(
                "the learning rate never falls: its first step is after epoch {step_size}, and there are {epochs}"
            ),
            "take a smaller step_size, or more epochs",
        ),
        Schedule::Multistep { milestones, .. } => {
            let beyond = milestones.iter().find(|&&milestone| milestone >= epochs);
            if let Some(milestone) = beyond {
                warn(
                    &key("training.schedule.milestones"),
                    format!(
                        "the milestone {milestone} is never reached: there are {epochs} epochs"
                    ),
                    "leave it out, or take more epochs",
                );
            }
        }
        Schedule::Cosine { t_max, .. } if *t_max < epochs => warn(
            &key("training.schedule.t_max"),
            format!(
                "the learning rate rises again after epoch {t_max}: `t_max` is below the {epochs} epochs"
            ),
            "t_max is usually the number of epochs",
        ),
        Schedule::Linear { total_iters, .. } if *total_iters > epochs => warn(
            &key("training.schedule.total_iters"),
            format!(
                "the learning rate does not reach its end: `total_iters` is {total_iters}, and there are {epochs} epochs"
            ),
            "take as many epochs, or fewer total_iters",
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
            format!(
                "early stopping never stops: its patience is {}, and there are {epochs} epochs",
                stopping.patience
            ),
            "take a smaller patience, or more epochs",
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
