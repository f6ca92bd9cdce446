//! Models as ONNX files, for every runtime that reads the format.
//!
//! The input of the graph is `features` (samples, inputs): the numbers of the columns as the table
//! has them; categories are coded as one column each of 0 and 1. The fills for missing numbers
//! (NaN), the inputs computed from two columns and the scaling are part of the graph. They are
//! computed in double precision, as the program does it, and then rounded to the network's
//! precision. So `features` is double if there is one of these steps, else it has the network's
//! precision. Scaled targets are given in their own units, in double precision; dropout is not part
//! of a prediction. The outputs of the graph are `predictions` (samples, outputs), and
//! `probabilities` if the loss takes logits. The operator set is 17. The metadata describe inputs
//! and outputs as JSON: `features`, `targets` and `classes` are lists of names, and `columns` has
//! the categories of each column of the table.

use std::path::{Path, PathBuf};

use prost::Message;
use serde::Serialize;

use self::activation::Activations;
use self::graph::{Element, Graph, value_info};
use super::protobuf::{GraphProto, ModelProto, OperatorSet, StringEntry};
use crate::model::{self, Model};
use crate::record::whole_file::write_whole;
use data::{Column, Derived, Preparation, Scaling};
use engine::types::Loss;
use problems::Error;

mod activation;
mod graph;

/// The version of the file format that belongs to the operators.
const IR_VERSION: i64 = 8;
/// The version of the operators.
const OPERATORS: i64 = 17;

/// The name of the producer in ONNX files.
const PRODUCER: &str = "runner";

/// Whether a file names this program as its producer.
pub(super) fn is_own(bytes: &[u8]) -> bool {
    let model = ModelProto::decode(bytes);
    model.is_ok_and(|model| model.producer_name == PRODUCER)
}

/// Writes each model of the results as `<key>.onnx`.
pub(super) fn export(directory: &Path, out: &Path) -> Result<Vec<PathBuf>, Error> {
    let models = directory.join("models");
    let mut paths: Vec<PathBuf> = match std::fs::read_dir(&models) {
        Ok(entries) => entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()
            .map_err(Error::file("cannot read", &models))?,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(cause) => return Err(Error::file("cannot read", &models)(cause)),
    };
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "safetensors")
    });
    paths.sort();
    if paths.is_empty() {
        return Err(Error::Other(format!(
            "{} keeps no models: run the experiment with --set 'output.models=\"best\"'",
            directory.display()
        )));
    }
    let mut written = Vec::new();
    for path in paths {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let file = out.join(format!("{name}.onnx"));
        write_whole(&file, &bytes(&model::read(&path)?, &name))?;
        written.push(file);
    }
    Ok(written)
}

/// The bytes of an ONNX file of this model.
pub fn bytes(model: &Model, name: &str) -> Vec<u8> {
    let mut graph = Graph::default();
    let preparation = &model.preparation;
    let layers = &model.architecture.layers;
    let features = layers[0] - preparation.derive.len();
    let network = Element::of(model.precision);
    let input = match is_prepared(preparation) {
        true => Element::Double,
        false => network,
    };

    let value = prepare(&mut graph, preparation, features);
    let mut value = graph.cast(value, input, network);
    let parameters = &model.parameters;
    for (layer, &activation) in model.architecture.activations.iter().enumerate() {
        let numbers: Vec<f64> = parameters.weights[layer].iter().copied().collect();
        let shape = [layers[layer + 1], layers[layer]];
        let weights = graph.constant(&format!("layers.{layer}.weight"), network, &shape, &numbers);
        let numbers: Vec<f64> = parameters.biases[layer].iter().copied().collect();
        let name = format!("layers.{layer}.bias");
        let biases = graph.constant(&name, network, &shape[..1], &numbers);
        // u = x Wᵀ + b
        let sums = graph.node_with("Gemm", &[&value, &weights, &biases], &[("transB", 1)]);
        let mut activations = Activations {
            graph: &mut graph,
            element: network,
        };
        value = activations.apply(activation, &sums);
    }
    let mut output = network;
    if !preparation.target_scaling.is_empty() {
        output = Element::Double;
        let wide = graph.cast(value, network, output);
        let [offsets, divisors] =
            scaling(&mut graph, "target_scaling", &preparation.target_scaling);
        let wide = graph.node("Mul", &[&wide, &divisors]);
        value = graph.node("Add", &[&wide, &offsets]);
    }
    let last = *layers.last().expect("a network has an output layer");
    let (meaning, probabilities) = match model.loss {
        Loss::Bce => ("logits", Some(("Sigmoid", &[][..]))),
        Loss::CrossEntropy => ("logits", Some(("Softmax", &[("axis", -1)][..]))),
        _ => ("numbers, in the targets' units", None),
    };
    graph.push("Identity", &[&value], "predictions", &[]);
    let mut outputs = vec![value_info("predictions", output, last, meaning)];
    if let Some((operator, attributes)) = probabilities {
        graph.push(operator, &[&value], "probabilities", attributes);
        let meaning = "the probability of each class, or of the second of two";
        outputs.push(value_info("probabilities", output, last, meaning));
    }
    let meaning = "the table's columns before scaling, in the order of the metadata's `features`";
    let graph_proto = GraphProto {
        name: name.to_owned(),
        doc_string: String::new(),
        input: vec![value_info("features", input, features, meaning)],
        output: outputs,
        node: graph.nodes,
        initializer: graph.constants,
    };
    let model = ModelProto {
        ir_version: IR_VERSION,
        producer_name: PRODUCER.to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        graph: Some(graph_proto),
        opset_import: vec![OperatorSet {
            domain: String::new(),
            version: OPERATORS,
        }],
        metadata_props: metadata(preparation, features),
    };
    model.encode_to_vec()
}

