//! Which values belong to a picture's scale: all but those of runs that exploded.

/// How far above the greatest median single values of a loss still matter.
const ROOM: f64 = 30.0;

/// How many spans of the medians below the least one single values of a rising metric still matter.
const SPANS: f64 = 3.0;

/// The values that belong to a scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    lowest: f64,
    highest: f64,
}

impl Reach {
    /// Every value.
    pub const ALL: Self = Self {
        lowest: f64::NEG_INFINITY,
        highest: f64::INFINITY,
    };

    /// Of configurations with these medians, each with whether most of its runs exploded, where some
    /// run did. Those that did not set the scale, as far as there are any.
    ///
    /// A loss that lies a million times and more above the next smaller one, and above 1, is off the
    /// scale as well: it is on its way to infinity.
    pub fn of(
        medians: impl Iterator<Item = (f64, bool)> + Clone,
        some_exploded: bool,
        rising: bool,
    ) -> Self {
        let calm = medians
            .clone()
            .filter(|(_, exploded)| some_exploded && !exploded);
        let (low, high) = calm.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (m, _)| {
            (low.min(m), high.max(m))
        });
        let known = low <= high;
        if rising {
            let lowest = low - (SPANS * (high - low)).max(1.0);
            return Self {
                lowest: if known { lowest } else { f64::NEG_INFINITY },
                ..Self::ALL
            };
        }
        let medians: Vec<f64> = medians.map(|(median, _)| median).collect();
        let medians = statistics::description::sorted(&medians);
        let gap = medians
            .windows(2)
            .find(|pair| pair[1] > 1.0 && pair[1] > 1e6 * pair[0]);
        let below = gap.map_or(f64::INFINITY, |pair| pair[0].abs() * ROOM);
        let above = if known {
            high.abs() * ROOM
        } else {
            f64::INFINITY
        };
        Self {
            highest: below.min(above),
            ..Self::ALL
        }
    }

    /// Whether a value belongs to the scale.
    pub fn holds(&self, value: f64) -> bool {
        (self.lowest..=self.highest).contains(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(medians: &[(f64, bool)], rising: bool) -> Reach {
        Reach::of(
            medians.iter().copied(),
            medians.iter().any(|median| median.1),
            rising,
        )
    }

    #[test]
    fn what_exploded_step_by_step_is_off_the_scale() {
        let reach = of(
            &[
                (0.1, false),
                (0.4, false),
                (1e3, true),
                (1e6, true),
                (1e36, true),
            ],
            false,
        );
        assert!(reach.holds(0.4) && reach.holds(11.0));
        assert!(!reach.holds(1e3) && !reach.holds(1e36));
    }

    #[test]
    fn a_rising_metric_that_fell_out_of_sight_is_off_the_scale() {
        let reach = of(&[(0.99, false), (0.2, false), (-4e3, true)], true);
        assert!(reach.holds(0.99) && reach.holds(-1.5));
        assert!(!reach.holds(-4e3));
    }

    #[test]
    fn where_nothing_is_calm_everything_is_shown() {
        assert_eq!(of(&[(1e3, true), (1e4, true)], false), Reach::ALL);
        assert_eq!(of(&[(-1e3, true)], true), Reach::ALL);
        assert_eq!(of(&[(0.1, false), (50.0, false)], false), Reach::ALL);
    }

    #[test]
    fn a_loss_far_above_all_others_is_off_the_scale_though_nothing_exploded() {
        let reach = of(&[(0.1, false), (0.2, false), (1e9, false)], false);
        assert!(reach.holds(0.2) && !reach.holds(1e9));
    }
}
