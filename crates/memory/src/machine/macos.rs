//! The memory on macOS.

// The system fills two tables, which takes unsafe calls.
#![allow(unsafe_code)]

use std::ptr;

use super::Memory;

/// The memory at this moment.
pub fn memory() -> Memory {
    Memory {
        total: total(),
        free: free(),
    }
}

fn total() -> Option<u64> {
    let mut bytes = 0_u64;
    let mut length = size_of::<u64>();
    // SAFETY: the name ends with a zero, and the number is as long as the length says.
    let failed = unsafe {
        libc::sysctlbyname(
            c"hw.memsize".as_ptr(),
            (&raw mut bytes).cast(),
            &raw mut length,
            ptr::null_mut(),
            0,
        )
    };
    (failed == 0).then_some(bytes)
}

/// The memory that the system itself calls available before it warns of pressure (AVAILABLE_NON_COMPRESSED_MEMORY in
/// XNU's doc/vm/memorystatus_notify.md): pages that are free, and those in use that can still be compressed.
fn free() -> Option<u64> {
    let mut count = libc::HOST_VM_INFO64_COUNT;
    // SAFETY: the table consists of numbers, and the system fills as many of them as the count says.
    let (failed, pages, page) = unsafe {
        let mut pages: libc::vm_statistics64 = std::mem::zeroed();
        #[allow(deprecated)] // libc gives this function over to another crate.
        let host = libc::mach_host_self();
        let table = (&raw mut pages).cast();
        let failed = libc::host_statistics64(host, libc::HOST_VM_INFO64, table, &raw mut count);
        (failed, pages, libc::sysconf(libc::_SC_PAGESIZE))
    };
    let available = [pages.free_count, pages.active_count, pages.inactive_count];
    let available: u64 = available.into_iter().map(u64::from).sum();
    (failed == 0).then_some(available.saturating_mul(u64::try_from(page).ok()?))
}
