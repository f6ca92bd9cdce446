//! A writer of PNG: a header, one compressed stream, and an end (W3C PNG, third edition).

use std::io::Write;

use fdeflate::Compressor;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// Pictures with at most this many pixels have a palette if their colours are few.
const SMALL: usize = 10_000;

/// The PNG of `width` × `height` pixels, three bytes each, rows from the top.
///
/// Small pictures with few colours (decision surfaces in the page) are made as small as possible.
/// All others use `fdeflate`, which is about ten times as fast as zlib and gives few more bytes for
/// a picture that is mostly white.
///
/// # Panics
/// If `pixels` does not have `width` · `height` · 3 bytes.
pub fn encode(width: usize, height: usize, pixels: &[u8]) -> Vec<u8> {
    Encoder::default().encode(width, height, pixels)
}

/// An encoder for several pictures. The compressor of small ones has half a megabyte of tables,
/// which are made once.
#[derive(Default)]
pub struct Encoder {
    compressor: Option<ZlibEncoder<Vec<u8>>>,
}

impl Encoder {
    /// The PNG of a picture, as [`encode`] gives it.
    ///
    /// # Panics
    /// If the number of bytes is not that of the size.
    pub fn encode(&mut self, width: usize, height: usize, pixels: &[u8]) -> Vec<u8> {
        assert_eq!(pixels.len(), width * height * 3, "three bytes a pixel");
        let (pixels_of_three, _) = pixels.as_chunks::<3>();
        let mut palette = Palette::default();
        let indices: Option<Vec<u8>> = (width * height <= SMALL)
            .then(|| pixels_of_three.iter().map(|&pixel| palette.index(pixel)))
            .and_then(Iterator::collect);
        match indices {
            Some(indices) => file(width, height, Some(&palette.colours), None, |png| {
                self.with_palette(&indices, width, png)
            }),
            None => file(width, height, None, None, |png| {
                with_colours::<3>(pixels, width, png)
            }),
        }
    }

    /// Appends rows of palette indices, unfiltered.
    fn with_palette(&mut self, indices: &[u8], width: usize, png: Vec<u8>) -> Vec<u8> {
        let mut rows = Vec::with_capacity(indices.len() + indices.len() / width.max(1));
        for row in indices.chunks_exact(width.max(1)) {
            rows.push(0);
            rows.extend(row);
        }
        let new = || ZlibEncoder::new(Vec::new(), Compression::new(6));
        let compressor = self.compressor.get_or_insert_with(new);
        *compressor.get_mut() = png;
        let never = "memory takes every byte";
        compressor.write_all(&rows).expect(never);
        compressor.reset(Vec::new()).expect(never)
    }
}

/// The PNG of `width` × `height` pixels without transparency, four bytes each (the fourth is left
/// out), rows from the top, with `dpi` pixels per inch. It has no palette.
///
/// # Panics
/// If `pixels` does not have `width` · `height` · 4 bytes.
pub fn encode_opaque(width: usize, height: usize, pixels: &[u8], dpi: f32) -> Vec<u8> {
    assert_eq!(pixels.len(), width * height * 4, "four bytes a pixel");
    file(width, height, None, Some(dpi), |png| {
        with_colours::<4>(pixels, width, png)
    })
}

/// The file of a compressed stream, with indices into a palette or with colours. `compress` appends
/// the stream to the bytes so far.
fn file(
    width: usize,
    height: usize,
    palette: Option<&[u8]>,
    dpi: Option<f32>,
    compress: impl FnOnce(Vec<u8>) -> Vec<u8>,
) -> Vec<u8> {
    // This capacity is mostly enough; memory that is not needed is not touched.
    let mut png = Vec::with_capacity(width * height / 2);
    png.extend(b"\x89PNG\r\n\x1a\n");
    let size = |n: usize| {
        u32::try_from(n)
            .expect("a picture has fewer pixels")
            .to_be_bytes()
    };
    let mut header = Vec::new();
    header.extend(size(width));
    header.extend(size(height));
    // The header has the bit depth, the colour type (3: palette, 2: RGB), compression, filter and
    // interlace.
    header.extend([8, if palette.is_some() { 3 } else { 2 }, 0, 0, 0]);
    let append = |data: &[u8], mut png: Vec<u8>| {
        png.extend(data);
        png
    };
    png = chunk(png, b"IHDR", |png| append(&header, png));
    if let Some(dpi) = dpi {
        let to_a_meter = ((dpi / 0.0254).round() as u32).to_be_bytes();
        let size = [&to_a_meter[..], &to_a_meter, &[1]].concat();
        png = chunk(png, b"pHYs", |png| append(&size, png));
    }
    if let Some(palette) = palette {
        png = chunk(png, b"PLTE", |png| append(palette, png));
    }
    png = chunk(png, b"IDAT", compress);
    chunk(png, b"IEND", |png| png)
}

