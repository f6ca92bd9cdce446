//! The preparation: it is fitted on the training part and applied to any rows.

use choices::Choice;
use ndarray::Array2;

use super::classes::{Classes, list};
use super::raw::{Cell, Collected, Raw};
use super::scaling::{self, Unfit};
use super::targets::{fit_classes, unseen};
use super::{
    Column, Derived, Dialect, Fill, Preparation, Request, Samples, Scale, Scaling, Source,
    TargetKind, memory,
};
use numbers::matrix::DataMatrix;
use problems::{Problem, Problems};

/// A preparation, and the classes that the training part has.
#[derive(Debug)]
pub(super) struct Fitted {
    /// The preparation, which is stored with every model.
    pub preparation: Preparation,
    seen: Vec<bool>,
}

/// Fits the preparation on the training part, and applies it to that part.
///
/// # Errors
/// If labels are out of range, the loss cannot learn the targets, columns cannot be scaled or
/// filled, or inputs are derived from anything but two numbers. The problem has the place of the
/// cell if one cell is wrong.
pub(super) fn fit(mut train: Raw, request: &Request) -> Result<(Fitted, Samples), Problems> {
    let columns = fit_columns(&train)?;
    check_derive(&train, &request.derive)?;
    let (classes, seen) = fit_classes(&train, request)?;
    let mut preparation = Preparation {
        features: names(&columns, &request.derive),
        columns,
        derive: request.derive.clone(),
        scaling: Vec::new(),
        targets: train.targets.clone(),
        target_scaling: Vec::new(),
        kind: request.kind,
        classes,
        dialect: match &request.source {
            Source::Csv { dialect, .. } => dialect.clone(),
            _ => Dialect::default(),
        },
    };
    let mut y = preparation
        .targets(&mut train, "")?
        .ok_or_else(|| Problem::new("there are no targets"))?;
    if request.scale_targets != Scale::None && request.kind == TargetKind::Numbers {
        let targets = y.into_array();
        preparation.target_scaling =
            fit_target_scaling(&targets, &preparation.targets, request.scale_targets)?;
        y = preparation.scale_targets(targets.into());
    }
    let mut x = preparation.expand(train)?;
    if request.scale != Scale::None {
        let mut scaled = x.into_array();
        preparation.scaling = fit_scaling(&scaled, &preparation, request.scale)?;
        scaling::apply(&mut scaled, &preparation.scaling);
        x = scaled.into();
    }
    let fitted = Fitted { preparation, seen };
    Ok((fitted, Samples { x, y }))
}

impl Fitted {
    /// Applies the preparation to the validation part; `advice` is given if that part has an
    /// unknown class.
    ///
    /// # Errors
    /// If it has classes or categories that the training part lacks.
    pub fn samples(&self, mut raw: Raw, advice: &str) -> Result<Samples, Problems> {
        let y = self
            .preparation
            .targets(&mut raw, advice)?
            .ok_or_else(|| Problem::new("there are no targets"))?;
        let y = self.preparation.scale_targets(y);
        if self.preparation.kind == TargetKind::Classes {
            let mut found = Collected::default();
            let mut reported = vec![false; self.seen.len()];
            for (row, class) in y.iter().enumerate() {
                let class = class as usize;
                if !self.seen[class] && !std::mem::replace(&mut reported[class], true) {
                    found.push(|| unseen(&raw, row, &self.preparation.classes[class], advice));
                }
            }
            found.into_result(())?;
        }
        let x = self.preparation.inputs(raw)?;
        Ok(Samples { x, y })
    }
}

impl Preparation {
    /// Scales targets in their own units (samples, targets) for the network.
    pub fn scale_targets(&self, y: DataMatrix) -> DataMatrix {
        if self.target_scaling.is_empty() {
            return y;
        }
        let mut scaled = y.into_array();
        scaling::apply(&mut scaled, &self.target_scaling);
        scaled.into()
    }

