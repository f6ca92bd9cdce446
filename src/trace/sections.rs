//! The page of a trace, from its parts.

use super::check::Check;
use super::explain::{Explainer, activation_name, loss_name};
use super::math::{Math, Symbol};
use super::page::{Cell, Item, Page, Quantity, Section, Table};
use super::update::ParameterIndex;
use crate::plan::{Plan, Run};
use engine::observe::{ASCENT_STEPS, Divergence, Milestone};
use engine::types::Optimizer;
use engine::words::optimizer::Sgd;

/// The whole page.
pub fn page(
    explainer: &Explainer<'_>,
    plan: &Plan,
    run: &Run,
    index: usize,
    divergence: Option<&Divergence>,
    check: Option<&Check>,
) -> Page {
    let observation = explainer.observation;
    let at = observation.at;
    let title = explainer.language.pick(
        format!("{}: epoch {}, step {}", plan.name, at.epoch, at.step),
        format!("{}: エポック {}、ステップ {}", plan.name, at.epoch, at.step),
    );
    let mut sections = Vec::new();
    if let Some(divergence) = divergence {
        sections.push(path(explainer, divergence));
    }
    sections.extend(explainer.given(&observation.sample));
    sections.extend(explainer.forward(&observation.sample));
    sections.extend(explainer.backward(&observation.sample));
    sections.extend(explainer.batch());
    sections.extend(explainer.update());
    sections.extend(without_mean(explainer));
    if let Some(check) = check {
        sections.push(comparison(explainer, check));
    }
    Page {
        title,
        facts: facts(explainer, plan, run, index),
        sections,
    }
}

/// What was traced.
fn facts(explainer: &Explainer<'_>, plan: &Plan, run: &Run, index: usize) -> Vec<(String, String)> {
    let say = |english: &str, japanese: &str| explainer.language.pick(english, japanese);
    let (observation, settings) = (explainer.observation, explainer.settings);
    let configuration = &plan.configurations[run.configuration];
    let fold = run.fold.map_or([String::new(), String::new()], |fold| {
        [format!(", fold {fold}"), format!("、分割 {fold}")]
    });
    let mut facts = vec![(
        say("run", "実行"),
        explainer.language.pick(
            format!(
                "number {index} ({} in all, counted from 0), replicate {}{}",
                plan.runs.len(),
                run.replicate,
                fold[0]
            ),
            format!(
                "実行番号 {index}（全 {} 回、0 から数える）、反復番号 {}{}",
                plan.runs.len(),
                run.replicate,
                fold[1]
            ),
        ),
    )];
    if !configuration.variant.is_empty() {
        facts.push((say("variant", "variant"), configuration.variant.clone()));
    }
    for (key, value) in plan.swept.iter().zip(&configuration.values) {
        facts.push((key.clone(), value.clone()));
    }
    let architecture = explainer.architecture;
    let layers: Vec<String> = architecture.layers.iter().map(usize::to_string).collect();
    let activations: Vec<String> = architecture
        .activations
        .iter()
        .map(|&activation| activation_name(activation))
        .collect();
    facts.push((
        say("network", "ネットワーク"),
        format!("{} ({})", layers.join("-"), activations.join(", ")),
    ));
    facts.push((say("loss", "損失関数"), loss_name(settings.loss)));
    let at = observation.at;
    facts.push((
        say("epoch", "エポック"),
        explainer.language.pick(
            format!("{} of {}", at.epoch, settings.epochs),
            format!("{} / {}", at.epoch, settings.epochs),
        ),
    ));
    facts.push((
        say("step", "ステップ"),
        explainer.language.pick(
            format!(
                "{} of {} in this epoch, update {}",
                at.step, observation.steps, observation.update
            ),
            format!(
                "{} / {}、通算 {} 回目の更新",
                at.step, observation.steps, observation.update
            ),
        ),
    ));
    facts.push((
        say("sample", "サンプル"),
        explainer.language.pick(
            format!(
                "{} of {} in the batch (row {} of the training data, from 0)",
                at.sample,
                observation.batch.len(),
                observation.batch[at.sample - 1]
            ),
            format!(
                "バッチの {} / {}（訓練データの {} 行目、先頭が 0）",
                at.sample,
                observation.batch.len(),
                observation.batch[at.sample - 1]
            ),
        ),
    ));
    facts.push((
        say("numbers", "数値"),
        say(
            "exact in the results; eight significant digits inside formulas",
            "結果は正確な値、式の中は有効数字 8 桁",
        ),
    ));
    facts
}

