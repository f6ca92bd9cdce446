//! Both languages have every message: the files of messages are compared with each other and with
//! the code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Message, Pattern, PatternElement,
};
use fluent_syntax::parser;
use runner::guide::entries::entries;
use runner::guide::template::TEMPLATES;
use runner::language::Language;
use runner::plan::plan;

use crate::program::{Place, promised};

/// The files of messages, English first.
const FILES: [&str; 2] = ["src/language/en.ftl", "src/language/ja.ftl"];

/// The beginnings of the names of messages whose English text is in the code, at a key or a word,
/// or in a shipped experiment.
const DECLARED: [&str; 4] = ["key-", "word-", "default-", TEMPLATE];

/// The beginning of the names of messages for the comments of a shipped experiment.
const TEMPLATE: &str = "template-";

fn is_declared(name: &str) -> bool {
    DECLARED.iter().any(|start| name.starts_with(start))
}

/// The names of messages in the order of the file, with the placeholders of each.
type Messages = Vec<(String, BTreeSet<String>)>;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// The messages of a file, which must be valid from its first line to its last.
fn messages(file: &str) -> Messages {
    let text = read(file);
    let resource =
        parser::parse(text.as_str()).unwrap_or_else(|(_, errors)| panic!("{file}: {errors:#?}"));
    let all: Vec<&Message<&str>> = resource
        .body
        .iter()
        .filter_map(|entry| match entry {
            Entry::Message(message) => Some(message),
            Entry::Junk { content } => panic!("{file}: this is no message: {content}"),
            Entry::Term(term) => panic!("{file}: a term, which nothing looks up: {}", term.id.name),
            _ => None,
        })
        .collect();
    let of = |message: &&Message<&str>| {
        let mut found = BTreeSet::new();
        pattern(&all, message, &mut found);
        (message.id.name.to_owned(), found)
    };
    all.iter().map(of).collect()
}

fn pattern(all: &[&Message<&str>], message: &Message<&str>, found: &mut BTreeSet<String>) {
    assert!(message.attributes.is_empty(), "{}", message.id.name);
    let value = message.value.as_ref();
    let value = value.unwrap_or_else(|| panic!("{} says nothing", message.id.name));
    placeholders(all, value, found);
}

fn placeholders(all: &[&Message<&str>], pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression } => in_expression(all, expression, found),
        }
    }
}

fn in_expression(
    all: &[&Message<&str>],
    expression: &Expression<&str>,
    found: &mut BTreeSet<String>,
) {
    match expression {
        Expression::Inline(inline) => in_inline(all, inline, found),
        Expression::Select { selector, variants } => {
            in_inline(all, selector, found);
            for variant in variants {
                placeholders(all, &variant.value, found);
            }
        }
    }
}

