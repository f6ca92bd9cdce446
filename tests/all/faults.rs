//! Files that were changed, removed or written by a person: no file of a person is replaced, and no
//! result is reported from a changed file.
#![cfg(unix)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use crate::program::{Ended, Place, SWEEP, assert_same_bytes};

fn first_model(place: &Place) -> String {
    let models = std::fs::read_dir(place.path("results/small/models")).expect("there are models");
    let mut names: Vec<String> = models
        .map(|entry| entry.expect("it is readable").file_name())
        .map(|name| name.into_string().expect("it is a key"))
        .collect();
    names.sort();
    format!("results/small/models/{}", names[0])
}

fn flip(place: &Place, name: &str, byte: impl Fn(usize) -> usize) {
    let path = place.path(name);
    let mut bytes = std::fs::read(&path).expect("it is there");
    let at = byte(bytes.len());
    bytes[at] ^= 1;
    std::fs::write(path, bytes).expect("there is room");
}

#[test]
fn paths_that_are_not_utf_8_are_taken_in_every_command() {
    let place = Place::with(SWEEP);
    let odd = OsStr::from_bytes(b"od\xffd");
    let run = |words: &[&str]| {
        let mut command = place.command(words);
        command.arg(odd);
        let output = command.output().expect("the program starts");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{words:?}: {stderr}");
    };
    run(&["e.toml", "--json", "--out"]);
    for command in ["compare", "report", "verify"] {
        run(&[command]);
        run(&[command, "--json"]);
    }
    run(&["export", "--to", "csv", "--json"]);
    run(&["e.toml", "--set", "training.epochs=3", "--out"]);
}

#[test]
fn data_whose_path_no_toml_can_say_is_refused_before_anything_is_trained() {
    let place = Place::with("");
    let odd = place.path("").join(OsStr::from_bytes(b"od\xffd"));
    std::fs::create_dir(&odd).expect("there is room");
    std::fs::write(odd.join("t.csv"), "a,y\n1,2\n2,3\n3,5\n4,4\n").expect("there is room");
    let text = "[data]\nsource = \"csv\"\npath = \"t.csv\"\n[model]\nlayers = [1, 1]\n\
                [training]\nepochs = 2\nlearning_rate = 0.01\n";
    std::fs::write(odd.join("e.toml"), text).expect("there is room");
    let mut command = place.command(&["--out", "out"]);
    let output = command.arg(odd.join("e.toml")).output().expect("it starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("not UTF-8"), "{stderr}");
    assert!(!place.path("out/runs.csv").exists());
}

#[test]
fn names_of_every_kind_of_character_read_back() {
    let names = [
        "it's \\\"so\\\"",
        "a.b",
        "ü ü",
        "back\\\\slash",
        "'",
        "#[x]",
    ];
    let mut text = SWEEP.to_owned();
    for name in names {
        let variant = format!("[variants.\"{name}\"]\ntraining.batch_size = 7\n\n[sweep]");
        text = text.replacen("[sweep]", &variant, 1);
    }
    let place = Place::with(&text);
    place.succeed(&["e.toml", "--set", "training.epochs=3"]);
    // The written file trains exactly the same runs.
    let again = place
        .succeed(&["results/small/experiment.toml", "--json"])
        .json();
    assert_eq!(again["trained"], 0);
    place.succeed(&["verify", "results/small"]);
}

#[test]
fn results_are_not_put_beside_a_person_s_experiment_or_over_a_person_s_files() {
    let place = Place::with(SWEEP);
    for inner in ["models", "plots"] {
        std::fs::create_dir(place.path(inner)).expect("there is room");
        place.write(&format!("{inner}/mine.txt"), "mine");
    }
    let refused = |arguments: &[&str], word: &str| {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?} {}", ended.stderr);
        assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
        assert!(ended.stderr.contains("--out"), "{}", ended.stderr);
        assert!(!place.path(".runner/journal").exists());
    };
    refused(&["e.toml", "--out", "."], "e.toml");
    refused(&["e.toml", "--out", ".", "--fresh"], "e.toml");
    for name in [
        "runs.csv",
        "experiment.toml",
        "report.html",
        "manifest.json",
    ] {
        std::fs::create_dir(place.path("mine")).expect("there is room");
        place.write(&format!("mine/{name}"), "mine");
        refused(&["e.toml", "--out", "mine"], name);
        refused(&["e.toml", "--out", "mine", "--fresh"], name);
        assert_eq!(place.read(&format!("mine/{name}")), "mine");
        std::fs::remove_dir_all(place.path("mine")).expect("it is there");
    }
    std::fs::create_dir_all(place.path("mine/models")).expect("there is room");
    place.write("mine/models/my.safetensors", "mine");
    refused(&["e.toml", "--out", "mine"], "models");
    assert_eq!(place.read("models/mine.txt"), "mine");
    assert_eq!(place.read("plots/mine.txt"), "mine");
}

