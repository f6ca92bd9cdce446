//! The tables of pairs, which say which side is better on each basis.

use std::fmt::Write;

use super::cell::{self, extra_number, name, needed_words, number};
use super::prose::prose;
use crate::report::View;
use crate::report::comparison::{Basis, Family, Pair, Question};
use crate::report::number::{p_value, short, significant, wins, with_interval};
use crate::report::results::{short_key, short_others};
use crate::report::verdict;
use crate::text;
use pictures::svg::escape;
use statistics::paired::{Test, Verdict};

/// The most pairs of one table.
const PAIRS: usize = 60;

/// How the tables of pairs were computed.
pub fn method(view: &View) -> String {
    let language = view.results.language;
    let resampled = view.results.resampled();
    let mut text = format!(
        "<p>{}</p>\n",
        text!(
            language,
            "page-method",
            pairs = match view.results.folds() {
                Some(_) => "folds",
                None => "replicates",
            },
            compared = match view.comparison.higher_is_better {
                true => "differences",
                false => "ratios",
            },
            test = if resampled { "resampled" } else { "paired" }
        )
    );
    if view.replicates() < 2 {
        let _ = writeln!(
            text,
            "<p class=\"note\">{}</p>",
            text!(language, "page-one-replicate")
        );
    }
    text
}

/// The table of one family of pairs.
pub fn table(view: &View, family: &Family) -> String {
    let by = short_key(view.comparison.by.as_deref().unwrap_or("value"));
    let language = view.results.language;
    let footing = match (family.question, family.basis) {
        (Question::OwnBest, Basis::End) => "own-best",
        (Question::OwnBest, Basis::Updates) => "own-best-updates",
        (Question::OwnBest, Basis::Samples) => "own-best-samples",
        (_, Basis::End) => "same-keys",
        (_, Basis::Updates) => "same-keys-updates",
        (_, Basis::Samples) => "same-keys-samples",
    };
    let heading = text!(language, "page-pairs-heading", footing = footing);
    let note = text!(language, "page-pairs-note", footing = footing, by = by);
    let budget = family.basis != Basis::End;
    let others = family
        .pairs
        .iter()
        .any(|pair| !others(view, pair.a).is_empty());
    let ratio = family.pairs.iter().any(|pair| pair.paired.ratio.is_some());
    let mut text = format!(
        "<h3>{heading}</h3>\n<p class=\"lead\">{}</p>\n",
        prose(&note)
    );
    let folded = family.question == Question::SameKeys && family.pairs.len() > 12;
    if folded {
        let _ = writeln!(
            text,
            "<details><summary>{}</summary>",
            text!(language, "page-pairs", count = family.pairs.len())
        );
    }
    let _ = write!(
        text,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{heading}\">\n<table class=\"sortable\">\n<thead><tr>"
    );
    let (head, extra) = (cell::head, cell::extra_head);
    head(&mut text, "A", false);
    head(&mut text, "B", false);
    if others && family.question == Question::SameKeys {
        head(&mut text, &text!(language, "page-at"), false);
    }
    if budget {
        let basis = text!(language, "page-basis", basis = family.basis.name());
        extra(&mut text, &basis, true);
    }
    for side in ["A", "B"] {
        extra(
            &mut text,
            &text!(language, "page-mean-of", side = side),
            true,
        );
    }
    let compared = match ratio {
        true => "A / B (95 %)",
        false => "A − B (95 %)",
    };
    head(&mut text, compared, true);
    extra(&mut text, &text!(language, "pairs-wins"), true);
    extra(&mut text, "p (Holm)", true);
    head(&mut text, &text!(language, "ranked-verdict-heading"), false);
    text += "</tr></thead>\n<tbody>\n";
    for pair in family.pairs.iter().take(PAIRS) {
        row(&mut text, view, family, pair, (others, budget, ratio));
    }
    text += "</tbody>\n</table>\n</div>\n";
    if family.pairs.len() > PAIRS {
        let _ = writeln!(
            text,
            "<p class=\"note\">{}</p>",
            text!(
                language,
                "page-first-pairs",
                shown = PAIRS,
                all = family.pairs.len()
            )
        );
    }
    if let Some(note) = verdict::no_record(language, family) {
        let _ = writeln!(text, "<p class=\"note\">{}</p>", prose(&note));
    }
    if folded {
        text += "</details>\n";
    }
    text
}

fn others(view: &View, configuration: usize) -> String {
    short_others(&view.results, configuration, view.comparison.by.as_deref())
}

