//! A run that panics is an outcome with a reason; the default message about it is not for the person
//! who waits for the other runs.

use std::any::Any;
use std::panic;

/// Calls `work` with no message printed for a panic in it, on whatever thread.
pub fn hush(work: impl FnOnce()) {
    let before = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    work();
    panic::set_hook(before);
}

/// The text of a panic.
pub fn reason(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "panicked without a message".to_owned())
}
