//! A reader of any bytes reads them or reports a problem, and never panics. Each case is a file of
//! `tests/cases/bytes`, or of the program's own, with some bytes changed, cut or added.
//! `PROPTEST_CASES` gives more than a few hundred cases for each reader. The findings of the fuzz
//! targets are in `tests/cases/bytes`, too.

#[path = "../../fuzz/src/readers.rs"]
mod readers;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;

use runner::language::Language;
use runner::model;
use runner::plan::plan;
use runner::record::Store;
use runner::record::history::History;
use runner::record::manifest::Manifest;
use runner::report::results::Results;

use crate::program::Place;

/// One change of a file.
#[derive(Debug, Clone)]
enum Change {
    Put(Index, u8),
    Flip(Index, u8),
    Cut(Index),
    Insert(Index, Vec<u8>),
    Repeat(Index, Index),
    Zero(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let words: Vec<Vec<u8>> = [
        &b"\xff\xff\xff\xff\xff\xff\xff\x7f"[..],
        b"99999999999999999999",
        b"-1",
        b"nan",
        b"1e999",
        b"\"",
        b"[[[[[[",
        b"{\"\":",
        b"\n\n",
        b",,,,",
        b"\0",
        b"= = =",
    ]
    .map(<[u8]>::to_vec)
    .to_vec();
    let text = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..12),
        prop::sample::select(words),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Put(at, byte)),
        (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        any::<Index>().prop_map(Change::Cut),
        (any::<Index>(), text).prop_map(|(at, text)| Change::Insert(at, text)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Repeat(a, b)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Zero(a, b)),
    ]
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        let range = |a: &Index, b: &Index| {
            let (a, b) = (a.index(length), b.index(length));
            a.min(b)..a.max(b).min(a.min(b) + 4096)
        };
        match change {
            Change::Put(at, byte) => bytes[at.index(length)] = *byte,
            Change::Flip(at, bit) => bytes[at.index(length)] ^= 1 << bit,
            Change::Cut(at) => bytes.truncate(at.index(length)),
            Change::Insert(at, text) => {
                let at = at.index(length);
                bytes.splice(at..at, text.iter().copied());
            }
            Change::Repeat(a, b) => {
                let part = bytes[range(a, b)].to_vec();
                let at = b.index(length);
                bytes.splice(at..at, part);
            }
            Change::Zero(a, b) => bytes[range(a, b)].fill(0),
        }
    }
    bytes
}

/// The results of a run, made once.
fn example() -> &'static (Place, PathBuf) {
    static EXAMPLE: OnceLock<(Place, PathBuf)> = OnceLock::new();
    EXAMPLE.get_or_init(|| {
        let place = Place::with(crate::program::SWEEP);
        let few = [
            "e.toml",
            "--set",
            "training.epochs=4",
            "--set",
            "replicates=1",
        ];
        place.succeed(&few);
        let models = std::fs::read_dir(place.path("results/small/models"));
        let model = models.expect("there are models").next();
        let model = model.expect("there is one").expect("it is readable").path();
        (place, model)
    })
}

/// A directory with the files of the example's results, of which the one with this name is changed.
fn with_changed(name: &str, changes: &[Change]) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a place for files");
    let (example, _) = example();
    std::fs::create_dir(place.path().join(".runner")).expect("there is room");
    let others = [
        "experiment.toml",
        "runs.csv",
        "history.csv",
        "summary.csv",
        "manifest.json",
    ];
    for file in others.into_iter().chain([".runner/journal"]) {
        let from = example.path("results/small").join(file);
        let mut bytes = std::fs::read(from).expect("it is there");
        if file == name {
            bytes = changed(&bytes, changes);
        }
        std::fs::write(place.path().join(file), bytes).expect("there is room");
    }
    place
}

/// Reads all files of a directory of results; errors are valid answers.
fn read_all(directory: &Path) {
    if let Some(manifest) = Manifest::read(directory) {
        manifest.misfits(directory, |_| true);
    }
    let columns = ["valid_loss".to_owned(), "train_loss".to_owned()];
    let history = History::read(directory, &columns);
    if let (Ok(results), Ok(history)) = (Results::read(directory, Language::English), history) {
        let _ = results.agrees_with(&history);
    }
}

/// The number of cases of a property: `few`, unless `PROPTEST_CASES` has another number.
fn cases(few: u32) -> u32 {
    let said = std::env::var("PROPTEST_CASES").ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(few)
}

