//! Models as ONNX files, for every runtime that reads the format.
//!
//! The graph takes `features` (samples, inputs): the columns before the program's own scaling, which
//! is part of the graph, as are inputs computed from two columns. Targets that were scaled come out in
//! their own units; dropout is no part of a prediction. It gives `predictions` (samples,
//! outputs), and `probabilities` where the loss works on logits. Operator set 17; activations that
//! have no operator for both precisions are composed of elementary ones. The metadata says what the
//! inputs and outputs mean.

use std::path::{Path, PathBuf};

use prost::Message;

use super::protobuf::{
    AttributeProto, Dimension, Extent, GraphProto, ModelProto, NodeProto, OperatorSet, StringEntry,
    TensorProto, TensorShape, TensorType, TypeProto, ValueInfo,
};
use crate::model::{self, Model};
use crate::record::whole_file::write_whole;
use data::Derived;
use engine::types::{Activation, Loss, Precision};
use engine::words::activation::{GELU_CUBE, LEAK, SELU_ALPHA, SELU_SCALE};
use problems::Error;

/// The version of the file format that goes with the operators.
const IR_VERSION: i64 = 8;
/// The operators' version.
const OPERATORS: i64 = 17;

/// The format's numbers for types.
const FLOAT: i32 = 1;
const INT64: i32 = 7;
const DOUBLE: i32 = 11;
/// The format's number for an attribute that is a whole number.
const INT_ATTRIBUTE: i32 = 2;

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
    let mut graph = Graph::new(model.precision);
    let preparation = &model.preparation;
    let layers = &model.architecture.layers;
    let features = layers[0] - preparation.derive.len();

    let mut value = graph.derive("features".to_owned(), &preparation.derive);
    if !preparation.scaling.is_empty() {
        let offsets: Vec<f64> = preparation.scaling.iter().map(|s| s.offset).collect();
        let divisors: Vec<f64> = preparation.scaling.iter().map(|s| s.divisor).collect();
        let offsets = graph.constant("scaling.offset", &[layers[0]], &offsets);
        let divisors = graph.constant("scaling.divisor", &[layers[0]], &divisors);
        let shifted = graph.node("Sub", &[&value, &offsets]);
        value = graph.node("Div", &[&shifted, &divisors]);
    }
    let parameters = &model.parameters;
    for (layer, &activation) in model.architecture.activations.iter().enumerate() {
        let numbers: Vec<f64> = parameters.weights[layer].iter().copied().collect();
        let shape = [layers[layer + 1], layers[layer]];
        let weights = graph.constant(&format!("layers.{layer}.weight"), &shape, &numbers);
        let numbers: Vec<f64> = parameters.biases[layer].iter().copied().collect();
        let biases = graph.constant(&format!("layers.{layer}.bias"), &shape[..1], &numbers);
        // u = x Wᵀ + b
        let sums = graph.node_with("Gemm", &[&value, &weights, &biases], &[("transB", 1)]);
        value = graph.activation(activation, sums);
    }
    if !preparation.target_scaling.is_empty() {
        let targets = [*layers.last().expect("a network has an output layer")];
        let scaling = &preparation.target_scaling;
        let offsets: Vec<f64> = scaling.iter().map(|s| s.offset).collect();
        let divisors: Vec<f64> = scaling.iter().map(|s| s.divisor).collect();
        let offsets = graph.constant("target_scaling.offset", &targets, &offsets);
        let divisors = graph.constant("target_scaling.divisor", &targets, &divisors);
        let wide = graph.node("Mul", &[&value, &divisors]);
        value = graph.node("Add", &[&wide, &offsets]);
    }
    graph.name_output("Identity", &value, "predictions", &[]);
    let mut outputs = vec!["predictions"];
    match model.loss {
        Loss::Bce => graph.name_output("Sigmoid", &value, "probabilities", &[]),
        Loss::CrossEntropy => {
            graph.name_output("Softmax", &value, "probabilities", &[("axis", -1)]);
        }
        _ => {}
    }
    if matches!(model.loss, Loss::Bce | Loss::CrossEntropy) {
        outputs.push("probabilities");
    }

    let last = *layers.last().expect("a network has an output layer");
    let entry = |key: &str, value: String| StringEntry {
        key: key.to_owned(),
        value,
    };
    let words = |words: &[String]| words.join(",");
    let graph_proto = GraphProto {
        name: name.to_owned(),
        doc_string: String::new(),
        input: vec![graph.value_info("features", features)],
        output: outputs
            .iter()
            .map(|output| graph.value_info(output, last))
            .collect(),
        node: graph.nodes,
        initializer: graph.constants,
    };
    let model = ModelProto {
        ir_version: IR_VERSION,
        producer_name: "runner".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        graph: Some(graph_proto),
        opset_import: vec![OperatorSet {
            domain: String::new(),
            version: OPERATORS,
        }],
        metadata_props: vec![
            entry(
                "features",
                words(&preparation.features[..features.min(preparation.features.len())]),
            ),
            entry("targets", words(&preparation.targets)),
            entry("classes", words(&preparation.classes)),
        ],
    };
    model.encode_to_vec()
}

