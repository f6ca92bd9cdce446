//! Dropout: the outputs that it drops, and the cases in which it drops none. same_bits.rs and
//! lockstep.rs show that every way of training has the same bits, gradient_check.rs that its
//! gradients are right.

use std::ops::ControlFlow;

use engine::reference::session::Session;
use engine::train::train;
use engine::types::{
    Activation, Architecture, BatchSize, EpochRow, Init, Loss, Samples, Scheme, Settings, Task,
    Trained,
};
use numbers::matrix::DataMatrix;
use numbers::random::{Stream, substream};

const COUNT: usize = 11;

/// Trains 2-16-8-1 on drawn numbers with these rates.
fn run(dropout: &[f64], seed: u64, epochs: u64) -> (Vec<EpochRow>, Trained) {
    let mut result = None;
    with_task(dropout, seed, epochs, |task| {
        let mut rows = Vec::new();
        let trained = train(task, &mut |row| {
            rows.push(*row);
            ControlFlow::Continue(())
        });
        result = Some((rows, trained));
    });
    result.expect("it has been trained")
}

fn with_task(dropout: &[f64], seed: u64, epochs: u64, visit: impl FnOnce(&Task<'_>)) {
    let mut random = numbers::random::stream(1, Stream::Data);
    let mut draw = |columns| {
        let numbers: Vec<f64> = (0..COUNT * columns).map(|_| random.normal()).collect();
        DataMatrix::new(COUNT, columns, numbers)
    };
    let (x, y) = (draw(2), draw(1));
    let architecture = Architecture {
        layers: vec![2, 16, 8, 1],
        activations: vec![Activation::Tanh, Activation::Sigmoid, Activation::Identity],
    };
    let settings = Settings {
        dropout: dropout.to_vec(),
        shuffle: false,
        ..Settings::plain(Loss::HalfMse, BatchSize::Samples(4), epochs, 0.1)
    };
    let samples = Samples { x: &x, y: &y };
    visit(&Task {
        architecture: &architecture,
        init: &Init::Scheme(Scheme::XavierUniform { gain: 1.0 }),
        train: samples,
        valid: Some(samples),
        settings: &settings,
        init_seed: 5,
        shuffle_seed: seed,
        target_units: &[],
        snapshots: false,
    });
}

#[test]
fn a_rate_of_0_is_no_dropout_bit_for_bit() {
    let (with, without) = (run(&[0.0, 0.0], 3, 5), run(&[], 3, 5));
    // The rows are compared as text, in which NaN equals NaN.
    assert_eq!(format!("{:?}", with.0), format!("{:?}", without.0));
    assert_eq!(with.1.parameters, without.1.parameters);
}

#[test]
fn masks_are_of_the_seed() {
    let parameters = |seed| run(&[0.5, 0.2], seed, 3).1.parameters;
    assert_eq!(parameters(3), parameters(3));
    assert_ne!(parameters(3), parameters(4));
}

#[test]
fn nothing_is_dropped_in_validation() {
    // With a rate of almost 0 the network stays as it was, so that only dropout changes the loss.
    let (rows, _) = run(&[0.5, 0.5], 3, 4);
    let (plain, _) = run(&[], 3, 1);
    assert_ne!(rows[0].train_loss, plain[0].train_loss);
    with_task(&[0.5, 0.5], 3, 4, |task| {
        let settings = Settings {
            learning_rate: 1e-300,
            ..task.settings.clone()
        };
        let task = Task {
            settings: &settings,
            ..*task
        };
        let mut losses = Vec::new();
        train(&task, &mut |row| {
            losses.push((row.train_loss, row.valid_loss.expect("it is there")));
            ControlFlow::Continue(())
        });
        // Each epoch drops other outputs; the whole network has one loss.
        assert!(losses.windows(2).all(|pair| pair[0].0 != pair[1].0));
        assert!(losses.windows(2).all(|pair| pair[0].1 == pair[1].1));
    });
}

#[test]
fn the_word_of_a_node_is_at_its_place() {
    with_task(&[0.25, 0.5], 9, 4, |task| {
        let mut session = Session::<f64>::of(task);
        for epoch in 1..=3 {
            session.begin_epoch(epoch);
            session.begin();
            let mut words = vec![0; COUNT * 24];
            substream(9, Stream::Dropout, epoch).words(&mut words);
            for place in 0..COUNT {
                session.sample(&[0.3, 0.4], &[1.0]);
                let masks = session.pass.masks.concat();
                assert_eq!(masks.len(), 24);
                for (node, factor) in masks.into_iter().enumerate() {
                    let rate = if node < 16 { 0.25 } else { 0.5 };
                    let share = f64::from(words[place * 24 + node]) / 2f64.powi(32);
                    let expected = if share < rate {
                        0.0
                    } else {
                        1.0 / (1.0 - rate)
                    };
                    assert_eq!(factor, expected, "{epoch} {place} {node}");
                }
            }
        }
    });
}