/// A configuration's value of `by`.
fn level(view: &View, configuration: usize) -> String {
    let by = view.comparison.by.as_deref();
    let key = view
        .results
        .keys
        .iter()
        .position(|key| Some(key.as_str()) == by);
    key.map_or(String::new(), |key| {
        short(&view.results.configurations[configuration].values[key])
    })
}

fn row(
    text: &mut String,
    view: &View,
    family: &Family,
    pair: &Pair,
    (others_differ, budget, ratio): (bool, bool, bool),
) {
    let language = view.results.language;
    let of = &pair.paired;
    *text += "<tr>";
    for configuration in [pair.a, pair.b] {
        let others = if others_differ && family.question == Question::OwnBest {
            others(view, configuration)
        } else {
            String::new()
        };
        name(text, &level(view, configuration), &others);
    }
    if others_differ && family.question == Question::SameKeys {
        let _ = write!(text, "<td>{}</td>", escape(&others(view, pair.a)));
    }
    if budget {
        let _ = write!(
            text,
            "<td class=\"number extra\">{}</td>",
            match pair.nearest {
                None => pair
                    .budget
                    .map_or("–".to_owned(), |budget| budget.to_string()),
                Some(_) => "–".to_owned(),
            }
        );
    }
    let means = match pair.nearest {
        None => [(pair.mean_a, None), (pair.mean_b, None)],
        Some(nearest) => [
            (nearest.mean_a, Some(nearest.at_a)),
            (nearest.mean_b, Some(nearest.at_b)),
        ],
    };
    for (mean, at) in means {
        let mut words = mean.map_or("–".to_owned(), |mean| significant(mean, 3));
        if let Some(at) = at {
            let _ = write!(
                words,
                "<small>{}</small>",
                text!(language, "page-after", at = at)
            );
        }
        extra_number(text, mean, &words);
    }
    let (value, interval) = if ratio {
        (of.ratio, of.ratio_interval)
    } else {
        (of.difference, of.interval)
    };
    number(
        text,
        value,
        &with_interval(language, value, interval, if ratio { 1.0 } else { 0.0 }),
    );
    if of.pairs == 0 {
        *text += "<td class=\"number extra\">–</td>";
    } else {
        let _ = write!(
            text,
            "<td class=\"number extra\" data-value=\"{}\">{}</td>",
            of.wins_a,
            wins(language, of)
        );
    }
    extra_number(
        text,
        of.p_holm,
        &of.p_holm.map_or("–".to_owned(), |p| escape(&p_value(p))),
    );
    let (class, words, needed) = verdict_words(view, pair);
    cell::verdict(text, class, &words, &needed);
    *text += "</tr>\n";
}

/// The class and the words of a verdict, and the replicates that it would take to see a difference.
fn verdict_words(view: &View, pair: &Pair) -> (&'static str, String, String) {
    let language = view.results.language;
    let of = &pair.paired;
    let (class, verdict) = match of.verdict {
        Verdict::Better if of.test == Some(Test::AlwaysLost) => ("better", "better-b-lost"),
        Verdict::Worse if of.test == Some(Test::AlwaysLost) => ("worse", "worse-a-lost"),
        Verdict::Better => ("better", "better"),
        Verdict::Worse => ("worse", "worse"),
        Verdict::NoClearDifference => ("unclear", "unclear"),
        Verdict::Tie => ("unclear", "tie"),
        Verdict::None if pair.nearest.is_some() => {
            return ("unclear", no_record(view, pair), String::new());
        }
        Verdict::None if of.lost_a == of.pairs && of.lost_b == of.pairs && of.pairs > 0 => {
            ("unclear", "both-lost")
        }
        Verdict::None => ("unclear", "none"),
    };
    let needed = match of.verdict {
        Verdict::NoClearDifference => needed_words(language, of.replicates_needed, of.never_tells),
        _ => String::new(),
    };
    let words = text!(language, "page-verdict", verdict = verdict);
    (class, words, needed)
}

/// The side without a record at the point where the other side ends.
fn no_record(view: &View, pair: &Pair) -> String {
    let Some(nearest) = pair.nearest else {
        return String::new();
    };
    let (late, first) = if nearest.at_a > nearest.at_b {
        (pair.a, nearest.at_a)
    } else {
        (pair.b, nearest.at_b)
    };
    text!(
        view.results.language,
        "page-no-record",
        level = level(view, late),
        first = first
    )
}
