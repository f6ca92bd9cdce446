//! A run that is trained again, step by step.

use super::gradients::Gradients;
use crate::reference::parts::{self, Part};
use crate::reference::session::Session;
use crate::run::course::Course;
use crate::run::dropout::Dropout;
use crate::run::examples::Examples;
use crate::run::order::Order;
use crate::run::task::Task;
use alloc::vec::Vec;
use numbers::Product;
use numbers::dispatch::Format;

/// A run that is being trained again. The steps of an epoch are counted from 0.
pub(super) struct Replay<'a, T: Product> {
    /// The network that learns.
    pub session: Session<T>,
    /// The samples that it learns from.
    pub data: Examples<'a, T>,
    gradients: Gradients<T>,
    order: Order,
    course: Course<'a, T>,
    learning_rate: f64,
    /// The stream of dropout before the last batch, where outputs are dropped.
    dropout: Option<Dropout<T>>,
}

impl<'a, T: Product + Format> Replay<'a, T> {
    /// The run before its first epoch.
    pub fn new(task: &Task<'a>) -> Self {
        let Task {
            architecture,
            settings,
            ..
        } = *task;
        let session = Session::of(task);
        let data = Examples::new(task.train);
        let course = Course::new(task, data.count());
        Self {
            dropout: session.dropout.clone(),
            session,
            gradients: Gradients::new(architecture, course.batch_size()),
            order: Order::new(data.count(), settings.shuffle, task.shuffle_seed),
            learning_rate: settings.learning_rate,
            data,
            course,
        }
    }

    /// Goes to the next epoch.
    pub fn next_epoch(&mut self) {
        self.learning_rate = self.course.begin_epoch();
        self.order.next_epoch();
        self.session.begin_epoch(self.course.epoch());
    }

    /// The epoch, from 1.
    pub fn epoch(&self) -> u64 {
        self.course.epoch()
    }

    /// η of this epoch.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// The samples of each step of this epoch.
    pub fn batches(&self) -> Vec<Vec<u32>> {
        let batches = self.order.samples().chunks(self.course.batch_size());
        batches.map(<[u32]>::to_vec).collect()
    }

    /// Updates up to and including this epoch.
    pub fn updates(&self) -> u64 {
        self.course.updates()
    }

    /// Trains one whole step.
    pub fn step(&mut self, batch: &[u32]) {
        self.gradients(batch);
        self.finish(batch);
    }

    /// Computes the summed gradients of a batch; returns the sum of its losses.
    pub fn gradients(&mut self, batch: &[u32]) -> f64 {
        self.dropout.clone_from(&self.session.dropout);
        self.gradients.sum(&mut self.session, &mut self.data, batch)
    }

    /// The rest of a step, after the gradients: mean, penalties, clipping and update.
    pub fn finish(&mut self, batch: &[u32]) {
        let parts = Part::all(batch.len(), self.learning_rate);
        parts::finish(&mut self.session, &parts);
    }

    /// The loss of each sample of the last batch with the current parameters.
    pub fn losses(&mut self, batch: &[u32]) -> Vec<f64> {
        let mut session = self.session.clone();
        session.dropout.clone_from(&self.dropout);
        parts::accumulate(&mut session, &mut self.data, batch)
    }
}
