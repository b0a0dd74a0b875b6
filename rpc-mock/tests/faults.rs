//! Each fault as a client sees it, over HTTP/1.1 and HTTP/2.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::io::ErrorKind;
use std::time::Duration;

use rpc_mock::Fault;
use serde_json::{Value, json};
use support::{get, http1, http2, io_kind, post, start};

const ORDER: &str = "/orders/7";

fn order() -> (u16, Value) {
    (200, json!({"code": 200, "message": "", "data": {"id": 7}}))
}

fn failure(status: u16, code: impl Into<Value>, message: &str) -> (u16, Value) {
    (status, json!({"code": code.into(), "message": message, "data": null}))
}

#[tokio::test]
async fn envelopes_with_status_and_code() {
    for (fault, expected) in [
        (Fault::status(503), failure(503, 503, "Service Unavailable")),
        (Fault::status(http::StatusCode::CONFLICT).message("no"), failure(409, 409, "no")),
        (Fault::status(599), failure(599, 599, "scripted fault")),
        (Fault::code(40401), failure(200, 40401, "scripted fault")),
        (Fault::code("NO_STOCK").message("sold out"), failure(200, "NO_STOCK", "sold out")),
        (Fault::retry_after(429, Duration::from_secs(2)), failure(429, 429, "Too Many Requests")),
    ] {
        let mock = start([fault.clone().times(1)]).await;
        for client in [http1(), http2()] {
            mock.fault(fault.clone().times(1)).unwrap();
            mock.clear_calls();
            assert_eq!(get(&client, &mock, ORDER).await, expected, "{fault}");
            // The fault from the start, or nothing.
            get(&client, &mock, ORDER).await;
            let calls = mock.calls();
            let expected_fault = fault.to_string();
            let expected_fault = expected_fault.trim_start_matches('=').split(',').next();
            assert_eq!(calls[0].status.unwrap(), expected.0);
            assert_eq!(calls[0].fault.as_deref(), expected_fault);
        }
        assert_eq!(get(&http1(), &mock, ORDER).await, order(), "{fault}");
    }
}

#[tokio::test]
async fn a_status_without_a_body() {
    let mock = start([Fault::status(204)]).await;
    for client in [http1(), http2()] {
        let reply = client.get(mock.url()).send().await.unwrap();
        assert_eq!(reply.status(), 204);
        assert_eq!(reply.bytes().await.unwrap(), "");
    }
}

#[tokio::test]
async fn retry_after_is_in_whole_seconds() {
    for (wait, expected) in [(0, "0"), (1, "1"), (1500, "2"), (2000, "2")] {
        let mock = start([Fault::retry_after(503, Duration::from_millis(wait))]).await;
        let reply = http1().get(mock.url()).send().await.unwrap();
        assert_eq!(reply.headers()["retry-after"], expected);
    }
}

