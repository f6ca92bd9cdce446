//! Which texts can name a directory: here, and on Windows.

/// Names that Windows keeps for devices, whatever ending follows, and whatever the case.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
/// Devices that have a digit behind them.
const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];

/// Why the text cannot name one directory within another on this system.
pub fn fault(name: &str) -> Option<String> {
    let path = name.chars().any(|c| c.is_control() || "/\\:".contains(c));
    if name.is_empty() || name.starts_with('.') || path {
        return Some("it names the directory of the results".to_owned());
    }
    fault_on_windows(name).filter(|_| cfg!(windows))
}

/// Why Windows has no directory of this name.
pub fn fault_on_windows(name: &str) -> Option<String> {
    if let Some(sign) = name.chars().find(|&c| "<>\"|?*".contains(c)) {
        return Some(format!("Windows has no names with {sign}"));
    }
    if name.ends_with(['.', ' ']) {
        return Some("Windows drops a point or a blank at a name's end".to_owned());
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_uppercase();
    let numbered = |device: &str| {
        let digit = stem.strip_prefix(device);
        digit.is_some_and(|digit| matches!(digit.as_bytes(), [b'1'..=b'9']))
    };
    let device = DEVICES.contains(&stem.as_str()) || NUMBERED_DEVICES.into_iter().any(numbered);
    device.then(|| format!("Windows keeps the name {stem} for a device"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_no_directory() {
        for name in ["", ".", "..", ".hidden", "a/b", "a\\b", "c:", "a\nb"] {
            assert!(fault(name).is_some(), "{name:?}");
        }
        for name in [
            "plane",
            "1",
            "two words",
            "円",
            "a.b",
            "console",
            "com",
            "aux-1",
        ] {
            assert_eq!(fault(name), None, "{name:?}");
            assert_eq!(fault_on_windows(name), None, "{name:?}");
        }
    }

    #[test]
    fn windows_has_no_devices_signs_and_lost_ends_in_names() {
        for name in [
            "con", "NUL", "aux.run", "Com1", "lpt9", "nul .x", "what?", "a*", "end.", "end ",
        ] {
            assert!(fault_on_windows(name).is_some(), "{name:?}");
            assert_eq!(fault(name).is_some(), cfg!(windows), "{name:?}");
        }
    }
}
