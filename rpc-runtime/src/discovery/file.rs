//! Reading a file of services again when it changed.

use std::io;
use std::path::Path;
use std::time::SystemTime;

use crate::config::ConfigError;
use crate::config::services::{self, Services};

/// By what a change is seen. Links are followed: a ConfigMap of Kubernetes changes by swapping one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    /// Device and number of the file, and when these were given: times and lengths of two files may be the same.
    identity: (u64, u64, i64, i64),
}

#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> (u64, u64, i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> (u64, u64, i64, i64) {
    (0, 0, 0, 0)
}

impl Stamp {
    fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        let identity = identity(&metadata);
        Ok(Stamp { modified: metadata.modified().ok(), length: metadata.len(), identity })
    }
}

/// What a look at the file came to.
pub(super) enum Look {
    /// Nothing changed.
    Same,
    /// It changed, and can be used.
    Read(Stamp, Services),
    /// It changed, and cannot be used. Without a stamp it could not even be read, so the next look tries again.
    Bad(Option<Stamp>, ConfigError),
}

/// Looks at a file that was like `seen` last time.
pub(super) fn look(path: &Path, seen: Option<Stamp>) -> Look {
    let name = || path.display().to_string();
    let unreadable =
        |error: io::Error| Look::Bad(None, ConfigError::new(name(), "cannot be read").caused_by(error));
    // Before the text: a change while it is read is then seen by the next look.
    let stamp = match Stamp::of(path) {
        Ok(stamp) if Some(stamp) == seen => return Look::Same,
        Ok(stamp) => stamp,
        Err(error) => return unreadable(error),
    };
    match std::fs::read_to_string(path) {
        Ok(text) => match services::parse(&name(), &text) {
            Ok(services) => Look::Read(stamp, services),
            Err(error) => Look::Bad(Some(stamp), error),
        },
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Look::Bad(Some(stamp), ConfigError::new(name(), "is not UTF-8"))
        }
        Err(error) => unreadable(error),
    }
}
