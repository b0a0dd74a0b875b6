//! What is the answer while the service is down.

use rpc_runtime::testing::Script;
use rpc_runtime::{Breaker, ErrorKind, Source};

use crate::support::{Order, millis, ok, order, outcome, secs, status};
use crate::world::{HOUR, MINUTE, World, numbered, shown};

#[tokio::test(start_paused = true)]
async fn old_replies_while_the_service_is_down() {
    let down: [(Script, bool); 9] = [
        (status(500), true),
        (status(503), true),
        (status(429), true),
        (Script::refused(), true),
        (Script::reset(), true),
        (Script::hangs(), true),
        (status(501), false),
        (status(404), false),
        (Script::reply(200, r#"{"code":503,"message":"no"}"#), false),
    ];
    for (failure, stale) in down {
        let world = World::new(ok());
        let call = || world.client.get(7).cache(MINUTE).stale_if_error(HOUR).send();
        call().await.unwrap();
        tokio::time::advance(MINUTE).await;
        world.answer(failure.clone());
        let reply = call().await;
        assert_eq!(shown(&reply) == "7 from stale after 1", stale, "{failure:?}: {}", shown(&reply));
        if let Ok(reply) = reply {
            let waited = reply.elapsed();
            assert_eq!(reply.source(), Source::Stale { age: MINUTE + waited });
            tokio::time::advance(HOUR - waited).await;
            assert_eq!(shown(&call().await).contains("stale"), waited.is_zero());
            tokio::time::advance(millis(1)).await;
            assert!(call().await.is_err(), "{failure:?}: too old");
        }
        // Who did not ask for it gets none.
        assert!(world.client.get(7).cache(MINUTE).send().await.is_err());
        world.answer(ok());
        assert_eq!(shown(&call().await), "7 from service after 1");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_time_every_call_asks_and_the_last_reply_is_the_reserve() {
    let world = World::new(numbered(1));
    let client = world.client(|builder| builder.stale_if_error(HOUR));
    assert_eq!(shown(&client.get(7).send().await), "1 from service after 1");
    world.answer(numbered(2));
    assert_eq!(shown(&client.get(7).send().await), "2 from service after 1");
    world.answer(status(500));
    assert_eq!(shown(&client.get(7).send().await), "2 from stale after 1");
    assert_eq!(outcome(&client.get(7).no_cache().send().await), "HTTP 500 after 1, sent yes");
    // A crowd gets it as well, for one request.
    world.answer(status(500).after(secs(1)));
    let calls = [(); 5].map(|()| tokio::spawn(client.get(7).send()));
    for call in calls {
        assert!(matches!(call.await.unwrap().unwrap().source(), Source::Stale { .. }));
    }
    assert_eq!(world.sent(), 5);
    // And who has less time than the one that asks.
    world.answer(Script::hangs());
    let first = tokio::spawn(client.get(7).timeout(MINUTE).send());
    tokio::task::yield_now().await;
    let reply = client.get(7).timeout(secs(1)).send().await.unwrap();
    assert_eq!((reply.elapsed(), reply.attempts()), (secs(1), 0));
    assert!(matches!(reply.source(), Source::Stale { .. }));
    first.await.unwrap().unwrap();
    // The service may forbid it.
    let world = World::new(ok().header("cache-control", "must-revalidate"));
    let call = || world.client.get(7).cache(MINUTE).stale_if_error(HOUR).send();
    call().await.unwrap();
    tokio::time::advance(MINUTE).await;
    world.answer(status(500));
    assert_eq!(outcome(&call().await), "HTTP 500 after 1, sent yes");
}

/// A kept reply asks no breaker, and an open breaker is an outage.
#[tokio::test(start_paused = true)]
async fn behind_an_open_breaker() {
    let world = World::new(ok());
    let breaker = Breaker::new(1, HOUR);
    let client = world.client(|builder| builder.breaker(breaker).cache(MINUTE).stale_if_error(HOUR));
    client.get(7).await.unwrap();
    world.answer(status(500));
    client.get(8).await.unwrap_err();
    assert_eq!(client.get(8).await.unwrap_err().kind(), ErrorKind::Overload);
    assert_eq!(shown(&client.get(7).send().await), "7 from cache after 0");
    tokio::time::advance(MINUTE).await;
    assert_eq!(shown(&client.get(7).send().await), "7 from stale after 0");
    assert_eq!(world.sent(), 2);
}

/// First what was kept, then a fallback.
#[tokio::test(start_paused = true)]
async fn a_stale_reply_goes_before_a_fallback() {
    let world = World::new(numbered(1));
    let call = || world.client.standing(7).cache(MINUTE).stale_if_error(HOUR).send();
    call().await.unwrap();
    world.answer(status(500));
    tokio::time::advance(MINUTE).await;
    assert_eq!(shown(&call().await), "1 from stale after 1");
    tokio::time::advance(HOUR + MINUTE).await;
    assert_eq!(shown(&call().await), "3 from fallback after 1");
    let own = world.client.standing(7).cache(MINUTE).fallback(|_| Some(Order { id: 4, ..order() })).send();
    assert_eq!(shown(&own.await), "4 from fallback after 1");
}
