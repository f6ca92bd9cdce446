//! Metrics compared with scikit-learn's values (golden/metrics.py writes them).

use choices::Choice;
use engine::predict::evaluate;
use engine::types::{Loss, Measures, Metric, Precision};
use ndarray::Array2;
use numbers::matrix::DataMatrix;
use serde_json::Value;

/// The sums of some dozen terms near 1 are in another order.
const TOLERANCE: f64 = 1e-12;

fn matrix(rows: &Value) -> Array2<f64> {
    let rows = rows.as_array().expect("rows");
    let width = rows[0].as_array().expect("a row").len();
    let numbers = rows.iter().flat_map(|row| row.as_array().expect("a row"));
    let numbers: Vec<f64> = numbers
        .map(|number| number.as_f64().expect("a number"))
        .collect();
    Array2::from_shape_vec((rows.len(), width), numbers).expect("rows of one width")
}

#[test]
fn every_metric_is_scikit_learns() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../golden/metrics.json")).expect("golden values");
    let mut seen = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let loss: Loss = serde_json::from_value(case["loss"].clone()).expect("a loss");
        let predictions = matrix(&case["predictions"]);
        let targets = DataMatrix::from(matrix(&case["targets"]));
        let metrics = Metric::that_fit(loss, false);
        let expected = case["expected"].as_object().expect("metrics");
        assert_eq!(expected.len(), metrics.len(), "case {number}");
        let mut measures = Measures::new(loss, &metrics, predictions.ncols(), &[]);
        measures.positive = case["positive"].as_u64().expect("a class") as usize;
        let (_, found) = evaluate(measures, &[], Precision::F64, &predictions, &targets);
        for (metric, found) in metrics.iter().zip(found) {
            let expected = expected[metric.word()].as_f64();
            let agrees = match expected {
                Some(expected) => (found - expected).abs() < TOLERANCE,
                None => found.is_nan(),
            };
            assert!(
                agrees,
                "case {number}: {} {found} {expected:?}",
                metric.word()
            );
        }
        seen.extend(metrics);
    }
    assert!(Metric::ALL.iter().all(|metric| seen.contains(metric)));
}

#[test]
fn a_metric_beyond_all_numbers_is_none() {
    let predictions = Array2::from_shape_vec((2, 1), vec![1e154, -1e154]).expect("a shape");
    let targets = Array2::from_shape_vec((2, 1), vec![1e-3, -1e-3]).expect("a shape");
    let metrics = [Metric::R2, Metric::Mae];
    let measures = Measures::new(Loss::HalfMse, &metrics, 1, &[]);
    let targets = DataMatrix::from(targets);
    let (loss, found) = evaluate(measures, &[], Precision::F64, &predictions, &targets);
    assert!(loss.is_finite());
    assert!(found[0].is_nan(), "1 - 2e308 / 2e-6 is beyond all numbers");
    assert_eq!(found[1], 1e154);
}

#[test]
fn metrics_are_in_the_targets_own_units() {
    let (predictions, targets) = ([[0.5, 1.0], [1.5, -1.0]], [[1.0, 0.0], [0.0, 1.0]]);
    let units = [[1000.0, 100.0], [0.0, 0.01]];
    let own = |rows: [[f64; 2]; 2]| {
        let value = |(row, column): (usize, usize)| {
            let [offset, divisor] = units[column];
            rows[row][column] * divisor + offset
        };
        Array2::from_shape_fn((2, 2), value)
    };
    let metrics = [Metric::Mae, Metric::Rmse, Metric::R2];
    let measures = |units| Measures::new(Loss::Mse, &metrics, 2, units);
    let learnt = |rows: [[f64; 2]; 2]| Array2::from(rows.to_vec());
    let scaled = evaluate(
        measures(&units),
        &[],
        Precision::F64,
        &learnt(predictions),
        &learnt(targets).into(),
    );
    let in_own_units = evaluate(
        measures(&[]),
        &[],
        Precision::F64,
        &own(predictions),
        &own(targets).into(),
    );
    // The loss is that of the scaled targets.
    assert_ne!(scaled.0, in_own_units.0);
    for (scaled, own) in scaled.1.iter().zip(&in_own_units.1) {
        assert!((scaled - own).abs() < 1e-9 * own.abs(), "{scaled} {own}");
    }
}