/// The steps that led to the divergence.
fn path(explainer: &Explainer<'_>, divergence: &Divergence) -> Section {
    let say = |english: &str, japanese: &str| explainer.language.pick(english, japanese);
    let mut section = Section::new(1, say("What led to the divergence", "発散までの経過"));
    section.note(match first_not_finite(explainer) {
        Some((symbol, value)) => {
            let symbol = super::plain::text(&symbol);
            let value = value.to_string().replace("inf", "∞");
            explainer.language.pick(
                format!("In this step the first value that is not finite is {symbol} = {value}."),
                format!("このステップで最初に有限でなくなった値は {symbol} = {value} です。"),
            )
        }
        None => say(
            "In the sample that is shown every value is finite.",
            "ここに示すサンプルの値は、すべて有限です。",
        ),
    });
    section.note(explainer.language.pick(
        format!("Where it began: each row is a step at which the loss of the batch, the greatest of the last {ASCENT_STEPS} steps, rose for good above a further power of ten; the last rows are the step before the divergence and the step itself. Gradient and parameter are the largest in absolute value."),
        format!("どこから始まったか: 各行は、バッチの損失（直近 {ASCENT_STEPS} ステップの最大値）が、次の桁を超えたまま戻らなくなったステップです。最後の 2 行は、発散の直前のステップと発散したステップです。勾配とパラメーターは絶対値の最大です。"),
    ));
    let rows = thinned(&divergence.path).into_iter().map(|milestone| {
        vec![
            Cell::Rough(milestone.epoch.to_string()),
            Cell::Rough(milestone.step.to_string()),
            Cell::Exact(milestone.loss),
            Cell::Exact(milestone.gradient),
            Cell::Exact(milestone.parameter),
        ]
    });
    section.items.push(Item::Table(Table {
        header: vec![
            say("epoch", "エポック"),
            say("step", "ステップ"),
            say("loss", "損失"),
            say("largest gradient", "勾配の最大"),
            say("largest parameter", "パラメーターの最大"),
        ],
        rows: rows.collect(),
    }));
    section
}

/// How many rows of a long way up stand at its beginning, one after the other.
const FIRST_ROWS: usize = 10;
/// How many rows stand at its end.
const LAST_ROWS: usize = 2;

/// The beginning of the way up, ever fewer of its further steps, and its end.
fn thinned(path: &[Milestone]) -> Vec<&Milestone> {
    let end = path.len().saturating_sub(LAST_ROWS);
    let mut next = 0;
    let rows = path.iter().enumerate().filter(|&(row, _)| {
        let stands = row >= end || row >= next;
        if stands && row < end {
            next = if row < FIRST_ROWS { row + 1 } else { row * 2 };
        }
        stands
    });
    rows.map(|(_, milestone)| milestone).collect()
}

