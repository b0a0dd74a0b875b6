//! Values arrive as they were sent, in both directions.

use interop::{notifications, orders, unique, users, wallets};
use notification_service::types::{OrderCreated, TemplateNode, UserJoined};
use order_service::types::{
    CardPayment, OrderCreate, OrderLine, OrderPayment, OrderStatus, TransferPayment, WalletPayment,
};
use rpc_runtime::Method;
use rpc_runtime::types::{Date, DateTime, Decimal, IsoDuration, Maybe, Time, Uuid, Value};
use wallet_service::types::{EntryKind, Transfer};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn moment(text: &str) -> DateTime {
    text.parse().unwrap()
}

#[tokio::test]
async fn decimals_are_exact() {
    let big = decimal("12345678901234567.89");
    assert_eq!(orders().get_order(124).await.unwrap().amount, big);
    assert_eq!(wallets().get_user_wallet("user123").await.unwrap().balance.to_string(), big.to_string());
    let line = OrderLine::new("TEA-001", decimal("0.0000000000000000000000000001"));
    let create = OrderCreate::new("user123", big).with_items([line]);
    let order = orders().create_order(create).await.unwrap();
    assert_eq!(order.amount.to_string(), "12345678901234567.89");
    assert_eq!(order.items[0].unit_price.to_string(), "0.0000000000000000000000000001");
    assert_eq!(orders().get_order(order.id).await.unwrap(), order);
}

#[tokio::test]
async fn decimals_in_exponent_notation() {
    for (sent, expected) in [("1E+3", "1000"), ("1E-7", "0.0000001"), ("1.5e2", "150")] {
        let new = serde_json::json!({
            "user_id": "user123", "amount": 1, "payment": {"kind": "wallet", "wallet_id": "w", "fee": sent},
        });
        let raw: Value = orders().raw(Method::POST, "/api/v1/orders").json(&new).send_json().await.unwrap();
        let fee = raw["payment"]["fee"].as_str().unwrap();
        assert!(fee.contains('E'), "the service writes it with an exponent: {fee}");
        let order = orders().get_order(raw["id"].as_i64().unwrap()).await.unwrap();
        let Maybe::Value(OrderPayment::Wallet(payment)) = order.payment else {
            panic!("{:?}", order.payment)
        };
        assert_eq!(payment.fee, decimal(expected));
    }
}

#[tokio::test]
async fn dates_times_and_ids() {
    let order = orders().get_order(123).await.unwrap();
    assert_eq!(order.created_at, moment("2025-01-15T08:30:00Z"));
    assert_eq!(order.due_date, Maybe::Value(date("2025-02-01")));
    assert_eq!(
        order.external_id.value().map(Uuid::to_string).as_deref(),
        Some("018f4e2a-7c31-7b52-9d3e-2f6a1c0b4d5e")
    );
    let precise = orders().get_order(124).await.unwrap().created_at;
    assert_eq!(precise.to_string(), "2025-01-16T08:30:00.123456Z");

    let user = users().get_user("user123").await.unwrap();
    assert_eq!(user.birthday, Some(date("1990-02-28")));
    assert_eq!(user.last_seen_at, Some(moment("2025-01-15T08:30:00.25Z")));
    assert_eq!(user.last_seen_ip.map(|ip| ip.to_string()).as_deref(), Some("192.0.2.7"));
    assert_eq!(user.avatar_url.as_deref(), Some("https://example.com/avatars/user123.png?size=64"));
    let quiet = user.preferences.unwrap().quiet_hours.unwrap();
    assert_eq!((quiet.start, quiet.end), ("22:30:00".parse::<Time>().unwrap(), "07:00:00".parse().unwrap()));

    let after =
        orders().list_orders().created_after(moment("2025-01-16T16:30:00+08:00")).size(2).await.unwrap();
    assert_eq!(after.items[0].id, 124);
}

