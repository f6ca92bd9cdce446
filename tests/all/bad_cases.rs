//! Every file in `tests/cases/bad` is refused with exactly the message beside it; every file in
//! `tests/cases/good` is planned without one.
//!
//! A case can have overrides, as with `--set`, in lines that begin with `# --set `. After a change
//! of a message, `RUNNER_BLESS=1 cargo test --test all bad_cases` writes the messages again: read
//! the difference before you commit it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use problems::Error;
use runner::plan::plan;

/// The cases of a directory, sorted by their names. The paths are relative to the root of the
/// repository, since they are part of the messages.
fn cases(directory: &str) -> Vec<PathBuf> {
    std::env::set_current_dir(env!("CARGO_MANIFEST_DIR")).expect("the repository is there");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the cases are there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    files
}

/// The overrides of a case.
fn sets(path: &Path) -> Vec<String> {
    let text = std::fs::read(path).expect("a case can be read");
    let text = String::from_utf8_lossy(&text);
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("# --set "));
    lines.map(str::to_owned).collect()
}

#[test]
fn every_bad_file_is_refused_with_its_exact_message() {
    let files = cases("tests/cases/bad");
    assert!(files.len() >= 60, "only {} bad cases", files.len());
    let bless = std::env::var_os("RUNNER_BLESS").is_some();
    let mut report = String::new();
    for path in files {
        let found = match plan(&path, &sets(&path)) {
            Ok(_) => "it is accepted\n".to_owned(),
            Err(error @ Error::Experiment(_)) => format!("{error}\n"),
            Err(other) => format!("error: {other}\n"),
        };
        let beside = path.with_extension("txt");
        if bless {
            std::fs::write(&beside, &found).expect("the message can be written");
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        if found != expected {
            let _ = writeln!(
                report,
                "== {}\n-- expected\n{expected}-- found\n{found}",
                path.display()
            );
        }
        assert_ne!(found, "it is accepted\n", "{}", path.display());
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn every_good_file_is_planned() {
    let files = cases("tests/cases/good");
    assert!(files.len() >= 10, "only {} good cases", files.len());
    for path in files {
        let planned = plan(&path, &sets(&path));
        let planned = planned.unwrap_or_else(|error| panic!("{}:\n{error}", path.display()));
        assert!(!planned.runs.is_empty(), "{}", path.display());
    }
}
