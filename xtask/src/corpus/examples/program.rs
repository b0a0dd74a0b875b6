//! The programs that read examples: each knows the types of some documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::report::Report;
use crate::corpus::scratch;
use crate::print::Progress;

/// A program and the services that it reads for.
#[derive(Debug)]
pub(super) struct Program {
    name: String,
    services: Vec<String>,
}

/// Writes the programs and the workspace around them.
pub(super) fn write(
    root: &Path,
    work: &Path,
    services: &[&str],
    together: usize,
) -> anyhow::Result<Vec<Program>> {
    let mut programs = Vec::new();
    for (index, group) in services.chunks(together).enumerate() {
        let name = format!("decode-{index}");
        let folder = work.join("generated").join(&name);
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest(&name, group))?;
        fs::write(folder.join("src/main.rs"), main(&work.join("generated"), group))?;
        programs.push(Program { name, services: group.iter().map(|it| (*it).to_owned()).collect() });
    }
    let mut members: Vec<&str> = programs.iter().map(|program| program.name.as_str()).collect();
    members.extend(services);
    scratch::members(root, work, &members)?;
    let path = work.join("Cargo.toml");
    let mut manifest: toml::Table = fs::read_to_string(&path)?.parse()?;
    let dependencies = manifest
        .get_mut("workspace")
        .and_then(|it| it.get_mut("dependencies"))
        .and_then(|it| it.as_table_mut())
        .context("no [workspace.dependencies]")?;
    let library = root.canonicalize()?.join("corpus/decode").display().to_string();
    dependencies
        .insert("decode".into(), toml::Table::from_iter([("path".to_owned(), library.into())]).into());
    fs::write(&path, manifest.to_string())?;
    Ok(programs)
}

fn manifest(name: &str, services: &[&str]) -> String {
    let mut out = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\ndecode.workspace = true\n"
    );
    for service in services {
        out.push_str(&format!("{service} = {{ path = \"../{service}\" }}\n"));
    }
    out
}

fn main(generated: &Path, services: &[&str]) -> String {
    let subjects: String = services
        .iter()
        .map(|service| {
            let folder = generated.join(service).display().to_string();
            let krate = service.replace('-', "_");
            format!("        decode::Subject {{ folder: {folder:?}, decoders: {krate}::DECODERS }},\n")
        })
        .collect();
    format!(
        "fn main() {{\n    let lines = decode::run(&[\n{subjects}    ]);\n    match lines {{\n        Ok(lines) => print!(\"{{lines}}\"),\n        \
        Err(error) => {{\n            eprintln!(\"{{error}}\");\n            std::process::exit(1);\n        }}\n    }}\n}}\n"
    )
}

/// Compiles the programs and runs them, one after the other.
pub(super) fn run(
    root: &Path,
    work: &Path,
    programs: &[Program],
    progress: &Progress,
    report: &mut Report,
) -> anyhow::Result<()> {
    let target = root.canonicalize()?.join("target/corpus-decode");
    for (index, program) in programs.iter().enumerate() {
        progress.step(&program.name, index, programs.len());
        match built(work, &target, &program.name)? {
            Ok(path) => {
                let output =
                    Command::new(&path).stdin(Stdio::null()).output().context("running a program")?;
                if !output.status.success() {
                    bail!("{}: {}", program.name, String::from_utf8_lossy(&output.stderr));
                }
                report.read(&String::from_utf8_lossy(&output.stdout));
                // Hundreds of programs would fill a disk.
                fs::remove_file(&path)?;
            }
            Err(errors) => report.broken(&program.services, errors),
        }
    }
    Ok(())
}

/// The program, or what the compiler said.
fn built(work: &Path, target: &Path, name: &str) -> anyhow::Result<Result<PathBuf, String>> {
    let output = crate::cargo::cargo()
        .args(["build", "--offline", "--quiet", "-p", name, "--target-dir"])
        .arg(target)
        .current_dir(work)
        .env("RUSTFLAGS", "--cap-lints=allow")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .stdin(Stdio::null())
        .output()
        .context("running cargo")?;
    if output.status.success() {
        return Ok(Ok(target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))));
    }
    Ok(Err(String::from_utf8_lossy(&output.stderr).chars().take(2_000).collect()))
}