/// A graph in the making: each node's output is named by its number.
struct Graph {
    precision: Precision,
    nodes: Vec<NodeProto>,
    constants: Vec<TensorProto>,
}

impl Graph {
    fn new(precision: Precision) -> Self {
        Self {
            precision,
            nodes: Vec::new(),
            constants: Vec::new(),
        }
    }

    fn number_type(&self) -> i32 {
        match self.precision {
            Precision::F32 => FLOAT,
            Precision::F64 => DOUBLE,
        }
    }

    fn value_info(&self, name: &str, columns: usize) -> ValueInfo {
        let dimension = |extent| Dimension {
            extent: Some(extent),
        };
        let shape = TensorShape {
            dim: vec![
                dimension(Extent::Name("samples".to_owned())),
                dimension(Extent::Value(columns as i64)),
            ],
        };
        ValueInfo {
            name: name.to_owned(),
            kind: Some(TypeProto {
                tensor_type: Some(TensorType {
                    elem_type: self.number_type(),
                    shape: Some(shape),
                }),
            }),
            doc_string: String::new(),
        }
    }

    /// A tensor of numbers of the model's precision; returns its name.
    fn constant(&mut self, name: &str, shape: &[usize], values: &[f64]) -> String {
        let raw_data = match self.precision {
            Precision::F32 => values
                .iter()
                .flat_map(|&v| (v as f32).to_le_bytes())
                .collect(),
            Precision::F64 => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        };
        self.constants.push(TensorProto {
            dims: shape.iter().map(|&extent| extent as i64).collect(),
            data_type: self.number_type(),
            name: name.to_owned(),
            raw_data,
        });
        name.to_owned()
    }

    /// A number; each once.
    fn number(&mut self, value: f64) -> String {
        let name = format!("number.{value}");
        if self.constants.iter().all(|constant| constant.name != name) {
            self.constant(&name, &[], &[value]);
        }
        name
    }

    fn node(&mut self, operator: &str, inputs: &[&str]) -> String {
        self.node_with(operator, inputs, &[])
    }

    fn node_with(&mut self, operator: &str, inputs: &[&str], attributes: &[(&str, i64)]) -> String {
        let output = format!("value.{}", self.nodes.len());
        self.push(operator, inputs, &output, attributes);
        output
    }

    fn name_output(
        &mut self,
        operator: &str,
        input: &str,
        output: &str,
        attributes: &[(&str, i64)],
    ) {
        self.push(operator, &[input], output, attributes);
    }

    fn push(&mut self, operator: &str, inputs: &[&str], output: &str, attributes: &[(&str, i64)]) {
        let attribute = attributes.iter().map(|&(name, i)| AttributeProto {
            name: name.to_owned(),
            i,
            kind: INT_ATTRIBUTE,
        });
        self.nodes.push(NodeProto {
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![output.to_owned()],
            name: format!("{operator}.{}", self.nodes.len()),
            op_type: operator.to_owned(),
            attribute: attribute.collect(),
        });
    }

    /// Appends the inputs computed from the first two columns.
    fn derive(&mut self, features: String, derive: &[Derived]) -> String {
        if derive.is_empty() {
            return features;
        }
        let [x1, x2] = [0i64, 1].map(|column| {
            let name = format!("column.{column}");
            self.constants.push(TensorProto {
                dims: vec![1],
                data_type: INT64,
                name: name.clone(),
                raw_data: column.to_le_bytes().to_vec(),
            });
            self.node_with("Gather", &[&features, &name], &[("axis", 1)])
        });
        let mut columns = vec![features];
        for derived in derive {
            columns.push(match derived {
                Derived::X1Squared => self.node("Mul", &[&x1, &x1]),
                Derived::X2Squared => self.node("Mul", &[&x2, &x2]),
                Derived::Product => self.node("Mul", &[&x1, &x2]),
                Derived::SinX1 => self.node("Sin", &[&x1]),
                Derived::SinX2 => self.node("Sin", &[&x2]),
            });
        }
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        self.node_with("Concat", &columns, &[("axis", 1)])
    }

