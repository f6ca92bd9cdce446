//! Discs that are drawn many times, since the samples are at the same places of every decision
//! surface. `tiny-skia` computes the share of each pixel that a disc covers once; a colour is then
//! laid on with the arithmetic of its pipeline.

use std::collections::HashMap;

use tiny_skia::{FillRule, Mask, PathBuilder, PixmapMut, Transform};

/// The discs so far on pixmaps of one size.
#[derive(Default)]
pub struct Discs {
    size: (u32, u32),
    /// The discs by their centre, radius and scale.
    known: HashMap<[u32; 4], Disc>,
    /// An empty mask, on which a new disc is drawn.
    mask: Option<Mask>,
}

/// The coverage of each pixel in a rectangle by a disc, from 0 to 255.
struct Disc {
    left: usize,
    top: usize,
    width: usize,
    coverage: Vec<u8>,
}

impl Discs {
    /// Draws a disc (its centre and radius times `scale` are pixels) on `pixmap`, which has no
    /// transparent pixel. Parts beyond the pixmap are left out.
    pub fn draw(
        &mut self,
        pixmap: &mut PixmapMut<'_>,
        [x, y, radius]: [f32; 3],
        scale: f32,
        [r, g, b]: [u8; 3],
    ) {
        let size = (pixmap.width(), pixmap.height());
        if self.size != size {
            *self = Self {
                size,
                ..Self::default()
            };
        }
        let key = [x, y, radius, scale].map(f32::to_bits);
        let mask = &mut self.mask;
        let disc = self.known.entry(key).or_insert_with(|| {
            let mask = mask
                .get_or_insert_with(|| Mask::new(size.0, size.1).expect("a pixmap has an area"));
            Disc::new(mask, [x, y, radius], scale)
        });
        let (targets, _) = pixmap.data_mut().as_chunks_mut::<4>();
        let rows = disc.coverage.chunks_exact(disc.width.max(1));
        for (row, coverage) in rows.enumerate() {
            let start = (disc.top + row) * size.0 as usize + disc.left;
            for (pixel, &share) in targets[start..].iter_mut().zip(coverage) {
                for (byte, colour) in pixel.iter_mut().zip([r, g, b, 255]) {
                    *byte = mix(*byte, colour, share);
                }
            }
        }
    }
}

impl Disc {
    /// Draws the disc on an empty mask, and empties the mask again.
    fn new(mask: &mut Mask, [x, y, radius]: [f32; 3], scale: f32) -> Self {
        let mut path = PathBuilder::new();
        path.push_circle(x, y, radius);
        if let Some(path) = path.finish() {
            let transform = Transform::from_scale(scale, scale);
            mask.fill_path(&path, FillRule::Winding, true, transform);
        }
        let (width, height) = (mask.width() as usize, mask.height() as usize);
        let range = |middle: f32, size: usize| {
            let place = |edge: f32| (edge * scale).max(0.0) as usize;
            let end = (place(middle + radius) + 2).min(size);
            (place(middle - radius).saturating_sub(1).min(end), end)
        };
        let ((left, right), (top, bottom)) = (range(x, width), range(y, height));
        let mut coverage = Vec::with_capacity((right - left) * (bottom - top));
        for row in mask
            .data_mut()
            .chunks_exact_mut(width)
            .take(bottom)
            .skip(top)
        {
            coverage.extend(&row[left..right]);
            row[left..right].fill(0);
        }
        Self {
            left,
            top,
            width: right - left,
            coverage,
        }
    }
}

/// A mixture of two colours, of which `above` has `share` of 255 parts.
fn mix(below: u8, above: u8, share: u8) -> u8 {
    let [below, above, share] = [below, above, share].map(u16::from);
    ((below * (255 - share) + above * share + 255) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tiny_skia::{Paint, Pixmap};

    proptest! {
        #[test]
        fn every_pixel_is_that_of_the_general_pipeline(
            discs in prop::collection::vec(
                ((-9.0f32..130.0, -9.0f32..130.0), 0.1f32..9.0, any::<[u8; 3]>()),
                1..9,
            ),
        ) {
            let mut known = Discs::default();
            let mut expected = Pixmap::new(240, 250).expect("it has an area");
            expected.fill(tiny_skia::Color::WHITE);
            let mut drawn = expected.clone();
            // The discs are already known when they are drawn again.
            for ((x, y), radius, colour) in discs.iter().chain(&discs) {
                let [r, g, b] = *colour;
                let mut paint = Paint::default();
                paint.set_color_rgba8(r, g, b, 255);
                let mut path = PathBuilder::new();
                path.push_circle(*x, *y, *radius);
                let path = path.finish().expect("a circle is a path");
                let scale = Transform::from_scale(2.0, 2.0);
                expected.fill_path(&path, &paint, FillRule::Winding, scale, None);
                known.draw(&mut drawn.as_mut(), [*x, *y, *radius], 2.0, *colour);
            }
            prop_assert!(drawn.data() == expected.data());
        }
    }
}
