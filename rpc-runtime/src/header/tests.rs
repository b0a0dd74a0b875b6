//! One table: lines of a header, a key, what comes of it.
#![expect(unreachable_pub, reason = "the macros write public methods")]

use std::collections::BTreeMap;

use http::HeaderValue;
use serde::Deserialize;

use super::*;
use crate::codec::{Base64, DecimalNumber, IntString};
use crate::types::{Bytes, Date, DateTime, Decimal, Uuid, Value};

const NAME: &str = "X-Value";

fn read<T>(header: Header<T>, lines: &[&[u8]]) -> Result<Option<T>, String> {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append("x-value", HeaderValue::from_bytes(line).unwrap());
    }
    header.read(&headers).map_err(|error| error.to_string())
}

fn check<T: PartialEq + fmt::Debug>(header: Header<T>, line: &str, expected: Result<T, &str>) {
    let found = read(header, &[line.as_bytes()]).map(Option::unwrap);
    let expected = expected.map_err(|why| format!("the header `X-Value` does not fit: {why}"));
    assert_eq!(found, expected, "{line:?}");
}

#[derive(Debug, PartialEq)]
enum Level {
    Low,
    Unknown(String),
}
crate::codegen::string_enum!(Level { Low = "low" });

#[derive(Debug, PartialEq)]
enum Bit {
    One,
}
crate::codegen::closed_int_enum!(Bit: i64 { One = 1 });

