//! Services on the command line. `cargo xtask call` and `cargo xtask mock` start this program.
//!
//! ```text
//! rpc-cli call SERVICE OPERATION [ARGUMENT…]   one call, through the core that generated clients use
//! rpc-cli mock SERVICE… [--port P]             servers made from documents, until Ctrl-C
//! ```
//!
//! Modules return values; only [`mod@print`] prints. Exit codes: 0 success, 1 the work failed, 2 wrong usage.

mod call;
mod cli;
mod envelope;
mod folder;
mod mock;
mod operations;
mod print;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = match cli::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() && std::env::args_os().any(|argument| argument == "--json") => {
            return mistake(&cli::Usage(error.to_string().trim_end().to_owned()).into(), true);
        }
        Err(error) => error.exit(),
    };
    let json = matches!(&arguments.command, cli::Command::Call(options) if options.json);
    match run(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => mistake(&error, json),
    }
}

/// Says why nothing was done; with `--json` as the object that programs were promised.
fn mistake(error: &anyhow::Error, json: bool) -> ExitCode {
    let usage = error.is::<cli::Usage>();
    match json {
        true => print::line(&call::mistake(error, usage)),
        false => print::error(error),
    }
    ExitCode::from(if usage { 2 } else { 1 })
}

/// `Ok(false)`: the command did its work, it failed, and that has been said.
fn run(arguments: cli::Arguments) -> anyhow::Result<bool> {
    match arguments.command {
        cli::Command::Call(options) => call::command(*options),
        cli::Command::Mock(options) => mock::command(&options),
    }
}
