//! `runner new NAME --from data.csv`: an experiment proposed from the columns of a table.
//!
//! Looks at the columns as a person would: which hold numbers, which words, which are empty here
//! and there, which only number the rows. What it proposes is commented, and meant to be changed.

mod columns;

use std::collections::BTreeSet;
use std::path::Path;

use self::columns::{Column, MOST_CATEGORIES, read};
use crate::config::{Value, key_to_toml};
use problems::{Problem, nearest};

/// The share of the rows that is kept for validation.
const VALIDATION: f64 = 0.2;

/// What is to be learnt.
enum Goal {
    Numbers,
    Binary,
    Classes(usize),
}

/// A commented experiment for the table at `data`, to be written at `file`. `target`: the column to
/// predict; default: the last.
///
/// # Errors
/// The table cannot be read, or nothing can be learnt from it.
pub fn proposal(file: &Path, data: &Path, target: Option<&str>) -> Result<String, Problem> {
    let (columns, rows) = read(data)?;
    let named = |name: &str| columns.iter().position(|column| column.name == name);
    let position = match target {
        None => columns.len() - 1,
        Some(name) => named(name).ok_or_else(|| {
            let names = columns.iter().map(|column| column.name.as_str());
            let problem =
                Problem::new(format!("there is no column `{name}` in {}", data.display()));
            match nearest(name, names.clone()) {
                Some(near) => problem.note(format!("did you mean `{near}`?")),
                None => problem.note(format!(
                    "the columns are: {}",
                    names.collect::<Vec<_>>().join(", ")
                )),
            }
        })?,
    };
    let target = &columns[position];
    let goal = goal(target, rows)?;
    let others = columns
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != position);
    let others: Vec<&Column> = others.map(|(_, column)| column).collect();
    let is_number =
        |column: &&&Column| column.numbers && !column.is_index(rows) && column.values.len() > 1;
    let is_category =
        |column: &&&Column| !column.numbers && column.few() && column.values.len() > 1;
    let numbers: Vec<&&Column> = others.iter().filter(is_number).collect();
    let categories: Vec<&&Column> = others.iter().filter(is_category).collect();
    let left: Vec<&&Column> = others
        .iter()
        .filter(|column| !is_number(column) && !is_category(column))
        .collect();
    if numbers.is_empty() && categories.is_empty() {
        return Err(Problem::new(format!(
            "no column of {} can be an input for `{}`",
            data.display(),
            target.name
        ))
        .note("inputs are numbers, or words of at most 20 different values"));
    }
    let used = || numbers.iter().chain(&categories);
    let inputs = numbers.len()
        + categories
            .iter()
            .map(|column| column.values.len())
            .sum::<usize>();
    let (loss, outputs, what) = match goal {
        Goal::Numbers => ("half_mse", 1, "numbers: the mean squared error".to_owned()),
        Goal::Binary => (
            "bce",
            1,
            "one of two: the cross-entropy of a logit".to_owned(),
        ),
        Goal::Classes(count) => (
            "cross_entropy",
            count,
            format!("one of {count} classes: the cross-entropy of a softmax"),
        ),
    };
    let hidden = inputs.max(outputs).next_power_of_two().clamp(4, 64);
    let missing_target = !target.missing.is_empty();
    let missing = used().any(|column| !column.missing.is_empty());
    let missing_category = categories.iter().any(|column| !column.missing.is_empty());
    let dropping = missing_target || missing_category;
    let quoted = |names: Vec<&str>| -> String {
        let names: Vec<String> = names.into_iter().map(quote).collect();
        format!("[{}]", names.join(", "))
    };
    let stem = super::template::stem(file);
    let mut text = format!(
        "# How well can `{}` be predicted?\n#\n# Proposed from the {rows} rows of {}: read it, and change what you know better.\n\n",
        target.name,
        data.file_name()
            .map_or(String::new(), |name| name.to_string_lossy().into_owned()),
    );
    text += &format!("{} = {}\n", key_to_toml("name"), quote(&stem));
    text += &format!(
        "description = {}\n",
        quote(&format!("How well can {} be predicted?", target.name))
    );
    text += "replicates = 5                  # runs per learning rate; they differ in their random start\n\n[data]\nsource = \"csv\"\n";
    text += &format!("path = {}\n", quote(&relative(file, data)));
    text += &format!("target = {}\n", quote(&target.name));
    if left.is_empty() {
        text += &format!(
            "# the features are all other columns: {}\n",
            listed(&others)
        );
    } else {
        for column in &left {
            let why = if column.is_index(rows) {
                "only numbers the rows"
            } else if column.values.len() <= 1 {
                "has only one value"
            } else if let Some(word) = column.stray_word() {
                &format!("holds numbers, but also `{word}` (a missing value is an empty cell)")
            } else {
                "holds many different words"
            };
            text += &format!("# `{}` is left out: it {why}\n", column.name);
        }
        text += &format!(
            "exclude = {}\n",
            quoted(left.iter().map(|column| column.name.as_str()).collect())
        );
    }
    if !categories.is_empty() {
        text += &format!(
            "categorical = {}   # words: an input for each of them\n",
            quoted(
                categories
                    .iter()
                    .map(|column| column.name.as_str())
                    .collect()
            )
        );
    }
    if missing_target {
        text += "missing = \"drop\"                # rows with an empty cell are left out, since targets are missing\n";
    } else if missing {
        let (way, why) = if missing_category {
            ("drop", "rows with an empty cell are left out")
        } else {
            ("mean", "empty cells get the mean of their column")
        };
        text += &format!("missing = \"{way}\"                # {why}\n");
    }
    let dropped: BTreeSet<usize> = used()
        .map(|column| &***column)
        .chain([target])
        .flat_map(|column| column.missing.iter().copied())
        .filter(|_| dropping)
        .collect();
    let rows = rows - dropped.len();
    let kept = (VALIDATION * rows as f64).round() as usize;
    if kept == 0 {
        text += "# so few rows that none can be kept for validation\n";
    } else {
        text += &format!(
            "validation = {VALIDATION}                # a fifth is kept to see how well it does on new data\n"
        );
        if !matches!(goal, Goal::Numbers) {
            text += "stratify = true                 # with the same share of each class\n";
        }
    }
    text +=
        "scale = \"standardize\"           # every feature gets mean 0 and standard deviation 1\n";
    text += &format!(
        "\n[model]\nlayers = [{inputs}, {hidden}, {outputs}]           # inputs, hidden nodes, outputs\nhidden = \"tanh\"\noutput = \"identity\"\n"
    );
    let rates = rates(&goal, target);
    text += "\n[training]\n";
    if matches!(goal, Goal::Numbers)
        && target.whole
        && target.few()
        && rows >= 5 * target.values.len()
    {
        text += &format!(
            "# `{}` has {} different whole numbers: if they are classes, write them as words\n",
            target.name,
            target.values.len()
        );
    }
    text += &format!("loss = \"{loss}\"          # {what}\noptimizer = \"adam\"\n");
    text += &format!("batch_size = {}\nepochs = 60\n", batch_size(rows - kept));
    if size(&goal, target) > 10.0 {
        text += &format!(
            "# `{}` goes up to {}, so the rates are large; best are targets of about 1: divide the column\n",
            target.name,
            Value::Float(size(&goal, target)).to_toml()
        );
    }
    text += &format!("learning_rate = {}\n", rates[2]);
    text += &format!(
        "\n[sweep]\ntraining.learning_rate = [{}]\n",
        rates.join(", ")
    );
    text += "\n[compare]\nby = \"training.learning_rate\"\n";
    Ok(text)
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

