//! The documentation is tested: its commands run, its experiments pass the check, its links have
//! targets, and its formulas give the same bytes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PAGES: [&str; 4] = [
    "README.md",
    "README.ja.md",
    "docs/tutorial.md",
    "docs/tutorial.ja.md",
];

/// The pages that a person writes in both languages, English first.
const TRANSLATED: [[&str; 2]; 2] = [
    ["results/README.md", "results/README.ja.md"],
    ["docs/report.md", "docs/report.ja.md"],
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The texts of a page's fenced blocks in a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in read(&root().join(page)).lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(name)) => open = Some((name == language, String::new())),
            (Some((wanted, text)), Some(_)) => {
                if *wanted {
                    blocks.push(std::mem::take(text));
                }
                open = None;
            }
            (Some((_, text)), None) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{page} has a block that is not closed");
    blocks
}

/// A directory with a copy of the experiments, as in a clone of the repository.
fn clone() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    copy(
        &root().join("experiments"),
        &directory.path().join("experiments"),
    );
    directory
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a temporary directory can be made");
    for entry in std::fs::read_dir(from).expect("the experiments can be listed") {
        let path = entry.expect("the experiments can be listed").path();
        let name = path.file_name().expect("an entry has a name");
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).expect("an experiment can be copied");
        }
    }
}

fn runner(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_runner"))
        .env("LC_ALL", "C")
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("the program can be started")
}

fn expect_success(directory: &Path, arguments: &[&str]) -> Output {
    let output = runner(directory, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "runner {arguments:?}: {errors}");
    output
}

/// The arguments of a command line that starts the program; `None` for other command lines.
fn arguments(line: &str) -> Option<Vec<&str>> {
    let line = line
        .strip_prefix("cargo run --release -- ")
        .or_else(|| line.strip_prefix("runner "))?;
    let line = line.split_once(" > ").map_or(line, |(command, _)| command);
    Some(line.split_whitespace().collect())
}

#[test]
fn every_command_of_the_pages_runs() {
    // All pages share one clone, so that runs are trained once.
    let clone = clone();
    for page in PAGES {
        // The tutorial asks its reader to save these files.
        for experiment in blocks(page, "toml") {
            if let Some(name) = experiment
                .lines()
                .find_map(|line| line.strip_prefix("name = \"my_"))
            {
                let name = name.split('"').next().expect("a name ends");
                std::fs::write(clone.path().join(format!("my_{name}.toml")), &experiment)
                    .expect("a temporary file can be written");
            }
        }
        let mut count = 0;
        for block in blocks(page, "sh") {
            for line in block.lines() {
                match arguments(line) {
                    Some(arguments) => {
                        expect_success(clone.path(), &arguments);
                        count += 1;
                    }
                    None => assert_eq!(line, "cargo test", "{page}: nothing tries this command"),
                }
            }
        }
        assert!(count > 0, "{page} has commands");
    }
}

#[test]
fn every_experiment_of_the_pages_passes_the_check() {
    for page in PAGES {
        let clone = clone();
        let mut count = 0;
        for experiment in blocks(page, "toml") {
            // A part of a file is marked in its first line.
            if experiment.starts_with("# a part of ")
                || experiment.starts_with("# experiments/plane.toml の一部")
            {
                let whole = read(&root().join("experiments/plane.toml"));
                let bare = |text: &str| -> Vec<String> {
                    let lines = text
                        .lines()
                        .map(|line| line.split('#').next().unwrap_or("").trim().to_owned());
                    lines.filter(|line| !line.is_empty()).collect()
                };
                let whole = bare(&whole);
                for line in bare(&experiment) {
                    assert!(whole.contains(&line), "{page}: {line} is not in plane.toml");
                }
                continue;
            }
            let path = clone.path().join("experiment.toml");
            std::fs::write(&path, &experiment).expect("a temporary file can be written");
            let output = expect_success(clone.path(), &["check", "experiment.toml"]);
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(said.contains(": ok"), "{page}: {said}");
            count += 1;
        }
        assert!(count > 0, "{page} has an experiment");
    }
}

