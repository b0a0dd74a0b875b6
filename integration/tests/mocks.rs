//! The five services, served from their documents by `rpc-mock-spec` and called through their generated clients.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::path::Path;

use rpc_codegen::Input;
use rpc_mock_spec::{Options, Spec};
use rpc_runtime::types::Decimal;

async fn serve(service: &str) -> rpc_mock::Mock {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs").join(service);
    let files = ["openapi.json", "service.toml", "names.lock"];
    let files =
        files.into_iter().filter_map(|name| Some((name.into(), std::fs::read(folder.join(name)).ok()?)));
    let input = Input {
        service: service.into(),
        document: "openapi.json".into(),
        files: files.collect(),
        prefix: format!("specs/{service}/"),
    };
    Spec::load(&input).unwrap().service(Options::default()).start().await.unwrap()
}

/// Awaits calls one after the other; each must be understood.
macro_rules! all_ok {
    ($($call:expr),+ $(,)?) => {$(
        if let Err(error) = $call.await {
            panic!("{}: {error:?}", stringify!($call));
        }
    )+};
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[tokio::test]
async fn order_service_is_understood() {
    use order_service::types::{OrderCreate, OrderPatch};
    let mock = serve("order-service").await;
    let client = order_service::Client::new(&mock.url()).unwrap();
    all_ok!(
        client.list_orders(),
        client.get_order(7),
        client.list_user_orders("u1"),
        client.patch_order(7, OrderPatch::new()),
        client.get_flaky("k"),
        client.post_flaky("k"),
        client.get_count("k"),
        client.get_slow(),
        client.get_html(),
        client.post_business(),
        client.post_throttle("k"),
        client.get_echo_headers(),
        client.list_seen_requests("t"),
    );
    let created = client.create_order(OrderCreate::new("u1", decimal("99.90"))).await.unwrap();
    assert_eq!(created.amount, decimal("99.90"));
    let read = client.get_order(created.id).await.unwrap();
    assert_eq!((read.id, read.amount), (created.id, decimal("99.90")));
    all_ok!(client.replace_order(read.id, read.clone()), client.delete_order(read.id));
    assert!(client.get_order(created.id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn wallet_service_is_understood() {
    let mock = serve("wallet-service").await;
    let client = wallet_service::Client::builder().url(&mock.url()).api_key_header("key").build().unwrap();
    let transfer = wallet_service::types::Transfer::new("u2", decimal("5.00"));
    all_ok!(
        client.get_user_wallet("u1"),
        client.transfer_money("u1", transfer),
        client.list_wallet_history("u1"),
        client.get_wallet_limits("u1"),
    );
    // The document says only `string`; service.toml says decimal.
    assert_eq!(client.get_user_wallet("u1").await.unwrap().balance, decimal("1.00"));
}

#[tokio::test]
async fn auth_service_is_understood() {
    use auth_service::types::{IssueTokenBody, PermissionCheck};
    let mock = serve("auth-service").await;
    let builder =
        auth_service::Client::builder().url(&mock.url()).http_bearer("t").http_basic("ann", "secret");
    let client = builder.client_credentials("t").build().unwrap();
    all_ok!(
        client.verify_permission(PermissionCheck::new("u", "r", "a")),
        client.issue_token().body(IssueTokenBody::new().with_username("ann").with_password("secret")),
        client.get_me(),
        client.get_admin(),
        client.list_reports(),
    );
}

#[tokio::test]
async fn notification_service_is_understood() {
    use notification_service::types::{TemplateNode, UserJoined};
    let mock = serve("notification-service").await;
    let client = notification_service::Client::new(&mock.url()).unwrap();
    all_ok!(
        client.send_notification(UserJoined::new("u1").into()),
        client.list_sent(),
        client.get_templates(),
        client.check_templates(TemplateNode::new("root")),
    );
}

#[tokio::test]
async fn user_service_keeps_what_is_created() {
    use user_service::types::{Preferences, UserCreate, UserPatch, UserUpdate};
    let mock = serve("user-service").await;
    let client = user_service::Client::new(&mock.url()).unwrap();
    all_ok!(
        client.list_users(),
        client.search_users("jane"),
        client.get_preferences("u1"),
        client.replace_preferences("u1", Preferences::new()),
        client.replace_user("u1", UserUpdate::new("Jane")),
    );
    let created = client.create_user(UserCreate::new("Jane")).await.unwrap();
    let read = client.get_user(&created.id).await.unwrap();
    assert_eq!((&read.id, read.name.as_str()), (&created.id, "Jane"));
    let patch = UserPatch::new().with_name("Janet");
    assert_eq!(client.patch_user(&created.id, patch).await.unwrap().name, "Janet");
    assert_eq!(client.get_user(&created.id).await.unwrap().name, "Janet");
    client.delete_user(&created.id).await.unwrap();
    assert!(client.get_user(&created.id).await.unwrap_err().is_not_found());
}
