//! The training of a pack: epochs in lockstep, a queue that refills the lanes.

use super::super::gradient::{Shaping, share};
use super::super::metric::Metric;
use super::super::network::Parameters;
use super::super::optimizer::Rule;
use super::super::real::{Mask, Real, Scalar};
use super::super::stopping::Watch;
use super::super::train::{
    Ending, EpochRow, Examples, MAX_METRICS, Order, Task, Trained, metric_figures,
};
use super::network::Networks;
use super::sizes::{Any, Sizes};
use super::{Form, Queue};

/// Samples that are gathered at a time, for all lanes.
const CHUNK: usize = 64;

/// No vector has more lanes.
const MAX_LANES: usize = 16;

/// Trains the runs of a queue whose first has already been taken.
#[inline(always)]
pub(super) fn train<'a, T: Real>(run: usize, task: Task<'a>, queue: &mut dyn Queue<'a>) {
    train_sized::<T, _>(&Any(&task.architecture.layers), run, task, queue);
}

/// The run of one lane.
struct Lane<'a, S> {
    run: usize,
    task: Task<'a>,
    order: Order,
    watch: Watch,
    restored: Option<Parameters<S>>,
    batch_size: usize,
    epoch: u64,
    updates: u64,
    learning_rate: f64,
    /// Samples of this epoch after which the lane's next update comes.
    next_update: usize,
}

#[inline(always)]
fn train_sized<'a, T: Real, S: Sizes>(
    sizes: &S,
    run: usize,
    task: Task<'a>,
    queue: &mut dyn Queue<'a>,
) {
    let form = Form::of(&task);
    let train = Examples::<T::Scalar>::new(task.train);
    let valid = task.valid.map(Examples::<T::Scalar>::new);
    let mut crew = Crew {
        sizes,
        task,
        networks: Networks::new(sizes.layers(), task.settings.optimizer.slots().len()),
        rule: Rule::new(task.settings.optimizer),
        shaping: Shaping::new(task.settings),
        rates: T::Wide::zero(),
        shares: [T::one(); 2],
        lanes: (0..T::LANES).map(|_| None).collect(),
        gathered: Vec::new(),
        train: &train,
    };
    crew.start(0, run, task);
    loop {
        for lane in 0..T::LANES {
            if crew.lanes[lane].is_some() {
                continue;
            }
            if let Some((run, task)) = queue.next() {
                assert_eq!(form, Form::of(&task), "a queue's tasks have one form");
                crew.start(lane, run, task);
            }
        }
        if crew.lanes.iter().all(Option::is_none) {
            return;
        }
        crew.begin_epoch();
        // First the training data, then the validation data if there is any.
        let mut sums = [Sums::new(), Sums::new()];
        let tried = std::iter::once(None).chain(valid.as_ref().map(Some));
        for (sums, data) in sums.iter_mut().zip(tried) {
            *sums = crew.pass(data);
        }
        let [trained, tried] = sums;
        crew.end_epoch(&trained, valid.as_ref().map(|data| (&tried, data)), queue);
    }
}

/// The lanes and what they share.
struct Crew<'c, 'a, T: Real, S> {
    sizes: &'c S,
    /// The first run's task: its architecture, loss and metrics are everyone's.
    task: Task<'a>,
    networks: Networks<T>,
    rule: Rule<T>,
    shaping: Shaping<T>,
    rates: T::Wide,
    /// 1 / the terms of a whole batch, and of the last batch of an epoch.
    shares: [T; 2],
    lanes: Vec<Option<Lane<'a, T::Scalar>>>,
    /// Inputs and targets of a chunk of samples, each lane its own.
    gathered: Vec<T>,
    train: &'c Examples<T::Scalar>,
}

/// Losses and metrics of samples, summed in f64 from the first sample to the last.
struct Sums<W> {
    loss: W,
    metrics: [W; MAX_METRICS],
}

/// What the validation data gave, and that data.
type Tried<'s, T> = (
    &'s Sums<<T as Real>::Wide>,
    &'s Examples<<T as Real>::Scalar>,
);

