//! The observation of a run: one step with every quantity, the step at which a run diverges, and
//! the loss and its gradient as functions of the parameters.
//!
//! A run is trained again, up to the observed step, by the code of training
//! ([`parts`](crate::reference::parts), or whole batches at once). The numbers are copied between
//! the parts of that step. Only copies in f64 are added, which holds every f32 exactly.

mod divergence;
mod gradients;
mod objective;
mod replay;
mod step;

pub use divergence::{ASCENT_STEPS, Divergence, Milestone, find_divergence};
pub use objective::Objective;
pub use step::{At, Observation, Sample, Stages, observe};