#[tokio::test]
async fn moments_with_and_without_offset() {
    let created = orders().create_order(OrderCreate::new("user123", decimal("1"))).await.unwrap();
    for text in ["2025-01-15T08:30:00", "2025-01-15T16:30:00.5+08:00", "2025-01-15T08:30:00Z"] {
        let mut order = created.clone();
        order.created_at = moment(text);
        let replaced = orders().replace_order(order.id, order.clone()).await.unwrap();
        assert_eq!(replaced.created_at, moment(text));
        assert_eq!(replaced.created_at.timestamp().is_none(), !text.contains(['Z', '+']), "{text}");
        assert_eq!(orders().get_order(order.id).await.unwrap().created_at, moment(text));
    }
}

#[tokio::test]
async fn tuples_durations_and_large_integers() {
    let page = wallets().list_wallet_history("user123").kind(EntryKind::from(1)).await.unwrap();
    let entry = &page.items[0];
    assert_eq!(entry.sequence, 9_007_199_254_740_993);
    assert_eq!(entry.kind.value(), 1);
    assert_eq!(entry.period, (date("2025-01-01"), date("2025-01-01")));
    assert_eq!(entry.source, Some(("main".to_owned(), 4, true)));
    assert_eq!(entry.held_for, "P1DT2H3.5S".parse().unwrap());
    assert_eq!(entry.amount.to_string(), "12345678901234567.89");
    let none = wallets().list_wallet_history("user123").since(date("2100-01-01")).await.unwrap();
    assert_eq!((none.total, none.items.len()), (0, 0));
}

#[tokio::test]
async fn maps_with_null_values() {
    let limits = wallets().get_wallet_limits("user123").await.unwrap();
    assert_eq!(limits.get("daily"), Some(&Some(5000)));
    assert_eq!(limits.get("single"), Some(&None));
}

#[tokio::test]
async fn a_transfer_keeps_every_digit() {
    let hold: IsoDuration = "P1DT2H".parse().unwrap();
    let transfer = Transfer::new("user456", decimal("0.05")).with_hold(hold);
    let before = wallets().get_user_wallet("user456").await.unwrap().balance;
    let done = wallets().transfer_money("user456", transfer).await.unwrap();
    assert_eq!((done.wallet.balance, done.entry.amount.to_string()), (before, "0.05".to_owned()));
    assert_eq!((done.entry.kind.value(), done.entry.held_for), (3, hold));
    assert!(done.entry.sequence > 9_007_199_254_740_993);
    let error =
        wallets().transfer_money("user456", Transfer::new("user789", decimal("0.01"))).await.unwrap_err();
    assert_eq!(
        (error.code(), error.error_code()),
        (Some(&rpc_runtime::Code::Int(4102)), Some("CURRENCY_MISMATCH"))
    );
}

#[tokio::test]
async fn a_tagged_union_in_all_its_forms() {
    let payments = [
        OrderPayment::Card(CardPayment::new("4242", 12, 2030)),
        OrderPayment::Transfer(TransferPayment::new("DE89370400440532013000")),
        OrderPayment::Wallet(WalletPayment::new("w-1")),
    ];
    for payment in payments {
        let create = OrderCreate::new("user123", decimal("1")).with_payment(payment.clone());
        let order = orders().create_order(create).await.unwrap();
        // The service adds the fields that it fills.
        let (sent, got) =
            (serde_json::to_value(&payment).unwrap(), serde_json::to_value(&order.payment).unwrap());
        assert_eq!(got["kind"], sent["kind"]);
        for (name, value) in sent.as_object().unwrap() {
            assert_eq!(&got[name], value, "{name}");
        }
        let read = orders().get_order(order.id).await.unwrap();
        assert_eq!(read.payment, order.payment);
        let written = orders().replace_order(order.id, read.clone()).await.unwrap();
        assert_eq!(written, read);
    }
}

