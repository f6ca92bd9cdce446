//! The progress on stderr while runs are trained.
//!
//! It is a bar where stderr is a terminal, a plain line now and then where it is not, and nothing
//! if the person asked for quiet. A run only stores how many epochs it has trained. A thread of its
//! own adds these numbers up five times a second, so that a hundred thousand runs a second cost
//! nothing. The module writes nothing to stdout and changes no result.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::remaining::{Done, Workload};
use super::{Observer, Warning};
use crate::language::Language;
use crate::plan::Plan;
use crate::record::summary::result;
use crate::record::{Head, Status, Store};
use crate::screen::{self, columns, shortened};
use crate::text;
use engine::types::EpochRow;
use problems::{Error, visible};

/// The time between two drawings of the bar.
const DRAW_INTERVAL: Duration = Duration::from_millis(200);
/// The time between the first two plain lines; each further wait is a little longer.
const PLAIN_INTERVAL: Duration = Duration::from_secs(5);
/// The longest wait between two plain lines.
const LONGEST_PLAIN_INTERVAL: Duration = Duration::from_secs(60);
/// Up to this number of runs, each run has a cache line of its own, so that two threads do not
/// write to the same line.
const APART: usize = 1 << 16;
/// The least columns to which the name of a configuration is shortened.
const LABEL: usize = 12;

/// The ways to show progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// A bar that is redrawn.
    Bar,
    /// A line every few seconds.
    Plain,
    /// No progress is shown.
    Quiet,
}

impl Display {
    /// The way that fits stderr.
    pub fn for_stderr(quiet: bool) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if quiet {
            Display::Quiet
        } else if std::io::stderr().is_terminal() && !dumb {
            Display::Bar
        } else {
            Display::Plain
        }
    }
}

/// The progress of one experiment: counters that any thread advances.
#[derive(Debug)]
pub struct Progress {
    language: Language,
    /// The runs to be trained.
    indices: Vec<usize>,
    /// For each run of the plan the number of its trained epochs; neighbours are `spread` apart.
    epochs: Vec<AtomicU64>,
    /// For each run of the plan its seconds as bits, once it has its outcome; neighbours are
    /// `spread` apart.
    seconds: Vec<AtomicU64>,
    spread: usize,
    start: Instant,
    /// The runs that had their outcome before.
    kept: u64,
    done: AtomicU64,
    diverged: AtomicU64,
    failed: AtomicU64,
    latest: AtomicUsize,
    /// The last losses of the run that began last, as bits: training, and validation or NaN.
    losses: [AtomicU64; 2],
    best: Mutex<Option<(f64, usize)>>,
    over: AtomicBool,
    wake: (Mutex<()>, Condvar),
}

impl Progress {
    /// The progress of the runs `indices` of the plan, shown in this language.
    pub fn new(plan: &Plan, indices: &[usize], language: Language) -> Self {
        let spread = match plan.runs.len() {
            0..APART => 8,
            _ => 1,
        };
        let slots = || {
            let slots = plan.runs.len() * spread;
            (0..slots).map(|_| AtomicU64::new(0)).collect()
        };
        Self {
            language,
            indices: indices.to_vec(),
            epochs: slots(),
            seconds: slots(),
            spread,
            start: Instant::now(),
            kept: 0,
            done: AtomicU64::new(0),
            diverged: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            latest: AtomicUsize::new(usize::MAX),
            losses: [f64::NAN, f64::NAN].map(|loss| AtomicU64::new(loss.to_bits())),
            best: Mutex::new(None),
            over: AtomicBool::new(false),
            wake: (Mutex::new(()), Condvar::new()),
        }
    }

