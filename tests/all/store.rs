//! The kept runs: reused, extended, removed, locked, and safe on a full disk.

use crate::program::{Place, SWEEP, assert_same_bytes};

#[test]
fn what_is_trained_is_not_trained_again_and_an_extended_sweep_trains_only_the_new() {
    let place = Place::with(SWEEP);
    let sweep = |values: &str| format!("sweep.training.learning_rate={values}");
    let trained = |values: &str| {
        let ended = place.succeed(&["e.toml", "--json", "--set", &sweep(values)]);
        ended.json()["trained"].as_u64().expect("a number")
    };
    assert_eq!(trained("[0.01, 0.1]"), 8);
    assert_eq!(trained("[0.01, 0.1]"), 0);
    assert_eq!(trained("[0.01, 0.05, 0.1, 0.3]"), 8);
    assert_eq!(trained("[0.05, 0.3]"), 0);
    place.succeed(&["e.toml", "--set", &sweep("[0.05, 0.3]"), "--out", "at-once"]);
    assert_same_bytes(&place.path("results/small"), &place.path("at-once"));
    let plan = place.succeed(&["plan", "e.toml", "--json"]).json();
    assert_eq!(
        (&plan["existing"], &plan["missing"]),
        (&12.into(), &0.into())
    );
}

#[test]
fn more_replicates_and_another_variant_leave_the_other_runs_as_they_are() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let extended = format!("{SWEEP}\n[variants.middle]\ntraining.batch_size = 10\n");
    place.write(
        "e.toml",
        &extended.replace("replicates = 2", "replicates = 3"),
    );
    let ended = place.succeed(&["e.toml", "--json"]);
    assert_eq!(ended.json()["trained"], 27 - 12);
    place.succeed(&["e.toml", "--out", "at-once"]);
    assert_same_bytes(&place.path("results/small"), &place.path("at-once"));
}

#[test]
fn fresh_forgets() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let ended = place.succeed(&["e.toml", "--fresh", "--json"]);
    assert_eq!(ended.json()["trained"], 12);
}

#[test]
fn a_second_program_on_the_directory_says_so_and_exits_with_2() {
    let place = Place::with(SWEEP);
    let endless = [
        "e.toml",
        "--set",
        "training.epochs=100000000",
        "--set",
        "output.history_every=1000000",
    ];
    let mut first = place.command(&endless).spawn().expect("the program starts");
    let journal = place.path("results/small/.runner/journal");
    while !journal.exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let second = place.run(&["e.toml"]);
    first.kill().expect("it is running");
    first.wait().expect("it was killed");
    assert_eq!(second.code, Some(2), "{}", second.stderr);
    assert!(
        second
            .stderr
            .contains("another runner is at work in results/small"),
        "{}",
        second.stderr
    );
    // The killed program left its lock file, which does not block others.
    place.succeed(&["e.toml"]);
}

