//! The answers of the best network in one picture beside the headline, if its inputs are not a
//! plane: the images that it gets wrong, how reliable its probabilities are, or its predictions
//! against the true values.

use super::confusion::{actual, classes};
use super::exhibit::{Exhibit, class, outputs, spread};
use super::number::significant;
use crate::language::Language;
use crate::text;
use data::Samples;
use engine::types::Loss;
use ndarray::Array2;
use pictures::axis::{Frame, SMALL, Scale, values_beneath, values_on_the_left};
use pictures::{Anchor, Dash, Figure, Ink, Item, cut, image, rule, text};
use statistics::proportion::wilson;

/// The width of the picture.
const WIDTH: f64 = 456.0;
/// The most samples that are predicted.
const SAMPLES: usize = 2_000;
/// The most multiply-adds of the predictions, unless two hundred samples take more.
const WORK: usize = 50_000_000;
/// The least pixels on a side of an image; fewer numbers are probably a row of a table.
const LEAST_SIDE: usize = 8;

/// The picture with its name and caption.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// The name of its file.
    pub stem: &'static str,
    /// The picture.
    pub figure: Figure,
    /// The caption: what the picture shows and how to read it.
    pub caption: String,
}

impl Answers {
    /// The picture of a kept model; `None` if its samples are missing.
    pub fn new(language: Language, exhibit: &Exhibit, name: &str) -> Option<Self> {
        let (model, origin) = (&exhibit.model, exhibit.origin.as_ref()?);
        let data = &origin.data;
        let most = (WORK / model.parameters.count().max(1)).clamp(200, SAMPLES);
        let samples = spread(data.valid.as_ref().unwrap_or(&data.train), most);
        let asked = Asked {
            language,
            exhibit,
            outputs: outputs(model, &model.parameters, &samples.x),
            samples: &samples,
            of: match data.valid {
                Some(_) => "valid",
                None => "train",
            },
        };
        match classes(exhibit) {
            Some(classes) => asked
                .mistakes(&classes, name)
                .or_else(|| asked.calibration(&classes, name)),
            None => asked.predicted(name),
        }
    }
}

/// Samples with the network's outputs for them.
struct Asked<'a> {
    language: Language,
    exhibit: &'a Exhibit,
    /// (samples, outputs), in the targets' own units.
    outputs: Array2<f64>,
    samples: &'a Samples,
    /// The part that the samples are, by its name in the messages.
    of: &'static str,
}

