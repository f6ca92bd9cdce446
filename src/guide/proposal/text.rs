//! The proposal as a commented experiment file.

use std::path::Path;

use super::columns::Column;
use super::features::Use;
use super::goal::Goal;
use super::names::listed;
use super::rare::Rare;
use super::reason::Reason;
use super::training::Training;
use super::{FOLDS, Parts, Proposal, Seen, VALIDATION};
use crate::config::key_to_toml;
use crate::guide::template;
use crate::language::Language;
use crate::shell;
use crate::text;
use data::{Dialect, Fill};

/// The experiment, to be written at `file`, for the table at `data`, with comments in this language.
pub fn text(proposal: &Proposal<'_>, file: &Path, data: &Path, language: Language) -> String {
    let training = proposal.training();
    let mut text = head(proposal, &training, [file, data], language);
    text += &data_section(proposal, file, data, language);
    text += &model_section(proposal, &training, language);
    text += &training_section(proposal, &training, language);
    text
}

fn head(
    proposal: &Proposal<'_>,
    training: &Training,
    [file, data]: [&Path; 2],
    language: Language,
) -> String {
    let target = proposal.target.name.as_str();
    let table = data
        .file_name()
        .map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let mut text = "#:schema schema.json\n\n".to_owned();
    let quoted = format!("`{target}`");
    text += &comment(&text!(language, "new-question", target = quoted));
    text += "#\n";
    text += &comment(&text!(
        language,
        "new-proposed",
        rows = proposal.look.rows,
        table = table
    ));
    text += &comment(&text!(
        language,
        "new-schema",
        path = shell::path(&file.with_file_name("schema.json"))
    ));
    text += "\n";
    let stem = template::stem(file);
    text += &format!("{} = {}\n", key_to_toml("name"), quote(&stem));
    let question = text!(language, "new-question", target = target);
    text += &format!("description = {}\n", quote(&question));
    text += &remarked(
        &format!("replicates = {}", training.replicates),
        &text!(language, "new-replicates"),
    );
    text
}

fn data_section(proposal: &Proposal<'_>, file: &Path, data: &Path, language: Language) -> String {
    let mut text = "\n[data]\nsource = \"csv\"\n".to_owned();
    text += &format!("path = {}\n", quote(&relative(file, data)));
    text += &dialect_lines(&proposal.look.dialect, language);
    text += &format!("target = {}\n", quote(&proposal.target.name));
    let left: Vec<(&Column, &Reason)> = proposal.left().collect();
    if left.is_empty() {
        let names: Vec<&str> = proposal
            .used()
            .map(|(column, _)| column.name.as_str())
            .collect();
        let names = listed(language, &names, 8);
        text += &comment(&text!(language, "new-all-others", names = names));
    } else {
        for (column, why) in &left {
            text += &comment(&text!(
                language,
                "new-left",
                name = &column.name,
                why = why.words(language)
            ));
        }
        let names: Vec<&str> = left
            .iter()
            .map(|(column, _)| column.name.as_str())
            .collect();
        text += &format!("exclude = {}\n", list(&names));
    }
    if let Some((name, why)) = &proposal.alone {
        text += &comment(&text!(
            language,
            "new-alone",
            name = name,
            why = why.words(language)
        ));
    }
    let used_as = |is: &dyn Fn(&Column, &Use) -> bool| -> Vec<&str> {
        let used = proposal.used().filter(|(column, usage)| is(column, usage));
        used.map(|(column, _)| column.name.as_str()).collect()
    };
    let codes = used_as(&|_, usage| *usage == Use::Codes);
    if !codes.is_empty() {
        let names = listed(language, &codes, 8);
        text += &comment(&text!(language, "new-codes", names = names));
    }
    let codes = used_as(&|column, usage| *usage == Use::Number && is_code(column));
    if !codes.is_empty() {
        let names = listed(language, &codes, 8);
        text += &comment(&text!(language, "new-few-numbers", names = names));
    }
    let categories: Vec<&str> = proposal
        .categories()
        .map(|column| column.name.as_str())
        .collect();
    if !categories.is_empty() {
        text += &remarked(
            &format!("categorical = {}", list(&categories)),
            &text!(language, "new-categorical"),
        );
    }
    text += &missing_lines(proposal, language);
    let kept = match proposal.validation {
        Parts::None => {
            text += &comment(&text!(language, "new-no-validation"));
            false
        }
        Parts::Share => {
            text += &remarked(
                &format!("validation = {VALIDATION}"),
                &text!(language, "new-validation"),
            );
            true
        }
        Parts::Folds => {
            text += &remarked(&format!("folds = {FOLDS}"), &text!(language, "new-folds"));
            true
        }
    };
    if kept && proposal.is_classes() {
        text += &remarked("stratify = true", &text!(language, "new-stratify"));
    }
    text += &remarked("scale = \"standardize\"", &text!(language, "new-scale"));
    if !proposal.is_classes() {
        text += &remarked(
            "scale_targets = \"standardize\"",
            &text!(language, "new-scale-targets"),
        );
    }
    text
}

/// The lines about the dialect of the table, if it is not the default.
fn dialect_lines(dialect: &Dialect, language: Language) -> String {
    let mut text = String::new();
    for line in Dialect::default().lines_to(dialect) {
        text += &format!("{line}\n");
    }
    if !dialect.names.is_empty() {
        let names: Vec<&str> = dialect.names.iter().map(String::as_str).collect();
        text += &remarked(
            &format!("names = {}", list(&names)),
            &text!(language, "new-names"),
        );
    }
    if let Some(words) = &dialect.missing_values {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        text += &remarked(
            &format!("missing_values = {}", list(&words)),
            &text!(language, "new-missing-values"),
        );
    }
    text
}

