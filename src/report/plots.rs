//! The pictures in `plots/`: the figures of the page as files, for a paper or a lesson.

use std::borrow::Cow;
use std::sync::Mutex;

use rayon::prelude::*;

use super::{Report, confusion, curves, diagram, heat, importance, parallel, rates};
use crate::record::drawing::{Drawing, PictureFormat, PictureStyle};
use crate::record::new_files::NewFiles;
use crate::record::result_files::Content;
use choices::Choice;
use pictures::Figure;
use pictures::paper;
use pictures::pdf;
use pictures::raster::{self, Easel};
use pictures::svg::{self, Target};
use problems::Error;

/// The pixels of a figure per inch.
const INCH: f32 = 96.0;
/// The most configurations whose decision surfaces are written as files.
const SURFACES: usize = 8;

/// The figures with the stems of their file names; empty if no format is chosen.
pub fn figures<'a>(report: &'a Report, drawing: &Drawing) -> Vec<(String, Cow<'a, Figure>)> {
    if drawing.formats.is_empty() {
        return Vec::new();
    }
    let width = drawing.width;
    let (results, comparison) = (&report.view().results, &report.view().comparison);
    let mut figures = Vec::new();
    if report.curves.iter().any(Option::is_some) {
        let figure = curves::figure(&report.selection, &report.curves, width);
        let figure = curves::with_names(figure, &report.selection);
        figures.push(("curves", figure));
    }
    let others = [
        ("sweep", rates::figure(results, comparison, width)),
        ("grid", heat::figure(results, comparison, width)),
        ("parallel", parallel::figure(results, comparison, width)),
        (
            "keys",
            importance::of(results, comparison)
                .map(|importance| importance::figure(results, &importance, width)),
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
    figures
        .chain(surfaces)
        .map(|(name, figure)| (name, prepared(figure, drawing)))
        .collect()
}

/// The figure in the chosen style and size.
fn prepared<'a>(figure: Cow<'a, Figure>, drawing: &Drawing) -> Cow<'a, Figure> {
    let figure = match drawing.style {
        PictureStyle::Colour => figure,
        PictureStyle::Paper => Cow::Owned(paper::without_colours(&figure)),
    };
    if figure.width <= drawing.width && drawing.height.is_none() {
        return figure;
    }
    Cow::Owned(figure.into_owned().within(drawing.width, drawing.height))
}

/// The names of the files of one figure.
pub fn files((stem, _): &(String, Cow<'_, Figure>), drawing: &Drawing) -> Vec<String> {
    let formats = drawing.formats.iter();
    formats
        .map(|format| format!("plots/{stem}.{}", format.word()))
        .collect()
}

/// Writes the pictures in every format. Returns their names, sizes and digests.
///
/// # Errors
/// If a file cannot be written.
pub fn write(
    new: &NewFiles,
    figures: &[(String, Cow<'_, Figure>)],
    drawing: &Drawing,
) -> Result<Vec<(String, Content)>, Error> {
    // There is one easel for each thread at work.
    let idle: Mutex<Vec<Easel>> = Mutex::default();
    let idle = || idle.lock().expect("no thread panics while it takes one");
    let written = figures.par_iter().map(|named| {
        let (figure, names) = (&named.1, files(named, drawing));
        let formats = drawing.formats.iter().zip(names);
        let kept = formats.map(|(format, name)| {
            let bytes = match format {
                PictureFormat::Svg => svg::write(figure, Target::File).into_bytes(),
                PictureFormat::Pdf => pdf::write(figure),
                PictureFormat::Png => {
                    let mut easel = idle().pop().unwrap_or_default();
                    let scale = f32::from(drawing.dpi) / INCH;
                    let png = raster::write(figure, scale, &mut easel);
                    idle().push(easel);
                    png
                }
            };
            new.write(&name, &bytes)
        });
        kept.collect::<Result<Vec<_>, Error>>()
    });
    let written: Vec<Vec<(String, Content)>> = written.collect::<Result<_, Error>>()?;
    Ok(written.into_iter().flatten().collect())
}
