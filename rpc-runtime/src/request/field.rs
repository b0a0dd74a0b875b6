//! Fields of forms that are not written in the usual way (OpenAPI's Encoding Object).

use serde_json::value::RawValue;

use super::ParamValue;
use super::param::members;
use crate::codegen::{Style, json_type};

/// How a field of a form is written. The usual way needs none: one pair or part for each item of a list, objects as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldStyle {
    /// As a query parameter; see [`Request::query_styled`](super::Request::query_styled).
    Styled {
        /// `style`.
        style: Style,
        /// `explode`.
        explode: bool,
        /// `allowReserved`; parts of a multipart body are never percent-encoded.
        reserved: bool,
    },
    /// As the JSON text; parts say this media type.
    Json(&'static str),
    /// As text; parts say this media type, files only if they have none of their own. What is no text is JSON, and says so.
    Content(&'static str),
}

/// The style of a field; `None` for the usual one.
pub(super) fn find(styles: &[(&str, FieldStyle)], name: &str) -> Option<FieldStyle> {
    styles.iter().find(|(field, _)| *field == name).map(|(_, style)| *style)
}

/// Names and texts of `deepObject`: `a[b]=1`. OpenAPI leaves open how what is nested deeper is written; it is written as
/// servers read it that know brackets: `a[b][c]=1`, `a[0]=1`. Null is left out.
pub(super) fn deep(name: &str, value: &RawValue, out: &mut Vec<(String, ParamValue)>) {
    match json_type(value.get()) {
        "object" => {
            for (field, inner) in members(value.get()).unwrap_or_default() {
                deep(&format!("{name}[{field}]"), &inner, out);
            }
        }
        "array" => {
            let items: Vec<&RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
            for (index, inner) in items.into_iter().enumerate() {
                deep(&format!("{name}[{index}]"), inner, out);
            }
        }
        _ => out.push((name.to_owned(), ParamValue::of(&value))),
    }
}

/// Names and texts of a value in a style, nothing percent-encoded.
pub(super) fn pairs(name: &str, style: Style, explode: bool, value: &RawValue) -> Vec<(String, String)> {
    if style == Style::DeepObject {
        let mut found = Vec::new();
        deep(name, value, &mut found);
        return found.into_iter().filter_map(|(name, value)| Some((name, value.simple(false)?))).collect();
    }
    let separator = match style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        _ => ",",
    };
    match ParamValue::of(&value) {
        ParamValue::None => Vec::new(),
        ParamValue::Scalar(text) => vec![(name.to_owned(), text)],
        ParamValue::List(items) if explode => items.into_iter().map(|item| (name.to_owned(), item)).collect(),
        ParamValue::List(items) => vec![(name.to_owned(), items.join(separator))],
        ParamValue::Object(fields) if explode => fields,
        ParamValue::Object(fields) => {
            let parts: Vec<String> = fields.into_iter().flat_map(|(field, text)| [field, text]).collect();
            vec![(name.to_owned(), parts.join(separator))]
        }
    }
}
