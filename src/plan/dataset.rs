//! From `[data]` to a [`Request`], and from a request to its numbers; each dataset is loaded once.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use choices::Choice;

use super::read::{Reader, numbers};
use super::{Sampling, Vary, table};
use crate::config::{DATA, Node, Table};
use data::{
    self, Dataset, Pool, Request, Scale, Seeds, Source, SourceFormat, Synthetic, TargetKind, Test,
    Validation,
};
use engine::types::Loss;
use numbers::random::replicate_seed;
use problems::{Place, Problem, Problems};

/// The kind of targets that a loss takes.
pub fn kind(loss: Loss) -> TargetKind {
    match loss {
        Loss::HalfMse | Loss::Mse | Loss::Mae | Loss::Huber => TargetKind::Numbers,
        Loss::Bce => TargetKind::Binary,
        Loss::CrossEntropy => TargetKind::Classes,
    }
}

/// The places at which problems with the data as a whole are shown.
pub struct Places {
    /// The key that names the source best.
    source: Place,
    /// The keys that divide the samples, if they are given.
    parts: Vec<(&'static str, Place)>,
    /// Every key of a file or of rows, with the name that problems use for it.
    sources: Vec<(String, Place)>,
}

/// The request of a checked `[data]`, and the places for its problems.
///
/// `outputs`: the nodes of the output layer, for a loss on classes.
pub fn request(
    data: &Table,
    kind: TargetKind,
    outputs: Option<usize>,
    problems: &mut Problems,
) -> (Request, Places) {
    let reader = Reader::new(data, &DATA);
    let (source, named) = source(&reader, problems);
    let validation = validation(&reader, &source, problems);
    let test = test(&reader, &source, problems);
    check_stratify(&reader, &validation, &test, problems);
    let request = Request {
        source,
        validation,
        test,
        kind,
        derive: reader.choices("derive"),
        scale: reader.choice("scale"),
        scale_targets: scale_targets(&reader, kind, problems),
        outputs: outputs.filter(|_| kind == TargetKind::Classes),
    };
    let place = |key| Some((key, reader.node(key)?.place.clone()));
    let (_, source) = place(named).expect("the check has seen it");
    let parts = ["validation", "folds", "test", "stratify"];
    let parts = parts.into_iter().filter_map(place).collect();
    let sources = named_sources(&reader);
    let places = Places {
        source,
        parts,
        sources,
    };
    (request, places)
}

/// The keys of files and of inline rows, with the names that problems use for their contents.
fn named_sources(reader: &Reader<'_>) -> Vec<(String, Place)> {
    let own = ["path", "images", "labels", "x", "y"].map(str::to_owned);
    let parts = ["validation", "test"]
        .into_iter()
        .flat_map(|part| ["path", "images", "labels", "x", "y"].map(|key| format!("{part}_{key}")));
    let keys = own.into_iter().chain(parts);
    keys.filter_map(|key| {
        let node = reader.node(&key)?;
        let name = match node.as_str() {
            Some(_) => resolved(node).display().to_string(),
            None => format!("inline `{key}`"),
        };
        Some((name, node.place.clone()))
    })
    .collect()
}

/// The scaling of the targets. Only numbers can be scaled.
fn scale_targets(reader: &Reader<'_>, kind: TargetKind, problems: &mut Problems) -> Scale {
    let scale = reader.choice("scale_targets");
    if scale != Scale::None && kind != TargetKind::Numbers {
        let node = reader.node("scale_targets");
        problems.push(
            Problem::at(
                node.expect("`none` is the default").place.clone(),
                "`data.scale_targets` scales numbers, but the loss of this experiment learns classes",
                "leave this out, or say \"none\"",
            )
            .note("half_mse, mse, mae and huber learn numbers; bce and cross_entropy learn classes"),
        );
        return Scale::None;
    }
    scale
}

/// The source, and the key that names it best.
fn source(reader: &Reader<'_>, problems: &mut Problems) -> (Source, &'static str) {
    const SEEN: &str = "the check has seen it";
    if let Some(shape) = Synthetic::from_word(reader.case()) {
        let source = Source::Synthetic {
            shape,
            samples: reader.whole("samples") as usize,
            noise: reader.number("noise"),
        };
        return (source, "source");
    }
    match SourceFormat::from_word(reader.case()).expect(SEEN) {
        SourceFormat::Csv => {
            let source = Source::Csv {
                path: path(reader, "path").expect(SEEN),
                features: reader.optional_words("features"),
                exclude: reader.words("exclude"),
                targets: reader.optional_words("target"),
                categorical: reader.words("categorical"),
                missing: table::missing(reader),
                dialect: table::dialect(reader, problems),
            };
            (source, "path")
        }
        SourceFormat::Idx => {
            let source = Source::Idx {
                images: path(reader, "images").expect(SEEN),
                labels: path(reader, "labels").expect(SEEN),
            };
            (source, "images")
        }
        SourceFormat::Npy => {
            let source = Source::Npy {
                x: path(reader, "x").expect(SEEN),
                y: path(reader, "y"),
            };
            check_npy(reader, "x", "y", problems);
            (source, "x")
        }
        SourceFormat::Inline => {
            let source = Source::Inline {
                x: rows(reader.node("x").expect(SEEN)),
                y: rows(reader.node("y").expect(SEEN)),
            };
            (source, "x")
        }
    }
}

fn validation(reader: &Reader<'_>, source: &Source, problems: &mut Problems) -> Validation {
    let stratify = reader.truth("stratify");
    if reader.node("folds").is_some() {
        let folds = u32::try_from(reader.whole("folds")).unwrap_or(u32::MAX);
        return Validation::Folds { folds, stratify };
    }
    let share = reader.number("validation");
    if share > 0.0 {
        return Validation::Share { share, stratify };
    }
    match files(reader, source, &VALIDATION, problems) {
        Some(source) => Validation::Files(Box::new(source)),
        None => Validation::None,
    }
}

fn test(reader: &Reader<'_>, source: &Source, problems: &mut Problems) -> Test {
    if let Some(share) = reader.optional_number("test") {
        let stratify = reader.truth("stratify");
        return Test::Share { share, stratify };
    }
    match files(reader, source, &TEST, problems) {
        Some(source) => Test::Files(Box::new(source)),
        None => Test::None,
    }
}

/// Refuses `stratify` if there are no classes, or no parts with random samples.
fn check_stratify(
    reader: &Reader<'_>,
    validation: &Validation,
    test: &Test,
    problems: &mut Problems,
) {
    let drawn = matches!(
        validation,
        Validation::Share { .. } | Validation::Folds { .. }
    ) || matches!(test, Test::Share { .. });
    if let Some(node) = reader.node("stratify")
        && reader.truth("stratify")
        && !drawn
    {
        problems.push(Problem::at(
            node.place.clone(),
            "`data.stratify` needs a share of the samples for validation",
            "set data.validation, as in validation = 0.2; or data.folds, or data.test",
        ));
    }
}

/// The keys of the files of one part.
struct FileKeys {
    path: &'static str,
    images: &'static str,
    labels: &'static str,
    x: &'static str,
    y: &'static str,
}

const VALIDATION: FileKeys = FileKeys {
    path: "validation_path",
    images: "validation_images",
    labels: "validation_labels",
    x: "validation_x",
    y: "validation_y",
};

const TEST: FileKeys = FileKeys {
    path: "test_path",
    images: "test_images",
    labels: "test_labels",
    x: "test_x",
    y: "test_y",
};

/// The files of one part, of the same kind as the source.
fn files(
    reader: &Reader<'_>,
    source: &Source,
    keys: &FileKeys,
    problems: &mut Problems,
) -> Option<Source> {
    let &FileKeys { x, y, .. } = keys;
    match source {
        Source::Csv {
            path: _,
            features,
            exclude,
            targets,
            categorical,
            missing,
            dialect,
        } => path(reader, keys.path).map(|path| Source::Csv {
            path,
            features: features.clone(),
            exclude: exclude.clone(),
            targets: targets.clone(),
            categorical: categorical.clone(),
            missing: *missing,
            dialect: dialect.clone(),
        }),
        Source::Idx { .. } => {
            both(reader, keys.images, keys.labels, problems);
            path(reader, keys.images)
                .zip(path(reader, keys.labels))
                .map(|(images, labels)| Source::Idx { images, labels })
        }
        Source::Npy { .. } => {
            if let Some(node) = reader.node(y)
                && reader.node(x).is_none()
            {
                problems.push(Problem::at(
                    node.place.clone(),
                    format!("`data.{y}` needs `data.{x}`"),
                    "targets without inputs",
                ));
            }
            let inputs = path(reader, x);
            if inputs.is_some() {
                check_npy(reader, x, y, problems);
            }
            inputs.map(|inputs| Source::Npy {
                x: inputs,
                y: path(reader, y),
            })
        }
        Source::Inline { .. } => {
            both(reader, x, y, problems);
            reader
                .node(x)
                .zip(reader.node(y))
                .map(|(x, y)| Source::Inline {
                    x: rows(x),
                    y: rows(y),
                })
        }
        Source::Synthetic { .. } => None,
    }
}

/// Refuses one of two keys without the other, if they belong together.
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

/// Refuses an .npz together with a file of targets, and an .npy without one.
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

/// The path of a key, relative to the file in which it stands.
fn path(reader: &Reader<'_>, name: &str) -> Option<PathBuf> {
    reader.node(name).map(resolved)
}

/// The path of a node, relative to the file in which it stands.
pub fn resolved(node: &Node) -> PathBuf {
    let text = node.as_str().expect("the check has seen a path");
    node.place.source.directory.join(text)
}

/// The rows of a list, one per sample; a single number is a row of one.
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

/// The way in which the data of a configuration's runs differ.
pub fn sampling(request: &Request, vary: Vary) -> Sampling {
    match (&request.source, &request.validation) {
        (_, Validation::Folds { .. }) => Sampling::Folds,
        (Source::Synthetic { .. }, _) if vary.data => Sampling::Redrawn,
        (_, Validation::Share { .. }) if vary.split => Sampling::Split,
        _ => Sampling::Same,
    }
}

/// The datasets of one plan, each loaded once.
#[derive(Default)]
pub struct Library {
    loaded: HashMap<(String, Seeds, u32), Option<Arc<Dataset>>>,
}

/// The seeds and counts from which the datasets of a configuration's runs are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Draws {
    /// The experiment's seed, from which the test part is drawn.
    pub experiment: u64,
    /// The configuration's seed.
    pub seed: u64,
    /// The number of replicates of the configuration.
    pub replicates: u32,
    /// The parts that differ between replicates.
    pub vary: Vary,
}

