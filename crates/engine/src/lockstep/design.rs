//! The design of the networks that a step in lockstep trains: their shape and formulas.
//!
//! A design is known when the program runs ([`Any`]), or already when it is compiled ([`Known`]).
//! Most sweeps are made of small networks of a few shapes; for these the compiler leaves nothing
//! but arithmetic in registers.

use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

use super::flat::Flat;
use crate::reference::layer;
use crate::reference::shaping::{Shaping, ShapingForm};
use crate::run::sums::Measures;
use crate::run::task::Task;
use crate::words::activation::Activation;
use crate::words::activation::functions::{Identity, Relu, Sigmoid, Tanh};
use crate::words::loss::Loss;
use crate::words::optimizer::{OptimizerTerms, Rule, sgd};
use crate::words::settings::Precision;
use numbers::real::{Mask, Real};

/// A network's shape and formulas, and the room for its numbers.
pub(super) trait Design {
    /// Room for a number per parameter.
    type Parameters<T: Real>: Numbers<T>;
    /// Room for a number per node after the input.
    type Nodes<T: Real>: Numbers<T>;
    /// Room for the inputs and targets of a sample.
    type Sample<T: Real>: Numbers<T>;

    /// Whether the compiler knows that there is one hidden layer (see [`for_layers`]).
    const ONE_HIDDEN: bool;
    /// Whether the design is also compiled for f32.
    const F32: bool;

    /// Nodes per layer, the input first.
    fn layers(&self) -> &[usize];
    /// The loss.
    fn loss(&self) -> Loss;
    /// z = f(u) of a layer, as [`layer::activate`].
    fn activate<T: Real>(&self, layer: usize, u: &[T], z: &mut [T]);
    /// δ = error ⊙ f'(u) of a layer, as [`layer::deltas`].
    fn deltas<T: Real>(&self, layer: usize, error: &[T], u: &[T], z: &[T], delta: &mut [T]);
    /// The penalties and the clipping that the gradients have.
    fn shaping<T: Real>(&self, shaping: &Shaping<T>) -> ShapingForm;
    /// Whether samples have different weights in the loss.
    fn is_weighted(&self) -> bool;
    /// Whether outputs of hidden layers are dropped.
    fn drops(&self) -> bool;
    /// Whether a metric needs all samples together (see [`Measures::keeps`]).
    fn keeps(&self) -> bool;
    /// The next update of a rule with learning rate η, in the lanes of the mask.
    fn update<T: Real>(
        &self,
        rule: &mut Rule<T>,
        mask: T::Mask,
        rate: T::Wide,
        parameters: Flat<T>,
    );

    /// Where a layer's weights start among all parameters; its biases follow them.
    #[inline(always)]
    fn first_parameter(&self, layer: usize) -> usize {
        let before = &self.layers()[..=layer];
        let mut first = 0;
        for i in 0..layer {
            first += (before[i] + 1) * before[i + 1];
        }
        first
    }

    /// Where a layer's nodes start among those of all layers after the input.
    #[inline(always)]
    fn first_node(&self, layer: usize) -> usize {
        let mut first = 0;
        for &nodes in &self.layers()[1..=layer] {
            first += nodes;
        }
        first
    }

    /// How many layers follow the input.
    #[inline(always)]
    fn depth(&self) -> usize {
        self.layers().len() - 1
    }
}

/// Does `$body` for each layer after the input, from the first on or (`rev`) from the last. Where
/// the compiler knows the number of layers, there is no loop, so that it knows each layer's sizes.
macro_rules! for_layers {
    ($design:ident: $type:ident, $layer:ident => $body:block) => {
        if $type::ONE_HIDDEN {
            for_layers!(@one 0, $layer => $body);
            for_layers!(@one 1, $layer => $body);
        } else {
            for $layer in 0..$design.depth() $body
        }
    };
    (rev $design:ident: $type:ident, $layer:ident => $body:block) => {
        if $type::ONE_HIDDEN {
            for_layers!(@one 1, $layer => $body);
            for_layers!(@one 0, $layer => $body);
        } else {
            for $layer in (0..$design.depth()).rev() $body
        }
    };
    (@one $number:literal, $layer:ident => $body:block) => {{
        let $layer: usize = $number;
        $body
    }};
}
pub(super) use for_layers;

