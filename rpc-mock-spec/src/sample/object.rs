//! Objects.

use serde_json::{Map, Value};

use super::attempt::Attempt;
use super::parts::{Parts, list};
use crate::schema::Direction;

/// How many properties are made up where `minProperties` asks for more than are named.
const MAX_EXTRA: usize = 64;

impl<'b> Attempt<'b> {
    pub(super) fn object(&self, parts: &Parts<'b>, depth: usize, variant: usize) -> Option<Value> {
        let mut required = required(parts);
        let known = parts.each("properties").filter_map(Value::as_object).flat_map(Map::keys);
        let mut names: Vec<&'b str> = Vec::new();
        for name in known.map(String::as_str).chain(required.iter().copied()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let most = parts.least("maxProperties").unwrap_or(usize::MAX);
        let mut members = Map::new();
        // What is required comes first, so that `maxProperties` and the limits of the attempt cost only what is optional.
        let (first, second): (Vec<_>, Vec<_>) =
            names.iter().copied().partition(|name| required.contains(name));
        for name in first {
            let value = self.property(parts, name, depth, variant)?;
            members.insert(name.to_owned(), value);
        }
        if depth < self.effort.optional {
            for name in second {
                if members.len() >= most || members.contains_key(name) {
                    continue;
                }
                if !self.skipped(parts, name)
                    && let Some(value) = self.property(parts, name, depth, variant)
                {
                    members.insert(name.to_owned(), value);
                }
            }
        }
        self.dependent(parts, &mut members, &mut required, depth, variant)?;
        let least = parts.most("minProperties").unwrap_or(0);
        for name in names.iter().copied() {
            if members.len() < least
                && !members.contains_key(name)
                && let Some(value) = self.property(parts, name, depth, variant)
            {
                members.insert(name.to_owned(), value);
            }
        }
        let shown = usize::from(names.is_empty() && depth < self.effort.optional && is_map(parts));
        self.extra(parts, &mut members, least.max(shown.min(most)), depth, variant);
        (members.len() >= least && members.len() <= most).then(|| in_order(members, &names))
    }

    /// Optional properties that do not go this way.
    fn skipped(&self, parts: &Parts<'b>, name: &str) -> bool {
        let flag = match self.bundle.direction() {
            Direction::Request => "readOnly",
            Direction::Reply => "writeOnly",
        };
        let says = |schema: &Value| schema.get(flag).is_some_and(|value| *value == Value::Bool(true));
        let mut own = parts.each("properties").filter_map(|properties| properties.get(name));
        own.any(|schema| says(schema) || says(self.bundle.resolve(schema)))
    }

    /// A value for a property; `None` if it may not be there or none is found.
    fn property(&self, parts: &Parts<'b>, name: &str, depth: usize, variant: usize) -> Option<Value> {
        let schemas = self.property_schemas(parts, name)?;
        self.value(&schemas, depth + 1, variant)
    }

    fn property_schemas(&self, parts: &Parts<'b>, name: &str) -> Option<Vec<&'b Value>> {
        let mut schemas = Vec::new();
        for schema in &parts.all {
            let own = schema.get("properties").and_then(|properties| properties.get(name));
            let patterns = schema.get("patternProperties").and_then(Value::as_object);
            let matching =
                patterns.into_iter().flatten().filter(|(pattern, _)| self.bundle.matches(pattern, name));
            let before = schemas.len();
            schemas.extend(own);
            schemas.extend(matching.map(|(_, value)| value));
            if schemas.len() == before {
                schemas.extend(schema.get("additionalProperties"));
            }
            if let Some(names) = schema.get("propertyNames")
                && !self.bundle.valid(names, &Value::from(name))
            {
                return None;
            }
        }
        (!schemas.contains(&&Value::Bool(false))).then_some(schemas)
    }

    /// Adds what other properties ask for.
    fn dependent(
        &self,
        parts: &Parts<'b>,
        members: &mut Map<String, Value>,
        required: &mut Vec<&'b str>,
        depth: usize,
        variant: usize,
    ) -> Option<()> {
        let dependents: Vec<_> =
            parts.each("dependentRequired").filter_map(Value::as_object).flatten().collect();
        let mut changed = true;
        while changed {
            changed = false;
            for (name, wanted) in &dependents {
                if !members.contains_key(name.as_str()) {
                    continue;
                }
                for other in wanted.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if members.contains_key(other) {
                        continue;
                    }
                    match self.property(parts, other, depth, variant) {
                        Some(value) => drop(members.insert(other.to_owned(), value)),
                        None if required.contains(&name.as_str()) => return None,
                        None => drop(members.shift_remove(name.as_str())),
                    }
                    changed = true;
                }
            }
        }
        Some(())
    }

    /// Adds properties that no schema names, until there are enough.
    fn extra(
        &self,
        parts: &Parts<'b>,
        members: &mut Map<String, Value>,
        least: usize,
        depth: usize,
        variant: usize,
    ) {
        for index in 0..MAX_EXTRA {
            if members.len() >= least {
                return;
            }
            for name in self.names(parts, index) {
                if !members.contains_key(&name)
                    && let Some(value) = self.property(parts, &name, depth, variant)
                {
                    members.insert(name, value);
                    break;
                }
            }
        }
    }

    /// Names that could be allowed.
    fn names(&self, parts: &Parts<'b>, index: usize) -> Vec<String> {
        let mut names = Vec::new();
        let rules: Vec<&'b Value> = parts.each("propertyNames").collect();
        if !rules.is_empty()
            && let Some(Value::String(name)) = self.value(&rules, 40, index)
        {
            names.push(name);
        }
        let patterns = parts.each("patternProperties").filter_map(Value::as_object).flat_map(Map::keys);
        names.extend(patterns.filter_map(|pattern| self.matching(pattern, index)));
        names.push(if index == 0 { "key".to_owned() } else { format!("key{}", index + 1) });
        names
    }
}

/// Names that must be there.
fn required<'b>(parts: &Parts<'b>) -> Vec<&'b str> {
    let mut names: Vec<&'b str> = Vec::new();
    for name in parts.all.iter().flat_map(|schema| list(schema, "required")).filter_map(Value::as_str) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whether values under any name are what this object is for.
fn is_map(parts: &Parts<'_>) -> bool {
    parts.each("additionalProperties").any(Value::is_object) || parts.has(&["patternProperties"])
}

/// Members in the order of their names in the document.
fn in_order(mut members: Map<String, Value>, names: &[&str]) -> Value {
    let mut ordered = Map::new();
    for name in names {
        if let Some(value) = members.shift_remove(*name) {
            ordered.insert((*name).to_owned(), value);
        }
    }
    ordered.extend(members);
    Value::Object(ordered)
}
