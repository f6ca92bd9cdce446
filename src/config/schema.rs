//! Every key of the experiment file: its name, what its value can be, its default and its meaning.
//!
//! The one source for the check of a file, for its defaults and for the experiment as it ran.

use super::keys::{Case, Choice, Fallback, Interval, Key, Keys, Kind, Tag};
use Fallback::{Absent, Depends, Required};

const fn key(name: &'static str, kind: Kind, fallback: Fallback, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        fallback,
        doc,
    }
}

const fn choice(word: &'static str, doc: &'static str) -> Choice {
    Choice { word, doc }
}

const fn case(word: &'static str, doc: &'static str, keys: &'static [Key]) -> Case {
    Case { word, doc, keys }
}

const NUMBER: Kind = Kind::Number(Interval::ANY);
const POSITIVE: Kind = Kind::Number(Interval::POSITIVE);
const TEXTS: Kind = Kind::List(&Kind::Text, 1);
const VECTORS: Kind = Kind::List(&Kind::List(&NUMBER, 1), 1);
const MATRICES: Kind = Kind::List(&VECTORS, 1);

/// The whole file.
pub static EXPERIMENT: Keys = Keys::plain(&[
    key("name", Kind::Name, Depends("the file's stem"), "The results go to results/<name>"),
    key("description", Kind::Text, Fallback::Word(""), "The experiment's question"),
    key("seed", Kind::Integer(0), Fallback::Integer(0), "Everything random is derived from it"),
    key("replicates", Kind::Integer(1), Fallback::Integer(1), "Runs per configuration; they differ in their seed only"),
    key("extends", Kind::Path, Absent, "An experiment file whose values come first"),
    key("data", Kind::Table(&DATA), Depends("see its keys"), "What is learnt from"),
    key("model", Kind::Table(&MODEL), Depends("see its keys"), "The network"),
    key("training", Kind::Table(&TRAINING), Depends("see its keys"), "How it learns"),
    key("variants", Kind::Variants, Absent, "Named partial overrides: what is compared with what"),
    key("sweep", Kind::Sweep, Absent, "Lists and ranges; the grid is their product"),
    key("compare", Kind::Table(&COMPARE), Depends("see its keys"), "What the results are compared by"),
    key("output", Kind::Table(&OUTPUT), Depends("see its keys"), "What is kept"),
]);

/// `[data]`
pub static DATA: Keys = Keys {
    keys: &[key(
        "validation",
        Kind::Number(Interval::SHARE),
        Fallback::Float(0.0),
        "Share of the samples kept for validation",
    )],
    tag: Some(Tag {
        key: "source",
        cases: &[
            case("plane", "Regression: y = (x1 + x2) / 10", GENERATOR),
            case("multi_gaussian", "Regression: six bumps of alternating sign", GENERATOR),
            case("circle", "Two classes: a disc inside a ring", GENERATOR),
            case("xor", "Two classes: the sign of x1 · x2", GENERATOR),
            case("gaussian", "Two classes: two clouds", GENERATOR),
            case("spiral", "Two classes: two arms", GENERATOR),
            case("csv", "A table with a header", CSV),
            case("inline", "Rows written out here", INLINE),
        ],
        fallback: None,
        short: false,
        doc: "Where the samples come from",
    }),
    alternatives: &[&[&["validation"], &["validation_path"]]],
};

const GENERATOR: &[Key] = &[
    key("samples", Kind::Integer(1), Fallback::Integer(500), "How many samples are drawn"),
    key("noise", Kind::Number(Interval::closed(0.0, 0.5)), Fallback::Float(0.0), "As the playground's slider, 0.5 for its 50"),
];

const CSV: &[Key] = &[
    key("path", Kind::Path, Required, "The file"),
    key("features", TEXTS, Depends("all columns but the target"), "The columns of the inputs"),
    key("target", Kind::OneOf(&[Kind::Text, TEXTS]), Depends("the last column"), "The column of the target, or several"),
    key("validation_path", Kind::Path, Absent, "A file of its own for validation, with the same columns"),
];

const INLINE: &[Key] = &[
    key("x", VECTORS, Required, "A row of inputs per sample"),
    key("y", VECTORS, Required, "A row of targets per sample"),
];

const ACTIVATION: Kind = Kind::Choice(&[
    choice("identity", "f(u) = u"),
    choice("sigmoid", "f(u) = 1 / (1 + e^−u)"),
    choice("tanh", "f(u) = tanh u"),
    choice("relu", "f(u) = max(0, u)"),
]);

