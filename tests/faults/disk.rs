//! A disk for simulated power failures: the changes that a program has made, in their order, as the
//! preloaded library records them, and the changes that may be left if the power fails.
//!
//! Synced data is on the disk. For other changes nothing is promised: a name may be there without
//! the bytes, bytes without those before them, a part of a write, a file's length with zeros in it,
//! or a later change of a name without an earlier one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use crate::dice::Dice;

/// The number of a file, which is independent of its name.
type File = usize;

/// The files below a directory; paths are relative to it.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    directories: BTreeSet<String>,
    names: BTreeMap<String, File>,
    bytes: Vec<Vec<u8>>,
}

/// A change of a disk.
#[derive(Debug, Clone)]
enum Change {
    Made {
        path: String,
        file: File,
    },
    Renamed {
        from: String,
        to: String,
        file: File,
    },
    Removed {
        path: String,
    },
    DirectoryMade {
        path: String,
    },
    DirectoryRemoved {
        path: String,
    },
    Length {
        file: File,
        length: usize,
    },
    Written {
        file: File,
        at: usize,
        bytes: Vec<u8>,
    },
    FileSynced {
        file: File,
    },
    DirectorySynced {
        path: String,
    },
    AllSynced,
}

/// The files on a disk, and the changes that a program has made.
#[derive(Debug)]
pub struct Story {
    before: Disk,
    changes: Vec<Change>,
}

impl Disk {
    /// The files below `root`, with the system's number of each file and directory.
    pub fn read(root: &Path) -> (Self, Numbers) {
        let (mut disk, mut numbers) = (Self::default(), Numbers::default());
        disk.gather(root, "", &mut numbers);
        (disk, numbers)
    }

    fn gather(&mut self, root: &Path, above: &str, numbers: &mut Numbers) {
        use std::os::unix::fs::DirEntryExt;
        for entry in std::fs::read_dir(root.join(above))
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if above.is_empty() {
                name
            } else {
                format!("{above}/{name}")
            };
            if entry.path().is_dir() {
                numbers.directories.insert(entry.ino(), path.clone());
                self.directories.insert(path.clone());
                self.gather(root, &path, numbers);
            } else {
                let bytes = std::fs::read(entry.path()).expect("it is readable");
                numbers.files.insert(entry.ino(), self.bytes.len());
                self.names.insert(path, self.bytes.len());
                self.bytes.push(bytes);
            }
        }
    }

    /// Writes the files below `root`.
    pub fn write(&self, root: &Path) {
        for path in self.directories.iter().filter(|path| self.has_parent(path)) {
            std::fs::create_dir(root.join(path)).expect("there is room");
        }
        for (path, &file) in self.names.iter().filter(|(path, _)| self.has_parent(path)) {
            std::fs::write(root.join(path), &self.bytes[file]).expect("there is room");
        }
    }

    /// The named files below a directory, with paths that start there.
    pub fn below(&self, directory: &str) -> BTreeMap<&str, &[u8]> {
        let inside = self.names.iter().filter(|(path, _)| self.has_parent(path));
        let inside = inside.filter_map(|(path, &file)| {
            let rest = path.strip_prefix(directory)?.strip_prefix('/')?;
            Some((rest, &*self.bytes[file]))
        });
        inside.collect()
    }

    fn has_parent(&self, path: &str) -> bool {
        match path.rsplit_once('/') {
            None => true,
            Some((parent, _)) => self.directories.contains(parent) && self.has_parent(parent),
        }
    }

    fn apply(&mut self, change: &Change, dice: &mut Dice, whole: bool) {
        match change {
            Change::Made { path, file } => drop(self.names.insert(path.clone(), *file)),
            Change::Renamed { from, to, file } => {
                if self.names.get(from) == Some(file) {
                    self.names.remove(from);
                }
                self.names.insert(to.clone(), *file);
            }
            Change::Removed { path } => drop(self.names.remove(path)),
            Change::DirectoryMade { path } => drop(self.directories.insert(path.clone())),
            Change::DirectoryRemoved { path } => drop(self.directories.remove(path)),
            Change::Length { file, length } => self.bytes[*file].resize(*length, 0),
            Change::Written { file, at, bytes } => {
                let count = if whole {
                    bytes.len()
                } else {
                    dice.below(bytes.len() as u64 + 1) as usize
                };
                let content = &mut self.bytes[*file];
                let end = at + count;
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*at..end].copy_from_slice(&bytes[..count]);
            }
            Change::FileSynced { .. } | Change::DirectorySynced { .. } | Change::AllSynced => {}
        }
    }
}

/// Files and directories by the numbers that the system gives them.
#[derive(Debug, Default)]
pub struct Numbers {
    files: HashMap<u64, File>,
    directories: HashMap<u64, String>,
}

/// The changes without a sync that are left after a power failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// No such change is left.
    Nothing,
    /// Changes of names are left in their order up to some moment; the bytes of a file are all
    /// there or none.
    NamesInOrder,
    /// Changes of names are left in their order; the bytes of a file are left in any order.
    NamesInOrderBytesInNone,
    /// Any of the changes are left.
    Any,
}

