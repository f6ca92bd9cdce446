//! The bytes of a data file, decompressed if it is gzip.

use std::cell::OnceCell;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::memory;
use ::memory::Memory;
use problems::{Problem, nearest, reason};

/// The first two bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Opens a file to read it, without a wait: a pipe without a writer is empty.
///
/// # Errors
/// If it cannot be opened.
#[cfg(unix)]
pub fn open_now(path: &Path) -> std::io::Result<File> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};

    if !std::fs::metadata(path)?.file_type().is_fifo() {
        return File::open(path);
    }
    let at_once = OFlags::NONBLOCK.bits().cast_signed();
    let file = File::options()
        .read(true)
        .custom_flags(at_once)
        .open(path)?;
    // From here on, reading waits for the writer of a pipe.
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file)
}

/// Opens a file to read it.
///
/// # Errors
/// If it cannot be opened. For a directory, Windows gives "permission denied"; the error here says
/// that it is a directory.
#[cfg(not(unix))]
pub fn open_now(path: &Path) -> std::io::Result<File> {
    File::open(path).map_err(|cause| match path.is_dir() {
        true => std::io::ErrorKind::IsADirectory.into(),
        false => cause,
    })
}

/// All bytes of a file, if the free memory can hold them. A pipe without a writer is empty.
///
/// # Errors
/// If it cannot be read, or has more bytes than the machine's free memory can hold.
pub fn file_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let too_large = || {
        let reason = "it has more bytes than this machine's free memory can hold";
        std::io::Error::new(std::io::ErrorKind::FileTooLarge, reason)
    };
    let mut file = open_now(path)?;
    let metadata = file.metadata()?;
    let mut bytes = Vec::new();
    if metadata.is_file() {
        if !memory::fits(u128::from(metadata.len())) {
            return Err(too_large());
        }
        file.read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    match read_while_it_fits(&mut file, &mut bytes)? {
        Fit::Whole => Ok(bytes),
        Fit::Part => Err(too_large()),
    }
}

/// All bytes of a file as text, if the free memory can hold them.
///
/// # Errors
/// If it cannot be read, is too large for the free memory, or is not UTF-8.
pub fn file_text(path: &Path) -> std::io::Result<String> {
    String::from_utf8(file_bytes(path)?).map_err(|_| {
        let reason = "it is not text in UTF-8";
        std::io::Error::new(std::io::ErrorKind::InvalidData, reason)
    })
}

/// The part of a source that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Whole,
    Part,
}

/// Reads a source of unknown length, as long as the memory has room for its numbers.
fn read_while_it_fits(source: &mut impl Read, content: &mut Vec<u8>) -> std::io::Result<Fit> {
    let most = OnceCell::new();
    // The bytes that are read are no longer free.
    let readable = || Memory::now().free.unwrap_or(i64::MAX as u64) / 3 + PLAUSIBLE;
    loop {
        let before = content.len();
        source.by_ref().take(PLAUSIBLE).read_to_end(content)?;
        let length = content.len() as u64;
        if content.len() == before {
            return Ok(Fit::Whole);
        }
        if length >= PLAUSIBLE && length > *most.get_or_init(readable) {
            return Ok(Fit::Part);
        }
    }
}

/// The most times by which data is larger than its compressed file.
const DENSEST: u64 = 300;
/// The number of decompressed bytes that is always accepted.
const PLAUSIBLE: u64 = 1 << 26;
/// The bytes that are decompressed before they are counted.
const STEP: u64 = 1 << 20;

/// All bytes of a file. A file that begins like gzip is decompressed; one that ends in `.gz` must
/// be gzip.
///
/// # Errors
/// If it cannot be read or decompressed, or has more bytes than the machine's free memory.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let name = path.display();
    let cannot = |cause: std::io::Error| unreadable(path, &cause);
    let mut file = open_now(path).map_err(cannot)?;
    let metadata = file.metadata().map_err(cannot)?;
    if !metadata.is_file() {
        return bytes_of(file, path);
    }
    memory::check(u128::from(metadata.len()), || {
        format!("the bytes of {name}")
    })?;
    let mut content = Vec::new();
    file.read_to_end(&mut content).map_err(cannot)?;
    plain_bytes(path, content)
}

/// All bytes of a pipe or a device, decompressed if they are gzip; `path` is its name in messages.
///
/// # Errors
/// If it cannot be read or decompressed, or has more bytes than the machine's free memory.
pub(super) fn bytes_of(mut pipe: impl Read, path: &Path) -> Result<Vec<u8>, Problem> {
    let mut content = Vec::new();
    match read_while_it_fits(&mut pipe, &mut content) {
        Ok(Fit::Whole) => plain_bytes(path, content),
        Ok(Fit::Part) => Err(Problem::new(format!(
            "{} has more bytes than this machine's free memory can hold beside their numbers",
            path.display()
        ))),
        Err(cause) => Err(unreadable(path, &cause)),
    }
}

