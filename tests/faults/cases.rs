//! The kinds of cases. Each returns the number of faults that it made, or a description of what
//! went wrong.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::dice::Dice;
use crate::limits;
use crate::power;
use crate::workshop::{Bench, Ended, Workshop};

/// A case: it makes faults in a workshop, with its dice, and returns their number.
pub type Case = fn(&Workshop, &mut Dice) -> Result<u32, String>;

/// All kinds, with their names.
pub const KINDS: [(&str, Case); 14] = [
    ("kills in a chain", kills),
    ("a failing system call in a run", failing_run),
    ("a failing system call in a reader", failing_reader),
    ("a failing system call in a test", failing_test),
    ("a power failure in a run", power::in_a_run),
    (
        "a power failure after an interruption",
        power::after_an_interruption,
    ),
    (
        "a power failure in another command",
        power::in_another_command,
    ),
    ("a changed result file, each reader", changed_file),
    ("a changed journal", changed_journal),
    ("a limit on the size of files", limits::limited),
    ("a limit on files, threads, stack, time", limits::scarce),
    ("too little memory, each command", limits::little_memory),
    ("a small file system", small_disk),
    ("two programs, readers beside", together),
];

/// Checks that the program did not panic, which it must never do.
pub fn sane(ended: &Ended, what: &str) -> Result<(), String> {
    if ended.stderr.contains("panicked") || ended.stderr.contains("RUST_BACKTRACE") {
        return Err(format!("{what} panicked: {}", ended.stderr));
    }
    match ended.code {
        Some(0..=3 | 130) => Ok(()),
        code => Err(format!("{what} ended with {code:?}: {}", ended.stderr)),
    }
}

fn kills(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let bench = workshop.bench();
    let mut kept = 0;
    let count = 1 + dice.below(5) as u32;
    for _ in 0..count {
        let mut child = bench
            .command(&["e.toml", "--quiet"])
            .spawn()
            .expect("it starts");
        std::thread::sleep(Duration::from_micros(dice.below(120_000)));
        let _ = child.kill();
        let _ = child.wait();
        let now = bench.kept()?;
        if now < kept {
            return Err(format!("{kept} runs were kept, then {now}"));
        }
        kept = now;
        workshop.has_nothing_half(&bench.results())?;
        shows_what_is_kept(&bench, kept)?;
    }
    bench.mend(workshop)?;
    Ok(count)
}

/// Checks that readers show what a kill left of a training, with its number of runs.
fn shows_what_is_kept(bench: &Bench, kept: u64) -> Result<(), String> {
    if !bench.results().join(".runner/experiment.toml").is_file() {
        return Ok(());
    }
    let shown = bench.run(&["compare", "results/small"]);
    sane(&shown, "compare after a kill")?;
    let says = shown
        .stdout
        .contains(&format!("Unfinished: {kept} of 12 runs."));
    match shown.code {
        Some(0) if says == (kept < 12) => Ok(()),
        code => Err(format!(
            "compare of {kept} kept runs: {code:?} {}{}",
            shown.stdout, shown.stderr
        )),
    }
}

/// The calls that are made to fail, and the most times that each is made in a run.
const CALLS: [(&str, u64); 8] = [
    ("write", 60),
    ("fsync", 4),
    ("syncfs", 3),
    ("rename", 30),
    ("open", 60),
    ("mkdir", 6),
    ("unlink", 12),
    ("truncate", 2),
];
/// EIO, ENOSPC, EINTR, EDQUOT, EACCES, EMFILE; 0 for a write that is too short.
const ERRORS: [i32; 7] = [5, 28, INTERRUPTED, 122, 13, 24, 0];
/// The error EINTR.
const INTERRUPTED: i32 = 4;