impl Library {
    /// The datasets of a configuration: one for all runs; or one for each replicate, if the data
    /// vary; or one for each replicate and fold, the folds of a replicate together.
    pub fn load(
        &mut self,
        request: &Request,
        places: &Places,
        draws: Draws,
        problems: &mut Problems,
    ) -> Option<Arc<Vec<Arc<Dataset>>>> {
        // The name has the whole request, with its numbers to the last bit.
        let name = format!("{request:?}");
        let drawn = matches!(request.source, Source::Synthetic { .. });
        let sampling = sampling(request, draws.vary);
        let folds = match request.validation {
            Validation::Folds { folds, .. } => folds,
            _ => 1,
        };
        let share = matches!(request.validation, Validation::Share { .. });
        let vary_data = draws.vary.data && drawn;
        // Every replicate has folds of its own.
        let vary_split = (draws.vary.split && share) || folds > 1;
        let replicates = match sampling {
            Sampling::Same => 1,
            _ => draws.replicates,
        };
        let runs = (0..replicates).flat_map(|replicate| {
            let own = replicate_seed(draws.seed, replicate);
            // The samples of a file are the same for every seed.
            let seeds = Seeds {
                data: match (drawn, vary_data) {
                    (false, _) => 0,
                    (true, true) => own,
                    (true, false) => draws.seed,
                },
                test: match request.test {
                    Test::Share { .. } => draws.experiment,
                    _ => 0,
                },
                split: match (share || folds > 1, vary_split) {
                    (false, _) => 0,
                    (true, true) => own,
                    (true, false) => draws.seed,
                },
            };
            (0..folds).map(move |fold| (seeds, fold))
        });
        let several = replicates > 1 || folds > 1;
        let mut pool: Option<(u64, Pool)> = None;
        let datasets: Option<Vec<Arc<Dataset>>> = runs
            .map(|(seeds, fold)| {
                let known = (name.clone(), seeds, fold);
                if let Some(dataset) = self.loaded.get(&known) {
                    return dataset.clone();
                }
                let loaded = if several {
                    divided(request, seeds, fold, &mut pool)
                } else {
                    data::load(request, seeds, fold)
                };
                let dataset = match loaded {
                    Ok(dataset) => Some(dataset),
                    Err(found) => {
                        for problem in found.iter() {
                            problems.push(placed(problem, places));
                        }
                        (found.iter().count()..found.len()).for_each(|_| problems.count_further());
                        None
                    }
                };
                self.loaded.insert(known, dataset.clone());
                dataset
            })
            .collect();
        datasets.map(Arc::new)
    }
}

