//! A property for each reader of bytes, which holds for any bytes: the reader reads them or reports
//! a problem, it does not panic, and the place of a problem is a part of the text.
//!
//! The fuzz targets call these functions, and so do the properties in `tests/all/hostile.rs`. If a
//! reader has several ways, the first byte chooses one.

use std::borrow::Cow;
use std::path::Path;

use data::{
    Derived, Dialect, Fill, Header, Missing, Request, Scale, Seeds, Source, TargetKind, Test,
    Validation,
};
use engine::types::Precision;
use problems::{Error, Problem, Problems, visible};
use runner::language::Language;
use runner::model;
use runner::plan::plan_text;
use runner::record::history::History;
use runner::record::journal::Journal;
use runner::record::manifest::Manifest;
use runner::record::{RunRecord, Store};
use runner::report::results::Results;

/// The longest run of digits in an experiment; larger numbers are legal and only take long.
const DIGITS: usize = 3;

/// The most epochs of a record that is read whole.
const EPOCHS: u64 = 100_000;

/// One of this many problems is drawn, since that takes longer than to find it.
const DRAWN: u8 = 32;

/// An experiment that `--set` changes.
const EXPERIMENT: &str = "\
seed = 3
replicates = 2
[data]
source = \"plane\"
samples = 8
validation = 0.5
[model]
layers = [2, 3, 1]
[training]
epochs = 3
learning_rate = 0.1
[variants.online]
training.batch_size = 1
[variants.full]
training.batch_size = \"full\"
[sweep]
training.momentum = [0.0, 0.5]
";

/// The experiment of stored tables.
const STORED: &str = "\
name = \"small\"
seed = 7
[data]
validation = 0.5
[compare]
by = \"variant\"
metric = \"valid_loss\"
";

/// Stored tables that fit together.
const RUNS: &str = "\
run,key,variant,replicate,seed,status,epochs,updates,kept_epoch,train_loss,valid_loss,best_valid_loss,best_epoch,train_mae,valid_mae,reason
0,679294a18968b6279ff61aa2637d78c5,online,0,43,ok,2,20,2,0.0987,0.0816,0.0816,2,0.344,0.358,
1,34dbfbe8448a540090e5ddf12aeb8f10,online,1,91,ok,2,20,2,0.1166,0.0637,0.0637,2,0.410,0.270,
2,2e71baf4e352e812d484ef54b515bfcf,full,0,43,ok,2,2,2,0.1767,0.1631,0.1631,2,0.535,0.537,
";
const HISTORY: &str = "\
run,epoch,updates,samples,learning_rate,train_loss,valid_loss,train_mae,valid_mae
0,1,10,10,0.1,0.1619,0.0977,0.510,0.388
0,2,20,20,0.1,0.0987,0.0816,0.344,0.358
1,2,20,20,0.1,0.1166,0.0637,0.410,0.270
2,2,2,20,0.1,0.1767,0.1631,0.535,0.537
";
const SUMMARY: &str = "\
configuration,variant,metric,replicates,diverged,exploded,failed,mean,sd,median,iqm,ci_low,ci_high
0,online,valid_loss,2,0,0,0,0.072,0.012,0.072,0.072,-0.040,0.186
1,full,valid_loss,1,0,0,0,0.163,,0.163,0.163,,
";

/// Calls the reader with a directory of this thread, in memory if the system has such a place.
fn in_place<T>(reader: impl FnOnce(&Path) -> T) -> T {
    thread_local! {
        static PLACE: tempfile::TempDir = {
            let memory = Path::new("/dev/shm");
            let place = match memory.is_dir() {
                true => tempfile::tempdir_in(memory),
                false => tempfile::tempdir(),
            };
            let place = place.expect("a place for files");
            std::fs::create_dir(place.path().join(".runner")).expect("there is room");
            std::fs::write(place.path().join("experiment.toml"), STORED).expect("there is room");
            place
        };
    }
    PLACE.with(|place| reader(place.path()))
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("there is room");
}

