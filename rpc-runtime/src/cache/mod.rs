//! Replies that are kept (feature `cache`): RFC 9111 as far as a client of services needs it, and RFC 5861's `stale-if-error`.
//!
//! # What is kept
//!
//! Nothing unless somebody asks: [`Caching`] on a call, an operation or a client. Then successes of safe operations without a body
//! (and of `QUERY`, whose body is part of the key). Of the reply's own wishes these are respected:
//!
//! | reply | effect |
//! |---|---|
//! | `Cache-Control: no-store`, `no-cache`; `Vary: *` | not kept |
//! | `private` | not kept in a [shared](CacheStore::is_shared) store |
//! | `max-age`, `s-maxage` (shared stores), less `Age` | shortens the time that was asked for |
//! | `must-revalidate`, `proxy-revalidate` (shared stores) | never used once it is too old |
//! | `stale-if-error` | shortens the time that was asked for |
//!
//! A reply is there for as long as the call that brought it said, and good for as long as the call that reads it says, whichever is less.
//!
//! `Expires`, validators and `Vary` by name are not read: every header of the request is part of the key.
//!
//! # The key
//!
//! `rpc:1:<service>:<SHA-256>`, over method, path and query as they are sent, all headers of the call with credentials and cookies,
//! the body, the client's own URLs where it has some, and the user information of the map's URLs. So a reply is only for whom it was
//! given to, and no secret can be read from a key. Not part of it are the ids of traces, what the runtime adds to each attempt, and
//! what an interceptor adds in `before_attempt`: who a call is for belongs into `before_call`.
//!
//! # One flight
//!
//! Equal calls of one mesh at the same moment are one call: the first makes it, the others wait for it, within their own time, and
//! get its reply or its failure (with a story of their own: no attempts, never sent). This holds for a reply that may not be kept, too.
//! When the first is dropped, or its own time is up, the next one makes the call.

mod caching;
mod entry;
mod flight;
mod key;
mod memory;
mod rules;
mod store;

use std::sync::Arc;
use std::time::Duration;

pub use caching::Caching;
pub(crate) use caching::Plan;
pub(crate) use entry::Entry;
pub(crate) use flight::{Flights, Lead, Turn};
pub(crate) use key::{KeyParts, addresses, key};
pub use memory::MemoryStore;
pub(crate) use rules::keep;
pub use store::{CacheStore, StoreError};

use crate::config::Defaults;

/// What the clients of a mesh share of this.
#[derive(Debug)]
pub(crate) struct Cache {
    store: Arc<dyn CacheStore>,
    flights: Arc<Flights>,
    /// Longest wait for the store.
    pub(crate) patience: Duration,
}

impl Cache {
    pub(crate) fn new(store: Option<Arc<dyn CacheStore>>, defaults: &Defaults) -> Self {
        Self {
            store: store.unwrap_or_else(|| Arc::new(MemoryStore::new(defaults.cache_bytes))),
            flights: Arc::default(),
            patience: defaults.cache_patience,
        }
    }

    pub(crate) fn store(&self) -> &dyn CacheStore {
        &*self.store
    }

    pub(crate) fn flights(&self) -> &Arc<Flights> {
        &self.flights
    }
}