#[test]
fn a_person_s_file_where_a_command_should_write_stays_and_the_program_s_own_is_replaced() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let model = first_model(&place);
    place.write("data.csv", "x1,x2\n0.1,0.2\n");
    for inner in ["there", "man"] {
        std::fs::create_dir(place.path(inner)).expect("there is room");
    }
    let refused = |arguments: &[&str], file: &str| {
        place.write(file, "mine");
        let ended = place.run(arguments);
        assert_ne!(ended.code, Some(0), "{arguments:?}");
        for word in [file, "--out"] {
            assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
        }
        assert_eq!(place.read(file), "mine", "{arguments:?}");
        std::fs::remove_file(place.path(file)).expect("it is there");
        // The command is run twice, since it may replace its own files.
        place.succeed(arguments);
        place.succeed(arguments);
    };
    refused(&["predict", &model, "data.csv", "--out", "p.csv"], "p.csv");
    refused(&["man", "--out", "man"], "man/runner-plan.1");
    let key = model
        .rsplit('/')
        .next()
        .expect("it has a name")
        .replace("safetensors", "onnx");
    for (format, file) in [
        ("csv", "there/history_with_configurations.csv"),
        ("parquet", "there/summary.parquet"),
        ("onnx", &format!("there/{key}")),
        (
            "tensorboard",
            "there/run-00003 online learning_rate=0.1 r1/events.out.tfevents.0.runner",
        ),
    ] {
        let directory = place.path(file);
        let directory = directory.parent().expect("it has one");
        std::fs::create_dir_all(directory).expect("there is room");
        refused(
            &["export", "--to", format, "results/small", "--out", "there"],
            file,
        );
        place.succeed(&["e.toml", "--set", "training.epochs=31"]);
        place.succeed(&["export", "--to", format, "results/small", "--out", "there"]);
        place.succeed(&["e.toml"]);
    }
    let names = std::fs::read_dir(place.path("there")).expect("it is there");
    let hidden = |name: &std::ffi::OsString| name.to_string_lossy().starts_with('.');
    let mut names = names.map(|entry| entry.expect("it is readable").file_name());
    assert!(!names.any(|name| hidden(&name)), "nothing else is left");
    // A device receives the output, and stays a device.
    place.succeed(&["predict", &model, "data.csv", "--out", "/dev/null"]);
    let null = std::fs::metadata("/dev/null").expect("it is there");
    assert!(!null.is_file());
}

#[test]
fn a_person_s_files_among_results_stay() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let own = [
        "models/notes.txt",
        "plots/mine.svg",
        "thesis.tex",
        "csv/mine.csv",
    ];
    std::fs::create_dir(place.path("results/small/csv")).expect("there is room");
    for name in own {
        place.write(&format!("results/small/{name}"), "mine");
    }
    let extended = "sweep.training.learning_rate=[0.02, 0.2]";
    place.succeed(&["e.toml", "--set", extended]);
    place.succeed(&["report", "results/small"]);
    place.succeed(&["export", "--to", "csv", "results/small"]);
    place.succeed(&["export", "--to", "csv", "results/small"]);
    place.succeed(&["e.toml", "--fresh"]);
    for name in own {
        assert_eq!(
            place.read(&format!("results/small/{name}")),
            "mine",
            "{name}"
        );
    }
    place.succeed(&["results/small/experiment.toml"]);
}