    /// Whether the raw inputs are two numbers, which are points of a plane and can be drawn.
    pub fn is_of_two_numbers(&self) -> bool {
        let mut columns = self.columns.iter();
        self.columns.len() == 2 && columns.all(|column| column.categories.is_empty())
    }

    /// Turns predictions or scaled targets (samples, targets) into the targets' own units, in
    /// place.
    pub fn unscale_targets(&self, values: &mut Array2<f64>) {
        scaling::undo(values, &self.target_scaling);
    }

    /// The inputs of raw rows, (rows, features): filled, one-hot coded, derived and scaled. If none
    /// of that changes them, they are the raw numbers in their own format, without a copy.
    ///
    /// # Errors
    /// If a category is unknown, or nothing fills an empty cell.
    pub(super) fn inputs(&self, raw: Raw) -> Result<DataMatrix, Problems> {
        let x = self.expand(raw)?;
        if self.scaling.is_empty() {
            return Ok(x);
        }
        let mut scaled = x.into_array();
        scaling::apply(&mut scaled, &self.scaling);
        Ok(scaled.into())
    }

    /// For each column of words, the index of each word's category; `None` for a column of numbers.
    pub(super) fn codes(&self, raw: &Raw) -> Vec<Option<Vec<Option<usize>>>> {
        let columns = self.columns.iter().zip(&raw.columns);
        columns
            .map(|(column, raw)| {
                let classes = Classes::of(column.categories.clone());
                let words = raw.words.as_ref()?;
                Some(words.iter().map(|word| classes.index(word)).collect())
            })
            .collect()
    }

    /// The index of the class with each of these names, as a number; NaN for an unknown name.
    pub(super) fn class_indices(&self, words: &[String]) -> Vec<f64> {
        let classes = Classes::of(self.classes.clone());
        let index = |word: &String| classes.index(word).map_or(f64::NAN, |index| index as f64);
        words.iter().map(index).collect()
    }

    /// The inputs of [`Preparation::inputs`] before scaling.
    fn expand(&self, raw: Raw) -> Result<DataMatrix, Problems> {
        let mut found = Collected::default();
        let codes = self.codes(&raw);
        let all_numbers = codes.iter().all(Option::is_none);
        let checked = if all_numbers && raw.fill.is_none() {
            0
        } else {
            raw.x.nrows()
        };
        for row in 0..checked {
            for (j, cell) in raw.x.row(row).enumerate() {
                match &codes[j] {
                    Some(codes) if codes[cell as usize].is_none() => {
                        found.push(|| {
                            unknown_category(&raw, row, j, cell as usize, &self.columns[j])
                        });
                    }
                    None if cell.is_nan() && self.columns[j].fill.is_none() => found.push(|| {
                        let message =
                            format!("a cell of column `{}` is empty", raw.columns[j].name);
                        raw.problem(row, Cell::Feature(j), message, "a value is missing here")
                    }),
                    _ => {}
                }
            }
        }
        found.into_result(())?;
        let mut found = Collected::default();

        let width = self.features.len();
        let (rows, raw_width) = raw.x.dim();
        let value = |j: usize, cell: f64| match self.columns[j].fill {
            Some(mean) if cell.is_nan() => mean,
            _ => cell,
        };
        if width == raw_width && all_numbers {
            if self.columns.iter().all(|column| column.fill.is_none()) {
                return Ok(raw.x);
            }
            let mut x = raw.x.into_array();
            for (j, mut cells) in x.columns_mut().into_iter().enumerate() {
                cells.mapv_inplace(|cell| value(j, cell));
            }
            return Ok(x.into());
        }
        memory::check(rows as u128 * width as u128 * 8, || {
            format!("{rows} samples of {width} inputs")
        })?;
        let mut x = Vec::with_capacity(rows * width);
        for row in 0..rows {
            let start = x.len();
            for (j, cell) in raw.x.row(row).enumerate() {
                match &codes[j] {
                    None => x.push(value(j, cell)),
                    Some(codes) => {
                        let first = x.len();
                        x.resize(first + self.columns[j].categories.len(), 0.0);
                        let code = codes[cell as usize].expect("unknown categories were refused");
                        x[first + code] = 1.0;
                    }
                }
            }
            for derived in &self.derive {
                let value = derived.value(x[start], x[start + 1]);
                if !value.is_finite() {
                    let name = &self.features[x.len() - start];
                    found.push(|| {
                        let message = format!("the derived input `{name}` is {value} here");
                        let label = "too large for its number format";
                        raw.problem(row, Cell::Feature(0), message, label)
                    });
                }
                x.push(value);
            }
        }
        found.into_result(())?;
        Ok(DataMatrix::new(rows, width, x))
    }
}

