//! The command `runner verify DIR`, which trains the runs in DIR again and compares every bit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use choices::Choice;
use serde_json::json;

use super::exit::{DIFFERENCE, INTERRUPTED, SUCCESS};
use super::experiments::threads;
use super::readout::Readout;
use super::signals::stop_on_signals;
use crate::cli::VerifyArguments;
use crate::execute::interrupt::{Answer, Interrupt};
use crate::execute::panics::hush;
use crate::execute::progress::{Display, Progress};
use crate::execute::{Options, run_interruptible};
use crate::language::Language;
use crate::origins;
use crate::plan::{Models, Plan, plan};
use crate::record::difference::{Difference, Differences, compare};
use crate::record::drawing::PictureFormat;
use crate::record::grounds::Grounds;
use crate::record::layout::{DIRECTORY, FILES};
use crate::record::looks::Looks;
use crate::record::manifest::{self, Manifest};
use crate::record::result_files::Content;
use crate::record::whole_file::write_whole;
use crate::record::{Store, results};
use crate::report;
use crate::report::tested::Tested;
use crate::screen::Screen;
use crate::screen::table::{Column, Table};
use crate::sealed;
use crate::text;
use crate::voice::{display, print_json, say, screen};
use engine::ENGINE_VERSION;
use problems::Error;

/// The most differences that are shown.
const SHOWN: usize = 20;
/// The most files without a comparison that are named.
const OTHERS: usize = 10;
/// The least columns of a cell.
const VALUE: usize = 8;

/// Trains the runs of DIR/runs.csv again in a temporary directory, makes all files from them, and
/// compares them with the files of DIR.
///
/// # Errors
/// If DIR has no results, or a file cannot be read or written.
pub fn verify(arguments: &VerifyArguments) -> Result<u8, Error> {
    let language = arguments.voice.language();
    let readout = Readout::of(&arguments.directory, language)?;
    let directory = readout.path();
    let document = directory.join("experiment.toml");
    if !document.is_file() || !directory.join("runs.csv").is_file() {
        return Err(Error::Other(format!(
            "{} holds no results: there is no experiment.toml or no runs.csv",
            arguments.directory.display()
        )));
    }
    let plan = plan(&document, &[])?;
    let wanted = stored_runs(directory, &plan)?;
    readout.say_missing();
    let other_engine = engine_of(directory).filter(|version| *version != u64::from(ENGINE_VERSION));
    if let Some(version) = other_engine {
        say(&text!(
            language,
            "verify-other-engine",
            version = version,
            own = ENGINE_VERSION
        ));
    }

    let changed = changed_data(directory, &plan, language);
    if changed.is_some() {
        let directory = arguments.directory.display().to_string();
        say(&text!(language, "verify-other-data", directory = directory));
    }

    let again = tempfile::Builder::new()
        .prefix("runner-verify-")
        .tempdir()
        .map_err(Error::file("cannot make", &std::env::temp_dir()))?;
    let mut store = Store::open(again.path(), false)?;
    let stop = stop_on_signals()?;
    let options = Options {
        jobs: threads(arguments.jobs),
        fail_fast: false,
    };
    // An opened test part was evaluated with every network of its configuration.
    let tested = Tested::read(directory)?;
    let mut training = plan.clone();
    if tested.is_some() {
        training.output.models = Models::All;
    }
    let progress = Progress::new(&plan, &wanted, language);
    let display = Display::for_stderr(arguments.voice.quiet);
    let trained = hush(|| {
        progress.show(&plan, display, || {
            let answer = Ending {
                place: again.path(),
                language,
            };
            let interrupt = Interrupt {
                asked: &stop,
                answer: Some(&answer),
            };
            run_interruptible(
                &training, &wanted, &mut store, options, &progress, interrupt,
            )
        })
    })?;
    if trained.cut_short {
        say(&text!(language, "verify-nothing-compared"));
        return Ok(INTERRUPTED);
    }
    let reported = report::reported_columns(plan.compare.metric.name(), &plan.columns());
    let mut written = results::write(&plan, &store, &reported)?;
    // The paths in the experiment are relative to its directory.
    let document = plan.document(directory)?;
    write_whole(&again.path().join("experiment.toml"), document.as_bytes())?;
    for (name, content) in &mut written.files {
        if name == "experiment.toml" {
            *content = Content::of(document.as_bytes());
        }
    }
    let tables = report::Tables::of(&mut written);
    let mut files: BTreeMap<String, Content> = written.files.into_iter().collect();
    if let Some(tested) = &tested {
        if let Some(csv) = sealed::of_store(&plan, tested.configuration, &store)? {
            write_whole(&again.path().join(TEST), &csv)?;
            files.insert(TEST.to_owned(), Content::of(&csv));
        }
        // The page has the number of looks at the test part.
        Looks::read(directory)?.write(again.path())?;
    }
    let made = report::write(
        again.path(),
        Some(tables),
        &origins::of_plan(&plan, Some(&store)),
        Some(&Grounds::of(&plan)),
        manifest::language(directory),
        &manifest::drawing_of(directory),
    )?;
    files.extend(made.put_into_place(None)?.files);

    let mut names: BTreeSet<String> = files.keys().cloned().collect();
    names.extend(tested.map(|_| TEST.to_owned()));
    names.extend(stored(directory, "models", &["safetensors"])?);
    let formats: Vec<&str> = PictureFormat::WORDS.iter().map(|word| word.word).collect();
    names.extend(stored(directory, "plots", &formats)?);
    let mut all = Differences::in_language(language);
    // The changed data come first, since they cause the other differences.
    if let Some([stored, again]) = &changed {
        all.add(manifest::NAME, "data, sha256".to_owned(), stored, again);
    }
    let mut differing = 0;
    for name in order(&names) {
        let found = compare(name, directory, again.path(), language)?;
        differing += usize::from(found.count > 0);
        all.count += found.count;
        all.listed.extend(found.listed);
    }
    let found = compare_manifest(directory, &files, language);
    differing += usize::from(found.count > 0 || changed.is_some());
    all.count += found.count;
    all.listed.extend(found.listed);
    names.insert(manifest::NAME.to_owned());
    let seen = Seen {
        files: differing,
        compared: names.len(),
        left: not_compared(directory, &names, language)?,
        seconds: trained.seconds,
    };
    conclude(&plan, arguments, &all, &seen)
}

