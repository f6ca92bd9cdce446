//! PNG, written by hand: a header, one compressed stream, an end (W3C PNG, third edition).

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// Pictures of at most so many pixels have a palette if their colours are few.
const SMALL: usize = 10_000;

/// The PNG of `width` × `height` pixels, three bytes each, rows from the top.
///
/// Small pictures with few colours (decision surfaces in the page) are made as small as can be; all
/// others with `fdeflate`, which is some ten times as fast as zlib at hardly any more bytes for
/// what is mostly white.
///
/// # Panics
/// If there are not that many bytes.
pub fn encode(width: usize, height: usize, pixels: &[u8]) -> Vec<u8> {
    assert_eq!(pixels.len(), width * height * 3, "three bytes a pixel");
    let mut palette = Palette::default();
    let indices: Option<Vec<u8>> = (width * height <= SMALL)
        .then(|| {
            pixels
                .chunks_exact(3)
                .map(|pixel| palette.index(pixel))
                .collect()
        })
        .flatten();

    let palette = indices.map(|indices| (palette.colours, with_palette(&indices, width)));
    let (palette, stream) = match palette {
        Some((colours, stream)) => (Some(colours), stream),
        None => (None, with_colours::<3>(pixels, width)),
    };
    file(width, height, palette.as_deref(), &stream)
}

/// The PNG of `width` × `height` pixels of which none is transparent, four bytes each (the fourth
/// is left out), rows from the top. Never with a palette.
///
/// # Panics
/// If there are not that many bytes.
pub fn encode_opaque(width: usize, height: usize, pixels: &[u8]) -> Vec<u8> {
    assert_eq!(pixels.len(), width * height * 4, "four bytes a pixel");
    file(width, height, None, &with_colours::<4>(pixels, width))
}

/// The file of a compressed stream, of indices into a palette or of colours.
fn file(width: usize, height: usize, palette: Option<&[u8]>, stream: &[u8]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = |n: usize| {
        u32::try_from(n)
            .expect("a picture has fewer pixels")
            .to_be_bytes()
    };
    let mut header = Vec::new();
    header.extend(size(width));
    header.extend(size(height));
    // Bit depth, colour type (3: palette, 2: RGB), compression, filter, interlace.
    header.extend([8, if palette.is_some() { 3 } else { 2 }, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &header);
    if let Some(palette) = palette {
        chunk(&mut png, b"PLTE", palette);
    }
    chunk(&mut png, b"IDAT", stream);
    chunk(&mut png, b"IEND", &[]);
    png
}

/// Rows of palette indices, unfiltered.
fn with_palette(indices: &[u8], width: usize) -> Vec<u8> {
    let mut rows = Vec::with_capacity(indices.len() + indices.len() / width.max(1));
    for row in indices.chunks_exact(width.max(1)) {
        rows.push(0);
        rows.extend(row);
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(&rows).expect("memory takes every byte");
    encoder.finish().expect("memory takes every byte")
}

/// Rows of colours of so many bytes a pixel, of which three are kept, each as its change from the
/// row above (filter 2): mostly zeros.
fn with_colours<const BYTES: usize>(pixels: &[u8], width: usize) -> Vec<u8> {
    let height = pixels.len() / (width * BYTES).max(1);
    let mut rows = vec![0; height * (1 + 3 * width)];
    let first = vec![0; width * BYTES];
    let mut above = &first[..];
    let pairs = pixels.chunks_exact((width * BYTES).max(1));
    for (row, target) in pairs.zip(rows.chunks_exact_mut(1 + 3 * width)) {
        target[0] = 2;
        let (row_pixels, _) = row.as_chunks::<BYTES>();
        let (above_pixels, _) = above.as_chunks::<BYTES>();
        let (target, _) = target[1..].as_chunks_mut::<3>();
        for (target, (pixel, above)) in target.iter_mut().zip(row_pixels.iter().zip(above_pixels)) {
            for (i, byte) in target.iter_mut().enumerate() {
                *byte = pixel[i].wrapping_sub(above[i]);
            }
        }
        above = row;
    }
    fdeflate::compress_to_vec(&rows)
}

/// Length, type, data and checksum.
fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    png.extend(
        u32::try_from(data.len())
            .expect("a chunk is below 4 GiB")
            .to_be_bytes(),
    );
    png.extend(kind);
    png.extend(data);
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    png.extend(crc.sum().to_be_bytes());
}

/// Up to 256 colours, in the order in which they are met.
#[derive(Default)]
struct Palette {
    /// Three bytes each.
    colours: Vec<u8>,
    known: std::collections::HashMap<[u8; 3], u8>,
}

impl Palette {
    /// The index of a colour; `None` if it is the 257th.
    fn index(&mut self, pixel: &[u8]) -> Option<u8> {
        let colour = [pixel[0], pixel[1], pixel[2]];
        if let Some(&index) = self.known.get(&colour) {
            return Some(index);
        }
        let index = u8::try_from(self.known.len()).ok()?;
        self.known.insert(colour, index);
        self.colours.extend(colour);
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_few_colours_has_a_palette() {
        let png = encode(2, 1, &[255, 0, 0, 0, 0, 255]);
        assert_eq!(&png[1..4], b"PNG");
        assert_eq!(png[25], 3);
        let many: Vec<u8> = (0..300u32)
            .flat_map(|i| [(i % 256) as u8, (i / 256) as u8, 7])
            .collect();
        assert_eq!(encode(300, 1, &many)[25], 2);
    }
}
