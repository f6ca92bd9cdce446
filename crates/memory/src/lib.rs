//! The memory of the machine, and the end of the program if there is no more.

mod allocator;
#[cfg(any(target_env = "musl", all(test, target_os = "linux")))]
mod blocks;
mod machine;

pub use allocator::Allocator;
pub use machine::{AddressSpace, Memory};
