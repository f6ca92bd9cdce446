//! `[data]` → a [`Request`], and the request → numbers, each once.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::Vary;
use super::read::{Reader, numbers};
use crate::config::{DATA, Node, Table};
use data::{
    self, Dataset, Derived, Missing, Request, Scale, Source, Synthetic, TargetKind, Validation,
};
use engine::types::Loss;
use numbers::random::replicate_seed;
use problems::{Place, Problem, Problems};

/// What the targets of a loss are.
pub fn kind(loss: Loss) -> TargetKind {
    match loss {
        Loss::HalfMse | Loss::Mse | Loss::Mae | Loss::Huber => TargetKind::Numbers,
        Loss::Bce => TargetKind::Binary,
        Loss::CrossEntropy => TargetKind::Classes,
    }
}

/// The request of a checked `[data]`, and the place that named the source.
///
/// `outputs`: the nodes of the output layer, for a loss on classes.
pub fn request(
    data: &Table,
    kind: TargetKind,
    outputs: Option<usize>,
    problems: &mut Problems,
) -> (Request, Place) {
    let reader = Reader::new(data, &DATA);
    let (source, named) = source(&reader, problems);
    let validation = validation(&reader, &source, problems);
    let request = Request {
        source,
        validation,
        kind,
        derive: reader
            .words("derive")
            .iter()
            .map(|word| derived(word))
            .collect(),
        scale: match reader.word("scale") {
            "standardize" => Scale::Standardize,
            "min_max" => Scale::MinMax,
            _ => Scale::None,
        },
        outputs: outputs.filter(|_| kind == TargetKind::Classes),
    };
    let place = reader
        .node(named)
        .expect("the check has seen it")
        .place
        .clone();
    (request, place)
}

/// The source, and the key that names it best.
fn source(reader: &Reader<'_>, problems: &mut Problems) -> (Source, &'static str) {
    let shape = match reader.case() {
        "csv" => {
            let source = Source::Csv {
                path: path(reader, "path").expect("the check has seen it"),
                features: reader.optional_words("features"),
                exclude: reader.words("exclude"),
                targets: reader.optional_words("target"),
                categorical: reader.words("categorical"),
                missing: match reader.word("missing") {
                    "drop" => Missing::Drop,
                    "mean" => Missing::Mean,
                    _ => Missing::Refuse,
                },
            };
            return (source, "path");
        }
        "idx" => {
            let source = Source::Idx {
                images: path(reader, "images").expect("the check has seen it"),
                labels: path(reader, "labels").expect("the check has seen it"),
            };
            return (source, "images");
        }
        "npy" => {
            let source = Source::Npy {
                x: path(reader, "x").expect("the check has seen it"),
                y: path(reader, "y"),
            };
            check_npy(reader, "x", "y", problems);
            return (source, "x");
        }
        "inline" => {
            let source = Source::Inline {
                x: rows(reader.node("x").expect("the check has seen it")),
                y: rows(reader.node("y").expect("the check has seen it")),
            };
            return (source, "x");
        }
        "plane" => Synthetic::Plane,
        "multi_gaussian" => Synthetic::MultiGaussian,
        "circle" => Synthetic::Circle,
        "xor" => Synthetic::Xor,
        "gaussian" => Synthetic::Gaussian,
        "spiral" => Synthetic::Spiral,
        other => unreachable!("the check knows no source {other}"),
    };
    let source = Source::Synthetic {
        shape,
        samples: reader.whole("samples") as usize,
        noise: reader.number("noise"),
    };
    (source, "source")
}

fn validation(reader: &Reader<'_>, source: &Source, problems: &mut Problems) -> Validation {
    let share = reader.number("validation");
    if let Some(node) = reader.node("stratify")
        && reader.truth("stratify")
        && share == 0.0
    {
        problems.push(Problem::at(
            node.place.clone(),
            "`data.stratify` needs a share of the samples for validation",
            "set data.validation, as in validation = 0.2",
        ));
    }
    if share > 0.0 {
        return Validation::Share {
            share,
            stratify: reader.truth("stratify"),
        };
    }
    let files = match source {
        Source::Csv {
            path: _,
            features,
            exclude,
            targets,
            categorical,
            missing,
        } => path(reader, "validation_path").map(|path| Source::Csv {
            path,
            features: features.clone(),
            exclude: exclude.clone(),
            targets: targets.clone(),
            categorical: categorical.clone(),
            missing: *missing,
        }),
        Source::Idx { .. } => {
            both(reader, "validation_images", "validation_labels", problems);
            path(reader, "validation_images")
                .zip(path(reader, "validation_labels"))
                .map(|(images, labels)| Source::Idx { images, labels })
        }
        Source::Npy { .. } => {
            if let Some(node) = reader.node("validation_y")
                && reader.node("validation_x").is_none()
            {
                problems.push(Problem::at(
                    node.place.clone(),
                    "`data.validation_y` needs `data.validation_x`",
                    "targets without inputs",
                ));
            }
            let x = path(reader, "validation_x");
            if x.is_some() {
                check_npy(reader, "validation_x", "validation_y", problems);
            }
            x.map(|x| Source::Npy {
                x,
                y: path(reader, "validation_y"),
            })
        }
        Source::Inline { .. } => {
            both(reader, "validation_x", "validation_y", problems);
            reader
                .node("validation_x")
                .zip(reader.node("validation_y"))
                .map(|(x, y)| Source::Inline {
                    x: rows(x),
                    y: rows(y),
                })
        }
        Source::Synthetic { .. } => None,
    };
    match files {
        Some(source) => Validation::Files(Box::new(source)),
        None => Validation::None,
    }
}

