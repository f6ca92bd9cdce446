//! The output at 60, 80, 120 and 200 columns, kept as files; `RUNNER_BLESS=1 cargo test` keeps the
//! new output instead.

use std::path::{Path, PathBuf};
use std::process::Output;

use unicode_width::UnicodeWidthStr;

use crate::program::Place;

const WIDTHS: [usize; 4] = [60, 80, 120, 200];

/// An experiment with long names, names in Japanese, a rate that diverges, a test part and a
/// doubtful setting.
const EXPERIMENT: &str = r#"
name = "screens"
seed = 3
replicates = 4

[data]
source = "plane"
samples = 60
validation = 0.3
test = 0.2

[model]
layers = [2, 3, 1]
activations = ["sigmoid", "identity"]

[training]
epochs = 8
learning_rate = 0.1

[variants.sgd]
training.batch_size = 1
[variants."ミニバッチ学習、8 サンプルずつ"]
training.batch_size = 8
[variants.full-batch-with-momentum-and-a-long-name]
training.batch_size = "full"
training.optimizer = { name = "sgd", momentum = 0.9 }

[sweep]
training.learning_rate = [0.1, 0.3, 30.0]

[compare]
by = "variant"
"#;

fn kept(name: &str, width: usize) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/screens");
    root.join(format!("{name}.{width}.txt"))
}

/// Runs the program on a screen with this many columns.
fn at(place: &Place, arguments: &[&str], width: usize) -> Output {
    place
        .command(arguments)
        .env("COLUMNS", width.to_string())
        .output()
        .expect("the program starts")
}

/// Compares the output of both streams with the kept file, and checks that no line is wider than
/// the screen.
fn assert_kept(name: &str, width: usize, text: &str) {
    for line in text.lines() {
        assert!(
            UnicodeWidthStr::width(line) <= width,
            "{name} at {width} columns: {line}"
        );
    }
    let path = kept(name, width);
    if std::env::var_os("RUNNER_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("it is in a directory"))
            .expect("there is room");
        std::fs::write(&path, text).expect("there is room");
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        before == text,
        "{} has changed; the new one:\n{text}",
        path.display()
    );
}

/// The text with zeros for every time in seconds, since times differ from run to run.
fn without_seconds(text: &str) -> String {
    let words = text.split_inclusive([' ', '\n']);
    let word = |word: &str| match word.trim_end().parse::<f64>() {
        Ok(_) if word.contains('.') => word.replace(|c: char| c.is_ascii_digit(), "0"),
        _ => word.to_owned(),
    };
    words.map(word).collect()
}

