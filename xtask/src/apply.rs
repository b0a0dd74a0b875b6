//! Puts a crate's files in place, whole or not at all.
//!
//! ```text
//! 1 recover   what an interrupted run left in the staging folder
//! 2 stage     write every file into <staging>/new; a file whose bytes are unchanged keeps its time
//! 3 lock      rename the new names.lock over the old one: a name that was given is never lost, and the old crate
//!             beside a newer lock is harmless, since the same lock gives the same names again
//! 4 swap      exchange <staging>/new and the crate's folder in one step; where the system has no such step,
//!             move the crate to <staging>/old and <staging>/new to its place
//! 5 clean     remove the staging folder
//! ```
//! Stopped before 4, the old crate stands untouched; after it, the new one. Only the two-step swap has a moment with
//! neither, and 1 then moves the old crate back before anything else happens. The staging folder stands beside
//! `generated/`, not in it: cargo takes every folder there for a member of the workspace, hidden or not, and a run that
//! was interrupted must not stop it from loading.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use rpc_codegen::FileSet;

use crate::files::{Found, KEPT};
use crate::fsops::Disk;
use crate::marker;

/// Where a crate goes.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The crate's folder.
    pub(crate) crate_folder: PathBuf,
    /// A folder of this crate's own on the same file system.
    pub(crate) staging: PathBuf,
}

/// A single file that changes together with the crate: `names.lock`.
#[derive(Debug)]
pub(crate) struct Beside<'a> {
    pub(crate) path: &'a Path,
    pub(crate) contents: &'a [u8],
}

impl Place {
    fn new_folder(&self) -> PathBuf {
        self.staging.join("new")
    }

    fn old_folder(&self) -> PathBuf {
        self.staging.join("old")
    }

    fn trash(&self) -> PathBuf {
        self.staging.join("trash")
    }

    /// Refuses a folder that holds something which is not ours.
    pub(crate) fn refuse_foreign(&self, found: &BTreeMap<String, Found>) -> anyhow::Result<()> {
        let folder = &self.crate_folder;
        if folder.is_symlink() || (folder.exists() && !folder.is_dir()) {
            bail!("{} is not a folder; move it away", folder.display());
        }
        if found.is_empty() || is_ours(found) {
            return Ok(());
        }
        bail!(
            "{} holds files that `cargo xtask gen` did not write (no header in Cargo.toml); move them away or remove the folder",
            folder.display()
        )
    }
}

/// Whether a folder's files are this tool's work: one of them says so, or a merge left its marks in the manifest. (A merge can
/// tear every header out; who merges `generated/` wants it repaired.)
pub(crate) fn is_ours(found: &BTreeMap<String, Found>) -> bool {
    let contents = |file: &'_ Found| file.contents.clone().unwrap_or_default();
    let conflict = |text: &[u8]| text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"<<<<<<< "));
    found.get("Cargo.toml").is_some_and(|manifest| conflict(&contents(manifest)))
        || found.values().any(|file| marker::is_ours(&contents(file)))
}

/// Step 1; see the module's documentation.
pub(crate) fn recover(disk: &dyn Disk, place: &Place) -> anyhow::Result<()> {
    if !place.staging.exists() {
        return Ok(());
    }
    if !place.crate_folder.exists() && place.old_folder().exists() {
        disk.rename(&place.old_folder(), &place.crate_folder)
            .with_context(|| format!("moving {} back", place.crate_folder.display()))?;
    }
    clean(disk, place)
}

/// Steps 2 to 5. `found` is what stands in the crate's folder now.
pub(crate) fn replace(
    disk: &dyn Disk,
    place: &Place,
    found: &BTreeMap<String, Found>,
    wanted: Option<&FileSet>,
    beside: Option<&Beside<'_>>,
) -> anyhow::Result<()> {
    let result = try_replace(disk, place, found, wanted, beside);
    if result.is_err() {
        // Best effort: the error that is reported is the first one, and the next run recovers as well.
        let _ = recover(disk, place);
    }
    result
}

