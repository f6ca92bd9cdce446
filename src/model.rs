//! Stored models: the reader and the writer of trained networks as safetensors files, which PyTorch
//! users can read.
//!
//! The tensors are `layers.0.weight` (nodes, inputs), `layers.0.bias` (nodes), `layers.1.weight`, …
//! in the precision of the training. The metadata have all else that a prediction needs, as texts:
//! `architecture` and `preparation` (JSON), `loss`, `precision`, `key` and `runner`; and `digest`,
//! the SHA-256 of these and of the numbers, which shows damage or changes. The bytes depend on the
//! model alone: the keys of the metadata are sorted, and the tensors are in the order of the
//! layers.
//!
//! A file of another program, with these tensors and without the metadata, can be a start for
//! training: [`Stored`] reads any such file, [`parse`] a whole [`Model`].

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

use ndarray::Array2;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::digest::hexadecimal;
use data::Preparation;
use engine::types::{Architecture, Loss, Parameters, Precision};
use problems::Error;

/// A trained network with all that a prediction needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Nodes and activations.
    pub architecture: Architecture,
    /// The preparation of raw data, and the meaning of the outputs.
    pub preparation: Preparation,
    /// The loss of the training, which determines the meaning of the outputs.
    pub loss: Loss,
    /// The precision in which it was computed.
    pub precision: Precision,
    /// Weights and biases; f64 holds every f32 exactly.
    pub parameters: Parameters,
    /// Facts about the training that matter to a user of the model.
    pub training: Training,
}

/// Facts about a training that matter to a user of the model. Settings with their defaults are not
/// in the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Training {
    /// The weight of each class in the loss, in the order of the classes; empty if all samples had
    /// the same weight.
    pub class_weights: Vec<f64>,
    /// The index of the positive class, to which precision, recall and f1 of two classes refer, if
    /// it is not the second.
    pub positive: Option<usize>,
    /// The share of each hidden layer's outputs that was dropped in training; empty if nothing was
    /// dropped.
    pub dropout: Vec<f64>,
}

impl Training {
    /// The entries in the metadata.
    fn entries(&self) -> impl Iterator<Item = (&'static str, String)> {
        let list = |name, values: &Vec<f64>| (!values.is_empty()).then(|| (name, text(values)));
        let positive = self.positive.map(|index| ("positive", index.to_string()));
        let lists = [
            list("class_weights", &self.class_weights),
            list("dropout", &self.dropout),
        ];
        lists.into_iter().chain([positive]).flatten()
    }

    /// Reads the entries in the metadata. The error has the name of an unreadable entry, and the
    /// cause.
    fn read(metadata: &HashMap<String, String>) -> Result<Self, (&'static str, serde_json::Error)> {
        let list = |name: &'static str| -> Result<Vec<f64>, (&'static str, serde_json::Error)> {
            let entry = metadata.get(name).map_or("[]", String::as_str);
            serde_json::from_str(entry).map_err(|cause| (name, cause))
        };
        let positive = metadata
            .get("positive")
            .map(|entry| serde_json::from_str(entry));
        Ok(Self {
            class_weights: list("class_weights")?,
            positive: positive.transpose().map_err(|cause| ("positive", cause))?,
            dropout: list("dropout")?,
        })
    }
}

/// The alignment of the header, so that the numbers can be used in place.
const ALIGNMENT: usize = 8;

/// The names of the entries in the metadata, beside the digest.
const ENTRIES: [&str; 9] = [
    "architecture",
    "class_weights",
    "dropout",
    "key",
    "loss",
    "positive",
    "precision",
    "preparation",
    "runner",
];

