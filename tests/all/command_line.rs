//! The command line: its texts, its streams and its exit codes.

use crate::program::{Place, SWEEP};

#[test]
fn results_go_to_stdout_and_messages_to_stderr() {
    let place = Place::with(SWEEP);
    let ended = place.succeed(&["e.toml"]);
    assert!(ended.stdout.contains("valid_loss"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("results in"), "{}", ended.stdout);
    assert!(ended.stderr.contains("12 of 12 runs"), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("results in results/small"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stdout.contains('\u{1b}') && !ended.stderr.contains('\u{1b}'));
}

#[test]
fn quiet_says_nothing() {
    let place = Place::with(SWEEP);
    let ended = place.succeed(&["run", "e.toml", "--quiet"]);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""));
}

#[test]
fn json_is_one_document_on_stdout() {
    let place = Place::with(SWEEP);
    let document = place.succeed(&["e.toml", "--json"]).json();
    assert_eq!(document["name"], "small");
    assert_eq!(document["finished"], 12);
    assert_eq!(
        document["ranking"]["rows"].as_array().map(Vec::len),
        Some(6)
    );
    place.write("f.toml", &SWEEP.replace("\"small\"", "\"other\""));
    let documents = place.succeed(&["e.toml", "f.toml", "--json"]).json();
    assert_eq!(documents[0]["trained"], 0);
    assert_eq!(documents[1]["name"], "other");
    assert!(place.path("results/other/runs.csv").exists());
}

#[test]
fn usage_and_experiment_errors_exit_with_2_and_train_nothing() {
    let place = Place::with(SWEEP);
    place.write("bad.toml", &SWEEP.replace("epochs", "epohcs"));
    for arguments in [
        &[][..],
        &["--jobs", "0", "e.toml"],
        &["--shard", "4/3", "e.toml"],
        &["--shard", "0/3", "e.toml"],
        &["--shard", "x", "e.toml"],
        &["--unknown", "e.toml"],
        &["nowhere.toml"],
        &["bad.toml"],
        &["e.toml", "bad.toml"],
        &["e.toml", "e.toml"],
        &["check", "bad.toml"],
        &["plan", "bad.toml"],
        &["merge", "nowhere"],
        &["e.toml", "--set", "training.epohcs=3"],
        &["e.toml", "--set", "training.epochs"],
    ] {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}\n{}", ended.stderr);
        assert!(!ended.stderr.is_empty(), "{arguments:?}");
        assert!(!place.path("results").exists(), "{arguments:?}");
    }
}

#[test]
fn problems_of_all_experiments_are_reported_together() {
    let place = Place::with(&SWEEP.replace("epochs", "epohcs"));
    place.write(
        "f.toml",
        &SWEEP
            .replace("samples", "smaples")
            .replace("\"small\"", "\"other\""),
    );
    let ended = place.run(&["e.toml", "f.toml"]);
    for word in [
        "e.toml",
        "epohcs",
        "f.toml",
        "smaples",
        "nothing was trained",
    ] {
        assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
    }
}

#[test]
fn help_is_on_stdout_and_names_every_option() {
    let place = Place::with("");
    let ended = place.succeed(&["--help"]);
    for word in [
        "--set",
        "--jobs",
        "--out",
        "--fresh",
        "--fail-fast",
        "--shard",
        "--quiet",
        "--json",
        "--color",
        "merge",
        "check",
        "plan",
    ] {
        assert!(ended.stdout.contains(word), "{word}");
    }
    place.succeed(&["--version"]);
}

