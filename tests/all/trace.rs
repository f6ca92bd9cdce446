//! The numbers of `runner trace` are the training's bits, and its formulas give them.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use engine::train::train;
use runner::language::Language;
use runner::plan::{Plan, plan};
use runner::screen::Screen;
use runner::trace::{At, Options, TraceFormat, observe, trace};
use serde_json::Value;

/// The golden values were computed with another order of rounding, so that they differ by a few
/// units in the last place.
const GOLDEN_TOLERANCE: f64 = 1e-12;

const OPTIONS: Options = Options {
    run: 0,
    epoch: 1,
    step: 1,
    sample: 1,
    format: TraceFormat::Text,
    language: Language::English,
    screen: Screen {
        width: 100,
        styled: false,
    },
    check: false,
    full: false,
    at_divergence: false,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn worked_example() -> PathBuf {
    root().join("experiments/worked_example.toml")
}

/// The plan of an experiment in a text.
fn planned(text: &str) -> Plan {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let path = directory.path().join("experiment.toml");
    std::fs::write(&path, text).expect("a temporary file can be written");
    plan(&path, &[]).unwrap_or_else(|error| panic!("{error}"))
}

fn json_of(plan: &Plan, options: Options) -> Value {
    let options = Options {
        format: TraceFormat::Json,
        ..options
    };
    let traced = trace(plan, &options).unwrap_or_else(|error| panic!("{error}"));
    serde_json::from_str(&traced.text).expect("the page is JSON")
}

fn assert_close(found: &Value, expected: &Value, what: &str) {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{what}");
            for (found, expected) in found.iter().zip(expected) {
                assert_close(found, expected, what);
            }
        }
        (found, expected) => {
            let number =
                |value: &Value| value.as_f64().unwrap_or_else(|| panic!("{what}: {value}"));
            let (found, expected) = (number(found), number(expected));
            let error = (found - expected).abs();
            assert!(
                error <= GOLDEN_TOLERANCE * expected.abs(),
                "{what}: {found} {expected}"
            );
        }
    }
}

