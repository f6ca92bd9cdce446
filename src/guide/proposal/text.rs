//! A proposal as a commented experiment file.

use std::path::Path;

use super::columns::Column;
use super::goal::Goal;
use super::rare::Rare;
use super::{FOLDS, Parts, Proposal, VALIDATION};
use crate::config::key_to_toml;
use crate::guide::template;
use data::{Dialect, Fill};

/// The experiment, to be written at `file`, for the table at `data`.
pub fn text(proposal: &Proposal<'_>, file: &Path, data: &Path) -> String {
    let mut text = head(proposal, file, data);
    text += &data_section(proposal, file, data);
    text += &model_section(proposal);
    text += &training_section(proposal);
    text
}

fn head(proposal: &Proposal<'_>, file: &Path, data: &Path) -> String {
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
    text += &comment(
        "`runner schema > schema.json` writes what an editor completes and checks this file with.",
    );
    text += "\n";
    let stem = template::stem(file);
    text += &format!("{} = {}\n", key_to_toml("name"), quote(&stem));
    text += &format!(
        "description = {}\n",
        quote(&format!("How well can {target} be predicted?"))
    );
    text += &format!(
        "replicates = {}                  # runs per learning rate; they differ in their random start\n",
        proposal.replicates()
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
    let codes = proposal.used().filter(|(column, _)| is_code(column));
    let codes: Vec<&str> = codes.map(|(column, _)| column.name.as_str()).collect();
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
            "categorical = {}   # words: an input for each of them\n",
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
            proposal.target.missing()
        ));
    }
    match ways.as_slice() {
        [] => String::new(),
        [way] => format!("missing = {}   # {}\n", quote(way), why.join("; ")),
        ways => format!("missing = {}   # {}\n", list(ways), why.join("; ")),
    }
}

fn model_section(proposal: &Proposal<'_>) -> String {
    let hidden = hidden(proposal);
    format!(
        "\n[model]\nlayers = [{}, {hidden}, {}]           # inputs, hidden nodes, outputs\nhidden = \"tanh\"\noutput = \"identity\"\n",
        proposal.inputs, proposal.outputs
    )
}

/// Hidden nodes: about as many as inputs, and no more weights than a few per sample.
fn hidden(proposal: &Proposal<'_>) -> usize {
    let widest = proposal.inputs.max(proposal.outputs);
    let mut hidden = widest.next_power_of_two().clamp(8, 64);
    while hidden > 8 && hidden * (widest + 1) > 4 * proposal.samples {
        hidden /= 2;
    }
    hidden
}

fn training_section(proposal: &Proposal<'_>) -> String {
    let mut text = "\n[training]\n".to_owned();
    let (loss, what) = match &proposal.goal {
        Goal::Numbers { remark } => {
            if let Some(remark) = remark {
                text += &comment(remark);
            }
            ("half_mse", "numbers: the mean squared error".to_owned())
        }
        Goal::Binary => ("bce", "one of two: the cross-entropy of a logit".to_owned()),
        Goal::Classes(count) => (
            "cross_entropy",
            format!("one of {count} classes: the cross-entropy of a softmax"),
        ),
    };
    text += &format!("loss = \"{loss}\"          # {what}\n");
    if let Some(rare) = &proposal.rare {
        text += &rare_lines(rare);
    }
    text += "optimizer = \"adam\"\n";
    text += &format!("batch_size = {}\n", batch_size(proposal.samples));
    text += &format!("epochs = {}\n", epochs(proposal.samples));
    if proposal.validation != Parts::None {
        text += "early_stopping = { patience = 20, restore_best = true }   # the network of the best epoch is kept\n";
    }
    text +=
        "learning_rate = 0.01\n\n[sweep]\ntraining.learning_rate = [0.001, 0.003, 0.01, 0.03]\n";
    text += "\n[compare]\nby = \"training.learning_rate\"\n";
    text
}

/// What a rare class asks for: weights, metrics that see it, and which class they speak of.
fn rare_lines(rare: &Rare) -> String {
    let mut text = comment(&format!(
        "`{}` is rare, {:.1} % of the samples: without weights, never to say it would be cheap.",
        rare.class,
        100.0 * rare.share
    ));
    text +=
        "class_weights = \"balanced\"      # each class counts as much as any other in the loss\n";
    text += "metrics = [\"accuracy\", \"balanced_accuracy\", \"f1\"]   # the last two see a rare class\n";
    if rare.of_two {
        text += &format!(
            "positive = {}   # the class that f1 speaks of\n",
            quote(&rare.class)
        );
    }
    text
}

/// A batch size for so many samples that leaves no last batch of one.
fn batch_size(samples: usize) -> String {
    let usual: usize = match samples {
        0..160 => 8,
        160..4_000 => 32,
        _ => 128,
    };
    if samples <= usual {
        return "\"full\"".to_owned();
    }
    let size = (2..=usual).rev().find(|size| samples % size != 1);
    size.unwrap_or(usual).to_string()
}

/// So many epochs that each network sees its samples often enough.
fn epochs(samples: usize) -> usize {
    match samples {
        0..2_000 => 200,
        2_000..20_000 => 100,
        _ => 30,
    }
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

/// The first names of a list.
pub fn listed(names: &[&str], shown: usize) -> String {
    match names.len() {
        n if n <= shown => names.join(", "),
        n => format!("{} and {} more", names[..shown].join(", "), n - shown),
    }
}
