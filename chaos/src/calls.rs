//! The calls that are made.

use rpc_runtime::rng::Rng;
use rpc_runtime::{Client, Error, ErrorKind, RawCall, TimeoutScope};

/// What a call's method and key say of its being repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Get,
    Put,
    Post,
    Keyed,
}

impl Kind {
    /// Of a call by its number: all kinds in turn.
    pub(crate) fn of(id: usize) -> Self {
        match id % 4 {
            0 => Self::Get,
            1 => Self::Put,
            2 => Self::Post,
            _ => Self::Keyed,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Keyed => "POST with key",
        }
    }

    /// May be processed more than once.
    pub(crate) fn is_repeatable(self) -> bool {
        self != Self::Post
    }
}

/// A call whose number stands in its path.
pub(crate) fn call(client: &Client, id: usize) -> RawCall {
    let path = format!("/{id}");
    match Kind::of(id) {
        Kind::Get => client.get(&path),
        Kind::Put => client.put(&path).json(&id),
        Kind::Post => client.post(&path).json(&id),
        Kind::Keyed => client.post(&path).json(&id).idempotency_key(id.to_string()),
    }
}

/// The number in a path.
pub(crate) fn id_of(target: &str) -> Option<usize> {
    target.strip_prefix('/')?.parse().ok()
}

/// How a call ended, as far as interceptors are concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum How {
    #[default]
    Ended,
    /// Before its first attempt, perhaps before anybody was told of it.
    OutOfTime,
    /// Its caller dropped it.
    Dropped,
}

impl How {
    /// `None`: its caller dropped it.
    pub(crate) fn of<T>(result: Option<&Result<T, Error>>) -> Self {
        match result {
            None => Self::Dropped,
            Some(Err(error)) if matches!(error.kind(), ErrorKind::Timeout(_)) && error.attempts() == 0 => {
                Self::OutOfTime
            }
            Some(_) => Self::Ended,
        }
    }
}

/// How a call ended, in a word or two.
pub(crate) fn ending<T>(result: &Result<T, Error>) -> String {
    let error = match result {
        Ok(_) => return "value".to_owned(),
        Err(error) => error,
    };
    match (error.kind(), error.status()) {
        (ErrorKind::Response, Some(status)) => format!("HTTP {}", status.as_u16()),
        (ErrorKind::Timeout(TimeoutScope::Attempt), _) => "attempt timeout".to_owned(),
        (ErrorKind::Timeout(_), _) => "call timeout".to_owned(),
        (kind, _) => format!("{kind:?}").to_lowercase(),
    }
}

/// A number below `end`.
pub(crate) fn below(rng: &dyn Rng, end: u64) -> u64 {
    rng.next_u64() % end.max(1)
}

/// Whether something that happens this often happens now.
pub(crate) fn chance(rng: &dyn Rng, part: f64) -> bool {
    rng.unit() < part
}
