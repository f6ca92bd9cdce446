//! The page `report.html`, which is one self-contained file.
//!
//! The pictures are SVG made here, and a small script of this project makes them interactive. A
//! charting library would be a megabyte of foreign code, would draw nothing without scripts or on
//! paper, and could not share its figures with `plots/`. The page loads nothing (its content
//! security policy forbids it), and its bytes depend on the results alone.

mod cell;
mod data;
mod expectations;
mod extra_columns;
mod interval;
mod opening;
mod pairs;
mod prose;
mod ranking;
mod script;
mod target;
mod tested;

use std::fmt::Write;

use rayon::prelude::*;

use super::{Report, View};
use super::{confusion, curves, diagram, heat, importance, parallel, rates, verdict};
use crate::language::Language;
use crate::text;
use choices::Choice;
use engine::ENGINE_VERSION;
use pictures::svg::{self, Target, escape};
use pictures::{Figure, SERIES};

const STYLE: &str = include_str!("style.css");

/// The widths that figures are drawn for: a desk or paper, and a phone.
const WIDE: f64 = 912.0;
const NARROW: f64 = 360.0;

/// The text of the page.
pub fn write(report: &Report) -> String {
    let results = &report.view().results;
    let language = report.language();
    let mut sections = Vec::new();
    sections.extend(expectation_section(report));
    sections.push(curve_section(report));
    sections.extend(by_view(report, "sweep", sweep));
    sections.extend(by_view(report, "grid", grid));
    sections.extend(by_view(report, "keys", keys));
    sections.extend(by_view(report, "ranking", |view| {
        Some(ranking::table(view))
    }));
    sections.extend(tested_section(report));
    sections.extend(by_view(report, "comparison", comparison));
    sections.extend(model_section(report));
    sections.push(experiment_section(report));

    let name = escape(&results.experiment.name);
    let word = language.word();
    let title = text!(language, "page-title", name = &*name);
    let mut page = String::with_capacity(256 * 1024);
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"{word}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<div class=\"page\">\n"
    );
    let _ = write!(
        page,
        "<header class=\"masthead\">\n<div><h1>{name}</h1>\n<p class=\"question\">{}</p></div>\n\
         <button type=\"button\" class=\"plain\" id=\"theme\">{}</button>\n</header>\n<main>\n",
        escape(&results.experiment.description),
        text!(language, "page-dark")
    );
    page += &view_choice(report);
    page += &opening::section(report);
    let contents = text!(language, "page-contents");
    let _ = writeln!(page, "<nav class=\"contents\" aria-label=\"{contents}\">");
    for section in &sections {
        let _ = writeln!(
            page,
            "<a href=\"#{}\">{}</a>",
            section.id,
            section.name(language)
        );
    }
    page += "</nav>\n";
    for section in &sections {
        let _ = write!(
            page,
            "<section id=\"{0}\" aria-labelledby=\"{0}-name\">\n<h2 id=\"{0}-name\">{1}</h2>\n{2}</section>\n",
            section.id,
            section.name(language),
            section.body
        );
    }
    page += "</main>\n</div>\n";
    page += &data::script(report);
    let script = script::in_language(language);
    let _ = write!(page, "<script>\n{script}</script>\n</body>\n</html>\n");
    page
}

/// The section of the test part, if it was opened.
fn tested_section(report: &Report) -> Option<Section> {
    let tested = report.tested.as_ref()?;
    let all = &report.view().results.configurations;
    let number = usize::try_from(tested.configuration).ok()?;
    let configuration = all.iter().position(|of| of.number == number)?;
    Some(Section {
        id: "test",
        body: tested::section(report.language(), tested, &report.name(configuration)),
    })
}

/// The section of the expectations, if there are any.
fn expectation_section(report: &Report) -> Option<Section> {
    let body = expectations::section(report.language(), &report.expectations)?;
    Some(Section {
        id: "expectations",
        body,
    })
}

struct Section {
    id: &'static str,
    body: String,
}

impl Section {
    /// The heading of the section, which the table of contents has too.
    fn name(&self, language: Language) -> String {
        text!(language, "page-section", section = self.id)
    }
}

/// The buttons for the column by which the page ranks; empty if there is only one column.
fn view_choice(report: &Report) -> String {
    if report.views.len() < 2 {
        return String::new();
    }
    let mut text = format!(
        "<div class=\"controls\" id=\"views\">\n<div class=\"choice\" role=\"group\" aria-label=\"{}\">",
        text!(report.language(), "page-ranked-by")
    );
    for (index, view) in report.views.iter().enumerate() {
        let metric = &view.comparison.metric;
        let column = report.columns.iter().position(|column| column == metric);
        let column = column.map_or(String::new(), |column| format!(" data-column=\"{column}\""));
        let _ = write!(
            text,
            "<button type=\"button\" data-show=\"{index}\"{column} aria-pressed=\"{}\">{}</button>",
            index == 0,
            escape(metric)
        );
    }
    text + "</div>\n</div>\n"
}

