//! Files that people bring from Windows or take there: texts, line ends, paths, names.

use crate::program::{Place, SWEEP, assert_same_bytes};

/// A directory with a table of numbers and an experiment on it, both with these line ends.
fn with_table(line_end: &str) -> Place {
    let experiment = SWEEP.replace(
        "source = \"plane\"\nsamples = 60",
        "source = \"csv\"\npath = \"data/t.csv\"",
    );
    assert!(experiment.contains("csv"), "the experiment is of a table");
    let rows = (0..60).map(|row| format!("{row},{},{}\n", row * row % 7, row % 5));
    let table = "a,b,y\n".to_owned() + &rows.collect::<String>();
    let place = Place::with(&experiment.replace('\n', line_end));
    std::fs::create_dir(place.path("data")).expect("there is room");
    place.write("data/t.csv", &table.replace('\n', line_end));
    place
}

#[test]
fn the_line_ends_of_windows_change_no_byte_of_the_results() {
    let (unix, windows) = (with_table("\n"), with_table("\r\n"));
    for place in [&unix, &windows] {
        place.succeed(&["e.toml"]);
    }
    assert_same_bytes(&unix.path("results/small"), &windows.path("results/small"));
}

#[test]
fn text_in_utf16_is_named_as_such() {
    let place = Place::with("");
    for (name, mark) in [("little.toml", [0xff, 0xfe]), ("big.toml", [0xfe, 0xff])] {
        let wide = SWEEP.encode_utf16().flat_map(|unit| match mark {
            [0xff, _] => unit.to_le_bytes(),
            _ => unit.to_be_bytes(),
        });
        let bytes: Vec<u8> = mark.into_iter().chain(wide).collect();
        std::fs::write(place.path(name), bytes).expect("there is room");
        let ended = place.run(&[name]);
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        let said = format!("cannot read {name}: it is text in UTF-16: save it as UTF-8");
        assert!(ended.stderr.contains(&said), "{}", ended.stderr);
    }
}

#[test]
fn a_new_experiment_has_a_name_that_its_results_can_have() {
    let place = Place::with("");
    for name in ["a:b", "a/", ".hidden", "a\\b"] {
        let ended = place.run(&["new", name]);
        assert_eq!(ended.code, Some(2), "{name}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("cannot be the name"),
            "{}",
            ended.stderr
        );
    }
    let files = std::fs::read_dir(place.path(".")).expect("it is there");
    assert_eq!(files.count(), 1, "nothing was written beside e.toml");
}

#[cfg(not(windows))]
#[test]
fn a_name_that_windows_cannot_have_is_warned_of() {
    for name in ["nul", "what?", "end."] {
        let place = Place::with(&SWEEP.replace("\"small\"", &format!("{name:?}")));
        let ended = place.succeed(&["check", "e.toml"]);
        let said = format!("`{name}` cannot name the results on Windows");
        assert!(ended.stderr.contains(&said), "{}", ended.stderr);
        place.succeed(&["e.toml", "--quiet"]);
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text_are_paths_or_a_wrong_use() {
    use std::os::unix::ffi::OsStrExt;

    let name = std::ffi::OsStr::from_bytes(b"\xff");
    let place = Place::with(SWEEP);
    let code = |arguments: &[&str]| {
        let mut command = place.command(arguments);
        let ended = command.arg(name).output().expect("the program starts");
        ended.status.code()
    };
    assert_eq!(code(&[]), Some(2));
    assert_eq!(code(&["e.toml", "--set"]), Some(2));
    assert_eq!(code(&["e.toml", "--quiet", "--out"]), Some(0));
    assert!(place.path(".").join(name).join("runs.csv").exists());
}
