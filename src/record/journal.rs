//! An append-only file of frames that survives a kill at any moment.
//!
//! The file starts with [`MAGIC`] (16 bytes, the last two of which are the version of the format).
//! Frames follow. A frame has [`MARK`](super::frame::MARK) (4 bytes), the frame's number in the
//! file (u32, from 0), the payload's length (u64), a CRC-32 of these 16 bytes (u32), a CRC-32 of
//! the payload (u32), and the payload; all numbers are little-endian. A frame is appended with one
//! write. When the file is opened, every frame is checked. After a damaged frame, the next valid
//! one is found by its mark, and the numbers of both frames say how many are lost between them. The
//! bytes after the last valid frame are unfinished or damaged to their end; they are cut off.
//!
//! The module knows nothing of the contents of a payload.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::frame::{HEADER, Header, Search};
use super::whole_file::settle;
use problems::Error;

/// The first bytes of a journal; the last two are the version of the format.
pub const MAGIC: [u8; 16] = *b"runner journal\x02\x00";
/// How many of the first bytes are the same in every version of the format.
const NAME: usize = 14;
/// The longest time until a frame is synced to the disk.
const SYNC_INTERVAL: Duration = Duration::from_secs(1);
/// Bytes read at once when the file is opened.
const READ_BUFFER: usize = 1 << 20;

/// The place of a frame's payload in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The place of the payload's first byte in the file.
    pub offset: u64,
    /// The payload's length in bytes.
    pub length: u64,
}

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// The place of the next frame.
    end: u64,
    /// The number of the next frame.
    next: u32,
    buffer: Vec<u8>,
    synced: Instant,
    /// The part of the journal that may not be on the disk yet.
    pending: Pending,
}

/// The part of a journal that may not be on the disk yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pending {
    Nothing,
    /// Frames that this program wrote.
    Frames,
    /// The name of the file, and frames that a killed program wrote to it.
    All,
}

/// The damage that was found when a journal was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Damage {
    /// The bytes after the last valid frame.
    pub torn: u64,
    /// The frames that began in those bytes; at least 1 if there are such bytes.
    pub torn_frames: u64,
    /// The bytes between valid frames that belong to no valid frame.
    pub skipped: u64,
    /// The frames that are missing between valid ones.
    pub skipped_frames: u64,
}

