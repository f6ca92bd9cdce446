//! Whether the machine has the memory that data needs, asked before it is taken.

use std::path::Path;

use problems::Problem;

/// So many bytes are let through without asking the machine: to ask costs as much time as to fill
/// them.
const SMALL: u128 = 1 << 20;

/// Whether so many bytes can be had now. Where the machine does not tell how much is free, anything
/// below 2⁶³ bytes can.
pub fn fits(bytes: u128) -> bool {
    bytes <= SMALL || bytes <= u128::from(Memory::now().free.unwrap_or(i64::MAX as u64))
}

/// Refuses what needs more bytes than the machine has, or than are free; `what` names it.
///
/// Where the machine does not tell how much it has, anything below 2⁶³ bytes is let through.
pub(super) fn check(bytes: u128, what: impl FnOnce() -> String) -> Result<(), Problem> {
    if bytes <= SMALL {
        return Ok(());
    }
    let most = i64::MAX as u64;
    let Memory { total, free } = Memory::now();
    let (total, free) = (total.unwrap_or(most), free.unwrap_or(most));
    if bytes <= u128::from(total.min(free)) {
        return Ok(());
    }
    let (what, needed) = (what(), size(bytes));
    let there = |bytes: u64| size(u128::from(bytes));
    Err(Problem::new(if bytes <= u128::from(total) {
        format!(
            "{what} need {needed} of memory, but only {} are free",
            there(free)
        )
    } else if total == most {
        format!("{what} need {needed} of memory")
    } else {
        format!(
            "{what} need {needed} of memory, but this machine has {}",
            there(total)
        )
    }))
}

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
        let table = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let groups = groups();
        let limits = groups.iter().map(|group| group.limit);
        let left = groups
            .iter()
            .map(|group| group.limit.saturating_sub(group.used));
        let available = meminfo(&table, "MemAvailable:").into_iter().chain(left);
        Self {
            total: meminfo(&table, "MemTotal:").into_iter().chain(limits).min(),
            free: available
                .chain(AddressSpace::now().map(|space| space.left))
                .min(),
        }
    }
}

/// A line of the system's table of memory, in bytes.
fn meminfo(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes.saturating_mul(1024))
}

/// A control group with a limit of memory.
struct Group {
    limit: u64,
    /// What is held and cannot be freed at once.
    used: u64,
}

/// The control groups that this program is in and that have a limit: its own and all above it.
fn groups() -> Vec<Group> {
    let text = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let mut groups = Vec::new();
    for line in text.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(kind), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        // The second version has one tree for everything, the first one of its own for memory.
        let (root, limit, used) = match kind {
            "" => ("/sys/fs/cgroup", "memory.max", "memory.current"),
            kind if kind.split(',').any(|kind| kind == "memory") => (
                "/sys/fs/cgroup/memory",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
            ),
            _ => continue,
        };
        // A container sees its own group as the root, whatever the path says.
        let inner = Path::new(path.trim_start_matches('/'));
        for group in inner.ancestors() {
            let group = Path::new(root).join(group);
            let number = |name: &str| -> Option<u64> {
                let text = std::fs::read_to_string(group.join(name)).ok()?;
                text.trim().parse().ok()
            };
            let Some(limit) = number(limit) else { continue };
            let cached = std::fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
            let cached: u64 = cached
                .lines()
                .filter_map(|line| line.split_once(' '))
                .filter(|(name, _)| ["inactive_file", "active_file"].contains(name))
                .filter_map(|(_, bytes)| bytes.parse::<u64>().ok())
                .sum();
            let used = number(used).unwrap_or(0).saturating_sub(cached);
            groups.push(Group { limit, used });
        }
    }
    groups
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
        let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
        let line = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max address space"))?;
        let limit: u64 = line.split_whitespace().next()?.parse().ok()?;
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmSize:"))?;
        let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        let left = limit.saturating_sub(kibibytes.saturating_mul(1024));
        Some(Self { limit, left })
    }
}

/// A number of bytes as a person reads it, in powers of 1000.
pub fn size(bytes: u128) -> String {
    const UNITS: [&str; 9] = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_free_than_there_is() {
        let Memory { total, free } = Memory::now();
        if let (Some(free), Some(total)) = (free, total) {
            assert!(0 < free && free <= total, "{free} of {total}");
        }
    }

    #[test]
    fn a_yottabyte_is_refused_and_a_kilobyte_is_not() {
        assert!(check(1000, || unreachable!()).is_ok());
        let problem = check(2 * 10u128.pow(24), || "5 samples".to_owned()).unwrap_err();
        assert!(
            problem
                .message
                .starts_with("5 samples need 2.0 YB of memory")
        );
    }
}
