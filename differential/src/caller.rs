//! The calls of one document as Rust code: every operation with both clients, with the same values.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::document::{Operation, Parameter};
use crate::signature::{expression, is_option, literal};
use crate::theirs::Target;
use crate::value::{Place, value};
use crate::{ours, theirs};

/// What of an operation is given.
const CASES: [&str; 3] = ["required", "all", "dots"];

/// The code for an operation, or why there is none.
#[derive(Debug)]
pub(crate) enum Code {
    /// The cases by name, each a statement.
    Cases(Vec<(&'static str, String)>),
    Nothing(String),
}

/// The values of one case, by place and wire name; the body is `("body", "")`.
type Values = BTreeMap<(String, String), Value>;

/// Statements that call an operation.
pub(crate) fn code(
    document: &Value,
    operation: &Operation,
    index: usize,
    ours: &ours::Method,
    theirs: &theirs::Method,
) -> Code {
    let mut cases = Vec::new();
    for case in CASES {
        let values = match values(document, operation, case) {
            Ok(Some(values)) => values,
            Ok(None) => continue,
            Err(reason) => return Code::Nothing(reason),
        };
        let (ours, theirs) = match (call_ours(ours, &values), call_theirs(theirs, &values, ours)) {
            (Ok(ours), Ok(theirs)) => (ours, theirs),
            (Err(reason), _) | (_, Err(reason)) => return Code::Nothing(reason),
        };
        let call = format!(
            "probe.pair(DOCUMENT, {index}, {}, Box::pin(async {{ ours.{ours}.await.map(drop).map_err(|e| e.to_string()) }}), \
             Box::pin(async {{ theirs.{theirs}.await.map(drop).map_err(|e| format!(\"{{e:?}}\")) }})).await;",
            literal(case)
        );
        cases.push((case, call));
    }
    Code::Cases(cases)
}

/// `Ok(None)`: the case is the same as another one.
fn values(document: &Value, operation: &Operation, case: &str) -> Result<Option<Values>, String> {
    let mut values = Values::new();
    let mut different = case == "required";
    for parameter in &operation.parameters {
        if !parameter.required && case != "all" {
            continue;
        }
        different |= !parameter.required;
        let key = (parameter.place.clone(), parameter.name.clone());
        match parameter_value(document, parameter) {
            Some(Value::String(_)) if case == "dots" && is_plain_text(parameter) => {
                different = true;
                values.insert(key, "..".into());
            }
            Some(value) => drop(values.insert(key, value)),
            None if parameter.required => {
                return Err(format!("no value is known for {} {:?}", parameter.place, parameter.name));
            }
            None => {}
        }
    }
    // progenitor wants every body, so there is one in every case; ours leaves out what it may.
    if let Some(body) = &operation.body {
        different |= !body.required && case == "all";
        let value = match body.media_type.starts_with("text/") || body.media_type.contains("octet-stream") {
            true => Some("a b/%".into()),
            false => value(document, &body.schema, Place::Other),
        };
        let key = if body.required || case == "all" { "body" } else { "optional body" };
        values.insert((key.into(), String::new()), value.ok_or("no value is known for the body")?);
    }
    Ok(different.then_some(values))
}

fn is_plain_text(parameter: &Parameter) -> bool {
    let key = |name: &str| parameter.schema.get(name).is_some();
    parameter.place == "path"
        && parameter.schema.get("type").and_then(Value::as_str) == Some("string")
        && !["format", "enum", "pattern", "minLength", "maxLength"].into_iter().any(key)
}

fn parameter_value(document: &Value, parameter: &Parameter) -> Option<Value> {
    let place = if parameter.place == "header" { Place::Header } else { Place::Other };
    value(document, &parameter.schema, place)
}

fn call_ours(method: &ours::Method, values: &Values) -> Result<String, String> {
    let find = |given: &ours::Given| {
        let key = given.parameter.clone().unwrap_or_else(|| ("body".to_owned(), String::new()));
        values.get(&key)
    };
    let mut arguments = Vec::new();
    for given in &method.arguments {
        let value = find(given)
            .ok_or_else(|| format!("our argument {} is not required by the document", given.argument.name))?;
        let code = expression(&given.argument.ty, value);
        arguments.push(match &method.holder {
            Some(_) => format!("{}: {code}", given.argument.name),
            None => code,
        });
    }
    let arguments = arguments.join(", ");
    let name = raw(&method.name);
    let mut call = match &method.holder {
        Some(holder) => format!("{name}(ours_crate::{holder} {{ {arguments} }})"),
        None => format!("{name}({arguments})"),
    };
    for setter in &method.setters {
        if let Some(value) = find(setter) {
            let code = expression(&setter.argument.ty, value);
            let _ = write!(call, ".{}({code})", raw(&setter.argument.name));
        }
    }
    Ok(call)
}

fn call_theirs(method: &theirs::Method, values: &Values, ours: &ours::Method) -> Result<String, String> {
    let mut arguments = Vec::new();
    for (argument, target) in &method.arguments {
        let value = match target {
            Target::Body => ["body", "optional body"]
                .iter()
                .find_map(|key| values.get(&((*key).to_owned(), String::new()))),
            // What our runtime owns is not given to theirs either, if it can be left out.
            Target::Parameter(_, wire) if is_option(&argument.ty) && ours.owned.contains(wire) => None,
            Target::Parameter(place, wire) => values.get(&(place.clone(), wire.clone())),
        };
        arguments.push(match value {
            Some(value) => expression(&argument.ty, value),
            None if is_option(&argument.ty) => "None".to_owned(),
            None => return Err(format!("progenitor wants {}, which is optional", argument.name)),
        });
    }
    Ok(format!("{}({})", method.name, arguments.join(", ")))
}

/// A name as code has to write it.
fn raw(name: &str) -> String {
    if syn::parse_str::<syn::Ident>(name).is_ok() || name.starts_with("r#") {
        name.to_owned()
    } else {
        format!("r#{name}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cases(operation: Value) -> Vec<(&'static str, String)> {
        let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "paths": {"/a/{type}": {"put": operation}}});
        let ours = ours::generate("ours-0", &document).unwrap();
        let theirs = theirs::methods(&theirs::generate(&document).unwrap()).unwrap();
        let operation = crate::document::operations(&document).remove(0);
        let key = operation.key();
        match code(&document, &operation, 3, &ours.methods[&key], &theirs[&key]) {
            Code::Cases(cases) => cases,
            Code::Nothing(reason) => vec![("nothing", reason)],
        }
    }

    fn parameter(name: &str, place: &str, schema: Value) -> Value {
        json!({"name": name, "in": place, "required": place == "path", "schema": schema})
    }

    #[test]
    fn the_same_values_for_both() {
        let made = cases(json!({"operationId": "putA", "responses": {"204": {"description": "d"}},
            "parameters": [parameter("type", "path", json!({"type": "string"})),
                           parameter("limit", "query", json!({"type": "integer", "maximum": 5}))],
            "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"n": {"type": "integer"}}}}}}}));
        let calls =
            |case: &str| made.iter().find(|(name, _)| *name == case).map(|(_, call)| call.clone()).unwrap();
        let (required, all, dots) = (calls("required"), calls("all"), calls("dots"));
        assert!(!required.contains(".limit(") && !required.contains(".body("), "{required}");
        assert!(required.contains("None"), "{required}");
        assert!(all.contains(r#".limit(probe::val("5")).body(probe::val("{\"n\":7}")).await"#), "{all}");
        assert!(all.contains(r#"Some(probe::val("5")), &probe::val("{\"n\":7}")).await"#), "{all}");
        assert!(dots.contains(r#"ours.put_a("..")"#) && dots.contains(r#"theirs.put_a("..""#), "{dots}");
    }

    #[test]
    fn without_a_value_there_is_a_reason() {
        let made = cases(json!({"operationId": "putA", "responses": {"204": {"description": "d"}},
            "parameters": [parameter("type", "path", json!({"type": "string", "pattern": "^a+$"}))]}));
        assert_eq!(made, [("nothing", "no value is known for path \"type\"".to_owned())]);
    }
}
