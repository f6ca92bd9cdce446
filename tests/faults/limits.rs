//! The kinds of cases in which the system gives less than the program asks for: bytes of a file,
//! open files, threads, stack, time and memory.

use crate::cases::sane;
use crate::dice::Dice;
use crate::workshop::{Ended, Workshop};

pub fn limited(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let bench = workshop.bench();
    let blocks = 1 + dice.below(120);
    let program = env!("CARGO_BIN_EXE_runner");
    let script = format!("ulimit -f {blocks}; LC_ALL=C exec {program} e.toml --quiet");
    let mut command = std::process::Command::new("bash");
    command.args(["-c", &script]).current_dir(bench.path(""));
    let ended = Ended::from(command.output().expect("bash is there"));
    sane(&ended, &format!("a limit of {blocks} kB"))?;
    if ended.code != Some(0) && !ended.stderr.contains("cannot write") {
        return Err(format!("a limit of {blocks} kB: {}", ended.stderr));
    }
    workshop.has_nothing_half(&bench.results())?;
    bench.mend(workshop)?;
    Ok(u32::from(ended.code != Some(0)))
}

/// A limit of `ulimit` that is small enough to be reached: files, threads, the stack, or seconds of
/// time.
enum Scarcity {
    /// The most open files. A program with its libraries has three open files and opens two at a
    /// time.
    Files(u64),
    /// The most threads. The limit does not apply to root, so the command runs as another user, who
    /// may write everywhere.
    Threads(u64),
    /// The kilobytes of the stack. A limit of a few ends the program in its first function.
    Stack(u64),
    /// One second of time, for an experiment that takes many.
    Time,
}

/// Commands other than a training, each with its first words.
const ASKED: [&str; 5] = [
    "e.toml --quiet --jobs 4",
    "compare results/small",
    "report results/small",
    "verify results/small",
    "export --to csv results/small",
];
/// The kilobytes of stack that are enough for usual input; a program that is not optimized takes
/// more.
const ENOUGH_STACK: u64 = if cfg!(debug_assertions) { 1024 } else { 128 };

/// One of the other limits of a shell. A program that the system ends, or that cannot begin, leaves
/// what a kill leaves.
pub fn scarce(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let scarcity = match dice.below(4) {
        0 => Scarcity::Files(3 + dice.below(5)),
        1 => Scarcity::Threads(1 + dice.below(3)),
        2 => Scarcity::Stack(16 + dice.below(2 * ENOUGH_STACK)),
        _ => Scarcity::Time,
    };
    let asked = *dice.one_of(&ASKED);
    let (bench, asked) = match scarcity {
        Scarcity::Time => (
            workshop.bench(),
            "e.toml --quiet --set training.epochs=200000",
        ),
        _ if asked.starts_with("e.toml") => (workshop.bench(), asked),
        _ => (workshop.finished(), asked),
    };
    let program = env!("CARGO_BIN_EXE_runner");
    let limited = |limit: String| format!("ulimit {limit} || exit 0; exec {program} {asked}");
    let mut command = std::process::Command::new("bash");
    let what = match scarcity {
        Scarcity::Files(files) => limited(format!("-n {files}")),
        Scarcity::Threads(threads) => limited(format!("-u {threads}")),
        Scarcity::Stack(kilobytes) => limited(format!("-s {kilobytes}")),
        Scarcity::Time => limited("-t 1".to_owned()),
    };
    if matches!(scarcity, Scarcity::Threads(_)) && is_root() {
        command = std::process::Command::new("setpriv");
        let all = "+dac_override,+dac_read_search,+fowner";
        command.args(["--reuid", "65534", "--clear-groups"]).args([
            "--inh-caps",
            all,
            "--ambient-caps",
            all,
            "bash",
        ]);
    }
    command
        .args(["-c", &what])
        .env("LC_ALL", "C")
        .current_dir(bench.path(""));
    let ended = Ended::from(command.output().expect("a shell is there"));
    if ended.stderr.contains("panicked") {
        return Err(format!("{what}: {}", ended.stderr));
    }
    match (ended.code, &scarcity) {
        (Some(0), _) => {}
        // The loader of programs exits with 127 if it cannot open a library.
        (Some(1 | 2 | 127), Scarcity::Files(_)) if !ended.stderr.trim().is_empty() => {}
        (None, Scarcity::Stack(kilobytes)) if *kilobytes < ENOUGH_STACK => {}
        (None, Scarcity::Time) => {}
        (code, _) => return Err(format!("{what}: {code:?} {}", ended.stderr)),
    }
    let met = ended.code != Some(0) || ended.stderr.contains("the system gives");
    if let Scarcity::Time = scarcity {
        let kept = bench.run(&["compare", "results/small"]);
        sane(&kept, "compare after a limit of time")?;
    }
    let _ = std::fs::remove_dir_all(bench.results().join("csv"));
    workshop.has_nothing_half(&bench.results())?;
    bench.mend(workshop)?;
    Ok(u32::from(met))
}

fn is_root() -> bool {
    let id = std::process::Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout == b"0\n")
}

/// The kilobytes of address space with which the system starts neither the program nor a C library
/// in it.
const NOTHING_STARTS: u64 = 32_000;

/// A limit on the address space: a command reports that the memory is not enough, or does its work.
pub fn little_memory(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let bench = match dice.below(2) {
        0 => workshop.bench(),
        _ => workshop.finished(),
    };
    let kilobytes = match dice.below(2) {
        0 => 16_000 + dice.below(50_000),
        _ => 16_000 + dice.below(300_000),
    };
    let commands = [
        "e.toml --quiet",
        "e.toml --quiet --fresh",
        "plan e.toml",
        "check e.toml",
        "compare results/small",
        "report results/small",
        "verify results/small",
        "test results/small",
        "predict results/small data.csv",
        "export --to csv results/small",
        "merge results/small --out joined",
    ];
    let command = *dice.one_of(&commands);
    let program = env!("CARGO_BIN_EXE_runner");
    let script = format!("ulimit -v {kilobytes}; LC_ALL=C exec {program} {command}");
    let what = format!("{command} with {kilobytes} kB");
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", &script]).current_dir(bench.path(""));
    let ended = Ended::from(shell.output().expect("bash is there"));
    if kilobytes >= NOTHING_STARTS {
        sane(&ended, &what)?;
    }
    if ended.code != Some(0) && ended.code.is_some() && ended.stderr.trim().is_empty() {
        return Err(format!("{what}: {:?} without a word", ended.code));
    }
    let _ = std::fs::remove_dir_all(bench.results().join("csv"));
    // The table of a test stays with the results.
    if !command.starts_with("test") {
        workshop.has_nothing_half(&bench.results())?;
        bench.mend(workshop)?;
    }
    Ok(u32::from(ended.code != Some(0)))
}
