//! The networks of a pack: the parameters of all lanes' runs side by side, and one step of them.

use super::super::activation::Activation;
use super::super::gradient::{Shaping, row_squares};
use super::super::layer;
use super::super::loss::Loss;
use super::super::network::Parameters;
use super::super::optimizer::{Factors, Walk};
use super::super::real::{Mask, Real, Scalar};
use super::sizes::Sizes;

/// Parameters, gradients and an optimizer's slots of all lanes, flat: for each layer the weights row
/// by row, then the biases. And what one sample leaves in each node.
pub(super) struct Networks<T> {
    pub values: Vec<T>,
    gradients: Vec<T>,
    slots: Vec<Vec<T>>,
    sums: Vec<T>,
    outputs: Vec<T>,
    errors: Vec<T>,
    deltas: Vec<T>,
}

impl<T: Real> Networks<T> {
    /// All 0, for networks of these layers and an optimizer of so many slots.
    pub fn new(layers: &[usize], slots: usize) -> Self {
        let parameters: usize = layers.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum();
        let nodes: usize = layers[1..].iter().sum();
        let zeros = |count| vec![T::zero(); count];
        Self {
            values: zeros(parameters),
            gradients: zeros(parameters),
            slots: (0..slots).map(|_| zeros(parameters)).collect(),
            sums: zeros(nodes),
            outputs: zeros(nodes),
            errors: zeros(nodes),
            deltas: zeros(nodes),
        }
    }

    /// Puts a run that starts from `start` into a lane.
    pub fn start_lane(&mut self, lane: usize, start: &Parameters<T::Scalar>) {
        let numbers = start.slices().flatten();
        for (value, &number) in self.values.iter_mut().zip(numbers) {
            *value = value.with_lane(lane, number);
        }
        self.clear_lane(lane);
    }

    /// Sets a lane's parameters to 0: an idle lane should not compute with what may be slow.
    pub fn stop_lane(&mut self, lane: usize) {
        for value in &mut self.values {
            *value = value.with_lane(lane, T::Scalar::ZERO);
        }
        self.clear_lane(lane);
    }

    fn clear_lane(&mut self, lane: usize) {
        let rest = self.slots.iter_mut().flatten().chain(&mut self.gradients);
        for value in rest {
            *value = value.with_lane(lane, T::Scalar::ZERO);
        }
    }

    /// The parameters of a lane's run.
    pub fn parameters(&self, lane: usize, layers: &[usize]) -> Parameters<T::Scalar> {
        let mut parameters = Parameters::zeros(layers);
        let mut values = self.values.iter();
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
        for value in &self.values {
            all = all.and(value.is_finite());
        }
        all
    }

    /// The outputs of the last layer, after [`Networks::forward`].
    #[inline(always)]
    pub fn predictions(&self, sizes: &impl Sizes) -> &[T] {
        &self.outputs[sizes.first_node(sizes.depth() - 1)..]
    }

    /// Forward, as [`Network::forward`](super::super::network::Network::forward).
    #[inline(always)]
    pub fn forward(&mut self, sizes: &impl Sizes, activations: &[Activation], x: &[T]) {
        for (layer, &activation) in activations[..sizes.depth()].iter().enumerate() {
            let (inputs, nodes) = (sizes.layers()[layer], sizes.layers()[layer + 1]);
            let node = sizes.first_node(layer);
            let (before, after) = self.outputs.split_at_mut(node);
            let input = if layer == 0 {
                &x[..inputs]
            } else {
                &before[node - inputs..]
            };
            let (weights, biases) = self.values[sizes.first_parameter(layer)..]
                [..(inputs + 1) * nodes]
                .split_at(inputs * nodes);
            let u = &mut self.sums[node..][..nodes];
            layer::sums(weights, biases, input, u);
            layer::activate(activation, u, &mut after[..nodes]);
        }
    }

    /// Backward, as [`Network::backward`](super::super::network::Network::backward).
    #[inline(always)]
    pub fn backward(
        &mut self,
        sizes: &impl Sizes,
        activations: &[Activation],
        loss: Loss,
        x: &[T],
        targets: &[T],
    ) {
        let last = sizes.first_node(sizes.depth() - 1);
        loss.error(&self.outputs[last..], targets, &mut self.errors[last..]);
        for layer in (0..sizes.depth()).rev() {
            let (inputs, nodes) = (sizes.layers()[layer], sizes.layers()[layer + 1]);
            let node = sizes.first_node(layer);
            let (errors_before, errors) = self.errors.split_at_mut(node);
            let delta = &mut self.deltas[node..][..nodes];
            layer::deltas(
                activations[layer],
                &errors[..nodes],
                &self.sums[node..][..nodes],
                &self.outputs[node..][..nodes],
                delta,
            );
            let input = if layer == 0 {
                &x[..inputs]
            } else {
                &self.outputs[node - inputs..node]
            };
            let first = sizes.first_parameter(layer);
            let (d_weights, d_biases) =
                self.gradients[first..][..(inputs + 1) * nodes].split_at_mut(inputs * nodes);
            layer::accumulate(delta, input, d_weights, d_biases);
            if layer > 0 {
                let weights = &self.values[first..][..inputs * nodes];
                layer::errors_before(weights, delta, &mut errors_before[node - inputs..]);
            }
        }
    }

