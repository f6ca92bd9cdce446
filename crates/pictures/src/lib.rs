//! Pictures: what is drawn, apart from how it becomes SVG, PNG or PDF.
//!
//! A [`Figure`] is a list of lines, areas, marks and texts with named inks. It is written as SVG
//! into the page (where the style sheet gives each ink its colour, light or dark), as SVG into a
//! file of its own (with the colours written out), as PNG (through `tiny-skia`, with the shipped
//! fonts) and as PDF (with those parts of the fonts that it uses). One drawing for all: there is no
//! second plot to disagree with the first.
//!
//! `resvg` would turn any SVG into PNG, but brings a text shaper, image readers and a CSS parser for
//! what our own figures never use; `tiny-skia` and `ttf-parser`, on which it stands, suffice.
//!
//! Knows nothing of results or networks: whoever draws hands over numbers and texts.
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

/// How many series have a colour of their own; further ones begin again with other dashes.
pub const SERIES: usize = 8;

/// What something is drawn with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ink {
    /// The colour of a series.
    Series(usize),
    /// Texts.
    Text,
    /// Texts and lines of less weight.
    Muted,
    /// Lines of the grid.
    Grid,
    /// The paper.
    Paper,
    /// A colour that is the same in light and dark: it stands for a value.
    Fixed([u8; 3]),
}

/// Lines with gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    /// None.
    Solid,
    /// Short strokes.
    Dashed,
    /// Dots.
    Dotted,
    /// That of a series, where it is told apart by its strokes.
    Series(usize),
}

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// One thing on a figure; coordinates in pixels from the top left.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A line through points.
    Line {
        /// At least two.
        points: Vec<(f64, f64)>,
        /// Its colour.
        ink: Ink,
        /// In pixels.
        width: f64,
        /// Its gaps.
        dash: Dash,
    },
    /// A closed area.
    Area {
        /// Its corners.
        points: Vec<(f64, f64)>,
        /// Its colour.
        ink: Ink,
        /// 0 to 1.
        opacity: f64,
    },
    /// A rectangle.
    Rectangle {
        /// Left, top, width, height.
        frame: [f64; 4],
        /// Its colour.
        ink: Ink,
        /// Said when it is pointed at; may be empty.
        title: String,
    },
    /// A disc, with a rim in the paper's colour.
    Disc {
        /// Its middle.
        at: (f64, f64),
        /// In pixels.
        radius: f64,
        /// Its colour.
        ink: Ink,
        /// Said when it is pointed at; may be empty.
        title: String,
    },
    /// A cross: something that diverged.
    Cross {
        /// Its middle.
        at: (f64, f64),
        /// Half its width, in pixels.
        radius: f64,
        /// Its colour.
        ink: Ink,
        /// Said when it is pointed at; may be empty.
        title: String,
    },
    /// A line of text.
    Text {
        /// Where.
        at: (f64, f64),
        /// What.
        text: String,
        /// Relative to its point.
        anchor: Anchor,
        /// In pixels.
        size: f64,
        /// Its colour.
        ink: Ink,
        /// Whether it is semibold.
        strong: bool,
        /// Whether it runs upwards.
        upwards: bool,
    },
    /// Pixels, smoothly enlarged.
    Image {
        /// Left, top, width, height on the figure.
        frame: [f64; 4],
        /// How many columns and rows of pixels.
        size: (usize, usize),
        /// Rows from the top, three bytes a pixel.
        pixels: Vec<u8>,
        /// The pixels as a PNG file.
        png: Vec<u8>,
    },
    /// What belongs to one series.
    Group {
        /// Which.
        series: usize,
        /// What it is called.
        name: String,
        /// Its parts.
        items: Vec<Item>,
    },
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// In pixels.
    pub width: f64,
    /// In pixels.
    pub height: f64,
    /// What it shows, in a few words.
    pub title: String,
    /// What it says, for who cannot see it.
    pub description: String,
    /// In the order of drawing.
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

    /// Writes what it is about at its top, in at most so many characters.
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

    /// How many series are on it.
    pub fn series(&self) -> usize {
        let groups = self
            .items
            .iter()
            .filter(|item| matches!(item, Item::Group { .. }));
        groups.count()
    }
}

impl Dash {
    /// The lengths of strokes and of the gap after each; `None` where there is none.
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

/// A name of at most so many columns.
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

/// How many columns a text takes, about: those of Chinese, Japanese and Korean take two each.
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

/// A text in lines of at most so many columns, broken at spaces and within what is longer than a line, in
/// at most `lines`; what finds no room there is cut.
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

/// Pixels (rows from the top, three bytes each) that fill a frame.
///
/// # Panics
/// If there are not as many pixels as `size` says.
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

/// The colours of the series in light and on paper: Okabe and Ito's (2008), told apart in every
/// common form of colour blindness, darkened where they are too light for a line on white.
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

/// The colour of an ink where nothing else decides: in files, on white.
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

/// The playground's colours: orange at −1, light grey at 0, blue at +1; linear between, clamped
/// beyond.
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

/// A scale of one direction for heat maps: light grey at 0 (good) to deep blue at 1.
pub fn sequential(value: f64) -> [u8; 3] {
    /// Lightness falls evenly, so that it reads in grey print too.
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
