//! `plots/`: the page's figures as files, for a paper or a lesson; SVG and PNG of each.

use std::path::Path;

use rayon::prelude::*;

use super::figure::Figure;
use super::figure::raster;
use super::figure::svg::{self, Target};
use super::{Report, confusion, curves, diagram, heat, rates, surface, write_file};
use crate::error::Error;

/// The width of a figure in a file.
const WIDTH: f64 = 912.0;
/// Pixels of a PNG to each of its figure's: sharp in print at 15 cm.
const SCALE: f32 = 2.0;
/// The most configurations whose decision surfaces become files.
const SURFACES: usize = 8;

/// The figures with the names of their files.
pub fn figures(report: &Report) -> Vec<(String, Figure)> {
    let (results, comparison) = (&report.results, &report.comparison);
    let mut figures = Vec::new();
    if report.curves.iter().any(Option::is_some) {
        figures.push((
            "curves".to_owned(),
            curves::figure(&report.selection, &report.curves, WIDTH),
        ));
    }
    let others = [
        ("sweep", rates::figure(results, comparison, WIDTH)),
        ("grid", heat::figure(results, comparison, WIDTH)),
    ];
    for (name, figure) in others {
        figures.extend(figure.map(|figure| (name.to_owned(), figure)));
    }
    if let Some(best) = report.exhibits.first() {
        let name = report.name(best.configuration);
        figures.extend(diagram::figure(best, &name).map(|figure| ("network".to_owned(), figure)));
        let confusion = confusion::count(best).map(|counts| confusion::figure(&counts, &name));
        figures.extend(confusion.map(|figure| ("confusion".to_owned(), figure)));
    }
    for exhibit in report.exhibits.iter().take(SURFACES) {
        let name = report.name(exhibit.configuration);
        let figure = surface::figure(exhibit, &name);
        figures.extend(figure.map(|figure| (format!("surface-{}", exhibit.configuration), figure)));
    }
    figures
}

/// Writes `plots/*.svg` and `plots/*.png`, and returns their names.
///
/// # Errors
/// If a file cannot be written.
pub fn write(directory: &Path, report: &Report) -> Result<Vec<String>, Error> {
    let figures = figures(report);
    let plots = directory.join("plots");
    if plots.exists() {
        std::fs::remove_dir_all(&plots).map_err(Error::file("cannot empty", &plots))?;
    }
    if figures.is_empty() {
        return Ok(Vec::new());
    }
    std::fs::create_dir_all(&plots).map_err(Error::file("cannot make", &plots))?;
    let written: Vec<Result<[String; 2], Error>> = figures
        .par_iter()
        .map(|(name, figure)| {
            let names = [format!("{name}.svg"), format!("{name}.png")];
            write_file(
                &plots.join(&names[0]),
                svg::write(figure, Target::File).as_bytes(),
            )?;
            write_file(&plots.join(&names[1]), &raster::write(figure, SCALE))?;
            Ok(names.map(|name| format!("plots/{name}")))
        })
        .collect();
    let mut names = Vec::new();
    for pair in written {
        names.extend(pair?);
    }
    Ok(names)
}
