use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::{DecimalString, Same};
use crate::types::{Decimal, Maybe, Value};

#[derive(Debug)]
struct Closed {
    name: String,
    note: Option<String>,
    size: Option<u32>,
    keep: Maybe<i64>,
    price: Decimal,
    discount: Option<Decimal>,
    yes: bool,
    tags: Vec<String>,
}

fn yes() -> bool {
    true
}

crate::codegen::object!(Closed {
    0 {
        0 name "name" required read write;
        1 note "note" required read write;
        2 size "font-size" or_default read write_present;
        3 keep "keep" or_default read write_present;
        4 price "price" required read_as write_as as DecimalString;
        5 discount "discount" or_default read_as write_present_as as Option<DecimalString>;
        6 yes "yes" or(yes) read_nullable write;
        7 tags "tags" or_default read_nullable_as write_as as Vec<Same>;
    }
});

#[derive(Debug)]
struct Open {
    id: i64,
    rest: BTreeMap<String, Value>,
}
crate::codegen::object!(Open { 0 { 0 id "id" required read write; } } rest as Same);

#[derive(Debug)]
struct Empty {}
crate::codegen::object!(Empty { 0 {} });

fn check<T: DeserializeOwned + Serialize>(json: &str, expected: Expect) {
    expected.assert_eq(&match serde_json::from_str::<T>(json) {
        Ok(value) => serde_json::to_string(&value).unwrap(),
        Err(error) => error.to_string(),
    });
}

/// One more than a group.
#[derive(Debug)]
struct Large {
    a: u8,
    b: u8,
    c: u8,
    d: u8,
    e: u8,
    f: u8,
    g: u8,
    h: u8,
    i: u8,
    j: u8,
    k: u8,
    l: u8,
    m: u8,
    n: u8,
    o: u8,
    p: u8,
    q: u8,
}
crate::codegen::object!(Large {
    0 {
        0 a "a" required read write;
        1 b "b" required read write;
        2 c "c" required read write;
        3 d "d" required read write;
        4 e "e" required read write;
        5 f "f" required read write;
        6 g "g" required read write;
        7 h "h" required read write;
        8 i "i" required read write;
        9 j "j" required read write;
        10 k "k" required read write;
        11 l "l" required read write;
        12 m "m" required read write;
        13 n "n" required read write;
        14 o "o" required read write;
        15 p "p" required read write;
    }
    1 { 0 q "q" required read write; }
});

