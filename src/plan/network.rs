//! From `[model]` to an [`Architecture`] and its [`Init`].

use std::path::Path;

use ndarray::Array2;

use super::dataset::resolved;
use super::read::{Reader, numbers};
use crate::config::{MODEL, Node, Table};
use crate::model::{Fault, Stored};
use engine::types::{Activation, Architecture, Init, Scheme};
use problems::{Problem, Problems, reason};

/// The most parameters of a network: 2³¹ of them take 16 GiB.
const MOST_PARAMETERS: f64 = 2_147_483_648.0;

/// The nodes and activations of a checked `[model]`.
pub fn architecture(model: &Table, problems: &mut Problems) -> Option<Architecture> {
    let reader = Reader::new(model, &MODEL);
    let node = reader.node("layers").expect("the check has seen it");
    let layers: Vec<usize> = numbers(node).iter().map(|&nodes| nodes as usize).collect();
    let parameters: f64 = layers
        .windows(2)
        .map(|pair| (pair[0] as f64 + 1.0) * pair[1] as f64)
        .sum();
    if parameters > MOST_PARAMETERS {
        problems.push(Problem::at(
            node.place.clone(),
            format!("a network of these `model.layers` has {parameters} weights and biases"),
            "more than 2147483648 are too many",
        ));
        return None;
    }
    let after = layers.len() - 1;
    let activations: Vec<Activation> = match reader.node("activations") {
        Some(node) => {
            let activations: Vec<Activation> = reader.choices("activations");
            if activations.len() != after {
                problems.push(
                    Problem::at(
                        node.place.clone(),
                        format!(
                            "`model.activations` has {}, but there {} after the input",
                            counted(activations.len(), "word"),
                            if after == 1 {
                                "is 1 layer".to_owned()
                            } else {
                                format!("are {after} layers")
                            },
                        ),
                        format!("{after} expected"),
                    )
                    .note(
                        "the first number of `model.layers` is the input, which has no activation",
                    ),
                );
                return None;
            }
            activations
        }
        None => {
            let mut activations = vec![reader.choice("hidden"); after];
            activations[after - 1] = reader.choice("output");
            activations
        }
    };
    Some(Architecture {
        layers,
        activations,
    })
}

/// The share of each hidden layer's outputs that a checked `[model]` drops, one number per hidden
/// layer; empty if nothing is dropped.
pub fn dropout(model: &Table, layers: &[usize], problems: &mut Problems) -> Option<Vec<f64>> {
    let hidden = layers.len() - 2;
    let rates = match Reader::new(model, &MODEL).node("dropout") {
        None => Vec::new(),
        Some(node) => match node.as_f64() {
            Some(rate) => vec![rate; hidden],
            None => {
                let rates = numbers(node);
                if rates.len() != hidden {
                    problems.push(Problem::at(
                        node.place.clone(),
                        format!(
                            "`model.dropout` has {}, but the network has {}",
                            counted(rates.len(), "number"),
                            counted(hidden, "hidden layer")
                        ),
                        "one per hidden layer, or one number for all",
                    ));
                    return None;
                }
                rates
            }
        },
    };
    Some(if rates.iter().all(|&rate| rate == 0.0) {
        Vec::new()
    } else {
        rates
    })
}

/// A count with its noun, as in "1 word", "2 words".
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// The initial weights of a checked `[model]` with these layers.
pub fn init(model: &Table, layers: &[usize], problems: &mut Problems) -> Option<Init> {
    let reader = Reader::new(model, &MODEL).inner("init");
    if let Some(node) = reader.node("file") {
        return match stored(&resolved(node), layers) {
            Ok(init) => Some(init),
            Err(problem) => {
                let mut problem = problem;
                problem.place = Some(node.place.clone());
                problems.push(problem);
                None
            }
        };
    }
    match (reader.node("weights"), reader.node("biases")) {
        (Some(weights), biases) => explicit(weights, biases, layers, problems),
        (None, Some(biases)) => {
            problems.push(Problem::at(
                biases.place.clone(),
                "`model.init.biases` needs `model.init.weights`",
                "biases alone are not a start",
            ));
            None
        }
        (None, None) => scheme(&reader, problems).map(Init::Scheme),
    }
}

fn scheme(reader: &Reader<'_>, problems: &mut Problems) -> Option<Scheme> {
    let scheme = reader.typed(&[]);
    if let Scheme::Uniform { low, high } = scheme
        && (low >= high || !(high - low).is_finite())
    {
        let node = reader.node("high").or(reader.node("low"));
        let node = node.expect("the defaults are in order");
        problems.push(Problem::at(
            node.place.clone(),
            format!("`model.init.low` must be below `high`: {low} and {high}"),
            "weights are drawn from low to high",
        ));
        return None;
    }
    Some(scheme)
}

