//! Who sends which type, and which of its properties.

use super::context::Context;
use super::walk;
use crate::ir::{BodyKind, Direction, Method, Presence, Shape, Type, TypeDef, TypeId, Types};

pub(super) fn run(context: &mut Context<'_>) {
    let service = &mut *context.service;
    let sent = reachable(&service.types, service.operations.iter().flat_map(walk::sent));
    let received = reachable(&service.types, service.operations.iter().flat_map(walk::received));
    let mut patched = Vec::new();
    for operation in service.operations.iter().filter(|operation| operation.method == Method::Patch) {
        if let Some(BodyKind::Json(ty)) = operation.body.as_ref().map(|body| &body.kind)
            && let Some((id, def)) = walk::behind(&service.types, without_null(ty))
            && matches!(def.shape, Shape::Struct(_))
        {
            patched.push(id);
        }
    }
    for (id, def) in service.types.iter_mut() {
        let is = |set: &[bool]| set.get(id.0).copied().unwrap_or(false);
        def.direction = Direction { request: is(&sent), reply: is(&received) };
        def.patch = patched.contains(&id);
        one_way(def);
    }
}

/// What goes one way only cannot be required of values that go the other way: OpenAPI's `required` speaks of the way that
/// such a property goes, and a type that goes both ways has to do without.
fn one_way(def: &mut TypeDef) {
    let Shape::Struct(object) = &mut def.shape else { return };
    let Direction { request, reply } = def.direction;
    for field in &mut object.fields {
        let missing = (field.read_only && request) || (field.write_only && reply);
        if missing && field.presence == Presence::Required {
            field.presence = Presence::Optional;
        }
    }
}

fn without_null(ty: &Type) -> &Type {
    match ty {
        Type::Nullable(inner) => inner,
        other => other,
    }
}

/// For each type, whether one can get to it.
fn reachable<'t>(types: &Types, from: impl Iterator<Item = &'t Type>) -> Vec<bool> {
    let mut seen = vec![false; types.len()];
    let mut open: Vec<TypeId> = Vec::new();
    from.for_each(|ty| walk::named(ty, &mut |id| open.push(id)));
    while let Some(id) = open.pop() {
        let Some(mark) = seen.get_mut(id.0) else { continue };
        if !std::mem::replace(mark, true)
            && let Some(def) = types.get(id)
        {
            walk::parts(def).into_iter().for_each(|ty| walk::named(ty, &mut |id| open.push(id)));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use crate::ir::{Method, Shape};
    use crate::passes::testing::{
        check, get, list, named, nullable, object, operation, service, settings, string,
    };
    use expect_test::expect;

    #[test]
    fn nothing_is_required_the_other_way() {
        let fields = || [("id", string()), ("secret", string()), ("name", string())];
        let mut types = ["Sent", "Received", "Both"].map(|name| object(name, fields()));
        for def in &mut types {
            let Shape::Struct(object) = &mut def.shape else { continue };
            object.fields[0].read_only = true;
            object.fields[1].write_only = true;
        }
        let post = operation(Method::Post, "/x").takes(named(0)).json("200", named(1));
        let put = operation(Method::Put, "/x").takes(named(2)).json("200", named(2));
        check(
            super::run,
            service([post, put], types),
            &settings(""),
            expect![[r#"
            POST /x(body: Sent) -> Unit Unsafe
            PUT /x(body: Both) -> Unit Unsafe
            type Sent = { id?: String, secret: String, name: String } in
            type Received = { id: String, secret?: String, name: String } out
            type Both = { id?: String, secret?: String, name: String } in out
        "#]],
        );
    }

    #[test]
    fn reachability() {
        let types = [
            object("Patch", [("inner", nullable(named(1)))]),
            object("Inner", [("again", list(named(0)))]),
            object("Reply", [("inner", named(1))]),
            object("Failure", [("text", string())]),
            object("Unused", [("reply", named(2))]),
        ];
        let patch = operation(Method::Patch, "/x").takes(named(0));
        check(
            super::run,
            service([patch, get("/").json("200", named(2)).json("404", named(3))], types),
            &settings(""),
            expect![[r#"
            PATCH /x(body: Patch) -> Unit Unsafe
            GET /() -> Unit Unsafe
            type Patch = { inner: Inner|null } in out patch
            type Inner = { again: [Patch] } in out
            type Reply = { inner: Inner } out
            type Failure = { text: String } out
            type Unused = { reply: Reply }
        "#]],
        );
    }
}
