//! The texts that can name a directory, on this system and on Windows.

use crate::language::Language;
use crate::text;

/// Names that Windows reserves for devices, in upper or lower case and with any extension.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
/// Names of devices that a digit follows.
const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];

/// The reason why a text cannot name a single directory on this system; `None` if it can.
pub fn fault(name: &str) -> Option<String> {
    let path = name.chars().any(|c| c.is_control() || "/\\:".contains(c));
    if name.is_empty() || name.starts_with('.') || path {
        return Some("it names the directory of the results".to_owned());
    }
    let on_windows = fault_on_windows(name).filter(|_| cfg!(windows));
    on_windows.map(|fault| fault.words(Language::English))
}

/// The reason why a name is invalid on Windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowsFault {
    /// The name has this character, which Windows does not allow.
    Sign(char),
    /// The name ends in a dot or a space, which Windows drops.
    End,
    /// The name is that of this device.
    Device(String),
}

impl WindowsFault {
    /// The reason as a sentence in this language.
    pub fn words(&self, language: Language) -> String {
        match self {
            WindowsFault::Sign(sign) => {
                text!(language, "windows-sign", sign = sign.to_string())
            }
            WindowsFault::End => text!(language, "windows-end"),
            WindowsFault::Device(name) => text!(language, "windows-device", name = name),
        }
    }
}

/// The reason why Windows cannot have a directory of this name; `None` if it can.
pub fn fault_on_windows(name: &str) -> Option<WindowsFault> {
    if let Some(sign) = name.chars().find(|&c| "<>\"|?*".contains(c)) {
        return Some(WindowsFault::Sign(sign));
    }
    if name.ends_with(['.', ' ']) {
        return Some(WindowsFault::End);
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_uppercase();
    let numbered = |device: &str| {
        let digit = stem.strip_prefix(device);
        digit.is_some_and(|digit| matches!(digit.as_bytes(), [b'1'..=b'9']))
    };
    let device = DEVICES.contains(&stem.as_str()) || NUMBERED_DEVICES.into_iter().any(numbered);
    device.then_some(WindowsFault::Device(stem))
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
