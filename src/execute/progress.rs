//! What a person sees on stderr while the runs are trained.
//!
//! A bar where stderr is a terminal, a plain line now and then where it is not, nothing when asked
//! to be quiet. The runs only count; a thread of its own draws ten times a second, so a hundred
//! thousand runs a second cost nothing. Never writes to stdout, never changes a result.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Observer;
use crate::plan::Plan;
use crate::record::summary::result;
use crate::record::{Head, Status};
use problems::visible;

/// How often the bar is drawn.
const DRAW_INTERVAL: Duration = Duration::from_millis(100);
/// How often a plain line is written.
const PLAIN_INTERVAL: Duration = Duration::from_secs(5);
/// The longest label of a configuration, in characters.
const LABEL: usize = 60;

/// How a person is kept informed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// A bar that is redrawn.
    Bar,
    /// A line every few seconds.
    Plain,
    /// Not at all.
    Quiet,
}

impl Display {
    /// The one that suits stderr.
    pub fn for_stderr(quiet: bool) -> Self {
        if quiet {
            Display::Quiet
        } else if std::io::stderr().is_terminal() {
            Display::Bar
        } else {
            Display::Plain
        }
    }
}

/// The progress of one experiment: counters that any thread advances.
#[derive(Debug)]
pub struct Progress {
    total: u64,
    start: Instant,
    done: AtomicU64,
    diverged: AtomicU64,
    failed: AtomicU64,
    latest: AtomicUsize,
    best: Mutex<Option<(f64, usize)>>,
    over: AtomicBool,
    wake: (Mutex<()>, Condvar),
}

impl Progress {
    /// For `total` runs that are to be trained.
    pub fn new(total: usize) -> Self {
        Self {
            total: total as u64,
            start: Instant::now(),
            done: AtomicU64::new(0),
            diverged: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            latest: AtomicUsize::new(usize::MAX),
            best: Mutex::new(None),
            over: AtomicBool::new(false),
            wake: (Mutex::new(()), Condvar::new()),
        }
    }

    /// Does `work` while a thread shows how it goes.
    pub fn show<T>(&self, plan: &Plan, display: Display, work: impl FnOnce() -> T) -> T {
        if display == Display::Quiet || self.total == 0 {
            return work();
        }
        std::thread::scope(|scope| {
            // Without a thread to show it, the work is done all the same.
            let _ = std::thread::Builder::new().spawn_scoped(scope, || match display {
                Display::Bar => self.draw_bar(plan),
                _ => self.write_lines(plan),
            });
            // The thread ends even if the work panics.
            let _end = End(self);
            work()
        })
    }

    fn draw_bar(&self, plan: &Plan) {
        let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr());
        let style =
            "{bar:30.cyan/dim} {pos}/{len} runs{prefix} · {per_sec} · {eta} left\n{wide_msg}";
        bar.set_style(ProgressStyle::with_template(style).expect("the template is well formed"));
        while self.wait(DRAW_INTERVAL) {
            bar.set_prefix(self.trouble());
            bar.set_message(self.detail(plan));
            bar.set_position(self.done.load(Ordering::Relaxed));
        }
        bar.finish_and_clear();
    }

    fn write_lines(&self, plan: &Plan) {
        while self.wait(PLAIN_INTERVAL) {
            let done = self.done.load(Ordering::Relaxed);
            let rate = done as f64 / self.start.elapsed().as_secs_f64();
            let left = if done == 0 {
                String::new()
            } else {
                let seconds = (self.total - done) as f64 / rate;
                format!(" · {} left", duration(seconds))
            };
            let line = format!(
                "{done}/{} runs{} · {rate:.1} runs/s{left} · {}",
                self.total,
                self.trouble(),
                self.detail(plan),
            );
            // A closed stderr is no reason to stop training.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }

    /// Waits; whether the work still goes on.
    fn wait(&self, interval: Duration) -> bool {
        let (mutex, condition) = &self.wake;
        let going_on = |_: &mut ()| !self.over.load(Ordering::Relaxed);
        let guard = lock(mutex);
        let _ = condition.wait_timeout_while(guard, interval, going_on);
        !self.over.load(Ordering::Relaxed)
    }

    fn trouble(&self) -> String {
        let mut text = String::new();
        for (count, what) in [(&self.diverged, "diverged"), (&self.failed, "failed")] {
            match count.load(Ordering::Relaxed) {
                0 => {}
                count => text += &format!(" · {count} {what}"),
            }
        }
        text
    }

    /// What is running, and the best so far.
    fn detail(&self, plan: &Plan) -> String {
        let label = |index: usize| -> Option<String> {
            let configuration = &plan.configurations[plan.runs.get(index)?.configuration];
            let label = configuration.label(&plan.swept);
            let label = visible(&label).into_owned();
            let short: String = label.chars().take(LABEL).collect();
            Some(if short.len() < label.len() {
                short + "…"
            } else {
                short
            })
        };
        let mut parts = Vec::new();
        match label(self.latest.load(Ordering::Relaxed)) {
            Some(label) if !label.is_empty() => parts.push(format!("running: {label}")),
            _ => {}
        }
        if let Some((value, index)) = *lock(&self.best) {
            let mut text = format!("best {} so far: {value:.4e}", plan.compare.metric);
            match label(index) {
                Some(label) if !label.is_empty() => text += &format!(" ({label})"),
                _ => {}
            }
            parts.push(text);
        }
        parts.join(" · ")
    }
}

impl Observer for Progress {
    fn started(&self, index: usize) {
        self.latest.store(index, Ordering::Relaxed);
    }

    fn finished(&self, plan: &Plan, index: usize, head: &Head) {
        match head.status {
            Status::Diverged => _ = self.diverged.fetch_add(1, Ordering::Relaxed),
            Status::Failed { .. } => _ = self.failed.fetch_add(1, Ordering::Relaxed),
            Status::Ok | Status::Stopped => {}
        }
        if let Some(new) = result(plan, index, head) {
            let mut best = lock(&self.best);
            if best.is_none_or(|(old, _)| plan.compare.metric.is_better(new, old)) {
                *best = Some((new, index));
            }
        }
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Ends the drawing thread when it goes.
struct End<'a>(&'a Progress);

impl Drop for End<'_> {
    fn drop(&mut self) {
        let (mutex, condition) = &self.0.wake;
        let _guard = lock(mutex);
        self.0.over.store(true, Ordering::Relaxed);
        condition.notify_all();
    }
}

/// What is behind these locks is whole after every step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Seconds as a person says them: `3 s`, `4 min`, `2 h 05 min`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0..120 => format!("{whole} s"),
        120..7200 => format!("{} min", (whole + 30) / 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_as_a_person_says_them() {
        assert_eq!(duration(3.4), "3 s");
        assert_eq!(duration(150.0), "3 min");
        assert_eq!(duration(7_500.0), "2 h 05 min");
    }
}
