//! The lanes: their epochs in lockstep, and a queue that refills them.

use super::design::{Design, Numbers};
use super::dropout::Masks;
use super::network::Networks;
use super::orders::Orders;
use super::queue::{Numbered, Queue, Signature};
use super::rows::SampleRows;
use crate::reference::shaping::{Shaping, mean_factor};
use crate::run::course::{Course, EpochResult};
use crate::run::outcome::Ending;
use crate::run::requests::Listener;
use crate::run::state::{CourseState, State};
use crate::run::sums::{Measures, Sums};
use crate::run::task::Task;
use crate::words::optimizer::Rule;
use alloc::vec::Vec;
use numbers::real::{MAX_LANES, Mask, Real, Scalar};

/// Samples that are gathered at a time, for all lanes.
const CHUNK: usize = 64;

/// The run of one lane.
pub(super) struct Lane<'a, S> {
    run: usize,
    pub(super) course: Course<'a, S>,
}

/// In which order the samples of an epoch are visited.
pub(super) trait Traversal<T: Real, D: Design> {
    /// One epoch of all lanes, as [`Crew::epoch`] describes it.
    fn epoch(crew: &mut Crew<'_, '_, T, D>, valid: Option<&SampleRows<T::Scalar>>)
    -> Sums<T::Wide>;
}

/// The samples of an epoch one after the other.
pub(super) struct OneByOne;

impl<T: Real, D: Design> Traversal<T, D> for OneByOne {
    #[inline(always)]
    fn epoch(
        crew: &mut Crew<'_, '_, T, D>,
        valid: Option<&SampleRows<T::Scalar>>,
    ) -> Sums<T::Wide> {
        crew.epoch(valid)
    }
}

/// Trains a run and those that follow in its queue.
#[inline(always)]
pub(super) fn train<'a, T: Real, D: Design, W: Traversal<T, D>>(
    design: &D,
    first: Numbered<'a>,
    queue: &mut dyn Queue<'a>,
) {
    let (run, task) = first;
    let signature = Signature::of(&task);
    let class_weights = if design.is_weighted() {
        task.class_weights()
    } else {
        Vec::new()
    };
    let rows = |samples| SampleRows::<T::Scalar>::new(samples, &class_weights);
    let train = rows(task.train);
    let valid = task.valid.map(rows);
    let mut crew = Crew {
        design,
        task,
        networks: Networks::new(design.layers(), task.settings.optimizer.slots().len()),
        rule: Rule::new(task.settings.optimizer),
        shaping: Shaping::new(task.settings),
        rates: T::Wide::zero(),
        mean_factors: [T::one(); 2],
        lanes: (0..T::LANES).map(|_| None).collect(),
        batches: Batches::new(train.count()),
        orders: Orders::new(T::LANES, train.count()),
        masks: design
            .drops()
            .then(|| Masks::new(T::LANES, design.layers())),
        gathered: Vec::new(),
        train: &train,
        listener: Listener::new(queue.requests()),
        ended: false,
    };
    crew.start(0, run, task, queue.state(run));
    loop {
        for lane in 0..T::LANES {
            if crew.lanes[lane].is_some() {
                continue;
            }
            if let Some((run, task)) = queue.next() {
                let same = signature == Signature::of(&task);
                assert!(same, "a queue's tasks have one signature");
                crew.start(lane, run, task, queue.state(run));
            }
        }
        if crew.lanes.iter().all(Option::is_none) {
            return;
        }
        crew.begin_epoch();
        // First the training data, then the validation data if there is any.
        let mut sums = [Sums::zero(), Sums::zero()];
        let valid_or_not = core::iter::once(None).chain(valid.as_ref().map(Some));
        for (sums, valid) in sums.iter_mut().zip(valid_or_not) {
            *sums = W::epoch(&mut crew, valid);
            if crew.ended {
                return crew.interrupt(queue);
            }
        }
        let [trained, validated] = sums;
        let finite = crew.networks.finite();
        let validated = valid.as_ref().map(|data| (&validated, data));
        crew.end_epoch(finite, &trained, validated, queue);
    }
}