#[test]
fn members() {
    let check = check::<Closed>;
    check(
        r#"{"name":"a","note":null,"price":"1.50"}"#,
        expect![[r#"{"name":"a","note":null,"price":"1.50","yes":true,"tags":[]}"#]],
    );
    // In another order, with what is unknown in between.
    check(
        r#"{"tags":["t"],"yes":false,"discount":"0.10","new":{"a":[1]},"price":"2","keep":null,"font-size":7,"note":"n","name":"a"}"#,
        expect![[
            r#"{"name":"a","note":"n","font-size":7,"keep":null,"price":"2","discount":"0.10","yes":false,"tags":["t"]}"#
        ]],
    );
    check(
        r#"{"name":"a","note":"n","price":"1","yes":null,"tags":null,"keep":3,"discount":null}"#,
        expect![[r#"{"name":"a","note":"n","keep":3,"price":"1","yes":true,"tags":[]}"#]],
    );
    check(r#"{"note":"n","price":"1"}"#, expect!["missing field `name` at line 1 column 24"]);
    // A missing one is an error where null is a value, too.
    check(r#"{"name":"a","price":"1"}"#, expect!["missing field `note` at line 1 column 24"]);
    check(r#"{"name":"a","note":"n"}"#, expect!["missing field `price` at line 1 column 23"]);
    check(
        r#"{"name":"a","note":"n","price":"1","name":"b"}"#,
        expect!["duplicate field `name` at line 1 column 41"],
    );
    check(
        r#"{"name":"a","note":"n","price":"1","keep":null,"keep":1}"#,
        expect!["duplicate field `keep` at line 1 column 53"],
    );
    check(
        r#"{"name":"a","note":"n","price":"1","yes":null,"yes":true}"#,
        expect!["duplicate field `yes` at line 1 column 51"],
    );
    check(
        r#"{"name":1,"note":"n","price":"1"}"#,
        expect!["invalid type: integer `1`, expected a string at line 1 column 9"],
    );
    check(
        r#"{"name":"a","note":"n","price":"dear"}"#,
        expect![[r#"`"dear"` is not a decimal of at most 28 digits at line 1 column 38"#]],
    );
    check(r#"{"name":"a","#, expect!["EOF while parsing a value at line 1 column 12"]);
    check(
        r#"["a","n",null,null,"1",null,true,[]]"#,
        expect!["invalid type: sequence, expected struct Closed at line 1 column 0"],
    );
    check("7", expect!["invalid type: integer `7`, expected struct Closed at line 1 column 1"]);
}

#[test]
fn names_with_escapes_are_the_same_names() {
    check::<Closed>(
        r#"{"n\u0061me":"a","note":null,"price":"1"}"#,
        expect![[r#"{"name":"a","note":null,"price":"1","yes":true,"tags":[]}"#]],
    );
    check::<Open>(r#"{"\u0069d":1,"\u0061":2}"#, expect![[r#"{"id":1,"a":2}"#]]);
}

#[test]
fn what_is_not_listed() {
    check::<Open>(r#"{"a":1.10,"id":1,"b":{"id":2}}"#, expect![[r#"{"id":1,"a":1.1,"b":{"id":2}}"#]]);
    check::<Open>(r#"{"a":1,"a":2,"id":1}"#, expect![[r#"{"id":1,"a":2}"#]]);
    check::<Open>(r#"{"a":1}"#, expect!["missing field `id` at line 1 column 7"]);
    check::<Empty>(r#"{"a":1}"#, expect!["{}"]);
    check::<Empty>("{}", expect!["{}"]);
    check::<Empty>(r#"{"a":}"#, expect!["expected value at line 1 column 6"]);
}

#[test]
fn more_than_a_group() {
    let all: Vec<String> = ('a'..='q').map(|name| format!(r#""{name}":1"#)).collect();
    let without = |left: usize| {
        let members: Vec<&str> =
            all.iter().enumerate().filter(|(at, _)| *at != left).map(|(_, member)| member.as_str()).collect();
        format!("{{{}}}", members.join(","))
    };
    check::<Large>(
        &without(99),
        expect![[
            r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"q":1}"#
        ]],
    );
    check::<Large>(&without(0), expect!["missing field `a` at line 1 column 97"]);
    check::<Large>(&without(15), expect!["missing field `p` at line 1 column 97"]);
    check::<Large>(&without(16), expect!["missing field `q` at line 1 column 97"]);
    check::<Large>(
        &without(99).replace(r#""q":1"#, r#""q":1,"q":1"#),
        expect!["duplicate field `q` at line 1 column 106"],
    );
}

/// `Value` gives and takes its members by name, too.
#[test]
fn other_formats() {
    let value: Value =
        serde_json::from_str(r#"{"name":"a","note":null,"price":"1.50","yes":false}"#).unwrap();
    let closed: Closed = serde_json::from_value(value).unwrap();
    assert_eq!((closed.yes, closed.size, closed.discount), (false, None, None));
    assert_eq!(serde_json::to_value(&closed).unwrap()["price"], "1.50");
}

/// The first failure of a writer is the one that is told.
#[test]
fn failures_of_writing() {
    #[derive(Debug)]
    struct Wrong {
        first: Maybe<u8>,
        second: Maybe<u8>,
    }
    crate::codegen::object!(Wrong {
        0 {
            0 first "first" or_default read write;
            1 second "second" or_default read write_present;
        }
    });
    let error = serde_json::to_string(&Wrong { first: Maybe::Absent, second: Maybe::Value(1) }).unwrap_err();
    assert_eq!(error.to_string(), "an absent field must be skipped by its struct");
}