/// Runs a command in which one system call fails. Returns whether the call was made.
fn with_failure(
    library: &Path,
    bench: &Bench,
    dice: &mut Dice,
    arguments: &[&str],
) -> Result<u32, String> {
    let (call, most) = *dice.one_of(&CALLS);
    let error = *dice.one_of(&ERRORS);
    let at = dice.below(most);
    // An interrupted call is made again, so that a call that is always interrupted would have no
    // end.
    let for_good = error != INTERRUPTED && dice.below(2) == 1;
    let log = bench.path("failed");
    let mut command = bench.command(arguments);
    command
        .env("LD_PRELOAD", library)
        .env("RUNNER_FAULT_DIR", bench.path(""))
        .env("RUNNER_FAULT_CALL", call)
        .env("RUNNER_FAULT_AT", at.to_string())
        .env("RUNNER_FAULT_ERRNO", error.to_string())
        .env("RUNNER_FAULT_GOOD", u8::from(for_good).to_string())
        .env("RUNNER_FAULT_LOG", &log);
    let ended = Ended::from(command.output().expect("it starts"));
    let what = format!("{arguments:?} with error {error} of {call} {at}");
    sane(&ended, &what)?;
    let made = std::fs::remove_file(&log).is_ok();
    if !made && ended.code != Some(0) {
        return Err(format!("{what} was not made, and yet: {}", ended.stderr));
    }
    if ended.code != Some(0) && ended.stderr.trim().is_empty() {
        return Err(format!("{what}: {:?} without a word", ended.code));
    }
    Ok(u32::from(made))
}

fn failing_run(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let Some(library) = workshop.library() else {
        return Ok(0);
    };
    let bench = workshop.bench();
    let mut made = 0;
    for _ in 0..1 + dice.below(3) {
        let kept = bench.kept()?;
        made += with_failure(library, &bench, dice, &["e.toml", "--quiet"])?;
        let now = bench.kept()?;
        if now < kept {
            return Err(format!("{kept} runs were kept, then {now}"));
        }
        workshop.has_nothing_half(&bench.results())?;
    }
    bench.mend(workshop)?;
    Ok(made)
}

fn failing_reader(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let Some(library) = workshop.library() else {
        return Ok(0);
    };
    let bench = workshop.finished();
    let model = some_file(&bench, dice, "models/");
    let model = model.display().to_string();
    let commands: [&[&str]; 9] = [
        &["compare", "results/small"],
        &["plan", "e.toml"],
        &["report", "results/small"],
        &["merge", "results/small", "--out", "joined"],
        &["predict", &model, "data.csv", "--out", "predicted.csv"],
        &["export", "--to", "csv", "results/small"],
        &["export", "--to", "onnx", "results/small"],
        &[
            "export",
            "--to",
            "parquet",
            "results/small",
            "--out",
            "outside",
        ],
        &["verify", "results/small"],
    ];
    let arguments = *dice.one_of(&commands);
    let made = with_failure(library, &bench, dice, arguments)?;
    for name in ["csv", "onnx"] {
        // The files of an export are whole; the promised files are the others.
        let _ = std::fs::remove_dir_all(bench.results().join(name));
    }
    workshop.has_nothing_half(&bench.results())?;
    bench.mend(workshop)?;
    Ok(made)
}

/// Opens the test part; afterwards it can be opened again, and all other files are as before.
fn failing_test(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let Some(library) = workshop.library() else {
        return Ok(0);
    };
    let bench = workshop.finished();
    let arguments = ["test", "results/small"];
    let made = with_failure(library, &bench, dice, &arguments)?;
    let names: Vec<String> = crate::workshop::promised(&bench.results())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    if let Some(part) = names.iter().find(|name| name.ends_with(".part")) {
        return Err(format!("{part} is left"));
    }
    for (what, arguments) in [
        ("then", &arguments),
        ("and then", &["verify", "results/small"]),
    ] {
        let ended = bench.run(arguments);
        if ended.code != Some(0) {
            return Err(format!(
                "{what} {arguments:?}: {:?} {}",
                ended.code, ended.stderr
            ));
        }
    }
    if bench.kept()? != 12 {
        return Err("finished runs are lost".to_owned());
    }
    Ok(made)
}

