//! The networks in lockstep: the parameters of all lanes' runs side by side, and one step of them.

use super::design::{Design, Numbers, for_layers};
use super::flat::Flat;
use crate::parameters::Parameters;
use crate::reference::layer;
use crate::reference::shaping::{Shaping, ShapingForm, row_squares};
use crate::run::state::Learnt;
use crate::words::optimizer::Rule;
use alloc::vec;
use alloc::vec::Vec;
use numbers::real::{Mask, Real, Scalar};

/// The parameters, gradients and optimizer's slots of all lanes as flat rows: for each layer the
/// weights row by row, then the biases. Also the numbers that one sample leaves in each node.
pub(super) struct Networks<T: Real, D: Design> {
    pub values: D::Parameters<T>,
    gradients: D::Parameters<T>,
    slots: Vec<Vec<T>>,
    sums: D::Nodes<T>,
    outputs: D::Nodes<T>,
    errors: D::Nodes<T>,
    deltas: D::Nodes<T>,
    /// The outputs of hidden layers after dropout; empty where nothing is dropped.
    dropped: Vec<T>,
}

/// The factors by which dropout multiplies the outputs of hidden layers, for one sample of each
/// lane: (nodes, lanes), layer by layer.
pub(super) type LaneMask<'m, T> = &'m [<T as Real>::Scalar];

/// The factors of one node in a mask, (lanes).
#[inline(always)]
fn factor<T: Real>(mask: LaneMask<'_, T>, node: usize) -> T {
    T::load(&mask[node * T::LANES..][..T::LANES])
}

impl<T: Real, D: Design> Networks<T, D> {
    /// Zeros, for networks of this design and an optimizer of `slots` slots.
    #[inline(always)]
    pub fn new(layers: &[usize], slots: usize) -> Self {
        let mut parameters = 0;
        let mut nodes = 0;
        for i in 1..layers.len() {
            parameters += (layers[i - 1] + 1) * layers[i];
            nodes += layers[i];
        }
        Self {
            values: Numbers::zeros(parameters),
            gradients: Numbers::zeros(parameters),
            slots: (0..slots).map(|_| vec![T::zero(); parameters]).collect(),
            sums: Numbers::zeros(nodes),
            outputs: Numbers::zeros(nodes),
            errors: Numbers::zeros(nodes),
            deltas: Numbers::zeros(nodes),
            dropped: Vec::new(),
        }
    }

    /// Takes the numbers out, so that they can be worked on as local values.
    #[inline(always)]
    pub fn take(&mut self) -> Self {
        core::mem::replace(self, Self::new(&[], 0))
    }

    /// Copies another network's parameters into every lane.
    #[inline(always)]
    pub fn copy_values(&mut self, other: &Networks<T::Scalar, D>) {
        let values = self.values.as_mut().iter_mut();
        for (value, &number) in values.zip(other.values.as_ref()) {
            *value = T::splat(number);
        }
    }

    /// Copies what a sample left in each node of one lane of `other`.
    #[inline(always)]
    pub fn recall<V: Real<Scalar = T>>(&mut self, other: &Networks<V, D>, lane: usize) {
        for (own, other) in [
            (&mut self.outputs, &other.outputs),
            (&mut self.deltas, &other.deltas),
        ] {
            for (number, value) in own.as_mut().iter_mut().zip(other.as_ref()) {
                *number = value.lane(lane);
            }
        }
    }

    /// Puts a run with the initial parameters `start` into a lane.
    pub fn start_lane(&mut self, lane: usize, start: &Parameters<T::Scalar>) {
        let numbers = start.slices().flatten();
        for (value, &number) in self.values.as_mut().iter_mut().zip(numbers) {
            *value = value.with_lane(lane, number);
        }
        self.clear_lane(lane);
    }

    /// Lets a lane go on from what was learnt by a run of this design.
    pub fn resume_lane(&mut self, lane: usize, learnt: &Learnt) {
        let slots = self.slots.iter_mut().map(|slot| &mut slot[..]);
        let values = core::iter::once(self.values.as_mut());
        let numbers = core::iter::once(&learnt.parameters).chain(&learnt.slots);
        for (values, numbers) in values.chain(slots).zip(numbers) {
            for (value, &number) in values.iter_mut().zip(numbers) {
                *value = value.with_lane(lane, T::Scalar::nearest(number));
            }
        }
    }