/// The files of a directory in `tests/cases`, sorted by their names.
fn kept(directory: &str) -> Vec<Vec<u8>> {
    let directory = Path::new("tests/cases").join(directory);
    let entries = std::fs::read_dir(&directory).expect("the cases are there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it is readable").path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    let read = |path| std::fs::read(path).expect("it is readable");
    paths.iter().map(read).collect()
}

/// Checks that a reader's property holds for the kept files and for changes of them.
fn holds(read: fn(&[u8]), files: &[Vec<u8>], few: u32) {
    assert!(!files.is_empty());
    files.iter().for_each(|bytes| read(bytes));
    let config = ProptestConfig {
        cases: cases(few),
        failure_persistence: None,
        ..Default::default()
    };
    let drawn = (any::<Index>(), prop::collection::vec(change(), 1..6));
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let held = runner.run(&drawn, |(file, changes)| {
        read(&changed(&files[file.index(files.len())], &changes));
        Ok(())
    });
    held.unwrap_or_else(|found| panic!("{found}"));
}

macro_rules! readers {
    ($($name:ident: $reader:ident, $few:literal;)*) => {$(
        #[test]
        fn $name() {
            holds(readers::$reader, &kept(concat!("bytes/", stringify!($reader))), $few);
        }
    )*};
}

readers! {
    tables_of_any_bytes_are_read_or_refused_with_a_place: csv, 400;
    images_of_any_bytes_are_read_or_refused: idx, 400;
    arrays_of_any_bytes_are_read_or_refused: npy, 400;
    archives_of_any_bytes_are_read_or_refused: npz, 400;
    any_overrides_are_planned_or_refused: set, 200;
    any_model_predicts_or_is_refused: safetensors, 400;
    any_journal_is_read_or_refused_and_takes_runs: journal, 300;
    any_record_reads_back_or_is_refused: record, 400;
    any_table_of_runs_is_read_or_refused: runs, 300;
    any_history_is_read_or_refused: history, 300;
    any_summary_is_read_or_passed_over: summary, 200;
    any_manifest_is_read_or_passed_over: manifest, 200;
    any_text_is_planned_or_refused: experiment, 20;
}

#[test]
fn good_and_bad_experiments_with_other_bytes_are_planned_or_refused() {
    holds(
        readers::experiment,
        &[kept("good"), kept("bad")].concat(),
        200,
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(96), failure_persistence: None, ..Default::default() })]

    #[test]
    fn tables_and_manifests_of_any_bytes_are_read_or_refused(
        name in prop::sample::select(vec!["runs.csv", "history.csv", "summary.csv", "manifest.json"]),
        changes in prop::collection::vec(change(), 1..5),
    ) {
        read_all(with_changed(name, &changes).path());
    }

    #[test]
    fn journals_of_any_bytes_are_read_or_refused_and_take_new_runs(
        changes in prop::collection::vec(change(), 1..5),
    ) {
        let place = with_changed(".runner/journal", &changes);
        let peeked = Store::peek(place.path());
        let opened = Store::open(place.path(), false);
        prop_assert!(opened.is_ok() || peeked.is_err() || matches!(peeked, Ok(None)));
        drop(opened);
        // The torn end was cut off for good, so that the next opening finds none.
        if let Ok(store) = Store::open(place.path(), false) {
            prop_assert_eq!(store.damage().torn, 0);
        }
    }

    #[test]
    fn models_of_any_bytes_are_read_or_refused(changes in prop::collection::vec(change(), 1..5)) {
        let (_, path) = example();
        let bytes = std::fs::read(path).expect("it is there");
        let other = changed(&bytes, &changes);
        if other != bytes {
            // Spaces in the header have no meaning; every other change is found.
            let same_words = |text: &[u8]| {
                let text = String::from_utf8_lossy(text).into_owned();
                text.replace(' ', "")
            };
            prop_assert!(model::parse(&other).is_err() || same_words(&other[8..]) == same_words(&bytes[8..]));
        }
    }

    #[test]
    fn experiments_of_any_bytes_are_planned_or_refused(
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let place = with_changed("experiment.toml", &changes);
        let path = place.path().join("experiment.toml");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        // Millions of runs or nodes are legal, and beyond this property.
        let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
        if longest.unwrap_or(0) <= 4 && text.len() < 4000 {
            let _ = plan(&path, &[]);
        }
        read_all(place.path());
    }
}
