//! The memory on Windows.

// The system fills a table, which takes an unsafe call.
#![allow(unsafe_code)]

use windows_sys::Win32::System::SystemInformation::{GlobalMemoryStatusEx, MEMORYSTATUSEX};

use super::Memory;

/// The memory at this moment, within the memory that the system still promises to a process, which
/// includes the paging file and may be used up.
pub fn memory() -> Memory {
    let mut status = MEMORYSTATUSEX {
        dwLength: size_of::<MEMORYSTATUSEX>() as u32,
        ..Default::default()
    };
    // SAFETY: the table is the caller's, and says its own length.
    let told = unsafe { GlobalMemoryStatusEx(&raw mut status) } != 0;
    let free = status.ullAvailPhys.min(status.ullAvailPageFile);
    Memory {
        total: told.then_some(status.ullTotalPhys),
        free: told.then_some(free.min(status.ullAvailVirtual)),
    }
}
