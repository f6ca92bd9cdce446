//! The ranking as a table for a terminal.

use super::comparison::{Basis, Comparison, Family, Pair, Question};
use super::expectations::{Judgement, count_words};
use super::number::{p_value, short, significant, wins, with_interval};
use super::ranking::{Ranked, Ranking};
use super::results::{Results, short_key};
use super::verdict;
use crate::language::Language;
use crate::screen::Screen;
use crate::screen::table::{Cell, Column, LIGHT, Table, Tone};
use crate::text;
use statistics::paired::Verdict;
use statistics::power::MOST_REPLICATES;

/// The most configurations in the table; `summary.csv` has the others.
const SHOWN: usize = 25;
/// The least width of a key's value or a configuration's name, in columns.
const NAME: usize = 8;
/// The least width of an interval or of two means, in columns.
const INTERVAL: usize = 12;

/// The text at the end of an experiment: the table, the verdict, and the training needed to reach
/// one loss.
pub fn ending(ranking: &Ranking, screen: &Screen) -> String {
    let text = table(ranking, screen) + "\n" + &target(ranking, screen);
    text.trim_end().to_owned()
}

/// The expectations with their judgements, a line each; empty if there are none.
pub fn expectations(language: Language, judged: &[Judgement], screen: &Screen) -> String {
    let Some(count) = count_words(language, judged) else {
        return String::new();
    };
    let mut outcome = Column::new("");
    let mut expected = Column::new(text!(language, "expect-expected")).wrapping(NAME);
    let mut came = Column::new(text!(language, "expect-came-out")).wrapping(INTERVAL);
    for one in judged {
        let (word, tone) = match one.met {
            Some(true) => (text!(language, "expect-met"), Tone::Best),
            Some(false) => (text!(language, "expect-missed"), Tone::Trouble),
            None => ("–".to_owned(), Tone::Plain),
        };
        outcome.push(Cell::from(word).toned(tone));
        expected.push(one.expectation.as_str());
        came.push(one.words.as_str());
    }
    let table = Table::of(vec![outcome, expected, came]).render(screen);
    let heading = text!(language, "expect-heading", count = count);
    format!("\n{}\n{table}", screen.prose(&heading))
}

/// The table with the best configuration first, and only the keys that differ as columns; the
/// verdict stands beneath it in a sentence.
pub fn table(ranking: &Ranking, screen: &Screen) -> String {
    if ranking.rows.is_empty() {
        return screen.prose(&ranking.headline);
    }
    let apart = ranked(ranking, keys_apart(ranking));
    let table = match apart.fits(screen) {
        true => apart,
        false => ranked(ranking, keys_together(ranking)),
    };
    let mut text = table.render(screen);
    if ranking.rows.len() > SHOWN {
        let more = ranking.rows.len() - SHOWN;
        text += "\n";
        text += &text!(ranking.language, "ranked-more", count = more);
    }
    for sentence in [&ranking.headline].into_iter().chain(&ranking.notes) {
        text += "\n";
        text += &screen.prose(sentence);
    }
    text
}

/// The keys whose values differ.
fn differing(ranking: &Ranking) -> Vec<usize> {
    let differs = |&i: &usize| {
        let mut rows = ranking.rows.iter();
        rows.any(|row| row.keys[i] != ranking.rows[0].keys[i])
    };
    (0..ranking.columns.len()).filter(differs).collect()
}

/// A column for each key whose values differ.
fn keys_apart(ranking: &Ranking) -> Vec<Column> {
    let column = |i: usize| {
        let mut column = Column::new(short_key(&ranking.columns[i])).shortening(NAME);
        for row in ranking.rows.iter().take(SHOWN) {
            column.push(short(&row.keys[i]));
        }
        column
    };
    differing(ranking).into_iter().map(column).collect()
}

