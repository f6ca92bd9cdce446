//! A figure as pixels, drawn by `tiny-skia`.

use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, PathBuilder, PixmapMut, Rect, Stroke, StrokeDash, Transform,
};
use ttf_parser::OutlineBuilder;

use super::discs::Discs;
use super::glyph;
use super::{Figure, Ink, Item, colour, enlarge, png};

/// The memory for drawing, which the next figure can use again.
#[derive(Default)]
pub struct Easel {
    pixels: Vec<u8>,
    discs: Discs,
}

/// The PNG of a figure, with `scale` pixels for each of the figure's own.
pub fn write(figure: &Figure, scale: f32, easel: &mut Easel) -> Vec<u8> {
    let size = |length: f64| ((length as f32 * scale).ceil() as u32).max(1);
    let (width, height) = (size(figure.width), size(figure.height));
    let (columns, rows) = (width as usize, height as usize);
    // The ground is white, so that no pixel is transparent.
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
    png::encode_opaque(columns, rows, pixels, scale * 96.0)
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
        let (glyphs, mut x) = glyph::line(text, *anchor, size, *strong);
        let mut path = PathBuilder::new();
        for (_, glyph) in &glyphs {
            glyph.draw(&mut Pen(&mut path), (x, 0.0), size);
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

/// Adds the outlines of glyphs to a path.
struct Pen<'a>(&'a mut PathBuilder);

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }
    fn close(&mut self) {
        self.0.close();
    }
}
