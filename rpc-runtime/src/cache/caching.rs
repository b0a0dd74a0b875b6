//! How long replies are kept: what one place says, and what holds for a call.

use std::time::Duration;

use super::Entry;
use crate::config::Setting;

/// How long the replies of safe operations are good for; what is unset comes from the next place: call, operation, client, mesh.
///
/// ```
/// use std::time::Duration;
/// use rpc_runtime::cache::Caching;
/// const MINUTE: Caching = Caching::new(Duration::from_secs(60)).stale_if_error(Duration::from_secs(3600));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caching {
    /// How long a reply is the answer without asking the service. Off: nothing is kept. Unset where `stale_if_error` is set: every
    /// call asks.
    pub ttl: Setting<Duration>,
    /// How long after that it still is the answer while the service does not answer properly.
    pub stale_if_error: Setting<Duration>,
}

impl Caching {
    /// Says nothing.
    pub const UNSET: Self = Self { ttl: Setting::Unset, stale_if_error: Setting::Unset };

    /// Keeps nothing.
    pub const OFF: Self = Self { ttl: Setting::Off, stale_if_error: Setting::Off };

    /// Good for this long.
    pub const fn new(ttl: Duration) -> Self {
        Self { ttl: Setting::Set(ttl), stale_if_error: Setting::Unset }
    }

    /// And for this long after that, while the service does not answer properly.
    #[must_use]
    pub const fn stale_if_error(mut self, max_age: Duration) -> Self {
        self.stale_if_error = Setting::Set(max_age);
        self
    }

    /// This place over the next one.
    #[must_use]
    pub(crate) fn overlay(self, below: Self) -> Self {
        Self {
            ttl: self.ttl.overlay(below.ttl),
            stale_if_error: self.stale_if_error.overlay(below.stale_if_error),
        }
    }

    /// What holds when no place is left.
    pub(crate) fn plan(self) -> Option<Plan> {
        let stale = self.stale_if_error.resolve(None);
        match self.ttl {
            Setting::Off => None,
            Setting::Set(ttl) => Some(Plan { ttl, stale: stale.unwrap_or_default() }),
            Setting::Unset => stale.map(|stale| Plan { ttl: Duration::ZERO, stale }),
        }
    }
}

/// How long a call's reply is good for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) ttl: Duration,
    pub(crate) stale: Duration,
}

impl Plan {
    fn fresh_for(&self, entry: &Entry) -> Duration {
        self.ttl.min(entry.fresh_for)
    }

    /// Whether a reply of this age is the answer.
    pub(crate) fn is_fresh(&self, entry: &Entry, age: Duration) -> bool {
        age < self.fresh_for(entry)
    }

    /// Whether it is, while the service does not answer properly.
    pub(crate) fn is_usable(&self, entry: &Entry, age: Duration) -> bool {
        let stale = self.stale.min(entry.stale_for);
        age <= self.fresh_for(entry).saturating_add(stale) && (!stale.is_zero() || self.is_fresh(entry, age))
    }
}