/// How large the numbers that are to be learnt are.
fn size(goal: &Goal, target: &Column) -> f64 {
    match goal {
        Goal::Numbers => target.least.abs().max(target.most.abs()),
        Goal::Binary | Goal::Classes(_) => 1.0,
    }
}

/// Four learning rates for Adam, whose steps have the length of the rate: the larger the targets, the
/// farther the way of the output's parameters.
fn rates(goal: &Goal, target: &Column) -> [String; 4] {
    let exponent = size(goal, target).log10().floor().clamp(0.0, 100.0) as i32;
    ["1e-3", "3e-3", "1e-2", "3e-2"].map(|rate| {
        let (digit, own) = rate.split_once('e').expect("each has an exponent");
        let own: i32 = own.parse().expect("the exponent is a number");
        let rate = format!("{digit}e{}", own + exponent).parse();
        Value::Float(rate.expect("digits and an exponent are a number")).to_toml()
    })
}

fn goal(target: &Column, rows: usize) -> Result<Goal, Problem> {
    let values = target.values.len();
    let name = &target.name;
    match values {
        0 | 1 => Err(Problem::new(format!(
            "the target `{name}` has only one value: there is nothing to learn"
        ))
        .note("name another column: --target COLUMN")),
        2 if !target.numbers || (target.whole && target.least == 0.0 && target.most == 1.0) => {
            Ok(Goal::Binary)
        }
        _ if !target.numbers && target.few() => Ok(Goal::Classes(values)),
        _ if !target.numbers => Err(match target.stray_word() {
            Some(word) => Problem::new(format!(
                "the target `{name}` holds numbers, but also `{word}`"
            ))
            .note("a value that is missing is written as an empty cell"),
            None => Problem::new(format!(
                "the target `{name}` holds words of more than {MOST_CATEGORIES} different values"
            )),
        }
        .note("name another column: --target COLUMN")),
        // Whole numbers from 0 on, each met several times, are classes.
        _ if target.whole
            && target.few()
            && target.least == 0.0
            && target.most + 1.0 == values as f64
            && rows >= 5 * values =>
        {
            Ok(Goal::Classes(values))
        }
        _ => Ok(Goal::Numbers),
    }
}

/// The data's path as seen from the experiment's file.
fn relative(file: &Path, data: &Path) -> String {
    let directory = file.parent().unwrap_or(Path::new(""));
    crate::plan::relative_path(data, directory)
}

fn quote(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The first names of a list.
fn listed(columns: &[&Column]) -> String {
    const SHOWN: usize = 8;
    let names: Vec<&str> = columns
        .iter()
        .take(SHOWN)
        .map(|column| column.name.as_str())
        .collect();
    match columns.len() {
        0..=SHOWN => names.join(", "),
        n => format!("{} and {} more", names.join(", "), n - SHOWN),
    }
}
