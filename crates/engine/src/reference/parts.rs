//! The parts of a step one by one: for an observer between them, and for a faster way of computing
//! the gradients.
//!
//! [`Session::step`] calls them in one piece. Here each part is compiled once, with the fastest
//! instructions of the CPU.

use crate::reference::session::Session;
use crate::run::examples::Examples;
use alloc::vec::Vec;
use numbers::dispatch::{Kernel, dispatch};
use numbers::real::Scalar;

/// A part of the end of a step.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// [`Session::average`] for a batch of `samples` samples.
    Average {
        /// Samples of the batch.
        samples: usize,
    },
    /// [`Session::penalize`].
    Penalize,
    /// [`Session::clip`].
    Clip,
    /// [`Session::update`].
    Update {
        /// η.
        learning_rate: f64,
    },
}

impl Part {
    /// All parts of the end of a step, in their order.
    pub fn all(samples: usize, learning_rate: f64) -> [Self; 4] {
        [
            Self::Average { samples },
            Self::Penalize,
            Self::Clip,
            Self::Update { learning_rate },
        ]
    }
}

/// Does these parts of the end of a step, after the gradients of the batch have been summed.
pub fn finish<T: Scalar>(session: &mut Session<T>, parts: &[Part]) {
    dispatch(Finish { session, parts });
}

struct Finish<'a, T: Scalar> {
    session: &'a mut Session<T>,
    parts: &'a [Part],
}

impl<T: Scalar> Kernel for Finish<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for &part in self.parts {
            match part {
                Part::Average { samples } => self.session.average(samples),
                Part::Penalize => self.session.penalize(),
                Part::Clip => self.session.clip(),
                Part::Update { learning_rate } => {
                    self.session.update(learning_rate);
                }
            }
        }
    }
}

/// Forward and backward for each of these samples, as [`Session::sample`] does it: their gradients
/// are added to those of the session. Returns the loss of each sample.
pub fn accumulate<T: Scalar>(
    session: &mut Session<T>,
    data: &mut Examples<'_, T>,
    samples: &[u32],
) -> Vec<f64> {
    dispatch(Accumulate {
        session,
        data,
        samples,
    })
}

struct Accumulate<'a, 's, T: Scalar> {
    session: &'a mut Session<T>,
    data: &'a mut Examples<'s, T>,
    samples: &'a [u32],
}

impl<T: Scalar> Kernel for Accumulate<'_, '_, T> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run(self) -> Vec<f64> {
        let mut losses = Vec::with_capacity(self.samples.len());
        for &sample in self.samples {
            let (x, targets) = self.data.sample(sample as usize);
            losses.push(self.session.sample(x, targets).to_f64());
        }
        losses
    }
}