#[test]
fn readers_name_what_is_not_as_it_was_written() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--out", "whole"]);
    place.succeed(&["e.toml"]);
    let says = |arguments: &[&str], code: i32, words: &[&str]| -> Ended {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(code), "{arguments:?} {}", ended.stderr);
        for word in words {
            assert!(
                ended.stderr.contains(word),
                "{arguments:?} {word}: {}",
                ended.stderr
            );
        }
        ended
    };
    let quiet = place.succeed(&["compare", "results/small"]);
    assert_eq!(quiet.stderr, "");

    // A model is damaged, then missing.
    let model = first_model(&place);
    flip(&place, &model, |length| length - 3);
    says(&["report", "results/small"], 0, &["models/", "changed"]);
    says(
        &["export", "--to", "onnx", "results/small"],
        2,
        &["models/", "--out"],
    );
    place.write("data.csv", "x1,x2\n0.1,0.2\n");
    says(&["predict", &model, "data.csv"], 2, &["changed"]);
    std::fs::copy(place.path(&model), place.path("alone.safetensors")).expect("there is room");
    says(
        &["predict", "alone.safetensors", "data.csv"],
        2,
        &["changed"],
    );
    std::fs::remove_file(place.path(&model)).expect("it is there");
    says(&["report", "results/small"], 0, &["is gone"]);
    place.succeed(&["e.toml", "--json"]);
    says(&["predict", &model, "data.csv"], 0, &[]);

    // A table of another experiment is beside the tables of this one.
    place.succeed(&["e.toml", "--set", "seed=8", "--out", "other"]);
    std::fs::copy(
        place.path("other/history.csv"),
        place.path("results/small/history.csv"),
    )
    .expect("there is room");
    for command in ["compare", "report"] {
        says(&[command, "results/small"], 2, &["do not belong together"]);
    }
    says(
        &["export", "--to", "parquet", "results/small"],
        2,
        &["history.csv"],
    );
    place.succeed(&["e.toml"]);
    // No other number depends on this cell.
    let history = place.read("results/small/history.csv");
    let row = history.lines().nth(3).expect("there are rows");
    let cells: Vec<&str> = row.split(',').collect();
    let other = history.replacen(row, &row.replacen(cells[5], "0.25", 1), 1);
    place.write("results/small/history.csv", &other);
    for command in ["compare", "report"] {
        says(
            &[command, "results/small"],
            0,
            &["warning", "history.csv was changed"],
        );
    }
    place.succeed(&["e.toml"]);
    assert_same_bytes(&place.path("whole"), &place.path("results/small"));

    // Without a manifest, changes cannot be found.
    std::fs::remove_file(place.path("results/small/manifest.json")).expect("it is there");
    says(&["compare", "results/small"], 0, &["manifest.json"]);
}

