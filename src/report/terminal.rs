//! The ranking as a table for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::ranking::Ranking;

/// How many configurations the table shows; the rest is in `summary.csv`.
const SHOWN: usize = 25;

/// The table: the best configuration first, only the keys that differ as columns.
pub fn table(ranking: &Ranking) -> String {
    let differing: Vec<usize> = (0..ranking.columns.len())
        .filter(|&i| {
            ranking
                .rows
                .iter()
                .any(|row| row.keys[i] != ranking.rows[0].keys[i])
        })
        .collect();
    let lost: u64 = ranking
        .rows
        .iter()
        .map(|row| row.diverged + row.failed)
        .sum();

    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Disabled);
    let mut header = vec!["#".to_owned()];
    header.extend(differing.iter().map(|&i| ranking.columns[i].clone()));
    header.push(format!("{} (mean ± sd)", ranking.metric));
    header.push("median".to_owned());
    header.push("runs".to_owned());
    if lost > 0 {
        header.push("diverged".to_owned());
    }
    let columns = header.len();
    table.set_header(header);
    for (place, row) in ranking.rows.iter().take(SHOWN).enumerate() {
        let mut cells = vec![(place + 1).to_string()];
        cells.extend(differing.iter().map(|&i| short(&row.keys[i])));
        cells.push(match (row.mean, row.sd) {
            (Some(mean), Some(sd)) => format!("{} ± {}", significant(mean, 4), significant(sd, 2)),
            (Some(mean), None) => significant(mean, 4),
            _ => "–".to_owned(),
        });
        cells.push(
            row.median
                .map_or("–".to_owned(), |median| significant(median, 4)),
        );
        cells.push(row.replicates.to_string());
        if lost > 0 {
            cells.push(match (row.diverged, row.failed) {
                (0, 0) => String::new(),
                (diverged, 0) => diverged.to_string(),
                (diverged, failed) => format!("{diverged}, {failed} failed"),
            });
        }
        table.add_row(cells);
    }
    for column in 1 + differing.len()..columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = table.to_string();
    if ranking.rows.len() > SHOWN {
        text += &format!("\n… and {} more in summary.csv", ranking.rows.len() - SHOWN);
    }
    text
}

/// A swept value in few characters: a long number with six significant digits.
fn short(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(number) if value.len() > 8 => significant(number, 6),
        _ => value.to_owned(),
    }
}

/// A number with so many significant digits, in the plainer of the two notations.
fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let exponent: i32 = scientific
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .expect("the format writes an exponent");
    if (-5..digits as i32 + 2).contains(&exponent) {
        let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
        format!("{value:.decimals$}")
    } else {
        scientific
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_significant_digits() {
        assert_eq!(significant(0.000_123_456, 4), "0.0001235");
        assert_eq!(significant(1.234_56e-9, 4), "1.235e-9");
        assert_eq!(significant(12.345, 4), "12.35");
        assert_eq!(significant(123_456.0, 4), "123456");
        assert_eq!(significant(0.0, 4), "0");
        assert_eq!(significant(9.999_96, 4), "10.00");
        assert_eq!(short("0.00215443469003"), "0.00215443");
        assert_eq!(short("mini-batch"), "mini-batch");
    }
}
