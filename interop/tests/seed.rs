//! Every situation of the chapter "RPC" of the Python framework that these clients replace.
#![expect(clippy::disallowed_methods, reason = "what is measured here is the wall clock")]

use std::future::IntoFuture as _;
use std::time::{Duration, Instant};

use interop::{
    Instance, REFUSED, auth, mesh, notifications, orders, port, services, unique, url, users, wallets,
};
use notification_service::types::OrderCreated;
use order_service::types::{Order, OrderCreate, OrderStatus};
use rpc_runtime::types::Value;
use rpc_runtime::{Client, ClientConfig, ErrorKind, Mesh, Method, Sent};
use user_service::types::{UserCreate, UserPatch, UserPatchStatus, UserUpdate};

fn decimal(text: &str) -> rpc_runtime::types::Decimal {
    text.parse().unwrap()
}

#[tokio::test]
async fn services_by_explicit_map() {
    let mesh = mesh();
    let order = order_service::Client::with_mesh(&mesh).unwrap().get_order(123).await.unwrap();
    let user = user_service::Client::with_mesh(&mesh).unwrap().get_user("user123").await.unwrap();
    assert_eq!((order.id, order.user_id), (123, user.id));
}

#[tokio::test]
async fn services_by_env_file_as_the_python_services_write_it() {
    let path = std::env::temp_dir().join(unique("interop.env"));
    let (orders, users) = (url("order-service"), url("user-service"));
    let line = format!(
        "RPC_CLIENT_SERVICES={{\"order-service\": \"{orders}\", \"user-service\": \"{users}\"}}\nRPC_CLIENT_TIMEOUT=30\n"
    );
    std::fs::write(&path, line).unwrap();
    let mesh = Mesh::from_env_file(&path);
    std::fs::remove_file(&path).unwrap();
    let client = order_service::Client::with_mesh(&mesh.unwrap()).unwrap();
    assert_eq!(client.get_order(123).await.unwrap().id, 123);
}

#[tokio::test]
async fn services_by_dns_name() {
    let port = port("order-service");
    let config = ClientConfig::builder().dns_port(port).build().unwrap();
    let client = Client::untyped(&Mesh::new(config).unwrap(), "localhost").unwrap();
    let order: Order = client.get("/api/v1/orders/123").send_json().await.unwrap();
    assert_eq!(order.id, 123);

    // A host name in the map goes the same way.
    let client = order_service::Client::new(&format!("http://localhost:{port}")).unwrap();
    assert_eq!(client.get_order(123).await.unwrap().id, 123);
}

#[tokio::test]
async fn a_service_that_is_nowhere() {
    let vars = [("RPC_CLIENT_SERVICES", services()), ("RPC_CLIENT_DNS_FALLBACK", "false".to_owned())];
    let mesh = Mesh::new(ClientConfig::from_vars(vars).unwrap()).unwrap();
    let error = Client::untyped(&mesh, "oder-service").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Discovery);
    assert!(error.to_string().contains("oder-service"), "{error}");

    let text = r#"{"order-service": "ftp://x"}"#;
    let error = ClientConfig::from_vars([("RPC_CLIENT_SERVICES", text)]).unwrap_err().to_string();
    assert!(error.contains("RPC_CLIENT_SERVICES") && error.contains("order-service"), "{error}");
}

