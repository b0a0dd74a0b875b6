//! `cargo xtask measure --document FILE`: what one crate costs a user who needs all of it, or the operations of one tag.

use std::path::Path;

use anyhow::Context as _;

use super::corpus;
use super::subject::{self, Build, Features, Subject};
use crate::usage::children;
use crate::{Generate, cli, files, print};

/// The command. Memory is that of the largest process until then, dependencies included.
pub(super) fn command(
    root: &Path,
    document: &Path,
    options: &cli::Measure,
    generate: Generate,
) -> anyhow::Result<bool> {
    let name = document.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let work = root.join("target/measure/document").join(&name);
    let whole = corpus::ours(root, document, &work, generate)?;
    let mut parts = vec![Features::Usual, Features::All];
    parts.extend(middle(&whole.folder)?.map(Features::Only));
    let mut rows = Vec::new();
    // The smallest first: what it needs of memory would be hidden behind larger ones.
    for features in parts.into_iter().rev() {
        let part = Subject { features, ..whole.clone() };
        let cost = subject::costs(root, &[&part], Build::Check, 1)?;
        let cpu = cost.into_iter().flatten().next().context("no run was measured")?;
        let what = match part.features {
            Features::Usual => "all operations".to_owned(),
            Features::All => "all features".to_owned(),
            Features::Only(feature) => format!("`{feature}` alone"),
        };
        rows.push(vec![name.clone(), what, format!("{cpu:.1}"), (children()?.peak / 1024).to_string()]);
    }
    print::table(&["document", "part", "check CPU s", "peak MiB"], &rows, options.markdown);
    Ok(true)
}

/// The feature in the middle, by the size of its operations' source; `None` where all operations are one part.
fn middle(krate: &Path) -> anyhow::Result<Option<String>> {
    let manifest: toml::Table = std::fs::read_to_string(krate.join("Cargo.toml"))?.parse()?;
    let features = manifest.get("features").and_then(toml::Value::as_table);
    let full = features.and_then(|features| features.get("full")).and_then(toml::Value::as_array);
    let sources = files::read_folder(&krate.join("src/operations"))?;
    let size = |feature: &str| {
        let module = feature.replace('-', "_");
        let (file, folder) = (format!("{module}.rs"), format!("{module}/"));
        let of = |path: &str| path == file || path.starts_with(&folder);
        let bytes = |file: &files::Found| file.contents.as_ref().map_or(0, Vec::len);
        sources.iter().filter(|(path, _)| of(path)).map(|(_, file)| bytes(file)).sum::<usize>()
    };
    let mut sizes: Vec<(usize, &str)> =
        full.into_iter().flatten().filter_map(toml::Value::as_str).map(|name| (size(name), name)).collect();
    sizes.sort_unstable();
    Ok(sizes.get(sizes.len() / 2).map(|(_, name)| (*name).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feature_in_the_middle() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("src/operations/mod.rs", "mod a;");
        write("Cargo.toml", "[features]\ndefault = []\n");
        assert_eq!(middle(folder.path()).unwrap(), None);
        write("Cargo.toml", "[features]\nfull = [\"large\", \"not-so-large\", \"small\"]\n");
        write("src/operations/large/one.rs", "// as large as this");
        write("src/operations/not_so_large.rs", "// less");
        write("src/operations/small.rs", "//");
        assert_eq!(middle(folder.path()).unwrap().as_deref(), Some("not-so-large"));
    }
}
