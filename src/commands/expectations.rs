//! The expectations of an experiment, as commands report them: on the screen, as JUnit XML, and by
//! the exit code.

use std::path::Path;
use std::time::SystemTime;

use super::exit::{SOME_FAILED, SUCCESS};
use crate::language::Language;
use crate::plan::Plan;
use crate::record::manifest::Execution;
use crate::record::whole_file::write_new;
use crate::report::expectations::Judgement;
use crate::report::terminal;
use crate::screen::Screen;
use crate::text;
use crate::voice::{display, say};
use problems::Error;

/// Shows the expectations as a table on stdout, if there are any.
///
/// # Errors
/// If stdout cannot be written to.
pub fn show(language: Language, judged: &[Judgement], screen: &Screen) -> Result<(), Error> {
    let table = terminal::expectations(language, judged, screen);
    if table.is_empty() {
        return Ok(());
    }
    display(&table)
}

/// Names each expectation that was missed on stderr, and returns the exit code.
pub fn conclude(language: Language, name: &str, judged: &[Judgement]) -> u8 {
    let mut code = SUCCESS;
    for one in judged.iter().filter(|one| one.is_missed()) {
        say(&text!(
            language,
            "expect-misses",
            name = name,
            expectation = &one.expectation,
            words = &one.words
        ));
        code = SOME_FAILED;
    }
    code
}

/// The expectations of one experiment, as a suite of tests in JUnit's format.
pub struct Suite {
    /// The experiment's name.
    pub name: String,
    /// The seconds of the training.
    pub seconds: f64,
    /// The time when the command began.
    pub started: SystemTime,
    /// The expectations.
    pub judged: Vec<Judgement>,
}

impl Suite {
    /// The suite of a plan whose training was this execution.
    pub fn of(plan: &Plan, execution: &Execution, judged: Vec<Judgement>) -> Self {
        Self {
            name: plan.name.clone(),
            seconds: execution.train_seconds,
            started: execution.started,
            judged,
        }
    }
}

/// Checks the path of a JUnit report and removes an earlier report there, so that it cannot be
/// mistaken for that of a command which ended before any judgement.
///
/// # Errors
/// If the path has a file that is not such a report.
pub fn make_room(path: Option<&Path>) -> Result<(), Error> {
    let Some(path) = path.filter(|path| path.is_file()) else {
        return Ok(());
    };
    let there = data::file_bytes(path).map_err(Error::file("cannot read", path))?;
    if !junit::is_own(&there) {
        return Err(Error::Other(format!(
            "--junit would take the place of {}, which is no report of runner: name another file",
            path.display()
        )));
    }
    std::fs::remove_file(path).map_err(Error::file("cannot remove", path))
}

/// Writes suites of tests as JUnit XML, with a test for each expectation.
///
/// # Errors
/// If the file cannot be written.
pub fn write_junit(language: Language, path: Option<&Path>, suites: &[Suite]) -> Result<(), Error> {
    let Some(path) = path else {
        return Ok(());
    };
    if suites.iter().all(|suite| suite.judged.is_empty()) {
        let path = path.display().to_string();
        say(&text!(language, "expect-no-test", path = path));
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        std::fs::create_dir_all(parent).map_err(Error::file("cannot make", parent))?;
    }
    write_new(
        path,
        junit::xml(suites).as_bytes(),
        "--junit",
        junit::is_own,
    )
}

mod junit {
    //! The XML that Jenkins, GitLab and GitHub's readers of test reports accept.

    use std::fmt::Write;

    use super::Suite;
    use crate::record::manifest::timestamp;
    use crate::report::expectations::Judgement;
    use pictures::svg::escape;

    /// The beginning of every report.
    const HEAD: &str =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- Expectations of runner. -->\n";

    /// Whether these bytes are a report of this program.
    pub fn is_own(bytes: &[u8]) -> bool {
        bytes.starts_with(HEAD.as_bytes())
    }

    pub fn xml(suites: &[Suite]) -> String {
        let mut text = format!("{HEAD}<testsuites>\n");
        for (id, suite) in suites.iter().enumerate() {
            self::suite(&mut text, id, suite);
        }
        text + "</testsuites>\n"
    }

    fn suite(text: &mut String, id: usize, suite: &Suite) {
        let count =
            |is: &dyn Fn(&Judgement) -> bool| suite.judged.iter().filter(|one| is(one)).count();
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" package=\"runner\" id=\"{id}\" tests=\"{}\" failures=\"{}\" errors=\"0\" \
             skipped=\"{}\" time=\"{:.3}\" timestamp=\"{}\" hostname=\"localhost\">",
            escape(&suite.name),
            suite.judged.len(),
            count(&Judgement::is_missed),
            count(&|one| one.met.is_none()),
            suite.seconds,
            timestamp(suite.started).trim_end_matches('Z'),
        );
        text.push_str("    <properties/>\n");
        for one in &suite.judged {
            let (name, words) = (escape(&one.expectation), escape(&one.words));
            let _ = write!(
                text,
                "    <testcase classname=\"{}\" name=\"{name}\" time=\"0\"",
                escape(&suite.name)
            );
            let _ = match one.met {
                Some(true) => writeln!(text, "/>"),
                Some(false) => writeln!(
                    text,
                    ">\n      <failure type=\"expectation\" message=\"{words}\">expected {name}\ncame out: {words}</failure>\n    </testcase>"
                ),
                None => writeln!(
                    text,
                    ">\n      <skipped message=\"{words}\"/>\n    </testcase>"
                ),
            };
        }
        text.push_str(
            "    <system-out></system-out>\n    <system-err></system-err>\n  </testsuite>\n",
        );
    }
}
