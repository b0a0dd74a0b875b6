//! Fields of forms that the document wants in another way than the usual one (`encoding`).

use rpc_codegen::ir::{FieldStyle, Place, Style};
use serde_json::Value;

use super::form::{Read, add};
use super::parameter;
use super::text::{allows, guess, inner};
use crate::model::{Media, Parameter};
use crate::schema::Bundle;

static ANY: Value = Value::Bool(true);

/// Reads a pair of a field with a style of its own; `false` if it is of none. What no style tells for sure is not looked at.
pub(super) fn read(
    bundle: &Bundle,
    schema: &Value,
    media: &Media,
    pair: (&str, &str),
    out: &mut Read,
) -> bool {
    let (name, text) = pair;
    let field = |(wire, style): &(String, FieldStyle)| -> Option<bool> {
        let property = inner(bundle, schema, &["properties", wire], 0).unwrap_or(&ANY);
        let object = allows(bundle, property, "object", 0);
        match style {
            FieldStyle::Json(_) if wire == name => {
                let json: Value = serde_json::from_str(text).ok()?;
                out.set(wire, json);
            }
            FieldStyle::Styled { style: Style::DeepObject, .. } => {
                name.strip_prefix(wire.as_str()).filter(|rest| rest.starts_with('['))?;
                out.hide(wire);
            }
            FieldStyle::Styled { explode: true, .. } if object && wire != name => {
                inner(bundle, schema, &["properties", name], 0).is_none().then_some(())?;
                out.hide(wire);
            }
            FieldStyle::Styled { explode: false, .. } if object && wire == name => out.hide(wire),
            FieldStyle::Styled { style, explode: false, .. } if wire == name => {
                allows(bundle, property, "array", 0).then_some(())?;
                let between = match style {
                    Style::SpaceDelimited => ' ',
                    Style::PipeDelimited => '|',
                    _ => ',',
                };
                let members = out.value.as_object_mut()?;
                for item in text.split(between) {
                    add(bundle, schema, members, name, |schema| guess(bundle, schema, item));
                }
            }
            _ => return None,
        }
        Some(true)
    };
    media.fields.iter().find_map(field).is_some()
}

/// The pairs that a client writes for a field.
pub(super) fn write(media: &Media, name: &str, value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match media.fields.iter().find(|(wire, _)| wire == name).map(|(_, style)| style) {
        Some(FieldStyle::Styled { style, explode, .. }) => {
            let field = Parameter {
                place: Place::Query,
                name: name.to_owned(),
                required: true,
                style: *style,
                explode: *explode,
                schema: None,
                examples: Vec::new(),
            };
            parameter::write(&field, value)
        }
        Some(FieldStyle::Json(_)) => vec![(name.to_owned(), value.to_string())],
        _ => {
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            values.iter().map(|value| (name.to_owned(), text(value))).collect()
        }
    }
}
