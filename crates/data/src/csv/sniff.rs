//! The dialect that a table seems to have, if nobody has declared it.

use super::cells::{Records, content};
use super::dialect::{Dialect, Header};

/// The number of rows that are read for it.
const LOOKED_AT: usize = 500;

/// The possible delimiters, the likelier first.
const DELIMITERS: [char; 5] = [',', ';', '\t', '|', ' '];

/// The possible forms of numbers: the decimal mark, and the mark between groups of digits.
const NUMBERS: [(char, Option<char>); 8] = [
    ('.', None),
    (',', None),
    ('.', Some(',')),
    (',', Some('.')),
    ('.', Some(' ')),
    (',', Some(' ')),
    (',', Some('\u{a0}')),
    ('.', Some('\'')),
];

/// The dialect that a text seems to have, apart from its encoding.
pub(super) fn sniff(text: &str) -> Dialect {
    let delimiter = delimiter(text);
    let mut dialect = Dialect {
        delimiter,
        ..Dialect::default()
    };
    let rows = sample(text, delimiter);
    (dialect.decimal, dialect.thousands) = numbers(&rows, delimiter);
    if looks_like_a_row(&dialect, &rows) {
        dialect.header = Header::None;
    }
    dialect
}

/// The cells of the first rows.
pub(super) fn sample(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut records = Records::new(text, delimiter);
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    while rows.len() < LOOKED_AT
        && let Some(record) = records.next(&mut cells)
    {
        if record.malformed.is_none() {
            rows.push(
                cells
                    .iter()
                    .map(|cell| content(text, cell).trim().to_owned())
                    .collect(),
            );
        }
    }
    rows
}

/// The delimiter with which most rows have as many cells as the first row, and more than one.
fn delimiter(text: &str) -> char {
    let fit = |delimiter: char| -> (f64, usize) {
        let rows = sample(text, delimiter);
        let columns = rows.first().map_or(0, Vec::len);
        if columns < 2 {
            return (0.0, columns);
        }
        let equal = rows.iter().filter(|row| row.len() == columns).count();
        (equal as f64 / rows.len() as f64, columns)
    };
    let mut best = (',', fit(','));
    for delimiter in &DELIMITERS[1..] {
        let fit = fit(*delimiter);
        // A space or a bar inside cells can divide them by chance. Another delimiter must fit
        // clearly better, or must fit as well with more columns where commas give rows of unequal
        // length.
        if fit.0 > best.1.0 + 0.1 || (fit.0 >= 0.99 && fit.0 >= best.1.0 && best.1.1 < 2) {
            best = (*delimiter, fit);
        }
    }
    best.0
}

/// The form of numbers with which most columns have numbers.
fn numbers(rows: &[Vec<String>], delimiter: char) -> (char, Option<char>) {
    let columns = rows.first().map_or(0, Vec::len);
    let count = |(decimal, thousands): (char, Option<char>)| -> usize {
        let dialect = Dialect {
            decimal,
            thousands,
            ..Dialect::default()
        };
        (0..columns)
            .filter(|&column| is_number_column(&dialect, rows, column))
            .count()
    };
    let mut best = NUMBERS[0];
    let mut most = count(best);
    // If commas divide cells, a quoted 1,234 has a group of digits; if semicolons do, 1,234 is a
    // decimal.
    let mut others = NUMBERS[1..].to_vec();
    if delimiter == ',' {
        others.swap(0, 1);
    }
    for written in others {
        let found = count(written);
        if found > most {
            (best, most) = (written, found);
        }
    }
    best
}

/// Whether the cells of a column below the first row are numbers, apart from missing ones.
pub(super) fn is_number_column(dialect: &Dialect, rows: &[Vec<String>], column: usize) -> bool {
    let cells = rows.iter().skip(1).filter_map(|row| row.get(column));
    let mut known = cells
        .filter(|cell| !dialect.is_missing(cell, true))
        .peekable();
    known.peek().is_some() && known.all(|cell| is_number(dialect, cell))
}

fn is_number(dialect: &Dialect, cell: &str) -> bool {
    dialect.number(cell).is_some_and(f64::is_finite)
}