impl Journal {
    /// Opens the journal at `path` to append to it, and creates it if it is missing. Hands every
    /// valid payload, with its place, to `visit`.
    ///
    /// # Errors
    /// If the file cannot be read or written, is not a journal, or has another format; or any error
    /// that `visit` returns.
    pub fn open(
        path: &Path,
        visit: impl FnMut(Extent, &[u8]) -> Result<(), Error>,
    ) -> Result<(Self, Damage), Error> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Error::file("cannot write", path))?;
        let mut journal = Self::new(path, file);
        let length = journal.length()?;
        // A file that is shorter than its magic was interrupted when it was created.
        if length < MAGIC.len() as u64 && journal.is_beginning(length)? {
            journal.cut(0)?;
            journal.write(&MAGIC)?;
            return Ok((journal, Damage::default()));
        }
        let damage = journal.scan(visit)?;
        if damage.torn > 0 {
            journal.cut(journal.end)?;
        }
        if !journal.is_in_place() {
            // A power failure can lose the first bytes and keep later ones.
            let end = std::mem::take(&mut journal.end);
            journal.write(&MAGIC)?;
            journal.end = end;
        }
        Ok((journal, damage))
    }

    /// Opens a journal only to read, as [`Journal::open`] does but without any change to the file.
    /// `None` if there is no journal.
    ///
    /// # Errors
    /// If the file cannot be read, is not a journal, or has another format; or any error that
    /// `visit` returns.
    pub fn peek(
        path: &Path,
        visit: impl FnMut(Extent, &[u8]) -> Result<(), Error>,
    ) -> Result<Option<(Self, Damage)>, Error> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(Error::file("cannot read", path)(cause)),
        };
        let mut journal = Self::new(path, file);
        let length = journal.length()?;
        if length < MAGIC.len() as u64 && journal.is_beginning(length)? {
            return Ok(None);
        }
        let damage = journal.scan(visit)?;
        Ok(Some((journal, damage)))
    }

    fn new(path: &Path, file: File) -> Self {
        Self {
            path: path.to_path_buf(),
            file,
            end: 0,
            next: 0,
            buffer: Vec::new(),
            synced: Instant::now(),
            pending: Pending::All,
        }
    }

    fn length(&self) -> Result<u64, Error> {
        let metadata = self.file.metadata();
        Ok(metadata
            .map_err(Error::file("cannot read", &self.path))?
            .len())
    }

    /// Whether the file's `length` bytes are the beginning of the magic.
    fn is_beginning(&mut self, length: u64) -> Result<bool, Error> {
        let mut bytes = vec![0; length as usize];
        self.file
            .rewind()
            .and_then(|()| self.file.read_exact(&mut bytes))
            .map_err(Error::file("cannot read", &self.path))?;
        Ok(is_lost(&bytes))
    }

    /// Reads the file from its first byte to its last, and sets `end` to the end of the last valid
    /// frame.
    fn scan(
        &mut self,
        mut visit: impl FnMut(Extent, &[u8]) -> Result<(), Error>,
    ) -> Result<Damage, Error> {
        let path = self.path.clone();
        let unreadable = || Error::file("cannot read", &path);
        let length = self.length()?;
        self.file.rewind().map_err(unreadable())?;
        let mut reader = BufReader::with_capacity(READ_BUFFER, &self.file);
        let mut magic = [0; MAGIC.len()];
        let known = length >= MAGIC.len() as u64;
        if known {
            reader.read_exact(&mut magic).map_err(unreadable())?;
        }
        if known && is_lost(&magic) {
            magic = MAGIC;
        }
        if magic[..NAME] != MAGIC[..NAME] {
            return Err(Error::Other(format!(
                "{} is not a journal of runner: is the directory the right one? Choose another with --out, or remove that file",
                path.display()
            )));
        }
        if magic != MAGIC {
            return Err(Error::Other(format!(
                "{} was written by another version of runner (format {}, this one reads format {}): \
                 choose another directory with --out, or start again in this one with --fresh",
                path.display(),
                version(&magic),
                version(&MAGIC)
            )));
        }

        let mut search = Search {
            reader,
            at: MAGIC.len() as u64,
            length,
        };
        let mut end = search.at; // after the last valid frame
        let mut damage = Damage::default();
        let mut begun = 0; // frames with a valid header since the last valid frame
        let mut payload = Vec::new();
        while let Some(header) = search.next_header().map_err(unreadable())? {
            let body = search.at;
            begun += 1;
            if !search.read(&header, &mut payload).map_err(unreadable())? {
                search.seek(body).map_err(unreadable())?;
                continue;
            }
            let start = body - HEADER as u64;
            let gap = start - end;
            // A number that does not rise gives no count; a gap has at most as many frames as fit
            // into it.
            let missing = u64::from(header.number.saturating_sub(self.next));
            damage.skipped += gap;
            damage.skipped_frames += match gap {
                0 => missing,
                _ => missing.clamp(1, gap.div_ceil(HEADER as u64)),
            };
            begun = 0;
            end = search.at;
            self.next = header.number.wrapping_add(1);
            let extent = Extent {
                offset: body,
                length: header.size,
            };
            visit(extent, &payload)?;
        }
        damage.torn = length.saturating_sub(end);
        damage.torn_frames = match damage.torn {
            0 => 0,
            _ => begun.max(1),
        };
        self.end = end;
        Ok(damage)
    }

    /// Appends a frame, whose payload `fill` writes, and returns the payload's place.
    ///
    /// # Errors
    /// If the file cannot be written; the frames before it stay as they are.
    pub fn append(&mut self, fill: impl FnOnce(&mut Vec<u8>)) -> Result<Extent, Error> {
        let mut frame = std::mem::take(&mut self.buffer);
        frame.clear();
        frame.extend([0; HEADER]);
        fill(&mut frame);
        let size = (frame.len() - HEADER) as u64;
        let header = Header {
            number: self.next,
            size,
            checksum: crc32fast::hash(&frame[HEADER..]),
        };
        frame[..HEADER].copy_from_slice(&header.bytes());
        let offset = self.end + HEADER as u64;
        let written = self.write(&frame);
        self.buffer = frame;
        if let Err(error) = written {
            // The written part of the frame is cut off; if that fails too, the next opening does
            // it.
            let _ = self.file.set_len(self.end);
            return Err(error);
        }
        self.next = self.next.wrapping_add(1);
        if self.pending == Pending::Nothing {
            self.pending = Pending::Frames;
        }
        self.sync_if_due()?;
        Ok(Extent {
            offset,
            length: size,
        })
    }

    /// Reads the first bytes of a payload, at most `limit`, without a check of its checksum.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read_start(&self, extent: Extent, limit: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; limit.min(extent.length as usize)];
        read_at(&self.file, &mut bytes, extent.offset)
            .map_err(Error::file("cannot read", &self.path))?;
        Ok(bytes)
    }

    /// Reads a payload and checks it.
    ///
    /// # Errors
    /// If the file cannot be read, or the payload differs from what was written.
    pub fn read(&self, extent: Extent) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; HEADER + extent.length as usize];
        read_at(&self.file, &mut bytes, extent.offset - HEADER as u64)
            .map_err(Error::file("cannot read", &self.path))?;
        let (header, payload) = bytes.split_first_chunk().expect("a header was read");
        let good = Header::read(header).is_some_and(|header| {
            header.size == extent.length && header.checksum == crc32fast::hash(payload)
        });
        if !good {
            return Err(Error::Other(format!(
                "{} was changed or damaged at byte {} while it was open: run the command again",
                self.path.display(),
                extent.offset
            )));
        }
        bytes.drain(..HEADER);
        Ok(bytes)
    }

    /// Waits until everything that was appended is on the disk. The first call waits for the whole
    /// file system, so that the file's name is on the disk too.
    ///
    /// # Errors
    /// If the system fails to sync.
    pub fn sync(&mut self) -> Result<(), Error> {
        self.synced = Instant::now();
        match self.pending {
            Pending::Nothing => return Ok(()),
            Pending::All if self.is_in_place() => {
                settle(self.path.parent().unwrap_or(Path::new(".")))?;
            }
            // A removed file has no name to sync. The journal is written again when it is found to
            // be missing.
            Pending::All | Pending::Frames => self
                .file
                .sync_data()
                .map_err(Error::file("cannot write", &self.path))?,
        }
        self.pending = Pending::Nothing;
        Ok(())
    }

    /// Syncs the journal as [`Journal::sync`] does, if the last sync was a second ago or longer. It
    /// is called at every frame and from time to time between frames, which bounds what a power
    /// failure costs.
    ///
    /// # Errors
    /// If the system fails to sync.
    pub fn sync_if_due(&mut self) -> Result<(), Error> {
        match self.synced.elapsed() >= SYNC_INTERVAL {
            true => self.sync(),
            false => Ok(()),
        }
    }

    /// Whether the file is still the one at its path, with its first bytes and at least the length
    /// that was written: it was not removed, replaced or emptied.
    pub fn is_in_place(&self) -> bool {
        let mut magic = [0; MAGIC.len()];
        self.is_same_file()
            && self.length().is_ok_and(|length| length >= self.end)
            && read_at(&self.file, &mut magic, 0).is_ok()
            && magic == MAGIC
    }

    /// Whether the path still leads to the file that is open.
    pub fn is_same_file(&self) -> bool {
        let own = self.file.metadata();
        let there = std::fs::metadata(&self.path);
        matches!((own, there), (Ok(own), Ok(there)) if same_file(&own, &there))
    }

    /// Records that the file was moved to this path.
    pub fn now_at(&mut self, path: &Path) {
        self.path = path.to_path_buf();
    }

    /// The size of the journal in bytes.
    pub fn size(&self) -> u64 {
        self.end
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(bytes))
            .map_err(Error::file("cannot write", &self.path))?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn cut(&mut self, length: u64) -> Result<(), Error> {
        self.file
            .set_len(length)
            .map_err(Error::file("cannot write", &self.path))?;
        self.end = length;
        Ok(())
    }
}

