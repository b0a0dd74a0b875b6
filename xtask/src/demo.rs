//! `cargo xtask demo`: brings the generated crates up to date, then runs the situations of `examples/`.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, bail};

use crate::fsops::RealDisk;
use crate::report::Status;
use crate::{Generate, cli, print, program, regen};

/// Columns of the picture; 8.4 pixels each.
const WIDTH: &str = "116";

/// The command; the exit code is the demo's.
pub(crate) fn command(root: &Path, options: &cli::Demo, generate: Generate) -> anyhow::Result<u8> {
    if !up_to_date(root, generate)? {
        return Ok(1);
    }
    match &options.svg {
        Some(file) => record(root, file, &options.arguments),
        None => program::replace(root, "examples", &options.arguments),
    }
}

/// `gen`, which speaks only when it has something to say.
fn up_to_date(root: &Path, generate: Generate) -> anyhow::Result<bool> {
    let run = regen::Run { root, disk: &RealDisk, generate, check: false, diffs: false };
    let report = run.all(&[], &mut |_, _, _| {})?;
    if report.rows.iter().any(|row| row.status != Status::Fresh) {
        print::report(&report, false);
    }
    Ok(report.is_clean())
}

fn record(root: &Path, file: &Path, arguments: &[OsString]) -> anyhow::Result<u8> {
    let mut whole = ["--color", "always", "--width", WIDTH].map(OsString::from).to_vec();
    whole.extend_from_slice(arguments);
    let mut demo = program::cargo_run(root, "examples", &whole);
    let output = demo.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("starting the demo")?;
    if !output.status.success() {
        print::text(&String::from_utf8_lossy(&output.stdout));
        bail!("the demo ended with {}; no picture was written", output.status);
    }
    let arguments: String =
        arguments.iter().map(|argument| format!(" {}", argument.to_string_lossy())).collect();
    let svg = picture(&format!("cargo xtask demo{arguments}"), &String::from_utf8_lossy(&output.stdout));
    std::fs::write(file, svg).with_context(|| format!("writing {}", file.display()))?;
    print::note(&format!("wrote {}", file.display()));
    Ok(0)
}

/// A terminal with the command and what it said; its dark ground goes with light and dark pages.
fn picture(command: &str, output: &str) -> String {
    anstyle_svg::Term::new()
        .palette(anstyle_svg::WIN10_CONSOLE)
        .render_svg(&format!("$ \x1b[1m{command}\x1b[0m\n{}\n", output.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_picture_has_the_text_and_its_colours() {
        let svg = picture("cargo xtask demo", "\x1b[38;5;10mok\x1b[39m <retry> & more\n");
        for part in ["<svg ", "cargo xtask demo", ">ok<", "class=\"bg\""] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        assert!(!svg.contains('\u{1b}'));
    }
}