/// The bytes of a model file; `key` is that of the run that trained the model.
pub fn bytes(model: &Model, key: &str) -> Vec<u8> {
    let (dtype, width) = match model.precision {
        Precision::F32 => ("F32", 4),
        Precision::F64 => ("F64", 8),
    };
    let mut data = Vec::new();
    for &value in model.parameters.slices().flatten() {
        match model.precision {
            Precision::F32 => data.extend((value as f32).to_le_bytes()),
            Precision::F64 => data.extend(value.to_le_bytes()),
        }
    }
    let mut metadata = BTreeMap::from([
        ("architecture", text(&model.architecture)),
        ("key", key.to_owned()),
        ("loss", word(&model.loss)),
        ("precision", word(&model.precision)),
        ("preparation", text(&model.preparation)),
        ("runner", env!("CARGO_PKG_VERSION").to_owned()),
    ]);
    metadata.extend(model.training.entries());
    debug_assert!(metadata.keys().all(|name| ENTRIES.contains(name)));
    let entries = metadata.iter().map(|(name, value)| (*name, value.as_str()));
    let digest = digest(entries, &data);
    metadata.insert("digest", digest);
    // The format leaves the order of the header's entries open; here they are in the order of the
    // layers.
    let mut header = format!("{{\"__metadata__\":{}", text(&metadata));
    let mut start = 0;
    let parameters = &model.parameters;
    for (layer, (weights, biases)) in parameters
        .weights
        .iter()
        .zip(&parameters.biases)
        .enumerate()
    {
        for (name, shape, count) in [
            ("weight", json!(weights.shape()), weights.len()),
            ("bias", json!(biases.shape()), biases.len()),
        ] {
            let end = start + count * width;
            header += &format!(
                ",\"layers.{layer}.{name}\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":[{start},{end}]}}"
            );
            start = end;
        }
    }
    header.push('}');
    while !header.len().is_multiple_of(ALIGNMENT) {
        header.push(' ');
    }
    let mut bytes = Vec::with_capacity(8 + header.len() + data.len());
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

/// The SHA-256 of the metadata's entries, sorted by name, each text with its length before it, and
/// of the tensors' bytes.
fn digest<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>, data: &[u8]) -> String {
    let mut digest = Sha256::new();
    for text in entries.flat_map(|(name, value)| [name, value]) {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    }
    digest.update(data);
    hexadecimal(&digest.finalize())
}

/// Reads a model file.
///
/// # Errors
/// If the file cannot be read, or is not a model of this program.
pub fn read(path: &Path) -> Result<Model, Error> {
    Ok(read_with_key(path)?.0)
}

/// Reads the model file of the run with this key.
///
/// # Errors
/// If the file cannot be read, is not a model of this program, or is the model of another run.
pub fn read_of(path: &Path, key: &str) -> Result<Model, Error> {
    match read_with_key(path)? {
        (model, Some(said)) if said == key => Ok(model),
        _ => Err(Error::Other(format!(
            "{} is the model of another run",
            path.display()
        ))),
    }
}

/// Reads a model file, and the key of the run that trained the model.
///
/// # Errors
/// If the file cannot be read, or is not a model of this program.
pub fn read_with_key(path: &Path) -> Result<(Model, Option<String>), Error> {
    let not_a_model = |reason: String| {
        Error::Other(format!(
            "{} is not a model of runner: {reason}",
            path.display()
        ))
    };
    let bytes = data::file_bytes(path).map_err(Error::file("cannot read", path))?;
    let stored = Stored::open(&bytes).map_err(|fault| not_a_model(fault.to_string()))?;
    let model = stored.model().map_err(not_a_model)?;
    Ok((model, stored.metadata.get("key").cloned()))
}

/// Reads the bytes of a model file. The error is a reason without the file's name.
///
/// # Errors
/// If they are not a safetensors file, lack a tensor or metadata, or differ from the bytes that
/// were written.
pub fn parse(bytes: &[u8]) -> Result<Model, String> {
    let stored = Stored::open(bytes).map_err(|fault| fault.to_string())?;
    stored.model()
}

/// A safetensors file whose bytes agree with its digest, if it has one.
#[derive(Debug)]
pub struct Stored<'b> {
    tensors: SafeTensors<'b>,
    metadata: HashMap<String, String>,
}

