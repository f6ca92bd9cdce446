//! The check whether the machine has the memory for data, before it is taken.

use ::memory::Memory;
use problems::Problem;

/// Up to this many bytes are accepted without a question to the machine, which would take as much
/// time as to fill them.
const SMALL: u128 = 1 << 20;

/// Whether this many bytes can be had now. If the machine does not tell how much is free, anything
/// below 2⁶³ bytes is accepted.
pub fn fits(bytes: u128) -> bool {
    bytes <= SMALL || bytes <= u128::from(Memory::now().free.unwrap_or(i64::MAX as u64))
}

/// Refuses data that needs more bytes than the machine has, or than are free; `what` names the
/// data.
///
/// If the machine does not tell how much it has, anything below 2⁶³ bytes is accepted.
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
