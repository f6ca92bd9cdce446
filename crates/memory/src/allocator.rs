//! The allocator of the program. Where the system has no more memory, the program says so in one line
//! and ends with the exit code of an error, instead of by a signal.
//!
//! The disk then holds what a kill leaves: the finished runs are in the journal, and every file
//! that has its name is whole.

// To call an allocator is unsafe. The caller's promises are passed on to the allocator beneath.
#![allow(unsafe_code)]

#[cfg(not(target_env = "musl"))]
use std::alloc::System as Blocks;
use std::alloc::{GlobalAlloc, Layout};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[cfg(target_env = "musl")]
use crate::blocks::Blocks;

/// The exit code of a reported error.
const EXIT_CODE: i32 = 2;

/// The longest line that is written, in bytes.
const LINE: usize = 160;

/// The system's allocator, or a faster one where the C library is musl. A refused block ends the process.
#[derive(Debug, Clone, Copy)]
pub struct Allocator;

// SAFETY: every block comes from the allocator beneath, which receives the caller's promises.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that the allocator beneath needs.
        or_end(unsafe { Blocks.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that the allocator beneath needs.
        or_end(unsafe { Blocks.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promises are those that the allocator beneath needs.
        or_end(unsafe { Blocks.realloc(block, layout, size) }, size)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are those that the allocator beneath needs.
        unsafe { Blocks.dealloc(block, layout) };
    }
}

#[inline]
fn or_end(block: *mut u8, size: usize) -> *mut u8 {
    if block.is_null() {
        end(size);
    }
    block
}

/// Reports that the system refused `size` bytes, and ends the process. It takes no memory itself.
#[cold]
#[inline(never)]
fn end(size: usize) {
    static ENDING: AtomicBool = AtomicBool::new(false);
    if ENDING.swap(true, Ordering::SeqCst) {
        // Another thread is writing the report and ends the process.
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
