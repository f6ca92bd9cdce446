//! The training of a pack: epochs in lockstep, a queue that refills the lanes.

use super::design::{Design, Numbers};
use super::network::Networks;
use super::orders::Orders;
use super::rows::SampleRows;
use super::{Form, Queue};
use crate::reference::network::Parameters;
use crate::reference::shaping::{Shaping, share};
use crate::run::stopping::Watch;
use crate::train::{Ending, EpochRow, MAX_METRICS, Task, Trained, metric_figures};
use crate::words::loss::Loss;
use crate::words::metric::Metric;
use crate::words::optimizer::Rule;
use numbers::real::{MAX_LANES, Mask, Real, Scalar};

/// Samples that are gathered at a time, for all lanes.
const CHUNK: usize = 64;

/// The run of one lane.
pub(super) struct Lane<'a, S> {
    run: usize,
    task: Task<'a>,
    watch: Watch,
    restored: Option<Parameters<S>>,
    pub(super) batch_size: usize,
    epoch: u64,
    updates: u64,
    learning_rate: f64,
}

/// How the samples are walked.
pub(super) trait Walk<T: Real, D: Design> {
    /// See [`Crew::pass`].
    fn pass(crew: &mut Crew<'_, '_, T, D>, tried: Option<&SampleRows<T::Scalar>>) -> Sums<T::Wide>;
}

/// One after the other.
pub(super) struct OneByOne;

impl<T: Real, D: Design> Walk<T, D> for OneByOne {
    #[inline(always)]
    fn pass(crew: &mut Crew<'_, '_, T, D>, tried: Option<&SampleRows<T::Scalar>>) -> Sums<T::Wide> {
        crew.pass(tried)
    }
}

/// Trains the runs of a queue whose first has already been taken.
#[inline(always)]
pub(super) fn train<'a, T: Real, D: Design, W: Walk<T, D>>(
    design: &D,
    run: usize,
    task: Task<'a>,
    queue: &mut dyn Queue<'a>,
) {
    let form = Form::of(&task);
    let train = SampleRows::<T::Scalar>::new(task.train);
    let valid = task.valid.map(SampleRows::<T::Scalar>::new);
    let mut crew = Crew {
        design,
        task,
        networks: Networks::new(design.layers(), task.settings.optimizer.slots().len()),
        rule: Rule::new(task.settings.optimizer),
        shaping: Shaping::new(task.settings),
        rates: T::Wide::zero(),
        shares: [T::one(); 2],
        lanes: (0..T::LANES).map(|_| None).collect(),
        batches: Batches::new(train.count()),
        orders: Orders::new(T::LANES, train.count()),
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
            *sums = W::pass(&mut crew, data);
        }
        let [trained, tried] = sums;
        let finite = crew.networks.finite();
        let tried = valid.as_ref().map(|data| (&tried, data));
        crew.end_epoch(finite, &trained, tried, queue);
    }
}

/// The lanes and what they share.
pub(super) struct Crew<'c, 'a, T: Real, D: Design> {
    pub(super) design: &'c D,
    /// The first run's task: its architecture, loss and metrics are everyone's.
    pub(super) task: Task<'a>,
    pub(super) networks: Networks<T, D>,
    pub(super) rule: Rule<T>,
    pub(super) shaping: Shaping<T>,
    pub(super) rates: T::Wide,
    /// 1 / the terms of a whole batch, and of the last batch of an epoch.
    pub(super) shares: [T; 2],
    pub(super) lanes: Vec<Option<Lane<'a, T::Scalar>>>,
    batches: Batches,
    pub(super) orders: Orders,
    /// Inputs and targets of a chunk of samples, each number of all lanes side by side.
    gathered: Vec<T::Scalar>,
    pub(super) train: &'c SampleRows<T::Scalar>,
}

/// Where the batches of an epoch end.
#[derive(Clone, Copy)]
struct Batches {
    /// Samples of an epoch.
    count: usize,
    /// Samples of a batch of each lane.
    sizes: [usize; MAX_LANES],
    /// For each lane, the samples after which its batch ends.
    ends: [usize; MAX_LANES],
    /// The least of these.
    end: usize,
    /// Whether all lanes have the same batch size.
    equal: bool,
}