/// Explicit initial numbers, in the shapes of the layers.
fn explicit(
    weights: &Node,
    biases: Option<&Node>,
    layers: &[usize],
    problems: &mut Problems,
) -> Option<Init> {
    let before = problems.len();
    let after = layers.len() - 1;
    let matrices = weights.as_array().expect("the check has seen a list");
    check_count(
        weights,
        matrices.len(),
        after,
        "model.init.weights",
        "matrix",
        problems,
    );
    for (index, (matrix, pair)) in matrices.iter().zip(layers.windows(2)).enumerate() {
        let name = format!("model.init.weights[{index}]");
        let rows = matrix.as_array().expect("the check has seen a list");
        let columns = |row: &Node| row.as_array().map_or(0, <[Node]>::len);
        let shape = (rows.len(), columns(&rows[0]));
        if pair[0] != pair[1]
            && shape == (pair[0], pair[1])
            && rows.iter().all(|row| columns(row) == pair[1])
        {
            problems.push(Problem::at(
                matrix.place.clone(),
                format!(
                    "`{name}` has {} of {}, but layer {} needs {} of {}",
                    counted(pair[0], "row"),
                    counted(pair[1], "number"),
                    index + 1,
                    counted(pair[1], "row"),
                    pair[0]
                ),
                "swap its rows and columns: a row per node of this layer",
            ));
            continue;
        }
        if rows.len() != pair[1] {
            problems.push(Problem::at(
                matrix.place.clone(),
                format!(
                    "`{name}` has {}, but layer {} has {}",
                    counted(rows.len(), "row"),
                    index + 1,
                    counted(pair[1], "node")
                ),
                "a row per node of the layer, a column per node of the layer before",
            ));
        }
        if let Some(row) = rows.iter().find(|row| columns(row) != pair[0]) {
            problems.push(Problem::at(
                row.place.clone(),
                format!(
                    "a row of `{name}` has {}, but the layer before has {}",
                    counted(columns(row), "number"),
                    counted(pair[0], "node")
                ),
                format!("{} expected", pair[0]),
            ));
        }
    }
    if let Some(biases) = biases {
        let vectors = biases.as_array().expect("the check has seen a list");
        check_count(
            biases,
            vectors.len(),
            after,
            "model.init.biases",
            "vector",
            problems,
        );
        for (index, (vector, &nodes)) in vectors.iter().zip(&layers[1..]).enumerate() {
            let found = vector.as_array().map_or(0, <[Node]>::len);
            if found != nodes {
                problems.push(Problem::at(
                    vector.place.clone(),
                    format!(
                        "`model.init.biases[{index}]` has {}, but layer {} has {}",
                        counted(found, "number"),
                        index + 1,
                        counted(nodes, "node")
                    ),
                    format!("{nodes} expected"),
                ));
            }
        }
    }
    if problems.len() > before {
        return None;
    }
    let rows = |matrix: &Node| -> Vec<Vec<f64>> {
        let rows = matrix.as_array().expect("the check has seen a list");
        rows.iter().map(numbers).collect()
    };
    Some(Init::Explicit {
        weights: matrices.iter().map(rows).collect(),
        biases: match biases {
            Some(biases) => rows(biases),
            None => layers[1..].iter().map(|&nodes| vec![0.0; nodes]).collect(),
        },
    })
}

/// Refuses a list unless it has one item for each layer after the input.
fn check_count(
    node: &Node,
    found: usize,
    after: usize,
    name: &str,
    noun: &str,
    problems: &mut Problems,
) {
    if found != after {
        let found = match (found, noun) {
            (1, noun) => format!("1 {noun}"),
            (n, "matrix") => format!("{n} matrices"),
            (n, noun) => format!("{n} {noun}s"),
        };
        let layers = if after == 1 {
            "is 1 layer".to_owned()
        } else {
            format!("are {after} layers")
        };
        problems.push(Problem::at(
            node.place.clone(),
            format!("`{name}` has {found}, but there {layers} after the input"),
            format!("one {noun} per layer after the input"),
        ));
    }
}

/// The weights and biases of a stored model, which must have these layers.
fn stored(path: &Path, layers: &[usize]) -> Result<Init, Problem> {
    let shown = path.display();
    let said = |fault| {
        Problem::new(match fault {
            Fault::NotSafetensors(cause) => format!("{shown} is not a safetensors file: {cause}"),
            Fault::Changed => format!("{shown} was damaged or changed: its digest is another"),
            Fault::Missing(name) => {
                format!("{shown} has no tensor `{name}`: it is no model of this program")
            }
            Fault::Shape {
                name,
                found,
                expected,
            } => format!(
                "`{name}` in {shown} has the shape {found:?}, `model.layers` asks for {expected:?}"
            ),
            Fault::NumberType { name, found } => format!(
                "`{name}` in {shown} holds numbers of type {found:?}; F32 and F64 can be read"
            ),
        })
    };
    let bytes = data::file_bytes(path)
        .map_err(|cause| Problem::new(format!("cannot read {shown}: {}", reason(&cause))))?;
    let file = Stored::open(&bytes).map_err(said)?;
    let count = file.layers_after_the_input();
    if count != layers.len() - 1 {
        return Err(Problem::new(format!(
            "the model in {shown} has {} after the input, `model.layers` has {}",
            counted(count, "layer"),
            layers.len() - 1
        )));
    }
    let parameters = file.parameters(layers).map_err(said)?;
    for (index, numbers) in parameters.slices().enumerate() {
        if numbers.iter().any(|number| !number.is_finite()) {
            let kind = ["weight", "bias"][index % 2];
            return Err(Problem::new(format!(
                "`layers.{}.{kind}` in {shown} holds a number that is not finite",
                index / 2
            )));
        }
    }
    let rows = |matrix: &Array2<f64>| matrix.outer_iter().map(|row| row.to_vec()).collect();
    Ok(Init::Explicit {
        weights: parameters.weights.iter().map(rows).collect(),
        biases: parameters
            .biases
            .iter()
            .map(|biases| biases.to_vec())
            .collect(),
    })
}
