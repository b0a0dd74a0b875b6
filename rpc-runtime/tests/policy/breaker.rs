//! The service breaker.

use super::*;

const OPEN: &str = "overload after 0, sent never";
const FAILED: &str = "HTTP 503 after 1, sent yes, exhausted";

/// A client with a breaker of three failures and a minute, and without re-sends.
fn guarded(replies: impl IntoIterator<Item = Script>) -> (Client, ScriptedTransport) {
    let transport = script(replies);
    let settings = Client::builder().mesh(&mesh(&transport, config(1), LONGEST));
    let client = settings.breaker(Breaker::new(3, secs(60))).retries(0).build().unwrap();
    (client, transport)
}

async fn call(client: &Client) -> String {
    outcome(&client.get(7).attempt_timeout(secs(1)).await)
}

#[tokio::test(start_paused = true)]
async fn it_opens_probes_and_closes() {
    let failures = std::iter::repeat_n(status(503), 4);
    let (client, transport) = guarded(failures.chain([ok(), ok(), status(503), ok()]));
    for _ in 0..3 {
        assert_eq!(call(&client).await, FAILED);
    }
    assert_eq!(call(&client).await, OPEN);
    tokio::time::advance(secs(60) - millis(1)).await;
    assert_eq!(call(&client).await, OPEN);
    tokio::time::advance(millis(1)).await;
    // The probe fails: a minute more.
    assert_eq!(call(&client).await, FAILED);
    tokio::time::advance(secs(60) - millis(1)).await;
    assert_eq!(call(&client).await, OPEN);
    tokio::time::advance(millis(1)).await;
    // It succeeds: one failure opens nothing again.
    for expected in ["ok", "ok", FAILED, "ok"] {
        assert_eq!(call(&client).await, expected);
    }
    assert_eq!(transport.sent().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn what_opens_it_and_what_does_not() {
    let opens = [status(500), status(503), Script::refused(), Script::reset(), Script::hangs()];
    let business = Script::reply(200, r#"{"code":503,"message":"later"}"#);
    // The caller's time ended, and the service said so.
    let expired = status(504).header("x-deadline-expired", "1");
    let answers =
        [status(404), status(409), status(429), status(501), business, Script::reply(200, "{"), expired];
    let cases = opens.map(|reply| (reply, 3)).into_iter().chain(answers.map(|reply| (reply, 8)));
    for (reply, sent) in cases {
        let (client, transport) = guarded(vec![reply.clone(); 8]);
        for n in 0..8 {
            assert_eq!(call(&client).await == OPEN, n >= sent, "{reply:?} {n}");
        }
        assert_eq!(transport.sent().len(), sent, "{reply:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_failures_in_a_row_count() {
    let two_of_three = || [status(503), status(503), ok()];
    let (client, transport) = guarded((0..4).flat_map(|_| two_of_three()));
    for _ in 0..12 {
        assert_ne!(call(&client).await, OPEN);
    }
    assert_eq!(transport.sent().len(), 12);
}

#[tokio::test(start_paused = true)]
async fn who_gives_a_service_less_than_a_second_learns_nothing() {
    for (limit, sent) in [(millis(999), 8), (secs(1), 3)] {
        let (client, transport) = guarded(vec![Script::hangs(); 8]);
        for _ in 0..8 {
            client.get(7).timeout(limit).await.unwrap_err();
        }
        assert_eq!(transport.sent().len(), sent, "{limit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_calls_say_nothing() {
    let (client, transport) = guarded(std::iter::repeat_n(Script::hangs(), 9).chain([ok()]));
    for _ in 0..9 {
        let dropped = tokio::time::timeout(millis(500), client.get(7).into_future()).await;
        assert!(dropped.is_err());
    }
    assert_eq!(call(&client).await, "ok");
    assert_eq!(transport.sent().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn one_probe_at_a_time_and_a_dropped_one_makes_room() {
    let failures = std::iter::repeat_n(status(503), 3);
    let (client, _) = guarded(failures.chain([Script::hangs(), ok().after(millis(500))]));
    for _ in 0..3 {
        call(&client).await;
    }
    tokio::time::advance(secs(60)).await;
    let probe = tokio::time::timeout(millis(500), client.get(7).into_future());
    let meanwhile = async {
        tokio::time::timeout(millis(100), std::future::pending::<()>()).await.ok();
        call(&client).await
    };
    let (probe, meanwhile) = tokio::join!(probe, meanwhile);
    assert!(probe.is_err());
    assert_eq!(meanwhile, OPEN);
    let (probe, meanwhile) = tokio::join!(call(&client), call(&client));
    assert_eq!((probe.as_str(), meanwhile.as_str()), ("ok", OPEN));
}

#[tokio::test(start_paused = true)]
async fn there_is_none_unless_somebody_asks() {
    for (mesh_has, client_has, call_has, sent) in [
        (None, None, None, 9),
        (Some(2), None, None, 2),
        (Some(2), Some(0), None, 9),
        (None, Some(4), None, 4),
        (None, Some(4), Some(0), 9),
        (None, None, Some(3), 3),
    ] {
        let transport = script(vec![status(500); 9]);
        let breaker = |threshold: u32| Breaker::new(threshold, secs(60));
        let mut config = config(1);
        config.breaker = mesh_has.map_or_else(Default::default, |threshold| breaker(threshold).into());
        let settings = Client::builder().mesh(&mesh(&transport, config, LONGEST));
        let settings = match client_has {
            None => settings,
            Some(0) => settings.no_breaker(),
            Some(threshold) => settings.breaker(breaker(threshold)),
        };
        let client = settings.build().unwrap();
        for _ in 0..9 {
            let get = client.get(7);
            let get = match call_has {
                None => get,
                Some(0) => get.no_breaker(),
                Some(threshold) => get.breaker(breaker(threshold)),
            };
            get.await.unwrap_err();
        }
        assert_eq!(transport.sent().len(), sent, "{mesh_has:?} {client_has:?} {call_has:?}");
    }
}