/// One column for all keys whose values differ, for narrow screens.
fn keys_together(ranking: &Ranking) -> Vec<Column> {
    let differing = differing(ranking);
    let mut column = Column::new(text!(ranking.language, "ranked-configuration")).wrapping(NAME);
    for row in ranking.rows.iter().take(SHOWN) {
        let values = differing
            .iter()
            .map(|&i| match ranking.columns[i].as_str() {
                "variant" => row.keys[i].clone(),
                key => format!("{} {}", short_key(key), short(&row.keys[i])),
            });
        column.push(values.collect::<Vec<_>>().join(", "));
    }
    vec![column]
}

/// The table of the ranking with these columns for the keys.
fn ranked(ranking: &Ranking, keys: Vec<Column>) -> Table {
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
    let language = ranking.language;
    let metric = &ranking.metric;
    let value = match (replicated, intervals) {
        (false, _) => Cell::from(metric.as_str()),
        (true, false) => Cell::of([
            text!(language, "ranked-mean", metric = metric),
            metric.clone(),
        ]),
        (true, true) => Cell::of([
            text!(language, "ranked-mean-with-interval", metric = metric),
            format!("{metric} ± 95 %"),
        ]),
    };
    let forms = |long: String, short: String| Cell::of([long, short]);

    let mut place = Column::new("#");
    let mut value = Column::new(value).right();
    let mut median = Column::new(text!(language, "ranked-median"))
        .right()
        .optional(2);
    let beside = ranking.beside.clone().unwrap_or_default();
    let mut beside = Column::new(beside).right().optional(4);
    let mut runs = Column::new(text!(language, "ranked-runs"))
        .right()
        .optional(3);
    let mut diverged = Column::new(forms(
        text!(language, "ranked-diverged"),
        text!(language, "ranked-diverged-short"),
    ))
    .right()
    .optional(LIGHT + 2);
    let mut exploding = Column::new(forms(
        text!(language, "ranked-exploded"),
        text!(language, "ranked-exploded-short"),
    ))
    .right()
    .optional(LIGHT + 1);
    let mut curve = Column::new(text!(language, "ranked-curve")).optional(1);
    let mut verdict = Column::new(forms(
        text!(language, "ranked-against-the-best"),
        text!(language, "ranked-verdict-heading"),
    ));
    let or_dash = |value: Option<f64>, digits| {
        value.map_or("–".to_owned(), |value| significant(value, digits))
    };
    for row in ranking.rows.iter().take(SHOWN) {
        let tone = match row.verdict.as_str() {
            "best" => Tone::Best,
            "worse" => Tone::Worse,
            _ => Tone::Plain,
        };
        place.push(row.place.map_or("–".to_owned(), |place| place.to_string()));
        value.push(match row.mean {
            None if row.diverged == row.replicates => {
                Cell::from(text!(language, "ranked-all-diverged")).toned(Tone::Trouble)
            }
            _ => row.mean_words(language).into(),
        });
        median.push(or_dash(row.median, 4));
        beside.push(or_dash(row.beside, 3));
        runs.push(row.replicates.to_string());
        let trouble = match (row.diverged, row.failed) {
            (0, 0) => String::new(),
            (diverged, 0) => diverged.to_string(),
            (diverged, failed) => text!(
                language,
                "ranked-diverged-and-failed",
                diverged = diverged,
                failed = failed
            ),
        };
        diverged.push(Cell::from(trouble).toned(Tone::Trouble));
        let count = match row.exploded {
            0 => String::new(),
            count => count.to_string(),
        };
        exploding.push(Cell::from(count).toned(Tone::Trouble));
        curve.push(sparkline(&row.curve));
        verdict.push(Cell::of(against_best(language, row)).toned(tone));
    }
    let mut columns = vec![place];
    columns.extend(keys);
    columns.push(value);
    let others = [
        (replicated, median),
        (ranking.beside.is_some(), beside),
        (true, runs),
        (lost > 0, diverged),
        (exploded, exploding),
        (true, curve),
        (judged, verdict),
    ];
    columns.extend(others.into_iter().filter(|of| of.0).map(|of| of.1));
    Table::of(columns)
}

