//! The command line: the arguments of every subcommand.

// These comments are the texts of `--help`, in which `<name>` is not HTML.
#![allow(rustdoc::invalid_html_tags)]

mod pictures;
mod proposed;
mod shard;

use std::path::PathBuf;

use choices::Choice;
use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::export::ExportFormat;
use crate::language::Language;
use crate::record::drawing::{PictureFormat, PictureStyle};
use crate::trace::TraceFormat;

pub use pictures::PictureArguments;
use proposed::{EXPLAINED, SETTINGS, STARTS};
pub use shard::Shard;

/// The end of the text of `--help`.
const EXAMPLES: &str = "\
Examples:
  runner experiments/plane.toml                  train it; results in results/plane
  runner plane.toml --set training.epochs=200    the same with another value
  runner check plane.toml                        is it right, and is it wise?
  runner plan plane.toml                         which runs, how many are done
  runner plane.toml --shard 1/2 --out part1      half of the runs here ...
  runner plane.toml --shard 2/2 --out part2      ... the others there
  runner merge part1 part2                       and joined in results/plane

Exit codes:
  0    every run has its outcome (a diverged one is an outcome)
  1    some runs failed, or all diverged, or an expectation was missed
  2    the command, the experiment or its data is wrong: nothing was trained
  3    `verify` found a difference
  130  interrupted: what was finished is kept";

/// Trains small neural networks as one TOML file says, and leaves loss histories as CSV.
///
/// An experiment file names the data, the network, the training, and what is swept; runner trains
/// every combination on all cores and leaves tables, models and a report in results/<name>. What is
/// trained already is never trained twice: start again after Ctrl-C, or with more values in the
/// sweep, and only the missing runs are trained. The same experiment gives the same bytes every
/// time: on any number of threads, after an interruption, on another CPU.
#[derive(Debug, Parser)]
#[command(
    name = "runner",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_precedence_over_arg = true,
    arg_required_else_help = true,
    after_help = EXAMPLES
)]
pub struct Cli {
    /// What to do; without a subcommand: run.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The same as `runner run`.
    #[command(flatten)]
    pub run: RunArguments,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train every run of the experiments that is not yet trained, and write the results
    Run(RunArguments),
    /// Show which runs an experiment has, which are trained already, and what the others cost
    Plan(InspectArguments),
    /// Validate experiments and warn of what is legal but probably not meant
    Check(CheckArguments),
    /// Join the shards of an experiment into one directory of results
    Merge(MergeArguments),
    /// Compare finished results: configurations against each other, and experiments
    Compare(CompareArguments),
    /// Open the test part for the best configuration; every look is counted
    Test(TestArguments),
    /// Make report.html, plots/ and comparison.csv again from finished results
    Report(ReportArguments),
    /// Show a stored model: layers, features, classes, weights and biases
    Show(ShowArguments),
    /// Write a stored model's predictions of new data as CSV
    Predict(PredictArguments),
    /// Show one training step, every number with its formula
    Trace(TraceArguments),
    /// Train an experiment in shards on a Slurm cluster, and join them
    Submit(SubmitArguments),
    /// Write results in the format of another program: ONNX, Parquet, TensorBoard, one flat CSV
    Export(ExportArguments),
    /// Train again what a directory of results holds, and compare every bit
    Verify(VerifyArguments),
    /// Write a new experiment to begin with
    New(NewArguments),
    /// Tell what a key of the experiment file means, its values, default and an example
    Explain(ExplainArguments),
    /// Print the JSON Schema of experiment files, for editors
    Schema,
    /// Print the completions of a shell
    Completions(CompletionsArguments),
    /// Print the manual page
    Man(ManArguments),
}

/// What `runner compare` takes.
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// Directories of results, as in results/plane
    #[arg(required = true, value_name = "DIR")]
    pub directories: Vec<PathBuf>,
    /// Rank by another column of runs.csv, as in valid_accuracy; nothing is trained
    #[arg(long, value_name = "COLUMN")]
    pub metric: Option<String>,
    /// Compare the values of another swept key, or of variant
    #[arg(long, value_name = "KEY")]
    pub by: Option<String>,
    /// The format of the tables
    #[arg(long, default_value = "text")]
    pub format: CompareFormat,
    /// Write what the experiment expects, judged, as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// How it speaks.
    #[command(flatten)]
    pub voice: Voice,
}

impl CompareArguments {
    /// How it speaks: one format is that of `--json`.
    pub fn voice(&self) -> Voice {
        let mut voice = self.voice;
        voice.json |= self.format == CompareFormat::Json;
        voice
    }
}