/// The reason why a file gives no parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The file has another format, for this reason.
    NotSafetensors(String),
    /// The bytes do not agree with the digest in the file.
    Changed,
    /// The tensor of this name is missing.
    Missing(String),
    /// A tensor does not have the shape that the network needs.
    Shape {
        /// The tensor's name.
        name: String,
        /// The shape of the tensor.
        found: Vec<usize>,
        /// The shape that the layers need.
        expected: Vec<usize>,
    },
    /// The numbers of a tensor are neither F32 nor F64.
    NumberType {
        /// The tensor's name.
        name: String,
        /// The type of its numbers.
        found: Dtype,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotSafetensors(cause) => write!(f, "it is no safetensors file ({cause})"),
            Fault::Changed => f.write_str("it was damaged or changed: its digest is another"),
            Fault::Missing(name) => write!(f, "it has no tensor `{name}`"),
            Fault::Shape {
                name,
                found,
                expected,
            } => write!(f, "its tensor `{name}` is {found:?} and not {expected:?}"),
            Fault::NumberType { name, found } => {
                write!(f, "its tensor `{name}` is {found:?}, neither F32 nor F64")
            }
        }
    }
}

impl<'b> Stored<'b> {
    /// The file with these bytes.
    ///
    /// # Errors
    /// If they are not a safetensors file, or do not agree with their digest.
    pub fn open(bytes: &'b [u8]) -> Result<Self, Fault> {
        let not_safetensors =
            |cause: safetensors::SafeTensorError| Fault::NotSafetensors(cause.to_string());
        let (header_size, header) = SafeTensors::read_metadata(bytes).map_err(not_safetensors)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(not_safetensors)?;
        let metadata = header.metadata().clone().unwrap_or_default();
        // Files of older versions and of other programs have no digest. Then the file must not have
        // an entry with an unknown name, which could be a damaged name of the digest.
        let is_strange = |name: &String| !ENTRIES.contains(&name.as_str());
        if let Some(said) = metadata.get("digest") {
            let sorted: BTreeMap<&str, &str> = metadata
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .filter(|(name, _)| *name != "digest")
                .collect();
            let data = bytes.get(8 + header_size..).unwrap_or_default();
            if digest(sorted.into_iter(), data) != *said {
                return Err(Fault::Changed);
            }
        } else if metadata.contains_key("runner") && metadata.keys().any(is_strange) {
            return Err(Fault::Changed);
        }
        Ok(Self { tensors, metadata })
    }

    /// The number of layers with weights, after the input.
    pub fn layers_after_the_input(&self) -> usize {
        let names = self.tensors.names();
        let weights = names.iter().filter(|name| name.ends_with(".weight"));
        weights.count()
    }

    /// The weights and biases of a network of these layers.
    ///
    /// # Errors
    /// If a tensor is missing, or has another shape or another type of numbers.
    pub fn parameters(&self, layers: &[usize]) -> Result<Parameters, Fault> {
        let mut parameters = Parameters {
            weights: Vec::new(),
            biases: Vec::new(),
        };
        for (layer, pair) in layers.windows(2).enumerate() {
            let (inputs, nodes) = (pair[0], pair[1]);
            let weights = self.tensor(format!("layers.{layer}.weight"), &[nodes, inputs])?;
            let weights = Array2::from_shape_vec((nodes, inputs), weights);
            let weights = weights.expect("a tensor has as many numbers as its shape says");
            parameters.weights.push(weights);
            let biases = self.tensor(format!("layers.{layer}.bias"), &[nodes])?;
            parameters.biases.push(biases.into());
        }
        Ok(parameters)
    }

    /// The numbers of a tensor. Its shape is compared before any memory is reserved for a network
    /// of absurd size.
    fn tensor(&self, name: String, expected: &[usize]) -> Result<Vec<f64>, Fault> {
        let Ok(tensor) = self.tensors.tensor(&name) else {
            return Err(Fault::Missing(name));
        };
        if tensor.shape() != expected {
            return Err(Fault::Shape {
                name,
                found: tensor.shape().to_vec(),
                expected: expected.to_vec(),
            });
        }
        let found = tensor.dtype();
        numbers(found, tensor.data()).ok_or(Fault::NumberType { name, found })
    }

