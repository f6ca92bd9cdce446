//! The share of a thread's time that each run took.
//!
//! A run that is alone on its thread took all of the time. Runs in lockstep share the time of their
//! thread in proportion to the work of one of their epochs ([`work`]). Towards the end, when no run
//! is left to fill an empty lane, the time of the empty lane is left out, so that the last run does
//! not seem slower than the first. The clock is read when a run begins and when it ends: between
//! these moments the shares stay the same.

use std::time::Instant;

use engine::types::{MultiplyAdds, Task};

/// The time of one thread, divided among the runs on it.
#[derive(Debug)]
pub struct ThreadTime {
    /// The time up to which the seconds have been divided.
    now: Instant,
    going: usize,
    /// The number of lanes: the most runs that were on the thread at once.
    places: usize,
    /// The work of one epoch of all runs on the thread.
    work: f64,
    /// The seconds so far for one unit of the work of an epoch.
    per_work: f64,
}

/// The beginning of a run's share.
#[derive(Debug, Clone, Copy)]
pub struct TimeShare {
    work: f64,
    from: f64,
}

impl ThreadTime {
    /// A thread without a run.
    pub fn new() -> Self {
        Self {
            now: Instant::now(),
            going: 0,
            places: 0,
            work: 0.0,
            per_work: 0.0,
        }
    }

    /// Begins a run whose epochs have this much work.
    pub fn begin(&mut self, work: f64) -> TimeShare {
        self.begin_at(Instant::now(), work)
    }

    /// Ends a run. Returns the seconds that it took.
    pub fn end(&mut self, time_share: TimeShare) -> f64 {
        self.end_at(Instant::now(), time_share)
    }

    /// The seconds that a run took so far.
    pub fn so_far(&mut self, time_share: TimeShare) -> f64 {
        self.divide(Instant::now());
        (self.per_work - time_share.from) * time_share.work
    }

    /// Leaves out the time since the last beginning or end, which was not training.
    pub fn skip(&mut self) {
        self.now = Instant::now();
    }

    fn begin_at(&mut self, now: Instant, work: f64) -> TimeShare {
        self.divide(now);
        self.going += 1;
        self.places = self.places.max(self.going);
        self.work += work;
        TimeShare {
            work,
            from: self.per_work,
        }
    }

    fn end_at(&mut self, now: Instant, time_share: TimeShare) -> f64 {
        self.divide(now);
        self.going -= 1;
        self.work -= time_share.work;
        if self.going == 0 {
            self.work = 0.0;
        }
        (self.per_work - time_share.from) * time_share.work
    }

    fn divide(&mut self, now: Instant) {
        if self.going > 0 {
            let passed = now.duration_since(self.now).as_secs_f64();
            let taken = self.going as f64 / self.places as f64;
            self.per_work += passed * taken / self.work;
        }
        self.now = now;
    }
}

/// The work of one epoch of a run, in about as many multiply-adds: forward and backward for every
/// training sample, forward for every validation sample, and for every update the parameters and
/// the optimizer's slots.
pub fn work(task: &Task<'_>) -> f64 {
    let MultiplyAdds { forward, backward } = task.architecture.multiply_adds();
    let parameters = task.architecture.parameters();
    let samples = task.train.x.nrows();
    let valid = task.valid.map_or(0, |valid| valid.x.nrows());
    let settings = task.settings;
    let updates = samples.div_ceil(settings.batch_size.samples(samples));
    let remembered = 1 + settings.optimizer.slots().len();
    samples as f64 * (forward + backward) as f64
        + valid as f64 * forward as f64
        + updates as f64 * (parameters * remembered) as f64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_thread_s_time_is_divided_in_proportion_to_work() {
        let mut thread_time = ThreadTime::new();
        let start = thread_time.now;
        let at = |seconds| start + Duration::from_secs(seconds);
        let large = thread_time.begin_at(at(0), 3.0);
        let small = thread_time.begin_at(at(0), 1.0);
        // Both runs share four seconds as three and one; then the large run has two seconds beside
        // an empty lane.
        assert_eq!(thread_time.end_at(at(4), small), 1.0);
        assert_eq!(thread_time.end_at(at(6), large), 4.0);
    }

    #[test]
    fn all_shares_together_are_the_whole_time() {
        let begin = Instant::now();
        let mut thread_time = ThreadTime::new();
        let first = thread_time.begin(2.0);
        std::thread::sleep(Duration::from_millis(20));
        let second = thread_time.begin(5.0);
        std::thread::sleep(Duration::from_millis(20));
        let sum = thread_time.end(first) + thread_time.end(second);
        let passed = begin.elapsed().as_secs_f64();
        assert!(sum >= 0.04 && sum <= passed, "{sum} of {passed}");
        // Time without a run belongs to no run.
        std::thread::sleep(Duration::from_millis(20));
        let third = thread_time.begin(1.0);
        assert!(thread_time.end(third) < 0.02);
    }
}