/// The meaning of the columns of inputs and outputs, each as JSON.
fn metadata(preparation: &Preparation, features: usize) -> Vec<StringEntry> {
    #[derive(Serialize)]
    struct Categories<'a> {
        name: &'a str,
        categories: &'a [String],
    }
    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).expect("lists of texts have a JSON text")
    }
    let names = &preparation.features;
    let columns: Vec<Categories> = (preparation.columns.iter())
        .map(
            |Column {
                 name, categories, ..
             }| Categories { name, categories },
        )
        .collect();
    let entries = [
        ("features", json(&&names[..features.min(names.len())])),
        ("targets", json(&preparation.targets)),
        ("classes", json(&preparation.classes)),
        ("columns", json(&columns)),
    ];
    entries
        .map(|(key, value)| StringEntry {
            key: key.to_owned(),
            value,
        })
        .into()
}

/// The number that fills a missing cell of each input, one for each column of `features`; NaN if
/// the cell stays missing.
fn fills(preparation: &Preparation) -> Vec<f64> {
    let columns = preparation.columns.iter();
    let inputs = columns.map(|column| (column.fill, column.categories.len().max(1)));
    inputs
        .flat_map(|(fill, inputs)| std::iter::repeat_n(fill.unwrap_or(f64::NAN), inputs))
        .collect()
}

/// Whether the graph has steps before the network.
fn is_prepared(preparation: &Preparation) -> bool {
    !preparation.derive.is_empty()
        || !preparation.scaling.is_empty()
        || preparation
            .columns
            .iter()
            .any(|column| column.fill.is_some())
}

/// The network's inputs from `features`, in double precision if there are steps before the network.
fn prepare(graph: &mut Graph, preparation: &Preparation, features: usize) -> String {
    let mut value = "features".to_owned();
    let fills = fills(preparation);
    if fills.iter().any(|fill| !fill.is_nan()) {
        let fills = graph.constant("fill", Element::Double, &[features], &fills);
        let missing = graph.node("IsNaN", &[&value]);
        value = graph.node("Where", &[&missing, &fills, &value]);
    }
    value = derive(graph, value, &preparation.derive);
    if !preparation.scaling.is_empty() {
        let [offsets, divisors] = scaling(graph, "scaling", &preparation.scaling);
        let shifted = graph.node("Sub", &[&value, &offsets]);
        value = graph.node("Div", &[&shifted, &divisors]);
    }
    value
}

/// The constants of a scaling: the offsets and the divisors.
fn scaling(graph: &mut Graph, name: &str, scaling: &[Scaling]) -> [String; 2] {
    let offsets: Vec<f64> = scaling.iter().map(|s| s.offset).collect();
    let divisors: Vec<f64> = scaling.iter().map(|s| s.divisor).collect();
    [("offset", offsets), ("divisor", divisors)].map(|(part, values)| {
        let name = format!("{name}.{part}");
        graph.constant(&name, Element::Double, &[values.len()], &values)
    })
}

