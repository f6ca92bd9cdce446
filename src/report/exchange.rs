//! The ranking and the comparison as tables for a text, a paper or a spreadsheet: Markdown, LaTeX,
//! CSV.

use super::code_spans::{Span, spans};
use super::comparison::{Basis, Comparison, Question};
use super::number::{p_value, short, wins, with_interval};
use super::ranking::{Ranking, verdict_words};
use super::results::{Results, short_key};
use super::verdict;
use crate::text;

/// A format of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Markdown's tables of pipes.
    Markdown,
    /// LaTeX's tabular, with the rules of booktabs.
    Latex,
    /// Comma-separated values.
    Csv,
}

/// A table with its caption.
struct Sheet {
    caption: String,
    headings: Vec<String>,
    /// Whether each column has numbers, which are aligned to the right.
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

/// The ranking with every configuration, and the pairs that say which value of `by` is better. The
/// CSV has only the ranking, with all digits; its pairs are those of `comparison.csv`.
pub fn tables(
    results: &Results,
    ranking: &Ranking,
    comparison: &Comparison,
    format: TableFormat,
) -> String {
    if format == TableFormat::Csv {
        return csv(ranking);
    }
    let mut text = write(&ranked(ranking), format);
    for (question, caption) in [
        (Question::OwnBest, text!(ranking.language, "pairs-own-best")),
        (
            Question::SameKeys,
            text!(ranking.language, "pairs-same-keys"),
        ),
    ] {
        if let Some(sheet) = pairs(results, comparison, question, &caption) {
            text += "\n";
            text += &write(&sheet, format);
        }
    }
    text
}

fn ranked(ranking: &Ranking) -> Sheet {
    let language = ranking.language;
    let mut headings = vec![text!(language, "exchange-rank")];
    headings.extend(ranking.columns.iter().map(|key| short_key(key).to_owned()));
    let keys = headings.len();
    headings.push(text!(
        language,
        "ranked-mean-with-interval",
        metric = &ranking.metric
    ));
    headings.extend(ranking.beside.clone());
    headings.push(text!(language, "ranked-runs"));
    headings.push(text!(language, "ranked-diverged"));
    let numbers = headings.len();
    headings.push(text!(language, "ranked-verdict-heading"));
    let right = (0..headings.len()).map(|i| (keys..numbers).contains(&i));
    let rows = ranking.rows.iter().map(|row| {
        let mut cells = vec![row.place.map_or("–".to_owned(), |place| place.to_string())];
        cells.extend(row.keys.iter().map(|key| short(key)));
        cells.push(row.mean_words(language));
        if ranking.beside.is_some() {
            let beside = row.beside.map(|value| super::number::significant(value, 3));
            cells.push(beside.unwrap_or_else(|| "–".to_owned()));
        }
        cells.push(row.replicates.to_string());
        cells.push(row.diverged.to_string());
        cells.push(row.words(language));
        cells
    });
    Sheet {
        caption: ranking.headline.clone(),
        right: right.collect(),
        rows: rows.collect(),
        headings,
    }
}

fn pairs(
    results: &Results,
    comparison: &Comparison,
    question: Question,
    caption: &str,
) -> Option<Sheet> {
    let language = results.language;
    let family = comparison.family(question, Basis::End)?;
    let ratios = family.pairs.iter().any(|pair| pair.paired.ratio.is_some());
    let size = if ratios {
        "A / B (95 %)"
    } else {
        "A − B (95 %)"
    };
    let keys = comparison.naming_keys(results);
    let rows = family.pairs.iter().map(|pair| {
        let of = &pair.paired;
        let (value, interval, neutral) = match ratios {
            true => (of.ratio, of.ratio_interval, 1.0),
            false => (of.difference, of.interval, 0.0),
        };
        vec![
            results.label(pair.a, &keys),
            results.label(pair.b, &keys),
            with_interval(language, value, interval, neutral),
            wins(language, of),
            of.p_holm.map_or("–".to_owned(), p_value),
            verdict_words(language, of.verdict.words()),
        ]
    });
    let rows = rows.collect();
    let note = verdict::no_record(language, family).unwrap_or_default();
    Some(Sheet {
        caption: text!(
            language,
            "exchange-caption",
            metric = &comparison.metric,
            caption = caption,
            note = note
        ),
        headings: vec![
            "A".to_owned(),
            "B".to_owned(),
            size.to_owned(),
            text!(language, "pairs-wins"),
            "p (Holm)".to_owned(),
            text!(language, "exchange-verdict-of-a"),
        ],
        right: vec![false, false, true, true, true, false],
        rows,
    })
}

fn write(sheet: &Sheet, format: TableFormat) -> String {
    match format {
        TableFormat::Latex => latex(sheet),
        _ => markdown(sheet),
    }
}

fn markdown(sheet: &Sheet) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| escaped_for_markdown(cell))
            .collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule = sheet
        .right
        .iter()
        .map(|&right| if right { "---:" } else { "---" });
    let caption = spans(sheet.caption.trim()).into_iter();
    let caption = caption.map(|span| match span {
        Span::Words(words) => escaped_for_markdown(words),
        Span::Code(code) => format!("`{code}`"),
    });
    let mut text = format!("{}\n\n", caption.collect::<String>());
    text += &line(&sheet.headings);
    text += &format!("| {} |\n", rule.collect::<Vec<_>>().join(" | "));
    for row in &sheet.rows {
        text += &line(row);
    }
    text
}

