//! Every key of the experiment file: its name, the values that it accepts, its default and its
//! meaning.
//!
//! This is the only source for the check of a file, for its defaults and for the written
//! experiment.

use choices::{Choice, Word};

use super::keys::{Case, Fallback, Interval, Key, Keys, Kind, Tag};
use super::words::{Models, Varied};
use data::{DecimalMark, Derived, MissingWay, Scale, SourceFormat, Synthetic};
use engine::types::{Activation, Loss, Metric, Monitor, Precision};
use engine::words::init::SchemeName;
use engine::words::optimizer::OptimizerName;
use engine::words::schedule::ScheduleName;
use Fallback::{Absent, Depends, Required};

const fn key(name: &'static str, kind: Kind, fallback: Fallback, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        fallback,
        doc,
    }
}

const fn choice(word: &'static str, doc: &'static str) -> Word {
    Word { word, doc }
}

/// The cases of a [`Choice`]: each word with its keys.
macro_rules! cases {
    ($choice:ty, $keys:ident) => {{
        const CASES: [Case; <$choice>::WORDS.len()] = {
            let mut cases = [Case { word: "", doc: "", keys: &[] }; <$choice>::WORDS.len()];
            let mut place = 0;
            while place < cases.len() {
                let Word { word, doc } = <$choice>::WORDS[place];
                cases[place] = Case { word, doc, keys: $keys(<$choice>::ALL[place]) };
                place += 1;
            }
            cases
        };
        &CASES
    }};
}

/// The cases of two choices, one after the other.
const fn both<const N: usize>(first: &[Case], second: &[Case]) -> [Case; N] {
    let mut cases = [first[0]; N];
    let mut place = 0;
    while place < N {
        cases[place] = if place < first.len() {
            first[place]
        } else {
            second[place - first.len()]
        };
        place += 1;
    }
    cases
}

const NUMBER: Kind = Kind::Number(Interval::ANY);
const POSITIVE: Kind = Kind::Number(Interval::POSITIVE);
const NOT_NEGATIVE: Kind = Kind::Number(Interval::NOT_NEGATIVE);
const SHARE: Kind = Kind::Number(Interval::SHARE);
/// A part of the samples: more than none, and less than all.
const PART: Kind = Kind::Number(Interval { high: 1.0, ..Interval::POSITIVE });
const TEXTS: Kind = Kind::List(&Kind::Text, 1);
const NUMBERS: Kind = Kind::List(&NUMBER, 1);
const VECTORS: Kind = Kind::List(&NUMBERS, 1);
const MATRICES: Kind = Kind::List(&VECTORS, 1);

/// The keys of the whole file.
pub static EXPERIMENT: Keys = Keys::plain(&[
    key("name", Kind::Name, Depends("the file's stem"), "The results go to results/<name>"),
    key("description", Kind::Text, Fallback::Word(""), "The experiment's question"),
    key("seed", Kind::Integer(0), Fallback::Integer(0), "The one seed that everything random is derived from"),
    key("replicates", Kind::Integer(1), Fallback::Integer(1), "Runs per configuration; they differ in their seed only"),
    key("vary", Kind::List(&VARIED, 1), Fallback::Words(&["init", "shuffle"]), "What differs between replicates"),
    key("extends", Kind::Path, Absent, "An experiment file whose values come first"),
    key("data", Kind::Table(&DATA), Depends("see its keys"), "What is learnt from"),
    key("model", Kind::Table(&MODEL), Depends("see its keys"), "The network"),
    key("training", Kind::Table(&TRAINING), Depends("see its keys"), "How it learns"),
    key("variants", Kind::Variants, Absent, "Named partial overrides: what is compared with what"),
    key("sweep", Kind::Sweep, Absent, "Lists and ranges; the grid is their product"),
    key("compare", Kind::Table(&COMPARE), Depends("see its keys"), "What the results are compared by"),
    key("expect", Kind::Expect, Absent, "What is expected of the results, judged after the run: a miss is exit code 1"),
    key("output", Kind::Table(&OUTPUT), Depends("see its keys"), "What is kept"),
]);

const VARIED: Kind = Kind::Choice(Varied::WORDS);

