//! The error rates of the corrected resampled t-test on fresh data: how often it calls one of two
//! equals better, and how often it finds a difference. The figures are in `docs/report.md`.
//!
//!     cargo test --release --test all resampling -- --ignored --nocapture

use std::ops::ControlFlow;

use data::{Dataset, Pool, Request, Scale, Seeds, Source, TargetKind, Test, Validation};
use engine::train::train;
use engine::types::{
    Activation, Architecture, BatchSize, Init, Loss, Samples, Scheme, Settings, Task,
};
use numbers::random::{Stream, replicate_seed, stream};
use rayon::prelude::*;
use statistics::design::Design;
use statistics::paired::{Outcome, Verdict, judge, paired};

/// The number of tables for each figure.
const TABLES: u64 = 2_000;
/// The rows of each table.
const ROWS: usize = 60;

/// The way in which a table is resampled.
#[derive(Debug, Clone, Copy)]
struct Resampling {
    validation: Kept,
    replicates: u32,
}

#[derive(Debug, Clone, Copy)]
enum Kept {
    Folds(u32),
    Share(f64),
}

/// The difference between two learners.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Pair {
    /// The same network on the same features, with other seeds.
    Seeds,
    /// Each learner has another feature of equal value, so that their expected losses are equal.
    Unlike,
    /// Each learner has another feature; that of A is better by this factor.
    Better(f64),
}

impl Resampling {
    fn runs(self) -> (u32, u32) {
        match self.validation {
            Kept::Folds(folds) => (self.replicates, folds),
            Kept::Share(_) => (self.replicates, 1),
        }
    }

    fn validation(self) -> Validation {
        match self.validation {
            Kept::Folds(folds) => Validation::Folds {
                folds,
                stratify: false,
            },
            Kept::Share(share) => Validation::Share {
                share,
                stratify: false,
            },
        }
    }

    fn design(self) -> Design {
        let (valid_per_train, folds) = match self.validation {
            Kept::Folds(folds) => (1.0 / f64::from(folds - 1), u64::from(folds)),
            Kept::Share(share) => (share / (1.0 - share), 1),
        };
        Design::Resampled {
            valid_per_train,
            folds,
        }
    }

    fn name(self) -> String {
        match self.validation {
            Kept::Folds(folds) => format!("{folds} folds x {}", self.replicates),
            Kept::Share(share) => format!("{} splits of {share}", self.replicates),
        }
    }
}

/// The losses of one learner on every part of a table, which has a column of features and the
/// targets.
fn losses(x: &[f64], y: &[f64], scheme: Resampling, table: u64, learner: u64) -> Vec<Outcome> {
    let request = Request {
        source: Source::Inline {
            x: x.iter().map(|&x| vec![x]).collect(),
            y: y.iter().map(|&y| vec![y]).collect(),
        },
        validation: scheme.validation(),
        test: Test::None,
        kind: TargetKind::Numbers,
        derive: Vec::new(),
        scale: Scale::None,
        scale_targets: Scale::None,
        outputs: None,
    };
    let pool = Pool::read(&request, Seeds::default()).expect("the table is sound");
    let (replicates, folds) = scheme.runs();
    let mut outcomes = Vec::new();
    for replicate in 0..replicates {
        let seed = replicate_seed(table, replicate);
        for fold in 0..folds {
            let data = pool.clone().divide(&request, seed, fold);
            let own = replicate_seed(seed ^ learner, replicate);
            outcomes.push(Some(loss(&data.expect("the parts are sound"), own)));
        }
    }
    outcomes
}

/// The validation loss of a small network after its last epoch.
fn loss(data: &Dataset, seed: u64) -> f64 {
    let samples = |part: &'_ data::Samples| (part.x.clone(), part.y.clone());
    let (train_x, train_y) = samples(&data.train);
    let (valid_x, valid_y) = samples(data.valid.as_ref().expect("there is a validation part"));
    let architecture = Architecture {
        layers: vec![1, 3, 1],
        activations: vec![Activation::Tanh, Activation::Identity],
    };
    let settings = Settings::plain(Loss::Mse, BatchSize::Samples(8), 20, 0.05);
    let task = Task {
        architecture: &architecture,
        init: &Init::Scheme(Scheme::XavierUniform { gain: 1.0 }),
        train: Samples {
            x: &train_x,
            y: &train_y,
        },
        valid: Some(Samples {
            x: &valid_x,
            y: &valid_y,
        }),
        settings: &settings,
        init_seed: seed,
        shuffle_seed: seed,
        target_units: &[],
        snapshots: false,
    };
    let mut last = f64::NAN;
    train(&task, &mut |row| {
        last = row.valid_loss.unwrap_or(f64::NAN);
        ControlFlow::Continue(())
    });
    last
}

/// The shares of tables for which A is called better and worse, by the corrected test and by the
/// plain paired one.
fn shares(pair: Pair, scheme: Resampling) -> [f64; 4] {
    let verdicts: Vec<[Verdict; 2]> = (0..TABLES)
        .into_par_iter()
        .map(|table| {
            let mut random = stream(table, Stream::Data);
            let mut column = || -> Vec<f64> { (0..ROWS).map(|_| random.normal()).collect() };
            let (one, two, noise) = (column(), column(), column());
            let weight = match pair {
                Pair::Better(factor) => factor,
                _ => 1.0,
            };
            let targets: Vec<f64> = (0..ROWS)
                .map(|row| weight * one[row] + two[row] + 0.5 * noise[row])
                .collect();
            let seen_by_b = if pair == Pair::Seeds { &one } else { &two };
            let a = losses(&one, &targets, scheme, table, 0);
            let b = losses(seen_by_b, &targets, scheme, table, 1 << 40);
            [scheme.design(), Design::Independent].map(|design| {
                let mut family = [paired(&a, &b, false, design)];
                judge(&mut family, false);
                family[0].verdict
            })
        })
        .collect();
    let share = |test: usize, verdict: Verdict| {
        let count = verdicts.iter().filter(|both| both[test] == verdict).count();
        count as f64 / TABLES as f64
    };
    [
        share(0, Verdict::Better),
        share(0, Verdict::Worse),
        share(1, Verdict::Better),
        share(1, Verdict::Worse),
    ]
}

#[test]
#[ignore = "trains hundreds of thousands of networks"]
fn equals_are_seldom_told_apart_and_a_difference_is_found() {
    let schemes = [
        (Kept::Folds(5), 1),
        (Kept::Folds(5), 4),
        (Kept::Folds(10), 1),
        (Kept::Folds(10), 3),
        (Kept::Share(0.2), 10),
    ];
    // The bound is the share of a level of 5 % in this many tables, plus three standard errors.
    let bound = 0.05 + 3.0 * (0.05 * 0.95 / TABLES as f64).sqrt();
    for (validation, replicates) in schemes {
        let scheme = Resampling {
            validation,
            replicates,
        };
        for pair in [
            Pair::Seeds,
            Pair::Unlike,
            Pair::Better(1.5),
            Pair::Better(2.0),
        ] {
            let [better, worse, plain_better, plain_worse] = shares(pair, scheme);
            println!(
                "{:20} {:12} better {better:.4} worse {worse:.4} | plain paired t: better {plain_better:.4} worse {plain_worse:.4}",
                scheme.name(),
                format!("{pair:?}"),
            );
            match pair {
                Pair::Seeds | Pair::Unlike => assert!(
                    better + worse <= bound,
                    "{} {pair:?}: {better} + {worse}",
                    scheme.name()
                ),
                Pair::Better(_) => assert!(better > worse),
            }
        }
    }
}
