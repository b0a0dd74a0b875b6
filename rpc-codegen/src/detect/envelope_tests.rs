use super::Verdict;
use crate::detect::survey;
use crate::testing_input;

/// A document whose operation `n` replies with the `n`-th schema.
fn document(replies: &[&str], components: &str) -> String {
    let path = |(index, schema): (usize, &&str)| {
        format!(
            r#""/r{index}": {{"get": {{"operationId": "get_r{index}", "responses": {{"200": {{"description": "",
            "content": {{"application/json": {{"schema": {schema}}}}}}}}}}}}}"#
        )
    };
    let paths: Vec<String> = replies.iter().enumerate().map(path).collect();
    format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "t", "version": "1"}}, "paths": {{{}}}, "components": {{"schemas": {{{components}}}}}}}"#,
        paths.join(",")
    )
}

const INT: &str = r#"{"type": "integer"}"#;
const TEXT: &str = r#"{"type": "string"}"#;
const FLAG: &str = r#"{"type": "boolean"}"#;

fn outside(fields: &[(&str, &str)], data: &str) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, ty)| format!("\"{name}\": {}", if *ty == "DATA" { data } else { ty }))
        .collect();
    format!(r#"{{"type": "object", "properties": {{{}}}}}"#, fields.join(","))
}

/// `code message data timestamp [success] n/of verdict`, or nothing.
fn found(replies: &[String], components: &str) -> String {
    let replies: Vec<&str> = replies.iter().map(String::as_str).collect();
    let survey = survey(&testing_input(&document(&replies, components))).unwrap();
    let Some(found) = survey.envelope else { return "nothing".into() };
    let verdict = match &found.verdict {
        Verdict::Standard => "standard".to_owned(),
        Verdict::Sure => "sure".to_owned(),
        Verdict::Likely(why) => format!("likely: {why}"),
        Verdict::Inexpressible(why) => format!("no: {why}"),
    };
    format!(
        "{} {} {} {} {:?} {}/{} {verdict}",
        found.code,
        found.message.as_deref().unwrap_or("-"),
        found.data,
        found.timestamp.as_deref().unwrap_or("-"),
        found.success,
        found.replies,
        found.of
    )
}

fn check(fields: &[(&str, &str)], expected: &str) {
    let replies = [TEXT, INT, r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#];
    let replies: Vec<String> = replies.iter().map(|data| outside(fields, data)).collect();
    assert_eq!(found(&replies, ""), expected, "{fields:?}");
}

#[test]
fn outsides() {
    check(&[("status", INT), ("msg", TEXT), ("data", "DATA")], "status msg data - [] 3/3 sure");
    check(&[("errno", INT), ("errmsg", TEXT), ("result", "DATA")], "errno errmsg result - [] 3/3 sure");
    check(
        &[("ret_code", INT), ("ret_msg", TEXT), ("payload", "DATA")],
        "ret_code ret_msg payload - [] 3/3 sure",
    );
    check(&[("resultCode", INT), ("thing", "DATA"), ("ts", INT)], "resultCode - thing ts [] 3/3 sure");
    check(&[("errno", INT), ("data", "DATA"), ("request_id", TEXT)], "errno - data - [] 3/3 sure");
    let standard = [("code", INT), ("message", TEXT), ("data", "DATA"), ("timestamp", INT)];
    check(&standard, "code message data timestamp [] 3/3 standard");
    check(
        &[("success", FLAG), ("data", "DATA"), ("error", TEXT)],
        "success - data - [] 3/3 no: `success` is a boolean, and an envelope's code is a number or a text; replies stay as they are",
    );
    check(
        &[("status", INT), ("data", "DATA"), ("links", TEXT), ("total", INT)],
        "status - data - [] 3/3 likely: beside the data there is `links`, `total`, which nobody would get to see",
    );
    check(&[("name", TEXT), ("value", "DATA")], "nothing");
    check(&[("id", INT), ("name", TEXT)], "nothing");
}

#[test]
fn codes_that_mean_success() {
    let constant = r#"{"type": "string", "enum": ["success", "fail"]}"#;
    check(&[("status", constant), ("data", "DATA")], "status - data - [\"success\"] 3/3 sure");
    let default = r#"{"type": "integer", "default": 1}"#;
    check(&[("ret", default), ("data", "DATA")], "ret - data - [\"1\"] 3/3 sure");
    let usual = r#"{"type": "integer", "default": 0}"#;
    check(&[("ret", usual), ("data", "DATA")], "ret - data - [] 3/3 sure");
    check(
        &[("status", TEXT), ("data", "DATA")],
        "status - data - [] 3/3 likely: the document does not say which values of `status` mean success; add success = [\"…\"]",
    );
}

#[test]
fn evidence() {
    let fields = [("errno", INT), ("errmsg", TEXT), ("result", "DATA")];
    let one = |data: &str| outside(&fields, data);
    let other = || r#"{"type": "object", "properties": {"x": {"type": "string"}}}"#.to_owned();
    let only = "errno errmsg result - [] 1/1 likely: only one operation replies like this";
    assert_eq!(found(&[one(TEXT)], ""), only);
    let same = "errno errmsg result - [] 2/2 likely: `result` has the same type in all replies";
    assert_eq!(found(&[one(TEXT), one(TEXT)], ""), same);
    let most = "errno errmsg result - [] 2/3 likely: only 2 of 3 operations with JSON reply like this";
    assert_eq!(found(&[one(TEXT), one(INT), other()], ""), most);
    assert_eq!(
        found(&[one(TEXT), one(INT), other(), r#"{"type":"array","items":{}}"#.into(), INT.into()], ""),
        "nothing"
    );
    let four = "errno errmsg result - [] 4/5 sure";
    assert_eq!(found(&[one(TEXT), one(INT), one(FLAG), one(r#"{"type":"number"}"#), other()], ""), four);
    assert_eq!(found(&[], ""), "nothing");
}

#[test]
fn components_and_equal_inline_parts() {
    let error = r#"{"type": "object", "properties": {"code": {"type": "integer"}}}"#;
    let fields = [("errno", INT), ("error", error), ("data", "DATA")];
    let replies =
        ["A", "B"].map(|name| outside(&fields, &format!(r##"{{"$ref": "#/components/schemas/{name}"}}"##)));
    let part = r#"{"type": "object", "properties": {"x": {"type": "string"}}}"#;
    let components = format!(r#""A": {part}, "B": {part}"#);
    assert_eq!(found(&replies, &components), "errno - data - [] 2/2 sure");
}
