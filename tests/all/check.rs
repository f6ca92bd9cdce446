//! The warnings of `runner check`, each with a place and a remedy; and settings without a warning.

use std::path::Path;

use runner::plan::{check, plan};

const SOUND: &str = r#"
replicates = 5

[data]
source = "plane"
samples = 100
validation = 0.5

[model]
layers = [2, 3, 1]

[training]
batch_size = 10
epochs = 10
learning_rate = 0.1
"#;

/// The warnings of an experiment that differs from [`SOUND`] in these replacements.
fn warnings(changes: &[(&str, &str)]) -> Vec<String> {
    let mut text = SOUND.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "{old} is not in the experiment");
        text = text.replacen(old, new, 1);
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(
        directory.path().join("uneven.csv"),
        "wide,narrow,y\n1000,0.1,0.5\n-2000,0.2,0.25\n3000,-0.3,0.75\n",
    )
    .expect("it can be written");
    let path = directory.path().join("experiment.toml");
    std::fs::write(&path, text).expect("it can be written");
    let plan = plan(&path, &[]).unwrap_or_else(|error| panic!("{error}"));
    let warnings = check::warnings(&plan, runner::language::Language::English);
    for warning in warnings.iter() {
        assert!(warning.place.is_some(), "{} has a place", warning.message);
        assert!(
            !warning.label.is_empty(),
            "{} has a remedy",
            warning.message
        );
    }
    warnings
        .iter()
        .map(|warning| warning.message.clone())
        .collect()
}

/// Checks that there is exactly one warning, with this text.
fn warned(changes: &[(&str, &str)], expected: &str) {
    let found = warnings(changes);
    assert!(
        found.len() == 1 && found[0].contains(expected),
        "expected one warning with {expected:?}, found {found:#?}"
    );
}

#[test]
fn a_sound_experiment_has_no_warning() {
    assert_eq!(warnings(&[]), Vec::<String>::new());
}

#[test]
fn every_shipped_experiment_passes_with_warnings_denied() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    for entry in std::fs::read_dir(directory).expect("the experiments are shipped") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let plan = plan(&path, &[]).unwrap_or_else(|error| panic!("{error}"));
            let warnings = check::warnings(&plan, runner::language::Language::English);
            assert!(warnings.is_empty(), "{}", warnings.render(false));
        }
    }
}

#[test]
fn nodes_that_start_equal_are_warned_of() {
    warned(
        &[("[2, 3, 1]", "[2, 3, 1]\ninit.scheme = \"zeros\"")],
        "all nodes of a hidden layer start equal",
    );
    warned(
        &[
            ("replicates = 5", ""),
            (
                "[2, 3, 1]",
                "[2, 2, 1]\ninit.weights = [[[0.1, 0.2], [0.1, 0.2]], [[0.3, 0.3]]]",
            ),
        ],
        "all nodes of hidden layer 1 start equal",
    );
    // Different weights out break the symmetry; so does a network without hidden layers.
    let broken = "[2, 2, 1]\ninit.weights = [[[0.1, 0.2], [0.1, 0.2]], [[0.3, 0.4]]]";
    assert!(warnings(&[("replicates = 5", ""), ("[2, 3, 1]", broken)]).is_empty());
    assert!(warnings(&[("[2, 3, 1]", "[2, 1]\ninit.scheme = \"zeros\"")]).is_empty());
}

#[test]
fn batches_that_the_data_does_not_fill_are_warned_of() {
    warned(
        &[("batch_size = 10", "batch_size = 64")],
        "only 50 samples to learn from",
    );
    warned(
        &[("batch_size = 10", "batch_size = 7")],
        "the last batch of every epoch has 1 sample",
    );
    assert!(warnings(&[("batch_size = 10", "batch_size = 12")]).is_empty());
    assert!(warnings(&[("batch_size = 10", "batch_size = \"full\"")]).is_empty());
    assert!(warnings(&[("batch_size = 10", "batch_size = 1")]).is_empty());
}