impl Batches {
    fn new(count: usize) -> Self {
        Self {
            count,
            sizes: [count; MAX_LANES],
            ends: [count; MAX_LANES],
            end: count,
            equal: true,
        }
    }

    /// A new epoch of lanes of these batch sizes; `None` for an idle lane.
    fn begin_epoch(&mut self, sizes: impl Iterator<Item = Option<usize>> + Clone) {
        let some = sizes.clone().flatten().next().unwrap_or(self.count);
        // What an idle lane holds is of no account.
        let sizes = sizes.chain(std::iter::repeat(None));
        let all = self.sizes.iter_mut().zip(&mut self.ends);
        for ((size, end), lane) in all.zip(sizes) {
            *size = lane.unwrap_or(some);
            *end = self.count.min(*size);
        }
        self.equal = self.sizes.iter().all(|&size| size == some);
        self.end = *self.ends.iter().min().expect("a pack has lanes");
    }

    /// The samples after which some lane's batch ends.
    #[inline(always)]
    fn end(&self) -> usize {
        self.end
    }

    /// The lanes whose batch ends here; their next batch begins.
    #[inline(always)]
    fn next<M: Mask>(&mut self) -> M {
        if self.equal {
            self.end = (self.end + self.sizes[0]).min(self.count);
            return M::splat(true);
        }
        let mut mask = M::splat(false);
        let mut next = self.count;
        for lane in 0..M::LANES {
            if self.ends[lane] == self.end {
                mask = mask.with_lane(lane, true);
                self.ends[lane] = (self.end + self.sizes[lane]).min(self.count);
            }
            next = next.min(self.ends[lane]);
        }
        self.end = next;
        mask
    }
}

/// Room for a chunk of samples of `numbers` numbers.
#[inline(always)]
fn room<T: Scalar>(gathered: &mut Vec<T>, numbers: usize) -> &mut [T] {
    gathered.resize(CHUNK * numbers, T::ZERO);
    gathered
}

/// Losses and metrics of samples, summed in f64 from the first sample to the last.
pub(super) struct Sums<W> {
    pub(super) loss: W,
    pub(super) metrics: [W; MAX_METRICS],
}

/// What the validation data gave, and that data.
type Tried<'s, T> = (
    &'s Sums<<T as Real>::Wide>,
    &'s SampleRows<<T as Real>::Scalar>,
);

