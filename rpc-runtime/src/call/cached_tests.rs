//! What only the inside shows: no flight stays.

use std::future::{IntoFuture, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;

use crate::cache::{CacheStore, StoreError};
use crate::clock::{Clock, SystemClock};
use crate::testing::{Script, ScriptedTransport};
use crate::transport::BoxFuture;
use crate::{Client, ClientConfig, Mesh};

const MILLI: Duration = Duration::from_millis(1);

/// A store that takes its time, and has nothing.
#[derive(Debug)]
struct Slow;

impl CacheStore for Slow {
    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, StoreError>> {
        Box::pin(async {
            SystemClock.sleep(2 * MILLI).await;
            Ok(None)
        })
    }

    fn put<'a>(&'a self, _: &'a str, _: Bytes, _: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async {
            SystemClock.sleep(2 * MILLI).await;
            Ok(())
        })
    }
}

fn world() -> (Mesh, Client, ScriptedTransport) {
    let mut turn = 0;
    let transport = ScriptedTransport::answering(SystemClock, move |_| {
        turn += 1;
        match turn % 3 {
            0 => Script::reply(503, "").after(MILLI),
            1 => Script::reset().after(MILLI),
            _ => Script::reply(200, "{}").after(2 * MILLI),
        }
    });
    let config = ClientConfig::builder().instances("orders", ["http://10.0.0.1"]).build().unwrap();
    let mesh = Mesh::builder().config(config).transport(transport.clone()).cache_store(Slow).build().unwrap();
    let client = Client::builder("orders").mesh(&mesh).cache(60 * 1000 * MILLI).build().unwrap();
    (mesh, client, transport)
}

/// Two equal calls, each dropped after some polls, a millisecond apart: whoever is left ends, and then nothing is under way.
#[tokio::test(start_paused = true)]
async fn calls_may_be_dropped_at_any_await() {
    let (mesh, client, transport) = world();
    let (mut dropped, mut ended) = (0, 0);
    for first in 0..30 {
        for second in 0..30 {
            let mut calls: Vec<_> = [first, second, usize::MAX]
                .map(|polls| (polls, Some(Box::pin(client.get("/a").send().into_future()))))
                .into();
            while calls.iter().any(|(_, call)| call.is_some()) {
                for (polls, slot) in &mut calls {
                    let Some(call) = slot else { continue };
                    if *polls == 0 {
                        *slot = None;
                        dropped += 1;
                        continue;
                    }
                    *polls -= 1;
                    if poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready())).await {
                        *slot = None;
                        ended += 1;
                    }
                }
                assert!(mesh.cache().flights().len() <= 1);
                tokio::time::advance(MILLI).await;
            }
            assert_eq!(mesh.cache().flights().len(), 0, "dropped after {first} and {second} polls");
        }
    }
    assert!(dropped > 300 && ended > 900, "{dropped} {ended}");
    assert!(!transport.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_flight_ends_with_its_last_seat() {
    let flights = Arc::<crate::cache::Flights>::default();
    let (one, two) = (flights.board("a", MILLI), flights.board("a", MILLI));
    let other = [flights.board("b", MILLI), flights.board("a", 2 * MILLI)];
    assert_eq!(flights.len(), 3);
    drop(one);
    assert_eq!(flights.len(), 3);
    drop(two);
    drop(other);
    assert_eq!(flights.len(), 0);
}

/// The same on several threads: nobody waits for ever, and nothing stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_may_be_dropped_on_any_thread() {
    let (mesh, client, _) = world();
    let calls: Vec<_> = (0..1_000)
        .map(|number| {
            let call = client.get(["/a", "/b", "/c"][number % 3]).send();
            (number, tokio::spawn(call.into_future()))
        })
        .collect();
    let mut ended = 0;
    for (number, call) in calls {
        if number % 2 == 0 {
            call.abort();
        }
        ended += usize::from(call.await.is_ok());
    }
    assert!(ended >= 500, "{ended}");
    assert_eq!(mesh.cache().flights().len(), 0);
}