/// Appends the inputs computed from the first two columns.
fn derive(graph: &mut Graph, features: String, derive: &[Derived]) -> String {
    if derive.is_empty() {
        return features;
    }
    let [x1, x2] = [0.0, 1.0].map(|column| {
        let name = format!("column.{column}");
        let index = graph.constant(&name, Element::Integer, &[1], &[column]);
        graph.node_with("Gather", &[&features, &index], &[("axis", 1)])
    });
    let mut columns = vec![features];
    for derived in derive {
        columns.push(match derived {
            Derived::X1Squared => graph.node("Mul", &[&x1, &x1]),
            Derived::X2Squared => graph.node("Mul", &[&x2, &x2]),
            Derived::Product => graph.node("Mul", &[&x1, &x2]),
            Derived::SinX1 => graph.node("Sin", &[&x1]),
            Derived::SinX2 => graph.node("Sin", &[&x2]),
        });
    }
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    graph.node_with("Concat", &columns, &[("axis", 1)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Training;
    use data::{Preparation, Scaling};
    use engine::types::{Activation, Architecture, Parameters, Precision};

    // tests/export/check.py shows that runtimes compute the right numbers.
    #[test]
    fn scaled_targets_come_out_in_their_own_units() {
        let scaling = Scaling {
            offset: 5.0,
            divisor: 2.0,
        };
        let model = Model {
            architecture: Architecture {
                layers: vec![2, 1],
                activations: vec![Activation::Identity],
            },
            preparation: Preparation {
                target_scaling: vec![scaling],
                ..Preparation::default()
            },
            loss: Loss::HalfMse,
            precision: Precision::F64,
            parameters: Parameters::zeros(&[2, 1]),
            training: Training::default(),
        };
        let proto = ModelProto::decode(&bytes(&model, "m")[..]).expect("it was encoded");
        let graph = proto.graph.expect("there is a graph");
        let operators = graph.node.iter().map(|node| node.op_type.as_str());
        assert!(operators.eq(["Gemm", "Mul", "Add", "Identity"]));
        let divisor = &graph.node[1].input[1];
        let constant = |name: &String| {
            let constants = &mut graph.initializer.iter();
            constants.find(|constant| constant.name == *name)
        };
        let bytes = &constant(divisor).expect("it is there").raw_data;
        assert_eq!(bytes[..], 2.0f64.to_le_bytes());
    }

    #[test]
    fn a_model_becomes_its_layers_in_order_with_its_numbers() {
        let mut parameters = Parameters::zeros(&[2, 3, 1]);
        let numbers = parameters.slices_mut().flatten();
        numbers
            .zip(0..)
            .for_each(|(value, i)| *value = f64::from(i));
        let scaling = Scaling {
            offset: 1.0,
            divisor: 2.0,
        };
        let model = Model {
            architecture: Architecture {
                layers: vec![2, 3, 1],
                activations: vec![Activation::Tanh, Activation::Identity],
            },
            preparation: Preparation {
                scaling: vec![scaling; 2],
                ..Preparation::default()
            },
            loss: Loss::Bce,
            precision: Precision::F32,
            parameters,
            training: Training::default(),
        };
        let proto = ModelProto::decode(&bytes(&model, "m")[..]).expect("it was encoded");
        let graph = proto.graph.expect("there is a graph");
        let operators: Vec<&str> = graph
            .node
            .iter()
            .map(|node| node.op_type.as_str())
            .collect();
        let expected = [
            "Sub", "Div", "Cast", "Gemm", "Tanh", "Gemm", "Identity", "Sigmoid",
        ];
        assert_eq!(operators, expected);
        // Every input of a node is an input of the graph, a constant, or the output of an earlier
        // node.
        let mut known: Vec<&String> = graph.input.iter().map(|input| &input.name).collect();
        known.extend(graph.initializer.iter().map(|constant| &constant.name));
        for node in &graph.node {
            assert!(node.input.iter().all(|input| known.contains(&input)));
            known.extend(&node.output);
        }
        for output in &graph.output {
            assert!(known.contains(&&output.name));
        }
        let tensor = |name: &str| {
            let tensor = graph.initializer.iter().find(|tensor| tensor.name == name);
            tensor.expect("it is there")
        };
        let weights = tensor("layers.0.weight");
        assert_eq!(
            (&weights.dims[..], weights.data_type),
            (&[3, 2][..], Element::Float.number())
        );
        let numbers: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_le_bytes()).collect();
        assert_eq!(weights.raw_data, numbers);
        assert_eq!(tensor("layers.1.bias").raw_data, 12f32.to_le_bytes());
    }
}
