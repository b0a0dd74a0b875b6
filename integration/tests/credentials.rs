//! Credentials of the documents: sent where an operation asks for them, and nowhere else.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "../../rpc-runtime/tests/support/server.rs"]
#[allow(dead_code, reason = "shared with the runtime's tests, which use more of it")]
mod server;

use rpc_runtime::ErrorKind;
use server::{Act, Server};

async fn server() -> Server {
    Server::start(|_, _| {
        let body = r#"{"code":401,"message":"no"}"#;
        Act::Write(format!("HTTP/1.1 401 X\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes())
    })
    .await
}

#[tokio::test]
async fn an_api_key_of_client_and_call() {
    let server = server().await;
    let client =
        wallet_service::Client::builder().url(&server.url()).api_key_header("of-client").build().unwrap();
    assert!(client.get_user_wallet("u1").await.unwrap_err().is_unauthorized());
    client.get_user_wallet("u1").api_key_header("of-call").await.unwrap_err();
    let keys: Vec<String> = server.seen().iter().map(|seen| seen.header("x-api-key").to_owned()).collect();
    assert_eq!(keys, ["of-client", "of-call"]);

    let without = wallet_service::Client::new(&server.url()).unwrap();
    let error = without.get_user_wallet("u1").await.unwrap_err();
    assert_eq!((error.kind(), server.seen().len()), (ErrorKind::InvalidRequest, 2));
    assert!(error.to_string().contains("needs a credential: APIKeyHeader"), "{error}");
}

#[tokio::test]
async fn bearer_and_basic_go_only_where_they_are_asked_for() {
    let server = server().await;
    let client = auth_service::Client::builder()
        .url(&server.url())
        .http_bearer("t-1")
        .http_basic("ann", "secret")
        .build()
        .unwrap();
    client.get_me().await.unwrap_err();
    client.get_admin().await.unwrap_err();
    client.verify_permission(auth_service::types::PermissionCheck::new("u", "r", "a")).await.unwrap_err();
    let sent: Vec<String> =
        server.seen().iter().map(|seen| seen.header("authorization").to_owned()).collect();
    assert_eq!(sent, ["Bearer t-1", "Basic YW5uOnNlY3JldA==", ""]);
}
