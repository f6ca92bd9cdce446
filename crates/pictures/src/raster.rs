//! A figure as pixels: `tiny-skia` draws, `ttf-parser` reads the outlines of the shipped font.

use std::sync::OnceLock;

use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, PathBuilder, PixmapMut, Rect, Stroke, StrokeDash, Transform,
};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::discs::Discs;
use super::{Anchor, Figure, Ink, Item, colour, enlarge, png};

/// The fonts (SIL Open Font License 1.1, see fonts/OFL.txt), in the order in which a character is looked
/// for: Inter for Latin letters, digits and signs; Noto Sans for Greek, Cyrillic and rarer Latin ones; and
/// Noto Sans JP, which has one weight, for Japanese.
const REGULAR: [&[u8]; 3] = [
    include_bytes!("fonts/Inter-Regular.ttf"),
    include_bytes!("fonts/NotoSans-Regular.ttf"),
    JAPANESE,
];
const STRONG: [&[u8]; 3] = [
    include_bytes!("fonts/Inter-SemiBold.ttf"),
    include_bytes!("fonts/NotoSans-Bold.ttf"),
    JAPANESE,
];
const JAPANESE: &[u8] = include_bytes!("fonts/NotoSansJP-Regular.otf");

/// What drawing takes and the next figure may use again.
#[derive(Default)]
pub struct Easel {
    pixels: Vec<u8>,
    discs: Discs,
}

/// The PNG of a figure, `scale` pixels to each of its own.
pub fn write(figure: &Figure, scale: f32, easel: &mut Easel) -> Vec<u8> {
    let size = |length: f64| ((length as f32 * scale).ceil() as u32).max(1);
    let (width, height) = (size(figure.width), size(figure.height));
    let (columns, rows) = (width as usize, height as usize);
    // White beneath everything: no pixel is transparent.
    let Easel { pixels, discs } = easel;
    pixels.clear();
    pixels.resize(columns * rows * 4, 255);
    let mut canvas = Canvas {
        pixmap: PixmapMut::from_bytes(pixels, width, height).expect("a figure has an area"),
        discs,
        scale,
        transform: Transform::from_scale(scale, scale),
    };
    for item in &figure.items {
        canvas.item(item);
    }
    png::encode_opaque(columns, rows, pixels)
}

struct Canvas<'a> {
    pixmap: PixmapMut<'a>,
    discs: &'a mut Discs,
    scale: f32,
    transform: Transform,
}

fn paint(ink: Ink, opacity: f64) -> Paint<'static> {
    let [r, g, b] = colour(ink);
    let mut paint = Paint::default();
    paint.set_color_rgba8(r, g, b, (opacity * 255.0).round() as u8);
    paint.anti_alias = true;
    paint
}

