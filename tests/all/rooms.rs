//! The imports between rooms and between files, read from the sources: values flow one way, and no
//! imports run in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The order in which values flow; a room may import those before it.
const ORDER: [&str; 5] = ["config", "plan", "record", "execute", "report"];

/// The crates beside the program, but for the one that has a single file.
const CRATES: [&str; 7] = [
    "crates/data/src",
    "crates/engine/src",
    "crates/memory/src",
    "crates/numbers/src",
    "crates/pictures/src",
    "crates/problems/src",
    "crates/statistics/src",
];

/// A module's path from its crate's root, as `report::page`.
type Module = Vec<String>;

/// The imports of each module or room.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// The code of each module under `root`, without its tests and comments.
fn sources(root: &Path) -> BTreeMap<Module, String> {
    fn gather(path: &Path, module: &[String], found: &mut BTreeMap<Module, String>) {
        for entry in fs::read_dir(path).expect("a room is readable") {
            let entry = entry.expect("a room is readable").path();
            let stem = entry.file_stem().expect("a module has a name");
            let mut module = module.to_vec();
            if !["mod", "lib"].contains(&&*stem.to_string_lossy()) {
                module.push(stem.to_string_lossy().into_owned());
            }
            if entry.is_dir() {
                gather(&entry, &module, found);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&entry).expect("a source is text");
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let documented: Vec<&str> = text.split("#[cfg(doc)]\nuse").collect();
                let code = documented
                    .iter()
                    .enumerate()
                    .map(|(part, text)| match part {
                        0 => *text,
                        _ => text.split_once(';').map_or("", |(_, rest)| rest),
                    });
                let code = code.flat_map(str::lines);
                let code = code.filter_map(|line| line.split("//").next());
                found.insert(module, code.collect::<Vec<_>>().join("\n"));
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(root, &[], &mut found);
    found
}

/// The words and signs of the code; `::` is one sign.
fn tokens(code: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ if rest.starts_with("::") => 2,
            c => c.len_utf8(),
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Adds the paths of a tree such as `a::{b, c::d as e}`, and returns its end.
fn tree(tokens: &[&str], mut at: usize, before: &[String], found: &mut Vec<Module>) -> usize {
    let mut path = before.to_vec();
    while let Some(&token) = tokens.get(at) {
        at += 1;
        match token {
            "::" => {}
            "{" => {
                while tokens.get(at).is_some_and(|&token| token != "}") {
                    at = tree(tokens, at, &path, found);
                    at += usize::from(tokens.get(at) == Some(&","));
                }
                return at + 1;
            }
            "as" => at += 1,
            "," | "}" | ";" => {
                at -= 1;
                break;
            }
            word => path.push(word.to_owned()),
        }
    }
    found.push(path);
    at
}

/// The paths in the code: first those in `pub use`, then all others.
fn paths(code: &str) -> (Vec<Module>, Vec<Module>) {
    let tokens = tokens(code);
    let (mut handed_on, mut named) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        // A `use<…>` after a type names lifetimes.
        if tokens[at] == "use" && tokens.get(at + 1) != Some(&"<") {
            let public = at > 0 && (tokens[at - 1] == "pub" || tokens[at - 1] == ")");
            let found = if public { &mut handed_on } else { &mut named };
            at = tree(&tokens, at + 1, &[], found);
        } else if tokens.get(at + 1) == Some(&"::") {
            let mut path = vec![tokens[at].to_owned()];
            while tokens.get(at + 1) == Some(&"::") {
                path.extend(tokens.get(at + 2).map(|&word| word.to_owned()));
                at += 2;
            }
            named.push(path);
        }
        at += 1;
    }
    (handed_on, named)
}

/// For each file of `root`, the files that it imports outside of its tests. Declarations in a
/// room's `mod.rs` belong to all files of the room, and items that it re-exports belong to the file
/// that declares them.
fn imports_of_files(root: &Path) -> BTreeMap<Module, BTreeSet<Module>> {
    let sources = sources(root);
    let paths: BTreeMap<&Module, _> = sources.iter().map(|(m, code)| (m, paths(code))).collect();
    let resolve = |from: &Module, path: &Module| {
        let (mut from, mut path) = (from.clone(), path.clone());
        // Re-exported items are followed to their source, a few times at most.
        for _ in 0..5 {
            let known = |module: &Module| sources.contains_key(module);
            let mut base = match path.first().map(String::as_str) {
                Some("crate") => Vec::new(),
                _ => from.clone(),
            };
            let mut rest = path.iter().peekable();
            rest.next_if(|word| ["crate", "self"].contains(&word.as_str()));
            while rest.next_if(|word| *word == "super").is_some() {
                base.pop();
            }
            let is_local = path[0] == "crate" || path[0] == "self" || path[0] == "super";
            let inner = |base: &Module, word: &String| {
                [base.as_slice(), std::slice::from_ref(word)].concat()
            };
            if !is_local && !rest.peek().is_some_and(|word| known(&inner(&base, word))) {
                return None;
            }
            while let Some(word) = rest.next_if(|word| known(&inner(&base, word))) {
                base.push(word.clone());
            }
            let rest: Module = rest.cloned().collect();
            let handed_on = paths.get(&base).map(|(handed_on, _)| handed_on);
            let source = handed_on.and_then(|handed_on| {
                let mut handed_on = handed_on.iter();
                handed_on.find(|path| !rest.is_empty() && path.last() == rest.first())
            });
            match source {
                Some(source) => {
                    path = [source.as_slice(), &rest[1..]].concat();
                    from = base;
                }
                None => return sources.contains_key(&base).then_some(base),
            }
        }
        None
    };
    let edges = paths.iter().map(|(module, (_, named))| {
        let found = named.iter().filter_map(|path| resolve(module, path));
        let found = found.filter(|to| !module.starts_with(to));
        ((*module).clone(), found.collect())
    });
    edges.collect()
}

/// The imports with names for modules.
fn named(files: &BTreeMap<Module, BTreeSet<Module>>) -> Imports {
    let names = |modules: &BTreeSet<Module>| modules.iter().map(|to| to.join("::")).collect();
    let named = files.iter().map(|(from, to)| (from.join("::"), names(to)));
    named.collect()
}

/// For each room (a file or directory of `root`), the rooms that it imports outside of its tests.
fn imports(root: &Path) -> Imports {
    let mut edges = Imports::new();
    for (from, to) in imports_of_files(root) {
        // The map names every room, and `main` only calls.
        let Some(room) = from.first().filter(|room| *room != "main") else {
            continue;
        };
        let rooms = to.iter().filter_map(|module| module.first());
        let rooms = rooms.filter(|other| *other != room).cloned();
        edges.entry(room.clone()).or_default().extend(rooms);
    }
    edges
}

/// The rooms whose imports lead back to themselves.
fn in_circles(edges: &Imports) -> Vec<&str> {
    let leads_back = |start: &&String| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&String> = edges[*start].iter().collect();
        while let Some(room) = next.pop() {
            if seen.insert(room) {
                next.extend(&edges[room]);
            }
        }
        seen.contains(start)
    };
    edges
        .keys()
        .filter(leads_back)
        .map(String::as_str)
        .collect()
}

#[test]
fn no_import_runs_in_a_circle_between_the_rooms_of_the_program_or_of_the_engine() {
    for root in ["src", "crates/engine/src"] {
        let edges = imports(Path::new(root));
        let count: usize = edges.values().map(BTreeSet::len).sum();
        assert!(count > 8, "{root} has imports between its rooms: {edges:?}");
        assert_eq!(in_circles(&edges), [""; 0], "{root}: {edges:?}");
    }
}

#[test]
fn no_import_runs_in_a_circle_between_files() {
    for root in ["src"].into_iter().chain(CRATES) {
        let edges = named(&imports_of_files(Path::new(root)));
        // The grammar of the experiment file is recursive, since a table contains tables.
        let is_grammar = |name: &str| root == "src" && name.starts_with("config::");
        let circles = in_circles(&edges);
        let found = circles.iter().any(|name| is_grammar(name));
        assert_eq!(found, root == "src", "the grammar's circle is found");
        let circles = circles.into_iter();
        let circles: Vec<_> = circles
            .filter(|name| !is_grammar(name))
            .map(|name| (name, &edges[name]))
            .collect();
        assert!(circles.is_empty(), "{root}: {circles:#?}");
    }
}

#[test]
fn no_room_imports_one_that_stands_after_it() {
    let edges = imports(Path::new("src"));
    for (place, room) in ORDER.iter().enumerate() {
        for later in &ORDER[place + 1..] {
            assert!(!edges[*room].contains(*later), "{room} imports {later}");
        }
    }
    for below in [
        "config", "plan", "record", "execute", "report", "export", "trace", "guide",
    ] {
        for above in ["app", "cli", "commands", "voice", "library"] {
            assert!(!edges[below].contains(above), "{below} imports {above}");
        }
    }
}

#[test]
fn a_circle_is_found() {
    let edges = [("a", "b"), ("b", "c"), ("c", "b"), ("d", "a")];
    let edges = edges.map(|(from, to)| (from.to_owned(), BTreeSet::from([to.to_owned()])));
    assert_eq!(in_circles(&BTreeMap::from(edges)), ["b", "c"]);
    let (handed_on, named) = paths("pub use a::{b, c::d as e}; use super::f; g(crate::h::i());");
    let joined = |paths: Vec<Module>| paths.iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(joined(handed_on), ["a::b", "a::c::d"]);
    assert_eq!(joined(named), ["super::f", "crate::h::i"]);
}