/// The keys of `[data]`.
pub static DATA: Keys = Keys {
    keys: &[
        key("validation", SHARE, Fallback::Float(0.0), "Share of the samples kept for validation, of those that are not the test part"),
        key("folds", Kind::Integer(2), Absent, "k-fold cross-validation: each fold is the validation part once a replicate, drawn anew for each"),
        key("test", PART, Absent, "Share of the samples that no training and no ranking sees, drawn once from the experiment's seed; `runner test` opens it"),
        key("stratify", Kind::Bool, Fallback::Bool(false), "Whether each class keeps the same share for validation, in every fold and for the test"),
        key("scale", Kind::Choice(Scale::WORDS), Fallback::Word("none"), "How the features are scaled; fitted on the training part alone"),
        key("scale_targets", Kind::Choice(Scale::WORDS), Fallback::Word("none"), "How targets that are numbers are scaled, each column by itself; fitted on the training part alone. The loss is of the scaled targets; metrics and predictions are in the target's own units"),
        key("derive", Kind::List(&DERIVED, 0), Fallback::Words(&[]), "Further inputs computed from two features x1 and x2, as in the playground"),
    ],
    tag: Some(Tag {
        key: "source",
        cases: &SOURCES,
        fallback: None,
        short: false,
        doc: "Where the samples come from",
    }),
    alternatives: &[
        &[
            &["validation"],
            &["folds"],
            &["validation_path"],
            &["validation_images", "validation_labels"],
            &["validation_x", "validation_y"],
        ],
        &[
            &["test"],
            &["test_path"],
            &["test_images", "test_labels"],
            &["test_x", "test_y"],
        ],
    ],
};

const DERIVED: Kind = Kind::Choice(Derived::WORDS);

const GENERATOR: &[Key] = &[
    key("samples", Kind::Integer(1), Fallback::Integer(500), "How many samples are drawn"),
    key("noise", Kind::Number(Interval::closed(0.0, 0.5)), Fallback::Float(0.0), "As the playground's slider, 0.5 for its 50"),
];

const MISSING: Kind = Kind::Choice(MissingWay::WORDS);

const CSV: &[Key] = &[
    key("path", Kind::Path, Required, "The file"),
    key("features", TEXTS, Depends("all columns but the target"), "The columns of the inputs"),
    key("exclude", Kind::List(&Kind::Text, 0), Fallback::Words(&[]), "Columns that are left out"),
    key("target", Kind::OneOf(&[Kind::Text, TEXTS]), Depends("the last column"), "The column of the target, or several"),
    key("categorical", Kind::List(&Kind::Text, 0), Fallback::Words(&[]), "Feature columns that hold categories: an input each"),
    key("missing", Kind::OneOf(&[MISSING, Kind::List(&MISSING, 1)]), Fallback::Word("refuse"), "What becomes of missing cells; a list says it for numbers, words and the rest, such as [\"median\", \"category\", \"drop\"]"),
    key("missing_values", Kind::List(&Kind::Text, 0), Depends("NA, N/A, #N/A, <NA>, NaN, nan, null, NULL; among numbers also ?, ., - and None"), "What stands for a missing cell, beside the empty one"),
    key("delimiter", Kind::Text, Fallback::Word(","), "What stands between two cells: \";\", \"\\t\", …"),
    key("decimal", Kind::Choice(DecimalMark::WORDS), Fallback::Word("."), "What stands before a number's decimals"),
    key("thousands", Kind::Text, Absent, "What stands between groups of three digits, as in 1.234.567"),
    key("encoding", Kind::Text, Fallback::Word("utf-8"), "The text's encoding, by any label of the WHATWG standard: shift_jis, windows-1252, utf-16le, …"),
    key("header", Kind::Bool, Depends("true; a first line that looks like a row is refused"), "Whether the first line names the columns"),
    key("names", TEXTS, Depends("column1, column2, …"), "The columns' names, where header = false"),
    key("validation_path", Kind::Path, Absent, "A file of its own for validation, with the same columns"),
    key("test_path", Kind::Path, Absent, "A file of its own for the test, with the same columns; `runner test` opens it"),
];

const IDX: &[Key] = &[
    key("images", Kind::Path, Required, "The file of the images: each pixel becomes an input, byte / 255"),
    key("labels", Kind::Path, Required, "The file of the labels"),
    key("validation_images", Kind::Path, Absent, "A file of its own for validation"),
    key("validation_labels", Kind::Path, Absent, "Its labels"),
    key("test_images", Kind::Path, Absent, "A file of its own for the test; `runner test` opens it"),
    key("test_labels", Kind::Path, Absent, "Its labels"),
];