    /// The progress with the runs of `indices` that the store already has: they count as done, and
    /// the best of them is the best so far.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn going_on(
        mut self,
        plan: &Plan,
        store: &Store,
        indices: impl Iterator<Item = usize>,
    ) -> Result<Self, Error> {
        for index in indices {
            if let Some(head) = store.head(&plan.runs[index].key)? {
                self.note(plan, index, &head);
                self.kept += 1;
            }
        }
        Ok(self)
    }

    /// Does `work` while a thread shows its progress.
    pub fn show<T>(&self, plan: &Plan, display: Display, work: impl FnOnce() -> T) -> T {
        if display == Display::Quiet || self.indices.is_empty() {
            return work();
        }
        std::thread::scope(|scope| {
            // The work is done even if no thread can be started for the progress.
            let _ = std::thread::Builder::new().spawn_scoped(scope, || match display {
                Display::Bar => self.draw_bar(plan),
                _ => self.write_lines(plan),
            });
            // The drawing thread ends even if the work panics.
            let _end = End(self);
            work()
        })
    }

    fn draw_bar(&self, plan: &Plan) {
        /// The length of the bar, in parts.
        const PARTS: u64 = 1_000;
        let bar = ProgressBar::with_draw_target(Some(PARTS), ProgressDrawTarget::stderr());
        let style = "{bar:20.cyan/dim} {prefix}\n{msg}";
        bar.set_style(ProgressStyle::with_template(style).expect("the template is well formed"));
        let mut workload = None;
        while self.wait(DRAW_INTERVAL) {
            let workload = workload.get_or_insert_with(|| Workload::of(plan, &self.indices));
            let done = self.count(workload);
            let width = screen::width_of_stderr().unwrap_or(screen::DEFAULT_WIDTH);
            let lines = self.detail(plan, &done, Some(width));
            // The bar takes 20 columns and a space.
            let head = self.headline(&done);
            bar.set_prefix(shortened(&head, width.saturating_sub(21)).into_owned());
            bar.set_message(lines.join("\n"));
            bar.set_position((done.share() * PARTS as f64) as u64);
        }
        bar.finish_and_clear();
    }

    fn write_lines(&self, plan: &Plan) {
        let mut interval = PLAIN_INTERVAL;
        let mut workload = None;
        while self.wait(interval) {
            let workload = workload.get_or_insert_with(|| Workload::of(plan, &self.indices));
            let done = self.count(workload);
            let parts = [vec![self.headline(&done)], self.detail(plan, &done, None)].concat();
            // A closed stderr does not stop the training.
            let _ = writeln!(std::io::stderr(), "{}", parts.join(" · "));
            interval = (interval * 3 / 2).min(LONGEST_PLAIN_INTERVAL);
        }
    }

    /// Waits for `interval`. Returns whether the work still goes on.
    fn wait(&self, interval: Duration) -> bool {
        let (mutex, condition) = &self.wake;
        let going_on = |_: &mut ()| !self.over.load(Ordering::Relaxed);
        let guard = lock(mutex);
        let _ = condition.wait_timeout_while(guard, interval, going_on);
        !self.over.load(Ordering::Relaxed)
    }

    /// The work that is done so far.
    fn count(&self, workload: &mut Workload) -> Done {
        workload.count(self.start.elapsed().as_secs_f64(), |run| {
            let slot = run * self.spread;
            let seconds = self.seconds[slot].load(Ordering::Relaxed);
            (
                self.epochs[slot].load(Ordering::Relaxed),
                (seconds != 0).then(|| f64::from_bits(seconds)),
            )
        })
    }

    /// The first line: the share of the work, the runs, the failures, and the time left.
    fn headline(&self, done: &Done) -> String {
        let runs = self.kept + self.done.load(Ordering::Relaxed);
        let all = self.kept + self.indices.len() as u64;
        let language = self.language;
        let mut parts = vec![text!(
            language,
            "progress-runs",
            percent = format!("{:2.0}", 100.0 * done.share()),
            count = runs,
            all = all
        )];
        for (count, what) in [(&self.diverged, "diverged"), (&self.failed, "failed")] {
            match count.load(Ordering::Relaxed) {
                0 => {}
                count => parts.push(text!(language, "progress-lost", what = what, count = count)),
            }
        }
        if let Some(seconds) = done.seconds_left {
            let time = duration(seconds, language);
            parts.push(text!(language, "progress-left", time = time));
        }
        parts.join(" · ")
    }

    /// The further lines: the work in numbers, the running configuration, and the best run so far.
    /// Each has at most `width` columns, for which the names of configurations are shortened.
    fn detail(&self, plan: &Plan, done: &Done, width: Option<usize>) -> Vec<String> {
        let fit = |line: &dyn Fn(&str) -> String, label: &str| match width {
            Some(width) => {
                let room = width.saturating_sub(columns(&line("")));
                let line = line(&shortened(label, room.max(LABEL)));
                shortened(&line, width).into_owned()
            }
            None => line(label),
        };
        let language = self.language;
        let label = |index: usize| -> Option<String> {
            let configuration = &plan.configurations[plan.runs.get(index)?.configuration];
            (plan.configurations.len() > 1)
                .then(|| visible(&configuration.label(&plan.swept)).into_owned())
        };
        let mut lines = vec![match done.multiply_adds > 0.0 {
            true => text!(
                language,
                "progress-work",
                count = number(done.multiply_adds),
                all = number(done.all_multiply_adds),
                updates = number(done.updates / done.elapsed)
            ),
            false => text!(language, "progress-beginning"),
        }];
        let latest = self.latest.load(Ordering::Relaxed);
        if let Some(run) = plan.runs.get(latest) {
            let epochs = plan.configurations[run.configuration].settings.epochs;
            let epoch = self.epochs[latest * self.spread].load(Ordering::Relaxed);
            let mut line = text!(language, "progress-epoch", epoch = epoch, epochs = epochs);
            let losses = self.losses.each_ref();
            let losses = losses.map(|loss| f64::from_bits(loss.load(Ordering::Relaxed)));
            for (loss, name) in losses.iter().zip(["train_loss", "valid_loss"]) {
                if !loss.is_nan() && epoch > 0 {
                    line += &format!(" · {name} {loss:.4e}");
                }
            }
            let running = |label: &str| text!(language, "progress-running", run = label);
            lines.extend(label(latest).map(|label| fit(&running, &label)));
            lines.push(fit(&|_| line.clone(), ""));
        }
        if let Some((value, index)) = *lock(&self.best) {
            let metric = plan.compare.metric.to_string();
            let value = format!("{value:.4e}");
            lines.push(match label(index) {
                Some(label) => fit(
                    &|label| {
                        text!(
                            language,
                            "progress-best-of",
                            metric = &metric,
                            value = &value,
                            label = label
                        )
                    },
                    &label,
                ),
                None => fit(
                    &|_| text!(language, "progress-best", metric = &metric, value = &value),
                    "",
                ),
            });
        }
        lines
    }

    /// Counts a run that has its outcome.
    fn note(&self, plan: &Plan, index: usize, head: &Head) {
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
    }
}

