//! Whether the machine has the memory that data needs, asked before it is taken.

use problems::Problem;

/// Refuses what needs more bytes than the machine has; `what` names it.
///
/// Where the machine does not tell how much it has, anything below 2⁶³ bytes is let through.
pub(super) fn check(bytes: u128, what: impl FnOnce() -> String) -> Result<(), Problem> {
    let total = total().unwrap_or(i64::MAX as u64);
    if bytes <= u128::from(total) {
        return Ok(());
    }
    let what = what();
    Err(Problem::new(if total == i64::MAX as u64 {
        format!("{what} need {} of memory", size(bytes))
    } else {
        format!(
            "{what} need {} of memory, but this machine has {}",
            size(bytes),
            size(u128::from(total))
        )
    }))
}

/// The memory of the machine, or of the container it pretends to be, in bytes.
pub fn total() -> Option<u64> {
    let kibibytes = |text: &str| -> Option<u64> {
        let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    let machine = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| kibibytes(&text))
        .map(|kibibytes| kibibytes.saturating_mul(1024));
    let container = std::fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .and_then(|text| text.trim().parse().ok());
    machine.into_iter().chain(container).min()
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
