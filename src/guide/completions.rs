//! The completions of a shell: the keys of an experiment file, in a script that knows what follows
//! them.

use std::sync::LazyLock;

use super::entries::entries;
use crate::language::Language;

/// Every key that can have a value by itself, followed by an equals sign.
pub fn settings() -> &'static [String] {
    static SETTINGS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let keys = entries(Language::English).into_iter();
        // Only a file can extend another one, and the names of `[expect]` are a person's own.
        let keys = keys
            .filter(|entry| !entry.is_table && !["extends", "expect.NAME"].contains(&&*entry.path));
        let mut keys: Vec<String> = keys.map(|entry| format!("{}=", entry.path)).collect();
        keys.dedup();
        keys
    });
    &SETTINGS
}

/// Every key and table by its path, and every word that a key accepts.
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

/// Changes the script so that bash adds no space after the equals sign of a key.
///
/// `script` is that of clap_complete for bash, with its function `_runner`.
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

/// Changes the script so that zsh adds no space after the equals sign of a key, and proposes
/// subcommands beside experiments as the first word.
///
/// `script` is that of clap_complete for zsh, which takes a subcommand for the second word, behind an
/// experiment. It has the keys as the values of `--set`.
pub fn with_experiments_in_zsh(script: &str) -> String {
    const COMMANDS: &str = "\":: :_runner_commands\" \\\n";
    let keys = settings().join(" ");
    let own = format!(
        "# A key is completed up to its equals sign, behind which its value is typed.\n\
         _runner_keys() {{\n    [[ $PREFIX == *=* ]] && return 1\n    compadd -S '' -- {keys}\n}}\n\n\
         # The first word is an experiment or a subcommand.\n\
         _runner_first() {{\n    \
         _alternative 'commands:command:_runner_commands' 'experiments:experiment:_files'\n}}\n\n"
    );
    let script = script.replace(&format!(":KEY=VALUE:({keys})"), ":KEY=VALUE:_runner_keys");
    let (Some(main), Some(commands)) = (script.find("_runner() {"), script.find(COMMANDS)) else {
        return script;
    };
    // The line before the subcommands has the experiments, with their description.
    let before = script[..commands]
        .trim_end()
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let rest = script[commands + COMMANDS.len()..]
        .replacen("words=($line[2] ", "words=($line[1] ", 1)
        .replacen("-command-$line[2]:", "-command-$line[1]:", 1)
        // An experiment has the options of `run` behind it.
        .replacen(
            "case $line[2] in\n            (run)",
            "case $line[1] in\n            (run|*.toml)",
            1,
        );
    let (head, options) = (&script[..main], &script[main..before]);
    format!("{head}{own}{options}\"1: :_runner_first\" \\\n{rest}")
}

/// Changes the script so that fish proposes the options of `run` after an experiment without a
/// subcommand, and the keys, tables and words after `explain`.
///
/// `script` is that of clap_complete for fish, which takes the first word for a subcommand.
/// `commands` are the names of all subcommands.
pub fn with_experiments_in_fish(script: &str, commands: &[&str]) -> String {
    let known = format!("    if contains -- \"$argv[1]\" {}\n", commands.join(" "));
    let script = script.replacen("    if set -q argv[1]\n", &known, 1);
    // In a proposal of fish, parentheses without a backslash would be a command.
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
