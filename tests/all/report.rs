//! Reports have the same bytes every time, pinned numbers, and pictures that can be parsed.

use std::path::{Path, PathBuf};

use crate::program::{Place, SWEEP, promised};

/// The greatest size of the page for the demo, so that it loads quickly on any line; a page of a
/// thousand runs may be larger.
const PAGE: usize = 2 << 20;
const THOUSAND_RUNS: usize = 5 << 20;

/// Finished results that never change, and the reports on them.
fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/results")
}

/// Copies the tables of frozen results, without the files of a report.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("there is room");
    for name in ["experiment.toml", "runs.csv", "history.csv", "summary.csv"] {
        std::fs::copy(from.join(name), to.join(name)).expect("it is there");
    }
}

/// Compares a text with the kept one; `RUNNER_BLESS=1 cargo test` keeps the new one instead.
fn assert_kept(path: &Path, text: &str) {
    if std::env::var_os("RUNNER_BLESS").is_some() {
        std::fs::write(path, text).expect("there is room");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == text,
        "{} has changed; the new one:\n{text}",
        path.display()
    );
}

#[test]
fn frozen_results_give_exactly_the_kept_numbers() {
    let place = Place::with(SWEEP);
    for name in ["regimes", "accuracy"] {
        let kept = frozen().join(name);
        copy(&kept, &place.path(name));
        place.succeed(&["report", name]);
        assert_kept(
            &kept.join("comparison.csv"),
            &place.read(&format!("{name}/comparison.csv")),
        );
        let compared = place.succeed(&["compare", name]);
        assert_kept(&kept.join("compare.txt"), &compared.stdout);
        let page = place.read(&format!("{name}/report.html"));
        let headline = page
            .lines()
            .find(|line| line.contains("class=\"headline\""))
            .expect("the page has a verdict");
        assert_kept(&kept.join("headline.txt"), &format!("{headline}\n"));
    }
}

#[test]
fn a_report_made_again_has_the_same_bytes() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--out", "out"]);
    let first = promised(&place.path("out"));
    for name in ["report.html", "comparison.csv"] {
        std::fs::remove_file(place.path("out").join(name)).expect("a run makes it");
    }
    std::fs::remove_dir_all(place.path("out/plots")).expect("a run makes it");
    place.succeed(&["report", "out"]);
    let again = promised(&place.path("out"));
    let names =
        |files: &[(String, Vec<u8>)]| files.iter().map(|file| file.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&first), names(&again));
    for ((name, before), (_, after)) in first.iter().zip(&again) {
        assert!(before == after, "{name} differs");
    }
}

#[test]
fn pictures_parse_and_have_their_series() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--out", "out"]);
    // Two variants are two series, of curves and of rates.
    for (name, series) in [("curves", 2), ("sweep", 2), ("network", 0)] {
        let svg = place.read(&format!("out/plots/{name}.svg"));
        let document = roxmltree::Document::parse(&svg).expect("it is XML");
        let groups = document
            .descendants()
            .filter(|node| node.attribute("data-series").is_some());
        assert_eq!(groups.count(), series, "{name}");
        let title = document
            .descendants()
            .find(|node| node.has_tag_name("title"));
        assert!(
            title.is_some_and(|title| !title.text().unwrap_or("").is_empty()),
            "{name}"
        );
        let png =
            std::fs::read(place.path(&format!("out/plots/{name}.png"))).expect("a run makes it");
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n", "{name}");
    }
    let surfaces = std::fs::read_dir(place.path("out/plots"))
        .expect("a run makes it")
        .filter(|entry| {
            entry
                .as_ref()
                .is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("surface-"))
        });
    // There are six configurations with an SVG and a PNG each.
    assert_eq!(surfaces.count(), 12);
}

#[test]
fn the_page_stands_alone() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--out", "out"]);
    let page = place.read("out/report.html");
    assert!(page.len() < PAGE, "{} bytes", page.len());
    assert!(page.contains("default-src 'none'"), "it may fetch nothing");
    for foreign in [
        "src=\"http",
        "href=\"http",
        "url(http",
        "@import",
        "src=\"//",
    ] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    // A text of the experiment cannot become markup.
    let place = Place::with(&SWEEP.replace(
        "name = \"small\"",
        "name = \"small\"\ndescription = \"<script>alert(1)</script> & </title>\"",
    ));
    place.succeed(&["e.toml", "--out", "out"]);
    let page = place.read("out/report.html");
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;/title&gt;"));
}

