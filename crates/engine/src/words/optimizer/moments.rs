//! Running means of the gradient and of its square, which start from 0 and are corrected for it.
//! Adam and its variants share them (Kingma and Ba 2015, §2 and §3).

use numbers::real::Real;

/// The names of the slots.
pub const SLOTS: &[&str] = &["mean", "mean square"];
/// The names of the slots with the greatest mean square so far (AMSGrad).
pub const AMSGRAD_SLOTS: &[&str] = &["mean", "mean square", "greatest mean square"];

/// The numbers of the rule, in each lane.
#[derive(Debug, Clone, Copy)]
pub struct Moments<T: Real> {
    pub betas: [T::Wide; 2],
    eps: T::Wide,
    /// The product of the first constants so far (β₁ᵗ if all are β₁), and β₂ᵗ.
    pub powers: [T::Wide; 2],
}

impl<T: Real> Moments<T> {
    /// The moments with these constants in every lane, before the first update.
    pub fn new(betas: [f64; 2], eps: f64) -> Self {
        let one = T::Wide::one();
        Self {
            betas: betas.map(T::Wide::splat),
            eps: T::Wide::splat(eps),
            powers: [one, one],
        }
    }

    /// Gives one lane other constants, before its first update.
    pub fn start_lane(&mut self, lane: usize, betas: [f64; 2], eps: f64) {
        for (number, value) in self.betas.iter_mut().zip(betas) {
            *number = number.with_lane(lane, value);
        }
        self.eps = self.eps.with_lane(lane, eps);
        self.powers = self.powers.map(|power| power.with_lane(lane, 1.0));
    }

    /// The products in a lane.
    pub fn counts(&self, lane: usize) -> [f64; 2] {
        self.powers.map(|power| power.lane(lane))
    }

    /// Lets a lane go on from these products.
    pub fn resume_lane(&mut self, lane: usize, counts: [f64; 2]) {
        for (power, count) in self.powers.iter_mut().zip(counts) {
            *power = power.with_lane(lane, count);
        }
    }

    /// Goes to the next update in the lanes of the mask; `first` is the first constant of this
    /// update.
    #[inline(always)]
    pub fn advance(&mut self, mask: T::Mask, first: T::Wide) -> Means<T> {
        let mask = T::widen_mask(mask);
        let [power, second_power] = self.powers;
        self.powers = [
            T::Wide::select(mask, power * first, power),
            T::Wide::select(mask, second_power * self.betas[1], second_power),
        ];
        let one = T::Wide::one();
        Means {
            take: T::narrow(one - self.betas[0]),
            keep_square: T::narrow(self.betas[1]),
            take_square: T::narrow(one - self.betas[1]),
            eps: T::narrow(self.eps),
            root_scale: T::narrow(one / (one - self.powers[1]).sqrt()),
        }
    }
}

/// The numbers of one update of the means.
#[derive(Debug, Clone, Copy)]
pub struct Means<T> {
    /// 1 − β₁.
    take: T,
    /// β₂.
    keep_square: T,
    /// 1 − β₂.
    take_square: T,
    eps: T,
    /// 1 / √(1 − β₂ᵗ).
    root_scale: T,
}

impl<T: Real> Means<T> {
    /// Updates the running means of the gradient and of its square.
    #[inline(always)]
    pub fn update(&self, g: T, [m, v]: [T; 2]) -> [T; 2] {
        let mean = self.take.mul_add(g - m, m);
        let square = (self.take_square * g).mul_add(g, self.keep_square * v);
        [mean, square]
    }

    /// √v̂ + ε.
    #[inline(always)]
    pub fn root(&self, v: T) -> T {
        v.sqrt().mul_add(self.root_scale, self.eps)
    }
}