    /// The model with its metadata. The error is a reason without the file's name.
    ///
    /// # Errors
    /// If an entry of the metadata is missing or unreadable, or [`Stored::parameters`] fails.
    pub fn model(&self) -> Result<Model, String> {
        let entry = |name: &str| {
            let entry = self.metadata.get(name);
            entry.ok_or_else(|| format!("its metadata has no `{name}`"))
        };
        let unreadable =
            |name: &str, cause: serde_json::Error| format!("its `{name}` is unreadable ({cause})");
        let architecture: Architecture = serde_json::from_str(entry("architecture")?)
            .map_err(|cause| unreadable("architecture", cause))?;
        let preparation: Preparation = serde_json::from_str(entry("preparation")?)
            .map_err(|cause| unreadable("preparation", cause))?;
        let loss: Loss = from_word(entry("loss")?).map_err(|cause| unreadable("loss", cause))?;
        let precision: Precision =
            from_word(entry("precision")?).map_err(|cause| unreadable("precision", cause))?;
        let layers = &architecture.layers;
        if layers.len() < 2
            || layers.contains(&0)
            || layers.len() != architecture.activations.len() + 1
        {
            return Err(format!("its layers {layers:?} are no network"));
        }
        if !preparation.fits(layers[0], layers[layers.len() - 1]) {
            return Err(format!(
                "its preparation does not fit its layers {layers:?}"
            ));
        }
        if !preparation.dialect.is_possible() {
            return Err("its preparation is of a table that nobody can write".to_owned());
        }
        let parameters = self.parameters(layers).map_err(|fault| fault.to_string())?;
        self.check_number_types(layers.len() - 1, precision)?;
        let training =
            Training::read(&self.metadata).map_err(|(name, cause)| unreadable(name, cause))?;
        Ok(Model {
            architecture,
            preparation,
            loss,
            precision,
            parameters,
            training,
        })
    }
}

impl Stored<'_> {
    /// Refuses tensors whose number type is not that of the network's precision: numbers of 64 bits
    /// in a network of 32 bits would change when they are written again.
    fn check_number_types(&self, layers: usize, precision: Precision) -> Result<(), String> {
        let expected = match precision {
            Precision::F32 => Dtype::F32,
            Precision::F64 => Dtype::F64,
        };
        let names = (0..layers)
            .flat_map(|layer| ["weight", "bias"].map(|tensor| format!("layers.{layer}.{tensor}")));
        for name in names {
            if let Ok(tensor) = self.tensors.tensor(&name)
                && tensor.dtype() != expected
            {
                return Err(format!(
                    "its tensor `{name}` is {:?}, but its `precision` is {}",
                    tensor.dtype(),
                    word(&precision)
                ));
            }
        }
        Ok(())
    }
}

/// The numbers of a tensor's bytes; `None` if they are neither F32 nor F64.
pub fn numbers(dtype: Dtype, data: &[u8]) -> Option<Vec<f64>> {
    match dtype {
        Dtype::F64 => Some(
            data.as_chunks()
                .0
                .iter()
                .map(|&b| f64::from_le_bytes(b))
                .collect(),
        ),
        Dtype::F32 => Some(
            data.as_chunks()
                .0
                .iter()
                .map(|&b| f32::from_le_bytes(b).into())
                .collect(),
        ),
        _ => None,
    }
}

/// A value as JSON on one line.
fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain values have a JSON text")
}

/// A value that is one word, without JSON's quotes.
fn word(value: &impl Serialize) -> String {
    text(value).trim_matches('"').to_owned()
}

