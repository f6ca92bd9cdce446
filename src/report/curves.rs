//! Loss curves: the median and the band over replicates during training.

use super::reported_columns;
use super::results::{Results, higher_is_better};
use super::selection::Selection;
use crate::record::history::History;
use crate::text;
use pictures::axis::{
    Frame, SMALL, Scale, line, names_beside, pieces, values_beneath, values_on_the_left,
};
use pictures::{Anchor, Dash, Figure, Ink, Item, strong_text, text, wrap};
use statistics::description::order_statistics;

/// The most points of a curve.
const POINTS: usize = 150;
/// The most single runs of a configuration that a page keeps.
const RUNS: usize = 10;

/// The curves of one configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// The epoch of each point.
    pub epoch: Vec<u64>,
    /// The updates up to each point.
    pub updates: Vec<u64>,
    /// The samples seen up to each point.
    pub samples: Vec<u64>,
    /// The bands of training and validation.
    pub bands: Vec<Band>,
    /// The number of replicates.
    pub runs: usize,
}

/// One column of the history, summarised over the replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// The name of the column.
    pub column: String,
    /// The median at each point; NaN if no replicate has a value.
    pub median: Vec<f64>,
    /// The lower end of the band: a tenth of the replicates, rounded down, lies below it.
    pub low: Vec<f64>,
    /// The upper end of the band.
    pub high: Vec<f64>,
    /// The first few replicates one by one; NaN where they have no value.
    pub single: Vec<Vec<f64>>,
}

/// The columns of which a page shows curves: the compared one, then its counterpart of the other
/// side.
pub fn columns(results: &Results, history: &History) -> Vec<String> {
    let mut columns = reported_columns(&results.experiment.metric, &results.columns);
    columns.retain(|name| {
        let values = history.column(name);
        values.is_some_and(|values| values.iter().any(|v| v.is_finite()))
    });
    columns
}

impl Curves {
    /// The curves of a configuration; `None` if its runs have no history.
    pub fn new(
        results: &Results,
        history: &History,
        configuration: usize,
        columns: &[String],
    ) -> Option<Self> {
        let runs = &results.configurations[configuration].runs;
        let rows: Vec<_> = runs
            .iter()
            .map(|&run| history.rows(results.runs[run].number))
            .filter(|rows| !rows.is_empty())
            .collect();
        let longest = rows.iter().max_by_key(|rows| rows.len())?.clone();
        let chosen = spread(longest.len(), POINTS);
        let of = |counts: &[u64]| chosen.iter().map(|&i| counts[longest.start + i]).collect();
        let bands = columns
            .iter()
            .filter_map(|column| Some((column, history.column(column)?)))
            .map(|(column, values)| {
                let mut band = Band {
                    column: column.clone(),
                    median: Vec::new(),
                    low: Vec::new(),
                    high: Vec::new(),
                    single: Vec::new(),
                };
                let mut finite = Vec::with_capacity(rows.len());
                for &i in &chosen {
                    let here = rows
                        .iter()
                        .filter(|rows| i < rows.len())
                        .map(|rows| values[rows.start + i]);
                    finite.clear();
                    finite.extend(here.filter(|value| value.is_finite()));
                    let n = finite.len();
                    if n == 0 {
                        for list in [&mut band.median, &mut band.low, &mut band.high] {
                            list.push(f64::NAN);
                        }
                        continue;
                    }
                    let places = [n / 10, (n - 1) / 2, n / 2, n - 1 - n / 10];
                    let [low, below, above, high] = order_statistics(&mut finite, places);
                    band.median.push(f64::midpoint(below, above));
                    band.low.push(low);
                    band.high.push(high);
                }
                for rows in rows.iter().take(RUNS) {
                    let value =
                        |&i: &usize| rows.clone().nth(i).map_or(f64::NAN, |row| values[row]);
                    band.single.push(chosen.iter().map(value).collect());
                }
                band
            })
            .collect();
        Some(Self {
            epoch: of(&history.epoch),
            updates: of(&history.updates),
            samples: of(&history.samples),
            bands,
            runs: rows.len(),
        })
    }
}

