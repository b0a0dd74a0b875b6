//! The setting as a file, as long as the servers are there.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::plan::VARIABLE;
use crate::cli::usage;

/// First line of every file of ours: no setting of anybody else begins like this.
const MARK: &str = "# Written by cargo xtask mock; removed when it ends.";

/// A file that is ours; dropping it removes it, unless somebody has written something else into it.
#[derive(Debug)]
pub(super) struct EnvFile {
    path: PathBuf,
    text: String,
}

impl EnvFile {
    /// Refuses a file that is there, unless a run that was killed has left it.
    pub(super) fn check(path: &Path) -> anyhow::Result<()> {
        match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error).with_context(|| format!("--env {}", path.display())),
            Ok(text) if is_ours(&text) => Ok(()),
            Ok(_) => Ok(usage(format!(
                "--env {}: the file is there and was not written by `mock`, which would remove it; choose another one",
                path.display()
            ))?),
        }
    }

    /// Writes the file; readers see nothing or all of it.
    pub(super) fn write(path: &Path, setting: &str) -> anyhow::Result<Self> {
        Self::check(path)?;
        let text = format!("{MARK}\n{setting}\n");
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let write = || -> std::io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(text.as_bytes())?;
            file.persist(path)?;
            Ok(())
        };
        write().with_context(|| format!("writing --env {}", path.display()))?;
        Ok(Self { path: path.to_owned(), text })
    }
}

impl Drop for EnvFile {
    fn drop(&mut self) {
        if fs::read_to_string(&self.path).is_ok_and(|text| text == self.text) {
            // Nobody can be told; what stays is replaced by the next run.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The mark, the setting, and nothing else.
fn is_ours(text: &str) -> bool {
    let mut lines = text.lines();
    let marked = lines.next() == Some(MARK);
    let setting = lines.next().and_then(|line| line.strip_prefix(VARIABLE));
    marked && setting.is_some_and(|rest| rest.starts_with('=')) && lines.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_there_as_long_as_it_is_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mock.env");
        let first = EnvFile::write(&path, "RPC_CLIENT_SERVICES={}").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{MARK}\nRPC_CLIENT_SERVICES={{}}\n"));
        let second = EnvFile::write(&path, r#"RPC_CLIENT_SERVICES={"a":[]}"#).unwrap();
        drop(first);
        assert!(path.exists(), "it belongs to the second one");
        drop(second);
        assert!(!path.exists());
    }

    #[test]
    fn files_of_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        let marked = |rest: &str| format!("{MARK}\n{rest}");
        for text in [
            String::new(),
            "A=1\n".to_owned(),
            "RPC_CLIENT_SERVICES={}\n".to_owned(),
            format!("RPC_CLIENT_SERVICES={{}}\n{MARK}\n"),
            marked("RPC_CLIENT_SERVICES={}\nA=1\n"),
            marked("RPC_CLIENT_SERVICES_X={}"),
            marked("A=1\n"),
        ] {
            fs::write(&path, &text).unwrap();
            let error = EnvFile::write(&path, "RPC_CLIENT_SERVICES={}").unwrap_err();
            assert!(error.is::<crate::cli::Usage>(), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        let error = EnvFile::write(&folder.path().join("none/x"), "RPC_CLIENT_SERVICES={}").unwrap_err();
        assert!(error.to_string().contains("none/x"), "{error}");
    }
}