/// The training that the leading configurations need to reach one loss; empty if there are fewer
/// than two of them.
pub fn target(ranking: &Ranking, screen: &Screen) -> String {
    let Some(target) = &ranking.target else {
        return String::new();
    };
    let language = ranking.language;
    let timed = target.rows.iter().any(|row| row.seconds.is_some());
    let mut name = Column::new("").wrapping(NAME);
    let mut reached = Column::new(text!(language, "target-reached-by"))
        .right()
        .optional(3);
    let mut epochs = Column::new(text!(language, "target-epochs")).right();
    let mut updates = Column::new(text!(language, "target-updates")).right();
    let mut samples = Column::new(text!(language, "target-samples"))
        .right()
        .optional(2);
    let mut seconds = Column::new(text!(language, "target-seconds"))
        .right()
        .optional(1);
    for row in target.rows.iter().take(SHOWN) {
        let count = |value: Option<f64>| value.map_or("–".to_owned(), |value| row.words(value));
        name.push(row.name.clone());
        reached.push(text!(
            language,
            "number-of",
            count = row.reached,
            all = row.of
        ));
        epochs.push(count(row.epochs));
        updates.push(count(row.updates));
        samples.push(count(row.samples));
        let time = row.seconds.map(|seconds| significant(seconds, 2));
        seconds.push(time.unwrap_or_else(|| "–".to_owned()));
    }
    let mut columns = vec![name, reached, epochs, updates, samples];
    columns.extend(timed.then_some(seconds));
    let heading = text!(
        language,
        "target-heading",
        metric = &target.metric,
        value = significant(target.value, 3)
    );
    let mut text = format!(
        "\n{}\n{}\n",
        screen.prose(&heading),
        Table::of(columns).render(screen)
    );
    if let Some(note) = target.note(language) {
        text += &screen.prose(&note);
        text += "\n";
    }
    text
}

/// The pairs that say which value of `by` is better, on each basis; empty if there are none.
pub fn pairs(results: &Results, comparison: &Comparison, screen: &Screen) -> String {
    let language = results.language;
    let mut text = String::new();
    for family in comparison.answering() {
        let table = paired(results, comparison, family).render(screen);
        let heading = footing(language, family.question, family.basis);
        let heading = text!(language, "pairs-heading", footing = heading);
        text += &format!("\n{heading}\n{table}\n");
        if family.pairs.len() > SHOWN {
            let more = family.pairs.len() - SHOWN;
            text += &text!(language, "pairs-more", count = more);
            text += "\n";
        }
        if let Some(note) = verdict::no_record(language, family) {
            text += &screen.prose(&note);
            text += "\n";
        }
    }
    if let Some(note) = verdict::equal_samples(language, comparison) {
        text += &format!("\n{}\n", screen.prose(&note));
    }
    text
}

/// The question and the basis of a family, in words.
pub fn footing(language: Language, question: Question, basis: Basis) -> String {
    let question = match question {
        Question::AgainstBest => text!(language, "pairs-against-best"),
        Question::OwnBest => text!(language, "pairs-own-best"),
        Question::SameKeys => text!(language, "pairs-same-keys"),
    };
    match basis {
        Basis::End => question,
        Basis::Updates => text!(language, "pairs-at-equal-updates", question = question),
        Basis::Samples => text!(language, "pairs-at-equal-samples", question = question),
    }
}