#[test]
fn outputs_that_cannot_reach_the_targets_are_warned_of() {
    let output = |word: &str| format!("[2, 3, 1]\noutput = \"{word}\"");
    for (word, reach) in [
        ("tanh", "tanh only reaches -1 to 1"),
        ("sigmoid", "sigmoid only reaches 0 to 1"),
        ("relu", "relu never goes below 0"),
        ("elu", "elu never goes below -1"),
        ("gelu", "gelu never goes below -0.17"),
    ] {
        warned(&[("[2, 3, 1]", &output(word))], reach);
    }
    assert!(warnings(&[("[2, 3, 1]", &output("leaky_relu"))]).is_empty());
    // The circle's targets are -1 and 1, which tanh approaches as near as one likes.
    assert!(warnings(&[("\"plane\"", "\"circle\""), ("[2, 3, 1]", &output("tanh"))]).is_empty());
}

#[test]
fn a_loss_that_does_not_fit_the_targets_is_warned_of() {
    let inline = |y: &str| {
        format!(
            "\"inline\"\nx = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 0], [1, 3], [3, 5], [5, 7], [7, 9], [9, 1], [0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]\ny = {y}"
        )
    };
    let data = |y: &str| {
        warnings(&[
            ("\"plane\"\nsamples = 100\nvalidation = 0.5", &inline(y)),
            ("batch_size = 10", "batch_size = 5"),
            ("learning_rate = 0.1", "learning_rate = 0.001"),
        ])
    };
    let binary = data("[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1]");
    assert!(
        binary.len() == 1 && binary[0].contains("every target is 0 or 1"),
        "{binary:?}"
    );
    let classes = data("[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]");
    assert!(
        classes.len() == 1 && classes[0].contains("look like classes"),
        "{classes:?}"
    );
    assert!(data("[0.5, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]").is_empty());
}

#[test]
fn features_of_very_different_scale_are_warned_of() {
    let csv = "\"csv\"\npath = \"uneven.csv\"";
    let source = "\"plane\"\nsamples = 100\nvalidation = 0.5";
    let small = ("batch_size = 10", "batch_size = 3");
    let gentle = ("learning_rate = 0.1", "learning_rate = 1e-9");
    warned(
        &[(source, csv), small, gentle],
        "the features are of very different scale",
    );
    let scaled = format!("{csv}\nscale = \"standardize\"");
    assert!(warnings(&[(source, &scaled), small, gentle]).is_empty());
}

#[test]
fn a_swept_key_that_changes_nothing_is_warned_of() {
    let hidden = "learning_rate = 0.1\n\n[sweep]\nmodel.hidden = [\"tanh\", \"relu\"]";
    warned(
        &[("[2, 3, 1]", "[2, 1]"), ("learning_rate = 0.1", hidden)],
        "the swept `model.hidden` changes nothing",
    );
    assert!(warnings(&[("learning_rate = 0.1", hidden)]).is_empty());
    warned(
        &[(
            "learning_rate = 0.1",
            "learning_rate = 0.1\n\n[sweep]\ntraining.l2 = [0.1, 0.2, 1e-1]",
        )],
        "0.1 of the swept `training.l2` makes the same runs as another value",
    );
    let full = "learning_rate = 0.1\n\n[sweep]\ntraining.batch_size = [10, 50, \"full\"]";
    warned(
        &[("learning_rate = 0.1", full)],
        "these swept batch sizes are all the full batch of 50 samples",
    );
}

#[test]
fn a_variant_that_the_sweep_overrides_is_warned_of() {
    let both = "learning_rate = 0.1\n\n[variants.a]\ntraining.l2 = 0.1\n\n[sweep]\ntraining.l2 = [0.1, 0.2]";
    warned(
        &[("learning_rate = 0.1", both)],
        "the variant `a` sets `training.l2`, which the sweep overrides",
    );
}

#[test]
fn learning_rates_beyond_the_curvature_are_warned_of() {
    warned(
        &[("learning_rate = 0.1", "learning_rate = 50")],
        "the learning rate of 50 is beyond what the first step bears",
    );
    // In a sweep the smallest rate decides, since a sweep looks for the limit.
    let swept = "learning_rate = 0.1\n\n[sweep]\ntraining.learning_rate = [0.1, 50.0]";
    assert!(warnings(&[("learning_rate = 0.1", swept)]).is_empty());
    // Adam's steps do not grow with the gradient.
    let adam = "learning_rate = 50\noptimizer = \"adam\"";
    assert!(warnings(&[("learning_rate = 0.1", adam)]).is_empty());
}

