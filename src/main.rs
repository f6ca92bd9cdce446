//! The start of the program: parses the command line, runs the command and sets the exit code.

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: memory::Allocator = memory::Allocator;

fn main() -> ExitCode {
    match runner::cli::Cli::try_parse() {
        Ok(cli) => runner::app::main(cli),
        Err(usage) => runner::app::explain_usage(&usage),
    }
}
