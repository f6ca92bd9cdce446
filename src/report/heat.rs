//! The metric over two swept keys as a grid of colours, with a panel per variant.

use super::comparison::Comparison;
use super::number::{short, significant};
use super::results::{Results, short_key};
use crate::text;
use pictures::axis::{CHARACTER, SMALL, margin};
use pictures::{
    Anchor, Figure, Ink, Item, columns, cut, ink_on, sequential, strong_text, text, wrap,
};

/// The indices of the two swept keys with the most values, without the variant; `None` unless both
/// have at least two values.
fn two_keys(results: &Results) -> Option<(usize, usize)> {
    let mut keys: Vec<(usize, usize)> = results
        .differing()
        .into_iter()
        .filter(|&key| results.keys[key] != "variant")
        .map(|key| (values(results, key).len(), key))
        .collect();
    keys.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    match keys[..] {
        [(_, first), (_, second), ..] => Some((first, second)),
        _ => None,
    }
}

/// The distinct values of a key: numbers in ascending order, texts in the order of the plan.
pub fn values(results: &Results, key: usize) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for configuration in &results.configurations {
        if !values.contains(&configuration.values[key]) {
            values.push(configuration.values[key].clone());
        }
    }
    let numbers: Option<Vec<f64>> = values.iter().map(|value| value.parse().ok()).collect();
    if numbers.is_some() {
        values.sort_by(|a, b| {
            let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
            number(a).total_cmp(&number(b))
        });
    }
    values
}

/// The most rows or columns that are drawn.
const CELLS: usize = 40;

/// The figure; `None` if fewer than two keys are swept, one has too many values, or no run has a
/// value.
pub fn figure(results: &Results, comparison: &Comparison, width: f64) -> Option<Figure> {
    let language = results.language;
    let one_scale = results.terms.ranked && results.terms.parts.len() == 1;
    comparison
        .descriptions
        .iter()
        .find_map(|d| d.mean)
        .filter(|_| one_scale)?;
    let (across, down) = two_keys(results)?;
    let (columns, rows) = (values(results, across), values(results, down));
    if columns.len() > CELLS || rows.len() > CELLS {
        return None;
    }
    let variants = match results.keys.iter().position(|key| key == "variant") {
        Some(key) => values(results, key),
        None => vec![String::new()],
    };
    let variants: Vec<&String> = variants.iter().take(6).collect();
    let narrow = width < 600.0;
    let name_of = |row: &String| wrap(&short(row), if narrow { 15 } else { 30 }, 2);
    let key_name = short_key(&results.keys[down]).to_owned();
    let names = rows.iter().flat_map(name_of).chain([key_name.clone()]);
    let left = margin(names, [56.0, width * 0.36]);
    let top = 46.0;
    let cell = ((width - left - 12.0) / columns.len() as f64).min(92.0);
    let tall = if rows.len() > 12 { 20.0 } else { 34.0 };
    let names: Vec<String> = columns.iter().map(|column| short(column)).collect();
    let (every, lines) = room_for(&names, cell);
    let most = (cell * (every * lines) as f64 / CHARACTER) as usize;
    let panel = top + tall * rows.len() as f64 + 30.0 + LINE * lines as f64;
    let mut figure = Figure::new(
        width,
        panel * variants.len() as f64 + 26.0,
        text!(
            language,
            "figure-grid-of",
            metric = &comparison.metric,
            across = short_key(&results.keys[across]),
            down = short_key(&results.keys[down])
        ),
    );
    // The value of a cell. If further keys are swept, it is that of the best configuration there.
    let best = |variant: &str, column: &str, row: &str| {
        comparison.ranked.iter().copied().find(|&c| {
            let values = &results.configurations[c].values;
            let of_variant = results.keys.iter().position(|key| key == "variant");
            of_variant.is_none_or(|key| values[key] == variant)
                && values[across] == column
                && values[down] == row
        })
    };
    // The scale is that of the cells.
    let places = variants.iter().flat_map(|variant| {
        let places = columns
            .iter()
            .flat_map(|c| rows.iter().map(move |r| (c, r)));
        places.map(move |(column, row)| (*variant, column, row))
    });
    let cells = places.filter_map(|(variant, column, row)| best(variant, column, row));
    let cells: Vec<usize> = cells.collect();
    let reach = comparison.reach();
    let medians = cells
        .iter()
        .filter_map(|&c| comparison.descriptions[c].median);
    let (medians, off): (Vec<f64>, Vec<f64>) = medians.partition(|&median| reach.holds(median));
    let logarithmic = !comparison.higher_is_better && medians.iter().all(|&m| m > 0.0);
    let height = |value: f64| if logarithmic { libm::log(value) } else { value };
    let (low, high) = medians
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &m| {
            (low.min(height(m)), high.max(height(m)))
        });
    for (index, variant) in variants.iter().enumerate() {
        let y0 = panel * index as f64;
        let heading = if variant.is_empty() {
            comparison.metric.clone()
        } else {
            (*variant).clone()
        };
        figure.items.push(strong_text(
            (left, y0 + 16.0),
            heading,
            Anchor::Start,
            13.0,
            Ink::Text,
        ));
        figure.items.push(text(
            (0.0, y0 + top - 10.0),
            key_name.clone(),
            Anchor::Start,
            SMALL,
            Ink::Muted,
        ));
        for (r, row) in rows.iter().enumerate() {
            let y = y0 + top + tall * r as f64;
            let most = ((left - 8.0) / CHARACTER) as usize;
            let lines = match tall > 2.0 * LINE {
                true => name_of(row),
                false => vec![short(row)],
            };
            let first = y + tall / 2.0 + 4.0 - LINE / 2.0 * (lines.len() - 1) as f64;
            for (place, line) in lines.iter().enumerate() {
                let at = (left - 8.0, first + LINE * place as f64);
                let line = text(at, cut(line, most), Anchor::End, SMALL, Ink::Muted);
                figure.items.push(line);
            }
            for (c, column) in columns.iter().enumerate() {
                let x = left + cell * c as f64;
                let Some(configuration) = best(variant, column, row) else {
                    continue;
                };
                draw_cell(
                    &mut figure,
                    [x, y, cell - 2.0, tall - 2.0],
                    &Cell {
                        results,
                        comparison,
                        configuration,
                        shade: |value| {
                            let share = if high > low {
                                (height(value) - low) / (high - low)
                            } else {
                                0.0
                            };
                            if comparison.higher_is_better {
                                1.0 - share
                            } else {
                                share
                            }
                        },
                    },
                );
            }
        }
        let bottom = y0 + top + tall * rows.len() as f64;
        for (c, name) in names.iter().enumerate().filter(|(c, _)| c % every == 0) {
            let x = left + cell * (c as f64 + 0.5);
            let line = c / every % lines;
            figure.items.push(text(
                (x, bottom + 16.0 + LINE * line as f64),
                cut(name, most.max(2)),
                Anchor::Middle,
                SMALL,
                Ink::Muted,
            ));
        }
        let at = (
            left + cell * columns.len() as f64 - 2.0,
            bottom + 20.0 + LINE * lines as f64,
        );
        figure.items.push(text(
            at,
            short_key(&results.keys[across]),
            Anchor::End,
            SMALL,
            Ink::Muted,
        ));
    }
    let some_lost = cells
        .iter()
        .any(|&c| comparison.lost[c] > 0 && comparison.descriptions[c].median.is_some());
    let words = text!(
        language,
        "figure-grid-legend",
        some = if some_lost { "lost" } else { "none" },
        off = if off.is_empty() { "none" } else { "off" }
    );
    let from = if narrow { 0.0 } else { left };
    for line in wrap(&words, ((width - from) / CHARACTER) as usize, 3) {
        let at = (from, figure.height - 6.0);
        figure
            .items
            .push(text(at, line, Anchor::Start, SMALL, Ink::Muted));
        figure.height += LINE;
    }
    figure.height -= LINE;
    figure.description = text!(language, "figure-grid");
    Some(figure)
}

