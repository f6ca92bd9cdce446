//! The steps of a batch: each is a work on rows ([`Rows`]) that threads can divide.

use crate::reference::layer;
use crate::reference::shaping::Shaping;
use crate::run::examples::Examples;
use crate::run::sums::{Measures, Sums};
use crate::words::activation::Activation;
use crate::words::optimizer::{Factors, Formula, Visit};
use alloc::vec;
use alloc::vec::Vec;
use numbers::dispatch::{Across, Format, Kernel, dispatch};
use numbers::real::{Real, Scalar};
use numbers::{Isa, Multiplication, Product, Rows, Strip, transpose};

/// A copied or transposed number costs about as much as this many multiply-adds of a product.
const COPY_COST: usize = 8;

/// The inputs of a batch's samples, a row each.
pub(super) struct Gather<'a, T: Scalar> {
    pub data: &'a Examples<'a, T>,
    pub batch: &'a [u32],
    pub rows: &'a mut [T],
    pub stride: usize,
}

impl<T: Product> Rows for Gather<'_, T> {
    fn rows(&self) -> usize {
        self.batch.len()
    }

    fn cost(&self) -> usize {
        self.batch.len() * self.stride * COPY_COST
    }

    fn split_at(self, row: usize) -> (Self, Self) {
        let (upper, lower) = self.batch.split_at(row);
        let (rows, below) = self.rows.split_at_mut(row * self.stride);
        let part = |batch, rows| Self {
            batch,
            rows,
            ..self
        };
        (part(upper, rows), part(lower, below))
    }

    fn run(self) {
        let rows = self.rows.chunks_exact_mut(self.stride);
        for (row, &sample) in rows.zip(self.batch) {
            let inputs = &mut row[..self.data.features()];
            self.data.copy_inputs(sample as usize, inputs);
        }
    }
}

/// A matrix with rows and columns exchanged: `to` (rows, columns) is `from` (columns, rows).
pub(super) struct Transpose<'a, T> {
    pub isa: Isa,
    pub from: &'a [T],
    pub from_stride: usize,
    /// The column of `from` that becomes the first row of `to`.
    pub first: usize,
    pub shape: [usize; 2],
    pub to: &'a mut [T],
    pub to_stride: usize,
}

impl<T: Product> Rows for Transpose<'_, T> {
    fn rows(&self) -> usize {
        self.shape[0]
    }

    fn cost(&self) -> usize {
        self.shape[0] * self.shape[1] * COPY_COST
    }

    fn split_at(self, row: usize) -> (Self, Self) {
        let [rows, columns] = self.shape;
        let (upper, lower) = self.to.split_at_mut(row * self.to_stride);
        let part = |first, rows, to| Self {
            first,
            shape: [rows, columns],
            to,
            ..self
        };
        (
            part(self.first, row, upper),
            part(self.first + row, rows - row, lower),
        )
    }

    fn run(self) {
        let from = &self.from[self.first..];
        transpose(
            self.isa,
            from,
            self.from_stride,
            self.shape,
            self.to,
            self.to_stride,
        );
    }
}

/// u = W x + b and z = f(u) of a layer's nodes; and mask ⊙ z where there is a mask.
pub(super) struct Forward<'a, T> {
    pub sums: Multiplication<'a, T>,
    pub activation: Activation,
    pub outputs: &'a mut [T],
    pub masked: Option<(&'a [T], &'a mut [T])>,
    pub stride: usize,
}

impl<T: Product + Format> Rows for Forward<'_, T> {
    fn rows(&self) -> usize {
        self.sums.rows()
    }

    fn cost(&self) -> usize {
        self.sums.cost()
    }

    fn split_at(self, row: usize) -> (Self, Self) {
        let (upper, lower) = self.sums.split_at(row);
        let at = row * self.stride;
        let (outputs, below) = self.outputs.split_at_mut(at);
        let (mut masked, mut masked_below) = (None, None);
        if let Some((mask, dropped)) = self.masked {
            let (mask, mask_below) = mask.split_at(at);
            let (dropped, dropped_below) = dropped.split_at_mut(at);
            masked = Some((mask, dropped));
            masked_below = Some((mask_below, dropped_below));
        }
        let (activation, stride) = (self.activation, self.stride);
        let part = |sums, outputs, masked| Self {
            sums,
            activation,
            outputs,
            masked,
            stride,
        };
        (
            part(upper, outputs, masked),
            part(lower, below, masked_below),
        )
    }

    fn run(self) {
        T::across(Activate {
            activation: self.activation,
            sums: self.sums.compute(),
            outputs: self.outputs,
            masked: self.masked,
        });
    }
}

