//! What a value may choose: examples, then branches of `anyOf`, `oneOf` and `if`.

use serde_json::{Map, Value};

use super::attempt::Attempt;
use super::parts::{Parts, list};

/// How many branches of one union are tried.
const MAX_BRANCHES: usize = 24;

/// How many variants of a value are tried where a check refuses it.
const VARIANTS: usize = 4;

impl<'b> Attempt<'b> {
    /// A value that satisfies all schemas. `variant` asks for another one than before.
    pub(super) fn value(&self, schemas: &[&'b Value], depth: usize, variant: usize) -> Option<Value> {
        if !self.step(depth) {
            return None;
        }
        let parts = self.parts(schemas);
        if parts.never {
            return None;
        }
        let mut variant = variant;
        let (given, spare) = self.given(&parts);
        let fitting: Vec<&Value> = given.into_iter().filter(|value| self.usable(&parts, value)).collect();
        match fitting.get(variant) {
            Some(value) => {
                self.count();
                return Some((*value).clone());
            }
            None => variant -= fitting.len(),
        }
        let built = (!parts.cyclic)
            .then(|| self.within(&parts.ids, || self.tagged(&parts, depth, variant)))
            .flatten();
        let spare = || spare.into_iter().filter(|value| self.usable(&parts, value)).nth(variant).cloned();
        built.or_else(spare).inspect(|_| self.count())
    }

    /// Values that the document gives: those to use first, and those that say little.
    fn given(&self, parts: &Parts<'b>) -> (Vec<&'b Value>, Vec<&'b Value>) {
        let mut first: Vec<&'b Value> = parts.each("const").collect();
        if self.effort.examples {
            first.extend(parts.each("example"));
            first.extend(parts.all.iter().flat_map(|schema| list(schema, "examples")));
            first.extend(parts.each("default"));
        }
        first.extend(parts.all.iter().flat_map(|schema| list(schema, "enum")));
        let mut known: Vec<&'b Value> = Vec::new();
        first.retain(|value| {
            let new = !known.contains(value);
            if new {
                known.push(value);
            }
            new
        });
        first.into_iter().partition(|value| match value {
            Value::Null => false,
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
            _ => true,
        })
    }

    fn usable(&self, parts: &Parts<'b>, value: &Value) -> bool {
        let fits = self.fits(&parts.roots, value);
        if !fits && let Some(schema) = parts.roots.first() {
            let example =
                |shown: &Value| shown == value || shown.as_array().is_some_and(|all| all.contains(value));
            if parts.each("example").chain(parts.each("examples")).any(example) {
                self.note(schema, value);
            }
        }
        fits
    }

    /// With the tag that a discriminator asks for, else without.
    fn tagged(&self, parts: &Parts<'b>, depth: usize, variant: usize) -> Option<Value> {
        let mut tagged = parts.clone();
        for discriminator in parts.each("discriminator") {
            let tags = discriminator.get("tags");
            let of = |id: &crate::schema::SchemaId| tags?.get(id.key());
            if let Some(tag) = parts.ids.iter().rev().find_map(of) {
                tagged = self.with(&tagged, tag);
            }
        }
        let value =
            (tagged.all.len() > parts.all.len()).then(|| self.chosen(&tagged, &[], depth, variant)).flatten();
        value.or_else(|| self.chosen(parts, &[], depth, variant))
    }

    /// `done`: the schemas whose union has been decided.
    fn chosen(
        &self,
        parts: &Parts<'b>,
        done: &[(&'b Map<String, Value>, &'static str)],
        depth: usize,
        variant: usize,
    ) -> Option<Value> {
        if !self.step(depth) || parts.never {
            return None;
        }
        let open = |keyword: &'static str| {
            let mut all = parts.all.iter().filter(move |schema| schema.contains_key(keyword));
            all.find(|schema| {
                !done.iter().any(|(known, kind)| std::ptr::eq(*known, **schema) && *kind == keyword)
            })
        };
        for keyword in ["oneOf", "anyOf", "if"] {
            if let Some(schema) = open(keyword) {
                let mut done = done.to_vec();
                done.push((schema, keyword));
                return match keyword {
                    "if" => self.conditional(parts, schema, &done, depth, variant),
                    _ => self.branches(parts, schema, keyword, &done, depth, variant),
                };
            }
        }
        self.checked(parts, depth, variant)
    }

