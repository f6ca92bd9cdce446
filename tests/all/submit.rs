//! The scripts of `runner submit`, run by a replacement for `sbatch`.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;

use crate::program::{Ended, Place, SWEEP, assert_same_bytes};

/// A replacement for Slurm: it runs the script at once, for each index of an array.
const SBATCH: &str = r#"#!/bin/sh
echo "$@" >> sbatch.log
for last; do :; done
for option; do
  case "$option" in
    --array=1-*) to=${option#--array=1-} ;;
    --output=*) log=${option#--output=} ;;
  esac
done
echo "4711;cluster"
if [ -n "$to" ]; then
  index=1
  while [ "$index" -le "$to" ]; do
    SLURM_ARRAY_TASK_ID=$index SLURM_CPUS_PER_TASK=1 sh "$last" > "$log" 2>&1
    index=$((index + 1))
  done
else
  sh "$last" > "$log" 2>&1
fi
"#;

fn submit(place: &Place, arguments: &[&str]) -> Ended {
    let mut path = place.path("bin").into_os_string();
    path.push(":/usr/bin:/bin");
    let mut command = place.command(&["submit"]);
    command.args(arguments).env("PATH", path);
    Ended::from(command.output().expect("the program starts"))
}

#[test]
fn shards_on_a_cluster_are_joined_to_the_bytes_of_one_run() {
    let place = Place::with(SWEEP);
    std::fs::create_dir(place.path("bin")).expect("there is room");
    place.write("bin/sbatch", SBATCH);
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(place.path("bin/sbatch"), executable).expect("it is ours");
    let set = ["--set", "training.loss=\"mse\""];
    let mut arguments = vec![
        "e.toml",
        "--shards",
        "5",
        "--time",
        "10",
        "--out",
        "with space",
        "--wait",
    ];
    arguments.extend(set);
    let ended = submit(&place, &arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("job 4711"), "{}", ended.stdout);
    assert!(
        ended.stdout.contains("valid_loss"),
        "the table is shown: {}",
        ended.stdout
    );
    let log = place.read("sbatch.log");
    for word in [
        "--array=1-5",
        "--time=10",
        "--dependency=afterany:4711",
        "--wait",
    ] {
        assert!(log.contains(word), "{word}: {log}");
    }
    place.succeed(&["e.toml", set[0], set[1], "--out", "whole"]);
    std::fs::remove_dir_all(place.path("with space/submit")).expect("it is there");
    assert_same_bytes(&place.path("whole"), &place.path("with space"));
}

#[test]
fn a_dry_run_writes_the_scripts_and_submits_nothing() {
    let place = Place::with(SWEEP);
    let ended = submit(&place, &["e.toml", "--shards", "100", "--dry-run"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let script = place.read("results/small/submit/shard.sh");
    assert!(
        script.contains("--array=1-12"),
        "no more shards than runs: {script}"
    );
    assert!(!place.path("sbatch.log").exists());
}

#[test]
fn without_a_cluster_the_message_says_so() {
    let place = Place::with(SWEEP);
    let mut command = place.command(&["submit", "e.toml"]);
    command.env("PATH", place.path("nowhere"));
    let ended = Ended::from(command.output().expect("the program starts"));
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("cannot run sbatch"),
        "{}",
        ended.stderr
    );
}
