//! `runs.csv` and `history.csv`, written in one pass over the runs by all threads.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;

use super::results::{Files, Writer, Written};
use super::run_record::{Head, RunRecord};
use super::store::Store;
use super::summary::{Place, Tally};
use super::tables::{self, Columns};
use crate::error::Error;
use crate::plan::Plan;
use crate::report::history::History;

/// Bytes of the journal that a thread makes into rows at once.
const CHUNK: u64 = 1 << 18;
/// Runs that a thread makes into rows at once, at most.
const CHUNK_RUNS: usize = 16;
/// Chunks that may wait for their turn to be written before a thread waits for them.
const WAITING: usize = 8;

/// Writes both tables in one pass over the runs. Each thread makes the rows of the next chunk of
/// runs; if nobody is writing, it then writes all chunks whose turn has come.
pub(super) fn write_tables(
    plan: &Plan,
    store: &Store,
    files: &mut Files,
    written: &mut Written,
) -> Result<Vec<Tally>, Error> {
    let columns = Columns::of(plan);
    let told = columns.told(plan);
    written.history = History::new(told.clone());
    let mut tables = Tables {
        runs: files.begin("runs.csv")?,
        history: files.begin("history.csv")?,
        tallies: vec![Tally::default(); plan.configurations.len()],
        written,
        turn: 0,
    };
    tables.runs.write(&columns.runs_header(plan))?;
    tables.history.write(&columns.history_header())?;

    let made = Mutex::new(Made::default());
    let made = || made.lock().expect("no thread panics while it looks");
    let ready = |turn: usize| made().waiting.remove(&turn);
    let place = Mutex::new(tables);
    let work = || -> Result<(), Error> {
        loop {
            let (number, chunk) = made().begin(plan, store);
            if chunk.is_empty() {
                return Ok(());
            }
            let rows = chunk.map(|index| Rows::make(plan, store, &columns, &told, index));
            let rows: Vec<Rows> = rows.collect::<Result<_, _>>()?;
            let many = made().keep(number, rows) > WAITING;
            let tables = if many {
                Some(place.lock().expect(WRITES))
            } else {
                place.try_lock().ok()
            };
            if let Some(mut tables) = tables {
                while let Some(rows) = ready(tables.turn) {
                    tables.put(plan, rows)?;
                }
            }
        }
    };
    let ended = rayon::broadcast(|_| {
        // What failed here is not to be waited for by others.
        work().inspect_err(|_| made().begun = plan.runs.len())
    });
    ended.into_iter().collect::<Result<(), Error>>()?;
    let mut tables = place.into_inner().expect(WRITES);
    while let Some(rows) = ready(tables.turn) {
        tables.put(plan, rows)?;
    }
    files.finish(tables.runs)?;
    files.finish(tables.history)?;
    Ok(tables.tallies)
}

const WRITES: &str = "no thread panics while it writes";

/// How far the making of rows is.
#[derive(Default)]
struct Made {
    /// Runs whose rows are made or being made.
    begun: usize,
    /// Chunks of them.
    chunks: usize,
    /// Made chunks that are not yet written, by their number.
    waiting: BTreeMap<usize, Vec<Rows>>,
}

impl Made {
    /// The next chunk of runs, and its number; empty if there is none.
    fn begin(&mut self, plan: &Plan, store: &Store) -> (usize, Range<usize>) {
        let chunk = next_chunk(plan, store, self.begun);
        self.begun = chunk.end;
        self.chunks += 1;
        (self.chunks - 1, chunk)
    }

    /// Lets a chunk wait for its turn; returns how many do.
    fn keep(&mut self, number: usize, rows: Vec<Rows>) -> usize {
        self.waiting.insert(number, rows);
        self.waiting.len()
    }
}

/// Both tables while they are written, and what is counted on the way.
struct Tables<'a> {
    runs: Writer,
    history: Writer,
    tallies: Vec<Tally>,
    written: &'a mut Written,
    /// The number of the chunk that is written next.
    turn: usize,
}

impl Tables<'_> {
    /// Writes the chunk whose turn it is.
    fn put(&mut self, plan: &Plan, chunk: Vec<Rows>) -> Result<(), Error> {
        self.turn += 1;
        for rows in chunk {
            self.written.outcomes.add(rows.head.as_ref());
            if let Some(head) = &rows.head {
                let configuration = plan.runs[rows.index].configuration;
                self.tallies[configuration].add(plan, rows.index, head);
            }
            self.runs.write(&rows.run)?;
            self.history.write(&rows.history)?;
            self.written.history.append(rows.told);
        }
        Ok(())
    }
}

/// The next runs whose rows are made at once: at least one if there is one.
fn next_chunk(plan: &Plan, store: &Store, start: usize) -> Range<usize> {
    let mut bytes = 0;
    let mut end = start;
    while end < plan.runs.len() && end - start < CHUNK_RUNS && (end == start || bytes < CHUNK) {
        bytes += store.size_of(&plan.runs[end].key);
        end += 1;
    }
    start..end
}

/// One run's rows in both tables.
struct Rows {
    index: usize,
    head: Option<Head>,
    run: Vec<u8>,
    history: Vec<u8>,
    /// The same as `history`, as far as the report tells of it.
    told: History,
}

impl Rows {
    fn make(
        plan: &Plan,
        store: &Store,
        columns: &Columns,
        told: &[String],
        index: usize,
    ) -> Result<Self, Error> {
        let mut rows = Rows {
            index,
            head: None,
            run: Vec::new(),
            history: Vec::new(),
            told: History::new(told.to_vec()),
        };
        if let Some(record) = store.read(&plan.runs[index].key)? {
            columns.put_run(plan, index, &record, &mut rows.run);
            // About what a row of two losses takes; the vector grows where there is more.
            rows.history.reserve(record.history.len() * 80);
            columns.put_history(plan, index, &record, &mut rows.history);
            put_told(plan, index, &record, &mut rows.told);
            rows.head = Some(record.head);
        }
        Ok(rows)
    }
}

/// Adds the run's rows to what the report tells of.
fn put_told(plan: &Plan, index: usize, record: &RunRecord, told: &mut History) {
    let configuration = &plan.configurations[plan.runs[index].configuration];
    let metrics = &configuration.settings.metrics;
    let columns = told.columns.iter();
    let places: Vec<Option<Place>> = columns.map(|name| Place::of(name, metrics)).collect();
    for row in tables::rows(plan, record) {
        let values = places
            .iter()
            .map(|place| place.map_or(f64::NAN, |place| place.value(row)));
        told.add(index as u64, [row.epoch, row.updates, row.samples], values);
    }
}