/// Checks that a problem has words, and that its place is within its text.
fn check_problem(problem: &Problem) {
    assert!(!problem.message.is_empty());
    if let Some(place) = &problem.place {
        let text = &place.source.text;
        let span = &place.span;
        assert!(span.start <= span.end, "{problem:?}");
        assert!(text.get(span.clone()).is_some(), "{problem:?}");
    }
}

/// Checks all problems; some are drawn too, which takes longer than to read them.
fn check_problems(problems: &Problems, drawn: bool) {
    assert!(!problems.is_empty());
    problems.iter().for_each(check_problem);
    if drawn {
        let text = problems.render(false);
        assert!(text.len() < 1 << 20, "nobody reads that much");
        assert!(matches!(visible(&text), Cow::Borrowed(_)), "{text:?}");
    }
}

fn check_planned(text: &str, sets: &[String]) {
    let digits = text.split(|c: char| !c.is_ascii_digit() && c != '_');
    let sets_digits = sets
        .iter()
        .flat_map(|set| set.split(|c: char| !c.is_ascii_digit() && c != '_'));
    if digits.chain(sets_digits).any(|run| run.len() > DIGITS) {
        return;
    }
    match plan_text(text, sets) {
        Ok(plan) => assert!(!plan.runs.is_empty()),
        Err(Error::Experiment(problems)) => {
            check_problems(&problems, text.len().is_multiple_of(usize::from(DRAWN)))
        }
        Err(_) => {}
    }
}

/// The property of an experiment: it is planned or refused.
pub fn experiment(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        check_planned(text, &[]);
    }
}

/// The property of `--set KEY=VALUE`, one per line, over a good experiment.
pub fn set(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let sets: Vec<String> = text.split('\n').map(str::to_owned).collect();
        check_planned(EXPERIMENT, &sets);
    }
}

fn check_loaded(request: &Request, drawn: bool) {
    match data::load(request, Seeds::default(), 0) {
        Ok(dataset) => {
            let finite = |x: f64| x.is_finite();
            assert!(dataset.train.x.nrows() > 0);
            assert!(dataset.train.x.iter().all(finite));
            assert!(dataset.train.y.iter().all(finite));
        }
        Err(problems) => check_problems(&problems, drawn),
    }
}

/// One of these choices, which the number determines.
fn one_of<T: Clone>(number: &mut u8, choices: &[T]) -> T {
    let count = choices.len() as u8;
    let choice = *number % count;
    *number /= count;
    choices[usize::from(choice)].clone()
}

fn request(source: Source, way: u8) -> Request {
    let mut way = way;
    let kinds = [TargetKind::Numbers, TargetKind::Classes, TargetKind::Binary];
    Request {
        source,
        kind: one_of(&mut way, &kinds),
        validation: one_of(
            &mut way,
            &[
                Validation::None,
                Validation::Share {
                    share: 0.5,
                    stratify: false,
                },
                Validation::Share {
                    share: 0.3,
                    stratify: true,
                },
                Validation::Folds {
                    folds: 2,
                    stratify: false,
                },
            ],
        ),
        test: Test::None,
        scale: one_of(&mut way, &[Scale::None, Scale::Standardize, Scale::MinMax]),
        scale_targets: Scale::None,
        derive: one_of(&mut way, &[vec![], vec![Derived::Product]]),
        outputs: None,
    }
}

