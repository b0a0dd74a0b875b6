//! The list of bugs, and one in the copy.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde::Deserialize;

/// One bug.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bug {
    /// What is wrong then.
    pub(super) name: String,
    /// The file, from the repository's root.
    file: PathBuf,
    /// A passage that is there once.
    find: String,
    /// What stands there instead.
    replace: String,
    /// Arguments of `cargo test`.
    pub(super) caught_by: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    bug: Vec<Bug>,
}

/// All lists of a folder.
pub(super) fn read(folder: &Path) -> anyhow::Result<Vec<Bug>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        files.push(entry?.path());
    }
    files.sort();
    let mut bugs = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|it| it == "toml")) {
        let list: List =
            toml::from_str(&fs::read_to_string(file)?).with_context(|| file.display().to_string())?;
        bugs.extend(list.bug);
    }
    Ok(bugs)
}

/// The file as it was comes back when this goes out of scope.
#[derive(Debug)]
pub(super) struct Planted {
    file: PathBuf,
    before: String,
}

impl Bug {
    /// Puts the bug into a copy of the repository.
    pub(super) fn plant(&self, tree: &Path) -> anyhow::Result<Planted> {
        let file = tree.join(&self.file);
        let before = fs::read_to_string(&file).with_context(|| format!("reading {}", self.file.display()))?;
        let found = before.matches(&self.find).count();
        ensure!(
            found == 1,
            "planted bug \"{}\": its passage stands {found} times in {}; it must stand there once",
            self.name,
            self.file.display()
        );
        fs::write(&file, before.replacen(&self.find, &self.replace, 1))?;
        Ok(Planted { file, before })
    }
}

impl Drop for Planted {
    fn drop(&mut self) {
        // A copy that could not be mended is noticed by the next bug's passage, or by the next run, which copies anew.
        let _ = fs::write(&self.file, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bug(find: &str) -> Bug {
        Bug {
            name: "a bug".to_owned(),
            file: "a.rs".into(),
            find: find.to_owned(),
            replace: "two".to_owned(),
            caught_by: Vec::new(),
        }
    }

    #[test]
    fn is_there_and_goes_again() {
        let tree = tempfile::tempdir().unwrap();
        let file = tree.path().join("a.rs");
        fs::write(&file, "one three three").unwrap();
        let planted = bug("one").plant(tree.path()).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two three three");
        drop(planted);
        assert_eq!(fs::read_to_string(&file).unwrap(), "one three three");
        for (find, times) in [("three", "2 times"), ("four", "0 times")] {
            let error = bug(find).plant(tree.path()).unwrap_err().to_string();
            assert!(error.contains(times), "{error}");
        }
    }

    /// The passages of this repository's bugs are where they are said to be.
    #[test]
    fn the_lists_fit_the_code() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let bugs = read(&root.join("planted")).unwrap();
        assert!(!bugs.is_empty());
        for bug in bugs {
            let text = fs::read_to_string(root.join(&bug.file)).unwrap();
            assert_eq!(text.matches(&bug.find).count(), 1, "{}", bug.name);
            assert_ne!(bug.find, bug.replace, "{}", bug.name);
        }
    }
}
