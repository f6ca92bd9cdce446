//! The templates of `runner new NAME`, which are the shipped experiments.
//!
//! Since the shipped experiments are the templates, the tests cover what the templates show. The
//! data that a template needs is written beside the new experiment.

use std::path::{Path, PathBuf};

use crate::config::directory_name;
use crate::language::Language;
use problems::{Error, Problem, nearest};

/// A shipped experiment with the data that it needs.
pub struct Template {
    /// The word of `--template`.
    pub word: &'static str,
    /// The question of the experiment.
    pub about: &'static str,
    text: &'static str,
    data: &'static [(&'static str, &'static [u8])],
}

macro_rules! template {
    ($word:literal, $about:literal, $file:literal $(, $data:literal)*) => {
        Template {
            word: $word,
            about: $about,
            text: include_str!(concat!("../../experiments/", $file)),
            data: &[$(($data, include_bytes!(concat!("../../experiments/", $data)))),*],
        }
    };
}

/// The templates; the first is the default.
#[rustfmt::skip] // A line per template.
pub const TEMPLATES: &[Template] = &[
    template!("plane", "three batch regimes over learning rates, on synthetic data", "plane.toml"),
    template!("batch-regimes", "batch sizes from one sample to all, on CSV files", "batch_regimes.toml", "data/plane_train.csv", "data/plane_valid.csv"),
    template!("learning-rates", "one network over a range of learning rates", "learning_rates.toml"),
    template!("worked-example", "given weights, one sample: numbers to follow by hand", "worked_example.toml"),
    template!("xor", "network sizes on exclusive-or", "xor.toml"),
    template!("circle", "deep or wide, on a disc inside a ring", "circle.toml"),
    template!("spiral", "activations on two spiral arms", "spiral.toml"),
    template!("playground", "what the playground's page starts with", "playground.toml"),
    template!("csv", "classes by name from a CSV file", "iris.toml", "data/iris.csv"),
    template!("regression", "numbers from a CSV file, standardized", "diabetes.toml", "data/diabetes.csv"),
    template!("optimizers", "each optimizer over its own rates", "optimizers.toml"),
    template!("mnist", "handwritten digits from IDX files", "mnist.toml", "data/mnist10k/train-images-idx3-ubyte.gz", "data/mnist10k/train-labels-idx1-ubyte.gz", "data/mnist10k/t10k-images-idx3-ubyte.gz", "data/mnist10k/t10k-labels-idx1-ubyte.gz"),
];

/// The template with this word.
///
/// # Errors
/// If there is none; the problem has the nearest word and all words.
pub fn find(word: &str) -> Result<&'static Template, Problem> {
    let wanted = word.replace('_', "-");
    if let Some(template) = TEMPLATES.iter().find(|template| template.word == wanted) {
        return Ok(template);
    }
    let words: Vec<&str> = TEMPLATES.iter().map(|template| template.word).collect();
    let problem = Problem::new(format!("there is no template `{word}`"));
    let problem = match nearest(&wanted, words.iter().copied()) {
        Some(near) => problem.note(format!("did you mean `{near}`?")),
        None => problem,
    };
    Err(problem.note(format!("the templates are: {}", words.join(", "))))
}

/// The path of a new experiment: `name`, which may contain directories, with `.toml`.
///
/// # Errors
/// If the name cannot be that of a directory of results.
pub fn file(name: &str) -> Result<PathBuf, Problem> {
    let bare = name.strip_suffix(".toml").unwrap_or(name);
    let stem = Path::new(bare).file_name();
    let stem = stem.filter(|_| !bare.ends_with(std::path::is_separator));
    if stem.is_some_and(|stem| directory_name::fault(&stem.to_string_lossy()).is_none()) {
        return Ok(PathBuf::from(format!("{bare}.toml")));
    }
    let problem = Problem::new(format!("`{name}` cannot be the name of an experiment"));
    Err(problem.note("as in: runner new my_experiment"))
}

/// The name of an experiment's results.
pub fn stem(file: &Path) -> String {
    file.file_stem()
        .map_or(String::new(), |stem| stem.to_string_lossy().into_owned())
}

impl Template {
    /// Writes the experiment, with the name of its file and comments in this language, and its data
    /// beside it. Returns the written files. Existing data with the same bytes is left as it is.
    ///
    /// # Errors
    /// If a file is there already, or cannot be written.
    pub fn write(&self, file: &Path, language: Language) -> Result<Vec<PathBuf>, Error> {
        let directory = file.parent().unwrap_or(Path::new(""));
        let mut written = vec![write(file, self.named(&stem(file), language).as_bytes())?];
        for (name, bytes) in self.data {
            let path = directory.join(name);
            if std::fs::read(&path).is_ok_and(|there| there == *bytes) {
                continue;
            }
            written.push(write(&path, bytes)?);
        }
        Ok(written)
    }

    /// The text with another name, and with comments and description in this language.
    fn named(&self, name: &str, language: Language) -> String {
        let said = |part: &str, english: &str| {
            language.meaning(&[format!("template-{}{part}", self.word)], english)
        };
        let quoted = |text: String| toml::Value::String(text).to_string();
        let mut text = String::new();
        let (mut head, mut remarks) = (Vec::new(), 0);
        let lines = self.text.lines();
        for line in lines.filter(|line| !line.starts_with("#:schema")) {
            if let Some(comment) = line.strip_prefix('#') {
                head.push(comment.trim());
                continue;
            }
            for line in said("", &head.join("\n"))
                .lines()
                .filter(|_| !head.is_empty())
            {
                text += format!("# {line}").trim_end();
                text.push('\n');
            }
            head.clear();
            text += &match (line.split_once(" = "), line.split_once(" # ")) {
                (Some(("name", _)), _) => format!("name = {}", quoted(name.to_owned())),
                (Some(("description", english)), _) => {
                    let description = said("-description", english.trim_matches('"'));
                    format!("description = {}", quoted(description))
                }
                (_, Some((line, remark))) => {
                    remarks += 1;
                    format!("{line} # {}", said(&format!("-{remarks}"), remark))
                }
                (_, None) => line.to_owned(),
            };
            text.push('\n');
        }
        text
    }
}

/// Checks that no file is there yet.
///
/// # Errors
/// If there is one already.
pub fn is_new(path: &Path) -> Result<(), Problem> {
    if path.symlink_metadata().is_ok() {
        return Err(there_already(path));
    }
    Ok(())
}

fn there_already(path: &Path) -> Problem {
    Problem::new(format!(
        "{} is there already; nothing was overwritten",
        path.display()
    ))
    .note("give another name, or remove it first")
}

/// Writes a new file, and creates the directories of its path.
///
/// # Errors
/// If the file is there already, or cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<PathBuf, Error> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(Error::file("cannot make", parent))?;
    }
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path);
    match file {
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(there_already(path).into())
        }
        Err(cause) => Err(Error::file("cannot write", path)(cause)),
        Ok(mut file) => {
            std::io::Write::write_all(&mut file, bytes)
                .map_err(Error::file("cannot write", path))?;
            Ok(path.to_path_buf())
        }
    }
}
