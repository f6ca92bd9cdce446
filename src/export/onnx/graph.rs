//! An ONNX graph under construction: nodes in the order of their computation, and a name for each
//! output.

use crate::export::protobuf::{
    AttributeProto, Dimension, Extent, NodeProto, TensorProto, TensorShape, TensorType, TypeProto,
    ValueInfo,
};
use engine::types::Precision;

/// The format's number for an attribute that is a whole number.
const INT_ATTRIBUTE: i32 = 2;

/// The type of a tensor's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Float,
    Double,
    Integer,
}

impl Element {
    /// The type of the numbers that a network of this precision computes with.
    pub(super) fn of(precision: Precision) -> Self {
        match precision {
            Precision::F32 => Element::Float,
            Precision::F64 => Element::Double,
        }
    }

    /// The format's number of the type.
    pub(super) fn number(self) -> i32 {
        match self {
            Element::Float => 1,
            Element::Integer => 7,
            Element::Double => 11,
        }
    }
}

/// The nodes and constants of a graph.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<NodeProto>,
    pub(super) constants: Vec<TensorProto>,
}

impl Graph {
    /// Adds a constant tensor of these values, rounded to the type. Returns its name.
    pub(super) fn constant(
        &mut self,
        name: &str,
        element: Element,
        shape: &[usize],
        values: &[f64],
    ) -> String {
        let raw_data = match element {
            Element::Float => values
                .iter()
                .flat_map(|&v| (v as f32).to_le_bytes())
                .collect(),
            Element::Double => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Element::Integer => values
                .iter()
                .flat_map(|&v| (v as i64).to_le_bytes())
                .collect(),
        };
        self.constants.push(TensorProto {
            dims: shape.iter().map(|&extent| extent as i64).collect(),
            data_type: element.number(),
            name: name.to_owned(),
            raw_data,
        });
        name.to_owned()
    }

    /// Adds a constant number, once for each number and type. Returns its name.
    pub(super) fn number(&mut self, element: Element, value: f64) -> String {
        let name = format!("number.{value}.{}", element.number());
        if self.constants.iter().all(|constant| constant.name != name) {
            self.constant(&name, element, &[], &[value]);
        }
        name
    }

    /// Adds a node without attributes. Returns the name of its output.
    pub(super) fn node(&mut self, operator: &str, inputs: &[&str]) -> String {
        self.node_with(operator, inputs, &[])
    }

    /// Adds a node with attributes. Returns the name of its output.
    pub(super) fn node_with(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[(&str, i64)],
    ) -> String {
        let output = format!("value.{}", self.nodes.len());
        self.push(operator, inputs, &output, attributes);
        output
    }

    /// Converts a value to another type. Returns the value itself if it has that type already.
    pub(super) fn cast(&mut self, value: String, from: Element, to: Element) -> String {
        if from == to {
            return value;
        }
        self.node_with("Cast", &[&value], &[("to", to.number().into())])
    }

    /// Adds a node whose output has this name.
    pub(super) fn push(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[(&str, i64)],
    ) {
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
}

/// The description of an input or output of the graph: samples × `columns`, and its meaning.
pub(super) fn value_info(name: &str, element: Element, columns: usize, meaning: &str) -> ValueInfo {
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
                elem_type: element.number(),
                shape: Some(shape),
            }),
        }),
        doc_string: meaning.to_owned(),
    }
}