/// Whether the first bytes are those that a power failure leaves: the magic, or its beginning, and
/// then zeros.
fn is_lost(magic: &[u8]) -> bool {
    let same = magic.iter().zip(&MAGIC).take_while(|(a, b)| a == b).count();
    magic[same..].iter().all(|&byte| byte == 0)
}

fn version(magic: &[u8; 16]) -> u16 {
    u16::from_le_bytes([magic[NAME], magic[NAME + 1]])
}

#[cfg(unix)]
fn same_file(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Windows does not allow the removal of an open file.
#[cfg(not(unix))]
fn same_file(_: &std::fs::Metadata, _: &std::fs::Metadata) -> bool {
    true
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> std::io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            count => {
                bytes = &mut bytes[count..];
                offset += count as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payloads(path: &Path) -> (Vec<Vec<u8>>, Damage) {
        let mut found = Vec::new();
        let (_, damage) = Journal::open(path, |_, payload| {
            found.push(payload.to_vec());
            Ok(())
        })
        .expect("the journal opens");
        (found, damage)
    }

    fn written(path: &Path, payloads: &[&[u8]]) -> Vec<Extent> {
        let (mut journal, _) = Journal::open(path, |_, _| Ok(())).expect("the journal opens");
        payloads
            .iter()
            .map(|payload| {
                journal
                    .append(|bytes| bytes.extend_from_slice(payload))
                    .expect("there is room")
            })
            .collect()
    }

    #[test]
    fn a_journal_cut_anywhere_keeps_every_whole_frame_and_takes_new_ones() {
        let directory = tempfile::tempdir().expect("a place for files");
        let path = directory.path().join("journal");
        let frames: [&[u8]; 3] = [b"first", b"the second", b"3"];
        let extents = written(&path, &frames);
        let whole = std::fs::read(&path).expect("it was written");
        for length in 0..=whole.len() {
            std::fs::write(&path, &whole[..length]).expect("there is room");
            let kept = extents
                .iter()
                .filter(|extent| extent.offset + extent.length <= length as u64)
                .count();
            let (found, _) = payloads(&path);
            assert_eq!(found, frames[..kept], "{length} bytes");
            written(&path, &[b"new"]);
            let (found, damage) = payloads(&path);
            assert_eq!(found[..kept], frames[..kept]);
            assert_eq!(found[kept..], [b"new".to_vec()]);
            assert_eq!(damage, Damage::default());
        }
    }

    #[test]
    fn a_damaged_frame_between_good_ones_costs_only_itself() {
        let directory = tempfile::tempdir().expect("a place for files");
        let path = directory.path().join("journal");
        let extents = written(&path, &[b"one", b"two", b"three"]);
        let mut bytes = std::fs::read(&path).expect("it was written");
        bytes[extents[1].offset as usize] ^= 1;
        std::fs::write(&path, bytes).expect("there is room");
        let (found, damage) = payloads(&path);
        assert_eq!(found, [b"one".to_vec(), b"three".to_vec()]);
        assert_eq!(
            damage,
            Damage {
                skipped: HEADER as u64 + 3,
                skipped_frames: 1,
                ..Damage::default()
            }
        );
    }

    #[test]
    fn a_flipped_bit_anywhere_costs_one_frame_and_is_said() {
        let directory = tempfile::tempdir().expect("a place for files");
        let path = directory.path().join("journal");
        let frames: [&[u8]; 4] = [b"first", b"the second one", b"3", b"the last"];
        let extents = written(&path, &frames);
        let whole = std::fs::read(&path).expect("it was written");
        for byte in MAGIC.len()..whole.len() {
            let hit = extents
                .iter()
                .position(|extent| (byte as u64) < extent.offset + extent.length)
                .expect("every byte belongs to a frame");
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[byte] ^= 1 << bit;
                std::fs::write(&path, &bytes).expect("there is room");
                let (found, damage) = payloads(&path);
                let mut kept = frames.to_vec();
                kept.remove(hit);
                assert_eq!(found, kept, "byte {byte}, bit {bit}");
                let lost = damage.skipped_frames + damage.torn_frames;
                assert_eq!(lost, 1, "byte {byte}, bit {bit}: {damage:?}");
                assert_eq!(damage.torn > 0, hit == 3);
            }
        }
    }

    #[test]
    fn the_numbers_of_frames_say_how_many_are_lost_between_two() {
        let directory = tempfile::tempdir().expect("a place for files");
        let path = directory.path().join("journal");
        let extents = written(&path, &[b"one", b"two", b"three", b"four", b"five"]);
        let mut bytes = std::fs::read(&path).expect("it was written");
        let (from, to) = (extents[1].offset as usize, extents[3].offset as usize);
        bytes[from..to].fill(0);
        std::fs::write(&path, bytes).expect("there is room");
        let (found, damage) = payloads(&path);
        assert_eq!(found, [b"one".to_vec(), b"five".to_vec()]);
        assert_eq!(damage.skipped_frames, 3);
    }

    #[test]
    fn blocks_of_zeros_after_a_power_failure_are_cut_off() {
        let directory = tempfile::tempdir().expect("a place for files");
        let path = directory.path().join("journal");
        written(&path, &[b"one"]);
        let mut bytes = std::fs::read(&path).expect("it was written");
        bytes.extend([0; 4096]);
        std::fs::write(&path, bytes).expect("there is room");
        let (found, damage) = payloads(&path);
        assert_eq!(found, [b"one".to_vec()]);
        assert_eq!(damage.torn, 4096);
    }

    #[test]
    fn first_bytes_that_a_power_failure_takes_cost_no_frame() {
        let directory = tempfile::tempdir().expect("a place for files");
        let path = directory.path().join("journal");
        written(&path, &[b"one", b"two"]);
        let whole = std::fs::read(&path).expect("it was written");
        for kept in 0..MAGIC.len() {
            let mut bytes = whole.clone();
            bytes[kept..MAGIC.len()].fill(0);
            std::fs::write(&path, &bytes).expect("there is room");
            let (found, damage) = payloads(&path);
            assert_eq!((found.len(), damage), (2, Damage::default()));
            assert_eq!(std::fs::read(&path).expect("it is there"), whole);
            let short = &[&MAGIC[..kept], &[0][..]].concat();
            std::fs::write(&path, short).expect("there is room");
            assert_eq!(payloads(&path).0.len(), 0);
        }
    }

    #[test]
    fn another_file_and_another_version_are_refused() {
        let directory = tempfile::tempdir().expect("a place for files");
        let path = directory.path().join("journal");
        for (bytes, says) in [
            (&b"a text that somebody keeps here"[..], "not a journal"),
            (b"a text", "not a journal"),
            (b"runner journal\xff\x00", "another version"),
        ] {
            std::fs::write(&path, bytes).expect("there is room");
            let error = Journal::open(&path, |_, _| Ok(())).expect_err("it is refused");
            assert!(error.to_string().contains(says), "{error}");
            assert_eq!(std::fs::read(&path).expect("it is there"), bytes);
        }
    }
}
