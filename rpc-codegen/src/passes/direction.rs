//! Who sends which type.

use std::collections::BTreeSet;

use super::context::Context;
use super::walk;
use crate::ir::{BodyKind, Direction, Method, Service, Shape, Type, TypeId, Types};

pub(super) fn run(context: &mut Context<'_>) {
    mark(context.service);
}

/// Also for passes that change who sends what.
pub(super) fn mark(service: &mut Service) {
    let sent = reachable(&service.types, service.operations.iter().flat_map(walk::sent));
    let received = reachable(&service.types, service.operations.iter().flat_map(walk::received));
    let mut patched = BTreeSet::new();
    for operation in service.operations.iter().filter(|operation| operation.method == Method::Patch) {
        if let Some(BodyKind::Json(ty)) = operation.body.as_ref().map(|body| &body.kind)
            && let Some((id, def)) = walk::behind(&service.types, without_null(ty))
            && matches!(def.shape, Shape::Struct(_))
        {
            patched.insert(id);
        }
    }
    for (id, def) in service.types.iter_mut() {
        let is = |set: &[bool]| set.get(id.0).copied().unwrap_or(false);
        def.direction = Direction { request: is(&sent), reply: is(&received) };
        def.patch = patched.contains(&id);
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
    use crate::ir::Method;
    use crate::passes::testing::{
        check, get, list, named, nullable, object, operation, service, settings, string,
    };
    use expect_test::expect;

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
