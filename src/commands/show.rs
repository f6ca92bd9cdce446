//! `runner show MODEL|DIR`

use serde_json::json;

use super::exit::SUCCESS;
use super::models;
use crate::cli::ShowArguments;
use crate::model;
use crate::show;
use crate::voice::{print_json, println, say};
use problems::Error;

/// Shows a stored model, or the best one of a directory of results.
///
/// # Errors
/// There is no model, or it cannot be read.
pub fn show(arguments: &ShowArguments) -> Result<u8, Error> {
    let voice = arguments.voice;
    let chosen = models::choose(&arguments.model, voice.language())?;
    let (model, key) = model::read_with_key(&chosen.path)?;
    let origin = key
        .as_deref()
        .and_then(|key| models::origin(&chosen.path, key, voice.language()));
    if !voice.quiet
        && let Some(words) = &chosen.words
    {
        say(words);
    }
    if let Some(readout) = &chosen.readout {
        readout.say_missing();
    }
    if !voice.json {
        let mut text = format!("{}\n", chosen.name);
        match (&origin, &key) {
            (Some(origin), _) => text += &show::line("from", origin),
            (None, Some(key)) => text += &show::line("from", &format!("the run of key {key}")),
            (None, None) => {}
        }
        text += &show::text(&model);
        println(text.trim_end())?;
    }
    let mut document = show::json(&model);
    document["file"] = json!(chosen.name);
    document["key"] = json!(key);
    document["origin"] = json!(origin);
    print_json(voice, vec![document])?;
    Ok(SUCCESS)
}
