//! The tools of every case: an experiment, the files of a run without faults, and the library that
//! makes system calls fail.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A small sweep of twelve runs, with a page, pictures and models.
const EXPERIMENT: &str = r#"
name = "small"
seed = 7
replicates = 2
[data]
source = "plane"
samples = 60
validation = 0.5
test = 0.2
[model]
layers = [2, 3, 1]
activations = ["sigmoid", "identity"]
[training]
epochs = 60
learning_rate = 0.1
[variants.online]
training.batch_size = 1
[variants.full]
training.batch_size = "full"
[sweep]
training.learning_rate = [0.01, 0.1, 0.3]
"#;

/// The tools that are made once.
pub struct Workshop {
    place: tempfile::TempDir,
    library: Option<PathBuf>,
    whole: Files,
    /// A directory with the finished experiment.
    finished: Option<Bench>,
    /// The finished results of another seed.
    other: Option<Bench>,
}

/// The names and bytes of a directory's promised files, sorted.
pub type Files = Vec<(String, Vec<u8>)>;

impl Workshop {
    /// Makes the tools.
    pub fn new() -> Self {
        let place = tempfile::tempdir().expect("a place for files");
        let library = compile(place.path());
        let mut workshop = Self {
            place,
            library,
            whole: Vec::new(),
            finished: None,
            other: None,
        };
        let bench = workshop.bench();
        assert_eq!(
            bench.run(&["e.toml"]).code,
            Some(0),
            "the experiment is good"
        );
        workshop.whole = promised(&bench.results());
        std::fs::write(bench.path("data.csv"), "x1,x2\n0.1,0.2\n").expect("there is room");
        workshop.finished = Some(bench);
        let other = workshop.bench();
        let ended = other.run(&["e.toml", "--set", "seed=8"]);
        assert_eq!(ended.code, Some(0), "another seed is as good");
        workshop.other = Some(other);
        workshop
    }

    /// A new empty directory.
    pub fn empty_bench(&self) -> Bench {
        let place = tempfile::tempdir_in(self.place.path()).expect("a place for files");
        Bench { place }
    }

    /// A new directory with the finished experiment, and a table of new data.
    pub fn finished(&self) -> Bench {
        let bench = self.empty_bench();
        let finished = self.finished.as_ref().expect("it was made");
        copy(&finished.path(""), &bench.path(""));
        bench
    }

    /// The finished results of another seed.
    pub fn other_results(&self) -> PathBuf {
        self.other.as_ref().expect("it was made").results()
    }

    /// A new directory with the experiment in it.
    pub fn bench(&self) -> Bench {
        let place = tempfile::tempdir_in(self.place.path()).expect("a place for files");
        std::fs::write(place.path().join("e.toml"), EXPERIMENT).expect("there is room");
        Bench { place }
    }

    /// The library that makes system calls fail, if there is a C compiler.
    pub fn library(&self) -> Option<&Path> {
        self.library.as_deref()
    }

    /// The files of a run without faults.
    pub fn whole(&self) -> &Files {
        &self.whole
    }

    /// Checks that the results are those of a run without faults, to the byte.
    pub fn is_whole(&self, results: &Path) -> Result<(), String> {
        let found = promised(results);
        let names = |files: &Files| {
            files
                .iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        if names(&found) != names(&self.whole) {
            return Err(format!("the files are {:?}", names(&found)));
        }
        match found.iter().zip(&self.whole).find(|(a, b)| a != b) {
            Some(((name, _), _)) => Err(format!("{name} has other bytes")),
            None => Ok(()),
        }
    }

    /// Checks that every existing result file is whole.
    pub fn has_nothing_half(&self, results: &Path) -> Result<(), String> {
        for (name, bytes) in promised(results) {
            if name.ends_with(".part") {
                return Err(format!("{name} is left"));
            }
            match self.whole.iter().find(|(whole, _)| *whole == name) {
                Some((_, whole)) if *whole == bytes => {}
                Some(_) => return Err(format!("{name} is not whole")),
                None => return Err(format!("{name} is none of the results")),
            }
        }
        Ok(())
    }
}

/// The directory of one case.
pub struct Bench {
    place: tempfile::TempDir,
}

/// The end of a program.
pub struct Ended {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Bench {
    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    pub fn results(&self) -> PathBuf {
        self.path("results/small")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
        command
            .env("LC_ALL", "C")
            .args(arguments)
            .current_dir(self.place.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).output();
        Ended::from(output.expect("the program starts"))
    }

    /// Runs the experiment to its end, and checks that the results are whole afterwards.
    pub fn mend(&self, workshop: &Workshop) -> Result<(), String> {
        let ended = self.run(&["e.toml"]);
        if ended.code != Some(0) {
            return Err(format!("then {:?}: {}", ended.code, ended.stderr));
        }
        workshop.is_whole(&self.results())
    }

    /// The number of kept runs.
    pub fn kept(&self) -> Result<u64, String> {
        let output = self.command(&["plan", "e.toml", "--json"]).output();
        let output = output.expect("the program starts");
        let plan: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(|cause| {
            format!("plan: {cause} {}", String::from_utf8_lossy(&output.stderr))
        })?;
        plan["existing"]
            .as_u64()
            .ok_or("plan has no number".to_owned())
    }
}

/// Copies the contents of a directory into another.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("it is there").flatten() {
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&place).expect("there is room");
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), &place).expect("there is room");
        }
    }
}

/// Compiles the library; `None` without a C compiler, which is only required on Linux.
fn compile(place: &Path) -> Option<PathBuf> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/preload.c");
    let library = place.join("preload.so");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .args([source, "-ldl"])
        .status();
    let made = cfg!(target_os = "linux") && made.is_ok_and(|status| status.success());
    if !made {
        println!("SKIPPED: system calls that fail (no C compiler for Linux)");
    }
    made.then_some(library)
}

/// The files whose bytes are promised: all but the manifest and `.runner`.
pub fn promised(results: &Path) -> Files {
    let mut files = Vec::new();
    gather(results, "", &mut files);
    files.sort();
    files
}

fn gather(directory: &Path, above: &str, files: &mut Files) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        if name == ".runner" || name == "manifest.json" {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            gather(&path, &format!("{name}/"), files);
        } else {
            files.push((name, std::fs::read(&path).unwrap_or_default()));
        }
    }
}