/// A result file whose name begins with `beginning`.
fn some_file(bench: &Bench, dice: &mut Dice, beginning: &str) -> PathBuf {
    let files = crate::workshop::promised(&bench.results());
    let names: Vec<String> = files
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(beginning))
        .collect();
    bench.results().join(dice.one_of(&names))
}

/// Changes a file at random. Returns a description of the change.
fn change(path: &Path, dice: &mut Dice) -> &'static str {
    let mut bytes = std::fs::read(path).expect("it is there");
    let length = bytes.len() as u64;
    let what = match dice.below(if length == 0 { 1 } else { 6 }) {
        0 => {
            bytes.extend(b"\x00\xffmore\n");
            "lengthened"
        }
        1 => {
            bytes.truncate(dice.below(length) as usize);
            "cut"
        }
        2 => {
            bytes[dice.below(length) as usize] ^= 1 << dice.below(8);
            "flipped"
        }
        3 => {
            bytes.clear();
            "emptied"
        }
        4 => {
            let from = dice.below(length) as usize;
            let to = from + dice.below(length - from as u64 + 1) as usize;
            bytes[from..to].fill(0);
            "filled with zeros"
        }
        _ => {
            let _ = std::fs::remove_file(path);
            return "removed";
        }
    };
    std::fs::write(path, bytes).expect("there is room");
    what
}

/// Exchanges a file with another one of the same directory, or replaces it by the file with the
/// same name from another experiment. Returns a description.
fn exchange(workshop: &Workshop, bench: &Bench, path: &Path, dice: &mut Dice) -> &'static str {
    let name = path
        .strip_prefix(bench.results())
        .expect("it is among them");
    let other = workshop.other_results().join(name);
    if dice.below(2) == 0 && other.is_file() {
        std::fs::copy(other, path).expect("there is room");
        return "exchanged for another experiment's";
    }
    let directory = name
        .parent()
        .map_or(String::new(), |parent| parent.display().to_string());
    let other = some_file(bench, dice, &directory);
    let bytes = |path: &Path| std::fs::read(path).expect("it is there");
    let (first, second) = (bytes(path), bytes(&other));
    std::fs::write(path, second).expect("there is room");
    std::fs::write(&other, first).expect("there is room");
    "exchanged for its neighbour"
}

fn changed_file(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let bench = workshop.finished();
    let manifest = bench.results().join("manifest.json");
    let path = match dice.below(8) {
        0 => manifest,
        _ => some_file(&bench, dice, ""),
    };
    let before = std::fs::read(&path).expect("it is there");
    let what = match dice.below(4) {
        0 => exchange(workshop, &bench, &path, dice),
        _ => change(&path, dice),
    };
    let name = path.display().to_string();
    let same = std::fs::read(&path).is_ok_and(|after| after == before);
    let model = some_file(&bench, dice, "models/").display().to_string();
    let commands: [&[&str]; 12] = [
        &["compare", "results/small"],
        &["verify", "results/small"],
        &["plan", "e.toml"],
        &["show", "results/small"],
        &["show", &model],
        &["predict", "results/small", "data.csv"],
        &["export", "--to", "csv", "results/small"],
        &["export", "--to", "onnx", "results/small"],
        &["export", "--to", "parquet", "results/small"],
        &["export", "--to", "tensorboard", "results/small"],
        &["predict", &model, "data.csv"],
        &["merge", "results/small", "--out", "joined"],
    ];
    for arguments in commands {
        let ended = bench.run(arguments);
        sane(&ended, &format!("{arguments:?} after {name} was {what}"))?;
        if arguments[0] == "verify" && !same && ended.code == Some(0) {
            return Err(format!("verify sees nothing: {name} was {what}"));
        }
        if arguments[0] == "compare" && !same && ended.stderr.is_empty() {
            let harmless = what == "flipped" && name.ends_with("manifest.json")
                || [".html", ".svg", ".png", ".safetensors", "comparison.csv"]
                    .iter()
                    .any(|ending| what != "removed" && name.ends_with(ending));
            if !harmless {
                return Err(format!("compare says nothing: {name} was {what}"));
            }
        }
    }
    sane(&bench.run(&["report", "results/small"]), "report")?;
    for name in ["csv", "onnx", "parquet", "tensorboard"] {
        let _ = std::fs::remove_dir_all(bench.results().join(name));
    }
    bench.mend(workshop)?;
    let ended = bench.run(&["verify", "results/small"]);
    match ended.code {
        Some(0) => Ok(1),
        code => Err(format!(
            "verify of what was mended: {code:?} {}",
            ended.stderr
        )),
    }
}