#[test]
fn the_bound_of_a_linear_network_is_the_textbooks() {
    // One weight, no hidden layer: the loss (w x + b - y)² / 2 at x = 3 has the curvature
    // x² + 1 = 10, so that rates above 0.2 overshoot, and with the margin of 2, 0.4.
    let data = "\"inline\"\nx = [3]\ny = [1]";
    let change = |rate: &str| {
        warnings(&[
            ("replicates = 5", ""),
            ("\"plane\"\nsamples = 100\nvalidation = 0.5", data),
            ("[2, 3, 1]", "[1, 1]"),
            ("batch_size = 10", "batch_size = 1"),
            ("learning_rate = 0.1", &format!("learning_rate = {rate}")),
        ])
    };
    assert!(change("0.39").is_empty());
    let found = change("0.41");
    assert!(found.len() == 1 && found[0].contains("0.41"), "{found:?}");
}

#[test]
fn verdicts_from_one_run_are_warned_of() {
    let swept = "learning_rate = 0.1\n\n[sweep]\ntraining.l2 = [0.1, 0.2]";
    warned(
        &[
            ("replicates = 5", "replicates = 1"),
            ("learning_rate = 0.1", swept),
        ],
        "one run per configuration cannot tell a difference from chance",
    );
    assert!(warnings(&[("replicates = 5", "replicates = 1")]).is_empty());
    let given = "[2, 1]\ninit.weights = [[[0.1, 0.2]]]";
    warned(
        &[
            ("[2, 3, 1]", given),
            ("batch_size = 10", "batch_size = 10\nshuffle = false"),
        ],
        "the 5 replicates cannot differ",
    );
}

#[test]
fn early_stopping_without_validation_is_warned_of() {
    let stop = "learning_rate = 0.1\nearly_stopping = { patience = 3 }";
    warned(
        &[("validation = 0.5", ""), ("learning_rate = 0.1", stop)],
        "early stopping watches the training loss",
    );
    assert!(warnings(&[("learning_rate = 0.1", stop)]).is_empty());
}

#[test]
fn a_best_value_at_the_edge_of_its_sweep_is_warned_of() {
    let swept = "learning_rate = 0.1\n\n[sweep]\ntraining.learning_rate = [0.01, 0.1, 1.0]";
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("experiment.toml");
    std::fs::write(&path, SOUND.replace("learning_rate = 0.1", swept)).expect("it can be written");
    let plan = plan(&path, &[]).unwrap_or_else(|error| panic!("{error}"));
    let messages = |best: usize| -> Vec<String> {
        let warnings = check::at_the_edge(&plan, best, runner::language::Language::English);
        warnings
            .iter()
            .map(|warning| warning.message.clone())
            .collect()
    };
    assert_eq!(
        messages(0),
        ["the best configuration has the least swept `training.learning_rate`, 0.01"]
    );
    assert!(messages(1).is_empty());
    assert_eq!(
        messages(2),
        ["the best configuration has the greatest swept `training.learning_rate`, 1.0"]
    );
}

#[test]
fn what_lies_beyond_the_last_epoch_is_warned_of() {
    let schedule = |text: &str| format!("learning_rate = 0.1\nschedule = {text}\n");
    for (text, expected) in [
        (
            "{ name = \"multistep\", milestones = [5, 10] }",
            "the milestone 10 is never reached",
        ),
        (
            "{ name = \"step\", step_size = 10 }",
            "the learning rate never falls",
        ),
        (
            "{ name = \"cosine\", t_max = 9 }",
            "rises again after epoch 9",
        ),
        (
            "{ name = \"linear\", total_iters = 11 }",
            "does not reach its end",
        ),
    ] {
        warned(&[("learning_rate = 0.1\n", &schedule(text))], expected);
    }
    for text in [
        "{ name = \"multistep\", milestones = [5, 9] }",
        "{ name = \"step\", step_size = 9 }",
        "{ name = \"cosine\", t_max = 10 }",
    ] {
        let changes = [("learning_rate = 0.1\n", schedule(text))];
        let changes = changes.each_ref().map(|(old, new)| (*old, new.as_str()));
        assert_eq!(warnings(&changes), Vec::<String>::new(), "{text}");
    }
    let patience = "learning_rate = 0.1\nearly_stopping = { patience = 10 }\n";
    warned(
        &[("learning_rate = 0.1\n", patience)],
        "early stopping never stops",
    );
}

