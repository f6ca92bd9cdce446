//! What the WebAssembly module exports: the lines as one text in its memory.
#![allow(unsafe_code)]

use std::sync::LazyLock;

static TEXT: LazyLock<String> = LazyLock::new(|| bits::lines().map(|line| line + "\n").collect());

/// Where the text starts.
#[unsafe(no_mangle)]
extern "C" fn text() -> *const u8 {
    TEXT.as_ptr()
}

/// How many bytes it has.
#[unsafe(no_mangle)]
extern "C" fn text_length() -> usize {
    TEXT.len()
}
