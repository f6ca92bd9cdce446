//! A part of an experiment's runs, as `--shard 1/3` names it.

/// One part of an experiment's runs: those whose index, counted from 0, has the remainder
/// `number - 1` when it is divided by `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// The number of the part, from 1.
    pub number: usize,
    /// How many shards there are.
    pub of: usize,
}

impl Shard {
    /// Whether the run with this index belongs to the part.
    pub fn has(self, index: usize) -> bool {
        index % self.of == self.number - 1
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| {
            Some(Shard {
                number: number.parse().ok()?,
                of: of.parse().ok()?,
            })
        });
        match parts {
            Some(shard) if shard.number >= 1 && shard.number <= shard.of => Ok(shard),
            _ => Err("expected K/N with 1 <= K <= N, such as 1/3".to_owned()),
        }
    }
}
