//! The names that other programs and textbooks have for the words of an experiment file.

/// The key of this program for the name in another program.
pub fn key(word: &str) -> Option<&'static str> {
    look_up(&KEYS, word)
}

/// The value of this program for the name in another program.
pub fn value(word: &str) -> Option<&'static str> {
    look_up(&VALUES, word)
}

fn look_up(names: &[(&[&str], &'static str)], word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let found = names
        .iter()
        .find(|(others, _)| others.contains(&word.as_str()));
    found.map(|(_, name)| *name)
}

#[rustfmt::skip] // rustfmt is off: a line per word.
const KEYS: [(&[&str], &str); 31] = [
    (&["lr", "eta", "rate", "step_size"], "learning_rate"),
    (&["batch", "batchsize", "minibatch", "mini_batch"], "batch_size"),
    (&["epoch", "n_epochs", "num_epochs", "max_epochs", "iterations", "steps"], "epochs"),
    (&["optim", "solver", "algorithm"], "optimizer"),
    (&["scheduler", "lr_scheduler"], "schedule"),
    (&["criterion", "loss_function", "objective"], "loss"),
    (&["random_seed", "random_state", "rng"], "seed"),
    (&["repeats", "repetitions", "runs", "trials"], "replicates"),
    (&["test_split", "test_size", "holdout", "test_share"], "test"),
    (&["k_folds", "k_fold", "kfold", "cv", "cross_validation", "n_splits"], "folds"),
    (&["validation_split", "valid", "val", "validation_share"], "validation"),
    (&["n_samples", "num_samples", "size", "count", "n"], "samples"),
    (&["activation"], "activations"),
    (&["nodes", "units", "sizes", "layer_sizes", "hidden_layers"], "layers"),
    (&["initializer", "initialization", "initialisation"], "init"),
    (&["dtype"], "precision"),
    (&["dataset", "type", "kind", "generator"], "source"),
    (&["file", "filename"], "path"),
    (&["label", "labels", "targets"], "target"),
    (&["normalize", "normalise", "scaling", "scaler"], "scale"),
    (&["hidden_activation"], "hidden"),
    (&["output_activation"], "output"),
    (&["clip", "max_norm", "clipnorm", "grad_clip"], "clip_norm"),
    (&["clipvalue"], "clip_value"),
    (&["columns", "inputs"], "features"),
    (&["drop_rate", "dropout_rate", "p_dropout"], "dropout"),
    (&["class_weight", "pos_weight"], "class_weights"),
    (&["scoring", "measures"], "metrics"),
    (&["pos_label", "positive_class"], "positive"),
    (&["scale_target", "target_scale", "target_scaling", "scale_y", "normalize_targets"], "scale_targets"),
    (&["beta", "beta1", "beta2", "beta_1", "beta_2"], "betas"),
];

#[rustfmt::skip]
const VALUES: [(&[&str], &str); 22] = [
    (&["linear", "none", "id"], "identity"),
    (&["logistic", "sigm"], "sigmoid"),
    (&["swish"], "silu"),
    (&["hardsigmoid"], "hard_sigmoid"),
    (&["mean_squared_error", "l2", "squared_error"], "mse"),
    (&["mean_absolute_error", "l1", "absolute_error"], "mae"),
    (&["smooth_l1"], "huber"),
    (&["crossentropy", "softmax", "nll", "categorical_crossentropy"], "cross_entropy"),
    (&["binary_crossentropy", "binary_cross_entropy", "logloss", "bce_with_logits"], "bce"),
    (&["float32", "single", "float"], "f32"),
    (&["float64", "double"], "f64"),
    (&["accuracy", "acc", "val_accuracy"], "valid_accuracy"),
    (&["loss", "val_loss"], "valid_loss"),
    (&["roc_auc"], "auc"),
    (&["f1_score", "f_score"], "f1"),
    (&["root_mean_squared_error"], "rmse"),
    (&["mnist"], "idx"),
    (&["numpy", "npz"], "npy"),
    (&["xavier", "glorot", "glorot_uniform"], "xavier_uniform"),
    (&["he", "kaiming", "kaiming_uniform"], "he_uniform"),
    (&["glorot_normal"], "xavier_normal"),
    (&["kaiming_normal"], "he_normal"),
];
