//! Looking at a run: one step with every quantity, the step at which a run diverges, and the loss and
//! its gradient as functions of the parameters.
//!
//! A run is trained again by the text of training ([`parts`](crate::reference::parts), or whole
//! batches at once), up to the step that is looked at; the numbers are copied out between the parts
//! of that step. Nothing is computed here that training does not compute, but copies in f64, which
//! holds every f32 exactly.

mod divergence;
mod gradients;
mod objective;
mod replay;
mod step;

pub use divergence::{ASCENT_STEPS, Divergence, Milestone, find_divergence};
pub use objective::Objective;
pub use step::{At, Observation, Sample, Stages, observe};
