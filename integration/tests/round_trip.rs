//! JSON → type → JSON with the generator's golden crates: nothing that a service sends is lost, and what is wrong is refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fmt::Debug;

use golden_directions::types::{
    Account, AccountInput, FolderInput, Payment, PaymentInput, PersonInput, Team, TeamInput,
};
use golden_enums::types::{Color, Level, Sort};
use golden_formats::types::All;
use golden_objects::types::{Closed, Dog, Extra};
use golden_presence::types::{Thing, ThingPatch, ThingWrite};
use golden_recursion::types::{Folder, Node};
use golden_swagger_2::types::{AnyPet, Pet, Photo, SetStatusBody};
use golden_unions::types::{Drawing, DrawingFrame, Shape};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is written back, member by member; `None` when the value is refused.
fn check<T: Serialize + DeserializeOwned + Debug + PartialEq>(json: &str, expected: Option<&str>) {
    let found = serde_json::from_str::<T>(json).ok().map(|value| {
        let written = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<T>(&written).unwrap(), value, "{written} is another value");
        written
    });
    assert_eq!(found.as_deref(), expected, "{json}");
}

fn same<T: Serialize + DeserializeOwned + Debug + PartialEq>(json: &str) {
    check::<T>(json, Some(json));
}

#[test]
fn enums_keep_what_they_do_not_know() {
    for color in ["red", "dark-red", "RED", "", "42", "<", "self", "a new one"] {
        same::<Color>(&serde_json::to_string(color).unwrap());
    }
    same::<Level>("-1");
    same::<Level>("9007199254740993");
    same::<Sort>("\"asc\"");
    check::<Sort>("\"up\"", None);
    check::<Level>("\"1\"", None);
}