const NPY: &[Key] = &[
    key("x", Kind::Path, Required, "The inputs, (samples, features); or an .npz with x and y"),
    key("y", Kind::Path, Absent, "The targets, (samples) or (samples, outputs); not with an .npz"),
    key("validation_x", Kind::Path, Absent, "A file of its own for validation"),
    key("validation_y", Kind::Path, Absent, "Its targets"),
    key("test_x", Kind::Path, Absent, "A file of its own for the test; `runner test` opens it"),
    key("test_y", Kind::Path, Absent, "Its targets"),
];

const fn source_keys(source: SourceFormat) -> &'static [Key] {
    match source {
        SourceFormat::Csv => CSV,
        SourceFormat::Idx => IDX,
        SourceFormat::Npy => NPY,
        SourceFormat::Inline => INLINE,
    }
}

const fn generator_keys(_: Synthetic) -> &'static [Key] {
    GENERATOR
}

const SOURCES: [Case; Synthetic::WORDS.len() + SourceFormat::WORDS.len()] =
    both(cases!(Synthetic, generator_keys), cases!(SourceFormat, source_keys));

const ROWS: Kind = Kind::OneOf(&[VECTORS, NUMBERS]);

const INLINE: &[Key] = &[
    key("x", ROWS, Required, "A row of inputs per sample, or a number per sample"),
    key("y", ROWS, Required, "A row of targets per sample, or a number per sample"),
    key("validation_x", ROWS, Absent, "Rows of their own for validation"),
    key("validation_y", ROWS, Absent, "Their targets"),
    key("test_x", ROWS, Absent, "Rows of their own for the test; `runner test` opens them"),
    key("test_y", ROWS, Absent, "Their targets"),
];

const ACTIVATION: Kind = Kind::Choice(Activation::WORDS);

/// The keys of `[model]`.
pub static MODEL: Keys = Keys {
    keys: &[
        key("layers", Kind::List(&Kind::Integer(1), 2), Required, "Nodes of each layer, the input first"),
        key("activations", Kind::List(&ACTIVATION, 1), Depends("hidden and output"), "One per layer after the input"),
        key("hidden", ACTIVATION, Fallback::Word("sigmoid"), "The activation of every hidden layer"),
        key("output", ACTIVATION, Fallback::Word("identity"), "The activation of the last layer"),
        key("dropout", Kind::OneOf(&[SHARE, Kind::List(&SHARE, 1)]), Fallback::Float(0.0), "The share of each hidden layer's outputs that is 0 while training, the others times 1 / (1 − share); or a list, one per hidden layer. Nothing is dropped in validation and prediction"),
        key("init", Kind::Table(&INIT), Depends("scheme = \"xavier_uniform\""), "The initial weights"),
    ],
    tag: None,
    alternatives: &[&[&["hidden", "output"], &["activations"]]],
};

const GAIN: &[Key] = &[key("gain", POSITIVE, Fallback::Float(1.0), "Multiplies the width of the distribution")];

const LIMITS: &[Key] = &[
    key("low", NUMBER, Fallback::Float(-1.0), "The least weight"),
    key("high", NUMBER, Fallback::Float(1.0), "Just above the greatest weight"),
];

const MOMENTS: &[Key] = &[
    key("mean", NUMBER, Fallback::Float(0.0), "The mean of the weights"),
    key("std", POSITIVE, Fallback::Float(1.0), "Their standard deviation"),
];

const fn scheme_keys(scheme: SchemeName) -> &'static [Key] {
    use SchemeName::*;
    match scheme {
        XavierUniform | XavierNormal => GAIN,
        Uniform => LIMITS,
        Normal => MOMENTS,
        Zeros | HeUniform | HeNormal | LecunUniform | LecunNormal => &[],
    }
}

/// The keys of `[model.init]`.
pub static INIT: Keys = Keys {
    keys: &[
        key("weights", MATRICES, Absent, "A matrix per layer: a row per node, a column per node of the layer before"),
        key("biases", VECTORS, Depends("all 0"), "A vector per layer: a number per node"),
        key("file", Kind::Path, Absent, "A trained model (.safetensors) whose weights and biases are the start"),
    ],
    tag: Some(Tag {
        key: "scheme",
        cases: cases!(SchemeName, scheme_keys),
        fallback: Some("xavier_uniform"),
        short: false,
        doc: "The distribution that the weights are drawn from; biases are 0",
    }),
    alternatives: &[&[
        &["scheme", "gain", "low", "high", "mean", "std"],
        &["weights", "biases"],
        &["file"],
    ]],
};