#[test]
fn colours_come_when_asked_for() {
    let place = Place::with(&SWEEP.replace("epochs", "epohcs"));
    let coloured = place.run(&["check", "e.toml", "--color", "always"]);
    assert!(coloured.stderr.contains('\u{1b}'));
    let plain = place.run(&["check", "e.toml", "--color", "never"]);
    assert!(!plain.stderr.contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let mut child = place
        .command(&["e.toml", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_key_that_is_given_as_a_flag_is_shown_as_an_override() {
    let place = Place::with("");
    for (arguments, expected) in [
        (
            &["e.toml", "--epochs", "5"][..],
            "--set training.epochs=VALUE",
        ),
        (
            &["e.toml", "--learning-rate=0.1"],
            "--set training.learning_rate=VALUE",
        ),
        (&["e.toml", "training.epochs=5"], "--set training.epochs=5"),
    ] {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}");
        assert!(
            ended.stderr.contains(expected),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert!(
            !ended.stderr.contains("as a value, use"),
            "{}",
            ended.stderr
        );
    }
}

/// The words that bash proposes after these words.
#[cfg(unix)]
fn proposed_in_bash(words: &[&str]) -> Vec<String> {
    const ASK: &str = "\
source /dev/stdin
COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\"; COMP_POINT=${#COMP_LINE}
_runner_keys runner \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\"
printf '%s\\n' \"${COMPREPLY[@]}\"
";
    let place = Place::with("");
    let script = place.succeed(&["completions", "bash"]).stdout;
    place.write("completions", &script);
    let script = std::fs::File::open(place.path("completions")).expect("it was just written");
    let output = std::process::Command::new("bash")
        .args(["-c", ASK, "bash"])
        .args(words)
        .stdin(script)
        .output()
        .expect("there is a bash");
    let text = String::from_utf8(output.stdout).expect("keys are ASCII");
    text.lines().map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn bash_proposes_templates_keys_and_words() {
    for (words, proposed) in [
        (
            &["runner", "new", "x", "--template", "pl"] as &[&str],
            &["plane", "playground"] as &[&str],
        ),
        (
            &["runner", "explain", "training.batch"],
            &["training.batch_size"],
        ),
        (&["runner", "explain", "cos"], &["cosine"]),
        (
            &["runner", "e.toml", "--set", "training.ep"],
            &["training.epochs="],
        ),
        (
            &["runner", "check", "e.toml", "--set", "data.scale"],
            &["data.scale=", "data.scale_targets="],
        ),
    ] {
        assert_eq!(proposed_in_bash(words), proposed, "{words:?}");
    }
}

/// Without fish on the machine, the test reports that and checks nothing.
#[cfg(unix)]
#[test]
fn fish_proposes_templates_keys_and_words_and_options_behind_an_experiment() {
    let place = Place::with("");
    let script = place.succeed(&["completions", "fish"]).stdout;
    place.write("runner.fish", &script);
    for (line, proposed) in [
        (
            "runner new x --template pl",
            &["plane", "playground"] as &[&str],
        ),
        ("runner explain training.batch", &["training.batch_size"]),
        ("runner explain cos", &["cosine"]),
        ("runner explain sin", &["sin(x1)", "sin(x2)"]),
        ("runner e.toml --set training.ep", &["training.epochs="]),
        ("runner e.toml --jo", &["--jobs"]),
        ("runner check e.toml --den", &["--deny"]),
        ("runner pla", &["plan"]),
    ] {
        let ask = format!("source runner.fish; complete -C '{line}'");
        let asked = std::process::Command::new("fish")
            .args(["--no-config", "-c", &ask])
            .env("HOME", place.path("."))
            .current_dir(place.path("."))
            .output();
        let Ok(output) = asked else {
            println!("SKIPPED: there is no fish");
            return;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let words: Vec<&str> = text
            .lines()
            .map(|line| line.split('\t').next().unwrap_or_default())
            .collect();
        assert_eq!(words, proposed, "{line}");
    }
}

/// A terminal for zsh: types a line and the tab key, and prints how the line goes on.
const ZSH: &str = r#"
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT= RPROMPT= PS2=; unsetopt zle_bracketed_paste; fpath=($PWD \$fpath)"
zpty -w shell "autoload -Uz compinit; compinit -u -D; print be''gin"
zpty -r shell answer $'*begin\r\n*'
zpty -w shell 'said() { print -rn -- $'\''\x01'\''"$BUFFER"$'\''\x02'\''; BUFFER= }; zle -N said; bindkey "^X" said; print re''ady'
zpty -r shell answer $'*ready\r\n*'
zpty -wn shell "$1"$'\t\x18'
zpty -r shell answer $'*\x01*\x02*'
print -r -- "${${answer##*$'\x01'}%%$'\x02'*}"
"#;

/// A machine without zsh says so, and has nothing to ask.
#[cfg(unix)]
#[test]
fn zsh_completes_subcommands_and_experiments_and_what_follows_them() {
    let place = Place::with("");
    let script = place.succeed(&["completions", "zsh"]).stdout;
    place.write("_runner", &script);
    place.write("terminal.zsh", ZSH);
    for (line, completed) in [
        ("runner pla", "runner plan "),
        ("runner e.to", "runner e.toml "),
        ("runner new x --template pl", "runner new x --template pla"),
        ("runner explain cosine", "runner explain cosine "),
        (
            "runner e.toml --set training.ep",
            "runner e.toml --set training.epochs=",
        ),
        ("runner e.toml --jo", "runner e.toml --jobs="),
        ("runner check --den", "runner check --deny="),
    ] {
        let output = std::process::Command::new("timeout")
            .args(["60", "zsh", "-f", "terminal.zsh", line])
            .env("HOME", place.path("."))
            .env("TERM", "xterm")
            .current_dir(place.path("."))
            .output()
            .expect("timeout is there");
        if output.status.code() == Some(127) {
            println!("SKIPPED: there is no zsh");
            return;
        }
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(text.trim_end_matches('\n'), completed, "{line}");
    }
}