impl Canvas<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Line {
                points,
                ink,
                width,
                dash,
            } => {
                let dash = dash.pattern();
                let dash = dash.and_then(|lengths| StrokeDash::new(lengths.to_vec(), 0.0));
                self.stroke(&[points], *ink, *width, dash);
            }
            Item::Area {
                points,
                ink,
                opacity,
            } => {
                let mut path = PathBuilder::new();
                trace(&mut path, points);
                path.close();
                self.fill(path, paint(*ink, *opacity));
            }
            Item::Rectangle { frame, ink, .. } => {
                let [x, y, w, h] = frame.map(|length| length as f32);
                if let Some(rect) = Rect::from_xywh(x, y, w, h) {
                    self.pixmap
                        .fill_rect(rect, &paint(*ink, 1.0), self.transform, None);
                }
            }
            Item::Disc {
                at, radius, ink, ..
            } => {
                for (radius, ink) in [(*radius + 0.5, Ink::Paper), (*radius - 0.5, *ink)] {
                    let disc = [at.0, at.1, radius.max(0.1)].map(|length| length as f32);
                    self.discs
                        .draw(&mut self.pixmap, disc, self.scale, colour(ink));
                }
            }
            Item::Cross {
                at: (x, y),
                radius: r,
                ink,
                ..
            } => {
                let down = vec![(x - r, y - r), (x + r, y + r)];
                let up = vec![(x - r, y + r), (x + r, y - r)];
                self.stroke(&[&down, &up], *ink, 2.0, None);
            }
            Item::Text { .. } => self.text(item),
            Item::Image {
                frame,
                size,
                pixels,
                ..
            } => {
                let [x, y, w, h] = frame.map(|length| length as f32);
                let (columns, rows) = (size.0 as f32, size.1 as f32);
                let place = Transform::from_row(w / columns, 0.0, 0.0, h / rows, x, y);
                let place = self.transform.pre_concat(place);
                enlarge::draw(&mut self.pixmap, *size, pixels, place);
            }
            Item::Group { items, .. } => {
                for item in items {
                    self.item(item);
                }
            }
        }
    }

    fn fill(&mut self, path: PathBuilder, paint: Paint<'_>) {
        if let Some(path) = path.finish() {
            self.pixmap
                .fill_path(&path, &paint, FillRule::Winding, self.transform, None);
        }
    }

    fn stroke(
        &mut self,
        lines: &[&Vec<(f64, f64)>],
        ink: Ink,
        width: f64,
        dash: Option<StrokeDash>,
    ) {
        let mut path = PathBuilder::new();
        for points in lines {
            trace(&mut path, points);
        }
        let stroke = Stroke {
            width: width as f32,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            dash,
            ..Stroke::default()
        };
        if let Some(path) = path.finish() {
            self.pixmap
                .stroke_path(&path, &paint(ink, 1.0), &stroke, self.transform, None);
        }
    }

    fn text(&mut self, item: &Item) {
        let Item::Text {
            at,
            text,
            anchor,
            size,
            ink,
            strong,
            upwards,
        } = item
        else {
            return;
        };
        let size = *size as f32;
        let glyphs: Vec<Glyph> = text.chars().filter_map(|c| Glyph::of(c, *strong)).collect();
        let length: f32 = glyphs.iter().map(|glyph| glyph.advance(size)).sum();
        let mut x = match anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -length / 2.0,
            Anchor::End => -length,
        };
        let mut path = PathBuilder::new();
        for glyph in &glyphs {
            glyph.draw(&mut path, (x, 0.0), size);
            x += glyph.advance(size);
        }
        let mut place = Transform::from_translate(at.0 as f32, at.1 as f32);
        if *upwards {
            place = place.pre_concat(Transform::from_row(0.0, -1.0, 1.0, 0.0, 0.0, 0.0));
        }
        if let Some(path) = path.finish() {
            let transform = self.transform.pre_concat(place);
            self.pixmap
                .fill_path(&path, &paint(*ink, 1.0), FillRule::Winding, transform, None);
        }
    }
}

fn trace(path: &mut PathBuilder, points: &[(f64, f64)]) {
    for (i, &(x, y)) in points.iter().enumerate() {
        if i == 0 {
            path.move_to(x as f32, y as f32);
        } else {
            path.line_to(x as f32, y as f32);
        }
    }
}