    /// What a lane's run has learnt: its parameters, its slots and the counts of its optimizer.
    pub fn learnt(&self, lane: usize, rule: &Rule<T>) -> Learnt {
        let numbers = |values: &[T]| {
            let numbers = values.iter().map(|value| value.lane(lane).to_f64());
            numbers.collect()
        };
        Learnt {
            parameters: numbers(self.values.as_ref()),
            slots: self.slots.iter().map(|slot| numbers(slot)).collect(),
            counts: rule.counts(lane),
        }
    }

    /// Sets a lane's parameters to 0, since an idle lane would be slow with subnormal numbers or
    /// NaN.
    pub fn stop_lane(&mut self, lane: usize) {
        for value in self.values.as_mut() {
            *value = value.with_lane(lane, T::Scalar::ZERO);
        }
        self.clear_lane(lane);
    }

    fn clear_lane(&mut self, lane: usize) {
        let slots = self.slots.iter_mut().flatten();
        let rest = slots.chain(self.gradients.as_mut());
        for value in rest {
            *value = value.with_lane(lane, T::Scalar::ZERO);
        }
    }

    /// The parameters of a lane's run.
    pub fn parameters(&self, lane: usize, layers: &[usize]) -> Parameters<T::Scalar> {
        let mut parameters = Parameters::zeros(layers);
        let mut values = self.values.as_ref().iter();
        for slice in parameters.slices_mut() {
            for (number, value) in slice.iter_mut().zip(&mut values) {
                *number = value.lane(lane);
            }
        }
        parameters
    }

    /// In which lanes every parameter is finite.
    #[inline(always)]
    pub fn finite(&self) -> T::Mask {
        let mut all = T::Mask::splat(true);
        for value in self.values.as_ref() {
            all = all.and(value.is_finite());
        }
        all
    }

    /// The outputs of the last layer, after [`Networks::forward`].
    #[inline(always)]
    pub fn predictions(&self, design: &D) -> &[T] {
        &self.outputs.as_ref()[design.first_node(design.depth() - 1)..]
    }

    /// Forward, as [`Network::forward`](crate::reference::network::Network::forward).
    #[inline(always)]
    pub fn forward(&mut self, design: &D, x: &[T], mask: Option<LaneMask<'_, T>>) {
        if mask.is_some() {
            self.dropped.resize(self.outputs.as_ref().len(), T::zero());
        }
        for_layers!(design: D, layer => {
            let (inputs, nodes) = (design.layers()[layer], design.layers()[layer + 1]);
            let node = design.first_node(layer);
            let (before, after) = self.outputs.as_mut().split_at_mut(node);
            let input = if layer == 0 {
                &x[..inputs]
            } else if mask.is_some() {
                &self.dropped[node - inputs..node]
            } else {
                &before[node - inputs..]
            };
            let (weights, biases) = self.values.as_ref()[design.first_parameter(layer)..]
                [..(inputs + 1) * nodes]
                .split_at(inputs * nodes);
            let u = &mut self.sums.as_mut()[node..][..nodes];
            layer::sums(weights, biases, input, u);
            design.activate(layer, u, &mut after[..nodes]);
            if let Some(mask) = mask
                && layer + 1 < design.depth()
            {
                let outputs = node..node + nodes;
                for ((dropped, &z), i) in self.dropped[outputs.clone()].iter_mut().zip(&*after).zip(outputs) {
                    *dropped = factor::<T>(mask, i) * z;
                }
            }
        });
    }

    /// Backward, as [`Network::backward`](crate::reference::network::Network::backward).
    #[inline(always)]
    pub fn backward(
        &mut self,
        design: &D,
        x: &[T],
        targets: &[T],
        weight: Option<T>,
        mask: Option<LaneMask<'_, T>>,
    ) {
        self.find_deltas(design, targets, weight, mask);
        self.accumulate(design, x, mask.is_some());
    }

