//! A figure as a PDF with one page of its size.
//!
//! Texts stay texts, which can be marked and searched. The file has only the used characters of
//! each font, as a CID font whose codes are the glyphs (ISO 32000-1, §9.7). A character that no
//! font has is a box with its code, as in the PNG. The file has no date and no random name, so that
//! the same figure gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{
    CidFontType, FontFlags, LineCapStyle, LineJoinStyle, SystemInfo, UnicodeCmap,
};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use subsetter::GlyphRemapper;
use tiny_skia::{PixmapMut, Transform};
use ttf_parser::{Face, OutlineBuilder};

use super::glyph::{self, Glyph, REGULAR, STRONG, faces};
use super::{Figure, Ink, Item, colour, enlarge};

/// The points of a figure's pixel: an inch has 96 pixels and 72 points.
const POINTS: f64 = 0.75;
/// The pixels of an enlarged image per pixel of the figure, since viewers enlarge in different
/// ways.
const IMAGE_SCALE: f64 = 2.0;
/// The thickness of a vertical stem, which viewers use if they lack the font; this is a usual
/// value.
const STEM: f32 = 90.0;

/// The PDF of a figure.
pub fn write(figure: &Figure) -> Vec<u8> {
    let mut page = Page::new();
    let scale = POINTS as f32;
    let height = (figure.height * POINTS) as f32;
    // The y axis of the figure points downwards.
    page.content
        .transform([scale, 0.0, 0.0, -scale, 0.0, height]);
    page.content.set_line_cap(LineCapStyle::RoundCap);
    page.content.set_line_join(LineJoinStyle::RoundJoin);
    for item in &figure.items {
        page.item(item);
    }
    page.file(figure)
}

/// The numbers of the file's objects.
struct Numbers(i32);

impl Numbers {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

/// The content of the page, and the resources that it uses.
struct Page {
    content: Content,
    /// The fonts by their index among those of a weight, and the weight.
    fonts: BTreeMap<(usize, bool), Font>,
    /// The opacities in thousandths.
    opacities: BTreeSet<u16>,
    images: Vec<Pixels>,
}

/// The used glyphs of a font.
#[derive(Default)]
struct Font {
    glyphs: GlyphRemapper,
    /// The glyphs by their number in the file: the character, and the width in thousandths of the
    /// size.
    known: BTreeMap<u16, (char, f32)>,
}

/// An image with three bytes per pixel.
struct Pixels {
    size: (u32, u32),
    bytes: Vec<u8>,
}

impl Page {
    fn new() -> Self {
        Self {
            content: Content::new(),
            fonts: BTreeMap::new(),
            opacities: BTreeSet::new(),
            images: Vec::new(),
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Line {
                points,
                ink,
                width,
                dash,
            } => {
                self.stroke_ink(*ink, *width);
                if let Some(pattern) = dash.pattern() {
                    self.content.set_dash_pattern(pattern.iter().copied(), 0.0);
                }
                self.path(points);
                self.content.stroke();
                if dash.pattern().is_some() {
                    self.content.set_dash_pattern([], 0.0);
                }
            }
            Item::Area {
                points,
                ink,
                opacity,
            } => {
                let thousandths = (opacity.clamp(0.0, 1.0) * 1000.0).round() as u16;
                self.opacities.insert(thousandths);
                self.content.save_state();
                let name = opacity_name(thousandths);
                self.content.set_parameters(Name(name.as_bytes()));
                self.fill_ink(*ink);
                self.path(points);
                self.content.close_path().fill_nonzero().restore_state();
            }
            Item::Rectangle { frame, ink, .. } => {
                self.fill_ink(*ink);
                let [x, y, w, h] = frame.map(|length| length as f32);
                self.content.rect(x, y, w, h).fill_nonzero();
            }
            Item::Disc {
                at, radius, ink, ..
            } => {
                for (radius, ink) in [(*radius + 0.5, Ink::Paper), (*radius - 0.5, *ink)] {
                    self.fill_ink(ink);
                    self.circle(*at, radius.max(0.1));
                    self.content.fill_nonzero();
                }
            }
            Item::Cross {
                at: (x, y),
                radius: r,
                ink,
                ..
            } => {
                self.stroke_ink(*ink, 2.0);
                self.path(&[(x - r, y - r), (x + r, y + r)]);
                self.path(&[(x - r, y + r), (x + r, y - r)]);
                self.content.stroke();
            }
            Item::Text { .. } => self.text(item),
            Item::Image {
                frame,
                size,
                pixels,
                ..
            } => self.image(*frame, *size, pixels),
            Item::Group { items, .. } => items.iter().for_each(|item| self.item(item)),
        }
    }

