//! Which room imports which, read from the sources: values flow one way, and nothing runs in a
//! circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The way of the values; a room may import those that stand before it.
const ORDER: [&str; 5] = ["config", "plan", "record", "execute", "report"];

/// For each room (a file or directory of `root`) the rooms that it imports outside its tests.
fn imports(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut edges = BTreeMap::new();
    for room in fs::read_dir(root).expect("the sources are there") {
        let path = room.expect("the sources are readable").path();
        let name = path.file_stem().expect("a room has a name");
        let name = name.to_string_lossy().into_owned();
        // The map names every room, and the program's door only calls.
        if !["lib", "main"].contains(&name.as_str()) {
            let found: &mut BTreeSet<String> = edges.entry(name.clone()).or_default();
            gather(&path, 1, found);
            found.remove(&name);
        }
    }
    let rooms: BTreeSet<String> = edges.keys().cloned().collect();
    for found in edges.values_mut() {
        found.retain(|name| rooms.contains(name));
    }
    edges
}

/// Adds the rooms that the sources under `path` name; `depth` is the number of `super::` that lead
/// from a file there to the crate's root.
fn gather(path: &Path, depth: usize, found: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a room is readable") {
            let entry = entry.expect("a room is readable").path();
            let is_root = entry.ends_with("mod.rs");
            gather(&entry, if is_root { depth } else { depth + 1 }, found);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let text = fs::read_to_string(path).expect("a source is text");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: Vec<&str> = text
            .split("#[cfg(doc)]\nuse")
            .flat_map(str::lines)
            .filter_map(|line| line.split("//").next())
            .collect();
        let code = code.join("\n");
        for prefix in ["crate::".to_owned(), "super::".repeat(depth)] {
            for (at, _) in code.match_indices(&prefix) {
                // `super::super::` is not `super::`, and `some_crate::` is not `crate::`.
                let before = code[..at].chars().next_back();
                let after = &code[at + prefix.len()..];
                let is_longer = before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':');
                if !is_longer && !after.starts_with("super::") {
                    found.extend(firsts(after));
                }
            }
        }
    }
}

/// The first names of a path, or of each path in braces.
fn firsts(after: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let text = text.trim_start().chars();
        text.take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = after.strip_prefix('{') else {
        return vec![name(after)];
    };
    let (mut depth, mut names) = (0, vec![name(group)]);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    names
}

/// The rooms from which imports lead back to themselves.
fn in_circles(edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<&str> {
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
    assert_eq!(firsts("{a::{b, c}, d}; e"), ["a", "d"]);
    assert_eq!(firsts("plan::Plan;"), ["plan"]);
}
