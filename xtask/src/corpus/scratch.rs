//! The scratch workspace: this repository's dependencies and lints, none of its services.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// An empty workspace in `target/corpus-new/`; what it has compiled before is kept.
pub(super) fn prepare(root: &Path) -> anyhow::Result<PathBuf> {
    let root = root.canonicalize().context("reading the repository")?;
    let scratch = root.join("target/corpus-new");
    for folder in ["specs", "generated", crate::apply::STAGING] {
        let folder = scratch.join(folder);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        }
    }
    std::fs::create_dir_all(scratch.join("generated"))?;
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).context("reading Cargo.toml")?;
    std::fs::write(scratch.join("Cargo.toml"), manifest_for(&manifest, &root)?)?;
    std::fs::copy(root.join("Cargo.lock"), scratch.join("Cargo.lock")).context("copying Cargo.lock")?;
    Ok(scratch)
}

/// The root manifest with other members; the runtime by its path.
fn manifest_for(manifest: &str, root: &Path) -> anyhow::Result<String> {
    let mut manifest: toml::Table = manifest.parse().context("reading Cargo.toml")?;
    let workspace =
        manifest.get_mut("workspace").and_then(|it| it.as_table_mut()).context("no [workspace]")?;
    workspace.insert("members".into(), vec!["generated/*"].into());
    workspace.remove("exclude");
    let dependencies =
        workspace.get_mut("dependencies").and_then(|it| it.as_table_mut()).context("no dependencies")?;
    for (_, dependency) in dependencies.iter_mut() {
        if let Some(path) = dependency.get_mut("path") {
            let absolute = root.join(path.as_str().unwrap_or_default()).display().to_string();
            *path = absolute.into();
        }
    }
    Ok(manifest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_paths_change_and_nothing_else() {
        let manifest = "[workspace]\nmembers = [\"a\"]\nexclude = [\"b\"]\n[workspace.dependencies]\nrt = { path = \"rt\" }\n\
                        serde = \"1\"\n[workspace.lints.rust]\nmissing_docs = \"warn\"\n";
        let text = manifest_for(manifest, Path::new("/r")).unwrap();
        for expected in
            ["members = [\"generated/*\"]", "path = \"/r/rt\"", "serde = \"1\"", "missing_docs = \"warn\""]
        {
            assert!(text.contains(expected), "{text}");
        }
        assert!(!text.contains("exclude"));
    }
}
