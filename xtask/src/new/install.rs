//! Two folders appear together: `specs/S` and `generated/S`; or disappear together.
//!
//! ```text
//! 1 stage    write <staging>/spec and <staging>/new, whole
//! 2 commit   create the empty file <staging>/commit: from here on the service is there
//! 3 move     rename both folders to their places
//! 4 discard  rename the staging folder to <staging>.trash, then delete it
//! ```
//! Stopped before 2, nothing has happened, and the next run clears the staging folder. Stopped after it, the next run
//! does 3 and 4. An error is not a stop: whatever was done is undone at once, in the same way, with the file
//! `<staging>/undo`, which beats `commit`. No step looks into a half-deleted folder: deleting starts with a rename.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rpc_codegen::FileSet;

use crate::apply;
use crate::fsops::Disk;
use crate::recover::place;

/// Ending of a folder that is on its way out; no service's name has a dot.
pub(crate) const TRASH: &str = ".trash";

/// One service that comes or goes.
#[derive(Clone, Copy)]
pub(crate) struct Install<'a> {
    pub(crate) disk: &'a dyn Disk,
    pub(crate) root: &'a Path,
    pub(crate) service: &'a str,
}

impl Install<'_> {
    fn staging(&self) -> PathBuf {
        place(self.root, self.service).staging
    }

    /// Staged folder, its place, and where it goes when it is taken back.
    fn moves(&self) -> [(PathBuf, PathBuf, PathBuf); 2] {
        let (staging, crate_folder) = (self.staging(), place(self.root, self.service).crate_folder);
        let spec_folder = self.root.join("specs").join(self.service);
        [
            (staging.join("spec"), spec_folder, staging.join("spec-taken-back")),
            (staging.join("new"), crate_folder, staging.join("new-taken-back")),
        ]
    }

    /// Both folders, or an error and neither.
    pub(crate) fn put(&self, spec: &FileSet, files: &FileSet) -> anyhow::Result<()> {
        if let Err(error) = self.stage(spec, files) {
            // Best effort: the error that is reported is the first one, and the next run clears the folder as well.
            let _ = self.discard();
            return Err(error);
        }
        if let Err(error) = self.commit() {
            let _ = self.take_back(None);
            return Err(error);
        }
        // The service is there; what could not be deleted is deleted by the next run.
        let _ = self.discard();
        Ok(())
    }

    fn stage(&self, spec: &FileSet, files: &FileSet) -> anyhow::Result<()> {
        for ((staged, target, _), files) in self.moves().iter().zip([spec, files]) {
            apply::stage(self.disk, staged, &BTreeMap::new(), files)?;
            if let Some(parent) = target.parent() {
                self.disk.create_folders(parent).with_context(|| format!("creating {}", parent.display()))?;
            }
        }
        Ok(())
    }

    fn commit(&self) -> anyhow::Result<()> {
        self.disk.write(&self.staging().join("commit"), b"", None).context("writing the staging folder")?;
        self.forward()
    }

    fn forward(&self) -> anyhow::Result<()> {
        for (staged, target, _) in self.moves() {
            if staged.exists() && !target.exists() {
                self.disk
                    .rename(&staged, &target)
                    .with_context(|| format!("creating {}", target.display()))?;
            }
        }
        Ok(())
    }

    /// Removes both folders; `lock` are the bytes that `Cargo.lock` should have again.
    pub(crate) fn take_back(&self, lock: Option<&[u8]>) -> anyhow::Result<()> {
        let result = self.try_take_back(lock);
        if result.is_err() {
            // Best effort, as above: what was begun is finished, now or by the next run.
            let _ = self.recover();
        }
        result
    }

    fn try_take_back(&self, lock: Option<&[u8]>) -> anyhow::Result<()> {
        let staging = self.staging();
        self.disk.create_folders(&staging).with_context(|| format!("creating {}", staging.display()))?;
        if let Some(lock) = lock {
            self.disk.write(&staging.join("Cargo.lock"), lock, None).context("keeping Cargo.lock")?;
        }
        self.disk.write(&staging.join("undo"), b"", None).context("writing the staging folder")?;
        self.backward()?;
        self.discard()
    }

    fn backward(&self) -> anyhow::Result<()> {
        for (_, target, back) in self.moves() {
            if target.exists() && !back.exists() {
                self.disk.rename(&target, &back).with_context(|| format!("removing {}", target.display()))?;
            }
        }
        let lock = self.staging().join("Cargo.lock");
        if lock.exists() {
            self.disk.rename(&lock, &self.root.join("Cargo.lock")).context("restoring Cargo.lock")?;
        }
        Ok(())
    }

    fn discard(&self) -> anyhow::Result<()> {
        let staging = self.staging();
        if !staging.exists() {
            return Ok(());
        }
        let mut trash = staging.clone().into_os_string();
        trash.push(TRASH);
        let trash = PathBuf::from(trash);
        if trash.exists() {
            self.disk.remove_folder(&trash)?;
        }
        self.disk.rename(&staging, &trash)?;
        self.disk.remove_folder(&trash)?;
        if let Some(parent) = staging.parent() {
            let _ = self.disk.remove_empty(parent);
        }
        Ok(())
    }

    /// Finishes what was begun; nothing to do where neither mark stands.
    pub(crate) fn recover(&self) -> anyhow::Result<()> {
        if self.staging().join("undo").exists() {
            self.backward()?;
        } else if self.staging().join("commit").exists() {
            self.forward()?;
        } else {
            return Ok(());
        }
        self.discard()
    }
}

#[cfg(test)]
#[path = "install_tests.rs"]
mod tests;
