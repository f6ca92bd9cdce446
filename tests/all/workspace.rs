//! The declarations of the packages: which program `cargo run` starts, and that each of their
//! dependencies is used.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Cargo's metadata of the workspace.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs the tests");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

/// A list of the metadata.
fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// All Rust under a directory, as one text.
fn code(directory: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(directory).expect("a directory of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            text += &code(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text += &std::fs::read_to_string(&path).expect("a source is text");
        }
    }
    text
}

#[test]
fn cargo_run_at_the_top_is_the_program() {
    let metadata = metadata();
    let defaults = list(&metadata, "workspace_default_members");
    let packages = list(&metadata, "packages").iter();
    let packages: Vec<&Value> = packages
        .filter(|package| defaults.contains(&package["id"]))
        .collect();
    let programs = packages.iter().flat_map(|package| list(package, "targets"));
    let is_program = |target: &&Value| list(target, "kind").contains(&"bin".into());
    let programs = programs.filter(is_program);
    let names: Vec<&str> = programs
        .filter_map(|target| target["name"].as_str())
        .collect();
    assert!(names.contains(&"runner"), "{names:?}");
    let chosen = packages
        .iter()
        .filter_map(|package| package["default_run"].as_str());
    let chosen: Vec<&str> = chosen.collect();
    // If there are several programs, cargo starts the only one that a package declares.
    assert!(
        chosen == ["runner"] || names == ["runner"],
        "{chosen:?} of {names:?}"
    );
}

#[test]
fn each_dependency_is_used() {
    for package in list(&metadata(), "packages") {
        let name = package["name"].as_str().expect("a package has a name");
        let manifest = package["manifest_path"].as_str().expect("a path");
        let directory = PathBuf::from(manifest);
        let directory = directory.parent().expect("it lies in a directory");
        let code = code(&directory.join("src"));
        for dependency in list(package, "dependencies") {
            if !dependency["kind"].is_null() {
                continue; // The dependency is for tests alone.
            }
            let word = dependency["name"].as_str().expect("a name");
            let word = word.replace('-', "_");
            let named = [format!("{word}::"), format!("use {word};")];
            assert!(
                named.iter().any(|named| code.contains(named)),
                "{name} does not use {word}"
            );
        }
    }
}
