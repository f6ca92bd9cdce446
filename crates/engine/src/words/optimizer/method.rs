//! The parts of an optimizer: its settings, its numbers in each lane, and the formulas of an
//! update.

use core::fmt::Debug;
use core::hash::Hash;

use numbers::real::Real;

/// The most counts of an optimizer, which it keeps beside its slots.
pub const COUNTS: usize = 3;

/// The meaning of an [`Optimizer`](super::Optimizer): the settings of one method.
pub trait Method: Copy {
    /// The terms of the formula, without their numbers. A setting of 0 leaves its term out of the
    /// formula.
    type Terms: Debug + Copy + Eq + Hash;

    /// The names of the optimizer's slots, which it keeps for each parameter.
    fn slots(self) -> &'static [&'static str];

    /// The terms of the formula with these settings. Runs with the same terms can be updated in
    /// lockstep.
    fn terms(self) -> Self::Terms;
}

/// The numbers of a [`Method`] in each lane, and its counts.
pub trait Lanes<T: Real>: Copy {
    /// The settings.
    type Method: Method;
    /// The numbers of one update.
    type Factors: Update<T>;

    /// A rule with these settings in every lane, before the first update.
    fn new(method: Self::Method) -> Self;

    /// Gives one lane other settings with the same terms, before its first update.
    fn start_lane(&mut self, lane: usize, method: Self::Method);

    /// The counts of a lane. With the settings, they determine the factors of the next updates.
    fn counts(&self, lane: usize) -> [f64; COUNTS];

    /// Lets a lane go on from these counts.
    fn resume_lane(&mut self, lane: usize, counts: [f64; COUNTS]);

    /// Goes to the next update in the lanes of the mask. Returns the factors of that update with
    /// learning rate η.
    fn advance(&mut self, mask: T::Mask, rate: T::Wide) -> Self::Factors;
}

/// The numbers of one update: all that a formula needs beside value, gradient and slots.
pub trait Update<T>: Copy {
    /// Updates all parameters of the visit.
    fn update(self, visit: impl Visit<T>);
}

/// A visit to all parameters, which applies a formula to each (value, gradient, slots).
pub trait Visit<T> {
    /// Calls `formula.apply(value, gradient, slots)` for each parameter and stores the results.
    fn visit<const SLOTS: usize>(self, formula: impl Formula<T, SLOTS>);
}

/// The update of one parameter. It is a type instead of a closure, since the compiler may make a
/// closure a function of its own, compiled for any CPU.
pub trait Formula<T, const SLOTS: usize>: Copy {
    /// The new value and slots, from (value, gradient, slots).
    fn apply(self, w: T, g: T, slots: [T; SLOTS]) -> (T, [T; SLOTS]);
}

/// w − η d.
#[inline(always)]
pub(super) fn descend<T: Real>(w: T, rate: T, direction: T) -> T {
    (-rate).mul_add(direction, w)
}

/// Declares types with a [`Formula`] each, over the `Factors` of the file.
macro_rules! formulas {
    ($($(#[$doc:meta])* $name:ident: $count:literal, |$f:ident, $w:ident, $g:ident, $slots:pat_param| $body:expr;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy)]
            struct $name<T>(Factors<T>);

            impl<T: Real> Formula<T, $count> for $name<T> {
                #[inline(always)]
                fn apply(self, $w: T, $g: T, $slots: [T; $count]) -> (T, [T; $count]) {
                    let $f = self.0;
                    $body
                }
            }
        )*
    };
}
pub(super) use formulas;