/// The lines about missing cells, with the reason.
fn missing_lines(proposal: &Proposal<'_>, language: Language) -> String {
    let missing = proposal.missing;
    let (mut ways, mut why) = (Vec::new(), Vec::new());
    if let Some(fill) = missing.numbers {
        ways.push(match fill {
            Fill::Mean => "mean",
            Fill::Median => "median",
        });
        why.push(text!(language, "new-missing-number"));
    }
    if missing.category {
        ways.push("category");
        why.push(text!(language, "new-missing-word"));
    }
    if missing.drop {
        ways.push("drop");
        why.push(text!(
            language,
            "new-without-target",
            count = proposal.without_target
        ));
    }
    let why = why.join(&text!(language, "constant-between"));
    match ways.as_slice() {
        [] => String::new(),
        [way] => remarked(&format!("missing = {}", quote(way)), &why),
        ways => remarked(&format!("missing = {}", list(ways)), &why),
    }
}

fn model_section(proposal: &Proposal<'_>, training: &Training, language: Language) -> String {
    let mut text = "\n[model]\n".to_owned();
    let Seen {
        inputs,
        outputs,
        samples,
        ..
    } = proposal.seen;
    text += &comment(&text!(
        language,
        "new-layers",
        hidden = training.hidden,
        inputs = inputs,
        samples = samples
    ));
    text += &format!("layers = [{inputs}, {}, {outputs}]\n", training.hidden);
    text += &remarked("hidden = \"tanh\"", &text!(language, "new-tanh"));
    text + "output = \"identity\"\n"
}

fn training_section(proposal: &Proposal<'_>, training: &Training, language: Language) -> String {
    let mut text = "\n[training]\n".to_owned();
    let (loss, what) = match &proposal.goal {
        Goal::Numbers { remark } => {
            if let Some(remark) = remark {
                text += &comment(&remark.words(language));
            }
            ("half_mse", text!(language, "new-numbers"))
        }
        Goal::Binary => ("bce", text!(language, "new-one-of-two")),
        Goal::Classes { count, remark } => {
            if let Some(remark) = remark {
                text += &comment(&remark.words(language));
            }
            (
                "cross_entropy",
                text!(language, "new-classes", count = *count),
            )
        }
    };
    text += &remarked(&format!("loss = \"{loss}\""), &what);
    if let Some(rare) = &proposal.seen.rare {
        text += &rare_lines(rare, language);
    }
    text += &remarked("optimizer = \"adam\"", &text!(language, "new-adam"));
    text += &match training.batch_size {
        None => remarked("batch_size = \"full\"", &text!(language, "new-full-batch")),
        Some(size) => format!("batch_size = {size}\n"),
    };
    let epochs = match proposal.validation {
        Parts::None => text!(language, "new-epochs"),
        _ => text!(language, "new-epochs-stopped"),
    };
    text += &remarked(&format!("epochs = {}", training.epochs), &epochs);
    if proposal.validation != Parts::None {
        text += &remarked(
            "early_stopping = { patience = 20, restore_best = true }",
            &text!(language, "new-early-stopping"),
        );
    }
    if let Some(l2) = training.l2 {
        text += &remarked(&format!("l2 = {l2}"), &text!(language, "new-l2"));
    }
    let [least, low, high, most] = training.rates;
    text += &format!("learning_rate = {low}\n\n[sweep]\n");
    text += &comment(&text!(language, "new-rates"));
    text += &format!("training.learning_rate = [{least}, {low}, {high}, {most}]\n");
    text += "\n[compare]\nby = \"training.learning_rate\"\n";
    text
}

/// The most classes whose weights are listed.
const LISTED_WEIGHTS: usize = 12;

/// The lines for a rare class: class weights, suitable metrics, and the positive class.
fn rare_lines(rare: &Rare, language: Language) -> String {
    let mut text = comment(&text!(
        language,
        "new-rare",
        class = &rare.class,
        share = format!("{:.1}", 100.0 * rare.share)
    ));
    if rare.weights.len() <= LISTED_WEIGHTS {
        text += &comment(&text!(language, "new-weights"));
        let weights = rare.weights.iter();
        let weights: Vec<String> = weights
            .map(|(class, weight)| format!("{} = {weight:?}", quote(class)))
            .collect();
        text += &format!("class_weights = {{ {} }}\n", weights.join(", "));
    } else {
        text += &remarked(
            "class_weights = \"balanced\"",
            &text!(language, "new-balanced"),
        );
    }
    text += &remarked(
        "metrics = [\"accuracy\", \"balanced_accuracy\", \"f1\"]",
        &text!(language, "new-metrics"),
    );
    if rare.weights.len() == 2 {
        text += &remarked(
            &format!("positive = {}", quote(&rare.class)),
            &text!(language, "new-positive"),
        );
    }
    text
}

/// Whether a column's numbers could be codes.
fn is_code(column: &Column) -> bool {
    column.is_whole() && (3..=10).contains(&column.different())
}

/// The path of the data, relative to the experiment's file.
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

/// The least columns before a remark beside a line.
const REMARK: usize = 32;

/// A line with a remark beside it.
fn remarked(line: &str, remark: &str) -> String {
    let width = REMARK.max(line.chars().count() + 3);
    format!("{line:<width$}{}", comment(remark))
}

/// A line of comment, in which characters that would end the line are shown by their codes.
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