/// z = f(u) and mask ⊙ z, a vector at a time.
struct Activate<'a, T> {
    activation: Activation,
    sums: &'a [T],
    outputs: &'a mut [T],
    masked: Option<(&'a [T], &'a mut [T])>,
}

impl<T: Scalar> Across<T> for Activate<'_, T> {
    #[inline(always)]
    fn run<V: Real<Scalar = T>>(self) {
        layer::activate_vectors::<V>(self.activation, self.sums, self.outputs);
        if let Some((mask, dropped)) = self.masked {
            layer::products(mask, self.outputs, dropped);
        }
    }
}

/// The losses of a batch's samples, in their order, and the errors of their outputs.
pub(super) struct Losses<'a, T: Scalar> {
    pub measures: Measures<'a>,
    pub data: &'a Examples<'a, T>,
    pub batch: &'a [u32],
    /// (outputs, samples)
    pub outputs: &'a [T],
    /// The errors of the outputs, (outputs, samples).
    pub errors: &'a mut [T],
    pub stride: usize,
    /// The weight of each class in the loss; empty where every sample counts alike.
    pub class_weights: &'a [T],
    /// The sum of the weights of the batch's samples.
    pub weight_sum: &'a mut T,
    pub sums: &'a mut Sums<f64>,
}

/// Up to this many outputs, a vector's predictions, targets and errors stand in arrays on the
/// stack.
const FEW_OUTPUTS: usize = 16;

impl<T: Scalar> Across<T> for Losses<'_, T> {
    #[inline(always)]
    fn run<V: Real<Scalar = T>>(self) {
        let measures = self.measures;
        let outputs = self.outputs.len() / self.stride;
        let mut few = [[V::zero(); FEW_OUTPUTS]; 3];
        let mut many = [const { Vec::new() }; 3];
        let [predictions, targets, errors] = if outputs <= FEW_OUTPUTS {
            few.each_mut().map(|room| &mut room[..outputs])
        } else {
            many = many.map(|_: Vec<V>| vec![V::zero(); outputs]);
            many.each_mut().map(|room| &mut room[..])
        };
        let targets = &mut targets[..measures.loss.targets(outputs)];
        for (first, samples) in self.batch.chunks(V::LANES).enumerate() {
            let first = first * V::LANES;
            let rows = self.outputs.chunks_exact(self.stride);
            for (prediction, row) in predictions.iter_mut().zip(rows) {
                *prediction = V::load(&row[first..][..V::LANES]);
            }
            for (column, target) in targets.iter_mut().enumerate() {
                *target = V::from_lanes(|lane| {
                    // A lane beyond the samples repeats the last sample.
                    let sample = samples[lane.min(samples.len() - 1)];
                    self.data.targets(sample as usize)[column]
                });
            }
            let mut loss = measures.loss.value(predictions, targets);
            let count = samples.len();
            measures.loss.error(predictions, targets, errors);
            if !self.class_weights.is_empty() {
                let class = |lane| targets[0].lane(lane).to_f64() as usize;
                let weights = V::from_lanes(|lane| self.class_weights[class(lane)]);
                loss = loss * weights;
                layer::scale(errors, weights);
                for lane in 0..count {
                    *self.weight_sum += weights.lane(lane);
                }
            }
            self.sums
                .add_side_by_side(measures, loss, predictions, targets, count);
            let rows = self.errors.chunks_exact_mut(self.stride);
            for (error, row) in errors.iter().zip(rows) {
                error.store(&mut row[first..][..V::LANES]);
            }
        }
    }
}

/// δ = error ⊙ f'(u) of a layer's nodes, written over the error, and db = Σ δ over the samples.
pub(super) struct Deltas<'a, T> {
    pub activation: Activation,
    pub sums: &'a [T],
    pub outputs: &'a [T],
    /// The factors of dropout, by which the error is multiplied first, where outputs are dropped.
    pub mask: Option<&'a [T]>,
    pub deltas: &'a mut [T],
    pub d_biases: &'a mut [T],
    pub samples: usize,
    pub stride: usize,
}