fn in_inline(
    all: &[&Message<&str>],
    inline: &InlineExpression<&str>,
    found: &mut BTreeSet<String>,
) {
    match inline {
        InlineExpression::VariableReference { id } => _ = found.insert(id.name.to_owned()),
        InlineExpression::Placeable { expression } => in_expression(all, expression, found),
        InlineExpression::FunctionReference { arguments, .. } => {
            let CallArguments { positional, .. } = arguments;
            positional.iter().for_each(|of| in_inline(all, of, found));
        }
        InlineExpression::MessageReference { id, .. } => {
            let referred = all.iter().find(|message| message.id.name == id.name);
            let referred = referred.unwrap_or_else(|| panic!("{} is no message", id.name));
            self::pattern(all, referred, found);
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        InlineExpression::TermReference { id, .. } => panic!("{} is a term", id.name),
    }
}

/// Every source file of the program, by its path.
fn sources() -> BTreeMap<String, String> {
    fn gather(directory: &Path, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(directory).expect("a room is readable") {
            let path = entry.expect("a room is readable").path();
            if path.is_dir() {
                gather(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source is text");
                found.insert(path.display().to_string(), text);
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    found
}

/// The calls of `text!` in a source: the name of the message and the given placeholders.
fn calls(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let code: Vec<&str> = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let mut calls = Vec::new();
    for (place, word) in code.match_indices("text!(") {
        let parts = parts(&code[place + word.len()..]);
        let [_, name, given @ ..] = parts.as_slice() else {
            panic!("text! takes a language and a name: {parts:?}");
        };
        let name = name.trim().trim_matches('"').to_owned();
        let given = given.iter().filter_map(|part| {
            let (placeholder, value) = part.split_once('=')?;
            let placeholder = placeholder.trim();
            let is_name = placeholder.chars().all(|c| c.is_alphanumeric() || c == '_');
            (is_name && !value.starts_with('=')).then(|| placeholder.to_owned())
        });
        calls.push((name, given.collect()));
    }
    calls
}

/// The calls in the page's script, where each text is in double braces.
fn calls_of_script(script: &str) -> Vec<(String, BTreeSet<String>)> {
    let texts = script.split("{{").skip(1);
    let texts = texts.map(|text| text.split_once("}}").expect("a text's place is closed").0);
    let call = |text: &str| {
        let mut words = text.split(' ');
        let name = words.next().unwrap_or_default().to_owned();
        let given = words.map(|word| word.split('=').next().unwrap_or_default().to_owned());
        (name, given.collect())
    };
    texts.map(call).collect()
}

/// The parts between the commas of a call, up to its closing bracket.
fn parts(code: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("there is one").push(c);
    }
    parts
}

#[test]
fn every_message_stands_once_in_both_languages_in_one_order_with_the_same_placeholders() {
    let [english, japanese] = FILES.map(messages);
    for (file, messages) in FILES.iter().zip([&english, &japanese]) {
        let mut names = BTreeSet::new();
        for (name, _) in messages {
            assert!(names.insert(name), "{file} has `{name}` twice");
        }
    }
    let japanese: Messages = japanese
        .into_iter()
        .filter(|(name, _)| !is_declared(name))
        .collect();
    let names =
        |of: &Messages| -> Vec<String> { of.iter().map(|(name, _)| name.clone()).collect() };
    let (a, b) = (names(&english), names(&japanese));
    let differs = a.iter().zip(&b).find(|(a, b)| a != b);
    assert_eq!(differs, None, "the files part here");
    assert_eq!(a.len(), b.len(), "one file has more at its end");
    for ((name, english), (_, japanese)) in english.iter().zip(&japanese) {
        assert_eq!(english, japanese, "the placeholders of `{name}`");
    }
}

#[test]
fn the_code_says_every_message_with_its_placeholders_and_no_other() {
    let messages: BTreeMap<String, BTreeSet<String>> = messages(FILES[0]).into_iter().collect();
    let mut said = BTreeSet::new();
    let script = "src/report/page/script.js";
    let of_script = (script.to_owned(), calls_of_script(&read(script)));
    let of_sources = sources().into_iter();
    let of_sources = of_sources.map(|(path, source)| (path, calls(&source)));
    for (path, calls) in of_sources.chain([of_script]) {
        for (name, given) in calls {
            let Some(placeholders) = messages.get(&name) else {
                panic!("{path} says `{name}`, which is no message");
            };
            assert_eq!(*placeholders, given, "{path}: the placeholders of `{name}`");
            said.insert(name);
        }
    }
    let unsaid: Vec<&String> = messages
        .keys()
        .filter(|name| !said.contains(*name))
        .collect();
    assert!(unsaid.is_empty(), "nothing says {unsaid:?}");
}

/// Every text that is declared with a key: its meaning, its default, and the meanings of its words.
fn declared(language: Language) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in entries(language) {
        texts.push(entry.doc);
        texts.push(entry.default);
        texts.extend(entry.words.into_iter().map(|(_, meaning)| meaning));
    }
    texts
}

/// Whether a text is a value, or has no words but names of keys, words and functions, as a formula.
fn is_formula(text: &str) -> bool {
    if text.starts_with(['"', '[']) {
        return true;
    }
    let mut names = BTreeSet::from(["max", "sin", "true", "false"].map(str::to_owned));
    for entry in entries(Language::English) {
        names.extend(entry.path.split('.').map(str::to_owned));
        names.extend(entry.words.iter().map(|(word, _)| (*word).to_owned()));
    }
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.chars().filter(char::is_ascii_alphabetic).count() > 2)
        .all(|word| names.contains(word) || word == "n_in" || word == "n_out")
}

#[test]
fn what_keys_words_and_defaults_mean_is_said_in_japanese_unless_it_is_a_formula() {
    let [english, japanese] = [Language::English, Language::Japanese].map(declared);
    assert_eq!(english.len(), japanese.len());
    let mut meanings = BTreeMap::new();
    for (english, japanese) in english.iter().zip(&japanese) {
        assert!(
            english != japanese || is_formula(english),
            "no Japanese: {english}"
        );
        let first = meanings.entry(japanese).or_insert(english);
        assert!(
            first.eq_ignore_ascii_case(english),
            "one Japanese text for {first} and {english}: {japanese}"
        );
    }
    let declared = messages(FILES[1]);
    let of_keys = |name: &str| is_declared(name) && !name.starts_with(TEMPLATE);
    for (name, _) in declared.iter().filter(|(name, _)| of_keys(name)) {
        let text = Language::Japanese.message(name, None);
        let is_said = meanings.contains_key(&text);
        assert!(is_said, "no key and no word has the text of `{name}`");
    }
}

#[test]
fn a_call_is_read_with_its_placeholders() {
    let source = r#"
        // text!(language, "a-comment")
        text!(language, "one");
        crate::text!(self, "two", a = f(x, "c, d = e"), b = match x == y { true => 1, false => 2 });
    "#;
    let placeholders = ["a", "b"].map(str::to_owned);
    assert_eq!(
        calls(source),
        [
            ("one".to_owned(), BTreeSet::new()),
            ("two".to_owned(), BTreeSet::from(placeholders)),
        ]
    );
}

/// The comments of an experiment file, without their signs, and the description.
fn comments(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with("#:schema"));
    let said = lines.filter_map(|line| {
        let description = line.strip_prefix("description = ");
        description.or_else(|| line.split_once("# ").map(|(_, comment)| comment))
    });
    said.map(str::to_owned).collect()
}

fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c))
}