#[test]
fn a_directory_that_cannot_be_made_is_an_error_before_anything_is_trained() {
    let place = Place::with(SWEEP);
    place.write("results", "a file where a directory should be");
    let ended = place.run(&["e.toml"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("cannot make results/small"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_journal_of_another_program_or_version_is_refused_and_left_alone() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let journal = "results/small/.runner/journal";
    place.write(journal, "a diary of somebody's");
    let ended = place.run(&["e.toml"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("not a journal of runner"),
        "{}",
        ended.stderr
    );
    assert_eq!(place.read(journal), "a diary of somebody's");

    place.write(journal, "runner journal\u{9}\0 whatever follows");
    let ended = place.run(&["e.toml"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("format 9"), "{}", ended.stderr);
    assert!(ended.stderr.contains("--fresh"), "{}", ended.stderr);
    place.succeed(&["e.toml", "--fresh"]);
}

/// The results of version 0.1.0, before the format of the journal became 2: tests/cases/format1.
#[test]
fn results_of_the_format_before_are_read_and_never_trained_on() {
    let place = Place::with("");
    let results = place.path("old");
    std::fs::create_dir_all(results.join(".runner")).expect("there is room");
    let kept = std::path::Path::new("tests/cases/format1");
    for name in [
        "experiment.toml",
        "runs.csv",
        "history.csv",
        "summary.csv",
        "comparison.csv",
        "manifest.json",
        ".runner/journal",
    ] {
        std::fs::copy(kept.join(name), results.join(name)).expect("it is there");
    }
    let ended = place.succeed(&["compare", "old"]);
    assert!(ended.stdout.contains("online"), "{}", ended.stdout);
    place.succeed(&["report", "old"]);
    for arguments in [
        &["old/experiment.toml", "--out", "old"][..],
        &["merge", "old", "--out", "joined"],
    ] {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?} {}", ended.stderr);
        for word in ["format 1", "--out", "--fresh"] {
            assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
        }
        let journal = std::fs::read(results.join(".runner/journal")).expect("it stays");
        assert_eq!(
            journal,
            std::fs::read(kept.join(".runner/journal")).expect("it is there")
        );
    }
}

/// A limit on the size of files acts like a full disk: the write fails at the same place.
#[cfg(unix)]
#[test]
fn a_full_disk_is_a_clear_error_and_keeps_every_finished_run() {
    let place = Place::with(SWEEP);
    let program = env!("CARGO_BIN_EXE_runner");
    let limited = |kilobytes: u32| {
        let script = format!("ulimit -f {kilobytes}; LC_ALL=C exec {program} e.toml --jobs 1");
        let mut command = std::process::Command::new("bash");
        command.args(["-c", &script]).current_dir(place.path(""));
        crate::program::Ended::from(command.output().expect("bash is there"))
    };
    let ended = limited(8);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("cannot write results/small/.runner/journal"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("are kept"), "{}", ended.stderr);
    assert!(
        !place.path("results/small/runs.csv").exists(),
        "nothing reads as complete"
    );
    let plan = place.succeed(&["plan", "e.toml", "--json"]).json();
    let existing = plan["existing"].as_u64().expect("a number");
    assert!((1..12).contains(&existing), "{existing} runs are kept");

    let ended = place.succeed(&["e.toml", "--json"]);
    assert_eq!(ended.json()["trained"], 12 - existing);
    place.succeed(&["e.toml", "--out", "at-once"]);
    assert_same_bytes(&place.path("results/small"), &place.path("at-once"));
}

#[test]
fn three_shards_are_joined_to_the_bytes_of_one_run() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--out", "whole"]);
    for shard in ["1", "2", "3"] {
        let out = format!("part{shard}");
        let ended = place.succeed(&[
            "e.toml",
            "--shard",
            &format!("{shard}/3"),
            "--out",
            &out,
            "--json",
        ]);
        assert_eq!(ended.json()["trained"], 4);
    }
    // A shard that is run again has nothing to do.
    let again = place.succeed(&["e.toml", "--shard", "2/3", "--out", "part2", "--json"]);
    assert_eq!(again.json()["trained"], 0);

    let ended = place.run(&["merge", "part1", "part3", "--out", "joined"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("4 of 12 runs"), "{}", ended.stderr);
    assert!(ended.stderr.contains("1, 4, 7, 10"), "{}", ended.stderr);
    assert!(
        !place.path("joined/runs.csv").exists(),
        "nothing reads as complete"
    );

    place.succeed(&["merge", "part1", "part2", "part3", "--out", "joined"]);
    assert_same_bytes(&place.path("whole"), &place.path("joined"));
    let ended = place.succeed(&["e.toml", "--out", "joined", "--json"]);
    assert_eq!(ended.json()["trained"], 0);
    // The merge also works into the directory of one of the shards.
    place.succeed(&["merge", "part1", "part2", "part3", "--out", "part1"]);
    assert_same_bytes(&place.path("whole"), &place.path("part1"));
}

#[test]
fn a_shard_names_its_configurations_by_their_numbers_in_the_plan() {
    let place = Place::with(SWEEP);
    // The shard has runs 3 and 9 of 12, since each configuration has two replicates.
    let ended = place.succeed(&["e.toml", "--shard", "4/6", "--out", "part", "--json"]);
    let numbers = |table: &str, column: &str| -> Vec<String> {
        let text = place.read(table);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().expect("it has a header").clone();
        let index = headers.iter().position(|header| header == column);
        let index = index.expect("it has the column");
        let rows = reader.records().map(|row| row.expect("it is CSV"));
        rows.map(|row| row[index].to_owned()).collect()
    };
    assert_eq!(numbers("part/summary.csv", "configuration"), ["1", "4"]);
    let mut compared = numbers("part/comparison.csv", "configuration_a");
    compared.extend(numbers("part/comparison.csv", "configuration_b"));
    assert!(!compared.is_empty());
    assert!(compared.iter().all(|number| number == "1" || number == "4"));
    let json = ended.json();
    let ranked = json["ranking"]["rows"].as_array().expect("there are rows");
    let mut ranked: Vec<_> = ranked.iter().map(|row| &row["configuration"]).collect();
    ranked.sort_by_key(|number| number.as_u64());
    assert_eq!(ranked, [1, 4]);
}

#[test]
fn shards_of_different_experiments_are_refused() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--shard", "1/2", "--out", "a"]);
    place.succeed(&[
        "e.toml",
        "--shard",
        "2/2",
        "--out",
        "b",
        "--set",
        "training.epochs=31",
    ]);
    let ended = place.run(&["merge", "a", "b", "--out", "c"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("different experiments"),
        "{}",
        ended.stderr
    );
    let ended = place.run(&["merge", "a", "nowhere", "--out", "c"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("nowhere"), "{}", ended.stderr);
}

#[test]
fn shards_without_a_name_and_with_data_beside_the_experiment_are_joined_at_another_depth() {
    let place = Place::with("");
    std::fs::create_dir_all(place.path("deep/er")).expect("there is room");
    let mut rows = "a,b,y\n".to_owned();
    for i in 0..20 {
        rows += &format!("{},{},{}\n", i, 20 - i, f64::from(i) / 10.0);
    }
    place.write("deep/er/rows.csv", &rows);
    let experiment = SWEEP.replace("name = \"small\"\n", "").replace(
        "source = \"plane\"\nsamples = 60",
        "source = \"csv\"\npath = \"rows.csv\"\nscale = \"min_max\"",
    );
    assert!(experiment.contains("rows.csv") && !experiment.contains("name ="));
    place.write("deep/er/unnamed.toml", &experiment);
    place.succeed(&["deep/er/unnamed.toml", "--out", "whole"]);
    for shard in ["1", "2"] {
        let out = format!("some/parts/{shard}");
        place.succeed(&[
            "deep/er/unnamed.toml",
            "--shard",
            &format!("{shard}/2"),
            "--out",
            &out,
        ]);
    }
    place.succeed(&["merge", "some/parts/1", "some/parts/2", "--out", "joined"]);
    assert_same_bytes(&place.path("whole"), &place.path("joined"));
    // The default directory has the name of the experiment's file.
    place.succeed(&["merge", "some/parts/1", "some/parts/2"]);
    assert!(place.path("results/unnamed/manifest.json").is_file());
    place.succeed(&["verify", "joined"]);
}
