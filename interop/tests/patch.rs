//! PATCH: what is set is sent, what is not set is left alone, null clears.

use interop::{orders, users};
use order_service::types::{Order, OrderCreate, OrderPatch, OrderStatus};
use rpc_runtime::types::Maybe;
use user_service::types::{UserCreate, UserPatch};

async fn order() -> Order {
    let create = OrderCreate::new("user123", "9.90".parse().unwrap());
    let create = create.with_note("keep me").with_tags(["one".to_owned()]);
    let mut order = orders().create_order(create).await.unwrap();
    // Not what the document gives as the default of the patch's field.
    order.status = OrderStatus::Paid;
    orders().replace_order(order.id, order.clone()).await.unwrap()
}

#[test]
fn only_what_is_set_is_written() {
    assert_eq!(serde_json::to_string(&OrderPatch::default()).unwrap(), "{}");
    assert_eq!(serde_json::to_string(&UserPatch::default()).unwrap(), "{}");
    let patch = OrderPatch::new().with_note(Maybe::Null);
    assert_eq!(serde_json::to_string(&patch).unwrap(), r#"{"note":null}"#);
}

#[tokio::test]
async fn nothing_set_changes_nothing() {
    let order = order().await;
    assert_eq!(orders().patch_order(order.id, OrderPatch::default()).await.unwrap(), order);
}

#[tokio::test]
async fn null_clears_and_leaves_the_rest_alone() {
    let order = order().await;
    let patch = OrderPatch::new().with_note(Maybe::Null);
    let patched = orders().patch_order(order.id, patch).await.unwrap();
    assert_eq!(patched, order.clone().with_note(Maybe::Null));
    assert_ne!(patched, order);
    assert_eq!(orders().get_order(order.id).await.unwrap(), patched);
}

#[tokio::test]
async fn a_value_is_set() {
    let order = order().await;
    let patch = OrderPatch::new().with_status(OrderStatus::Shipped).with_tags([]);
    let patched = orders().patch_order(order.id, patch).await.unwrap();
    assert_eq!((patched.status, patched.tags.len(), patched.note), (OrderStatus::Shipped, 0, order.note));
}

#[tokio::test]
async fn a_cancelled_order_is_a_conflict() {
    let error = orders().patch_order(125, OrderPatch::default()).await.unwrap_err();
    assert!(error.is_conflict() && error.error_code() == Some("ORDER_CANCELLED"), "{error:?}");
}

#[tokio::test]
async fn null_where_the_service_refuses_it() {
    let create = UserCreate::new("Patch").with_phone("+1 555 0100");
    let user = users().create_user(create).await.unwrap();
    let patch = UserPatch::new().with_name(Maybe::Null);
    let error = users().patch_user(&user.id, patch).await.unwrap_err();
    assert_eq!(
        (error.code(), error.error_code()),
        (Some(&rpc_runtime::Code::Int(4003)), Some("FIELD_REQUIRED"))
    );
    let patch = UserPatch::new().with_phone(Maybe::Null);
    let patched = users().patch_user(&user.id, patch).await.unwrap();
    assert_eq!((patched.phone, patched.name), (None, user.name));
}