/// The lanes and what they share.
pub(super) struct Crew<'c, 'a, T: Real, D: Design> {
    pub(super) design: &'c D,
    /// The first run's task. Its architecture, loss and metrics are those of all runs.
    pub(super) task: Task<'a>,
    pub(super) networks: Networks<T, D>,
    pub(super) rule: Rule<T>,
    pub(super) shaping: Shaping<T>,
    pub(super) rates: T::Wide,
    /// 1 / the terms of a whole batch, and of the last batch of an epoch.
    pub(super) mean_factors: [T; 2],
    pub(super) lanes: Vec<Option<Lane<'a, T::Scalar>>>,
    batches: Batches,
    pub(super) orders: Orders,
    /// The masks of dropout, if outputs are dropped.
    masks: Option<Masks<T::Scalar>>,
    /// The numbers of a chunk of samples, each number of all lanes side by side.
    gathered: Vec<T::Scalar>,
    pub(super) train: &'c SampleRows<T::Scalar>,
    /// What another thread asks of the runs.
    pub(super) listener: Listener<'a>,
    /// Whether the runs have ended in the middle of an epoch because another thread asked for it.
    pub(super) ended: bool,
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
    /// The least of `ends`.
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
        // The batch size of an idle lane can have any value.
        let sizes = sizes.chain(core::iter::repeat(None));
        let all = self.sizes.iter_mut().zip(&mut self.ends);
        for ((size, end), lane) in all.zip(sizes) {
            *size = lane.unwrap_or(some);
            *end = self.count.min(*size);
        }
        self.equal = self.sizes.iter().all(|&size| size == some);
        self.end = *self.ends.iter().min().expect("there are lanes");
    }

    /// How many samples of the epoch are seen when the first batch of any lane ends.
    #[inline(always)]
    fn end(&self) -> usize {
        self.end
    }

    /// The lanes whose batch ends here. Their next batch begins.
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

/// Room for a chunk of samples, of `numbers` numbers each.
#[inline(always)]
fn room<T: Scalar>(gathered: &mut Vec<T>, numbers: usize) -> &mut [T] {
    gathered.resize(CHUNK * numbers, T::ZERO);
    gathered
}

/// The sums of the validation data, and the totals of that data.
type Validated<'s, T> = (
    &'s Sums<<T as Real>::Wide>,
    &'s SampleRows<<T as Real>::Scalar>,
);