/// Room for numbers.
pub(super) trait Numbers<T>: AsRef<[T]> + AsMut<[T]> {
    /// `count` zeros. An array has its own length, whatever `count` is.
    fn zeros(count: usize) -> Self;
}

impl<T: Real> Numbers<T> for Vec<T> {
    fn zeros(count: usize) -> Self {
        vec![T::zero(); count]
    }
}

impl<T: Real, const N: usize> Numbers<T> for [T; N] {
    #[inline(always)]
    fn zeros(_: usize) -> Self {
        [T::zero(); N]
    }
}

/// The design of any task, known when the program runs.
pub(super) struct Any<'a>(pub Task<'a>);

impl Design for Any<'_> {
    type Parameters<T: Real> = Vec<T>;
    type Nodes<T: Real> = Vec<T>;
    type Sample<T: Real> = Vec<T>;
    const ONE_HIDDEN: bool = false;
    const F32: bool = true;

    #[inline(always)]
    fn layers(&self) -> &[usize] {
        &self.0.architecture.layers
    }

    #[inline(always)]
    fn loss(&self) -> Loss {
        self.0.settings.loss
    }

    #[inline(always)]
    fn activate<T: Real>(&self, layer: usize, u: &[T], z: &mut [T]) {
        layer::activate(self.0.architecture.activations[layer], u, z);
    }

    #[inline(always)]
    fn deltas<T: Real>(&self, layer: usize, error: &[T], u: &[T], z: &[T], delta: &mut [T]) {
        layer::deltas(self.0.architecture.activations[layer], error, u, z, delta);
    }

    #[inline(always)]
    fn shaping<T: Real>(&self, shaping: &Shaping<T>) -> ShapingForm {
        shaping.form()
    }

    #[inline(always)]
    fn is_weighted(&self) -> bool {
        !self.0.settings.class_weights.are_equal()
    }

    #[inline(always)]
    fn keeps(&self) -> bool {
        Measures::of(&self.0).keeps
    }

    #[inline(always)]
    fn drops(&self) -> bool {
        !self.0.settings.dropout.is_empty()
    }

    #[inline(always)]
    fn update<T: Real>(
        &self,
        rule: &mut Rule<T>,
        mask: T::Mask,
        rate: T::Wide,
        parameters: Flat<T>,
    ) {
        rule.update(mask, rate, parameters);
    }
}

/// The sizes of a network's layers, as types.
pub(super) trait Sizes {
    /// Nodes per layer, the input first.
    const LAYERS: &'static [usize];
    /// An array of a number per parameter.
    type Parameters<T: Real>: Numbers<T>;
    /// An array of a number per node after the input.
    type Nodes<T: Real>: Numbers<T>;
    /// An array of a number per input and per target.
    type Sample<T: Real>: Numbers<T>;
}

/// The design of the commonest small networks: these sizes, one of the common hidden activations,
/// an identity output, half the squared error and plain gradient descent, in f64.
pub(super) struct Known<S> {
    hidden: Hidden,
    sizes: PhantomData<S>,
}

/// The common hidden activations.
#[derive(Clone, Copy)]
enum Hidden {
    Sigmoid,
    Tanh,
    Relu,
}

impl Hidden {
    fn of(activation: Activation) -> Option<Self> {
        match activation {
            Activation::Sigmoid => Some(Self::Sigmoid),
            Activation::Tanh => Some(Self::Tanh),
            Activation::Relu => Some(Self::Relu),
            _ => None,
        }
    }
}

impl<S: Sizes> Known<S> {
    /// The design of a task; `None` if the task has another one.
    pub fn of(task: &Task<'_>) -> Option<Self> {
        let Task {
            architecture,
            settings,
            ..
        } = task;
        let &[hidden, Activation::Identity] = &architecture.activations[..] else {
            return None;
        };
        let fits = architecture.layers == S::LAYERS
            && settings.loss == Loss::HalfMse
            && settings.optimizer.terms() == OptimizerTerms::Sgd(sgd::Terms::PLAIN)
            && ShapingForm::of(settings) == ShapingForm::NONE
            && settings.dropout.is_empty()
            && !Measures::of(task).keeps
            && settings.precision == Precision::F64;
        let hidden = Hidden::of(hidden).filter(|_| fits)?;
        Some(Self {
            hidden,
            sizes: PhantomData,
        })
    }
}

