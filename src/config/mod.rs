//! The content of the experiment file: a tree of values with their places. It is merged from the
//! file, the files that it extends and the command line; each layer is checked against the
//! [`schema`].
//!
//! The parser keeps the place of every key and value (the `toml` crate's spanned documents), and
//! the check uses a table of keys instead of serde's structs. Serde would stop at the first
//! mistake, lose the place inside tagged enums and flattened structs, and could not check variants
//! and sweeps, which are partial files.
//!
//! The module knows the words of the file, but not their effect: it reads no dataset and makes no
//! run.

mod axes;
mod description;
pub mod directory_name;
mod exclusion;
mod expectation;
mod held;
mod keys;
mod kinds;
mod merge;
mod range;
// rustfmt is off here, since a table reads best with a line per key.
#[rustfmt::skip]
mod schema;
mod set;
mod sweep;
mod synonyms;
mod tree;
mod unknown;
mod validate;
mod variants;
mod whole;
mod words;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

pub use axes::{Axis, Values};
pub use description::describe;
pub use exclusion::{Exclusion, same};
pub use expectation::{Bound, End, Expectation, Expected, RESERVED, Subject, expectations_of};
pub use held::held_keys;
pub use keys::{Case, Fallback, Interval, Key, Keys, Kind, Tag};
pub use kinds::check_value;
pub use merge::{lengthen_all, merge};
pub use range::{Range, Spacing};
pub use schema::{
    COMPARE, DATA, EARLY_STOPPING, EXPERIMENT, INIT, MODEL, NUMBER_COLUMN, OPTIMIZER, OUTPUT,
    SCHEDULE, TRAINING,
};
pub use sweep::{Block, Mode, flawed_sections, read_sweep};
pub use tree::{Entry, Node, Table, Value, key_to_toml, parse};
pub use validate::{Target, check_layer, find, join};
pub use variants::WHOLE_EXPERIMENT;
pub use whole::{case_of, check_whole};
pub use words::{Joining, Models, Varied};

use problems::{Error, Place, Problem, Problems, Source, reason};

/// The greatest depth of files that extend one another.
const DEEPEST: usize = 50;
/// The longest experiment file, in bytes: it may have the initial weights of a large network.
const LONGEST: u64 = 1 << 28;

/// The content of an experiment file: all its layers merged, but for the variants and the sweep.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// The whole content but `extends`.
    pub root: Table,
    /// The end of the file, where a missing section would be added.
    pub end: Place,
    /// The file's stem, which is the default name.
    pub stem: String,
}

impl Experiment {
    /// The variants with their overrides, in the order of the file.
    pub fn variants(&self) -> impl Iterator<Item = &Entry> {
        let variants = self.root.get("variants").and_then(Node::as_table);
        variants.into_iter().flat_map(|table| &table.entries)
    }

    /// The blocks of the sweep.
    pub fn sweep(&self, problems: &mut Problems) -> Vec<Block> {
        match self.root.get("sweep") {
            Some(node) => read_sweep(node, problems),
            None => Vec::new(),
        }
    }
}

/// Reads an experiment file, what it extends, and the `KEY=VALUE` overrides of the command line.
///
/// The mistakes of all layers are added to `problems`. The readable rest is still returned, so that
/// mistakes of the whole are reported together with them.
///
/// # Errors
/// If a file cannot be read, or is not TOML.
pub fn load(path: &Path, sets: &[String], problems: &mut Problems) -> Result<Experiment, Error> {
    let text = read_text(path).map_err(|cause| unreadable(path, &cause))?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy());
    let stem = stem.as_deref().unwrap_or("experiment");
    load_source(&Source::file(path, text), stem, sets, problems)
}

/// The reason why an experiment cannot be read, and what the path may have meant.
fn unreadable(path: &Path, cause: &std::io::Error) -> Problem {
    let shown = path.display().to_string();
    if cause.kind() == std::io::ErrorKind::InvalidData
        && let Some((what, advice)) = data::foreign_file(path)
    {
        return Problem::new(format!("{shown} is {what}, and no experiment")).note(advice);
    }
    let problem = Problem::new(format!("cannot read {shown}: {}", reason(cause)));
    match shown.split_once('=') {
        Some((key, _)) if is_key(&key.split('.').collect::<Vec<_>>()) => {
            problem.note(format!("an override is given with --set: --set {shown}"))
        }
        _ => problem,
    }
}

