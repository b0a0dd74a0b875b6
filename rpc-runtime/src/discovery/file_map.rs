//! A map of services in a file.

use std::collections::HashMap;
use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::time::Instant;

use super::error::DiscoveryError;
use super::file::{Look, Stamp, look};
use super::file_set::FileSet;
use super::name::ServiceName;
use super::resolve::Resolution;
use super::until::until;
use super::watch::{Discover, Watch};
use crate::config::ConfigError;
use crate::config::services::Services;

/// A JSON map of services in a file, in the form of `RPC_CLIENT_SERVICES`, followed while the file changes.
///
/// It is looked at when a service of it is used, at most once a second, and read when its modification time or its
/// length changed. A file that cannot be read or parsed (one that is half written, say) is a line in the log, and what
/// was last read stays in use. Services that are added, changed and removed are so for watches that exist already.
#[derive(Debug)]
pub struct FileMap {
    file: Arc<File>,
    /// Gone with the last watch.
    sets: Mutex<HashMap<ServiceName, Weak<FileSet>>>,
}

/// The file, shared by the watches on what is in it.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    pub(super) resolution: Resolution,
    /// Knows the services that the file lacks.
    pub(super) below: Option<Arc<dyn Discover>>,
    /// Other names to suggest when nobody knows one.
    pub(super) known: Vec<ServiceName>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    services: Arc<Services>,
    /// Counts the maps that were read.
    version: u64,
    seen: Option<Stamp>,
    /// What was said last about a file that cannot be read.
    said: Option<String>,
    due: Instant,
    looking: bool,
}

impl FileMap {
    /// Reads the file for the first time.
    ///
    /// # Errors
    /// When it cannot be read or is not such a map; the message names the file and the place in it.
    pub fn open(path: impl Into<PathBuf>, resolution: Resolution) -> Result<Self, ConfigError> {
        let path = path.into();
        let (seen, services) = match look(&path, None) {
            Look::Read(stamp, services) => (Some(stamp), services),
            Look::Bad(_, error) => return Err(error),
            Look::Same => (None, Services::new()),
        };
        let due = resolution.clock.now() + resolution.defaults.services_file_interval;
        let services = Arc::new(services);
        let state = Mutex::new(State { services, version: 1, seen, said: None, due, looking: false });
        let file = File { path, resolution, below: None, known: Vec::new(), state };
        Ok(FileMap { file: Arc::new(file), sets: Mutex::default() })
    }

    /// Services that the file lacks are looked for in `below`. One that appears in the file or goes from it moves, also
    /// for watches that exist already.
    #[must_use]
    pub fn over(self, below: impl Discover) -> Self {
        self.with(|file| file.below = Some(Arc::new(below)))
    }

    /// Names to suggest, besides those of the file, when nobody knows one.
    #[must_use]
    pub fn suggesting(self, known: Vec<ServiceName>) -> Self {
        self.with(|file| file.known = known)
    }

    fn with(mut self, change: impl FnOnce(&mut File)) -> Self {
        // Nobody shares it before the first watch, and that borrows what this consumes.
        if let Some(file) = Arc::get_mut(&mut self.file) {
            change(file);
        }
        self
    }
}

impl Discover for FileMap {
    /// Never an error: what is not in the file now may be so when it is used.
    fn watch(&self, service: &ServiceName) -> Result<Watch, DiscoveryError> {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = sets.get(service).and_then(Weak::upgrade) {
            return Ok(Watch::new(shared));
        }
        let shared = Arc::new(FileSet::new(service.clone(), Arc::clone(&self.file)));
        sets.retain(|_, set| set.strong_count() > 0);
        sets.insert(service.clone(), Arc::downgrade(&shared));
        Ok(Watch::new(shared))
    }

    fn known(&self) -> Vec<ServiceName> {
        self.file.newest().1.keys().cloned().collect()
    }
}

impl File {
    fn state(&self) -> MutexGuard<'_, State> {
        // Every change under the lock is whole, so a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The map that was read last, and its number.
    pub(super) fn newest(&self) -> (u64, Arc<Services>) {
        let state = self.state();
        (state.version, Arc::clone(&state.services))
    }

    /// Whether somebody should look at the file.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        let state = self.state();
        !state.looking && now >= state.due
    }

    /// Looks at the file if that is due and nobody else does. Waits no longer than `deadline` or the time of a lookup: on a
    /// file system that hangs, one call waits once.
    pub(super) async fn look(self: &Arc<Self>, deadline: Option<Instant>) {
        let Resolution { clock, defaults, .. } = &self.resolution;
        let now = clock.now();
        {
            let mut state = self.state();
            if state.looking || now < state.due {
                return;
            }
            state.looking = true;
        }
        let looking = Looking(Arc::clone(self));
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return looking.look() };
        let done = runtime.spawn_blocking(move || looking.look());
        let latest = now + defaults.resolve_timeout;
        let latest = deadline.map_or(latest, |deadline| deadline.min(latest));
        let timeout = clock.sleep_until(latest);
        drop(until(done, timeout).await);
    }

    fn take(&self, look: Look) {
        let mut state = self.state();
        let error = match look {
            Look::Same => return,
            Look::Read(stamp, services) => {
                state.seen = Some(stamp);
                state.said = None;
                if *state.services != services {
                    state.services = Arc::new(services);
                    state.version += 1;
                }
                return;
            }
            Look::Bad(stamp, error) => {
                state.seen = stamp;
                error
            }
        };
        let why = error.source().map_or_else(String::new, |source| format!(": {source}"));
        let problem = format!("{error}{why}");
        // What cannot be read is tried again and again; one line is enough.
        let again = state.seen.is_none() && state.said.as_ref() == Some(&problem);
        state.said = Some(problem.clone());
        drop(state);
        self.resolution.tell_failure(None);
        if !again {
            tracing::warn!("services file {problem}; the last good map stays in use");
        }
    }
}

/// A look that is under way; at its end, or when its runtime goes before it began, the next one may begin.
struct Looking(Arc<File>);

impl Looking {
    fn look(self) {
        let file = &*self.0;
        let seen = file.state().seen;
        file.take(look(Path::new(&file.path), seen));
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        let Resolution { clock, defaults, .. } = &self.0.resolution;
        let due = clock.now() + defaults.services_file_interval;
        let mut state = self.0.state();
        state.looking = false;
        state.due = due;
    }
}

#[cfg(test)]
#[path = "file_map_tests.rs"]
mod tests;
