//! A decision surface during training: a picture for each of a few epochs.

use super::exhibit::{Exhibit, Origin};
use super::surface::Plane;
use crate::language::Language;
use crate::model::Model;
use crate::text;
use pictures::axis::SMALL;
use pictures::{Anchor, Figure, Ink, Item, LIGHT, SERIES, cut, diverging, image, png, text};

/// The pixels of a picture of the best configuration in each direction, before it is enlarged with
/// smoothing.
const GRID: usize = 80;
/// The pixels of a picture of another configuration, which is shown smaller.
const GRID_OF_OTHERS: usize = 56;
/// The width of the large picture.
const SIDE: f64 = 420.0;
/// The most samples that are drawn on the large picture.
const POINTS: usize = 200;
/// The most multiply-adds of all pictures of a report: they take about a tenth of a second.
const WORK: usize = 100_000_000;

/// The surface of one configuration during training.
#[derive(Debug, Clone, PartialEq)]
pub struct Filmstrip {
    /// The index of its configuration in plan order.
    pub configuration: usize,
    /// The last picture, large, with samples and the scale of colours.
    pub figure: Figure,
    /// The pictures from the initial weights to the kept ones.
    pub frames: Vec<Frame>,
    /// The name of the configuration.
    pub name: String,
    /// The run whose surface it is, in words.
    pub whose: String,
}

/// The surface of a network after an epoch.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The epoch; 0 is before training.
    pub epoch: u64,
    /// The picture.
    pub png: Vec<u8>,
}

/// The most surfaces that are shown during training.
pub const SHOWN: usize = SERIES;

/// How many of the surfaces of these networks are drawn: the first, and further ones that take
/// little time.
pub fn affordable(exhibits: &[&Exhibit]) -> usize {
    let ranked = exhibits.iter().enumerate();
    let work = ranked.scan(0, |sum: &mut usize, (place, exhibit)| {
        let grid = grid_of(place);
        *sum += exhibit.model.parameters.count() * grid * grid * frames_of(exhibit);
        Some(*sum)
    });
    work.take(SHOWN).take_while(|&sum| sum <= WORK).count()
}

/// The pixels in each direction of the pictures of the configuration with this rank, from 0.
fn grid_of(place: usize) -> usize {
    if place == 0 { GRID } else { GRID_OF_OTHERS }
}

fn frames_of(exhibit: &Exhibit) -> usize {
    let first = exhibit.first.as_ref();
    1 + first.map_or(1, |first| first.snapshots.len().max(1))
}

impl Filmstrip {
    /// The surface of the first replicate if it has snapshots; else that of the kept model, before
    /// and after training. `place` is the rank of its configuration, from 0. `None` if there is no
    /// plane.
    pub fn new(language: Language, place: usize, exhibit: &Exhibit, name: &str) -> Option<Self> {
        let grid = grid_of(place);
        let kept = exhibit.origin.as_ref()?;
        let first = exhibit.first.as_ref();
        let first = first.filter(|first| !first.snapshots.is_empty());
        let model = &exhibit.model;
        let origin: &Origin = first.unwrap_or(kept);
        let plane = Plane::of(model, &origin.data)?;
        let mut steps = vec![(0, &origin.initial)];
        match first {
            Some(first) => {
                let snapshots = first.snapshots.iter();
                steps.extend(snapshots.map(|snapshot| (snapshot.epoch, &snapshot.parameters)));
            }
            None => steps.push((exhibit.epoch, &model.parameters)),
        }
        let replicate = match first {
            Some(_) => 0,
            None => exhibit.replicate,
        };
        let points = plane.grid(model, grid);
        let mut encoder = png::Encoder::default();
        let mut last = Vec::new();
        let mut frames = Vec::with_capacity(steps.len());
        for (epoch, parameters) in steps {
            last = plane.pixels(model, parameters, &points);
            let png = encoder.encode(grid, grid, &last);
            frames.push(Frame { epoch, png });
        }
        let mut figure = Figure::new(
            SIDE + CORNER.0 + 2.0,
            SIDE + 48.0,
            text!(language, "figure-says", name = name),
        );
        figure.description = text!(language, "figure-answer", legend = plane.legend(language));
        figure.items.push(Item::Image {
            frame: [CORNER.0, CORNER.1, SIDE, SIDE],
            size: (grid, grid),
            png: frames.last()?.png.clone(),
            pixels: last,
        });
        figure.items.extend(plane.discs(CORNER, SIDE, POINTS, 4.0));
        axes(&mut figure, &plane, model);
        scale(&mut figure, &plane, model);
        Some(Self {
            configuration: exhibit.configuration,
            figure,
            frames,
            name: name.to_owned(),
            whose: text!(language, "figure-whose", name = name, replicate = replicate),
        })
    }
}

