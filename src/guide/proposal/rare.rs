//! Whether a class is rare: weights let it count, and the accuracy alone does not see it.

use data::{Dataset, TargetKind};

/// A class is rare if it has less than this share of the samples …
const RARE: f64 = 0.1;

/// … and less than this part of what it would have if all classes had as many.
const OF_AN_EVEN_SHARE: f64 = 0.5;

/// The class of which there are fewest, where these are few.
#[derive(Debug, Clone, PartialEq)]
pub struct Rare {
    /// The class's name, or its index where it has none.
    pub class: String,
    /// The class's share of the samples to train on, above 0.
    pub share: f64,
    /// What a sample of each class counts: √(samples of the most common class / its samples), half
    /// the way, in factors, from no weights to classes that count alike. Two digits.
    pub weights: Vec<(String, f64)>,
}

/// The rarest class of the part that is trained on, if it is rare; `None` for numbers as targets.
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