/// The first value of the step that is not finite, in the order of the calculation.
fn first_not_finite(explainer: &Explainer<'_>) -> Option<(Symbol, f64)> {
    let observation = explainer.observation;
    let pass = &observation.sample.pass;
    let scan = |letter: &'static str, layer: usize, values: &[f64], derivative: bool| {
        let node = values.iter().position(|value| !value.is_finite())?;
        let symbol = Symbol::of_layer(letter, layer + 1, &[node + 1]);
        let symbol = if derivative {
            symbol.derivative()
        } else {
            symbol
        };
        Some((symbol, values[node]))
    };
    let layers = explainer.layers();
    for layer in 0..layers {
        let forward = scan("u", layer, &pass.sums[layer], false)
            .or_else(|| scan("z", layer, &pass.outputs[layer], false));
        if forward.is_some() {
            return forward;
        }
    }
    if !observation.sample.loss.is_finite() {
        return Some((Symbol::plain("L"), observation.sample.loss));
    }
    for layer in (0..layers).rev() {
        let backward = scan("z", layer, &pass.errors[layer], true)
            .or_else(|| scan("δ", layer, &pass.deltas[layer], false));
        if backward.is_some() {
            return backward;
        }
    }
    let stages = &observation.stages;
    let gradient = explainer.first_place(&stages.averaged);
    let parameter = explainer.first_place(&observation.after);
    gradient
        .map(|(place, value)| (place.symbol().renamed("g"), value))
        .or_else(|| parameter.map(|(place, value)| (place.symbol(), value)))
}

/// Where a text that uses the summed gradient and the training, which uses the mean, differ.
fn without_mean(explainer: &Explainer<'_>) -> Vec<Section> {
    let observation = explainer.observation;
    let outputs = *explainer.architecture.layers.last().unwrap_or(&1);
    let plain = matches!(
        explainer.settings.optimizer,
        Optimizer::Sgd(Sgd {
            momentum: 0.0,
            weight_decay: 0.0,
            ..
        })
    );
    let terms = explainer.terms();
    let is_weighted = observation.weight_sum.is_some();
    if terms == 1
        || is_weighted
        || !plain
        || observation.stages.last() != &observation.stages.averaged
    {
        return Vec::new();
    }
    let mut head = Section::new(
        1,
        explainer.language.pick(
            "Sum or mean: where a printed example may differ",
            "和と平均: 本や記事の数値と違うとき",
        ),
    );
    let samples = observation.batch.len();
    let terms_in_words = explainer.terms_in_words();
    head.note(explainer.language.pick(
        format!(
            "The training above updates by the mean g over {terms_in_words}. A text that multiplies the learning rate with the summed gradient itself makes steps {terms} times as long, and its new parameters are the ones below."
        ),
        format!(
            "上の学習では、{samples} サンプル × {outputs} 出力で平均した勾配 g を使って更新しました。平均せずに、和のままの勾配に学習率を掛ける説明では、更新の幅が {terms} 倍になり、更新後の値は次のようになります。"
        ),
    ));
    explainer.by_layer(head, &mut |section, place| {
        let symbol = place.symbol();
        let old = Math::Value(symbol.clone(), place.of(&observation.before));
        let eta = Math::Value(Symbol::plain("η"), observation.learning_rate);
        let gradient = explainer.total(place);
        let value = place.of(&observation.after_by_sum);
        section.quantity(Quantity::assigned(
            "new_parameter_by_summed_gradient",
            symbol,
            old - eta * gradient,
            value,
        ));
    })
}

