//! The shapes of characters: from the shipped fonts, or a box with the character's code.

use std::sync::OnceLock;

use super::Anchor;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// The fonts (SIL Open Font License 1.1, see fonts/OFL.txt), in the order in which a character is
/// looked up: Inter for Latin letters, digits and signs; Noto Sans for Greek, Cyrillic and rarer
/// Latin letters; and Noto Sans JP, which has one weight, for Japanese.
pub const REGULAR: [&[u8]; 3] = [
    include_bytes!("fonts/Inter-Regular.ttf"),
    include_bytes!("fonts/NotoSans-Regular.ttf"),
    JAPANESE,
];
pub const STRONG: [&[u8]; 3] = [
    include_bytes!("fonts/Inter-SemiBold.ttf"),
    include_bytes!("fonts/NotoSans-Bold.ttf"),
    JAPANESE,
];
const JAPANESE: &[u8] = include_bytes!("fonts/NotoSansJP-Regular.otf");

/// The shipped fonts, each parsed once.
pub fn faces(strong: bool) -> &'static [Face<'static>; 3] {
    static FACES: [OnceLock<[Face<'static>; 3]>; 2] = [OnceLock::new(), OnceLock::new()];
    let fonts = if strong { STRONG } else { REGULAR };
    FACES[usize::from(strong)].get_or_init(|| {
        fonts.map(|bytes| Face::parse(bytes, 0).expect("the shipped fonts are fonts"))
    })
}

/// The shape of a character.
pub enum Glyph {
    /// A glyph of a font; the first number is the font's index among those of its weight.
    Of(usize, &'static Face<'static>, GlyphId),
    /// A box with the digits of the code in two rows, for a character that no font has.
    Missing(Vec<char>),
}

/// The glyphs of a text, each with its character, and the start of the first one if the text is
/// anchored at 0.
pub fn line(text: &str, anchor: Anchor, size: f32, strong: bool) -> (Vec<(char, Glyph)>, f32) {
    let glyphs = text.chars();
    let glyphs = glyphs.filter_map(|c| Some((c, Glyph::of(c, strong)?)));
    let glyphs: Vec<(char, Glyph)> = glyphs.collect();
    let length: f32 = glyphs.iter().map(|(_, glyph)| glyph.advance(size)).sum();
    let first = match anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -length / 2.0,
        Anchor::End => -length,
    };
    (glyphs, first)
}

/// The width of a box, its height, the height of its digits, and its border, for a text of size 1.
const BOX: [f32; 4] = [0.9, 0.74, 0.31, 0.05];

impl Glyph {
    /// The glyph of a character; `None` if the character is invisible.
    pub fn of(c: char, strong: bool) -> Option<Self> {
        // Joiners, marks of direction and variant selectors are invisible.
        if c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
        {
            return None;
        }
        let mut faces = faces(strong).iter().enumerate();
        let found = faces.find_map(|(font, face)| Some(Self::Of(font, face, face.glyph_index(c)?)));
        Some(
            found.unwrap_or_else(|| {
                Self::Missing(format!("{:04X}", u32::from(c)).chars().collect())
            }),
        )
    }

    /// The width of the glyph in a text of this size.
    pub fn advance(&self, size: f32) -> f32 {
        match self {
            Self::Of(_, face, id) => {
                let units = f32::from(face.units_per_em());
                f32::from(face.glyph_hor_advance(*id).unwrap_or(0)) * size / units
            }
            Self::Missing(_) => (BOX[0] + 0.1) * size,
        }
    }

    /// Adds the outline of the glyph, from this point of the base line.
    pub fn draw(&self, path: &mut dyn OutlineBuilder, (x, y): (f32, f32), size: f32) {
        let code = match self {
            Self::Of(_, face, id) => {
                let scale = size / f32::from(face.units_per_em());
                face.outline_glyph(*id, &mut Outline { path, x, y, scale });
                return;
            }
            Self::Missing(code) => code,
        };
        let [width, height, digits, border] = BOX.map(|part| part * size);
        let x = x + 0.05 * size;
        // The outer edge, and the inner edge in the opposite direction.
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

/// Adds a glyph's outline to a path. The y axis of a font points upwards.
struct Outline<'a> {
    path: &'a mut dyn OutlineBuilder,
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
        self.path.curve_to(a.0, a.1, b.0, b.1, c.0, c.1);
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
