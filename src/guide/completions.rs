//! What a shell proposes: the keys of an experiment file, and a script that knows how they go on.

use std::sync::LazyLock;

use super::entries::entries;
use crate::language::Language;

/// Every key that can be given a value by itself, with the equals sign behind it.
pub fn settings() -> &'static [String] {
    static SETTINGS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let keys = entries(Language::English).into_iter();
        // A file alone extends another; a name of `[expect]` is the person's own.
        let keys = keys
            .filter(|entry| !entry.is_table && !["extends", "expect.NAME"].contains(&&*entry.path));
        let mut keys: Vec<String> = keys.map(|entry| format!("{}=", entry.path)).collect();
        keys.dedup();
        keys
    });
    &SETTINGS
}

/// Every key and table by its path, and every word that a key can say.
pub fn explained() -> &'static [String] {
    static EXPLAINED: LazyLock<Vec<String>> = LazyLock::new(|| {
        let entries = entries(Language::English);
        let paths = entries.iter().map(|entry| entry.path.as_str());
        let words = entries.iter().flat_map(|entry| &entry.words);
        let mut all: Vec<String> = Vec::new();
        for name in paths.chain(words.map(|word| word.0)) {
            if !name.contains(' ') && !all.iter().any(|known| known == name) {
                all.push(name.to_owned());
            }
        }
        all
    });
    &EXPLAINED
}

/// Behind a key with its equals sign goes the value and no space: what bash needs to be told.
///
/// `script` is the one that clap_complete writes for bash, with its function `_runner`.
pub fn without_space_in_bash(script: &str) -> String {
    let own = "\
# A key is completed up to its equals sign, behind which its value is typed.
_runner_keys() {
    _runner \"$@\"
    local status=$?
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
    return $status
}

";
    own.to_owned() + &script.replace("complete -F _runner -o", "complete -F _runner_keys -o")
}

/// The same for zsh, whose script has the keys as the values of `--set`.
pub fn without_space_in_zsh(script: &str) -> String {
    let keys = settings().join(" ");
    let own = format!(
        "# A key is completed up to its equals sign, behind which its value is typed.\n\
         _runner_keys() {{\n    [[ $PREFIX == *=* ]] && return 1\n    compadd -S '' -- {keys}\n}}\n\n"
    );
    let script = script.replace(&format!(":KEY=VALUE:({keys})"), ":KEY=VALUE:_runner_keys");
    match script.find("_runner() {") {
        Some(at) => format!("{}{own}{}", &script[..at], &script[at..]),
        None => script,
    }
}

/// An experiment without a subcommand goes on with the options of `run`, and `explain` takes what can be
/// explained: what fish needs to be told.
///
/// `script` is the one that clap_complete writes for fish; it takes the first word for a subcommand. `commands`
/// are the names of all subcommands.
pub fn with_experiments_in_fish(script: &str, commands: &[&str]) -> String {
    let known = format!("    if contains -- \"$argv[1]\" {}\n", commands.join(" "));
    let script = script.replacen("    if set -q argv[1]\n", &known, 1);
    // Where fish proposes a word, parentheses without a backslash are a command.
    let words = explained()
        .join(" ")
        .replace('(', "\\(")
        .replace(')', "\\)");
    format!(
        "{script}complete -c runner -n \"__fish_runner_using_subcommand explain\" -f -a \"{words}\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_a_key_with_its_sign() {
        let settings = settings();
        assert!(settings.contains(&"training.learning_rate=".to_owned()));
        assert!(!settings.iter().any(|key| key.starts_with("extends")));
        assert!(settings.iter().all(|key| key.ends_with('=')));
        assert!(explained().contains(&"adam".to_owned()));
    }
}
