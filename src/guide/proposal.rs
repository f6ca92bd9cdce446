//! `runner new NAME --from data.csv`: an experiment proposed from the columns of a table.
//!
//! Looks at the columns as a person would: which hold numbers, which words, which are empty here
//! and there, which only number the rows. What it proposes is commented, and meant to be changed.

use std::collections::BTreeSet;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::config::{key_to_toml, reason};
use crate::error::{Problem, nearest};

/// Words of so few different values are categories.
const MOST_CATEGORIES: usize = 20;

/// A column as it was seen.
#[derive(Debug)]
struct Column {
    name: String,
    numbers: bool,
    whole: bool,
    missing: usize,
    /// The different values, no more than are needed to tell.
    values: BTreeSet<String>,
    least: f64,
    most: f64,
    /// Whether each row has the number of the row before, plus one.
    counts: bool,
    last: Option<f64>,
}

impl Column {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            numbers: true,
            whole: true,
            missing: 0,
            values: BTreeSet::new(),
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
            counts: true,
            last: None,
        }
    }

    fn see(&mut self, cell: &str) {
        let cell = cell.trim();
        if cell.is_empty() {
            self.missing += 1;
            self.counts = false;
            return;
        }
        if self.values.len() <= MOST_CATEGORIES {
            self.values.insert(cell.to_owned());
        }
        match cell.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.whole &= number.fract() == 0.0;
                self.least = self.least.min(number);
                self.most = self.most.max(number);
                self.counts &= self.last.is_none_or(|last| number == last + 1.0);
                self.last = Some(number);
            }
            _ => self.numbers = false,
        }
    }

    /// Whether it only numbers or names the rows.
    fn is_index(&self, rows: usize) -> bool {
        rows > 2 && self.numbers && self.counts && self.missing == 0
    }

    fn few(&self) -> bool {
        self.values.len() <= MOST_CATEGORIES
    }
}

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
    let missing_target = target.missing > 0;
    let missing = used().any(|column| column.missing > 0);
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
        let (way, why) = if categories.iter().any(|column| column.missing > 0) {
            ("drop", "rows with an empty cell are left out")
        } else {
            ("mean", "empty cells get the mean of their column")
        };
        text += &format!("missing = \"{way}\"                # {why}\n");
    }
    text +=
        "validation = 0.2                # a fifth is kept to see how well it does on new data\n";
    if !matches!(goal, Goal::Numbers) {
        text += "stratify = true                 # with the same share of each class\n";
    }
    text +=
        "scale = \"standardize\"           # every feature gets mean 0 and standard deviation 1\n";
    text += &format!(
        "\n[model]\nlayers = [{inputs}, {hidden}, {outputs}]           # inputs, hidden nodes, outputs\nhidden = \"tanh\"\noutput = \"identity\"\n"
    );
    let batch = match rows {
        0..200 => 8,
        200..5_000 => 32,
        _ => 128,
    };
    text += &format!(
        "\n[training]\nloss = \"{loss}\"          # {what}\noptimizer = \"adam\"\nbatch_size = {batch}\nepochs = 60\nlearning_rate = 0.01\n"
    );
    text += "\n[sweep]\ntraining.learning_rate = [0.001, 0.003, 0.01, 0.03]\n\n[compare]\nby = \"training.learning_rate\"\n";
    Ok(text)
}

/// The columns of the table and how many rows it has.
fn read(path: &Path) -> Result<(Vec<Column>, usize), Problem> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|cause| Problem::new(format!("cannot read {shown}: {}", reason(&cause))))?;
    let input: Box<dyn std::io::Read> = if bytes.starts_with(&[0x1f, 0x8b]) {
        Box::new(MultiGzDecoder::new(std::io::Cursor::new(bytes)))
    } else {
        Box::new(std::io::Cursor::new(bytes))
    };
    let broken = |cause: csv::Error| Problem::new(format!("{shown} is not a CSV table: {cause}"));
    let mut reader = csv::ReaderBuilder::new().from_reader(input);
    let header = reader.headers().map_err(broken)?.clone();
    let strip = |name: &str| name.trim_start_matches('\u{feff}').to_owned();
    let mut columns: Vec<Column> = header
        .iter()
        .map(|name| Column::new(&strip(name)))
        .collect();
    if columns.len() < 2 {
        return Err(
            Problem::new(format!("{shown} has only {} column", columns.len())).note(
                "a table needs at least one feature and the target, with commas between them",
            ),
        );
    }
    if columns
        .iter()
        .all(|column| column.name.trim().parse::<f64>().is_ok())
    {
        return Err(Problem::new(format!(
            "{shown} has no header: its first line holds numbers"
        ))
        .note("write the names of the columns into the first line"));
    }
    let mut rows = 0;
    for record in reader.records() {
        let record = record.map_err(broken)?;
        rows += 1;
        for (column, cell) in columns.iter_mut().zip(record.iter()) {
            column.see(cell);
        }
    }
    if rows < 2 {
        return Err(Problem::new(format!("{shown} has too few rows: {rows}")));
    }
    Ok((columns, rows))
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
        _ if !target.numbers => Err(Problem::new(format!(
            "the target `{name}` holds words of more than {MOST_CATEGORIES} different values"
        ))
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
