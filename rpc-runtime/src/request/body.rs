//! Request bodies: bytes with a media type, so that every attempt sends the same.

use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;
use serde_json::value::RawValue;

use super::field::{self, FieldStyle};
use super::param::members;
use super::{ParamValue, QueryString};
use crate::codegen::{Style, json_type};

/// A body.
#[derive(Debug, Clone, Default)]
pub(crate) enum RequestBody {
    /// None.
    #[default]
    Empty,
    /// Bytes.
    Bytes {
        /// `Content-Type`.
        media_type: HeaderValue,
        /// The body.
        bytes: Bytes,
    },
}

impl RequestBody {
    pub(super) fn bytes(media_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self::Bytes { media_type: HeaderValue::from_static(media_type), bytes: bytes.into() }
    }
}

/// `application/x-www-form-urlencoded`: fields in order, lists repeat the name, objects are JSON, null is left out; `styles` has
/// the fields that are written in another way.
pub(super) fn form<T: Serialize>(body: &T, styles: &[(&str, FieldStyle)]) -> Result<String, String> {
    let json = serde_json::to_string(body).map_err(|error| error.to_string())?;
    let fields = members(&json).ok_or_else(|| "a form is made from the fields of a struct".to_owned())?;
    let mut out = QueryString::default();
    for (name, value) in &fields {
        push(&mut out, name, field::find(styles, name), value);
    }
    Ok(out.as_str().to_owned())
}

fn push(out: &mut QueryString, name: &str, style: Option<FieldStyle>, value: &RawValue) {
    let json = value.get();
    match style {
        _ if json_type(json) == "null" => {}
        Some(FieldStyle::Styled { style: Style::DeepObject, reserved, .. }) => {
            let mut pairs = Vec::new();
            field::deep(name, value, &mut pairs);
            for (name, value) in pairs {
                out.push(&name, Style::Form, true, reserved, &value);
            }
        }
        Some(FieldStyle::Styled { style, explode, reserved }) => {
            out.push(name, style, explode, reserved, &ParamValue::of(&value));
        }
        Some(FieldStyle::Json(_)) => out.append(name, json),
        _ if json_type(json) == "object" => out.append(name, json),
        _ => out.push(name, Style::Form, true, false, &ParamValue::of(&value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{As, DecimalNumber};
    use crate::types::{Decimal, RawJson};

    #[test]
    fn a_form_keeps_order_and_digits() {
        #[derive(Serialize)]
        struct Pay {
            user: Vec<&'static str>,
            #[serde(with = "As::<DecimalNumber>")]
            amount: Decimal,
            note: Option<&'static str>,
        }
        let pay = Pay { user: vec!["a b", "c"], amount: "12345678901234567.89".parse().unwrap(), note: None };
        assert_eq!(form(&pay, &[]).as_deref(), Ok("user=a%20b&user=c&amount=12345678901234567.89"));
        assert!(form(&[1], &[]).is_err());
    }

    #[test]
    fn fields_in_their_styles() {
        let check = |style: Option<FieldStyle>, value: &str, expected: &str| {
            let body = RawJson::parse(&format!(r#"{{"f": {value}, "z": 1}}"#)).unwrap();
            let styles: Vec<_> = style.map(|style| ("f", style)).into_iter().collect();
            let expected = if expected.is_empty() { "z=1".to_owned() } else { format!("{expected}&z=1") };
            assert_eq!(form(&body, &styles), Ok(expected), "{style:?} {value}");
        };
        let styled = |style, explode| Some(FieldStyle::Styled { style, explode, reserved: false });
        let (list, object) = (r#"["a b", "c,d", null]"#, r#"{"x":1.10,"y z":"&"}"#);
        check(None, list, "f=a%20b&f=c%2Cd");
        check(None, object, "f=%7B%22x%22%3A1.10%2C%22y%20z%22%3A%22%26%22%7D");
        check(styled(Style::Form, true), list, "f=a%20b&f=c%2Cd");
        check(styled(Style::Form, false), list, "f=a%20b,c%2Cd");
        check(styled(Style::SpaceDelimited, false), list, "f=a%20b%20c%2Cd");
        check(styled(Style::SpaceDelimited, true), list, "f=a%20b&f=c%2Cd");
        check(styled(Style::PipeDelimited, false), list, "f=a%20b%7Cc%2Cd");
        check(styled(Style::Form, true), object, "x=1.10&y%20z=%26");
        check(styled(Style::Form, false), object, "f=x,1.10,y%20z,%26");
        check(styled(Style::DeepObject, true), object, "f[x]=1.10&f[y%20z]=%26");
        check(
            styled(Style::DeepObject, true),
            r#"{"a":{"b":["p",{"c":true}],"n":null}}"#,
            "f[a][b][0]=p&f[a][b][1][c]=true",
        );
        check(styled(Style::DeepObject, true), r#"["p","q"]"#, "f[0]=p&f[1]=q");
        check(styled(Style::DeepObject, true), "7", "f=7");
        check(styled(Style::Form, false), "null", "");
        let reserved = FieldStyle::Styled { style: Style::Form, explode: true, reserved: true };
        check(Some(reserved), r#""a/b?c&d=e""#, "f=a/b?c%26d%3De");
        check(
            Some(FieldStyle::Json("application/json")),
            list,
            "f=%5B%22a%20b%22%2C%20%22c%2Cd%22%2C%20null%5D",
        );
        check(Some(FieldStyle::Json("text/json")), r#""a""#, "f=%22a%22");
        check(Some(FieldStyle::Json("application/json")), "null", "");
        check(Some(FieldStyle::Content("text/plain")), r#""a""#, "f=a");
        check(Some(FieldStyle::Content("text/json")), r#""a""#, "f=a");
    }
}
