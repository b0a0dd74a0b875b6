//! What interrupted runs left in the staging folder: finished or undone before anything else happens.

use std::path::Path;

use anyhow::Context as _;

use crate::apply::{self, Place, STAGING};
use crate::fsops::Disk;
use crate::new::install::{Install, TRASH};

/// Where a service's crate goes, and its staging folder.
pub(crate) fn place(root: &Path, service: &str) -> Place {
    Place { crate_folder: root.join("generated").join(service), staging: root.join(STAGING).join(service) }
}

/// Mends all services. The caller holds the lock.
pub(crate) fn all(disk: &dyn Disk, root: &Path) -> anyhow::Result<()> {
    let staging = root.join(STAGING);
    if !staging.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(&staging).with_context(|| format!("reading {}", staging.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(TRASH) {
            disk.remove_folder(&entry.path())
                .with_context(|| format!("removing {}", entry.path().display()))?;
        } else {
            Install { disk, root, service: &name }.recover()?;
            apply::recover(disk, &place(root, &name))?;
        }
    }
    let _ = disk.remove_empty(&staging);
    Ok(())
}
