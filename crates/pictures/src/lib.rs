//! Pictures: figures, and their conversion into SVG, PNG and PDF.
//!
//! A [`Figure`] is a list of lines, areas, marks and texts with named inks. It is written as SVG
//! into the page (where the style sheet gives each ink its colour, light or dark), as SVG into a
//! file of its own (with the colours written out), as PNG (by `tiny-skia`, with the shipped fonts)
//! and as PDF (with the used parts of the fonts). All are made from the same figure, so that they
//! agree.
//!
//! `resvg` could turn any SVG into PNG, but brings a text shaper, image readers and a CSS parser
//! that these figures do not use; the crates `tiny-skia` and `ttf-parser` below it are enough.
//!
//! The crate knows nothing of results or networks: its callers give it numbers and texts.
//!
//! ```
//! use pictures::svg::{self, Target};
//! use pictures::{Anchor, Figure, Ink};
//!
//! let mut figure = Figure::new(200.0, 100.0, "A rule");
//! figure.items.push(pictures::rule((10.0, 50.0), (190.0, 50.0), Ink::Series(0)));
//! figure.items.push(pictures::text((100.0, 40.0), "a < b", Anchor::Middle, 12.0, Ink::Text));
//! let picture = svg::write(&figure, Target::File);
//! assert!(picture.contains("a &lt; b"));
//! ```

pub mod axis;
mod discs;
mod enlarge;
mod fit;
mod glyph;
pub mod number;
pub mod paper;
pub mod pdf;
pub mod png;
pub mod raster;
pub mod svg;

/// The number of series with a colour of their own; further series repeat the colours with other
/// dashes.
pub const SERIES: usize = 8;

/// The ink of an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ink {
    /// The colour of a series.
    Series(usize),
    /// The ink of texts.
    Text,
    /// The ink of less important texts and lines.
    Muted,
    /// The ink of grid lines.
    Grid,
    /// The colour of the paper.
    Paper,
    /// A colour that stands for a value, so that it is the same in light and dark.
    Fixed([u8; 3]),
}

/// The dashes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    /// A line without gaps.
    Solid,
    /// Short dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// The dashes of a series, where series are distinguished by dashes.
    Series(usize),
}

/// The place of a text relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins at the point.
    Start,
    /// The middle of the text is at the point.
    Middle,
    /// The text ends at the point.
    End,
}

/// One item of a figure. Coordinates are pixels from the left upper corner.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A line through points.
    Line {
        /// The points, at least two.
        points: Vec<(f64, f64)>,
        /// The colour of the line.
        ink: Ink,
        /// The width of the line in pixels.
        width: f64,
        /// The dashes of the line.
        dash: Dash,
    },
    /// A closed area.
    Area {
        /// The corners of the area.
        points: Vec<(f64, f64)>,
        /// The colour of the area.
        ink: Ink,
        /// The opacity, from 0 to 1.
        opacity: f64,
    },
    /// A rectangle.
    Rectangle {
        /// Left, top, width, height.
        frame: [f64; 4],
        /// The colour of the rectangle.
        ink: Ink,
        /// The text that appears when a person points at it; may be empty.
        title: String,
    },
    /// A disc, with a rim in the paper's colour.
    Disc {
        /// The centre.
        at: (f64, f64),
        /// The radius in pixels.
        radius: f64,
        /// The colour of the disc.
        ink: Ink,
        /// The text that appears when a person points at it; may be empty.
        title: String,
    },
    /// A cross, for a run that diverged.
    Cross {
        /// The centre.
        at: (f64, f64),
        /// Half of its width, in pixels.
        radius: f64,
        /// The colour of the cross.
        ink: Ink,
        /// The text that appears when a person points at it; may be empty.
        title: String,
    },
    /// A line of text.
    Text {
        /// The point of the text.
        at: (f64, f64),
        /// The text.
        text: String,
        /// The place of the text relative to its point.
        anchor: Anchor,
        /// The size in pixels.
        size: f64,
        /// The colour of the text.
        ink: Ink,
        /// Whether it is semibold.
        strong: bool,
        /// Whether it runs upwards.
        upwards: bool,
    },
    /// An image that is enlarged smoothly.
    Image {
        /// Left, top, width and height on the figure.
        frame: [f64; 4],
        /// The number of columns and rows of pixels.
        size: (usize, usize),
        /// The pixels, rows from the top, three bytes each.
        pixels: Vec<u8>,
        /// The pixels as a PNG file.
        png: Vec<u8>,
    },
    /// The items of one series.
    Group {
        /// The number of the series.
        series: usize,
        /// The name of the series.
        name: String,
        /// The items.
        items: Vec<Item>,
    },
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The width in pixels.
    pub width: f64,
    /// The height in pixels.
    pub height: f64,
    /// The title, in a few words.
    pub title: String,
    /// The content in words, for readers who cannot see the picture.
    pub description: String,
    /// The items in the order of drawing.
    pub items: Vec<Item>,
}

