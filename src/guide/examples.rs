//! Examples: a value for every key, as it could stand in a file.

/// An example of a table whose keys are the experiment's own names, as lines of a file.
pub fn of_table(path: &str) -> Option<&'static str> {
    match path {
        "variants" => Some(VARIANTS),
        "sweep" => Some(SWEEP),
        "expect" => Some(EXPECT),
        _ => None,
    }
}

const VARIANTS: &str = "\
[variants.sgd]
training.batch_size = 1
[variants.full-batch]
training.batch_size = \"full\"
";

const SWEEP: &str = "\
[sweep]
training.learning_rate = [0.01, 0.1, 1.0]
training.l2 = { log = [1e-5, 0.1], steps = 5 }
training.epochs = { linear = [10, 50], steps = 5 }
";

const EXPECT: &str = "\
[expect]
best.valid_loss.max = 0.01
every.valid_accuracy.min = 0.9
mini-batch.valid_loss.max = 0.02
\"learning_rate=0.1\".epochs.max = 50
better = [[\"mini-batch\", \"full-batch\"]]
";

/// The example of a key, as TOML; empty for tables with a header of their own.
#[rustfmt::skip] // A line per key.
pub fn example(path: &str) -> &'static str {
    match path {
        "name" => "\"plane\"",
        "description" => "\"Which batch size learns the plane best?\"",
        "seed" => "42",
        "replicates" => "5",
        "vary" => "[\"init\", \"shuffle\", \"split\"]",
        "extends" => "\"base.toml\"",
        "data.source" => "\"plane\"",
        "data.validation" => "0.2",
        "data.folds" => "5",
        "data.test" => "0.2",
        "data.stratify" => "true",
        "data.scale" => "\"standardize\"",
        "data.scale_targets" => "\"standardize\"",
        "data.derive" => "[\"x1^2\", \"x2^2\"]",
        "data.samples" => "1200",
        "data.noise" => "0.1",
        "data.path" => "\"data/iris.csv\"",
        "data.features" => "[\"petal_length\", \"petal_width\"]",
        "data.exclude" => "[\"id\"]",
        "data.target" => "\"species\"",
        "data.categorical" => "[\"colour\"]",
        "data.missing" => "\"mean\"",
        "data.missing_values" => "[\"NA\", \"-\"]",
        "data.delimiter" => "\";\"",
        "data.decimal" => "\",\"",
        "data.thousands" => "\".\"",
        "data.encoding" => "\"shift_jis\"",
        "data.header" => "false",
        "data.names" => "[\"height\", \"weight\", \"kind\"]",
        "data.validation_path" => "\"data/iris_valid.csv\"",
        "data.test_path" => "\"data/iris_test.csv\"",
        "data.test_images" => "\"data/t10k-images-idx3-ubyte.gz\"",
        "data.test_labels" => "\"data/t10k-labels-idx1-ubyte.gz\"",
        "data.images" => "\"data/train-images-idx3-ubyte.gz\"",
        "data.labels" => "\"data/train-labels-idx1-ubyte.gz\"",
        "data.validation_images" => "\"data/t10k-images-idx3-ubyte.gz\"",
        "data.validation_labels" => "\"data/t10k-labels-idx1-ubyte.gz\"",
        "data.x" => "\"data/x.npy\"",
        "data.y" => "\"data/y.npy\"",
        "data.validation_x" => "\"data/x_valid.npy\"",
        "data.validation_y" => "\"data/y_valid.npy\"",
        "data.test_x" => "\"data/x_test.npy\"",
        "data.test_y" => "\"data/y_test.npy\"",
        "model.layers" => "[2, 3, 1]",
        "model.activations" => "[\"sigmoid\", \"identity\"]",
        "model.hidden" => "\"tanh\"",
        "model.output" => "\"identity\"",
        "model.dropout" => "0.2",
        "model.init.scheme" => "\"he_uniform\"",
        "model.init.weights" => "[[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45]]]",
        "model.init.biases" => "[[0.35, 0.35], [0.60]]",
        "model.init.file" => "\"start.safetensors\"",
        "model.init.gain" => "2.0",
        "model.init.low" => "-0.5",
        "model.init.high" => "0.5",
        "model.init.mean" => "0.0",
        "model.init.std" => "0.1",
        "training.loss" => "\"cross_entropy\"",
        "training.batch_size" => "32",
        "training.epochs" => "100",
        "training.learning_rate" => "0.02",
        "training.class_weights" => "{ rare = 10.0, common = 1.0 }",
        "training.metrics" => "[\"accuracy\", \"f1\", \"auc\"]",
        "training.positive" => "\"rare\"",
        "training.schedule" => "{ name = \"step\", step_size = 30, gamma = 0.5 }",
        "training.schedule.name" => "\"cosine\"",
        "training.schedule.step_size" => "30",
        "training.schedule.gamma" => "0.5",
        "training.schedule.milestones" => "[30, 60]",
        "training.schedule.t_max" => "100",
        "training.schedule.eta_min" => "0.001",
        "training.schedule.start_factor" => "0.1",
        "training.schedule.end_factor" => "1.0",
        "training.schedule.total_iters" => "5",
        "training.optimizer" => "{ name = \"sgd\", momentum = 0.9 }",
        "training.optimizer.name" => "\"adam\"",
        "training.optimizer.momentum" => "0.9",
        "training.optimizer.nesterov" => "true",
        "training.optimizer.weight_decay" => "0.0001",
        "training.optimizer.eps" => "1e-8",
        "training.optimizer.alpha" => "0.9",
        "training.optimizer.centered" => "true",
        "training.optimizer.betas" => "[0.9, 0.999]",
        "training.optimizer.amsgrad" => "true",
        "training.optimizer.momentum_decay" => "0.004",
        "training.l1" => "0.0001",
        "training.l2" => "0.001",
        "training.clip_norm" => "1.0",
        "training.clip_value" => "0.5",
        "training.early_stopping.patience" => "10",
        "training.early_stopping.min_delta" => "0.0001",
        "training.early_stopping.metric" => "\"valid_loss\"",
        "training.early_stopping.restore_best" => "true",
        "training.shuffle" => "false",
        "training.precision" => "\"f32\"",
        "compare.by" => "\"training.learning_rate\"",
        "compare.metric" => "\"valid_accuracy\"",
        "output.history_every" => "10",
        "output.models" => "\"all\"",
        _ => "",
    }
}
