//! What a person sees on stderr while the runs are trained.
//!
//! A bar where stderr is a terminal, a plain line now and then where it is not, nothing when
//! asked to be quiet. Never writes to stdout, never changes a result.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::plan::{Plan, Run};
use crate::record::{RunRecord, Status};

/// How often a plain line is written.
const PLAIN_INTERVAL: Duration = Duration::from_secs(5);

/// The progress of one experiment.
#[derive(Debug)]
pub struct Progress {
    display: Display,
    state: Mutex<State>,
}

#[derive(Debug)]
enum Display {
    Bar(ProgressBar),
    Plain,
    Quiet,
}

#[derive(Debug)]
struct State {
    total: u64,
    done: u64,
    diverged: u64,
    failed: u64,
    start: Instant,
    last_line: Instant,
}

impl Progress {
    /// For `total` runs that are to be trained.
    pub fn new(total: usize, quiet: bool) -> Self {
        let display = if quiet || total == 0 {
            Display::Quiet
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr());
            let style = "{bar:30.cyan/dim} {pos}/{len} runs · {per_sec} · {eta} left{msg}";
            bar.set_style(
                ProgressStyle::with_template(style).expect("the template is well formed"),
            );
            bar.enable_steady_tick(Duration::from_millis(100));
            Display::Bar(bar)
        } else {
            Display::Plain
        };
        let now = Instant::now();
        Self {
            display,
            state: Mutex::new(State {
                total: total as u64,
                done: 0,
                diverged: 0,
                failed: 0,
                start: now,
                last_line: now,
            }),
        }
    }

    /// A run begins.
    pub fn started(&self, plan: &Plan, run: &Run) {
        if let Display::Bar(bar) = &self.display {
            let state = self.state.lock().expect("progress is only counted under this lock");
            bar.set_message(format!(
                "{} · {}",
                state.trouble(),
                plan.configurations[run.configuration].label(&plan.swept)
            ));
        }
    }

    /// A run has its outcome.
    pub fn finished(&self, record: &RunRecord) {
        let mut state = self.state.lock().expect("progress is only counted under this lock");
        state.done += 1;
        match record.status {
            Status::Diverged { .. } => state.diverged += 1,
            Status::Failed { .. } => state.failed += 1,
            _ => {}
        }
        match &self.display {
            Display::Bar(bar) => bar.inc(1),
            Display::Plain if state.last_line.elapsed() >= PLAIN_INTERVAL => {
                state.last_line = Instant::now();
                let seconds = state.start.elapsed().as_secs_f64();
                let rate = state.done as f64 / seconds;
                let left = (state.total - state.done) as f64 / rate;
                let line = format!(
                    "{}/{} runs{} · {rate:.1} runs/s · {left:.0} s left",
                    state.done,
                    state.total,
                    state.trouble()
                );
                // A closed stderr is no reason to stop training.
                let _ = writeln!(std::io::stderr(), "{line}");
            }
            Display::Plain | Display::Quiet => {}
        }
    }

    /// The runs are over: the bar goes.
    pub fn clear(&self) {
        if let Display::Bar(bar) = &self.display {
            bar.finish_and_clear();
        }
    }
}

impl State {
    fn trouble(&self) -> String {
        let mut text = String::new();
        if self.diverged > 0 {
            text += &format!(" · {} diverged", self.diverged);
        }
        if self.failed > 0 {
            text += &format!(" · {} failed", self.failed);
        }
        text
    }
}
