//! Mistakes and failures: what is wrong, where, and what is accepted instead.
//!
//! A [`Problem`] is one mistake of the user: a message, and the place in a text that it points at.
//! [`Problems`] is the list of all mistakes of one experiment, reported together. [`Error`] is the
//! reason why the program stops: problems, or a failure of the machine (a full disk, a lock held by
//! another program) with its cause.
//!
//! The crate knows nothing of experiments, data or networks; every other crate reports through it.
//!
//! ```
//! use problems::{Place, Problem, Problems, Source};
//!
//! let source = Source::argument("rates.toml", "rate = \"fast\"".to_owned());
//! let place = Place { source, span: 7..13 };
//! let mut problems = Problems::new();
//! problems.push(Problem::at(place, "`rate` must be a number", "a number is expected"));
//! let text = problems.render(false);
//! assert!(text.contains("rates.toml:1:8"), "{text}");
//! assert!(text.contains("^^^^^^ a number is expected"), "{text}");
//! ```

use std::fmt;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod spelling;
mod visible;

pub use spelling::{Spelling, nearest};
pub use visible::visible;
use visible::with_signs;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A text that problems can point into: a file, or the value of a `--set`.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The name that the user gave: a path, or `--set`.
    pub name: String,
    /// The text, or the lines of it that matter.
    pub text: String,
    /// The number of the text's first line, counted from 1.
    pub first_line: usize,
    /// The directory that relative paths in the text are relative to.
    pub directory: PathBuf,
}

impl Source {
    /// The text of the file at `path`, which is written as the user named it.
    pub fn file(path: &Path, text: String) -> Arc<Self> {
        Arc::new(Self {
            name: path.display().to_string(),
            text,
            first_line: 1,
            directory: path.parent().unwrap_or(Path::new("")).to_path_buf(),
        })
    }

    /// A text from the command line; its relative paths start at the current directory.
    pub fn argument(name: &str, text: String) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            text,
            first_line: 1,
            directory: PathBuf::new(),
        })
    }

    /// A source of one line of a file, for files that are too long to keep whole.
    pub fn line(path: &Path, line: usize, text: String) -> Arc<Self> {
        Arc::new(Self {
            name: path.display().to_string(),
            text,
            first_line: line,
            directory: PathBuf::new(),
        })
    }
}

/// A range of bytes in a [`Source`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// The range in bytes, from the start of the text.
    pub span: Range<usize>,
}

impl Place {
    /// The line (from 1) and the column (in characters, from 1) of the place's start.
    pub fn line_and_column(&self) -> (usize, usize) {
        let before = &self.source.text[..self.span.start.min(self.source.text.len())];
        let line = before.matches('\n').count() + self.source.first_line;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// The longest text, in bytes, that is shown whole around the place of a problem.
const WHOLE_TEXT: usize = 1 << 16;
/// The longest text of a message, in bytes; a longer one keeps its beginning and its end.
const LONGEST: usize = 1 << 12;
/// The bytes that are kept of the end of a longer text.
const END: usize = 256;

/// A text short enough for a person to read, since it may name a value that fills a file.
fn bounded(mut text: String) -> String {
    if text.len() > LONGEST {
        let length = text.len();
        let boundary = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let end = text[boundary(length - END)..].to_owned();
        text.truncate(boundary(LONGEST - 2 * END));
        text.shrink_to_fit();
        text += &format!("… ({length} bytes) …{end}");
    }
    text
}

impl Place {
    /// The text in which the place is shown, the place in it, and the number of its first line. The
    /// text is the whole source, or for a long one the lines that the place is on.
    fn surroundings(&self) -> (&str, Range<usize>, usize) {
        let text = self.source.text.as_str();
        let start = self.span.start.min(text.len());
        let end = self.span.end.clamp(start, text.len());
        if text.len() <= WHOLE_TEXT {
            return (text, start..end, self.source.first_line);
        }
        let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let to = text[end..]
            .find('\n')
            .map_or(text.len(), |newline| end + newline);
        let (line, _) = self.line_and_column();
        (&text[from..to], start - from..end - from, line)
    }
}

/// One mistake in an experiment or in its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, in one sentence without a full stop. It names the key and the value.
    pub message: String,
    /// The text that the problem points at.
    pub place: Option<Place>,
    /// The text beneath the underlined place: what is accepted, or "did you mean `…`?".
    pub label: String,
    /// Further sentences: what is accepted, what to do.
    pub notes: Vec<String>,
}

impl Problem {
    /// A problem that points at a place in a text.
    pub fn at(place: Place, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            message: bounded(message.into()),
            place: Some(place),
            label: bounded(label.into()),
            notes: Vec::new(),
        }
    }

