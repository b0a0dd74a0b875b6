//! All automation of this repository. `cargo xtask --help` lists the commands.
//!
//! ```text
//! cargo xtask gen [service…]     write generated/<service>/ from specs/<service>/; --check compares instead
//! cargo xtask gen --spec FILE …  one document into a stand-alone crate
//! cargo xtask new SERVICE …      a document from anywhere becomes a service: preview, specs/, generated/, build
//! cargo xtask corpus [DIR] …     what becomes of the world's documents: outcomes, operations, a compiled sample, the floor
//! cargo xtask measure [service]  what a generated crate costs to compile, beside progenitor's output
//! cargo xtask bench call         what one call costs: instructions, allocations, CPU time, beside plain reqwest
//! cargo xtask differential …     the same calls with our clients and stock progenitor's: the same requests?
//! cargo xtask interop [--short]  generated clients against real FastAPI services
//! cargo xtask fuzz [TARGET]      the generator fed with mutated documents, for a bounded time
//! cargo xtask simulate …         scripted services in virtual time (started from the root workspace: simulation/)
//! cargo xtask chaos …            100,000 calls with injected faults, over sockets and in virtual time (chaos/)
//! cargo xtask planted            bugs put into a copy of the repository, which the tests must catch
//! cargo xtask tidy               house rules over every tracked file
//! cargo xtask demo …             situations of microservice life against mocks (started from the root workspace: examples/)
//! cargo xtask telemetry …        one request through three services as one trace, drawn (examples/telemetry/)
//! cargo xtask docs [--run]       the documents' commands and quotations; --run executes them
//! cargo xtask mock SERVICE…      servers made from documents, until Ctrl-C (rpc-cli/, too)
//! cargo xtask call …             one call from the command line (started from the root workspace: rpc-cli/)
//! ```
//!
//! Modules return values; only [`print`] prints. Exit codes: 0 clean, 1 something differs or failed, 2 wrong usage.

mod apply;
mod bench;
mod cargo;
mod cli;
mod corpus;
mod demo;
mod differential;
mod docs;
mod files;
mod fsops;
mod fuzz;
mod interop;
mod marker;
mod measure;
mod new;
mod planted;
mod print;
mod process;
mod program;
mod recover;
mod regen;
mod report;
mod single;
mod spec;
mod tidy;
mod usage;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;

/// What turns a document into files: [`rpc_codegen::generate`], or a stand-in in tests.
pub(crate) type Generate =
    fn(&rpc_codegen::Input, &rpc_codegen::Options) -> Result<rpc_codegen::Output, rpc_codegen::Failure>;

#[global_allocator]
static ALLOCATOR: cap::Cap<mimalloc::MiMalloc> = cap::Cap::new(mimalloc::MiMalloc, usize::MAX);

const GENERATE: Generate = rpc_codegen::generate;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    match run(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            print::error(&error);
            ExitCode::from(if error.is::<cli::Usage>() { 2 } else { 1 })
        }
    }
}

/// The exit code. 1: the command did its work and found something wrong, and has said so.
fn run(arguments: cli::Arguments) -> anyhow::Result<u8> {
    let root = project_root()?;
    let clean = match arguments.command {
        cli::Command::Gen(options) => match options.single()? {
            Some(request) => single::run(&request, GENERATE, options.check, options.verbose),
            None => regen::command(&root, &options, GENERATE),
        },
        cli::Command::New(options) => new::command(&root, &options, GENERATE),
        cli::Command::Corpus(options) => corpus::command(&root, &options),
        cli::Command::CorpusOne(options) => corpus::one::command(&options, GENERATE),
        cli::Command::CorpusPlan(options) => corpus::examples::plan::command(&options, GENERATE),
        cli::Command::CorpusMeasured(passed) => corpus::measured::command(&passed),
        cli::Command::Measure(options) => measure::command(&root, &options, GENERATE),
        cli::Command::Bench(cli::Bench::Call(options)) => bench::call(&root, &options),
        cli::Command::Differential(options) => differential::command(&root, &options),
        cli::Command::Interop(options) => interop::command(&root, &options, GENERATE),
        cli::Command::Fuzz(options) => fuzz::command(&root, &options),
        cli::Command::Planted(options) => planted::command(&root, &options),
        cli::Command::Tidy => tidy::command(&root),
        cli::Command::Demo(options) => return demo::command(&root, &options, GENERATE),
        cli::Command::Simulate(passed) => return program::optimised(&root, "simulation", &passed.arguments),
        cli::Command::Chaos(passed) => return program::optimised(&root, "chaos", &passed.arguments),
        cli::Command::Telemetry(passed) => return program::replace(&root, "telemetry", &passed.arguments),
        cli::Command::Docs(options) => docs::command(&root, &options),
        cli::Command::Call(passed) => return program::run(&root, "rpc-cli", "call", &passed.arguments),
        cli::Command::Mock(passed) => return program::run(&root, "rpc-cli", "mock", &passed.arguments),
    };
    clean.map(|clean| u8::from(!clean))
}

/// The repository's root: the folder that holds `xtask/`.
fn project_root() -> anyhow::Result<PathBuf> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map(Path::to_path_buf).context("xtask/ has no parent folder")
}
