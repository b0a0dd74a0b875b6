//! Equal calls at the same moment are one.

use std::collections::HashMap;
use std::future::IntoFuture;
use std::time::Duration;

use rpc_runtime::testing::Script;
use rpc_runtime::{Response, Result, Source};

use crate::support::{self, Client, Order, millis, ok, order, outcome, secs};
use crate::world::{MINUTE, World, shown};

/// Many calls at once, all begun before time goes on.
fn crowd(number: usize, client: &Client) -> Vec<tokio::task::JoinHandle<Result<Response<Order>>>> {
    (0..number).map(|_| tokio::spawn(client.get(7).cache(MINUTE).send())).collect()
}

#[tokio::test(start_paused = true)]
async fn equal_calls_at_the_same_moment_are_one() {
    for answer in [ok(), ok().header("cache-control", "no-store")] {
        let world = World::new(answer.after(secs(1)));
        let mut sources = Vec::new();
        for call in crowd(100, &world.client) {
            let reply = call.await.unwrap().unwrap();
            assert_eq!(reply.data, order());
            sources.push((reply.source(), reply.attempts(), reply.elapsed()));
        }
        assert_eq!(world.sent(), 1);
        assert_eq!(sources.iter().filter(|one| one.0 == Source::Service).count(), 1);
        let waited = (Source::Cache { age: Duration::ZERO }, 0, secs(1));
        assert_eq!(sources.iter().filter(|one| **one == waited).count(), 99);
    }
    // Also where every call asks: the next one does again.
    let world = World::new(ok().after(secs(1)));
    for round in 1..3 {
        let calls = [(); 5].map(|()| tokio::spawn(world.client.get(7).cache(Duration::ZERO).into_future()));
        for call in calls {
            call.await.unwrap().unwrap();
        }
        assert_eq!(world.sent(), round);
    }
}

#[tokio::test(start_paused = true)]
async fn its_failure_is_everybodys() {
    let world = World::new(Script::reply(503, "busy").after(secs(1)));
    let client = world.client(|builder| builder.retries(2));
    let mut endings = HashMap::<String, usize>::new();
    for call in crowd(50, &client) {
        let result = call.await.unwrap();
        let error = result.as_ref().unwrap_err();
        assert_eq!(error.body().map(|body| &body[..]), Some(&b"busy"[..]));
        assert_eq!((error.service(), error.operation()), ("order-service", "GetOrder"));
        assert!(error.trace_id().is_some() && error.elapsed() >= secs(3));
        *endings.entry(outcome(&result)).or_default() += 1;
    }
    assert_eq!(world.sent(), 3);
    let expected =
        [("HTTP 503 after 3, sent yes, exhausted", 1), ("HTTP 503 after 0, sent never, exhausted", 49)];
    assert_eq!(endings, expected.map(|(ending, count)| (ending.to_owned(), count)).into());
    // What is behind it is there for everybody, too.
    let world = World::new(Script::refused().after(secs(1)));
    for call in crowd(3, &world.client) {
        assert_eq!(support::chain(&call.await.unwrap().unwrap_err()).len(), 2);
    }
    assert_eq!(world.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn when_the_first_is_dropped_the_next_one_makes_the_call() {
    let world = World::new(ok().after(secs(1)));
    let mut calls = crowd(10, &world.client);
    for dropped in 1..=3 {
        tokio::time::advance(millis(500)).await;
        tokio::task::yield_now().await;
        assert_eq!(world.sent(), dropped);
        calls.remove(0).abort();
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        assert_eq!(world.sent(), dropped + 1, "exactly one goes on");
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(world.sent(), 4);
}

#[tokio::test(start_paused = true)]
async fn everybody_has_a_deadline_of_their_own() {
    // The first is patient, the second is not.
    let world = World::new(ok().after(secs(5)));
    let patient = tokio::spawn(world.client.get(7).cache(MINUTE).send());
    tokio::task::yield_now().await;
    let result = world.client.get(7).cache(MINUTE).timeout(secs(1)).send().await;
    assert_eq!(outcome(&result), "call timeout after 0, sent never");
    assert_eq!(result.unwrap_err().elapsed(), secs(1));
    patient.await.unwrap().unwrap();
    assert_eq!(world.sent(), 1);

    // The other way round, its end is nobody else's.
    let world = World::new(ok().after(secs(5)));
    let hasty = tokio::spawn(world.client.get(7).cache(MINUTE).timeout(secs(1)).send());
    tokio::task::yield_now().await;
    let patient = world.client.get(7).cache(MINUTE).send().await;
    assert_eq!(shown(&patient), "7 from service after 1");
    assert_eq!(outcome(&hasty.await.unwrap()), "call timeout after 1, sent maybe");
    assert_eq!(world.sent(), 2);
}
