//! The ranking as a table for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::comparison::{Basis, Comparison, Question};
use super::number::{p_value, short, significant, wins, with_interval};
use super::ranking::{Ranked, Ranking};
use super::results::{Results, short_key};
use super::verdict;
use statistics::paired::Verdict;
use statistics::power::MOST_REPLICATES;

/// How many configurations the table shows; the rest is in `summary.csv`.
const SHOWN: usize = 25;

/// Lines above, beneath the header and at the end; nothing between.
pub const STYLE: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// What a finished experiment shows: the table, the verdict, and what reaching one loss took.
pub fn ending(ranking: &Ranking) -> String {
    let text = table(ranking) + "\n" + &target(ranking);
    text.trim_end().to_owned()
}

/// The table: the best configuration first, only the keys that differ as columns; beneath it the
/// verdict in a sentence.
pub fn table(ranking: &Ranking) -> String {
    if ranking.rows.is_empty() {
        return ranking.headline.clone();
    }
    let differing: Vec<usize> = (0..ranking.columns.len())
        .filter(|&i| {
            ranking
                .rows
                .iter()
                .any(|row| row.keys[i] != ranking.rows[0].keys[i])
        })
        .collect();
    let lost: usize = ranking
        .rows
        .iter()
        .map(|row| row.diverged + row.failed)
        .sum();
    let replicated = ranking.rows.iter().any(|row| row.replicates > 1);
    let judged =
        replicated && ranking.rows.len() > 1 && ranking.rows.iter().any(|row| row.place.is_some());
    let exploded = ranking.rows.iter().any(|row| row.exploded > 0);
    let intervals = ranking.rows.iter().any(Ranked::has_interval);

    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Disabled);
    let mut header = vec!["#".to_owned()];
    header.extend(
        differing
            .iter()
            .map(|&i| short_key(&ranking.columns[i]).to_owned()),
    );
    let numbers = header.len();
    if replicated {
        let of = if intervals { "mean ± 95 %" } else { "mean" };
        header.push(format!("{} ({of})", ranking.metric));
        header.push("median".to_owned());
    } else {
        header.push(ranking.metric.clone());
    }
    header.extend(ranking.beside.clone());
    header.push("runs".to_owned());
    if lost > 0 {
        header.push("diverged".to_owned());
    }
    if exploded {
        header.push("exploded".to_owned());
    }
    let words = header.len();
    header.push("curve".to_owned());
    if judged {
        header.push("against the best".to_owned());
    }
    table.set_header(header);
    for row in ranking.rows.iter().take(SHOWN) {
        let place = row.place.map_or("–".to_owned(), |place| place.to_string());
        let mut cells = vec![place];
        cells.extend(differing.iter().map(|&i| short(&row.keys[i])));
        cells.push(row.mean_words());
        if replicated {
            cells.push(
                row.median
                    .map_or("–".to_owned(), |median| significant(median, 4)),
            );
        }
        if ranking.beside.is_some() {
            let beside = row.beside.map(|value| significant(value, 3));
            cells.push(beside.unwrap_or_else(|| "–".to_owned()));
        }
        cells.push(row.replicates.to_string());
        if lost > 0 {
            cells.push(match (row.diverged, row.failed) {
                (0, 0) => String::new(),
                (diverged, 0) => diverged.to_string(),
                (diverged, failed) => format!("{diverged}, {failed} failed"),
            });
        }
        if exploded {
            cells.push(match row.exploded {
                0 => String::new(),
                count => count.to_string(),
            });
        }
        cells.push(sparkline(&row.curve));
        if judged {
            cells.push(against_best(row));
        }
        table.add_row(cells);
    }
    for column in numbers..words {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = trimmed(&table);
    if ranking.rows.len() > SHOWN {
        text += &format!("\n… and {} more in summary.csv", ranking.rows.len() - SHOWN);
    }
    text += "\n";
    text += &ranking.headline;
    for note in &ranking.notes {
        text += "\n";
        text += note;
    }
    text
}

/// What the leading configurations need to reach one loss; empty where there are not two of them.
pub fn target(ranking: &Ranking) -> String {
    let Some(target) = &ranking.target else {
        return String::new();
    };
    let timed = target.rows.iter().any(|row| row.seconds.is_some());
    let mut header = vec!["", "reached by", "epochs", "updates", "samples"];
    if timed {
        header.push("seconds");
    }
    let columns = header.len();
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    for row in target.rows.iter().take(SHOWN) {
        let count = |value: Option<f64>| value.map_or("–".to_owned(), |value| row.words(value));
        let mut cells = vec![
            row.name.clone(),
            format!("{} of {}", row.reached, row.of),
            count(row.epochs),
            count(row.updates),
            count(row.samples),
        ];
        if timed {
            let seconds = row.seconds.map(|seconds| significant(seconds, 2));
            cells.push(seconds.unwrap_or_else(|| "–".to_owned()));
        }
        table.add_row(cells);
    }
    for column in 1..columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = format!(
        "\nto reach {} {} (medians over the replicates that do):\n{}\n",
        target.metric,
        significant(target.value, 3),
        trimmed(&table)
    );
    if let Some(note) = target.note() {
        text += &format!("{note}\n");
    }
    text
}

