//! The area under the ROC curve.

use alloc::vec;
use alloc::vec::Vec;

use super::judged::Judged;
use super::measure::{Measure, NoTerms, Subject};
use crate::words::loss::Loss;
use numbers::functions::exp;

/// [`Metric::Auc`](super::Metric::Auc).
pub struct Auc;

impl Measure for Auc {
    const RISES: bool = true;
    const RANGE: [f64; 2] = [0.0, 1.0];
    const SUBJECT: Subject = Subject::Classes;
    type Terms = NoTerms;

    fn of(judged: &Judged<'_>) -> f64 {
        if judged.loss != Loss::CrossEntropy {
            return judged.mean((0..judged.outputs).map(|output| {
                let scores = judged.column(output).map(|(p, t)| (p, t > 0.0));
                area(scores.collect())
            }));
        }
        let rows = judged.predictions.chunks_exact(judged.outputs);
        let rows = rows.zip(judged.targets);
        if judged.outputs == 2 {
            // The probability of the second class rises with the difference of its logit and that
            // of the first class.
            let scores = rows.map(|(logits, &class)| (logits[1] - logits[0], class == 1.0));
            return area(scores.collect());
        }
        let mut scores = vec![Vec::new(); judged.outputs];
        for (logits, &actual) in rows {
            for (class, (scores, share)) in scores.iter_mut().zip(shares(logits)).enumerate() {
                scores.push((share, class == actual as usize));
            }
        }
        judged.mean(scores.into_iter().map(area))
    }
}

/// The probabilities of the classes: exp(zᵢ − max z) / Σ exp(zⱼ − max z), the sum from first to last.
fn shares(logits: &[f64]) -> Vec<f64> {
    let greatest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|&z| exp(z - greatest)).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// The probability that a score of the class is above one of the others, where equal scores count
/// half (Mann and Whitney 1947); NaN if one of the two groups is empty.
fn area(mut scores: Vec<(f64, bool)>) -> f64 {
    if scores.iter().any(|(score, _)| score.is_nan()) {
        return f64::NAN;
    }
    scores.sort_unstable_by(|a, b| a.0.total_cmp(&(b.0)));
    let (mut wins, mut below, mut own) = (0.0, 0.0, 0.0);
    for equal in scores.chunk_by(|a, b| a.0 == b.0) {
        let here = equal.iter().filter(|(_, is_own)| *is_own).count() as f64;
        let others = equal.len() as f64 - here;
        wins += here * (below + others / 2.0);
        below += others;
        own += here;
    }
    if own * below == 0.0 {
        return f64::NAN;
    }
    wins / (own * below)
}
