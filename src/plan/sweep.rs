//! The points of a sweep's block, in a stable order.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::config::{Axis, Block, Exclusion, Mode, Node, Values, same};
use numbers::random::{Random, Stream, substream};
use problems::{Problem, Problems};

/// A value for each axis of the block.
pub type Point = Vec<Arc<Node>>;

/// The most points of a block.
const MOST_POINTS: usize = 10_000_000;

/// The number of excluded draws in a row after which a random block is given up.
const MOST_REFUSALS: usize = 100_000;

/// The points of a block in their order; in a grid, the last axis changes fastest. `earlier` are
/// the blocks before it; `used` has a flag for each exclusion, which is set when it leaves out a
/// point.
pub fn points(
    block: &Block,
    earlier: &[Block],
    variant: &str,
    seed: u64,
    used: &mut [bool],
    problems: &mut Problems,
) -> Vec<Point> {
    let lists: Vec<Vec<Arc<Node>>> = block
        .axes
        .iter()
        .map(|axis| match &axis.values {
            Values::List(values) => values.iter().cloned().map(Arc::new).collect(),
            Values::Drawn(..) => Vec::new(),
        })
        .collect();
    let mut keep = |point: &Point| !is_excluded(block, point, variant, used);
    match block.mode {
        Mode::Grid => {
            let count = lists
                .iter()
                .try_fold(1_usize, |count, list| count.checked_mul(list.len()));
            if count.is_none_or(|count| count > MOST_POINTS) {
                problems.push(Problem::at(
                    block.place.clone(),
                    "the grid has more than 10000000 points",
                    "sweep less, or draw with mode = \"random\" and samples = 1000",
                ));
                return Vec::new();
            }
            (0..count.unwrap_or(0))
                .map(|index| at(&lists, index))
                .filter(|point| keep(point))
                .collect()
        }
        Mode::Zip => {
            let count = lists.first().map_or(0, Vec::len);
            (0..count)
                .map(|index| lists.iter().map(|list| Arc::clone(&list[index])).collect())
                .filter(|point| keep(point))
                .collect()
        }
        Mode::Random(samples) => {
            let mut streams: Vec<Random> = block
                .axes
                .iter()
                .map(|axis| substream(seed, Stream::Sweep, part(axis, earlier)))
                .collect();
            let mut points = Vec::new();
            let mut refused = 0;
            while points.len() < samples {
                let axes = block.axes.iter().zip(&lists).zip(&mut streams);
                let point: Point = axes
                    .map(|((axis, list), stream)| draw(axis, list, stream))
                    .collect();
                if keep(&point) {
                    points.push(point);
                    refused = 0;
                } else {
                    refused += 1;
                    if refused == MOST_REFUSALS {
                        problems.push(Problem::at(
                            block.place.clone(),
                            "`sweep.exclude` leaves out nearly every point of this random sweep",
                            format!("{MOST_REFUSALS} draws in a row were excluded"),
                        ));
                        break;
                    }
                }
            }
            points
        }
    }
}

/// The point of a grid at an index; the last list changes fastest.
fn at(lists: &[Vec<Arc<Node>>], index: usize) -> Point {
    let mut rest = index;
    let mut point: Point = lists
        .iter()
        .rev()
        .map(|list| {
            let value = Arc::clone(&list[rest % list.len()]);
            rest /= list.len();
            value
        })
        .collect();
    point.reverse();
    point
}

/// The part of the random stream for an axis. It depends on the name of the key and on how many
/// random blocks before it sweep the same key, so that other axes and other blocks leave its draws
/// as they are.
fn part(axis: &Axis, earlier: &[Block]) -> u64 {
    let before = earlier
        .iter()
        .filter(|block| matches!(block.mode, Mode::Random(_)))
        .filter(|block| block.axes.iter().any(|other| other.name == axis.name))
        .count();
    let digest = Sha256::digest(format!("{}#{before}", axis.name));
    let bytes = digest[..8]
        .try_into()
        .expect("a digest has more than eight bytes");
    u64::from_le_bytes(bytes)
}

fn draw(axis: &Axis, list: &[Arc<Node>], stream: &mut Random) -> Arc<Node> {
    match &axis.values {
        Values::List(_) => {
            let count = u32::try_from(list.len()).expect("a list of a file is short");
            Arc::clone(&list[stream.below(count) as usize])
        }
        Values::Drawn(range, node) => Arc::new(range.node(range.drawn(stream.unit()), node)),
    }
}

/// Whether a point agrees with all conditions of an exclusion.
fn is_excluded(block: &Block, point: &Point, variant: &str, used: &mut [bool]) -> bool {
    let agrees = |exclusion: &Exclusion| {
        exclusion.conditions.iter().all(|(name, wanted)| {
            if name == "variant" {
                return wanted.as_str() == Some(variant);
            }
            let axis = block.axes.iter().position(|axis| axis.name == *name);
            axis.is_some_and(|axis| same(&point[axis], wanted))
        })
    };
    let mut excluded = false;
    for (index, exclusion) in block.exclude.iter().enumerate() {
        if agrees(exclusion) {
            used[index] = true;
            excluded = true;
        }
    }
    excluded
}
