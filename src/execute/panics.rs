//! A run that panics is an outcome with a reason; the default message about it is not for the person
//! who waits for the other runs.

use std::any::Any;
use std::panic;

/// Calls `work` with no message printed for a panic in it, on whatever thread. The hook of the whole
/// process is replaced meanwhile: only the program itself may ask for that.
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