/// The table of the last look at the test part.
const TEST: &str = "test.csv";
/// The answer to Ctrl-C: the directory of the second training is removed.
struct Ending<'a> {
    place: &'a Path,
    language: Language,
}

impl Answer for Ending<'_> {
    fn noticed(&self, _: &Store) {
        say(&text!(self.language, "verify-interrupting"));
    }

    fn abandon(&self, _: &Store, _: usize) {
        let _ = std::fs::remove_dir_all(self.place);
        say(&text!(self.language, "verify-nothing-compared"));
        std::process::exit(INTERRUPTED.into());
    }
}

/// The files that were compared, counted.
struct Seen {
    /// The number of files that differ.
    files: usize,
    /// The number of compared files.
    compared: usize,
    /// The files that were not compared.
    left: Vec<String>,
    /// The seconds of the training.
    seconds: f64,
}

/// Compares the facts in the manifest with those of the second training.
fn compare_manifest(
    directory: &Path,
    files: &BTreeMap<String, Content>,
    language: Language,
) -> Differences {
    let mut found = Differences::in_language(language);
    let nothing = text!(language, "difference-nothing");
    let Some(manifest) = Manifest::read(directory) else {
        found.add(
            manifest::NAME,
            text!(language, "difference-file"),
            &text!(language, "difference-no-manifest"),
            &text!(language, "difference-there"),
        );
        return found;
    };
    let names: BTreeSet<&String> = files.keys().chain(manifest.files.keys()).collect();
    for name in names {
        let (stored, again) = (manifest.files.get(name), files.get(name));
        let word = |digest: Option<&String>| digest.unwrap_or(&nothing).clone();
        let digest = again.map(|content| &content.digest);
        if stored != digest {
            let place = format!("files, {name}");
            found.add(manifest::NAME, place, &word(stored), &word(digest));
        }
        let (stored, again) = (manifest.sizes.get(name), again.map(|content| content.size));
        if let Some(&stored) = stored
            && Some(stored) != again
        {
            let again = again.map_or(nothing.clone(), |size| size.to_string());
            let place = format!("sizes, {name}");
            found.add(manifest::NAME, place, &stored.to_string(), &again);
        }
    }
    found
}

/// The digest of the first data in the manifest that is now missing, and of the first data that is
/// there instead (folds and splits have a digest each). `None` if all data are the same.
fn changed_data(directory: &Path, plan: &Plan, language: Language) -> Option<[String; 2]> {
    let manifest = Manifest::read(directory)?;
    let stored: BTreeSet<&str> = manifest.data().into_iter().collect();
    let again = manifest::data_digests(plan);
    let again: BTreeSet<&str> = again.iter().map(String::as_str).collect();
    let first = |one: &BTreeSet<&str>, other: &BTreeSet<&str>| {
        let digest = one.difference(other).next();
        digest.map_or_else(
            || text!(language, "difference-nothing"),
            |digest| (*digest).to_owned(),
        )
    };
    (stored != again).then(|| [first(&stored, &again), first(&again, &stored)])
}

/// The files in the directory that were not compared, for a person.
fn not_compared(
    directory: &Path,
    names: &BTreeSet<String>,
    language: Language,
) -> Result<Vec<String>, Error> {
    let mut left = vec![
        text!(language, "verify-manifest"),
        text!(language, "verify-journal"),
    ];
    let mut others = Vec::new();
    for inner in ["", "models", "plots"] {
        for name in entries(&directory.join(inner))? {
            let whole = match inner {
                "" => name,
                inner => format!("{inner}/{name}"),
            };
            let known = [DIRECTORY, "models", "plots"].contains(&whole.as_str());
            if !known && !names.contains(&whole) {
                others.push(whole);
            }
        }
    }
    others.sort();
    let more = others.len().saturating_sub(OTHERS);
    others.truncate(OTHERS);
    if more > 0 {
        others.push(text!(language, "verify-more", count = more));
    }
    left.extend(others);
    Ok(left)
}

