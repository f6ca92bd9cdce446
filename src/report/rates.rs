//! The metric against a swept number, such as the learning rate: a line per value of `by`.

use std::collections::BTreeMap;

use super::comparison::Comparison;
use super::number::{short, significant};
use super::results::{Results, short_key};
use crate::text;
use pictures::axis::{Frame, SMALL, Scale, line, names_beside, values_beneath, values_on_the_left};
use pictures::{Anchor, Dash, Figure, Ink, Item, SERIES, columns, cut, text};

/// The swept key on the horizontal axis, whose values are numbers: the learning rate if it is
/// swept, else the key with the most values; `by` only if there is no other.
pub fn numeric_key(results: &Results, comparison: &Comparison) -> Option<usize> {
    let numbers = |key: usize| -> Option<usize> {
        let values = results
            .configurations
            .iter()
            .map(|c| c.values[key].as_str());
        let mut values: Vec<f64> = values
            .map(|v| v.parse::<f64>().ok())
            .collect::<Option<_>>()?;
        values.sort_by(f64::total_cmp);
        values.dedup();
        Some(values.len())
    };
    let by = comparison.by.as_deref();
    let candidates = results
        .differing()
        .into_iter()
        .filter_map(|key| Some((key, numbers(key)?)));
    candidates
        .max_by_key(|&(key, count)| {
            let name = results.keys[key].as_str();
            (
                Some(name) != by,
                name.ends_with("learning_rate"),
                count,
                usize::MAX - key,
            )
        })
        .map(|(key, _)| key)
}