/// At most `most` indices below `count`, evenly spread, including the first and the last.
fn spread(count: usize, most: usize) -> Vec<usize> {
    if count <= most {
        return (0..count).collect();
    }
    (0..most).map(|i| i * (count - 1) / (most - 1)).collect()
}

/// The figure of the leading configurations: the compared column by epoch. The axis is logarithmic
/// if all values are above 0; validation is drawn solid and training dotted.
pub fn figure(selection: &Selection, curves: &[Option<Curves>], width: f64) -> Figure {
    let language = selection.language;
    let narrow = width < WIDE;
    let height = if narrow { 300.0 } else { 420.0 };
    let leading: Vec<_> = selection
        .drawn
        .iter()
        .zip(curves)
        .filter_map(|(drawn, curves)| Some((drawn, curves.as_ref()?)))
        .filter(|(drawn, _)| drawn.leads)
        .collect();
    let column = leading
        .iter()
        .find_map(|(_, curves)| curves.bands.first())
        .map_or("loss", |band| band.column.as_str())
        .to_owned();
    let mut figure = Figure::new(
        width,
        height,
        text!(language, "figure-by-epoch", column = &column),
    );
    let frame = Frame {
        left: 62.0,
        top: 34.0,
        right: if narrow { width - 12.0 } else { width - 190.0 },
        bottom: height - 48.0,
    };
    let first = |curves: &Curves| curves.bands.first().cloned();
    let bands: Vec<Band> = leading
        .iter()
        .filter_map(|(_, curves)| first(curves))
        .collect();
    let limit = limit(&bands, &column);
    let rising = higher_is_better(&column);
    let belongs = |value: f64| badness(value, rising) <= limit;
    // The dotted lines of the same quantity count for the scale.
    let others = leading.iter().filter_map(|(_, curves)| curves.bands.get(1));
    let others = others.filter(|band| same_quantity(&band.column, &column));
    let all = bands
        .iter()
        .take(BANDS)
        .flat_map(|band| band.low.iter().chain(&band.high))
        .chain(bands.iter().flat_map(|band| &band.median))
        .chain(others.flat_map(|band| &band.median))
        .copied()
        .filter(|&value| belongs(value));
    let (low, high) = extremes(all.clone());
    let decades = !higher_is_better(&column) && low > 0.0 && high >= SPAN * low;
    let y = Scale::new(all, frame.bottom, frame.top, decades).padded(0.03);
    let last = leading
        .iter()
        .filter_map(|(_, curves)| curves.epoch.last())
        .max()
        .copied()
        .unwrap_or(1);
    let begin = leading
        .iter()
        .filter_map(|(_, curves)| curves.epoch.first())
        .min()
        .copied()
        .unwrap_or(0);
    let x = Scale::new(
        [begin as f64, last as f64].into_iter(),
        frame.left,
        frame.right,
        false,
    );

    values_on_the_left(&mut figure, frame, &y, &column);
    let ticks: Vec<_> = x
        .ticks(if narrow { 5 } else { 8 })
        .into_iter()
        .map(|(v, label)| (x.place(v), label))
        .collect();
    values_beneath(&mut figure, frame, &ticks, &text!(language, "figure-epoch"));

    let mut labels = Vec::new();
    for (place, (drawn, curves)) in leading.iter().enumerate().rev() {
        let ink = Ink::Series(drawn.series);
        // Values outside the scale (of the dotted lines) leave a gap.
        let at = |i: usize, value: f64| {
            (
                x.place(curves.epoch[i] as f64),
                if y.holds(value) {
                    y.place(value)
                } else {
                    f64::NAN
                },
            )
        };
        let mut items = Vec::new();
        for (order, band) in curves.bands.iter().enumerate().take(2).rev() {
            let points = |values: &[f64]| -> Vec<(f64, f64)> {
                values.iter().enumerate().map(|(i, &v)| at(i, v)).collect()
            };
            if order == 0 && curves.runs > 1 && place < BANDS {
                let (low, high) = (
                    pieces(points(&band.low).into_iter()),
                    pieces(points(&band.high).into_iter()),
                );
                for (low, high) in low.into_iter().zip(high).filter(|(low, _)| low.len() > 1) {
                    let corners = high.into_iter().chain(low.into_iter().rev()).collect();
                    items.push(Item::Area {
                        points: corners,
                        ink,
                        opacity: 0.16,
                    });
                }
            }
            let (thickness, dash) = if order == 0 {
                (2.0, Dash::Solid)
            } else {
                (1.2, Dash::Dotted)
            };
            // A column of another quantity does not fit this axis.
            if order == 0 || same_quantity(&band.column, &column) {
                items.extend(line(points(&band.median).into_iter(), ink, thickness, dash));
            }
        }
        if let Some(band) = curves.bands.first()
            && let Some(i) = (0..band.median.len())
                .rev()
                .find(|&i| band.median[i].is_finite())
        {
            labels.push((at(i, band.median[i]).1, drawn.name.clone(), ink));
        }
        figure.items.push(Item::Group {
            series: drawn.series,
            name: drawn.name.clone(),
            items,
        });
    }
    if !narrow {
        names_beside(&mut figure, frame, labels);
    }
    let leaves = |band: &Band| {
        let mut values = band.low.iter().chain(&band.high).chain(&band.median);
        values.any(|&value| value.is_finite() && !belongs(value))
    };
    if bands.iter().any(leaves) {
        figure.items.push(text(
            (frame.right, 12.0),
            text!(language, "figure-some-off-the-scale"),
            Anchor::End,
            SMALL,
            Ink::Muted,
        ));
    }
    let names: Vec<String> = leading
        .iter()
        .map(|(drawn, _)| drawn.name.clone())
        .collect();
    let dotted = leading.iter().any(|(_, curves)| curves.bands.len() > 1);
    figure.description = text!(
        language,
        "figure-curves",
        names = language.list(&names),
        column = column,
        lines = if dotted { "dotted" } else { "solid" }
    );
    figure
}