/// The table of a family's pairs.
fn paired(results: &Results, comparison: &Comparison, family: &Family) -> Table {
    let language = results.language;
    let ratios = family.pairs.iter().any(|pair| pair.paired.ratio.is_some());
    let size = if ratios { "A / B" } else { "A − B" };
    let size = Cell::of([format!("{size} (95 %)"), size.to_owned()]);
    let mut a = Column::new("A").wrapping(NAME);
    let mut words = Column::new("");
    let mut b = Column::new("B").wrapping(NAME);
    let mut size = Column::new(size).wrapping(INTERVAL);
    let mut won = Column::new(text!(language, "pairs-wins")).optional(1);
    let mut p = Column::new("p (Holm)").optional(2);
    let keys = comparison.naming_keys(results);
    // The short name has only the values, if these are few enough to be recognised.
    let name = |configuration: usize| {
        let values = keys.iter().map(|&key| {
            let value = &results.configurations[configuration].values[key];
            short(value)
        });
        let values: Vec<String> = values.filter(|value| !value.is_empty()).collect();
        let label = results.label(configuration, &keys);
        match (1..=2).contains(&values.len()) {
            true => Cell::of([label, values.join(", ")]),
            false => label.into(),
        }
    };
    for pair in family.pairs.iter().take(SHOWN) {
        a.push(name(pair.a));
        b.push(name(pair.b));
        let (forms, tone) = relation(language, pair);
        words.push(Cell::of(forms).toned(tone));
        if let Some(nearest) = pair.nearest {
            let side = |mean: Option<f64>, at: u64| {
                let mean = mean.map_or("–".to_owned(), |mean| significant(mean, 3));
                text!(language, "pairs-mean-after", mean = mean, at = at)
            };
            let [a, b] = [
                side(nearest.mean_a, nearest.at_a),
                side(nearest.mean_b, nearest.at_b),
            ];
            size.push(format!("{a}, {b}"));
            won.push("–");
            p.push("–");
            continue;
        }
        let of = &pair.paired;
        let (value, interval) = match ratios {
            true => (of.ratio, of.ratio_interval),
            false => (of.difference, of.interval),
        };
        let neutral = if ratios { 1.0 } else { 0.0 };
        let whole = with_interval(language, value, interval, neutral);
        let alone = with_interval(language, value, None, neutral);
        size.push(Cell::of([whole.clone(), whole, alone]));
        won.push(wins(language, of));
        p.push(of.p_holm.map_or("–".to_owned(), p_value));
    }
    Table::of([a, words, b, size, won, p])
}

/// The relation of A to B in words, with the longest form first.
fn relation(language: Language, pair: &Pair) -> ([String; 2], Tone) {
    let (relation, tone) = match pair.paired.verdict {
        _ if pair.nearest.is_some() => ("no-record", Tone::Plain),
        Verdict::None => ("none", Tone::Plain),
        Verdict::Better => ("better", Tone::Best),
        Verdict::Worse => ("worse", Tone::Worse),
        Verdict::NoClearDifference => ("unclear", Tone::Plain),
        Verdict::Tie => ("tie", Tone::Plain),
    };
    let forms = [
        text!(language, "pairs-relation", relation = relation),
        text!(language, "pairs-relation-short", relation = relation),
    ];
    (forms, tone)
}

/// The verdict of a row with its reason, the longest form first.
fn against_best(language: Language, row: &Ranked) -> Vec<String> {
    let same = || text!(language, "ranked-same");
    let many = format!("> {MOST_REPLICATES}");
    match row.verdict.as_str() {
        "no clear difference" => {
            let needed = match row.replicates_needed {
                None if row.never_tells => {
                    return vec![text!(language, "ranked-same-never-tells"), same()];
                }
                None => return vec![same()],
                Some(needed) if needed > MOST_REPLICATES => many,
                Some(needed) => needed.to_string(),
            };
            vec![
                text!(language, "ranked-same-could-tell", needed = &needed),
                text!(language, "ranked-same-needed", needed = needed),
                same(),
            ]
        }
        "better" => vec![row.words(language), text!(language, "ranked-better-short")],
        _ => vec![row.words(language)],
    }
}

/// A curve in a line of text, on a logarithmic scale if all values are positive; a gap for a
/// missing value.
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
