//! Calls that are dropped at every point where they wait: what they took and did not use goes back.

use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use rpc_runtime::clock::SystemClock;
use rpc_runtime::{EndpointHealth, Mesh};

use super::support::poll_and_drop;
use super::*;

/// Calls at a time.
const CALLS: usize = 40;
/// A reply takes so many milliseconds, a hedge is sent after so many.
const REPLY: u64 = 12;
const HEDGE: u64 = 5;

/// Two endpoints that answer well, or with 503 throughout.
struct World {
    mesh: Mesh,
    client: Client,
    transport: ScriptedTransport,
    fails: Arc<AtomicBool>,
}

impl World {
    fn new() -> Self {
        let fails = Arc::new(AtomicBool::new(false));
        let failing = Arc::clone(&fails);
        let transport =
            ScriptedTransport::answering(SystemClock, move |_| match failing.load(Ordering::Relaxed) {
                true => status(503).after(millis(REPLY)),
                false => ok().after(millis(REPLY)),
            });
        let mut config = config(2);
        config.ejection = Some(false);
        let mesh = mesh(&transport, config, LONGEST);
        let client = Client::with_mesh(&mesh).unwrap();
        Self { mesh, client, transport, fails }
    }

    /// Makes calls beside each other, which are dropped after so many milliseconds. How many requests they sent beyond their
    /// first.
    async fn round(&self, fails: bool, hedging: Option<Hedging>, times: usize) -> usize {
        self.fails.store(fails, Ordering::Relaxed);
        let before = self.transport.sent().len();
        let call = |_| {
            let call = self.client.get(7);
            Some(Box::pin(match hedging {
                Some(hedging) => call.hedging(hedging).into_future(),
                None => call.into_future(),
            }))
        };
        let mut calls: Vec<_> = (0..CALLS).map(call).collect();
        for _ in 0..times {
            std::future::poll_fn(|context| {
                for call in &mut calls {
                    if call.as_mut().is_some_and(|call| Pin::new(call).poll(context).is_ready()) {
                        *call = None;
                    }
                }
                Poll::Ready(())
            })
            .await;
            tokio::time::advance(millis(1)).await;
        }
        drop(calls);
        let busy = self.mesh.endpoints("order-service").iter().any(|endpoint| endpoint.in_flight > 0);
        assert!(!busy, "dropped after {times} polls");
        let sent = self.transport.sent().split_off(before);
        sent.iter().filter(|request| request.header("x-request-attempt") != "1").count()
    }
}

/// So many of that many calls.
fn part(of_ten_thousand: usize, calls: usize) -> usize {
    calls * of_ten_thousand / 10_000
}

/// Long enough for two re-sends after the longest waits.
const ALL: usize = 250;

#[tokio::test(start_paused = true)]
async fn both_budgets_are_what_they_would_be_without_the_dropped_calls() {
    for times in (0..ALL).step_by(9) {
        let world = World::new();
        let hedging = Some(Hedging::After(millis(HEDGE)));
        let begun = CALLS * usize::from(times > 0);
        // Dropped somewhere, of a service that fails; hedged, too.
        let first = world.round(true, hedging, times).await;
        // What is left of the hedges: of this round's calls and of the first one's. Each attempt of a hedged call pays.
        let hedges = world.round(false, hedging, 40).await;
        assert!(hedges >= part(500, CALLS), "{hedges} hedges, {times}");
        // What is left of the re-sends: they fail until the budget is spent.
        let rest = world.round(true, None, ALL).await + world.round(true, None, ALL).await;
        let calls = begun + 3 * CALLS;
        assert_eq!(first + hedges + rest, 30 + part(2_000, calls), "after {times} polls");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hedge_is_paid_when_it_is_sent_and_not_before() {
    for times in 0..30 {
        let world = World::new();
        let hedging = Some(Hedging::After(millis(HEDGE)));
        let begun = CALLS * usize::from(times > 0);
        let first = world.round(false, hedging, times).await;
        assert!(first <= part(500, begun));
        let rest = world.round(false, hedging, 40).await + world.round(false, hedging, 40).await;
        assert_eq!(first + rest, part(500, begun + 2 * CALLS), "after {times} polls");
    }
}

/// With and without hedging, and in the backoff: the next call is the probe.
#[tokio::test(start_paused = true)]
async fn a_breakers_probe_is_not_lost() {
    for (fails, hedged, last) in
        [(false, false, 12), (false, true, 12), (true, false, 150), (true, true, 150)]
    {
        let world = World::new();
        let breaker = Breaker::new(1, secs(60));
        let call = |hedged: bool| {
            let call = world.client.get(7).breaker(breaker);
            if hedged { call.hedging(Hedging::After(millis(HEDGE))) } else { call }
        };
        for times in 0..last {
            world.fails.store(true, Ordering::Relaxed);
            call(false).retries(0).await.unwrap_err();
            assert_eq!(outcome(&call(false).await), "overload after 0, sent never");
            tokio::time::advance(secs(60)).await;
            world.fails.store(fails, Ordering::Relaxed);
            let ended = poll_and_drop(call(hedged).into_future(), times).await;
            assert!(!ended, "{fails} {hedged} {times}");
            world.fails.store(false, Ordering::Relaxed);
            call(false).await.unwrap();
            let open = |endpoint: &rpc_runtime::EndpointStatus| {
                endpoint.health == EndpointHealth::Open && endpoint.in_flight == 0
            };
            assert!(world.mesh.endpoints("order-service").iter().all(open), "{fails} {hedged} {times}");
        }
    }
}
