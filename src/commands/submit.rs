//! The command `runner submit EXPERIMENT`: the shards as an array job on a Slurm cluster, and a job
//! that joins them when all have ended.
//!
//! All files are in DIR/submit: `shard.sh` and `merge.sh`, which a person can read and submit, a
//! log for each job, and `shards/K`, the results of shard K. A second submission trains only the
//! missing runs, since each shard has its own journal.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::exit::{SOME_FAILED, SUCCESS};
use super::experiments::{directories, plan_all};
use crate::cli::SubmitArguments;
use crate::plan::Plan;
use crate::record::ownership::Ownership;
use crate::record::whole_file::write_whole;
use crate::report::{ranking, terminal};
use crate::shell;
use crate::text;
use crate::voice::{display, print_json, println, say, screen};
use problems::Error;

/// Writes the scripts and submits them.
///
/// # Errors
/// If the experiment has mistakes, a file cannot be written, or the cluster refuses the jobs.
pub fn submit(arguments: &SubmitArguments) -> Result<u8, Error> {
    let language = arguments.voice.language();
    let experiments = [arguments.experiment.clone()];
    let plans = plan_all(&experiments, &arguments.set)?;
    let plan = &plans[0];
    let directory = absolute(&directories(&plans, arguments.out.as_deref())?[0])?;
    let shards = usize::from(arguments.shards).min(plan.runs.len());
    let place = directory.join("submit");
    std::fs::create_dir_all(&place).map_err(Error::file("cannot make", &place))?;
    let program =
        std::env::current_exe().map_err(Error::file("cannot find", Path::new("runner")))?;
    let scripts = Scripts {
        plan,
        arguments,
        program: &program,
        experiment: absolute(&arguments.experiment)?,
        place: &place,
        directory: &directory,
        shards,
    };
    let shard = place.join("shard.sh");
    let merge = place.join("merge.sh");
    Ownership::read(&directory)?.claim(["submit/shard.sh", "submit/merge.sh"])?;
    write(&shard, &scripts.shard())?;
    write(&merge, &scripts.merge())?;

    if arguments.dry_run {
        println(&text!(
            language,
            "submit-dry-run",
            shard = shard.display().to_string(),
            merge = merge.display().to_string()
        ))?;
        return Ok(SUCCESS);
    }
    let (array, _) = sbatch(&scripts.array_options(), &shard)?;
    // The merge starts after any end of the shards; a failed shard is joined too, and the merge
    // reports the missing runs.
    let (join, joined) = sbatch(&scripts.merge_options(&array), &merge)?;
    if !arguments.voice.quiet && !arguments.voice.json {
        println(&text!(
            language,
            "submit-done",
            name = &plan.name,
            runs = plan.runs.len(),
            shards = shards,
            job = &array,
            directory = directory.display().to_string(),
            merge = &join
        ))?;
    }
    print_json(
        arguments.voice,
        vec![json!({
            "name": plan.name,
            "results": directory.display().to_string(),
            "runs": plan.runs.len(),
            "shards": shards,
            "array_job": array,
            "merge_job": join,
        })],
    )?;
    if !arguments.wait {
        return Ok(SUCCESS);
    }
    if !joined {
        say(&text!(
            language,
            "submit-failed",
            log = place.join("merge.log").display().to_string()
        ));
        return Ok(SOME_FAILED);
    }
    if !arguments.voice.quiet && !arguments.voice.json {
        let ranking = ranking::read(&directory, language)?;
        display(&terminal::ending(&ranking, &screen(arguments.voice)))?;
    }
    Ok(SUCCESS)
}

/// The data of the scripts.
struct Scripts<'a> {
    plan: &'a Plan,
    arguments: &'a SubmitArguments,
    program: &'a Path,
    experiment: PathBuf,
    place: &'a Path,
    directory: &'a Path,
    shards: usize,
}

impl Scripts<'_> {
    /// The script of one shard.
    fn shard(&self) -> String {
        let mut text = self.head(
            "a shard: submit it as an array job, one task per shard",
            &self.array_options(),
        );
        text += &format!(
            "exec {} run {} \\\n  --shard \"$SLURM_ARRAY_TASK_ID/{}\" --out {}/\"$SLURM_ARRAY_TASK_ID\" \\\n  \
             --jobs \"${{SLURM_CPUS_PER_TASK:-1}}\"",
            shell::path(self.program),
            shell::path(&self.experiment),
            self.shards,
            shell::path(&self.place.join("shards")),
        );
        for set in &self.arguments.set {
            text += &format!(" \\\n  --set {}", shell::word(set));
        }
        text.push('\n');
        text
    }

    /// The script of the merge.
    fn merge(&self) -> String {
        let mut text = self.head("joins the shards", &self.merge_options("ARRAY_JOB"));
        text += &format!("exec {} merge", shell::path(self.program));
        for shard in 1..=self.shards {
            text += &format!(
                " \\\n  {}",
                shell::path(&self.place.join("shards").join(shard.to_string()))
            );
        }
        text += &format!(" \\\n  --out {}\n", shell::path(self.directory));
        text
    }

    fn head(&self, what: &str, options: &[String]) -> String {
        let options: Vec<String> = options.iter().map(|option| shell::word(option)).collect();
        format!(
            "#!/bin/sh\n# {}: {what}.\n# sbatch {}\n",
            self.plan.name.replace('\n', " "),
            options.join(" ").replace('\n', " ")
        )
    }

    fn array_options(&self) -> Vec<String> {
        let mut options = self.common_options("shard-%a.log");
        options.push(format!("--array=1-{}", self.shards));
        options.push(format!("--cpus-per-task={}", self.arguments.cpus));
        options
    }

    fn merge_options(&self, array: &str) -> Vec<String> {
        let mut options = self.common_options("merge.log");
        options.push(format!("--dependency=afterany:{array}"));
        if self.arguments.wait {
            options.push("--wait".to_owned());
        }
        options
    }

    fn common_options(&self, log: &str) -> Vec<String> {
        let mut options = vec![
            "--parsable".to_owned(),
            format!("--job-name={}", self.plan.name),
            // A percent sign in the path must not be read as one of Slurm's patterns.
            format!(
                "--output={}/{log}",
                self.place.display().to_string().replace('%', "%%")
            ),
        ];
        if let Some(partition) = &self.arguments.partition {
            options.push(format!("--partition={partition}"));
        }
        if let Some(time) = &self.arguments.time {
            options.push(format!("--time={time}"));
        }
        options.extend(self.arguments.sbatch.iter().cloned());
        options
    }
}

/// Submits a script. Returns the number of the job, and whether sbatch succeeded (with `--wait`,
/// whether the job did).
fn sbatch(options: &[String], script: &Path) -> Result<(String, bool), Error> {
    let output = Command::new("sbatch").args(options).arg(script).output();
    let output = output.map_err(|cause| {
        Error::Other(format!(
            "cannot run sbatch ({cause}): is this a machine of a Slurm cluster? The scripts are in {}; \
             --dry-run writes them alone",
            script.parent().unwrap_or(Path::new("")).display()
        ))
    })?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    // The output is `number;cluster`.
    let job = stdout
        .lines()
        .next()
        .unwrap_or("")
        .split(';')
        .next()
        .unwrap_or("")
        .trim();
    if job.is_empty() {
        return Err(Error::Other(format!(
            "sbatch did not take {}: {}",
            script.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        )));
    }
    Ok((job.to_owned(), output.status.success()))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    write_whole(path, text.as_bytes())
}

/// The absolute path, since jobs start in a directory of their own.
fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(Error::file("cannot find", path))
}
