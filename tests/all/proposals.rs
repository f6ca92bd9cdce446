//! The proposal for any drawn table passes its own check and trains, or is refused with the reason
//! for each column.

use std::fmt::Write as _;
use std::path::Path;

use numbers::random::{Random, Stream, stream};
use runner::guide::proposal;
use runner::language::Language;
use runner::plan::{check, plan};
use runner::{Experiment, Training};

/// The tables of each test run; the heavy test draws [`MANY`].
const TABLES: u64 = 120;

/// The tables of the heavy test: `cargo test --release -- --include-ignored`.
const MANY: u64 = 4_000;

/// One of the first `count` numbers.
fn draw(random: &mut Random, count: usize) -> usize {
    random.below(count as u32) as usize
}

fn share(random: &mut Random) -> f64 {
    draw(random, 1_000) as f64 / 1_000.0
}

/// A cell of row `row` in a column of this kind; the target depends on `signal`.
fn cell(kind: usize, row: usize, rows: usize, signal: f64, random: &mut Random) -> String {
    let word = |words: &[&str], random: &mut Random| words[draw(random, words.len())].to_owned();
    match kind {
        0 => format!("{signal:.3}"),
        1 => format!("{}", row + 1),
        2 => format!("{}", row * 7 % rows.max(1)),
        3 => word(&["red", "green", "blue"], random),
        4 => format!("name {row}"),
        5 => format!("2024-{:02}-{:02}", row % 12 + 1, row % 28 + 1),
        6 => "7".to_owned(),
        7 => format!("{}", draw(random, 5)),
        8 => format!("{}", usize::from(draw(random, 40) == 0)),
        9 => format!("{:e}", (signal * 30.0).exp()),
        10 => format!("{:.3}", signal * 9.0 / 5.0 + 32.0),
        11 => match draw(random, 3) {
            0 => String::new(),
            _ => format!("{:.2}", share(random)),
        },
        12 => match draw(random, 4) {
            0 => "NA".to_owned(),
            _ => word(&["a", "b"], random),
        },
        13 => format!("kind {}", draw(random, rows / 3 + 2)),
        14 => String::new(),
        15 => format!("{}", 20_240_101 + draw(random, 28)),
        16 => match draw(random, rows) {
            0 => "lonely".to_owned(),
            _ => word(&["x", "y"], random),
        },
        17 => format!("{}", 14.62 + 1e-13 * share(random)),
        18 => ["low", "mid", "high"][(signal.abs() * 3.0).min(2.0) as usize].to_owned(),
        19 => format!("{}", [1e300, -1e300, 1e-300, 0.0][draw(random, 4)]),
        20 => word(&["?", "3", "4.5"], random),
        21 => format!("{}", draw(random, 2)),
        _ => match draw(random, 9) {
            0 => "unknown".to_owned(),
            _ => format!("{:.1}", share(random) * 100.0),
        },
    }
}

/// The number of kinds that [`cell`] has.
const KINDS: usize = 23;

/// The names of columns, some of them awkward.
const NAMES: [&str; 12] = [
    "a",
    "b",
    "id",
    "x 1",
    "region",
    "\"say \"\"so\"\"\"",
    "\"two\nlines\"",
    "",
    "twice",
    "year",
    "名前",
    "user_id",
];

/// A drawn table, and the number of its columns beside the target.
fn table(seed: u64) -> (String, usize) {
    let mut random = stream(seed, Stream::Data);
    let rows = [2, 5, 9, 12, 25, 47, 80, 160, 310, 420][draw(&mut random, 10)];
    let columns = 1 + draw(&mut random, 6);
    let kinds: Vec<usize> = (0..=columns).map(|_| draw(&mut random, KINDS)).collect();
    let delimiter = [",", ",", ";", "\t"][draw(&mut random, 4)];
    let mut names: Vec<String> = kinds
        .iter()
        .enumerate()
        .map(|(at, _)| match draw(&mut random, 2) {
            0 => format!("c{at}"),
            _ => NAMES[draw(&mut random, NAMES.len())].to_owned(),
        })
        .collect();
    if draw(&mut random, 3) > 0 {
        names[columns] = "y".to_owned();
    }
    let mut text = names.join(delimiter) + "\n";
    for row in 0..rows {
        let signal = share(&mut random) * 2.0 - 1.0;
        let cells: Vec<String> = kinds
            .iter()
            .map(|kind| cell(*kind, row, rows, signal, &mut random))
            .collect();
        writeln!(text, "{}", cells.join(delimiter)).expect("a text takes all");
    }
    (text, columns)
}

/// The settings of an experiment, without its comments and its description.
fn settings(text: &str) -> toml::Table {
    let mut table: toml::Table = text.parse().expect("it is TOML");
    assert!(table.remove("description").is_some());
    table
}

/// Proposes, checks and trains for an epoch. Returns whether there was a proposal.
fn try_out(seed: u64, directory: &Path) -> bool {
    let (text, columns) = table(seed);
    let data = directory.join("drawn table.csv");
    std::fs::write(&data, &text).expect("it can be written");
    let file = directory.join("mine.toml");
    let head: String = text.lines().take(6).collect::<Vec<_>>().join("\n");
    let proposed = match proposal::proposal(&file, &data, None, Language::English) {
        Ok(proposed) => proposed,
        Err(problems) => {
            let said = problems.render(false);
            let reasons = said.lines().filter(|line| line.contains("= note:")).count();
            assert!(
                reasons > 0 || said.contains("`") || said.contains("too few rows"),
                "{seed}: {said}\n{head}"
            );
            if said.contains("no column of") {
                assert!(reasons >= columns, "{seed}: {said}");
            }
            return false;
        }
    };
    std::fs::write(&file, &proposed).expect("it can be written");
    let japanese = proposal::proposal(&file, &data, None, Language::Japanese);
    let japanese = japanese.expect("what is proposed in one language is in the other");
    assert_eq!(settings(&proposed), settings(&japanese), "{seed}");
    let checked =
        plan(&file, &[]).unwrap_or_else(|error| panic!("{seed}:\n{error}\n{proposed}\n{head}"));
    let warnings = check::warnings(&checked, Language::English);
    // Counts are learnt as numbers: the check asks whether they are classes, and the file gives the
    // reason.
    let asks = |problem: &problems::Problem| problem.message.contains("look like classes");
    assert!(
        warnings.iter().all(asks),
        "{seed}: {}\n{proposed}",
        warnings.render(false)
    );
    let plan = Experiment::from_path(&file)
        .set("training.epochs", 1)
        .set("replicates", 1)
        .plan()
        .unwrap_or_else(|error| panic!("{seed}:\n{error}"));
    let results = plan
        .run(&Training::default())
        .unwrap_or_else(|error| panic!("{seed}:\n{error}"));
    for run in &results.runs {
        let status = format!("{:?}", run.status);
        assert!(
            !status.contains("Failed") && !status.contains("Diverged"),
            "{seed}: {status}\n{proposed}"
        );
    }
    true
}

fn try_many(seeds: std::ops::Range<u64>) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let count = seeds.end - seeds.start;
    let proposed = seeds
        .filter(|seed| try_out(*seed, directory.path()))
        .count() as u64;
    assert!(
        proposed * 4 > count,
        "{proposed} of {count} tables were proposed"
    );
}

#[test]
fn every_proposal_of_a_drawn_table_passes_its_check_and_trains() {
    try_many(0..TABLES);
}

#[test]
#[ignore = "heavy"]
fn every_proposal_of_many_drawn_tables_passes_its_check_and_trains() {
    try_many(TABLES..TABLES + MANY);
}
