//! A proposal as a commented experiment file.

use std::path::Path;

use super::columns::Column;
use super::features::Use;
use super::goal::Goal;
use super::names::listed;
use super::rare::Rare;
use super::training::Training;
use super::{FOLDS, Parts, Proposal, Seen, VALIDATION};
use crate::config::key_to_toml;
use crate::guide::template;
use crate::shell;
use data::{Dialect, Fill};

/// The experiment, to be written at `file`, for the table at `data`.
pub fn text(proposal: &Proposal<'_>, file: &Path, data: &Path) -> String {
    let training = proposal.training();
    let mut text = head(proposal, &training, file, data);
    text += &data_section(proposal, file, data);
    text += &model_section(proposal, &training);
    text += &training_section(proposal, &training);
    text
}

fn head(proposal: &Proposal<'_>, training: &Training, file: &Path, data: &Path) -> String {
    let target = &proposal.target.name;
    let table = data
        .file_name()
        .map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let mut text = "#:schema schema.json\n\n".to_owned();
    text += &comment(&format!("How well can `{target}` be predicted?"));
    text += "#\n";
    text += &comment(&format!(
        "Proposed from the {} rows of {table}: read it, and change what you know better.",
        proposal.look.rows
    ));
    text += &comment(&format!(
        "`runner schema > {}` writes what an editor completes and checks this file with.",
        shell::path(&file.with_file_name("schema.json"))
    ));
    text += "\n";
    let stem = template::stem(file);
    text += &format!("{} = {}\n", key_to_toml("name"), quote(&stem));
    text += &format!(
        "description = {}\n",
        quote(&format!("How well can {target} be predicted?"))
    );
    text += &format!(
        "replicates = {}                  # runs per learning rate; they differ in their random start\n",
        training.replicates
    );
    text
}

fn data_section(proposal: &Proposal<'_>, file: &Path, data: &Path) -> String {
    let mut text = "\n[data]\nsource = \"csv\"\n".to_owned();
    text += &format!("path = {}\n", quote(&relative(file, data)));
    text += &dialect_lines(&proposal.look.dialect);
    text += &format!("target = {}\n", quote(&proposal.target.name));
    let left: Vec<(&Column, &str)> = proposal.left().collect();
    if left.is_empty() {
        let names: Vec<&str> = proposal
            .used()
            .map(|(column, _)| column.name.as_str())
            .collect();
        text += &comment(&format!(
            "the features are all other columns: {}",
            listed(&names, 8)
        ));
    } else {
        for (column, why) in &left {
            text += &comment(&format!("`{}` is left out: it {why}", column.name));
        }
        let names: Vec<&str> = left
            .iter()
            .map(|(column, _)| column.name.as_str())
            .collect();
        text += &format!("exclude = {}\n", list(&names));
    }
    if let Some(why) = &proposal.alone {
        text += &comment(why);
    }
    let used_as = |is: &dyn Fn(&Column, &Use) -> bool| -> Vec<&str> {
        let used = proposal.used().filter(|(column, usage)| is(column, usage));
        used.map(|(column, _)| column.name.as_str()).collect()
    };
    let codes = used_as(&|_, usage| *usage == Use::Codes);
    if !codes.is_empty() {
        text += &comment(&format!(
            "whole numbers that their names call codes, used as categories: {}",
            listed(&codes, 8)
        ));
    }
    let codes = used_as(&|column, usage| *usage == Use::Number && is_code(column));
    if !codes.is_empty() {
        text += &comment(&format!(
            "few different whole numbers, used as numbers: {}; name in `categorical` what are codes",
            listed(&codes, 8)
        ));
    }
    let categories: Vec<&str> = proposal
        .categories()
        .map(|column| column.name.as_str())
        .collect();
    if !categories.is_empty() {
        text += &format!(
            "categorical = {}   # an input for each of their values\n",
            list(&categories)
        );
    }
    text += &missing_lines(proposal);
    let kept = match proposal.validation {
        Parts::None => {
            text += "# so few rows that none can be kept for validation\n";
            false
        }
        Parts::Share => {
            text += &format!(
                "validation = {VALIDATION}                # a fifth is kept to see how well it does on new data\n"
            );
            true
        }
        Parts::Folds => {
            text += &format!(
                "folds = {FOLDS}                       # so few rows that each fifth has its turn for validation\n"
            );
            true
        }
    };
    if kept && proposal.is_classes() {
        text += "stratify = true                 # with the same share of each class\n";
    }
    text +=
        "scale = \"standardize\"           # every feature gets mean 0 and standard deviation 1\n";
    if !proposal.is_classes() {
        text += "scale_targets = \"standardize\"   # and so does the target: one rate suits targets of any unit; metrics and predictions keep its unit\n";
    }
    text
}

/// The lines that say how the table is written, where that is not the usual way.
fn dialect_lines(dialect: &Dialect) -> String {
    let mut text = String::new();
    for line in Dialect::default().lines_to(dialect) {
        text += &format!("{line}\n");
    }
    if !dialect.names.is_empty() {
        let names: Vec<&str> = dialect.names.iter().map(String::as_str).collect();
        text += &format!(
            "names = {}   # the first line is a row: give the columns better names\n",
            list(&names)
        );
    }
    if let Some(words) = &dialect.missing_values {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        text += &format!(
            "missing_values = {}   # what stands for a missing cell here\n",
            list(&words)
        );
    }
    text
}

