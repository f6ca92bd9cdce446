//! `--json` gives one document on stdout from every command, even for errors; tables are for other
//! programs.

use crate::program::{Place, SWEEP};

#[test]
fn every_command_writes_one_document() {
    let place = Place::with(SWEEP);
    place
        .succeed(&["e.toml", "--set", "output.models=\"all\"", "--json"])
        .json();
    let models = std::fs::read_dir(place.path("results/small/models")).expect("they are kept");
    let model = models.flatten().next().expect("there is one").path();
    let model = model.display().to_string();
    place.write("new.csv", "x1,x2\n0.5,1.0\n-1.0,2.0\n");
    for arguments in [
        &["plan", "e.toml"] as &[&str],
        &["check", "e.toml"],
        &["compare", "results/small"],
        &["report", "results/small"],
        &["verify", "results/small"],
        &["export", "results/small", "--to", "csv"],
        &["trace", "e.toml"],
        &["explain", "batch_size", "adam"],
        &["explain"],
        &["new", "mine"],
        &["predict", &model, "new.csv"],
    ] {
        let ended = place.run(&[arguments, &["--json"]].concat());
        assert!(
            ended.json().is_object() || ended.json().is_array(),
            "{arguments:?}"
        );
    }
    let explained = place.succeed(&["explain", "batch_size", "--json"]).json();
    assert_eq!(explained["keys"][0]["key"], "training.batch_size");
    assert_eq!(explained["keys"][0]["default"], "32");
    let word = place.succeed(&["explain", "cosine", "--json"]).json();
    assert_eq!(word["words"][0]["key"], "training.schedule.name");
    let made = place.succeed(&["new", "my exp", "--json"]).json();
    assert_eq!(made["next"], "runner 'my exp.toml'");
    let predicted = place
        .succeed(&["predict", &model, "new.csv", "--json"])
        .json();
    assert_eq!(predicted["samples"], 2);
    assert!(
        predicted["predictions"][1]["prediction"].is_number(),
        "{predicted}"
    );
}

#[test]
fn an_error_is_a_document_with_its_place() {
    let place = Place::with(SWEEP);
    place.write("bad.toml", &SWEEP.replace("epochs", "epohcs"));
    for command in ["run", "plan", "check", "trace"] {
        let ended = place.run(&[command, "bad.toml", "--json"]);
        assert_eq!(ended.code, Some(2));
        let error = &ended.json()["error"];
        assert_eq!(error["kind"], "experiment");
        let problems = error["problems"].as_array().expect("there are some");
        let problem = problems
            .iter()
            .find(|problem| problem["key"] == "training.epohcs")
            .unwrap_or_else(|| panic!("{error}"));
        assert_eq!(
            (&problem["file"], &problem["column"]),
            (&"bad.toml".into(), &1.into())
        );
        assert_eq!(problem["text"], "epohcs");
        let line = problem["line"].as_u64().expect("a number") as usize;
        let text = place.read("bad.toml");
        assert!(
            text.lines()
                .nth(line - 1)
                .is_some_and(|line| line.starts_with("epohcs"))
        );
    }
    for (arguments, kind) in [
        (&["compare", "nowhere", "--json"] as &[&str], "other"),
        (&["explain", "learning_rte", "--json"], "experiment"),
        (&["e.toml", "--jobs", "0", "--json"], "usage"),
        (&["nowhere.toml", "--json"], "experiment"),
    ] {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}");
        assert!(
            ended.json()["error"]["kind"].is_string(),
            "{arguments:?} {kind}"
        );
        assert!(
            !ended.stderr.is_empty(),
            "{arguments:?}: it is said on stderr too"
        );
    }
}

#[test]
fn a_check_annotates_a_workflow() {
    let place = Place::with(SWEEP);
    place.write("bad.toml", &SWEEP.replace("epochs", "epohcs"));
    let ended = place.run(&["check", "bad.toml", "--format", "github"]);
    assert_eq!(ended.code, Some(2));
    let is_there =
        |line: &str| line.starts_with("::error file=bad.toml,line=") && line.contains("epohcs`%0A");
    assert!(ended.stdout.lines().any(is_there), "{}", ended.stdout);
    let json = place
        .succeed(&["check", "e.toml", "--format", "json"])
        .json();
    assert_eq!(json["runs"], 12);
}

#[test]
fn the_warnings_of_check_have_their_places() {
    let place = Place::with(&SWEEP.replace(
        "layers = [2, 3, 1]",
        "layers = [2, 3, 1]\ninit.scheme = \"zeros\"",
    ));
    let checked = place.succeed(&["check", "e.toml", "--json"]).json();
    let warned = checked["problems"].as_array().expect("there is a list");
    assert_eq!(
        warned.len(),
        checked["warnings"].as_array().map_or(0, Vec::len)
    );
    assert!(
        warned.iter().any(|warning| warning["line"].is_number()),
        "{checked}"
    );
}

#[test]
fn the_comparison_is_a_table_for_a_text_a_paper_and_a_spreadsheet() {
    let place = Place::with(&SWEEP.replace("[variants.full]", "[variants.\"a|b_c & d\"]"));
    place.succeed(&["e.toml"]);
    let table = |format| {
        place
            .succeed(&["compare", "results/small", "--format", format])
            .stdout
    };
    let markdown = table("md");
    assert!(
        markdown.contains("| rank | variant | learning\\_rate |"),
        "{markdown}"
    );
    assert!(markdown.contains("a\\|b\\_c &amp; d"), "{markdown}");
    let rows = markdown.lines().filter(|line| line.starts_with("| "));
    for row in rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert!([8, 9, 10, 7].contains(&bars), "{row}");
    }
    let latex = table("latex");
    assert!(
        latex.contains("a|b\\_c \\& d") && latex.contains("\\toprule"),
        "{latex}"
    );
    for row in latex.lines().filter(|line| line.ends_with("\\\\")) {
        let columns = row.replace("\\&", "").matches('&').count();
        assert!(columns == 5 || columns == 7 || columns == 6, "{row}");
    }
    let text = table("csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader
        .records()
        .map(|row| row.expect("it is CSV"))
        .collect();
    assert_eq!(rows.len(), 6);
    assert_eq!(&rows[0][0], "1");
    let json: serde_json::Value = serde_json::from_str(&table("json")).expect("it is JSON");
    assert_eq!(json["ranking"]["rows"].as_array().map(Vec::len), Some(6));
}

#[test]
fn a_divergence_is_found_among_all_runs() {
    let place = Place::with(&SWEEP.replace("[0.01, 0.1, 0.3]", "[0.1, 300.0]"));
    let traced = place.succeed(&["trace", "e.toml", "--at-divergence", "--json"]);
    assert!(traced.stderr.contains("diverge; run"), "{}", traced.stderr);
    let page = traced.json();
    let path = page["path"].as_array().expect("it has a way up");
    let losses: Vec<f64> = path
        .iter()
        .filter_map(|step| step["loss"].as_f64())
        .collect();
    assert!(losses.len() > 3 && losses[0] < 100.0, "{losses:?}");
    let decades: Vec<f64> = losses.iter().map(|loss| loss.log10().floor()).collect();
    let rising = decades[..decades.len() - 1]
        .windows(2)
        .all(|pair| pair[0] < pair[1]);
    assert!(rising, "{decades:?}");
    let none = Place::with(SWEEP).run(&["trace", "e.toml", "--at-divergence"]);
    assert_eq!(none.code, Some(2));
    assert!(
        none.stderr.contains("none of the 12 runs"),
        "{}",
        none.stderr
    );
}