    /// The δ of every node, from the last layer to the first, after [`Networks::forward`].
    #[inline(always)]
    pub fn find_deltas(
        &mut self,
        design: &D,
        targets: &[T],
        weight: Option<T>,
        mask: Option<LaneMask<'_, T>>,
    ) {
        let last = design.first_node(design.depth() - 1);
        let errors = self.errors.as_mut();
        let outputs = self.outputs.as_ref();
        design
            .loss()
            .error(&outputs[last..], targets, &mut errors[last..]);
        if let Some(weight) = weight {
            layer::scale(&mut errors[last..], weight);
        }
        for_layers!(rev design: D, layer => {
            let (inputs, nodes) = (design.layers()[layer], design.layers()[layer + 1]);
            let node = design.first_node(layer);
            let (errors_before, errors) = errors.split_at_mut(node);
            let delta = &mut self.deltas.as_mut()[node..][..nodes];
            design.deltas(
                layer,
                &errors[..nodes],
                &self.sums.as_ref()[node..][..nodes],
                &outputs[node..][..nodes],
                delta,
            );
            if layer > 0 {
                let first = design.first_parameter(layer);
                let weights = &self.values.as_ref()[first..][..inputs * nodes];
                layer::errors_before(weights, delta, &mut errors_before[node - inputs..]);
                if let Some(mask) = mask {
                    for (error, i) in errors_before[node - inputs..].iter_mut().zip(node - inputs..) {
                        *error = *error * factor::<T>(mask, i);
                    }
                }
            }
        });
    }

    /// Adds the product of each node's δ with the outputs before it to the gradients. `masked`:
    /// these are the outputs after dropout.
    #[inline(always)]
    pub fn accumulate(&mut self, design: &D, x: &[T], masked: bool) {
        let outputs = if masked {
            &self.dropped
        } else {
            self.outputs.as_ref()
        };
        for_layers!(rev design: D, layer => {
            let (inputs, nodes) = (design.layers()[layer], design.layers()[layer + 1]);
            let node = design.first_node(layer);
            let input = if layer == 0 {
                &x[..inputs]
            } else {
                &outputs[node - inputs..node]
            };
            let (d_weights, d_biases) = self.gradients.as_mut()[design.first_parameter(layer)..]
                [..(inputs + 1) * nodes]
                .split_at_mut(inputs * nodes);
            let delta = &self.deltas.as_ref()[node..][..nodes];
            layer::accumulate(delta, input, d_weights, d_biases);
        });
    }

    /// The end of a batch for the lanes of `mask`: the mean (times `factor`), penalties, clipping,
    /// the update with learning rate η, and gradients of 0 for the next batch. The other lanes keep
    /// all their numbers.
    #[inline(always)]
    pub fn update(
        &mut self,
        design: &D,
        shaping: &Shaping<T>,
        rule: &mut Rule<T>,
        factor: T,
        mask: T::Mask,
        rate: T::Wide,
    ) {
        let form = design.shaping(shaping);
        let mut scale = factor;
        if form != ShapingForm::NONE {
            self.shape(design, shaping, factor, mask);
            scale = T::one();
            if form.clip_norm {
                scale = shaping.scale(self.squares(design));
            }
        }
        let parameters = Flat {
            values: self.values.as_mut(),
            gradients: self.gradients.as_mut(),
            slots: &mut self.slots,
            mask,
            scale,
        };
        design.update(rule, mask, rate, parameters);
    }

    /// Applies the mean, the penalties and the clipping of values to the gradients in place.
    #[inline(always)]
    fn shape(&mut self, design: &D, shaping: &Shaping<T>, factor: T, mask: T::Mask) {
        for layer in 0..design.depth() {
            let (inputs, nodes) = (design.layers()[layer], design.layers()[layer + 1]);
            let first = design.first_parameter(layer);
            let gradients = self.gradients.as_mut()[first..].iter_mut();
            let parameters = gradients.zip(&self.values.as_ref()[first..]).enumerate();
            for (i, (g, &w)) in parameters.take((inputs + 1) * nodes) {
                let new = shaping.shaped(*g, factor, w, i < inputs * nodes);
                *g = T::select(mask, new, *g);
            }
        }
    }

    /// The sum of the squares of all gradients, in the order of
    /// [`sum_of_squares`](crate::reference::shaping::sum_of_squares).
    #[inline(always)]
    fn squares(&self, design: &D) -> T {
        let mut total = T::zero();
        for layer in 0..design.depth() {
            let (inputs, nodes) = (design.layers()[layer], design.layers()[layer + 1]);
            let (d_weights, d_biases) = self.gradients.as_ref()[design.first_parameter(layer)..]
                [..(inputs + 1) * nodes]
                .split_at(inputs * nodes);
            for (row, &bias) in d_weights.chunks_exact(inputs).zip(d_biases) {
                total += row_squares(row, bias);
            }
        }
        total
    }
}
