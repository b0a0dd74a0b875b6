//! What the settings say of an operation's calls.

use std::time::Duration;

/// What the settings say of an operation's calls. `None`: nothing, so the client's settings hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// The whole call, retries and waits included.
    pub timeout: Option<Choice<Duration>>,
    /// One attempt.
    pub attempt_timeout: Option<Choice<Duration>>,
    /// Re-sends after the first attempt.
    pub retries: Option<u32>,
    /// Most bytes of a response body.
    pub max_body: Option<Choice<u64>>,
    /// Business codes that are worth another attempt.
    pub retry_codes: Option<Vec<String>>,
    /// When calls are refused for a while.
    pub breaker: Option<Choice<Breaker>>,
    /// When a second request may overtake a slow one.
    pub hedging: Option<Choice<Hedging>>,
    /// How long a reply is kept.
    pub cache: Option<Choice<Duration>>,
    /// How long after that it still is the answer while the service is down.
    pub stale_if_error: Option<Duration>,
    /// The data, as JSON text, that is given while the service is down.
    pub fallback: Option<String>,
}

/// A setting that can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice<T> {
    /// `"off"`.
    Off,
    /// This.
    Set(T),
}

impl<T> Choice<T> {
    /// The value, unless it is off.
    pub fn set(&self) -> Option<&T> {
        match self {
            Self::Off => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// When calls are refused: for `recovery` after `threshold` failed ones in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    /// Failed calls in a row.
    pub threshold: u32,
    /// How long it stays open.
    pub recovery: Duration,
}

impl Breaker {
    /// As the runtime has it.
    pub const USUAL: Self = Self { threshold: 5, recovery: Duration::from_secs(60) };
}

/// When a second request goes out beside a slow one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Hedging {
    /// After this long.
    After(Duration),
    /// When it is later than this percentage of the recent replies.
    Percentile(f64),
}

impl Policy {
    /// Whether it says anything of kept replies.
    pub fn caches(&self) -> bool {
        self.cache.is_some() || self.stale_if_error.is_some()
    }

    /// This one, and where it says nothing, the other one.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            timeout: self.timeout.or(below.timeout),
            attempt_timeout: self.attempt_timeout.or(below.attempt_timeout),
            retries: self.retries.or(below.retries),
            max_body: self.max_body.or(below.max_body),
            retry_codes: self.retry_codes.or(below.retry_codes),
            breaker: self.breaker.or(below.breaker),
            hedging: self.hedging.or(below.hedging),
            cache: self.cache.or(below.cache),
            stale_if_error: self.stale_if_error.or(below.stale_if_error),
            fallback: self.fallback.or(below.fallback),
        }
    }
}
