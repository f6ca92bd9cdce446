//! The drawings of the intervals in the table of the configurations.

use std::fmt::Write;

use crate::report::ranking::Ranked;
use crate::report::reach::Reach;

/// The scale of the intervals, which is the same for all rows.
pub struct IntervalScale {
    low: f64,
    high: f64,
    logarithmic: bool,
    /// Values beyond this are off the scale and not drawn.
    reach: Reach,
}

impl IntervalScale {
    /// The pixels of a drawing.
    pub const WIDTH: f64 = 104.0;

    /// The scale on which the means and intervals of these rows fit, but for those out of reach.
    pub fn new(rows: &[Ranked], reach: Reach) -> Self {
        let means = || {
            rows.iter()
                .filter_map(|row| row.mean)
                .filter(|&mean| reach.holds(mean))
        };
        let logarithmic = means().all(|mean| mean > 0.0);
        let least = means().fold(f64::INFINITY, f64::min);
        let ends = rows
            .iter()
            .flat_map(|row| match row.has_interval() {
                true => [row.mean, row.ci_low, row.ci_high],
                false => [row.mean, None, None],
            })
            .flatten();
        // An interval that reaches below 0 is cut at a tenth of the least mean.
        let ends =
            ends.filter(|&value| reach.holds(value) && (!logarithmic || value >= least / 10.0));
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(v), h.max(v))
        });
        Self {
            low,
            high,
            logarithmic,
            reach,
        }
    }

    fn place(&self, value: f64) -> f64 {
        let share = if self.logarithmic {
            libm::log(value.max(self.low) / self.low) / libm::log(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        4.0 + (Self::WIDTH - 8.0)
            * if share.is_finite() {
                share.clamp(0.0, 1.0)
            } else {
                0.5
            }
    }

    /// The drawing as SVG; an empty text for a row without a mean on the scale.
    pub fn draw(&self, row: &Ranked) -> String {
        let Some(mean) = row.mean.filter(|&mean| self.reach.holds(mean)) else {
            return String::new();
        };
        let mut svg = format!(
            "<svg width=\"{0}\" height=\"14\" viewBox=\"0 0 {0} 14\" aria-hidden=\"true\">",
            Self::WIDTH
        );
        if let (Some(low), Some(high), true) = (row.ci_low, row.ci_high, row.has_interval()) {
            let _ = write!(
                svg,
                "<path d=\"M{:.1} 7H{:.1}\" class=\"s-muted\" stroke-width=\"1.5\"/>",
                self.place(low),
                self.place(high)
            );
        }
        let _ = write!(
            svg,
            "<circle cx=\"{:.1}\" cy=\"7\" r=\"3.2\" class=\"f-s0\"/></svg>",
            self.place(mean)
        );
        svg
    }
}
