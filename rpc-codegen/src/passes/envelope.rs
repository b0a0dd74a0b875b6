//! Takes the envelope off replies.
//!
//! An envelope is a struct whose fields are `code` and `data`, perhaps `message` and `timestamp`, and nothing else,
//! if it is a generic (`BaseResponse_Order_`), or if several types have the same outside. A generic with a message may have
//! more fields, such as `request_id`: they are not read, and a note says so. Where `service.toml` names
//! the fields, a struct that has them is one. Bodies of failures keep their type.

use std::collections::BTreeMap;

use super::context::Context;
use super::{find, names, walk};
use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Envelope, Operation, Presence, ReplyBody, Shape, Struct, Type, TypeDef, TypeId, Types};
use crate::settings::EnvelopeSettings;

/// Names of the fields: code, message, data, timestamp.
type Outside = (String, Option<String>, String, Option<String>);

pub(super) fn run(context: &mut Context<'_>) {
    let settings = &context.settings.envelope;
    if settings.enabled.as_ref().is_some_and(|enabled| !enabled.value) {
        return;
    }
    let outsides = outsides(&context.service.types, settings);
    let chosen = choose(context, &outsides);
    let Some((code, message, data, timestamp)) = chosen else {
        let named = [&settings.code, &settings.message, &settings.data, &settings.timestamp];
        let place = named.iter().find_map(|name| Some(&name.as_ref()?.location));
        let place = place.or(settings.enabled.as_ref().map(|enabled| &enabled.location)).cloned();
        if let Some(place) = place {
            let message = "no reply has an envelope with these fields".to_owned();
            context.report(
                rules::UNUSED_SETTING,
                &place,
                message,
                "correct the names or take `[envelope]` out",
            );
        }
        return;
    };
    let mut opened = false;
    for operation in &mut context.service.operations {
        let optional = settings.optional.iter().any(|wanted| find::is_operation(operation, &wanted.value));
        let is_one = |id: &TypeId| {
            outsides.get(id).is_some_and(|found| (&found.0, &found.2) == (&code, &data) && found.1 == message)
        };
        opened |= open(operation, &context.service.types, &data, optional, is_one);
    }
    if opened {
        tell_of_more(context, &outsides);
        context.service.envelope = Some(Envelope {
            code,
            message: message.unwrap_or_else(|| "message".to_owned()),
            data,
            timestamp,
            success: settings.success.clone(),
        });
    }
}

/// Points at the fields of envelopes that nobody gets to see; once for each generic.
fn tell_of_more(context: &mut Context<'_>, outsides: &BTreeMap<TypeId, Outside>) {
    let mut told: Vec<(String, String)> = Vec::new();
    for (id, (code, message, data, timestamp)) in outsides {
        let Some(def) = context.service.types.get(*id) else { continue };
        let (Shape::Struct(object), Some((base, _))) = (&def.shape, names::generic(&def.name)) else {
            continue;
        };
        let known = [Some(code), message.as_ref(), Some(data), timestamp.as_ref()];
        for field in object.fields.iter().filter(|field| !known.contains(&Some(&field.wire))) {
            let what = (base.to_string(), field.wire.clone());
            if !told.contains(&what) {
                let message =
                    format!("`{}` stands in the envelope beside the data and is not read", field.wire);
                let help = "to read it, take replies as they are: envelope.enabled = false";
                let note = Diagnostic::new(rules::ENVELOPE_FIELD, field.origin.clone(), message).help(help);
                context.diagnostics.push(note);
                told.push(what);
            }
        }
    }
}

/// The structs that may be envelopes.
fn outsides(types: &Types, settings: &EnvelopeSettings) -> BTreeMap<TypeId, Outside> {
    types.iter().filter_map(|(id, def)| Some((id, outside(def, settings)?))).collect()
}

