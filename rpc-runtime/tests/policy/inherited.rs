//! The deadline of the request that a call is made for.

use rpc_runtime::{EndpointHealth, ErrorKind, Sent, TimeoutScope, deadline};

use super::support::headers;
use super::*;

#[tokio::test(start_paused = true)]
async fn the_least_of_the_two_holds_and_says_whose_it_is() {
    for (inherited, own, expected, told) in [
        (2, 5, TimeoutScope::Inherited, "2000"),
        (5, 2, TimeoutScope::Call, "2000"),
        (40, 60, TimeoutScope::Attempt, "10000"),
    ] {
        let (client, transport) = support::client([Script::hangs()]);
        let began = Instant::now();
        let error = deadline::within(secs(inherited), async {
            client.get(7).timeout(secs(own)).retries(0).await.unwrap_err()
        });
        let error = error.await;
        assert_eq!(error.kind(), ErrorKind::Timeout(expected));
        assert_eq!(headers(&transport.sent(), "x-request-timeout-ms"), [told]);
        let limit = secs(inherited.min(own).min(10));
        assert!(began.elapsed() >= limit && began.elapsed() <= limit + millis(5), "{:?}", began.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_passed_fails_before_anything_is_sent() {
    let (client, transport) = support::client([ok()]);
    let error = deadline::within(millis(5), async {
        tokio::time::advance(millis(5)).await;
        client.get(7).await.unwrap_err()
    });
    let error = error.await;
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutScope::Inherited));
    assert_eq!((error.sent(), error.attempts()), (Sent::Never, 0));
    assert!(transport.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_call_keeps_it_in_another_task_and_loses_it_where_it_is_detached() {
    let (client, transport) = support::client([ok(), ok(), ok()]);
    deadline::within(secs(2), async {
        tokio::spawn(client.get(7).into_future()).await.unwrap().unwrap();
        deadline::detached(async { client.get(7).await.unwrap() }).await;
        client.get(7).no_timeout().no_attempt_timeout().await.unwrap();
    })
    .await;
    assert_eq!(headers(&transport.sent(), "x-request-timeout-ms"), ["2000", "10000", "2000"]);
}

#[tokio::test(start_paused = true)]
async fn no_re_send_that_the_caller_would_not_wait_for() {
    // The wait is 50 ms, an attempt needs 10 ms.
    for (left, sent) in [(59, 1), (62, 2)] {
        let transport = script([status(503), ok()]);
        let client = Client::with_mesh(&mesh(&transport, config(1), LONGEST)).unwrap();
        let result = deadline::within(millis(left), async { client.get(7).await }).await;
        assert_eq!((result.is_ok(), transport.sent().len()), (sent == 2, sent));
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_ends_a_request_at_its_deadline() {
    let expired = || status(504).header("x-deadline-expired", "1");
    // Told the limit of an attempt, it may do better in another one; told the end of the call, there is nothing left.
    for (attempt, told, sent) in [(secs(2), "2000", 2), (secs(9), "5000", 1)] {
        let transport = script([expired().after(secs(1)), ok()]);
        let client = Client::with_mesh(&mesh(&transport, config(1), LONGEST)).unwrap();
        let result = client.get(7).timeout(secs(5)).attempt_timeout(attempt).await;
        let requests = transport.sent();
        assert_eq!((requests[0].header("x-request-timeout-ms"), requests.len()), (told, sent));
        assert_eq!(result.is_ok(), sent == 2, "{result:?}");
    }
    // Another 504 is re-sent in both cases.
    let transport = script([status(504).after(secs(1)), ok()]);
    let client = Client::with_mesh(&mesh(&transport, config(1), LONGEST)).unwrap();
    client.get(7).timeout(secs(5)).attempt_timeout(secs(9)).await.unwrap();
    // What may not be repeated is not.
    let (client, transport) = support::client([expired(), ok()]);
    client.create(&support::order()).await.unwrap_err();
    assert_eq!(transport.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_is_not_blamed_for_the_deadline() {
    for (header, ejected) in [("x-deadline-expired", false), ("x-other", true)] {
        let transport = script(vec![status(504).header(header, "1"); 40]);
        let mesh = mesh(&transport, config(3), LONGEST);
        let client = Client::with_mesh(&mesh).unwrap();
        for _ in 0..20 {
            client.get(7).retries(0).await.unwrap_err();
        }
        let healths: Vec<_> = mesh.endpoints("order-service").iter().map(|status| status.health).collect();
        assert_eq!(healths.iter().any(|health| *health != EndpointHealth::Open), ejected, "{healths:?}");
    }
}