#[test]
fn the_worked_example_gives_the_golden_values() {
    let golden = root().join("crates/engine/tests/golden/worked_example.json");
    let golden = std::fs::read_to_string(golden).expect("the golden values are there");
    let golden: Value = serde_json::from_str(&golden).expect("the golden values are JSON");
    let plan = plan(&worked_example(), &[]).unwrap_or_else(|error| panic!("{error}"));
    let page = json_of(&plan, OPTIONS);

    assert_eq!(golden["lr"], page["learning_rate"]);
    assert_close(&page["forward"]["sums"], &golden["sums"], "sums");
    for layer in 0..2 {
        let (found, expected) = (
            &page["forward"]["outputs"][layer],
            &golden["outs"][layer + 1],
        );
        assert_close(found, expected, "outputs");
    }
    assert_close(&page["forward"]["loss"], &golden["epoch_loss"], "loss");
    let gradients = &page["backward"]["gradients"];
    assert_close(
        &gradients["weights"],
        &golden["grads_w"],
        "raw weight gradients",
    );
    assert_close(
        &gradients["biases"],
        &golden["grads_b"],
        "raw bias gradients",
    );
    let by_sum = &page["parameters_after_by_summed_gradient"];
    assert_close(&by_sum["weights"], &golden["new_weights"], "new weights");
    assert_close(&by_sum["biases"], &golden["new_biases"], "new biases");

    let text = trace(&plan, &OPTIONS)
        .unwrap_or_else(|error| panic!("{error}"))
        .text;
    for part in [
        "u⁽¹⁾₁ = b⁽¹⁾₁ + w⁽¹⁾₁₁ · x₁ + w⁽¹⁾₁₂ · x₂ = 0.35 + 0.15 · 0.05 + 0.2 · 0.1 = 0.3775",
        "z⁽¹⁾₁ = 1 / (1 + exp(−u⁽¹⁾₁)) = 1 / (1 + exp(−0.3775)) = 0.5932699921071872",
        "∂E/∂w⁽²⁾₂₁ = δ⁽²⁾₂ · z⁽¹⁾₁ = 0.2349214 · 0.59326999 = 0.13937181955411934",
        // Training uses the mean over two outputs; without the mean, the update is that of the
        // printed example.
        "w⁽¹⁾₁₁ ← w⁽¹⁾₁₁ − η · g⁽¹⁾₁₁ = 0.15 − 0.1 · 0.0033530126 = 0.14966469873703572",
        "w⁽¹⁾₁₁ ← w⁽¹⁾₁₁ − η · ∂E/∂w⁽¹⁾₁₁ = 0.15 − 0.1 · 0.0067060253 = 0.14932939747407145",
        "steps 2 times as long",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

/// The error of a central difference with this step is about its square, times derivatives of size
/// 1.
const STEP: f64 = 1e-5;
const DIFFERENCE_TOLERANCE: f64 = 1e-9;

#[test]
fn the_gradient_of_an_input_is_what_moving_it_does_to_the_loss() {
    let loss_at = |x1: f64| {
        let set = format!("data.x=[[{x1}, 0.1]]");
        let plan = plan(&worked_example(), &[set]).unwrap_or_else(|error| panic!("{error}"));
        json_of(&plan, OPTIONS)
    };
    let number = |page: &Value| page["forward"]["loss"].as_f64().expect("a number");
    let difference = (number(&loss_at(0.05 + STEP)) - number(&loss_at(0.05 - STEP))) / (2.0 * STEP);
    let page = loss_at(0.05);
    let gradient = page["backward"]["input_gradients"][0]
        .as_f64()
        .expect("a number");
    // E is the sum over two outputs, and the loss is their mean.
    assert!(
        (gradient - 2.0 * difference).abs() < DIFFERENCE_TOLERANCE,
        "{gradient} {difference}"
    );
}

/// Every optimizer with its options, and every option that shapes a gradient.
const TRAININGS: [&str; 17] = [
    "",
    "shuffle = false",
    "precision = \"f32\"",
    "batch_size = \"full\"",
    "batch_size = 1",
    "optimizer = { name = \"sgd\", momentum = 0.9 }",
    "optimizer = { name = \"sgd\", momentum = 0.9, nesterov = true, weight_decay = 0.01 }",
    "optimizer = { name = \"adagrad\" }",
    "optimizer = { name = \"rmsprop\" }",
    "optimizer = { name = \"rmsprop\", momentum = 0.5, centered = true }",
    "optimizer = { name = \"adam\" }",
    "optimizer = { name = \"adam\", amsgrad = true }",
    "optimizer = { name = \"adamw\", weight_decay = 0.1 }",
    "optimizer = { name = \"nadam\" }",
    "l1 = 0.01\nl2 = 0.1",
    "clip_norm = 0.1",
    "clip_value = 0.05",
];

/// A small experiment with these lines in its `[training]`.
fn with(training: &str) -> Plan {
    small("identity", training)
}

/// A small experiment with this output activation.
fn small(output: &str, training: &str) -> Plan {
    let batch_size = if training.contains("batch_size") {
        ""
    } else {
        "batch_size = 4"
    };
    planned(&format!(
        "seed = 3
[data]
source = \"xor\"
samples = 10
[model]
layers = [2, 3, 1]
\
         hidden = \"tanh\"
output = \"{output}\"
[training]
epochs = 3
learning_rate = 0.1
\
         {batch_size}
{training}
"
    ))
}

#[test]
fn the_traced_parameters_are_the_bits_of_the_training() {
    for training in TRAININGS {
        let plan = with(training);
        let configuration = &plan.configurations[0];
        let task = plan.task(0);
        let steps = 10_usize.div_ceil(configuration.settings.batch_size.samples(10));
        for epoch in 1..=3 {
            // The result of real training after this many epochs …
            let mut settings = configuration.settings.clone();
            settings.epochs = epoch;
            let stopped = engine::types::Task {
                settings: &settings,
                ..task
            };
            let trained = train(&stopped, &mut |_| ControlFlow::Continue(()));
            // … is shown by the trace after the last step of that epoch.
            let at = At {
                epoch,
                step: steps,
                sample: 1,
            };
            let observation = observe(&task, at, false);
            assert_eq!(
                observation.after, trained.parameters,
                "{training}, epoch {epoch}"
            );
        }
    }
}

#[test]
fn each_step_starts_where_the_one_before_it_ended() {
    let plan = with("optimizer = \"adam\"");
    let task = plan.task(0);
    let steps = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)];
    let observed = steps.map(|(epoch, step)| {
        observe(
            &task,
            At {
                epoch,
                step,
                sample: 1,
            },
            false,
        )
    });
    for (number, pair) in observed.windows(2).enumerate() {
        assert_eq!(pair[0].after, pair[1].before);
        assert_eq!(pair[0].slots_after, pair[1].slots_before);
        assert_eq!(pair[0].update, number as u64 + 1);
    }
    let rows: Vec<usize> = observed[..3].iter().flat_map(|o| o.batch.clone()).collect();
    let mut sorted = rows.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        (0..10).collect::<Vec<_>>(),
        "an epoch sees each sample once: {rows:?}"
    );
}