#[tokio::test]
async fn unknown_values_are_kept() {
    let text = r#"{"kind":"cash","sum":12345678901234567.89}"#;
    let cash: OrderPayment = serde_json::from_str(text).unwrap();
    assert!(matches!(cash, OrderPayment::Unknown(_)), "{cash:?}");
    assert_eq!(serde_json::to_string(&cash).unwrap(), text);
    let status: OrderStatus = serde_json::from_str("\"lost\"").unwrap();
    assert_eq!(serde_json::to_string(&status).unwrap(), "\"lost\"");

    // The service refuses what it does not know: nothing was changed on the way.
    let create = OrderCreate::new("user123", decimal("1")).with_payment(cash);
    let error = orders().create_order(create).await.unwrap_err();
    assert_eq!(error.error_code(), Some("VALIDATION_ERROR"));
    assert!(error.details().is_some_and(|details| details.get().contains("cash")), "{error:?}");
}

#[tokio::test]
async fn a_union_told_apart_by_a_constant() {
    let user = unique("user");
    let joined = UserJoined::new(user.clone());
    let created = OrderCreated::new(9_007_199_254_740_993, user.clone());
    let client = notifications();
    client.send_notification(joined.clone().into()).await.unwrap();
    client.send_notification(created.clone().into()).await.unwrap();
    let all = client.list_sent().await.unwrap();
    assert!(all.contains(&joined.into()) && all.contains(&created.into()), "{all:?}");
}

#[tokio::test]
async fn recursive_types() {
    let tree = notifications().get_templates().await.unwrap();
    let shipped = &tree.children[0].children[1];
    assert_eq!(
        (shipped.name.as_str(), shipped.subject.value().map(String::as_str)),
        ("shipped", Some("您的订单已发货"))
    );
    let stats = notifications().check_templates(tree.clone()).await.unwrap();
    assert_eq!((stats.nodes, stats.depth), (4, 3));
    let deeper = TemplateNode::new("top").with_children([tree]);
    let stats = notifications().check_templates(deeper).await.unwrap();
    assert_eq!((stats.nodes, stats.depth), (5, 4));
}

#[tokio::test]
async fn null_and_missing() {
    let bare = users().get_user("123").await.unwrap();
    assert_eq!(bare.name, "小明");
    assert!(
        bare.email.is_none()
            && bare.birthday.is_none()
            && bare.address.is_none()
            && bare.last_seen_at.is_none()
    );
    let preferences = bare.preferences.unwrap();
    assert_eq!((preferences.theme.as_str(), preferences.volume), ("light", 0.5));
    assert_eq!(users().get_user("用户 789").await.unwrap().name, "John Space");
    let full = users().get_user("user123").await.unwrap();
    assert_eq!(
        full.address.map(|address| (address.city, address.country)),
        Some(("北京".to_owned(), "CN".to_owned()))
    );
}

#[tokio::test]
async fn read_change_write_back() {
    let mut order = orders().create_order(OrderCreate::new("user123", decimal("1.50"))).await.unwrap();
    order.note = "礼物 🎁 \"quoted\" \\ \u{0}".into();
    order.amount = decimal("12345678901234567.89");
    order.metadata.insert("key".to_owned(), "value".to_owned());
    let written = orders().replace_order(order.id, order.clone()).await.unwrap();
    assert_eq!(written, order);
    assert_eq!(orders().get_order(order.id).await.unwrap(), order);

    let user = users().create_user(user_service::types::UserCreate::new("Prefs")).await.unwrap();
    let mut preferences = users().get_preferences(&user.id).await.unwrap();
    preferences.volume = 0.125;
    preferences.newsletter = !preferences.newsletter;
    let written = users().replace_preferences(&user.id, preferences.clone()).await.unwrap();
    assert_eq!(written, preferences);
    assert_eq!(users().get_preferences(&user.id).await.unwrap(), preferences);
    users().delete_user(&user.id).await.unwrap();
}
