//! Optimizers: how the averaged gradient changes the parameters.
//!
//! [`Optimizer`] is the choice of a run. [`Rule`] has its numbers in the engine's type, one per
//! lane; [`Factors`] are the numbers of one update, and have the formulas. The numbers that a rule
//! remembers of each parameter are its *slots*. Each optimizer is a [`Method`] in a file of its
//! own, with its numbers, slots, factors and formulas, which are PyTorch's.

mod adagrad;
mod adam;
mod adamw;
mod method;
mod moments;
pub mod nadam;
mod rmsprop;
pub mod sgd;

use choices::choices;

pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamw::Adamw;
pub use method::{COUNTS, Formula, Lanes, Method, Update, Visit};
pub use nadam::Nadam;
use numbers::real::Real;
pub use rmsprop::Rmsprop;
pub use sgd::Sgd;

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

        /// The terms in the formula of an optimizer.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum OptimizerTerms { $(
            #[doc = $doc]
            $name(<$name as Method>::Terms),
        )* }

        impl Optimizer {
            /// The names of the slots, which the optimizer keeps for each parameter.
            pub fn slots(self) -> &'static [&'static str] {
                match self { $(Optimizer::$name(method) => method.slots()),* }
            }

            /// The terms of its formula, without the numbers. Runs whose optimizers have the same
            /// terms can be updated in lockstep.
            pub fn terms(self) -> OptimizerTerms {
                match self { $(Optimizer::$name(method) => OptimizerTerms::$name(method.terms())),* }
            }
        }

        /// An optimizer with its counts; each lane has the numbers of its run.
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

            /// Gives one lane another optimizer with the same terms, before its first update.
            pub fn start_lane(&mut self, lane: usize, optimizer: Optimizer) {
                match (self, optimizer) {
                    $((Rule::$name(rule), Optimizer::$name(method)) => {
                        rule.start_lane(lane, method);
                    })*
                    _ => panic!("the lanes have one optimizer"),
                }
            }

            /// The counts of a lane. With the settings and the slots, they determine the next
            /// updates.
            pub fn counts(&self, lane: usize) -> [f64; COUNTS] {
                match self { $(Rule::$name(rule) => rule.counts(lane)),* }
            }

            /// Lets a lane go on from these counts.
            pub fn resume_lane(&mut self, lane: usize, counts: [f64; COUNTS]) {
                match self { $(Rule::$name(rule) => rule.resume_lane(lane, counts)),* }
            }

            /// Goes to the next update in the lanes of the mask. Returns the factors of that update
            /// with learning rate η.
            #[inline(always)]
            pub fn advance(&mut self, mask: T::Mask, rate: T::Wide) -> Factors<T> {
                match self { $(
                    Rule::$name(rule) => Factors::$name(rule.advance(mask, rate))
                ),* }
            }

            /// The next update of all parameters of the visit, in the lanes of the mask.
            #[inline(always)]
            pub fn update(&mut self, mask: T::Mask, rate: T::Wide, visit: impl Visit<T>) {
                match self { $(Rule::$name(rule) => rule.advance(mask, rate).update(visit)),* }
            }
        }

        /// The numbers of one update: all that a rule's formula needs beside value, gradient and
        /// slots.
        #[derive(Debug, Clone, Copy)]
        pub enum Factors<T> { $(
            #[doc = $doc]
            $name($module::Factors<T>),
        )* }

        impl<T: Real> Factors<T> {
            /// Updates all parameters of the visit.
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