/// `[model]`
pub static MODEL: Keys = Keys {
    keys: &[
        key("layers", Kind::List(&Kind::Integer(1), 2), Required, "Nodes of each layer, the input first"),
        key("activations", Kind::List(&ACTIVATION, 1), Depends("hidden and output"), "One per layer after the input"),
        key("hidden", ACTIVATION, Fallback::Word("sigmoid"), "The activation of every hidden layer"),
        key("output", ACTIVATION, Fallback::Word("identity"), "The activation of the last layer"),
        key("init", Kind::Table(&INIT), Depends("scheme = \"xavier_uniform\""), "The initial weights"),
    ],
    tag: None,
    alternatives: &[&[&["activations"], &["hidden", "output"]]],
};

const GAIN: &[Key] = &[key("gain", POSITIVE, Fallback::Float(1.0), "Multiplies the width of the distribution")];

/// `[model.init]`
pub static INIT: Keys = Keys {
    keys: &[
        key("weights", MATRICES, Absent, "A matrix per layer: a row per node, a column per node of the layer before"),
        key("biases", VECTORS, Depends("all 0"), "A vector per layer: a number per node"),
    ],
    tag: Some(Tag {
        key: "scheme",
        cases: &[
            case("zeros", "All 0", &[]),
            case("xavier_uniform", "U(−a, a), a = gain · √(6 / (n_in + n_out))", GAIN),
            case("xavier_normal", "N(0, σ²), σ = gain · √(2 / (n_in + n_out))", GAIN),
            case("he_uniform", "U(−a, a), a = √(6 / n_in)", &[]),
            case("he_normal", "N(0, σ²), σ = √(2 / n_in)", &[]),
            case("lecun_uniform", "U(−a, a), a = √(3 / n_in)", &[]),
            case("lecun_normal", "N(0, σ²), σ = √(1 / n_in)", &[]),
            case("uniform", "U(low, high)", &[
                key("low", NUMBER, Fallback::Float(-1.0), "The least weight"),
                key("high", NUMBER, Fallback::Float(1.0), "Just above the greatest weight"),
            ]),
            case("normal", "N(mean, std²)", &[
                key("mean", NUMBER, Fallback::Float(0.0), "The mean of the weights"),
                key("std", POSITIVE, Fallback::Float(1.0), "Their standard deviation"),
            ]),
        ],
        fallback: Some("xavier_uniform"),
        short: false,
        doc: "The distribution that the weights are drawn from; biases are 0",
    }),
    alternatives: &[&[
        &["scheme", "gain", "low", "high", "mean", "std"],
        &["weights", "biases"],
    ]],
};

/// `[training]`
pub static TRAINING: Keys = Keys::plain(&[
    key("loss", Kind::Choice(&[
        choice("half_mse", "The mean over samples and outputs of (prediction − target)² / 2"),
        choice("mse", "The mean over samples and outputs of (prediction − target)²"),
    ]), Fallback::Word("half_mse"), "What is minimised"),
    key("batch_size", Kind::OneOf(&[
        Kind::Integer(1),
        Kind::Choice(&[choice("full", "All of the training data")]),
    ]), Fallback::Integer(32), "Samples per update; 1 is online learning"),
    key("epochs", Kind::Integer(1), Required, "Passes over the training data"),
    key("learning_rate", POSITIVE, Required, "The step size"),
    key("optimizer", Kind::Table(&OPTIMIZER), Fallback::Word("sgd"), "The rule of the update"),
    key("shuffle", Kind::Bool, Fallback::Bool(true), "Whether the order of the samples is drawn anew for each epoch; false: file order"),
    key("precision", Kind::Choice(&[
        choice("f64", "64 bits"),
        choice("f32", "32 bits"),
    ]), Fallback::Word("f64"), "The number format of the training"),
]);

/// `[training.optimizer]`
pub static OPTIMIZER: Keys = Keys {
    keys: &[],
    tag: Some(Tag {
        key: "name",
        cases: &[case("sgd", "Gradient descent: w ← w − η g", &[])],
        fallback: None,
        short: true,
        doc: "Which rule",
    }),
    alternatives: &[],
};

/// `[compare]`
pub static COMPARE: Keys = Keys::plain(&[
    key("by", Kind::Text, Depends("variant where there are variants, else the first swept key"), "`variant` or a swept key"),
    key("metric", Kind::Text, Depends("valid_loss where there is validation data, else train_loss"), "A column of runs.csv"),
]);

/// `[output]`
pub static OUTPUT: Keys = Keys::plain(&[
    key("history_every", Kind::Integer(1), Fallback::Integer(1), "Epochs between two rows of history; the last epoch is always kept"),
    key("models", Kind::Choice(&[
        choice("none", "No model is kept"),
        choice("best", "The best model of each configuration"),
        choice("all", "The model of every run"),
    ]), Fallback::Word("best"), "Which trained models are kept"),
]);
