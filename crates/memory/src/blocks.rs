//! The blocks of the program for every Linux.
//!
//! musl's allocator takes each block of more than 128 kB from the system and returns it at once, which
//! costs two system calls and new pages for every table. Doug Lea's allocator keeps freed blocks for the
//! next ones. For larger blocks the system's own pages are better: they are zero before they are touched,
//! and a block that grows is not copied.

// To call an allocator is unsafe.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};

use dlmalloc::GlobalDlmalloc;

/// The least bytes of a block that musl allocates. From here on the other allocator returns freed blocks, too.
const LARGE: usize = 2 << 20;

/// Two allocators: the size of a block determines which of them has it.
#[derive(Debug, Clone, Copy)]
pub struct Blocks;

// SAFETY: a block goes back to the allocator that it is of, since its layout says its size, and each
// allocator gets what the caller promises.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that both allocators need.
        unsafe {
            if layout.size() < LARGE {
                GlobalDlmalloc.alloc(layout)
            } else {
                System.alloc(layout)
            }
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that both allocators need.
        unsafe {
            if layout.size() < LARGE {
                GlobalDlmalloc.alloc_zeroed(layout)
            } else {
                System.alloc_zeroed(layout)
            }
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promises are those that both allocators need. A block that changes its
        // allocator is copied, as many bytes as the shorter of both has.
        unsafe {
            match (layout.size() < LARGE, size < LARGE) {
                (true, true) => GlobalDlmalloc.realloc(block, layout, size),
                (false, false) => System.realloc(block, layout, size),
                _ => {
                    let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
                    if !moved.is_null() {
                        moved.copy_from_nonoverlapping(block, layout.size().min(size));
                        self.dealloc(block, layout);
                    }
                    moved
                }
            }
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are those that both allocators need.
        unsafe {
            if layout.size() < LARGE {
                GlobalDlmalloc.dealloc(block, layout);
            } else {
                System.dealloc(block, layout);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_keeps_its_bytes_while_it_grows_and_shrinks_over_the_border() {
        let sizes = [8, LARGE - 1, LARGE, 3 * LARGE, LARGE - 1, LARGE + 1, 100];
        for align in [1, 16, 64, 4096] {
            let layout = |size| Layout::from_size_align(size, align).expect("a layout");
            // SAFETY: each layout is the block's, and only bytes that are there are read and written.
            unsafe {
                let mut block = Blocks.alloc_zeroed(layout(1));
                assert_eq!(*block, 0);
                *block = 7;
                let mut size = 1;
                for next in sizes {
                    block = Blocks.realloc(block, layout(size), next);
                    let bytes = std::slice::from_raw_parts_mut(block, next);
                    assert_eq!(block.addr() % align, 0, "{size} to {next}");
                    assert_eq!(bytes[0], 7, "{size} to {next}");
                    let kept = size.min(next) - 1;
                    assert!(
                        kept == 0 || bytes[kept] == 9 || next < size,
                        "{size} to {next}"
                    );
                    bytes[next - 1] = 9;
                    size = next;
                }
                Blocks.dealloc(block, layout(size));
            }
        }
    }
}
