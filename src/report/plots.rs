//! `plots/`: the page's figures as files, for a paper or a lesson; SVG and PNG of each.

use std::borrow::Cow;
use std::sync::Mutex;

use rayon::prelude::*;

use super::{Report, confusion, curves, diagram, heat, importance, parallel, rates};
use crate::record::new_files::NewFiles;
use crate::record::result_files::Content;
use pictures::Figure;
use pictures::raster::{self, Easel};
use pictures::svg::{self, Target};
use problems::Error;

/// The width of a figure in a file.
const WIDTH: f64 = 912.0;
/// Pixels of a PNG to each of its figure's: sharp in print at 15 cm.
const SCALE: f32 = 2.0;
/// The most configurations whose decision surfaces become files.
const SURFACES: usize = 8;

/// The figures with the stems of their files.
pub fn figures(report: &Report) -> Vec<(String, Cow<'_, Figure>)> {
    let (results, comparison) = (&report.view().results, &report.view().comparison);
    let mut figures = Vec::new();
    if report.curves.iter().any(Option::is_some) {
        let figure = curves::figure(&report.selection, &report.curves, WIDTH);
        figures.push(("curves", figure));
    }
    let others = [
        ("sweep", rates::figure(results, comparison, WIDTH)),
        ("grid", heat::figure(results, comparison, WIDTH)),
        ("parallel", parallel::figure(results, comparison, WIDTH)),
        (
            "keys",
            importance::of(results, comparison)
                .map(|importance| importance::figure(results, &importance, WIDTH)),
        ),
    ];
    for (name, figure) in others {
        figures.extend(figure.map(|figure| (name, figure)));
    }
    if let Some(answers) = &report.answers {
        figures.push((answers.stem, answers.figure.clone()));
    }
    if let Some(best) = report.exhibits.first() {
        let name = report.name(best.configuration);
        figures.extend(
            diagram::figure(report.language(), best, &name).map(|figure| ("network", figure)),
        );
        let confusion = confusion::count(best)
            .map(|counts| confusion::figure(report.language(), &counts, &name));
        figures.extend(confusion.map(|figure| ("confusion", figure)));
    }
    let figures = figures.into_iter();
    let figures = figures.map(|(name, figure)| (name.to_owned(), Cow::Owned(figure)));
    let surfaces = report.exhibits.iter().zip(&report.surfaces).take(SURFACES);
    let surfaces = surfaces.filter_map(|(exhibit, surface)| {
        let name = format!("surface-{}", exhibit.configuration);
        Some((name, Cow::Borrowed(surface.as_ref()?)))
    });
    figures.chain(surfaces).collect()
}

/// The names of the files of one figure.
pub fn files((stem, _): &(String, Cow<'_, Figure>)) -> [String; 2] {
    ["svg", "png"].map(|ending| format!("plots/{stem}.{ending}"))
}

/// Writes `plots/*.svg` and `plots/*.png`, and returns their names and what they hold.
///
/// # Errors
/// If a file cannot be written.
pub fn write(
    new: &NewFiles,
    figures: &[(String, Cow<'_, Figure>)],
) -> Result<Vec<(String, Content)>, Error> {
    // As many as there are threads at work.
    let idle: Mutex<Vec<Easel>> = Mutex::default();
    let idle = || idle.lock().expect("no thread panics while it takes one");
    let written = figures.par_iter().map(|named| {
        let (figure, [svg_name, png_name]) = (&named.1, files(named));
        let mut easel = idle().pop().unwrap_or_default();
        let svg = svg::write(figure, Target::File);
        let png = raster::write(figure, SCALE, &mut easel);
        idle().push(easel);
        Ok([
            new.write(&svg_name, svg.as_bytes())?,
            new.write(&png_name, &png)?,
        ])
    });
    let written: Vec<[(String, Content); 2]> = written.collect::<Result<_, Error>>()?;
    Ok(written.into_iter().flatten().collect())
}