impl<T: Product + Format> Rows for Deltas<'_, T> {
    fn rows(&self) -> usize {
        self.d_biases.len()
    }

    fn cost(&self) -> usize {
        self.deltas.len() * COPY_COST
    }

    fn split_at(self, row: usize) -> (Self, Self) {
        let at = row * self.stride;
        let (sums, sums_below) = self.sums.split_at(at);
        let (outputs, outputs_below) = self.outputs.split_at(at);
        let (mask, mask_below) = self.mask.map(|mask| mask.split_at(at)).unzip();
        let (deltas, deltas_below) = self.deltas.split_at_mut(at);
        let (d_biases, d_biases_below) = self.d_biases.split_at_mut(row);
        let part = |sums, outputs, mask, deltas, d_biases| Self {
            sums,
            outputs,
            mask,
            deltas,
            d_biases,
            ..self
        };
        (
            part(sums, outputs, mask, deltas, d_biases),
            part(
                sums_below,
                outputs_below,
                mask_below,
                deltas_below,
                d_biases_below,
            ),
        )
    }

    fn run(self) {
        T::across(self);
    }
}

impl<T: Product + Format> Across<T> for Deltas<'_, T> {
    #[inline(always)]
    fn run<V: Real<Scalar = T>>(self) {
        if let Some(mask) = self.mask {
            layer::multiply(self.deltas, mask);
        }
        layer::deltas_vectors::<V>(self.activation, self.sums, self.outputs, self.deltas);
        row_sums(self.deltas, self.stride, self.samples, self.d_biases);
    }
}

/// Rows that are summed side by side, so that the additions of one row fill the waiting time of
/// another.
const SIDE_BY_SIDE: usize = 8;

/// The sum of the first `columns` numbers of each row, from first to last.
#[inline(always)]
fn row_sums<T: Scalar>(matrix: &[T], stride: usize, columns: usize, sums: &mut [T]) {
    for (rows, sums) in matrix
        .chunks(SIDE_BY_SIDE * stride)
        .zip(sums.chunks_mut(SIDE_BY_SIDE))
    {
        let mut partial = [T::ZERO; SIDE_BY_SIDE];
        for column in 0..columns {
            for (sum, row) in partial.iter_mut().zip(rows.chunks_exact(stride)) {
                *sum += row[column];
            }
        }
        sums.copy_from_slice(&partial[..sums.len()]);
    }
}

/// The error of a layer, Wᵀ δ of the layer after it, and what [`Deltas`] makes of it.
pub(super) struct Errors<'a, T> {
    pub errors: Multiplication<'a, T>,
    pub activation: Activation,
    pub sums: &'a [T],
    pub outputs: &'a [T],
    /// The factors of dropout, as in [`Deltas`].
    pub mask: Option<&'a [T]>,
    pub d_biases: &'a mut [T],
    pub samples: usize,
    pub stride: usize,
}

impl<T: Product + Format> Rows for Errors<'_, T> {
    fn rows(&self) -> usize {
        self.errors.rows()
    }

    fn cost(&self) -> usize {
        self.errors.cost()
    }

    fn split_at(self, row: usize) -> (Self, Self) {
        let at = row * self.stride;
        let (errors, errors_below) = self.errors.split_at(row);
        let (sums, sums_below) = self.sums.split_at(at);
        let (outputs, outputs_below) = self.outputs.split_at(at);
        let (mask, mask_below) = self.mask.map(|mask| mask.split_at(at)).unzip();
        let (d_biases, d_biases_below) = self.d_biases.split_at_mut(row);
        let part = |errors, sums, outputs, mask, d_biases| Self {
            errors,
            sums,
            outputs,
            mask,
            d_biases,
            ..self
        };
        (
            part(errors, sums, outputs, mask, d_biases),
            part(
                errors_below,
                sums_below,
                outputs_below,
                mask_below,
                d_biases_below,
            ),
        )
    }

    fn run(self) {
        Rows::run(Deltas {
            activation: self.activation,
            sums: self.sums,
            outputs: self.outputs,
            mask: self.mask,
            deltas: self.errors.compute(),
            d_biases: self.d_biases,
            samples: self.samples,
            stride: self.stride,
        });
    }
}

/// The numbers that all updates of a step share.
#[derive(Clone, Copy)]
pub(super) struct Shared<T> {
    pub factors: Factors<T>,
    pub shaping: Shaping<T>,
    /// 1 / the terms that a gradient is averaged over.
    pub factor: T,
}

