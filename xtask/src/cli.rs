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
    /// Generate the world's documents: outcomes, operations, degraded schemas, a compiled sample, the floor.
    Corpus(Corpus),
    #[command(hide = true)]
    CorpusOne(CorpusOne),
    #[command(hide = true)]
    CorpusPlan(CorpusOne),
    #[command(hide = true)]
    CorpusMeasured(Passed),
    /// Compile cost and size of generated crates, beside progenitor's output for the same document.
    Measure(Measure),
    /// What calls cost while they run.
    #[command(subcommand)]
    Bench(Bench),
    /// Make the same calls with our clients and with stock progenitor's, and compare the requests.
    Differential(Differential),
    /// Run generated clients against real FastAPI services (installs them into target/interop/).
    Interop(Interop),
    /// Feed the generator with mutated documents (libFuzzer; needs a C++ compiler).
    Fuzz(Fuzz),
    /// Plant bugs in a copy of the repository and see that the tests catch them.
    Planted(Planted),
    /// Check the house rules over every tracked file.
    Tidy,
    /// Run the situations of microservice life (examples/) against mocks, after `gen`.
    #[command(disable_help_flag = true)]
    Demo(Demo),
    /// Run scripted services in virtual time: what balancing and ejection do when something goes wrong.
    #[command(disable_help_flag = true)]
    Simulate(Passed),
    /// Make 100,000 calls with injected faults, over sockets and in virtual time, and hold each against the rules.
    #[command(disable_help_flag = true)]
    Chaos(Passed),
    /// Send one request through three services, and draw the spans that a collector gets as a waterfall.
    #[command(disable_help_flag = true)]
    Telemetry(Passed),
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
pub(crate) struct Planted {
    /// Only bugs with this in their names.
    #[arg(long, value_name = "PART")]
    pub(crate) filter: Option<String>,
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
    /// Only documents whose names (without extension) this glob matches: 'a*'.
    #[arg(long, value_name = "GLOB")]
    pub(crate) filter: Option<String>,
    /// Compile that many of the results, or `all`.
    #[arg(long, value_name = "N")]
    pub(crate) check: Option<Amount>,
    /// Which sample.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Documents at a time; as many as there are processors when not given.
    #[arg(long, value_name = "J")]
    pub(crate) jobs: Option<usize>,
    /// Generate every document twice and compare the bytes.
    #[arg(long)]
    pub(crate) twice: bool,
    /// Where the table of all documents goes; target/corpus.tsv when not given.
    #[arg(long, value_name = "FILE")]
    pub(crate) tsv: Option<PathBuf>,
    /// The floor; corpus/floor.toml when not given.
    #[arg(long, value_name = "FILE")]
    pub(crate) floor: Option<PathBuf>,
    /// Write what this run reaches into the floor.
    #[arg(long, conflicts_with_all = ["filter", "short"])]
    pub(crate) update_floor: bool,
    /// The documents of this repository instead of the world's, with --debug.
    #[arg(long, conflicts_with_all = ["folder", "new"])]
    pub(crate) short: bool,
    /// Build no optimised programs: generate with this one, and leave degraded schemas unjudged.
    #[arg(long)]
    pub(crate) debug: bool,
    /// Read every example of the documents into the type that is generated for it.
    #[arg(long, conflicts_with_all = ["check", "twice", "floor", "update_floor", "new"])]
    pub(crate) examples: bool,
    /// Send a sample of N through `cargo xtask new` instead, and compile what it gives.
    #[arg(long, value_name = "N", conflicts_with_all = ["filter", "check", "jobs", "twice", "tsv", "floor", "update_floor", "debug"])]
    pub(crate) new: Option<usize>,
    /// Another folder than target/corpus-run.
    #[arg(long, value_name = "DIR", hide = true)]
    pub(crate) work: Option<PathBuf>,
}

/// How many of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    Count(usize),
    All,
}

impl std::str::FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "all" => Ok(Self::All),
            _ => text.parse().map(Self::Count).map_err(|_| "a number, or `all`".to_owned()),
        }
    }
}

/// `corpus` starts one of these for each document.
#[derive(Debug, Args)]
pub(crate) struct CorpusOne {
    pub(crate) document: PathBuf,
    #[arg(long)]
    pub(crate) service: String,
    /// Where the crate goes; nowhere when not given.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Address space.
    #[arg(long)]
    pub(crate) mib: u64,
    /// CPU time.
    #[arg(long)]
    pub(crate) seconds: u64,
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
    /// One document of the world in place of services: its whole crate, and the part that one of its tags needs.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["service", "corpus"])]
    pub(crate) document: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// One call through the runtime beside plain reqwest: instructions (needs valgrind), allocations, CPU time.
    Call(BenchCall),
}

#[derive(Debug, Args)]
pub(crate) struct BenchCall {
    /// Subjects of bench/call beside reqwest; all when none is named.
    #[arg(value_name = "SUBJECT", conflicts_with = "gate")]
    pub(crate) subjects: Vec<String>,
    /// Few calls, and no CPU time.
    #[arg(long)]
    pub(crate) short: bool,
    /// What spans and metrics cost, too: subjects of two more builds.
    #[arg(long)]
    pub(crate) telemetry: bool,
    /// Print Markdown tables.
    #[arg(long)]
    pub(crate) markdown: bool,
    /// With telemetry. Fail when a figure misses its limit in bench/call/gates.toml, or was not measured.
    #[arg(long)]
    pub(crate) gate: bool,
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

#[derive(Debug, Args)]
pub(crate) struct Fuzz {
    /// One target: `load`, `generate` or `headers`; without it all.
    #[arg(value_name = "TARGET")]
    pub(crate) target: Option<String>,
    /// How long each target runs; 300 without it.
    #[arg(long, value_name = "N", conflicts_with = "short")]
    pub(crate) seconds: Option<u64>,
    /// 20 seconds for each target.
    #[arg(long)]
    pub(crate) short: bool,
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
    fn amounts_and_modes_of_corpus() {
        let parse = |line: &str| match Arguments::try_parse_from(line.split(' ')).map(|parsed| parsed.command)
        {
            Ok(Command::Corpus(options)) => Some(options),
            _ => None,
        };
        let check = |line: &str| parse(line).and_then(|options| options.check);
        assert_eq!(check("xtask corpus d --check all"), Some(Amount::All));
        assert_eq!(check("xtask corpus d --check 20"), Some(Amount::Count(20)));
        for wrong in ["--check few", "--new 3 --twice", "--short --new 3", "--update-floor --filter a"] {
            assert!(parse(&format!("xtask corpus {wrong}")).is_none(), "{wrong}");
        }
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
