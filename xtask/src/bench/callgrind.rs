//! Instructions of a process, counted by callgrind.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

use crate::process::{self, Deadline};

/// What to say where valgrind is missing.
pub(super) const HOW_TO_INSTALL: &str = "bench: valgrind is not installed, so instructions are left out (Debian and Ubuntu: `apt-get install valgrind`; \
    Fedora: `dnf install valgrind`; Arch: `pacman -S valgrind`)";

/// Only what happens inside of this function counts; the name as callgrind shows it, mangled or not.
const INSIDE: &str = "*measured_calls*";

pub(super) fn is_there() -> bool {
    let mut version = Command::new("valgrind");
    version.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// Runs the command under callgrind and returns its instructions; `out` is what `callgrind_annotate` reads.
pub(super) fn run(command: &mut Command, out: &Path, deadline: Deadline) -> anyhow::Result<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--tool=callgrind").arg(format!("--toggle-collect={INSIDE}"));
    valgrind.arg(format!("--callgrind-out-file={}", out.display()));
    valgrind.arg(command.get_program()).args(command.get_args());
    process::quietly(&mut valgrind, deadline)?.successful("callgrind")?;
    let text = std::fs::read_to_string(out).with_context(|| format!("reading {}", out.display()))?;
    total(&text).with_context(|| format!("{}: no instruction was counted", out.display()))
}

/// The sum over all functions; `None` where nothing was collected.
fn total(text: &str) -> Option<u64> {
    let events = text.lines().find_map(|line| line.strip_prefix("events:"))?;
    let column = events.split_whitespace().position(|event| event == "Ir")?;
    let totals = text.lines().rev().find_map(|line| line.strip_prefix("totals:"))?;
    totals.split_whitespace().nth(column)?.parse().ok().filter(|total| *total > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUT: &str = "# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\npid: 7\ncmd:  call-bench run ours 2 1\npart: 1\n\n\
        desc: I1 cache: \ndesc: Trigger: Program termination\n\npositions: line\nevents: Ir\nsummary: 2043\n\n\n\
        ob=(1) /usr/bin/call-bench\nfl=(1) measure.rs\nfn=(1) call_bench::measure::measured_calls\n20 43\ncalls=1 0\n20 2000\n\n\
        totals: 2043\n";

    #[test]
    fn totals() {
        let check = |text: &str, expected: Option<u64>| assert_eq!(total(text), expected, "{text}");
        check(OUT, Some(2043));
        check(
            &OUT.replace("events: Ir", "events: Dr Ir").replace("totals: 2043", "totals: 9 2043"),
            Some(2043),
        );
        check(&OUT.replace("totals: 2043", "totals: 0"), None);
        check(&OUT.replace("totals: 2043\n", ""), None);
        check("", None);
    }
}
