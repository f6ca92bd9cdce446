//! The observer of a run, which follows it while it is trained.

use core::ops::ControlFlow;

use crate::run::outcome::EpochRow;
use crate::run::state::State;

/// Receives the epochs of a run, may end it, and may keep its state.
pub trait Observer {
    /// Receives the row of an epoch in which all numbers stayed finite. `Break` ends the run.
    fn epoch(&mut self, row: &EpochRow) -> ControlFlow<()>;

    /// Whether the run's state is wanted now: another thread has asked for it, or the run is
    /// interrupted.
    fn wants_state(&mut self) -> bool {
        false
    }

    /// Receives the state that was wanted.
    fn keep(&mut self, _state: State) {}
}

/// An observer that receives epochs alone.
pub(crate) struct Epochs<'o>(pub &'o mut dyn FnMut(&EpochRow) -> ControlFlow<()>);

impl Observer for Epochs<'_> {
    fn epoch(&mut self, row: &EpochRow) -> ControlFlow<()> {
        (self.0)(row)
    }
}