#[derive(Debug, PartialEq, Deserialize)]
enum Foreign {
    #[serde(rename = "foreign")]
    One,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Window {
    limit: u32,
    #[serde(with = "crate::codec::As::<Option<DecimalNumber>>", default)]
    cost: Option<Decimal>,
    of: Option<Level>,
}

fn window(cost: Option<&str>, of: Option<Level>) -> Window {
    Window { limit: 5, cost: cost.map(|cost| cost.parse().unwrap()), of }
}

#[test]
fn a_missing_header_is_none() {
    assert_eq!(read(Header::<i64>::new(NAME), &[]), Ok(None));
    assert_eq!(read(Header::<Vec<i64>>::new(NAME), &[]), Ok(None));
    assert_eq!(read(Header::<i64>::new("no name"), &[b"1"]), Ok(None));
}

#[test]
fn scalars() {
    check(Header::new(NAME), " 12\t", Ok(12_i64));
    check(Header::new(NAME), "007", Ok(7_u32));
    check(Header::<i64>::new(NAME), "many", Err("expected i64"));
    check(Header::<i64>::new(NAME), "", Err("expected i64"));
    check(Header::<i32>::new(NAME), "3000000000", Err("expected i32"));
    check(Header::<u64>::new(NAME), "-1", Err("expected u64"));
    check(Header::<i64>::new(NAME), "1.5", Err("expected i64"));
    check(Header::new(NAME), "0.25", Ok(0.25_f64));
    check(Header::new(NAME), "True", Ok(true));
    check(Header::<bool>::new(NAME), "1", Err("expected a boolean"));
    check(Header::new(NAME), "a, b ", Ok("a, b".to_owned()));
    check(Header::new(NAME), "", Ok(String::new()));
    check(Header::new(NAME), "12", Ok(Some("12".to_owned())));
    check(Header::new(NAME), "2025-01-15T08:30:00Z", Ok("2025-01-15T08:30:00Z".parse::<DateTime>().unwrap()));
    check(Header::new(NAME), "2025-01-15", Ok("2025-01-15".parse::<Date>().unwrap()));
    check(
        Header::<DateTime>::new(NAME),
        "soon",
        Err("the value is not a date and time such as 2025-01-15T08:30:00Z"),
    );
    check(
        Header::new(NAME),
        "67e55044-10b1-426f-9247-bb680e5fe0c8",
        Ok(Uuid::from_u128(0x67e5504410b1426f9247bb680e5fe0c8)),
    );
    check(Header::new(NAME), "1", Ok(Value::from("1")));
}

#[test]
fn enums() {
    check(Header::new(NAME), "low", Ok(Level::Low));
    check(Header::new(NAME), "high", Ok(Level::Unknown("high".to_owned())));
    check(Header::new(NAME), "1", Ok(Bit::One));
    check(Header::<Bit>::new(NAME), "2", Err("the value is not one of the values of Bit"));
    check(Header::new(NAME), "foreign", Ok(Foreign::One));
}

#[test]
fn codecs() {
    let exact: Decimal = "12345678901234567.89".parse().unwrap();
    check(Header::with_codec::<DecimalNumber>(NAME), "12345678901234567.89", Ok(exact));
    check(
        Header::with_codec::<Vec<DecimalNumber>>(NAME),
        "1.10, 2",
        Ok(vec![Decimal::new(110, 2), 2.into()]),
    );
    check(
        Header::<Decimal>::with_codec::<DecimalNumber>(NAME),
        "1.2345678901234567890123456789012",
        Err("the value is not a decimal of at most 28 digits"),
    );
    check(Header::with_codec::<IntString>(NAME), "9007199254740993", Ok(9_007_199_254_740_993_i64));
    check(Header::with_codec::<Base64>(NAME), "aGk=", Ok(Bytes::from_static(b"hi")));
}

#[test]
fn lists() {
    check(Header::new(NAME), "1,2 ,\t3", Ok(vec![1, 2, 3]));
    check(Header::new(NAME), "a,,b,", Ok(vec!["a".to_owned(), "b".to_owned()]));
    check(Header::new(NAME), r#""a,\",b", "c""#, Ok(vec![r#""a,\",b""#.to_owned(), r#""c""#.to_owned()]));
    check(Header::new(NAME), "", Ok(Vec::<i64>::new()));
    check(Header::new(NAME), "1, low", Ok((1_i64, Level::Low)));
    check(Header::<Vec<i64>>::new(NAME), "1,x", Err("expected i64"));
    let two: [&[u8]; 2] = [b"1, 2", b" 3"];
    assert_eq!(read(Header::new(NAME), &two), Ok(Some(vec![1, 2, 3])));
    assert_eq!(read(Header::new(NAME), &two), Ok(Some("1, 2, 3".to_owned())));
    assert!(read(Header::<i64>::new(NAME), &two).is_err(), "which of the two?");
    let cookies: [&[u8]; 2] = [b"a=1; Expires=Wed, 21 Oct 2026", b"b=2"];
    let expected = vec!["a=1; Expires=Wed, 21 Oct 2026".to_owned(), "b=2".to_owned()];
    assert_eq!(read(Header::new(NAME).lines(), &cookies), Ok(Some(expected)));
}

#[test]
fn objects() {
    check(Header::new(NAME), "limit,5,of,low", Ok(window(None, Some(Level::Low))));
    check(
        Header::new(NAME).exploded(),
        "of=x, limit=5,cost=0.10,new=1",
        Ok(window(Some("0.10"), Some(Level::Unknown("x".to_owned())))),
    );
    check(Header::<Window>::new(NAME), "limit", Err("expected pairs of names and values"));
    check(Header::<Window>::new(NAME).exploded(), "limit,5", Err("expected pairs of names and values"));
    check(Header::<Window>::new(NAME), "of,low", Err("missing field `limit`"));
    check(
        Header::new(NAME),
        "a,,b,2",
        Ok(BTreeMap::from([("a".to_owned(), String::new()), ("b".to_owned(), "2".to_owned())])),
    );
    check(Header::new(NAME), "", Ok(BTreeMap::<String, i64>::new()));
}

#[test]
fn json() {
    check(Header::new(NAME).json(), r#"{"limit":5,"cost":1.5}"#, Ok(window(Some("1.5"), None)));
    check(Header::new(NAME).json(), "[1,\"2\"]", Ok(serde_json::json!([1, "2"])));
    check(Header::<Value>::new(NAME).json(), "nope", Err("expected ident at line 1 column 2"));
}

#[test]
fn bytes_beyond_ascii() {
    check(Header::new(NAME), "grün", Ok("grün".to_owned()));
    let found = read(Header::<String>::new(NAME), &[b"gr\xfcn"]).unwrap_err();
    assert_eq!(found, "the header `X-Value` does not fit: it is not UTF-8");
    assert!(read(Header::<i64>::new(NAME), &[&[b'9'; 999]]).unwrap_err().len() < 150);
}

#[test]
fn keys_are_constants() {
    const KEY: Header<Vec<Decimal>> = Header::with_codec::<Vec<DecimalNumber>>("x-value");
    check(KEY, "1.5", Ok(vec![Decimal::new(15, 1)]));
    assert_eq!(
        (KEY.name(), format!("{KEY:?}")),
        ("x-value", "Header { name: \"x-value\", form: Simple, .. }".to_owned())
    );
}
