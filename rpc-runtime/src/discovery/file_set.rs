//! The set of one service that a file may have.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::endpoint::{Endpoint, Snapshot, same};
use super::error::DiscoveryError;
use super::file_map::File;
use super::host_set::HostSet;
use super::name::ServiceName;
use super::site::Site;
use super::static_map::unknown;
use super::watch::{Refresh, Source};
use crate::config::ServiceUrl;

/// Follows the file: the service is where the newest map says, or where the layer below says, or nowhere.
#[derive(Debug)]
pub(super) struct FileSet {
    service: ServiceName,
    file: Arc<File>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The number of the map that this is by.
    version: u64,
    place: Place,
    /// The newest set, counted here: the sets below begin to count anew.
    shown: Option<Snapshot>,
    /// The set below that it was made of.
    made_of: Option<Arc<[Endpoint]>>,
}

#[derive(Debug)]
enum Place {
    File(Vec<ServiceUrl>, HostSet),
    Below(Arc<dyn Source>),
    Nowhere(DiscoveryError),
}

impl FileSet {
    pub(super) fn new(service: ServiceName, file: Arc<File>) -> Self {
        let place = Place::Nowhere(unknown(&service, Vec::new()));
        // Maps are numbered from 1, so the first look makes it right.
        let state = Mutex::new(State { version: 0, place, shown: None, made_of: None });
        FileSet { service, file, state }
    }

    /// The state by the newest map.
    fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, services) = self.file.newest();
        if state.version != version {
            state.version = version;
            let urls = services.get(&self.service);
            let known = || services.keys().chain(&self.file.known).cloned().collect();
            let moved = match (urls, &state.place) {
                (Some(urls), Place::File(old, _)) if urls == old => None,
                (Some(urls), Place::File(_, set)) => Some(Place::File(urls.clone(), set.moved(sites(urls)))),
                (Some(urls), _) => Some(Place::File(urls.clone(), self.set(urls))),
                (None, Place::Below(_)) => None,
                (None, _) => Some(self.elsewhere(known)),
            };
            if let Some(place) = moved {
                state.place = place;
            }
        }
        state
    }

    fn set(&self, urls: &[ServiceUrl]) -> HostSet {
        HostSet::new(self.service.clone(), None, sites(urls), self.file.resolution.clone())
    }

    fn elsewhere(&self, known: impl FnOnce() -> Vec<ServiceName>) -> Place {
        match self.file.below.as_ref().map(|below| below.watch(&self.service)) {
            Some(Ok(watch)) => Place::Below(Arc::clone(watch.source())),
            Some(Err(error)) => Place::Nowhere(error),
            None => {
                let mut known = known();
                known.sort();
                known.dedup();
                Place::Nowhere(unknown(&self.service, known))
            }
        }
    }

    async fn refreshed(&self, deadline: Option<Instant>) -> Result<Snapshot, DiscoveryError> {
        self.file.look(deadline).await;
        loop {
            let (version, source) = {
                let state = self.state();
                (state.version, state.place.source()?)
            };
            let snapshot = match source.fresh() {
                Some(snapshot) => snapshot,
                None => source.refresh(deadline).await?,
            };
            let mut state = self.state();
            // The service may have moved while this waited; a set of its old place must not become the newest.
            if state.version == version {
                return Ok(state.counted(snapshot));
            }
        }
    }
}

fn sites(urls: &[ServiceUrl]) -> Vec<Site> {
    urls.iter().cloned().map(Site::from).collect()
}

impl Place {
    fn source(&self) -> Result<Arc<dyn Source>, DiscoveryError> {
        match self {
            Place::File(_, set) => Ok(Arc::new(set.clone())),
            Place::Below(source) => Ok(Arc::clone(source)),
            Place::Nowhere(error) => Err(error.clone()),
        }
    }
}

impl State {
    /// The set with a generation of this watch: a new one if it differs from the last.
    fn counted(&mut self, snapshot: Snapshot) -> Snapshot {
        let known = |made_of: &Arc<[Endpoint]>| Arc::ptr_eq(made_of, &snapshot.endpoints);
        if let (Some(shown), Some(true)) = (&self.shown, self.made_of.as_ref().map(known)) {
            return shown.clone();
        }
        self.made_of = Some(Arc::clone(&snapshot.endpoints));
        let shown = match self.shown.take() {
            Some(shown) if same(&shown.endpoints, &snapshot.endpoints) => shown,
            shown => Snapshot { generation: shown.map_or(1, |shown| shown.generation + 1), ..snapshot },
        };
        self.shown.insert(shown).clone()
    }
}

impl Source for FileSet {
    fn current(&self) -> Option<Snapshot> {
        let mut state = self.state();
        let current = match &state.place {
            Place::File(_, set) => set.current(),
            Place::Below(source) => source.current(),
            Place::Nowhere(_) => state.shown.is_some().then(|| Snapshot::new([], 0)),
        };
        current.map(|snapshot| state.counted(snapshot))
    }

    fn fresh(&self) -> Option<Snapshot> {
        if self.file.is_due(self.file.resolution.clock.now()) {
            return None;
        }
        let mut state = self.state();
        let fresh = match &state.place {
            Place::File(_, set) => set.fresh(),
            Place::Below(source) => source.fresh(),
            Place::Nowhere(_) => None,
        };
        fresh.map(|snapshot| state.counted(snapshot))
    }

    fn refresh(&self, deadline: Option<Instant>) -> Refresh<'_> {
        Box::pin(self.refreshed(deadline))
    }

    fn suspect(&self) {
        match &self.state().place {
            Place::File(_, set) => set.suspect(),
            Place::Below(source) => source.suspect(),
            Place::Nowhere(_) => {}
        }
    }
}
