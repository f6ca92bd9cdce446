//! The choice of a stored model: a file, or the best model of a directory of results.

use std::path::{Path, PathBuf};

use super::readout::Readout;
use super::soundness::{Soundness, TABLES};
use crate::language::Language;
use crate::report::ranking::{self, Ranking};
use crate::report::{exhibit, results::Results};
use crate::text;
use problems::Error;

/// A stored model that was chosen.
#[derive(Debug)]
pub struct Chosen {
    /// The file, which exists as long as this value.
    pub path: PathBuf,
    /// The name of the model.
    pub name: String,
    /// The results of the model, if the program chose it.
    pub readout: Option<Readout>,
    /// The reason for the choice in a sentence, if the program chose the model.
    pub words: Option<String>,
}

/// The model of a path: the file itself, or the kept model of the best configuration in a directory
/// of results.
///
/// # Errors
/// If there is no model, or a file is not as it was written.
pub fn choose(path: &Path, language: Language) -> Result<Chosen, Error> {
    if !path.is_dir() {
        refuse_changed(path)?;
        return Ok(Chosen {
            name: path.display().to_string(),
            path: path.to_path_buf(),
            readout: None,
            words: None,
        });
    }
    let asked = match path.parent() {
        Some(parent) if path.ends_with("models") && parent.join("runs.csv").is_file() => parent,
        _ => path,
    };
    let readout = Readout::of(asked, language)?;
    let directory = readout.path();
    if !directory.join("runs.csv").is_file() {
        return Err(Error::Other(several(path)));
    }
    let needed = |file: &str| TABLES.contains(&file);
    Soundness::of(directory, needed).refuse_only(needed)?;
    let ranking = ranking::read(directory, language)?;
    let results = Results::read(directory, language)?;
    // The first configuration with a model is chosen, since a diverged one has none.
    let found = ranking.rows.iter().find_map(|row| {
        let mut configurations = results.configurations.iter();
        let index = configurations.position(|of| of.number == row.configuration)?;
        let run = &results.runs[exhibit::shown(directory, &results, index)?];
        Some((row.configuration, index, run))
    });
    let Some((number, index, run)) = found else {
        return Err(Error::Other(match readout.missing() {
            Some([finished, planned]) => format!(
                "{} holds no model yet: {finished} of {planned} runs are finished",
                asked.display()
            ),
            None => format!(
                "{} holds no model: [output] models = \"best\" or \"all\" keeps some",
                asked.display()
            ),
        }));
    };
    let path = exhibit::path(directory, run);
    refuse_changed(&path)?;
    let keys: Vec<usize> = (0..results.keys.len()).collect();
    let label = results.label(index, &keys);
    let name = path.strip_prefix(directory).unwrap_or(&path);
    let name = readout.named(&name.display().to_string());
    let standing = standing(&ranking, number, results.configurations.len(), language);
    let words = match results.configurations.len() {
        1 => text!(
            language,
            "model-chosen",
            name = &name,
            replicate = run.replicate,
            standing = standing
        ),
        _ => text!(
            language,
            "model-chosen-of",
            name = &name,
            replicate = run.replicate,
            number = number,
            label = label,
            standing = standing
        ),
    };
    Ok(Chosen {
        path,
        name,
        readout: Some(readout),
        words: Some(words),
    })
}

/// The rank of the chosen configuration among the others.
fn standing(ranking: &Ranking, number: usize, configurations: usize, language: Language) -> String {
    let metric = ranking.metric.to_string();
    match ranking.best() {
        _ if configurations == 1 => text!(language, "model-best", metric = metric),
        Some(best) if best.configuration == number => {
            text!(language, "model-best", metric = metric)
        }
        _ => text!(language, "model-first", metric = metric),
    }
}

/// Refuses a model among results if the digest in their manifest is another one.
fn refuse_changed(model: &Path) -> Result<(), Error> {
    let name = model.file_name().and_then(|name| name.to_str());
    let inner = model.parent().filter(|inner| inner.ends_with("models"));
    if let (Some(name), Some(directory)) = (name, inner.and_then(Path::parent)) {
        let own = format!("models/{name}");
        let directory = match directory {
            here if here == Path::new("") => Path::new("."),
            there => there,
        };
        let soundness = Soundness::of(directory, |file| file == own);
        if soundness.manifest().is_some() {
            soundness.refuse_only(|file| file == own)?;
        }
    }
    Ok(())
}

/// The message for a directory where a model is expected.
fn several(directory: &Path) -> String {
    let inner = directory.join("models");
    let place = if inner.is_dir() { &inner } else { directory };
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
    let mut models: Vec<String> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending == "safetensors")
        })
        .map(|path| path.display().to_string())
        .collect();
    models.sort();
    let count = models.len();
    models.truncate(5);
    match count {
        0 => format!("{} is a directory without models", directory.display()),
        _ => format!(
            "{} is a directory; name one of its {count} models, such as {} (runs.csv has the key of each run)",
            directory.display(),
            models.join(", ")
        ),
    }
}

/// The origin of a model among results, in words: its run with its settings, the epoch of its
/// network, and its result. `None` if there are no results around it.
pub fn origin(path: &Path, key: &str, language: Language) -> Option<String> {
    let models = path.parent().filter(|models| models.ends_with("models"))?;
    let directory = match models.parent()? {
        here if here == Path::new("") => Path::new("."),
        there => there,
    };
    let results = Results::read(directory, language).ok()?;
    let run = results.runs.iter().position(|run| run.key == key)?;
    let of = results
        .configurations
        .iter()
        .position(|of| of.runs.contains(&run))?;
    let run = &results.runs[run];
    let keys: Vec<usize> = (0..results.keys.len()).collect();
    let mut words = vec![text!(
        language,
        "model-origin",
        run = run.number,
        experiment = &results.experiment.name,
        label = results.label(of, &keys),
        replicate = run.replicate
    )];
    if let Some(fold) = run.fold {
        words.push(text!(language, "model-origin-fold", fold = fold));
    }
    if let Some(epoch) = run.kept_epoch {
        words.push(text!(language, "model-origin-epoch", epoch = epoch));
    }
    let metric = &results.experiment.metric;
    let column = results.column(metric);
    if let Some(value) = column.and_then(|column| run.numbers[column]) {
        words.push(format!("{metric} {value}"));
    }
    Some(words.join(&text!(language, "list-between")))
}
