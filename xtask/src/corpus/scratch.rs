//! The scratch workspace: this repository's dependencies and lints, none of its services.

use std::path::Path;

use anyhow::Context as _;

/// An empty workspace in a folder of its own.
pub(super) fn prepare(root: &Path, scratch: &Path) -> anyhow::Result<()> {
    for folder in ["specs", "generated", crate::apply::STAGING] {
        let folder = scratch.join(folder);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        }
    }
    std::fs::create_dir_all(scratch.join("generated"))?;
    members(root, scratch, &["*"])
}

/// Says which crates of `generated/` belong to the workspace.
pub(super) fn members(root: &Path, scratch: &Path, services: &[&str]) -> anyhow::Result<()> {
    let root = root.canonicalize().context("reading the repository")?;
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).context("reading Cargo.toml")?;
    std::fs::write(scratch.join("Cargo.toml"), manifest_for(&manifest, &root, services)?)?;
    std::fs::copy(root.join("Cargo.lock"), scratch.join("Cargo.lock")).context("copying Cargo.lock")?;
    Ok(())
}

/// The root manifest with other members; the runtime by its path.
fn manifest_for(manifest: &str, root: &Path, services: &[&str]) -> anyhow::Result<String> {
    let mut manifest: toml::Table = manifest.parse().context("reading Cargo.toml")?;
    let workspace =
        manifest.get_mut("workspace").and_then(|it| it.as_table_mut()).context("no [workspace]")?;
    let members: Vec<String> = services.iter().map(|service| format!("generated/{service}")).collect();
    workspace.insert("members".into(), members.into());
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
        let text = manifest_for(manifest, Path::new("/r"), &["a", "b"]).unwrap();
        for expected in [
            "members = [\"generated/a\", \"generated/b\"]",
            "path = \"/r/rt\"",
            "serde = \"1\"",
            "missing_docs = \"warn\"",
        ] {
            assert!(text.contains(expected), "{text}");
        }
        assert!(!text.contains("exclude"));
    }
}
