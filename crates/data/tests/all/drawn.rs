//! Data that is drawn: the generators, and the samples that a split keeps.

use choices::Choice;
use data::{Request, Samples, Source, Synthetic, TargetKind, Validation};
use proptest::prelude::*;
use serde::Deserialize;

use super::loading::{load, request, shipped};

fn synthetic(shape: Synthetic, samples: usize, noise: f64) -> Request {
    request(Source::Synthetic {
        shape,
        samples,
        noise,
    })
}

/// The sines, logarithms and square roots of two libraries differ in their last places.
const LIBRARIES: f64 = 1e-13;

#[derive(Deserialize)]
struct Golden {
    source: String,
    seed: u64,
    samples: usize,
    noise: f64,
    points: Vec<[f64; 3]>,
}

#[test]
fn the_generators_agree_with_the_playgrounds_formulas_in_python() {
    let text = std::fs::read_to_string("tests/golden/synthetic.json").unwrap();
    let cases: Vec<Golden> = serde_json::from_str(&text).unwrap();
    assert_eq!(cases.len(), 12);
    for case in cases {
        let shape = Synthetic::from_word(&case.source).unwrap();
        let request = synthetic(shape, case.samples, case.noise);
        let data = load(&request, case.seed, 0).unwrap();
        for (row, point) in case.points.iter().enumerate() {
            let ours = [
                data.train.x.get(row, 0),
                data.train.x.get(row, 1),
                data.train.y.get(row, 0),
            ];
            for (ours, theirs) in ours.iter().zip(point) {
                let close = (ours - theirs).abs() <= LIBRARIES * theirs.abs().max(1.0);
                assert!(
                    close,
                    "{} noise {} row {row}: {ours} {theirs}",
                    case.source, case.noise
                );
            }
        }
    }
}

#[test]
fn every_generator_gives_exactly_the_samples_asked_for() {
    for &shape in Synthetic::ALL {
        for samples in [1, 2, 3, 10, 251] {
            let data = load(&synthetic(shape, samples, 0.3), 1, 1).unwrap();
            assert_eq!(data.train.x.dim(), (samples, 2), "{shape:?}");
            assert_eq!(data.train.y.dim(), (samples, 1), "{shape:?}");
            if shape.has_two_classes() && shape != Synthetic::Circle && shape != Synthetic::Xor {
                let positive = data.train.y.iter().filter(|&y| y == 1.0).count();
                assert_eq!(positive, samples.div_ceil(2), "{shape:?}");
            }
        }
    }
}

#[test]
fn noise_moves_only_the_labels_where_the_playground_does_so() {
    for &shape in Synthetic::ALL {
        let quiet = load(&synthetic(shape, 200, 0.0), 3, 3).unwrap();
        let noisy = load(&synthetic(shape, 200, 0.5), 3, 3).unwrap();
        let moves = matches!(shape, Synthetic::Gaussian | Synthetic::Spiral);
        assert_eq!(quiet.train.x != noisy.train.x, moves, "{shape:?}");
        assert_eq!(quiet.train.y == noisy.train.y, moves, "{shape:?}");
    }
}

#[test]
fn two_class_generators_give_signs_to_numbers_and_indices_to_classes() {
    for (kind, values) in [
        (TargetKind::Numbers, [-1.0, 1.0]),
        (TargetKind::Binary, [0.0, 1.0]),
        (TargetKind::Classes, [0.0, 1.0]),
    ] {
        let mut request = synthetic(Synthetic::Xor, 50, 0.0);
        request.kind = kind;
        let data = load(&request, 0, 0).unwrap();
        for (row, y) in data.train.y.iter().enumerate() {
            let product: f64 = data.train.x.row(row).product();
            assert_eq!(y, values[usize::from(product >= 0.0)]);
        }
        assert_eq!(data.is_two_class(), kind == TargetKind::Numbers);
        assert_eq!(
            data.outputs(),
            if kind == TargetKind::Classes { 2 } else { 1 }
        );
    }
}

proptest! {
    #[test]
    fn a_split_keeps_every_sample_once_and_in_order(
        samples in 2_usize..200,
        share in 0.01_f64..0.99,
        seed: u64,
    ) {
        let x: Vec<Vec<f64>> = (0..samples).map(|i| vec![i as f64]).collect();
        let mut request = request(Source::Inline { x: x.clone(), y: x });
        request.validation = Validation::Share { share, stratify: false };
        let kept = (share * samples as f64).round() as usize;
        match load(&request, 0, seed) {
            Err(_) => prop_assert!(kept == 0 || kept == samples),
            Ok(data) => {
                let valid = data.valid.as_ref().unwrap();
                prop_assert_eq!(valid.x.nrows(), kept);
                let rows = |samples: &Samples| samples.x.iter().map(|x| x as usize).collect::<Vec<_>>();
                let (train, valid) = (rows(&data.train), rows(valid));
                prop_assert!(train.is_sorted() && valid.is_sorted());
                let mut all = [train, valid].concat();
                all.sort_unstable();
                prop_assert_eq!(all, (0..samples).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_stratified_split_keeps_the_shares_of_the_classes(seed: u64, share in 0.1_f64..0.9) {
        let mut request = request(shipped("iris.csv"));
        request.kind = TargetKind::Classes;
        request.validation = Validation::Share { share, stratify: true };
        let data = load(&request, 0, seed).unwrap();
        let valid = data.valid.as_ref().unwrap();
        prop_assert_eq!(valid.y.nrows(), (share * 150.0).round() as usize);
        for class in 0..3 {
            let count = valid.y.iter().filter(|&y| y == f64::from(class)).count();
            prop_assert!((count as f64 - share * 50.0).abs() <= 1.0);
        }
    }
}

#[test]
fn the_split_depends_on_its_seed_alone() {
    let mut request = synthetic(Synthetic::Plane, 100, 0.0);
    request.validation = Validation::Share {
        share: 0.5,
        stratify: false,
    };
    let valid = |data, split| load(&request, data, split).unwrap().valid.clone().unwrap();
    assert_eq!(valid(1, 2), valid(1, 2));
    assert_ne!(valid(1, 2), valid(1, 3));
    assert_ne!(valid(1, 2), valid(2, 2));
    // The rows that seed 2 keeps are pinned: they must never change.
    let whole = load(&synthetic(Synthetic::Plane, 100, 0.0), 1, 0).unwrap();
    let valid = valid(1, 2);
    let kept: Vec<usize> = (0..100)
        .filter(|&row| (0..50).any(|kept| valid.x.row(kept).eq(whole.train.x.row(row))))
        .collect();
    assert_eq!(kept[..10], PINNED);
}

/// The rows were computed by an independent ChaCha8, bounded draw and shuffle in Python.
const PINNED: [usize; 10] = [1, 4, 6, 8, 9, 11, 13, 14, 15, 17];
