//! Whoever follows a run from outside while it is trained.

use core::ops::ControlFlow;

use crate::run::outcome::EpochRow;
use crate::run::state::State;

/// Gets a run's epochs, may end it, and may keep its state.
pub trait Observer {
    /// An epoch has ended in which all stayed finite. `Break` ends the run.
    fn epoch(&mut self, row: &EpochRow) -> ControlFlow<()>;

    /// Whether the run's state is wanted now: it was asked for, or the run ends before its time.
    fn wants_state(&mut self) -> bool {
        false
    }

    /// The state that was wanted.
    fn keep(&mut self, _state: State) {}
}

/// Gets epochs alone.
pub(crate) struct Epochs<'o>(pub &'o mut dyn FnMut(&EpochRow) -> ControlFlow<()>);

impl Observer for Epochs<'_> {
    fn epoch(&mut self, row: &EpochRow) -> ControlFlow<()> {
        (self.0)(row)
    }
}
