//! The claims of a file or an argument take no memory before the bytes are there: each case has a
//! tenth of the memory that it claims, and is refused with a message that names the claim.
#![cfg(unix)]

use std::fs::File;
use std::io::Write;
use std::process::Command;

use crate::program::{Ended, Place, SWEEP};

/// The kilobytes of address space for a case.
const SPACE: u32 = 1_000_000;

/// The bytes of a sparse file, which takes no room on the disk and does not fit into the address
/// space.
const HUGE: u64 = 3_000_000_000;

fn run(place: &Place, arguments: &[&str]) -> Ended {
    let mut command = Command::new("bash");
    let script = format!("ulimit -v {SPACE}; exec \"$@\"");
    command
        .args(["-c", &script, "runner", env!("CARGO_BIN_EXE_runner")])
        .args(arguments)
        .current_dir(place.path(""))
        .env("LC_ALL", "C")
        .env("COLUMNS", "10000")
        .stdin(File::open("/dev/zero").expect("there is one"));
    Ended::from(command.output().expect("bash is there"))
}

fn refused(place: &Place, arguments: &[&str], words: &str) {
    let ended = run(place, arguments);
    assert_eq!(ended.code, Some(2), "{arguments:?} {}", ended.stderr);
    let said = &ended.stderr;
    assert!(said.contains(words), "{arguments:?} {words}: {said}");
    assert!(!said.contains("panicked"), "{arguments:?}: {said}");
}

/// The arguments that check the experiment with this data.
fn data(data: &str) -> [String; 4] {
    let words = ["check", "e.toml", "--set", &format!("data={{{data}}}")];
    words.map(str::to_owned)
}

fn data_is_refused(place: &Place, text: &str, words: &str) {
    let arguments = data(text);
    refused(place, &arguments.each_ref().map(String::as_str), words);
}

/// Writes a file with this beginning, followed by zeros.
fn sparse(place: &Place, name: &str, beginning: &[u8], length: u64) {
    let mut file = File::create(place.path(name)).expect("there is room");
    file.write_all(beginning).expect("there is room");
    file.set_len(length).expect("it takes no room");
}

/// An `.npy` with this type and shape.
fn npy(descriptor: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': {descriptor}, 'fortran_order': False, 'shape': {shape}, }}\n");
    let length = u16::try_from(header.len()).expect("it is short");
    [
        b"\x93NUMPY\x01\x00",
        &length.to_le_bytes()[..],
        header.as_bytes(),
        elements,
    ]
    .concat()
}

#[test]
fn an_array_takes_no_memory_for_what_its_header_claims() {
    let place = Place::with(SWEEP);
    let long = [b"\x93NUMPY\x02\x00", &[255; 4][..], b"{'descr': '<f8'"].concat();
    let nested = format!("[{}", "{[(".repeat(3000));
    let cases: [(&[u8], &str); 6] = [
        (&long, "claims 4294967295 bytes"),
        (&npy(&nested, "(2,)", &[0; 16]), "records"),
        (&npy("'<f8'", "(1000000000, 8)", &[0; 16]), "cut short"),
        (&npy("'|u1'", "(1, 1000000000)", &[0; 16]), "cut short"),
        (
            &npy("'|u1'", "(5000000000, 5000000000)", &[0; 16]),
            "beyond any memory",
        ),
        (&npy("'|u1'", "(0, 5000000000)", &[]), "0 samples"),
    ];
    std::fs::write(place.path("y.npy"), npy("'|u1'", "(2,)", &[0, 1])).expect("there is room");
    for (bytes, words) in cases {
        std::fs::write(place.path("x.npy"), bytes).expect("there is room");
        data_is_refused(&place, r#"source="npy", x="x.npy", y="y.npy""#, words);
    }
    // The file has as many bytes as the header claims: first the numbers, then the names of columns
    // are beyond the memory.
    let wide = npy("'|u1'", "(1, 3000000000)", &[]);
    sparse(&place, "x.npy", &wide, wide.len() as u64 + HUGE);
    let source = r#"source="npy", x="x.npy", y="y.npy""#;
    data_is_refused(&place, source, "its 3000000000 numbers need 12.0 GB");
    let wide = npy("'|u1'", "(1, 20000000)", &[]);
    sparse(&place, "x.npy", &wide, wide.len() as u64 + 20_000_000);
    std::fs::write(place.path("y.npy"), npy("'|u1'", "(1,)", &[0])).expect("there is room");
    data_is_refused(&place, source, "20000000 columns need 5.1 GB");
}

#[test]
fn images_take_no_memory_for_what_their_header_claims() {
    let place = Place::with(SWEEP);
    let source = r#"source="idx", images="images", labels="labels""#;
    let labels = [0, 0, 8, 1, 0, 0, 0, 1, 7];
    std::fs::write(place.path("labels"), labels).expect("there is room");
    let images = [&[0, 0, 8, 3][..], &[255; 12], b"ab"].concat();
    std::fs::write(place.path("images"), images).expect("there is room");
    data_is_refused(&place, source, "only 2 follow");
    let images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 234, 96, 0, 0, 234, 96];
    sparse(&place, "images", &images, HUGE);
    data_is_refused(&place, source, "need 3.0 GB of memory");
}