/// The left upper corner of the large picture on its figure.
const CORNER: (f64, f64) = (34.0, 4.0);

/// Draws the names of both features and the ends of their axes.
fn axes(figure: &mut Figure, plane: &Plane, model: &Model) {
    let (left, top) = CORNER;
    let bottom = top + SIDE;
    let [across, up] = plane.axes();
    let names = &model.preparation.columns;
    let mut write = |at, words: &str, anchor| {
        let words = cut(words, 40);
        figure
            .items
            .push(text(at, words, anchor, SMALL, Ink::Muted));
    };
    let beneath = bottom + 16.0;
    write((left, beneath), &across[0], Anchor::Start);
    write((left + SIDE / 2.0, beneath), &names[0].name, Anchor::Middle);
    write((left + SIDE, beneath), &across[1], Anchor::End);
    write((left - 6.0, bottom), &up[0], Anchor::End);
    write((left - 6.0, top + 10.0), &up[1], Anchor::End);
    figure.items.push(Item::Text {
        at: (left - 10.0, top + SIDE / 2.0),
        text: cut(&names[1].name, 40),
        anchor: Anchor::Middle,
        size: SMALL,
        ink: Ink::Muted,
        strong: false,
        upwards: true,
    });
}

/// Draws the meaning of the colours: a bar from one end to the other, or a square for each class.
fn scale(figure: &mut Figure, plane: &Plane, model: &Model) {
    let (left, y) = (CORNER.0, CORNER.1 + SIDE + 30.0);
    let write = |figure: &mut Figure, at, words: &str, anchor| {
        let words = cut(words, 22);
        figure
            .items
            .push(text(at, words, anchor, SMALL, Ink::Muted));
    };
    if let Some([low, high]) = plane.ends(model) {
        /// The number of colours in the bar; the middle one stands for an undecided output.
        const STEPS: usize = 97;
        let step = |i: usize| diverging(2.0 * i as f64 / (STEPS - 1) as f64 - 1.0);
        let pixels = (0..STEPS).flat_map(step).collect();
        let (width, middle) = (SIDE / 3.0, left + SIDE / 2.0);
        let start = middle - width / 2.0;
        figure
            .items
            .push(image([start, y, width, 10.0], (STEPS, 1), pixels));
        write(figure, (start - 8.0, y + 9.5), &low, Anchor::End);
        write(figure, (start + width + 8.0, y + 9.5), &high, Anchor::Start);
        return;
    }
    let classes = &model.preparation.classes;
    // As many classes are named as there is room for, each with the width of the longest name.
    let longest = classes.iter().map(|class| class.chars().count()).max();
    let width = 26.0 + 7.2 * longest.unwrap_or(0).min(22) as f64;
    let fits = ((SIDE / width) as usize).clamp(1, SERIES);
    for (class, name) in classes.iter().take(fits).enumerate() {
        let x = left + width * class as f64;
        figure.items.push(Item::Rectangle {
            frame: [x, y, 10.0, 10.0],
            ink: Ink::Fixed(LIGHT[class % LIGHT.len()]),
            title: String::new(),
        });
        write(figure, (x + 15.0, y + 9.5), name, Anchor::Start);
    }
}