fn from_word<T: for<'a> Deserialize<'a>>(word: &str) -> Result<T, serde_json::Error> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::types::Activation;

    const KEY: &str = "07070707070707070707070707070707";

    fn number(name: &str) -> data::Column {
        data::Column {
            name: name.to_owned(),
            categories: Vec::new(),
            fill: None,
        }
    }

    fn model(precision: Precision) -> Model {
        let mut parameters = Parameters::zeros(&[2, 3, 1]);
        let numbers = parameters.slices_mut().flatten();
        numbers
            .zip(0..)
            .for_each(|(value, i)| *value = f64::from(i as f32 / 3.0));
        Model {
            architecture: Architecture {
                layers: vec![2, 3, 1],
                activations: vec![Activation::Tanh, Activation::Identity],
            },
            preparation: Preparation {
                columns: ["x1", "x2"].map(number).to_vec(),
                features: vec!["x1".to_owned(), "x2".to_owned()],
                targets: vec!["ý \"quoted\"".to_owned()],
                ..Preparation::default()
            },
            loss: Loss::HalfMse,
            precision,
            parameters,
            training: Training::default(),
        }
    }

    #[test]
    fn a_model_reads_back_as_it_was_written() {
        for precision in [Precision::F32, Precision::F64] {
            let model = model(precision);
            let bytes = bytes(&model, KEY);
            assert_eq!(parse(&bytes).as_ref(), Ok(&model));
            assert_eq!(bytes, super::bytes(&model, KEY));
            let tensors = SafeTensors::deserialize(&bytes).expect("it is the format");
            let weight = tensors.tensor("layers.0.weight").expect("it is there");
            assert_eq!(weight.shape(), [3, 2]);
        }
    }

    #[test]
    fn a_file_that_is_no_model_says_why() {
        assert!(
            parse(b"x")
                .expect_err("too short")
                .contains("no safetensors")
        );
        let whole = bytes(&model(Precision::F64), KEY);
        let cut = parse(&whole[..whole.len() - 1]).expect_err("a byte is missing");
        assert!(cut.contains("no safetensors"), "{cut}");
        let text = String::from_utf8_lossy(&whole).replace("[2,3,1]", "[2,9,1]");
        let header = text.find("\"data_offsets\"").expect("there are tensors");
        assert!(header > 0);
        let mut other = model(Precision::F64);
        other.architecture.layers = vec![2, 4, 1];
        let wrong = parse(&bytes(&other, KEY)).expect_err("the shapes differ");
        assert!(
            wrong.contains("`layers.0.weight` is [3, 2] and not [4, 2]"),
            "{wrong}"
        );
    }

    #[test]
    fn a_flipped_bit_is_noticed_wherever_it_is() {
        let whole = bytes(&model(Precision::F64), KEY);
        for bit in 0..whole.len() * 8 {
            let mut other = whole.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(parse(&other).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn numbers_of_another_format_than_the_network_s_are_refused() {
        let whole = bytes(&model(Precision::F64), KEY);
        let text = String::from_utf8_lossy(&whole).into_owned();
        let digest = text.find(",\"digest\"").expect("there is a digest");
        let precision = text.find("\"f64\"").expect("there is a precision");
        let mut other = whole.clone();
        // Without its digest the file is like one of another program.
        let entry = ",\"digest\":\"\"".len() + 64;
        other[digest..digest + entry].fill(b' ');
        parse(&other).expect("the digest is nothing that a model needs");
        other[precision..precision + 5].copy_from_slice(b"\"f32\"");
        let reason = parse(&other).expect_err("it could not be written again");
        assert!(
            reason.contains("`layers.0.weight` is F64, but its `precision` is f32"),
            "{reason}"
        );
    }

    #[test]
    fn a_flipped_bit_of_a_number_or_of_what_is_said_is_noticed() {
        let whole = bytes(&model(Precision::F32), KEY);
        let text = String::from_utf8_lossy(&whole);
        let word = text.find("sigmoid").or(text.find("tanh"));
        let word = word.expect("an activation is named");
        for place in [whole.len() - 1, whole.len() - 20] {
            let mut flipped = whole.clone();
            flipped[place] ^= 1;
            let reason = parse(&flipped).expect_err("it was changed");
            assert!(reason.contains("changed"), "{reason}");
        }
        let mut other = whole.clone();
        other[word..word + 4].copy_from_slice(b"relu");
        let reason = parse(&other).expect_err("it was changed");
        assert!(reason.contains("changed"), "{reason}");
    }

    #[test]
    fn what_of_a_training_matters_is_read_back_and_what_was_left_takes_no_byte() {
        let plain = model(Precision::F32);
        let text = String::from_utf8_lossy(&bytes(&plain, "k")).into_owned();
        for entry in ["class_weights", "positive", "dropout"] {
            assert!(!text.contains(entry), "{entry}");
        }
        let mut weighted = plain;
        weighted.training = Training {
            class_weights: vec![0.1, 10.0],
            positive: Some(0),
            dropout: vec![0.2],
        };
        assert_eq!(parse(&bytes(&weighted, "k")), Ok(weighted));
    }
}