#[test]
fn a_template_in_japanese_is_the_same_plan_and_has_no_english_comment() {
    let directory = tempfile::tempdir().expect("a place for files");
    let mut said = String::new();
    for template in TEMPLATES {
        let [english, japanese] = [Language::English, Language::Japanese].map(|language| {
            let word = match language {
                Language::English => "en",
                Language::Japanese => "ja",
            };
            let file = directory.path().join(word).join("mine.toml");
            let _ = std::fs::remove_file(&file);
            template.write(&file, language).expect("it can be written");
            let text = std::fs::read_to_string(&file).expect("it is text");
            let plan = plan(&file, &[]).unwrap_or_else(|error| panic!("{error}\n{text}"));
            let keys = plan.runs.iter().map(|run| run.key.to_string());
            (text, keys.collect::<Vec<_>>())
        });
        assert_eq!(english.1, japanese.1, "{}", template.word);
        for comment in comments(&japanese.0) {
            assert!(is_japanese(&comment), "{}: {comment}", template.word);
        }
        let lines = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(lines(&english.0), lines(&japanese.0), "{}", template.word);
        said += &japanese.0;
    }
    for (name, _) in messages(FILES[1]) {
        if name.starts_with(TEMPLATE) {
            let text = Language::Japanese.message(&name, None);
            let first = text.lines().next().unwrap_or_default();
            assert!(said.contains(first), "no template has `{name}`");
        }
    }
}

/// An experiment with two variants, a test part, models and pictures.
const EXPERIMENT: &str = r#"
name = "both"
seed = 3
replicates = 3
[data]
source = "plane"
samples = 60
validation = 0.3
test = 0.2
[model]
layers = [2, 3, 1]
activations = ["sigmoid", "identity"]
[training]
epochs = 5
learning_rate = 0.1
[variants.one]
training.batch_size = 1
[variants.eight]
training.batch_size = 8
[output]
models = "all"
"#;

#[test]
fn the_language_reaches_no_table_and_no_model() {
    let place = Place::with(EXPERIMENT);
    let files = ["en", "ja"].map(|language| {
        place.succeed(&["e.toml", "--out", language, "--lang", language]);
        place.succeed(&["test", language, "--lang", language]);
        let of_page = |name: &str| name == "report.html" || name.starts_with("plots");
        let mut files = promised(&place.path(language));
        files.retain(|(name, _)| !of_page(name));
        files
    });
    assert!(files[0].len() > 10, "{}", files[0].len());
    let [english, japanese] = &files;
    assert!(english == japanese);
    let pages = ["en", "ja"].map(|language| place.read(&format!("{language}/report.html")));
    assert!(pages[0].contains("<html lang=\"en\""));
    assert!(pages[1].contains("<html lang=\"ja\""));
}

#[test]
fn a_page_keeps_its_language_wherever_it_is_made_again() {
    let place = Place::with(EXPERIMENT);
    place.succeed(&["e.toml", "--lang", "ja"]);
    let before = promised(&place.path("results/both"));
    // The language of the environment is English.
    place.succeed(&["report", "results/both"]);
    assert!(promised(&place.path("results/both")) == before);
    let verified = place.succeed(&["verify", "results/both"]);
    assert!(
        verified.stdout.contains("the same to the bit"),
        "{}",
        verified.stdout
    );
    place.succeed(&["report", "results/both", "--lang", "en"]);
    let page = place.read("results/both/report.html");
    assert!(page.contains("<html lang=\"en\""));
}

#[test]
fn every_kind_of_error_ends_with_a_sentence_in_japanese() {
    let place = Place::with(EXPERIMENT);
    place.write("wrong.toml", "[data]\nsauce = \"plane\"\n");
    for arguments in [
        &["wrong.toml"] as &[&str],
        &["nowhere.toml"],
        &["check", "wrong.toml"],
        &["plan", "e.toml", "--set", "replicates=0"],
        &["compare", "nowhere"],
        &["report", "nowhere"],
        &["verify", "nowhere"],
        &["test", "nowhere"],
        &["predict", "nowhere", "data.csv"],
        &["show", "nowhere"],
        &["export", "nowhere", "--to", "csv"],
        &["merge", "nowhere"],
        &["trace", "e.toml", "--run", "99"],
        &["explain", "learning_rte"],
        &["new", "e"],
        &["new", "other", "--template", "plain"],
        &["new", "other", "--from", "nowhere.csv"],
        &["e.toml", "--no-such-option"],
        &["plan", "e.toml", "--color", "green"],
        &["compare"],
    ] {
        let ended = place.run(&[arguments, &["--lang", "ja"]].concat());
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.stderr);
        let last = ended.stderr.lines().last().unwrap_or_default();
        assert!(is_japanese(last), "{arguments:?}: {}", ended.stderr);
        let english = ended.stderr.lines().next().unwrap_or_default();
        assert!(english.starts_with("error"), "{arguments:?}: {english}");
    }
    let wrong = place.run(&["plan", "e.toml", "--lang", "de"]);
    assert_eq!(wrong.code, Some(2));
    assert!(!is_japanese(&wrong.stderr), "{}", wrong.stderr);
}