/// The figure with a row of names beneath it, for figures that are too narrow for names beside the
/// lines.
pub fn with_names(mut figure: Figure, selection: &Selection) -> Figure {
    /// The height of a row, and the width of a character of small text.
    const ROW: f64 = 17.0;
    const COLUMN: f64 = 7.0;
    if figure.width >= WIDE {
        return figure;
    }
    let most = ((figure.width - 30.0) / COLUMN) as usize;
    for drawn in selection.leading() {
        for (row, line) in wrap(&drawn.name, most, 3).into_iter().enumerate() {
            let y = figure.height + 4.0;
            let ink = Ink::Series(drawn.series);
            if row == 0 {
                let at = [(4.0, y), (18.0, y)];
                figure.items.push(Item::Line {
                    points: at.to_vec(),
                    ink,
                    width: 2.0,
                    dash: Dash::Solid,
                });
            }
            let at = (22.0, y + 4.0);
            figure
                .items
                .push(strong_text(at, line, Anchor::Start, SMALL, ink));
            figure.height += ROW;
        }
    }
    figure
}

/// The least width of a figure with names beside its lines.
const WIDE: f64 = 600.0;

/// The axis of a loss is logarithmic if its greatest value is this many times its least.
pub const SPAN: f64 = 30.0;

/// The most configurations with a band; more bands could not be told apart.
const BANDS: usize = 4;

/// A curve that rises above so many times its first value is on its way to infinity; one of a rising
/// metric, whose unit is 1, that falls as far below 0.
const EXPLODING: f64 = 10.0;

