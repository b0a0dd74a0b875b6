//! Headers of replies: what their text can be read as, and which of them are the same.

use std::collections::BTreeMap;

use super::context::Context;
use super::{unions, walk};
use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Additional, Header, HeaderKey, HeaderStyle, Operation, Scalar, Shape, Type, TypeId, Types};
use crate::settings::Section;

const TEXT: Type = Type::Scalar(Scalar::String);

/// Headers with a date of HTTP's own (RFC 9110 §5.6.7), whatever the document's format says.
const HTTP_DATES: &[&str] = &["date", "expires", "last-modified", "retry-after"];

/// Gives each header a type that its text can be read as: a text where there is no better.
pub(super) fn settle(context: &mut Context<'_>) {
    share(context);
    let types = &context.service.types;
    for header in context.service.operations.iter_mut().flat_map(headers_mut) {
        if header.wire.eq_ignore_ascii_case("set-cookie") {
            // RFC 9110 §5.3: its lines cannot be put together.
            (header.ty, header.style) = (Type::List(Box::new(TEXT)), HeaderStyle::Lines);
            continue;
        }
        header.ty = without_null(types, &header.ty);
        if header.style == HeaderStyle::Json {
            continue;
        }
        let read = value(types, &header.ty);
        let problem = match read {
            Some(Type::Scalar(Scalar::DateTime | Scalar::Date)) if is_http_date(&header.wire) => {
                Some("holds a date of HTTP")
            }
            Some(_) => None,
            None => Some("has a type that a header's text cannot say"),
        };
        header.ty = read.filter(|_| problem.is_none()).unwrap_or(TEXT);
        if !is_object(types, &header.ty) {
            header.style = HeaderStyle::Simple;
        }
        if let Some(problem) = problem {
            let message = format!("`{}` {problem}; it is read as text", header.wire);
            let note = Diagnostic::new(rules::HEADER_AS_TEXT, header.origin.clone(), message);
            context.diagnostics.push(note);
        }
    }
}

/// Equal inline enums of headers with one name are one type: documents repeat them in every operation. The one that
/// names.lock knows stays, else the first.
fn share(context: &mut Context<'_>) {
    let (types, lock) = (&context.service.types, context.lock);
    let mut found: Vec<(bool, String, TypeId)> = Vec::new();
    for header in context.service.operations.iter_mut().flat_map(headers_mut) {
        walk::named(&header.ty, &mut |id| {
            if let Some(def) = types.get(id).filter(|def| !unions::is_component(def))
                && let Shape::Enum(values) = &def.shape
            {
                let meaning = format!("{} {values:?}", header.wire.to_ascii_lowercase());
                found.push((lock.get(Section::Types, &def.key).is_none(), meaning, id));
            }
        });
    }
    found.sort_by_key(|(is_new, ..)| *is_new);
    let mut kept = BTreeMap::new();
    let same: BTreeMap<TypeId, TypeId> =
        found.into_iter().map(|(_, meaning, id)| (id, *kept.entry(meaning).or_insert(id))).collect();
    let headers = context.service.operations.iter_mut().flat_map(headers_mut);
    headers.for_each(|header| {
        walk::named_mut(&mut header.ty, &mut |id| *id = same.get(id).copied().unwrap_or(*id));
    });
}

fn is_object(types: &Types, ty: &Type) -> bool {
    match ty {
        Type::Map(_) => true,
        Type::Named(id) => types.get(*id).is_some_and(|def| matches!(def.shape, Shape::Struct(_))),
        _ => false,
    }
}

fn is_http_date(wire: &str) -> bool {
    HTTP_DATES.iter().any(|name| wire.eq_ignore_ascii_case(name))
}

/// The type with other names for it opened.
fn without_null(types: &Types, ty: &Type) -> Type {
    let mut ty = types.open(ty);
    while let Type::Nullable(inner) = ty {
        ty = types.open(inner);
    }
    ty.clone()
}

/// What the whole value can be read as.
fn value(types: &Types, ty: &Type) -> Option<Type> {
    let one = |ty: &Type| item(types, ty);
    Some(match ty {
        Type::List(of) => Type::List(Box::new(one(of)?)),
        Type::Map(of) => Type::Map(Box::new(one(of)?)),
        Type::Tuple(parts) => Type::Tuple(parts.iter().map(one).collect::<Option<_>>()?),
        Type::Named(id) => match &types.get(*id)?.shape {
            Shape::Struct(object) => {
                let extra = match &object.additional {
                    Additional::Kept { ty, .. } => Some(ty),
                    Additional::Ignored => None,
                };
                let members = object.fields.iter().map(|field| &field.ty).chain(extra);
                members.map(one).collect::<Option<Vec<_>>>()?;
                ty.clone()
            }
            _ => one(ty)?,
        },
        other => one(other)?,
    })
}

/// What a part without parts can be read as.
fn item(types: &Types, ty: &Type) -> Option<Type> {
    match without_null(types, ty) {
        Type::Any => Some(TEXT),
        Type::Scalar(Scalar::File | Scalar::Binary) => None,
        Type::Scalar(Scalar::IntString(kind)) => Some(Type::Scalar(Scalar::Int(kind))),
        Type::Scalar(scalar) => Some(Type::Scalar(scalar)),
        Type::Named(id) if matches!(types.get(id)?.shape, Shape::Enum(_)) => Some(Type::Named(id)),
        _ => None,
    }
}