#[test]
fn data_that_was_changed_is_not_drawn_under_old_numbers() {
    let place = Place::with("");
    let rows = |shift: f64| {
        let mut rows = "a,b,y\n".to_owned();
        for i in 0..20 {
            rows += &format!("{},{},{}\n", i, 20 - i, f64::from(i) / 10.0 + shift);
        }
        rows
    };
    place.write("rows.csv", &rows(0.0));
    let experiment = SWEEP.replace(
        "source = \"plane\"\nsamples = 60",
        "source = \"csv\"\npath = \"rows.csv\"",
    );
    place.write("e.toml", &experiment);
    place.succeed(&["e.toml"]);
    place.write("rows.csv", &rows(1.0));
    let ended = place.succeed(&["report", "results/small"]);
    assert!(
        ended
            .stderr
            .contains("the data is not what the runs were trained on"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_report_made_again_keeps_the_manifest_true() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    place.write("results/small/report.html", "not the page");
    std::fs::remove_dir_all(place.path("results/small/plots")).expect("they are there");
    let ended = place.run(&["verify", "results/small"]);
    assert_eq!(ended.code, Some(3));
    assert!(ended.stdout.contains("report.html"), "{}", ended.stdout);
    place.succeed(&["report", "results/small"]);
    place.succeed(&["verify", "results/small"]);
    let ended = place.succeed(&["compare", "results/small"]);
    assert_eq!(ended.stderr, "");
}

#[test]
fn verify_covers_the_manifest_and_says_what_it_did_not_look_at() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    place.write("results/small/thesis.tex", "mine");
    let ended = place.succeed(&["verify", "results/small"]);
    for word in ["not compared", "times, machine", ".runner", "thesis.tex"] {
        assert!(ended.stdout.contains(word), "{word}: {}", ended.stdout);
    }
    let manifest = place.read("results/small/manifest.json");
    let mut json: serde_json::Value = serde_json::from_str(&manifest).expect("it is JSON");
    for (table, name) in [("files", "runs.csv"), ("sizes", "history.csv")] {
        let kept = json[table][name].take();
        place.write("results/small/manifest.json", &format!("{json:#}"));
        json[table][name] = kept;
        if table == "sizes" {
            continue; // A size that is not stated cannot differ.
        }
        let ended = place.run(&["verify", "results/small"]);
        assert_eq!(ended.code, Some(3), "{}", ended.stdout);
        assert!(ended.stdout.contains("manifest.json"), "{}", ended.stdout);
    }
    std::fs::remove_file(place.path("results/small/manifest.json")).expect("it is there");
    assert_eq!(place.run(&["verify", "results/small"]).code, Some(3));
}

/// Runs the sweep, changes the journal once it has runs, and lets the sweep go on.
fn with_a_fault(harm: impl Fn(&std::path::Path)) -> (Place, Ended) {
    let place = Place::with(&SWEEP.replace("samples = 60", "samples = 400"));
    let long = [
        "e.toml",
        "--set",
        "training.epochs=3000",
        "--set",
        "output.history_every=1000",
    ];
    let arguments = [&long[..], &["--jobs", "1"]].concat();
    let child = place
        .command(&arguments)
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let journal = place.path("results/small/.runner/journal");
    while std::fs::metadata(&journal).map_or(0, |file| file.len()) < 100 {
        std::thread::sleep(Duration::from_millis(2));
    }
    harm(&journal);
    let ended = Ended::from(child.wait_with_output().expect("it ends"));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    place.succeed(&[&long[..], &["--out", "whole"]].concat());
    assert_same_bytes(&place.path("results/small"), &place.path("whole"));
    let plan = place.succeed(&[&["plan"], &long[..], &["--json"]].concat());
    assert_eq!(plan.json()["missing"], 0);
    (place, ended)
}

#[test]
fn a_journal_that_is_removed_or_emptied_while_running_is_written_again() {
    let remove = |journal: &std::path::Path| std::fs::remove_file(journal).expect("it is there");
    let (_, ended) = with_a_fault(remove);
    assert!(ended.stderr.contains("no run is lost"), "{}", ended.stderr);
    let empty = |journal: &std::path::Path| {
        let file = std::fs::File::options().write(true).open(journal);
        file.and_then(|file| file.set_len(0)).expect("it is there");
    };
    let (_, ended) = with_a_fault(empty);
    assert!(ended.stderr.contains("written again"), "{}", ended.stderr);
    assert!(ended.stderr.contains("trained again"), "{}", ended.stderr);
    let all = |journal: &std::path::Path| {
        let directory = journal.parent().expect("it is in .runner");
        std::fs::remove_dir_all(directory).expect("it is there");
    };
    with_a_fault(all);
}

#[test]
fn a_flipped_bit_in_a_journal_costs_one_run_and_is_said() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    // The byte is in the length of the first frame.
    flip(&place, "results/small/.runner/journal", |_| 16 + 12);
    let ended = place.succeed(&["e.toml", "--json"]);
    assert_eq!(ended.json()["trained"], 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("1 run"), "{}", ended.stderr);
    place.succeed(&["e.toml", "--out", "whole"]);
    assert_same_bytes(&place.path("results/small"), &place.path("whole"));
}

