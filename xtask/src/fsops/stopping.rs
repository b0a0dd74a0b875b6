//! A disk that stops working, for tests.

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::{Disk, RealDisk};

/// Works until the `budget`-th change, does half of that one, and fails from then on, as if killed; or fails only there.
#[derive(Debug)]
pub(crate) struct Stopping {
    budget: Cell<usize>,
    stopped: Cell<bool>,
    exchange: bool,
    once: bool,
}

impl Stopping {
    pub(crate) fn after(budget: usize, exchange: bool) -> Self {
        Self { budget: Cell::new(budget), stopped: Cell::new(false), exchange, once: false }
    }

    /// One change fails; those after it work.
    pub(crate) fn once(budget: usize) -> Self {
        Self { once: true, ..Self::after(budget, true) }
    }

    /// Whether the budget was too small.
    pub(crate) fn has_stopped(&self) -> bool {
        self.stopped.get()
    }

    fn run(&self, whole: impl FnOnce() -> io::Result<()>, half: impl FnOnce()) -> io::Result<()> {
        if self.once && self.stopped.get() {
            return whole();
        }
        if self.budget.get() > 0 {
            self.budget.set(self.budget.get() - 1);
            return whole();
        }
        if !self.stopped.replace(true) {
            half();
        }
        Err(io::Error::other("stopped"))
    }
}

impl Disk for Stopping {
    fn create_folders(&self, path: &Path) -> io::Result<()> {
        self.run(|| RealDisk.create_folders(path), || {})
    }

    fn write(&self, path: &Path, contents: &[u8], modified: Option<SystemTime>) -> io::Result<()> {
        let half = || drop(fs::write(path, &contents[..contents.len() / 2]));
        self.run(|| RealDisk.write(path, contents, modified), half)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.run(|| RealDisk.rename(from, to), || {})
    }

    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        if !self.exchange {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.run(|| RealDisk.exchange(a, b), || {})
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let half = || drop(fs::remove_file(path.join("Cargo.toml")));
        self.run(|| RealDisk.remove_folder(path), half)
    }

    fn remove_empty(&self, path: &Path) -> io::Result<()> {
        self.run(|| RealDisk.remove_empty(path), || {})
    }
}
