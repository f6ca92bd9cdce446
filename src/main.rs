//! Parses the command line, calls, prints the error, sets the exit code.

use std::process::ExitCode;

use clap::Parser;
use runner::cli::Cli;

fn main() -> ExitCode {
    runner::app::main(Cli::parse())
}
