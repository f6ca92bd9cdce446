//! How many threads there are to be had.
//!
//! A container or a user's limit may refuse a thread. Then the program does with those it gets: with
//! one thread if need be, which it has already.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::Builder;

use data::memory::{AddressSpace, size};
use problems::Error;

/// Threads beside the pool's: one that shows progress, and one that waits for signals.
const OTHERS: usize = 2;
/// More threads than this are never of use.
const MOST: usize = 1024;

/// Bytes of address space with which the smallest experiment is trained and written on one thread.
const LEAST: u64 = 16 << 20;
/// Bytes of address space of a thread: its stack, and what it works with.
const THREAD: u64 = 4 << 20;

/// Refuses to begin where a limit of the address space leaves too little.
///
/// # Errors
/// Says the limit, what it leaves, and what is needed.
pub fn refuse_little_memory() -> Result<(), Error> {
    match AddressSpace::now() {
        Some(AddressSpace { limit, left }) if left < LEAST => Err(Error::Other(format!(
            "not enough memory: the limit of the address space (ulimit -v) is {}, of which {} are \
             left; the program needs at least {} more to begin",
            size(limit.into()),
            size(left.into()),
            size(LEAST.into())
        ))),
        _ => Ok(()),
    }
}

/// How many threads the limit of the address space has room for.
fn affordable() -> usize {
    let room = |space: AddressSpace| space.left.saturating_sub(LEAST) / THREAD;
    AddressSpace::now().map_or(usize::MAX, |space| room(space) as usize)
}

/// Starts the pool of the whole program with as many threads as the machine has cores, or with as
/// many as can be had. Returns how many these are of how many cores, if they are fewer.
pub fn start_pool() -> Option<[usize; 2]> {
    let cores = cores();
    let had = available(affordable().min(cores + OTHERS));
    if had == cores + OTHERS {
        return None; // The pool starts itself when it is needed.
    }
    let threads = had.saturating_sub(OTHERS).max(1);
    let mut pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    if threads == 1 {
        pool = pool.use_current_thread();
    }
    pool.build_global().ok()?;
    Some([threads, cores])
}

/// The machine's cores, as far as this program may use them.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How many of the threads asked for can help with so many runs: a thread for each run or core.
pub fn of_use(asked: usize, runs: usize) -> usize {
    asked.clamp(1, runs.max(cores()).min(MOST))
}

/// How many of so many threads the system gives at once.
fn available(wanted: usize) -> usize {
    let over = (Mutex::new(false), Condvar::new());
    let wait = || {
        let over = (
            over.0.lock().unwrap_or_else(PoisonError::into_inner),
            &over.1,
        );
        drop(over.1.wait_while(over.0, |over| !*over));
    };
    std::thread::scope(|scope| {
        let started = (0..wanted).take_while(|_| Builder::new().spawn_scoped(scope, wait).is_ok());
        let count = started.count();
        *over.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        over.1.notify_all();
        count
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_threads_than_runs_or_cores_are_of_use() {
        let cores = cores();
        assert_eq!(of_use(65_535, 1), cores.min(MOST));
        assert_eq!(of_use(65_535, 1_000_000), MOST);
        assert_eq!(of_use(1, 10), 1);
        assert_eq!(available(3), 3);
    }
}