/// The bytes of a file, decompressed if they begin like gzip.
fn plain_bytes(path: &Path, content: Vec<u8>) -> Result<Vec<u8>, Problem> {
    let name = path.display();
    let gzip = content.starts_with(&GZIP);
    if !gzip && path.extension().is_some_and(|ending| ending == "gz") {
        return Err(Problem::new(format!(
            "{name} is named .gz but its content is not gzip-compressed"
        )));
    }
    if !gzip {
        return Ok(content);
    }
    decompressed(&content).map_err(|unfit| match unfit {
        Unfit::Damaged(cause) => Problem::new(format!("cannot decompress {name}: {cause}"))
            .note("the file is damaged or was cut short"),
        Unfit::Dense => too_dense(&name.to_string(), content.len() as u64),
        Unfit::TooLarge => Problem::new(format!(
            "{name} has more bytes, once decompressed, than this machine has free memory"
        )),
    })
}

/// The reason why the content of a gzip file cannot be used.
enum Unfit {
    Damaged(std::io::Error),
    Dense,
    TooLarge,
}

/// The content of a gzip file. Decompression stops early if the content is far larger than data can
/// be, the first time after [`PLAUSIBLE`] bytes.
fn decompressed(content: &[u8]) -> Result<Vec<u8>, Unfit> {
    let most = OnceCell::new();
    let mut decoder = MultiGzDecoder::new(content);
    let mut plain = Vec::new();
    loop {
        let before = plain.len();
        let part = decoder.by_ref().take(STEP).read_to_end(&mut plain);
        part.map_err(Unfit::Damaged)?;
        if plain.len() == before {
            return Ok(plain);
        }
        let (read, made) = (content.len() - decoder.get_ref().len(), plain.len() as u64);
        if made > PLAUSIBLE && made > (read as u64).saturating_mul(DENSEST) {
            return Err(Unfit::Dense);
        }
        if made > STEP {
            let most = most.get_or_init(|| Memory::now().free.unwrap_or(i64::MAX as u64));
            if made > *most {
                return Err(Unfit::TooLarge);
            }
        }
    }
}

/// The most bytes that data of this many compressed bytes can have.
fn plausible(compressed: u64) -> u64 {
    compressed.saturating_mul(DENSEST).max(PLAUSIBLE)
}

/// Refuses a part of an archive that claims to have more bytes than data can have.
///
/// # Errors
/// If it claims too many.
pub(super) fn check_density(compressed: u64, plain: u64, name: &str) -> Result<(), Problem> {
    if plain > plausible(compressed) {
        return Err(too_dense(name, compressed));
    }
    Ok(())
}

fn too_dense(name: &str, compressed: u64) -> Problem {
    Problem::new(format!(
        "{name} has {compressed} bytes and more than {DENSEST} times as many once decompressed"
    ))
    .note("no data is so uniform; if it is, decompress it first")
}

/// Opens a file to read and seek in it.
///
/// # Errors
/// If it cannot be opened.
pub(super) fn open(path: &Path) -> Result<BufReader<File>, Problem> {
    let cannot = |cause: std::io::Error| unreadable(path, &cause);
    let file = open_now(path).map_err(cannot)?;
    if file.metadata().map_err(cannot)?.is_dir() {
        return Err(cannot(std::io::ErrorKind::IsADirectory.into()));
    }
    Ok(BufReader::new(file))
}

/// A reader of a file's bytes, decompressed if they begin like gzip, and the most bytes that it can
/// give: `None` for a pipe.
///
/// # Errors
/// If it cannot be opened.
pub(super) fn reader(path: &Path) -> Result<(Box<dyn Read>, Option<u64>), Problem> {
    let mut file = open(path)?;
    let metadata = file.get_ref().metadata();
    let metadata = metadata.map_err(|cause| unreadable(path, &cause))?;
    let length = metadata.is_file().then_some(metadata.len());
    let start = file.fill_buf().map_err(|cause| unreadable(path, &cause))?;
    if !start.starts_with(&GZIP) {
        return Ok((Box::new(file), length));
    }
    // Content beyond this limit is cut off, so that it reads as incomplete.
    let most = plausible(metadata.len());
    let decoder = MultiGzDecoder::new(file).take(most);
    Ok((Box::new(BufReader::new(decoder)), length.map(|_| most)))
}

/// The reason why a file cannot be read, with the nearest existing name.
pub(super) fn unreadable(path: &Path, cause: &std::io::Error) -> Problem {
    let problem = Problem::new(format!("cannot read {}: {}", path.display(), reason(cause)));
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return problem;
    };
    if cause.kind() != std::io::ErrorKind::NotFound {
        return problem;
    }
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut names: Vec<String> = match std::fs::read_dir(directory) {
        Ok(entries) => entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect(),
        Err(_) => return problem,
    };
    names.sort();
    match nearest(name, names.iter().map(String::as_str)) {
        Some(right) => problem.note(format!(
            "did you mean {}?",
            path.with_file_name(right).display()
        )),
        None => problem,
    }
}
