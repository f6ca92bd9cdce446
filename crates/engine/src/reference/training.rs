//! The training of one run: its epochs, each computed in one of several ways.

use crate::reference::session::Session;
use crate::run::course::{Course, EpochResult};
use crate::run::examples::Examples;
use crate::run::observer::Observer;
use crate::run::order::Order;
use crate::run::outcome::{Ending, Trained};
use crate::run::requests::{Listener, Requests};
use crate::run::state::{State, Within};
use crate::run::sums::{Measures, Sums};
use crate::run::task::Task;
use numbers::real::Scalar;

/// How an epoch of one run is computed. The bits are the same in every way.
pub trait Way<T: Scalar> {
    /// Trains the network with each of the batches in their order, until another thread asks
    /// something of the run. Returns how many samples have been learnt from. Their losses and
    /// metrics, each before its update, are added to `sums`.
    fn train(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        batches: Batches<'_>,
        measures: Measures<'_>,
        sums: &mut Sums<f64>,
        listener: Listener<'_>,
    ) -> usize;

    /// The sums of all samples of `data`, in their own order; `None` if the run is asked to end
    /// before.
    fn evaluate(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        measures: Measures<'_>,
        listener: Listener<'_>,
    ) -> Option<Sums<f64>>;
}

/// The samples of an epoch, batch by batch, and the learning rate.
#[derive(Debug, Clone, Copy)]
pub struct Batches<'a> {
    /// The samples in the order in which they are seen.
    pub order: &'a [u32],
    /// Samples of a batch; the last batch has the rest.
    pub size: usize,
    /// η.
    pub learning_rate: f64,
}

impl<'a> Batches<'a> {
    /// The batches, from first to last.
    #[inline(always)]
    pub fn iter(&self) -> impl Iterator<Item = &'a [u32]> + use<'a> {
        self.order.chunks(self.size)
    }
}

/// Draws the initial weights, or goes on from a state of the same task, and trains in this number
/// format and in this way.
///
/// # Panics
/// If the shapes of data, architecture, parameters and state do not fit.
pub fn train<T: Scalar>(
    task: &Task<'_>,
    way: &mut dyn Way<T>,
    state: Option<State>,
    requests: &Requests,
    observer: &mut dyn Observer,
) -> Trained<f64> {
    let mut run = RunInProgress::<T>::new(task, requests);
    if let Some(state) = state {
        run.resume(task, state);
    }
    let examples = |samples| Examples::new(samples).weighted(&run.session.class_weights);
    let mut train = examples(task.train);
    let mut valid = task.valid.map(examples);
    let measures = Measures::of(task);
    loop {
        run.begin_epoch();
        while run.trained < train.count() {
            let batches = Batches {
                order: &run.order.samples()[run.trained..],
                size: run.course.batch_size(),
                learning_rate: run.learning_rate,
            };
            let (session, sums) = (&mut run.session, &mut run.sums);
            run.trained += way.train(session, &mut train, batches, measures, sums, run.listener);
            if run.listener.hears() && run.answer(observer) {
                return run.interrupted();
            }
        }
        let mut validated = None;
        if let Some(data) = &mut valid {
            let Some(sums) = way.evaluate(&mut run.session, data, measures, run.listener) else {
                run.answer(observer);
                return run.interrupted();
            };
            validated = Some(sums.figures(measures, data.totals()));
        }
        let result = EpochResult {
            train: run.sums.figures(measures, train.totals()),
            valid: validated,
            finite: run.session.network.parameters.are_finite(),
        };
        if let Some(trained) = run.end_epoch(result, observer) {
            return trained;
        }
    }
}

/// A run that is being trained.
struct RunInProgress<'a, T: Scalar> {
    session: Session<T>,
    order: Order,
    course: Course<'a, T>,
    listener: Listener<'a>,
    /// The learning rate of the current epoch.
    learning_rate: f64,
    /// How many samples of the current epoch have been learnt from; 0 between two epochs.
    trained: usize,
    /// The sums of the losses and metrics of these samples.
    sums: Sums<f64>,
}

impl<'a, T: Scalar> RunInProgress<'a, T> {
    /// The run before its first epoch.
    fn new(task: &Task<'a>, requests: &'a Requests) -> Self {
        let (settings, samples) = (task.settings, task.train.x.nrows());
        Self {
            session: Session::of(task),
            order: Order::new(samples, settings.shuffle, task.shuffle_seed),
            course: Course::new(task, samples),
            listener: Listener::new(requests),
            learning_rate: settings.learning_rate,
            trained: 0,
            sums: Sums::zero(),
        }
    }

    /// Goes on from a state.
    fn resume(&mut self, task: &Task<'_>, state: State) {
        assert!(state.fits(task), "the caller promises a state of this task");
        self.session.resume(&state.learnt);
        self.order.resume(&state.order);
        self.course.resume(&state.course, &task.architecture.layers);
        if let Some(Within { trained, sums }) = state.within {
            (self.trained, self.sums) = (trained as usize, sums);
        }
    }

    /// The state that [`RunInProgress::resume`] goes on from.
    fn state(&self) -> State {
        let epoch = self.course.epoch();
        let within = (self.trained > 0).then(|| Within {
            trained: self.trained as u64,
            sums: self.sums.clone(),
        });
        State {
            course: self.course.state(epoch - u64::from(within.is_some())),
            within,
            learnt: self.session.learnt(),
            order: self.order.state(),
        }
    }

    /// Begins an epoch, or goes on in the middle of one.
    fn begin_epoch(&mut self) {
        self.learning_rate = self.course.begin_epoch();
        self.session.begin_epoch(self.course.epoch());
        if self.trained == 0 {
            self.order.next_epoch();
            self.sums = Sums::zero();
        } else {
            self.session.skip(self.trained as u64);
        }
    }

    /// Answers what another thread asks, after a batch. Returns whether the run is to end.
    fn answer(&mut self, observer: &mut dyn Observer) -> bool {
        let ends = self.listener.answer();
        if observer.wants_state() {
            observer.keep(self.state());
        }
        ends
    }

    /// Ends the epoch with these figures. Returns the result of the run if it ends.
    fn end_epoch(
        &mut self,
        result: EpochResult,
        observer: &mut dyn Observer,
    ) -> Option<Trained<f64>> {
        self.trained = 0;
        let parameters = || self.session.network.parameters.clone();
        let trained = self
            .course
            .end_epoch(result, parameters, &mut |row| observer.epoch(row))?;
        if trained.ending == Ending::Interrupted && observer.wants_state() {
            observer.keep(self.state());
        }
        Some(trained)
    }

    fn interrupted(&self) -> Trained<f64> {
        let parameters = || self.session.network.parameters.clone();
        self.course.interrupted(parameters)
    }
}
