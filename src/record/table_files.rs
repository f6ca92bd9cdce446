//! `runs.csv` and `history.csv`, written in one pass over the runs by all threads.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;

use super::history::History;
use super::result_files::{Files, ResultFiles, Writer};
use super::run_record::{Head, RunRecord};
use super::store::Store;
use super::summary::{RowValue, Tally};
use super::tables::{self, Columns};
use crate::plan::Plan;
use problems::Error;

/// The bytes of the journal that a thread turns into rows at once.
const CHUNK: u64 = 1 << 18;
/// The most runs that a thread turns into rows at once.
const CHUNK_RUNS: usize = 16;
/// The most chunks that wait to be written before the next thread waits, too.
const WAITING: usize = 8;

/// Writes both tables in one pass over the runs and keeps the history's `wanted` columns. Each
/// thread makes the rows of the next chunk of runs; if no other thread is writing, it then writes
/// all chunks whose turn has come.
pub(super) fn write_tables(
    plan: &Plan,
    store: &Store,
    files: &mut Files,
    written: &mut ResultFiles,
    wanted: &[String],
) -> Result<Vec<Tally>, Error> {
    let columns = Columns::of(plan);
    let kept = columns.kept(wanted);
    written.history = History::new(kept.clone());
    let mut tables = Tables {
        runs: files.begin("runs.csv")?,
        history: files.begin("history.csv")?,
        tallies: vec![Tally::default(); plan.configurations.len()],
        written,
        turn: 0,
    };
    tables.runs.write(&columns.runs_header(plan))?;
    tables.history.write(&columns.history_header())?;

    let queue = Mutex::new(ChunkQueue::default());
    let chunks = || queue.lock().expect("no thread panics while it looks");
    let ready = |turn: usize| chunks().waiting.remove(&turn);
    let writer = Mutex::new(tables);
    let work = || -> Result<(), Error> {
        loop {
            let (number, runs, spare) = chunks().begin(plan, store);
            if runs.is_empty() {
                return Ok(());
            }
            let mut chunk = spare.unwrap_or_else(|| Chunk::new(&kept));
            for index in runs {
                chunk.add(plan, store, &columns, index)?;
            }
            let many = chunks().keep(number, chunk) > WAITING;
            let tables = if many {
                Some(writer.lock().expect(WRITES))
            } else {
                writer.try_lock().ok()
            };
            if let Some(mut tables) = tables {
                while let Some(mut chunk) = ready(tables.turn) {
                    tables.put(plan, &mut chunk)?;
                    chunks().spare.push(chunk);
                }
            }
        }
    };
    let ended = rayon::broadcast(|_| {
        // After a failure here, the other threads stop waiting.
        work().inspect_err(|_| chunks().begun = plan.runs.len())
    });
    ended.into_iter().collect::<Result<(), Error>>()?;
    let mut tables = writer.into_inner().expect(WRITES);
    while let Some(mut chunk) = ready(tables.turn) {
        tables.put(plan, &mut chunk)?;
    }
    files.finish(tables.runs)?;
    files.finish(tables.history)?;
    Ok(tables.tallies)
}

const WRITES: &str = "no thread panics while it writes";

/// The chunks whose rows are being made or wait to be written.
#[derive(Default)]
struct ChunkQueue {
    /// How many runs have rows that are made or being made.
    begun: usize,
    /// How many chunks these runs are in.
    chunks: usize,
    /// Finished chunks that wait to be written, by their number.
    waiting: BTreeMap<usize, Chunk>,
    /// Written chunks for reuse: both threads would wait if one allocated memory and another freed
    /// it.
    spare: Vec<Chunk>,
}

impl ChunkQueue {
    /// The number of the next chunk, its runs (empty if all are begun), and a chunk to fill if one
    /// is spare.
    fn begin(&mut self, plan: &Plan, store: &Store) -> (usize, Range<usize>, Option<Chunk>) {
        let runs = next_chunk(plan, store, self.begun);
        self.begun = runs.end;
        self.chunks += 1;
        (self.chunks - 1, runs, self.spare.pop())
    }

    /// Lets a chunk wait to be written. Returns how many chunks wait.
    fn keep(&mut self, number: usize, chunk: Chunk) -> usize {
        self.waiting.insert(number, chunk);
        self.waiting.len()
    }
}

/// Both tables while they are written, and the counts of the runs.
struct Tables<'a> {
    runs: Writer,
    history: Writer,
    tallies: Vec<Tally>,
    written: &'a mut ResultFiles,
    /// The number of the chunk that is next to be written.
    turn: usize,
}

impl Tables<'_> {
    /// Writes the next chunk and empties it.
    fn put(&mut self, plan: &Plan, chunk: &mut Chunk) -> Result<(), Error> {
        self.turn += 1;
        for (index, head) in chunk.heads.drain(..) {
            self.written.outcomes.add(plan, index, head.as_ref());
            if let Some(head) = &head {
                let configuration = plan.runs[index].configuration;
                self.tallies[configuration].add(plan, index, head);
            }
        }
        self.runs.write(&chunk.runs)?;
        self.history.write(&chunk.history)?;
        self.written.history.append(&mut chunk.kept);
        chunk.runs.clear();
        chunk.history.clear();
        Ok(())
    }
}

/// The next runs whose rows are made at once; at least one, if any are left.
fn next_chunk(plan: &Plan, store: &Store, start: usize) -> Range<usize> {
    let mut bytes = 0;
    let mut end = start;
    while end < plan.runs.len() && end - start < CHUNK_RUNS && (end == start || bytes < CHUNK) {
        bytes += store.size_of(&plan.runs[end].key);
        end += 1;
    }
    start..end
}

/// The rows of some runs in both tables.
struct Chunk {
    /// The index of each run, and the facts about it.
    heads: Vec<(usize, Option<Head>)>,
    runs: Vec<u8>,
    history: Vec<u8>,
    /// The wanted columns of the rows in `history`.
    kept: History,
}

impl Chunk {
    fn new(kept: &[String]) -> Self {
        Self {
            heads: Vec::new(),
            runs: Vec::new(),
            history: Vec::new(),
            kept: History::new(kept.to_vec()),
        }
    }

    /// Adds the rows of the run of this index, if it is in the store.
    fn add(
        &mut self,
        plan: &Plan,
        store: &Store,
        columns: &Columns,
        index: usize,
    ) -> Result<(), Error> {
        let record = store.read(&plan.runs[index].key)?;
        if let Some(record) = &record {
            columns.put_run(plan, index, record, &mut self.runs);
            columns.put_history(plan, index, record, &mut self.history);
            put_kept(plan, index, record, &mut self.kept);
        }
        self.heads.push((index, record.map(|record| record.head)));
        Ok(())
    }
}

/// Adds the run's rows in the wanted columns.
fn put_kept(plan: &Plan, index: usize, record: &RunRecord, kept: &mut History) {
    let configuration = &plan.configurations[plan.runs[index].configuration];
    let metrics = &configuration.settings.metrics;
    let columns = kept.columns.iter();
    let shown: Vec<Option<RowValue>> = columns
        .map(|name| tables::row_value(name, metrics))
        .collect();
    for row in tables::rows(plan, record) {
        let values = shown
            .iter()
            .map(|column| column.map_or(f64::NAN, |column| column.value(row)));
        kept.add(index as u64, [row.epoch, row.updates, row.samples], values);
    }
}
