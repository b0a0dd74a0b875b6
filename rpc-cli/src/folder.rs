//! Documents from disk: a folder of `specs/`, or one file with what lies beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use rpc_codegen::ir::Service;
use rpc_codegen::settings::did_you_mean;
use rpc_codegen::{Failure, Input, Severity};

use crate::cli::Usage;
use crate::{envelope, print};

const DOCUMENTS: [&str; 3] = ["openapi.json", "openapi.yaml", "openapi.yml"];
const MAX_BYTES: u64 = 256 << 20;

/// The service that a document describes.
pub(crate) fn service(name: &str, spec: Option<&Path>) -> anyhow::Result<Service> {
    resolve(&input(name, spec)?)
}

/// What the generator makes of a document before it writes code.
fn resolve(input: &Input) -> anyhow::Result<Service> {
    rpc_codegen::resolve(input).map_err(|failure| unusable(input, &failure))
}

/// Why a document is of no use.
pub(crate) fn unusable(input: &Input, failure: &Failure) -> anyhow::Error {
    let errors = failure.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let errors: Vec<String> = errors.map(ToString::to_string).collect();
    anyhow::anyhow!("{}{} cannot be used:\n{}", input.prefix, input.document, errors.join("\n"))
}

/// The generator's input for a service of `specs/`, or for a document anywhere.
pub(crate) fn input(name: &str, spec: Option<&Path>) -> anyhow::Result<Input> {
    match spec {
        Some(file) => of_file(name, file),
        None => of_specs(name, &specs()?),
    }
}

/// `specs/` of the repository that this program belongs to.
fn specs() -> anyhow::Result<PathBuf> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    Ok(manifest.parent().context("rpc-cli/ has no parent folder")?.join("specs"))
}

fn of_specs(name: &str, specs: &Path) -> anyhow::Result<Input> {
    let folders = std::fs::read_dir(specs).with_context(|| format!("reading {}", specs.display()))?;
    let mut known: Vec<String> = folders
        .filter_map(|entry| entry.ok().filter(|entry| entry.path().is_dir()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    known.sort();
    if !known.iter().any(|known| known == name) {
        let near = did_you_mean(name, known.iter().map(String::as_str));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let known = known.join(", ");
        let what = format!(
            "specs/ has no service `{name}`{near}\nthere are: {known}; for other documents use --spec"
        );
        return Err(Usage(what).into());
    }
    let files = read(&specs.join(name))?;
    let mut documents = DOCUMENTS.into_iter().filter(|document| files.contains_key(*document));
    match (documents.next(), documents.next()) {
        (Some(one), None) => Ok(Input {
            service: name.to_owned(),
            document: one.to_owned(),
            files,
            prefix: format!("specs/{name}/"),
        }),
        (None, _) => bail!("specs/{name}/ has no openapi.json, openapi.yaml or openapi.yml"),
        (Some(one), Some(other)) => bail!("specs/{name}/ has {one} and {other}; keep one"),
    }
}

fn of_file(name: &str, file: &Path) -> anyhow::Result<Input> {
    let missing = || Usage(format!("--spec {} is not a file", file.display()));
    let document = file.file_name().filter(|_| file.is_file()).ok_or_else(missing)?;
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let prefix = if folder == Path::new(".") { String::new() } else { format!("{}/", folder.display()) };
    let document = document.to_string_lossy().into_owned();
    let mut files = read(folder)?;
    files.insert(
        document.clone(),
        std::fs::read(file).with_context(|| format!("reading {}", file.display()))?,
    );
    let mut input = Input { service: name.to_owned(), document, files, prefix };
    if let Some(note) = envelope::assume(&mut input) {
        print::note(&note);
    }
    Ok(input)
}

/// Documents and settings of a folder by relative path. Hidden files and links are skipped: nothing outside is read.
fn read(folder: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let (mut files, mut bytes) = (BTreeMap::new(), 0);
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let entry = entry?;
            let (kind, name) = (entry.file_type()?, entry.file_name().to_string_lossy().into_owned());
            let path = format!("{prefix}{name}");
            if name.starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                open.push((entry.path(), format!("{path}/")));
            } else if kind.is_file() && is_wanted(&path) {
                bytes += entry.metadata()?.len();
                if bytes > MAX_BYTES {
                    bail!("{} holds more than {} MiB of documents", folder.display(), MAX_BYTES >> 20);
                }
                let text = std::fs::read(entry.path()).with_context(|| format!("reading {path}"))?;
                files.insert(path, text);
            }
        }
    }
    Ok(files)
}

fn is_wanted(path: &str) -> bool {
    let suffix = Path::new(path).extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
    matches!(suffix, "json" | "yaml" | "yml" | "toml" | "lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_of_the_repository() {
        let service = service("order-service", None).unwrap();
        assert!(service.operations.iter().any(|operation| operation.name == "get_order"));
        let error = super::service("order-servise", None).unwrap_err();
        assert!(error.is::<Usage>());
        assert!(error.to_string().contains("did you mean `order-service`?\nthere are: "), "{error}");
        let error = super::service("zzzz", None).unwrap_err().to_string();
        assert!(error.starts_with("specs/ has no service `zzzz`\nthere are: "), "{error}");
    }

    #[test]
    fn documents_anywhere() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("stock.json");
        std::fs::write(
            &file,
            r#"{"openapi":"3.1.0","info":{"title":"s","version":"1"},"paths":{"/a":{"get":{}}}}"#,
        )
        .unwrap();
        std::fs::write(folder.path().join("other.bin"), "x").unwrap();
        let read = input("stock", Some(&file)).unwrap();
        assert_eq!(read.files.keys().collect::<Vec<_>>(), ["stock.json"]);
        assert!(input("stock", Some(&folder.path().join("none.json"))).unwrap_err().is::<Usage>());
        std::fs::write(&file, "{").unwrap();
        let error = service("stock", Some(&file)).unwrap_err().to_string();
        assert!(error.contains("stock.json cannot be used") && error.contains("R001"), "{error}");
    }
}
