//! What goes wrong, and how it is told.

use std::time::Duration;

use auth_service::errors::VerifyPermissionError;
use interop::{REFUSED, auth, count, orders, seen, unique, url, users, wallets};
use order_service::errors::{CreateOrderError, GetOrderError, ListOrdersError};
use order_service::types::OrderCreate;
use rpc_runtime::types::Uuid;
use rpc_runtime::{Code, Error, ErrorKind, Method, Sent, TimeoutScope};
use user_service::errors::CreateUserError;

fn status(error: &Error) -> Option<u16> {
    error.status().map(|status| status.as_u16())
}

fn code(error: &Error) -> Option<i64> {
    error.code().and_then(Code::as_i64)
}

#[tokio::test]
async fn not_found_under_404() {
    let error = orders().get_order(9).await.unwrap_err();
    assert!(error.is_not_found() && error.is_response(), "{error:?}");
    assert_eq!((status(&error), code(&error)), (Some(404), Some(404)));
    assert_eq!((error.error_code(), error.attempts(), error.sent()), (Some("ORDER_NOT_FOUND"), 1, Sent::Yes));
    assert_eq!(error.details().map(|details| details.get()), Some(r#"{"order_id":9}"#));
    let Some(GetOrderError::NotFound(body)) = error.typed() else { panic!("{error:?}") };
    assert_eq!((body.code, body.error_code.as_str()), (404, "ORDER_NOT_FOUND"));
}

#[tokio::test]
async fn not_found_under_200() {
    let error = users().get_user("nobody").await.unwrap_err();
    assert!(error.is_not_found() && error.is_response(), "{error:?}");
    assert_eq!((status(&error), code(&error)), (Some(200), Some(404)));
    assert_eq!(
        (error.error_code(), error.message()),
        (Some("USER_NOT_FOUND"), Some("user nobody not found"))
    );
    assert_eq!(error.details().map(|details| details.get()), Some(r#"{"user_id":"nobody"}"#));
}

#[tokio::test]
async fn invalid_requests_with_fastapis_own_body() {
    let error = auth()
        .raw(Method::POST, "/api/v1/permissions/verify")
        .json(&serde_json::json!({"user_id": 7}))
        .send_json::<rpc_runtime::types::Value>()
        .await
        .unwrap_err();
    assert_eq!((status(&error), code(&error)), (Some(422), None));
    let Some(VerifyPermissionError::UnprocessableEntity(body)) = error.typed() else { panic!("{error:?}") };
    let places: Vec<_> =
        body.detail.unwrap_or_default().into_iter().map(|one| (one.loc.len(), one.r#type)).collect();
    assert!(places.contains(&(2, "string_type".to_owned())), "{places:?}");
    assert!(places.contains(&(2, "missing".to_owned())), "{places:?}");
}

#[tokio::test]
async fn invalid_requests_with_the_declared_envelope() {
    let error = orders()
        .raw(Method::GET, "/api/v1/orders")
        .query("size", 101)
        .send_json::<rpc_runtime::types::Value>()
        .await
        .unwrap_err();
    let Some(ListOrdersError::UnprocessableEntity(body)) = error.typed() else { panic!("{error:?}") };
    assert_eq!(body.error_code, "VALIDATION_ERROR");
    let details = body.details.unwrap();
    assert!(serde_json::to_string(&details).unwrap().contains(r#"["query","size"]"#), "{details:?}");
}

#[tokio::test]
async fn invalid_requests_with_another_body_than_declared() {
    // user-service declares FastAPI's body and answers with its envelope.
    let error = users()
        .raw(Method::POST, "/api/v1/users")
        .json(&serde_json::json!({"name": ""}))
        .send_json::<rpc_runtime::types::Value>()
        .await
        .unwrap_err();
    assert_eq!(error.typed::<CreateUserError>(), None);
    assert_eq!((status(&error), code(&error)), (Some(422), Some(422)));
    assert_eq!((error.error_code(), error.message()), (Some("VALIDATION_ERROR"), Some("invalid request")));
    assert!(error.details().is_some_and(|details| details.get().contains("\"name\"")), "{error:?}");
    assert!(error.body().is_some_and(|body| body.starts_with(b"{")));
}

#[tokio::test]
async fn the_client_refuses_before_sending() {
    let id = unique("refused");
    let long = OrderCreate::new("user123", "1".parse().unwrap()).with_tags(vec!["t".to_owned(); 11]);
    let calls = [
        (orders().create_order(OrderCreate::new("", "1".parse().unwrap())), "user_id"),
        (orders().create_order(OrderCreate::new("no spaces", "1".parse().unwrap())), "user_id"),
        (orders().create_order(OrderCreate::new("user123", "0".parse().unwrap())), "amount"),
        (orders().create_order(long), "tags"),
    ];
    for (call, place) in calls {
        let error = call.trace_id(&id).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent(), error.attempts()),
            (ErrorKind::InvalidRequest, Sent::Never, 0)
        );
        assert!(error.to_string().contains(place), "{error}");
    }
    let error = orders().list_orders().size(101).trace_id(&id).await.unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("size"), "{error}");
    assert!(seen(&id).await.is_empty());
}

#[tokio::test]
async fn conflicts() {
    let client = orders();
    let taken: Uuid = "018f4e2a-7c31-7b52-9d3e-2f6a1c0b4d5e".parse().unwrap();
    let create = OrderCreate::new("user123", "1".parse().unwrap()).with_external_id(taken);
    let error = client.create_order(create).await.unwrap_err();
    let Some(CreateOrderError::Conflict(body)) = error.typed() else { panic!("{error:?}") };
    assert_eq!(body.error_code, "EXTERNAL_ID_TAKEN");
}

#[tokio::test]
async fn an_idempotency_key_gives_the_same_order() {
    let (client, key) = (orders(), unique("k"));
    let create = |amount: &str| client.create_order(OrderCreate::new("user123", amount.parse().unwrap()));
    let first = create("1").idempotency_key(&key).await.unwrap();
    assert_eq!(create("1").idempotency_key(&key).await.unwrap(), first);
    let error = create("2").idempotency_key(&key).await.unwrap_err();
    assert!(error.is_conflict() && error.error_code() == Some("IDEMPOTENCY_KEY_REUSED"), "{error:?}");
    assert_ne!(create("1").await.unwrap().id, first.id);
}

#[tokio::test]
async fn business_failure_under_201() {
    let key = unique("business");
    let error = orders().post_business().key(&key).await.unwrap_err();
    assert_eq!((status(&error), code(&error)), (Some(201), Some(4001)));
    assert_eq!((error.error_code(), error.message()), (Some("OUT_OF_STOCK"), Some("out of stock")));
    assert!(error.is_response() && !error.is_retryable() && error.attempts() == 1, "{error:?}");
    assert_eq!(count(&key).await, 1);
}

#[tokio::test]
async fn unavailable_twice_then_there() {
    let key = unique("get");
    let reply = orders().get_flaky(&key).fail(2).send().await.unwrap();
    assert_eq!((reply.attempts(), reply.data.seen), (3, 3));

    let key = unique("gives-up");
    let error = orders().get_flaky(&key).fail(100).await.unwrap_err();
    assert!(error.is_unavailable() && error.retry_exhausted() && error.attempts() == 3, "{error:?}");
    assert_eq!((status(&error), error.error_code(), count(&key).await), (Some(503), Some("FLAKY"), 3));

    let key = unique("no-retries");
    assert_eq!(orders().get_flaky(&key).fail(1).retries(0).await.unwrap_err().attempts(), 1);
    assert_eq!(count(&key).await, 1);
}

#[tokio::test]
async fn a_post_is_sent_once() {
    let key = unique("post");
    let error = orders().post_flaky(&key).fail(2).await.unwrap_err();
    assert_eq!((status(&error), error.attempts(), count(&key).await), (Some(503), 1, 1));
    // With a key, the service has promised to treat repeats as one.
    let key = unique("keyed");
    let reply = orders().post_flaky(&key).fail(2).idempotency_key(&key).send().await.unwrap();
    assert_eq!((reply.attempts(), count(&key).await), (3, 3));
}

#[tokio::test]
async fn a_throttled_post_is_sent_again_when_the_service_says_when() {
    let key = unique("throttle");
    let reply = orders().post_throttle(&key).fail(1).retry_after("1").send().await.unwrap();
    assert_eq!((reply.attempts(), reply.data.seen), (2, 2));
    assert!(reply.elapsed() >= Duration::from_secs(1), "{:?}", reply.elapsed());

    let key = unique("no-date");
    let error = orders().post_throttle(&key).fail(1).await.unwrap_err();
    assert!(error.is_rate_limited() && error.attempts() == 1, "{error:?}");

    let key = unique("too-long");
    let error = orders().post_throttle(&key).fail(1).retry_after("3600").await.unwrap_err();
    assert_eq!((error.retry_after(), error.attempts()), (Some(Duration::from_secs(3600)), 1));
    assert_eq!(count(&key).await, 1);
}

#[tokio::test]
async fn timeouts() {
    let key = unique("slow");
    let limit = Duration::from_millis(150);
    let error = orders().get_slow().seconds(30.0).key(&key).timeout(limit).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.sent()),
        (ErrorKind::Timeout(TimeoutScope::Call), Sent::Maybe),
        "{error:?}"
    );
    let key = unique("slow-attempts");
    let call =
        orders().get_slow().seconds(30.0).key(&key).attempt_timeout(Duration::from_millis(500)).retries(1);
    let error = call.await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout(TimeoutScope::Attempt), 2), "{error:?}");
    assert_eq!(count(&key).await, 2);
}

#[tokio::test]
async fn refused_connections() {
    let client = order_service::Client::builder().url(REFUSED).retries(1).build().unwrap();
    let error = client.create_order(OrderCreate::new("user123", "1".parse().unwrap())).await.unwrap_err();
    assert!(error.is_connection() && error.is_unavailable() && error.is_retryable(), "{error:?}");
    assert_eq!((error.sent(), error.attempts(), error.status()), (Sent::Never, 2, None));
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn a_proxys_page() {
    let error = orders().get_html().status("502".into()).retries(0).await.unwrap_err();
    assert!(error.is_response() && error.is_unavailable(), "{error:?}");
    assert_eq!((status(&error), code(&error)), (Some(502), None));
    assert!(error.body().is_some_and(|body| body.starts_with(b"<!DOCTYPE html>")));
    let error = orders().get_html().status("200".into()).await.unwrap_err();
    assert!(error.is_response() && !error.is_decode(), "{error:?}");
    assert_eq!((status(&error), error.attempts()), (Some(200), 1));
    assert!(error.body().is_some_and(|body| body.starts_with(b"<!DOCTYPE html>")));
}

#[tokio::test]
async fn a_body_that_is_too_large() {
    let client = order_service::Client::builder().url(url("order-service")).max_body(10).build().unwrap();
    let error = client.get_order(123).await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("10 bytes"), "{error:?}");
}

#[tokio::test]
async fn other_services_say_it_too() {
    let error = wallets().get_user_wallet("nobody").await.unwrap_err();
    assert!(error.is_not_found() && error.error_code() == Some("WALLET_NOT_FOUND"), "{error:?}");
    let error = interop::media().download_file("no/such/file").await.unwrap_err();
    assert!(error.is_not_found() && error.error_code() == Some("FILE_NOT_FOUND"), "{error:?}");
}