/// The most numbers that an optimizer remembers of each parameter.
pub(super) const MAX_SLOTS: usize = 3;

/// What an optimizer remembers of a strip of parameters: its slots.
pub(super) type Slots<'a, T> = [Option<&'a mut [T]>; MAX_SLOTS];

/// dW = δ xᵀ of a layer's nodes, and the update of their weights where it can follow at once: strip
/// by strip, while the gradients are in the nearest cache.
pub(super) struct Gradients<'a, T> {
    pub gradients: Multiplication<'a, T>,
    pub update: Option<(&'a Shared<T>, &'a mut [T], Slots<'a, T>)>,
    pub columns: usize,
}

impl<T: Product> Rows for Gradients<'_, T> {
    fn rows(&self) -> usize {
        self.gradients.rows()
    }

    fn cost(&self) -> usize {
        self.gradients.cost()
    }

    fn split_at(self, row: usize) -> (Self, Self) {
        let Self {
            gradients,
            update,
            columns,
        } = self;
        let (upper, lower) = gradients.split_at(row);
        let (mut update_upper, mut update_lower) = (None, None);
        if let Some((shared, weights, slots)) = update {
            let at = row * columns;
            let (weights, weights_below) = weights.split_at_mut(at);
            let mut below = [const { None }; MAX_SLOTS];
            let mut above = [const { None }; MAX_SLOTS];
            for (slot, (above, below)) in slots.into_iter().zip(above.iter_mut().zip(&mut below)) {
                let Some(slot) = slot else { continue };
                let (upper, lower) = slot.split_at_mut(at);
                (*above, *below) = (Some(upper), Some(lower));
            }
            update_upper = Some((shared, weights, above));
            update_lower = Some((shared, weights_below, below));
        }
        let part = |gradients, update| Self {
            gradients,
            update,
            columns,
        };
        (part(upper, update_upper), part(lower, update_lower))
    }

    fn run(self) {
        let Some((shared, values, mut slots)) = self.update else {
            self.gradients.compute();
            return;
        };
        self.gradients.compute_strips(|strip| {
            let first = strip.row * self.columns + strip.column;
            let mut rest = [const { None }; MAX_SLOTS];
            for (rest, slot) in rest.iter_mut().zip(&mut slots) {
                *rest = slot.as_mut().map(|slot| &mut slot[first..]);
            }
            dispatch(Update {
                shared,
                are_weights: true,
                values: &mut values[first..],
                gradients: strip,
                stride: self.columns,
                slots: rest,
            });
        });
    }
}

/// The mean, the penalties, the clipping of values and the update of a strip of weights or biases.
pub(super) struct Update<'a, T> {
    pub shared: &'a Shared<T>,
    pub are_weights: bool,
    /// The values, from the first one of the strip on.
    pub values: &'a mut [T],
    pub gradients: Strip<'a, T>,
    /// The distance from one row of the values, and of the slots, to the next.
    pub stride: usize,
    /// The slots of the same parameters, laid out as the values.
    pub slots: Slots<'a, T>,
}

impl<T: Scalar> Kernel for Update<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.shared.factors.update(self);
    }
}

impl<T: Scalar> Visit<T> for Update<'_, T> {
    #[inline(always)]
    fn visit<const SLOTS: usize>(self, formula: impl Formula<T, SLOTS>) {
        let Shared {
            shaping, factor, ..
        } = *self.shared;
        let Strip { rows, columns, .. } = self.gradients;
        let mut all = self.slots.into_iter().flatten();
        let mut slots: [&mut [T]; SLOTS] =
            core::array::from_fn(|_| all.next().expect("the optimizer's form has these slots"));
        for row in 0..rows {
            let at = row * self.stride;
            let values = &mut self.values[at..][..columns];
            let gradients = &self.gradients.elements[row * self.gradients.stride..][..columns];
            let mut slots = slots.each_mut().map(|slot| &mut slot[at..][..columns]);
            for (i, (value, &gradient)) in values.iter_mut().zip(gradients).enumerate() {
                let remembered = core::array::from_fn(|slot| slots[slot][i]);
                let gradient = shaping.shaped(gradient, factor, *value, self.are_weights);
                let (new, remember) = formula.apply(*value, gradient, remembered);
                *value = new;
                for (slot, number) in slots.iter_mut().zip(remember) {
                    slot[i] = number;
                }
            }
        }
    }
}
