//! The commands `runner new`, `runner explain`, `runner schema`, `runner completions` and
//! `runner man`.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use serde_json::json;

use super::exit::SUCCESS;
use crate::cli::{Cli, CompletionsArguments, ExplainArguments, ManArguments, NewArguments};
use crate::guide::{completions, explain, proposal, schema, template};
use crate::record::whole_file::write_new;
use crate::shell;
use crate::text;
use crate::voice::{display, print_json, println, say, screen};
use problems::Error;

/// Writes a new experiment, and shows how to run it.
///
/// # Errors
/// If a file is there already, or the data cannot be used.
pub fn new(arguments: &NewArguments) -> Result<u8, Error> {
    let language = arguments.voice.language();
    let file = template::file(&arguments.name)?;
    let written = match &arguments.from {
        Some(data) => {
            template::is_new(&file)?;
            let text = proposal::proposal(&file, data, arguments.target.as_deref(), language)?;
            vec![template::write(&file, text.as_bytes())?]
        }
        None => {
            let word = arguments
                .template
                .as_deref()
                .unwrap_or(template::TEMPLATES[0].word);
            template::find(word)?.write(&file, language)?
        }
    };
    if !arguments.voice.json {
        for path in &written {
            println(&path.display().to_string())?;
        }
    }
    // The proposal is checked as an experiment. If there is a problem with the data, the person
    // sees it now, and no file is left that would prevent another try.
    if let Err(error) = crate::plan::plan(&file, &[]) {
        for path in written.iter().filter(|path| **path == file) {
            let _ = std::fs::remove_file(path);
        }
        return Err(error);
    }
    let next = format!("runner {}", shell::path(&file));
    say(&text!(language, "new-next", command = &next));
    let files: Vec<String> = written
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let document =
        json!({ "experiment": file.display().to_string(), "files": files, "next": next });
    print_json(arguments.voice, vec![document])?;
    Ok(SUCCESS)
}

/// Explains a key; without an argument, lists all keys.
///
/// # Errors
/// If there is no such key.
pub fn explain(arguments: &ExplainArguments) -> Result<u8, Error> {
    if arguments.voice.json {
        return explain_to_a_program(arguments);
    }
    let screen = screen(arguments.voice);
    let language = arguments.voice.language();
    if arguments.keys.is_empty() {
        display(explain::list(language, &screen).trim_end())?;
    }
    let mut problems = problems::Problems::new();
    for key in &arguments.keys {
        match explain::explain(language, key, &screen) {
            Ok(text) => display(text.trim_end())?,
            Err(problem) => problems.push(problem),
        }
    }
    problems.into_result(SUCCESS)
}

/// Writes the explanation as one JSON document.
fn explain_to_a_program(arguments: &ExplainArguments) -> Result<u8, Error> {
    let mut problems = problems::Problems::new();
    let mut documents = Vec::new();
    let language = arguments.voice.language();
    if arguments.keys.is_empty() {
        documents.push(json!({ "keys": explain::all(language) }));
    }
    for key in &arguments.keys {
        match explain::document(language, key) {
            Ok(document) => documents.push(document),
            Err(problem) => problems.push(problem),
        }
    }
    problems.into_result(())?;
    print_json(arguments.voice, documents)?;
    Ok(SUCCESS)
}

/// Prints the JSON Schema of an experiment file.
///
/// # Errors
/// If the standard output cannot be written.
pub fn schema() -> Result<u8, Error> {
    println(schema::text().trim_end())?;
    Ok(SUCCESS)
}

/// Prints the completions of a shell.
///
/// # Errors
/// If the standard output cannot be written.
pub fn completions_of(arguments: &CompletionsArguments) -> Result<u8, Error> {
    let mut bytes = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "runner", &mut bytes);
    let script = String::from_utf8_lossy(&bytes);
    let script = match arguments.shell {
        Shell::Bash => completions::without_space_in_bash(&script),
        Shell::Zsh => completions::with_experiments_in_zsh(&script),
        Shell::Fish => {
            let cli = Cli::command();
            let mut commands: Vec<&str> = cli.get_subcommands().map(|of| of.get_name()).collect();
            commands.push("help");
            completions::with_experiments_in_fish(&script, &commands)
        }
        _ => script.into_owned(),
    };
    println(script.trim_end())?;
    Ok(SUCCESS)
}

/// Prints the manual page; with a directory, writes the pages of every subcommand there.
///
/// # Errors
/// If the page cannot be written.
pub fn man(arguments: &ManArguments) -> Result<u8, Error> {
    let Some(directory) = &arguments.out else {
        let mut bytes = Vec::new();
        clap_mangen::Man::new(Cli::command())
            .render(&mut bytes)
            .map_err(Error::file("cannot write", Path::new("the manual page")))?;
        println(String::from_utf8_lossy(&bytes).trim_end())?;
        return Ok(SUCCESS);
    };
    std::fs::create_dir_all(directory).map_err(Error::file("cannot make", directory))?;
    let cannot = || Error::file("cannot write into", directory);
    let new = tempfile::tempdir().map_err(cannot())?;
    clap_mangen::generate_to(Cli::command(), new.path()).map_err(cannot())?;
    for entry in std::fs::read_dir(new.path()).map_err(cannot())? {
        let entry = entry.map_err(cannot())?;
        let page = std::fs::read(entry.path()).map_err(cannot())?;
        write_new(
            &directory.join(entry.file_name()),
            &page,
            "--out",
            is_own_page,
        )?;
    }
    Ok(SUCCESS)
}

/// Whether a file is a manual page of this program, in any version.
fn is_own_page(page: &[u8]) -> bool {
    let mut lines = page.split(|&byte| byte == b'\n');
    lines.any(|line| line.starts_with(b".TH runner"))
}
