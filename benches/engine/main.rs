//! The speed of the engine: `cargo bench --bench engine`.
//!
//! There are four tables, each a list of named shapes:
//!
//! - *peak*: the multiply-adds that a core reaches when it does nothing else, per instruction set;
//! - *products*: the blocked matrix product at the shapes of real layers, in GFLOP/s and as a share
//!   of that peak;
//! - *steps*: training by the engine's public functions, in nanoseconds per sample step (forward,
//!   loss, backward, and its share of the update), and in GFLOP/s;
//! - *lockstep*: the same measure for runs of small networks in lockstep, a lane of a vector each.
//!
//! The peak is measured anew before each row that is compared with it, since the clock of a core
//! changes within seconds and absolute figures of another hour or machine cannot be compared. Every
//! figure is the best of several repetitions on one thread, so it is a figure per core. The
//! environment variable `RUNNER_ISA=avx2` (or `portable`) lowers the instruction set of the steps;
//! the other tables have a row for each set.
//!
//! A word after `--` chooses the rows whose names contain it: `cargo bench --bench engine -- W4`.

mod peak;
mod products;
mod steps;

use std::time::{Duration, Instant};

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    // As a test (`cargo test --benches`) everything runs once, to show that it works.
    let once = std::env::args().any(|word| word == "--test")
        || !std::env::args().any(|word| word == "--bench");
    let bench = Bench { wanted, once };
    peak::measure(&bench);
    products::measure(&bench);
    steps::measure(&bench);
}

/// The chosen rows, and the time of a measurement.
struct Bench {
    wanted: Vec<String>,
    once: bool,
}

impl Bench {
    /// Whether a row is chosen.
    fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|word| name.contains(word.as_str()))
    }

    /// The least seconds that `work` takes; it is repeated for at least half a second, and at least
    /// three times.
    fn seconds(&self, work: impl FnMut()) -> f64 {
        self.seconds_in(Duration::from_millis(500), work)
    }

    /// The least seconds that `work` takes; it is repeated for as long as `long_enough`.
    fn seconds_in(&self, long_enough: Duration, mut work: impl FnMut()) -> f64 {
        let started = Instant::now();
        let mut least = f64::INFINITY;
        let mut repetitions = 0;
        loop {
            let before = Instant::now();
            work();
            least = least.min(before.elapsed().as_secs_f64());
            repetitions += 1;
            let enough = repetitions >= 3 && started.elapsed() >= long_enough;
            if self.once || enough {
                return least;
            }
        }
    }
}
