//! The gradients of the step against central differences of the loss.
//!
//! The loss is computed by the engine's forward pass in f64, at parameters that are slightly larger
//! and smaller. The difference has the fourth order; its step is the one at which two neighbouring
//! steps agree best. If no two steps agree, the loss has a corner (relu, |p − t|) near the
//! parameter, and there is no comparison.

use super::update::ParameterIndex;
use engine::observe::{Objective, Observation};
use engine::types::{Parameters, Precision, Samples, Task};
use numbers::matrix::DataMatrix;

/// The greatest relative error that counts as agreement, for each precision. In f64 the differences
/// are accurate to about 1e-9 of the floor below; in f32 the gradients have 24 bits and lose some
/// of them in their sums.
const TOLERANCE_F64: f64 = 1e-6;
const TOLERANCE_F32: f64 = 1e-3;

/// Gradients below this share of the largest one are compared relative to that share.
const FLOOR_OF_LARGEST: f64 = 1e-3;
/// Gradients below this share of the loss are compared relative to that share, since the difference
/// divides the rounding error of the loss by its step.
const FLOOR_OF_LOSS: f64 = 1e-6;

/// The steps of the difference, as multiples of max(1, |parameter|), from the largest to the
/// smallest.
const STEPS: [f64; 6] = [2e-3, 1e-3, 1e-4, 5e-5, 5e-6, 2.5e-6];
/// Two steps whose results differ by less than this are good enough.
const AGREEMENT: f64 = 1e-9;
/// The most multiply-adds of a check; beyond them, only every k-th gradient is compared.
const WORK: f64 = 1e9;

/// One gradient and its difference quotient.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    /// The parameter.
    pub place: ParameterIndex,
    /// The engine's gradient, averaged over batch and outputs.
    pub gradient: f64,
    /// The difference quotient of the mean loss of the batch.
    pub difference: f64,
    /// Their difference, relative to the larger one (or to a floor); `None` at a corner.
    pub error: Option<f64>,
}

/// The comparison of all gradients with their difference quotients.
#[derive(Debug, Clone)]
pub struct Check {
    /// The gradients that were compared.
    pub compared: Vec<Compared>,
    /// How many gradients there are.
    pub count: usize,
    /// The largest relative error.
    pub largest: f64,
    /// The parameter with the largest relative error.
    pub worst: Option<ParameterIndex>,
    /// The greatest relative error that counts as agreement.
    pub tolerance: f64,
}

impl Check {
    /// Whether every gradient agrees with its difference quotient.
    pub fn agrees(&self) -> bool {
        self.largest <= self.tolerance
    }

    /// The number of gradients at a corner of the loss.
    pub fn corners(&self) -> usize {
        self.compared
            .iter()
            .filter(|one| one.error.is_none())
            .count()
    }
}

/// Compares the gradients of the observed step, before penalties and clipping.
pub fn check(task: &Task<'_>, observation: &Observation) -> Check {
    let [x, y] = [task.train.x, task.train.y].map(|matrix| rows_of(matrix, &observation.batch));
    let samples = Samples { x: &x, y: &y };
    let before = observation.before.clone();
    let objective = Objective::of_step(task, before, samples, observation.at);
    let mut loss = BatchLoss(objective);
    let places = places(&task.architecture.layers);
    let gradients = &observation.stages.averaged;
    let largest = places
        .iter()
        .map(|place| place.of(gradients).abs())
        .fold(0.0, f64::max);
    let floor = (FLOOR_OF_LARGEST * largest).max(FLOOR_OF_LOSS * loss.0.loss().abs());

    let work = places.len() as f64 * places.len() as f64 * observation.batch.len() as f64 * 8.0;
    let stride = (work / WORK).ceil().max(1.0) as usize;
    let tolerance = match task.settings.precision {
        Precision::F32 => TOLERANCE_F32,
        Precision::F64 => TOLERANCE_F64,
    };
    let mut check = Check {
        compared: Vec::new(),
        count: places.len(),
        largest: 0.0,
        worst: None,
        tolerance,
    };
    for &place in places.iter().step_by(stride) {
        let gradient = place.of(gradients);
        let (difference, doubt) = loss.derivative(place, floor);
        let size = gradient.abs().max(difference.abs()).max(floor);
        let error = if size == 0.0 {
            Some(0.0)
        } else if doubt / size > tolerance {
            None
        } else {
            Some((gradient - difference).abs() / size)
        };
        // A gradient that is not finite disagrees with every difference.
        let error = if gradient.is_finite() {
            error
        } else {
            Some(f64::INFINITY)
        };
        if let Some(error) = error
            && (error > check.largest || check.worst.is_none())
        {
            check.largest = error;
            check.worst = Some(place);
        }
        check.compared.push(Compared {
            place,
            gradient,
            difference,
            error,
        });
    }
    check
}

/// Every weight and bias, layer by layer, node by node, the bias after the weights.
fn places(layers: &[usize]) -> Vec<ParameterIndex> {
    let mut places = Vec::new();
    for (layer, pair) in layers.windows(2).enumerate() {
        for node in 0..pair[1] {
            let inputs = (0..pair[0]).map(Some).chain([None]);
            places.extend(inputs.map(|input| ParameterIndex { layer, node, input }));
        }
    }
    places
}

/// A matrix of these rows of another one.
fn rows_of(matrix: &DataMatrix, rows: &[usize]) -> DataMatrix {
    let numbers: Vec<f64> = rows.iter().flat_map(|&row| matrix.row(row)).collect();
    DataMatrix::new(rows.len(), matrix.ncols(), numbers)
}

/// The mean loss of a batch as a function of the parameters.
struct BatchLoss<'a>(Objective<'a>);

impl BatchLoss<'_> {
    fn at(&mut self, place: ParameterIndex, value: f64) -> f64 {
        set(self.0.parameters_mut(), place, value);
        self.0.loss()
    }

    /// The derivative by one parameter, and the difference between the results of two steps.
    fn derivative(&mut self, place: ParameterIndex, floor: f64) -> (f64, f64) {
        let old = place.of(self.0.parameters_mut());
        let mut best = (f64::NAN, f64::INFINITY);
        for pair in STEPS.chunks(2) {
            let scale = old.abs().max(1.0);
            let [first, second] =
                [pair[0], pair[1]].map(|step| self.quotient(place, old, step * scale));
            let doubt = (first - second).abs();
            if doubt < best.1 {
                best = (second, doubt);
            }
            if doubt <= AGREEMENT * second.abs().max(floor) {
                break;
            }
        }
        set(self.0.parameters_mut(), place, old);
        best
    }

    /// The difference quotient (8 (L(w + h) − L(w − h)) − (L(w + 2h) − L(w − 2h))) / 12h.
    fn quotient(&mut self, place: ParameterIndex, old: f64, step: f64) -> f64 {
        let mut difference = |step: f64| {
            let (more, less) = (old + step, old - step);
            (self.at(place, more) - self.at(place, less)) / (more - less)
        };
        let (near, far) = (difference(step), difference(2.0 * step));
        (4.0 * near - far) / 3.0
    }
}

fn set(parameters: &mut Parameters, place: ParameterIndex, value: f64) {
    match place.input {
        Some(input) => parameters.weights[place.layer][[place.node, input]] = value,
        None => parameters.biases[place.layer][place.node] = value,
    }
}