#[test]
fn the_best_surface_stands_beside_the_headline_in_the_course_of_training() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--out", "out"]);
    let page = place.read("out/report.html");
    let film = page.split("class=\"strip\"").nth(1).expect("it has one");
    let film = film.split("</ol>").next().expect("it ends");
    let epochs: Vec<&str> = film.split("<span>").skip(1).collect();
    let epochs: Vec<&str> = epochs
        .iter()
        .filter_map(|text| text.split('<').next())
        .collect();
    assert_eq!(epochs, ["0", "1", "2", "4", "8", "16", "30"]);
    // Without the journal, only the kept model is shown, before and after its training.
    std::fs::remove_dir_all(place.path("out/.runner")).expect("a run makes it");
    place.succeed(&["report", "out"]);
    let page = place.read("out/report.html");
    let film = page.split("class=\"strip\"").nth(1).expect("it has one");
    let film = film.split("</ol>").next().expect("it ends");
    assert_eq!(film.matches("<img").count(), 2);
}

#[test]
fn a_grid_of_three_keys_says_which_key_says_most_of_the_rank() {
    let of = |more: &str| {
        let rates = match more.contains("zip") {
            true => "[0.01, 0.02, 0.03, 0.1, 0.2, 0.3]",
            false => "[0.01, 0.1, 0.3]",
        };
        let sweep = SWEEP.replace("[0.01, 0.1, 0.3]", rates);
        let place = Place::with(&format!("{sweep}{more}").replace("epochs = 30", "epochs = 3"));
        place.succeed(&["e.toml", "--out", "out"]);
        place.read("out/report.html")
    };
    let bars = "Which key says most of the rank";
    let lines = "A line for each configuration";
    let two = of("");
    assert!(!two.contains(bars) && !two.contains(lines), "two keys");
    let grid = of("training.l2 = [0.0, 0.1]\n");
    assert!(grid.contains(bars) && grid.contains(lines), "a grid");
    // If keys are swept together, their influences cannot be separated.
    let six = "[0.01, 0.02, 0.03, 0.1, 0.2, 0.3]";
    let zip = of(&format!("training.l2 = {six}\nmode = \"zip\"\n"));
    assert!(!zip.contains(bars) && zip.contains(lines), "tied keys");
}

#[test]
fn the_page_of_a_thousand_runs_is_sampled_and_says_so() {
    let rates: Vec<String> = (1..=100)
        .map(|i| format!("{}", f64::from(i) / 200.0))
        .collect();
    let experiment = SWEEP
        .replace("[0.01, 0.1, 0.3]", &format!("[{}]", rates.join(", ")))
        .replace("replicates = 2", "replicates = 5");
    let place = Place::with(&experiment);
    place.succeed(&["e.toml", "--out", "out", "--quiet"]);
    let page = place.read("out/report.html");
    assert!(page.len() < THOUSAND_RUNS, "{} bytes", page.len());
    assert!(page.contains("24 of 200 configurations are drawn here"));
}

#[test]
fn one_replicate_gets_numbers_but_no_verdict() {
    let place = Place::with(&SWEEP.replace("replicates = 2", "replicates = 1"));
    let ran = place.succeed(&["e.toml", "--out", "out"]);
    assert!(
        ran.stdout.contains("One replicate gives no verdict"),
        "{}",
        ran.stdout
    );
    let comparison = place.read("out/comparison.csv");
    let mut rows = csv::Reader::from_reader(comparison.as_bytes());
    let header = rows.headers().expect("it has a header").clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|column| column == name)
            .expect("it is promised")
    };
    let mut pairs = 0;
    for row in rows.records() {
        let row = row.expect("it is a CSV file");
        assert_eq!((&row[column("verdict")], &row[column("p_value")]), ("", ""));
        pairs += 1;
    }
    assert!(pairs > 0);
}

