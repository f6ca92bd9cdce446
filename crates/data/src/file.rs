//! The bytes of a data file, decompressed where they are gzip.

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

/// Opens a file to read it, without waiting: a pipe that nobody writes to is empty.
///
/// # Errors
/// It cannot be opened.
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
    // What a writer has yet to say is waited for.
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file)
}

/// Opens a file to read it.
///
/// # Errors
/// It cannot be opened. Windows refuses a directory as if it were forbidden; here it is called one.
#[cfg(not(unix))]
pub fn open_now(path: &Path) -> std::io::Result<File> {
    File::open(path).map_err(|cause| match path.is_dir() {
        true => std::io::ErrorKind::IsADirectory.into(),
        false => cause,
    })
}

/// All bytes of a file that the free memory can hold. Nothing waits for a pipe that nobody writes to.
///
/// # Errors
/// It cannot be read, or has more bytes than the machine's free memory can hold.
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

/// As [`file_bytes`], as text.
///
/// # Errors
/// As [`file_bytes`], and if it is not UTF-8.
pub fn file_text(path: &Path) -> std::io::Result<String> {
    String::from_utf8(file_bytes(path)?).map_err(|_| {
        let reason = "it is not text in UTF-8";
        std::io::Error::new(std::io::ErrorKind::InvalidData, reason)
    })
}

/// How much of a source was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Whole,
    Part,
}

/// Reads a source without a known end: as many bytes, at most, as leave room for their numbers.
fn read_while_it_fits(source: &mut impl Read, content: &mut Vec<u8>) -> std::io::Result<Fit> {
    let most = OnceCell::new();
    // What is read by then is no longer free.
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

/// Data has at most so many times the bytes of its compressed file.
const DENSEST: u64 = 300;
/// So many decompressed bytes are never too many.
const PLAUSIBLE: u64 = 1 << 26;
/// Bytes decompressed before they are counted.
const STEP: u64 = 1 << 20;

/// All bytes of a file; a file that starts as gzip does is decompressed, one that ends in `.gz`
/// must.
///
/// # Errors
/// It cannot be read or decompressed, or has more bytes than the machine's free memory.
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

/// As [`bytes`], of what a pipe or a device says; `path` names it.
///
/// # Errors
/// As [`bytes`].
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

/// The bytes of a file, decompressed where they start as gzip does.
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

/// Why the content of a gzip file is not read.
enum Unfit {
    Damaged(std::io::Error),
    Dense,
    TooLarge,
}

/// What a gzip file holds. That it holds far too much is seen after the first [`PLAUSIBLE`] bytes of
/// it, however much follows.
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

/// So many bytes, at most, does data of so many compressed bytes have.
fn plausible(compressed: u64) -> u64 {
    compressed.saturating_mul(DENSEST).max(PLAUSIBLE)
}

/// Refuses a part of an archive that claims to have more bytes than data can.
///
/// # Errors
/// It does.
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

/// A file, to read and seek in.
///
/// # Errors
/// It cannot be opened.
pub(super) fn open(path: &Path) -> Result<BufReader<File>, Problem> {
    let cannot = |cause: std::io::Error| unreadable(path, &cause);
    let file = open_now(path).map_err(cannot)?;
    if file.metadata().map_err(cannot)?.is_dir() {
        return Err(cannot(std::io::ErrorKind::IsADirectory.into()));
    }
    Ok(BufReader::new(file))
}

/// The bytes of a file one after the other, decompressed where they start as gzip does, and how many
/// they are at most: `None` of a pipe.
///
/// # Errors
/// It cannot be opened.
pub(super) fn reader(path: &Path) -> Result<(Box<dyn Read>, Option<u64>), Problem> {
    let mut file = open(path)?;
    let metadata = file.get_ref().metadata();
    let metadata = metadata.map_err(|cause| unreadable(path, &cause))?;
    let length = metadata.is_file().then_some(metadata.len());
    let start = file.fill_buf().map_err(|cause| unreadable(path, &cause))?;
    if !start.starts_with(&GZIP) {
        return Ok((Box::new(file), length));
    }
    // What a bomb has beyond this reads as cut short.
    let most = plausible(metadata.len());
    let decoder = MultiGzDecoder::new(file).take(most);
    Ok((Box::new(BufReader::new(decoder)), length.map(|_| most)))
}

/// Why a file cannot be read, with the nearest name beside it.
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