/// Both streams, with stdout first.
fn both(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("texts are UTF-8");
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn every_table_and_sentence_fits_the_screen() {
    let place = Place::with(EXPERIMENT);
    place.write(
        "wrong.toml",
        &EXPERIMENT.replace("learning_rate = 0.1", "learning_rte = 0.1"),
    );
    place.write(
        "new.csv",
        "x1,x2,y\n0.2,0.4,0.1\n,0.1,0.3\n-0.3,0.5,\n0.6,zero,0.2\n",
    );
    place.succeed(&["e.toml"]);
    place.succeed(&["test", "results/screens"]);
    let wide = EXPERIMENT.replace("[2, 3, 1]", "[2, 12, 1]");
    place.write("wide.toml", &wide.replace("\"screens\"", "\"wide\""));
    place.succeed(&["wide.toml"]);
    let commands: [(&str, &[&str]); 12] = [
        ("plan", &["plan", "e.toml"]),
        ("check", &["check", "e.toml"]),
        ("wrong", &["check", "wrong.toml"]),
        (
            "compare",
            &["compare", "results/screens", "--metric", "valid_r2"],
        ),
        (
            "explain",
            &[
                "explain",
                "optimizer",
                "momentum",
                "early_stopping.patience",
            ],
        ),
        ("explain_all", &["explain"]),
        ("trace", &["trace", "e.toml", "--run", "5", "--check"]),
        (
            "trace_ja",
            &["trace", "e.toml", "--run", "5", "--check", "--lang", "ja"],
        ),
        (
            "trace_divergence",
            &["trace", "e.toml", "--run", "8", "--at-divergence"],
        ),
        (
            "trace_divergence_ja",
            &[
                "trace",
                "e.toml",
                "--run",
                "8",
                "--at-divergence",
                "--lang",
                "ja",
            ],
        ),
        ("plan_ja", &["plan", "e.toml", "--lang", "ja"]),
        (
            "explain_ja",
            &[
                "explain",
                "optimizer",
                "momentum",
                "early_stopping.patience",
                "--lang",
                "ja",
            ],
        ),
    ];
    for width in WIDTHS {
        for (name, arguments) in commands
            .into_iter()
            .chain([("run", &["e.toml"] as &[&str])])
        {
            let shown = both(&at(&place, arguments, width));
            // The part below has measured times, which differ from run to run.
            let shown = shown
                .split("\nto reach")
                .next()
                .expect("it has a first part");
            assert_kept(name, width, shown);
        }
        for (name, arguments) in [
            ("run_ja", &["e.toml", "--lang", "ja"] as &[&str]),
            (
                "compare_ja",
                &[
                    "compare",
                    "results/screens",
                    "--metric",
                    "valid_r2",
                    "--lang",
                    "ja",
                ],
            ),
            ("show", &["show", "results/screens"]),
            ("show_wide", &["show", "results/wide"]),
            ("show_ja", &["show", "results/screens", "--lang", "ja"]),
            ("predict", &["predict", "results/screens", "new.csv"]),
            (
                "predict_ja",
                &["predict", "results/screens", "new.csv", "--lang", "ja"],
            ),
            ("wrong_ja", &["check", "wrong.toml", "--lang", "ja"]),
            ("check_ja", &["check", "e.toml", "--lang", "ja"]),
        ] {
            let shown = both(&at(&place, arguments, width));
            let measured = shown.find("に達するまで（");
            let shown = measured
                .and_then(|place| shown[..place].rfind('\n'))
                .map_or(&shown[..], |end| &shown[..end]);
            assert_kept(name, width, shown);
        }
        for (name, language) in [("test", "en"), ("test_ja", "ja")] {
            let arguments = ["test", "results/screens", "--lang", language];
            let tested = both(&at(&place, &arguments, width));
            // The looks are counted below the table.
            let end = tested.rfind('─').expect("there is a table") + '─'.len_utf8();
            assert_kept(name, width, &(tested[..end].to_owned() + "\n"));
        }
        for (name, language) in [("verify", "en"), ("verify_ja", "ja")] {
            let arguments = ["verify", "results/screens", "--lang", language];
            let verified = both(&at(&place, &arguments, width));
            assert_kept(name, width, &without_seconds(&verified));
        }
    }
}

#[test]
fn what_is_measured_fits_the_screen() {
    let place = Place::with(EXPERIMENT);
    for width in WIDTHS {
        for arguments in [
            &["plan", "e.toml"] as &[&str],
            &["e.toml", "--fresh"],
            &["verify", "results/screens"],
            &["export", "results/screens", "--to", "csv"],
            &["report", "results/screens"],
            &["plan", "e.toml", "--lang", "ja"],
            &["export", "results/screens", "--to", "csv", "--lang", "ja"],
        ] {
            let output = at(&place, arguments, width);
            for line in both(&output).lines() {
                assert!(
                    UnicodeWidthStr::width(line) <= width,
                    "{arguments:?} at {width} columns: {line}"
                );
            }
        }
    }
}

#[test]
fn without_a_terminal_a_table_has_100_columns_and_no_colours() {
    let place = Place::with(EXPERIMENT);
    let output = place
        .command(&["e.toml"])
        .env_remove("COLUMNS")
        .output()
        .expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("texts are UTF-8");
    let widest = text.lines().map(UnicodeWidthStr::width).max();
    assert!(
        widest.is_some_and(|widest| (80..=100).contains(&widest)),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn colours_are_there_when_they_are_asked_for() {
    let place = Place::with(EXPERIMENT);
    let coloured = place.succeed(&["e.toml", "--color", "always"]).stdout;
    assert!(coloured.contains("\u{1b}[32mbest\u{1b}[0m"), "{coloured}");
    assert!(coloured.contains("\u{1b}[31m4\u{1b}[0m"), "{coloured}");
}
