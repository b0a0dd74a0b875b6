//! A request made from samples, and its mutants.

use std::collections::BTreeMap;

use jsonschema::Validator;
use rpc_mock_spec::{Operation, Place, Request, Spec};
use serde_json::{Value, json};

use crate::raw::Raw;
use crate::{Counts, TOLD};

/// How many mutants are made of one body.
const MAX_MUTANTS: usize = 60;

pub(crate) fn check(spec: &Spec, raw: &Raw, counts: &mut Counts, told: &mut Vec<String>) {
    let mut judge = Judge { spec, raw, validators: BTreeMap::new(), counts, told };
    for operation in spec.operations() {
        let Some(request) = spec.request(operation) else { continue };
        judge.counts.requests += 1;
        if let Err(refusal) = spec.check(operation, &request) {
            judge.counts.refused += 1;
            judge.tell(format!("refused {}: {refusal:?}", operation.name()));
            continue;
        }
        for place in spec.places(operation) {
            match place.part.as_slice() {
                [_] => judge.body(operation, &place, &request),
                [_, name] => judge.parameter(operation, &place, name, &request),
                _ => {}
            }
        }
    }
}

/// What the document says of a value, from the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Allowed,
    /// Servers may take it all the same.
    WrongFormat,
    Forbidden,
}

struct Judge<'a> {
    spec: &'a Spec,
    raw: &'a Raw,
    /// With formats, and without: the mock takes formats of requests in a wider sense, as servers do.
    validators: BTreeMap<String, Option<(Validator, Validator)>>,
    counts: &'a mut Counts,
    told: &'a mut Vec<String>,
}

impl Judge<'_> {
    fn tell(&mut self, line: String) {
        if self.told.len() < TOLD * 3 {
            self.told.push(line.chars().take(500).collect());
        }
    }

    /// What the document says of a value; `None` where no validator can be made.
    fn verdict(&mut self, pointer: &str, value: &Value) -> Option<Verdict> {
        let known = self.validators.entry(pointer.to_owned());
        let make =
            || Some((self.raw.validator(pointer, true).ok()?, self.raw.validator(pointer, false).ok()?));
        let (strict, lax) = known.or_insert_with(make).as_ref()?;
        Some(match (strict.is_valid(value), lax.is_valid(value)) {
            (true, _) => Verdict::Allowed,
            (false, true) => Verdict::WrongFormat,
            (false, false) => Verdict::Forbidden,
        })
    }

    /// Compares the document's verdict with the mock's.
    fn compare(
        &mut self,
        operation: &Operation,
        place: &Place,
        what: &str,
        verdict: Verdict,
        request: &Request,
    ) {
        self.counts.mutants += 1;
        let refused = self.spec.check(operation, request);
        self.counts.rejected_mutants += usize::from(refused.is_err());
        match &refused {
            Err(refusal) if verdict == Verdict::Allowed => {
                self.counts.wrongly += 1;
                self.tell(format!("wrongly {} {}: {what}: {refusal:?}", operation.name(), place.schema));
            }
            Ok(()) if verdict == Verdict::Forbidden && !self.lacks_read_only(place, request) => {
                self.counts.missed += 1;
                self.tell(format!("missed {} {}: {what}", operation.name(), place.schema));
            }
            _ => {}
        }
    }

    /// Whether a body breaks only that something read-only is missing.
    fn lacks_read_only(&self, place: &Place, request: &Request) -> bool {
        let Ok(mut body) = serde_json::from_slice::<Value>(&request.body) else { return false };
        let Some(Some((_, validator))) = self.validators.get(&place.schema) else { return false };
        // Members that the document misses and marks as read-only are put back, one by one.
        for _ in 0..32 {
            let missing = validator.iter_errors(&body).find_map(|error| match error.kind() {
                jsonschema::error::ValidationErrorKind::Required { property } => {
                    Some((error.instance_path().as_str().to_owned(), property.as_str()?.to_owned()))
                }
                _ => None,
            });
            let Some((at, name)) = missing else { return false };
            if !marks_read_only(&self.raw.root, &name) {
                return false;
            }
            let Some(Value::Object(members)) = body.pointer_mut(&at) else { return false };
            members.insert(name, Value::Null);
            if validator.is_valid(&body)
                || validator.iter_errors(&body).all(|error| error.kind().keyword() != "required")
            {
                return true;
            }
        }
        false
    }

    fn body(&mut self, operation: &Operation, place: &Place, request: &Request) {
        let Ok(sample) = serde_json::from_slice::<Value>(&request.body) else { return };
        if place.required {
            let without = Request { body: Vec::new(), ..request.clone() };
            self.compare(operation, place, "no body", Verdict::Forbidden, &without);
        }
        let mut mutants = Vec::new();
        mutate(&sample, &mut |what, value| mutants.push((what, value)), &sample, "");
        for (what, value) in mutants.into_iter().take(MAX_MUTANTS) {
            let Some(verdict) = self.verdict(&place.schema, &value) else { return };
            let with = Request { body: value.to_string().into_bytes(), ..request.clone() };
            self.compare(operation, place, &what, verdict, &with);
        }
    }

    fn parameter(&mut self, operation: &Operation, place: &Place, name: &str, request: &Request) {
        let kind = place.part.first().map_or("", String::as_str);
        let set = |text: Option<&str>| {
            let mut with = request.clone();
            let (list, name) = match kind {
                "query" => (&mut with.query, name.to_owned()),
                "header" => (&mut with.headers, name.to_ascii_lowercase()),
                "path" => (&mut with.path, name.to_owned()),
                _ => return None,
            };
            list.retain(|(key, _)| *key != name);
            list.extend(text.map(|text| (name, text.to_owned())));
            Some(with)
        };
        if place.plain
            && place.required
            && kind != "path"
            && let Some(without) = set(None)
        {
            self.compare(operation, place, "missing", Verdict::Forbidden, &without);
        }
        if !place.plain {
            return;
        }
        let long = "x".repeat(5_000);
        for text in ["no such value", "-999999999999", "999999999999", "0.123456789", "!", &long] {
            // Servers read a text as what the schema wants: it is wrong if no reading is right.
            let number =
                text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<f64>().map(Value::from));
            let readings = [Some(json!(text)), number.ok()];
            let verdicts: Option<Vec<_>> =
                readings.iter().flatten().map(|value| self.verdict(&place.schema, value)).collect();
            let Some(verdict) = verdicts.and_then(|all| all.into_iter().min()) else { return };
            if let Some(with) = set(Some(text)) {
                let what: String = text.chars().take(20).collect();
                self.compare(operation, place, &what, verdict, &with);
            }
        }
    }
}