/// How far from good a value may be and belong to the axis: of a loss the value, of a rising metric how
/// far it lies below 0. What lies beyond on curves that explode does not belong there, so that no run of
/// the others is squeezed. A curve that begins far above most others explodes from the start.
fn limit(bands: &[Band], column: &str) -> f64 {
    let rising = higher_is_better(column);
    let worst = |values: &[f64]| {
        let values = values.iter().map(|&value| badness(value, rising));
        let finite = values.filter(|value| value.is_finite());
        finite.fold(f64::NEG_INFINITY, f64::max)
    };
    let start = |band: &Band| {
        let first = band
            .median
            .iter()
            .copied()
            .find(|value| value.is_finite())?;
        Some(first.abs().max(if rising { 1.0 } else { 0.0 }))
    };
    let starts: Vec<f64> = bands.iter().filter_map(start).collect();
    let starts = statistics::description::sorted(&starts);
    let Some(&usual) = starts.get(starts.len().saturating_sub(1) / 2) else {
        return f64::INFINITY;
    };
    let mut most = f64::NEG_INFINITY;
    let mut exploding = false;
    for band in bands {
        let Some(first) = start(band).map(|first| first.min(EXPLODING * usual)) else {
            continue;
        };
        let greatest = worst(&band.median);
        let top = worst(if rising { &band.low } else { &band.high });
        if greatest > EXPLODING * first {
            exploding = true;
            most = most.max(EXPLODING * first);
        } else if top > EXPLODING * greatest.max(first) {
            // One of its replicates explodes.
            exploding = true;
            most = most.max(EXPLODING * greatest.max(first));
        } else {
            most = most.max(top);
        }
    }
    if exploding { most } else { f64::INFINITY }
}

/// How far a value is from good.
fn badness(value: f64, rising: bool) -> f64 {
    if rising { -value } else { value }
}

/// The column of the same quantity as the first one on the other side, which is drawn dotted.
pub fn counterpart(columns: &[String]) -> Option<&String> {
    let (first, rest) = columns.split_first()?;
    rest.iter().find(|other| same_quantity(other, first))
}

/// Whether two columns have the same quantity, of training and of validation data.
fn same_quantity(a: &str, b: &str) -> bool {
    a.split_once('_').map(|(_, quantity)| quantity)
        == b.split_once('_').map(|(_, quantity)| quantity)
}

fn extremes(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values = values.filter(|value| value.is_finite());
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_exploding_curve_does_not_set_the_scale() {
        let band = |values: &[f64]| Band {
            column: "valid_loss".to_owned(),
            median: values.to_vec(),
            low: values.to_vec(),
            high: values.to_vec(),
            single: Vec::new(),
        };
        let calm = band(&[2.0, 0.5, 0.1]);
        let wild = band(&[2.0, 1e40, 1e80]);
        let of = |bands: &[Band], column: &str| limit(bands, column);
        assert_eq!(of(&[calm.clone(), wild.clone()], "valid_loss"), 20.0);
        assert_eq!(of(std::slice::from_ref(&calm), "valid_loss"), f64::INFINITY);
        assert_eq!(of(&[calm.clone(), wild], "valid_accuracy"), f64::INFINITY);
        // One that explodes before its first value.
        let late = band(&[4e3, 1e200, 0.03]);
        assert_eq!(of(&[calm.clone(), calm.clone(), late], "valid_loss"), 200.0);
        // A rising metric explodes downwards.
        let calm = band(&[-0.5, 0.6, 0.9]);
        let fallen = band(&[-2.0, -1e30, -1e60]);
        assert_eq!(of(&[calm, fallen], "valid_r2"), 20.0);
    }

    #[test]
    fn points_are_spread_over_the_whole_curve() {
        assert_eq!(spread(3, 10), [0, 1, 2]);
        let chosen = spread(1_000, 150);
        assert_eq!((chosen.len(), chosen[0], chosen[149]), (150, 0, 999));
        assert!(chosen.is_sorted_by(|a, b| a < b));
    }
}
