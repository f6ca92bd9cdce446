//! The conclusions from results: only comparable values are ranked, a pair has one verdict, and
//! unknown facts are not claimed.

use std::collections::BTreeMap;

use crate::program::Place;

/// The rows of a CSV file as maps from column to cell.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("it is a CSV file")
}

/// Finished results without a training: for each variant, the values of one column in its
/// replicates.
struct FinishedResults<'a> {
    metric: &'a str,
    keys: &'a str,
    variants: &'a [(&'a str, &'a [f64])],
}

impl FinishedResults<'_> {
    /// Writes the results into `out`; the history has a row for the single epoch of each run.
    fn write_into(&self, place: &Place, out: &str) {
        let metric = self.metric;
        let mut runs = format!(
            "run,key,{},replicate,seed,status,epochs,updates,kept_epoch,{metric},reason\n",
            self.keys
        );
        let mut history = format!("run,epoch,updates,samples,learning_rate,{metric}\n");
        let mut run = 0;
        for (variant, values) in self.variants {
            for (replicate, value) in values.iter().enumerate() {
                let cell = if value.is_nan() {
                    String::new()
                } else {
                    value.to_string()
                };
                runs += &format!(
                    "{run},{run:032x},{variant},{replicate},{replicate},ok,1,10,1,{cell},\n"
                );
                history += &format!("{run},1,10,10,0.1,{cell}\n");
                run += 1;
            }
        }
        std::fs::create_dir_all(place.path(out)).expect("there is room");
        place.write(&format!("{out}/runs.csv"), &runs);
        place.write(&format!("{out}/history.csv"), &history);
        place.write(
            &format!("{out}/experiment.toml"),
            &format!("name = \"{out}\"\n[compare]\nby = \"variant\"\nmetric = \"{metric}\"\n"),
        );
    }
}

/// The output of `compare` for such results.
fn compared(written: &FinishedResults<'_>) -> String {
    let place = Place::with("");
    written.write_into(&place, "out");
    place.succeed(&["compare", "out"]).stdout
}

/// A plane, learnt with two losses of which one is half of the other.
const LOSSES: &str = r#"
name = "losses"
replicates = 4

[data]
source = "plane"
samples = 60
validation = 0.5

[model]
layers = [2, 3, 1]

[training]
epochs = 12
batch_size = 5
learning_rate = 0.1

[variants.mse]
training.loss = "mse"

[variants.half]
training.loss = "half_mse"
training.learning_rate = 0.2
"#;

#[test]
fn losses_that_mean_different_things_are_compared_by_a_metric_that_all_have() {
    let place = Place::with(LOSSES);
    let checked = place.succeed(&["check", "e.toml"]).stderr;
    for expected in [
        "differ in loss (mse, half_mse)",
        "compared by valid_r2 instead",
        "e.toml:",
    ] {
        assert!(checked.contains(expected), "{expected}: {checked}");
    }
    let ran = place.succeed(&["e.toml", "--out", "out"]).stdout;
    assert!(
        ran.contains("The configurations differ in loss (mse and half_mse)"),
        "{ran}"
    );
    for line in ran
        .lines()
        .filter(|line| line.contains("to reach") || line.contains("±"))
    {
        assert!(!line.contains("valid_loss"), "{line}");
    }
    for file in ["summary.csv", "comparison.csv"] {
        for row in table(&place.read(&format!("out/{file}"))) {
            assert_eq!(row["metric"], "valid_r2", "{file}");
        }
    }
    // Half the loss with twice the rate is the same training, so that every replicate ties.
    let pair = &table(&place.read("out/comparison.csv"))[0];
    assert_eq!(pair["verdict"], "tie");
    // A ranking by the losses cannot be forced.
    let asked = place
        .succeed(&["compare", "out", "--metric", "valid_loss"])
        .stdout;
    assert!(
        asked.contains("Ranked by valid_r2 and not by valid_loss"),
        "{asked}"
    );
    let page = place.read("out/report.html");
    assert!(!page.contains("data-show=\"1\" data-column=\"1\">valid_loss"));
}