#[test]
fn absurd_input_is_refused_with_its_place() {
    let place = Place::with(SWEEP);
    let refused = |arguments: &[&str], words: &[&str]| {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?} {}", ended.stderr);
        for word in words {
            assert!(
                ended.stderr.contains(word),
                "{arguments:?} {word}: {}",
                ended.stderr
            );
        }
        assert!(
            ended.stderr.len() < 200_000,
            "{arguments:?}: nobody reads that much"
        );
    };
    for replicates in ["1000000000", "4294967296", "9223372036854775807"] {
        let set = format!("replicates={replicates}");
        refused(
            &["e.toml", "--set", &set],
            &["10000000 runs", "fewer replicates"],
        );
    }
    let rows = ["e.toml", "--set", "training.epochs=1000000000000000000"];
    refused(&rows, &["of memory", "history_every"]);

    let keys: String = (0..100_000).map(|i| format!("unknown_{i} = 1\n")).collect();
    place.write("keys.toml", &format!("{keys}{SWEEP}"));
    refused(
        &["check", "keys.toml"],
        &["keys.toml:1:1", "unknown_0", "more", "100000 problems"],
    );

    for file in 0..15_000 {
        let text = format!("extends = \"chain-{}.toml\"\n", file + 1);
        place.write(&format!("chain-{file}.toml"), &text);
    }
    place.write("chain-15000.toml", SWEEP);
    refused(&["check", "chain-0.toml"], &["extend one another"]);
    place.succeed(&["check", "chain-14990.toml"]);

    let made = std::process::Command::new("mkfifo")
        .arg(place.path("pipe"))
        .status();
    assert!(made.expect("mkfifo is there").success());
    refused(&["check", "pipe"], &["missing"]);
    let data = [
        "check",
        "e.toml",
        "--set",
        "data={source=\"csv\", path=\"pipe\"}",
    ];
    refused(&data, &["pipe"]);
    let init = ["check", "e.toml", "--set", "model.init={file=\"pipe\"}"];
    refused(&init, &["pipe"]);
    refused(&["check", "/dev/zero"], &["bytes"]);
}

#[test]
fn nothing_that_a_terminal_obeys_gets_there() {
    let harm = "\u{1b}]0;owned\u{7}\u{1b}[31m\u{202e}\u{9b}2J";
    let place = Place::with("");
    let named = SWEEP
        .replace("[variants.online]", "[variants.\"a\\u202eb\"]")
        .replace(
            "name = \"small\"",
            "name = \"small\"\ndescription = \"\\u001b]0;x\\u0007\\u202e\"",
        );
    place.write("e.toml", &named);
    place.write(
        &format!("{harm}.toml"),
        &format!("{harm} = 1\n\"{harm}\" = 2\n"),
    );
    let file = format!("{harm}.toml");
    let set = format!("training.{harm}=3");
    let commands: &[&[&str]] = &[
        &["e.toml", "--set", "training.epochs=3"],
        &["e.toml", "--json", "--set", "training.epochs=3"],
        &["plan", "e.toml"],
        &["compare", "results/small"],
        &["compare", "results/small", "--json"],
        &["report", "results/small"],
        &["verify", "results/small"],
        &["check", "e.toml", "--set", &set],
        &["check", &file],
        &["compare", harm],
        &["explain", harm],
        &["predict", harm, harm],
        &[harm],
        &["check", "--format", harm],
        &["--unknown", harm],
        &["check", "e.toml", "--color", "always", "--set", &set],
    ];
    for arguments in commands {
        let ended = place.run(arguments);
        for text in [&ended.stdout, &ended.stderr] {
            // Colours come from the program itself; there must be no other control sequences.
            let text = text.replace("\u{1b}[0m", "").replace("\u{1b}[1m", "");
            let text = text
                .replace("\u{1b}[1m\u{1b}[91m", "")
                .replace("\u{1b}[91m", "")
                .replace("\u{1b}[94m", "");
            for c in ['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}'] {
                assert!(!text.contains(c), "{arguments:?} {c:?}: {text:?}");
            }
        }
    }
    let json = place
        .succeed(&["compare", "results/small", "--json"])
        .json();
    assert!(
        json.to_string().contains('\u{202e}'),
        "it is the name all the same"
    );
}

/// Arguments of an experiment whose epochs take many seconds.
const LONG_EPOCH: [&str; 9] = [
    "e.toml",
    "--set",
    "data.samples=400000",
    "--set",
    "model.layers=[2, 256, 256, 1]",
    "--set",
    "model.activations=[\"tanh\", \"tanh\", \"identity\"]",
    "--set",
    "training.epochs=1000",
];

/// Starts the long run and sends it a signal when it trains.
fn interrupted(program: &mut std::process::Command, place: &Place, signal: &str) -> Ended {
    let child = program
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    while !place.path("results/small/.runner/journal").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    let status = std::process::Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(status.expect("kill is there").success());
    Ended::from(child.wait_with_output().expect("it ends"))
}

