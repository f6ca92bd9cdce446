//! The command `runner show MODEL|DIR`.

use serde_json::json;

use super::exit::SUCCESS;
use super::models;
use crate::cli::ShowArguments;
use crate::model;
use crate::show;
use crate::text;
use crate::voice::{display, print_json, say, screen};
use problems::Error;

/// Shows a stored model, or the best one of a directory of results.
///
/// # Errors
/// If there is no model, or it cannot be read.
pub fn show(arguments: &ShowArguments) -> Result<u8, Error> {
    let voice = arguments.voice;
    let language = voice.language();
    let chosen = models::choose(&arguments.model, language)?;
    let (model, key) = model::read_with_key(&chosen.path)?;
    let origin = key
        .as_deref()
        .and_then(|key| models::origin(&chosen.path, key, language));
    if !voice.quiet
        && let Some(words) = &chosen.words
    {
        say(words);
    }
    if let Some(readout) = &chosen.readout {
        readout.say_missing();
    }
    if !voice.json {
        let screen = screen(voice);
        let mut text = format!("{}\n", screen.prose(&chosen.name));
        match (&origin, &key) {
            (Some(origin), _) => text += &show::line(language, &screen, "from", origin),
            (None, Some(key)) => {
                let origin = text!(language, "show-run-of-key", key = key);
                text += &show::line(language, &screen, "from", &origin);
            }
            (None, None) => {}
        }
        text += &show::text(&model, language, &screen);
        display(text.trim_end())?;
    }
    let mut document = show::json(&model);
    document["file"] = json!(chosen.name);
    document["key"] = json!(key);
    document["origin"] = json!(origin);
    print_json(voice, vec![document])?;
    Ok(SUCCESS)
}