impl Asked<'_> {
    /// The probability of each class for each sample; `None` if the loss has no probabilities.
    fn probabilities(&self) -> Option<Vec<Vec<f64>>> {
        let of = |row: &[f64]| match self.exhibit.model.loss {
            Loss::CrossEntropy => {
                let greatest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let shares: Vec<f64> = row.iter().map(|v| libm::exp(v - greatest)).collect();
                let total: f64 = shares.iter().sum();
                Some(shares.iter().map(|share| share / total).collect())
            }
            Loss::Bce => {
                let second = 1.0 / (1.0 + libm::exp(-row[0]));
                Some(vec![1.0 - second, second])
            }
            _ => None,
        };
        let rows = self.outputs.rows().into_iter();
        rows.map(|row| of(row.as_slice().expect("rows are contiguous")))
            .collect()
    }

    /// The true and the predicted class of each sample.
    fn classes(&self) -> Vec<(usize, usize)> {
        let model = &self.exhibit.model;
        let targets = self.samples.y.column(0);
        let rows = self.outputs.rows().into_iter();
        rows.zip(targets)
            .map(|(row, target)| {
                let said = class(row.as_slice().expect("rows are contiguous"), model.loss);
                (actual(target, model.preparation.kind), said)
            })
            .collect()
    }

    /// The images that the network gets wrong, with the most confident mistakes first; `None` if
    /// the inputs are not a square of numbers, or no image is wrong.
    fn mistakes(&self, classes: &[String], name: &str) -> Option<Answers> {
        /// The most images.
        const MOST: usize = 30;
        let language = self.language;
        let model = &self.exhibit.model;
        let pixels = self.samples.x.ncols();
        let side = (LEAST_SIDE..=64).find(|side| side * side == pixels)?;
        let preparation = &model.preparation;
        if !preparation
            .columns
            .iter()
            .all(|column| column.categories.is_empty())
        {
            return None;
        }
        let probabilities = self.probabilities();
        let all = self.classes();
        let mut wrong: Vec<(f64, usize)> = (0..all.len())
            .filter(|&row| all[row].0 != all[row].1)
            .map(|row| {
                let of = probabilities.as_ref().map(|of| of[row][all[row].1]);
                (of.unwrap_or(0.0), row)
            })
            .collect();
        if wrong.is_empty() {
            return None;
        }
        wrong.sort_by(|a, b| b.0.total_cmp(&a.0));
        let count = wrong.len();
        let raw = |row: usize, column: usize| {
            let value = self.samples.x.get(row, column);
            let scaling = preparation.scaling.get(column);
            scaling.map_or(value, |scaling| scaling.undo(value))
        };
        let shown = count.min(MOST);
        // Few images are drawn large.
        let across = match shown {
            ..10 => 3,
            10..17 => 4,
            _ => 6,
        };
        let cell = WIDTH / across as f64;
        let rows = shown.div_ceil(across);
        let mut figure = Figure::new(
            WIDTH,
            (cell + 18.0) * rows as f64,
            text!(language, "figure-mistakes-of", name = name),
        );
        for (place, &(_, row)) in wrong.iter().take(MOST).enumerate() {
            let (x, y) = (
                cell * (place % across) as f64,
                (cell + 18.0) * (place / across) as f64,
            );
            let values: Vec<f64> = (0..pixels).map(|column| raw(row, column)).collect();
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let grey = |value: f64| {
                let share = if high > low {
                    (value - low) / (high - low)
                } else {
                    0.0
                };
                [(250.0 - 230.0 * share).round() as u8; 3]
            };
            let frame = [x + 1.0, y, cell - 6.0, cell - 6.0];
            let pixels = values.iter().flat_map(|&value| grey(value)).collect();
            figure.items.push(image(frame, (side, side), pixels));
            let (is, said) = (&classes[all[row].0], &classes[all[row].1]);
            let words = text!(
                language,
                "figure-mistake",
                is = cut(is, 6),
                said = cut(said, 6)
            );
            let at = (x + cell / 2.0 - 2.0, y + cell + 8.0);
            figure
                .items
                .push(text(at, words, Anchor::Middle, SMALL, Ink::Muted));
        }
        figure.description = text!(
            language,
            "figure-mistakes",
            count = count,
            all = all.len(),
            of = self.of
        );
        Some(Answers {
            stem: "mistakes",
            caption: text!(
                language,
                "figure-mistakes-caption",
                count = count,
                all = all.len(),
                of = self.of
            ),
            figure,
        })
    }

    /// How often the network is right for each predicted probability; `None` if it gives no
    /// probabilities.
    fn calibration(&self, classes: &[String], name: &str) -> Option<Answers> {
        /// The most bins into which probabilities are counted; they would have ten samples each if
        /// they were even.
        const BINS: usize = 10;
        let language = self.language;
        let probabilities = self.probabilities()?;
        let two = classes.len() == 2;
        let pairs = self.classes();
        let count = (pairs.len() / 10).clamp(2, BINS);
        let mut bins = vec![(0, 0, 0.0); count];
        for (of, &(actual, said)) in probabilities.iter().zip(&pairs) {
            let (probability, happened) = match two {
                true => (of[1], actual == 1),
                false => (of[said], actual == said),
            };
            let bin = ((probability * count as f64) as usize).min(count - 1);
            bins[bin].0 += 1;
            bins[bin].1 += usize::from(happened);
            bins[bin].2 += probability;
        }
        let names = match two {
            true => [
                text!(language, "figure-share-of", class = cut(&classes[1], 24)),
                text!(
                    language,
                    "figure-probability-of",
                    class = cut(&classes[1], 24)
                ),
            ],
            false => [
                text!(language, "figure-share-right"),
                text!(language, "figure-probability-said"),
            ],
        };
        let mut figure = Figure::new(
            WIDTH,
            WIDTH - 20.0,
            text!(language, "figure-calibration-of", name = name),
        );
        let (frame, x, y) = square(&mut figure, [0.0, 1.0], &names);
        let most = bins.iter().map(|bin| bin.0).max().unwrap_or(1).max(1) as f64;
        for (count, happened, sum) in bins.into_iter().filter(|bin| bin.0 > 0) {
            let (said, share) = (sum / count as f64, happened as f64 / count as f64);
            let (low, high) = wilson(share, count);
            figure.items.push(Item::Line {
                points: vec![
                    (x.place(said), y.place(low)),
                    (x.place(said), y.place(high)),
                ],
                ink: Ink::Series(0),
                width: 1.4,
                dash: Dash::Solid,
            });
            figure.items.push(Item::Disc {
                at: (x.place(said), y.place(share)),
                radius: 3.5 + 6.0 * (count as f64 / most).sqrt(),
                ink: Ink::Series(0),
                title: text!(
                    language,
                    "figure-said",
                    said = significant(said, 2),
                    happened = happened,
                    count = count,
                    share = significant(share, 2)
                ),
            });
        }
        let _ = frame;
        figure.description = text!(language, "figure-calibration");
        Some(Answers {
            stem: "calibration",
            caption: text!(
                language,
                "figure-calibration-caption",
                all = pairs.len(),
                of = self.of
            ),
            figure,
        })
    }

    /// The predictions against the true values of the first target.
    fn predicted(&self, name: &str) -> Option<Answers> {
        /// The most samples that are drawn.
        const POINTS: usize = 400;
        let language = self.language;
        let model = &self.exhibit.model;
        let data = &self.exhibit.origin.as_ref()?.data;
        let target = model.preparation.targets.first()?;
        let truth: Vec<f64> = data.own_targets(self.samples).column(0).collect();
        let said: Vec<f64> = self.outputs.column(0).to_vec();
        let [low, high] = ends(&truth, &said)?;
        let title = text!(language, "figure-predicted-of", name = name);
        let mut figure = Figure::new(WIDTH, WIDTH - 20.0, title);
        let target = cut(target, 30);
        let names = [
            text!(language, "figure-target-predicted", target = &target),
            text!(language, "figure-target-in-truth", target = &target),
        ];
        let (_, x, y) = square(&mut figure, [low, high], &names);
        let step = truth.len().div_ceil(POINTS).max(1);
        let mut off = false;
        for (&truth, &said) in truth.iter().zip(&said).step_by(step) {
            if !truth.is_finite() || !said.is_finite() {
                continue;
            }
            let title = text!(
                language,
                "figure-truth-and-prediction",
                truth = significant(truth, 4),
                prediction = significant(said, 4)
            );
            let (at, ink) = ((x.place(truth), y.place(said)), Ink::Series(0));
            let is_off = !(low..=high).contains(&said);
            off |= is_off;
            figure.items.push(match is_off {
                true => Item::Cross {
                    at,
                    radius: 4.0,
                    ink,
                    title,
                },
                false => Item::Disc {
                    at,
                    radius: 3.4,
                    ink,
                    title,
                },
            });
        }
        if off {
            figure.items.push(text(
                (figure.width - 8.0, 12.0),
                text!(language, "figure-crosses-off"),
                Anchor::End,
                SMALL,
                Ink::Muted,
            ));
        }
        figure.description = text!(language, "figure-predicted");
        Some(Answers {
            stem: "predicted",
            caption: text!(
                language,
                "figure-predicted-caption",
                all = truth.len(),
                of = self.of
            ),
            figure,
        })
    }
}