/// The same command, which receives SIGHUP even if the tests run under `nohup`.
fn hearing_hangups(command: &std::process::Command) -> std::process::Command {
    let mut hearing = std::process::Command::new("env");
    hearing
        .arg("--default-signal=HUP")
        .arg(command.get_program())
        .args(command.get_args())
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(command.get_current_dir().expect("it has a directory"));
    hearing
}

#[test]
fn a_signal_within_a_long_epoch_is_answered_and_ends_the_program() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let place = Place::with(SWEEP);
        let arguments = [&LONG_EPOCH[..], &["--json"]].concat();
        let mut command = place.command(&arguments);
        if cfg!(target_os = "linux") {
            command = hearing_hangups(&command);
        }
        let ended = interrupted(&mut command, &place, signal);
        assert_eq!(ended.code, Some(130), "{signal} {}", ended.stderr);
        for words in [
            "interrupting: 0 of 12 runs are finished and kept",
            "once more ends at once",
            "interrupted: 0 of 12 runs",
        ] {
            assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
        }
        assert_eq!(ended.json()["interrupted"], true);
        // No run is finished.
        let runs = place.read("results/small/runs.csv");
        assert_eq!(runs.lines().count(), 1, "{runs}");
    }
}

#[test]
fn a_program_that_is_to_outlive_its_terminal_does() {
    let place = Place::with(SWEEP);
    let mut command = std::process::Command::new("nohup");
    command
        .env("LC_ALL", "C")
        .arg(env!("CARGO_BIN_EXE_runner"))
        .args(["e.toml", "--set", "training.epochs=4000"])
        .current_dir(place.path(""));
    let ended = interrupted(&mut command, &place, "-HUP");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

/// Runs a command with a limit on the size of files, which acts like a full disk.
fn limited(place: &Place, kilobytes: u32, arguments: &str) -> Ended {
    let program = env!("CARGO_BIN_EXE_runner");
    let script = format!("ulimit -f {kilobytes}; LC_ALL=C exec {program} {arguments}");
    let mut command = std::process::Command::new("bash");
    command.args(["-c", &script]).current_dir(place.path(""));
    Ended::from(command.output().expect("bash is there"))
}

fn all_files(directory: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("it is a directory") {
        let path = entry.expect("it is readable").path();
        if path.is_dir() {
            found.extend(all_files(&path));
        } else {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_write_that_fails_is_named_and_leaves_nothing_half() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    place.succeed(&["e.toml", "--out", "whole"]);
    let mut rows = "x1,x2\n".to_owned();
    for row in 0..2000 {
        rows += &format!("0.{row},0.5\n");
    }
    place.write("rows.csv", &rows);
    let model = first_model(&place);
    for arguments in [
        "report results/small".to_owned(),
        "export --to csv results/small".to_owned(),
        "export --to parquet results/small".to_owned(),
        "export --to csv results/small --out elsewhere".to_owned(),
        format!("predict {model} rows.csv --out predictions.csv"),
        "merge results/small --out joined".to_owned(),
        "e.toml --set training.epochs=31".to_owned(),
    ] {
        let ended = limited(&place, 4, &arguments);
        let failed = matches!(ended.code, Some(1 | 2));
        assert!(failed, "{arguments}: {:?} {}", ended.code, ended.stderr);
        assert!(
            ended.stderr.contains("cannot write"),
            "{arguments}: {}",
            ended.stderr
        );
        assert!(
            ended.stderr.contains("File too large"),
            "{arguments}: {}",
            ended.stderr
        );
        for name in all_files(&place.path("")) {
            assert!(!name.ends_with(".part"), "{arguments} leaves {name}");
            assert!(!name.contains("/new/"), "{arguments} leaves {name}");
        }
        assert!(!place.path("predictions.csv").exists());
        assert!(
            !place
                .path("elsewhere/history_with_configurations.csv")
                .exists()
        );
    }
    place.succeed(&["e.toml"]);
    assert_same_bytes(&place.path("results/small"), &place.path("whole"));
    place.succeed(&["verify", "results/small"]);
}