#[test]
fn a_single_class_is_warned_of() {
    let one = "source = \"inline\"\nx = [[0, 1], [1, 0], [1, 1]]\ny = [0, 0, 0]";
    let changes = [
        ("source = \"plane\"\nsamples = 100\nvalidation = 0.5", one),
        ("batch_size = 10\n", ""),
        ("[2, 3, 1]", "[2, 3, 2]"),
        (
            "learning_rate = 0.1\n",
            "learning_rate = 0.1\nloss = \"cross_entropy\"\n",
        ),
    ];
    let found = warnings(&changes);
    let expected = "every sample to learn from has the same class, 0: there is nothing to learn";
    assert!(
        found.iter().any(|warning| warning == expected),
        "{found:#?}"
    );
}

#[test]
fn a_start_that_was_another_function_is_warned_of() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let write = |name: &str, text: &str| {
        std::fs::write(directory.path().join(name), text).expect("it can be written");
        directory.path().join(name)
    };
    write("t.csv", "a,b,y\n1,10,3\n2,30,4\n3,20,5\n4,50,7\n");
    let experiment = |data: &str, model: &str| {
        format!(
            "data = {{ source = \"csv\", path = \"t.csv\"{data} }}
             model = {{ layers = [2, 3, 1]{model} }}
             training = {{ epochs = 2, batch_size = \"full\", learning_rate = 0.001 }}
             output = {{ models = \"all\" }}"
        )
    };
    let first = write(
        "first.toml",
        &experiment(
            ", scale = \"standardize\", features = [\"a\", \"b\"]",
            ", hidden = \"tanh\"",
        ),
    );
    let trained = runner::Experiment::from_path(&first)
        .plan()
        .expect("it is sound");
    let results = directory.path().join("results");
    trained
        .run_in(&results, &runner::Training::default())
        .expect("it trains");
    let models = std::fs::read_dir(results.join("models")).expect("it keeps models");
    let model = models.flatten().next().expect("it keeps one").path();
    let start = format!(", init = {{ file = {:?} }}", model.display().to_string());
    let of = |data: &str, activation: &str| -> Vec<String> {
        let model = format!(", hidden = \"{activation}\"{start}");
        let path = write("second.toml", &experiment(data, &model));
        let plan = plan(&path, &[]).unwrap_or_else(|error| panic!("{error}"));
        let warnings = check::warnings(&plan, runner::language::Language::English);
        let text = warnings
            .iter()
            .map(|warning| format!("{}: {}", warning.message, warning.label));
        text.filter(|text| text.contains(".safetensors")).collect()
    };
    let same = ", scale = \"standardize\"";
    assert_eq!(of(same, "tanh"), Vec::<String>::new());
    for (data, activation, expected) in [
        (same, "relu", "here they are relu, identity"),
        ("", "tanh", "here it is not scaled"),
        (
            ", scale = \"min_max\"",
            "tanh",
            "(value − 2.5) / 1.118: here it is (value − 1) / 3",
        ),
        (
            ", scale = \"standardize\", features = [\"b\", \"a\"]",
            "tanh",
            "features = [\"a\", \"b\"] has the order of the model",
        ),
        (
            ", scale = \"standardize\", scale_targets = \"min_max\"",
            "tanh",
            "is not scaled: here it is (value − 3) / 4",
        ),
    ] {
        let found = of(data, activation);
        assert!(
            found.len() == 1 && found[0].contains(expected),
            "expected {expected:?}, found {found:#?}"
        );
    }
}

#[test]
fn a_name_that_readers_take_for_missing_is_named_once_with_the_way_out() {
    let variants = "learning_rate = 0.1\n[variants.NA]\n[variants.None]\ntraining.l2 = 0.1\n[variants.none]\ntraining.l2 = 0.2\n";
    warned(
        &[("learning_rate = 0.1\n", variants)],
        "pandas and R read the name \"NA\", \"None\" in the tables as a missing value",
    );
    let variants = "learning_rate = 0.1\n[variants.nan]\n[variants.TRUE]\ntraining.l2 = 0.1\n";
    warned(
        &[("learning_rate = 0.1\n", variants)],
        "pandas reads the name \"nan\"",
    );
}