/// A part of the page for each column by which it ranks. That of the compared column is visible
/// first; the others when they are chosen. `None` if no column has the part.
fn each_view(report: &Report, body: impl Fn(&View) -> Option<String> + Sync) -> Option<String> {
    let bodies: Vec<Option<String>> = report.views.par_iter().map(&body).collect();
    if bodies.iter().all(Option::is_none) {
        return None;
    }
    let mut text = String::new();
    for (index, body) in bodies.into_iter().enumerate() {
        let hidden = if index == 0 { "" } else { " hidden" };
        let body = body.unwrap_or_default();
        let _ = write!(text, "<div data-view=\"{index}\"{hidden}>\n{body}</div>\n");
    }
    Some(text)
}

fn by_view(
    report: &Report,
    id: &'static str,
    body: impl Fn(&View) -> Option<String> + Sync,
) -> Option<Section> {
    let body = each_view(report, body)?;
    Some(Section { id, body })
}

fn curve_section(report: &Report) -> Section {
    let language = report.language();
    let mut body = String::new();
    let Some(column) = report
        .columns
        .first()
        .filter(|_| report.curves.iter().any(Option::is_some))
    else {
        return Section {
            id: "curves",
            body: format!("<p>{}</p>\n", text!(language, "page-no-curves")),
        };
    };
    let band = match report.replicates() {
        0 | 1 => "none",
        2..10 => "all",
        _ => "most",
    };
    let _ = writeln!(
        body,
        "<p>{}<span class=\"if-scripted\">{}</span></p>",
        text!(
            language,
            "page-curves",
            column = escape(column),
            band = band
        ),
        text!(language, "page-curves-drag")
    );
    let of = report.selection.of;
    if report.selection.drawn.len() < of {
        let by = report.view().comparison.by.as_deref();
        let note = text!(
            language,
            "page-curves-drawn",
            drawn = report.selection.drawn.len(),
            all = of,
            by = escape(super::results::short_key(by.unwrap_or("value")))
        );
        let _ = writeln!(body, "<p class=\"note\">{note}</p>");
    }
    body += "<div class=\"controls\">\n";
    let choice = |label: String, options: &[(String, String)]| {
        let mut text = format!("<div class=\"choice\" role=\"group\" aria-label=\"{label}\">");
        for (set, name) in options {
            let _ = write!(
                text,
                "<button type=\"button\" data-set=\"{set}\">{}</button>",
                escape(name)
            );
        }
        text + "</div>\n"
    };
    let option = |set: &str, name: String| (set.to_owned(), name);
    if report.columns.len() > 1 {
        let options: Vec<_> = report
            .columns
            .iter()
            .enumerate()
            .map(|(i, name)| (format!("column:{i}"), name.clone()))
            .collect();
        body += &choice(text!(language, "page-what-is-drawn"), &options);
    }
    body += &choice(
        text!(language, "page-vertical-scale"),
        &[
            option("log:1", text!(language, "page-logarithmic")),
            option("log:0", text!(language, "page-linear")),
        ],
    );
    body += &choice(
        text!(language, "page-horizontal-axis"),
        &[
            option("by:epoch", text!(language, "page-epochs")),
            option("by:updates", text!(language, "page-updates")),
            option("by:samples", text!(language, "page-samples")),
        ],
    );
    for (set, name) in [
        ("runs:1", text!(language, "page-single-runs")),
        ("smooth:1", text!(language, "page-smoothed")),
        ("zoom:0", text!(language, "page-whole-curve")),
    ] {
        if set != "runs:1" || report.replicates() > 1 {
            let _ = writeln!(
                body,
                "<button type=\"button\" class=\"plain\" data-set=\"{set}\">{name}</button>"
            );
        }
    }
    body += "</div>\n<div class=\"plot\" id=\"curves-plot\">\n";
    body += &both_widths(|width| curves::figure(&report.selection, &report.curves, width));
    body += "</div>\n<ul class=\"legend\" id=\"curves-legend\">\n";
    for drawn in report.selection.leading() {
        let _ = writeln!(
            body,
            "<li><span class=\"entry\"><svg width=\"14\" height=\"14\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect width=\"14\" height=\"14\" rx=\"3\" class=\"f-s{}\"/></svg>{}</span></li>",
            drawn.series,
            escape(&drawn.name)
        );
    }
    if let Some(other) = curves::counterpart(&report.columns) {
        let _ = writeln!(
            body,
            "<li class=\"dotted\">{}</li>",
            text!(language, "page-dotted", column = escape(other))
        );
    }
    body += "</ul>\n";
    Section { id: "curves", body }
}

