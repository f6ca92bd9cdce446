//! Parses the command line, calls, sets the exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    runner::app::main(runner::cli::Cli::parse())
}
