//! Memory: what the machine has of it, and what happens where it has no more to give.

mod allocator;
#[cfg(any(target_env = "musl", all(test, target_os = "linux")))]
mod blocks;
mod machine;

pub use allocator::Allocator;
pub use machine::{AddressSpace, Memory};
