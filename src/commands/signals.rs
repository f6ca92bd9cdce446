//! The signals of Ctrl-C and of the system's other requests to stop.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::exit::INTERRUPTED;
use problems::Error;

/// A flag that is set by the first Ctrl-C (or SIGTERM, or the end of the terminal); a second one
/// ends the program at once. A program that was started with nohup goes on after the end of its
/// terminal.
///
/// # Errors
/// If the system refuses the handler.
pub fn stop_on_signals() -> Result<Arc<AtomicBool>, Error> {
    let stop = Arc::new(AtomicBool::new(false));
    match watch(&stop) {
        Ok(()) => Ok(stop),
        Err(cause) => Err(Error::Other(format!("cannot watch for Ctrl-C: {cause}"))),
    }
}

#[cfg(unix)]
fn watch(stop: &Arc<AtomicBool>) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;

    let mut signals = vec![SIGINT, SIGTERM];
    if !is_ignored(SIGHUP) {
        signals.push(SIGHUP);
    }
    for signal in signals {
        flag::register_conditional_shutdown(signal, INTERRUPTED.into(), Arc::clone(stop))?;
        flag::register(signal, Arc::clone(stop))?;
    }
    Ok(())
}

/// Handles Ctrl-C and Ctrl-Break. If the console is closed, Windows ends the program soon after;
/// every finished run is in the journal by then.
#[cfg(windows)]
fn watch(stop: &Arc<AtomicBool>) -> Result<(), ctrlc::Error> {
    use std::sync::atomic::Ordering;

    let stop = Arc::clone(stop);
    ctrlc::set_handler(move || {
        if stop.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
    })
}

/// Turns the signal for a reached file-size limit into an error of the write. If the system does
/// not let the signal be caught, it still ends the program.
pub fn ignore_file_size_limit() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// Whether the program was started with this signal ignored; false if the system does not tell.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let ignored = || -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("SigIgn:"))?;
        u64::from_str_radix(line.split_whitespace().nth(1)?, 16).ok()
    };
    ignored().is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
