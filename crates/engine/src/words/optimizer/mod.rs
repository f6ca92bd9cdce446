//! Optimizers: how the averaged gradient changes the parameters.
//!
//! [`Optimizer`] is what a run asks for. [`Rule`] is the same as numbers of the engine's type, one
//! per lane; [`Factors`] are the numbers of one update, and hold the formulas. What a rule remembers
//! of each parameter are its *slots*. Each optimizer is a [`Method`] in a file of its own, with its
//! numbers, slots, factors and formulas; they are PyTorch's.

mod adagrad;
mod adam;
mod adamw;
mod moments;
pub mod nadam;
mod rmsprop;
pub mod sgd;

use core::fmt::Debug;
use core::hash::Hash;

use choices::choices;

pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamw::Adamw;
pub use nadam::Nadam;
use numbers::real::Real;
pub use rmsprop::Rmsprop;
pub use sgd::Sgd;

/// What an [`Optimizer`] means: the settings of one.
pub trait Method: Copy {
    /// The terms that the formula has, without their numbers. A number that is
    /// 0 leaves its term out of the formula.
    type Terms: Debug + Copy + Eq + Hash;

    /// The names of what is remembered of each parameter.
    fn slots(self) -> &'static [&'static str];

    /// The terms that the formula has with these settings: runs with the same terms can be updated in lockstep.
    fn terms(self) -> Self::Terms;
}

/// The numbers of a [`Method`] in each lane, and what it counts.
pub trait Lanes<T: Real>: Copy {
    /// The optimizer.
    type Method: Method;
    /// The numbers of one update.
    type Factors: Update<T>;

    /// The same settings in every lane, before the first update.
    fn new(method: Self::Method) -> Self;

    /// Other settings with the same terms in one lane, before the first update.
    fn start_lane(&mut self, lane: usize, method: Self::Method);

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
fn descend<T: Real>(w: T, rate: T, direction: T) -> T {
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
use formulas;

/// Declares [`Optimizer`] and the choice of each one's [`Method`].
macro_rules! optimizers {
    ($(
        #[doc = $doc:literal] $(#[doc = $more:literal])*
        $name:ident($module:ident) = $word:literal
    ),* $(,)?) => {
        choices! {
            /// The rule of the update, with PyTorch's names and meanings.
            #[derive(Debug, Clone, Copy, PartialEq)]
            #[serde(tag = "name")]
            pub serde enum Optimizer named OptimizerName { $(
                #[doc = $doc] $(#[doc = $more])*
                $name($name) = $word
            ),* }
        }

        /// The terms that the formula of an optimizer has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum OptimizerTerms { $(
            #[doc = $doc]
            $name(<$name as Method>::Terms),
        )* }

        impl Optimizer {
            /// The names of what it remembers of each parameter.
            pub fn slots(self) -> &'static [&'static str] {
                match self { $(Optimizer::$name(method) => method.slots()),* }
            }

            /// The terms that its formula has, without its numbers: runs whose
            /// optimizers have the same terms can be updated in lockstep.
            pub fn terms(self) -> OptimizerTerms {
                match self { $(Optimizer::$name(method) => OptimizerTerms::$name(method.terms())),* }
            }
        }

        /// An optimizer at some step, its numbers in every lane those of that lane's run.
        #[derive(Debug, Clone, Copy)]
        pub enum Rule<T: Real> { $(
            #[doc = $doc]
            $name($module::Rule<T>),
        )* }

        impl<T: Real> Rule<T> {
            /// The rule of an optimizer, in every lane, before its first update.
            pub fn new(optimizer: Optimizer) -> Self {
                match optimizer { $(
                    Optimizer::$name(method) => Rule::$name($module::Rule::new(method))
                ),* }
            }

            /// Another optimizer with the same terms in one lane, before its first update.
            pub fn start_lane(&mut self, lane: usize, optimizer: Optimizer) {
                match (self, optimizer) {
                    $((Rule::$name(rule), Optimizer::$name(method)) => {
                        rule.start_lane(lane, method);
                    })*
                    _ => panic!("the lanes have one optimizer"),
                }
            }

            /// Goes to the next update where the mask says so; the factors of that update with
            /// learning rate η.
            #[inline(always)]
            pub fn advance(&mut self, mask: T::Mask, rate: T::Wide) -> Factors<T> {
                match self { $(
                    Rule::$name(rule) => Factors::$name(rule.advance(mask, rate))
                ),* }
            }

            /// The next update, where the mask says so, of all parameters that are visited.
            #[inline(always)]
            pub fn update(&mut self, mask: T::Mask, rate: T::Wide, visit: impl Visit<T>) {
                match self { $(Rule::$name(rule) => rule.advance(mask, rate).update(visit)),* }
            }
        }

        /// The numbers of one update: what a rule's formula needs beside value, gradient and slots.
        #[derive(Debug, Clone, Copy)]
        pub enum Factors<T> { $(
            #[doc = $doc]
            $name($module::Factors<T>),
        )* }

        impl<T: Real> Factors<T> {
            /// One update of all parameters that are visited.
            #[inline(always)]
            pub fn update(self, visit: impl Visit<T>) {
                match self { $(Factors::$name(factors) => factors.update(visit)),* }
            }
        }
    };
}

optimizers! {
    /// Gradient descent: w ← w − η g.
    Sgd(sgd) = "sgd",
    /// Duchi et al. 2011.
    Adagrad(adagrad) = "adagrad",
    /// Hinton 2012.
    Rmsprop(rmsprop) = "rmsprop",
    /// Kingma and Ba 2015.
    Adam(adam) = "adam",
    /// Loshchilov and Hutter 2019.
    Adamw(adamw) = "adamw",
    /// Dozat 2016.
    Nadam(nadam) = "nadam",
}