impl<'a, T: Real, D: Design> Crew<'_, 'a, T, D> {
    /// Puts a run into a lane.
    fn start(&mut self, lane: usize, run: usize, task: Task<'a>) {
        let settings = task.settings;
        let layers = self.design.layers();
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
        self.orders.start_lane(lane, &task);
        self.lanes[lane] = Some(Lane {
            run,
            task,
            watch: Watch::new(settings),
            restored: None,
            batch_size,
            epoch: 0,
            updates: 0,
            learning_rate: settings.learning_rate,
        });
    }

    fn begin_epoch(&mut self) {
        self.orders.next_epoch();
        let count = self.train.count();
        for (i, lane) in self.lanes.iter_mut().enumerate() {
            let Some(lane) = lane else { continue };
            lane.epoch += 1;
            lane.updates += count.div_ceil(lane.batch_size) as u64;
            let settings = lane.task.settings;
            lane.learning_rate = settings
                .schedule
                .learning_rate(settings.learning_rate, lane.epoch);
            self.rates = self.rates.with_lane(i, lane.learning_rate);
        }
        let sizes = self
            .lanes
            .iter()
            .map(|lane| Some(lane.as_ref()?.batch_size));
        self.batches.begin_epoch(sizes);
    }

    /// One epoch of all lanes; or, with data to be tried on, its loss and metrics. One loop for both,
    /// since the compiler makes a copy of the network's whole vocabulary for each.
    #[inline(always)]
    pub(super) fn pass(&mut self, tried: Option<&SampleRows<T::Scalar>>) -> Sums<T::Wide> {
        let layers = self.design.layers();
        let (features, outputs) = (layers[0], layers[layers.len() - 1]);
        let width = features + self.design.loss().targets(outputs);
        let metrics = &self.task.settings.metrics[..];
        let data = tried.unwrap_or(self.train);
        assert_eq!(width, data.width(), "the data fit the network");
        let count = data.count();
        let mut sums = Sums::new();
        // The compiler keeps in registers what nobody else can see.
        let mut networks = self.networks.take();
        let mut rule = self.rule;
        let mut batches = self.batches;
        let mut row = D::Sample::zeros(width);
        let (mut first, mut gathered) = (0, 0);
        for sample in 0..count {
            if sample == gathered {
                (first, gathered) = (sample, (sample + CHUNK).min(count));
                match tried {
                    None => self.gather(width, first, gathered),
                    Some(data) => self.spread(data, first, gathered),
                }
            }
            let place = &self.gathered[(sample - first) * width * T::LANES..];
            for (value, lanes) in row.as_mut().iter_mut().zip(place.chunks_exact(T::LANES)) {
                *value = T::load(lanes);
            }
            let (x, targets) = row.as_ref().split_at(features);
            networks.forward(self.design, x);
            let predictions = networks.predictions(self.design);
            sums.add(self.design.loss(), metrics, predictions, targets);
            if tried.is_none() {
                networks.backward(self.design, x, targets);
                if sample + 1 == batches.end() {
                    let share = self.shares[usize::from(sample + 1 == count)];
                    let mask = batches.next();
                    let (shaping, rates) = (&self.shaping, self.rates);
                    networks.update(self.design, shaping, &mut rule, share, mask, rates);
                }
            }
        }
        self.networks = networks;
        self.rule = rule;
        sums
    }

    /// Each lane's own samples `first..last` of its order, of `width` numbers.
    #[inline(always)]
    fn gather(&mut self, width: usize, first: usize, last: usize) {
        let gathered = room(&mut self.gathered, width * T::LANES);
        let orders = self.orders.places(first, last).chunks_exact(T::LANES);
        let places = gathered.chunks_exact_mut(width * T::LANES);
        for (place, samples) in places.zip(orders) {
            for (lane, &sample) in samples.iter().enumerate() {
                let row = &self.train.row(sample as usize)[..width];
                for (lanes, &number) in place.chunks_exact_mut(T::LANES).zip(row) {
                    lanes[lane] = number;
                }
            }
        }
    }

    /// Samples `first..last` of data, each the same for all lanes.
    #[inline(always)]
    fn spread(&mut self, data: &SampleRows<T::Scalar>, first: usize, last: usize) {
        let width = data.width();
        let gathered = room(&mut self.gathered, width * T::LANES);
        let places = gathered.chunks_exact_mut(width * T::LANES);
        for (place, sample) in places.zip(first..last) {
            for (lanes, &number) in place.chunks_exact_mut(T::LANES).zip(data.row(sample)) {
                lanes.fill(number);
            }
        }
    }

    /// What the epoch means for each lane's run; `finite`: whose parameters are.
    fn end_epoch(
        &mut self,
        finite: T::Mask,
        trained: &Sums<T::Wide>,
        tried: Option<Tried<'_, T>>,
        queue: &mut dyn Queue<'a>,
    ) {
        let layers = self.design.layers();
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
                    kept: lane.watch.kept(),
                };
                queue.done(lane.run, trained);
                self.lanes[i] = None;
                self.networks.stop_lane(i);
                self.orders.stop_lane(i);
            }
        }
    }
}

impl<W: Real<Scalar = f64>> Sums<W> {
    pub(super) fn new() -> Self {
        Self {
            loss: W::zero(),
            metrics: [W::zero(); MAX_METRICS],
        }
    }

    #[inline(always)]
    fn add<T: Real<Wide = W>>(
        &mut self,
        loss: Loss,
        metrics: &[Metric],
        predictions: &[T],
        targets: &[T],
    ) {
        self.loss += loss.value(predictions, targets).widen();
        for (sum, metric) in self.metrics.iter_mut().zip(metrics) {
            *sum += metric.term(loss, predictions, targets).widen();
        }
    }

    /// The mean loss and the metrics of a lane.
    fn figures<T: Scalar>(
        &self,
        lane: usize,
        loss: Loss,
        metrics: &[Metric],
        data: &SampleRows<T>,
        outputs: usize,
    ) -> (f64, [f64; MAX_METRICS]) {
        let sums = self.metrics.map(|sum| sum.lane(lane));
        (
            self.loss.lane(lane) / data.count() as f64,
            metric_figures(
                loss,
                metrics,
                sums,
                data.count(),
                outputs,
                data.total_squares(),
            ),
        )
    }
}