    /// A problem without a place, as when something is missing.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: bounded(message.into()),
            place: None,
            label: String::new(),
            notes: Vec::new(),
        }
    }

    /// The problem with a further sentence.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(bounded(note.into()));
        self
    }

    /// The problem as a compiler would show it.
    fn render(&self, level: Level<'static>, renderer: &Renderer) -> String {
        let title = level.primary_title(visible(&self.message));
        let mut group = match &self.place {
            // In such a long line a person cannot find a place by looking, so its numbers are
            // given.
            Some(place) if place.surroundings().0.len() > WHOLE_TEXT => {
                let (line, column) = place.line_and_column();
                let at = format!("{}:{line}:{column}", place.source.name);
                let at = match self.label.as_str() {
                    "" => at,
                    label => format!("{at}: {label}"),
                };
                Group::with_title(title).element(Level::NOTE.message(visible(&at).into_owned()))
            }
            Some(place) => {
                let (text, span, first_line) = place.surroundings();
                let text = with_signs(text);
                let mut annotation = AnnotationKind::Primary.span(span);
                if !self.label.is_empty() {
                    annotation = annotation.label(visible(&self.label));
                }
                title.element(
                    Snippet::source(text)
                        .line_start(first_line)
                        .path(visible(&place.source.name))
                        .annotation(annotation),
                )
            }
            None => Group::with_title(title),
        };
        for note in &self.notes {
            group = group.element(Level::NOTE.message(visible(note)));
        }
        renderer.render(&[group])
    }
}

/// The most problems that are kept; further ones are only counted.
const KEPT: usize = 1000;
/// The most problems that are shown; a person corrects a few at a time.
const SHOWN: usize = 100;

/// The severity of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The program does nothing until the mistake is corrected.
    Error,
    /// The experiment is legal, but probably means something else.
    Warning,
}

/// All mistakes of one experiment (for `check`, all that is doubtful).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    kept: Vec<Problem>,
    /// How many problems there are beyond those that are kept.
    further: usize,
}

impl Problems {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a problem. A problem that is already in the list (from another configuration) is left
    /// out.
    pub fn push(&mut self, problem: Problem) {
        if self.is_full() {
            self.further += 1;
        } else if !self.kept.contains(&problem) {
            self.kept.push(problem);
        }
    }

    /// Whether further problems are only counted, so that their texts are not needed.
    pub fn is_full(&self) -> bool {
        self.kept.len() >= KEPT
    }

    /// Counts a problem beyond those that are kept.
    pub fn count_further(&mut self) {
        self.further += 1;
    }

    /// Adds all problems of another list.
    pub fn extend(&mut self, other: Problems) {
        for problem in other.kept {
            self.push(problem);
        }
        self.further += other.further;
    }

    /// Sorts the problems by their places, so that a person can go through each text from top to
    /// bottom. Texts come in the order in which they were met, and problems without a place come
    /// last.
    pub fn sort(&mut self) {
        let mut sources: Vec<Arc<Source>> = Vec::new();
        for place in self
            .kept
            .iter()
            .filter_map(|problem| problem.place.as_ref())
        {
            if !sources.contains(&place.source) {
                sources.push(Arc::clone(&place.source));
            }
        }
        self.kept.sort_by_key(|problem| match &problem.place {
            Some(place) => {
                let source = sources.iter().position(|source| *source == place.source);
                (source.unwrap_or(sources.len()), place.span.start)
            }
            None => (sources.len(), 0),
        });
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many problems there are, including those that are only counted.
    pub fn len(&self) -> usize {
        self.kept.len() + self.further
    }

    /// The problems, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.kept.iter()
    }