fn try_replace(
    disk: &dyn Disk,
    place: &Place,
    found: &BTreeMap<String, Found>,
    wanted: Option<&FileSet>,
    beside: Option<&Beside<'_>>,
) -> anyhow::Result<()> {
    disk.create_folders(&place.staging).with_context(|| format!("creating {}", place.staging.display()))?;
    if let Some(files) = wanted {
        stage(disk, &place.new_folder(), found, files)?;
    }
    if let Some(beside) = beside {
        let staged = place.staging.join("beside");
        disk.write(&staged, beside.contents, None)
            .with_context(|| format!("writing {}", staged.display()))?;
        disk.rename(&staged, beside.path).with_context(|| format!("writing {}", beside.path.display()))?;
    }
    if wanted.is_some() {
        swap(disk, place).with_context(|| format!("replacing {}", place.crate_folder.display()))?;
    }
    clean(disk, place)
}

/// Writes the files into a folder that nothing looks at yet; a file whose bytes are those in `found` keeps its time.
pub(crate) fn stage(
    disk: &dyn Disk,
    folder: &Path,
    found: &BTreeMap<String, Found>,
    files: &FileSet,
) -> anyhow::Result<()> {
    disk.create_folders(folder)?;
    let mut made = folder.to_path_buf();
    for (path, contents) in files.iter() {
        let target = folder.join(path);
        if let Some(parent) = target.parent()
            && parent != made
        {
            disk.create_folders(parent).with_context(|| format!("creating {}", parent.display()))?;
            made = parent.to_path_buf();
        }
        let unchanged = found.get(path).filter(|old| old.contents.as_deref() == Some(contents));
        disk.write(&target, contents, unchanged.and_then(|old| old.modified))
            .with_context(|| format!("writing {}", target.display()))?;
    }
    Ok(())
}

fn swap(disk: &dyn Disk, place: &Place) -> io::Result<()> {
    let new = place.new_folder();
    if !place.crate_folder.exists() {
        if let Some(parent) = place.crate_folder.parent() {
            disk.create_folders(parent)?;
        }
        return disk.rename(&new, &place.crate_folder);
    }
    match disk.exchange(&new, &place.crate_folder) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            disk.rename(&place.crate_folder, &place.old_folder())?;
            disk.rename(&new, &place.crate_folder)
        }
        other => other,
    }
}

/// Moves what cargo made (a stand-alone crate's `target/`) over to the crate in place, then removes everything staged.
/// Whatever is to be deleted is first renamed to `trash`, so that a half-deleted folder is never taken for a crate.
fn clean(disk: &dyn Disk, place: &Place) -> anyhow::Result<()> {
    for leftover in [place.new_folder(), place.old_folder()].iter().filter(|f| f.exists()) {
        for kept in KEPT {
            let (from, to) = (leftover.join(kept), place.crate_folder.join(kept));
            if from.exists() && place.crate_folder.exists() && !to.exists() {
                disk.rename(&from, &to).with_context(|| format!("keeping {}", to.display()))?;
            }
        }
        if place.trash().exists() {
            disk.remove_folder(&place.trash())?;
        }
        disk.rename(leftover, &place.trash())?;
    }
    disk.remove_folder(&place.staging).with_context(|| format!("removing {}", place.staging.display()))?;
    if let Some(parent) = place.staging.parent().filter(|p| p.file_name().is_some_and(|n| n == STAGING)) {
        // Not empty while another service's leftovers wait for their turn.
        let _ = disk.remove_empty(parent);
    }
    Ok(())
}

/// Removes a crate whose spec is gone; the caller has made sure that it is ours.
pub(crate) fn remove(disk: &dyn Disk, place: &Place) -> anyhow::Result<()> {
    disk.create_folders(&place.staging)?;
    disk.rename(&place.crate_folder, &place.trash())
        .with_context(|| format!("removing {}", place.crate_folder.display()))?;
    clean(disk, place)
}

/// The folder beside `generated/` that holds one staging folder per service while a run lasts.
pub(crate) const STAGING: &str = ".generated.staging";

#[cfg(test)]
mod tests;
