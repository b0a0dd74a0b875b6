//! A Python with the packages of `interop/services/requirements.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use super::{Outcome, Places};
use crate::process::{Deadline, quietly};

/// The services use `datetime.UTC`, `StrEnum` and `typing.Self`.
const OLDEST: (u32, u32) = (3, 11);
const CANDIDATES: [&str; 6] = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
/// Prints one line: `3.11.7 venv`, without the second word when it cannot make environments.
const PROBE: &str = "import sys, importlib.util as u
print('.'.join(map(str, sys.version_info[:3])), 'venv' if u.find_spec('venv') and u.find_spec('ensurepip') else '')";

/// The interpreter of the environment.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) path: PathBuf,
    outcome: String,
}

impl Outcome for Ready {
    fn outcome(&self) -> &str {
        &self.outcome
    }
}

/// Whether `python3` is new enough and can make environments.
///
/// # Errors
/// What is missing, and how to get it.
pub(crate) fn check_python3(deadline: Deadline) -> anyhow::Result<()> {
    choose(&[("python3", probe("python3", deadline))]).map(drop)
}

/// Makes the environment, or finds it as it was made from the same requirements by the same Python.
pub(super) fn ready(places: &Places, deadline: Deadline) -> anyhow::Result<Ready> {
    let requirements = places.suite.join("services/requirements.txt");
    let wanted =
        fs::read_to_string(&requirements).with_context(|| format!("reading {}", requirements.display()))?;
    let probes = CANDIDATES.map(|name| (name, probe(name, deadline)));
    let (python, version) = choose(&probes)?;
    let folder = places.work.join("venv");
    let path = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    // The stamp is what the environment was made from, so that it is right exactly when this text is the same.
    let stamp = folder.join("made-from.txt");
    let text = format!("# {python} {version}\n{wanted}");
    if path.exists() && fs::read_to_string(&stamp).is_ok_and(|found| found == text) {
        return Ok(Ready { path, outcome: format!("Python {version}, as before") });
    }
    quietly(Command::new(python).args(["-m", "venv", "--clear"]).arg(&folder), deadline)?
        .successful("python -m venv")?;
    let mut pip = Command::new(&path);
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r"]);
    quietly(pip.arg(&requirements), deadline)?.successful("pip install")?;
    fs::write(&stamp, text).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(Ready { path, outcome: format!("Python {version}, installed") })
}

/// A command of the environment that runs a module of `interop/services`.
pub(super) fn module(python: &Path, places: &Places, module: &str) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", module]).current_dir(&places.suite).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// What [`PROBE`] prints; `None` when there is no such program.
fn probe(python: &str, deadline: Deadline) -> Option<String> {
    let finished = quietly(Command::new(python).args(["-c", PROBE]), deadline).ok()?;
    finished.successful(python).ok()?.into_iter().next()
}

/// The first Python that will do, with its version.
fn choose<'p>(probes: &'p [(&'static str, Option<String>)]) -> anyhow::Result<(&'static str, &'p str)> {
    let mut old = Vec::new();
    let mut without_venv = None;
    for (name, answer) in probes {
        let Some((version, venv)) = answer.as_deref().and_then(|line| line.split_once(' ')) else { continue };
        match (number(version) >= Some(OLDEST), venv.trim() == "venv") {
            (true, true) => return Ok((name, version)),
            (true, false) => without_venv = without_venv.or(Some((name, version))),
            (false, _) => old.push(format!("{name} is {version}")),
        }
    }
    let (major, minor) = OLDEST;
    if let Some((name, version)) = without_venv {
        bail!(
            "{name} ({version}) has no venv module; install it (on Debian and Ubuntu: apt-get install python3-venv)"
        );
    }
    let found = if old.is_empty() { "there is no python3".to_owned() } else { old.join(", ") };
    bail!(
        "needs Python {major}.{minor} or newer, but {found}; install it (on Debian and Ubuntu: apt-get install python3 python3-venv)"
    )
}

fn number(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(probes: &[(&'static str, Option<&str>)], expected: Result<(&str, &str), &str>) {
        let probes: Vec<_> = probes.iter().map(|(name, line)| (*name, line.map(ToOwned::to_owned))).collect();
        match (choose(&probes), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expected) => panic!("{found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn chooses_the_first_that_will_do() {
        check(&[("python3", Some("3.11.2 venv"))], Ok(("python3", "3.11.2")));
        check(
            &[("python3", Some("3.9.2 venv")), ("python3.14", None), ("python3.12", Some("3.12.1 venv"))],
            Ok(("python3.12", "3.12.1")),
        );
        check(
            &[("python3", Some("3.13.0 ")), ("python3.12", Some("3.12.1 venv"))],
            Ok(("python3.12", "3.12.1")),
        );
    }

    #[test]
    fn says_what_is_missing() {
        check(&[("python3", None)], Err("there is no python3"));
        check(&[("python3", Some("3.9.2 venv"))], Err("3.11 or newer, but python3 is 3.9.2"));
        check(&[("python3", Some("3.13.0 "))], Err("python3 (3.13.0) has no venv module"));
    }
}