#[test]
fn experiments_of_different_losses_are_compared_by_what_both_have() {
    let classes = LOSSES.replace("\"plane\"", "\"circle\"");
    let start = classes.find("[variants.mse]").expect("it is there");
    let classes = &classes[..start];
    let place = Place::with(classes);
    place.write(
        "other.toml",
        &classes.replace("[training]", "[training]\nloss = \"bce\""),
    );
    place.succeed(&["e.toml", "--out", "half"]);
    place.succeed(&["other.toml", "--out", "bce"]);
    let compared = place.succeed(&["compare", "half", "bce"]).stdout;
    assert!(
        compared.contains("Ranked by valid_accuracy and not by valid_loss"),
        "{compared}"
    );
    assert!(!compared.contains("lowest valid_loss"), "{compared}");
    // Without a common metric there is a table without a verdict.
    for (out, loss) in [("a", "bce"), ("b", "half_mse")] {
        let written = FinishedResults {
            metric: "train_loss",
            keys: "variant",
            variants: &[("", &[0.1, 0.2, 0.15, 0.12, 0.17])],
        };
        written.write_into(&place, out);
        let experiment = place.read(&format!("{out}/experiment.toml"));
        let experiment = format!("{experiment}[training]\nloss = \"{loss}\"\n");
        place.write(&format!("{out}/experiment.toml"), &experiment);
    }
    let compared = place.succeed(&["compare", "a", "b"]).stdout;
    assert!(
        compared.contains("No verdict: the configurations differ in loss"),
        "{compared}"
    );
    for word in ["better", "best", "worse", "to reach"] {
        assert!(!compared.contains(word), "{word}: {compared}");
    }
}

#[test]
fn configurations_of_different_validation_parts_are_not_ranked_against_each_other() {
    let start = LOSSES.find("[variants.mse]").expect("it is there");
    let swept = "[sweep]\ndata.noise = [0.0, 0.3]\ntraining.learning_rate = [0.01, 0.1]\n";
    let place = Place::with(&format!("{}{swept}", &LOSSES[..start]));
    let checked = place.succeed(&["check", "e.toml"]).stderr;
    assert!(
        checked.contains("not judged on the same validation part"),
        "{checked}"
    );
    let ran = place.succeed(&["e.toml", "--out", "out"]).stdout;
    for expected in ["On noise 0.0: ", "On noise 0.3: "] {
        assert!(ran.contains(expected), "{expected}: {ran}");
    }
    let pairs = table(&place.read("out/comparison.csv"));
    assert!(!pairs.is_empty());
    // Configurations 0 and 1 have one part, 2 and 3 the other.
    for pair in pairs {
        let part = |side: &str| pair[side].parse::<usize>().expect("a number") / 2;
        assert_eq!(part("configuration_a"), part("configuration_b"));
    }
    // The preparation of samples does not change which samples they are.
    let swept = "[sweep]\ndata.scale = [\"none\", \"standardize\"]\n";
    let place = Place::with(&format!("{}{swept}", &LOSSES[..start]));
    assert!(
        !place
            .succeed(&["check", "e.toml"])
            .stderr
            .contains("not judged")
    );
    place.succeed(&["e.toml", "--out", "out"]);
    assert!(!table(&place.read("out/comparison.csv")).is_empty());
}

#[test]
fn a_pair_has_one_verdict_one_interval_and_one_number_of_replicates() {
    let start = LOSSES.find("[variants.mse]").expect("it is there");
    let swept = "[sweep]\ntraining.optimizer = [\"sgd\", \"adam\", \"rmsprop\"]\n\
                 training.learning_rate = [0.01, 0.03, 0.1]\n";
    let place = Place::with(&format!("{}{swept}", &LOSSES[..start]));
    place.succeed(&["e.toml", "--out", "out"]);
    let mut known: BTreeMap<[String; 3], [String; 5]> = BTreeMap::new();
    let mut again = 0;
    for pair in table(&place.read("out/comparison.csv")) {
        let key = ["basis", "configuration_a", "configuration_b"].map(|name| pair[name].clone());
        let turned = [key[0].clone(), key[2].clone(), key[1].clone()];
        assert!(!known.contains_key(&turned), "{key:?} has one order");
        let said = [
            "verdict",
            "ratio_low",
            "ratio_high",
            "p_holm",
            "replicates_needed",
        ];
        let said = said.map(|name| pair[name].clone());
        let first = known.entry(key.clone()).or_insert_with(|| said.clone());
        again += usize::from(*first == said);
        assert_eq!(*first, said, "{key:?}");
    }
    assert!(again > known.len(), "some pairs answer several questions");
}

