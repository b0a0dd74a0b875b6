//! A reply that is kept, and its bytes.
//!
//! Numbers are big-endian: `RPC` and the version, status (2), stored at (8, milliseconds of Unix time), fresh for (8, milliseconds),
//! stale for (8), number of headers (2), each as name (2 + n) and value (4 + n), and the body up to the end with its length (8).

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::Plan;

const MAGIC: &[u8; 4] = b"RPC\x01";

/// Headers of one connection, or of one client, only.
const NOT_KEPT: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A success that was understood once.
#[derive(Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Milliseconds of Unix time.
    pub(crate) stored_at: u64,
    pub(crate) fresh_for: Duration,
    pub(crate) stale_for: Duration,
}

impl Entry {
    /// A reply, now.
    pub(crate) fn new(
        status: StatusCode,
        headers: &HeaderMap,
        body: Bytes,
        now: SystemTime,
        keep: Plan,
    ) -> Self {
        let kept = headers.iter().filter(|(name, _)| !NOT_KEPT.contains(&name.as_str()));
        Self {
            status,
            headers: kept.map(|(name, value)| (name.clone(), value.clone())).collect(),
            body,
            stored_at: unix_millis(now),
            fresh_for: keep.ttl,
            stale_for: keep.stale,
        }
    }

    /// Time since the service gave it; zero for one from the future, since clocks of machines differ.
    pub(crate) fn age(&self, now: SystemTime) -> Duration {
        Duration::from_millis(unix_millis(now).saturating_sub(self.stored_at))
    }

    pub(crate) fn encode(&self) -> Bytes {
        let Self { status, headers, body, stored_at, fresh_for, stale_for } = self;
        let names: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 6).sum();
        let mut out = BytesMut::with_capacity(MAGIC.len() + 36 + names + body.len());
        out.put_slice(MAGIC);
        out.put_u16(status.as_u16());
        out.put_u64(*stored_at);
        out.put_u64(millis(*fresh_for));
        out.put_u64(millis(*stale_for));
        // A map holds at most 32,768 headers, and a name is shorter than 64 KiB.
        out.put_u16(headers.len() as u16);
        for (name, value) in headers {
            out.put_u16(name.as_str().len() as u16);
            out.put_slice(name.as_str().as_bytes());
            out.put_u32(value.len() as u32);
            out.put_slice(value.as_bytes());
        }
        out.put_u64(body.len() as u64);
        out.put_slice(body);
        out.freeze()
    }

    /// `None` for what is cut off, of another version, or somebody else's.
    pub(crate) fn decode(mut bytes: Bytes) -> Option<Self> {
        if take(&mut bytes, MAGIC.len())? != MAGIC[..] {
            return None;
        }
        let status = StatusCode::from_u16(bytes.try_get_u16().ok()?).ok().filter(StatusCode::is_success)?;
        let stored_at = bytes.try_get_u64().ok()?;
        let fresh_for = Duration::from_millis(bytes.try_get_u64().ok()?);
        let stale_for = Duration::from_millis(bytes.try_get_u64().ok()?);
        let mut headers = HeaderMap::new();
        for _ in 0..bytes.try_get_u16().ok()? {
            let name = bytes.try_get_u16().ok()?;
            let name = HeaderName::from_bytes(&take(&mut bytes, name.into())?).ok()?;
            let value = bytes.try_get_u32().ok()?;
            let value = HeaderValue::from_maybe_shared(take(&mut bytes, value as usize)?).ok()?;
            headers.try_append(name, value).ok()?;
        }
        let length = bytes.try_get_u64().ok()?;
        let body = (bytes.len() as u64 == length).then_some(bytes)?;
        Some(Self { status, headers, body, stored_at, fresh_for, stale_for })
    }
}

fn take(bytes: &mut Bytes, length: usize) -> Option<Bytes> {
    (length <= bytes.len()).then(|| bytes.split_to(length))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn unix_millis(time: SystemTime) -> u64 {
    millis(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// Neither headers nor body: they are somebody's data.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, stored_at, fresh_for, stale_for, .. } = self;
        f.debug_struct("Entry")
            .field("status", status)
            .field("stored_at", stored_at)
            .field("fresh_for", fresh_for)
            .field("stale_for", stale_for)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
