//! Power failures: a command is recorded, and at random moments of it a disk is made on which only
//! synced data is sure to be. Its files must be good, and the same command must end as without the
//! failure.

use std::path::Path;

use runner::record::journal::Journal;

use crate::cases::sane;
use crate::dice::Dice;
use crate::disk::{Disk, Left, Story};
use crate::workshop::{Bench, Ended, Workshop, promised};

/// The moments that are tried for each recorded command.
const MOMENTS: u32 = 6;

/// Runs a command with the recording library.
fn recorded(library: &Path, bench: &Bench, arguments: &[&str]) -> Result<(Story, Ended), String> {
    let root = bench.path("");
    let root = root.canonicalize().expect("it is there");
    let before = Disk::read(&root);
    let record = root.with_extension("changes");
    let mut command = bench.command(arguments);
    command
        .env("LD_PRELOAD", library)
        .env("RUNNER_FAULT_DIR", format!("{}/", root.display()))
        .env("RUNNER_FAULT_TRACE", &record);
    let ended = Ended::from(command.output().expect("it starts"));
    let bytes = std::fs::read(&record).unwrap_or_default();
    let _ = std::fs::remove_file(&record);
    sane(&ended, &format!("{arguments:?}"))?;
    Ok((Story::read(before, &root, &bytes)?, ended))
}

/// The number of frames in the journal of a directory.
fn frames(results: &Path) -> u64 {
    let mut count = 0;
    let visit = |_, _: &[u8]| {
        count += 1;
        Ok(())
    };
    let _ = Journal::peek(&results.join(".runner/journal"), visit);
    count
}

/// A power failure at a random moment, or after the last change. Returns the directory that it
/// leaves.
fn fail(workshop: &Workshop, story: &Story, dice: &mut Dice) -> (Bench, Disk, bool, String) {
    let moment = match dice.below(5) {
        0 => story.length(),
        _ => dice.below(story.length() + 1),
    };
    let left = Left::drawn(dice);
    let disk = story.after_failure_at(moment, left, dice);
    let bench = workshop.empty_bench();
    disk.write(&bench.path(""));
    let what = format!("at change {moment} of {}, {left:?} left", story.length());
    (bench, disk, moment == story.length(), what)
}

/// A power failure while an experiment is trained and its results are written: from nothing, after
/// a kill, or over complete results with other options.
pub fn in_a_run(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let Some(library) = workshop.library() else {
        return Ok(0);
    };
    let bench = workshop.bench();
    match dice.below(3) {
        0 => {}
        1 => {
            let mut child = bench
                .command(&["e.toml", "--quiet"])
                .spawn()
                .expect("it starts");
            std::thread::sleep(std::time::Duration::from_micros(dice.below(120_000)));
            let _ = child.kill();
            let _ = child.wait();
        }
        _ => {
            let ended = bench.run(&["e.toml", "--quiet", "--set", "output.models=\"none\""]);
            sane(&ended, "a run without models")?;
        }
    }
    let before = promised(&bench.results());
    let (story, ended) = recorded(library, &bench, &["e.toml", "--quiet"])?;
    if ended.code != Some(0) {
        return Err(format!("recorded: {:?} {}", ended.code, ended.stderr));
    }
    workshop.is_whole(&bench.results())?;
    for _ in 0..MOMENTS {
        let (after, _, over, what) = fail(workshop, &story, dice);
        let what = format!("a power failure {what}");
        if over {
            workshop
                .is_whole(&after.results())
                .map_err(|reason| format!("{what}, after exit code 0: {reason}"))?;
            let manifest = after.results().join("manifest.json");
            if std::fs::read(&manifest).ok()
                != std::fs::read(bench.results().join("manifest.json")).ok()
            {
                return Err(format!("{what}: the manifest is another after exit code 0"));
            }
        }
        for file in promised(&after.results()) {
            if !before.contains(&file) && !workshop.whole().contains(&file) {
                return Err(format!("{what}: {} is not whole", file.0));
            }
        }
        let shown = after.run(&["compare", "results/small"]);
        sane(&shown, &what)?;
        // A note that the failure has torn counts as missing.
        if shown.stderr.contains("TOML") || shown.stderr.contains(".runner/experiment.toml") {
            return Err(format!(
                "{what}: compare believes a torn note: {}",
                shown.stderr
            ));
        }
        let kept = frames(&after.results());
        after
            .mend(workshop)
            .map_err(|reason| format!("{what}: {reason}"))?;
        if over && kept < 12 {
            return Err(format!("{what}: {kept} of 12 runs after exit code 0"));
        }
    }
    Ok(MOMENTS)
}

