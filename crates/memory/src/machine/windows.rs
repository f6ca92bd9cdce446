//! What Windows tells.

// The system is asked for a table, which it fills.
#![allow(unsafe_code)]

use windows_sys::Win32::System::SystemInformation::{GlobalMemoryStatusEx, MEMORYSTATUSEX};

use super::Memory;

/// What the machine has at this moment, within what the system still promises to a process: the paging
/// file is counted there, and may be full.
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
