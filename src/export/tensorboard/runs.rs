//! The runs as TensorBoard shows them: a name for each, its values, its group and its ending.

use std::path::Path;

use crate::export::{broken, table};
use problems::Error;

/// One run of the results.
pub(super) struct Run {
    /// The number of the run, as in the tables.
    pub(super) number: String,
    /// The name of the run's directory: number, configuration, replicate and fold.
    pub(super) name: String,
    /// The name of the configuration, which all its replicates and folds share.
    pub(super) group: String,
    /// The value of each swept key, as in the table; empty for a key without a value.
    pub(super) values: Vec<String>,
    /// Whether the run was trained to its end.
    pub(super) is_ok: bool,
}

/// The names of the variant and the swept keys, and every run.
pub(super) fn read_runs(path: &Path) -> Result<(Vec<String>, Vec<Run>), Error> {
    let mut reader = table(path)?;
    let header = reader.headers().map_err(broken(path))?.clone();
    let column = |name: &str| {
        let found = header.iter().position(|column| column == name);
        found.ok_or_else(|| Error::Other(format!("{} has no column {name}", path.display())))
    };
    let (end, status) = (column("replicate")?, column("status")?);
    let fold = header.iter().position(|column| column == "fold");
    let keys: Vec<String> = (2..end).map(|column| header[column].to_owned()).collect();
    let mut runs = Vec::new();
    for row in reader.records() {
        let row = row.map_err(broken(path))?;
        let mut group = String::new();
        for (key, value) in keys.iter().zip(row.iter().skip(2)) {
            match (key.rsplit('.').next().unwrap_or_default(), value) {
                (_, "") => {}
                ("variant", variant) => group += &format!(" {variant}"),
                (key, value) => group += &format!(" {key}={value}"),
            }
        }
        let mut name = format!("run-{:0>5}{group} r{}", &row[0], &row[end]);
        if let Some(fold) = fold {
            name += &format!(" f{}", &row[fold]);
        }
        runs.push(Run {
            number: row[0].to_owned(),
            name: directory_name(&name),
            group: group.trim_start().to_owned(),
            values: row
                .iter()
                .skip(2)
                .take(keys.len())
                .map(str::to_owned)
                .collect(),
            is_ok: &row[status] == "ok",
        });
    }
    Ok((keys, runs))
}

/// A name that every system accepts for a directory: at most 120 characters and 200 bytes.
fn directory_name(name: &str) -> String {
    let mut allowed = String::new();
    for c in name.chars().take(120) {
        let c = if c.is_alphanumeric() || " -_.,=[]+".contains(c) {
            c
        } else {
            '_'
        };
        if allowed.len() + c.len_utf8() > 200 {
            break;
        }
        allowed.push(c);
    }
    // On Windows a name cannot end in a space or a dot.
    allowed.trim_end_matches([' ', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_of_a_directory_on_every_system() {
        assert_eq!(
            directory_name("run-00001 a/b\\c:d r0"),
            "run-00001 a_b_c_d r0"
        );
        assert_eq!(directory_name("run-00001 a. ."), "run-00001 a");
        assert!(directory_name(&"語".repeat(300)).len() <= 200);
    }
}
