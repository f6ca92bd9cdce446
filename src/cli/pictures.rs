//! The options `--format`, `--size`, `--dpi` and `--style` for the pictures in `plots/`.

use clap::Args;

use crate::record::drawing::{Drawing, PictureFormat, PictureStyle};

/// How the pictures in plots/ are drawn.
#[derive(Debug, Args)]
pub struct PictureArguments {
    /// Formats of the pictures in plots/, as in svg,pdf (default: as before, at first svg,png)
    #[arg(long = "format", value_name = "FORMAT", value_delimiter = ',')]
    pub formats: Vec<PictureFormat>,
    /// Size of the pictures: a width or WIDTHxHEIGHT in px, mm, cm, in or pt, as in 8.5cm or 800x600
    #[arg(long, value_name = "SIZE")]
    pub size: Option<PictureSize>,
    /// Pixels to an inch of pictures as PNG, from 30 to 1200 (96 px are an inch)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(30..=1200))]
    pub dpi: Option<u16>,
    /// Style of the pictures
    #[arg(long, value_name = "STYLE")]
    pub style: Option<PictureStyle>,
}

impl PictureArguments {
    /// The options that were given, and for the others the choices of `before`.
    pub fn over(&self, before: Drawing) -> Drawing {
        let mut formats = self.formats.clone();
        formats.sort_unstable();
        formats.dedup();
        let before_size = PictureSize {
            width: before.width,
            height: before.height,
        };
        let PictureSize { width, height } = self.size.unwrap_or(before_size);
        Drawing {
            formats: match formats.is_empty() {
                true => before.formats,
                false => formats,
            },
            width,
            height,
            dpi: self.dpi.unwrap_or(before.dpi),
            style: self.style.unwrap_or(before.style),
        }
    }
}

/// The size of a picture, in pixels of which 96 are an inch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PictureSize {
    width: f64,
    height: Option<f64>,
}

/// The pixels of each unit.
const UNITS: [(&str, f64); 5] = [
    ("px", 1.0),
    ("mm", 96.0 / 25.4),
    ("cm", 96.0 / 2.54),
    ("in", 96.0),
    ("pt", 96.0 / 72.0),
];
/// The pixels that a side may have: from the width of a label to a poster.
const SIDE: std::ops::RangeInclusive<f64> = 100.0..=4000.0;

/// The number at the beginning of a text, the pixels of the unit after it if there is one, and the
/// rest of the text.
fn length(text: &str) -> Option<(f64, Option<f64>, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, rest) = text.split_at(end.unwrap_or(text.len()));
    let rest = rest.trim_start();
    let unit = UNITS
        .iter()
        .find_map(|(name, pixels)| Some((*pixels, rest.strip_prefix(name)?)));
    let (pixels, rest) = unit.map_or((None, rest), |(pixels, rest)| (Some(pixels), rest));
    Some((number.parse().ok()?, pixels, rest.trim()))
}

impl std::str::FromStr for PictureSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sides = || {
            let (width, unit, rest) = length(text)?;
            if rest.is_empty() {
                return Some((width * unit.unwrap_or(1.0), None));
            }
            let (height, last, rest) = length(rest.strip_prefix(['x', '×'])?)?;
            // In 16x10cm both numbers are centimetres.
            let pixels = last.unwrap_or(1.0);
            let width = width * unit.unwrap_or(pixels);
            rest.is_empty().then_some((width, Some(height * pixels)))
        };
        let fits = |length: &f64| SIDE.contains(length);
        let sides =
            sides().filter(|(width, height)| fits(width) && height.as_ref().is_none_or(fits));
        let (width, height) = sides.ok_or_else(|| {
            format!(
                "a size is a width, as in 8.5cm, or WIDTHxHEIGHT, as in 800x600 or 16x10cm (units: px, mm, cm, \
                 in, pt), each from {} to {} px",
                SIDE.start(),
                SIDE.end()
            )
        })?;
        Ok(Self { width, height })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_width_or_a_width_and_a_height() {
        let of = |text: &str| {
            text.parse::<PictureSize>()
                .map(|size| (size.width, size.height))
        };
        let inch = 96.0;
        for (text, width, height) in [
            ("800", 800.0, None),
            ("8in", 8.0 * inch, None),
            ("50.8mm", 2.0 * inch, None),
            ("800x600", 800.0, Some(600.0)),
            ("800px×600px", 800.0, Some(600.0)),
            ("800 px x 6 in", 800.0, Some(6.0 * inch)),
            ("10x8in", 10.0 * inch, Some(8.0 * inch)),
            ("5inx400", 5.0 * inch, Some(400.0)),
        ] {
            assert_eq!(of(text), Ok((width, height)), "{text}");
        }
        for text in [
            "",
            "banana",
            "8.5",
            "0cm",
            "8cmx",
            "x600",
            "800x600x400",
            "1e3",
            "-8cm",
            "8.5.1cm",
            "NaN",
        ] {
            assert!(of(text).is_err(), "{text}");
        }
    }
}
