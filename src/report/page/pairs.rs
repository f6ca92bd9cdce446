//! The tables of pairs: which is better, on each footing.

use std::fmt::Write;

use super::cell::{self, extra_number, name, needed_words, number};
use crate::report::View;
use crate::report::comparison::{Basis, Family, Pair, Question};
use crate::report::number::{p_value, short, significant, wins, with_interval};
use crate::report::results::{short_key, short_others};
use crate::report::verdict;
use pictures::svg::escape;
use statistics::paired::{Test, Verdict};

/// The most pairs of one table.
const PAIRS: usize = 60;

/// How the tables of pairs come about.
pub fn method(view: &View) -> String {
    let higher = view.comparison.higher_is_better;
    let resampled = view.results.resampled();
    let corrected = if resampled {
        "corrected resampled"
    } else {
        "paired"
    };
    let tested = if higher {
        format!("Differences are tested by a {corrected} t-test")
    } else {
        format!(
            "Losses differ in proportion, so their ratios are tested: a {corrected} t-test of the logarithms"
        )
    };
    let lost = if resampled {
        "where a run was lost there are counts and no verdict"
    } else {
        "where a run diverged, by ranks, with the diverged run last"
    };
    let parts = if view.results.folds().is_some() {
        "Replicate r of every configuration starts from the same seed and has the same folds, so configurations are compared fold by fold"
    } else {
        "Replicate r of every configuration starts from the same seed, so configurations are compared replicate by replicate"
    };
    let mut text = format!(
        "<p>{parts}. {tested}; {lost}. p-values are corrected by Holm over all pairs of a table; a pair that stands in several tables has those of the one that says which value is best.</p>\n"
    );
    if view.replicates() < 2 {
        text += "<p class=\"note\">One replicate gives no verdict: chance cannot be told from a difference.</p>\n";
    }
    text
}

/// One table of pairs.
pub fn table(view: &View, family: &Family) -> String {
    let by = short_key(view.comparison.by.as_deref().unwrap_or("value"));
    let (heading, note) = match (family.question, family.basis) {
        (Question::OwnBest, Basis::End) => (
            "Each at its own best".to_owned(),
            format!(
                "Every {by} with those other keys that suit it best. They were chosen by the same numbers, which flatters all of them a little."
            ),
        ),
        (Question::OwnBest, Basis::Updates) => (
            "At equal updates".to_owned(),
            "The same configurations after as many updates as the shorter of the two makes."
                .to_owned(),
        ),
        (Question::OwnBest, Basis::Samples) => (
            "At equal samples seen".to_owned(),
            "The same configurations after as many samples as the shorter of the two sees."
                .to_owned(),
        ),
        (_, Basis::End) => (
            "All else equal".to_owned(),
            format!("Every {by} against every other where all other swept keys are the same."),
        ),
        (_, Basis::Updates) => (
            "All else equal, at equal updates".to_owned(),
            "After as many updates as the shorter of the two makes.".to_owned(),
        ),
        (_, Basis::Samples) => (
            "All else equal, at equal samples seen".to_owned(),
            "After as many samples as the shorter of the two sees.".to_owned(),
        ),
    };
    let language = view.results.language;
    let budget = family.basis != Basis::End;
    let others = family
        .pairs
        .iter()
        .any(|pair| !others(view, pair.a).is_empty());
    let ratio = family.pairs.iter().any(|pair| pair.paired.ratio.is_some());
    let mut text = format!(
        "<h3>{heading}</h3>\n<p class=\"lead\">{}</p>\n",
        escape(&note)
    );
    let folded = family.question == Question::SameKeys && family.pairs.len() > 12;
    if folded {
        let _ = writeln!(
            text,
            "<details><summary>{} pairs</summary>",
            family.pairs.len()
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
        head(&mut text, "at", false);
    }
    if budget {
        extra(&mut text, family.basis.name(), true);
    }
    extra(&mut text, "mean A", true);
    extra(&mut text, "mean B", true);
    let compared = match ratio {
        true => "A / B (95 %)",
        false => "A − B (95 %)",
    };
    head(&mut text, compared, true);
    extra(&mut text, "A wins", true);
    extra(&mut text, "p (Holm)", true);
    head(&mut text, "verdict", false);
    text += "</tr></thead>\n<tbody>\n";
    for pair in family.pairs.iter().take(PAIRS) {
        row(&mut text, view, family, pair, (others, budget, ratio));
    }
    text += "</tbody>\n</table>\n</div>\n";
    if family.pairs.len() > PAIRS {
        let _ = writeln!(
            text,
            "<p class=\"note\">The first {PAIRS} of {} pairs; all are in comparison.csv.</p>",
            family.pairs.len()
        );
    }
    if let Some(note) = verdict::no_record(language, family) {
        let _ = writeln!(text, "<p class=\"note\">{}</p>", escape(&note));
    }
    if folded {
        text += "</details>\n";
    }
    text
}

fn others(view: &View, configuration: usize) -> String {
    short_others(&view.results, configuration, view.comparison.by.as_deref())
}

/// The value of `by` of a configuration.
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
            let _ = write!(words, "<small>after {at}</small>");
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
    let (class, words) = verdict_words(view, pair);
    let _ = writeln!(text, "<td class=\"{class}\">{}</td></tr>", escape(&words));
}

/// A verdict's class and words.
fn verdict_words(view: &View, pair: &Pair) -> (&'static str, String) {
    let of = &pair.paired;
    match of.verdict {
        Verdict::Better if of.test == Some(Test::AlwaysLost) => {
            ("better", "A is better: B never finishes".to_owned())
        }
        Verdict::Worse if of.test == Some(Test::AlwaysLost) => {
            ("worse", "A is worse: it never finishes".to_owned())
        }
        Verdict::Better => ("better", "A is better".to_owned()),
        Verdict::Worse => ("worse", "A is worse".to_owned()),
        Verdict::NoClearDifference => {
            let needed = needed_words(of.replicates_needed, of.never_tells);
            ("unclear", format!("no clear difference{needed}"))
        }
        Verdict::Tie => ("unclear", "tie".to_owned()),
        Verdict::None if pair.nearest.is_some() => ("unclear", no_record(view, pair)),
        Verdict::None if of.lost_a == of.pairs && of.lost_b == of.pairs && of.pairs > 0 => {
            ("unclear", "both never finish".to_owned())
        }
        Verdict::None => ("unclear", "no verdict".to_owned()),
    }
}

/// The side of which there is no record yet where the other ends.
fn no_record(view: &View, pair: &Pair) -> String {
    let Some(nearest) = pair.nearest else {
        return String::new();
    };
    let (late, first) = if nearest.at_a > nearest.at_b {
        (pair.a, nearest.at_a)
    } else {
        (pair.b, nearest.at_b)
    };
    format!(
        "not known: {} has no record before {first}",
        level(view, late)
    )
}
