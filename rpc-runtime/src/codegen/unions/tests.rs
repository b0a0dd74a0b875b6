use std::collections::BTreeMap;

use serde_json::Value;

use crate::codec::{DecimalString, Same};
use crate::types::{Decimal, RawJson};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Card {
    kind: String,
    number: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wallet {
    #[serde(default)]
    kind: String,
    id: i64,
}

#[derive(Debug, PartialEq)]
enum Payment {
    Card(Card),
    Wallet(Box<Wallet>),
    Unknown(RawJson),
}
crate::codegen::union!(Payment, Unknown, tag("kind", or "wallet") {
    Card: Card as Same = ["card", "credit"],
    Wallet: Box<Wallet> as Same = ["wallet"],
});

#[derive(Debug, PartialEq)]
enum Strict {
    Card(Card),
    Unknown(RawJson),
}
crate::codegen::union!(Strict, Unknown, tag("kind") { Card: Card as Same = ["card"] });

#[derive(Debug, PartialEq)]
enum Shape {
    Card(Card),
    Wallet(Wallet),
    Unknown(RawJson),
}
crate::codegen::union!(
    Shape,
    Unknown,
    field { Card: Card as Same = ["number"], Wallet: Wallet as Same = [""] }
);

#[derive(Debug, PartialEq)]
enum Place {
    Amounts(Vec<Decimal>),
    Index(i64),
    Name(String),
    Unknown(RawJson),
}
crate::codegen::union!(Place, Unknown, json_type {
    Amounts: Vec<Decimal> as Vec<DecimalString> = ["array"],
    Index: i64 as Same = ["number"],
    Name: String as Same = ["string"],
});

#[derive(Debug, PartialEq)]
enum First {
    Wallet(Wallet),
    Card(Card),
    Unknown(RawJson),
}
crate::codegen::union!(
    First,
    Unknown,
    best_match { Wallet: Wallet as Same = ["kind", "id"], Card: Card as Same = ["kind", "number"] }
);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Phone {
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    street: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
}

/// Each fits every object, nearly.
#[derive(Debug, PartialEq)]
enum Contact {
    Phone(Phone),
    Address(Address),
    Words(Vec<String>),
    Unknown(RawJson),
}
crate::codegen::union!(Contact, Unknown, best_match {
    Phone: Phone as Same = ["prefix", "number"],
    Address: Address as Same = ["street", "number"],
    Words: Vec<String> as Same = [..],
});

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Nothing {}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    id: i64,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// Some lose what they do not know.
#[derive(Debug, PartialEq)]
enum Loose {
    Nothing(Nothing),
    Address(Address),
    Open(Open),
    Any(BTreeMap<String, Value>),
    Unknown(RawJson),
}
crate::codegen::union!(Loose, Unknown, best_match {
    Nothing: Nothing as Same = [],
    Address: Address as Same = ["street", "number"],
    Open: Open as Same = ["id", ..],
    Any: BTreeMap<String, Value> as Same = [..],
});

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Leaf {
    #[serde(skip_serializing_if = "Option::is_none")]
    child: Option<Box<Tree>>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Branch {
    #[serde(skip_serializing_if = "Option::is_none")]
    child: Option<Box<Tree>>,
    x: i64,
}

/// A branch reads all its children before it fails.
#[derive(Debug, PartialEq)]
enum Tree {
    Leaf(Leaf),
    Branch(Branch),
    Unknown(RawJson),
}
crate::codegen::union!(
    Tree,
    Unknown,
    best_match { Leaf: Leaf as Same = ["child"], Branch: Branch as Same = ["child", "x"] }
);

fn check<T: std::fmt::Debug + Serialize + serde::de::DeserializeOwned>(
    json: &str,
    expected: Result<&str, &str>,
) {
    match (serde_json::from_str::<T>(json), expected) {
        (Ok(value), Ok(name)) => {
            assert!(format!("{value:?}").starts_with(name), "{value:?}");
            let written = serde_json::to_string(&value).unwrap();
            assert_eq!(
                serde_json::to_string(&serde_json::from_str::<T>(&written).unwrap()).unwrap(),
                written
            );
        }
        (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
        (value, expected) => panic!("{json}: {value:?}, expected {expected:?}"),
    }
}

#[test]
fn chooses_by_tag() {
    check::<Payment>(r#"{"number":1,"kind":"card"}"#, Ok("Card("));
    check::<Payment>(r#"{"number":1,"k\u0069nd":"cr\u0065dit"}"#, Ok("Card("));
    check::<Payment>(r#"{"id":1}"#, Ok("Wallet("));
    check::<Payment>(r#"{"kind":"cash","sum":1.10}"#, Ok(r#"Unknown({"kind":"cash","sum":1.10})"#));
    check::<Payment>(r#"{"kind":"card"}"#, Err("Payment::Card: missing field `number`"));
    check::<Payment>("[]", Err("expected an object with the field `kind`, found array"));
    check::<Strict>(r#"{"number":1}"#, Err("Strict: missing field `kind`"));
    check::<Strict>(r#"{"kind":null}"#, Ok("Unknown("));
}

#[test]
fn chooses_by_field() {
    check::<Shape>(r#"{"kind":"","x":{"a":[1]},"number":1}"#, Ok("Card("));
    check::<Shape>(r#"{"id":1}"#, Ok("Wallet("));
    check::<Shape>(r#"{"sum":1}"#, Err("Shape::Wallet: missing field `id`"));
    check::<Shape>("1", Ok("Unknown(1)"));
}

#[test]
fn chooses_by_json_type() {
    check::<Place>(r#"["1.10",2]"#, Ok("Amounts([1.10, 2])"));
    check::<Place>(r#""body""#, Ok("Name("));
    check::<Place>("-7", Ok("Index(-7)"));
    check::<Place>("1.5", Err("Place::Index: "));
    check::<Place>("{}", Ok("Unknown({})"));
}

#[test]
fn chooses_the_first_that_fits() {
    check::<First>(r#"{"id":1,"number":2,"kind":""}"#, Ok("Wallet("));
    check::<First>(r#"{"number":2,"kind":""}"#, Ok("Card("));
    check::<First>(r#"{"kind":""}"#, Ok("Unknown("));
    check::<First>("12345678901234567890.10", Ok("Unknown(12345678901234567890.10)"));
}

#[test]
fn chooses_the_one_that_knows_most() {
    check::<Contact>(r#"{"number":1}"#, Ok("Phone("));
    check::<Contact>(r#"{"number":1,"street":"x"}"#, Ok("Address("));
    check::<Contact>(r#"{"more":{"prefix":1},"str\u0065et":"x"}"#, Ok("Address("));
    check::<Contact>(r#"{"prefix":"1","number":1,"street":false}"#, Ok("Phone("));
    check::<Contact>("{}", Ok("Phone("));
    check::<Contact>(r#"["a"]"#, Ok("Words("));
    // What none of them knows, or reads, is kept.
    check::<Contact>(r#"{"mail":1.10}"#, Ok(r#"Unknown({"mail":1.10})"#));
    check::<Contact>(r#"{"street":false}"#, Ok("Unknown("));
}

#[test]
fn what_keeps_all_is_chosen_where_others_know_no_more() {
    check::<Loose>("{}", Ok("Nothing("));
    check::<Loose>(r#"{"z":1}"#, Ok("Any("));
    check::<Loose>(r#"{"street":"x"}"#, Ok("Address("));
    // A server may add members: that is no reason to take another type.
    check::<Loose>(r#"{"street":"x","number":1,"z":1}"#, Ok("Address("));
    check::<Loose>(r#"{"id":1,"street":"x","z":1}"#, Ok("Open("));
    check::<Loose>(r#"{"id":"x"}"#, Ok("Any("));
    check::<Loose>("7", Ok("Unknown(7)"));
}

/// `{"child":{"child":…{}…},"x":<x>}`
fn tree(levels: usize, x: &str) -> String {
    let tail = format!(r#","x":{x}}}"#);
    [r#"{"child":"#.repeat(levels), "{}".to_owned(), tail.repeat(levels)].concat()
}

#[test]
fn what_is_in_each_other_is_read_in_bounded_time_and_space() {
    check::<Tree>(&tree(40, "1"), Ok("Branch(Branch { child: Some(Branch("));
    // Twice the work for each level, without a bound.
    check::<Tree>(&tree(40, "null"), Ok(""));
    // Far more levels than a stack has room for.
    let deep = tree(10_000, "1");
    assert!(serde_json::from_str::<Tree>(&deep).is_ok());
}
