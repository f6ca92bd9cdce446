//! The command `runner plan EXPERIMENT …`.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};

use super::exit::SUCCESS;
use super::experiments::{directories, plan_all, threads};
use crate::cli::InspectArguments;
use crate::execute::cost::{Cost, memory, seconds};
use crate::execute::panics::hush;
use crate::execute::progress::duration;
use crate::language::Language;
use crate::plan::Plan;
use crate::record::Store;
use crate::screen::Screen;
use crate::screen::table::{Column, LIGHT, Table};
use crate::text;
use crate::voice::{display, print_json, screen};
use problems::Error;

/// The most configurations that are listed.
const LISTED: usize = 50;

/// Shows the runs of experiments, which of them are trained already, and the cost of the others.
///
/// # Errors
/// If an experiment has mistakes, or a store cannot be read.
pub fn show(arguments: &InspectArguments) -> Result<u8, Error> {
    let plans = plan_all(&arguments.experiments, &arguments.set)?;
    let directories = directories(&plans, arguments.out.as_deref())?;
    let mut documents = Vec::new();
    for (plan, directory) in plans.iter().zip(&directories) {
        let outlook = Outlook::of(plan, directory)?;
        if !arguments.voice.json && !arguments.voice.quiet {
            let language = arguments.voice.language();
            display(&outlook.text(plan, directory, language, &screen(arguments.voice)))?;
        }
        documents.push(outlook.document(plan, directory));
    }
    print_json(arguments.voice, documents)?;
    Ok(SUCCESS)
}

/// The runs that a plan still has to train, with their cost.
struct Outlook {
    /// For each configuration the number of its runs, and how many of them are to be trained.
    runs: Vec<(usize, usize)>,
    /// For each configuration the cost of the runs to be trained.
    costs: Vec<Cost>,
    total: Cost,
    missing: usize,
    seconds: f64,
    memory: f64,
    jobs: usize,
}

impl Outlook {
    fn of(plan: &Plan, directory: &Path) -> Result<Self, Error> {
        let missing = match Store::peek(directory)? {
            Some(store) => store.missing(plan, |_| true),
            None => (0..plan.runs.len()).collect(),
        };
        let jobs = threads(None);
        let mut outlook = Self {
            runs: vec![(0, 0); plan.configurations.len()],
            costs: vec![Cost::default(); plan.configurations.len()],
            total: Cost::default(),
            missing: missing.len(),
            seconds: hush(|| seconds(plan, &missing, jobs, &AtomicBool::new(false)))?,
            memory: memory(plan, &missing, jobs).sum(),
            jobs,
        };
        for run in &plan.runs {
            outlook.runs[run.configuration].0 += 1;
        }
        for &index in &missing {
            let run = &plan.runs[index];
            let cost = Cost::of(plan, run);
            outlook.runs[run.configuration].1 += 1;
            outlook.costs[run.configuration].add(&cost);
            outlook.total.add(&cost);
        }
        Ok(outlook)
    }

    fn text(&self, plan: &Plan, directory: &Path, language: Language, screen: &Screen) -> String {
        let mut number = Column::new("#").right();
        let mut name = Column::new(text!(language, "ranked-configuration")).wrapping(12);
        let mut runs = Column::new(text!(language, "ranked-runs")).right();
        let mut exist = Column::new(text!(language, "plan-exist"))
            .right()
            .optional(LIGHT + 1);
        let mut new = Column::new(text!(language, "plan-new")).right();
        let mut updates = Column::new(text!(language, "plan-updates"))
            .right()
            .optional(LIGHT + 2);
        let mut multiply_adds = Column::new(text!(language, "plan-multiply-adds"))
            .right()
            .optional(1);
        for (index, configuration) in plan.configurations.iter().take(LISTED).enumerate() {
            let (all, missing) = self.runs[index];
            let cost = &self.costs[index];
            number.push(index.to_string());
            name.push(configuration.label(&plan.swept));
            runs.push(all.to_string());
            exist.push((all - missing).to_string());
            new.push(missing.to_string());
            updates.push(count(cost.updates));
            multiply_adds.push(count(cost.multiply_adds));
        }
        let table = Table::of([number, name, runs, exist, new, updates, multiply_adds]);
        let mut text = table.render(screen);
        if plan.configurations.len() > LISTED {
            let more = text!(
                language,
                "more-configurations",
                count = plan.configurations.len() - LISTED
            );
            text += &format!("\n{more}");
        }
        let mut sentences = text!(
            language,
            "plan-summary",
            name = &plan.name,
            configurations = text!(
                language,
                "configurations",
                count = plan.configurations.len()
            ),
            runs = text!(language, "runs", runs = plan.runs.len()),
            exist = plan.runs.len() - self.missing,
            directory = directory.display().to_string(),
            new = self.missing
        );
        if self.missing > 0 {
            sentences += "\n";
            sentences += &text!(
                language,
                "plan-work",
                epochs = count(self.total.epochs),
                updates = count(self.total.updates),
                multiply_adds = count(self.total.multiply_adds)
            );
            let time = if self.seconds < 1.0 {
                text!(language, "plan-a-moment")
            } else {
                text!(
                    language,
                    "plan-about",
                    time = duration(self.seconds, language)
                )
            };
            sentences += "\n";
            sentences += &text!(
                language,
                "plan-cost",
                time = time,
                threads = self.jobs,
                disk = bytes(self.total.disk),
                memory = bytes(self.memory)
            );
        }
        text + "\n" + &screen.prose(&sentences)
    }

    fn document(&self, plan: &Plan, directory: &Path) -> Value {
        let configurations =
            plan.configurations
                .iter()
                .enumerate()
                .map(|(index, configuration)| {
                    let (runs, new) = self.runs[index];
                    let swept = plan
                        .swept
                        .iter()
                        .cloned()
                        .zip(configuration.values.iter().map(|v| json!(v)));
                    json!({
                        "variant": configuration.variant,
                        "swept": swept.collect::<serde_json::Map<String, Value>>(),
                        "runs": runs,
                        "existing": runs - new,
                        "missing": new,
                        "updates": whole(self.costs[index].updates),
                        "multiply_adds": whole(self.costs[index].multiply_adds),
                    })
                });
        json!({
            "name": plan.name,
            "results": directory.display().to_string(),
            "configurations": plan.configurations.len(),
            "runs": plan.runs.len(),
            "existing": plan.runs.len() - self.missing,
            "missing": self.missing,
            "epochs": whole(self.total.epochs),
            "updates": whole(self.total.updates),
            "multiply_adds": whole(self.total.multiply_adds),
            "estimated_seconds": self.seconds,
            "jobs": self.jobs,
            "disk_bytes": whole(self.total.disk),
            "memory_bytes": whole(self.memory),
            "table": configurations.collect::<Vec<_>>(),
        })
    }
}

/// A count as a JSON integer; from 2^64 on as a number with an exponent.
fn whole(value: f64) -> Value {
    let rounded = value.round();
    if rounded < u64::MAX as f64 {
        json!(rounded as u64)
    } else {
        json!(rounded)
    }
}

/// A count in few characters: `6300`, `1.26e9`.
fn count(value: f64) -> String {
    if value < 1e6 {
        format!("{value:.0}")
    } else {
        format!("{value:.2e}")
    }
}

/// A number of bytes as a person writes it.
fn bytes(value: f64) -> String {
    match value {
        v if v < 1e6 => format!("{:.0} kB", (v / 1e3).ceil()),
        v if v < 1e9 => format!("{:.0} MB", v / 1e6),
        v => format!("{:.1} GB", v / 1e9),
    }
}