impl Left {
    /// One of the ways to lose changes.
    pub fn drawn(dice: &mut Dice) -> Self {
        *dice.one_of(&[
            Left::Nothing,
            Left::NamesInOrder,
            Left::NamesInOrderBytesInNone,
            Left::Any,
        ])
    }
}

impl Story {
    /// The story of the files below `root` before, and the record of the preloaded library.
    ///
    /// # Errors
    /// If the record has a file that was never made.
    pub fn read(
        (before, numbers): (Disk, Numbers),
        root: &Path,
        record: &[u8],
    ) -> Result<Self, String> {
        let mut story = Self {
            before,
            changes: Vec::new(),
        };
        let mut names = story.before.names.clone();
        let Numbers {
            mut files,
            mut directories,
        } = numbers;
        let root = format!("{}/", root.display());
        let mut rest = record;
        while let Some((&kind, after)) = rest.split_first() {
            rest = after;
            let (a, b) = (number(&mut rest), number(&mut rest));
            let (first, second) = (text(&mut rest), text(&mut rest));
            let path = |bytes: &[u8]| {
                let path = String::from_utf8_lossy(bytes).into_owned();
                path.strip_prefix(&root).map_or(path.clone(), str::to_owned)
            };
            let known = |files: &HashMap<u64, File>| {
                files.get(&a).copied().ok_or(format!(
                    "change {:?} of file {a}, which nobody made",
                    char::from(kind)
                ))
            };
            story.changes.push(match kind {
                b'c' => {
                    let (path, file) = (path(first), story.before.bytes.len());
                    story.before.bytes.push(Vec::new());
                    files.insert(a, file);
                    names.insert(path.clone(), file);
                    Change::Made { path, file }
                }
                b't' => Change::Length {
                    file: known(&files)?,
                    length: b as usize,
                },
                b'w' => Change::Written {
                    file: known(&files)?,
                    at: b as usize,
                    bytes: first.to_vec(),
                },
                b'r' => {
                    let (from, to) = (path(first), path(second));
                    let file = names
                        .remove(&from)
                        .ok_or(format!("{from} is renamed, and nobody made it"))?;
                    names.insert(to.clone(), file);
                    Change::Renamed { from, to, file }
                }
                b'u' => {
                    let path = path(first);
                    names.remove(&path);
                    Change::Removed { path }
                }
                b'm' => {
                    let path = path(first);
                    directories.insert(a, path.clone());
                    Change::DirectoryMade { path }
                }
                b'd' => Change::DirectoryRemoved { path: path(first) },
                b's' => match directories.get(&a) {
                    Some(path) => Change::DirectorySynced { path: path.clone() },
                    None => Change::FileSynced {
                        file: known(&files)?,
                    },
                },
                b'a' => Change::AllSynced,
                other => return Err(format!("the record has a change {other}")),
            });
        }
        Ok(story)
    }

    /// The number of changes.
    pub fn length(&self) -> u64 {
        self.changes.len() as u64
    }

    /// The disk after a power failure before the change with this number.
    pub fn after_failure_at(&self, moment: u64, left: Left, dice: &mut Dice) -> Disk {
        let changes = &self.changes[..moment as usize];
        let mut disk = self.before.clone();
        let is_name =
            |change: &Change| !matches!(change, Change::Length { .. } | Change::Written { .. });
        let last_name = dice.below(moment + 1) as usize;
        let mut whole_files: HashMap<File, bool> = HashMap::new();
        for (index, change) in changes.iter().enumerate() {
            let synced = changes[index + 1..].iter().any(|later| later.syncs(change));
            let mut whole = true;
            let is_left = synced
                || match left {
                    Left::Nothing => false,
                    Left::Any if is_name(change) => dice.below(2) == 0,
                    _ if is_name(change) => index < last_name,
                    Left::NamesInOrder => match change {
                        Change::Length { file, .. } | Change::Written { file, .. } => *whole_files
                            .entry(*file)
                            .or_insert_with(|| dice.below(2) == 0),
                        _ => true,
                    },
                    _ => {
                        whole = dice.below(2) == 0;
                        dice.below(3) > 0
                    }
                };
            if is_left {
                disk.apply(change, dice, whole);
            }
        }
        disk
    }
}

impl Change {
    /// Whether an earlier change is on the disk once this change is done.
    fn syncs(&self, earlier: &Change) -> bool {
        match self {
            Change::AllSynced => true,
            Change::FileSynced { file: synced } => matches!(
                earlier,
                Change::Length { file, .. } | Change::Written { file, .. } if file == synced
            ),
            Change::DirectorySynced { path: synced } => match earlier {
                Change::Made { path, .. }
                | Change::Renamed { to: path, .. }
                | Change::Removed { path }
                | Change::DirectoryMade { path }
                | Change::DirectoryRemoved { path } => path
                    .rsplit_once('/')
                    .is_some_and(|(parent, _)| parent == synced),
                _ => false,
            },
            _ => false,
        }
    }
}

fn number(rest: &mut &[u8]) -> u64 {
    let (bytes, after) = rest.split_first_chunk().expect("the record is whole");
    *rest = after;
    u64::from_le_bytes(*bytes)
}

fn text<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let (length, after) = rest.split_first_chunk().expect("the record is whole");
    let (text, after) = after.split_at(u32::from_le_bytes(*length) as usize);
    *rest = after;
    text
}
