//! The check for a rare class: class weights let it count, and the accuracy alone does not show it.

use data::{Dataset, TargetKind};

/// The share of the samples below which a class is rare …
const RARE: f64 = 0.1;

/// … if it is also below this part of an equal share.
const OF_AN_EVEN_SHARE: f64 = 0.5;

/// The class with the fewest samples, if it is rare.
#[derive(Debug, Clone, PartialEq)]
pub struct Rare {
    /// The name of the class, or its index if it has no name.
    pub class: String,
    /// The share of the class among the training samples, above 0.
    pub share: f64,
    /// The weight of each class: √(samples of the commonest class / its samples), with two digits.
    /// As a factor this is halfway from no weights to classes of equal weight.
    pub weights: Vec<(String, f64)>,
}

/// The rarest class of the training part, if it is rare; `None` for numbers as targets.
pub fn rare(dataset: &Dataset) -> Option<Rare> {
    let preparation = &dataset.preparation;
    let names = match preparation.kind {
        TargetKind::Numbers => return None,
        TargetKind::Binary if preparation.classes.is_empty() => {
            vec!["0".to_owned(), "1".to_owned()]
        }
        TargetKind::Binary | TargetKind::Classes => preparation.classes.clone(),
    };
    let mut counts = vec![0_usize; names.len()];
    for class in dataset.train.y.iter() {
        counts[class as usize] += 1;
    }
    let (index, &least) = counts.iter().enumerate().min_by_key(|(_, count)| **count)?;
    let most = *counts.iter().max()?;
    let share = least as f64 / dataset.train.y.nrows() as f64;
    let even = 1.0 / names.len() as f64;
    let weight = |count: usize| -> f64 {
        let weight = (most as f64 / count as f64).sqrt();
        format!("{weight:.1e}")
            .parse()
            .expect("a number as written")
    };
    (least > 0 && share < RARE && share < OF_AN_EVEN_SHARE * even).then(|| Rare {
        class: names[index].clone(),
        share,
        weights: names
            .iter()
            .cloned()
            .zip(counts.iter().map(|&n| weight(n)))
            .collect(),
    })
}
