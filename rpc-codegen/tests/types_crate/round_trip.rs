//! Runs in the crate that `types_crate.rs` writes.
#![allow(deprecated, reason = "part of what is tested")]

use rpc_runtime::codegen::{Path, Validate};
use rpc_runtime::types::{Decimal, Maybe};
use sample::types::*;
use serde::{Serialize, de::DeserializeOwned};

fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(json: &str, expected: Result<&str, &str>) {
    match (serde_json::from_str::<T>(json), expected) {
        (Ok(value), Ok(written)) => {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(text, written);
            assert_eq!(serde_json::from_str::<T>(&text).unwrap(), value);
        }
        (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
        (value, expected) => panic!("{json}: {value:?}, expected {expected:?}"),
    }
}

#[test]
fn orders() {
    check::<Order>(
        r#"{"user_id":"u","lines":[],"payment":{"wallet_id":"00000000-0000-0000-0000-000000000001"},"note":null,"note2":null,"raw":1,"status":"lost"}"#,
        Ok(r#"{"user_id":"u","lines":[],"payment":{"kind":"wallet","wallet_id":"00000000-0000-0000-0000-000000000001"},"note":null,"note2":null,"limit":20,"fee":"1.50","flag":false,"tags":[],"words":["a"],"sort":"asc","nullable_size":7,"raw":1,"status":"lost"}"#),
    );
    check::<Order>(
        r#"{"user_id":"u","lines":[{"sku":"s","price":1.10}],"payment":{"kind":"card","number":"1"},"note":"n","note2":"x","patch-me":null,"amounts":[1.0,null],"named":["2.50"],"maybe_amount":{"a":3.00},"limit":null,"fee":null,"flag":null,"tags":null,"words":null,"sort":"desc","when":null,"nullable_size":null,"type":null,"raw":null,"big":"9007199254740993","pair":["a",0.1],"file":"AQI=","strange":"?","level":5,"shape":{"z":1.0},"place":[1,"a",[0.10],{"kind":"cash"},true],"status":"paid"}"#,
        Ok(r#"{"user_id":"u","lines":[{"sku":"s","price":"1.10"}],"payment":{"kind":"card","number":"1"},"note":"n","note2":"x","patch-me":null,"amounts":["1.0",null],"named":["2.50"],"maybe_amount":{"a":"3.00"},"limit":20,"fee":"1.50","flag":false,"tags":[],"words":["a"],"sort":"desc","nullable_size":null,"raw":null,"big":"9007199254740993","pair":["a","0.1"],"file":"AQI=","strange":"?","level":5,"shape":{"z":"1.0"},"place":[1,"a",["0.10"],{"kind":"cash"},true],"status":"paid"}"#),
    );
    check::<Order>(r#"{"user_id":"u","lines":[],"payment":{"kind":"card","number":"1"},"note2":"","raw":1,"status":""}"#, Err("missing field `note`"));
    check::<Order>(r#"{"user_id":"u","lines":[],"payment":{"kind":"card","number":"1"},"note":"","raw":1,"status":""}"#, Err("missing field `note2`"));
    check::<Order>(r#"{"user_id":"u","lines":[],"payment":{"kind":"card"}}"#, Err("PaymentMethod::Card: missing field `number`"));
}

#[test]
fn replies() {
    check::<Plain>(
        r#"{"userId":"u","at":"2025-01-15T08:30:00","orders":{},"ratio":0.5,"free":{"a":[1]},"unknown":1}"#,
        Ok(r#"{"userId":"u","at":"2025-01-15T08:30:00","maybe":null,"orders":{},"ratio":0.5,"fee":"0","free":{"a":[1]},"any":null}"#),
    );
    check::<Plain>(r#"{"userId":"u","orders":{},"ratio":0.5,"free":{}}"#, Err("missing field `at`"));
}

#[test]
fn patches_say_only_what_is_set() {
    let text = |patch: &OrderPatch| serde_json::to_string(patch).unwrap();
    assert_eq!(text(&OrderPatch::new()), "{}");
    assert_eq!(text(&OrderPatch::default().with_note(None).with_total(Decimal::new(150, 2))), r#"{"note":null,"total":"1.50"}"#);
    assert_eq!(text(&OrderPatch::new().with_note("x").with_limit(3)), r#"{"note":"x","limit":3}"#);
    assert_eq!(OrderPatch::new().note, Maybe::Absent);
    check::<OrderPatch>(r#"{"total":1.5}"#, Ok(r#"{"total":"1.5"}"#));
}

#[test]
fn further_members() {
    check::<Settings>(
        r#"{"theme":"t","x":1.10,"must":2.0}"#,
        Ok(r#"{"theme":"t","limit":5,"zero":0,"must":"2.0","size":7,"x":"1.10"}"#),
    );
    check::<Settings>(
        r#"{"limit":null,"zero":null,"size":null,"note":null,"font-size":3,"theme":"t","must":null}"#,
        Ok(r#"{"theme":"t","font-size":3,"note":null,"limit":5,"zero":0,"must":null,"size":null}"#),
    );
    check::<Settings>(r#"{"theme":"t"}"#, Err("missing field `must`"));
    let made = Settings::new("t", None).with_rest([("a".to_owned(), Decimal::ONE)]).with_font_size(2);
    assert_eq!(serde_json::to_string(&made).unwrap(), r#"{"theme":"t","font-size":2,"limit":5,"zero":0,"must":null,"size":7,"a":"1"}"#);
}

#[test]
fn requests_are_checked() {
    let order = |user: &str, lines: Vec<OrderLine>| {
        let payment = PaymentMethod::from(CardPayment::new("1"));
        Order::new(user, lines, payment, None, None, serde_json::json!(1), Status::Paid)
    };
    let valid = |order: &Order| order.validate(&Path::root()).is_ok();
    assert!(valid(&order("u", vec![OrderLine::new("s", Decimal::ONE)])));
    assert!(!valid(&order("", vec![OrderLine::new("s", Decimal::ONE)])));
    assert!(!valid(&order("u", vec![])));
    assert!(!valid(&order("u", vec![OrderLine::new("", Decimal::ONE)])));
    assert!(!valid(&order("u", vec![OrderLine::new("s", Decimal::ONE)]).with_tags(["".to_owned()])));
}

#[test]
fn the_rest() {
    check::<Empty>("{}", Ok("{}"));
    check::<Hostile>(r#"{"we`ird\"]\n#[x] */":"a"}"#, Ok(r#"{"we`ird\"]\n#[x] */":"a"}"#));
    check::<TreeNode>(r#"{"left":{"kids":[]},"kids":[]}"#, Ok(r#"{"left":{"kids":[]},"kids":[]}"#));
    check::<First>(r#""2025-01-15 08:30:00""#, Ok(r#""2025-01-15T08:30:00""#));
    check::<HTTPThing>(r#"{"self":"s","r2d2":2}"#, Ok(r#"{"self":"s","r2d2":2}"#));
    assert_eq!(WalletPayment::new(rpc_runtime::types::Uuid::nil()).kind, WalletKind::Wallet);
    assert_eq!(Many::new(0, 1, 2, 3, 4, 5, 6, 7, 8).f8, 8);
}