/// The shipped fonts, each parsed once.
fn faces(strong: bool) -> &'static [Face<'static>; 3] {
    static FACES: [OnceLock<[Face<'static>; 3]>; 2] = [OnceLock::new(), OnceLock::new()];
    let fonts = if strong { STRONG } else { REGULAR };
    FACES[usize::from(strong)].get_or_init(|| {
        fonts.map(|bytes| Face::parse(bytes, 0).expect("the shipped fonts are fonts"))
    })
}

/// A character as it is drawn.
enum Glyph {
    /// From a font.
    Of(&'static Face<'static>, GlyphId),
    /// No font has it: a box with the digits of its code, two rows of them.
    Missing(Vec<char>),
}

/// Of a box: its width, its height, the height of its digits, and its border, for a text of size 1.
const BOX: [f32; 4] = [0.9, 0.74, 0.31, 0.05];

impl Glyph {
    /// The glyph of a character; `None` if it shows nothing.
    fn of(c: char, strong: bool) -> Option<Self> {
        // Joiners, marks of direction and variants.
        if c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
        {
            return None;
        }
        let mut faces = faces(strong).iter();
        let found = faces.find_map(|face| Some(Self::Of(face, face.glyph_index(c)?)));
        Some(
            found.unwrap_or_else(|| {
                Self::Missing(format!("{:04X}", u32::from(c)).chars().collect())
            }),
        )
    }

    /// Its width in a text of this size.
    fn advance(&self, size: f32) -> f32 {
        match self {
            Self::Of(face, id) => {
                let units = f32::from(face.units_per_em());
                f32::from(face.glyph_hor_advance(*id).unwrap_or(0)) * size / units
            }
            Self::Missing(_) => (BOX[0] + 0.1) * size,
        }
    }

    /// Adds its outline, from this point of the base line.
    fn draw(&self, path: &mut PathBuilder, (x, y): (f32, f32), size: f32) {
        let code = match self {
            Self::Of(face, id) => {
                let scale = size / f32::from(face.units_per_em());
                face.outline_glyph(*id, &mut Outline { path, x, y, scale });
                return;
            }
            Self::Missing(code) => code,
        };
        let [width, height, digits, border] = BOX.map(|part| part * size);
        let x = x + 0.05 * size;
        // The outer rim and, the other way round, the inner one.
        for (inset, inner) in [(0.0, false), (border, true)] {
            let (l, r) = (x + inset, x + width - inset);
            let (t, b) = (y - height + inset, y - inset);
            let corners = [(l, t), (r, t), (r, b), (l, b)];
            let at = |i: usize| corners[if inner { (4 - i) % 4 } else { i }];
            path.move_to(at(0).0, at(0).1);
            (1..4).for_each(|i| path.line_to(at(i).0, at(i).1));
            path.close();
        }
        let half = code.len().div_ceil(2);
        for (row, code) in code.chunks(half).enumerate() {
            let glyphs = code.iter().filter_map(|&digit| Self::of(digit, true));
            let glyphs: Vec<Self> = glyphs.collect();
            let length: f32 = glyphs.iter().map(|glyph| glyph.advance(digits)).sum();
            let mut x = x + (width - length) / 2.0;
            let y = y - height + (row + 1) as f32 * (height / 2.0) - 0.07 * size;
            for glyph in glyphs {
                glyph.draw(path, (x, y), digits);
                x += glyph.advance(digits);
            }
        }
    }
}

/// Adds a glyph's outline to a path; a font's y axis points upwards.
struct Outline<'a> {
    path: &'a mut PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Outline<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Outline<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (a, b, c) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(a.0, a.1, b.0, b.1, c.0, c.1);
    }
    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_latin_greek_cyrillic_and_japanese_have_their_glyphs() {
        for text in [
            "Größe ÿ",
            "Δλω",
            "Обучение",
            "学習率オンライン、「損失」ー",
            "α → β ≤ 1",
        ] {
            for strong in [false, true] {
                let missing = |c: &char| matches!(Glyph::of(*c, strong), Some(Glyph::Missing(_)));
                let missing: String = text.chars().filter(missing).collect();
                assert_eq!(missing, "", "{text}");
            }
        }
    }

    #[test]
    fn what_no_font_has_is_a_box_with_its_code() {
        let code = |c| match Glyph::of(c, false) {
            Some(Glyph::Missing(code)) => code.into_iter().collect(),
            _ => String::new(),
        };
        assert_eq!(code('🜁'), "1F701");
        assert_eq!(code('ก'), "0E01");
        assert!(Glyph::of('\u{fe0f}', false).is_none());
    }
}
