//! From a file to a plan: every shipped experiment, and the promises about keys and seeds.

use std::path::{Path, PathBuf};

use runner::plan::{Plan, plan};

/// The shipped experiments and the good cases.
fn shipped() -> Vec<PathBuf> {
    let mut files = files("experiments");
    files.extend(self::files("tests/cases/good"));
    files
}

fn files(directory: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the experiments are shipped")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 7);
    files
}

fn planned(path: &Path) -> Plan {
    plan(path, &[]).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn keys(plan: &Plan) -> Vec<String> {
    plan.runs.iter().map(|run| run.key.to_string()).collect()
}

#[test]
fn the_document_of_every_shipped_experiment_plans_the_same_runs() {
    for path in shipped() {
        let first = planned(&path);
        let directory = tempfile::tempdir().expect("a temporary directory");
        let copy = directory.path().join("experiment.toml");
        let text = first.document(directory.path()).expect("it can be said");
        std::fs::write(&copy, &text).expect("it can be written");
        let again = planned(&copy);
        assert_eq!(keys(&first), keys(&again), "{}\n{text}", path.display());
        assert_eq!(first.name, again.name);
        assert_eq!(first.swept, again.swept);
        assert_eq!(first.compare.by, again.compare.by);
        assert_eq!(first.compare.metric, again.compare.metric);
        assert_eq!(first.output, again.output);
        assert_eq!(
            again.document(directory.path()).expect("it can be said"),
            text,
            "the document of a document is itself"
        );
    }
}

/// An experiment in a directory of its own.
fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("experiment.toml");
    std::fs::write(&path, text).expect("it can be written");
    (directory, path)
}

const SMALL: &str = r#"
[data]
source = "plane"
samples = 40
validation = 0.5

[model]
layers = [2, 3, 1]

[training]
epochs = 10
learning_rate = 0.1
"#;

fn plan_text(text: &str) -> Plan {
    let (_directory, path) = written(text);
    planned(&path)
}

#[test]
fn a_longer_sweep_keeps_the_keys_of_the_shorter() {
    let short = plan_text(&format!(
        "replicates = 2\n{SMALL}\n[sweep]\ntraining.learning_rate = [0.1, 0.3]\n"
    ));
    let long = plan_text(&format!(
        "replicates = 3\nname = \"other\"\ndescription = \"another\"\n{SMALL}\n[variants.a]\n[variants.b]\ntraining.batch_size = 1\n\n[sweep]\ntraining.learning_rate = [0.01, 0.1, 0.2, 0.3]\n"
    ));
    let long = keys(&long);
    assert!(keys(&short).iter().all(|key| long.contains(key)));
}

#[test]
fn whatever_changes_a_number_changes_the_key() {
    let base = keys(&plan_text(SMALL));
    let changes = [
        ("samples = 40", "samples = 41"),
        ("validation = 0.5", "validation = 0.4"),
        ("source = \"plane\"", "source = \"plane\"\nnoise = 0.1"),
        ("layers = [2, 3, 1]", "layers = [2, 4, 1]"),
        (
            "layers = [2, 3, 1]",
            "layers = [2, 3, 1]\nhidden = \"tanh\"",
        ),
        (
            "layers = [2, 3, 1]",
            "layers = [2, 3, 1]\ninit.scheme = \"he_uniform\"",
        ),
        ("epochs = 10", "epochs = 11"),
        ("epochs = 10", "epochs = 10\nshuffle = false"),
        ("epochs = 10", "epochs = 10\nbatch_size = 31"),
        ("epochs = 10", "epochs = 10\nprecision = \"f32\""),
        ("learning_rate = 0.1", "learning_rate = 0.10000000000000002"),
        ("learning_rate = 0.1", "learning_rate = 0.1\nl2 = 1e-300"),
        (
            "learning_rate = 0.1",
            "learning_rate = 0.1\noptimizer = { name = \"sgd\", momentum = 0.5 }",
        ),
        ("\n[data]", "seed = 1\n[data]"),
    ];
    for (old, new) in changes {
        let text = SMALL.replacen(old, new, 1);
        assert_ne!(text, SMALL);
        assert_ne!(keys(&plan_text(&text)), base, "{new}");
    }
    let same = [
        (
            "epochs = 10",
            "epochs = 10\nshuffle = true\nbatch_size = 32",
        ),
        (
            "epochs = 10",
            "epochs = 10\noptimizer = { name = \"sgd\", momentum = 0 }",
        ),
        ("learning_rate = 0.1", "learning_rate = 1e-1"),
        (
            "\n[data]",
            "name = \"x\"\ndescription = \"y\"\n[output]\nmodels = \"all\"\n[data]",
        ),
    ];
    for (old, new) in same {
        assert_eq!(
            keys(&plan_text(&SMALL.replacen(old, new, 1))),
            base,
            "{new}"
        );
    }
}

