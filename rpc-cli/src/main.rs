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
mod folder;
mod mock;
mod operations;
mod print;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    match run(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            print::error(&error);
            ExitCode::from(if error.is::<cli::Usage>() { 2 } else { 1 })
        }
    }
}

/// `Ok(false)`: the command did its work, it failed, and that has been said.
fn run(arguments: cli::Arguments) -> anyhow::Result<bool> {
    match arguments.command {
        cli::Command::Call(options) => call::command(*options),
        cli::Command::Mock(options) => mock::command(&options),
    }
}
