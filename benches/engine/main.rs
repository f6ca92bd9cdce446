//! How fast the engine is: `cargo bench --bench engine`.
//!
//! Four tables, each a list of named shapes:
//!
//! - *peak*: what a core's multiply-adds reach with nothing else to do, per instruction set;
//! - *products*: the blocked matrix product at the shapes of real layers, in GFLOP/s and as a share
//!   of that peak;
//! - *steps*: training by the engine's public door, in nanoseconds per sample step (forward, loss,
//!   backward, and its share of the update), and in GFLOP/s;
//! - *lockstep*: the same for runs of small networks in lockstep, a lane of a vector each.
//!
//! The peak is measured anew before each row that is compared with it: a core's clock changes within
//! seconds, and absolute figures of another hour or machine mean nothing. Every figure is the best of several repetitions on one thread, so
//! it is a figure per core. `RUNNER_ISA=avx2` (or `portable`) in the environment lowers the
//! instruction set of the steps; the other tables have a row for each set.
//!
//! A word behind `--` chooses rows whose name contains it: `cargo bench --bench engine -- W4`.

mod peak;
mod products;
mod steps;

use std::time::{Duration, Instant};

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    // As a test (`cargo test --benches`) everything runs once, to show that it does.
    let once = std::env::args().any(|word| word == "--test")
        || !std::env::args().any(|word| word == "--bench");
    let bench = Bench { wanted, once };
    peak::measure(&bench);
    products::measure(&bench);
    steps::measure(&bench);
}

/// What is measured, and how long.
struct Bench {
    wanted: Vec<String>,
    once: bool,
}

impl Bench {
    /// Whether a row is asked for.
    fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|word| name.contains(word.as_str()))
    }

    /// The least seconds that a piece of work takes: repeated for at least half a second, and three
    /// times.
    fn seconds(&self, work: impl FnMut()) -> f64 {
        self.seconds_in(Duration::from_millis(500), work)
    }

    /// As [`Bench::seconds`], repeated for as long.
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