impl Preparation {
    /// Whether its parts fit together and fit a network with these inputs and outputs, since a
    /// preparation in a file may be anything.
    pub fn fits(&self, inputs: usize, outputs: usize) -> bool {
        let numbers = |column: &Column| column.categories.is_empty();
        let widths = self
            .columns
            .iter()
            .map(|column| column.categories.len().max(1));
        let derives =
            self.derive.is_empty() || (self.columns.len() == 2 && self.columns.iter().all(numbers));
        let targets = match self.kind {
            TargetKind::Numbers | TargetKind::Binary => self.targets.len() == outputs,
            TargetKind::Classes => self.classes.len() <= outputs,
        };
        derives
            && targets
            && widths.sum::<usize>() + self.derive.len() == inputs
            && self.features.len() == inputs
            && [0, inputs].contains(&self.scaling.len())
            && [0, outputs].contains(&self.target_scaling.len())
    }
}

fn unknown_category(raw: &Raw, row: usize, j: usize, word: usize, column: &Column) -> Problem {
    let words = raw.columns[j]
        .words
        .as_ref()
        .expect("the column holds categories");
    let message = format!(
        "the training part has no `{}` in column `{}`",
        words[word], column.name
    );
    raw.problem(row, Cell::Feature(j), message, "only met here")
        .note(format!("its categories are: {}", list(&column.categories)))
}

/// The categories and the means or medians of the training part's columns.
fn fit_columns(train: &Raw) -> Result<Vec<Column>, Problems> {
    let mut problems = Problems::new();
    let columns = train.columns.iter().enumerate().map(|(j, column)| {
        let cells = train.x.column(j);
        let mut fill = None;
        if let Some(way) = train.fill
            && column.words.is_none()
        {
            let known: Vec<f64> = cells.clone().filter(|cell| !cell.is_nan()).collect();
            let value = way.value(known);
            if !value.is_finite() {
                let message = format!(
                    "column `{}` of {} has nothing to fill its missing cells with: the training part has no value of it",
                    column.name, train.origin.name
                );
                let exclude = format!("exclude = [\"{}\"] leaves the column out", column.name);
                problems.push(
                    Problem::new(message)
                        .note(exclude)
                        .note("missing = \"drop\" leaves the rows out in which it is missing"),
                );
            }
            fill = Some(value);
        }
        let categories = column.words.as_ref().map_or(Vec::new(), |words| {
            let mut used = vec![false; words.len()];
            cells.clone().for_each(|word| used[word as usize] = true);
            let used = words.iter().zip(used).filter(|(_, used)| *used);
            Classes::sorted(used.map(|(word, _)| word.as_str()).collect::<Vec<_>>().into_iter())
                .names()
                .to_vec()
        });
        Column {
            name: column.name.clone(),
            categories,
            fill,
        }
    });
    let columns = columns.collect();
    if problems.is_empty() {
        Ok(columns)
    } else {
        Err(problems)
    }
}

impl Fill {
    /// The number that fills the missing ones of this column; NaN if there are no known numbers.
    fn value(self, mut known: Vec<f64>) -> f64 {
        match self {
            Fill::Mean => known.iter().sum::<f64>() / known.len() as f64,
            Fill::Median => {
                known.sort_by(f64::total_cmp);
                let middle = known.len() / 2;
                match known.len() % 2 {
                    _ if known.is_empty() => f64::NAN,
                    1 => known[middle],
                    _ => known[middle - 1] / 2.0 + known[middle] / 2.0,
                }
            }
        }
    }
}

