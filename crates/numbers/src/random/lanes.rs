//! Several streams at once, a lane each. Their words, and so the shuffles, are those of the streams
//! one after the other.

use super::{Random, StreamPosition};
use crate::real::Words;
use alloc::vec::Vec;

/// How many words a block of ChaCha has.
const BLOCK: usize = 16;

/// The first four words of every block.
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// One word or element of each lane.
type Row<const LANES: usize> = [u32; LANES];

/// Rows whose words are checked at once for ones that may have to be drawn again.
const CHUNK: usize = 64;

/// Shuffles the order of each lane as [`Random::shuffle`] does from the position of its stream, and
/// moves the stream behind the words that were drawn. `orders` has a row for each place, with the
/// elements of all lanes; `room` is memory for words, with any contents. A lane without a stream
/// keeps its order.
///
/// # Panics
/// If there are more than 2³² − 1 elements, or other than LANES streams.
#[inline(always)]
pub fn shuffle<W: Words, const LANES: usize>(
    streams: &mut [Option<StreamPosition>],
    orders: &mut [Row<LANES>],
    room: &mut Vec<u32>,
) {
    assert_eq!(streams.len(), LANES, "each lane may have a stream");
    let count = u32::try_from(orders.len()).expect("no more than 2^32 - 1 elements");
    let words = draw::<W, LANES>(streams, orders.len().saturating_sub(1), room);
    for stream in streams.iter_mut().flatten() {
        stream.word += words.len() as u64;
    }
    let mut bound = count;
    let mut row = 0;
    while row < words.len() {
        let chunk = row..words.len().min(row + CHUNK);
        let some_low = some_low(&words[chunk.clone()], bound);
        for row in chunk.clone() {
            if some_low {
                draw_again(streams, orders, &mut words[row..], bound);
            }
            swap(orders, &words[row], bound);
            bound -= 1;
        }
        row = chunk.end;
    }
}

/// Draws the next `count` words of each stream and moves the stream behind them: a row for each
/// place. A lane without a stream has words of all ones. `room` is memory for words, with any
/// contents.
/// # Panics
/// If there are other than LANES streams.
#[inline(always)]
pub fn words<'r, W: Words, const LANES: usize>(
    streams: &mut [Option<StreamPosition>],
    count: usize,
    room: &'r mut Vec<u32>,
) -> &'r [[u32; LANES]] {
    assert_eq!(streams.len(), LANES, "each lane may have a stream");
    let words = draw::<W, LANES>(streams, count, room);
    for stream in streams.iter_mut().flatten() {
        stream.word += count as u64;
    }
    words
}

/// One step of the shuffle in all lanes: exchanges the element before `bound` with the one that the
/// row's product names.
#[inline(always)]
fn swap<const LANES: usize>(orders: &mut [Row<LANES>], words: &Row<LANES>, bound: u32) {
    let (before, there) = orders.split_at_mut(bound as usize - 1);
    let there = &mut there[0];
    for lane in 0..LANES {
        let product = u64::from(words[lane]) * u64::from(bound);
        // If the product names the last element, that one stays.
        if let Some(other) = before.get_mut((product >> 32) as usize) {
            core::mem::swap(&mut other[lane], &mut there[lane]);
        }
    }
}

/// Whether the lower half of some product (see [`Random::below`]) is less than its bound, which is
/// `bound` in the first row and one less in each further row.
#[inline(always)]
fn some_low<const LANES: usize>(words: &[Row<LANES>], mut bound: u32) -> bool {
    let mut some = [false; LANES];
    for words in words {
        for lane in 0..LANES {
            some[lane] |= words[lane].wrapping_mul(bound) < bound;
        }
        bound -= 1;
    }
    some.contains(&true)
}

/// The word of a lane without a stream. In a shuffle it names the greatest number below each bound,
/// so that every element stays.
const KEEPS: u32 = u32::MAX;

/// In each lane whose word in the first row has to be drawn again, the elements before `bound` are
/// shuffled by the lane's own stream; its words become ones that keep them.
#[cold]
fn draw_again<const LANES: usize>(
    streams: &mut [Option<StreamPosition>],
    orders: &mut [Row<LANES>],
    words: &mut [Row<LANES>],
    bound: u32,
) {
    let threshold = bound.wrapping_neg() % bound;
    for lane in 0..LANES {
        if words[0][lane].wrapping_mul(bound) >= threshold {
            continue;
        }
        let stream = streams[lane].as_mut();
        let stream = stream.expect("the words of a lane without a stream are kept");
        stream.word -= words.len() as u64;
        let mut random = Random::at(stream);
        for i in (1..bound).rev() {
            let (i, j) = (i as usize, random.below(i + 1) as usize);
            let moved = orders[j][lane];
            orders[j][lane] = orders[i][lane];
            orders[i][lane] = moved;
        }
        *stream = random.position();
        words.iter_mut().for_each(|words| words[lane] = KEEPS);
    }
}