#[test]
fn every_shipped_experiment_passes_the_check() {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join("experiments"))
        .expect("the experiments can be listed")
        .map(|entry| entry.expect("the experiments can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 7, "{paths:?}");
    for path in paths {
        let text = path.display().to_string();
        let output = expect_success(root(), &["check", &text]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains(": ok"), "{said}");
        assert!(
            read(&path).starts_with('#'),
            "{text} begins with its question"
        );
    }
}

#[test]
fn the_example_of_the_readme_is_the_number_of_runs_that_it_says() {
    for page in ["README.md", "README.ja.md"] {
        let clone = clone();
        let experiment = blocks(page, "toml").remove(0);
        std::fs::write(clone.path().join("first.toml"), experiment).expect("can be written");
        let output = expect_success(clone.path(), &["plan", "first.toml", "--json"]);
        let plan: serde_json::Value =
            serde_json::from_slice(&output.stdout).expect("one JSON document");
        assert_eq!(plan["runs"], 27);
        assert!(read(&root().join(page)).contains("27"));
    }
    let output = expect_success(root(), &["plan", "experiments/plane.toml", "--json"]);
    let plan: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(plan["runs"], 105);
}

#[test]
fn the_table_of_the_readme_is_the_one_that_the_program_prints_on_80_columns() {
    let clone = clone();
    let output = Command::new(env!("CARGO_BIN_EXE_runner"))
        .env("LC_ALL", "C")
        .arg("experiments/plane.toml")
        .current_dir(clone.path())
        .env("COLUMNS", "80")
        .output()
        .expect("the program can be started");
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).expect("the table is text");
    // The times differ from run to run.
    let timeless = |line: &str| match line.contains(" of 5 ") {
        true => line
            .rsplit_once(' ')
            .map_or("", |parts| parts.0)
            .trim_end()
            .to_owned(),
        false => line.to_owned(),
    };
    let printed: Vec<String> = printed.lines().map(timeless).collect();
    for page in ["README.md", "README.ja.md"] {
        let shown = blocks(page, "text").remove(0);
        let left_out =
            |line: &&str| line.starts_with('$') || *line == " ⋮" || line.contains("trained in");
        let shown = shown.lines().filter(|line| !left_out(line));
        assert!(shown.clone().count() >= 30, "{page}");
        for line in shown {
            assert!(
                printed.contains(&timeless(line)),
                "{page}: {line:?} is not in {printed:?}"
            );
        }
    }
}

#[test]
fn every_command_of_the_readme_is_one_of_the_program() {
    let help = String::from_utf8(runner(root(), &["--help"]).stdout).expect("help is text");
    for page in ["README.md", "README.ja.md"] {
        let text = read(&root().join(page));
        for line in text.lines().filter(|line| line.starts_with("| `runner ")) {
            let word = line
                .split_whitespace()
                .nth(2)
                .expect("a command has a word");
            let word = word.trim_end_matches('`');
            if word != "EXPERIMENT.toml" {
                assert!(
                    help.contains(&format!("  {word} ")),
                    "{page}: {word} is not in\n{help}"
                );
            }
        }
    }
}

#[test]
fn every_command_of_the_program_is_in_the_readmes() {
    let help = String::from_utf8(runner(root(), &["--help"]).stdout).expect("help is text");
    let commands = help.split("\nCommands:\n").nth(1).expect("it lists them");
    let commands = commands.split("\n\n").next().expect("a list ends");
    // The continuation of a long line is indented further.
    let own = commands.lines().filter_map(|line| line.strip_prefix("  "));
    let words = own.filter_map(|line| line.split(' ').next());
    let words = words.filter(|word| !word.is_empty());
    // `run` is the program's default, and clap's own `help` is everywhere.
    let words: Vec<&str> = words
        .filter(|word| !["run", "help"].contains(word))
        .collect();
    assert!(words.len() >= 15, "{words:?}");
    for page in ["README.md", "README.ja.md"] {
        let text = read(&root().join(page));
        for word in &words {
            let row = [format!("| `runner {word} "), format!("| `runner {word}`")];
            let is_there = row.iter().any(|row| text.contains(row));
            assert!(is_there, "{page} does not list {word}");
        }
    }
}

