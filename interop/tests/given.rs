//! Crates of documents that other services of these names once emitted, against the services of today.

use interop::{unique, url};

#[tokio::test]
async fn auth() {
    use given_auth_service::types::PermissionCheck;
    let client = given_auth_service::Client::new(url("auth-service")).unwrap();
    let decision = client.verify_permission(PermissionCheck::new("user123", "orders", "read")).await.unwrap();
    assert!(decision.allowed);
    let error = client.verify_permission(PermissionCheck::new("x", "orders", "read")).await.unwrap_err();
    assert!(error.is_forbidden(), "{error:?}");
}

#[tokio::test]
async fn notifications() {
    use given_notification_service::types::UserJoined;
    let client = given_notification_service::Client::new(url("notification-service")).unwrap();
    let sent = client.send_notification(UserJoined::new(unique("given")).into()).await.unwrap();
    assert!(sent.id.starts_with("ntf-"), "{sent:?}");
}

#[tokio::test]
async fn wallets() {
    let builder = given_wallet_service::Client::builder().url(url("wallet-service"));
    let client = builder.api_key_header("wallet-key-2").build().unwrap();
    let wallet = client.get_user_wallet("user123").await.unwrap();
    assert_eq!(wallet.balance.to_string(), "12345678901234567.89");
}
