//! The shaping of a batch's summed gradient before the optimizer uses it: the mean, the penalties,
//! the clipping, in this order.

use crate::parameters::Parameters;
use crate::words::settings::Settings;
use numbers::real::Real;

/// Added to the norm, so that a gradient of 0 can be scaled (PyTorch's constant).
const NORM_EPS: f64 = 1e-6;

/// The numbers of a run's penalties and clipping; each lane has those of its run.
#[derive(Debug, Clone, Copy)]
pub struct Shaping<T> {
    form: ShapingForm,
    /// The factor of the sum of absolute weights in the loss.
    pub l1: T,
    /// The factor of half the sum of squared weights in the loss.
    pub l2: T,
    /// The greatest absolute value of a gradient.
    pub clip_value: T,
    /// The greatest norm of all gradients.
    pub clip_norm: T,
}

/// Which parts [`Shaping`] has: runs of one form can be shaped in lockstep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShapingForm {
    l1: bool,
    l2: bool,
    clip_value: bool,
    /// Whether the norm is bounded.
    pub clip_norm: bool,
}

impl ShapingForm {
    /// The form without penalties and clipping.
    pub const NONE: Self = Self {
        l1: false,
        l2: false,
        clip_value: false,
        clip_norm: false,
    };

    /// The form of a run's settings.
    pub fn of(settings: &Settings) -> Self {
        Self {
            l1: settings.l1 != 0.0,
            l2: settings.l2 != 0.0,
            clip_value: settings.clip_value.is_some(),
            clip_norm: settings.clip_norm.is_some(),
        }
    }
}

impl<T: Real> Shaping<T> {
    /// The numbers of one run's settings, in every lane.
    pub fn new(settings: &Settings) -> Self {
        let unbounded = f64::INFINITY;
        Self {
            form: ShapingForm::of(settings),
            l1: T::from_f64(settings.l1),
            l2: T::from_f64(settings.l2),
            clip_value: T::from_f64(settings.clip_value.unwrap_or(unbounded)),
            clip_norm: T::from_f64(settings.clip_norm.unwrap_or(unbounded)),
        }
    }

    /// Sets one lane to the settings of another run of the same form.
    pub fn start_lane(&mut self, lane: usize, settings: &Settings) {
        assert_eq!(
            self.form,
            ShapingForm::of(settings),
            "runs in lockstep have one form"
        );
        let other = Self::new(settings);
        for (number, new) in [
            (&mut self.l1, other.l1),
            (&mut self.l2, other.l2),
            (&mut self.clip_value, other.clip_value),
            (&mut self.clip_norm, other.clip_norm),
        ] {
            *number = number.with_lane(lane, new.lane(lane));
        }
    }

    /// Which parts this shaping has.
    pub fn form(&self) -> ShapingForm {
        self.form
    }

    /// g plus the gradient of the penalties at weight w. Biases have no penalties.
    #[inline(always)]
    pub fn penalized(&self, g: T, w: T) -> T {
        let mut g = g;
        if self.form.l2 {
            g = self.l2.mul_add(w, g);
        }
        if self.form.l1 {
            let zero = T::zero();
            g += T::select(w.equal(zero), zero, self.l1.copysign(w));
        }
        g
    }

    /// The mean of a summed gradient at value w, with the penalties if w is a weight, and clipped
    /// to the greatest absolute value: the whole shaping but for the norm. `factor`: see
    /// [`mean_factor`].
    #[inline(always)]
    pub fn shaped(&self, sum: T, factor: T, w: T, is_weight: bool) -> T {
        let mean = sum * factor;
        self.clipped(if is_weight {
            self.penalized(mean, w)
        } else {
            mean
        })
    }

    /// g, clipped to the greatest absolute value.
    #[inline(always)]
    pub fn clipped(&self, g: T) -> T {
        if self.form.clip_value {
            g.at_least(-self.clip_value).at_most(self.clip_value)
        } else {
            g
        }
    }

    /// The factor for all gradients, given the sum of their squares: 1, or less where their norm is
    /// too large.
    #[inline(always)]
    pub fn scale(&self, squares: T) -> T {
        let norm = squares.sqrt();
        (self.clip_norm / (norm + T::from_f64(NORM_EPS))).at_most(T::one())
    }
}

/// The sum of the squares of all gradients. Each node's weights are summed from first to last, then
/// its bias; the nodes' sums are added from first to last, layer by layer.
#[inline(always)]
pub fn sum_of_squares<T: Real>(gradients: &Parameters<T>, layers: &[usize]) -> T {
    let mut total = T::zero();
    for (layer, &inputs) in layers[..layers.len() - 1].iter().enumerate() {
        let (d_weights, d_biases) = gradients.layer(layer);
        for (row, &bias) in d_weights.chunks_exact(inputs).zip(d_biases) {
            total += row_squares(row, bias);
        }
    }
    total
}

/// The part of one node in [`sum_of_squares`].
#[inline(always)]
pub fn row_squares<T: Real>(row: &[T], bias: T) -> T {
    let mut sum = T::zero();
    for &g in row {
        sum = g.mul_add(g, sum);
    }
    bias.mul_add(bias, sum)
}

/// 1 / the number of terms that a batch's gradient is averaged over.
#[inline(always)]
pub fn mean_factor<T: Real>(terms: usize) -> T {
    T::one() / T::from_count(terms)
}
