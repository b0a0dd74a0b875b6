//! Two recorded requests, and how they differ, in facts that need no document to be understood.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::document::{Operation, Parameter};

/// A request as the probe wrote it down.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A difference: facts for the rules, and both sides for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) facts: BTreeMap<&'static str, String>,
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

impl Difference {
    pub(crate) fn new(part: &str, ours: impl Into<String>, theirs: impl Into<String>) -> Self {
        Self { facts: [("part", part.to_owned())].into(), ours: ours.into(), theirs: theirs.into() }
    }

    fn fact(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.facts.insert(key, value.into());
        self
    }
}

/// All differences, and whether URLs that say the same are written differently.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) differences: Vec<Difference>,
    pub(crate) spelled_differently: bool,
}

/// Compares what was sent; `owned` are headers of the runtime.
pub(crate) fn compare(
    operation: &Operation,
    case: &str,
    owned: &[String],
    ours: &Recorded,
    theirs: &Recorded,
) -> Comparison {
    let mut differences = Vec::new();
    if ours.method != theirs.method {
        differences.push(Difference::new("method", &ours.method, &theirs.method));
    }
    let (our_path, our_query) = split(&ours.target);
    let (their_path, their_query) = split(&theirs.target);
    if segments(our_path) != segments(their_path) {
        differences.push(path(operation, case, our_path, their_path));
    }
    differences.extend(query(operation, our_query, their_query));
    differences.extend(headers(operation, owned, ours, theirs));
    differences.extend(body(ours, theirs));
    for difference in &mut differences {
        difference.facts.insert("case", case.to_owned());
    }
    let sorted = |query: &str| query.split('&').map(ToOwned::to_owned).collect::<BTreeSet<_>>();
    let spelled_differently =
        differences.is_empty() && (our_path != their_path || sorted(our_query) != sorted(their_query));
    Comparison { differences, spelled_differently }
}

fn split(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
}

fn segments(path: &str) -> Vec<String> {
    let decoded =
        |segment: &str| percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned();
    path.split('/').map(decoded).collect()
}

fn path(operation: &Operation, case: &str, ours: &str, theirs: &str) -> Difference {
    let mut found = Difference::new("path", ours, theirs);
    // Which parameters there are says what kind of value went wrong.
    let formats =
        operation.parameters.iter().filter(|p| p.place == "path").map(kind).collect::<BTreeSet<_>>();
    for (key, kind) in [("with list", "list"), ("with date-time", "date-time"), ("with object", "object")] {
        found = found.fact(key, formats.contains(kind).to_string());
    }
    if case == "dots" { found.fact("value", "..") } else { found }
}

/// What a parameter is, for the rules.
fn kind(parameter: &Parameter) -> &'static str {
    let text = |key: &str| parameter.schema.get(key).and_then(Value::as_str);
    match (text("type"), text("format")) {
        (Some("array"), _) => "list",
        (Some("object"), _) => "object",
        (Some("string"), Some("date-time")) => "date-time",
        (None, _) if parameter.schema.get("$ref").is_some() => "reference",
        (None, _) => "other",
        _ => "scalar",
    }
}

/// Values of one key stay in their order; the order of keys means nothing, and ours is the order of the setters.
fn query(operation: &Operation, ours: &str, theirs: &str) -> Vec<Difference> {
    let pairs = |query: &str| {
        let mut by_key: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            by_key.entry(key.into_owned()).or_default().push(value.into_owned());
        }
        by_key
    };
    let (ours, theirs) = (pairs(ours), pairs(theirs));
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let mut found = Vec::new();
    for key in keys {
        let (our, their) = (ours.get(key), theirs.get(key));
        if our == their {
            continue;
        }
        let declared = operation.parameters.iter().filter(|p| p.place == "query").find(|p| {
            p.name == *key
                || key.strip_prefix(p.name.as_str()).is_some_and(|rest| rest.starts_with('['))
                || p.schema.get("properties").is_some_and(|all| all.get(key.as_str()).is_some())
        });
        let mut difference = Difference::new("query", shown(key, our), shown(key, their));
        if let Some(parameter) = declared {
            difference = difference
                .fact("style", &parameter.style)
                .fact("explode", parameter.explode.to_string())
                .fact("kind", kind(parameter));
        }
        let twice = operation.parameters.iter().filter(|p| p.name == *key).count() > 1;
        found.push(
            difference
                .fact("declared", declared.is_some().to_string())
                .fact("ours", presence(our))
                .fact("theirs", presence(their))
                .fact("same name elsewhere", twice.to_string()),
        );
    }
    found
}

fn shown(key: &str, values: Option<&Vec<String>>) -> String {
    values.map_or_else(|| "-".to_owned(), |values| format!("{key}={values:?}"))
}

fn presence<T>(value: Option<T>) -> &'static str {
    if value.is_some() { "present" } else { "absent" }
}

