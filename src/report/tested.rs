//! The contents of `test.csv`, for a person.

use std::path::Path;

use super::number::significant;
use crate::language::Language;
use crate::record::looks::Looks;
use crate::screen::Screen;
use crate::screen::table::{Column, LIGHT, Table};
use crate::text;
use problems::Error;

/// The opened test part of a directory of results.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// The configuration that was tested, by its number in the plan.
    pub configuration: u64,
    /// The number of samples in the test part.
    pub samples: u64,
    /// The number of tested runs.
    pub runs: usize,
    /// Whether the runs are the folds of one replicate.
    pub folded: bool,
    /// The number of looks at the test part in this directory.
    pub looks: usize,
    /// A row per column of the results.
    pub figures: Vec<Figure>,
}

/// One column of results.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The name of the column: `test_loss`, `test_accuracy`, ….
    pub column: String,
    /// The mean over the runs.
    pub mean: Option<f64>,
    /// The mean's 95 % interval over the runs.
    pub over_runs: Option<(f64, f64)>,
    /// The mean's 95 % interval over the samples.
    pub over_samples: Option<(f64, f64)>,
    /// The value of the constant answer.
    pub always: Option<f64>,
}

impl Tested {
    /// Reads `test.csv`; `None` if the test part was not opened.
    ///
    /// # Errors
    /// If the file exists and was not written by `runner test`.
    pub fn read(directory: &Path) -> Result<Option<Self>, Error> {
        let path = directory.join("test.csv");
        if !path.is_file() {
            return Ok(None);
        }
        let broken = |cause: &dyn std::fmt::Display| {
            Error::Other(format!("cannot read {}: {cause}", path.display()))
        };
        let mut reader = csv::Reader::from_path(&path).map_err(|cause| broken(&cause))?;
        let header = reader.headers().map_err(|cause| broken(&cause))?.clone();
        let place = |name: &str| {
            let place = header.iter().position(|column| column == name);
            place.ok_or_else(|| broken(&format!("it has no column `{name}`")))
        };
        let (configuration, samples) = (place("configuration")?, place("samples")?);
        let columns: Vec<usize> = (samples + 1..header.len()).collect();
        let mut tested = Self {
            configuration: 0,
            samples: 0,
            runs: 0,
            folded: header.iter().any(|column| column == "fold"),
            looks: Looks::read(directory)?.count(),
            figures: columns
                .iter()
                .map(|&column| Figure {
                    column: header[column].to_owned(),
                    mean: None,
                    over_runs: None,
                    over_samples: None,
                    always: None,
                })
                .collect(),
        };
        for record in reader.records() {
            let record = record.map_err(|cause| broken(&cause))?;
            let count = |place: usize| {
                let number = record[place].parse::<u64>();
                number
                    .map_err(|_| broken(&format!("`{}` is no {}", &record[place], &header[place])))
            };
            tested.configuration = count(configuration)?;
            tested.samples = count(samples)?;
            for (figure, &column) in tested.figures.iter_mut().zip(&columns) {
                let value = match &record[column] {
                    "" => continue,
                    cell => cell
                        .parse::<f64>()
                        .map_err(|_| broken(&format!("`{cell}` is no number")))?,
                };
                // The lower end of an interval stands before the upper one.
                let close = |interval: &mut Option<(f64, f64)>| {
                    if let Some((_, high)) = interval {
                        *high = value;
                    }
                };
                match &record[0] {
                    "mean" => figure.mean = Some(value),
                    "ci_low" => figure.over_runs = Some((value, value)),
                    "ci_high" => close(&mut figure.over_runs),
                    "samples_low" => figure.over_samples = Some((value, value)),
                    "samples_high" => close(&mut figure.over_samples),
                    "always" => figure.always = Some(value),
                    _ => {}
                }
            }
            tested.runs += usize::from(&record[0] == "run");
        }
        Ok(Some(tested))
    }

    /// The noun for the runs over which the first interval is computed.
    pub fn runs_word(&self, language: Language) -> String {
        match (self.folded, self.runs) {
            (_, 1) => text!(language, "tested-one-run"),
            (false, runs) => text!(language, "tested-replicates", count = runs),
            (true, runs) => text!(language, "tested-folds", count = runs),
        }
    }

    /// The number of looks, in sentences.
    pub fn looks_words(&self, language: Language) -> String {
        match self.looks {
            0 | 1 => text!(language, "tested-first-look", samples = self.samples),
            looks => text!(
                language,
                "tested-later-look",
                samples = self.samples,
                look = look(language, looks)
            ),
        }
    }
}

/// The ordinal of a look, as in `the second look`.
pub fn look(language: Language, number: usize) -> String {
    text!(language, "tested-look", number = number)
}

/// The ends of an interval in a cell.
pub fn ends(language: Language, interval: Option<(f64, f64)>) -> String {
    match interval {
        Some((low, high)) => {
            let [low, high] = [low, high].map(|end| significant(end, 3));
            text!(language, "number-interval", low = low, high = high)
        }
        None => "–".to_owned(),
    }
}

/// The figures as a table for a terminal, and the looks.
pub fn table(language: Language, tested: &Tested, screen: &Screen) -> String {
    let mut name = Column::new("").shortening(10);
    let mut mean = Column::new(text!(language, "tested-mean")).right();
    let over_runs = text!(
        language,
        "tested-over-runs",
        runs = tested.runs_word(language)
    );
    let mut over_runs = Column::new(over_runs).right().optional(LIGHT + 1);
    let over_samples = text!(language, "tested-over-samples", samples = tested.samples);
    let mut over_samples = Column::new(over_samples).right();
    let always = text!(language, "tested-without-a-network");
    let mut always = Column::new(always).right().optional(LIGHT + 2);
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| significant(value, 4));
    for figure in &tested.figures {
        name.push(figure.column.clone());
        mean.push(number(figure.mean));
        over_runs.push(ends(language, figure.over_runs));
        over_samples.push(ends(language, figure.over_samples));
        always.push(number(figure.always));
    }
    let table = Table::of([name, mean, over_runs, over_samples, always]);
    let looks = screen.prose(&tested.looks_words(language));
    format!("{}\n{looks}\n", table.render(screen))
}
