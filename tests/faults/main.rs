//! The suite of faults: kills, failing system calls, changed files and several programs at once, at
//! random but seeded moments. In every case no finished run is lost, no incomplete file looks
//! complete, and the same command afterwards leaves the bytes of a run without faults.
//!
//! `cargo test --test faults -- [CASES] [--seconds S] [--seed N] [--kind WORDS] [--case NUMBER]`
//! makes that many cases for at most that many seconds: of all kinds, or of those whose names have
//! these words; or it repeats one case by the number in its failure. Without arguments it makes a
//! few. At the end it prints a table of the cases in Markdown.

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod cases;
#[cfg(unix)]
mod dice;
#[cfg(unix)]
mod disk;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod power;
#[cfg(unix)]
mod workshop;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    use std::time::{Duration, Instant};

    let options = Options::read();
    let workshop = workshop::Workshop::new();
    let begin = Instant::now();
    let mut tally = [Tally::default(); cases::KINDS.len()];
    let mut failed = 0;
    let chosen = |kind: &usize| cases::KINDS[*kind].0.contains(&options.kind);
    let chosen: Vec<usize> = (0..cases::KINDS.len()).filter(chosen).collect();
    if chosen.is_empty() {
        println!("no kind has a name with {:?}", options.kind);
        return std::process::ExitCode::FAILURE;
    }
    let numbers = match options.case {
        Some(number) => number..number + 1,
        None => 0..options.cases,
    };
    for number in numbers {
        if begin.elapsed() > Duration::from_secs(options.seconds) {
            println!("the time is over after {number} cases");
            break;
        }
        let kind = chosen[number as usize % chosen.len()];
        let mut dice = dice::Dice::new(options.seed, number);
        let (name, case) = cases::KINDS[kind];
        tally[kind].cases += 1;
        match case(&workshop, &mut dice) {
            Ok(faults) => tally[kind].faults += faults,
            Err(reason) => {
                failed += 1;
                tally[kind].failed += 1;
                println!(
                    "FAILED {name}, case {number} of seed {}: {reason}",
                    options.seed
                );
            }
        }
    }
    println!("| fault | cases | faults made | lost or wrong | again |");
    println!("|---|---:|---:|---:|---|");
    for kind in chosen {
        let (name, _) = cases::KINDS[kind];
        let Tally {
            cases,
            faults,
            failed,
        } = tally[kind];
        println!("| {name} | {cases} | {faults} | {failed} | `--kind \"{name}\"` |");
    }
    println!(
        "seed {}, {:.0} s, {failed} failed",
        options.seed,
        begin.elapsed().as_secs_f64()
    );
    match failed {
        0 => std::process::ExitCode::SUCCESS,
        _ => std::process::ExitCode::FAILURE,
    }
}

/// The results of a kind's cases.
#[cfg(unix)]
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    cases: u32,
    /// The faults that were made: a case makes several of them, or none if it came too late.
    faults: u32,
    /// The cases after which something was lost or wrong.
    failed: u32,
}

/// The options of the command line.
#[cfg(unix)]
struct Options {
    cases: u64,
    seconds: u64,
    seed: u64,
    kind: String,
    case: Option<u64>,
}

#[cfg(unix)]
impl Options {
    fn read() -> Self {
        let mut options = Self {
            cases: 18,
            seconds: 600,
            seed: 1,
            kind: String::new(),
            case: None,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let next = |words: &mut dyn Iterator<Item = String>| {
                words.next().and_then(|word| word.parse().ok())
            };
            match word.as_str() {
                "--seconds" => options.seconds = next(&mut words).expect("a number of seconds"),
                "--kind" => options.kind = words.next().expect("words of a kind's name"),
                "--case" => options.case = Some(next(&mut words).expect("a number")),
                "--seed" => options.seed = next(&mut words).expect("a seed"),
                // The arguments that cargo gives to every test are not numbers, and have no meaning
                // here.
                word => options.cases = word.parse().unwrap_or(options.cases),
            }
        }
        options
    }
}