/// The best configuration of each value of `by` at each value of the key, the best values of `by`
/// first.
fn best_of(
    results: &Results,
    comparison: &Comparison,
    key: usize,
) -> BTreeMap<usize, Vec<(f64, usize)>> {
    let by = comparison.by.as_deref();
    let one_line = Some(results.keys[key].as_str()) == by;
    let mut lines: BTreeMap<usize, Vec<(f64, usize)>> = BTreeMap::new();
    let mut level_of = vec![0; results.configurations.len()];
    if !one_line {
        for (index, level) in comparison.levels.iter().enumerate() {
            for &configuration in &level.configurations {
                level_of[configuration] = index;
            }
        }
    }
    for &configuration in &comparison.ranked {
        let Ok(value) = results.configurations[configuration].values[key].parse::<f64>() else {
            continue;
        };
        let line = lines.entry(level_of[configuration]).or_default();
        // The configurations are ranked, so that the first one at a value is the best there.
        if !line.iter().any(|&(other, _)| other == value) {
            line.push((value, configuration));
        }
    }
    for line in lines.values_mut() {
        line.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    lines
}

/// The figure; `None` if no number is swept, or no run has a value.
pub fn figure(results: &Results, comparison: &Comparison, width: f64) -> Option<Figure> {
    // Without any values the figure would be empty.
    let one_scale = results.terms.ranked && results.terms.parts.len() == 1;
    comparison
        .descriptions
        .iter()
        .find_map(|d| d.mean)
        .filter(|_| one_scale)?;
    let key = numeric_key(results, comparison)?;
    let mut lines = best_of(results, comparison, key);
    // The scale depends only on the drawn lines.
    lines.retain(|&level, _| level < SERIES);
    let narrow = width < 600.0;
    // On a phone the names of the lines stand beneath the axis.
    let names: Vec<(usize, String)> = if narrow && lines.len() > 1 {
        let named = lines
            .keys()
            .map(|&level| (level, level_name(comparison, level)));
        named.collect()
    } else {
        Vec::new()
    };
    let rows = legend_rows(&names, width);
    let legend = LEGEND_ROW * rows.len() as f64;
    let height = if narrow { 300.0 + legend } else { 400.0 };
    let language = results.language;
    let name = short_key(&results.keys[key]).to_owned();
    let mut figure = Figure::new(
        width,
        height,
        text!(
            language,
            "figure-against",
            metric = &comparison.metric,
            key = &name
        ),
    );
    let frame = Frame {
        left: 62.0,
        top: 52.0,
        right: if narrow { width - 14.0 } else { width - 190.0 },
        bottom: height - 48.0 - legend,
    };
    let xs: Vec<f64> = lines.values().flatten().map(|point| point.0).collect();
    let (least, most) = (
        xs.iter().copied().fold(f64::INFINITY, f64::min),
        xs.iter().copied().fold(0.0, f64::max),
    );
    let x = Scale::new(
        xs.iter().copied(),
        frame.left,
        frame.right,
        most >= 8.0 * least,
    )
    .padded(0.04);
    let described = |configuration: usize| comparison.descriptions[configuration];
    let reach = comparison.reach();
    // Values beyond the scale are marked like diverged ones.
    let median_of = |c: usize| described(c).median.filter(|&median| reach.holds(median));
    let means = || lines.values().flatten().filter_map(|&(_, c)| median_of(c));
    // Intervals may reach below 0, so the scale depends on the single values.
    let extremes = lines.values().flatten().flat_map(|&(_, c)| {
        results
            .outcomes(c)
            .into_iter()
            .filter_map(|outcome| outcome.1)
            .filter(|&value| reach.holds(value))
    });
    let positive = means().all(|mean| mean > 0.0);
    let spread = {
        let (low, high) = means().fold((f64::INFINITY, 0.0f64), |(low, high), m| {
            (low.min(m), high.max(m))
        });
        high > 5.0 * low
    };
    let y = Scale::new(extremes, frame.bottom, frame.top, positive && spread).padded(0.05);
    values_on_the_left(
        &mut figure,
        Frame {
            top: frame.top - 16.0,
            ..frame
        },
        &y,
        &comparison.metric,
    );
    let mut distinct = xs.clone();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let names: Vec<String> = distinct.iter().map(|v| short(&v.to_string())).collect();
    let few = distinct.len() <= if narrow { 7 } else { 12 };
    // Randomly drawn values have many digits, so that the axis has round numbers instead.
    let ticks = if few && names.iter().all(|name| name.len() <= 6) {
        let places = distinct.iter().map(|&v| x.place(v));
        places.zip(names).collect()
    } else {
        x.ticks(6)
            .into_iter()
            .map(|(v, label)| (x.place(v), label))
            .collect::<Vec<_>>()
    };
    values_beneath(&mut figure, frame, &ticks, &name);

    let is_off = |c: usize| described(c).median.is_some() && median_of(c).is_none();
    // The lines with a cross at a value.
    let crossed_at = |value: f64| {
        let is_crossed =
            move |&(at, c): &(f64, usize)| at == value && (comparison.lost[c] > 0 || is_off(c));
        let levels = lines
            .iter()
            .filter(move |(_, points)| points.iter().any(is_crossed));
        levels.map(|(&level, _)| level)
    };
    let mut lost_seen = false;
    let mut labels = Vec::new();
    for (&level, points) in lines.iter().rev() {
        let ink = Ink::Series(level);
        let level_name = match lines.len() {
            1 => name.clone(),
            _ => level_name(comparison, level),
        };
        let mut items = Vec::new();
        let at = |&(value, c): &(f64, usize)| {
            (
                x.place(value),
                median_of(c).map_or(f64::NAN, |m| y.place(m)),
            )
        };
        items.extend(line(points.iter().map(at), ink, 2.0, Dash::Solid));
        for &(value, configuration) in points {
            let lost = comparison.lost[configuration];
            let total = results.configurations[configuration].runs.len();
            let px = x.place(value);
            let mut title = format!("{level_name}, {name} {}", short(&format!("{value}")));
            let outcomes = results.outcomes(configuration);
            let values: Vec<f64> = outcomes.iter().filter_map(|outcome| outcome.1).collect();
            if let Some(median) = described(configuration).median {
                title += &text!(
                    language,
                    "figure-point-median",
                    median = significant(median, 3)
                );
                let (low, high) = values
                    .iter()
                    .fold((median, median), |(l, h), v| (l.min(*v), h.max(*v)));
                if values.len() > 1 && reach.holds(median) {
                    title += &text!(
                        language,
                        "figure-point-range",
                        low = significant(low, 3),
                        high = significant(high, 3)
                    );
                    items.push(Item::Line {
                        points: vec![(px, y.place(low)), (px, y.place(high))],
                        ink,
                        width: 1.2,
                        dash: Dash::Solid,
                    });
                }
            }
            let off = is_off(configuration);
            if lost > 0 {
                title += &text!(language, "figure-point-lost", lost = lost, total = total);
            }
            if off {
                title += &text!(language, "figure-point-off");
            }
            if lost > 0 || off {
                lost_seen = true;
                // If several lines have a cross at one value, the crosses are side by side, as near
                // as possible.
                let crossed: Vec<usize> = crossed_at(value).collect();
                let place = crossed.iter().filter(|&&other| other < level).count();
                let aside = (place as f64 - (crossed.len() - 1) as f64 / 2.0) * 13.0;
                items.push(Item::Cross {
                    at: (px + aside, frame.top - 14.0),
                    radius: 4.5,
                    ink,
                    title: title.clone(),
                });
            }
            if let Some(median) = median_of(configuration) {
                items.push(Item::Disc {
                    at: (px, y.place(median)),
                    radius: 4.5,
                    ink,
                    title,
                });
            }
        }
        if lines.len() > 1 {
            let mut heights = points.iter().rev().map(|point| at(point).1);
            // A line with crosses alone has its name beside them.
            let end = heights.find(|y| y.is_finite());
            labels.push((end.unwrap_or(frame.top), level_name.clone(), ink));
        }
        figure.items.push(Item::Group {
            series: level,
            name: level_name,
            items,
        });
    }
    if lost_seen {
        // The name stands above the crosses, as that of the metric does, since the outermost
        // crosses reach beyond the frame.
        let (at, anchor) = if narrow {
            ((frame.right, 12.0), Anchor::End)
        } else {
            ((frame.right + 10.0, frame.top - 30.0), Anchor::Start)
        };
        figure.items.push(text(
            at,
            text!(language, "figure-crosses"),
            anchor,
            SMALL,
            Ink::Muted,
        ));
    }
    if narrow {
        labels.clear();
    }
    for (row, entries) in rows.into_iter().enumerate() {
        let y = height - legend + LEGEND_ROW * row as f64 + 8.0;
        for (x, level, name) in entries {
            figure.items.push(Item::Disc {
                at: (x + 5.0, y),
                radius: 4.5,
                ink: Ink::Series(level),
                title: String::new(),
            });
            let at = (x + 15.0, y + 4.0);
            figure
                .items
                .push(text(at, name, Anchor::Start, SMALL, Ink::Text));
        }
    }
    names_beside(&mut figure, frame, labels);
    figure.description = text!(
        language,
        "figure-sweep",
        lines = lines.len(),
        marks = if lost_seen { "crosses" } else { "none" }
    );
    Some(figure)
}

/// The name of a line: its value of `by`.
fn level_name(comparison: &Comparison, level: usize) -> String {
    let level = comparison.levels.get(level);
    level.map_or(String::new(), |level| short(&level.value))
}

/// The height of a row of names beneath the axis.
const LEGEND_ROW: f64 = 18.0;

/// The names in as many rows as they need, each with its horizontal place.
fn legend_rows(names: &[(usize, String)], width: f64) -> Vec<Vec<(f64, usize, String)>> {
    let mut rows: Vec<Vec<(f64, usize, String)>> = Vec::new();
    let mut x = f64::INFINITY;
    for (level, name) in names {
        let name = cut(name, 44);
        let length = 30.0 + 7.0 * columns(&name) as f64;
        if x + length > width {
            rows.push(Vec::new());
            x = 0.0;
        }
        let row = rows.last_mut().expect("the first name opens a row");
        row.push((x, *level, name));
        x += length;
    }
    rows
}