/// What becomes of missing cells, and why.
fn missing_lines(proposal: &Proposal<'_>) -> String {
    let missing = proposal.missing;
    let (mut ways, mut why) = (Vec::new(), Vec::new());
    if let Some(fill) = missing.numbers {
        ways.push(match fill {
            Fill::Mean => "mean",
            Fill::Median => "median",
        });
        why.push("a missing number gets its column's median".to_owned());
    }
    if missing.category {
        ways.push("category");
        why.push("a missing word is a category of its own".to_owned());
    }
    if missing.drop {
        ways.push("drop");
        why.push(format!(
            "{} rows without a target are left out",
            proposal.without_target
        ));
    }
    match ways.as_slice() {
        [] => String::new(),
        [way] => format!("missing = {}   # {}\n", quote(way), why.join("; ")),
        ways => format!("missing = {}   # {}\n", list(ways), why.join("; ")),
    }
}

fn model_section(proposal: &Proposal<'_>, training: &Training) -> String {
    let mut text = "\n[model]\n".to_owned();
    let Seen {
        inputs,
        outputs,
        samples,
        ..
    } = proposal.seen;
    text += &comment(&format!(
        "Inputs, hidden nodes, outputs: {} hidden nodes suit {inputs} input{} and {samples} samples to train on.",
        training.hidden,
        if inputs == 1 { "" } else { "s" },
    ));
    text += &format!("layers = [{inputs}, {}, {outputs}]\n", training.hidden);
    text += "hidden = \"tanh\"                 # smooth: learns well from few samples\n";
    text + "output = \"identity\"\n"
}

fn training_section(proposal: &Proposal<'_>, training: &Training) -> String {
    let mut text = "\n[training]\n".to_owned();
    let (loss, what) = match &proposal.goal {
        Goal::Numbers { remark } => {
            if let Some(remark) = remark {
                text += &comment(remark);
            }
            ("half_mse", "numbers: the mean squared error".to_owned())
        }
        Goal::Binary => ("bce", "one of two: the cross-entropy of a logit".to_owned()),
        Goal::Classes { count, remark } => {
            if let Some(remark) = remark {
                text += &comment(remark);
            }
            (
                "cross_entropy",
                format!("one of {count} classes: the cross-entropy of a softmax"),
            )
        }
    };
    text += &format!("loss = \"{loss}\"          # {what}\n");
    if let Some(rare) = &proposal.seen.rare {
        text += &rare_lines(rare);
    }
    text += "optimizer = \"adam\"             # takes one rate for weights of any kind\n";
    text += &match training.batch_size {
        None => "batch_size = \"full\"            # so few samples that one update sees them all\n"
            .to_owned(),
        Some(size) => format!("batch_size = {size}\n"),
    };
    text += &format!(
        "epochs = {}                    # at most{}\n",
        training.epochs,
        match proposal.validation {
            Parts::None => "",
            _ => ": early stopping ends most runs before",
        }
    );
    if proposal.validation != Parts::None {
        text += "early_stopping = { patience = 20, restore_best = true }   # the network of the best epoch is kept\n";
    }
    if let Some(l2) = training.l2 {
        text += &format!(
            "l2 = {l2}                      # keeps weights small, the more so the fewer the samples\n"
        );
    }
    let [least, low, high, most] = training.rates;
    text += &format!("learning_rate = {low}\n\n[sweep]\n");
    text += &comment("The usual rates of Adam for so many samples: see which one learns best.");
    text += &format!("training.learning_rate = [{least}, {low}, {high}, {most}]\n");
    text += "\n[compare]\nby = \"training.learning_rate\"\n";
    text
}

/// So many classes have their weights listed.
const LISTED_WEIGHTS: usize = 12;

/// What a rare class asks for: weights, metrics that see it, and which class they speak of.
fn rare_lines(rare: &Rare) -> String {
    let mut text = comment(&format!(
        "`{}` is rare, {:.1} % of the samples: without weights, never to say it would be cheap.",
        rare.class,
        100.0 * rare.share
    ));
    if rare.weights.len() <= LISTED_WEIGHTS {
        text += &comment(
            "Each weight is the square root of how much rarer its class is than the most common one; \"balanced\" goes all the way.",
        );
        let weights = rare.weights.iter();
        let weights: Vec<String> = weights
            .map(|(class, weight)| format!("{} = {weight:?}", quote(class)))
            .collect();
        text += &format!("class_weights = {{ {} }}\n", weights.join(", "));
    } else {
        text += "class_weights = \"balanced\"      # each class counts as much as any other in the loss\n";
    }
    text += "metrics = [\"accuracy\", \"balanced_accuracy\", \"f1\"]   # the last two see a rare class\n";
    if rare.weights.len() == 2 {
        text += &format!(
            "positive = {}   # the class that f1 speaks of\n",
            quote(&rare.class)
        );
    }
    text
}

/// Whether a column's numbers could be codes.
fn is_code(column: &Column) -> bool {
    column.is_whole() && (3..=10).contains(&column.different())
}

/// The data's path as seen from the experiment's file.
fn relative(file: &Path, data: &Path) -> String {
    let directory = file.parent().unwrap_or(Path::new(""));
    crate::plan::relative_path(data, directory)
}

fn quote(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A list of texts in TOML.
fn list(texts: &[&str]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A line of comment; what would break the line is shown by its code.
fn comment(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect();
    format!("# {text}\n")
}