    /// `value` if there are no problems, else the problems as an error.
    pub fn into_result<T>(self, value: T) -> Result<T, Error> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(Error::Experiment(self))
        }
    }

    /// The problems, each changed by a function, for example to break its sentences into lines.
    pub fn map(&self, change: impl Fn(&Problem) -> Problem) -> Self {
        Self {
            kept: self.kept.iter().map(change).collect(),
            further: self.further,
        }
    }

    /// Every problem as a compiler would show it, with terminal colours or without.
    pub fn render(&self, colour: bool) -> String {
        self.picture(Severity::Error, colour, None)
    }

    /// Every problem as a compiler would show it, as an error or as a warning. At most `width`
    /// columns of the texts are shown.
    pub fn picture(&self, severity: Severity, colour: bool, width: Option<usize>) -> String {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = match width {
            Some(width) => renderer.term_width(width),
            None => renderer,
        };
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut text = String::new();
        for problem in self.kept.iter().take(SHOWN) {
            text += &problem.render(level.clone(), &renderer);
            text += "\n\n";
        }
        let hidden = self.len() - self.kept.len().min(SHOWN);
        if hidden > 0 {
            text += &format!("… and {hidden} more\n\n");
        }
        text
    }
}

/// The reason why the program stops before or during training.
#[derive(Debug)]
pub enum Error {
    /// The experiment or its data is wrong; nothing was trained.
    Experiment(Problems),
    /// A file or directory could not be read or written.
    File {
        /// What the program tried, as in "cannot write".
        action: &'static str,
        /// The path of the file.
        path: PathBuf,
        /// The reason that the system gave.
        cause: io::Error,
    },
    /// Any other failure; the message says it in full.
    Other(String),
}

impl Error {
    /// Turns an I/O error into an [`Error`] that says what was tried with which file.
    pub fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error + use<> {
        let path = path.to_path_buf();
        move |cause| Error::File {
            action,
            path,
            cause,
        }
    }
}

/// Whether Windows may refuse a file because another program has it open, as Excel does with
/// tables.
pub fn is_held(cause: &io::Error) -> bool {
    cfg!(windows) && cause.raw_os_error().and_then(held).is_some()
}

/// The message for a file that Windows reserves for the program that has it open, by the number of
/// the system's error.
fn held(code: i32) -> Option<&'static str> {
    match code {
        // ERROR_ACCESS_DENIED stands for both reasons.
        5 => Some(
            "permission denied, or another program has it open: close it there, and run the same \
             command again",
        ),
        // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_USER_MAPPED_FILE.
        32 | 33 | 1224 => {
            Some("another program has it open: close it there, and run the same command again")
        }
        _ => None,
    }
}

/// The reason why an action on a file failed, without the number of the system's error.
pub fn reason(cause: &io::Error) -> String {
    if let Some(held) = cause.raw_os_error().and_then(held)
        && cfg!(windows)
    {
        return held.to_owned();
    }
    let text = cause.to_string();
    match cause.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::IsADirectory => "it is a directory".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::InvalidData if text.ends_with("valid UTF-8") => {
            "it is not text in UTF-8".to_owned()
        }
        _ => match cause.raw_os_error() {
            Some(code) => {
                let number = format!(" (os error {code})");
                text.strip_suffix(&number).unwrap_or(&text).to_owned()
            }
            None => text,
        },
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        let mut problems = Self::new();
        problems.push(problem);
        problems
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Error::Experiment(problems)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        let mut problems = Problems::new();
        problems.push(problem);
        Error::Experiment(problems)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Experiment(problems) => f.write_str(problems.render(false).trim_end()),
            Error::File {
                action,
                path,
                cause,
            } => {
                let reason = match cause.kind() {
                    // When a file is written, a missing thing is its directory.
                    ErrorKind::NotFound if *action != "cannot read" => {
                        "its directory does not exist".to_owned()
                    }
                    _ => reason(cause),
                };
                write!(f, "{action} {}: {reason}", path.display())
            }
            Error::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::File { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_an_error_has_no_number_of_the_system() {
        let missing = io::Error::from_raw_os_error(2);
        assert_eq!(reason(&missing), "there is no such file");
        let write = Error::file("cannot write", Path::new("a/b"))(missing);
        assert_eq!(
            write.to_string(),
            "cannot write a/b: its directory does not exist"
        );
        let other = io::Error::other("the archive is short");
        assert_eq!(reason(&other), "the archive is short");
        let open_elsewhere = io::Error::from_raw_os_error(32);
        assert_eq!(is_held(&open_elsewhere), cfg!(windows));
        let said = reason(&open_elsewhere).starts_with("another program has it open");
        assert_eq!(said, cfg!(windows));
        #[cfg(target_os = "linux")]
        assert_eq!(
            reason(&io::Error::from_raw_os_error(28)),
            "No space left on device"
        );
    }
}