fn changed_journal(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let bench = workshop.finished();
    let journal = bench.results().join(".runner/journal");
    let mut made = 0;
    for _ in 0..1 + dice.below(3) {
        let length = std::fs::metadata(&journal).map_or(0, |file| file.len());
        // The first bytes identify the file; any other file is refused, and stays.
        if length < 17 {
            break;
        }
        let mut bytes = std::fs::read(&journal).expect("it is there");
        let at = 16 + dice.below(length - 16) as usize;
        match dice.below(3) {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << dice.below(8),
            _ => {
                let to = at + dice.below(length - at as u64) as usize;
                bytes[at..to].fill(0);
            }
        }
        std::fs::write(&journal, bytes).expect("there is room");
        made += 1;
    }
    let kept = bench.kept()?;
    bench.mend(workshop)?;
    if made == 1 && kept < 12 && bench.kept()? != 12 {
        return Err("the lost runs are not trained again".to_owned());
    }
    Ok(made)
}

/// A small file system in memory, which is soon full and is then made larger. SKIPPED if none can
/// be mounted.
fn small_disk(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let bench = workshop.bench();
    let program = env!("CARGO_BIN_EXE_runner");
    let kilobytes = 16 + 4 * dice.below(120);
    std::fs::create_dir(bench.path("results")).expect("there is room");
    let script = format!(
        "mount -t tmpfs -o size={kilobytes}k none results 2>/dev/null || exit 77\n\
         {program} e.toml --quiet; code=$?\n\
         find results -name '*.part' | grep . && exit 78\n\
         mount -o remount,size=64m results && {program} e.toml --quiet || exit 79\n\
         cp -r results/small outside; exit $code"
    );
    let mut command = std::process::Command::new("unshare");
    command
        .args(["-rm", "bash", "-c", &script])
        .current_dir(bench.path(""));
    let Ok(output) = command.output() else {
        println!("SKIPPED: a small file system (no unshare)");
        return Ok(0);
    };
    let ended = Ended::from(output);
    match ended.code {
        Some(77) => {
            println!("SKIPPED: a small file system (none can be mounted)");
            return Ok(0);
        }
        Some(0..=2) => {}
        code => return Err(format!("{kilobytes} kB: {code:?} {}", ended.stderr)),
    }
    sane(&ended, &format!("{kilobytes} kB"))?;
    if ended.code != Some(0) && !ended.stderr.contains("cannot") {
        return Err(format!("{kilobytes} kB: {}", ended.stderr));
    }
    workshop.is_whole(&bench.path("outside"))?;
    Ok(u32::from(ended.code != Some(0)))
}

fn together(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let bench = workshop.bench();
    let start = |arguments: &[&str]| bench.command(arguments).spawn().expect("it starts");
    let mut children = Vec::new();
    for _ in 0..2 + dice.below(3) {
        let arguments: &[&str] = match dice.below(4) {
            0 => &["compare", "results/small"],
            1 => &["report", "results/small"],
            _ => &["e.toml", "--quiet"],
        };
        children.push(start(arguments));
        std::thread::sleep(Duration::from_micros(dice.below(40_000)));
    }
    let count = children.len() as u32;
    for child in children {
        let ended = Ended::from(child.wait_with_output().expect("it ends"));
        sane(&ended, "one of several programs")?;
    }
    workshop.has_nothing_half(&bench.results())?;
    bench.mend(workshop)?;
    Ok(count)
}