/// A table's lines without spaces at their ends.
fn trimmed(table: &Table) -> String {
    let text = table.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// The pairs that answer which value of `by` is better, on each footing; empty where there are none.
pub fn pairs(results: &Results, comparison: &Comparison) -> String {
    let mut text = String::new();
    for (question, basis, heading) in [
        (Question::OwnBest, Basis::End, "each at its own best"),
        (Question::SameKeys, Basis::End, "all else equal"),
        (
            Question::OwnBest,
            Basis::Updates,
            "each at its own best, at equal updates",
        ),
        (
            Question::OwnBest,
            Basis::Samples,
            "each at its own best, at equal samples seen",
        ),
        (
            Question::SameKeys,
            Basis::Updates,
            "all else equal, at equal updates",
        ),
        (
            Question::SameKeys,
            Basis::Samples,
            "all else equal, at equal samples seen",
        ),
    ] {
        let Some(family) = comparison.family(question, basis) else {
            continue;
        };
        let ratios = family.pairs.iter().any(|pair| pair.paired.ratio.is_some());
        let size = if ratios {
            "A / B (95 %)"
        } else {
            "A − B (95 %)"
        };
        let mut table = Table::new();
        table
            .load_style(STYLE)
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(["A", "", "B", size, "A wins", "p (Holm)"]);
        let keys = comparison.naming_keys(results);
        for pair in family.pairs.iter().take(SHOWN) {
            let of = &pair.paired;
            let (value, interval) = if ratios {
                (of.ratio, of.ratio_interval)
            } else {
                (of.difference, of.interval)
            };
            if let Some(nearest) = pair.nearest {
                let side = |mean: Option<f64>, at: u64| {
                    let mean = mean.map_or("–".to_owned(), |mean| significant(mean, 3));
                    format!("{mean} after {at}")
                };
                let [a, b] = [
                    side(nearest.mean_a, nearest.at_a),
                    side(nearest.mean_b, nearest.at_b),
                ];
                table.add_row([
                    results.label(pair.a, &keys),
                    "no record in common with".to_owned(),
                    results.label(pair.b, &keys),
                    format!("{a}, {b}"),
                    "–".to_owned(),
                    "–".to_owned(),
                ]);
                continue;
            }
            let words = match of.verdict {
                Verdict::None => "no verdict on",
                Verdict::Better => "is better than",
                Verdict::Worse => "is worse than",
                Verdict::NoClearDifference => "no clear difference from",
                Verdict::Tie => "ties with",
            };
            table.add_row([
                results.label(pair.a, &keys),
                words.to_owned(),
                results.label(pair.b, &keys),
                with_interval(value, interval, if ratios { 1.0 } else { 0.0 }),
                wins(of),
                of.p_holm.map_or("–".to_owned(), p_value),
            ]);
        }
        text += &format!("\n{heading}:\n{}\n", trimmed(&table));
        if family.pairs.len() > SHOWN {
            text += &format!(
                "… and {} more in comparison.csv\n",
                family.pairs.len() - SHOWN
            );
        }
        if let Some(note) = verdict::no_record(family) {
            text += &format!("{note}\n");
        }
    }
    if let Some(note) = verdict::equal_samples(comparison) {
        text += &format!("\n{note}\n");
    }
    text
}

/// The verdict of a row, with what it would take where there is none.
fn against_best(row: &Ranked) -> String {
    match row.replicates_needed {
        None if row.never_tells => format!("{} (more runs cannot tell)", row.words()),
        Some(needed) if needed <= MOST_REPLICATES => {
            format!("{} ({needed} runs could tell)", row.words())
        }
        _ => row.words(),
    }
}

/// A curve in a line of text, on a logarithmic scale where all is positive; a gap where a value is
/// missing.
pub fn sparkline(curve: &[Option<f64>]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let logarithmic = curve.iter().flatten().all(|&value| value > 0.0);
    let height = |value: f64| if logarithmic { value.log10() } else { value };
    let heights = || curve.iter().flatten().map(|&value| height(value));
    let (low, high) = (
        heights().fold(f64::INFINITY, f64::min),
        heights().fold(f64::NEG_INFINITY, f64::max),
    );
    let bar = |value: &Option<f64>| match value {
        None => ' ',
        Some(_) if high <= low => BARS[0],
        Some(value) => {
            let share = (height(*value) - low) / (high - low);
            BARS[((share * 7.0).round() as usize).min(7)]
        }
    };
    curve.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_falls_with_its_curve() {
        assert_eq!(sparkline(&[Some(1.0), Some(0.1), Some(0.01)]), "█▅▁");
        assert_eq!(sparkline(&[Some(1.0), Some(0.0), None]), "█▁ ");
        assert_eq!(sparkline(&[Some(2.0), Some(2.0)]), "▁▁");
        assert_eq!(sparkline(&[]), "");
    }
}
