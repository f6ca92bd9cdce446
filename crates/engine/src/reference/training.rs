//! The training of one run: its epochs, each computed in one of several ways.

use core::ops::ControlFlow;

use crate::reference::session::Session;
use crate::run::course::{Course, EpochResult};
use crate::run::examples::Examples;
use crate::run::order::Order;
use crate::run::outcome::{EpochRow, Trained};
use crate::run::sums::{Measures, Sums};
use crate::run::task::Task;
use numbers::real::Scalar;

/// How an epoch of one run is computed. The bits are the same in every way.
pub trait Way<T: Scalar> {
    /// Trains the network with each of the batches, in their order. The sums are those of the
    /// samples, each before its update.
    fn train(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        batches: Batches<'_>,
        measures: Measures<'_>,
    ) -> Sums<f64>;

    /// The sums of all samples of `data`, in their own order.
    fn evaluate(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        measures: Measures<'_>,
    ) -> Sums<f64>;
}

/// The samples of an epoch, batch by batch, and the learning rate.
#[derive(Debug, Clone, Copy)]
pub struct Batches<'a> {
    /// The samples in the order in which they are seen.
    pub order: &'a [u32],
    /// Samples of a batch; the last batch has what is left.
    pub size: usize,
    /// η.
    pub learning_rate: f64,
}

impl<'a> Batches<'a> {
    /// The batches from first to last.
    #[inline(always)]
    pub fn iter(&self) -> impl Iterator<Item = &'a [u32]> + use<'a> {
        self.order.chunks(self.size)
    }
}

/// Draws the initial weights and trains in this number format and in this way.
///
/// # Panics
/// If the shapes of data, architecture and parameters do not fit.
pub fn train<T: Scalar>(
    task: &Task<'_>,
    way: &mut dyn Way<T>,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    let settings = task.settings;
    let measures = Measures::of(task);
    let mut session = Session::<T>::of(task);
    let examples = |samples| Examples::new(samples).weighted(&session.class_weights);
    let mut train = examples(task.train);
    let mut valid = task.valid.map(examples);
    let mut order = Order::new(train.count(), settings.shuffle, task.shuffle_seed);
    let mut course = Course::new(task, train.count());
    loop {
        let batches = Batches {
            learning_rate: course.begin_epoch(),
            order: order.next_epoch(),
            size: course.batch_size(),
        };
        session.begin_epoch(course.epoch());
        let sums = way.train(&mut session, &mut train, batches, measures);
        let trained = sums.figures(measures, train.totals());
        let validated = valid.as_mut().map(|data| {
            let sums = way.evaluate(&mut session, data, measures);
            sums.figures(measures, data.totals())
        });
        let result = EpochResult {
            train: trained,
            valid: validated,
            finite: session.network.parameters.are_finite(),
        };
        let parameters = || session.network.parameters.clone();
        if let Some(trained) = course.end_epoch(result, parameters, observer) {
            return trained;
        }
    }
}