/// The keys of `[training]`.
pub static TRAINING: Keys = Keys {
    keys: &[
        key("loss", Kind::Choice(Loss::WORDS), Fallback::Word("half_mse"), "The loss of a sample; training makes the mean of all small"),
        key("batch_size", Kind::OneOf(&[
            Kind::Integer(1),
            Kind::Choice(&[choice("full", "All of the training data")]),
        ]), Fallback::Integer(32), "Samples per update; 1 is online learning, \"full\" all of the training data"),
        key("epochs", Kind::Integer(1), Required, "Passes over the training data"),
        key("learning_rate", POSITIVE, Required, "The step size"),
        key("schedule", Kind::Table(&SCHEDULE), Fallback::Word("constant"), "How the learning rate changes from epoch to epoch"),
        key("optimizer", Kind::Table(&OPTIMIZER), Fallback::Word("sgd"), "The rule of the update"),
        key("l1", NOT_NEGATIVE, Fallback::Float(0.0), "Penalty: times the sum of the absolute weights"),
        key("l2", NOT_NEGATIVE, Fallback::Float(0.0), "Penalty: times half the sum of the squared weights"),
        key("clip_norm", POSITIVE, Absent, "The greatest Euclidean norm of all gradients together; longer ones are shortened to it"),
        key("clip_value", POSITIVE, Absent, "The greatest absolute value of a gradient"),
        key("early_stopping", Kind::Table(&EARLY_STOPPING), Absent, "Stops a run that no longer gets better"),
        key("class_weights", Kind::OneOf(&[
            Kind::Choice(&[Word { word: "balanced", doc: "n / (classes × count of the class), of the training part: every class has the same part in the loss" }]),
            Kind::Named(&POSITIVE),
        ]), Absent, "What a sample of each class counts in the loss, every class by its name or index: the loss of a batch is Σ w l / Σ w, and so the reported one; metrics are unweighted"),
        key("metrics", Kind::List(&Kind::Choice(Metric::WORDS), 1), Depends("accuracy where there are classes, else r2 and mae"), "What is measured beside the loss: columns of history.csv and runs.csv, of training and validation data"),
        key("positive", Kind::OneOf(&[Kind::Text, Kind::Integer(0)]), Depends("the second class in sorted order"), "The class that precision, recall and f1 of two classes speak of, by its name or index"),
        key("shuffle", Kind::Bool, Fallback::Bool(true), "Whether the order of the samples is drawn anew for each epoch; false: file order"),
        key("precision", Kind::Choice(Precision::WORDS), Fallback::Word("f64"), "The number format of the training"),
    ],
    tag: None,
    alternatives: &[&[&["clip_norm"], &["clip_value"]]],
};

const GAMMA: Key = key("gamma", POSITIVE, Fallback::Float(0.1), "The factor");

const STEP: &[Key] = &[
    key("step_size", Kind::Integer(1), Required, "In epochs"),
    GAMMA,
];

const EXPONENTIAL: &[Key] = &[
    key("gamma", POSITIVE, Required, "The factor"),
];

const MULTISTEP: &[Key] = &[
    key("milestones", Kind::List(&Kind::Integer(1), 1), Required, "In epochs, rising"),
    GAMMA,
];

const COSINE: &[Key] = &[
    key("t_max", Kind::Integer(1), Depends("training.epochs"), "In epochs"),
    key("eta_min", NOT_NEGATIVE, Fallback::Float(0.0), "The least learning rate"),
];

const LINEAR: &[Key] = &[
    key("start_factor", Kind::Number(Interval { high: 1.0, with_high: true, ..Interval::POSITIVE }), Fallback::Float(1.0 / 3.0), "The factor in the first epoch"),
    key("end_factor", Kind::Number(Interval::closed(0.0, 1.0)), Fallback::Float(1.0), "The factor after total_iters epochs"),
    key("total_iters", Kind::Integer(1), Fallback::Integer(5), "In epochs"),
];

const fn schedule_keys(schedule: ScheduleName) -> &'static [Key] {
    match schedule {
        ScheduleName::Constant => &[],
        ScheduleName::Step => STEP,
        ScheduleName::Exponential => EXPONENTIAL,
        ScheduleName::Multistep => MULTISTEP,
        ScheduleName::Cosine => COSINE,
        ScheduleName::Linear => LINEAR,
    }
}

/// The keys of `[training.schedule]`. Every schedule steps once an epoch.
pub static SCHEDULE: Keys = Keys {
    keys: &[],
    tag: Some(Tag {
        key: "name",
        cases: cases!(ScheduleName, schedule_keys),
        fallback: None,
        short: true,
        doc: "Which schedule",
    }),
    alternatives: &[],
};

