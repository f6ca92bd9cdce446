//! `runner verify` finds every difference, and reports none if there is none.

use crate::program::{Ended, Place, SWEEP};

fn changed(place: &Place, name: &str, from: &str, to: &str) -> Ended {
    let file = format!("results/small/{name}");
    let text = place.read(&file);
    assert!(text.contains(from), "{name} has no {from}");
    place.write(&file, &text.replacen(from, to, 1));
    let ended = place.run(&["verify", "results/small"]);
    place.write(&file, &text);
    ended
}

#[test]
fn results_that_nobody_touched_are_the_same_to_the_bit() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let ended = place.succeed(&["verify", "results/small"]);
    assert!(
        ended.stdout.contains("the same to the bit"),
        "{}",
        ended.stdout
    );
    // It needs no journal, and does not change the directory.
    std::fs::remove_dir_all(place.path("results/small/.runner")).expect("it is there");
    let document = place.succeed(&["verify", "results/small", "--json"]).json();
    assert_eq!(document["same"], true);
    assert!(!place.path("results/small/.runner").exists());
    // A shard has only some of the runs.
    place.succeed(&["e.toml", "--shard", "2/3", "--out", "part"]);
    place.succeed(&["verify", "part"]);
}

#[test]
fn a_changed_digit_is_found_with_its_place_and_exit_code_3() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let row = place.read("results/small/history.csv");
    let row = row.lines().nth(35).expect("there are 360 rows").to_owned();
    let cells: Vec<&str> = row.split(',').collect();
    let nudged = row.replacen(cells[5], "0.5", 1);
    let ended = changed(&place, "history.csv", &row, &nudged);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    let place_of_it = format!("line 36 (run 1, epoch {}), train_loss", cells[1]);
    for word in [
        "1 difference in 1 of",
        "history.csv",
        &place_of_it,
        "0.5",
        cells[5],
    ] {
        assert!(ended.stdout.contains(word), "{word}: {}", ended.stdout);
    }

    for (name, from, to) in [
        ("runs.csv", ",ok,", ",stopped,"),
        ("summary.csv", "valid_loss", "train_loss"),
        ("comparison.csv", "question", "_question"),
        ("experiment.toml", "epochs = 30", "epochs = 29"),
        ("experiment.toml", "# The experiment", "# My experiment"),
    ] {
        let ended = changed(&place, name, from, to);
        assert_eq!(
            ended.code,
            Some(3),
            "{name}: {}{}",
            ended.stdout,
            ended.stderr
        );
    }
}

#[test]
fn a_changed_or_missing_or_additional_model_is_found() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let models = place.path("results/small/models");
    let model = std::fs::read_dir(&models).expect("there are models").next();
    let model = model
        .expect("there are six")
        .expect("it is readable")
        .path();
    let bytes = std::fs::read(&model).expect("it is readable");
    let mut nudged = bytes.clone();
    let end = nudged.len();
    nudged[end - 8] ^= 1; // the last bit of the output's bias
    std::fs::write(&model, &nudged).expect("there is room");
    let ended = place.run(&["verify", "results/small"]);
    assert_eq!(ended.code, Some(3));
    assert!(
        ended.stdout.contains("layers.1.bias[0]"),
        "{}",
        ended.stdout
    );

    std::fs::remove_file(&model).expect("it is there");
    let ended = place.run(&["verify", "results/small"]);
    assert_eq!(ended.code, Some(3));
    assert!(ended.stdout.contains("not there"), "{}", ended.stdout);

    std::fs::write(&model, &bytes).expect("there is room");
    std::fs::write(models.join("other.safetensors"), &bytes).expect("there is room");
    let ended = place.run(&["verify", "results/small"]);
    assert_eq!(ended.code, Some(3));
    assert!(
        ended.stdout.contains("other.safetensors"),
        "{}",
        ended.stdout
    );
}

#[test]
fn a_directory_without_results_is_a_usage_error() {
    let place = Place::with(SWEEP);
    let ended = place.run(&["verify", "results"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("holds no results"),
        "{}",
        ended.stderr
    );
}

#[test]
fn other_data_is_named_before_what_comes_of_it() {
    let place = Place::with(SWEEP);
    let rows = |first: f64| -> String {
        let rows = (0..20).map(|row| format!("{row},{}\n", f64::from(row) * 0.1 + first));
        rows.fold("a,y\n".to_owned(), |text, row| text + &row)
    };
    place.write("t.csv", &rows(0.0));
    place.write(
        "t.toml",
        "name = \"t\"\n[data]\nsource = \"csv\"\npath = \"t.csv\"\nfolds = 2\n\
         [model]\nlayers = [1, 2, 1]\n[training]\nepochs = 2\nlearning_rate = 0.001\n",
    );
    place.succeed(&["t.toml"]);
    place.succeed(&["verify", "results/t"]);
    place.write("t.csv", &rows(1.0));
    let ended = place.run(&["verify", "results/t"]);
    assert_eq!(ended.code, Some(3));
    let warned = "the data is not what the runs were trained on";
    assert!(ended.stderr.contains(warned), "{}", ended.stderr);
    let first = "the first: manifest.json, data, sha256";
    assert!(ended.stdout.contains(first), "{}", ended.stdout);
}

#[test]
fn a_picture_that_differs_is_named_by_its_first_byte_and_a_long_line_by_its_character() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let path = place.path("results/small/plots/network.png");
    let sound = std::fs::read(&path).expect("it is there");
    let mut damaged = sound.clone();
    damaged[100] ^= 1;
    std::fs::write(&path, &damaged).expect("there is room");
    let ended = place.run(&["verify", "results/small"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stdout);
    assert!(ended.stdout.contains("byte 101"), "{}", ended.stdout);
    assert!(ended.stdout.len() < 4_000, "{}", ended.stdout);
    std::fs::write(&path, sound).expect("there is room");

    let page = place.read("results/small/report.html");
    let long = page.lines().map(str::len).max().expect("it has lines");
    assert!(long > 10_000, "{long}");
    let line = page
        .lines()
        .find(|line| line.len() == long)
        .expect("it is there");
    let other = format!("{}~{}", &line[..long - 1], &line[long - 1..]);
    place.write("results/small/report.html", &page.replace(line, &other));
    let ended = place.run(&["verify", "results/small"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stdout);
    assert!(ended.stdout.contains("character"), "{}", ended.stdout);
    assert!(ended.stdout.len() < 4_000, "{}", ended.stdout);
}