#[test]
fn a_table_without_end_is_refused() {
    let place = Place::with(SWEEP);
    sparse(&place, "table.csv", b"a,b,y\n1,2,3\n", HUGE);
    let refusals = [
        ("table.csv", "need 3.0 GB of memory"),
        ("/dev/zero", "more bytes than this machine's free memory"),
    ];
    for (path, words) in refusals {
        data_is_refused(&place, &format!(r#"source="csv", path="{path}""#), words);
    }
    place.succeed(&["e.toml", "--quiet"]);
    for (path, words) in refusals
        .into_iter()
        .chain([("-", "the standard input has more bytes")])
    {
        refused(&place, &["predict", "results/small", path], words);
    }
}

#[test]
fn a_model_takes_no_memory_for_what_its_header_claims() {
    let place = Place::with(SWEEP);
    place.write("new.csv", "x1,x2\n0.1,0.2\n");
    let of = |length: u64| [&length.to_le_bytes()[..], b"{}"].concat();
    let read = |words: &str| {
        let init = ["check", "e.toml", "--set", "model.init={file=\"m\"}"];
        for arguments in [&["predict", "m", "new.csv"][..], &["show", "m"], &init] {
            refused(&place, arguments, words);
        }
    };
    for (length, words) in [
        (1 << 60, "header too large"),
        (90_000_000, "invalid header length"),
    ] {
        std::fs::write(place.path("m"), of(length)).expect("there is room");
        read(words);
    }
    let shape = br#"{"layers.0.weight":{"dtype":"F32","shape":[4000000000,4000000000],"data_offsets":[0,64000000000000000000]}}"#;
    let claim = [&(shape.len() as u64).to_le_bytes()[..], shape].concat();
    std::fs::write(place.path("m"), claim).expect("there is room");
    read("m");
    sparse(&place, "m", &of(2), HUGE);
    read("more bytes than this machine's free memory");
    std::fs::remove_file(place.path("m")).expect("it was written");
    std::os::unix::fs::symlink("/dev/zero", place.path("m")).expect("there is room");
    read("more bytes than this machine's free memory");
}

#[test]
fn stored_files_of_any_length_are_refused_or_passed_over() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--quiet"]);
    for name in [
        "experiment.toml",
        "runs.csv",
        "history.csv",
        "summary.csv",
        "manifest.json",
        ".runner/files",
        ".runner/experiment.toml",
    ] {
        let path = place.path(&format!("results/small/{name}"));
        let before = std::fs::read(&path).ok();
        sparse(&place, &format!("results/small/{name}"), b"", HUGE);
        let ended = run(&place, &["compare", "results/small"]);
        assert!(
            matches!(ended.code, Some(0..=2)) && !ended.stderr.contains("panicked"),
            "with a huge {name}: {:?} {}",
            ended.code,
            ended.stderr
        );
        match before {
            Some(bytes) => std::fs::write(path, bytes).expect("there is room"),
            None => std::fs::remove_file(path).expect("it was written"),
        }
    }
}

#[test]
fn numbers_of_an_experiment_are_bounded_by_arithmetic() {
    let place = Place::with(SWEEP);
    for (set, words) in [
        ("model.layers=[2,1000000000,1000000000,1]", "weights"),
        ("model.layers=[2,9223372036854775807,1]", "weights"),
        ("data.samples=9223372036854775807", "need 516.5 EB"),
        ("replicates=9223372036854775807", "10000000 runs"),
        ("data.folds=1000000000", "10000000 runs"),
        (
            "sweep.training.epochs={linear=[1,2000000000],steps=2000000000}",
            "at most 1000000",
        ),
        ("training.epochs=9223372036854775807", "history_every"),
    ] {
        refused(&place, &["e.toml", "--set", set], words);
    }
    for jobs in ["999999999", "99999999999999999999", "0"] {
        refused(&place, &["e.toml", "--jobs", jobs], "--jobs");
    }
    refused(
        &place,
        &["trace", "e.toml", "--epoch", "99999999999"],
        "no epoch",
    );
    place.write("nested.toml", &format!("x = {}", "[".repeat(100_000)));
    refused(&place, &["check", "nested.toml"], "not TOML");
    place.write("dotted.toml", &format!("[a{}]", ".a".repeat(100_000)));
    refused(&place, &["check", "dotted.toml"], "not TOML");
}
