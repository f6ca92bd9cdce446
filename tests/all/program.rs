//! The program as a person runs it: a directory with an experiment, and the real binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A directory with an experiment file in it.
pub struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    /// A directory with this text as `experiment.toml`.
    pub fn with(experiment: &str) -> Self {
        let place = Self {
            directory: tempfile::tempdir().expect("a place for files"),
        };
        place.write("e.toml", experiment);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("there is room");
    }

    pub fn read(&self, name: &str) -> String {
        let path = self.path(name);
        std::fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
    }

    /// The program with these arguments, in the directory.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
        command
            .args(arguments)
            .current_dir(self.directory.path())
            // Sentences have no line breaks.
            .env("COLUMNS", "10000")
            // The language is English on every machine.
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        Ended::from(
            self.command(arguments)
                .output()
                .expect("the program starts"),
        )
    }

    /// Runs the program to its end, and checks that it succeeds.
    pub fn succeed(&self, arguments: &[&str]) -> Ended {
        let ended = self.run(arguments);
        assert_eq!(ended.code, Some(0), "{arguments:?}\n{}", ended.stderr);
        ended
    }
}

/// The exit code and the output of the program.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("texts are UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("texts are UTF-8"),
        }
    }
}

impl Ended {
    /// The JSON document on stdout.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|cause| panic!("{cause}: {}", self.stdout))
    }
}

/// The files of a directory of results whose bytes are promised, with their bytes, sorted by name:
/// all but the manifest and the journal.
pub fn promised(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    gather(directory, directory, &mut files);
    files.sort();
    files
}

fn gather(root: &Path, directory: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).expect("it is a directory") {
        let path = entry.expect("it is readable").path();
        let name = path
            .strip_prefix(root)
            .expect("it is inside")
            .display()
            .to_string();
        if name == ".runner" || name == "manifest.json" {
            continue;
        }
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            files.push((name, std::fs::read(&path).expect("it is readable")));
        }
    }
}

/// Checks that the promised files of two directories are equal, and names those that differ.
pub fn assert_same_bytes(a: &Path, b: &Path) {
    let (a_files, b_files) = (promised(a), promised(b));
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(
        names(&a_files),
        names(&b_files),
        "{} {}",
        a.display(),
        b.display()
    );
    assert!(!a_files.is_empty(), "{} is empty", a.display());
    for ((name, a_bytes), (_, b_bytes)) in a_files.iter().zip(&b_files) {
        assert!(
            a_bytes == b_bytes,
            "{name} differs between {} and {}",
            a.display(),
            b.display()
        );
    }
}

/// A small sweep with validation: 2 variants × 3 rates × 2 replicates, 30 epochs.
pub const SWEEP: &str = r#"
name = "small"
seed = 7
replicates = 2

[data]
source = "plane"
samples = 60
validation = 0.5

[model]
layers = [2, 3, 1]
activations = ["sigmoid", "identity"]

[training]
epochs = 30
learning_rate = 0.1
batch_size = 5

[variants.online]
training.batch_size = 1
[variants.full]
training.batch_size = "full"

[sweep]
training.learning_rate = [0.01, 0.1, 0.3]
"#;
