//! Every situation of microservice life, one file each in `situations/`, answered by generated clients.
//!
//! ```text
//! cargo xtask demo                  all of them, as a table
//! cargo xtask demo retry timeouts   some
//! cargo run -p examples -- --list   what there is
//! ```
//!
//! Each situation gets services of its own (`world/`): mocks with typed handlers, several instances each, on loopback.
//! What it says at its end is compared with what is expected; a difference ends the run with exit code 1.

mod demo;
mod situations;
mod world;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = demo::Arguments::parse();
    match demo::main(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            demo::print::error(&error);
            ExitCode::from(2)
        }
    }
}
