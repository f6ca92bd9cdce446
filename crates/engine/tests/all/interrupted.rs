//! A run that is interrupted several times, with its state written and read back each time, has the
//! bits of a run without interruption. The tests of the other promises call these functions for
//! their cases.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::lockstep::Queue;
use engine::train::{train_all, train_from, train_reference_from};
use engine::types::{Ending, EpochRow, Observer, Requests, State, Task, Trained};
use numbers::random::{Random, Stream, stream};

/// A state, and the number of rows before it.
type Kept = Option<(State, usize)>;

/// The state after it has been written to bytes and read back.
fn written_and_read(state: &State) -> State {
    let bytes = postcard::to_stdvec(state).expect("a state is plain data");
    postcard::from_bytes(&bytes).expect("it was written so")
}

/// The observer of one piece of a run.
struct Piece<'t> {
    dice: &'t mut Random,
    requests: &'t Requests,
    rows: &'t mut Vec<EpochRow>,
    kept: Kept,
}

impl Observer for Piece<'_> {
    fn epoch(&mut self, row: &EpochRow) -> ControlFlow<()> {
        self.rows.push(*row);
        match self.dice.below(4) {
            0 => ControlFlow::Break(()),
            1 => {
                self.requests.keep();
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Continue(()),
        }
    }

    /// A state that is not wanted at the end acts like a kill: the run goes on from an earlier
    /// state.
    fn wants_state(&mut self) -> bool {
        self.dice.below(4) > 0
    }

    fn keep(&mut self, state: State) {
        self.kept = Some((state, self.rows.len()));
        if self.dice.below(3) == 0 {
            self.requests.keep();
        }
    }
}

/// Trains one run in pieces. The dice of this seed decide for each piece whether it uses the
/// fastest way or the reference.
pub fn in_pieces(task: &Task<'_>, seed: u64) -> (Vec<EpochRow>, Trained) {
    let mut dice = stream(seed, Stream::Sweep);
    let mut rows = Vec::new();
    let mut kept: Kept = None;
    loop {
        rows.truncate(kept.as_ref().map_or(0, |(_, rows)| *rows));
        let state = kept.as_ref().map(|(state, _)| written_and_read(state));
        assert!(state.iter().all(|state| state.fits(task)));
        let requests = Requests::new();
        // The piece ends after its first batch.
        if dice.below(3) == 0 {
            requests.end();
        }
        let fast = dice.below(2) == 0;
        let mut piece = Piece {
            dice: &mut dice,
            requests: &requests,
            rows: &mut rows,
            kept: None,
        };
        let trained = match fast {
            true => train_from(state, task, &requests, &mut piece),
            false => train_reference_from(state, task, &requests, &mut piece),
        };
        kept = piece.kept.or(kept);
        if trained.ending != Ending::Interrupted {
            return (rows, trained);
        }
    }
}

/// Runs in lockstep, each of which is interrupted at the end of some epochs and put back into the
/// queue.
struct Pieces<'a> {
    tasks: &'a [Task<'a>],
    waiting: Vec<usize>,
    dice: Random,
    requests: &'a Requests,
    runs: BTreeMap<usize, (Vec<EpochRow>, Kept)>,
    ended: BTreeMap<usize, (Vec<EpochRow>, Trained)>,
}

impl<'a> Queue<'a> for Pieces<'a> {
    fn next(&mut self) -> Option<(usize, Task<'a>)> {
        let run = self.waiting.pop()?;
        let (rows, kept) = self.runs.entry(run).or_default();
        rows.truncate(kept.as_ref().map_or(0, |(_, rows)| *rows));
        Some((run, self.tasks[run]))
    }

    fn observe(&mut self, run: usize, row: &EpochRow) -> ControlFlow<()> {
        self.runs.entry(run).or_default().0.push(*row);
        match self.dice.below(3) {
            0 => ControlFlow::Break(()),
            1 => {
                self.requests.keep();
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn done(&mut self, run: usize, trained: Trained) {
        if trained.ending == Ending::Interrupted {
            self.waiting.push(run);
            return;
        }
        let (rows, _) = self.runs.remove(&run).unwrap_or_default();
        self.ended.insert(run, (rows, trained));
    }

    fn requests(&self) -> &'a Requests {
        self.requests
    }

    fn state(&mut self, run: usize) -> Option<State> {
        let (_, kept) = self.runs.get(&run)?;
        kept.as_ref().map(|(state, _)| written_and_read(state))
    }

    fn wants_state(&mut self, _: usize) -> bool {
        self.dice.below(4) > 0
    }

    fn keep(&mut self, run: usize, state: State) {
        let (rows, kept) = self.runs.entry(run).or_default();
        // A run alone may be interrupted in the middle of an epoch; in lockstep it goes on between
        // two epochs.
        if !state.is_within_an_epoch() {
            *kept = Some((state, rows.len()));
        }
    }
}

/// Trains runs in lockstep, interrupted by the dice of this seed.
pub fn in_pieces_side_by_side(
    tasks: &[Task<'_>],
    seed: u64,
) -> BTreeMap<usize, (Vec<EpochRow>, Trained)> {
    let requests = Requests::new();
    let mut pieces = Pieces {
        tasks,
        waiting: (0..tasks.len()).collect(),
        dice: stream(seed, Stream::Sweep),
        requests: &requests,
        runs: BTreeMap::new(),
        ended: BTreeMap::new(),
    };
    train_all(&mut pieces);
    pieces.ended
}
