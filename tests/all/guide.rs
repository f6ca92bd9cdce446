//! The schema, the reference, the explanations and the templates agree with the checks.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::json_schema;
use runner::guide::{proposal, reference, schema, template};
use runner::language::Language;
use runner::plan::plan;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(directory: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join(directory))
        .expect("the directory is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    files
}

/// A TOML file as JSON; `None` if it is not TOML.
fn json(path: &Path) -> Option<serde_json::Value> {
    let text = std::fs::read_to_string(path).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    let value: toml::Value = toml::from_str(text).ok()?;
    Some(serde_json::to_value(value).expect("TOML is JSON"))
}

#[test]
fn every_shipped_experiment_and_good_case_is_valid_by_the_schema() {
    let schema = schema::schema();
    for path in files("experiments")
        .iter()
        .chain(&files("tests/cases/good"))
    {
        let value = json(path).expect("it is TOML");
        let errors = json_schema::errors(&schema, &schema, &value);
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

/// The bad cases that no schema of draft-07 can find, since they depend on data, on other files, on
/// another layer, on the lengths of two lists, on which of two numbers is greater, on arithmetic,
/// or on the notation of a number.
#[rustfmt::skip] // A line per case.
const BEYOND_A_SCHEMA: &[&str] = &[
    "an_activation_for_the_input",
    "biases_of_a_wrong_length",
    "class_weights_of_an_unknown_class",
    "class_weights_without_a_class",
    "csv_bad_cell",
    "csv_missing",
    "csv_of_another_column",
    "derive_from_one_feature",
    "dropout_list_of_a_wrong_length",
    "exclude_an_unknown_variant",
    "exclude_everything",
    "exclude_no_such_value",
    "expect_a_contradiction",
    "expect_a_verdict_on_single_runs",
    "expect_itself",
    "expect_names_nothing",
    "expect_nothing",
    "expect_the_best_of_a_variant_called_best",
    "expect_the_impossible",
    "expect_what_is_not_ranked",
    "extends_a_bad_file",
    "extends_in_a_circle",
    "extends_itself",
    "extends_nothing",
    "far_too_many_weights",
    "folds_against_validation",
    "folds_and_vary_split",
    "grid_too_large",
    "inline_more_targets_than_inputs",
    "inline_rows_of_unequal_length",
    "layers_do_not_fit_the_inputs",
    "layers_do_not_fit_the_targets",
    "metric_of_another_loss",
    "metric_that_is_not_asked_for",
    "metrics_of_classes_for_numbers",
    "metrics_said_twice",
    "milestones_fall",
    "model_file_missing",
    "model_file_of_another_kind",
    "more_folds_than_samples",
    "number_with_a_point_for_a_whole_number",
    "path_of_windows_in_double_quotes",
    "positive_of_an_unknown_class",
    "positive_of_numbers",
    "range_between_whole_numbers",
    "range_log_between_whole_numbers",
    "sweep_activations_do_not_fit",
    "sweep_layers_do_not_fit",
    "test_and_vary_data",
    "test_part_of_other_samples",
    "too_few_activations",
    "uniform_bounds_swapped",
    "validation_takes_everything",
    "variant_layers_do_not_fit",
    "variant_needs_more_keys",
    "weights_missing_a_layer",
    "weights_missing_a_row",
    "weights_transposed",
    "zip_of_unequal_lengths",
];

#[test]
fn the_schema_finds_every_bad_case_that_a_schema_can() {
    let schema = schema::schema();
    let mut missed = Vec::new();
    for path in files("tests/cases/bad") {
        let text = std::fs::read(&path).expect("a case can be read");
        let overridden = String::from_utf8_lossy(&text).contains("# --set ");
        let Some(value) = json(&path) else {
            continue; // The file is not TOML, which every editor reports.
        };
        if !overridden && json_schema::errors(&schema, &schema, &value).is_empty() {
            let stem = path.file_stem().expect("a file has a name");
            missed.push(stem.to_string_lossy().into_owned());
        }
    }
    assert_eq!(missed, BEYOND_A_SCHEMA);
}

#[test]
fn shipped_experiments_name_the_schema() {
    for path in files("experiments") {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        assert!(text.starts_with("#:schema "), "{}", path.display());
    }
    let shipped = std::fs::read_to_string(root().join("experiments/schema.json"));
    blessed("experiments/schema.json", shipped.ok(), &schema::text());
}

/// Checks that a generated file is up to date; `RUNNER_BLESS=1` writes it.
fn blessed(name: &str, there: Option<String>, generated: &str) {
    if std::env::var_os("RUNNER_BLESS").is_some() {
        std::fs::write(root().join(name), generated).expect("it can be written");
    } else {
        assert!(
            there.as_deref() == Some(generated),
            "{name} is not as the program makes it: RUNNER_BLESS=1 cargo test --test all guide"
        );
    }
}

#[test]
fn the_reference_pages_are_what_the_program_makes() {
    for (name, language) in [
        ("docs/reference.md", Language::English),
        ("docs/reference.ja.md", Language::Japanese),
    ] {
        let there = std::fs::read_to_string(root().join(name));
        blessed(name, there.ok(), &reference::markdown(language));
    }
}

#[test]
fn every_template_is_written_with_its_data_and_can_be_planned() {
    for template in template::TEMPLATES {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let file = directory.path().join("mine.toml");
        let written = template
            .write(&file, Language::English)
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(written.contains(&file));
        let plan = plan(&file, &[]).unwrap_or_else(|error| panic!("{}: {error}", template.word));
        assert_eq!(plan.name, "mine", "{}", template.word);
        // The second time, no file is overwritten.
        let error = template
            .write(&file, Language::English)
            .expect_err("it is there already")
            .to_string();
        assert!(error.contains("is there already"), "{error}");
    }
    let problem = template::find("plain")
        .err()
        .expect("there is no such template");
    assert_eq!(problem.notes[0], "did you mean `plane`?");
}

/// The proposal for a table, written beside it and planned.
fn proposed(name: &str, table: &str, target: Option<&str>) -> (String, runner::plan::Plan) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let data = directory.path().join(name);
    std::fs::write(&data, table).expect("it can be written");
    let file = directory.path().join("mine.toml");
    let text = proposal::proposal(&file, &data, target, Language::English)
        .unwrap_or_else(|problem| panic!("{problem:?}"));
    std::fs::write(&file, &text).expect("it can be written");
    let plan = plan(&file, &[]).unwrap_or_else(|error| panic!("{text}\n{error}"));
    (text, plan)
}

#[test]
fn the_shipped_tables_get_the_experiments_that_a_person_would_write() {
    let shipped = |name: &str| {
        std::fs::read_to_string(root().join("experiments/data").join(name)).expect("it is shipped")
    };
    let (text, plan) = proposed("iris.csv", &shipped("iris.csv"), None);
    assert!(text.contains("loss = \"cross_entropy\""), "{text}");
    assert_eq!(plan.configurations[0].architecture.layers[0], 4);
    assert_eq!(plan.configurations[0].architecture.layers[2], 3);
    let (text, _) = proposed("diabetes.csv", &shipped("diabetes.csv"), None);
    assert!(text.contains("loss = \"half_mse\""), "{text}");
    let (text, _) = proposed("digits.csv", &shipped("digits.csv"), None);
    assert!(text.contains("loss = \"cross_entropy\""), "{text}");
}

#[test]
fn a_proposal_leaves_out_what_cannot_be_learnt_from() {
    let mut table = String::from("id,size,colour,note,same,bought\n");
    for row in 0..40 {
        let size = if row % 7 == 3 {
            String::new()
        } else {
            format!("{}", row * 13 % 17)
        };
        let colour = ["red", "green", "blue"][row % 3];
        let bought = ["no", "yes"][row * 5 % 2];
        table += &format!("{row},{size},{colour},\"text, number {row}\",1,{bought}\n");
    }
    let (text, plan) = proposed("shop.csv", &table, None);
    assert!(
        text.contains("exclude = [\"id\", \"note\", \"same\"]"),
        "{text}"
    );
    assert!(text.contains("categorical = [\"colour\"]"), "{text}");
    assert!(text.contains("missing = \"median\""), "{text}");
    assert!(text.contains("loss = \"bce\""), "{text}");
    // The inputs are the size, and one for each colour.
    assert_eq!(plan.configurations[0].architecture.layers[0], 4);
}

/// A table of numbers with `rows` rows, of which every `gap`-th has an empty cell.
fn numbers(rows: usize, gap: usize) -> String {
    let mut table = String::from("a,b,y\n");
    for row in 0..rows {
        let b = match (row + 1) % gap {
            0 => String::new(),
            _ => format!("{}", row * 7 % 11),
        };
        table += &format!("{}.5,{b},{}.25\n", row * 5 % 13, row * 3 % 7);
    }
    table
}

#[test]
fn no_proposal_is_warned_of() {
    let tables = (4..60).chain([65, 101, 129, 161, 201, 205, 1001]);
    for rows in tables {
        for gap in [5, usize::MAX] {
            let directory = tempfile::tempdir().expect("a temporary directory");
            let data = directory.path().join("t.csv");
            std::fs::write(&data, numbers(rows, gap)).expect("it can be written");
            let file = directory.path().join("mine.toml");
            let text = proposal::proposal(&file, &data, None, Language::English)
                .expect("it can be proposed");
            std::fs::write(&file, &text).expect("it can be written");
            let plan = plan(&file, &[]).unwrap_or_else(|error| panic!("{text}\n{error}"));
            let warnings =
                runner::plan::check::warnings(&plan, runner::language::Language::English);
            assert!(warnings.is_empty(), "{rows}: {}", warnings.render(false));
        }
    }
}

#[test]
fn targets_of_any_unit_are_scaled() {
    let mut table = String::from("size,price\n");
    for row in 0..60 {
        table += &format!("{},{}\n", row * 7 % 41, 100_000 + row * 7919 % 400_000);
    }
    let (text, plan) = proposed("houses.csv", &table, None);
    assert!(text.contains("scale_targets = \"standardize\""), "{text}");
    let scaling = &plan.configurations[0].data[0].preparation.target_scaling;
    assert!(scaling[0].divisor > 10_000.0, "{scaling:?}");
}

#[test]
fn a_rare_class_is_weighted_and_measured() {
    let table = |every: usize| {
        let mut table = String::from("a,b,y\n");
        for row in 0..400 {
            let y = ["ill", "well"][usize::from(row % every != 3)];
            table += &format!("{}.5,{}.5,{y}\n", row * 7 % 23, row * 5 % 31);
        }
        table
    };
    let (text, _) = proposed("t.csv", &table(20), None);
    for line in [
        "# `ill` is rare, 5.0 % of the samples",
        "class_weights = { \"ill\" = 4.4, \"well\" = 1.0 }",
        "metrics = [\"accuracy\", \"balanced_accuracy\", \"f1\"]",
        "positive = \"ill\"",
        "stratify = true",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let (text, _) = proposed("t.csv", &table(8), None);
    assert!(!text.contains("class_weights"), "{text}");
}

#[test]
fn what_stands_for_a_missing_number_is_seen() {
    let table = |mark: &str| {
        let mut table = String::from("a,b,y\n");
        for row in 0..40 {
            let b = if row % 9 == 4 {
                mark.to_owned()
            } else {
                format!("{}", row * 3)
            };
            table += &format!("{row}.5,{b},{}.5\n", row * 5 % 13);
        }
        table
    };
    let (text, _) = proposed("t.csv", &table("NA"), None);
    assert!(text.contains("missing = \"median\""), "{text}");
    assert!(!text.contains("missing_values"), "{text}");
    let (text, _) = proposed("t.csv", &table("unknown"), None);
    assert!(
        text.contains("\"unknown\"]   # what stands for a missing cell"),
        "{text}"
    );
    assert!(text.contains("missing = \"median\""), "{text}");
}

#[test]
fn a_table_from_elsewhere_is_proposed_in_its_own_dialect() {
    let mut table = String::from("grösse;preis;art\n");
    for row in 0..40 {
        let kind = ["klein", "groß"][row % 2];
        table += &format!(
            "{},{};1.{:03},5;{kind}\n",
            row * 7 % 11,
            row % 10,
            row * 31 % 1000
        );
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let data = directory.path().join("t.csv");
    let latin: Vec<u8> = table.chars().map(|c| c as u8).collect();
    std::fs::write(&data, latin).expect("it can be written");
    let file = directory.path().join("mine.toml");
    let text =
        proposal::proposal(&file, &data, None, Language::English).expect("it can be proposed");
    for line in [
        "encoding = \"windows-1252\"",
        "delimiter = \";\"",
        "decimal = \",\"",
        "thousands = \".\"",
        "loss = \"bce\"",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    std::fs::write(&file, &text).expect("it can be written");
    let plan = plan(&file, &[]).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let preparation = &plan.configurations[0].data[0].preparation;
    assert_eq!(preparation.features, ["grösse", "preis"]);
    assert_eq!(preparation.classes, ["groß", "klein"]);
}

#[test]
fn each_column_that_is_left_out_has_its_reason() {
    let mut table = String::from(",id,when,name,scaled,code,visits,same,,twice,twice,gap,y\n");
    for row in 0..60 {
        let y = row * 37 % 41;
        let gap = match row % 3 {
            0 => format!("{}", row * 5 % 13),
            _ => String::new(),
        };
        table += &format!(
            "{},{},2024-01-{:02},person {row},{}.5,{},{},7,x,1,2,{gap},{y}.5\n",
            row * 3 + 1,
            1000 - row * 7,
            row % 28 + 1,
            y * 2,
            row % 5 + 1,
            row * 7 % 4,
        );
    }
    // The scaled column is a linear function of y: its whole part, doubled, plus a half.
    let (text, plan) = proposed("t.csv", &table, None);
    for why in [
        "`` is left out: it has no name",
        "`id` is left out: it has another value in each row",
        "`when` is left out: it holds dates or times",
        "`name` is left out: it has another word in each row",
        "`scaled` is left out: it is the target on another scale",
        "`same` is left out: it has only one value",
        "`twice` is left out: it shares its name",
        "`gap` is left out: it is missing in 40 of 60 rows",
        "few different whole numbers, used as numbers: visits",
        "whole numbers that their names call codes, used as categories: code",
    ] {
        assert!(text.contains(why), "{why}: {text}");
    }
    let preparation = &plan.configurations[0].data[0].preparation;
    assert_eq!(preparation.columns.len(), 2);
    assert_eq!(preparation.features.len(), 6);
}

#[test]
fn what_cannot_be_proposed_is_said() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("mine.toml");
    let message = |table: &str, target: Option<&str>| {
        let data = directory.path().join("data.csv");
        std::fs::write(&data, table).expect("it can be written");
        let problems = proposal::proposal(&file, &data, target, Language::English)
            .expect_err("it cannot be proposed");
        problems.render(false)
    };
    let refused = |table: &str, target: Option<&str>, why: &str| {
        let message = message(table, target);
        assert!(message.contains(why), "{why}: {message}");
    };
    refused("a,b\n1,2\n3,4\n", Some("c"), "there is no column `c`");
    refused("a\n1\n2\n", None, "has only 1 column");
    refused("a,b\n1,2\n", None, "too few rows");
    refused("a,b\n1,2\n2,2\n3,2\n4,2\n", None, "only one value");
    refused(
        "a,b\n1,2\n5,2\n3,2\n4,2\n",
        None,
        "columns that could be targets: a",
    );
    refused("", None, "is empty");
    refused(
        "n,y\na,1\nb,2\nc,3\nd,4.5\n",
        None,
        "`n` has another word in each row",
    );
    let words: String = (0..20).map(|row| format!("{row}.5,kind {row}\n")).collect();
    refused(&format!("a,kind\n{words}"), None, "too few rows of each");
    let problem = proposal::proposal(&file, Path::new("nowhere.csv"), None, Language::English)
        .expect_err("no file");
    let message = problem.render(false);
    assert!(
        message.contains("cannot read nowhere.csv: there is no such file"),
        "{message}"
    );
}

fn runner(arguments: &[&str], directory: &Path) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_runner"))
        .env("LC_ALL", "C")
        .args(arguments)
        .current_dir(directory)
        .env("COLUMNS", "10000")
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes text");
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn new_explain_schema_completions_and_man_answer() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let here = directory.path();
    let (code, out, err) = runner(&["new", "first"], here);
    assert_eq!((code, out.as_str()), (0, "first.toml\n"), "{err}");
    assert!(err.contains("now: runner first.toml"), "{err}");
    std::fs::write(here.join("points.csv"), "a,b\n1,2\n2,3\n4,4\n").expect("it can be written");
    let (code, _, err) = runner(&["new", "second", "--from", "points.csv"], here);
    assert_eq!(code, 0, "{err}");
    let second = std::fs::read_to_string(here.join("second.toml")).expect("it has been written");
    assert!(second.contains("\npath = \"points.csv\"\n"), "{second}");
    let (code, out, _) = runner(&["check", "first.toml"], here);
    assert!(code == 0 && out.contains("first.toml: ok"), "{out}");
    let (code, _, err) = runner(&["new", "first"], here);
    assert!(
        code == 2 && err.contains("first.toml is there already"),
        "{err}"
    );
    let (code, _, err) = runner(&["new", "x", "--template", "minst"], here);
    assert!(code == 2 && err.contains("did you mean `mnist`?"), "{err}");
    let (code, out, _) = runner(&["explain", "training.optimizer.betas"], here);
    assert!(code == 0 && out.contains("[0.9, 0.999]"), "{out}");
    let (code, _, err) = runner(&["explain", "lern_rate"], here);
    assert!(
        code == 2 && err.contains("there is no key and no word `lern_rate`"),
        "{err}"
    );
    let (code, out, _) = runner(&["schema"], here);
    assert_eq!((code, out), (0, schema::text()));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, _) = runner(&["completions", shell], here);
        assert!(code == 0 && out.contains("runner"), "{shell}");
    }
    let (code, out, _) = runner(&["man"], here);
    assert!(code == 0 && out.contains(".TH runner"), "{out}");
    let (code, _, err) = runner(
        &[
            "check",
            "first.toml",
            "--deny",
            "warnings",
            "--set",
            "model.init.scheme=zeros",
        ],
        here,
    );
    assert!(code == 2 && err.contains("start equal"), "{err}");
}