#[test]
fn replicates_of_all_configurations_share_their_seeds() {
    let plan = plan_text(&format!(
        "replicates = 3\n{SMALL}\n[sweep]\ntraining.learning_rate = [0.1, 0.3]\n"
    ));
    let seeds = |configuration| -> Vec<u64> {
        let runs = plan
            .runs
            .iter()
            .filter(|run| run.configuration == configuration);
        runs.map(|run| run.seed).collect()
    };
    assert_eq!(seeds(0), seeds(1));
    assert_eq!(seeds(0).len(), 3);
    let mut distinct = seeds(0);
    distinct.dedup();
    assert_eq!(distinct.len(), 3);
    assert!(
        plan.runs
            .iter()
            .all(|run| run.init_seed == run.seed && run.shuffle_seed == run.seed)
    );
}

#[test]
fn what_varies_between_replicates_is_what_the_file_says() {
    let plan = |vary: &str| plan_text(&format!("replicates = 2\nvary = {vary}\n{SMALL}"));
    let init = plan("[\"init\"]");
    assert_ne!(init.runs[0].init_seed, init.runs[1].init_seed);
    assert_eq!(init.runs[0].shuffle_seed, init.runs[1].shuffle_seed);
    assert_eq!(init.configurations[0].data.len(), 1);
    let split = plan("[\"split\"]");
    let data = &split.configurations[0].data;
    assert_eq!(data.len(), 2);
    assert_ne!(data[0].train.x, data[1].train.x);
    let drawn = plan("[\"data\"]");
    assert_ne!(
        drawn.configurations[0].data[0].digest(),
        drawn.configurations[0].data[1].digest()
    );
    assert_eq!(drawn.runs[0].init_seed, drawn.runs[1].init_seed);
    assert_ne!(drawn.runs[0].key, drawn.runs[1].key);
}

#[test]
fn a_point_that_the_sweep_reaches_twice_is_there_once() {
    let plan = plan_text(&format!(
        "{SMALL}\n[[sweep]]\ntraining.learning_rate = [0.1, 0.3, 0.1]\n\n[[sweep]]\ntraining.batch_size = [16, 32]\n"
    ));
    // The configurations are 0.1 and 0.3 with the default batch size, then a batch size of 16 with
    // 0.1.
    assert_eq!(plan.configurations.len(), 3);
    assert_eq!(
        plan.swept,
        ["training.learning_rate", "training.batch_size"]
    );
    let values: Vec<&[String]> = plan
        .configurations
        .iter()
        .map(|point| &point.values[..])
        .collect();
    assert_eq!(values, [["0.1", "32"], ["0.3", "32"], ["0.1", "16"]]);
}

#[test]
fn the_last_swept_key_is_fastest_and_variants_come_first() {
    let plan = plan_text(&format!(
        "{SMALL}\n[variants.b]\n[variants.a]\nmodel.hidden = \"tanh\"\n\n[sweep]\ntraining.learning_rate = [0.3, 0.1]\ntraining.batch_size = [1, \"full\"]\n"
    ));
    let labels: Vec<String> = plan
        .configurations
        .iter()
        .map(|point| point.label(&plan.swept))
        .collect();
    assert_eq!(
        labels[..5],
        [
            "b, learning_rate = 0.3, batch_size = 1",
            "b, learning_rate = 0.3, batch_size = full",
            "b, learning_rate = 0.1, batch_size = 1",
            "b, learning_rate = 0.1, batch_size = full",
            "a, learning_rate = 0.3, batch_size = 1",
        ]
    );
    assert_eq!(plan.configurations.len(), 8);
    assert_eq!(plan.compare.by, "variant");
    assert_eq!(plan.compare.metric.name(), "valid_loss");
}

#[test]
fn more_samples_of_a_random_sweep_keep_the_first() {
    let plan = |samples| {
        plan_text(&format!(
            "{SMALL}\n[sweep]\nmode = \"random\"\nsamples = {samples}\ntraining.learning_rate = {{ log = [1e-3, 1.0] }}\ntraining.batch_size = {{ linear = [1, 20] }}\n"
        ))
    };
    let (few, many) = (plan(5), plan(50));
    assert_eq!(few.configurations.len(), 5);
    assert_eq!(keys(&few)[..], keys(&many)[..5]);
    for configuration in &many.configurations {
        let rate = configuration.settings.learning_rate;
        assert!((1e-3..=1.0).contains(&rate), "{rate}");
    }
    // Another axis leaves the draws of this one as they are.
    let alone = plan_text(&format!(
        "{SMALL}\n[sweep]\nmode = \"random\"\nsamples = 5\ntraining.learning_rate = {{ log = [1e-3, 1.0] }}\n"
    ));
    let rates = |plan: &Plan| -> Vec<String> {
        plan.configurations
            .iter()
            .map(|point| point.values[0].clone())
            .collect()
    };
    assert_eq!(rates(&alone), rates(&few));
}

