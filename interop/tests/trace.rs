//! Trace ids: made, given, seen by the service, given back.

use interop::{orders, seen, unique, users};
use rpc_runtime::{context, trace};

fn header<'a>(headers: &'a rpc_runtime::HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[tokio::test]
async fn automatic() {
    let reply = orders().get_order(123).send().await.unwrap();
    let id = reply.trace_id().to_owned();
    assert_eq!(header(reply.headers(), "x-trace-id"), Some(id.as_str()));
    let arrived = seen(&id).await;
    assert_eq!(arrived.len(), 1);
    assert_eq!((arrived[0].method.as_str(), arrived[0].path.as_str()), ("GET", "/api/v1/orders/123"));
    let headers = &arrived[0].headers;
    assert_eq!(headers["x-request-id"], id);
    assert_eq!(headers["x-request-attempt"], "1");
    assert!(headers["x-request-timeout-ms"].parse::<u32>().is_ok_and(|ms| ms > 0 && ms <= 10_000));
    assert!(headers["traceparent"].contains(&id), "{} of {id}", headers["traceparent"]);
    let other = orders().get_order(123).send().await.unwrap();
    assert_ne!(other.trace_id(), id);
}

#[tokio::test]
async fn of_one_call() {
    let id = unique("manual");
    let reply = orders().get_order(123).trace_id(&id).send().await.unwrap();
    assert_eq!((reply.trace_id(), header(reply.headers(), "x-trace-id")), (id.as_str(), Some(id.as_str())));
    assert_eq!(seen(&id).await.len(), 1);
    let error = orders().get_order(9).trace_id(&id).await.unwrap_err();
    assert_eq!(error.trace_id(), Some(id.as_str()));
    assert_eq!(error.headers().and_then(|headers| header(headers, "x-trace-id")), Some(id.as_str()));
    let error = orders().get_order(123).trace_id("with space").await.unwrap_err();
    assert!(error.is_invalid_request(), "{error:?}");
}

#[tokio::test]
async fn of_a_task_and_all_it_calls() {
    let id = unique("task");
    let work = async {
        assert!(trace::current_id().is_some());
        orders().get_order(123).await.unwrap();
        context::spawn(async { users().get_user("user123").await.unwrap() }).await.unwrap();
        orders().get_order(9).await.unwrap_err()
    };
    let error = trace::with_id(&id, work).unwrap().await;
    assert_eq!(error.trace_id(), Some(id.as_str()));
    let arrived: Vec<_> =
        seen(&id).await.into_iter().map(|request| (request.service, request.path)).collect();
    let expected = [
        ("order-service", "/api/v1/orders/123"),
        ("user-service", "/api/v1/users/user123"),
        ("order-service", "/api/v1/orders/9"),
    ];
    assert_eq!(arrived, expected.map(|(service, path)| (service.to_owned(), path.to_owned())));
    assert_eq!(trace::current_id(), None);
}

#[tokio::test]
async fn changed_within_a_scope() {
    let (first, second) = (unique("first"), unique("second"));
    let work = async {
        orders().get_order(123).await.unwrap();
        trace::set_id(&second).unwrap();
        orders().get_order(124).await.unwrap();
    };
    trace::with_id(&first, work).unwrap().await;
    assert_eq!(seen(&first).await.len(), 1);
    assert_eq!(seen(&second).await[0].path, "/api/v1/orders/124");
    assert!(trace::set_id("nowhere").is_err());
}

#[tokio::test]
async fn kept_over_retries() {
    let (id, key) = (unique("retries"), unique("key"));
    orders().get_flaky(&key).fail(2).trace_id(&id).await.unwrap();
    let arrived = seen(&id).await;
    let attempts: Vec<_> =
        arrived.iter().map(|request| request.headers["x-request-attempt"].as_str()).collect();
    assert_eq!(attempts, ["1", "2", "3"]);
}