/// That two keys are both there or both not.
fn both(reader: &Reader<'_>, one: &str, other: &str, problems: &mut Problems) {
    let (given, lacking) = match (reader.node(one), reader.node(other)) {
        (Some(node), None) => (node, other),
        (None, Some(node)) => (node, one),
        _ => return,
    };
    problems.push(Problem::at(
        given.place.clone(),
        format!("`data.{lacking}` is missing"),
        "inputs and targets go together",
    ));
}

/// That an .npz comes alone, and an .npy with its targets.
fn check_npy(reader: &Reader<'_>, x: &str, y: &str, problems: &mut Problems) {
    let node = reader.node(x).expect("the caller has seen it");
    let archive = node.as_str().is_some_and(|path| path.ends_with(".npz"));
    match (archive, reader.node(y)) {
        (true, Some(targets)) => problems.push(Problem::at(
            targets.place.clone(),
            format!("`data.{y}` does not go with an .npz, which holds x and y"),
            "leave this out",
        )),
        (false, None) => problems.push(Problem::at(
            node.place.clone(),
            format!("`data.{y}` is missing: the targets"),
            format!("add {y} = \"….npy\", or name an .npz that holds x and y"),
        )),
        _ => {}
    }
}

/// A path, relative to the text that says it.
fn path(reader: &Reader<'_>, name: &str) -> Option<PathBuf> {
    reader.node(name).map(resolved)
}

/// The path that a node says, relative to its text.
pub fn resolved(node: &Node) -> PathBuf {
    let text = node.as_str().expect("the check has seen a path");
    node.place.source.directory.join(text)
}

/// A row per sample; a bare number is a row of one.
fn rows(node: &Node) -> Vec<Vec<f64>> {
    let items = node.as_array().expect("the check has seen a list");
    items
        .iter()
        .map(|item| match item.as_f64() {
            Some(number) => vec![number],
            None => numbers(item),
        })
        .collect()
}

fn derived(word: &str) -> Derived {
    match word {
        "x1^2" => Derived::X1Squared,
        "x2^2" => Derived::X2Squared,
        "x1*x2" => Derived::Product,
        "sin(x1)" => Derived::SinX1,
        "sin(x2)" => Derived::SinX2,
        other => unreachable!("the check knows no transform {other}"),
    }
}

/// The datasets of one plan, each loaded once.
#[derive(Default)]
pub struct Library {
    loaded: HashMap<(String, u64, u64), Option<Arc<Dataset>>>,
}

impl Library {
    /// One dataset for all replicates, or one for each where they vary.
    pub fn load(
        &mut self,
        request: &Request,
        place: &Place,
        seed: u64,
        replicates: u32,
        vary: Vary,
        problems: &mut Problems,
    ) -> Option<Arc<Vec<Arc<Dataset>>>> {
        // All that the request says, numbers to the last bit.
        let name = format!("{request:?}");
        let drawn = matches!(request.source, Source::Synthetic { .. });
        let split = matches!(request.validation, Validation::Share { .. });
        let (vary_data, vary_split) = (vary.data && drawn, vary.split && split);
        let count = if vary_data || vary_split {
            replicates
        } else {
            1
        };
        let seeds = (0..count).map(|replicate| {
            let own = replicate_seed(seed, replicate);
            (
                if vary_data { own } else { seed },
                if vary_split { own } else { seed },
            )
        });
        let datasets: Option<Vec<Arc<Dataset>>> = seeds
            .map(|(data_seed, split_seed)| {
                // A file is the same whatever the seed.
                let data_seed = if drawn { data_seed } else { 0 };
                let split_seed = if split { split_seed } else { 0 };
                let loaded = self.loaded.entry((name.clone(), data_seed, split_seed));
                let dataset =
                    loaded.or_insert_with(|| match data::load(request, data_seed, split_seed) {
                        Ok(dataset) => Some(dataset),
                        Err(found) => {
                            for problem in found.iter() {
                                problems.push(placed(problem, place));
                            }
                            None
                        }
                    });
                dataset.clone()
            })
            .collect();
        datasets.map(Arc::new)
    }
}

/// A problem about the source as a whole points at the key that names it.
fn placed(problem: &Problem, place: &Place) -> Problem {
    let mut problem = problem.clone();
    if problem.place.is_none() {
        problem.place = Some(place.clone());
        if problem.message.starts_with("cannot read") {
            problem.label = "the path is relative to the file that says it".to_owned();
        }
    }
    problem
}
