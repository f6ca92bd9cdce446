//! A figure as pixels: `tiny-skia` draws, `ttf-parser` reads the outlines of the shipped font.

use std::sync::OnceLock;

use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, PathBuilder, PixmapMut, Rect, Stroke, StrokeDash, Transform,
};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::discs::Discs;
use super::{Anchor, Figure, Ink, Item, colour, enlarge, png};

/// Inter (SIL Open Font License 1.1, see fonts/OFL.txt): Latin letters, digits and signs. A
/// character that it lacks is drawn as its missing glyph; the SVG has it.
const REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("fonts/Inter-SemiBold.ttf");

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
        let face = face(*strong);
        let scale = *size as f32 / f32::from(face.units_per_em());
        let glyphs: Vec<GlyphId> = text
            .chars()
            .map(|c| face.glyph_index(c).unwrap_or(GlyphId(0)))
            .collect();
        let advance =
            |glyph: &GlyphId| f32::from(face.glyph_hor_advance(*glyph).unwrap_or(0)) * scale;
        let length: f32 = glyphs.iter().map(advance).sum();
        let mut x = match anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -length / 2.0,
            Anchor::End => -length,
        };
        let mut path = PathBuilder::new();
        for glyph in &glyphs {
            face.outline_glyph(
                *glyph,
                &mut Outline {
                    path: &mut path,
                    x,
                    scale,
                },
            );
            x += advance(glyph);
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

/// The shipped font, parsed once.
fn face(strong: bool) -> &'static Face<'static> {
    static FACES: [OnceLock<Face<'static>>; 2] = [OnceLock::new(), OnceLock::new()];
    let bytes = if strong { SEMIBOLD } else { REGULAR };
    FACES[usize::from(strong)]
        .get_or_init(|| Face::parse(bytes, 0).expect("the shipped font is a font"))
}

/// Adds a glyph's outline to a path; a font's y axis points upwards.
struct Outline<'a> {
    path: &'a mut PathBuilder,
    x: f32,
    scale: f32,
}

impl Outline<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, -y * self.scale)
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