#[tokio::test]
async fn five_http_methods() {
    let client = users();
    let john = client.create_user(UserCreate::new("John")).await.unwrap();
    assert_eq!(client.get_user(&john.id).await.unwrap(), john);
    let jane = client.replace_user(&john.id, UserUpdate::new("Jane")).await.unwrap();
    assert_eq!((jane.name.as_str(), &jane.id), ("Jane", &john.id));
    let patch = UserPatch::new().with_status(UserPatchStatus::Disabled);
    let disabled = client.patch_user(&john.id, patch).await.unwrap();
    assert_eq!((disabled.name.as_str(), disabled.status.as_str()), ("Jane", "disabled"));
    client.delete_user(&john.id).await.unwrap();
    assert!(client.get_user(&john.id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn parameters_in_query_header_and_body() {
    let client = orders();
    let tag = unique("tag");
    let create = OrderCreate::new("user123", decimal("100")).with_tags([tag.clone(), "gift".to_owned()]);
    for _ in 0..3 {
        client.create_order(create.clone()).await.unwrap();
    }
    let pages = |page: i64| client.list_orders().page(page).size(2).tag(&[tag.as_str(), "gift"]);
    let first = pages(1).status(OrderStatus::Pending).await.unwrap();
    assert_eq!((first.total, first.items.len(), first.page, first.size), (3, 2, 1, 2));
    let second = pages(2).await.unwrap();
    assert_eq!(second.items.len(), 1);
    assert!(first.items.iter().all(|order| order.id != second.items[0].id));
    assert_eq!(pages(1).status(OrderStatus::Shipped).await.unwrap().total, 0);
    let none = client.list_orders().tag(&[tag.as_str(), "other"]).await.unwrap();
    assert_eq!(none.total, 0);

    let echo = client.get_echo_headers().header("Authorization", "Bearer token").header("X-A", "a\nb").await;
    let error = echo.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::InvalidRequest, Sent::Never), "{error}");
    let echo = client.get_echo_headers().header("Authorization", "Bearer token").await.unwrap();
    assert_eq!(echo["authorization"], "Bearer token");
}

#[tokio::test]
async fn default_headers_travel_with_every_call() {
    let builder = order_service::Client::builder().url(url("order-service"));
    let client = builder.default_header("X-Tenant", "acme").build().unwrap();
    assert_eq!(client.get_echo_headers().await.unwrap()["x-tenant"], "acme");
    assert_eq!(client.get_echo_headers().header("x-tenant", "other").await.unwrap()["x-tenant"], "other");
}

#[tokio::test]
async fn raw_and_untyped_calls() {
    let client = orders();
    let raw: Value =
        client.raw(Method::GET, "/api/v1/orders/123").query("expand", "lines").send_json().await.unwrap();
    assert_eq!(raw["user_id"], "user123");
    let error = client.raw(Method::GET, "/api/v1/orders/9").send_json::<Value>().await.unwrap_err();
    assert!(error.is_not_found() && error.error_code() == Some("ORDER_NOT_FOUND"), "{error}");

    let untyped = Client::untyped(&mesh(), "order-service").unwrap();
    let new = serde_json::json!({"user_id": "user123", "amount": 100});
    let order: Order = untyped.post("/api/v1/orders").json(&new).send_json().await.unwrap();
    assert_eq!(order.amount, decimal("100"));
    let reply = untyped.delete(&format!("/api/v1/orders/{}", order.id)).send().await.unwrap();
    assert_eq!((reply.status().as_u16(), reply.data.len()), (204, 0));
}

#[tokio::test]
async fn errors_are_told_apart() {
    let slow = orders().get_slow().seconds(20.0).key(&unique("kinds")).timeout(Duration::from_millis(200));
    let error = slow.await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connection() && !error.is_response(), "{error:?}");
    assert_eq!((error.service(), error.operation()), ("order-service", "get_slow"));

    let error = order_service::Client::new(REFUSED).unwrap().get_order(123).await.unwrap_err();
    assert!(error.is_connection() && !error.is_timeout() && !error.is_response(), "{error:?}");
    assert_eq!((error.sent(), error.endpoint()), (Sent::Never, Some(REFUSED)));

    let error = orders().get_order(9).await.unwrap_err();
    assert!(error.is_response() && !error.is_timeout() && !error.is_connection(), "{error:?}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(error.message(), Some("order 9 not found"));

    // What an application does with it.
    let boxed: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert!(boxed.to_string().contains("order-service.get_order"), "{boxed}");
}

#[tokio::test]
async fn user_with_details() {
    let found = users().get_user("user123").send().await.unwrap();
    assert_eq!(found.code(), Some(&rpc_runtime::Code::Int(200)));
    assert_eq!(found.data.name, "Li Wei");
    let error = users().get_user("nobody").await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
}

#[tokio::test]
async fn permissions() {
    use auth_service::types::PermissionCheck;
    let client = auth();
    let decision =
        client.verify_permission(PermissionCheck::new("user123", "orders", "write")).await.unwrap();
    assert!(decision.allowed && decision.scopes == ["orders:read", "orders:write"], "{decision:?}");
    let denied = client.verify_permission(PermissionCheck::new("user456", "orders", "write")).await.unwrap();
    assert!(!denied.allowed && denied.reason.is_some(), "{denied:?}");
    let error = client.verify_permission(PermissionCheck::new("x", "orders", "write")).await.unwrap_err();
    assert!(error.is_forbidden() && error.code() == Some(&rpc_runtime::Code::Int(403)), "{error:?}");
    assert_eq!(error.message(), Some("unknown user x"));
}

#[tokio::test]
async fn an_order_and_its_notification() {
    let reply = orders().create_order(OrderCreate::new("user123", decimal("100.10"))).send().await.unwrap();
    assert_eq!((reply.status().as_u16(), reply.message()), (201, Some("created")));
    let order = reply.into_data();
    let message = OrderCreated::new(order.id, order.user_id.clone());
    let client = notifications();
    let sent = client.send_notification(message.clone().into()).send().await.unwrap();
    assert!(sent.status().as_u16() == 202 && sent.data.queued && sent.data.id.starts_with("ntf-"));
    let all = client.list_sent().await.unwrap();
    assert!(all.contains(&message.into()), "{all:?}");
}

#[tokio::test]
async fn a_profile_from_three_services_one_of_them_down() {
    let down = wallet_service::Client::builder().url(REFUSED).api_key_header("wallet-key-1").build().unwrap();
    for (wallet_client, up) in [(wallets(), true), (down, false)] {
        let (order_client, user_client) = (orders(), users());
        let (user, orders, wallet) = tokio::join!(
            user_client.get_user("user123").into_future(),
            order_client.list_user_orders("user123").into_future(),
            wallet_client.get_user_wallet("user123").into_future(),
        );
        assert_eq!(user.unwrap().name, "Li Wei");
        assert!(orders.unwrap().iter().any(|order| order.id == 123));
        assert_eq!(wallet.ok().map(|wallet| wallet.user_id), up.then(|| "user123".to_owned()));
    }
}

#[tokio::test]
async fn instances_are_used_in_turn() {
    let (first, second) = (Instance::of("order-service").await, Instance::of("order-service").await);
    let map = serde_json::json!({"order-service": [first.url, second.url]}).to_string();
    let config = ClientConfig::from_vars([("RPC_CLIENT_SERVICES", map)]).unwrap();
    let client = order_service::Client::with_mesh(&Mesh::new(config).unwrap()).unwrap();
    let mut used = Vec::new();
    for _ in 0..6 {
        used.push(client.get_order(123).send().await.unwrap().endpoint().to_owned());
    }
    assert!(used.windows(2).all(|pair| pair[0] != pair[1]), "{used:?}");
    assert!(used.contains(&first.url) && used.contains(&second.url), "{used:?}");
    assert!(first.connections() > 0 && second.connections() > 0);
}

#[tokio::test]
async fn an_instance_that_is_down_is_passed_over() {
    let client = order_service::Client::builder().url(REFUSED).url(url("order-service")).build().unwrap();
    let mut attempts = Vec::new();
    for _ in 0..4 {
        let reply = client.get_order(123).send().await.unwrap();
        assert_eq!(reply.endpoint(), url("order-service"));
        attempts.push(reply.attempts());
    }
    assert!(attempts.contains(&2), "every second call meets the dead instance first: {attempts:?}");
    // Nothing was sent to the dead one, so a POST is moved as well.
    let create = || client.create_order(OrderCreate::new("user123", decimal("1")));
    assert!(create().await.is_ok() && create().await.is_ok());
}

#[tokio::test]
async fn timing() {
    let began = Instant::now();
    let reply = orders().get_slow().seconds(0.2).key(&unique("timing")).send().await.unwrap();
    let wall = began.elapsed();
    assert!(reply.elapsed() >= Duration::from_millis(200), "{:?}", reply.elapsed());
    assert!(reply.elapsed() <= wall, "{:?} of {wall:?}", reply.elapsed());
}

#[tokio::test]
async fn timeouts_of_the_client_and_of_the_call() {
    let short = Duration::from_millis(200);
    let client = order_service::Client::builder().url(url("order-service")).timeout(short).build().unwrap();
    let slow = |seconds: f64| client.get_slow().seconds(seconds).key(&unique("timeouts"));
    let began = Instant::now();
    let error = slow(30.0).await.unwrap_err();
    assert!(error.is_timeout() && error.elapsed() >= short, "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(20), "the call has not waited for the answer");
    let reply = slow(0.5).timeout(Duration::from_secs(30)).send().await.unwrap();
    assert!(reply.elapsed() >= Duration::from_millis(500));
    assert!(orders().get_slow().seconds(30.0).timeout(short).await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn graceful_degradation() {
    async fn order_or(client: order_service::Client, cached: Option<OrderStatus>) -> OrderStatus {
        let call = client.get_order(123).timeout(Duration::from_secs(5));
        match call.await {
            Ok(order) => order.status,
            Err(error) if error.is_unavailable() => cached.unwrap_or_else(|| "unknown".into()),
            Err(error) => panic!("{error:?}"),
        }
    }
    let down = order_service::Client::new(REFUSED).unwrap();
    assert_eq!(order_or(orders(), None).await.as_str(), "paid");
    assert_eq!(order_or(down.clone(), Some(OrderStatus::Shipped)).await, OrderStatus::Shipped);
    assert_eq!(order_or(down, None).await.as_str(), "unknown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_can_be_spawned() {
    fn is_send<T: Send + 'static>(value: T) -> T {
        value
    }
    let client = orders();
    let calls = [123, 124, 125].map(|id| tokio::spawn(is_send(client.get_order(id).into_future())));
    let mut ids = Vec::new();
    for call in calls {
        ids.push(is_send(call.await.unwrap().unwrap().id));
    }
    assert_eq!(ids, [123, 124, 125]);
}