/// The names in backticks of a page, each of them once. Output of the program has spaces and is in
/// the page's language, so it is left out.
fn names(text: &str) -> BTreeSet<&str> {
    let outside_blocks = text.split("```").step_by(2);
    let paragraphs = outside_blocks.flat_map(|part| part.split("\n\n"));
    let quoted = paragraphs.flat_map(|part| part.split('`').skip(1).step_by(2));
    quoted
        .filter(|quoted| quoted.is_ascii() && !quoted.contains(char::is_whitespace))
        .collect()
}

#[test]
fn the_japanese_pages_name_what_the_english_ones_name() {
    for [english, japanese] in TRANSLATED {
        let [english_text, japanese_text] =
            [english, japanese].map(|page| read(&root().join(page)));
        let [a, b] = [&english_text, &japanese_text].map(|text| names(text));
        let differs: Vec<_> = a.symmetric_difference(&b).collect();
        assert!(differs.is_empty(), "{english}, {japanese}: {differs:?}");
        let shape = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.starts_with(['#', '|']));
            let of = |line: &str| match line.strip_prefix("| ") {
                // Of a row, the names in its first cell count.
                Some(row) => {
                    let cell = row.split(" | ").next().unwrap_or_default();
                    cell.split('`')
                        .skip(1)
                        .step_by(2)
                        .collect::<Vec<_>>()
                        .join(" ")
                }
                None => line.split(' ').next().unwrap_or_default().to_owned(),
            };
            lines.map(of).collect()
        };
        assert_eq!(shape(&english_text), shape(&japanese_text), "{japanese}");
        let blocks = |text: &str| -> Vec<String> {
            text.split("```")
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(blocks(&english_text), blocks(&japanese_text), "{japanese}");
    }
}

#[test]
fn every_link_between_files_leads_to_a_file() {
    for page in PAGES
        .into_iter()
        .chain(["docs/numerics.md"])
        .chain(TRANSLATED.into_iter().flatten())
    {
        let path = root().join(page);
        let directory = path.parent().expect("a page is in a directory");
        for part in read(&path).split("](").skip(1) {
            let target = part.split(')').next().expect("a link ends");
            if target.starts_with("http") || target.starts_with('#') {
                continue;
            }
            let target = target.split('#').next().expect("a first part");
            if target.ends_with("reference.md") {
                continue; // Another part of the program writes it.
            }
            assert!(directory.join(target).exists(), "{page}: {target}");
        }
    }
}

#[test]
fn a_second_implementation_of_the_numbers_gives_the_same_bytes() {
    let python = |arguments: &[&str], directory: &Path| {
        Command::new("python3")
            .args(arguments)
            .current_dir(directory)
            .output()
    };
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let script = root().join("docs/numerics.py").display().to_string();
    let history = match python(&["-B", &script], directory.path()) {
        Ok(output) => output,
        Err(cause) => {
            eprintln!("not tried, since python3 cannot be started: {cause}");
            return;
        }
    };
    let errors = String::from_utf8_lossy(&history.stderr);
    assert!(history.status.success(), "{errors}");

    let text = read(&root().join("docs/numerics.py"));
    let experiment = text
        .split("\"\"\"")
        .nth(3)
        .expect("the script has the experiment");
    std::fs::write(directory.path().join("numerics.toml"), experiment).expect("can be written");
    expect_success(directory.path(), &["numerics.toml"]);
    let ours = read(&directory.path().join("results/numerics/history.csv"));
    assert_eq!(ours, String::from_utf8_lossy(&history.stdout));
    assert_eq!(ours.lines().count(), 7);
}