/// The property of a table of text. The first two bytes determine its dialect and its treatment.
pub fn csv(bytes: &[u8]) {
    let [style, way, bytes @ ..] = bytes else {
        return;
    };
    let mut style = *style;
    let mut dialect = Dialect {
        delimiter: one_of(&mut style, &[',', ';', '\t']),
        encoding: one_of(&mut style, &["utf-8", "windows-1252", "shift_jis"]).to_owned(),
        header: one_of(&mut style, &[Header::Expected, Header::Declared]),
        ..Dialect::default()
    };
    if dialect.delimiter == ';' {
        dialect.decimal = ',';
        dialect.thousands = Some('.');
    }
    let missing = one_of(
        &mut style,
        &[
            Missing::REFUSE,
            Missing::DROP,
            Missing {
                numbers: Some(Fill::Median),
                category: true,
                drop: true,
            },
        ],
    );
    in_place(|place| {
        let path = place.join("table.csv");
        write(&path, bytes);
        let source = Source::Csv {
            path: path.clone(),
            features: None,
            exclude: Vec::new(),
            targets: None,
            categorical: one_of(&mut style, &[vec![], vec!["a".to_owned()]]),
            missing,
            dialect,
        };
        check_loaded(&request(source, *way), way.is_multiple_of(DRAWN));
        match data::Table::open(&path) {
            Ok(table) => {
                if let Err(problem) = table.rows(|_, cells| assert!(!cells.is_empty())) {
                    check_problem(&problem);
                }
            }
            Err(problem) => check_problem(&problem),
        }
    });
}

/// Two files in one: the second begins at the byte that the first two bytes give.
fn two(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, bytes) = bytes.split_first_chunk()?;
    let length = usize::from(u16::from_le_bytes(*length));
    Some(bytes.split_at(length.min(bytes.len())))
}

/// The property of IDX images and labels.
pub fn idx(bytes: &[u8]) {
    let Some((way, bytes)) = bytes.split_first() else {
        return;
    };
    let Some((images, labels)) = two(bytes) else {
        return;
    };
    in_place(|place| {
        let source = Source::Idx {
            images: place.join("images"),
            labels: place.join("labels"),
        };
        write(&place.join("images"), images);
        write(&place.join("labels"), labels);
        check_loaded(&request(source, *way), way.is_multiple_of(DRAWN));
    });
}

/// The property of two NumPy arrays.
pub fn npy(bytes: &[u8]) {
    let Some((way, bytes)) = bytes.split_first() else {
        return;
    };
    let Some((x, y)) = two(bytes) else { return };
    in_place(|place| {
        let source = Source::Npy {
            x: place.join("x.npy"),
            y: Some(place.join("y.npy")),
        };
        write(&place.join("x.npy"), x);
        write(&place.join("y.npy"), y);
        check_loaded(&request(source, *way), way.is_multiple_of(DRAWN));
    });
}

/// The property of an archive of arrays.
pub fn npz(bytes: &[u8]) {
    let Some((way, bytes)) = bytes.split_first() else {
        return;
    };
    in_place(|place| {
        let x = place.join("x.npz");
        write(&x, bytes);
        check_loaded(
            &request(Source::Npy { x, y: None }, *way),
            way.is_multiple_of(DRAWN),
        );
    });
}

/// The property of a model: if it is read, it is written and read back as the same, predicts, and
/// is exported.
pub fn safetensors(bytes: &[u8]) {
    let Ok(read) = model::parse(bytes) else {
        return;
    };
    let again = model::bytes(&read, "07070707070707070707070707070707");
    let again = model::parse(&again).expect("the program wrote it");
    assert_eq!(format!("{again:?}"), format!("{read:?}"));
    let names: Vec<&str> = read
        .preparation
        .columns
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    let row = vec!["1"; names.len()].join(",");
    in_place(|place| {
        let path = place.join("new.csv");
        write(&path, format!("{}\n{row}\n", names.join(",")).as_bytes());
        let _ = runner::predict::predictions(&read, data::NewSource::Path(&path), None);
    });
    let _ = runner::export::onnx::bytes(&read, "model");
}