#[tokio::test]
async fn a_page_of_a_proxy() {
    let mock = start([Fault::body(502, "text/html; charset=utf-8", "<h1>Bad gateway</h1>")]).await;
    for client in [http1(), http2()] {
        let reply = client.get(format!("{}{ORDER}", mock.url())).send().await.unwrap();
        assert_eq!(reply.status(), 502);
        assert_eq!(reply.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(reply.text().await.unwrap(), "<h1>Bad gateway</h1>");
    }
}

#[tokio::test]
async fn connections_that_end_without_a_reply() {
    for (fault, kind) in [(Fault::close(), None), (Fault::reset(), Some(ErrorKind::ConnectionReset))] {
        let mock = start([fault.clone()]).await;
        let error = http1().get(format!("{}{ORDER}", mock.url())).send().await.unwrap_err();
        assert!(error.is_request(), "{error:?}");
        assert_eq!(io_kind(&error), kind, "{fault}: {error:?}");
        http2().get(format!("{}{ORDER}", mock.url())).send().await.unwrap_err();

        // Other clients than those two may try again by themselves, so the number of calls is left open.
        for call in mock.calls() {
            assert_eq!((call.status, call.operation.as_deref()), (None, Some("get_order")));
            assert_eq!(call.fault, Some(fault.to_string().replace('=', "")));
        }
        assert!(mock.calls().len() >= 2);
        mock.clear_faults();
        assert_eq!(get(&http1(), &mock, ORDER).await, order());
    }
}

#[tokio::test]
async fn half_a_body() {
    let mock = start([Fault::truncate()]).await;
    let url = format!("{}/orders", mock.url());
    for (client, size) in [(http1(), 100_usize), (http1(), 1_000_000), (http2(), 100)] {
        let order = json!({"note": "x".repeat(size)});
        let mut reply = post(&client, url.clone(), &order).send().await.unwrap();
        assert_eq!(reply.status(), 200);
        let length: usize = reply.headers()["content-length"].to_str().unwrap().parse().unwrap();
        assert!(length > size);
        let mut received = 0;
        let error = loop {
            match reply.chunk().await {
                Ok(Some(piece)) => received += piece.len(),
                Ok(None) => panic!("a whole body"),
                Err(error) => break error,
            }
        };
        assert!(error.is_decode() || error.is_body(), "{error:?}");
        assert_eq!(received, length / 2, "{size}");
    }
    assert!(mock.calls().iter().all(|call| call.status.unwrap() == 200));
}

#[tokio::test]
async fn a_lost_reply_was_made() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let made = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&made);
    let handler = async move || count.fetch_add(1, Ordering::SeqCst).to_string();
    let service = rpc_mock::Service::new("orders").post("create", "/", handler);
    let mock = service.fault(Fault::lose().times(2)).start().await.unwrap();
    for client in [http1(), http2()] {
        client.post(mock.url()).send().await.unwrap_err();
    }
    assert_eq!(made.load(Ordering::SeqCst), 2);
    let calls = mock.take_calls();
    assert!(calls.iter().all(|call| (call.status, call.fault.as_deref()) == (None, Some("lose"))));
    assert_eq!(calls.len(), 2);
    assert_eq!(http1().post(mock.url()).send().await.unwrap().text().await.unwrap(), "2");
}

#[tokio::test]
async fn half_of_nothing_is_no_reply() {
    let mock = start([Fault::truncate()]).await;
    http1().delete(format!("{}{ORDER}", mock.url())).send().await.unwrap_err();
    assert_eq!(mock.calls_to("delete_order")[0].status, None);
}

#[tokio::test]
async fn a_body_in_drops() {
    let mock = start([Fault::drip(16, Duration::from_millis(1))]).await;
    for client in [http1(), http2()] {
        let mut reply = client.get(format!("{}{ORDER}", mock.url())).send().await.unwrap();
        let length: usize = reply.headers()["content-length"].to_str().unwrap().parse().unwrap();
        let mut body = Vec::new();
        while let Some(piece) = reply.chunk().await.unwrap() {
            body.extend(piece);
        }
        assert_eq!(body.len(), length);
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["data"], json!({"id": 7}));
    }
}

/// tokio's clock is paused: it jumps to the next timer when nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn delays_and_drops_take_their_time() {
    for (faults, least) in [
        (vec![Fault::delay(Duration::from_secs(3600))], 3600),
        (vec![Fault::delay(Duration::from_secs(3600)), Fault::delay(Duration::from_secs(60))], 3660),
        (
            vec![Fault::delay(Duration::from_secs(3600)), Fault::drip(1_000_000, Duration::from_secs(60))],
            3660,
        ),
    ] {
        let mock = start(faults).await;
        let before = tokio::time::Instant::now();
        assert_eq!(get(&http1(), &mock, ORDER).await, order());
        let took = before.elapsed().as_secs();
        assert!((least..least + 60).contains(&took), "{took} s instead of {least}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs() {
    let mock = start([Fault::hang()]).await;
    for client in [http1(), http2()] {
        let call = client.get(format!("{}{ORDER}", mock.url())).timeout(Duration::from_secs(3600)).send();
        assert!(call.await.unwrap_err().is_timeout());
    }
    assert_eq!(mock.calls().iter().map(|call| call.status).collect::<Vec<_>>(), [None, None]);
}

#[tokio::test]
async fn faults_strike_unknown_paths_too() {
    let mock = start([Fault::status(503).times(1)]).await;
    assert_eq!(get(&http1(), &mock, "/none").await.0, 503);
    assert_eq!(get(&http1(), &mock, "/none").await.0, 404);
}
