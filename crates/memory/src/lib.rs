//! The memory of the process: where the system has no more to give, the program says so in one line and
//! ends as after any other error, instead of by a signal.
//!
//! What is on the disk by then is what a kill leaves: the finished runs are in the journal, and no file
//! has its name before it is whole.

// An allocator is unsafe to call. What a caller promises is passed on to the system's.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The exit code of an error that is said.
const EXIT_CODE: i32 = 2;

/// The longest line.
const LINE: usize = 160;

/// The system's allocator. A block that it refuses ends the process.
#[derive(Debug, Clone, Copy)]
pub struct Allocator;

// SAFETY: every block is the system allocator's, which gets what the caller promises.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        or_end(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        or_end(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        or_end(unsafe { System.realloc(block, layout, size) }, size)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) };
    }
}

#[inline]
fn or_end(block: *mut u8, size: usize) -> *mut u8 {
    if block.is_null() {
        end(size);
    }
    block
}

/// Says that so many bytes cannot be had, and ends the process. Takes no memory.
#[cold]
#[inline(never)]
fn end(size: usize) {
    static ENDING: AtomicBool = AtomicBool::new(false);
    if ENDING.swap(true, Ordering::SeqCst) {
        // Another thread says it and ends the process.
        std::thread::sleep(Duration::from_secs(1));
        return;
    }
    let mut line = [0; LINE];
    let length = {
        let mut rest = &mut line[..];
        let _ = writeln!(
            rest,
            "error: not enough memory: the system gives no {size} bytes more; what is finished is kept"
        );
        LINE - rest.len()
    };
    let _ = std::io::stderr().write_all(&line[..length]);
    std::process::exit(EXIT_CODE);
}
