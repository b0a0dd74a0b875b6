//! HTTP/2 without TLS, and what its servers say about requests that they did not process.

use crate::client;
use crate::h2_server::{Do, ENHANCE_YOUR_CALM, H2Server, INTERNAL_ERROR, NO_ERROR, REFUSED_STREAM, Seen};
use crate::support::{chain, millis, order, outcome};

#[tokio::test]
async fn one_connection_for_calls_at_the_same_time() {
    let server =
        H2Server::start(|n, _| if n < 2 { vec![] } else { vec![Do::Reply(5), Do::Reply(1), Do::Reply(3)] })
            .await;
    let client = client(&server.url());
    let calls: Vec<_> = (0..3).map(|_| tokio::spawn(client.get(7).send())).collect();
    for call in calls {
        let reply = call.await.unwrap().unwrap();
        assert_eq!((reply.attempts(), reply.endpoint()), (1, server.url().as_str()));
    }
    assert_eq!(server.seen(), [(0, 1), (0, 3), (0, 5)]);
}

/// This for the first request, good replies after it: what becomes of a POST, why, and what the server saw.
async fn check(first: &'static [Do], expected: &str, what: &str, seen: &[Seen]) {
    let server = H2Server::start(|n, id| if n == 0 { first.to_vec() } else { vec![Do::Reply(id)] }).await;
    let client = client(&server.url());
    let result = client.create(&order()).await;
    assert_eq!(outcome(&result), expected, "{first:?}");
    if let Err(error) = &result {
        assert_eq!(chain(error)[1], what, "{first:?}");
    }
    assert_eq!(server.seen(), seen, "{first:?}");
    // Alone, the first step shows its reason.
    if result.is_ok() {
        let server = H2Server::start(|_, _| first.to_vec()).await;
        let result = self::client(&server.url()).create(&order()).retries(0).await;
        assert_eq!(outcome(&result), "connection after 1, sent never, exhausted", "{first:?}");
        assert_eq!(chain(&result.unwrap_err())[1], what, "{first:?}");
    }
}

const BROKEN: &str = "connection broke before the reply";

#[tokio::test]
async fn a_refused_stream_is_sent_again() {
    let refused = "the service refused the stream unprocessed";
    check(&[Do::Reset(1, REFUSED_STREAM)], "ok", refused, &[(0, 1), (0, 3)]).await;
}

#[tokio::test]
async fn a_stream_that_is_reset_otherwise_is_not() {
    check(&[Do::Reset(1, INTERNAL_ERROR)], "connection after 1, sent maybe", BROKEN, &[(0, 1)]).await;
    check(&[Do::Reset(1, NO_ERROR)], "connection after 1, sent maybe", BROKEN, &[(0, 1)]).await;
}

#[tokio::test]
async fn a_stream_beyond_the_last_one_is_sent_again() {
    let left = "the service is going away and left the stream unprocessed";
    check(&[Do::GoAway(0, NO_ERROR)], "ok", left, &[(0, 1), (1, 1)]).await;
    check(&[Do::GoAway(0, NO_ERROR), Do::Close], "ok", left, &[(0, 1), (1, 1)]).await;
    check(&[Do::GoAway(0, ENHANCE_YOUR_CALM), Do::Close], "ok", left, &[(0, 1), (1, 1)]).await;
}

#[tokio::test]
async fn a_stream_up_to_the_last_one_is_not() {
    for code in [NO_ERROR, ENHANCE_YOUR_CALM] {
        let lost: &'static [Do] = match code {
            NO_ERROR => &[Do::GoAway(1, NO_ERROR), Do::Close],
            _ => &[Do::GoAway(1, ENHANCE_YOUR_CALM), Do::Close],
        };
        check(lost, "connection after 1, sent maybe", BROKEN, &[(0, 1)]).await;
    }
    // Announced first, as servers that shut down do, then told exactly.
    let announced = &[Do::GoAway(i32::MAX as u32, NO_ERROR), Do::GoAway(1, NO_ERROR), Do::Close];
    check(announced, "connection after 1, sent maybe", BROKEN, &[(0, 1)]).await;
    check(&[Do::Close], "connection after 1, sent maybe", BROKEN, &[(0, 1)]).await;
}

#[tokio::test]
async fn of_two_streams_the_last_one_ends_and_the_other_is_sent_again() {
    for announced in [false, true] {
        let server = H2Server::start(move |n, id| match n {
            0 => vec![],
            1 if announced => {
                vec![Do::GoAway(i32::MAX as u32, NO_ERROR), Do::GoAway(1, NO_ERROR), Do::Reply(1)]
            }
            1 => vec![Do::GoAway(1, NO_ERROR), Do::Reply(1)],
            _ => vec![Do::Reply(id)],
        })
        .await;
        let client = client(&server.url());
        let order = order();
        let last = tokio::spawn(client.create(&order).send());
        while server.seen().is_empty() {
            tokio::time::timeout(millis(1), std::future::pending::<()>()).await.unwrap_err();
        }
        let beyond = client.create(&order).send().await.unwrap();
        assert_eq!((last.await.unwrap().unwrap().attempts(), beyond.attempts()), (1, 2));
        assert_eq!(server.seen(), [(0, 1), (0, 3), (1, 1)]);
    }
}

#[tokio::test]
async fn a_connection_that_is_going_away_gets_no_new_stream() {
    let server = H2Server::start(|n, id| match n {
        0 => vec![Do::Reply(id), Do::GoAway(1, NO_ERROR)],
        _ => vec![Do::Reply(id)],
    })
    .await;
    let client = client(&server.url());
    client.create(&order()).await.unwrap();
    // Time for the frame to arrive.
    tokio::time::timeout(millis(100), std::future::pending::<()>()).await.unwrap_err();
    assert_eq!(client.create(&order()).send().await.unwrap().attempts(), 1);
    assert_eq!(server.seen(), [(0, 1), (1, 1)]);
}

#[tokio::test]
async fn a_server_of_http1_is_a_connection_error() {
    use crate::support::server::{Act, Server, reply};
    // The preface looks like a request with an odd method.
    let server = Server::start(|_, _| Act::WriteAndClose(reply("400 Bad Request", "", ""))).await;
    let result = client(&format!("h2c://{}", server.addr)).create(&order()).retries(0).await;
    assert!(outcome(&result).starts_with("connection after 1, sent "), "{result:?}");
}