    fn stroke_ink(&mut self, ink: Ink, width: f64) {
        let [r, g, b] = shares(ink);
        self.content
            .set_stroke_rgb(r, g, b)
            .set_line_width(width as f32);
    }

    fn fill_ink(&mut self, ink: Ink) {
        let [r, g, b] = shares(ink);
        self.content.set_fill_rgb(r, g, b);
    }

    fn path(&mut self, points: &[(f64, f64)]) {
        for (i, &(x, y)) in points.iter().enumerate() {
            let (x, y) = (hundredths(x), hundredths(y));
            match i {
                0 => self.content.move_to(x, y),
                _ => self.content.line_to(x, y),
            };
        }
    }

    /// Adds a circle as four cubic curves.
    fn circle(&mut self, (x, y): (f64, f64), radius: f64) {
        /// The distance of a quarter's control points from its ends, for radius 1.
        const CONTROL: f32 = 0.552_284_8;
        let (x, y, r) = (x as f32, y as f32, radius as f32);
        let k = CONTROL * r;
        self.content
            .move_to(x + r, y)
            .cubic_to(x + r, y + k, x + k, y + r, x, y + r)
            .cubic_to(x - k, y + r, x - r, y + k, x - r, y)
            .cubic_to(x - r, y - k, x - k, y - r, x, y - r)
            .cubic_to(x + k, y - r, x + r, y - k, x + r, y)
            .close_path();
    }

    fn image(&mut self, [x, y, w, h]: [f64; 4], size: (usize, usize), pixels: &[u8]) {
        let pixel = |length: f64| ((length * IMAGE_SCALE).round() as u32).max(1);
        let (width, height) = (pixel(w), pixel(h));
        let mut bytes = vec![255; width as usize * height as usize * 4];
        let mut pixmap = PixmapMut::from_bytes(&mut bytes, width, height).expect("it has an area");
        let place =
            Transform::from_scale(width as f32 / size.0 as f32, height as f32 / size.1 as f32);
        enlarge::draw(&mut pixmap, size, pixels, place);
        self.images.push(Pixels {
            size: (width, height),
            bytes: bytes
                .chunks_exact(4)
                .flat_map(|pixel| &pixel[..3])
                .copied()
                .collect(),
        });
        let name = image_name(self.images.len() - 1);
        let [x, y, w, h] = [x, y, w, h].map(|length| length as f32);
        self.content
            .save_state()
            .transform([w, 0.0, 0.0, -h, x, y + h])
            .x_object(Name(name.as_bytes()))
            .restore_state();
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
        let points = *size as f32;
        let (glyphs, mut along) = glyph::line(text, *anchor, points, *strong);
        self.fill_ink(*ink);
        let (x, y) = (at.0 as f32, at.1 as f32);
        // The place of a point along the text's own line.
        let place = |along: f32| match upwards {
            true => [0.0, -1.0, -1.0, 0.0, x, y - along],
            false => [1.0, 0.0, 0.0, -1.0, x + along, y],
        };
        let mut rest = &glyphs[..];
        while let Some((_, first)) = rest.first() {
            let font = first.font();
            let same = rest.iter().take_while(|(_, glyph)| glyph.font() == font);
            let (run, after) = rest.split_at(same.count());
            match font {
                Some(font) => self.show((font, *strong), run, place(along), points),
                None => {
                    self.content.save_state().transform(place(along));
                    let mut x = 0.0;
                    for (_, glyph) in run {
                        glyph.draw(&mut Boxes(&mut self.content), (x, 0.0), points);
                        x += glyph.advance(points);
                    }
                    self.content.fill_nonzero().restore_state();
                }
            }
            along += run
                .iter()
                .map(|(_, glyph)| glyph.advance(points))
                .sum::<f32>();
            rest = after;
        }
    }

    /// Shows glyphs of one font.
    fn show(&mut self, key: (usize, bool), run: &[(char, Glyph)], place: [f32; 6], size: f32) {
        let font = self.fonts.entry(key).or_default();
        let mut codes = Vec::with_capacity(run.len() * 2);
        for (c, glyph) in run {
            if let Glyph::Of(_, _, id) = glyph {
                let number = font.glyphs.remap(id.0);
                let width = glyph.advance(1000.0);
                font.known.entry(number).or_insert((*c, width));
                codes.extend(number.to_be_bytes());
            }
        }
        let name = font_name(key);
        self.content
            .begin_text()
            .set_font(Name(name.as_bytes()), size)
            .set_text_matrix(place)
            .show(Str(&codes))
            .end_text();
    }