/// Refuses derived inputs unless there are two columns of numbers.
fn check_derive(train: &Raw, derive: &[Derived]) -> Result<(), Problem> {
    let numbers = train
        .columns
        .iter()
        .filter(|column| column.words.is_none())
        .count();
    if derive.is_empty() || (numbers == 2 && train.columns.len() == 2) {
        return Ok(());
    }
    Err(Problem::new(format!(
        "`derive` computes inputs from two features of numbers, but {} has {} feature{}",
        train.origin.name,
        train.columns.len(),
        if train.columns.len() == 1 { "" } else { "s" },
    )))
}

impl Derived {
    /// The value of the derived input at a point.
    pub fn value(self, x1: f64, x2: f64) -> f64 {
        match self {
            Derived::X1Squared => x1 * x1,
            Derived::X2Squared => x2 * x2,
            Derived::Product => x1 * x2,
            Derived::SinX1 => libm::sin(x1),
            Derived::SinX2 => libm::sin(x2),
        }
    }
}

/// The name of each input: that of its column, `column=category`, or that of the derived input.
fn names(columns: &[Column], derive: &[Derived]) -> Vec<String> {
    let mut names = Vec::new();
    for column in columns {
        if column.categories.is_empty() {
            names.push(column.name.clone());
        }
        names.extend(
            column
                .categories
                .iter()
                .map(|word| format!("{}={word}", column.name)),
        );
    }
    names.extend(derive.iter().map(|derived| derived.word().to_owned()));
    names
}

/// The scaling of each target column. A constant column becomes 0.
fn fit_target_scaling(
    y: &Array2<f64>,
    names: &[String],
    scale: Scale,
) -> Result<Vec<Scaling>, Problems> {
    let mut problems = Problems::new();
    let fitted = scaling::fit(y, scale).into_iter().enumerate();
    let scaling = fitted.map(|(column, scaling)| match scaling {
        Ok(scaling) => scaling,
        Err(Unfit::Range) => {
            problems.push(Problem::new(format!(
                "target `{}` has values too large, or too close to each other, to be scaled",
                names.get(column).map_or("y", String::as_str)
            )));
            Scaling::IDENTITY
        }
    });
    let scaling = scaling.collect();
    if problems.is_empty() {
        Ok(scaling)
    } else {
        Err(problems)
    }
}

/// The scaling of each input. The 0 and 1 of categories are not scaled.
fn fit_scaling(
    x: &Array2<f64>,
    preparation: &Preparation,
    scale: Scale,
) -> Result<Vec<Scaling>, Problems> {
    let numbers = preparation
        .columns
        .iter()
        .flat_map(|column| match column.categories.len() {
            0 => vec![true],
            count => vec![false; count],
        });
    let numbers = numbers.chain(preparation.derive.iter().map(|_| true));
    let mut range = Vec::new();
    let scaling = scaling::fit(x, scale)
        .into_iter()
        .zip(numbers)
        .zip(&preparation.features)
        .map(|((scaling, is_number), name)| {
            let scaling = if is_number {
                scaling
            } else {
                Ok(Scaling::IDENTITY)
            };
            if scaling == Err(Unfit::Range) {
                range.push(format!("`{name}`"));
            }
            scaling.unwrap_or(Scaling::IDENTITY)
        })
        .collect();
    let mut problems = Problems::new();
    let subject = |names: &[String]| match names.len() {
        1 => format!("column {} has", names[0]),
        _ => format!("columns {} have", list(names)),
    };
    if !range.is_empty() {
        problems.push(Problem::new(format!(
            "{} values too large, or too close to each other, to be scaled",
            subject(&range)
        )));
    }
    if problems.is_empty() {
        Ok(scaling)
    } else {
        Err(problems)
    }
}
