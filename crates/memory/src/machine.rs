//! What the machine has of memory, and what of it can be had now.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

/// What a machine has of memory, in bytes; `None` where it does not tell.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// All of the machine, or of the container it pretends to be.
    pub total: Option<u64>,
    /// What can be had now: what the machine has free or can free at once, within what its container
    /// and the limit of the address space leave.
    pub free: Option<u64>,
}

impl Memory {
    /// What the machine has at this moment.
    pub fn now() -> Self {
        #[cfg(target_os = "linux")]
        let memory = linux::memory();
        #[cfg(target_os = "macos")]
        let memory = macos::memory();
        #[cfg(windows)]
        let memory = windows::memory();
        #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
        let memory = Self {
            total: None,
            free: None,
        };
        memory
    }
}

/// The limit of the address space (`ulimit -v`), in bytes.
#[derive(Debug, Clone, Copy)]
pub struct AddressSpace {
    /// What the process may have.
    pub limit: u64,
    /// What of it is left.
    pub left: u64,
}

impl AddressSpace {
    /// The limit at this moment; `None` where there is none, or the system does not tell.
    pub fn now() -> Option<Self> {
        #[cfg(target_os = "linux")]
        let space = linux::address_space();
        #[cfg(not(target_os = "linux"))]
        let space = None;
        space
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(any(target_os = "linux", target_os = "macos", windows))]
    #[test]
    fn the_system_tells_what_it_has_and_what_of_it_is_free() {
        let Memory { total, free } = Memory::now();
        let (total, free) = (total.expect("it tells"), free.expect("it tells"));
        assert!(0 < free && free <= total, "{free} of {total}");
    }
}