#[test]
fn experiments_are_compared_with_each_other() {
    let place = Place::with(SWEEP);
    place.write(
        "other.toml",
        &SWEEP
            .replace("\"small\"", "\"wider\"")
            .replace("[2, 3, 1]", "[2, 8, 1]"),
    );
    place.succeed(&["e.toml", "--out", "a"]);
    place.succeed(&["other.toml", "--out", "b"]);
    let compared = place.succeed(&["compare", "a", "b"]);
    for expected in ["experiment", "small", "wider", "each at its own best"] {
        assert!(
            compared.stdout.contains(expected),
            "{expected}: {}",
            compared.stdout
        );
    }
    assert!(!compared.stderr.contains("note:"), "{}", compared.stderr);
    let json = place.succeed(&["compare", "a", "b", "--json"]).json();
    assert_eq!(json["ranking"]["rows"].as_array().map(Vec::len), Some(12));
    // Another seed is reported, since replicates then have nothing in common; so is other data.
    assert!(SWEEP.contains("seed = 7"), "the example's seed");
    place.write(
        "fourth.toml",
        &SWEEP
            .replace("\"small\"", "\"again\"")
            .replace("seed = 7", "seed = 8"),
    );
    place.succeed(&["fourth.toml", "--out", "d"]);
    let compared = place.succeed(&["compare", "a", "d"]);
    assert!(compared.stderr.contains("same seed"), "{}", compared.stderr);
    place.write(
        "third.toml",
        &SWEEP
            .replace("\"small\"", "\"noisy\"")
            .replace("samples = 60", "samples = 60\nnoise = 0.3"),
    );
    place.succeed(&["third.toml", "--out", "c"]);
    let compared = place.succeed(&["compare", "a", "c"]);
    assert!(
        compared.stderr.contains("same [data]"),
        "{}",
        compared.stderr
    );
}

#[test]
fn a_mean_that_a_few_bad_runs_spoil_hides_no_better_configuration() {
    // There are twelve replicates: `steady` has the lower mean, and `bold` is ten times better in
    // eleven of them.
    let place = Place::with(SWEEP);
    let mut runs =
        "run,key,variant,replicate,seed,status,epochs,updates,train_loss,reason\n".to_owned();
    let mut history = "run,epoch,updates,samples,learning_rate,train_loss\n".to_owned();
    for (variant, scale) in [("steady", 0.1), ("bold", 0.01)] {
        for replicate in 0..12 {
            let run = runs.lines().count() - 1;
            let bad = variant == "bold" && replicate == 7;
            let loss = if bad {
                9.0
            } else {
                scale * (1.0 + f64::from(replicate) / 50.0)
            };
            runs +=
                &format!("{run},{run:032x},{variant},{replicate},{replicate},ok,1,10,{loss},\n");
            history += &format!("{run},1,10,10,0.1,{loss}\n");
        }
    }
    std::fs::create_dir(place.path("out")).expect("there is room");
    place.write("out/runs.csv", &runs);
    place.write("out/history.csv", &history);
    place.write(
        "out/experiment.toml",
        "name = \"spoilt\"\n[compare]\nby = \"variant\"\nmetric = \"train_loss\"\n",
    );
    let compared = place.succeed(&["compare", "out"]).stdout;
    for expected in [
        "better in 11 of 12, but not on average",
        "But bold is better in 11 of 12 replicates: a few bad runs spoil its mean.",
    ] {
        assert!(compared.contains(expected), "{expected}: {compared}");
    }
    assert!(!compared.contains("no clear difference"), "{compared}");
}

/// The seconds in a document's table of the training to reach one loss.
fn seconds_to_the_target(document: &serde_json::Value) -> Vec<f64> {
    let rows = document["ranking"]["target"]["rows"].as_array();
    let rows = rows.expect("two variants are compared").iter();
    rows.map(|row| {
        let [seconds, epochs] =
            ["seconds", "epochs"].map(|key| row[key].as_f64().expect("it is reached"));
        assert!(seconds > 0.0 && epochs >= 1.0, "{row}");
        seconds
    })
    .collect()
}