fn headers(operation: &Operation, owned: &[String], ours: &Recorded, theirs: &Recorded) -> Vec<Difference> {
    let all = |request: &Recorded, name: &str| {
        let of_name = request.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
        let values = of_name.map(|(_, value)| value.trim().to_owned()).collect::<Vec<_>>();
        (!values.is_empty()).then_some(values)
    };
    let declared = operation.parameters.iter().filter(|p| p.place == "header");
    let declared: Vec<&Parameter> =
        declared.filter(|p| !owned.iter().any(|own| own.eq_ignore_ascii_case(&p.name))).collect();
    let mut found = Vec::new();
    for parameter in &declared {
        let (our, their) = (all(ours, &parameter.name), all(theirs, &parameter.name));
        if our != their {
            let twice =
                operation.parameters.iter().filter(|p| p.name.eq_ignore_ascii_case(&parameter.name)).count()
                    > 1;
            found.push(
                Difference::new(
                    "header",
                    shown(&parameter.name, our.as_ref()),
                    shown(&parameter.name, their.as_ref()),
                )
                .fact("name", parameter.name.to_lowercase())
                .fact("kind", kind(parameter))
                .fact("ours", presence(our))
                .fact("theirs", presence(their))
                .fact("same name elsewhere", twice.to_string()),
            );
        }
    }
    // Nobody declares these two: they follow from the bodies.
    for name in ["content-type", "accept"] {
        if declared.iter().any(|p| p.name.eq_ignore_ascii_case(name)) {
            continue;
        }
        let (our, their) = (all(ours, name), all(theirs, name));
        let essence =
            |values: &Option<Vec<String>>| values.as_ref().map(|values| values.join(", ").to_lowercase());
        // Without a header, a client says that it accepts anything.
        let standard = |value: Option<String>| value.filter(|value| value != "*/*" || name != "accept");
        let (one, other) = (standard(essence(&our)), standard(essence(&their)));
        if one != other {
            let common = |value: &Option<String>| match value.as_deref() {
                None => "absent".to_owned(),
                Some("application/json") => "json".to_owned(),
                Some(value) if value.contains("json") => "json and others".to_owned(),
                Some(_) => "other".to_owned(),
            };
            found.push(
                Difference::new(
                    name,
                    one.clone().unwrap_or_else(|| "-".into()),
                    other.clone().unwrap_or_else(|| "-".into()),
                )
                .fact("ours", common(&one))
                .fact("theirs", common(&other)),
            );
        }
    }
    if let Some(name) = theirs.headers.iter().map(|(name, _)| name).find(|name| *name == "api-version")
        && all(ours, name).is_none()
        && !declared.iter().any(|p| p.name.eq_ignore_ascii_case(name))
    {
        found.push(
            Difference::new("undeclared header", "-", shown(name, all(theirs, name).as_ref()))
                .fact("name", name),
        );
    }
    found
}

fn body(ours: &Recorded, theirs: &Recorded) -> Vec<Difference> {
    if ours.body == theirs.body {
        return Vec::new();
    }
    let text = |request: &Recorded| String::from_utf8_lossy(&request.body).into_owned();
    let whole = || {
        let sort = |request: &Recorded| if request.body.is_empty() { "absent" } else { "present" };
        Difference::new("body", text(ours), text(theirs))
            .fact("ours", sort(ours))
            .fact("theirs", sort(theirs))
    };
    if ours.body.is_empty() || theirs.body.is_empty() {
        return vec![whole()];
    }
    let media = |request: &Recorded| {
        let header = request.headers.iter().find(|(name, _)| name == "content-type");
        header.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    if media(ours).contains("json") {
        let read = |request: &Recorded| serde_json::from_slice::<Value>(&request.body);
        return match (read(ours), read(theirs)) {
            (Ok(one), Ok(other)) => {
                let mut found = Vec::new();
                json("", Some(&one), Some(&other), &mut found);
                found
            }
            _ => vec![whole().fact("json", "false")],
        };
    }
    if media(ours).contains("form-urlencoded") {
        let pairs = |request: &Recorded| {
            let mut pairs: Vec<(String, String)> =
                form_urlencoded::parse(&request.body).into_owned().collect();
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            pairs
        };
        return if pairs(ours) == pairs(theirs) { Vec::new() } else { vec![whole().fact("media", "form")] };
    }
    vec![whole()]
}

/// One difference for each place; numbers are compared as numbers.
fn json(place: &str, ours: Option<&Value>, theirs: Option<&Value>, found: &mut Vec<Difference>) {
    match (ours, theirs) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                json(&format!("{place}/{key}"), one.get(key), other.get(key), found);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                json(&format!("{place}/{index}"), Some(one), Some(other), found);
            }
        }
        (Some(Value::Number(one)), Some(Value::Number(other))) if one.as_f64() == other.as_f64() => {}
        (one, other) if one == other => {}
        (one, other) => {
            let sort = |value: Option<&Value>| match value {
                None => "absent",
                Some(Value::Null) => "null",
                Some(Value::Array(items)) if items.is_empty() => "empty list",
                Some(Value::Object(fields)) if fields.is_empty() => "empty object",
                Some(Value::String(text)) if looks_like_time(text) => "date-time",
                Some(_) => "present",
            };
            let text = |value: Option<&Value>| value.map_or_else(|| "-".to_owned(), Value::to_string);
            let shown = |value| format!("{place}: {}", text(value));
            found.push(
                Difference::new("json", shown(one), shown(other))
                    .fact("ours", sort(one))
                    .fact("theirs", sort(other)),
            );
        }
    }
}

fn looks_like_time(text: &str) -> bool {
    text.len() >= 19 && text.get(10..11) == Some("T") && text.get(4..5) == Some("-")
}

#[cfg(test)]
mod tests;
