//! Samples as a run reads them: in its own number format, read in place where the data have that
//! format.

use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;

use crate::run::sums::Totals;
use crate::run::task::Samples;
use crate::words::settings::Precision;
use numbers::matrix::{DataMatrix, Element, Numbers};
use numbers::real::Scalar;
use numbers::{Rows, divide, threads};

/// [`Samples`] in the number format of a run, every value rounded to the nearest.
///
/// Inputs of that format are read where the data hold them. For a run of f32, inputs of f64 are
/// rounded once into a copy of half their size, so that every epoch reads half as much. For a run
/// of f64, a copy of inputs of f32 would take twice their size, so they are widened sample by
/// sample instead, whenever they are read.
#[derive(Debug, Clone)]
pub struct Examples<'a, T: Scalar> {
    inputs: Inputs<'a, T>,
    features: usize,
    /// (samples, outputs), row by row.
    targets: Cow<'a, [T]>,
    outputs: usize,
    totals: Totals,
    /// The inputs of one sample, widened.
    widened: Vec<T>,
}

/// (samples, features), row by row.
#[derive(Debug, Clone)]
enum Inputs<'a, T: Scalar> {
    /// Numbers in the format of the run.
    Same(Cow<'a, [T]>),
    /// Numbers in a narrower format.
    Narrow(&'a [f32]),
}

impl<'a, T: Scalar> Inputs<'a, T> {
    fn of(inputs: &'a DataMatrix) -> Self {
        match (T::slice_of(inputs.numbers()), inputs.numbers()) {
            (None, Numbers::F32(numbers)) => Inputs::Narrow(numbers),
            (_, numbers) => Inputs::Same(rounded(numbers)),
        }
    }
}

impl<'a, T: Scalar> Examples<'a, T> {
    /// The examples of these samples. The threads of the current rayon pool share the rounding.
    pub fn new(samples: Samples<'a>) -> Self {
        let targets = rounded(samples.y.numbers());
        let outputs = samples.y.ncols();
        Self {
            inputs: Inputs::of(samples.x),
            features: samples.x.ncols(),
            totals: Totals::of(&targets, outputs),
            targets,
            outputs,
            widened: Vec::new(),
        }
    }

    /// The examples in which each sample has the weight of its class; all samples have the same
    /// weight if `class_weights` is empty.
    pub fn weighted(mut self, class_weights: &[T]) -> Self {
        if !class_weights.is_empty() {
            let classes = self.targets.iter().map(|class| class.to_f64() as usize);
            let mut weight = 0.0;
            classes.for_each(|class| weight += class_weights[class].to_f64());
            self.totals.weight = weight;
        }
        self
    }

    /// Examples without targets, to be predicted.
    pub fn of_inputs(inputs: &'a DataMatrix) -> Self {
        Self {
            features: inputs.ncols(),
            inputs: Inputs::of(inputs),
            targets: Cow::Borrowed(&[]),
            outputs: 0,
            totals: Totals {
                samples: inputs.nrows(),
                squares: 0.0,
                weight: inputs.nrows() as f64,
            },
            widened: Vec::new(),
        }
    }

    /// How many samples there are.
    #[inline(always)]
    pub fn count(&self) -> usize {
        self.totals.samples
    }

    /// How many inputs each sample has.
    #[inline(always)]
    pub fn features(&self) -> usize {
        self.features
    }

    /// What the figures need to know of the targets; without targets, only the number of samples is
    /// known.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The inputs and the targets of one sample.
    #[inline(always)]
    pub fn sample(&mut self, sample: usize) -> (&[T], &[T]) {
        let inputs = sample * self.features..(sample + 1) * self.features;
        let inputs = match &self.inputs {
            Inputs::Same(numbers) => &numbers[inputs],
            Inputs::Narrow(numbers) => {
                self.widened.resize(self.features, T::ZERO);
                round(&numbers[inputs], &mut self.widened);
                &self.widened
            }
        };
        (
            inputs,
            &self.targets[sample * self.outputs..][..self.outputs],
        )
    }

    /// Writes the inputs of one sample to `to` (features).
    #[inline(always)]
    pub fn copy_inputs(&self, sample: usize, to: &mut [T]) {
        let inputs = sample * self.features..(sample + 1) * self.features;
        match &self.inputs {
            Inputs::Same(numbers) => to.copy_from_slice(&numbers[inputs]),
            Inputs::Narrow(numbers) => round(&numbers[inputs], to),
        }
    }

    /// The targets of one sample.
    #[inline(always)]
    pub fn targets(&self, sample: usize) -> &[T] {
        &self.targets[sample * self.outputs..][..self.outputs]
    }
}

/// How many bytes the [`Examples`] of a run of this precision copy from these samples.
pub fn copied(samples: Samples<'_>, precision: Precision) -> usize {
    let (x, y) = (samples.x.numbers(), samples.y.numbers());
    let inputs = match (x, precision) {
        (Numbers::F64(numbers), Precision::F32) => numbers.len() * size_of::<f32>(),
        _ => 0,
    };
    let targets = match (y, precision) {
        (Numbers::F64(numbers), Precision::F32) => numbers.len() * size_of::<f32>(),
        (Numbers::F32(numbers), Precision::F64) => numbers.len() * size_of::<f64>(),
        _ => 0,
    };
    inputs + targets
}

/// The numbers in this format: those of the data in place, or a rounded copy.
fn rounded<T: Scalar>(numbers: &Numbers) -> Cow<'_, [T]> {
    match (T::slice_of(numbers), numbers) {
        (Some(numbers), _) => Cow::Borrowed(numbers),
        (None, Numbers::F32(numbers)) => Cow::Owned(copy(numbers)),
        (None, Numbers::F64(numbers)) => Cow::Owned(copy(numbers)),
    }
}

