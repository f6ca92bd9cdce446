//! What the script draws from: the curves as JSON in the page.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use crate::report::Report;
use crate::report::curves::{Band, Curves};
use crate::report::results::higher_is_better;
use crate::report::selection::DrawnConfiguration;

/// The element that holds the curves; nothing where there are none.
pub fn script(report: &Report) -> String {
    let curves = report.selection.drawn.par_iter().zip(&report.curves);
    let curves: Vec<String> = curves
        .filter_map(|(drawn, curves)| Some(json(&Entry::of(drawn, curves.as_ref()?))))
        .collect();
    let rising = report.columns.iter();
    let rising = rising.map(|column| higher_is_better(column));
    if curves.is_empty() {
        return String::new();
    }
    format!(
        "<script type=\"application/json\" id=\"curves-data\">{{\"columns\":{},\"rising\":{},\"curves\":[{}]}}</script>\n",
        json(&report.columns),
        json(&rising.collect::<Vec<bool>>()),
        curves.join(",")
    )
}

/// As JSON that may stand in a script element, which only `<` could end.
fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("plain data is JSON");
    text.replace('<', "\\u003c")
}

/// The curves of one configuration.
#[derive(Serialize)]
struct Entry<'a> {
    bands: BTreeMap<&'a str, Lines<'a>>,
    epoch: &'a [u64],
    leads: bool,
    name: &'a str,
    runs: usize,
    samples: &'a [u64],
    series: usize,
    updates: &'a [u64],
}

impl<'a> Entry<'a> {
    fn of(drawn: &'a DrawnConfiguration, curves: &'a Curves) -> Self {
        let bands = curves.bands.iter();
        Self {
            bands: bands
                .map(|band| (band.column.as_str(), Lines::of(band)))
                .collect(),
            epoch: &curves.epoch,
            leads: drawn.leads,
            name: &drawn.name,
            runs: curves.runs,
            samples: &curves.samples,
            series: drawn.series,
            updates: &curves.updates,
        }
    }
}

/// One column of them.
#[derive(Serialize)]
struct Lines<'a> {
    high: Numbers<'a>,
    low: Numbers<'a>,
    median: Numbers<'a>,
    runs: Vec<Numbers<'a>>,
}

impl<'a> Lines<'a> {
    fn of(band: &'a Band) -> Self {
        Self {
            high: Numbers(&band.high),
            low: Numbers(&band.low),
            median: Numbers(&band.median),
            runs: band.single.iter().map(|run| Numbers(run)).collect(),
        }
    }
}

/// Numbers to four digits, `null` where one is missing.
struct Numbers<'a>(&'a [f64]);

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|&value| {
            // The decimal text, read back, is short when it is written again.
            let rounded = format!("{value:.3e}").parse::<f64>();
            rounded.ok().filter(|value| value.is_finite())
        }))
    }
}