/// The gradients beside their difference quotients.
fn comparison(explainer: &Explainer<'_>, check: &Check) -> Section {
    let language = explainer.language;
    let say = |english: &str, japanese: &str| language.pick(english, japanese);
    let mut section = Section::new(1, say("Check by differences", "差分による検算"));
    section.note(say(
        "Each parameter is moved a little up and down; the change of the batch's mean loss, divided by the change of the parameter, must be the gradient g (before penalties and clipping).",
        "パラメーターを 1 つずつわずかに増減させ、バッチの平均損失の変化をパラメーターの変化で割ります。これが勾配 g（正則化やクリッピングの前）と一致するはずです。",
    ));
    let shown: Vec<ParameterIndex> = explainer.shown_places();
    let rows = check
        .compared
        .iter()
        .filter(|one| shown.contains(&one.place) || check.worst == Some(one.place))
        .map(|one| {
            let error = match one.error {
                None => "NaN".to_owned(),
                Some(0.0) => "0".to_owned(),
                Some(error) => format!("{error:.1e}"),
            };
            vec![
                Cell::Symbol(one.place.symbol()),
                Cell::Exact(one.gradient),
                Cell::Exact(one.difference),
                Cell::Rough(error),
            ]
        });
    section.items.push(Item::Table(Table {
        header: vec![
            String::new(),
            say("gradient", "勾配"),
            say("difference quotient", "差分商"),
            say("relative error", "相対誤差"),
        ],
        rows: rows.collect(),
    }));
    let compared = check.compared.len();
    if compared < check.count {
        section.note(language.pick(
            format!("{compared} of {} gradients were compared, evenly spread; all would take too long.", check.count),
            format!("{} 個の勾配のうち、均等に選んだ {compared} 個を比べました。すべてを比べると時間がかかりすぎるためです。", check.count),
        ));
    }
    let corners = check.corners();
    if corners > 0 {
        section.note(language.pick(
            format!(
                "{corners} could not be compared: the loss has a corner there (NaN in the table)."
            ),
            format!(
                "{corners} 個は、損失がそこで折れ曲がっているため比べられません（表では NaN）。"
            ),
        ));
    }
    let verdict = if check.agrees() {
        say("the gradients agree", "勾配は一致しています")
    } else {
        say("THE GRADIENTS DO NOT AGREE", "勾配が一致しません")
    };
    let (largest, tolerance) = (check.largest, check.tolerance);
    section.note(language.pick(
        format!(
            "Largest relative error: {largest:.1e}; up to {tolerance:e} is allowed: {verdict}."
        ),
        format!(
            "相対誤差の最大値は {largest:.1e} です。許容値 {tolerance:e} に対して、{verdict}。"
        ),
    ));
    section
}

impl Explainer<'_> {
    /// The batch's summed gradient at a place, as a quantity.
    pub fn total(&self, place: ParameterIndex) -> Math {
        let summed = place.of(&self.observation.stages.summed);
        if self.observation.batch.len() == 1 {
            Math::Value(place.symbol().derivative(), summed)
        } else {
            Math::Value(place.named("G"), summed)
        }
    }

    /// The number of terms in words, as in "4 samples × 2 outputs".
    pub fn terms_in_words(&self) -> String {
        let samples = self.observation.batch.len();
        let outputs = self.terms() / samples;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (s, o) = (plural(samples), plural(outputs));
        format!("{samples} sample{s} × {outputs} output{o}")
    }

    /// How many terms the batch's gradient is the mean of.
    pub fn terms(&self) -> usize {
        let outputs = *self.architecture.layers.last().unwrap_or(&1);
        self.settings
            .loss
            .terms(self.observation.batch.len(), outputs)
    }

    /// Every parameter that is shown.
    fn shown_places(&self) -> Vec<ParameterIndex> {
        let mut places = Vec::new();
        for layer in 0..self.layers() {
            let mut section = Section::new(2, "");
            self.each_parameter(&mut section, layer, &mut |_, place| places.push(place));
        }
        places
    }

    /// The first number that is not finite, and where it is.
    fn first_place(&self, parameters: &engine::types::Parameters) -> Option<(ParameterIndex, f64)> {
        let layers = parameters.weights.iter().zip(&parameters.biases);
        for (layer, (weights, biases)) in layers.enumerate() {
            for ((node, input), &value) in weights.indexed_iter() {
                if !value.is_finite() {
                    return Some((
                        ParameterIndex {
                            layer,
                            node,
                            input: Some(input),
                        },
                        value,
                    ));
                }
            }
            for (node, &value) in biases.indexed_iter() {
                if !value.is_finite() {
                    return Some((
                        ParameterIndex {
                            layer,
                            node,
                            input: None,
                        },
                        value,
                    ));
                }
            }
        }
        None
    }
}