impl Figure {
    /// An empty figure.
    pub fn new(width: f64, height: f64, title: impl Into<String>) -> Self {
        Self {
            width,
            height,
            title: title.into(),
            description: String::new(),
            items: Vec::new(),
        }
    }

    /// Writes the name of the figure at its top, with at most `most` characters.
    pub fn head(&mut self, name: &str, most: usize) {
        let name = cut(name, most);
        self.items.push(strong_text(
            (0.0, 14.0),
            name,
            Anchor::Start,
            13.0,
            Ink::Text,
        ));
    }

    /// The number of series on the figure.
    pub fn series(&self) -> usize {
        let groups = self
            .items
            .iter()
            .filter(|item| matches!(item, Item::Group { .. }));
        groups.count()
    }
}

impl Dash {
    /// The lengths of dashes and of the gap after each; `None` for a line without gaps.
    pub fn pattern(self) -> Option<&'static [f32]> {
        const OF_SERIES: [Option<&[f32]>; SERIES] = [
            None,
            Some(&[8.0, 4.0]),
            Some(&[3.0, 4.0]),
            Some(&[10.0, 4.0, 1.0, 4.0]),
            Some(&[14.0, 5.0]),
            Some(&[8.0, 4.0, 1.0, 4.0, 1.0, 4.0]),
            Some(&[5.0, 6.0]),
            Some(&[14.0, 4.0, 4.0, 4.0]),
        ];
        match self {
            Dash::Solid => None,
            Dash::Dashed => Some(&[6.0, 4.0]),
            Dash::Dotted => Some(&[1.5, 3.5]),
            Dash::Series(series) => OF_SERIES[series % SERIES],
        }
    }
}

/// A name with at most `most` columns.
pub fn cut(name: &str, most: usize) -> String {
    if columns(name) <= most {
        return name.to_owned();
    }
    let mut room = most.saturating_sub(1);
    let fits = |c: &char| {
        let width = width(*c);
        let fits = width <= room;
        room = room.saturating_sub(width);
        fits
    };
    name.chars().take_while(fits).chain(['…']).collect()
}

/// About how many columns a text takes; Chinese, Japanese and Korean characters take two each.
pub fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

fn width(c: char) -> usize {
    match c {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3ffff}' => 2,
        _ => 1,
    }
}

/// A text in at most `lines` lines with at most `most` columns, broken at spaces and within words
/// that are longer than a line. Text without room is cut.
pub fn wrap(text: &str, most: usize, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let full = wrapped.len() == lines;
        match wrapped.last_mut() {
            Some(line) if full || columns(line) + 1 + columns(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => wrapped.push(String::new()),
        }
        let begun = wrapped.last_mut().filter(|line| line.is_empty());
        if begun.is_none() {
            continue;
        }
        for c in word.chars() {
            let full = wrapped.len() == lines;
            let line = wrapped.last_mut().expect("a line was begun");
            if !full && columns(line) + width(c) > most {
                wrapped.push(c.to_string());
            } else {
                line.push(c);
            }
        }
    }
    wrapped.into_iter().map(|line| cut(&line, most)).collect()
}

/// A text in semibold: a heading, or a name beside its line.
pub fn strong_text(
    at: (f64, f64),
    words: impl Into<String>,
    anchor: Anchor,
    size: f64,
    ink: Ink,
) -> Item {
    Item::Text {
        at,
        text: words.into(),
        anchor,
        size,
        ink,
        strong: true,
        upwards: false,
    }
}

/// A plain text.
pub fn text(at: (f64, f64), text: impl Into<String>, anchor: Anchor, size: f64, ink: Ink) -> Item {
    Item::Text {
        at,
        text: text.into(),
        anchor,
        size,
        ink,
        strong: false,
        upwards: false,
    }
}

/// An image (rows from the top, three bytes per pixel) that fills a frame.
///
/// # Panics
/// If the number of pixels is not that of `size`.
pub fn image(frame: [f64; 4], size: (usize, usize), pixels: Vec<u8>) -> Item {
    Item::Image {
        frame,
        size,
        png: png::encode(size.0, size.1, &pixels),
        pixels,
    }
}

