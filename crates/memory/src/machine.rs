//! The memory of the machine, and the part of it that can be had now.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

/// The memory of a machine in bytes; `None` for a number that it does not tell.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// The whole memory of the machine or of its container.
    pub total: Option<u64>,
    /// The memory that can be had now: the memory that is free or can be freed at once, within the
    /// limits of the container and of the address space.
    pub free: Option<u64>,
}

impl Memory {
    /// The memory at this moment.
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
    /// The address space that the process may have.
    pub limit: u64,
    /// The address space that is left.
    pub left: u64,
}

impl AddressSpace {
    /// The limit at this moment; `None` if there is none, or the system does not tell it.
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