/// The height of a line of a small text.
const LINE: f64 = 14.0;

/// The room for the names of columns of this width: every how many columns a name is shown, and on
/// how many lines in turn. Names that are numbers may be left out; all other names are shown, on
/// two lines if they need it.
fn room_for(names: &[String], cell: f64) -> (usize, usize) {
    let longest = names.iter().map(|name| name.chars().count()).max();
    let needed = (longest.unwrap_or(0) as f64 * CHARACTER / cell)
        .ceil()
        .max(1.0) as usize;
    match names.iter().all(|name| name.parse::<f64>().is_ok()) {
        true => (needed, 1),
        false => (1, needed.min(2)),
    }
}

/// One cell of the grid.
struct Cell<'a, F> {
    results: &'a Results,
    comparison: &'a Comparison,
    configuration: usize,
    /// The shade of a median, from 0 (good) to 1 (bad).
    shade: F,
}

fn draw_cell(figure: &mut Figure, frame: [f64; 4], cell: &Cell<'_, impl Fn(f64) -> f64>) {
    let [x, y, w, h] = frame;
    let language = cell.results.language;
    let median = cell.comparison.descriptions[cell.configuration].median;
    let label = cell
        .results
        .label(cell.configuration, &cell.results.differing());
    let lost = cell.comparison.lost[cell.configuration];
    let middle = (x + w / 2.0, y + h / 2.0);
    let Some(median) = median else {
        figure.items.push(Item::Rectangle {
            frame,
            ink: Ink::Grid,
            title: String::new(),
        });
        figure.items.push(Item::Cross {
            at: middle,
            radius: 5.0,
            ink: Ink::Muted,
            title: text!(language, "figure-cell-lost", label = label),
        });
        return;
    };
    let shade = (cell.shade)(median).clamp(0.0, 1.0);
    let title = text!(
        language,
        "figure-cell",
        label = label,
        median = significant(median, 3),
        lost = lost
    );
    figure.items.push(Item::Rectangle {
        frame,
        ink: Ink::Fixed(sequential(shade)),
        title,
    });
    if w >= 44.0 && h >= 18.0 {
        let mark = if lost > 0 { " ×" } else { "" };
        let fits = |number: &String| CHARACTER * columns(number) as f64 <= w + 4.0;
        let numbers = [2, 1].map(|digits| significant(median, digits) + mark);
        let number = numbers.into_iter().find(fits).unwrap_or_default();
        figure.items.push(text(
            (middle.0, middle.1 + 4.0),
            number,
            Anchor::Middle,
            11.0,
            Ink::Fixed(ink_on(sequential(shade))),
        ));
    }
}
