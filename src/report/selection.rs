//! The configurations that are drawn, with their colours. Of a thousand, a page shows the most
//! important few and says so.

use super::comparison::Comparison;
use super::results::Results;
use crate::language::Language;
use pictures::SERIES;

/// The most configurations that a page draws.
pub const DRAWN: usize = 24;

/// One configuration that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnConfiguration {
    /// The configuration's index in plan order.
    pub configuration: usize,
    /// The index of the colour, which belongs to the configuration's value of `by`.
    pub series: usize,
    /// The configuration's name.
    pub name: String,
    /// Whether it is the best with its value of `by`; the others are drawn on demand.
    pub leads: bool,
}

/// The configurations that are drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The language of the pictures.
    pub language: Language,
    /// The leading configurations, then the others, each group by rank.
    pub drawn: Vec<DrawnConfiguration>,
    /// The number of all configurations.
    pub of: usize,
}

impl Selection {
    /// The best configuration of each value of `by` (for as many values as there are colours), then
    /// the best of the rest.
    pub fn new(results: &Results, comparison: &Comparison) -> Self {
        let differing = comparison.naming_keys(results);
        let name = |configuration: usize| results.label(configuration, &differing);
        let mut drawn = Vec::new();
        if comparison.levels.is_empty() {
            drawn.extend(
                comparison
                    .ranked
                    .first()
                    .map(|&configuration| DrawnConfiguration {
                        configuration,
                        series: 0,
                        name: name(configuration),
                        leads: true,
                    }),
            );
        }
        for (series, level) in comparison.levels.iter().take(SERIES).enumerate() {
            drawn.push(DrawnConfiguration {
                configuration: level.best,
                series,
                name: name(level.best),
                leads: true,
            });
        }
        for &configuration in &comparison.ranked {
            if drawn.len() >= DRAWN {
                break;
            }
            if drawn
                .iter()
                .any(|other| other.configuration == configuration)
            {
                continue;
            }
            let series = comparison
                .levels
                .iter()
                .position(|level| level.configurations.contains(&configuration));
            drawn.push(DrawnConfiguration {
                configuration,
                series: series.unwrap_or(0) % SERIES,
                name: name(configuration),
                leads: false,
            });
        }
        Self {
            language: results.language,
            drawn,
            of: results.configurations.len(),
        }
    }

    /// The configurations that are drawn at first.
    pub fn leading(&self) -> impl Iterator<Item = &DrawnConfiguration> {
        self.drawn.iter().filter(|drawn| drawn.leads)
    }
}