    /// z = f(u).
    fn activation(&mut self, activation: Activation, u: String) -> String {
        let u = u.as_str();
        match activation {
            Activation::Identity => u.to_owned(),
            Activation::Sigmoid => self.node("Sigmoid", &[u]),
            Activation::Tanh => self.node("Tanh", &[u]),
            Activation::Relu => self.node("Relu", &[u]),
            Activation::LeakyRelu => {
                let slope = self.number(LEAK);
                let below = self.node("Mul", &[u, &slope]);
                self.node("Max", &[u, &below])
            }
            Activation::Elu => self.exponential_unit(u),
            Activation::Selu => {
                // λ max(0, u) + λ α (e^min(0, u) − 1) (Klambauer et al. 2017).
                let (scale, alpha) = (SELU_SCALE, SELU_ALPHA);
                let above = self.node("Relu", &[u]);
                let (scale, product) = (self.number(scale), self.number(scale * alpha));
                let above = self.node("Mul", &[&above, &scale]);
                let below = self.negative_part(u);
                let below = self.node("Mul", &[&below, &product]);
                self.node("Add", &[&above, &below])
            }
            Activation::Gelu => {
                // u (1 + erf(u / √2)) / 2
                let (half, one) = (self.number(0.5), self.number(1.0));
                let root = self.number(std::f64::consts::FRAC_1_SQRT_2);
                let scaled = self.node("Mul", &[u, &root]);
                let erf = self.erf(&scaled);
                let sum = self.node("Add", &[&erf, &one]);
                let product = self.node("Mul", &[u, &sum]);
                self.node("Mul", &[&product, &half])
            }
            Activation::GeluTanh => {
                // u (1 + tanh(√(2/π) (u + 0.044715 u³))) / 2
                let (half, one, cube) =
                    (self.number(0.5), self.number(1.0), self.number(GELU_CUBE));
                let root = self.number((2.0 / std::f64::consts::PI).sqrt());
                let square = self.node("Mul", &[u, u]);
                let inner = self.node("Mul", &[&square, &cube]);
                let inner = self.node("Add", &[&inner, &one]);
                let inner = self.node("Mul", &[&inner, u]);
                let inner = self.node("Mul", &[&inner, &root]);
                let tanh = self.node("Tanh", &[&inner]);
                let sum = self.node("Add", &[&tanh, &one]);
                let product = self.node("Mul", &[u, &sum]);
                self.node("Mul", &[&product, &half])
            }
            Activation::Silu => {
                let sigmoid = self.node("Sigmoid", &[u]);
                self.node("Mul", &[u, &sigmoid])
            }
            Activation::Softplus => self.softplus(u),
            Activation::HardSigmoid => {
                let (slope, half) = (self.number(1.0 / 6.0), self.number(0.5));
                let line = self.node("Mul", &[u, &slope]);
                let line = self.node("Add", &[&line, &half]);
                let (low, high) = (self.number(0.0), self.number(1.0));
                self.node("Clip", &[&line, &low, &high])
            }
            Activation::Mish => {
                let softplus = self.softplus(u);
                let tanh = self.node("Tanh", &[&softplus]);
                self.node("Mul", &[u, &tanh])
            }
        }
    }

    /// max(0, u) + (e^min(0, u) − 1).
    fn exponential_unit(&mut self, u: &str) -> String {
        let above = self.node("Relu", &[u]);
        let below = self.negative_part(u);
        self.node("Add", &[&above, &below])
    }

    /// e^min(0, u) − 1.
    fn negative_part(&mut self, u: &str) -> String {
        let (zero, one) = (self.number(0.0), self.number(1.0));
        let negative = self.node("Min", &[u, &zero]);
        let power = self.node("Exp", &[&negative]);
        self.node("Sub", &[&power, &one])
    }

    /// max(0, u) + ln(1 + e^−|u|).
    fn softplus(&mut self, u: &str) -> String {
        let one = self.number(1.0);
        let above = self.node("Relu", &[u]);
        let size = self.node("Abs", &[u]);
        let negative = self.node("Neg", &[&size]);
        let power = self.node("Exp", &[&negative]);
        let sum = self.node("Add", &[&power, &one]);
        let logarithm = self.node("Log", &[&sum]);
        self.node("Add", &[&above, &logarithm])
    }

    /// The error function; in single precision, which is what runtimes have.
    fn erf(&mut self, u: &str) -> String {
        match self.precision {
            Precision::F32 => self.node("Erf", &[u]),
            Precision::F64 => {
                let single = self.node_with("Cast", &[u], &[("to", FLOAT.into())]);
                let erf = self.node("Erf", &[&single]);
                self.node_with("Cast", &[&erf], &[("to", DOUBLE.into())])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::{Preparation, Scaling};
    use engine::types::{Architecture, Parameters};

    // That runtimes compute the right numbers is shown by tests/export/check.py.
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
        };
        let proto = ModelProto::decode(&bytes(&model, "m")[..]).expect("it was encoded");
        let graph = proto.graph.expect("there is a graph");
        let operators: Vec<&str> = graph
            .node
            .iter()
            .map(|node| node.op_type.as_str())
            .collect();
        let expected = ["Sub", "Div", "Gemm", "Tanh", "Gemm", "Identity", "Sigmoid"];
        assert_eq!(operators, expected);
        // Every input of a node is the graph's, a constant, or an earlier node's output.
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
        assert_eq!((&weights.dims[..], weights.data_type), (&[3, 2][..], FLOAT));
        let numbers: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_le_bytes()).collect();
        assert_eq!(weights.raw_data, numbers);
        assert_eq!(tensor("layers.1.bias").raw_data, 12f32.to_le_bytes());
    }
}
