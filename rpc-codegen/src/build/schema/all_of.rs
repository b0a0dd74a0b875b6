//! `allOf`, and a `$ref` with structure beside it, which means the same.

use std::collections::HashSet;

use crate::diagnostic::rules;
use crate::ir::{Constraints, Type};
use crate::load::{Cursor, SchemaView, Type as Json};

use super::super::builder::Builder;
use super::constraints::tighten;
use super::form::{Form, any};
use super::merge::Merge;

/// How many members an `allOf` may have, those of members included; more would be a struct that nobody can compile.
const MAX_MEMBERS: usize = 2_000;

/// What a member contributes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Part {
    /// Prose only, or `type: object` and no more.
    Nothing,
    Object,
    Alternatives,
    Other,
}

impl<'a> Builder<'a, '_> {
    pub(super) fn all_of(&mut self, schema: &SchemaView<'a>, name: &str) -> Form<'a> {
        let members = schema.all_of();
        if let [single] = members.as_slice()
            && schema.reference().is_none()
            && own_part(schema) == Part::Nothing
        {
            return Form::Same(single.clone());
        }
        let members = self.members(schema);
        members.iter().for_each(|member| self.ignored_keywords(member));
        if members.len() > MAX_MEMBERS {
            return self.raw(schema, &format!("`allOf` with more than {MAX_MEMBERS} members has no type"));
        }
        let parts: Vec<_> = members.into_iter().map(|part| (own_part(&part), part)).collect();
        let is_object = parts.iter().any(|(_, part)| part.types().single() == Some(Json::Object));
        let real: Vec<_> = parts.into_iter().filter(|(part, _)| *part != Part::Nothing).collect();
        let all = |wanted: Part| real.iter().all(|(part, _)| *part == wanted);
        let schemas = || real.iter().map(|(_, schema)| schema.clone()).collect::<Vec<_>>();
        match real.as_slice() {
            [] if is_object => Form::Inline(Type::Map(Box::new(Type::Any)), Constraints::default()),
            [] => any(),
            _ if all(Part::Object) => Form::Merge(Merge { all: schemas(), some: Vec::new() }),
            [(Part::Alternatives, only)] if only != schema => self.one_of(only, name),
            _ if all(Part::Other) => self.scalars(schema, &schemas(), name),
            _ => match self.merge_of(schema) {
                Some(merge) => Form::Merge(merge),
                None => self.raw(schema, "`allOf` of an object and something else has no type"),
            },
        }
    }

    /// All members, those of members included, references followed; each one read for its own keywords only.
    pub(super) fn members(&mut self, schema: &SchemaView<'a>) -> Vec<SchemaView<'a>> {
        let mut seen: HashSet<Cursor<'a>> = HashSet::new();
        let mut waiting = vec![schema.clone()];
        let mut found = Vec::new();
        while let Some(member) = waiting.pop().filter(|_| found.len() <= MAX_MEMBERS) {
            if !seen.insert(member.cursor().clone()) {
                continue;
            }
            if member.reference().is_some() {
                match member.target() {
                    Some(Ok(target)) => waiting.push(target),
                    Some(Err(problem)) => self.push(*problem),
                    None => {}
                }
                if !member.ref_has_siblings() {
                    continue;
                }
            }
            // What a schema says itself comes after what it takes over, unless that is given first by the order of the list.
            waiting.extend(member.all_of().into_iter().rev());
            if member.as_bool().is_none() {
                found.push(member);
            }
        }
        order(found, schema)
    }

    fn scalars(&mut self, schema: &SchemaView<'a>, parts: &[SchemaView<'a>], name: &str) -> Form<'a> {
        let mut found: Option<(Type, Constraints)> = None;
        for part in parts {
            let (ty, rules) = match self.own_form(part, name) {
                Form::Inline(ty, rules) => (ty, rules),
                Form::Values(values) => return Form::Values(values),
                _ => return self.raw(schema, "`allOf` of such schemas has no type"),
            };
            found = match found {
                None => Some((ty, rules)),
                Some((earlier, mut all)) => {
                    let Some(ty) = self.refine(&earlier, &ty) else {
                        let message = "the members of `allOf` have different types: no value is valid";
                        self.report(part.cursor(), rules::ALL_OF_CONFLICT, message);
                        return any();
                    };
                    tighten(&mut all, rules);
                    Some((ty, all))
                }
            };
        }
        found.map_or_else(any, |(ty, rules)| Form::Inline(ty, rules))
    }
}

/// The schema itself last: what it adds comes after what it takes over.
fn order<'a>(mut found: Vec<SchemaView<'a>>, own: &SchemaView<'a>) -> Vec<SchemaView<'a>> {
    if let Some(at) = found.iter().position(|part| part == own) {
        let own = found.remove(at);
        found.push(own);
    }
    found
}

/// What a schema contributes by its own keywords, `allOf` and `$ref` left out.
pub(super) fn own_part(schema: &SchemaView<'_>) -> Part {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.cursor().key(key).is_some());
    if has(&["anyOf", "oneOf"]) {
        return Part::Alternatives;
    }
    if has(&["properties", "required"]) || (has(&["additionalProperties"]) && !closed(schema)) {
        return Part::Object;
    }
    let types = schema.types().without(Json::Null);
    if has(&["enum", "const"]) {
        return Part::Other;
    }
    let types = if types.is_empty() { super::plain::inferred(schema) } else { types };
    match types.single() {
        Some(Json::Object) => Part::Nothing,
        None if types.is_empty() => Part::Nothing,
        _ => Part::Other,
    }
}

fn closed(schema: &SchemaView<'_>) -> bool {
    schema.cursor().key("additionalProperties").is_some_and(|value| value.bool() == Some(false))
}