    /// The end of a batch, for the lanes of `mask`: mean (`share`), penalties, clipping, update, and
    /// gradients of 0 for the next batch. The other lanes keep all that they have.
    #[inline(always)]
    pub fn update(
        &mut self,
        sizes: &impl Sizes,
        shaping: &Shaping<T>,
        share: T,
        mask: T::Mask,
        factors: Factors<T>,
    ) {
        self.shape(sizes, shaping, share, mask);
        let scale = if shaping.form().clip_norm {
            shaping.scale(self.squares(sizes))
        } else {
            T::one()
        };
        factors.update(Flat {
            networks: self,
            mask,
            scale,
        });
    }

    /// Mean, penalties and clipping of values, in place.
    #[inline(always)]
    fn shape(&mut self, sizes: &impl Sizes, shaping: &Shaping<T>, share: T, mask: T::Mask) {
        for layer in 0..sizes.depth() {
            let (inputs, nodes) = (sizes.layers()[layer], sizes.layers()[layer + 1]);
            let first = sizes.first_parameter(layer);
            for i in 0..(inputs + 1) * nodes {
                let (g, w) = (&mut self.gradients[first + i], self.values[first + i]);
                let new = shape(shaping, share, *g, w, i < inputs * nodes);
                *g = T::select(mask, new, *g);
            }
        }
    }

    /// The sum of the squares of all gradients, in the order of
    /// [`sum_of_squares`](super::super::gradient::sum_of_squares).
    #[inline(always)]
    fn squares(&self, sizes: &impl Sizes) -> T {
        let mut total = T::zero();
        for layer in 0..sizes.depth() {
            let (inputs, nodes) = (sizes.layers()[layer], sizes.layers()[layer + 1]);
            let (d_weights, d_biases) = self.gradients[sizes.first_parameter(layer)..]
                [..(inputs + 1) * nodes]
                .split_at(inputs * nodes);
            for (row, &bias) in d_weights.chunks_exact(inputs).zip(d_biases) {
                total += row_squares(row, bias);
            }
        }
        total
    }
}

/// Mean, penalties and clipping of one gradient.
#[inline(always)]
fn shape<T: Real>(shaping: &Shaping<T>, share: T, g: T, w: T, is_weight: bool) -> T {
    let mean = g * share;
    let penalized = if is_weight {
        shaping.penalized(mean, w)
    } else {
        mean
    };
    shaping.clipped(penalized)
}

/// All parameters of all lanes, to be walked over. The lanes of `mask` are updated, by gradients
/// that are multiplied by `scale`.
struct Flat<'a, T: Real> {
    networks: &'a mut Networks<T>,
    mask: T::Mask,
    scale: T,
}

impl<T: Real> Walk<T> for Flat<'_, T> {
    #[inline(always)]
    fn walk<const SLOTS: usize>(
        self,
        formula: impl Fn(T, T, [T; SLOTS]) -> (T, [T; SLOTS]) + Copy,
    ) {
        let (mask, scale) = (self.mask, self.scale);
        let Networks {
            values,
            gradients,
            slots,
            ..
        } = self.networks;
        let mut slots = slots.iter_mut();
        let mut slots: [&mut [T]; SLOTS] = std::array::from_fn(|_| {
            let slot = slots.next().expect("the optimizer's form has these slots");
            &mut slot[..values.len()]
        });
        for (i, (value, gradient)) in values.iter_mut().zip(gradients).enumerate() {
            let remembered: [T; SLOTS] = std::array::from_fn(|slot| slots[slot][i]);
            let (new, remember) = formula(*value, *gradient * scale, remembered);
            *value = T::select(mask, new, *value);
            *gradient = T::select(mask, T::zero(), *gradient);
            for (slot, (new, old)) in slots.iter_mut().zip(remember.into_iter().zip(remembered)) {
                slot[i] = T::select(mask, new, old);
            }
        }
    }
}