/// A figure in both widths, of which the style sheet shows one.
fn both_widths(figure: impl Fn(f64) -> Figure) -> String {
    format!(
        "<div class=\"wide\">{}</div>\n<div class=\"narrow\">{}</div>\n",
        svg::write(&figure(WIDE), Target::Page),
        svg::write(&figure(NARROW), Target::Page)
    )
}

/// The part with the compared column against a swept number.
fn sweep(view: &View) -> Option<String> {
    let (results, comparison) = (&view.results, &view.comparison);
    let wide = rates::figure(results, comparison, WIDE)?;
    let narrow = rates::figure(results, comparison, NARROW)?;
    let key = super::results::short_key(&results.keys[rates::numeric_key(results, comparison)?])
        .to_owned();
    let by = comparison.by.as_deref().map(super::results::short_key);
    let levels = comparison.levels.len();
    let body = format!(
        "<p>{}</p>\n\
         <div class=\"plot marks\">\n<div class=\"wide\">{}</div>\n<div class=\"narrow\">{}</div>\n</div>\n{}",
        text!(
            results.language,
            "page-sweep",
            metric = escape(&comparison.metric),
            key = escape(&key),
            curves = match by {
                Some(by) if by != key => text!(
                    results.language,
                    "page-sweep-by",
                    by = escape(by),
                    drawn = if levels > SERIES { "best" } else { "all" },
                    count = SERIES,
                    levels = levels
                ),
                _ => String::new(),
            },
            others = if results.differing().len() > 2 {
                "best"
            } else {
                "none"
            }
        ),
        svg::write(&wide, Target::Page),
        svg::write(&narrow, Target::Page),
        edge_note(view).unwrap_or_default()
    );
    Some(body)
}

/// The note for a best value at the edge of its sweep: a better one may lie beyond.
fn edge_note(view: &View) -> Option<String> {
    let (results, comparison) = (&view.results, &view.comparison);
    let key = rates::numeric_key(results, comparison)?;
    let best = *comparison.ranked.first()?;
    comparison.descriptions[best].mean?;
    // Of equal configurations none is the best.
    let mut others = comparison.ranked[1..].iter();
    if others.any(|&other| comparison.equal(best, other)) {
        return None;
    }
    let number = |c: usize| results.configurations[c].values[key].parse::<f64>().ok();
    let value = number(best)?;
    let others: Vec<f64> = (0..results.configurations.len())
        .filter_map(number)
        .collect();
    let (least, most) = others
        .iter()
        .fold((value, value), |(l, h), v| (l.min(*v), h.max(*v)));
    let name = super::results::short_key(&results.keys[key]);
    let side = match (value == least, value == most) {
        (true, false) => "smallest",
        (false, true) => "greatest",
        _ => return None,
    };
    let note = text!(
        results.language,
        "page-edge",
        key = escape(name),
        side = side
    );
    Some(format!("<p class=\"note\">{note}</p>\n"))
}

/// The part with the compared column over two swept keys.
fn grid(view: &View) -> Option<String> {
    let (results, comparison) = (&view.results, &view.comparison);
    let wide = heat::figure(results, comparison, WIDE)?;
    let narrow = heat::figure(results, comparison, NARROW)?;
    Some(format!(
        "<p>{}</p>\n<div class=\"plot marks\">\n<div class=\"wide\">{}</div>\n<div class=\"narrow\">{}</div>\n</div>\n",
        text!(
            results.language,
            "page-grid",
            metric = escape(&comparison.metric)
        ),
        svg::write(&wide, Target::Page),
        svg::write(&narrow, Target::Page)
    ))
}

/// The part for sweeps of three or more keys: their values beside the metric, and the importance of
/// each key.
fn keys(view: &View) -> Option<String> {
    let (results, comparison) = (&view.results, &view.comparison);
    let both = |wide: &Figure, narrow: &Figure| {
        format!(
            "<div class=\"plot marks\">\n<div class=\"wide\">{}</div>\n<div class=\"narrow\">{}</div>\n</div>\n",
            svg::write(wide, Target::Page),
            svg::write(narrow, Target::Page)
        )
    };
    let wide = parallel::figure(results, comparison, WIDE)?;
    let narrow = parallel::figure(results, comparison, NARROW)?;
    let mut body = format!(
        "<p>{}</p>\n{}",
        text!(
            results.language,
            "page-keys",
            metric = escape(&comparison.metric)
        ),
        both(&wide, &narrow)
    );
    if let Some(importance) = importance::of(results, comparison) {
        let _ = writeln!(
            body,
            "<h3>{}</h3>\n<p class=\"note\">{}</p>",
            text!(results.language, "page-importance"),
            text!(results.language, "page-importance-note")
        );
        let figure = |width| importance::figure(results, &importance, width);
        body += &both(&figure(WIDE), &figure(NARROW));
    }
    Some(body)
}