impl<'a, T: Real, D: Design> Crew<'_, 'a, T, D> {
    /// Puts a run into a lane; it goes on from a state if there is one.
    fn start(&mut self, lane: usize, run: usize, task: Task<'a>, state: Option<State>) {
        let settings = task.settings;
        let layers = self.design.layers();
        let start = task.init.parameters(layers, task.init_seed);
        self.networks.start_lane(lane, &start.convert());
        self.rule.start_lane(lane, settings.optimizer);
        self.shaping.start_lane(lane, settings);
        let count = self.train.count();
        let mut course = Course::new(&task, count);
        let batch_size = course.batch_size();
        let last_size = count - (count - 1) / batch_size * batch_size;
        let outputs = layers[layers.len() - 1];
        let sizes = [batch_size, last_size];
        for (factors, size) in self.mean_factors.iter_mut().zip(sizes) {
            let factor = mean_factor::<T::Scalar>(settings.loss.terms(size, outputs));
            *factors = factors.with_lane(lane, factor);
        }
        self.orders.start_lane(lane, &task);
        if let Some(masks) = &mut self.masks {
            masks.start_lane(lane, &task);
        }
        if let Some(state) = state {
            let fits = state.fits(&task) && !state.is_within_an_epoch();
            assert!(
                fits,
                "the caller promises a state of this task between two epochs"
            );
            self.networks.resume_lane(lane, &state.learnt);
            self.rule.resume_lane(lane, state.learnt.counts);
            self.orders.resume_lane(lane, &state.order);
            course.resume(&state.course, layers);
        }
        self.lanes[lane] = Some(Lane { run, course });
    }

    fn begin_epoch(&mut self) {
        self.orders.next_epoch();
        for (i, lane) in self.lanes.iter_mut().enumerate() {
            let Some(lane) = lane else { continue };
            self.rates = self.rates.with_lane(i, lane.course.begin_epoch());
            if let Some(masks) = &mut self.masks {
                masks.begin_epoch(i, lane.course.epoch());
            }
        }
        let lanes = self.lanes.iter();
        self.batches
            .begin_epoch(lanes.map(|lane| Some(lane.as_ref()?.course.batch_size())));
    }

    /// One epoch of all lanes; or, with validation data, their losses and metrics. Both are one
    /// loop, since the compiler makes a copy of the network's whole vocabulary for each loop.
    #[inline(always)]
    pub(super) fn epoch(&mut self, valid: Option<&SampleRows<T::Scalar>>) -> Sums<T::Wide> {
        let layers = self.design.layers();
        let (features, outputs) = (layers[0], layers[layers.len() - 1]);
        let targets = self.design.loss().targets(outputs);
        let width = features + targets + usize::from(self.design.is_weighted());
        let measures = self.measures();
        let data = valid.unwrap_or(self.train);
        assert_eq!(width, data.width(), "the data fit the network");
        let count = data.count();
        let mut sums = Sums::zero();
        // The compiler keeps local values in registers.
        let mut networks = self.networks.take();
        let mut rule = self.rule;
        let mut batches = self.batches;
        let mut row = D::Sample::zeros(width);
        let (mut first, mut gathered) = (0, 0);
        let drops = self.design.drops() && valid.is_none();
        let mut masks = self.masks.take();
        let mut weight_sums = T::zero();
        for sample in 0..count {
            if sample == gathered {
                if self.listener.is_to_end() {
                    self.ended = true;
                    break;
                }
                (first, gathered) = (sample, (sample + CHUNK).min(count));
                match valid {
                    None => self.gather(width, first, gathered),
                    Some(data) => self.spread(data, first, gathered),
                }
            }
            let place = &self.gathered[(sample - first) * width * T::LANES..];
            for (value, lanes) in row.as_mut().iter_mut().zip(place.chunks_exact(T::LANES)) {
                *value = T::load(lanes);
            }
            let (x, rest) = row.as_ref().split_at(features);
            let (targets, weight) = rest.split_at(targets);
            let weight = self.design.is_weighted().then(|| weight[0]);
            let mask = match &mut masks {
                Some(masks) if drops => Some(masks.of(sample, count)),
                _ => None,
            };
            networks.forward(self.design, x, mask);
            let predictions = networks.predictions(self.design);
            let mut loss = measures.loss.value(predictions, targets);
            if let Some(weight) = weight {
                loss = loss * weight;
                weight_sums += weight;
            }
            sums.add(measures, loss, predictions, targets);
            if valid.is_none() {
                networks.backward(self.design, x, targets, weight, mask);
                if sample + 1 == batches.end() {
                    let mut factor = self.mean_factors[usize::from(sample + 1 == count)];
                    let mask = batches.next();
                    if weight.is_some() {
                        factor = T::one() / weight_sums;
                        weight_sums = T::select(mask, T::zero(), weight_sums);
                    }
                    let (shaping, rates) = (&self.shaping, self.rates);
                    networks.update(self.design, shaping, &mut rule, factor, mask, rates);
                }
            }
        }
        self.networks = networks;
        self.rule = rule;
        self.masks = masks;
        sums
    }

    /// Gathers each lane's own samples `first..last` of its order, `width` numbers each.
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

    /// Gathers samples `first..last` of `data`, the same ones for all lanes.
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

    /// What is measured of every lane's run.
    #[inline(always)]
    pub(super) fn measures(&self) -> Measures<'a> {
        Measures {
            loss: self.design.loss(),
            keeps: self.design.keeps(),
            ..Measures::of(&self.task)
        }
    }

    /// Ends the epoch in each lane's run. `finite` says in which lanes all parameters are finite.
    fn end_epoch(
        &mut self,
        finite: T::Mask,
        trained: &Sums<T::Wide>,
        validated: Option<Validated<'_, T>>,
        queue: &mut dyn Queue<'a>,
    ) {
        let measures = self.measures();
        let layers = self.design.layers();
        let figures = |lane, sums: &Sums<T::Wide>, data: &SampleRows<T::Scalar>| {
            sums.lane(lane).figures(measures, data.totals())
        };
        let asked = self.listener.hears();
        if asked {
            self.listener.answer();
        }
        for i in 0..T::LANES {
            let Some(lane) = &mut self.lanes[i] else {
                continue;
            };
            let result = EpochResult {
                train: figures(i, trained, self.train),
                valid: validated.map(|(sums, data)| figures(i, sums, data)),
                finite: finite.lane(i),
            };
            let run = lane.run;
            let parameters = || self.networks.parameters(i, layers);
            let mut observer = |row: &_| queue.observe(run, row);
            let trained = lane.course.end_epoch(result, parameters, &mut observer);
            let ending = trained.as_ref().map(|trained| trained.ending);
            let goes_on = ending.is_none_or(|ending| ending == Ending::Interrupted);
            if goes_on && (asked || ending.is_some()) && queue.wants_state(run) {
                let course = lane.course.state(lane.course.epoch());
                queue.keep(run, self.state(i, course));
            }
            if let Some(trained) = trained {
                queue.done(run, trained);
                self.lanes[i] = None;
                self.networks.stop_lane(i);
                self.orders.stop_lane(i);
                if let Some(masks) = &mut self.masks {
                    masks.stop_lane(i);
                }
            }
        }
    }

    /// The state of a lane's run between two epochs.
    fn state(&self, lane: usize, course: CourseState) -> State {
        State {
            course,
            within: None,
            learnt: self.networks.learnt(lane, &self.rule),
            order: self.orders.state(lane),
        }
    }

    /// Ends every lane's run in the middle of an epoch.
    fn interrupt(&mut self, queue: &mut dyn Queue<'a>) {
        let layers = self.design.layers();
        for (i, lane) in self.lanes.iter_mut().enumerate() {
            let Some(lane) = lane.take() else { continue };
            let parameters = || self.networks.parameters(i, layers);
            queue.done(lane.run, lane.course.interrupted(parameters));
        }
    }
}