/// Rows of colours with `BYTES` bytes per pixel, of which three are kept, each as its change from
/// the row above (filter 2), which is mostly zero. A few rows are compressed at a time, so that
/// they stay in the cache from the filter to the compressor.
fn with_colours<const BYTES: usize>(pixels: &[u8], width: usize, png: Vec<u8>) -> Vec<u8> {
    /// The rows that are compressed together; with eight rows, the number of bytes is a multiple of
    /// eight.
    const ROWS: usize = 8;
    /// The pixels that are skipped together if they are equal to those above.
    const SAME: usize = 32;
    let length = 1 + 3 * width;
    let mut filtered = vec![0; ROWS * length];
    let first = vec![0; width * BYTES];
    let mut above = &first[..];
    let never = "memory takes every byte";
    let mut compressor = Compressor::new(png).expect(never);
    for rows in pixels.chunks((ROWS * width * BYTES).max(1)) {
        let rows = rows.chunks_exact((width * BYTES).max(1));
        let count = rows.len();
        for (row, target) in rows.zip(filtered.chunks_exact_mut(length)) {
            target[0] = 2;
            let blocks = row
                .chunks(SAME * BYTES)
                .zip(above.chunks(SAME * BYTES))
                .zip(target[1..].chunks_mut(SAME * 3));
            for ((row, above), target) in blocks {
                if row == above {
                    target.fill(0);
                } else {
                    subtract::<BYTES>(row, above, target);
                }
            }
            above = row;
        }
        let filtered = &filtered[..count * length];
        compressor.write_data(filtered).expect(never);
    }
    compressor.finish().expect(never)
}

/// Writes the change of three bytes of each pixel.
fn subtract<const BYTES: usize>(row: &[u8], above: &[u8], target: &mut [u8]) {
    let (row, _) = row.as_chunks::<BYTES>();
    let (above, _) = above.as_chunks::<BYTES>();
    let (target, _) = target.as_chunks_mut::<3>();
    for (target, (pixel, above)) in target.iter_mut().zip(row.iter().zip(above)) {
        for (i, byte) in target.iter_mut().enumerate() {
            *byte = pixel[i].wrapping_sub(above[i]);
        }
    }
}

/// Appends length, type, data (by `fill`) and checksum.
fn chunk(mut png: Vec<u8>, kind: &[u8; 4], fill: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let start = png.len();
    png.extend([0; 4]);
    png.extend(kind);
    let mut png = fill(png);
    let (length, data) = png[start..].split_at_mut(4);
    let size = u32::try_from(data.len() - kind.len()).expect("a chunk is below 4 GiB");
    length.copy_from_slice(&size.to_be_bytes());
    let mut crc = Crc::new();
    crc.update(data);
    png.extend(crc.sum().to_be_bytes());
    png
}

/// Up to 256 colours, in the order of their first occurrence.
struct Palette {
    /// The colours, three bytes each.
    colours: Vec<u8>,
    known: std::collections::HashMap<[u8; 3], u8>,
    /// The last colours, each in the place that its bytes determine. The colour of the next pixel
    /// is mostly among them.
    recent: Box<[Option<Met>; PLACES]>,
}

/// A colour, and its place in the palette.
#[derive(Clone, Copy)]
struct Met {
    colour: [u8; 3],
    index: u8,
}

/// The number of places; with so many, 256 colours seldom share one.
const PLACES: usize = 4096;

impl Default for Palette {
    fn default() -> Self {
        Self {
            colours: Vec::new(),
            known: std::collections::HashMap::new(),
            recent: Box::new([None; PLACES]),
        }
    }
}

impl Palette {
    /// The index of a colour; `None` if it is the 257th.
    fn index(&mut self, colour: [u8; 3]) -> Option<u8> {
        let [red, green, blue] = colour.map(u32::from);
        // The place is found by Fibonacci hashing (Knuth): the upper bits of a product with 2³²
        // divided by the golden ratio.
        let product = (red << 16 | green << 8 | blue).wrapping_mul(0x9e37_79b1);
        let place = (product >> (u32::BITS - PLACES.ilog2())) as usize;
        if let Some(met) = self.recent[place]
            && met.colour == colour
        {
            return Some(met.index);
        }
        let index = match self.known.get(&colour) {
            Some(&index) => index,
            None => {
                let index = u8::try_from(self.known.len()).ok()?;
                self.known.insert(colour, index);
                self.colours.extend(colour);
                index
            }
        };
        self.recent[place] = Some(Met { colour, index });
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_same_bytes_whatever_was_encoded_before() {
        let mut encoder = Encoder::default();
        for shift in 0..3u8 {
            let picture: Vec<u8> = (0..300u32).map(|i| (i / 40) as u8 + shift).collect();
            assert_eq!(encoder.encode(20, 5, &picture), encode(20, 5, &picture));
        }
    }

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
