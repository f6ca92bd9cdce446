//! The judgements of `[expect]`: after a run, afterwards, and in JUnit's format. They never change
//! the training.

use crate::program::{Place, promised};

const EXPERIMENT: &str = "\
seed = 42
replicates = 5
[data]
source = \"plane\"
samples = 120
validation = 0.5
[model]
layers = [2, 3, 1]
[training]
epochs = 10
learning_rate = 0.1
[variants.online]
training.batch_size = 1
[variants.full-batch]
training.batch_size = \"full\"
[sweep]
training.learning_rate = [0.1, 0.03]
";

/// Expectations that these runs meet.
const GREEN: &str = "\
[expect]
best.valid_loss.max = 0.05
valid_r2.min = 0.5
every.epochs.max = 10
online.train_loss.max = 0.1
\"full-batch, learning_rate=0.03\".valid_loss.min = 0.01
better = [[\"online\", \"full-batch\"]]
";

/// Expectations that these runs miss, but for the last one.
const RED: &str = "\
[expect]
best.valid_loss.max = 1e-9
every.valid_r2.min = 0.99
better = [[\"full-batch\", \"online\"], [\"online, learning_rate=0.1\", \"full-batch, learning_rate=0.03\"]]
";

fn with(expect: &str) -> String {
    format!("{EXPERIMENT}{expect}")
}

#[test]
fn what_is_met_ends_with_success_and_what_is_missed_says_by_how_much() {
    let place = Place::with(&with(GREEN));
    let ended = place.succeed(&["e.toml", "--junit", "reports/junit.xml"]);
    assert!(
        ended.stdout.contains("all 6 expectations are met"),
        "{}",
        ended.stdout
    );
    let junit = place.read("reports/junit.xml");
    let document = roxmltree::Document::parse(&junit).expect("it is XML");
    let suite = document
        .descendants()
        .find(|node| node.has_tag_name("testsuite"))
        .expect("there is one");
    let counts = ["tests", "failures", "errors", "skipped"].map(|name| suite.attribute(name));
    assert_eq!(counts, ["6", "0", "0", "0"].map(Some));

    place.write("e.toml", &with(RED));
    let ended = place.run(&["e.toml", "--quiet", "--junit", "reports/junit.xml"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stdout.is_empty(), "{}", ended.stdout);
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ended.stderr);
    assert!(
        lines[0].starts_with("error: e misses best.valid_loss.max = 1e-9: ")
            && lines[0].contains(" too high"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].contains("too low") && lines[1].contains("more miss it"),
        "{}",
        lines[1]
    );
    assert!(lines[2].contains("is worse than online"), "{}", lines[2]);
    let junit = place.read("reports/junit.xml");
    let document = roxmltree::Document::parse(&junit).expect("it is XML");
    let count = |tag: &str| {
        let nodes = document.descendants();
        nodes.filter(|node| node.has_tag_name(tag)).count()
    };
    assert_eq!((count("testcase"), count("failure")), (4, 3));
}

#[test]
fn expecting_something_trains_nothing_again_and_changes_no_table() {
    let place = Place::with(EXPERIMENT);
    place.succeed(&["e.toml"]);
    let tables = |place: &Place| {
        let mut files = promised(&place.path("results/e"));
        files.retain(|(name, _)| name.ends_with(".csv") || name.starts_with("models/"));
        files
    };
    let before = tables(&place);
    place.write("e.toml", &with(RED));
    let ended = place.run(&["e.toml", "--json"]);
    assert_eq!((ended.code, &ended.json()["trained"]), (Some(1), &0.into()));
    assert_eq!(tables(&place), before);
    assert_eq!(place.succeed(&["verify", "results/e"]).code, Some(0));
}

#[test]
fn compare_and_report_judge_again_and_every_way_says_the_same() {
    let place = Place::with(&with(RED));
    let ran = place.run(&["e.toml", "--json"]);
    let judged = ran.json()["expectations"].clone();
    let met = judged.as_array().expect("a list").iter();
    let met: Vec<&serde_json::Value> = met.map(|one| &one["met"]).collect();
    assert_eq!(met, [false, false, false, true]);
    let by = judged[0]["missed_by"].as_f64().expect("a number");
    let value = judged[0]["value"].as_f64().expect("a number");
    assert!((value - 1e-9 - by).abs() < 1e-15);
    // The ranking of the table has no influence.
    for arguments in [
        &["compare", "results/e", "--json"] as &[&str],
        &["compare", "results/e", "--metric", "train_loss", "--json"],
        &["report", "results/e", "--json"],
    ] {
        let again = place.run(arguments);
        assert_eq!(again.code, Some(1), "{arguments:?}");
        assert_eq!(again.json()["expectations"], judged, "{arguments:?}");
    }
    let page = place.read("results/e/report.html");
    assert!(
        page.contains("1 of 4 expectations is met"),
        "it is on the page"
    );
    let compared = place.run(&["compare", "results/e", "--junit", "j.xml"]);
    assert!(compared.stdout.contains("MISSED"), "{}", compared.stdout);
    assert!(place.read("j.xml").contains("failures=\"3\""));
}

#[test]
fn shards_are_judged_when_they_are_joined() {
    let place = Place::with(&with(RED));
    for shard in ["1", "2"] {
        let of = format!("{shard}/2");
        let ended = place.succeed(&["e.toml", "--shard", &of, "--out", shard, "--junit", "s.xml"]);
        assert!(ended.stdout.contains("nothing can be judged yet"));
        assert!(place.read("s.xml").contains("skipped=\"4\""));
    }
    let ended = place.run(&["merge", "1", "2", "--junit", "j.xml"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        place
            .read("j.xml")
            .contains("failures=\"3\" errors=\"0\" skipped=\"0\"")
    );
}

#[test]
fn an_expectation_comes_from_a_file_below_or_from_the_command_line() {
    let place = Place::with("extends = \"base.toml\"\n[expect]\nbest.valid_loss.max = 0.05\n");
    place.write("base.toml", &with(RED));
    let ended = place.run(&["e.toml", "--json"]);
    let judged = &ended.json()["expectations"];
    assert_eq!(judged[0]["expectation"], "best.valid_loss.max = 0.05");
    assert_eq!(
        (&judged[0]["met"], &judged[1]["met"]),
        (&true.into(), &false.into())
    );
    let ended = place.succeed(&[
        "e.toml",
        "--set",
        "expect.every.valid_r2.min=-10",
        "--set",
        "expect.better=[[\"online\", \"full-batch\"]]",
        "--set",
        "expect.\"learning_rate=0.1\".valid_loss.max=1",
        "--json",
    ]);
    assert_eq!(
        ended.json()["expectations"].as_array().map(Vec::len),
        Some(4)
    );
    let ended = place.run(&[
        "e.toml",
        "--set",
        "variants.online.expect.best.epochs.max=3",
    ]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("a variant cannot override `expect`"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_run_that_diverged_misses_every_bound() {
    let text = with("[expect]\nevery.valid_loss.max = 1e300\nevery.epochs.min = 1\n");
    let place = Place::with(&text.replace("[0.1, 0.03]", "[0.1, 1000.0]"));
    let ended = place.run(&["e.toml", "--json"]);
    assert_eq!(ended.code, Some(1));
    let words = ended.json()["expectations"][0]["words"].to_string();
    assert!(
        words.contains("5 of 5 runs of") && words.contains("diverged or failed"),
        "{words}"
    );
}

#[test]
fn a_report_takes_no_other_files_place_and_none_outlives_an_error() {
    let place = Place::with(&with(GREEN));
    let ended = place.run(&["e.toml", "--junit", "e.toml"]);
    assert_eq!(ended.code, Some(2));
    assert_eq!(place.read("e.toml"), with(GREEN));
    place.succeed(&["e.toml", "--junit", "j.xml"]);
    place.write("e.toml", &with("[expect]\nbset.valid_loss.max = 1\n"));
    let ended = place.run(&["e.toml", "--junit", "j.xml"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("did you mean \"best\"?"),
        "{}",
        ended.stderr
    );
    assert!(!place.path("j.xml").exists());
}

#[test]
fn the_library_judges_in_memory_and_in_a_directory() {
    let experiment = runner::Experiment::from_text(with(RED));
    let plan = experiment.plan().expect("it is sound");
    let memory = plan.run(&runner::Training::default()).expect("it trains");
    let met: Vec<Option<bool>> = memory.expectations().iter().map(|one| one.met).collect();
    assert_eq!(met, [Some(false), Some(false), Some(false), Some(true)]);
    let directory = tempfile::tempdir().expect("a place for files");
    let training = runner::Training::default();
    let written = plan.run_in(directory.path(), &training).expect("it trains");
    assert_eq!(written.expectations(), memory.expectations());
    let read = plan.read(directory.path()).expect("it is there");
    assert_eq!(read.expectations(), memory.expectations());
}

/// A repository with an experiment as a guard: it succeeds, and fails after a change that harms the
/// training.
#[test]
fn an_experiment_guards_a_repository() {
    let guarded = "[expect]\nvalid_r2.min = 0.5\nbetter = [[\"online\", \"full-batch\"]]\n";
    let place = Place::with(&with(guarded));
    let guard =
        "set -e\nrunner check --deny warnings e.toml\nrunner e.toml --quiet --junit report.xml\n";
    place.write("ci.sh", guard);
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_runner"));
    let run = || {
        let path = std::env::var("PATH").expect("there is a path");
        let own = program.parent().expect("it lies somewhere").display();
        let mut command = std::process::Command::new("sh");
        command.arg("ci.sh").current_dir(place.path(""));
        command.env("PATH", format!("{own}:{path}"));
        command.output().expect("there is a shell")
    };
    let green = run();
    assert!(
        green.status.success(),
        "{}",
        String::from_utf8_lossy(&green.stderr)
    );
    // A person makes the rates smaller, and the network learns less.
    place.write(
        "e.toml",
        &with(guarded).replace("[0.1, 0.03]", "[0.0001, 0.0003]"),
    );
    let red = run();
    assert_eq!(
        red.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&red.stderr)
    );
    let words = String::from_utf8_lossy(&red.stderr).into_owned();
    assert!(words.contains("misses best.valid_r2.min = 0.5"), "{words}");
}