    /// The bytes of the file.
    fn file(self, figure: &Figure) -> Vec<u8> {
        let mut numbers = Numbers(0);
        let [catalog, pages, page, content, information] = std::array::from_fn(|_| numbers.next());
        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(pages);
        pdf.pages(pages).kids([page]).count(1);
        pdf.document_info(information)
            .title(TextStr(&figure.title))
            .creator(TextStr("runner"));
        let fonts: Vec<((usize, bool), Ref)> = self
            .fonts
            .keys()
            .map(|&key| (key, numbers.next()))
            .collect();
        let images: Vec<Ref> = self.images.iter().map(|_| numbers.next()).collect();

        let mut dictionary = pdf.page(page);
        dictionary.parent(pages).contents(content);
        let [width, height] = [figure.width, figure.height].map(|side| (side * POINTS) as f32);
        dictionary.media_box(Rect::new(0.0, 0.0, width, height));
        let mut resources = dictionary.resources();
        let mut named = resources.fonts();
        for &(key, font) in &fonts {
            named.pair(Name(font_name(key).as_bytes()), font);
        }
        named.finish();
        let mut named = resources.x_objects();
        for (index, &image) in images.iter().enumerate() {
            named.pair(Name(image_name(index).as_bytes()), image);
        }
        named.finish();
        let mut named = resources.ext_g_states();
        for &thousandths in &self.opacities {
            named
                .insert(Name(opacity_name(thousandths).as_bytes()))
                .start::<pdf_writer::writers::ExtGraphicsState>()
                .non_stroking_alpha(f32::from(thousandths) / 1000.0);
        }
        named.finish();
        resources.finish();
        dictionary.finish();

        let bytes = deflated(self.content.finish().as_slice());
        pdf.stream(content, &bytes).filter(Filter::FlateDecode);
        for (image, pixels) in images.into_iter().zip(&self.images) {
            let bytes = deflated(&pixels.bytes);
            let mut object = pdf.image_xobject(image, &bytes);
            object.filter(Filter::FlateDecode);
            object.width(pixels.size.0 as i32);
            object.height(pixels.size.1 as i32);
            object.color_space().device_rgb();
            object.bits_per_component(8);
            object.interpolate(true);
        }
        for ((key, number), font) in fonts.into_iter().zip(self.fonts.values()) {
            font.write(&mut pdf, key, number, &mut numbers);
        }
        pdf.finish()
    }
}

impl Font {
    /// Writes the font with its glyphs in use.
    fn write(
        &self,
        pdf: &mut Pdf,
        (place, strong): (usize, bool),
        number: Ref,
        numbers: &mut Numbers,
    ) {
        let bytes = if strong {
            STRONG[place]
        } else {
            REGULAR[place]
        };
        let face = &faces(strong)[place];
        let subset =
            subsetter::subset(bytes, 0, &self.glyphs).expect("the shipped fonts are fonts");
        let cff = Face::parse(&subset, 0).ok();
        let cff = cff.and_then(|face| {
            let table = face.raw_face().table(ttf_parser::Tag::from_bytes(b"CFF "));
            table.map(<[u8]>::to_vec)
        });
        let name = format!(
            "{}+{}",
            self.tag(),
            ["Inter", "NotoSans", "NotoSansJP"][place]
        );
        let name = Name(name.as_bytes());
        let system = SystemInfo {
            registry: Str(b"Adobe"),
            ordering: Str(b"Identity"),
            supplement: 0,
        };
        let [descendant, descriptor, file, unicode] = std::array::from_fn(|_| numbers.next());
        pdf.type0_font(number)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(descendant)
            .to_unicode(unicode);
        let mut of = pdf.cid_font(descendant);
        of.subtype(match cff {
            Some(_) => CidFontType::Type0,
            None => CidFontType::Type2,
        });
        of.base_font(name)
            .system_info(system)
            .font_descriptor(descriptor);
        of.default_width(0.0);
        if cff.is_none() {
            of.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = of.widths();
        for (&glyph, &(_, width)) in &self.known {
            widths.same(glyph, glyph, width);
        }
        widths.finish();
        of.finish();

        let to_thousandths = 1000.0 / f32::from(face.units_per_em());
        let length = |units: i16| f32::from(units) * to_thousandths;
        let bounds = face.global_bounding_box();
        let mut of = pdf.font_descriptor(descriptor);
        of.name(name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                length(bounds.x_min),
                length(bounds.y_min),
                length(bounds.x_max),
                length(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(length(face.ascender()))
            .descent(length(face.descender()))
            .cap_height(length(face.capital_height().unwrap_or(face.ascender())))
            .stem_v(STEM);
        match cff {
            Some(_) => of.font_file3(file),
            None => of.font_file2(file),
        };
        of.finish();

        let deflated_file = deflated(cff.as_ref().unwrap_or(&subset));
        let mut stream = pdf.stream(file, &deflated_file);
        stream.filter(Filter::FlateDecode);
        match &cff {
            Some(_) => stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C")),
            None => stream.pair(Name(b"Length1"), subset.len() as i32),
        };
        stream.finish();
        let mut map = UnicodeCmap::new(Name(b"Custom"), system);
        for (&glyph, &(c, _)) in &self.known {
            map.pair(glyph, c);
        }
        let bytes = deflated(map.finish().as_slice());
        pdf.stream(unicode, &bytes).filter(Filter::FlateDecode);
    }

    /// Six letters for a subset, computed from its glyphs (FNV-1a).
    fn tag(&self) -> String {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for glyph in self.glyphs.remapped_gids() {
            hash = (hash ^ u64::from(glyph)).wrapping_mul(0x0100_0000_01b3);
        }
        let letter = |i: u32| char::from(b'A' + (hash >> (8 * i) & 0xff) as u8 % 26);
        (0..6).map(letter).collect()
    }
}

impl Glyph {
    /// The index of the font that the glyph is from.
    fn font(&self) -> Option<usize> {
        match self {
            Self::Of(font, ..) => Some(*font),
            Self::Missing(_) => None,
        }
    }
}

/// Adds the outlines of boxes to the content, whose y axis points upwards.
struct Boxes<'a>(&'a mut Content);

impl OutlineBuilder for Boxes<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, -y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, -y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        // The curves in the digits of a box are so small that the difference is invisible.
        self.0.cubic_to(x1, -y1, x1, -y1, x, -y);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, -y1, x2, -y2, x, -y);
    }
    fn close(&mut self) {
        self.0.close_path();
    }
}

