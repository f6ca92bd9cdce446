//! Panics in runs: such a run is an outcome with a reason, and Rust's default message about it is
//! not printed.

use std::any::Any;
use std::panic;

/// Calls `work` without the message of a panic on any thread. It replaces the hook of the whole
/// process meanwhile, so only the program itself may ask for it.
pub fn hush<T>(work: impl FnOnce() -> T) -> T {
    let before = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = work();
    panic::set_hook(before);
    result
}

/// The text of a panic.
pub fn reason(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "panicked without a message".to_owned())
}
