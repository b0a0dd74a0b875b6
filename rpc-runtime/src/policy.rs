//! What may be chosen for a call at three places: the client's settings, the operation's (`service.toml`), the call's own.

use std::time::Duration;

use crate::breaker::Breaker;
#[cfg(feature = "cache")]
use crate::cache::{Caching, Plan};
use crate::config::{ResolvedConfig, Setting};
use crate::hedge::Hedging;

/// What one of these places says; what is unset comes from the next: call, operation, client, mesh, defaults.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct CallPolicy {
    /// The whole call, retries and waits included.
    pub timeout: Setting<Duration>,
    /// One attempt.
    pub attempt_timeout: Setting<Duration>,
    /// Re-sends after the first attempt.
    pub retries: Option<u32>,
    /// Most bytes of a response body.
    pub max_body: Setting<u64>,
    /// When calls are refused for a while.
    pub breaker: Setting<Breaker>,
    /// When a second request may overtake a slow one.
    pub hedging: Setting<Hedging>,
    /// How long replies are kept.
    #[cfg(feature = "cache")]
    pub caching: Caching,
}

impl CallPolicy {
    /// Says nothing.
    pub const UNSET: Self = Self {
        timeout: Setting::Unset,
        attempt_timeout: Setting::Unset,
        retries: None,
        max_body: Setting::Unset,
        breaker: Setting::Unset,
        hedging: Setting::Unset,
        #[cfg(feature = "cache")]
        caching: Caching::UNSET,
    };

    /// With this time for the whole call.
    #[must_use]
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Setting::Set(limit);
        self
    }

    /// Without a limit for the whole call.
    #[must_use]
    pub const fn no_timeout(mut self) -> Self {
        self.timeout = Setting::Off;
        self
    }

    /// With this time for one attempt.
    #[must_use]
    pub const fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = Setting::Set(limit);
        self
    }

    /// Without a limit for one attempt but the call's own.
    #[must_use]
    pub const fn no_attempt_timeout(mut self) -> Self {
        self.attempt_timeout = Setting::Off;
        self
    }

    /// With so many re-sends after the first attempt.
    #[must_use]
    pub const fn retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// With this limit to the bytes of a response body.
    #[must_use]
    pub const fn max_body(mut self, bytes: u64) -> Self {
        self.max_body = Setting::Set(bytes);
        self
    }

    /// Without a limit to the response body.
    #[must_use]
    pub const fn no_max_body(mut self) -> Self {
        self.max_body = Setting::Off;
        self
    }

    /// With a breaker.
    #[must_use]
    pub const fn breaker(mut self, breaker: Breaker) -> Self {
        self.breaker = Setting::Set(breaker);
        self
    }

    /// Without a breaker.
    #[must_use]
    pub const fn no_breaker(mut self) -> Self {
        self.breaker = Setting::Off;
        self
    }

    /// With kept replies.
    #[cfg(feature = "cache")]
    #[must_use]
    pub const fn caching(mut self, caching: Caching) -> Self {
        self.caching = caching;
        self
    }

    /// With hedging.
    #[must_use]
    pub const fn hedging(mut self, hedging: Hedging) -> Self {
        self.hedging = Setting::Set(hedging);
        self
    }

    /// Without hedging.
    #[must_use]
    pub const fn no_hedging(mut self) -> Self {
        self.hedging = Setting::Off;
        self
    }

    /// This place over the next one.
    #[must_use]
    pub(crate) fn overlay(self, below: &Self) -> Self {
        Self {
            timeout: self.timeout.overlay(below.timeout),
            attempt_timeout: self.attempt_timeout.overlay(below.attempt_timeout),
            retries: self.retries.or(below.retries),
            max_body: self.max_body.overlay(below.max_body),
            breaker: self.breaker.overlay(below.breaker),
            hedging: self.hedging.overlay(below.hedging),
            #[cfg(feature = "cache")]
            caching: self.caching.overlay(below.caching),
        }
    }

    /// What holds for a call of a client with these settings.
    pub(crate) fn resolve(self, config: &ResolvedConfig) -> ResolvedPolicy {
        ResolvedPolicy {
            timeout: self.timeout.resolve(config.timeout),
            attempt_timeout: self.attempt_timeout.resolve(config.attempt_timeout),
            retries: self.retries.unwrap_or(config.retries),
            max_body: self.max_body.resolve(config.max_body),
            breaker: self.breaker.resolve(config.breaker),
            hedging: self.hedging.resolve(config.hedging),
            #[cfg(feature = "cache")]
            cache: self.caching.overlay(config.caching).plan(),
        }
    }
}

/// A policy without gaps; `None` is off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ResolvedPolicy {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retries: u32,
    pub(crate) max_body: Option<u64>,
    pub(crate) breaker: Option<Breaker>,
    pub(crate) hedging: Option<Hedging>,
    #[cfg(feature = "cache")]
    pub(crate) cache: Option<Plan>,
}