#[test]
fn four_kinds_of_presence() {
    // Required and nullable: null is written, a missing one is refused.
    check::<Thing>(r#"{"required":"a"}"#, None);
    check::<Thing>(r#"{"nullable":null}"#, None);
    let thing = r#"{"required":"a","nullable":null,"optional_nullable":null,"defaulted":7,"defaulted_list":[],"defaulted_text":"a \"b\""}"#;
    check::<Thing>(r#"{"nullable":null,"required":"a","later":1}"#, Some(thing));
    check::<Thing>(r#"{"required":"a","nullable":null,"optional":null}"#, Some(thing));
    // In requests, what is not set is not sent, and null is not absent.
    same::<ThingWrite>(r#"{"required":"a","nullable":"b"}"#);
    same::<ThingWrite>(r#"{"required":"a","nullable":null,"optional_nullable":null}"#);
    same::<ThingPatch>("{}");
    same::<ThingPatch>(r#"{"optional_nullable":null}"#);
    same::<ThingPatch>(r#"{"required":"x","optional_nullable":"y","defaulted":1}"#);
}

#[test]
fn unions_are_told_apart_and_keep_what_they_do_not_know() {
    same::<Shape>(r#"{"kind":"circle","radius":1.5}"#);
    same::<Shape>(r#"{"kind":"box","side":2.0}"#);
    same::<Shape>(r#"{"kind":"hexagon","n":1.2345678901234567890123,"x":[1e400]}"#);
    check::<Shape>(r#"{"kind":"circle","radius":"wide"}"#, None);
    for label in ["\"text\"", "7", "[\"a\",\"b\"]", "null"] {
        for target in [r#"{"address":"a"}"#, r#"{"number":"1","name":"n"}"#] {
            same::<Drawing>(&format!(
                r#"{{"shape":{{"kind":"square","side":1.0}},"label":{label},"target":{target}}}"#
            ));
        }
    }
}

#[test]
fn alternatives_that_cannot_be_told_apart_lose_nothing_that_one_of_them_knows() {
    let chosen = |json: &str, expected: &str| {
        same::<DrawingFrame>(json);
        let value: DrawingFrame = serde_json::from_str(json).unwrap();
        assert!(format!("{value:?}").starts_with(expected), "{json}: {value:?}");
    };
    chosen("{}", "NoFrame(");
    chosen(r#"{"wood":"oak"}"#, "Frame(");
    chosen(r#"{"kind":"box","side":2.0}"#, "Shape(Square(");
    chosen(r#"{"maker":"a","colour":"red"}"#, "Custom(");
    chosen(r#"{"colour":"red"}"#, "Custom(");
    chosen(r#"{"colour":7}"#, "Unknown(");
    check::<DrawingFrame>(r#"{"wood":"oak","side":1.0,"later":[7]}"#, Some(r#"{"wood":"oak","side":1.0}"#));
}

#[test]
fn objects_keep_typed_extras_and_forget_unknown_members() {
    same::<Extra>(r#"{"id":1,"note":"n","a":2,"b":3}"#);
    check::<Extra>(r#"{"id":1,"a":"text"}"#, None);
    check::<Closed>(r#"{"id":1,"later":true}"#, Some(r#"{"id":1}"#));
    same::<Dog>(r#"{"name":"Rex","age":3,"bark":{"loud":true},"labels":{"a":"b"}}"#);
    check::<Dog>(r#"{"name":"Rex"}"#, None);
}

#[test]
fn recursion() {
    same::<Node>(
        r#"{"value":"a","next":{"value":"b","next":null},"children":[{"value":"c","children":[]}]}"#,
    );
    same::<Folder>(r#"{"name":"a","entries":[{"folder":{"name":"b","entries":[]}},{"folder":null}]}"#);
}

#[test]
fn formats_keep_every_digit() {
    let all = concat!(
        r#"{"at":"2025-01-15T16:30:00.5+08:00","day":"2025-01-15","time":"08:30:00","span":"P1DT2H","#,
        r#""id":"018f4e2a-7c31-7b52-9d3e-2f6a1c0b4d5e","exact":"12345678901234567.89","exact_number":12345678901234567.89,"#,
        r#""data":"aGk=","small":-1,"big":18446744073709551615,"big_text":"9007199254740993","ratio":0.5,"ip4":"10.0.0.1","#,
        r#""ip6":"::1","site":"http://a/b","flag":true,"pair":["a","0.10"],"table":{"k":["1.50","2"]},"anything":{"a":[1]}"#,
    );
    let value: All = serde_json::from_str(&format!("{all}}}")).unwrap();
    let written: serde_json::Value = serde_json::to_value(&value).unwrap();
    let sent: serde_json::Value = serde_json::from_str(&format!("{all}}}")).unwrap();
    for (name, expected) in sent.as_object().unwrap() {
        if name != "span" && name != "exact_number" {
            assert_eq!(&written[name], expected, "{name}");
        }
    }
    let text = serde_json::to_string(&value).unwrap();
    assert!(text.contains(r#""exact_number":12345678901234567.89"#), "{text}");
    assert_eq!(serde_json::from_str::<All>(&text).unwrap(), value);
    for (right, wrong) in
        [("2025-01-15\"", "2025-02-30\""), ("aGk=", "?"), ("-1,", "3000000000,"), ("10.0.0.1", "10.0.0")]
    {
        assert!(serde_json::from_str::<All>(&format!("{all}}}").replace(right, wrong)).is_err(), "{wrong}");
    }
}

#[test]
fn what_swagger_2_says_of_types_holds() {
    // `x-nullable`, also beside a `$ref`: null is not absent.
    same::<Pet>(r#"{"id":1,"petType":"cat","name":"Tom","born":null,"weight":4.5,"traits":{"fur":"black"}}"#);
    same::<Pet>(r#"{"petType":"dog","name":"Rex","born":"2020-02-29"}"#);
    same::<Photo>(r#"{"url":"https://example.com/1","owner":"Ann","of":null}"#);
    check::<Pet>(r#"{"name":"Tom"}"#, None);
    check::<Pet>(r#"{"petType":"cat","name":null}"#, None);
    // Both parts of an `allOf`.
    let cat = r#"{"petType":"cat","name":"Tom","born":null,"lives":7,"bark":"low"}"#;
    same::<AnyPet>(cat);
    // Fields of a form are typed, however they are written.
    same::<SetStatusBody>(r#"{"status":"sold","reasons":["a","b"],"codes":[1,2]}"#);
    check::<SetStatusBody>(r#"{"codes":"1"}"#, None);
}

#[test]
fn what_was_read_can_be_written_back() {
    let team = r#"{"id":7,"name":"core","lead":{"name":"Ada","nick":null,"created":"2026-01-02T03:04:05Z","pet":"cat"},"members":[{"serial":"R2"},{"name":"Bob","created":"2026-01-02T03:04:05Z"},{"sort":"new"}],"by_role":{"qa":{"name":"Eve","created":"2026-01-02T03:04:05Z"}}}"#;
    let mut team: Team = serde_json::from_str(team).unwrap();
    assert_eq!(team.id, 7);
    team.name = "core team".to_owned();
    let input = TeamInput::from(team).with_deputy(PersonInput::new("Zoe").with_invite("welcome"));
    assert_eq!(
        serde_json::to_string(&input).unwrap(),
        r#"{"name":"core team","lead":{"name":"Ada","pet":"cat"},"deputy":{"name":"Zoe","invite":"welcome"},"members":[{"serial":"R2"},{"name":"Bob"},{"sort":"new"}],"by_role":{"qa":{"name":"Eve"}}}"#
    );
    // Null stays null, and circles are cut where each direction needs it.
    let payment =
        r#"{"means":{"id":1,"number":"4711"},"limit":null,"receipt":{"id":2},"reference":{"code":"x"}}"#;
    let payment = PaymentInput::from(serde_json::from_str::<Payment>(payment).unwrap());
    let expected = r#"{"means":{"number":"4711"},"limit":null,"receipt":{},"reference":{}}"#;
    assert_eq!(serde_json::to_string(&payment).unwrap(), expected);
    let folder = r#"{"id":1,"entry":{"folder":{"id":2,"entry":{}}}}"#;
    let folder = FolderInput::from(serde_json::from_str::<golden_directions::types::Folder>(folder).unwrap());
    assert_eq!(serde_json::to_string(&folder).unwrap(), r#"{"entry":{"folder":{"entry":{}}}}"#);
    // A reply requires what it alone has, a request what it alone has.
    check::<Account>(r#"{"login":"ada"}"#, None);
    check::<AccountInput>(r#"{"login":"ada"}"#, None);
    same::<AccountInput>(r#"{"login":"ada","password":"correct horse"}"#);
}
