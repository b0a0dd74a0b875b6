//! The setting as a file, as long as the servers are there.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::plan::VARIABLE;
use crate::cli::usage;

/// A file that is ours; dropping it removes it, unless somebody has written something else into it.
#[derive(Debug)]
pub(super) struct EnvFile {
    path: PathBuf,
    text: String,
}

impl EnvFile {
    /// Refuses a file that holds anything but a setting of this kind, left by a run that was killed.
    pub(super) fn check(path: &Path) -> anyhow::Result<()> {
        match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error).with_context(|| format!("--env {}", path.display())),
            Ok(text) if text.trim().is_empty() || is_ours(&text) => Ok(()),
            Ok(_) => Ok(usage(format!(
                "--env {}: the file is there and holds more than {VARIABLE}; choose another one",
                path.display()
            ))?),
        }
    }

    /// Writes the file; readers see nothing or the whole line.
    pub(super) fn write(path: &Path, setting: &str) -> anyhow::Result<Self> {
        Self::check(path)?;
        let text = format!("{setting}\n");
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

/// One line, and it is the setting.
fn is_ours(text: &str) -> bool {
    let setting = text.strip_prefix(VARIABLE).and_then(|rest| rest.strip_prefix('='));
    setting.is_some_and(|_| text.lines().count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_there_as_long_as_it_is_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mock.env");
        let first = EnvFile::write(&path, "RPC_CLIENT_SERVICES={}").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "RPC_CLIENT_SERVICES={}\n");
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
        for text in ["A=1\n", "RPC_CLIENT_SERVICES={}\nA=1\n", "RPC_CLIENT_SERVICES_X={}"] {
            fs::write(&path, text).unwrap();
            let error = EnvFile::write(&path, "RPC_CLIENT_SERVICES={}").unwrap_err();
            assert!(error.is::<crate::cli::Usage>(), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        let error = EnvFile::write(&folder.path().join("none/x"), "RPC_CLIENT_SERVICES={}").unwrap_err();
        assert!(error.to_string().contains("none/x"), "{error}");
    }
}
