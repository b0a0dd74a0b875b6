//! Programs of the root workspace, started as processes: xtask itself depends on the generator alone and loads without them.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

/// Builds a program and gives it this process's place: terminal, folder, signals and exit code are its own. Returns only
/// where a process cannot be replaced, or with what kept it from starting.
pub(crate) fn run(root: &Path, package: &str, command: &str, arguments: &[OsString]) -> anyhow::Result<u8> {
    let mut whole = vec![OsString::from(command)];
    whole.extend_from_slice(arguments);
    replace(root, package, &whole)
}

/// The same for a program without subcommands.
pub(crate) fn replace(root: &Path, package: &str, arguments: &[OsString]) -> anyhow::Result<u8> {
    let mut cargo = cargo_run(root, package, arguments);
    become_it(&mut cargo).with_context(|| format!("starting cargo for {package}"))
}

/// The same for a program that computes for long.
pub(crate) fn optimised(root: &Path, package: &str, arguments: &[OsString]) -> anyhow::Result<u8> {
    let mut cargo = crate::cargo::cargo();
    cargo
        .args(["run", "--quiet", "--release", "--package", package, "--manifest-path"])
        .arg(root.join("Cargo.toml"));
    cargo.arg("--").args(arguments);
    become_it(&mut cargo).with_context(|| format!("starting cargo for {package}"))
}

/// `cargo run` of a program; it starts in this process's folder, so that paths mean what they mean here.
pub(crate) fn cargo_run(root: &Path, package: &str, arguments: &[OsString]) -> Command {
    let mut run = crate::cargo::cargo();
    run.args(["run", "--quiet", "--package", package, "--manifest-path"]).arg(root.join("Cargo.toml"));
    run.arg("--").args(arguments);
    run
}

#[cfg(unix)]
fn become_it(command: &mut Command) -> std::io::Result<u8> {
    use std::os::unix::process::CommandExt as _;
    // Cargo does the same in its turn, so that a signal to this process's id reaches the program.
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> std::io::Result<u8> {
    let code = command.status()?.code();
    Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_passed_through() {
        let arguments: Vec<OsString> = ["call", "orders", "--json", "-x", "a b"].map(OsString::from).to_vec();
        let run = cargo_run(Path::new("/root"), "rpc-cli", &arguments);
        let shown: Vec<_> = run.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
        let expected =
            ["run", "--quiet", "--package", "rpc-cli", "--manifest-path", "/root/Cargo.toml", "--", "call"];
        assert_eq!(shown, [&expected[..], &["orders", "--json", "-x", "a b"]].concat());
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_start_is_an_error() {
        let error = become_it(&mut Command::new("/nowhere/no-such-program")).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    }
}
