//! The number of threads that the machine gives.
//!
//! A container or a user's limit may refuse a thread. Then the program works with those that it
//! gets, at least its own first thread.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::Builder;

use data::memory::size;
use memory::AddressSpace;
use problems::Error;

/// Threads beside the pool's: one that shows progress, and one that waits for signals.
const OTHERS: usize = 2;
/// The most threads that are of use.
const MOST: usize = 1024;

/// The bytes of address space that the smallest experiment needs on one thread.
const LEAST: u64 = 16 << 20;
/// The bytes of address space of a thread: its stack, and its working memory.
const THREAD: u64 = 4 << 20;

/// Refuses to begin if a limit of the address space leaves too little.
///
/// # Errors
/// If it leaves too little; the message says the limit, what it leaves, and what is needed.
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

/// The number of threads for which the limit of the address space has room.
fn affordable() -> usize {
    let room = |space: AddressSpace| space.left.saturating_sub(LEAST) / THREAD;
    AddressSpace::now().map_or(usize::MAX, |space| room(space) as usize)
}

/// Starts the pool of the whole program with one thread per core, or with as many as the system
/// gives. Returns the number of threads and of cores if there are fewer threads.
pub fn start_pool() -> Option<[usize; 2]> {
    let cores = cores();
    let had = available(affordable().min(cores + OTHERS));
    if had == cores + OTHERS {
        return None; // The pool starts itself at its first use.
    }
    let threads = had.saturating_sub(OTHERS).max(1);
    let mut pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    if threads == 1 {
        pool = pool.use_current_thread();
    }
    pool.build_global().ok()?;
    Some([threads, cores])
}

/// The number of cores that this program may use.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How many of the `asked` threads are of use for `runs` runs: a thread for each run or core.
pub fn of_use(asked: usize, runs: usize) -> usize {
    asked.clamp(1, runs.max(cores()).min(MOST))
}

/// How many of `wanted` threads the system gives at once.
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
