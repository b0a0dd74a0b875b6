//! The program whose time and instructions are measured: the system's allocator as it is.

use std::process::ExitCode;

fn main() -> ExitCode {
    call_bench::main(|| None)
}