const MOMENTUM: Key = key("momentum", SHARE, Fallback::Float(0.0), "The share of the last step that is kept; 0: none");
const BETAS: Key = key("betas", Kind::Pair(&SHARE), Fallback::Floats(&[0.9, 0.999]), "How slowly the running means of gradient and squared gradient change");
const EPS: Key = key("eps", POSITIVE, Fallback::Float(1e-8), "Added to the root in the denominator");
const AMSGRAD: Key = key("amsgrad", Kind::Bool, Fallback::Bool(false), "Whether the greatest running mean so far is used");

const SGD: &[Key] = &[
    MOMENTUM,
    key("nesterov", Kind::Bool, Fallback::Bool(false), "Nesterov's form of momentum"),
    key("weight_decay", NOT_NEGATIVE, Fallback::Float(0.0), "Times the parameter, added to its gradient"),
];

const ADAGRAD: &[Key] = &[
    key("eps", POSITIVE, Fallback::Float(1e-10), "Added to the root in the denominator"),
];

const RMSPROP: &[Key] = &[
    key("alpha", SHARE, Fallback::Float(0.99), "How slowly the running mean of the squared gradient changes"),
    EPS,
    MOMENTUM,
    key("centered", Kind::Bool, Fallback::Bool(false), "Whether the gradient is normalised by its estimated variance"),
];

const ADAM: &[Key] = &[BETAS, EPS, AMSGRAD];

const ADAMW: &[Key] = &[
    BETAS,
    EPS,
    AMSGRAD,
    key("weight_decay", NOT_NEGATIVE, Fallback::Float(0.01), "Times the learning rate and the parameter, taken from it"),
];

const NADAM: &[Key] = &[
    BETAS,
    EPS,
    key("momentum_decay", NOT_NEGATIVE, Fallback::Float(0.004), "The decay of the momentum's schedule"),
];

const fn optimizer_keys(optimizer: OptimizerName) -> &'static [Key] {
    match optimizer {
        OptimizerName::Sgd => SGD,
        OptimizerName::Adagrad => ADAGRAD,
        OptimizerName::Rmsprop => RMSPROP,
        OptimizerName::Adam => ADAM,
        OptimizerName::Adamw => ADAMW,
        OptimizerName::Nadam => NADAM,
    }
}

/// The keys of `[training.optimizer]`.
pub static OPTIMIZER: Keys = Keys {
    keys: &[],
    tag: Some(Tag {
        key: "name",
        cases: cases!(OptimizerName, optimizer_keys),
        fallback: None,
        short: true,
        doc: "Which rule",
    }),
    alternatives: &[],
};

/// The keys of `[training.early_stopping]`.
pub static EARLY_STOPPING: Keys = Keys::plain(&[
    key("patience", Kind::Integer(1), Required, "How many epochs without an improvement are borne"),
    key("min_delta", NOT_NEGATIVE, Fallback::Float(0.0), "What an improvement must exceed"),
    key("metric", COLUMN, Depends("valid_loss where there is validation data, else train_loss"), "What must improve: a column of history.csv"),
    key("restore_best", Kind::Bool, Fallback::Bool(false), "Whether the weights of the best epoch come back at the end"),
]);

const COLUMN: Kind = Kind::Choice(Monitor::WORDS);

/// The columns about the course of a run.
const COURSE: Kind = Kind::Choice(&[
    choice("best_valid_loss", "The least validation loss of any epoch, chosen on the validation data"),
    choice("best_epoch", "The epoch of that loss"),
    choice("kept_epoch", "The epoch whose network is kept"),
    choice("epochs", "How many epochs were trained"),
    choice("updates", "How many updates were made"),
]);

/// A column of numbers of `runs.csv`.
pub const NUMBER_COLUMN: Kind = Kind::OneOf(&[COLUMN, COURSE]);

/// The keys of `[compare]`.
pub static COMPARE: Keys = Keys::plain(&[
    key("by", Kind::Text, Depends("variant where there are variants, else the first swept key"), "`variant` or a swept key"),
    key("metric", NUMBER_COLUMN, Depends("valid_loss where there is validation data, else train_loss; where losses, target scalings or class weights differ, the first metric that all have"), "A column of runs.csv"),
]);

/// The keys of `[output]`.
pub static OUTPUT: Keys = Keys::plain(&[
    key("history_every", Kind::Integer(1), Fallback::Integer(1), "Epochs between two rows of history; the last epoch is always kept"),
    key("models", Kind::Choice(Models::WORDS), Fallback::Word("best"), "Which trained models are kept"),
]);