#[test]
fn gradients_agree_with_central_differences() {
    for training in TRAININGS {
        let plan = with(training);
        let options = Options {
            epoch: 2,
            step: 1,
            check: true,
            ..OPTIONS
        };
        let traced = trace(&plan, &options).unwrap_or_else(|error| panic!("{error}"));
        let check = traced.check.expect("a check was asked for");
        assert_eq!(check.count, 13);
        assert_eq!(check.compared.len(), 13);
        assert!(check.agrees(), "{training}: {}", check.largest);
    }
}

#[test]
fn every_loss_can_be_traced() {
    for (loss, output) in [
        ("half_mse", "identity"),
        ("mse", "softplus"),
        ("mae", "mish"),
        ("huber", "gelu"),
        ("bce", "identity"),
    ] {
        let plan = small(output, &format!("loss = \"{loss}\""));
        let options = Options {
            check: true,
            ..OPTIONS
        };
        let traced = trace(&plan, &options).unwrap_or_else(|error| panic!("{loss}: {error}"));
        assert!(traced.check.expect("asked for").agrees(), "{loss}");
    }
    let plan = planned(
        "[data]\nsource = \"inline\"\nx = [[0.5, -1.0], [2.0, 0.1], [0.0, 1.0]]\ny = [[0], [2], [1]]\n\
         [model]\nlayers = [2, 4, 3]\nhidden = \"relu\"\noutput = \"identity\"\n[training]\n\
         loss = \"cross_entropy\"\nbatch_size = \"full\"\nepochs = 1\nlearning_rate = 0.1\n",
    );
    let options = Options {
        check: true,
        ..OPTIONS
    };
    let traced = trace(&plan, &options).unwrap_or_else(|error| panic!("{error}"));
    assert!(traced.check.expect("asked for").agrees());
}

#[test]
fn the_divergence_is_shown_with_what_led_there() {
    let plan = planned(
        "[data]\nsource = \"plane\"\nsamples = 20\n[model]\nlayers = [2, 3, 1]\nhidden = \"relu\"\n\
         output = \"identity\"\n[training]\nbatch_size = 5\nepochs = 100\nlearning_rate = 1000.0\n",
    );
    let at_divergence = Options {
        at_divergence: true,
        ..OPTIONS
    };
    let page = json_of(&plan, at_divergence);
    let path = page["path"].as_array().expect("the steps before it");
    let last = path.last().expect("there are some");
    let is_finite = |value: &Value| value.is_number();
    assert!(!is_finite(&last["loss"]) || !is_finite(&last["largest_parameter"]));
    for before in &path[..path.len() - 1] {
        assert!(is_finite(&before["loss"]) && is_finite(&before["largest_parameter"]));
    }
    assert_eq!(page["epoch"], last["epoch"]);
    assert_eq!(page["step"], last["step"]);

    let task = plan.task(0);
    let trained = train(&task, &mut |_| ControlFlow::Continue(()));
    let epoch = page["epoch"].as_u64().expect("a number");
    match trained.ending {
        engine::types::Ending::Diverged {
            epoch: diverged, ..
        } => assert_eq!(diverged, epoch),
        other => panic!("{other:?}"),
    }
    // A later epoch is not reached, and the message names the place of the divergence.
    let later = Options {
        epoch: epoch + 1,
        ..OPTIONS
    };
    let error = trace(&plan, &later)
        .expect_err("it is not reached")
        .to_string();
    assert!(
        error.contains(&format!("diverges in epoch {epoch}")),
        "{error}"
    );
}

