//! The documents of a run, under the names that tables, samples and the floor know them by.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use sha1::{Digest as _, Sha1};

use crate::{cli, spec};

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

/// The documents whose names a glob matches.
pub(super) fn filtered(documents: Vec<Document>, filter: Option<&str>) -> anyhow::Result<Vec<Document>> {
    let Some(filter) = filter else { return Ok(documents) };
    let pattern =
        glob::Pattern::new(filter).map_err(|error| cli::Usage(format!("--filter {filter}: {error}")))?;
    let found: Vec<_> = documents.into_iter().filter(|document| pattern.matches(&document.name)).collect();
    if found.is_empty() {
        return Err(cli::Usage(format!("--filter {filter}: no document has such a name")).into());
    }
    Ok(found)
}

/// SHA-1 of the sorted names: which set of documents a number speaks of.
pub(super) fn digest<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    Sha1::digest(names.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_have_names_and_services() {
        let found = numbered(vec!["/d/guru__A.com__x-.json".into(), "/d/b.yaml".into()]);
        let shown: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.service.as_str())).collect();
        assert_eq!(shown, [("b", "d0-b"), ("guru__A.com__x-", "d1-guru-a-com-x")]);
        assert_eq!(digest(["b", "a"].into_iter()), digest(["a", "b"].into_iter()));
        assert_ne!(digest(["ab"].into_iter()), digest(["a", "b"].into_iter()));
    }
}
