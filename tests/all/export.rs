//! The exports have the same numbers in other formats. tests/export/check.py shows that other
//! programs can read them.

use crate::program::{Place, SWEEP};

#[test]
fn the_flat_table_has_each_row_of_history_with_its_configuration() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    place.succeed(&["export", "results/small", "--to", "csv"]);
    let flat = place.read("results/small/csv/history_with_configurations.csv");
    let history = place.read("results/small/history.csv");
    let runs = place.read("results/small/runs.csv");
    assert_eq!(flat.lines().count(), history.lines().count());
    assert!(
        flat.starts_with("run,variant,training.learning_rate,replicate,seed,status,epoch,updates,")
    );
    for (flat, original) in flat.lines().zip(history.lines()).skip(1) {
        let (run, rest) = original.split_once(',').expect("there are columns");
        let row = runs
            .lines()
            .nth(1 + run.parse::<usize>().expect("a number"));
        let row: Vec<&str> = row.expect("every run has a row").split(',').collect();
        assert_eq!(flat, format!("{run},{},{rest}", row[2..7].join(",")));
    }
}

#[test]
fn every_run_has_an_event_file_with_the_steps_of_its_history() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let ended = place.succeed(&["export", "results/small", "--to", "tensorboard", "--json"]);
    let files = ended.json()["files"]
        .as_array()
        .expect("it names them")
        .clone();
    // The first file has the swept keys.
    assert_eq!(files.len(), 1 + 12);
    let first = files[1].as_str().expect("a path");
    assert!(
        first.contains("run-00000 online learning_rate=0.01 r0"),
        "{first}"
    );
    let bytes = std::fs::read(place.path(first)).expect("it is there");
    // A record has its length, a checksum, the payload and a checksum.
    let (mut rest, mut records) = (&bytes[..], 0);
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().expect("eight bytes")) as usize;
        rest = &rest[8 + 4 + length + 4..];
        records += 1;
    }
    // There is the record that begins every file, the run's values, its 30 epochs, and its ending.
    assert_eq!(records, 1 + 1 + 30 + 1);
}

#[test]
fn tables_become_parquet_files_and_models_onnx_files() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    place.succeed(&["export", "results/small", "--to", "parquet"]);
    for table in ["runs", "history", "summary", "comparison"] {
        let file = place.path(&format!("results/small/parquet/{table}.parquet"));
        let bytes = std::fs::read(file).expect("it is there");
        assert!(
            bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"),
            "{table}"
        );
        let end = bytes.len() - 8;
        let length: [u8; 4] = bytes[end..end + 4].try_into().expect("four bytes");
        assert!((u32::from_le_bytes(length) as usize) < end, "{table}");
    }
    place.succeed(&["export", "results/small", "--to", "onnx", "--out", "there"]);
    assert_eq!(
        std::fs::read_dir(place.path("there"))
            .expect("it was made")
            .count(),
        6
    );
    // The exports are not part of the results.
    place.succeed(&["verify", "results/small"]);

    place.succeed(&["e.toml", "--set", "output.models=\"none\""]);
    let ended = place.run(&["export", "results/small", "--to", "onnx"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("output.models"), "{}", ended.stderr);
    let ended = place.run(&["export", "results", "--to", "csv"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("holds no results"),
        "{}",
        ended.stderr
    );
}
