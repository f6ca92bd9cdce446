//! Typing mistakes: the known word that an unknown one probably stands for.

/// A word in which a typing mistake is looked for.
///
/// The distance of two words is that of Damerau and Levenshtein in lower case: the number of
/// characters to insert, to remove, to replace, or to exchange with their neighbour.
///
/// ```
/// use problems::Spelling;
///
/// let word = Spelling::of("epohcs");
/// assert_eq!(word.nearest(["loss", "epochs"]), Some("epochs"));
/// assert!(word.is_within(1, "epochs"));
/// ```
#[derive(Debug)]
pub struct Spelling {
    lower: String,
    /// A bit for each letter and digit in it; `None` if it has other characters than ASCII.
    letters: Option<u64>,
}

impl Spelling {
    /// The spelling of a word.
    pub fn of(word: &str) -> Self {
        let lower = word.to_lowercase();
        let letters = letters(&lower);
        Self { lower, letters }
    }

    /// The candidate at the smallest distance; the first of several, and `None` if the distance of
    /// each is more than a third of the longer word.
    pub fn nearest<'a>(&self, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        candidates
            .into_iter()
            .filter_map(|candidate| {
                let longer = candidate.len().max(self.lower.len());
                let most = longer.div_ceil(3).min(longer.checked_sub(1)?);
                Some((self.distance(most, candidate)?, candidate))
            })
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, candidate)| candidate)
    }

    /// Whether the distance of a candidate is at most this.
    pub fn is_within(&self, most: usize, candidate: &str) -> bool {
        self.distance(most, candidate).is_some()
    }

    /// The distance of a candidate, if it is at most `most`.
    ///
    /// Every letter that only one of two words has takes an edit of its own, so most candidates are
    /// out before a distance is computed: an experiment of a hundred thousand unknown keys is
    /// refused in under a second.
    fn distance(&self, most: usize, candidate: &str) -> Option<usize> {
        if let (Some(own), Some(other)) = (self.letters, letters(candidate)) {
            let only = |a: u64, b: u64| (a & !b).count_ones() as usize;
            let differing = only(own, other).max(only(other, own));
            if differing.max(self.lower.len().abs_diff(candidate.len())) > most {
                return None;
            }
        }
        let distance = strsim::damerau_levenshtein(&self.lower, &candidate.to_lowercase());
        (distance <= most).then_some(distance)
    }
}

/// A bit for each letter and digit of a word, upper and lower case alike; `None` if it has other
/// characters than ASCII.
fn letters(word: &str) -> Option<u64> {
    word.bytes().try_fold(0, |letters, byte| {
        let bit = match byte {
            b'a'..=b'z' => byte - b'a',
            b'A'..=b'Z' => byte - b'A',
            b'0'..=b'9' => byte - b'0' + 26,
            _ => return byte.is_ascii().then_some(letters),
        };
        Some(letters | 1 << bit)
    })
}

/// The candidate that is nearest to an unknown word, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Spelling::of(word).nearest(candidates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_that_is_out_early_is_too_far() {
        let words = [
            "",
            "a",
            "A",
            "e1",
            "epochs",
            "Epohcs",
            "epochs2",
            "batch_size",
            "batchsize",
            "bach_size",
            "学習率",
            "größe",
            "GRÖSSE",
            "k",
            "\u{212a}",
            "learning_rate",
            "lr",
            "learnign-rate",
        ];
        for word in words {
            let spelling = Spelling::of(word);
            for candidate in words {
                let true_distance =
                    strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
                for most in 0..8 {
                    let found = spelling.distance(most, candidate);
                    let expected = (true_distance <= most).then_some(true_distance);
                    assert_eq!(found, expected, "{word} and {candidate} within {most}");
                }
            }
        }
    }
}