/// The text with a backslash before every character that Markdown interprets.
fn escaped_for_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '&' => escaped += "&amp;",
            c => escaped.push(c),
        }
    }
    escaped
}

fn latex(sheet: &Sheet) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escaped_for_latex(cell)).collect();
        format!("    {} \\\\\n", cells.join(" & "))
    };
    let columns = sheet
        .right
        .iter()
        .map(|&right| if right { 'r' } else { 'l' });
    let caption = spans(sheet.caption.trim()).into_iter();
    let caption = caption.map(|span| match span {
        Span::Words(words) => escaped_for_latex(words),
        Span::Code(code) => {
            let signs: String = code.chars().map(latex_sign).collect();
            format!("\\texttt{{{signs}}}")
        }
    });
    let mut text = format!(
        "% Needs \\usepackage{{booktabs}}.\n\\begin{{table}}\n  \\centering\n  \\caption{{{}}}\n  \
         \\begin{{tabular}}{{{}}}\n    \\toprule\n",
        caption.collect::<String>(),
        columns.collect::<String>()
    );
    text += &line(&sheet.headings);
    text += "    \\midrule\n";
    for row in &sheet.rows {
        text += &line(row);
    }
    text + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n"
}

/// The text for LaTeX: special characters are escaped, and numbers with an exponent are powers of
/// ten.
fn escaped_for_latex(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let bare = word
            .trim_start_matches('(')
            .trim_end_matches([')', ',', '.']);
        let is_number = bare.parse::<f64>().is_ok_and(f64::is_finite);
        match bare.split_once('e') {
            Some((mantissa, exponent)) if is_number => {
                let power = format!("${mantissa} \\times 10^{{{exponent}}}$");
                word.replace(bare, &power)
            }
            _ if is_number && bare.starts_with('-') => word.replace(bare, &format!("${bare}$")),
            _ => word.chars().map(latex_sign).collect(),
        }
    });
    words.collect::<Vec<String>>().join(" ")
}

fn latex_sign(c: char) -> String {
    match c {
        '\\' => "\\textbackslash{}".to_owned(),
        '~' => "\\textasciitilde{}".to_owned(),
        '^' => "\\textasciicircum{}".to_owned(),
        '&' | '%' | '$' | '#' | '_' | '{' | '}' => format!("\\{c}"),
        '±' => "$\\pm$".to_owned(),
        '−' => "$-$".to_owned(),
        '–' => "--".to_owned(),
        '<' => "$<$".to_owned(),
        '>' => "$>$".to_owned(),
        '≤' => "$\\le$".to_owned(),
        '\n' | '\r' | '\t' => " ".to_owned(),
        c => c.to_string(),
    }
}

/// The ranking with all digits; a missing number is an empty cell.
fn csv(ranking: &Ranking) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut headings = vec!["rank".to_owned(), "configuration".to_owned()];
    headings.extend(ranking.columns.iter().cloned());
    let metric = &ranking.metric;
    headings
        .extend(["mean", "sd", "median", "ci_low", "ci_high"].map(|of| format!("{metric}_{of}")));
    headings.extend(ranking.beside.iter().map(|beside| format!("{beside}_mean")));
    let words = [
        "replicates",
        "diverged",
        "failed",
        "verdict",
        "replicates_needed",
    ];
    headings.extend(words.map(str::to_owned));
    let mut write = |row: &[String]| writer.write_record(row).expect("memory takes every row");
    write(&headings);
    let number = |value: Option<f64>| {
        value.map_or(String::new(), |value| {
            zmij::Buffer::new().format(value).to_owned()
        })
    };
    for row in &ranking.rows {
        let mut cells = vec![
            row.place.map_or(String::new(), |place| place.to_string()),
            row.configuration.to_string(),
        ];
        cells.extend(row.keys.iter().cloned());
        let numbers = [row.mean, row.sd, row.median, row.ci_low, row.ci_high];
        cells.extend(numbers.map(number));
        cells.extend(ranking.beside.iter().map(|_| number(row.beside)));
        cells.extend([row.replicates, row.diverged, row.failed].map(|count| count.to_string()));
        cells.push(row.verdict.clone());
        let needed = row.replicates_needed;
        cells.push(needed.map_or(String::new(), |needed| needed.to_string()));
        write(&cells);
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    String::from_utf8(bytes).expect("texts are UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_latex_and_markdown_obey_are_escaped() {
        assert_eq!(
            escaped_for_latex("a_b & 50 % {x} \\ ^~#$"),
            "a\\_b \\& 50 \\% \\{x\\} \\textbackslash{} \\textasciicircum{}\\textasciitilde{}\\#\\$"
        );
        assert_eq!(
            escaped_for_latex("1.2e-5 ± 0.3e-5"),
            "$1.2 \\times 10^{-5}$ $\\pm$ $0.3 \\times 10^{-5}$"
        );
        assert_eq!(escaped_for_latex("0.5 (-0.1 to 1)"), "0.5 ($-0.1$ to 1)");
        assert_eq!(escaped_for_markdown("a|b_c\n<i>"), "a\\|b\\_c \\<i\\>");
    }

    #[test]
    fn code_in_a_caption_is_code() {
        let sheet = Sheet {
            caption: "Always saying `a_b` has 50 %.".to_owned(),
            headings: vec!["A".to_owned()],
            right: vec![false],
            rows: Vec::new(),
        };
        assert!(latex(&sheet).contains("\\caption{Always saying \\texttt{a\\_b} has 50 \\%.}"));
        assert!(markdown(&sheet).starts_with("Always saying `a_b` has 50 %."));
    }
}
