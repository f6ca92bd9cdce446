//! The memory on Linux: the machine's table of memory, the control groups, the limit of the address space.

use std::path::Path;

use super::{AddressSpace, Memory};

/// The memory at this moment, within the control groups and the limit of the address space.
pub fn memory() -> Memory {
    let table = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let groups = groups();
    let limits = groups.iter().map(|group| group.limit);
    let left = groups
        .iter()
        .map(|group| group.limit.saturating_sub(group.used));
    let available = meminfo(&table, "MemAvailable:").into_iter().chain(left);
    Memory {
        total: meminfo(&table, "MemTotal:").into_iter().chain(limits).min(),
        free: available
            .chain(address_space().map(|space| space.left))
            .min(),
    }
}

/// The limit of the address space at this moment.
pub fn address_space() -> Option<AddressSpace> {
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
    Some(AddressSpace { limit, left })
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
    /// The memory that is held and cannot be freed at once.
    used: u64,
}

/// The control groups of this program that have a limit: its own and all above it.
fn groups() -> Vec<Group> {
    let text = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let mut groups = Vec::new();
    for line in text.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(kind), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        // The second version has one tree for everything; the first one has a separate tree for memory.
        let (root, limit, used) = match kind {
            "" => ("/sys/fs/cgroup", "memory.max", "memory.current"),
            kind if kind.split(',').any(|kind| kind == "memory") => (
                "/sys/fs/cgroup/memory",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
            ),
            _ => continue,
        };
        // A container sees its own group as the root, whatever the path is.
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