/// A power failure during or after the answer to an interruption: no run that was reported as kept
/// is lost.
pub fn after_an_interruption(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let Some(library) = workshop.library() else {
        return Ok(0);
    };
    let bench = workshop.bench();
    let root = bench.path("").canonicalize().expect("it is there");
    let before = Disk::read(&root);
    let record = root.with_extension("changes");
    let mut command = bench.command(&["e.toml", "--jobs", "1", "--set", "training.epochs=20000"]);
    command
        .env("LD_PRELOAD", library)
        .env("RUNNER_FAULT_DIR", format!("{}/", root.display()))
        .env("RUNNER_FAULT_TRACE", &record);
    let child = command.spawn().expect("it starts");
    std::thread::sleep(std::time::Duration::from_millis(20 + dice.below(2500)));
    let interrupt = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    interrupt.expect("kill is there");
    let ended = Ended::from(child.wait_with_output().expect("it ends"));
    let bytes = std::fs::read(&record).unwrap_or_default();
    let _ = std::fs::remove_file(&record);
    if ended.code != Some(130) {
        // The signal came before the program listened, or after its end.
        return Ok(0);
    }
    let kept = frames(&bench.results());
    let story = Story::read(before, &root, &bytes)?;
    for _ in 0..MOMENTS {
        let left = Left::drawn(dice);
        let disk = story.after_failure_at(story.length(), left, dice);
        let after = workshop.empty_bench();
        disk.write(&after.path(""));
        let now = frames(&after.results());
        if now < kept {
            return Err(format!(
                "{kept} runs were said to be kept, {now} are ({left:?} left)"
            ));
        }
    }
    Ok(MOMENTS)
}

/// A power failure in a command that reads results and writes: `report`, `merge`, `export`, `test`,
/// `predict`.
pub fn in_another_command(workshop: &Workshop, dice: &mut Dice) -> Result<u32, String> {
    let Some(library) = workshop.library() else {
        return Ok(0);
    };
    let bench = workshop.finished();
    let commands: [(&[&str], &str); 8] = [
        (&["report", "results/small"], "results/small"),
        (&["merge", "results/small", "--out", "joined"], "joined"),
        (
            &["export", "--to", "csv", "results/small"],
            "results/small/csv",
        ),
        (
            &["export", "--to", "onnx", "results/small"],
            "results/small/onnx",
        ),
        (
            &["export", "--to", "parquet", "results/small"],
            "results/small/parquet",
        ),
        (
            &[
                "export",
                "--to",
                "tensorboard",
                "results/small",
                "--out",
                "outside",
            ],
            "outside",
        ),
        (
            &[
                "predict",
                "results/small",
                "data.csv",
                "--out",
                "predicted/p.csv",
            ],
            "predicted",
        ),
        (&["test", "results/small"], "results/small"),
    ];
    let (arguments, made) = *dice.one_of(&commands);
    std::fs::create_dir(bench.path("predicted")).expect("there is room");
    let (story, ended) = recorded(library, &bench, arguments)?;
    if ended.code != Some(0) {
        return Err(format!("{arguments:?}: {:?} {}", ended.code, ended.stderr));
    }
    let (live, _) = Disk::read(&bench.path(""));
    let (old, _) = Disk::read(&workshop.finished().path(""));
    let (live, old) = (live.below(made), old.below(made));
    for _ in 0..MOMENTS {
        let (after, disk, over, what) = fail(workshop, &story, dice);
        let what = format!("{arguments:?}, a power failure {what}");
        let found = disk.below(made);
        // A file with its final name is whole.
        let is_result = |name: &str| !name.starts_with('.') && !name.ends_with(".part");
        for (name, bytes) in found.iter().filter(|(name, _)| is_result(name)) {
            let whole = [live.get(name), old.get(name)].contains(&Some(bytes));
            let manifest = *name == "manifest.json"
                && serde_json::from_slice::<serde_json::Value>(bytes).is_ok();
            if !whole && !manifest {
                return Err(format!("{what}: {name} is not whole"));
            }
        }
        let absent = live
            .keys()
            .find(|name| is_result(name) && found.get(*name) != live.get(*name));
        if let (true, Some(absent)) = (over, absent) {
            return Err(format!("{what}: {absent} is not as it was at exit code 0"));
        }
        if frames(&after.results()) < 12 {
            return Err(format!("{what}: runs are lost"));
        }
        let ended = after.run(arguments);
        if ended.code != Some(0) {
            return Err(format!("{what}, then {:?}: {}", ended.code, ended.stderr));
        }
        for export in ["csv", "onnx", "parquet"] {
            let _ = std::fs::remove_dir_all(after.results().join(export));
        }
        if arguments[0] != "test" {
            after
                .mend(workshop)
                .map_err(|reason| format!("{what}: {reason}"))?;
        }
        let ended = after.run(&["verify", "results/small"]);
        if ended.code != Some(0) {
            return Err(format!(
                "{what}, then verify: {:?} {}",
                ended.code, ended.stderr
            ));
        }
    }
    Ok(MOMENTS)
}