/// The formats of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CompareFormat {
    /// For a terminal
    Text,
    /// Markdown: the ranking and the pairs
    Md,
    /// LaTeX with booktabs: the ranking and the pairs
    Latex,
    /// The ranking with its numbers in full (the pairs are comparison.csv)
    Csv,
    /// For programs; the same as --json
    Json,
}

/// What `runner report` takes.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// Directories of results, as in results/plane
    #[arg(required = true, value_name = "DIR")]
    pub directories: Vec<PathBuf>,
    /// How the pictures are drawn.
    #[command(flatten)]
    pub pictures: PictureArguments,
    /// How it speaks.
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner run` takes.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// Experiment files; of several, each is trained as if it were alone
    #[arg(required = true, value_name = "EXPERIMENT.toml")]
    pub experiments: Vec<PathBuf>,
    /// Override a key of the file, as in training.epochs=200; VALUE is TOML; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = SETTINGS, hide_possible_values = true)]
    pub set: Vec<String>,
    /// Threads (default: all cores); never changes a result
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Where the results go instead of results/<name>; of several experiments, in a directory each
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Forget the runs that are already there (default: only the missing ones are trained)
    #[arg(long)]
    pub fresh: bool,
    /// Stop at the first run that fails (default: the others go on)
    #[arg(long)]
    pub fail_fast: bool,
    /// Train only the runs of shard K of N, as in 1/3: the runs are dealt out one by one
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
    /// Write what the experiment expects, judged, as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// How the pictures are drawn
    #[command(flatten)]
    pub pictures: PictureArguments,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner check` takes.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// What is to be looked at
    #[command(flatten)]
    pub inspect: InspectArguments,
    /// Treat warnings as errors: exit with 2 if there is one
    #[arg(long, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// How problems and warnings are written
    #[arg(long, default_value = "text")]
    pub format: CheckFormat,
}

impl CheckArguments {
    /// How it speaks: one format is that of `--json`.
    pub fn voice(&self) -> Voice {
        let mut voice = self.inspect.voice;
        voice.json |= self.format == CheckFormat::Json;
        voice
    }
}

/// The formats of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For a person
    Text,
    /// For programs; the same as --json
    Json,
    /// Annotations of a workflow on GitHub
    Github,
}

/// What `runner check` treats as an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Every warning
    Warnings,
}

/// What `runner plan` and `runner check` take.
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// Experiment files
    #[arg(required = true, value_name = "EXPERIMENT.toml")]
    pub experiments: Vec<PathBuf>,
    /// Override a key of the file, as in training.epochs=200; VALUE is TOML; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = SETTINGS, hide_possible_values = true)]
    pub set: Vec<String>,
    /// Where the results are instead of results/<name>
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner merge` takes.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// Directories of results, one per shard
    #[arg(required = true, value_name = "DIR")]
    pub shards: Vec<PathBuf>,
    /// Where the joined results go (default: results/<name>)
    #[arg(long, visible_alias = "into", value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write what the experiment expects, judged, as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner show` takes.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// A model: results/<name>/models/<key>.safetensors; or results/<name>: its best
    #[arg(value_name = "MODEL|DIR")]
    pub model: PathBuf,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner predict` takes.
#[derive(Debug, Args)]
pub struct PredictArguments {
    /// A model: results/<name>/models/<key>.safetensors; or results/<name>: its best
    #[arg(value_name = "MODEL|DIR")]
    pub model: PathBuf,
    /// New data: CSV with the columns of the training data, .npy, .npz, or IDX images; - is stdin
    #[arg(value_name = "DATA")]
    pub data: PathBuf,
    /// The targets of IDX images (their labels) or of a .npy array
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
    /// Where the predictions go instead of the standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner submit` takes.
