//! What the script draws from: the curves as JSON in the page.

use serde_json::{Map, Value, json};

use crate::report::Report;

/// The element that holds the curves; nothing where there are none.
pub fn script(report: &Report) -> String {
    let curves: Vec<Value> = report
        .selection
        .drawn
        .iter()
        .zip(&report.curves)
        .filter_map(|(drawn, curves)| Some((drawn, curves.as_ref()?)))
        .map(|(drawn, curves)| {
            let bands: Map<String, Value> = curves
                .bands
                .iter()
                .map(|band| {
                    let runs: Vec<Value> = band.single.iter().map(|run| numbers(run)).collect();
                    let value = json!({
                        "median": numbers(&band.median),
                        "low": numbers(&band.low),
                        "high": numbers(&band.high),
                        "runs": runs,
                    });
                    (band.column.clone(), value)
                })
                .collect();
            json!({
                "name": drawn.name,
                "series": drawn.series,
                "leads": drawn.leads,
                "runs": curves.runs,
                "epoch": curves.epoch,
                "updates": curves.updates,
                "samples": curves.samples,
                "bands": bands,
            })
        })
        .collect();
    if curves.is_empty() {
        return String::new();
    }
    let document = json!({ "columns": report.columns, "curves": curves });
    // Within a script element only `<` could end it.
    let text = document.to_string().replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"curves-data\">{text}</script>\n")
}

/// Numbers to four digits, `null` where one is missing.
fn numbers(values: &[f64]) -> Value {
    let number = |&value: &f64| -> Value {
        // The decimal text, read back, is short when it is written again.
        let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(f64::NAN);
        serde_json::Number::from_f64(rounded).map_or(Value::Null, Value::Number)
    };
    values.iter().map(number).collect()
}
