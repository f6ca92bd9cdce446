//! The exports of the WebAssembly module: the lines as one text in its memory.
#![allow(unsafe_code)]

use std::sync::LazyLock;

static TEXT: LazyLock<String> = LazyLock::new(|| bits::lines().map(|line| line + "\n").collect());

/// The address of the text.
#[unsafe(no_mangle)]
extern "C" fn text() -> *const u8 {
    TEXT.as_ptr()
}

/// The number of bytes in the text.
#[unsafe(no_mangle)]
extern "C" fn text_length() -> usize {
    TEXT.len()
}
