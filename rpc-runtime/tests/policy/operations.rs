//! Settings of an operation.

use super::*;

const OPEN: &str = "overload after 0, sent never";

/// Of a client with these re-sends: the operation has one re-send, and a breaker of two failures.
fn tuned(replies: Vec<Script>) -> (Client, ScriptedTransport) {
    let transport = script(replies);
    let settings = Client::builder().mesh(&mesh(&transport, config(1), LONGEST));
    (settings.retries(3).timeout(secs(300)).build().unwrap(), transport)
}

#[tokio::test(start_paused = true)]
async fn under_the_calls_and_over_the_clients() {
    let (client, transport) = tuned(vec![status(503); 20]);
    assert_eq!(outcome(&client.tuned().await), "HTTP 503 after 2, sent yes, exhausted");
    assert_eq!(outcome(&client.tuned().retries(0).await), "HTTP 503 after 1, sent yes, exhausted");
    assert_eq!(outcome(&client.get(7).await), "HTTP 503 after 4, sent yes, exhausted");
    assert_eq!(transport.sent().len(), 7);
    let (client, _) = tuned(vec![Script::hangs(), Script::hangs()]);
    let began = Instant::now();
    assert_eq!(outcome(&client.tuned().await), "attempt timeout after 2, sent maybe, exhausted");
    // Two attempts of two seconds, and a wait.
    assert!(began.elapsed() >= secs(4) && began.elapsed() <= millis(4_060), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_breaker_of_its_own_refuses_nobody_else() {
    let (client, transport) = tuned(vec![status(500), status(500), ok()]);
    for expected in ["HTTP 500 after 1, sent yes", "HTTP 500 after 1, sent yes", OPEN] {
        assert_eq!(outcome(&client.tuned().await), expected);
    }
    client.get(7).await.unwrap();
    assert_eq!(outcome(&client.tuned().await), OPEN);
    assert_eq!(transport.sent().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn business_codes_that_are_worth_another_attempt() {
    for (code, sent) in [("4001", 2), (r#""4001""#, 2), (r#""BUSY""#, 2), ("4002", 1), (r#""busy""#, 1)] {
        let business = Script::reply(200, format!(r#"{{"code":{code},"message":"later","data":null}}"#));
        let (client, transport) = tuned(vec![business, ok()]);
        assert_eq!(client.tuned().await.is_ok(), sent == 2, "{code}");
        assert_eq!(transport.sent().len(), sent, "{code}");
    }
}