/// Draws the next `count` words of each stream; a lane without a stream has words that move
/// nothing.
#[inline(always)]
fn draw<'r, W: Words, const LANES: usize>(
    streams: &[Option<StreamPosition>],
    count: usize,
    room: &'r mut Vec<u32>,
) -> &'r mut [Row<LANES>] {
    let mut start = [[0; LANES]; BLOCK];
    start[..4].copy_from_slice(&CONSTANTS.map(|word| [word; LANES]));
    let mut blocks = [0; LANES];
    let mut offsets = [0; LANES];
    for (lane, stream) in streams.iter().enumerate() {
        let Some(stream) = stream else { continue };
        for (words, &word) in start[4..12].iter_mut().zip(&stream.key) {
            words[lane] = word;
        }
        start[14][lane] = stream.number as u32;
        start[15][lane] = (stream.number >> 32) as u32;
        blocks[lane] = stream.word / BLOCK as u64;
        offsets[lane] = (stream.word % BLOCK as u64) as usize;
    }
    let most = offsets.iter().copied().max().unwrap_or(0);
    room.resize((count + most).next_multiple_of(BLOCK) * LANES, 0);
    let (rows, _) = room.as_chunks_mut::<LANES>();
    for block in rows.as_chunks_mut::<BLOCK>().0 {
        for lane in 0..LANES {
            start[12][lane] = blocks[lane] as u32;
            start[13][lane] = (blocks[lane] >> 32) as u32;
            blocks[lane] += 1;
        }
        for first in (0..LANES).step_by(W::LANES) {
            chacha8::<W, LANES>(&start, first, block);
        }
    }
    for (lane, stream) in streams.iter().enumerate() {
        if stream.is_none() {
            rows.iter_mut().for_each(|words| words[lane] = KEEPS);
        } else if offsets[lane] < most {
            // The words of this lane are moved to the rows that the words of the other lanes have.
            let behind = most - offsets[lane];
            for row in (most..most + count).rev() {
                rows[row][lane] = rows[row - behind][lane];
            }
        }
    }
    &mut rows[most..most + count]
}

/// Computes one block of ChaCha8 in each lane of the vectors from `first` on (Bernstein 2008).
#[inline(always)]
fn chacha8<W: Words, const LANES: usize>(
    start: &[Row<LANES>; BLOCK],
    first: usize,
    block: &mut [Row<LANES>; BLOCK],
) {
    let mut state = [W::load(&start[0][first..]); BLOCK];
    for (state, row) in state.iter_mut().zip(start) {
        *state = W::load(&row[first..]);
    }
    for _ in 0..4 {
        quarter_round(&mut state, 0, 4, 8, 12);
        quarter_round(&mut state, 1, 5, 9, 13);
        quarter_round(&mut state, 2, 6, 10, 14);
        quarter_round(&mut state, 3, 7, 11, 15);
        quarter_round(&mut state, 0, 5, 10, 15);
        quarter_round(&mut state, 1, 6, 11, 12);
        quarter_round(&mut state, 2, 7, 8, 13);
        quarter_round(&mut state, 3, 4, 9, 14);
    }
    for ((row, state), start) in block.iter_mut().zip(state).zip(start) {
        state.add(W::load(&start[first..])).store(&mut row[first..]);
    }
}

#[inline(always)]
fn quarter_round<W: Words>(state: &mut [W; BLOCK], a: usize, b: usize, c: usize, d: usize) {
    state[a] = state[a].add(state[b]);
    state[d] = state[d].xor(state[a]).turn(16);
    state[c] = state[c].add(state[d]);
    state[b] = state[b].xor(state[c]).turn(12);
    state[a] = state[a].add(state[b]);
    state[d] = state[d].xor(state[a]).turn(8);
    state[c] = state[c].add(state[d]);
    state[b] = state[b].xor(state[c]).turn(7);
}

#[cfg(test)]
mod tests {
    use super::super::{Stream, stream};
    use super::*;
    use crate::lanes::Pair;
    use alloc::vec;

    /// Shuffles several times in lanes and one by one; the lanes begin one after the other.
    fn lanes_shuffle_as_each_alone<W: Words, const LANES: usize>(count: u32, rounds: usize) {
        let mut streams = vec![None; LANES];
        let mut orders: Vec<Row<LANES>> = (0..count).map(|i| [i; LANES]).collect();
        let mut alone: Vec<(Option<Random>, Vec<u32>)> =
            (0..LANES).map(|_| (None, (0..count).collect())).collect();
        let mut room = Vec::new();
        for round in 0..rounds {
            // Some lanes begin in the first round, one in each later round; the last lane stays
            // empty.
            for lane in 0..LANES - 1 {
                if streams[lane].is_none() && (lane % 3 == 0 || lane <= round) {
                    let random = stream(lane as u64 + 7, Stream::Shuffle);
                    streams[lane] = Some(random.position());
                    alone[lane].0 = Some(random);
                }
            }
            shuffle::<W, LANES>(&mut streams, &mut orders, &mut room);
            for (lane, (random, order)) in alone.iter_mut().enumerate() {
                if let Some(random) = random {
                    random.shuffle(order);
                    let position = Some(random.position());
                    assert_eq!(streams[lane], position, "lane {lane}");
                }
                let found: Vec<u32> = orders.iter().map(|row| row[lane]).collect();
                assert_eq!(&found, order, "lane {lane} after {round}");
            }
        }
    }

    #[test]
    fn lanes_shuffle_as_random_does() {
        for count in [0, 1, 2, 3, 16, 17, 18, 250] {
            lanes_shuffle_as_each_alone::<u32, 4>(count, 5);
            lanes_shuffle_as_each_alone::<Pair<u32>, 8>(count, 5);
            lanes_shuffle_as_each_alone::<Pair<Pair<u32>>, 16>(count, 5);
        }
    }

    /// With so many elements, each lane has to draw some word again.
    #[test]
    #[cfg_attr(miri, ignore = "long")]
    fn lanes_draw_again_as_random_does() {
        let count = 300_000;
        let mut random = stream(7, Stream::Shuffle);
        random.shuffle(&mut (0..count).collect::<Vec<u32>>());
        assert!(
            random.position().word > u64::from(count),
            "nothing was drawn again"
        );
        lanes_shuffle_as_each_alone::<u32, 4>(count, 2);
    }
}
