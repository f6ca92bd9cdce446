//! The threads of the current rayon pool.

use core::hint::spin_loop;
use core::sync::atomic::{AtomicBool, Ordering};

use rayon::Yield;

use super::rows::{GRAIN, Rows, is_shared};

/// How many threads can share work: those of the current rayon pool.
pub fn count() -> usize {
    rayon::current_num_threads()
}

/// Does the work with at most `threads` threads of the current rayon pool. If there are many rows,
/// each thread gets a multiple of `GRAIN` of them.
pub fn divide<W: Rows>(work: W, threads: usize) {
    let rows = work.rows();
    if threads < 2 || rows < 2 || !is_shared(work.cost()) {
        return work.run();
    }
    let middle = match rows / 2 {
        half if half < GRAIN => half,
        half => (half + GRAIN / 2) / GRAIN * GRAIN,
    };
    let (upper, lower) = work.split_at(middle);
    let done = AtomicBool::new(false);
    rayon::join(
        || {
            divide(upper, threads.div_ceil(2));
            help_until(|| done.load(Ordering::Acquire));
        },
        || {
            let _done = Done(&done);
            divide(lower, threads / 2);
        },
    );
}

/// Sets its flag when it is dropped: the work is done, or has panicked.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// How often a thread checks before it offers its core to other threads.
const LOOKS: usize = 64;

/// Does work that other threads of the pool share, until `enough` gives true. The thread stays
/// awake all the time, since between two steps of a batch there is no time to sleep and be woken.
pub fn help_until(enough: impl Fn() -> bool) {
    let mut looks = 0;
    while !enough() {
        if let Some(Yield::Executed) = rayon::yield_now() {
            looks = 0;
        } else if looks < LOOKS {
            looks += 1;
            spin_loop();
        } else {
            std::thread::yield_now();
        }
    }
}