#[derive(Debug, Args)]
pub struct SubmitArguments {
    /// The experiment file
    #[arg(value_name = "EXPERIMENT.toml")]
    pub experiment: PathBuf,
    /// Override a key of the file, as in training.epochs=200; VALUE is TOML; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = SETTINGS, hide_possible_values = true)]
    pub set: Vec<String>,
    /// Where the results go instead of results/<name>; all machines must see it
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// In how many parts, each a task of the array job
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    pub shards: u16,
    /// Processors, and so threads, of each part
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub cpus: u16,
    /// The longest time of a part, as sbatch takes it: 30, 2:00:00, 1-12
    #[arg(long)]
    pub time: Option<String>,
    /// The partition
    #[arg(long)]
    pub partition: Option<String>,
    /// Any other option of sbatch, as in --sbatch=--mem=2G; repeatable
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    pub sbatch: Vec<String>,
    /// Write the scripts, submit nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Wait until all is trained and joined, and show the table
    #[arg(long)]
    pub wait: bool,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner export` takes.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// A directory of results
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// The format
    #[arg(long, value_name = "FORMAT")]
    pub to: ExportFormat,
    /// Where the files go (default: DIR/FORMAT)
    #[arg(long, value_name = "OUT")]
    pub out: Option<PathBuf>,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// The values of an argument that is a [`Choice`] are its words.
macro_rules! values_are_words {
    ($($choice:ty),*) => {
        $(impl ValueEnum for $choice {
            fn value_variants<'a>() -> &'a [Self] {
                Self::ALL
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                let mut known = Self::WORDS.iter();
                let word = known.find(|known| known.word == self.word())?;
                Some(PossibleValue::new(word.word).help(word.doc))
            }
        })*
    };
}
values_are_words!(
    ExportFormat,
    TraceFormat,
    Language,
    PictureFormat,
    PictureStyle
);

/// What `runner verify` takes.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// A directory of results
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Threads (default: all cores)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner test` takes.
#[derive(Debug, Args)]
pub struct TestArguments {
    /// A directory of finished results, as in results/plane
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// The configuration's number in summary.csv (default: the best, as ranked)
    #[arg(long, value_name = "N")]
    pub configuration: Option<usize>,
    /// Threads (default: all cores)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner trace` takes.
#[derive(Debug, Args)]
pub struct TraceArguments {
    /// The experiment file
    #[arg(value_name = "EXPERIMENT.toml")]
    pub experiment: PathBuf,
    /// Override a key of the file, as in training.batch_size=2; VALUE is TOML; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = SETTINGS, hide_possible_values = true)]
    pub set: Vec<String>,
    /// The run, counted from 0 as in runs.csv (default: 0; with --at-divergence the first that diverges)
    #[arg(long, value_name = "N")]
    pub run: Option<usize>,
    /// The epoch, counted from 1
    #[arg(long, value_name = "E", default_value_t = 1)]
    pub epoch: u64,
    /// The batch of that epoch, counted from 1
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub step: usize,
    /// The sample of that batch that is shown, counted from 1
    #[arg(long, value_name = "I", default_value_t = 1)]
    pub sample: usize,
    /// The step at which a value of a run stops being finite, and where that began
    #[arg(long, conflicts_with_all = ["epoch", "step", "sample"])]
    pub at_divergence: bool,
    /// The format of the page
    #[arg(long, default_value = "text")]
    pub format: TraceFormat,
    /// Compare each gradient with a central difference; exit code 3 if they do not agree
    #[arg(long)]
    pub check: bool,
    /// Show large layers and long sums whole
    #[arg(long)]
    pub full: bool,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner new` takes.
#[derive(Debug, Args)]
pub struct NewArguments {
    /// The experiment's name, and its file: NAME.toml
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What to begin with: plane, batch-regimes, learning-rates, worked-example, xor, circle, spiral,
    /// playground, csv, regression, optimizers, mnist
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "from", value_parser = STARTS, hide_possible_values = true)]
    pub template: Option<String>,
    /// Propose an experiment for this CSV file, from what its columns hold
    #[arg(long, value_name = "DATA.csv")]
    pub from: Option<PathBuf>,
    /// The column to predict (default: the last)
    #[arg(long, value_name = "COLUMN", requires = "from")]
    pub target: Option<String>,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner explain` takes.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// Keys, tables or words, such as training.batch_size or adam (default: lists all keys)
    #[arg(value_name = "KEY", value_parser = EXPLAINED, hide_possible_values = true)]
    pub keys: Vec<String>,
    /// How it speaks
    #[command(flatten)]
    pub voice: Voice,
}

/// What `runner completions` takes.
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// What `runner man` takes.
#[derive(Debug, Args)]
pub struct ManArguments {
    /// Write a page for every subcommand into this directory instead
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// How the program speaks.
#[derive(Debug, Clone, Copy, Args)]
pub struct Voice {
    /// No progress and no table; errors only
    #[arg(long, short)]
    pub quiet: bool,
    /// One JSON document on stdout instead of the table
    #[arg(long)]
    pub json: bool,
    /// When to use colours; NO_COLOR is respected
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// The language of tables, verdicts and pages (default: the environment's)
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<Language>,
}

impl Voice {
    /// The language in which it speaks: as asked for, else that of the environment.
    pub fn language(&self) -> Language {
        self.lang.unwrap_or_else(Language::of_environment)
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Where stdout or stderr is a terminal that wants them
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