/// The property of a journal: it is read or refused; a torn end is cut off once, and new frames can
/// be added.
pub fn journal(bytes: &[u8]) {
    in_place(|place| {
        let path = place.join(".runner/journal");
        write(&path, bytes);
        let mut found = 0;
        let mut visit = |_, payload: &[u8]| -> Result<(), Error> {
            found += payload.len();
            Ok(())
        };
        let peeked = Journal::peek(&path, &mut visit);
        assert!(found <= bytes.len());
        let opened = Journal::open(&path, |_, _| Ok(()));
        let Ok((mut journal, damage)) = opened else {
            assert!(peeked.is_err());
            return;
        };
        if let Ok(Some((_, seen))) = peeked {
            assert_eq!(seen, damage);
        }
        let extent = journal.append(|frame| frame.extend(b"one more"));
        let extent = extent.expect("there is room");
        assert_eq!(journal.read(extent).expect("it was written"), b"one more");
        let mut last = Vec::new();
        let (_, damage) = Journal::open(&path, |_, payload| {
            last = payload.to_vec();
            Ok(())
        })
        .expect("it was opened before");
        assert_eq!((last.as_slice(), damage.torn), (&b"one more"[..], 0));
        drop(Store::peek(place));
    });
}

/// The property of a run's record: if it is read, it is written and read back as the same.
pub fn record(bytes: &[u8]) {
    if let Ok((head, _)) = runner::record::run_record::peek(bytes) {
        let _ = head.kept();
        // Constant rows take no bytes, so billions of them are legal and only take memory.
        if head.epochs > EPOCHS {
            return;
        }
    }
    let Ok(record) = RunRecord::decode(bytes) else {
        return;
    };
    assert!(record.history.len() as u64 <= record.head.epochs);
    let mut again = Vec::new();
    record.encode(&mut again);
    let read = RunRecord::decode(&again).expect("the program wrote it");
    if !matches!(record.model, Some((Precision::F32, _))) {
        assert_eq!(format!("{read:?}"), format!("{record:?}"));
    }
}

/// Reads all of the stored tables, of which the one with this name has these bytes.
fn stored(name: &str, bytes: &[u8]) {
    in_place(|place| {
        for (table, text) in [
            ("runs.csv", RUNS),
            ("history.csv", HISTORY),
            ("summary.csv", SUMMARY),
        ] {
            let path = place.join(table);
            if table == name {
                write(&path, bytes);
            } else if !std::fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
                write(&path, text.as_bytes());
            }
        }
        let columns = ["valid_loss".to_owned(), "train_loss".to_owned()];
        // The changed table is read first, since it is mostly refused.
        let history = || History::read(place, &columns);
        let (results, history) = if name == "history.csv" {
            let Ok(history) = history() else { return };
            (Results::read(place, Language::English), Ok(history))
        } else {
            let Ok(results) = Results::read(place, Language::English) else {
                return;
            };
            (Ok(results), history())
        };
        let (Ok(results), Ok(history)) = (results, history) else {
            return;
        };
        let _ = results.agrees_with(&history);
        for run in 0..results.runs.len() {
            let rows = results.rows(&history, run);
            assert!(rows.end <= history.epoch.len());
        }
    });
}

/// The property of `runs.csv`.
pub fn runs(bytes: &[u8]) {
    stored("runs.csv", bytes);
}

/// The property of `history.csv`.
pub fn history(bytes: &[u8]) {
    stored("history.csv", bytes);
}

/// The property of `summary.csv`.
pub fn summary(bytes: &[u8]) {
    stored("summary.csv", bytes);
}

/// The property of `manifest.json` without the files that it names.
pub fn manifest(bytes: &[u8]) {
    in_place(|place| {
        write(&place.join("manifest.json"), bytes);
        let Some(manifest) = Manifest::read(place) else {
            return;
        };
        let _ = manifest.data().len();
        for name in manifest.files.keys() {
            assert!(!name.contains(".."), "{name} leads elsewhere");
        }
        let _ = runner::record::grounds::Grounds::read(place);
        let _ = runner::record::grounds::standings(place);
        write(&place.join("runs.csv"), RUNS.as_bytes());
        write(&place.join("summary.csv"), SUMMARY.as_bytes());
        let _ = Results::read(place, Language::English);
        std::fs::remove_file(place.join("manifest.json")).expect("it was written");
    });
}