/// Finds the headers that are the same: one name, one type.
pub(super) fn gather(context: &mut Context<'_>) {
    let mut keys: Vec<HeaderKey> = Vec::new();
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for header in context.service.operations.iter_mut().flat_map(headers_mut) {
        let same_name = by_name.entry(header.wire.to_ascii_lowercase()).or_default();
        let is_same = |key: &usize| {
            keys.get(*key).is_some_and(|key| key.header.ty == header.ty && key.header.style == header.style)
        };
        header.key = same_name.iter().copied().find(is_same).unwrap_or(keys.len());
        match keys.get_mut(header.key).map(|key| &mut key.header) {
            Some(known) => {
                known.deprecated &= header.deprecated;
                known.doc = known.doc.take().or_else(|| header.doc.clone());
            }
            None => {
                same_name.push(header.key);
                keys.push(HeaderKey { name: String::new(), header: header.clone() });
            }
        }
    }
    context.service.headers = keys;
}

fn headers_mut(operation: &mut Operation) -> impl Iterator<Item = &mut Header> {
    operation.replies.iter_mut().chain(&mut operation.failures).flat_map(|reply| &mut reply.headers)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::passes::testing::{
        check, get, int, list, named, nullable, object, service, settings, string, union, values,
    };

    fn both(context: &mut Context<'_>) {
        settle(context);
        gather(context);
    }

    #[test]
    fn what_text_can_be() {
        let time = Type::Scalar(Scalar::DateTime);
        let types = [
            object("Window", [("limit", int()), ("of?", nullable(named(1)))]),
            values("Level", ["low"]),
            object("Deep", [("window", named(0))]),
            union("Either", [("", int()), ("", string())]),
        ];
        let operation = get("/a")
            .header("200", "X-Level", nullable(named(1)))
            .header("200", "X-Levels", list(nullable(named(1))))
            .header("200", "X-Window", named(0))
            .header("200", "X-Deep", named(2))
            .header("200", "X-Either", named(3))
            .header("200", "X-Lists", list(list(int())))
            .header("200", "X-Any", Type::Any)
            .header("200", "X-Time", time.clone())
            .header("200", "Last-Modified", time)
            .header("200", "Set-Cookie", string());
        check(
            both,
            service([operation], types),
            &settings(""),
            expect![[r#"
            GET /a() -> Unit Unsafe
            header  X-Level: Level Simple
            header  X-Levels: [Level] Simple
            header  X-Window: Window Simple
            header  X-Deep: String Simple
            header  X-Either: String Simple
            header  X-Lists: String Simple
            header  X-Any: String Simple
            header  X-Time: DateTime Simple
            header  Last-Modified: String Simple
            header  Set-Cookie: [String] Lines
            type Window = { limit: Int(I64), of?: Level|null }
            type Level = low | …
            type Deep = { window: Window }
            type Either = string(Int(I64)) | string(String)
            note[R411] openapi.json:1:1: `X-Deep` has a type that a header's text cannot say; it is read as text
            note[R411] openapi.json:1:1: `X-Either` has a type that a header's text cannot say; it is read as text
            note[R411] openapi.json:1:1: `X-Lists` has a type that a header's text cannot say; it is read as text
            note[R411] openapi.json:1:1: `Last-Modified` holds a date of HTTP; it is read as text
        "#]],
        );
    }

    #[test]
    fn equal_enums_of_one_header_are_one_type() {
        let inline = |key: &str, wire: &str| {
            let mut def = values(key, [wire]);
            def.key = format!("#/paths/~1{key}/get/responses/200/headers/X-Level/schema");
            def
        };
        let types = [inline("A", "low"), inline("B", "low"), inline("C", "high")];
        let operations = [
            get("/a").header("200", "X-Level", list(named(0))),
            get("/b").header("200", "x-level", list(named(1))),
            get("/c").header("200", "X-Level", list(named(2))),
            get("/d").header("200", "X-Other", named(1)),
        ];
        check(
            both,
            service(operations, types),
            &settings(""),
            expect![[r#"
            GET /a() -> Unit Unsafe
            GET /b() -> Unit Unsafe
            GET /c() -> Unit Unsafe
            GET /d() -> Unit Unsafe
            header  X-Level: [A] Simple
            header  x-level: [B] Simple
            header  X-Level: [C] Simple
            header  X-Other: B Simple
            type A = low | …
            type B = low | …
            type C = high | …
        "#]],
        );
    }

    #[test]
    fn one_key_for_each_name_and_type() {
        let operations = [
            get("/a").header("200", "X-Total", int()).header("404", "Retry-After", int()),
            get("/b").header("200", "x-total", int()).header("200", "X-Rate", string()),
            get("/c").header("200", "X-Total", string()).header("429", "Retry-After", int()),
        ];
        check(
            both,
            service(operations, []),
            &settings(""),
            expect![[r#"
            GET /a() -> Unit Unsafe
            GET /b() -> Unit Unsafe
            GET /c() -> Unit Unsafe
            header  X-Total: Int(I64) Simple
            header  Retry-After: Int(I64) Simple
            header  X-Rate: String Simple
            header  X-Total: String Simple
        "#]],
        );
    }
}