/// Whether a path names a key of an experiment.
pub fn is_key(path: &[&str]) -> bool {
    validate::find(path).is_ok()
}

/// The dotted path of the first key of an experiment that has this name.
pub fn path_of(name: &str) -> Option<String> {
    fn search(keys: &'static keys::Keys, path: &str, name: &str, found: &mut Vec<String>) {
        for key in keys.find_all(name) {
            let path = validate::join(path, key.name);
            if !found.contains(&path) {
                found.push(path);
            }
        }
        for key in keys.keys {
            if let keys::Kind::Table(inner) = key.kind {
                search(inner, &validate::join(path, key.name), name, found);
            }
        }
    }
    let mut found = Vec::new();
    search(&EXPERIMENT, "", name, &mut found);
    found.into_iter().next()
}

/// Reads an experiment as [`load`] does, from a text in memory; `stem` is the default name.
///
/// # Errors
/// If the text, or a file that it extends, is not TOML.
pub fn load_source(
    source: &Arc<Source>,
    stem: &str,
    sets: &[String],
    problems: &mut Problems,
) -> Result<Experiment, Error> {
    let mut root = layer(source, &mut Vec::new(), problems)?;
    set::apply(&mut root, sets, problems);
    merge::lengthen_all(&mut root, &EXPERIMENT);
    let end = source.text.trim_end().len();
    let start = source.text[..end]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    Ok(Experiment {
        root,
        end: Place {
            source: Arc::clone(source),
            span: start..end,
        },
        stem: stem.to_owned(),
    })
}

/// The content of one file over that of the file that it extends. `below` are the files that are
/// being read.
fn layer(
    source: &Arc<Source>,
    below: &mut Vec<std::path::PathBuf>,
    problems: &mut Problems,
) -> Result<Table, Error> {
    let mut table = tree::parse(source, problems)?;
    check_layer(&table, &EXPERIMENT, "", problems);
    let Some(extends) = table.remove("extends") else {
        return Ok(table);
    };
    let Some(name) = extends.node.as_str() else {
        return Ok(table); // Its type has been reported.
    };
    let path = extends.node.place.source.directory.join(name);
    let own = Path::new(&source.name);
    below.push(own.canonicalize().unwrap_or_else(|_| own.to_path_buf()));
    let cycle = path.canonicalize().is_ok_and(|path| below.contains(&path));
    if below.len() > DEEPEST {
        problems.push(Problem::at(
            extends.node.place,
            format!("more than {DEEPEST} files extend one another"),
            "this file has too many below it",
        ));
        below.pop();
        return Ok(table);
    }
    let text = read_text(&path);
    match text {
        _ if cycle => problems.push(Problem::at(
            extends.node.place,
            "`extends` leads back to a file that is being read",
            "this is a circle",
        )),
        Err(cause) => problems.push(Problem::at(
            extends.node.place,
            format!("cannot read {}: {}", path.display(), reason(&cause)),
            "the path is relative to the file that says it",
        )),
        Ok(text) => {
            let mut base = layer(&Source::file(&path, text), below, problems)?;
            // The name of the base file is left out, since it belongs to other results.
            base.remove("name");
            merge(&mut base, &table, &EXPERIMENT);
            table = base;
        }
    }
    below.pop();
    Ok(table)
}

/// The text of an experiment file.
fn read_text(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut part = data::open_now(path)?.take(LONGEST + 1);
    part.read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        let reason = format!("it has more than {LONGEST} bytes");
        return Err(std::io::Error::new(
            std::io::ErrorKind::FileTooLarge,
            reason,
        ));
    }
    // PowerShell's `>` and Windows' editor write UTF-16, which begins with a byte order mark.
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    String::from_utf8(bytes).map_err(|_| {
        let reason = match wide {
            true => "it is text in UTF-16: save it as UTF-8",
            false => "it is not text in UTF-8",
        };
        std::io::Error::new(std::io::ErrorKind::InvalidData, reason)
    })
}