#[test]
fn large_layers_are_folded_and_unfolded() {
    let plan = planned(
        "[data]\nsource = \"plane\"\nsamples = 20\n[model]\nlayers = [2, 40, 1]\nhidden = \"tanh\"\n\
         output = \"identity\"\n[training]\nbatch_size = 5\nepochs = 1\nlearning_rate = 0.1\n",
    );
    let folded = trace(&plan, &OPTIONS)
        .unwrap_or_else(|error| panic!("{error}"))
        .text;
    assert!(folded.contains("36 more like these") && !folded.contains("u⁽¹⁾₂₀"));
    assert!(folded.contains("u⁽¹⁾₄₀ ="));
    let full = Options {
        full: true,
        ..OPTIONS
    };
    let full = trace(&plan, &full)
        .unwrap_or_else(|error| panic!("{error}"))
        .text;
    assert!(full.contains("u⁽¹⁾₂₀ =") && !full.contains("more like these"));
    assert!(full.contains("w⁽²⁾₁,₂₀ · z⁽¹⁾₂₀"));
}

#[test]
fn steps_that_do_not_exist_are_refused() {
    let plan = with("");
    let refused = |options: Options| match trace(&plan, &options) {
        Ok(_) => panic!("{options:?} was traced"),
        Err(error) => error.to_string(),
    };
    assert!(refused(Options { run: 1, ..OPTIONS }).contains("there is no run 1"));
    assert!(
        refused(Options {
            epoch: 4,
            ..OPTIONS
        })
        .contains("there is no epoch 4: the run has 3")
    );
    assert!(
        refused(Options {
            epoch: 0,
            ..OPTIONS
        })
        .contains("counted from 1")
    );
    assert!(refused(Options { step: 4, ..OPTIONS }).contains("there is no step 4: an epoch has 3"));
    // The last batch has two samples.
    let last = Options {
        step: 3,
        sample: 3,
        ..OPTIONS
    };
    assert!(refused(last).contains("there is no sample 3: this batch has 2"));
    let never = Options {
        at_divergence: true,
        ..OPTIONS
    };
    assert!(refused(never).contains("does not diverge"));
}

#[test]
fn the_html_page_stands_alone_and_its_elements_are_balanced() {
    for (language, forward) in [
        (Language::English, "Forward"),
        (Language::Japanese, "順伝播"),
    ] {
        let plan = with("optimizer = \"nadam\"\nl2 = 0.1\nclip_norm = 0.5");
        let options = Options {
            format: TraceFormat::Html,
            language,
            check: true,
            ..OPTIONS
        };
        let html = trace(&plan, &options)
            .unwrap_or_else(|error| panic!("{error}"))
            .text;
        assert!(html.contains(forward));
        for outside in ["http:", "https:", "src=", "@import", "url(", "<script"] {
            assert!(!html.contains(outside), "{outside}");
        }
        for element in [
            "math", "mrow", "msub", "msup", "msubsup", "mfrac", "msqrt", "mtable", "section",
            "div", "span", "table", "p",
        ] {
            let opened = html.matches(&format!("<{element}>")).count()
                + html.matches(&format!("<{element} ")).count();
            let closed = html.matches(&format!("</{element}>")).count();
            assert_eq!(opened, closed, "<{element}>");
        }
    }
}

#[test]
fn the_latex_document_is_balanced() {
    for language in [Language::English, Language::Japanese] {
        let plan = with("optimizer = \"nadam\"\nl1 = 0.1\nclip_norm = 0.5");
        let options = Options {
            format: TraceFormat::Latex,
            language,
            check: true,
            ..OPTIONS
        };
        let latex = trace(&plan, &options)
            .unwrap_or_else(|error| panic!("{error}"))
            .text;
        let begins = latex.matches("\\begin{").count();
        assert_eq!(begins, latex.matches("\\end{").count());
        assert_eq!(
            latex.matches("\\left").count() - latex.matches("\\leftarrow").count(),
            latex.matches("\\right").count()
        );
        let unescaped = latex.replace("\\{", "").replace("\\}", "");
        assert_eq!(
            unescaped.matches('{').count(),
            unescaped.matches('}').count()
        );
    }
}

fn runner(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_runner"))
        .env("LC_ALL", "C")
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the program can be started")
}

#[test]
fn the_command_traces_and_checks() {
    let output = runner(&[
        "trace",
        "experiments/worked_example.toml",
        "--check",
        "--lang",
        "ja",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout);
    for word in [
        "順伝播",
        "逆伝播",
        "重み",
        "バイアス",
        "学習率",
        "勾配は一致しています",
    ] {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
    let refused = runner(&["trace", "experiments/worked_example.toml", "--epoch", "11"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty());
    let json = runner(&["trace", "experiments/worked_example.toml", "--json"]);
    let page: Value = serde_json::from_slice(&json.stdout).expect("one JSON document");
    assert_eq!(page["epoch"], 1);
}
