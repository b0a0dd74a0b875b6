//! Credentials of the document: sent where an operation asks for them, and nowhere else.

use auth_service::types::{IssueTokenBody, IssueTokenBodyGrantType};
use interop::{auth, seen, unique, url, wallets};
use rpc_runtime::{ErrorKind, Sent};

fn login(user: &str, password: &str) -> IssueTokenBody {
    IssueTokenBody::new().with_username(user).with_password(password)
}

fn builder() -> auth_service::ClientBuilder {
    auth_service::Client::builder().url(url("auth-service"))
}

#[tokio::test]
async fn an_api_key() {
    let id = unique("api-key");
    wallets().get_user_wallet("user123").trace_id(&id).await.unwrap();
    assert_eq!(seen(&id).await[0].headers["x-api-key"], "wallet-key-1");
    let wrong = wallets().get_user_wallet("user123").api_key_header("wrong").await.unwrap_err();
    assert!(wrong.is_unauthorized() && wrong.error_code() == Some("BAD_API_KEY"), "{wrong:?}");
    let shown = format!("{:?}", wallets());
    assert!(!shown.contains("wallet-key-1"), "{shown}");
}

#[tokio::test]
async fn a_missing_credential_is_not_sent() {
    let id = unique("missing");
    let client = wallet_service::Client::new(url("wallet-service")).unwrap();
    let error = client.get_user_wallet("user123").trace_id(&id).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::InvalidRequest, Sent::Never), "{error:?}");
    assert!(error.to_string().contains("APIKeyHeader"), "{error}");
    let error = auth().get_me().trace_id(&id).await.unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("HTTPBearer"), "{error}");
    assert!(seen(&id).await.is_empty());
}

#[tokio::test]
async fn basic() {
    let client = builder().http_basic("user456", "p@ss:word").build().unwrap();
    let principal = client.get_admin().await.unwrap();
    assert_eq!((principal.subject.as_str(), principal.scheme.as_str()), ("user456", "basic"));
    let error = client.get_admin().http_basic("user456", "no").await.unwrap_err();
    assert!(error.is_unauthorized() && error.error_code() == Some("BAD_CREDENTIALS"), "{error:?}");
}

#[tokio::test]
async fn a_token_by_form_and_bearer() {
    let token = auth().issue_token().body(login("user123", "secret")).await.unwrap();
    assert_eq!((token.token_type.as_str(), token.expires_in), ("bearer", 3600));
    let client = builder().http_bearer(token.access_token.as_str()).build().unwrap();
    let id = unique("bearer");
    assert_eq!(client.get_me().trace_id(&id).await.unwrap().subject, "user123");
    assert_eq!(seen(&id).await[0].headers["authorization"], format!("Bearer {}", token.access_token));

    // An operation that asks for none gets none, one that asks for another gets no wrong one.
    let id = unique("not-asked");
    let check = auth_service::types::PermissionCheck::new("user123", "orders", "read");
    client.verify_permission(check).trace_id(&id).await.unwrap();
    assert!(!seen(&id).await[0].headers.contains_key("authorization"));
    assert!(client.get_admin().await.unwrap_err().is_invalid_request());

    let error = auth().issue_token().body(login("user123", "& = + wrong")).await.unwrap_err();
    assert!(error.is_unauthorized() && error.error_code() == Some("INVALID_GRANT"), "{error:?}");
}

#[tokio::test]
async fn special_characters_in_a_form() {
    let token = auth().issue_token().body(login("user456", "p@ss:word")).await.unwrap();
    assert!(token.access_token.starts_with("token-user456-"), "{token:?}");
}

#[tokio::test]
async fn a_token_of_a_program() {
    let grant = IssueTokenBody::new()
        .with_grant_type(IssueTokenBodyGrantType::ClientCredentials)
        .with_client_id("reporting")
        .with_client_secret("client-secret")
        .with_scope("reports:read");
    let token = auth().issue_token().body(grant).await.unwrap();
    let principal = auth().list_reports().bearer_auth(token.access_token).await.unwrap();
    assert_eq!((principal.subject.as_str(), principal.scheme.as_str()), ("reporting", "oauth2"));
    let other = auth().issue_token().body(login("user123", "secret")).await.unwrap();
    let error = auth().list_reports().bearer_auth(other.access_token).await.unwrap_err();
    assert!(error.is_forbidden() && error.error_code() == Some("INSUFFICIENT_SCOPE"), "{error:?}");
}
