//! `cargo xtask gen --spec`: one document becomes a stand-alone crate anywhere on disk.

use std::path::{Component, Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use rpc_codegen::{Input, Options, RuntimeDependency};

use crate::apply::{self, Place};
use crate::cli::{Single, Usage};
use crate::fsops::{Disk, RealDisk};
use crate::regen::{Run, Target, service_row};
use crate::report::{Report, Row};
use crate::{Generate, print, spec};

/// The command: runs, prints, says whether all is well.
pub(crate) fn run(request: &Single, generate: Generate, check: bool, verbose: bool) -> anyhow::Result<bool> {
    let report = report(request, &RealDisk, generate, check, verbose)?;
    print::report(&report, verbose);
    Ok(report.is_clean())
}

pub(crate) fn report(
    request: &Single,
    disk: &dyn Disk,
    generate: Generate,
    check: bool,
    diffs: bool,
) -> anyhow::Result<Report> {
    let start = Instant::now();
    spec::check_name(&request.name).map_err(|error| Usage(error.to_string()))?;
    let input = read_input(request)?;
    let out = resolve(&request.out)?;
    let (Some(parent), Some(folder)) = (out.parent(), out.file_name()) else {
        return Err(Usage(format!("--out {} is not a folder that can be made", request.out.display())).into());
    };
    let runtime = request
        .runtime
        .canonicalize()
        .map_err(|error| Usage(format!("--runtime {}: {error}", request.runtime.display())))
        .and_then(runtime_crate)?;
    let options = Options {
        // An absolute path stays one, so that the crate is the same wherever it is written.
        runtime: RuntimeDependency::Path(slashes(&match request.runtime.is_absolute() {
            true => runtime,
            false => relative(&runtime, &out),
        })),
        ..Options::default()
    };
    let place = Place {
        crate_folder: out.clone(),
        staging: parent.join(format!(".{}.staging", folder.to_string_lossy())),
    };
    if !check {
        apply::recover(disk, &place)?;
    }
    let shown = format!("{}/", request.out.display());
    let run = Run { root: parent, disk, generate, check, diffs };
    let target = Target { place: &place, lock: None, shown: &shown };
    let mut row = service_row(&input, &options, &run, &target)
        .unwrap_or_else(|error| Row::failed(&request.name, &error));
    row.elapsed = start.elapsed();
    locate(&mut row, &request.spec);
    let Single { spec, out, name, runtime } = request;
    let (spec, out, runtime) = (spec.display(), out.display(), runtime.display());
    let command = format!("cargo xtask gen --spec {spec} --out {out} --name {name} --runtime {runtime}");
    Ok(Report { rows: vec![row], check, command: Some(command), ..Report::default() })
}

/// The document and what lies beside it that a document may refer to.
fn read_input(request: &Single) -> anyhow::Result<Input> {
    let missing = || Usage(format!("--spec {} is not a file", request.spec.display()));
    let name = request.spec.file_name().filter(|_| request.spec.is_file()).ok_or_else(missing)?;
    let folder = match request.spec.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let document = name.to_string_lossy().into_owned();
    let mut files = spec::read_files(folder, |path| {
        let suffix = Path::new(path).extension().and_then(|e| e.to_str()).unwrap_or_default();
        matches!(suffix, "json" | "yaml" | "yml" | "toml") || path == "names.lock"
    })?;
    if !files.contains_key(&document) {
        files.insert(
            document.clone(),
            std::fs::read(&request.spec).with_context(|| format!("reading {}", request.spec.display()))?,
        );
    }
    // No prefix: the crate is the same wherever its document lies.
    Ok(Input { service: request.name.clone(), document, files, prefix: String::new() })
}

/// Puts the document's folder before the files that messages name, so that a terminal can open them.
fn locate(row: &mut Row, spec: &Path) {
    let folder =
        spec.parent().filter(|folder| *folder != Path::new("")).map(|folder| format!("{}/", slashes(folder)));
    let Some(folder) = folder else { return };
    for found in &mut row.diagnostics {
        found.location.file = format!("{folder}{}", found.location.file).into();
    }
    row.sources = std::mem::take(&mut row.sources)
        .into_iter()
        .map(|(path, text)| (format!("{folder}{path}"), text))
        .collect();
}

/// The folder of the crate `rpc-runtime`: this one, or the one of that name in it (a checkout of the workspace).
fn runtime_crate(folder: PathBuf) -> Result<PathBuf, Usage> {
    let holds = |folder: &Path| {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        manifest.lines().any(|line| line.trim() == "name = \"rpc-runtime\"")
    };
    let inside = folder.join("rpc-runtime");
    if holds(&folder) {
        Ok(folder)
    } else if holds(&inside) {
        Ok(inside)
    } else {
        Err(Usage(format!("--runtime {}: the crate `rpc-runtime` is not there", folder.display())))
    }
}

/// An absolute path without links of something that may not exist yet.
fn resolve(path: &Path) -> anyhow::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut existing = absolute.as_path();
    let mut rest = Vec::new();
    while !existing.exists() {
        let (Some(parent), Some(name)) = (existing.parent(), existing.file_name()) else {
            return Err(Usage(format!("--out {} cannot be made", path.display())).into());
        };
        rest.push(name);
        existing = parent;
    }
    let mut resolved = existing.canonicalize()?;
    resolved.extend(rest.iter().rev());
    Ok(resolved)
}

/// `to` as seen from the folder `from`, both absolute; `to` itself when they stand on different drives.
fn relative(to: &Path, from: &Path) -> PathBuf {
    let shared = to.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return to.to_path_buf();
    }
    let ups = from.components().skip(shared).map(|_| Component::ParentDir);
    ups.chain(to.components().skip(shared)).collect()
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests;