#[test]
fn a_model_file_is_a_start() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let tensor = |shape: Vec<usize>, numbers: &[f64]| {
        let bytes: Vec<u8> = numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        (shape, bytes)
    };
    let tensors = [
        ("layers.0.weight", tensor(vec![1, 2], &[0.25, -0.5])),
        ("layers.0.bias", tensor(vec![1], &[0.125])),
    ];
    let views: Vec<_> = tensors
        .iter()
        .map(|(name, (shape, bytes))| {
            let dtype = safetensors::Dtype::F64;
            let view = safetensors::tensor::TensorView::new(dtype, shape.clone(), bytes);
            (*name, view.expect("the shape fits"))
        })
        .collect();
    let bytes = safetensors::serialize(views, None).expect("two tensors");
    std::fs::write(directory.path().join("start.safetensors"), bytes).expect("it can be written");
    let text = SMALL.replace(
        "layers = [2, 3, 1]",
        "layers = [2, 1]\ninit.file = \"start.safetensors\"",
    );
    let path = directory.path().join("experiment.toml");
    std::fs::write(&path, &text).expect("it can be written");
    let plan_of_file = planned(&path);
    let explicit = plan_text(&SMALL.replace(
        "layers = [2, 3, 1]",
        "layers = [2, 1]\ninit.weights = [[[0.25, -0.5]]]\ninit.biases = [[0.125]]",
    ));
    assert_eq!(keys(&plan_of_file), keys(&explicit));
    let misfit = text.replace("[2, 1]", "[2, 3, 1]");
    std::fs::write(&path, misfit).expect("it can be written");
    let error = plan(&path, &[])
        .expect_err("the shapes do not fit")
        .to_string();
    assert!(
        error.contains("has 1 layer after the input, `model.layers` has 2"),
        "{error}"
    );
}

#[test]
fn a_start_that_was_damaged_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let model = runner::model::Model {
        architecture: engine::types::Architecture {
            layers: vec![2, 3, 1],
            activations: vec![engine::types::Activation::Tanh; 2],
        },
        preparation: data::Preparation::default(),
        loss: engine::types::Loss::HalfMse,
        precision: engine::types::Precision::F64,
        training: runner::model::Training::default(),
        parameters: engine::types::Parameters::zeros(&[2, 3, 1]),
    };
    let mut bytes = runner::model::bytes(&model, "a run");
    let file = directory.path().join("start.safetensors");
    let path = directory.path().join("experiment.toml");
    let text = SMALL.replace(
        "layers = [2, 3, 1]",
        "layers = [2, 3, 1]\ninit.file = \"start.safetensors\"",
    );
    std::fs::write(&path, text).expect("it can be written");
    std::fs::write(&file, &bytes).expect("it can be written");
    plan(&path, &[]).expect("the model is whole");
    *bytes.last_mut().expect("it has numbers") ^= 1;
    std::fs::write(&file, &bytes).expect("it can be written");
    let error = plan(&path, &[]).expect_err("a bit of a bias is another");
    let error = error.to_string();
    assert!(error.contains("was damaged or changed"), "{error}");
    assert!(error.contains("init.file"), "{error}");
}

#[test]
fn a_sweep_is_read_when_all_layers_are_merged() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("it can be written");
        path
    };
    write(
        "base.toml",
        "data = { source = \"plane\", samples = 20 }
         model = { layers = [2, 1] }
         training = { epochs = 1, learning_rate = 0.1 }
         [sweep]
         mode = \"random\"
         samples = 4
         training.learning_rate = { log = [0.01, 1.0] }",
    );
    let more = write(
        "more.toml",
        "extends = \"base.toml\"\n[sweep]\nsamples = 9\n",
    );
    let runs = |sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        let plan = runner::plan::plan(&more, &sets);
        plan.unwrap_or_else(|error| panic!("{error}")).runs.len()
    };
    assert_eq!(runs(&[]), 9);
    assert_eq!(runs(&["sweep.samples=6"]), 6);
    assert_eq!(
        runs(&[
            "sweep.training.learning_rate={ log = [0.1, 0.5] }",
            "sweep.mode=random"
        ]),
        9
    );
}
