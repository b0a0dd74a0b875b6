//! Stores: shared ones, broken ones, full ones.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use rpc_runtime::Result;
use rpc_runtime::cache::{CacheStore, StoreError};
use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::testing::Script;
use rpc_runtime::transport::BoxFuture;

use crate::support::{millis, ok, outcome, status};
use crate::world::{HOUR, MINUTE, World, numbered, shown};

/// A store in which a test looks, and which it makes fail.
#[derive(Debug, Clone, Default)]
struct Shared(Arc<(Mutex<Entries>, AtomicU64)>);

type Entries = HashMap<String, (Bytes, Duration)>;

impl Shared {
    const WORKS: u64 = 0;
    const FAILS: u64 = 1;
    const HANGS: u64 = 2;

    fn set(&self, how: u64) {
        self.0.1.store(how, Ordering::Relaxed);
    }

    fn entries(&self) -> Entries {
        self.0.0.lock().unwrap().clone()
    }

    async fn work<T>(&self, work: impl FnOnce(&mut Entries) -> T) -> Result<T, StoreError> {
        match self.0.1.load(Ordering::Relaxed) {
            Self::FAILS => return Err("it is down".into()),
            Self::HANGS => std::future::pending().await,
            _ => SystemClock.sleep(millis(1)).await,
        }
        Ok(work(&mut self.0.0.lock().unwrap()))
    }
}

impl CacheStore for Shared {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, StoreError>> {
        Box::pin(self.work(|entries| entries.get(key).map(|(entry, _)| entry.clone())))
    }

    fn put<'a>(
        &'a self,
        key: &'a str,
        entry: Bytes,
        keep_for: Duration,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(self.work(move |entries| drop(entries.insert(key.to_owned(), (entry, keep_for)))))
    }
}

#[tokio::test(start_paused = true)]
async fn processes_share_a_store() {
    let store = Shared::default();
    let one = World::with(numbered(1), Some(store.clone()));
    let two = World::with(numbered(2), Some(store.clone()));
    one.client.get(7).bearer_auth("hunter2").cache(MINUTE).stale_if_error(HOUR).await.unwrap();
    let reply = two.client.get(7).bearer_auth("hunter2").cache(MINUTE).send().await;
    assert_eq!(shown(&reply), "1 from cache after 0");
    assert_eq!(two.sent(), 0);
    let entries = store.entries();
    let (key, (entry, keep_for)) = entries.iter().next().unwrap();
    assert!(entries.len() == 1 && key.starts_with("rpc:1:order-service:"), "{key}");
    assert_eq!(*keep_for, MINUTE + HOUR);
    assert!(!entry.windows(7).any(|part| part == b"hunter2"));
    // What is for one user only stays out.
    one.answer(ok().header("cache-control", "private"));
    one.client.get(8).cache(MINUTE).await.unwrap();
    assert_eq!(store.entries().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_store_in_trouble_fails_no_call() {
    let store = Shared::default();
    let world = World::with(ok(), Some(store.clone()));
    let call = || world.client.get(7).cache(MINUTE).send();
    for (how, waited) in [(Shared::FAILS, 0), (Shared::HANGS, 200), (Shared::FAILS, 0), (Shared::WORKS, 2)] {
        store.set(how);
        let reply = call().await;
        assert_eq!(shown(&reply), "7 from service after 1");
        assert_eq!(reply.unwrap().elapsed(), millis(waited));
    }
    assert_eq!(shown(&call().await), "7 from cache after 0");
    // No longer than the call has.
    store.set(Shared::HANGS);
    let result = world.client.get(7).cache(MINUTE).timeout(millis(20)).await;
    assert_eq!(outcome(&result), "call timeout after 0, sent never");
}

/// Entries that are damaged, or no longer fit the document, are missing: they are asked for and written anew.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_missing() {
    let store = Shared::default();
    let world = World::with(ok(), Some(store.clone()));
    let call = || world.client.get(7).cache(MINUTE).stale_if_error(HOUR).send();
    call().await.unwrap();
    let (key, (good, keep_for)) = store.entries().into_iter().next().unwrap();
    let other = good.to_vec().iter().map(|byte| if *byte == b'7' { b'x' } else { *byte }).collect::<Vec<_>>();
    for (bad, sent) in
        [(Bytes::new(), 3), (good.slice(..9), 5), (Bytes::from_static(b"\x80foreign"), 7), (other.into(), 9)]
    {
        for answer in [status(500), ok()] {
            store.0.0.lock().unwrap().insert(key.clone(), (bad.clone(), keep_for));
            world.answer(answer);
            let reply = call().await;
            assert!(
                ["7 from service after 1", "HTTP 500 after 1, sent yes"].contains(&&*shown(&reply)),
                "{}",
                shown(&reply)
            );
        }
        assert_eq!(world.sent(), sent);
        assert_eq!(shown(&call().await), "7 from cache after 0");
    }
}

/// The numbers of `Defaults::V1`: nothing is kept unless somebody asks, 32 MiB, a tenth of a second.
#[tokio::test(start_paused = true)]
async fn the_defaults_are_wired() {
    let world = World::new(ok());
    world.client.get(7).await.unwrap();
    world.client.get(7).await.unwrap();
    assert_eq!(world.sent(), 2);

    let sized = |bytes: usize| {
        let body = format!(r#"{{"code":200,"message":"","data":{{"id":7,"pad":"{}"}}}}"#, "x".repeat(bytes));
        World::new(Script::reply(200, body))
    };
    // An eighth of 32 MiB is the most of one reply.
    for (bytes, sent) in [(4 * 1024 * 1024 - 1000, 1), (4 * 1024 * 1024, 2)] {
        let world = sized(bytes);
        world.client.get(7).cache(HOUR).await.unwrap();
        world.client.get(7).cache(HOUR).await.unwrap();
        assert_eq!(world.sent(), sent, "{bytes}");
    }
}
