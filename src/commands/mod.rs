//! The subcommands, one file each: from the arguments to an exit code. [`dispatch`] chooses among
//! them. They share [`exit`], [`experiments`], [`signals`] and [`voice`](crate::voice).

pub mod check;
pub mod compare;
pub mod exit;
pub mod expectations;
pub mod experiments;
pub mod export;
pub mod guide;
pub mod merge;
pub mod models;
pub mod plan;
pub mod predict;
pub mod readout;
pub mod report;
pub mod run;
pub mod show;
pub mod signals;
pub mod soundness;
pub mod submit;
pub mod test;
pub mod trace;
pub mod verify;

use crate::cli::{Cli, Command, Voice};
use crate::voice::Undone;
use problems::Error;

/// The outcome of a command.
pub struct Done {
    /// The exit code, or the error.
    pub result: Result<u8, Error>,
    /// The options for the command's messages.
    pub voice: Voice,
    /// The work that a command with an error has left undone.
    pub undone: Undone,
}

/// Runs the subcommand; without one, trains the experiments.
pub fn dispatch(cli: &Cli) -> Done {
    const TRAINED: Undone = Undone::Trained;
    const PLAIN: Undone = Undone::Plain;
    let own = cli.run.voice;
    let (result, voice, undone) = match &cli.command {
        None => (run::run(&cli.run), own, TRAINED),
        Some(command) => match command {
            Command::Run(arguments) => (run::run(arguments), arguments.voice, TRAINED),
            Command::Plan(arguments) => (plan::show(arguments), arguments.voice, TRAINED),
            Command::Check(arguments) => (check::check_all(arguments), arguments.voice(), TRAINED),
            Command::Merge(arguments) => (merge::join(arguments), arguments.voice, TRAINED),
            Command::Show(arguments) => (show::show(arguments), arguments.voice, PLAIN),
            Command::Predict(arguments) => {
                let undone = Undone::Predicted;
                (predict::predict(arguments), arguments.voice, undone)
            }
            Command::Compare(arguments) => (compare::compare(arguments), arguments.voice(), PLAIN),
            Command::Test(arguments) => {
                let undone = Undone::Sealed;
                (test::test(arguments), arguments.voice, undone)
            }
            Command::Report(arguments) => (report::remake(arguments), arguments.voice, PLAIN),
            Command::Trace(arguments) => {
                let undone = Undone::Computed;
                (trace::show(arguments), arguments.voice, undone)
            }
            Command::Export(arguments) => (export::write(arguments), arguments.voice, PLAIN),
            Command::Submit(arguments) => (submit::submit(arguments), arguments.voice, TRAINED),
            Command::Verify(arguments) => (verify::verify(arguments), arguments.voice, TRAINED),
            Command::New(arguments) => (guide::new(arguments), arguments.voice, PLAIN),
            Command::Explain(arguments) => (guide::explain(arguments), arguments.voice, PLAIN),
            Command::Schema => (guide::schema(), own, PLAIN),
            Command::Completions(arguments) => (guide::completions_of(arguments), own, PLAIN),
            Command::Man(arguments) => (guide::man(arguments), own, PLAIN),
        },
    };
    Done {
        result,
        voice,
        undone,
    }
}