/// A dataset made of the samples in `pool`, which are read again if the seed of the data is another
/// one.
fn divided(
    request: &Request,
    seeds: Seeds,
    fold: u32,
    pool: &mut Option<(u64, Pool)>,
) -> Result<Arc<Dataset>, Problems> {
    let read = match pool.take() {
        Some((seed, read)) if seed == seeds.data => read,
        _ => Pool::read(request, seeds)?,
    };
    let dataset = read.clone().divide(request, seeds.split, fold);
    *pool = Some((seeds.data, read));
    dataset
}

/// The problem with the place of its key. A problem about a file or rows as a whole points at the
/// key that it names first. A problem that begins with the name of a key that divides the samples
/// points at that key.
fn placed(problem: &Problem, places: &Places) -> Problem {
    let mut problem = problem.clone();
    if problem.place.is_none() {
        let begins = |key: &str| problem.message.starts_with(&format!("`{key}`"));
        let part = places.parts.iter().find(|(key, _)| begins(key));
        let named = places.sources.iter().filter_map(|(name, place)| {
            let at = problem.message.find(name.as_str())?;
            Some((at, std::cmp::Reverse(name.len()), place))
        });
        let named = named.min_by_key(|(at, length, _)| (*at, *length));
        let place = match (part, named) {
            (Some((_, place)), _) => place,
            (None, Some((_, _, place))) => place,
            (None, None) => &places.source,
        };
        problem.place = Some(place.clone());
        if problem.message.starts_with("cannot read") {
            problem.label = "the path is relative to the file that says it".to_owned();
            if problem.message.contains(char::is_control) {
                problem.label = "a backslash in double quotes begins an escape".to_owned();
                problem.message = "the path has control characters in it".to_owned();
                problem.notes =
                    vec!["write it in single quotes, as in 'C:\\new\\t.csv', or with /".to_owned()];
            }
        }
    }
    problem
}
