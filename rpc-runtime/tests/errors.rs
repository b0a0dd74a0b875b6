//! What errors say.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use expect_test::{Expect, expect};
use rpc_runtime::testing::Script;
use rpc_runtime::{Client as Untyped, Error, ErrorKind};
use support::{Client, LONGEST, chain, client, config, mesh, millis, script, secs, status};

/// One GET with these replies; the error and all behind it, a line each.
async fn check(replies: Vec<Script>, expected: Expect) -> Error {
    let (client, _) = client(replies);
    let error = client.get(7).timeout(secs(25)).await.unwrap_err();
    expected.assert_eq(&format!("{:?} | {}", error.kind(), chain(&error).join(" | ")));
    error
}

#[tokio::test(start_paused = true)]
async fn every_kind_in_words() {
    check(
        vec![Script::refused()],
        expect![
            "Connection | order-service.GetOrder: scripted failure (after 3 attempts) | scripted failure"
        ],
    )
    .await;
    check(vec![status(404)], expect!["Response | order-service.GetOrder: HTTP 404 Not Found"]).await;
    check(
        vec![status(503); 3],
        expect!["Response | order-service.GetOrder: HTTP 503 Service Unavailable (after 3 attempts)"],
    )
    .await;
    check(
        vec![Script::reply(200, r#"{"code":4001,"message":"no stock"}"#)],
        expect!["Response | order-service.GetOrder: business code 4001 (HTTP 200): no stock"],
    )
    .await;
    check(
        vec![Script::reply(200, "{}")],
        expect!["Decode | order-service.GetOrder: the reply is no envelope: it has no `code`"],
    )
    .await;
    let slow = vec![Script::hangs(); 3];
    check(slow.clone(), expect!["Timeout(Call) | order-service.GetOrder: not done within 25s (call timeout) (after 3 attempts) | no reply within 10s (attempt timeout)"]).await;

    let (client, _) = client(slow);
    let error = client.get(7).attempt_timeout(millis(1500)).retries(0).await.unwrap_err();
    expect!["order-service.GetOrder: no reply within 1.5s (attempt timeout)"].assert_eq(&error.to_string());
    let error = client.get(7).header("a b", "c").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    expect!["order-service.GetOrder: header `a b`: not a valid header name"].assert_eq(&error.to_string());
}

#[test]
fn errors_before_any_call() {
    let check = |result: Result<(), Error>, kind: ErrorKind, expected: Expect| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!((error.service(), error.attempts(), error.endpoint()), ("", 0, None));
        expected.assert_eq(&error.to_string());
    };
    check(
        Client::new("order-service:8000").map(drop),
        ErrorKind::Config,
        expect![[
            r#"configuration: url: "order-service:8000" is not an http://, https://, h2c:// or unix:// URL; write "http://order-service:8000""#
        ]],
    );
    check(
        Client::builder().url("http://a").default_header("x", "\n").build().map(drop),
        ErrorKind::Config,
        expect!["configuration: default header `x`: not a valid header value"],
    );
    let mesh = mesh(&script([]), config(1), LONGEST);
    check(
        Untyped::untyped(&mesh, "order-servise").map(drop),
        ErrorKind::Discovery,
        expect![[
            r#"service "order-servise" is not configured; did you mean "order-service"?; configured are order-service"#
        ]],
    );
    check(
        Untyped::untyped(&mesh, "a b").map(drop),
        ErrorKind::Config,
        expect![[r#"configuration: a service name has ' '; expected letters, digits, "-", "_" and ".""#]],
    );
}

#[tokio::test(start_paused = true)]
async fn the_story_of_the_call() {
    let (client, transport) = client([status(503).after(secs(1)), status(503).header("Retry-After", "60")]);
    let error = client.get(7).trace_id("task-1").await.unwrap_err();
    assert_eq!((error.service(), error.operation()), ("order-service", "GetOrder"));
    assert_eq!((error.endpoint(), error.attempts()), (Some("http://10.0.0.1:8000"), 2));
    assert_eq!((error.trace_id(), error.retry_after()), (Some("task-1"), Some(secs(60))));
    assert!(error.retry_exhausted() && error.elapsed() >= secs(1) && error.elapsed() <= millis(1060));
    assert!(error.headers().is_some_and(|headers| headers["retry-after"] == "60"));
    assert_eq!(transport.sent()[0].header("x-trace-id"), "task-1");
}

#[test]
fn an_error_is_one_pointer_that_goes_anywhere() {
    fn anywhere<T: Send + Sync + 'static>() {}
    anywhere::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Error>>(), size_of::<usize>());
    fn question_mark() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Client::new("ftp://a")?;
        Ok(())
    }
    let error = question_mark().unwrap_err();
    assert!(error.downcast_ref::<Error>().is_some_and(|error| error.kind() == ErrorKind::Config));
}
