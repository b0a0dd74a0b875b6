//! The few ways in which this tool changes the disk, behind a trait so that tests can stop at every one of them.

use std::io;
use std::path::Path;
use std::time::SystemTime;

/// Every change goes through here; reading does not.
pub(crate) trait Disk {
    fn create_folders(&self, path: &Path) -> io::Result<()>;
    /// Writes a new file; `modified` is the time it should carry, if not now.
    fn write(&self, path: &Path, contents: &[u8], modified: Option<SystemTime>) -> io::Result<()>;
    /// Moves a file or folder; an existing file is replaced, an existing folder is an error.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Swaps two folders in one step. `Unsupported` where the system cannot.
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()>;
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_empty(&self, path: &Path) -> io::Result<()>;
}

/// The real one.
#[derive(Debug)]
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    fn create_folders(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn write(&self, path: &Path, contents: &[u8], modified: Option<SystemTime>) -> io::Result<()> {
        use std::io::Write as _;
        let mut file = std::fs::File::create(path)?;
        file.write_all(contents)?;
        match modified {
            Some(time) => file.set_modified(time),
            None => Ok(()),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        exchange(a, b)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_dir_all(path)
    }

    fn remove_empty(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_dir(path)
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use nix::errno::Errno;
    use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
    renameat2(AT_FDCWD, a, AT_FDCWD, b, RenameFlags::RENAME_EXCHANGE).map_err(|errno| match errno {
        Errno::ENOSYS | Errno::EINVAL | Errno::EOPNOTSUPP => io::ErrorKind::Unsupported.into(),
        other => other.into(),
    })
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Held while files are written: a second run waits. The kernel drops it with the process.
#[derive(Debug)]
pub(crate) struct RunLock {
    #[cfg(unix)]
    _lock: nix::fcntl::Flock<std::fs::File>,
}

impl RunLock {
    /// Locks an existing folder.
    #[cfg(unix)]
    pub(crate) fn take(folder: &Path) -> io::Result<Self> {
        let file = std::fs::File::open(folder)?;
        let lock = nix::fcntl::Flock::lock(file, nix::fcntl::FlockArg::LockExclusive)
            .map_err(|(_, errno)| io::Error::from(errno))?;
        Ok(Self { _lock: lock })
    }

    /// No lock on this system.
    #[cfg(not(unix))]
    pub(crate) fn take(_: &Path) -> io::Result<Self> {
        Ok(Self {})
    }
}

#[cfg(test)]
pub(crate) mod stopping;
