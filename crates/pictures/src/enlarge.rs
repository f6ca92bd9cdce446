//! Smoothly enlarged images (bilinear), with exactly the arithmetic of `tiny-skia`'s pipeline. Only
//! one kind of image is drawn: without transparent pixels and rotation, and with repeated edges. So
//! the weights of a column are computed once instead of once per row.

use tiny_skia::{PixmapMut, Transform};

/// 1 as a share of the greatest value of a byte.
const UNIT: f32 = 1.0 / 255.0;
/// The sum of this number and a number from 0 to 255 has the nearest whole number (a tie goes to
/// the even one) in its last bits.
const ROUND: f32 = 12_582_912.0;

/// Draws an image of `columns` × `rows` pixels (rows from the top, three bytes each) on `pixmap`;
/// `place` gives the places of its pixels' corners. Parts beyond the pixmap are left out.
pub fn draw(
    pixmap: &mut PixmapMut<'_>,
    (columns, rows): (usize, usize),
    pixels: &[u8],
    place: Transform,
) {
    let Some(back) = place.invert() else {
        return; // The image has no area.
    };
    let width = pixmap.width() as usize;
    let across = taps(columns, (place.sx, place.tx), (back.sx, back.tx), width);
    let height = pixmap.height() as usize;
    let up = taps(rows, (place.sy, place.ty), (back.sy, back.ty), height);
    // The colours are red, green, blue and opacity of each pixel.
    let (pixels, _) = pixels.as_chunks::<3>();
    let share = |byte: u8| f32::from(byte) * UNIT;
    let pixels: Vec<[f32; 4]> = pixels
        .iter()
        .map(|&[r, g, b]| [share(r), share(g), share(b), share(255)])
        .collect();

    let Some(first) = across.first().map(|x| x.at) else {
        return;
    };
    let mut colours = vec![[0.0; 4]; across.len()];
    let mut clear = vec![[0.0; 4]; across.len()];
    for y in up {
        let [above, below] = y.indices.map(|row| &pixels[row * columns..][..columns]);
        let [wy0, wy1] = y.weights;
        for ((x, colour), clear) in across.iter().zip(&mut colours).zip(&mut clear) {
            let ([left, right], [wx0, wx1]) = (x.indices, x.weights);
            *colour = [0.0; 4];
            for (weight, pixel) in [
                (wx0 * wy0, above[left]),
                (wx1 * wy0, above[right]),
                (wx0 * wy1, below[left]),
                (wx1 * wy1, below[right]),
            ] {
                for (sum, channel) in colour.iter_mut().zip(pixel) {
                    *sum += weight * channel;
                }
            }
            // The sum of the weights may lack the last bit of 1, so a trace of the colour below is
            // left.
            *clear = [1.0 - colour[3]; 4];
        }
        let start = (y.at * width + first) * 4;
        let targets = &mut pixmap.data_mut()[start..][..across.len() * 4];
        let channels = colours.as_flattened().iter().zip(clear.as_flattened());
        for (byte, (channel, clear)) in targets.iter_mut().zip(channels) {
            *byte = ((share(*byte) * clear + channel) * 255.0 + ROUND).to_bits() as u8;
        }
    }
}

/// The source of the colours for one column (or row) of the target.
struct Tap {
    at: usize,
    /// The two columns of the image around its centre.
    indices: [usize; 2],
    /// The weight of each.
    weights: [f32; 2],
}

/// The taps of the target's pixels whose centres an image of `count` pixels covers. `place` is the
/// scale and offset from the image to the target, and `back` the inverse.
fn taps(
    count: usize,
    (scale, offset): (f32, f32),
    (back_scale, back_offset): (f32, f32),
    size: usize,
) -> Vec<Tap> {
    let edge = |place: f32| (place.round().max(0.0) as usize).min(size);
    let last = (count as f32).next_down();
    (edge(offset)..edge(count as f32 * scale + offset))
        .map(|at| {
            let place = (at as f32 + 0.5) * back_scale + back_offset;
            let beyond = place + 0.5 - (place + 0.5).floor();
            let index = |place: f32| place.clamp(0.0, last) as usize;
            Tap {
                at,
                indices: [index(place - 0.5), index(place - 0.5 + 1.0)],
                weights: [1.0 - beyond, beyond],
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tiny_skia::{FilterQuality, Pixmap, PixmapPaint};

    /// Draws the image with `tiny-skia`.
    fn reference(pixmap: &mut Pixmap, (columns, rows): (u32, u32), rgb: &[u8], place: Transform) {
        let mut image = Pixmap::new(columns, rows).expect("it has an area");
        let pixels = image.data_mut().chunks_exact_mut(4);
        for (rgba, rgb) in pixels.zip(rgb.chunks_exact(3)) {
            rgba.copy_from_slice(&[rgb[0], rgb[1], rgb[2], 255]);
        }
        let paint = PixmapPaint {
            quality: FilterQuality::Bilinear,
            ..PixmapPaint::default()
        };
        pixmap.draw_pixmap(0, 0, image.as_ref(), &paint, place, None);
    }

    proptest! {
        #[test]
        fn every_pixel_is_that_of_the_general_pipeline(
            (columns, rows) in (2u32..60, 2u32..60),
            (width, height) in (61u32..300, 61u32..300),
            (left, top) in (0u32..80, 0u32..80),
            seed: u32,
        ) {
            let mut state = seed;
            let mut byte = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            };
            let rgb: Vec<u8> = (0..columns * rows * 3).map(|_| byte()).collect();
            let mut expected = Pixmap::new(320, 320).expect("it has an area");
            for pixel in expected.data_mut().chunks_exact_mut(4) {
                pixel.copy_from_slice(&[byte(), byte(), byte(), 255]);
            }
            let mut drawn = expected.clone();
            let place = Transform::from_row(
                width as f32 / columns as f32,
                0.0,
                0.0,
                height as f32 / rows as f32,
                left as f32,
                top as f32,
            );
            reference(&mut expected, (columns, rows), &rgb, place);
            draw(&mut drawn.as_mut(), (columns as usize, rows as usize), &rgb, place);
            prop_assert!(drawn.data() == expected.data());
        }
    }
}
