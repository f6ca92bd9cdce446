//! The units of work that a thread takes: one run, or runs of one signature that are trained in
//! lockstep.
//!
//! The unit with the most work is taken first, so that it does not keep one thread busy alone at
//! the end. A thread that finds no new unit joins a unit that still has runs. Every thread draws
//! from the same queue, so that all are busy until it is empty. After that, threads help with the
//! steps of the large runs that are still in training ([`Units::help`]).

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::lockstep::Signature;
use engine::train::can_be_helped;
use engine::types::Task;
use numbers::help_until;

/// Networks with more parameters than this are trained one by one: their vectors lie across the
/// numbers of one run.
pub const LOCKSTEP_PARAMETERS: usize = 1_000;

/// The next work of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A run that one thread trains.
    One(usize),
    /// A run with whose steps other threads can help while a [`Units::large_run`] is held.
    Large(usize),
    /// A unit of runs that are trained in lockstep; [`Units::next_of`] gives its runs one after the
    /// other.
    Lockstep(usize),
}

/// All units, with the runs that are not taken.
#[derive(Debug)]
pub struct Units {
    units: Mutex<Vec<Unit>>,
    /// The number of large runs in training.
    large: AtomicUsize,
}

#[derive(Debug)]
struct Unit {
    /// The runs that are not taken; the last one is the next.
    runs: Vec<usize>,
    kind: UnitKind,
    started: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum UnitKind {
    One,
    Large,
    Lockstep,
}

impl Units {
    /// The units of these runs, each given with its task. Runs that are `alone` are not trained in
    /// lockstep.
    pub fn new<'a>(
        runs: impl Iterator<Item = (usize, Task<'a>)>,
        alone: impl Fn(usize) -> bool,
    ) -> Self {
        let mut singles = Vec::new();
        let mut groups: Vec<Vec<(usize, Task<'a>)>> = Vec::new();
        let mut places: HashMap<Signature, usize> = HashMap::new();
        for (run, task) in runs {
            let signature = Signature::of(&task);
            if signature.parameters() > LOCKSTEP_PARAMETERS || alone(run) {
                singles.push((run, task));
                continue;
            }
            let place = *places.entry(signature).or_insert(groups.len());
            if place == groups.len() {
                groups.push(Vec::new());
            }
            groups[place].push((run, task));
        }
        let mut units: Vec<(f64, Unit)> = Vec::new();
        for (run, task) in singles {
            let kind = match can_be_helped(&task) {
                true => UnitKind::Large,
                false => UnitKind::One,
            };
            units.push((cost(&task), Unit::of(vec![run], kind)));
        }
        for mut group in groups {
            // Equal batch sizes are put together, so that their lanes are updated together; long
            // runs come first, so that no lane is busy alone at the end.
            group.sort_by_key(|(_, task)| {
                let settings = task.settings;
                let size = settings.batch_size.samples(task.train.x.nrows());
                (size, std::cmp::Reverse(settings.epochs))
            });
            let total = group.iter().map(|(_, task)| cost(task)).sum::<f64>();
            let kind = match group.len() {
                1 => UnitKind::One,
                _ => UnitKind::Lockstep,
            };
            let runs = group.into_iter().map(|(run, _)| run).collect();
            units.push((total, Unit::of(runs, kind)));
        }
        units.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        Self {
            units: Mutex::new(units.into_iter().map(|(_, unit)| unit).collect()),
            large: AtomicUsize::new(0),
        }
    }

    /// The next work; `None` if every run is taken.
    pub fn next(&self) -> Option<Work> {
        let mut units = self.lock();
        let waiting = units.iter_mut().enumerate();
        let (place, unit) = waiting
            .filter(|(_, unit)| !unit.runs.is_empty())
            .min_by_key(|(_, unit)| unit.started)?;
        unit.started = true;
        match unit.kind {
            UnitKind::One => unit.runs.pop().map(Work::One),
            UnitKind::Large => {
                self.large.fetch_add(1, Ordering::Relaxed);
                unit.runs.pop().map(Work::Large)
            }
            UnitKind::Lockstep => Some(Work::Lockstep(place)),
        }
    }

    /// Marks a large run as in training until the result is dropped.
    pub fn large_run(&self) -> LargeRun<'_> {
        LargeRun(self)
    }

    /// Helps with the steps of large runs until none is in training. It is for a thread with a core
    /// of its own, after [`Units::next`] has no more work.
    pub fn help(&self) {
        help_until(|| self.large.load(Ordering::Relaxed) == 0);
    }

    /// The next run of a unit; `None` if all are taken.
    pub fn next_of(&self, unit: usize) -> Option<usize> {
        self.lock()[unit].runs.pop()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Unit>> {
        self.units
            .lock()
            .expect("no thread panics while it takes a run")
    }
}

/// The mark of a large run in training; see [`Units::large_run`].
pub struct LargeRun<'a>(&'a Units);

impl Drop for LargeRun<'_> {
    fn drop(&mut self) {
        self.0.large.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Unit {
    fn of(mut runs: Vec<usize>, kind: UnitKind) -> Self {
        runs.reverse();
        Self {
            runs,
            kind,
            started: false,
        }
    }
}

/// About how many multiply-adds a run takes.
fn cost(task: &Task<'_>) -> f64 {
    let parameters = task.architecture.parameters();
    let samples = task.train.x.nrows() as f64;
    3.0 * parameters as f64 * samples * task.settings.epochs as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::types::{
        Activation, Architecture, BatchSize, Init, Loss, Samples, Scheme, Settings,
    };
    use numbers::matrix::DataMatrix;

    fn architecture(hidden: usize) -> Architecture {
        Architecture {
            layers: vec![2, hidden, 1],
            activations: vec![Activation::Tanh, Activation::Identity],
        }
    }

    fn settings(batch_size: usize, epochs: u64) -> Settings {
        Settings::plain(Loss::Mse, BatchSize::Samples(batch_size), epochs, 0.1)
    }

    #[test]
    fn the_costliest_unit_is_first_like_runs_go_in_lockstep_and_each_is_taken_once() {
        let (x, y) = (
            DataMatrix::new(8, 2, vec![0.0; 16]),
            DataMatrix::new(8, 1, vec![0.0; 8]),
        );
        let init = Init::Scheme(Scheme::Zeros);
        let (small, large) = (architecture(3), architecture(1_000));
        let all = [settings(4, 10), settings(1, 10), settings(1, 20)];
        let task = |architecture, settings| Task {
            architecture,
            init: &init,
            train: Samples { x: &x, y: &y },
            valid: None,
            settings,
            init_seed: 0,
            shuffle_seed: 0,
            target_units: &[],
            snapshots: false,
        };
        // Runs 0 to 2 are small and of one signature, run 3 is large.
        let mut tasks: Vec<_> = all.iter().map(|settings| task(&small, settings)).collect();
        tasks.push(task(&large, &all[0]));
        let units = Units::new(tasks.into_iter().enumerate(), |_| false);
        assert_eq!(units.next(), Some(Work::One(3)));
        let Some(Work::Lockstep(unit)) = units.next() else {
            panic!("three runs of one signature go in lockstep");
        };
        // Runs with equal batch sizes come together, the longer one first.
        assert_eq!(units.next_of(unit), Some(2));
        // A second thread joins the unit that still has runs.
        assert_eq!(units.next(), Some(Work::Lockstep(unit)));
        assert_eq!(units.next_of(unit), Some(1));
        assert_eq!(units.next_of(unit), Some(0));
        assert_eq!(units.next_of(unit), None);
        assert_eq!(units.next(), None);
    }
}