/// Whether any schema of the document has a read-only property of this name.
fn marks_read_only(root: &Value, name: &str) -> bool {
    match root {
        Value::Object(members) => {
            let own = members.get("properties").and_then(|all| all.get(name));
            own.is_some_and(|schema| {
                schema.get("readOnly") == Some(&Value::Bool(true)) || schema.get("$ref").is_some()
            }) || members.values().any(|value| marks_read_only(value, name))
        }
        Value::Array(items) => items.iter().any(|value| marks_read_only(value, name)),
        _ => false,
    }
}

/// Every way to spoil one place: taken out, of another type, out of range, too long, too short, something more.
fn mutate(root: &Value, found: &mut dyn FnMut(String, Value), at: &Value, pointer: &str) {
    let mut put = |what: &str, value: Value| {
        let mut with = root.clone();
        if let Some(place) = with.pointer_mut(pointer) {
            *place = value;
            found(format!("{what} at {pointer:?}"), with);
        }
    };
    match at {
        Value::Object(members) => {
            put("a text", json!("text"));
            let mut more = members.clone();
            more.insert("no_such_property".into(), json!(1));
            put("one more", Value::Object(more));
            for name in members.keys() {
                let mut fewer = members.clone();
                fewer.shift_remove(name);
                put(&format!("without `{name}`"), Value::Object(fewer));
            }
            for (name, value) in members {
                mutate(
                    root,
                    found,
                    value,
                    &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")),
                );
            }
        }
        Value::Array(items) => {
            put("a text", json!("text"));
            put("none", json!([]));
            put("many", Value::Array(items.iter().cycle().take(items.len() * 200).cloned().collect()));
            if let Some(first) = items.first() {
                mutate(root, found, first, &format!("{pointer}/0"));
            }
        }
        Value::String(_) => {
            for (what, value) in [
                ("a number", json!(7)),
                ("an object", json!({"no": "such"})),
                ("empty", json!("")),
                ("long", json!("x".repeat(5_000))),
                ("strange", json!("!? \u{2603}")),
            ] {
                put(what, value);
            }
        }
        Value::Number(_) => {
            for (what, value) in [
                ("a text", json!("text")),
                ("low", json!(-999_999_999_999_i64)),
                ("high", json!(999_999_999_999_i64)),
                ("a fraction", json!(0.123_456_789)),
            ] {
                put(what, value);
            }
        }
        _ => put("an object", json!({"no": "such"})),
    }
}