#[test]
fn the_seconds_to_a_loss_outlive_the_program_and_stand_in_no_promised_file() {
    let place = Place::with(SWEEP);
    let first = seconds_to_the_target(&place.succeed(&["e.toml", "--out", "out", "--json"]).json());
    assert_eq!(first.len(), 2);
    let close = |later: Vec<f64>| {
        // The manifest has three digits of them.
        for (a, b) in first.iter().zip(&later) {
            assert!((a / b - 1.0).abs() < 0.01, "{first:?} {later:?}");
        }
    };
    let compared = place.succeed(&["compare", "out"]);
    assert!(compared.stdout.contains("seconds"), "{}", compared.stdout);
    close(seconds_to_the_target(
        &place.succeed(&["compare", "out", "--json"]).json(),
    ));
    // Nothing is trained again, since the runs come from the journal.
    std::fs::remove_file(place.path("out/manifest.json")).expect("a run makes it");
    let untimed = place.succeed(&["compare", "out"]);
    assert!(!untimed.stdout.contains("seconds"), "{}", untimed.stdout);
    let again = place.succeed(&["e.toml", "--out", "out", "--json"]).json();
    assert_eq!(again["trained"], 0);
    close(seconds_to_the_target(&again));
    let page = place.read("out/report.html");
    assert!(page.contains("To reach"), "the page has the rest");
    assert!(!page.contains(">seconds<"), "times may differ");
}

#[test]
fn what_holds_no_results_is_refused_with_its_path() {
    let place = Place::with(SWEEP);
    for command in ["report", "compare"] {
        let ended = place.run(&[command, "nowhere"]);
        assert_eq!(ended.code, Some(2));
        assert!(ended.stderr.contains("nowhere"), "{}", ended.stderr);
    }
    // The message about a cut table names its line.
    place.succeed(&["e.toml", "--out", "out"]);
    let history = place.read("out/history.csv");
    place.write("out/history.csv", &history.replacen("0,2,", "0,two,", 1));
    let ended = place.run(&["report", "out"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("history.csv: line 3"),
        "{}",
        ended.stderr
    );
}

/// The names in `plots/` without their extensions, each of them once.
fn formats(place: &Place) -> Vec<String> {
    let names = std::fs::read_dir(place.path("results/small/plots")).expect("it is there");
    let names = names.map(|entry| entry.expect("it is readable").path());
    let mut formats: Vec<String> = names
        .map(|path| {
            path.extension()
                .expect("it has one")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    formats.sort();
    formats.dedup();
    formats
}

#[test]
fn pictures_have_the_formats_size_and_style_that_were_chosen_and_keep_them() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    assert_eq!(formats(&place), ["png", "svg"]);
    let report = ["report", "results/small"];
    let paper = ["--format", "svg,pdf", "--size", "8.5cm", "--style", "paper"];
    place.succeed(&[&report[..], &paper].concat());
    assert_eq!(formats(&place), ["pdf", "svg"]);
    let drawn = |name: &str| {
        std::fs::read(place.path("results/small/plots").join(name)).expect("it is there")
    };
    let before = [drawn("curves.pdf"), drawn("curves.svg")];
    assert!(before[0].starts_with(b"%PDF-"));
    place.succeed(&report);
    assert_eq!([drawn("curves.pdf"), drawn("curves.svg")], before);
    place.succeed(&["verify", "results/small"]);
    place.succeed(&["e.toml", "--set", "replicates=4"]);
    assert_eq!(formats(&place), ["pdf", "svg"]);
    place.succeed(&["e.toml", "--fresh"]);
    assert_eq!(formats(&place), ["png", "svg"]);

    place.succeed(
        &[
            &report[..],
            &["--format", "png", "--size", "400x300", "--dpi", "96"],
        ]
        .concat(),
    );
    assert_eq!(formats(&place), ["png"]);
    let png = drawn("curves.png");
    let side =
        |place: usize| u32::from_be_bytes(png[place..place + 4].try_into().expect("4 bytes"));
    assert_eq!([side(16), side(20)], [400, 300]);
    for wrong in [
        ["--format", "bmp"],
        ["--size", "0cm"],
        ["--size", "8.5"],
        ["--dpi", "5"],
    ] {
        let ended = place.run(&[&report[..], &wrong].concat());
        assert_eq!(ended.code, Some(2), "{wrong:?}");
        assert!(ended.stderr.contains(wrong[0]), "{}", ended.stderr);
    }
}

#[test]
fn a_directory_without_results_stays_as_it_is() {
    let place = Place::with(SWEEP);
    std::fs::create_dir(place.path("mine")).expect("there is room");
    for directory in ["mine", "nothere"] {
        for command in ["report", "compare", "show", "verify", "test"] {
            let ended = place.run(&[command, directory]);
            assert_ne!(ended.code, Some(0), "{command} {directory}");
        }
    }
    let inside = std::fs::read_dir(place.path("mine")).expect("it is there");
    assert_eq!(inside.count(), 0);
    assert!(!place.path("nothere").exists());
}