/// A copy in this format, made by all threads of the pool.
fn copy<T: Scalar>(numbers: &[impl Element]) -> Vec<T> {
    let mut copy = vec![T::ZERO; numbers.len()];
    let work = Round {
        from: numbers,
        to: &mut copy,
    };
    divide(work, threads::count());
    copy
}

/// Rounds every number to the nearest of this format.
#[inline(always)]
fn round<T: Scalar>(from: &[impl Element], to: &mut [T]) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to = T::nearest(from.into());
    }
}

/// The work of [`round`], one number per row.
struct Round<'a, F, T> {
    from: &'a [F],
    to: &'a mut [T],
}

impl<F: Element, T: Scalar> Rows for Round<'_, F, T> {
    fn rows(&self) -> usize {
        self.to.len()
    }

    fn cost(&self) -> usize {
        self.to.len()
    }

    fn split_at(self, row: usize) -> (Self, Self) {
        let (from, from_below) = self.from.split_at(row);
        let (to, to_below) = self.to.split_at_mut(row);
        let part = |from, to| Self { from, to };
        (part(from, to), part(from_below, to_below))
    }

    fn run(self) {
        round(self.from, self.to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three samples of two inputs and a target, in f32.
    fn samples() -> (DataMatrix, DataMatrix) {
        let x = [0.1_f32, 0.2, 0.3, 0.4, 0.5, 0.6];
        let y = [0.7_f32, 0.8, 0.9];
        (
            DataMatrix::new(3, 2, x.to_vec()),
            DataMatrix::new(3, 1, y.to_vec()),
        )
    }

    /// The numbers of a matrix as f64.
    fn widened(matrix: &DataMatrix) -> DataMatrix {
        DataMatrix::from(matrix.clone().into_array())
    }

    /// The bytes of the numbers that the examples copy from the data.
    fn own<T: Scalar>(x: &DataMatrix, y: &DataMatrix) -> usize {
        let examples = Examples::<T>::new(Samples { x, y });
        let bytes = |numbers: &Cow<'_, [T]>| match numbers {
            Cow::Owned(numbers) => size_of_val(&numbers[..]),
            Cow::Borrowed(_) => 0,
        };
        let inputs = match &examples.inputs {
            Inputs::Same(numbers) => bytes(numbers),
            Inputs::Narrow(_) => 0,
        };
        inputs + bytes(&examples.targets) + size_of_val(&examples.widened[..])
    }

    #[test]
    fn nothing_is_copied_but_inputs_for_a_narrower_run_and_targets_of_another_format() {
        let (x, y) = samples();
        let (wide_x, wide_y) = (widened(&x), widened(&y));
        for (x, y, [in_f32, in_f64]) in [
            (&x, &y, [0, 3 * 8]),
            (&x, &wide_y, [3 * 4, 0]),
            (&wide_x, &y, [6 * 4, 3 * 8]),
            (&wide_x, &wide_y, [9 * 4, 0]),
        ] {
            let samples = Samples { x, y };
            assert_eq!((own::<f32>(x, y), own::<f64>(x, y)), (in_f32, in_f64));
            assert_eq!(copied(samples, Precision::F32), in_f32);
            assert_eq!(copied(samples, Precision::F64), in_f64);
        }
    }

    #[test]
    fn a_sample_is_the_same_from_either_format() {
        fn check<T: Scalar>() {
            let (x, y) = samples();
            let wide = [widened(&x), widened(&y)];
            let (x, y) = (&x, &y);
            let mut narrow = Examples::<T>::new(Samples { x, y });
            let [x, y] = &wide;
            let mut wide = Examples::<T>::new(Samples { x, y });
            assert_eq!(narrow.count(), 3);
            assert_eq!(narrow.totals(), wide.totals());
            for sample in 0..3 {
                let mut copy = [T::ZERO; 2];
                narrow.copy_inputs(sample, &mut copy);
                assert_eq!(narrow.targets(sample), wide.targets(sample));
                let (inputs, targets) = wide.sample(sample);
                assert_eq!(narrow.sample(sample), (inputs, targets));
                assert_eq!(copy, inputs);
            }
        }
        check::<f32>();
        check::<f64>();
    }

    #[test]
    fn many_numbers_are_rounded_as_few_are() {
        let numbers: Vec<f64> = (0..3_000_001).map(|i| f64::from(i) / 7.0).collect();
        let one_by_one: Vec<f32> = numbers.iter().map(|&number| number as f32).collect();
        assert!(copy::<f32>(&numbers) == one_by_one);
    }
}
