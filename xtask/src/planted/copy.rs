//! A copy of the repository's tracked files.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

/// Makes `tree` a copy of what git tracks, as it stands in the working tree. Files that did not change keep their times, so that
/// cargo compiles again only what differs.
pub(super) fn tracked(root: &Path, tree: &Path) -> anyhow::Result<()> {
    let listed =
        Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().context("starting git")?;
    ensure!(listed.status.success(), "git ls-files failed in {}", root.display());
    let listed = String::from_utf8(listed.stdout).context("a tracked file's name is not UTF-8")?;
    let files: HashSet<PathBuf> = listed.split_terminator('\0').map(PathBuf::from).collect();
    for file in &files {
        let (from, to) = (root.join(file), tree.join(file));
        // Deleted in the working tree.
        let Ok(contents) = fs::read(&from) else { continue };
        if fs::read(&to).is_ok_and(|there| there == contents) {
            continue;
        }
        let folder = to.parent().context("a file has a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&to, contents).with_context(|| format!("writing {}", to.display()))?;
    }
    remove_others(tree, Path::new(""), &files)
}

fn remove_others(tree: &Path, folder: &Path, files: &HashSet<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(tree.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            remove_others(tree, &path, files)?;
        } else if !files.contains(&path) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tracked_and_nothing_else() {
        let (root, tree) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let git = |arguments: &[&str]| {
            assert!(Command::new("git").args(arguments).current_dir(root.path()).status().unwrap().success());
        };
        git(&["init", "--quiet"]);
        fs::create_dir(root.path().join("a")).unwrap();
        fs::write(root.path().join("a/b"), "1").unwrap();
        fs::write(root.path().join("untracked"), "2").unwrap();
        git(&["add", "a/b"]);
        fs::write(root.path().join("a/b"), "changed").unwrap();
        fs::write(tree.path().join("old"), "3").unwrap();
        tracked(root.path(), tree.path()).unwrap();
        assert_eq!(fs::read_to_string(tree.path().join("a/b")).unwrap(), "changed");
        let names: Vec<_> = fs::read_dir(tree.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, ["a"]);
    }
}