/// The names in order: the tables first, each after those that it depends on.
fn order(names: &BTreeSet<String>) -> Vec<&str> {
    let place = |name: &str| {
        let known = FILES.iter().position(|file| *file == name);
        known.unwrap_or(FILES.len())
    };
    let mut order: Vec<&str> = names.iter().map(String::as_str).collect();
    order.sort_by_key(|name| place(name));
    order
}

fn conclude(
    plan: &Plan,
    arguments: &VerifyArguments,
    all: &Differences,
    seen: &Seen,
) -> Result<u8, Error> {
    let language = arguments.voice.language();
    let directory = arguments.directory.display().to_string();
    let same = all.count == 0;
    let Seen {
        files,
        compared,
        left,
        seconds,
    } = seen;
    if !arguments.voice.quiet && !arguments.voice.json {
        let screen = screen(arguments.voice);
        if same {
            let words = text!(
                language,
                "verify-same",
                directory = directory,
                seconds = format!("{seconds:.2}"),
                files = *compared
            );
            display(&screen.prose(&words))?;
        } else {
            let first = &all.listed[0];
            let words = text!(
                language,
                "verify-differs",
                directory = directory,
                count = all.count,
                files = *files,
                all = *compared,
                file = &first.file,
                place = &first.place,
                stored = &first.stored,
                again = &first.again
            );
            display(&format!(
                "{}\n{}",
                screen.prose(&words),
                table(all, language, &screen)
            ))?;
        }
        let left = left.join(&text!(language, "list-between"));
        display(&screen.prose(&text!(language, "verify-left", left = left)))?;
    }
    print_json(
        arguments.voice,
        vec![json!({
            "name": plan.name,
            "results": arguments.directory.display().to_string(),
            "files": compared,
            "same": same,
            "files_that_differ": files,
            "differences": all.count,
            "first_differences": all.listed,
            "not_compared": left,
            "train_seconds": seconds,
        })],
    )?;
    Ok(if same { SUCCESS } else { DIFFERENCE })
}

fn table(all: &Differences, language: Language, screen: &Screen) -> String {
    let headings = [
        text!(language, "verify-file"),
        text!(language, "verify-place"),
        text!(language, "verify-stored"),
        text!(language, "verify-again"),
    ];
    let mut columns = headings.map(|heading| Column::new(heading).shortening(VALUE));
    for difference in all.listed.iter().take(SHOWN) {
        let Difference {
            file,
            place,
            stored,
            again,
        } = difference;
        let cells = [file, place, stored, again];
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.push(cell.as_str());
        }
    }
    let mut text = Table::of(columns).render(screen);
    let shown = all.listed.len().min(SHOWN);
    if all.count > shown {
        let more = text!(language, "verify-more", count = all.count - shown);
        text += &format!("\n… {more}");
    }
    text
}

/// The numbers of the runs in DIR, all of them runs of the plan.
fn stored_runs(directory: &Path, plan: &Plan) -> Result<Vec<usize>, Error> {
    let path = directory.join("runs.csv");
    let broken = |cause| Error::Other(format!("cannot read {}: {cause}", path.display()));
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(&path)
        .map_err(broken)?;
    let mut runs = BTreeSet::new();
    for row in reader.byte_records() {
        let row = row.map_err(broken)?;
        let number = row.get(0).and_then(|cell| std::str::from_utf8(cell).ok());
        // A row of a run that the plan does not have becomes a difference.
        if let Some(number) = number.and_then(|text| text.parse().ok())
            && number < plan.runs.len()
        {
            runs.insert(number);
        }
    }
    if runs.is_empty()
        && Manifest::read(directory).and_then(|of| of.finished())
            != Some([0, plan.runs.len() as u64])
    {
        return Err(Error::Other(format!("{} has no runs", path.display())));
    }
    Ok(runs.into_iter().collect())
}

/// The files with these endings in one directory of the results.
fn stored(directory: &Path, inner: &str, endings: &[&str]) -> Result<Vec<String>, Error> {
    let mut names = entries(&directory.join(inner))?;
    names.retain(|name| {
        let ending = Path::new(name).extension();
        endings
            .iter()
            .any(|wanted| ending.is_some_and(|ending| ending == *wanted))
    });
    Ok(names.iter().map(|name| format!("{inner}/{name}")).collect())
}

/// The names in a directory; empty if there is no such directory.
fn entries(directory: &Path) -> Result<Vec<String>, Error> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Error::file("cannot read", directory)(cause)),
    };
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.map_err(Error::file("cannot read", directory))?;
        Ok(entry.file_name().to_string_lossy().into_owned())
    };
    entries.map(name).collect()
}

/// The version of the engine in the manifest.
fn engine_of(directory: &Path) -> Option<u64> {
    Manifest::read(directory)?.document["versions"]["engine"].as_u64()
}