    fn branches(
        &self,
        parts: &Parts<'b>,
        schema: &'b Map<String, Value>,
        keyword: &'static str,
        done: &[(&'b Map<String, Value>, &'static str)],
        depth: usize,
        variant: usize,
    ) -> Option<Value> {
        let branches = list(schema, keyword);
        let (last, first): (Vec<_>, Vec<_>) =
            branches.iter().partition(|branch| says_null(self.bundle.resolve(branch)));
        let ordered: Vec<&'b Value> = first.into_iter().chain(last).take(MAX_BRANCHES).collect();
        let tags = schema.get("discriminator").and_then(|found| found.get("tags"));
        for branch in ordered {
            let with = self.with(parts, branch);
            if with.ids.iter().any(|id| !parts.ids.contains(id) && self.is_open(*id)) {
                continue;
            }
            let id = branch.get("$ref").and_then(Value::as_str).and_then(|text| self.bundle.target(text));
            let tag = id.and_then(|id| tags?.get(id.key()));
            let tagged = tag.map(|tag| self.with(&with, tag));
            let new: Vec<_> = with.ids.iter().filter(|id| !parts.ids.contains(id)).copied().collect();
            let value = self.within(&new, || {
                tagged.into_iter().chain([with]).find_map(|parts| {
                    let exactly =
                        |value: &Value| keyword != "oneOf" || self.only_one(branches, branch, value);
                    let built = (variant..variant + VARIANTS)
                        .filter_map(|variant| self.chosen(&parts, done, depth, variant));
                    let mut built = built.take(if keyword == "oneOf" { VARIANTS } else { 1 });
                    built.find(exactly)
                })
            });
            if value.is_some() {
                return value;
            }
        }
        None
    }

    /// Whether no other branch accepts the value.
    fn only_one(&self, branches: &'b [Value], chosen: &'b Value, value: &Value) -> bool {
        branches.iter().all(|branch| std::ptr::eq(branch, chosen) || !self.bundle.valid(branch, value))
    }

    fn conditional(
        &self,
        parts: &Parts<'b>,
        schema: &'b Map<String, Value>,
        done: &[(&'b Map<String, Value>, &'static str)],
        depth: usize,
        variant: usize,
    ) -> Option<Value> {
        let condition = schema.get("if")?;
        let met = self.with(parts, condition);
        let met = schema.get("then").map_or(met.clone(), |then| self.with(&met, then));
        let otherwise = schema.get("else").map_or_else(|| parts.clone(), |other| self.with(parts, other));
        let yes = self.chosen(&met, done, depth, variant);
        yes.or_else(|| {
            self.chosen(&otherwise, done, depth, variant).filter(|value| !self.bundle.valid(condition, value))
        })
    }

    /// Builds, and varies what a check refuses.
    fn checked(&self, parts: &Parts<'b>, depth: usize, variant: usize) -> Option<Value> {
        let refused = |value: &Value| parts.each("not").any(|not| self.bundle.valid(not, value));
        let tries = if parts.has(&["not"]) { VARIANTS } else { 1 };
        let mut built = (variant..variant + tries).filter_map(|variant| self.build(parts, depth, variant));
        built.find(|value| !refused(value))
    }
}

/// Whether a schema is there for null.
fn says_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|ty| ty == "null")
        || schema.get("const").is_some_and(Value::is_null)
        || schema.get("enum").and_then(Value::as_array).is_some_and(|all| all.iter().all(Value::is_null))
}