/// The ends of the scale for what is true and what is said; `None` where nothing is finite. Where a
/// prediction lies further from all that is true than these are from each other, it is off the scale.
fn ends(truth: &[f64], said: &[f64]) -> Option<[f64; 2]> {
    let of = |values: &[f64]| {
        let finite = values.iter().copied().filter(|value| value.is_finite());
        finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let ((low, high), (least, most)) = (of(truth), of(said));
    if low > high || least > most {
        return None;
    }
    let span = high - low;
    Some(match span > 0.0 {
        true => [
            low.min(least.max(low - span)),
            high.max(most.min(high + span)),
        ],
        false => [low.min(least), high.max(most)],
    })
}

/// Axes with the same scale in both directions, and their diagonal.
fn square(
    figure: &mut Figure,
    ends: [f64; 2],
    [up, across]: &[String; 2],
) -> (Frame, Scale, Scale) {
    let frame = Frame {
        left: 58.0,
        top: 26.0,
        right: figure.width - 8.0,
        bottom: figure.height - 46.0,
    };
    let scale = |from, to| Scale::new(ends.into_iter(), from, to, false).padded(0.02);
    let (x, y) = (
        scale(frame.left, frame.right),
        scale(frame.bottom, frame.top),
    );
    values_on_the_left(figure, frame, &y, up);
    let ticks: Vec<(f64, String)> = x
        .ticks(5)
        .into_iter()
        .map(|(v, label)| (x.place(v), label))
        .collect();
    values_beneath(figure, frame, &ticks, across);
    let corner = |end: f64| (x.place(end), y.place(end));
    figure
        .items
        .push(rule(corner(ends[0]), corner(ends[1]), Ink::Muted));
    (frame, x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wild_prediction_does_not_set_the_scale() {
        assert_eq!(ends(&[0.0, 10.0], &[1.0, 12.0]), Some([0.0, 12.0]));
        assert_eq!(ends(&[0.0, 10.0], &[1.0, 4e9]), Some([0.0, 20.0]));
        assert_eq!(ends(&[0.0, 10.0], &[-1e300, 5.0]), Some([-10.0, 10.0]));
        assert_eq!(ends(&[3.0], &[2.0, 4.0]), Some([2.0, 4.0]));
        assert_eq!(ends(&[], &[f64::NAN]), None);
    }
}