impl<'a, T: Real, S: Sizes> Crew<'_, 'a, T, S> {
    /// Puts a run into a lane.
    fn start(&mut self, lane: usize, run: usize, task: Task<'a>) {
        let settings = task.settings;
        let layers = self.sizes.layers();
        let start = task.init.parameters(layers, task.init_seed);
        self.networks.start_lane(lane, &start.convert());
        self.rule.start_lane(lane, settings.optimizer);
        self.shaping.start_lane(lane, settings);
        let count = self.train.count();
        let batch_size = settings.batch_size.samples(count);
        let last_size = count - (count - 1) / batch_size * batch_size;
        let outputs = layers[layers.len() - 1];
        for (shares, size) in self.shares.iter_mut().zip([batch_size, last_size]) {
            let share = share::<T::Scalar>(settings.loss.terms(size, outputs));
            *shares = shares.with_lane(lane, share);
        }
        self.lanes[lane] = Some(Lane {
            run,
            task,
            order: Order::new(count, settings.shuffle, task.shuffle_seed),
            watch: Watch::new(settings),
            restored: None,
            batch_size,
            epoch: 0,
            updates: 0,
            learning_rate: settings.learning_rate,
            next_update: 0,
        });
    }

    fn begin_epoch(&mut self) {
        for (i, lane) in self.lanes.iter_mut().enumerate() {
            let Some(lane) = lane else { continue };
            lane.epoch += 1;
            lane.order.next_epoch();
            lane.next_update = lane.batch_size.min(self.train.count());
            let settings = lane.task.settings;
            lane.learning_rate = settings
                .schedule
                .learning_rate(settings.learning_rate, lane.epoch);
            self.rates = self.rates.with_lane(i, lane.learning_rate);
        }
    }

    /// One epoch of all lanes; or, with data to be tried on, its loss and metrics. One loop for both,
    /// since the compiler makes a copy of the network's whole vocabulary for each.
    #[inline(always)]
    fn pass(&mut self, tried: Option<&Examples<T::Scalar>>) -> Sums<T::Wide> {
        let loss = self.task.settings.loss;
        let activations = &self.task.architecture.activations[..];
        let features = self.sizes.layers()[0];
        let data = tried.unwrap_or(self.train);
        let (count, width) = (data.count(), data.width());
        let mut sums = Sums::new();
        let (mut first, mut gathered, mut next_update) = (0, 0, self.next_update());
        for sample in 0..count {
            if sample == gathered {
                (first, gathered) = (sample, (sample + CHUNK).min(count));
                match tried {
                    None => self.gather(first, gathered),
                    Some(data) => self.spread(data, first, gathered),
                }
            }
            let row = &self.gathered[(sample - first) * width..][..width];
            let (x, targets) = row.split_at(features);
            self.networks.forward(self.sizes, activations, x);
            sums.add(&self.task, self.networks.predictions(self.sizes), targets);
            if tried.is_none() {
                self.networks
                    .backward(self.sizes, activations, loss, x, targets);
                if sample + 1 == next_update {
                    self.update(sample + 1);
                    next_update = self.next_update();
                }
            }
        }
        sums
    }

    /// The sample after which some lane's batch ends.
    #[inline(always)]
    fn next_update(&self) -> usize {
        let count = self.train.count();
        let lanes = self.lanes.iter().flatten();
        lanes.fold(count, |next, lane| next.min(lane.next_update))
    }

    /// Updates the lanes whose batch ends after this sample.
    #[inline(always)]
    fn update(&mut self, sample: usize) {
        let count = self.train.count();
        let mut mask = T::Mask::splat(false);
        let mut idle = mask;
        for (i, lane) in self.lanes.iter_mut().enumerate() {
            match lane {
                Some(lane) if lane.next_update == sample => {
                    mask = mask.with_lane(i, true);
                    lane.next_update = (sample + lane.batch_size).min(count);
                    lane.updates += 1;
                }
                Some(_) => {}
                None => idle = idle.with_lane(i, true),
            }
        }
        // What an idle lane holds is of no account: if all others agree, no lane is masked.
        if mask.or(idle).all() {
            mask = T::Mask::splat(true);
        }
        let share = self.shares[usize::from(sample == count)];
        let factors = self.rule.advance(mask, self.rates);
        self.networks
            .update(self.sizes, &self.shaping, share, mask, factors);
    }

    /// Each lane's own samples `first..last` of its order; an idle lane sees some other's.
    #[inline(always)]
    fn gather(&mut self, first: usize, last: usize) {
        let width = self.train.width();
        self.gathered.resize(CHUNK * width, T::zero());
        let some = self.lanes.iter().flatten().next();
        let some = some
            .expect("an epoch is trained for some run")
            .order
            .samples();
        let mut orders = [&some[first..last]; MAX_LANES];
        for (order, lane) in orders.iter_mut().zip(&self.lanes) {
            if let Some(lane) = lane {
                *order = &lane.order.samples()[first..last];
            }
        }
        for place in 0..last - first {
            let mut rows = [self.train.row(0); MAX_LANES];
            for (row, order) in rows[..T::LANES].iter_mut().zip(&orders) {
                *row = self.train.row(order[place] as usize);
            }
            let values = &mut self.gathered[place * width..][..width];
            for (column, value) in values.iter_mut().enumerate() {
                *value = T::from_lanes(|lane| rows[lane][column]);
            }
        }
    }

    /// Samples `first..last` of data, each the same for all lanes.
    #[inline(always)]
    fn spread(&mut self, data: &Examples<T::Scalar>, first: usize, last: usize) {
        let width = data.width();
        self.gathered.resize(CHUNK * width, T::zero());
        for place in 0..last - first {
            let values = &mut self.gathered[place * width..][..width];
            for (value, &number) in values.iter_mut().zip(data.row(first + place)) {
                *value = T::splat(number);
            }
        }
    }

    /// What the epoch means for each lane's run.
    fn end_epoch(
        &mut self,
        trained: &Sums<T::Wide>,
        tried: Option<Tried<'_, T>>,
        queue: &mut dyn Queue<'a>,
    ) {
        let finite = self.networks.finite();
        let layers = self.sizes.layers();
        let outputs = layers[layers.len() - 1];
        for i in 0..T::LANES {
            let Some(lane) = &mut self.lanes[i] else {
                continue;
            };
            let settings = lane.task.settings;
            let (train_loss, train_metrics) =
                trained.figures(i, settings.loss, &settings.metrics, self.train, outputs);
            let valid = tried.map(|(sums, data)| {
                sums.figures(i, settings.loss, &settings.metrics, data, outputs)
            });
            let valid_loss = valid.map(|(loss, _)| loss);
            let mut ending = None;
            if finite.lane(i) && train_loss.is_finite() && valid_loss.is_none_or(f64::is_finite) {
                let row = EpochRow {
                    epoch: lane.epoch,
                    updates: lane.updates,
                    samples: lane.epoch * self.train.count() as u64,
                    learning_rate: lane.learning_rate,
                    train_loss,
                    valid_loss,
                    train_metrics,
                    valid_metrics: valid.map_or([f64::NAN; MAX_METRICS], |(_, metrics)| metrics),
                };
                let verdict = lane.watch.observe(&row);
                if verdict.improved && lane.watch.restores() {
                    lane.restored = Some(self.networks.parameters(i, layers));
                }
                if queue.observe(lane.run, &row).is_break() {
                    ending = Some(Ending::Interrupted);
                } else if lane.epoch == settings.epochs {
                    ending = Some(Ending::Finished);
                } else if verdict.stop {
                    ending = Some(Ending::Stopped { epoch: lane.epoch });
                }
            } else {
                ending = Some(Ending::Diverged {
                    epoch: lane.epoch,
                    updates: lane.updates,
                });
            }
            if let Some(ending) = ending {
                let last = || self.networks.parameters(i, layers);
                let parameters = lane.restored.take().unwrap_or_else(last).convert();
                let trained = Trained {
                    parameters,
                    ending,
                    best: lane.watch.best(),
                };
                queue.done(lane.run, trained);
                self.lanes[i] = None;
                self.networks.stop_lane(i);
            }
        }
    }
}

impl<W: Real<Scalar = f64>> Sums<W> {
    fn new() -> Self {
        Self {
            loss: W::zero(),
            metrics: [W::zero(); MAX_METRICS],
        }
    }

    #[inline(always)]
    fn add<T: Real<Wide = W>>(&mut self, task: &Task<'_>, predictions: &[T], targets: &[T]) {
        let loss = task.settings.loss;
        self.loss += loss.value(predictions, targets).widen();
        for (sum, metric) in self.metrics.iter_mut().zip(&task.settings.metrics) {
            *sum += metric.term(loss, predictions, targets).widen();
        }
    }

    /// The mean loss and the metrics of a lane.
    fn figures<T: Scalar>(
        &self,
        lane: usize,
        loss: super::super::loss::Loss,
        metrics: &[Metric],
        data: &Examples<T>,
        outputs: usize,
    ) -> (f64, [f64; MAX_METRICS]) {
        let sums = self.metrics.map(|sum| sum.lane(lane));
        (
            self.loss.lane(lane) / data.count() as f64,
            metric_figures(loss, metrics, sums, data, outputs),
        )
    }
}