impl Observer for Progress {
    fn warn(&self, warning: &Warning) {
        let text = warning.sentence(self.language);
        // A closed stderr does not stop the training.
        let _ = writeln!(std::io::stderr(), "{}", visible(&text));
    }

    fn started(&self, index: usize) {
        for loss in &self.losses {
            loss.store(f64::NAN.to_bits(), Ordering::Relaxed);
        }
        self.latest.store(index, Ordering::Relaxed);
    }

    fn epoch(&self, index: usize, row: &EpochRow) -> ControlFlow<()> {
        self.epochs[index * self.spread].store(row.epoch, Ordering::Relaxed);
        if self.latest.load(Ordering::Relaxed) == index {
            let valid_loss = row.valid_loss.unwrap_or(f64::NAN);
            self.losses[0].store(row.train_loss.to_bits(), Ordering::Relaxed);
            self.losses[1].store(valid_loss.to_bits(), Ordering::Relaxed);
        }
        ControlFlow::Continue(())
    }

    fn finished(&self, plan: &Plan, index: usize, head: &Head) {
        self.note(plan, index, head);
        let slot = index * self.spread;
        let seconds = head.seconds.max(f64::MIN_POSITIVE);
        self.epochs[slot].store(head.epochs, Ordering::Relaxed);
        self.seconds[slot].store(seconds.to_bits(), Ordering::Relaxed);
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Ends the drawing thread when it is dropped.
struct End<'a>(&'a Progress);

impl Drop for End<'_> {
    fn drop(&mut self) {
        let (mutex, condition) = &self.0.wake;
        let _guard = lock(mutex);
        self.0.over.store(true, Ordering::Relaxed);
        condition.notify_all();
    }
}

/// Locks a mutex even after a panic, since the data behind these locks is whole after every step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A count in few characters: `6300`, `1.26e9`.
fn number(value: f64) -> String {
    match value {
        v if v < 1e5 => format!("{v:.0}"),
        v => format!("{v:.2e}"),
    }
}

/// Seconds as a person writes them: `3 s`, `4 min`, `2 h 05 min`.
pub fn duration(seconds: f64, language: Language) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0..120 => text!(language, "duration-seconds", seconds = whole.to_string()),
        120..7200 => {
            let minutes = ((whole + 30) / 60).to_string();
            text!(language, "duration-minutes", minutes = minutes)
        }
        _ => text!(
            language,
            "duration-hours",
            hours = (whole / 3600).to_string(),
            minutes = format!("{:02}", whole % 3600 / 60)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_as_a_person_says_them() {
        let english = |seconds| duration(seconds, Language::English);
        assert_eq!(english(3.4), "3 s");
        assert_eq!(english(150.0), "3 min");
        assert_eq!(english(7_500.0), "2 h 05 min");
        assert_eq!(duration(7_500.0, Language::Japanese), "2 時間 05 分");
    }
}
