//! The records of TensorBoard's HParams plugin: the swept keys and the metrics, and each run's
//! values.

use std::collections::BTreeMap;

use prost::Message;

use super::event_file::EventFile;
use super::runs::Run;
use crate::export::protobuf::{
    AnyKind, AnyValue, EndRecord, HyperparametersContent, HyperparametersRecord, MetricName,
    MetricRecord, PluginData, StartRecord, SummaryDimension, SummaryMetadata, SummaryShape,
    SummaryTensor, SummaryValue, SweepRecord, SweptKey, ValueList,
};

/// The plugin's numbers of the types text and number.
const TEXT: i32 = 1;
const NUMBER: i32 = 3;
/// The plugin's numbers of the endings.
const SUCCESS: i32 = 1;
const FAILURE: i32 = 2;
/// TensorFlow's number of the type f32.
const FLOAT: i32 = 1;
/// The most distinct values of a key that are listed.
const MOST_VALUES: usize = 100;

/// The swept keys and the metrics.
pub(super) struct Sweep {
    keys: Vec<Swept>,
    metrics: Vec<String>,
}

/// The variant or a swept key.
struct Swept {
    name: String,
    /// Whether every value is a number.
    is_number: bool,
    /// The distinct values, in the order of the runs.
    values: Vec<String>,
}

impl Sweep {
    pub(super) fn new<'a>(
        keys: &[String],
        runs: &[Run],
        metrics: impl Iterator<Item = &'a str>,
    ) -> Self {
        let swept = |(index, name): (usize, &String)| {
            let mut values: Vec<String> = Vec::new();
            let mut is_number = true;
            for value in runs.iter().map(|run| &run.values[index]) {
                is_number &= value.parse::<f64>().is_ok_and(f64::is_finite) || value.is_empty();
                if values.len() <= MOST_VALUES && !value.is_empty() && !values.contains(value) {
                    values.push(value.clone());
                }
            }
            Swept {
                name: name.clone(),
                is_number: is_number && name != "variant",
                values,
            }
        };
        Self {
            keys: keys.iter().enumerate().map(swept).collect(),
            metrics: metrics.map(str::to_owned).collect(),
        }
    }

    /// The record of the whole sweep.
    pub(super) fn experiment(&self) -> SummaryValue {
        let keys = self.keys.iter().map(|key| SweptKey {
            name: key.name.clone(),
            kind: if key.is_number { NUMBER } else { TEXT },
            values: (key.values.len() <= MOST_VALUES).then(|| ValueList {
                values: key.values.iter().map(|value| key.value(value)).collect(),
            }),
        });
        let metrics = self.metrics.iter().map(|tag| MetricRecord {
            name: Some(MetricName {
                group: String::new(),
                tag: tag.clone(),
            }),
        });
        let record = SweepRecord {
            keys: keys.collect(),
            metrics: metrics.collect(),
        };
        record_value("experiment", HyperparametersContent::Experiment(record))
    }

    /// The event file of a run: its values, the records that `history` appends (it returns the last
    /// epoch), and its ending.
    pub(super) fn session(
        &self,
        run: &Run,
        history: impl FnOnce(&mut EventFile) -> u32,
    ) -> EventFile {
        let values: BTreeMap<String, AnyValue> = (self.keys.iter().zip(&run.values))
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (key.name.clone(), key.value(value)))
            .collect();
        let start = StartRecord {
            values,
            group: run.group.clone(),
            start: 0.0,
        };
        let mut file = EventFile::new();
        let start = record_value("session_start_info", HyperparametersContent::Start(start));
        file.add(0, vec![start]);
        let last = history(&mut file);
        let end = EndRecord {
            status: if run.is_ok { SUCCESS } else { FAILURE },
            end: last.into(),
        };
        let end = record_value("session_end_info", HyperparametersContent::End(end));
        file.add(last, vec![end]);
        file
    }
}

impl Swept {
    fn value(&self, cell: &str) -> AnyValue {
        let kind = match cell.parse::<f64>() {
            Ok(number) if self.is_number => AnyKind::Number(number),
            _ => AnyKind::Text(cell.to_owned()),
        };
        AnyValue { kind: Some(kind) }
    }
}

/// A value of the plugin. Its message is in the metadata; the number beside it has no meaning.
fn record_value(tag: &str, content: HyperparametersContent) -> SummaryValue {
    let record = HyperparametersRecord {
        version: 0,
        content: Some(content),
    };
    SummaryValue {
        tag: format!("_hparams_/{tag}"),
        simple_value: None,
        tensor: Some(SummaryTensor {
            element: FLOAT,
            shape: Some(SummaryShape {
                dimensions: vec![SummaryDimension { size: 1 }],
            }),
            float_values: vec![0.0],
        }),
        metadata: Some(SummaryMetadata {
            plugin_data: Some(PluginData {
                plugin_name: "hparams".to_owned(),
                content: record.encode_to_vec(),
            }),
        }),
    }
}
