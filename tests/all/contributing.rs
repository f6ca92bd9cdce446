//! The table "to add a thing" of CONTRIBUTING.md: its files exist, and each of them has the
//! existing thing. The map of ARCHITECTURE.md: it names every room.

use std::path::Path;

/// The root of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// For each row an existing thing of its kind, by its name in the code or by its own file.
const KNOWN: [(&str, &str); 9] = [
    ("an activation", "Softplus"),
    ("a loss", "CrossEntropy"),
    ("a metric", "Accuracy"),
    ("an optimizer", "Adagrad"),
    ("a schedule", "Cosine"),
    ("a generator", "MultiGaussian"),
    ("a file format", "Idx"),
    ("an export format", "Parquet"),
    ("a subcommand", "Merge"),
];

/// The rows of the table: the thing that is added, and the files.
fn rows() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("it is there");
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| a"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let quoted = cells[1].split('`').skip(1).step_by(2);
            (cells[0].to_owned(), quoted.map(str::to_owned).collect())
        });
    rows.collect()
}

/// The files of `src` and `crates` with this word, apart from tests.
fn files_with(word: &str) -> Vec<String> {
    fn collect(directory: &std::path::Path, word: &str, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with("tests") && !path.ends_with("target") {
                    collect(&path, word, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a text");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                if code.contains(word) {
                    let path = path.strip_prefix(root()).expect("below the root");
                    found.push(path.to_string_lossy().into_owned());
                }
            }
        }
    }
    let mut found = Vec::new();
    for directory in ["src", "crates"] {
        collect(&root().join(directory), word, &mut found);
    }
    found
}

#[test]
fn each_file_of_the_table_is_there_and_knows_what_is_added() {
    let rows = rows();
    let things: Vec<&str> = rows.iter().map(|(thing, _)| thing.as_str()).collect();
    assert_eq!(things, KNOWN.map(|(thing, _)| thing));
    for ((thing, files), (_, known)) in rows.iter().zip(KNOWN) {
        for file in files {
            let text = std::fs::read_to_string(root().join(file));
            let text = text.unwrap_or_else(|cause| panic!("{thing}: {file}: {cause}"));
            let stem = known.to_lowercase();
            let own = file.ends_with(&format!("/{stem}.rs"));
            let case = text.contains(known) || text.contains(&known.to_uppercase());
            assert!(own || case, "{thing}: {file} does not know {known}");
        }
    }
}

#[test]
fn a_choice_that_can_be_forgotten_nowhere_is_named_nowhere_else() {
    // An activation, an optimizer or a subcommand that no other code needs is in the files of its
    // row alone.
    let rows = rows();
    for (thing, known) in [
        ("an activation", "Mish"),
        ("an optimizer", "Adagrad"),
        ("a subcommand", "MergeArguments"),
    ] {
        let (_, files) = rows.iter().find(|(row, _)| row == thing).expect("a row");
        for file in files_with(known) {
            assert!(files.contains(&file), "{thing}: {file} knows {known} too");
        }
    }
}

#[test]
fn the_map_names_every_room() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("it is there");
    let map = text
        .split("## The ways")
        .next()
        .expect("it begins with the map");
    for directory in ["src", "crates"] {
        for entry in std::fs::read_dir(root().join(directory)).expect("a directory") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            let named = match entry.path().is_dir() {
                true => format!("{name}/"),
                false => name,
            };
            assert!(map.contains(&named), "the map lacks {directory}/{named}");
        }
    }
}
