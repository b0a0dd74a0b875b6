//! What stands in a folder, and how it differs from what should.

use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::time::SystemTime;

use anyhow::{Context as _, bail};
use rpc_codegen::FileSet;
use similar::{ChangeTag, TextDiff};

/// Entries at the top of a crate that cargo makes; never ours to compare, kept when the crate is swapped.
pub(crate) const KEPT: [&str; 2] = ["target", "Cargo.lock"];

/// A file as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// `None`: a symbolic link or something else that is no regular file.
    pub(crate) contents: Option<Vec<u8>>,
    pub(crate) modified: Option<SystemTime>,
}

/// All files of a folder by relative path, without [`KEPT`]; empty when there is no folder.
pub(crate) fn read_folder(folder: &Path) -> anyhow::Result<BTreeMap<String, Found>> {
    let mut found = BTreeMap::new();
    if folder.exists() {
        walk(folder, "", &mut found)?;
    }
    Ok(found)
}

fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Found>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if prefix.is_empty() && KEPT.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), &format!("{path}/"), found)?;
        } else {
            let contents = if kind.is_file() {
                Some(
                    std::fs::read(entry.path())
                        .with_context(|| format!("reading {}", entry.path().display()))?,
                )
            } else {
                None
            };
            let modified = entry.metadata().and_then(|m| m.modified()).ok();
            found.insert(path, Found { contents, modified });
        }
    }
    Ok(())
}

/// One file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// As printed: `generated/order-service/src/lib.rs`.
    pub(crate) path: String,
    pub(crate) kind: ChangeKind,
    pub(crate) added: usize,
    pub(crate) removed: usize,
    /// Unified diff, when it was asked for.
    pub(crate) diff: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    /// Should be there and is not.
    Missing,
    Differs,
    /// Is there and should not be.
    Stale,
}

/// What to do to turn `found` into `wanted`; empty when all bytes are equal.
pub(crate) fn compare(
    prefix: &str,
    found: &BTreeMap<String, Found>,
    wanted: &FileSet,
    diffs: bool,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (path, contents) in wanted.iter() {
        match found.get(path) {
            Some(Found { contents: Some(old), .. }) if old == contents => {}
            Some(old) => {
                let old = old.contents.as_deref().unwrap_or_default();
                changes.push(change(format!("{prefix}{path}"), ChangeKind::Differs, old, contents, diffs));
            }
            None => {
                changes.push(change(format!("{prefix}{path}"), ChangeKind::Missing, b"", contents, diffs))
            }
        }
    }
    for (path, old) in found.iter().filter(|(path, _)| wanted.get(path).is_none()) {
        let old = old.contents.as_deref().unwrap_or_default();
        changes.push(change(format!("{prefix}{path}"), ChangeKind::Stale, old, b"", diffs));
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// One change with its line counts.
pub(crate) fn change(path: String, kind: ChangeKind, old: &[u8], new: &[u8], with_diff: bool) -> Change {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = TextDiff::configure()
        .timeout(std::time::Duration::from_secs(1))
        .diff_lines(old.as_ref(), new.as_ref());
    let count = |tag| diff.iter_all_changes().filter(|c| c.tag() == tag).count();
    let (added, removed) = (count(ChangeTag::Insert), count(ChangeTag::Delete));
    let text = with_diff.then(|| {
        let before = if kind == ChangeKind::Missing { "/dev/null".to_owned() } else { format!("a/{path}") };
        let after = if kind == ChangeKind::Stale { "/dev/null".to_owned() } else { format!("b/{path}") };
        diff.unified_diff().context_radius(3).header(&before, &after).to_string()
    });
    Change { path, kind, added, removed, diff: text }
}

/// Output paths come from validated identifiers; this is the second lock on that door.
pub(crate) fn validate_paths(files: &FileSet) -> anyhow::Result<()> {
    for (path, _) in files.iter() {
        let plain = Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
        let first = path.split('/').next().unwrap_or_default();
        if path.is_empty()
            || !plain
            || path.contains(['\\', ':', '\0'])
            || path.contains("//")
            || KEPT.contains(&first)
        {
            bail!("the generator made a file path that is not allowed: {path:?}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(files: &[(&str, &str)]) -> FileSet {
        let mut set = FileSet::default();
        for (path, text) in files {
            set.insert(*path, *text);
        }
        set
    }

    #[test]
    fn compares_every_kind_of_change() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("src")).unwrap();
        std::fs::create_dir_all(folder.path().join("target")).unwrap();
        for (path, text) in
            [("same.rs", "s\n"), ("src/old.rs", "a\nb\n"), ("src/differs.rs", "1\n2\n"), ("target/x", "")]
        {
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        let wanted = set(&[("same.rs", "s\n"), ("src/differs.rs", "1\n3\n4\n"), ("new.rs", "n\n")]);
        let changes = compare("g/", &read_folder(folder.path()).unwrap(), &wanted, true);
        let summary: Vec<_> = changes.iter().map(|c| (c.path.as_str(), c.kind, c.added, c.removed)).collect();
        assert_eq!(
            summary,
            [
                ("g/new.rs", ChangeKind::Missing, 1, 0),
                ("g/src/differs.rs", ChangeKind::Differs, 2, 1),
                ("g/src/old.rs", ChangeKind::Stale, 0, 2),
            ]
        );
        assert!(changes[1].diff.as_ref().unwrap().contains("-2\n+3\n+4\n"));
    }

    #[test]
    fn refuses_paths_that_leave_the_crate() {
        for bad in ["../x", "/x", "a/../b", "./a", "a\\b", "", "target/x", "a//b"] {
            assert!(validate_paths(&set(&[(bad, "")])).is_err(), "{bad}");
        }
        assert!(validate_paths(&set(&[("src/types/order.rs", ""), ("Cargo.toml", "")])).is_ok());
    }
}
