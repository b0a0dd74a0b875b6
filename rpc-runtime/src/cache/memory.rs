//! The usual store: this process's memory.

use std::future::ready;
use std::time::{Duration, Instant};

use bytes::Bytes;
use moka::Expiry;
use moka::sync::Cache;

use super::{CacheStore, StoreError};
use crate::transport::BoxFuture;

/// Part of the memory that one entry may have.
const LARGEST: u64 = 8;

/// What an entry costs beside its bytes.
const OVERHEAD: usize = 128;

/// Keeps replies in memory, up to a number of bytes; what is used seldom goes first. An entry larger than an eighth of it is not kept.
#[derive(Debug)]
pub struct MemoryStore {
    entries: Cache<String, Kept>,
    largest: u64,
}

#[derive(Debug, Clone)]
struct Kept {
    entry: Bytes,
    keep_for: Duration,
}

/// Each entry has its own time.
#[derive(Debug)]
struct Own;

impl Expiry<String, Kept> for Own {
    fn expire_after_create(&self, _: &String, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.keep_for)
    }

    fn expire_after_update(
        &self,
        _: &String,
        kept: &Kept,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.keep_for)
    }
}

impl MemoryStore {
    /// A store of so many bytes, keys and bookkeeping included.
    pub fn new(max_bytes: u64) -> Self {
        let weigh = |key: &String, kept: &Kept| weight(key, &kept.entry);
        let entries = Cache::builder().max_capacity(max_bytes).weigher(weigh).expire_after(Own).build();
        Self { entries, largest: max_bytes / LARGEST }
    }
}

fn weight(key: &str, entry: &Bytes) -> u32 {
    u32::try_from(key.len() + entry.len() + OVERHEAD).unwrap_or(u32::MAX)
}

impl CacheStore for MemoryStore {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, StoreError>> {
        Box::pin(ready(Ok(self.entries.get(key).map(|kept| kept.entry))))
    }

    fn put<'a>(
        &'a self,
        key: &'a str,
        entry: Bytes,
        keep_for: Duration,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        // An older entry must not outlive this one.
        if u64::from(weight(key, &entry)) > self.largest {
            self.entries.invalidate(key);
        } else {
            self.entries.insert(key.to_owned(), Kept { entry, keep_for });
        }
        Box::pin(ready(Ok(())))
    }

    fn is_shared(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    async fn size(store: &MemoryStore, key: &str) -> Option<usize> {
        store.get(key).await.unwrap().map(|entry| entry.len())
    }

    #[tokio::test]
    async fn it_is_bounded_by_bytes() {
        let store = MemoryStore::new(100_000);
        for number in 0..1_000 {
            store.put(&number.to_string(), Bytes::from(vec![0; 1_000]), HOUR).await.unwrap();
        }
        store.entries.run_pending_tasks();
        let bytes = store.entries.weighted_size();
        assert!(bytes <= 100_000 && bytes > 50_000, "{bytes}");
    }

    #[tokio::test]
    async fn one_entry_cannot_have_it_all() {
        let store = MemoryStore::new(80_000);
        for (length, kept) in [(9_000, Some(9_000)), (10_001, None), (usize::MAX >> 40, None), (9, Some(9))] {
            store.put("key", Bytes::from(vec![0; length]), HOUR).await.unwrap();
            assert_eq!(size(&store, "key").await, kept);
        }
    }

    #[tokio::test]
    async fn nothing_is_kept_for_no_time_and_something_for_ever() {
        let store = MemoryStore::new(80_000);
        for (keep_for, kept) in [(Duration::ZERO, None), (Duration::MAX, Some(1)), (Duration::ZERO, None)] {
            store.put("key", Bytes::from_static(b"1"), keep_for).await.unwrap();
            assert_eq!(size(&store, "key").await, kept, "{keep_for:?}");
        }
    }
}