impl<S: Sizes> Design for Known<S> {
    type Parameters<T: Real> = S::Parameters<T>;
    type Nodes<T: Real> = S::Nodes<T>;
    type Sample<T: Real> = S::Sample<T>;
    const ONE_HIDDEN: bool = true;
    const F32: bool = false;

    #[inline(always)]
    fn layers(&self) -> &[usize] {
        S::LAYERS
    }

    #[inline(always)]
    fn loss(&self) -> Loss {
        Loss::HalfMse
    }

    #[inline(always)]
    fn activate<T: Real>(&self, layer: usize, u: &[T], z: &mut [T]) {
        if layer == 1 {
            return layer::activate_by::<Identity, T>(u, z);
        }
        match self.hidden {
            Hidden::Sigmoid => layer::activate_by::<Sigmoid, T>(u, z),
            Hidden::Tanh => layer::activate_by::<Tanh, T>(u, z),
            Hidden::Relu => layer::activate_by::<Relu, T>(u, z),
        }
    }

    #[inline(always)]
    fn deltas<T: Real>(&self, layer: usize, error: &[T], u: &[T], z: &[T], delta: &mut [T]) {
        if layer == 1 {
            return layer::deltas_by::<Identity, T>(error, u, z, delta);
        }
        match self.hidden {
            Hidden::Sigmoid => layer::deltas_by::<Sigmoid, T>(error, u, z, delta),
            Hidden::Tanh => layer::deltas_by::<Tanh, T>(error, u, z, delta),
            Hidden::Relu => layer::deltas_by::<Relu, T>(error, u, z, delta),
        }
    }

    #[inline(always)]
    fn shaping<T: Real>(&self, _: &Shaping<T>) -> ShapingForm {
        ShapingForm::NONE
    }

    #[inline(always)]
    fn is_weighted(&self) -> bool {
        false
    }

    #[inline(always)]
    fn drops(&self) -> bool {
        false
    }

    #[inline(always)]
    fn keeps(&self) -> bool {
        false
    }

    #[inline(always)]
    fn update<T: Real>(&self, _: &mut Rule<T>, mask: T::Mask, rate: T::Wide, parameters: Flat<T>) {
        let factors = sgd::Factors::plain(T::narrow(rate));
        // Mostly every lane's batch ends at once: then the update needs no mask.
        if mask.all() {
            factors.descend(parameters.everywhere());
        } else {
            factors.descend(parameters);
        }
    }
}

/// Declares sizes that are known when the program is compiled.
macro_rules! sizes {
    ($($(#[$doc:meta])* $name:ident = $layers:expr;)*) => {
        $(
            $(#[$doc])*
            pub(super) struct $name;

            impl Sizes for $name {
                const LAYERS: &'static [usize] = &$layers;
                type Parameters<T: Real> = [T; parameters(&$layers)];
                type Nodes<T: Real> = [T; nodes(&$layers)];
                type Sample<T: Real> = [T; $layers[0] + $layers[$layers.len() - 1]];
            }
        )*
    };
}

sizes! {
    /// 2-3-1.
    Three = [2, 3, 1];
    /// 2-4-1.
    Four = [2, 4, 1];
    /// 2-8-1.
    Eight = [2, 8, 1];
}

/// How many weights and biases a network of these layers has.
const fn parameters(layers: &[usize]) -> usize {
    let (mut count, mut layer) = (0, 1);
    while layer < layers.len() {
        count += (layers[layer - 1] + 1) * layers[layer];
        layer += 1;
    }
    count
}

/// How many nodes follow the input.
const fn nodes(layers: &[usize]) -> usize {
    let (mut count, mut layer) = (0, 1);
    while layer < layers.len() {
        count += layers[layer];
        layer += 1;
    }
    count
}

/// Does `$body` with `$design` the design of a task if the compiler knows it; else does
/// `$otherwise`.
macro_rules! with_known {
    ($task:expr, $design:ident => $body:expr, else $otherwise:expr) => {
        with_known!($task, $design => $body, else $otherwise, Three Four Eight)
    };
    ($task:expr, $design:ident => $body:expr, else $otherwise:expr, $($sizes:ident)*) => {
        $(
            if let Some($design) = Known::<design::$sizes>::of($task) {
                $body
            } else
        )* {
            $otherwise
        }
    };
}
pub(super) use with_known;