fn shares(ink: Ink) -> [f32; 3] {
    colour(ink).map(|channel| (f32::from(channel) / 255.0 * 1000.0).round() / 1000.0)
}

fn hundredths(length: f64) -> f32 {
    ((length * 100.0).round() / 100.0) as f32
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).expect("memory takes every byte");
    encoder.finish().expect("memory takes every byte")
}

fn font_name((place, strong): (usize, bool)) -> String {
    format!("F{place}{}", if strong { "s" } else { "" })
}

fn image_name(index: usize) -> String {
    format!("I{index}")
}

fn opacity_name(thousandths: u16) -> String {
    format!("O{thousandths}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Anchor, rule, text};

    fn figure() -> Figure {
        let mut figure = Figure::new(200.0, 100.0, "学習率");
        figure
            .items
            .push(rule((0.0, 0.0), (9.0, 9.0), Ink::Series(1)));
        for words in ["loss Größe", "Δλ Обучение", "学習率", "🜁"] {
            let item = text((10.0, 20.0), words, Anchor::Start, 12.0, Ink::Text);
            figure.items.push(item);
        }
        figure
    }

    #[test]
    fn a_figure_has_the_same_bytes_twice_and_only_the_characters_in_use() {
        let pdf = write(&figure());
        assert_eq!(pdf, write(&figure()));
        assert!(pdf.starts_with(b"%PDF-1."));
        let whole: usize = REGULAR.iter().map(|font| font.len()).sum();
        assert!(pdf.len() < whole / 20, "{} of {whole}", pdf.len());
    }

    #[test]
    fn every_character_of_a_font_stands_in_the_map_of_its_codes() {
        let mut page = Page::new();
        figure().items.iter().for_each(|item| page.item(item));
        let known = page.fonts.values().flat_map(|font| font.known.values());
        let known: String = known.map(|&(c, _)| c).collect();
        for c in "lossGrößeΔλОбучение学習率".chars() {
            assert!(known.contains(c), "{c}");
        }
        assert!(!known.contains('🜁'), "it is drawn as a box");
        assert_eq!(page.fonts.len(), 3);
    }
}
