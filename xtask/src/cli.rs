//! Arguments, and what makes them wrong beyond what clap sees.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Automation of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_version_flag = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write generated/<service>/ from specs/<service>/, or one stand-alone crate with --spec.
    Gen(Gen),
    /// Take a document into this repository as a new service: preview, specs/, generated/, build.
    New(New),
    /// Run `new` for a sample of the world's documents and build what it gives.
    Corpus(Corpus),
    /// Compile cost and size of generated crates, beside progenitor's output for the same document.
    Measure(Measure),
    /// Make the same calls with our clients and with stock progenitor's, and compare the requests.
    Differential(Differential),
    /// Run generated clients against real FastAPI services (installs them into target/interop/).
    Interop(Interop),
    /// Check the house rules over every tracked file.
    Tidy,
    /// Run the situations of microservice life (examples/) against mocks, after `gen`.
    #[command(disable_help_flag = true)]
    Demo(Demo),
    /// Check the commands and quotations of README.md and docs/; run the documents with --run.
    Docs(Docs),
    /// Call an operation of a service from the command line, as a generated client would.
    #[command(disable_help_flag = true)]
    Call(Passed),
    /// Serve services as their documents describe them, until Ctrl-C.
    #[command(disable_help_flag = true)]
    Mock(Passed),
}

/// Arguments of a program of the root workspace: it reads them and explains them (`--help`) itself.
#[derive(Debug, Args)]
pub(crate) struct Passed {
    #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Record what the demo prints as a picture.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Situations and options of the demo itself: SITUATION…, --list, -v, --help, …
    #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Docs {
    /// Run every command of the documents, each document in a new empty folder.
    #[arg(long)]
    pub(crate) run: bool,
    /// Documents; all of docs/ when none is named.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Args, Default)]
pub(crate) struct Gen {
    /// Services to generate; all of specs/ when none is named.
    #[arg(value_name = "SERVICE", conflicts_with = "spec")]
    pub(crate) services: Vec<String>,
    /// Write nothing; exit with 1 and name every file that would change.
    #[arg(long)]
    pub(crate) check: bool,
    /// Print notes and a unified diff of every change.
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Generate a stand-alone crate from this document.
    #[arg(long, value_name = "FILE", requires = "out", requires = "name", requires = "runtime")]
    pub(crate) spec: Option<PathBuf>,
    /// Folder of the stand-alone crate.
    #[arg(long, value_name = "DIR", requires = "spec")]
    pub(crate) out: Option<PathBuf>,
    /// Service name of the stand-alone crate.
    #[arg(long, value_name = "NAME", requires = "spec")]
    pub(crate) name: Option<String>,
    /// Folder of rpc-runtime, for the stand-alone crate's dependency.
    #[arg(long, value_name = "PATH", requires = "spec")]
    pub(crate) runtime: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// Name of the service: also its crate's, and its name in discovery.
    #[arg(value_name = "SERVICE")]
    pub(crate) service: String,
    /// The OpenAPI document, JSON or YAML; files that it refers to are read from its folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,
    /// Show what would be, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Leave out `cargo check`.
    #[arg(long)]
    pub(crate) no_build: bool,
    /// Keep the files even if the crate does not compile.
    #[arg(long)]
    pub(crate) keep: bool,
    /// Show all operations.
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Another workspace than this repository.
    #[arg(long, value_name = "DIR", hide = true)]
    pub(crate) root: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Corpus {
    /// Folder of documents, `*.json` and `*.yaml`; target/corpus when not given, filled from npm when missing.
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// How many documents.
    #[arg(long, value_name = "N")]
    pub(crate) new: usize,
    /// Which sample.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Measure {
    /// One service; all of specs/ when not given.
    #[arg(value_name = "SERVICE")]
    pub(crate) service: Option<String>,
    /// Print a Markdown table.
    #[arg(long)]
    pub(crate) markdown: bool,
    /// Documents of a folder in place of services: those of 100 to 300 operations that progenitor accepts.
    #[arg(long, value_name = "DIR", conflicts_with = "service")]
    pub(crate) corpus: Option<PathBuf>,
    /// Stop after so many documents.
    #[arg(long, value_name = "N", requires = "corpus")]
    pub(crate) limit: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct Differential {
    /// Folder of documents, `*.json`; those of differential/documents/ when not given.
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Not a whole run: rules that explain nothing are not named.
    #[arg(long)]
    pub(crate) short: bool,
    /// How many documents that progenitor accepts.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) count: usize,
    /// Which sample.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Interop {
    /// Leave out what is slow.
    #[arg(long)]
    pub(crate) short: bool,
    /// Leave the services running after the suite, until Enter.
    #[arg(long)]
    pub(crate) keep: bool,
}

/// `gen --spec`: one document, one stand-alone crate.
#[derive(Debug, Clone)]
pub(crate) struct Single {
    pub(crate) spec: PathBuf,
    pub(crate) out: PathBuf,
    pub(crate) name: String,
    pub(crate) runtime: PathBuf,
}

impl Gen {
    /// The stand-alone request, if this is one. clap has made sure that the four come together.
    pub(crate) fn single(&self) -> Result<Option<Single>, Usage> {
        match (&self.spec, &self.out, &self.name, &self.runtime) {
            (None, None, None, None) => Ok(None),
            (Some(spec), Some(out), Some(name), Some(runtime)) => Ok(Some(Single {
                spec: spec.clone(),
                out: out.clone(),
                name: name.clone(),
                runtime: runtime.clone(),
            })),
            _ => Err(Usage("--spec, --out, --name and --runtime go together".into())),
        }
    }
}

/// The command line asks for something that does not exist. Exit code 2.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn stand_alone_arguments_go_together() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(parse("xtask gen --spec a.json --out d --name n --runtime r").is_ok());
        assert!(parse("xtask gen --spec a.json --out d").is_err());
        assert!(parse("xtask gen order-service --spec a.json --out d --name n --runtime r").is_err());
        assert_eq!(parse("xtask gen --nonsense").unwrap_err().exit_code(), 2);
    }

    #[test]
    fn arguments_of_programs_are_theirs() {
        let passed =
            |line: &str| match Arguments::try_parse_from(line.split(' ')).map(|parsed| parsed.command) {
                Ok(Command::Call(passed)) => passed.arguments,
                other => panic!("{other:?}"),
            };
        assert_eq!(passed("xtask call --help"), ["--help"]);
        assert_eq!(passed("xtask call orders get 1 --json -v"), ["orders", "get", "1", "--json", "-v"]);
        assert!(passed("xtask call").is_empty());
    }
}
