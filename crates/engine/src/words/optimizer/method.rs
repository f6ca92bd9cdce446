//! What an optimizer is made of: its settings, the numbers of its lanes, and the formulas of an update.

use core::fmt::Debug;
use core::hash::Hash;

use numbers::real::Real;

/// The most numbers that an optimizer counts beside its slots.
pub const COUNTS: usize = 3;

/// What an [`Optimizer`](super::Optimizer) means: the settings of one.
pub trait Method: Copy {
    /// The terms that the formula has, without their numbers. A number that is 0 leaves its term out of
    /// the formula.
    type Terms: Debug + Copy + Eq + Hash;

    /// The names of what is remembered of each parameter.
    fn slots(self) -> &'static [&'static str];

    /// The terms that the formula has with these settings: runs with the same terms can be updated in
    /// lockstep.
    fn terms(self) -> Self::Terms;
}

/// The numbers of a [`Method`] in each lane, and what it counts.
pub trait Lanes<T: Real>: Copy {
    /// The optimizer.
    type Method: Method;
    /// The numbers of one update.
    type Factors: Update<T>;

    /// A rule with these settings in every lane, before the first update.
    fn new(method: Self::Method) -> Self;

    /// Gives one lane other settings with the same terms, before its first update.
    fn start_lane(&mut self, lane: usize, method: Self::Method);

    /// What has been counted in a lane: with the settings, all that the factors of the next updates
    /// depend on.
    fn counts(&self, lane: usize) -> [f64; COUNTS];

    /// Goes on from these counts in a lane.
    fn resume_lane(&mut self, lane: usize, counts: [f64; COUNTS]);

    /// Goes to the next update where the mask says so; the factors of that update with learning
    /// rate η.
    fn advance(&mut self, mask: T::Mask, rate: T::Wide) -> Self::Factors;
}

/// The numbers of one update: what a formula needs beside value, gradient and slots.
pub trait Update<T>: Copy {
    /// One update of all parameters that are visited.
    fn update(self, visit: impl Visit<T>);
}

/// A visit to all parameters: applies a formula to each (value, gradient, slots), wherever they lie.
pub trait Visit<T> {
    /// Calls `formula.apply(value, gradient, slots)` for each parameter and stores what it returns.
    fn visit<const SLOTS: usize>(self, formula: impl Formula<T, SLOTS>);
}

/// What an update makes of one parameter. A type and no closure: the compiler may leave a closure a
/// function of its own, made for any CPU.
pub trait Formula<T, const SLOTS: usize>: Copy {
    /// The new value and slots, from (value, gradient, slots).
    fn apply(self, w: T, g: T, slots: [T; SLOTS]) -> (T, [T; SLOTS]);
}

/// w − η d.
#[inline(always)]
pub(super) fn descend<T: Real>(w: T, rate: T, direction: T) -> T {
    (-rate).mul_add(direction, w)
}

/// Types of a [`Formula`] each, over the `Factors` of the file.
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