/// Whether the first row looks like those below it: it has a number where they have numbers, and
/// one of their words where they have words. Numbers that rise strictly from column to column are
/// names (years, wavelengths, pixels), unless a word beside them occurs again below, or they rise
/// by chance: in unequal steps, and each within the range of its column.
pub(super) fn looks_like_a_row(dialect: &Dialect, rows: &[Vec<String>]) -> bool {
    let Some((first, below)) = rows.split_first() else {
        return false;
    };
    if below.is_empty() {
        return false;
    }
    let (mut numbers, mut words) = (Vec::new(), 0);
    for (column, cell) in first.iter().enumerate() {
        let number = dialect.number(cell).filter(|number| number.is_finite());
        if is_number_column(dialect, rows, column) {
            match number {
                Some(number) => numbers.push((column, number)),
                None if dialect.is_missing(cell, true) && !cell.is_empty() => {}
                None => return false,
            }
            continue;
        }
        let known = below.iter().filter_map(|row| row.get(column));
        let mut known = known.filter(|word| !dialect.is_missing(word, false));
        if known.clone().next().is_none() {
            // In a column without any value, a name would be a word.
            if !dialect.is_missing(cell, true) {
                return false;
            }
            continue;
        }
        if known.clone().any(|word| word == cell) {
            words += 1;
        } else {
            // A name or a number that is different in each row cannot occur again below.
            let mut seen = std::collections::HashSet::new();
            let own = below.len() > 2 && known.all(|word| seen.insert(word));
            if !own {
                return false;
            }
        }
    }
    match numbers.as_slice() {
        [] => words > 0,
        [_] => true,
        _ => words > 0 || !are_rising_names(dialect, &numbers, below),
    }
}

/// Whether the numbers of a first row, each with its column, are names: they rise strictly, and
/// they are whole numbers in equal steps or one of them lies outside the numbers below it.
fn are_rising_names(dialect: &Dialect, numbers: &[(usize, f64)], below: &[Vec<String>]) -> bool {
    let steps = numbers.windows(2).map(|pair| pair[1].1 - pair[0].1);
    if !steps.clone().all(|step| step > 0.0) {
        return false;
    }
    let is_whole = numbers.iter().all(|(_, number)| number.fract() == 0.0);
    let first = numbers[1].1 - numbers[0].1;
    let is_even = is_whole && steps.clone().all(|step| step == first);
    let is_outside = |&(column, number): &(usize, f64)| {
        let cells = below.iter().filter_map(|row| row.get(column));
        let mut values = cells.filter_map(|cell| dialect.number(cell));
        !values.clone().any(|value| value <= number) || !values.any(|value| value >= number)
    };
    is_even || numbers.iter().any(is_outside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_rise_by_chance_are_a_row() {
        let rows = "0.5,0.2,a\n0.1,0.9,b\n0.7,0.3,a\n";
        let is_row =
            |first: &str| lines(&format!("{first}\n{rows}")).contains(&"header = false".to_owned());
        assert!(is_row("0.2,0.4,b"), "a word that is met again");
        assert!(!is_row("1990,1991,country"));
        let numbers = "1,2,1\n3,1,2\n2,3,3\n";
        let is_row = |first: &str| {
            lines(&format!("{first}\n{numbers}")).contains(&"header = false".to_owned())
        };
        assert!(!is_row("1,2,3"), "numbered columns");
        assert!(!is_row("400.5,401.25,403"), "wavelengths");
        assert!(
            is_row("1.5,1.75,2.5"),
            "each among the numbers of its column"
        );
    }

    fn lines(text: &str) -> Vec<String> {
        Dialect::default().lines_to(&sniff(text))
    }

    #[test]
    fn a_dialect_is_seen_by_what_it_makes_of_the_rows() {
        assert_eq!(lines("a,b,y\n1,2,3\n4,5,6\n"), Vec::<String>::new());
        assert_eq!(
            lines("a;b;y\n1,5;2,5;3\n4,5;5,5;6\n"),
            ["delimiter = \";\"", "decimal = \",\""]
        );
        assert_eq!(
            lines("a;b\n1.234,5;2\n12.345.678,9;6\n"),
            ["delimiter = \";\"", "decimal = \",\"", "thousands = \".\""]
        );
        assert_eq!(lines("a\tb\n1\t2\n3\t4\n"), ["delimiter = \"\\t\""]);
        assert_eq!(
            lines("price,y\n\"1,234\",1\n\"12,345\",2\n"),
            ["thousands = \",\""]
        );
        assert_eq!(
            lines("place,y\nKyoto; Nara,1\nOsaka,2\nKobe; Nara,3\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_first_line_that_looks_as_the_rows_do_is_no_header() {
        let headless = ["header = false"];
        assert_eq!(
            lines("5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,versicolor\n"),
            headless
        );
        assert_eq!(lines("p,x,s\ne,x,s\np,y,s\ne,x,t\np,x,t\n"), headless);
        assert_eq!(lines("1,5.0\n2,3.0\n3,4.0\n"), Vec::<String>::new());
        assert_eq!(
            lines("1990,1991,1992\n3,5,2\n4,4,1\n"),
            Vec::<String>::new()
        );
        assert_eq!(
            lines("species,kind\nsetosa,a\nsetosa,b\n"),
            Vec::<String>::new()
        );
        assert_eq!(lines("9.1,setosa\n4.9,setosa\n"), headless);
    }
}