/// The part that says which value of the compared key is better, on each basis.
fn comparison(view: &View) -> Option<String> {
    let comparison = &view.comparison;
    comparison
        .by
        .as_ref()
        .filter(|_| view.results.terms.ranked)?;
    let mut body = pairs::method(view);
    for family in comparison.answering() {
        body += &pairs::table(view, family);
    }
    if let Some(note) = verdict::equal_samples(view.results.language, comparison) {
        let _ = writeln!(body, "<p class=\"note\">{note}</p>");
    }
    body += &target::table(view);
    Some(body)
}

fn model_section(report: &Report) -> Option<Section> {
    let language = report.language();
    let best = report.exhibits.first()?;
    let leads = |configuration: usize| {
        let mut leading = report.selection.leading();
        leading.any(|drawn| drawn.configuration == configuration)
    };
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    let name = report.name(best.configuration);
    let network = diagram::figure(language, best, &name);
    first.extend(&network);
    let confusion =
        confusion::count(best).map(|counts| confusion::figure(language, &counts, &name));
    first.extend(&confusion);
    let mut surfaces = false;
    for (exhibit, figure) in report.exhibits.iter().zip(&report.surfaces) {
        if let Some(figure) = figure {
            surfaces = true;
            if leads(exhibit.configuration) {
                first.push(figure);
            } else {
                rest.push(figure);
            }
        }
    }
    if first.is_empty() && rest.is_empty() {
        return None;
    }
    let lead = match surfaces {
        true => text!(language, "page-surfaces"),
        false => text!(language, "page-best-run"),
    };
    let mut body = format!("<p>{lead}</p>\n");
    let gallery = |figures: &[&Figure]| {
        let figures = figures.par_iter().map(|figure| {
            let svg = svg::write(figure, Target::Page);
            format!(
                "<div class=\"plot marks\" style=\"--w:{:.0}\">{svg}</div>\n",
                figure.width
            )
        });
        format!(
            "<div class=\"gallery\">\n{}</div>\n",
            figures.collect::<String>()
        )
    };
    body += &gallery(&first);
    if !rest.is_empty() {
        let _ = write!(
            body,
            "<details><summary>{}</summary>\n{}</details>\n",
            text!(language, "page-further", count = rest.len()),
            gallery(&rest)
        );
    }
    if surfaces && report.selection.drawn.len() < report.selection.of {
        let _ = writeln!(
            body,
            "<p class=\"note\">{}</p>",
            text!(language, "page-drawn-above", all = report.selection.of)
        );
    }
    Some(Section { id: "models", body })
}

fn experiment_section(report: &Report) -> Section {
    let language = report.language();
    let mut body = format!(
        "<p>{}</p>\n\
         <details><summary>experiment.toml</summary>\n<pre tabindex=\"0\"><code>{}</code></pre>\n</details>\n<dl class=\"provenance\">\n",
        text!(language, "page-as-it-ran"),
        escape(&report.view().results.experiment.text)
    );
    let mut entries = vec![
        (
            text!(language, "page-seed"),
            report.view().results.experiment.seed.to_string(),
        ),
        (
            text!(language, "page-made-by"),
            text!(
                language,
                "page-versions",
                runner = env!("CARGO_PKG_VERSION"),
                engine = ENGINE_VERSION
            ),
        ),
    ];
    if let Some(origin) = report
        .exhibits
        .iter()
        .find_map(|exhibit| exhibit.origin.as_ref())
    {
        let data = &origin.data;
        let train = data.train.x.nrows();
        let mut text = match &data.valid {
            None => text!(language, "page-data", train = train),
            Some(valid) => text!(
                language,
                "page-data-with-validation",
                train = train,
                valid = valid.x.nrows()
            ),
        };
        let digest: String = data
            .digest()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let _ = write!(text, " · SHA-256 {digest}");
        entries.push((text!(language, "page-data-heading"), text));
    }
    for (name, digest) in &report.digests {
        entries.push((name.clone(), format!("SHA-256 {digest}")));
    }
    for (name, value) in entries {
        let _ = writeln!(
            body,
            "<dt>{}</dt><dd>{}</dd>",
            escape(&name),
            escape(&value)
        );
    }
    let _ = writeln!(
        body,
        "</dl>\n<p class=\"note\">{}</p>",
        text!(language, "page-manifest")
    );
    Section {
        id: "experiment",
        body,
    }
}
