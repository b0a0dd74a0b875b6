//! What the services say about themselves, and the crates made of it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::{Places, python};
use crate::cli::Single;
use crate::fsops::RealDisk;
use crate::process::{Deadline, quietly};
use crate::report::Status;
use crate::{Generate, print, single, spec};

/// Services of this suite alone: they have no folder in `specs/`, their settings are in `interop/<service>/`.
const OURS: [&str; 2] = ["media-service", "relay-service"];
/// Documents of real services that others gave us, also made into crates: file name in [`GIVEN`], `given-` before the name.
const GIVEN: &str = "rpc-codegen/tests/documents";

/// Every service writes its document below `target/interop/specs/`.
pub(super) fn emit(places: &Places, python: &Path, deadline: Deadline) -> anyhow::Result<String> {
    let folder = specs(places);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    let mut command = python::module(python, places, "services.emit");
    quietly(command.arg(&folder), deadline)?.successful("services.emit")?;
    let names = spec::list(&folder)?;
    if names.is_empty() {
        bail!("services.emit wrote nothing into {}", folder.display());
    }
    Ok(format!("{} documents", names.len()))
}

/// `specs/` holds what the services emit, byte for byte.
pub(super) fn compare(places: &Places) -> anyhow::Result<String> {
    let mut differing = Vec::new();
    let mut same = 0;
    for service in spec::list(&specs(places))? {
        if OURS.contains(&service.as_str()) {
            continue;
        }
        let path = format!("{service}/openapi.json");
        let emitted =
            fs::read(specs(places).join(&path)).with_context(|| format!("reading the emitted {path}"))?;
        match fs::read(places.root.join("specs").join(&path)) {
            Ok(committed) if committed == emitted => same += 1,
            _ => differing.push(service),
        }
    }
    if differing.is_empty() {
        return Ok(format!("{same} equal"));
    }
    let mut message = String::from("specs/ is not what the services emit:\n");
    for service in &differing {
        message.push_str(&format!(
            "  specs/{service}/openapi.json; mend it with\n    \
             cp target/interop/specs/{service}/openapi.json specs/{service}/ && cargo xtask gen {service}\n"
        ));
    }
    bail!(message.trim_end().to_owned())
}

/// A stand-alone crate in `interop/generated/` for every emitted and every given document, as `gen --spec` makes it.
pub(super) fn generate(places: &Places, generate: Generate) -> anyhow::Result<String> {
    let mut crates = Vec::new();
    for service in spec::list(&specs(places))? {
        let folder = specs(places).join(&service);
        let settings =
            if OURS.contains(&service.as_str()) { &places.suite } else { &places.root.join("specs") };
        copy_beside(&settings.join(&service), &folder)?;
        crates.push((service, folder.join("openapi.json")));
    }
    let given = places.root.join(GIVEN);
    let mut files: Vec<_> = fs::read_dir(&given)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<_, _>>())
        .with_context(|| format!("reading {}", given.display()))?;
    files.sort();
    for file in files.into_iter().filter(|file| file.extension().is_some_and(|suffix| suffix == "json")) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // A folder of its own for each: files beside a document belong to it.
        let folder = places.work.join("given").join(&name);
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let target = folder.join("openapi.json");
        fs::copy(&file, &target).with_context(|| format!("copying {}", file.display()))?;
        crates.push((format!("given-{name}"), target));
    }
    let mut operations = 0;
    let mut clean = true;
    for (name, document) in &crates {
        let request = Single {
            spec: document.clone(),
            out: places.suite.join("generated").join(name),
            name: name.clone(),
            runtime: places.root.join("rpc-runtime"),
        };
        let report = single::report(&request, &RealDisk, generate, false, false)?;
        if report.rows.iter().any(|row| row.status == Status::Failed) {
            print::report(&report, false);
            clean = false;
        }
        operations += report.rows.iter().map(|row| row.operations).sum::<usize>();
    }
    if !clean {
        bail!("not every document became a crate");
    }
    Ok(format!("{} crates, {operations} operations", crates.len()))
}

fn specs(places: &Places) -> std::path::PathBuf {
    places.work.join("specs")
}

/// Copies what was chosen for a document (settings, names) to where the emitted document is.
fn copy_beside(from: &Path, to: &Path) -> anyhow::Result<()> {
    for name in ["service.toml", "names.lock"] {
        let source = from.join(name);
        if source.exists() {
            fs::copy(&source, to.join(name)).with_context(|| format!("copying {}", source.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn write(path: PathBuf, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn a_difference_names_the_file_and_the_command() {
        let root = tempfile::tempdir().unwrap();
        let work = root.path().join("target/interop");
        let places = Places { root: root.path().into(), suite: root.path().join("interop"), work };
        for service in ["order-service", "user-service", "media-service"] {
            write(places.work.join(format!("specs/{service}/openapi.json")), "{}");
        }
        write(places.root.join("specs/order-service/openapi.json"), "{}");
        write(places.root.join("specs/user-service/openapi.json"), "{ }");
        let error = compare(&places).unwrap_err().to_string();
        assert!(error.contains("  specs/user-service/openapi.json; mend it with"), "{error}");
        assert!(error.contains("&& cargo xtask gen user-service"), "{error}");
        assert!(!error.contains("order-service") && !error.contains("media-service"), "{error}");
        write(places.root.join("specs/user-service/openapi.json"), "{}");
        assert_eq!(compare(&places).unwrap(), "2 equal");
    }
}