fn outside(def: &TypeDef, settings: &EnvelopeSettings) -> Option<Outside> {
    let Shape::Struct(object) = &def.shape else { return None };
    let has = |name: &str| object.fields.iter().any(|field| field.wire == name);
    let pick = |chosen: &Option<crate::settings::At<String>>, usual: &[&str]| match chosen {
        Some(name) => has(&name.value).then(|| name.value.clone()),
        None => usual.iter().find(|name| has(name)).map(|name| (*name).to_owned()),
    };
    let code = pick(&settings.code, &["code"])?;
    let data = pick(&settings.data, &["data"])?;
    let message = pick(&settings.message, &["message", "msg"]);
    let timestamp = pick(&settings.timestamp, &["timestamp"]);
    if settings.message.is_some() && message.is_none() {
        return None;
    }
    let known = 2 + usize::from(message.is_some()) + usize::from(timestamp.is_some());
    let chosen = settings.code.is_some() || settings.data.is_some();
    let told = message.is_some() && names::generic(&def.name).is_some();
    (chosen || told || object.fields.len() == known).then_some((code, message, data, timestamp))
}

/// The outside that most replies have; of several, the first.
fn choose(context: &Context<'_>, outsides: &BTreeMap<TypeId, Outside>) -> Option<Outside> {
    let settings = &context.settings.envelope;
    let forced = settings.code.is_some() || settings.data.is_some() || settings.enabled.is_some();
    let types = &context.service.types;
    let mut counts: Vec<(Outside, Vec<TypeId>, usize)> = Vec::new();
    for reply in context.service.operations.iter().flat_map(|operation| &operation.replies) {
        let Some((id, _)) = walk::json(&reply.body).and_then(|ty| walk::behind(types, ty)) else { continue };
        let Some(outside) = outsides.get(&id) else { continue };
        match counts
            .iter_mut()
            .find(|(known, ..)| (&known.0, &known.1, &known.2) == (&outside.0, &outside.1, &outside.2))
        {
            Some((known, ids, count)) => {
                known.3 = known.3.take().or_else(|| outside.3.clone());
                if !ids.contains(&id) {
                    ids.push(id);
                }
                *count += 1;
            }
            None => counts.push((outside.clone(), vec![id], 1)),
        }
    }
    counts.retain(|(_, ids, _)| {
        let generic = |id: &TypeId| types.get(*id).is_some_and(|def| names::generic(&def.name).is_some());
        forced || ids.len() > 1 || ids.iter().any(generic)
    });
    let most = counts.iter().map(|(.., count)| *count).max()?;
    counts.into_iter().find(|(.., count)| *count == most).map(|(outside, ..)| outside)
}

/// Opens the replies of an operation: all of those with JSON, or none.
fn open(
    operation: &mut Operation,
    types: &Types,
    data: &str,
    optional: bool,
    is_one: impl Fn(&TypeId) -> bool,
) -> bool {
    let mut payloads = Vec::new();
    let documented = operation.replies.iter().any(|reply| reply.status.starts_with('2'));
    for reply in &operation.replies {
        let payload = match walk::json(&reply.body) {
            None => None,
            Some(_) if documented && !reply.status.starts_with('2') => None,
            Some(ty) => match walk::behind(types, ty) {
                Some((id, def)) if is_one(&id) => payload(def, data, optional),
                _ => return false,
            },
        };
        payloads.push(payload);
    }
    for (reply, payload) in operation.replies.iter_mut().zip(payloads) {
        if let Some(payload) = payload {
            reply.body = ReplyBody::Json(payload);
            reply.enveloped = true;
            operation.enveloped = true;
        }
    }
    operation.enveloped
}

/// The type of the payload. `null` belongs to it only when somebody said so: `data: T | None` is how a generic
/// envelope says "nothing on failure".
fn payload(def: &TypeDef, data: &str, optional: bool) -> Option<Type> {
    let Shape::Struct(Struct { fields, .. }) = &def.shape else { return None };
    let field = fields.iter().find(|field| field.wire == data)?;
    let generic = names::generic(&def.name);
    let optional = optional || generic.as_ref().is_some_and(|(_, inner)| is_optional(inner));
    let required = field.presence == Presence::Required && generic.is_none();
    Some(match (&field.ty, optional) {
        (Type::Nullable(inner), false) if !required => (**inner).clone(),
        (Type::Nullable(_) | Type::Null | Type::Any, _) | (_, false) => field.ty.clone(),
        (other, true) => Type::Nullable(Box::new(other.clone())),
    })
}

/// Whether the argument of a generic is `Optional[X]` in one of pydantic's spellings.
fn is_optional(argument: &str) -> bool {
    argument.starts_with("Optional_")
        || (argument.starts_with("Union_") && argument.contains("__NoneType"))
        || argument.ends_with("___None")
        || argument.ends_with("___NoneType")
}

#[cfg(test)]
mod tests;