/// A thin line between two points.
pub fn rule(from: (f64, f64), to: (f64, f64), ink: Ink) -> Item {
    Item::Line {
        points: vec![from, to],
        ink,
        width: 1.0,
        dash: Dash::Solid,
    }
}

/// The colours of the series in light mode and on paper, from Okabe and Ito (2008): they differ in
/// every common form of colour blindness, and are darker where a line on white would be too light.
pub const LIGHT: [[u8; 3]; SERIES] = [
    [0x00, 0x72, 0xb2],
    [0xd5, 0x5e, 0x00],
    [0x00, 0x8a, 0x65],
    [0xb0, 0x56, 0x8e],
    [0xb8, 0x82, 0x00],
    [0x3c, 0x9c, 0xd6],
    [0x55, 0x55, 0x55],
    [0x7a, 0x4f, 0x2a],
];

/// The default colour of an ink: in files, on white.
pub fn colour(ink: Ink) -> [u8; 3] {
    match ink {
        Ink::Series(series) => LIGHT[series % SERIES],
        Ink::Text => [0x1c, 0x1f, 0x23],
        Ink::Muted => [0x5d, 0x64, 0x6c],
        Ink::Grid => [0xe3, 0xe6, 0xe9],
        Ink::Paper => [0xff, 0xff, 0xff],
        Ink::Fixed(colour) => colour,
    }
}

/// The playground's colours: orange at −1, light grey at 0, blue at +1, linear between them, and
/// constant beyond.
pub fn diverging(value: f64) -> [u8; 3] {
    const ORANGE: [f64; 3] = [245.0, 147.0, 34.0];
    const GREY: [f64; 3] = [232.0, 234.0, 235.0];
    const BLUE: [f64; 3] = [8.0, 119.0, 189.0];
    let value = if value.is_nan() {
        0.0
    } else {
        value.clamp(-1.0, 1.0)
    };
    let end = if value < 0.0 { ORANGE } else { BLUE };
    mix(GREY, end, value.abs())
}

/// A scale in one direction for heat maps: from light grey at 0 (good) to deep blue at 1.
pub fn sequential(value: f64) -> [u8; 3] {
    /// The lightness falls evenly, so that the scale is readable in grey print.
    const STOPS: [[f64; 3]; 5] = [
        [240.0, 245.0, 248.0],
        [181.0, 210.0, 228.0],
        [105.0, 165.0, 203.0],
        [40.0, 112.0, 166.0],
        [14.0, 60.0, 104.0],
    ];
    let place = value.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let below = (place as usize).min(STOPS.len() - 2);
    mix(STOPS[below], STOPS[below + 1], place - below as f64)
}

/// Black or white, whichever is read better on a colour.
pub fn ink_on(colour: [u8; 3]) -> [u8; 3] {
    /// The luminance on which both have the same contrast (WCAG 2.1: (L + 0.05)² = 1.05 · 0.05).
    const MIDDLE: f64 = 0.179;
    let channel = |value: u8| libm::pow(f64::from(value) / 255.0, 2.2);
    let [red, green, blue] = colour.map(channel);
    if 0.2126 * red + 0.7152 * green + 0.0722 * blue < MIDDLE {
        [255, 255, 255]
    } else {
        [28, 31, 35]
    }
}

fn mix(from: [f64; 3], to: [f64; 3], share: f64) -> [u8; 3] {
    let channel = |i: usize| (from[i] + (to[i] - from[i]) * share).round() as u8;
    [channel(0), channel(1), channel(2)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dark_on_light_colours_and_white_on_dark_ones() {
        assert_eq!(ink_on(sequential(0.0)), [28, 31, 35]);
        assert_eq!(ink_on(sequential(0.5)), [28, 31, 35]);
        assert_eq!(ink_on(sequential(0.8)), [255, 255, 255]);
        assert_eq!(ink_on(sequential(1.0)), [255, 255, 255]);
    }

    #[test]
    fn names_are_broken_at_spaces_and_cut_by_their_width() {
        assert_eq!(
            wrap("full-batch, learning_rate 0.1", 25, 3),
            ["full-batch, learning_rate", "0.1"]
        );
        assert_eq!(
            wrap("学習率オンライン学習", 8, 3),
            ["学習率オ", "ンライン", "学習"]
        );
        assert_eq!(wrap("a b c d", 1, 2), ["a", "…"]);
        assert_eq!(cut("学習率", 5), "学習…");
        assert_eq!(cut("abc", 3), "abc");
    }
}