#[test]
fn equal_values_are_ties_and_no_edge_is_claimed_among_them() {
    let perfect = [1.0; 10];
    let mut nearly = perfect;
    nearly[..4].fill(0.9);
    let said = compared(&FinishedResults {
        metric: "valid_accuracy",
        keys: "variant",
        variants: &[("a", &perfect), ("b", &perfect), ("c", &nearly)],
    });
    for expected in [
        "a ",
        "b ties with it.",
        "4 of 10, 6 ties",
        "0 of 10, 10 ties",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let firsts = said
        .lines()
        .filter(|line| line.trim_start().starts_with("1 "));
    assert_eq!(firsts.count(), 2, "{said}");
    // An accuracy that every rate reaches has no best rate.
    let start = LOSSES.find("[variants.mse]").expect("it is there");
    let easy = LOSSES[..start].replace("\"plane\"", "\"gaussian\"");
    let swept = "[compare]\nmetric = \"valid_accuracy\"\n[sweep]\ntraining.learning_rate = [0.1, 0.2, 0.3]\n";
    let place = Place::with(&format!("{easy}{swept}"));
    let ran = place.succeed(&["e.toml", "--out", "out"]);
    let summary = table(&place.read("out/summary.csv"));
    assert!(
        summary.iter().all(|row| row["mean"] == "1"),
        "the example is easy: {}",
        ran.stdout
    );
    assert!(
        !ran.stderr.contains("the best configuration has"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stdout.contains("tie at the highest valid_accuracy"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_interval_of_two_replicates_is_not_shown_and_any_other_shows_its_side() {
    let two = compared(&FinishedResults {
        metric: "train_loss",
        keys: "variant",
        variants: &[("a", &[0.1, 0.2]), ("b", &[0.4, 0.2])],
    });
    assert!(!two.contains("±") && !two.contains(" to "), "{two}");
    let near = compared(&FinishedResults {
        metric: "train_loss",
        keys: "variant",
        variants: &[
            ("a", &[0.1, 0.2, 0.3, 0.15, 0.25]),
            ("b", &[0.1003, 0.2008, 0.3011, 0.1504, 0.2509]),
        ],
    });
    let (_, interval) = near.split_once("0.99").expect("a ratio near 1");
    let (_, interval) = interval.split_once('(').expect("with an interval");
    let (interval, _) = interval.split_once(')').expect("in brackets");
    for end in interval.split(" to ") {
        assert!(
            end.parse::<f64>().expect("a number") < 1.0,
            "{interval}: {near}"
        );
    }
}

#[test]
fn great_values_have_a_deviation_and_an_interval() {
    let said = compared(&FinishedResults {
        metric: "train_loss",
        keys: "variant",
        variants: &[("a", &[1.0, 2.0, 3.0]), ("b", &[1e237, 3e237, 2e237])],
    });
    assert!(!said.contains("inf") && !said.contains("NaN"), "{said}");
    assert!(said.contains("2.0e237 ± 2.5e237"), "{said}");
}

#[test]
fn an_undefined_metric_is_said_to_be_undefined() {
    let none = [f64::NAN; 3];
    let said = compared(&FinishedResults {
        metric: "valid_r2",
        keys: "variant",
        variants: &[("a", &none), ("b", &none)],
    });
    assert!(
        said.contains("valid_r2 is undefined in every run"),
        "{said}"
    );
    assert!(!said.contains("diverged"), "{said}");

    let flat = "y = [[0.1], [0.2], [0.3], [0.4]]\nvalidation_x = [[0.5, 1], [1, 0.5]]\n\
                validation_y = [[0.5], [0.5]]\n";
    let place = Place::with(&format!(
        "name = \"flat\"\nreplicates = 2\n[data]\nsource = \"inline\"\n\
         x = [[1, 2], [2, 1], [3, 1], [1, 3]]\n{flat}[model]\nlayers = [2, 2, 1]\n\
         [training]\nepochs = 30\nlearning_rate = 0.01\n\
         early_stopping = {{ patience = 3, metric = \"valid_r2\" }}\n"
    ));
    let checked = place.succeed(&["check", "e.toml"]).stderr;
    assert!(checked.contains("valid_r2 is undefined"), "{checked}");
    let ran = place.succeed(&["e.toml", "--out", "out"]);
    assert!(
        ran.stderr.contains("watched a metric that is undefined"),
        "{}",
        ran.stderr
    );
    for run in table(&place.read("out/runs.csv")) {
        assert_eq!(run["status"], "stopped");
        assert!(
            run["reason"].contains("valid_r2, which is undefined"),
            "{run:?}"
        );
    }
}

#[test]
fn any_column_of_numbers_is_compared_without_training_and_a_wrong_name_says_which_there_are() {
    let start = LOSSES.find("[variants.mse]").expect("it is there");
    let swept = "[sweep]\ntraining.batch_size = [5, 10]\ntraining.learning_rate = [0.01, 0.1]\n";
    let place = Place::with(&format!("{}{swept}", &LOSSES[..start]));
    place.succeed(&["e.toml", "--out", "out"]);
    for metric in [
        "valid_r2",
        "train_loss",
        "best_valid_loss",
        "best_epoch",
        "kept_epoch",
        "epochs",
    ] {
        let asked = place
            .succeed(&["compare", "out", "--metric", metric])
            .stdout;
        assert!(asked.contains(metric), "{asked}");
        // The question can also be in the file.
        let set = format!("compare.metric=\"{metric}\"");
        place.succeed(&["e.toml", "--set", &set, "--out", metric]);
        assert_eq!(
            table(&place.read(&format!("{metric}/summary.csv")))[0]["metric"],
            metric
        );
    }
    let chosen = place
        .succeed(&["compare", "out", "--metric", "best_valid_loss"])
        .stdout;
    assert!(
        chosen.contains("best_valid_loss was chosen on validation data"),
        "{chosen}"
    );
    let by = place
        .succeed(&["compare", "out", "--by", "learning_rate"])
        .stdout;
    assert!(
        by.lines().any(|line| line.starts_with("learning_rate 0.1")),
        "{by}"
    );
    let wrong = place.run(&["compare", "out", "--metric", "valid_los"]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.stderr.contains("did you mean `valid_loss`?"),
        "{}",
        wrong.stderr
    );
    assert_eq!(
        place.run(&["compare", "out", "--by", "epochs"]).code,
        Some(2)
    );
}

#[test]
fn what_one_loss_takes_is_a_bound_where_the_history_has_gaps() {
    let start = LOSSES.find("[variants.mse]").expect("it is there");
    let swept = "[output]\nhistory_every = 5\n[sweep]\ntraining.learning_rate = [0.03, 0.1]\n";
    let place = Place::with(&format!("{}{swept}", &LOSSES[..start]));
    let ran = place.succeed(&["e.toml", "--out", "out"]).stdout;
    let (_, reached) = ran.split_once("to reach").expect("two rates are compared");
    assert!(reached.contains("≤ 5"), "{ran}");
    let every = place
        .succeed(&["e.toml", "--set", "output.history_every=1"])
        .stdout;
    assert!(!every.contains('≤'), "{every}");
}

#[test]
fn many_values_of_a_number_are_told_by_their_range() {
    let start = LOSSES.find("[variants.mse]").expect("it is there");
    let swept = "[sweep]\nmode = \"random\"\nsamples = 20\n\
                 training.learning_rate = { log = [1e-4, 0.3] }\n";
    let place = Place::with(&format!("{}{swept}", &LOSSES[..start]));
    let ran = place.succeed(&["e.toml", "--out", "out"]).stdout;
    assert!(ran.contains("Of 20 values of learning_rate from "), "{ran}");
    assert!(
        !ran.contains("could tell") || !ran.contains("others (about"),
        "{ran}"
    );
    let (_, reached) = ran.split_once("to reach").expect("rates are compared");
    assert!(reached.lines().count() < 20, "{ran}");
}

#[test]
fn the_headline_says_after_how_many_epochs() {
    let start = LOSSES.find("[variants.mse]").expect("it is there");
    let regimes = "[variants.online]\ntraining.batch_size = 1\n[variants.full]\ntraining.batch_size = \"full\"\n";
    let place = Place::with(&format!("{}{regimes}", &LOSSES[..start]));
    let ran = place.succeed(&["e.toml", "--out", "out"]).stdout;
    assert!(ran.contains("after 12 epochs"), "{ran}");
}

#[test]
fn budgets_end_with_the_kept_epoch() {
    let place = Place::with("");
    std::fs::create_dir(place.path("out")).expect("there is room");
    let mut runs =
        "run,key,variant,replicate,seed,status,epochs,updates,kept_epoch,valid_loss,reason\n"
            .to_owned();
    let mut history = "run,epoch,updates,samples,learning_rate,valid_loss\n".to_owned();
    for (variant, updates, kept) in [("slow", 1, 4), ("fast", 10, 2)] {
        for replicate in 0..3 {
            let run = runs.lines().count() - 1;
            let loss = |epoch: u64| {
                (1.0 + f64::from(replicate) / 10.0) / (epoch.min(kept) * updates) as f64
            };
            runs += &format!(
                "{run},{run:032x},{variant},{replicate},0,stopped,4,{},{kept},{},\n",
                4 * updates,
                loss(kept)
            );
            for epoch in 1..=4 {
                // After its kept epoch a run gets better again, too late to be kept.
                let loss = if epoch > kept { 1e-9 } else { loss(epoch) };
                history += &format!(
                    "{run},{epoch},{},{},0.1,{loss}\n",
                    epoch * updates,
                    epoch * 10
                );
            }
        }
    }
    place.write("out/runs.csv", &runs);
    place.write("out/history.csv", &history);
    place.write(
        "out/experiment.toml",
        "name = \"early\"\n[compare]\nmetric = \"valid_loss\"\n",
    );
    place.succeed(&["report", "out"]);
    let pairs = table(&place.read("out/comparison.csv"));
    let samples = pairs
        .iter()
        .find(|pair| pair["basis"] == "samples")
        .expect("they differ");
    assert_eq!(samples["budget"], "20", "the kept epoch is the second");
    assert!(!place.succeed(&["compare", "out"]).stdout.contains("1e-9"));
}

/// A table in which one row of forty is `fraud`, and no feature shows which.
fn rare() -> String {
    let mut text = "amount,hour,kind\n".to_owned();
    for row in 0..400u32 {
        let noise = |factor: u32| f64::from(row.wrapping_mul(factor) % 1009) / 1009.0;
        let kind = if row % 40 == 7 { "fraud" } else { "common" };
        text += &format!("{:.4},{:.4},{kind}\n", noise(7919), noise(104_729));
    }
    text
}

const FRAUD: &str = r#"
name = "fraud"
description = "Which payments are fraud?"
replicates = 3

[data]
source = "csv"
path = "payments.csv"
target = "kind"
validation = 0.3
stratify = true
scale = "standardize"

[model]
layers = [2, 6, 2]

[training]
loss = "cross_entropy"
epochs = 20
batch_size = 16
learning_rate = 0.05

[sweep]
training.learning_rate = [0.01, 0.1]
"#;

#[test]
fn nobody_mistakes_the_share_of_the_common_class_for_success() {
    let place = Place::with(FRAUD);
    place.write("payments.csv", &rare());
    let ran = place.succeed(&["e.toml", "--out", "out"]).stdout;
    let compared = place.succeed(&["compare", "out"]).stdout;
    let page = place.read("out/report.html");
    let headline = page
        .lines()
        .find(|line| line.contains("class=\"headline\""))
        .expect("it has one");
    let headline = headline.replace("<code>", "`").replace("</code>", "`");
    for text in [ran.as_str(), &compared, &headline] {
        assert!(
            text.contains("No better than always saying `common`"),
            "{text}"
        );
        assert!(
            text.contains("Always saying `common` has a valid_accuracy of 0.975"),
            "{text}"
        );
        assert!(text.contains("the class shares"), "{text}");
    }
    assert!(
        headline.contains(">No better than always saying"),
        "it comes first: {headline}"
    );
    // The result is the same without the data, from the manifest.
    std::fs::remove_file(place.path("payments.csv")).expect("it was written");
    let later = place.succeed(&["compare", "out"]).stdout;
    assert_eq!(later, compared);
}

#[test]
fn a_network_that_learnt_something_is_told_beside_what_needs_none() {
    let start = LOSSES.find("[variants.mse]").expect("it is there");
    let text = LOSSES[..start].replace("epochs = 12", "epochs = 60");
    let place = Place::with(&text);
    let ran = place.succeed(&["e.toml", "--out", "out"]).stdout;
    assert!(!ran.contains("No better than"), "{ran}");
    assert!(ran.contains("Always saying the mean ("), "{ran}");
    // python: np.mean((np.mean(train) - valid) ** 2) / 2, computed from the samples that are kept.
    let manifest: serde_json::Value =
        serde_json::from_str(&place.read("out/manifest.json")).expect("it is JSON");
    let standing = &manifest["standings"][0];
    assert_eq!(standing["better"], true);
    assert_eq!(standing["samples"], 30);
}

#[test]
fn the_page_ranks_by_every_metric_of_the_history() {
    let place = Place::with(FRAUD);
    place.write("payments.csv", &rare());
    place.succeed(&["e.toml", "--out", "out"]);
    let page = place.read("out/report.html");
    for (index, metric) in [
        "valid_loss",
        "train_loss",
        "train_accuracy",
        "valid_accuracy",
    ]
    .iter()
    .enumerate()
    {
        assert!(page.contains(&format!(">{metric}</button>")), "{metric}");
        assert!(page.contains(&format!("data-view=\"{index}\"")), "{metric}");
    }
    assert!(
        page.contains("Every configuration by its mean valid_accuracy."),
        "the ranking too"
    );
    let hidden = page.matches("data-view=\"1\" hidden").count();
    assert!(hidden > 1 && page.matches("data-view=\"0\">").count() == hidden);
}

#[test]
fn results_of_the_format_before_are_read_and_what_they_lack_is_not_guessed() {
    let place = Place::with("");
    std::fs::create_dir(place.path("out")).expect("there is room");
    let mut runs =
        "run,key,variant,replicate,seed,status,epochs,updates,train_loss,valid_loss,reason\n"
            .to_owned();
    let mut history = "run,epoch,updates,samples,learning_rate,train_loss,valid_loss\n".to_owned();
    for (variant, loss) in [("a", 0.1), ("b", 0.3)] {
        for replicate in 0..3 {
            let run = runs.lines().count() - 1;
            let loss = loss * (1.0 + f64::from(replicate) / 10.0);
            runs +=
                &format!("{run},{run:032x},{variant},{replicate},0,stopped,2,20,{loss},{loss},\n");
            history += &format!("{run},1,10,10,0.1,1,1\n{run},2,20,20,0.1,{loss},{loss}\n");
        }
    }
    place.write("out/runs.csv", &runs);
    place.write("out/history.csv", &history);
    place.write(
        "out/experiment.toml",
        "name = \"old\"\n[training]\nloss = \"mse\"\n\
         early_stopping = { patience = 3, restore_best = true }\n[compare]\nmetric = \"valid_loss\"\n",
    );
    let compared = place.succeed(&["compare", "out"]).stdout;
    for expected in [
        "a has the lowest valid_loss",
        "written by an earlier version",
    ] {
        assert!(compared.contains(expected), "{expected}: {compared}");
    }
    assert!(!compared.contains("lways saying"), "{compared}");
    place.succeed(&["report", "out"]);
}
