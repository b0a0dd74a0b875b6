//! Which derives are sound.

use super::context::Context;
use super::walk;
use crate::ir::{Default_, Presence, Scalar, Shape, Type, TypeDef, Types};

pub(super) fn run(context: &mut Context<'_>) {
    let types = &mut context.service.types;
    // Equality: everything has it until something inside has not (so that recursion does not take it away).
    let equal = settle(types, true, |def, equal| walk::parts(def).into_iter().all(|ty| is_eq(ty, equal)));
    // Default: nothing has it until all it needs has (so that a default that contains itself never gets it).
    let default = settle(types, false, has_default);
    for (id, def) in types.iter_mut() {
        def.eq = equal.get(id.0).copied().unwrap_or(false);
        def.default = default.get(id.0).copied().unwrap_or(false);
        def.copy = matches!(&def.shape, Shape::Enum(values) if !values.open);
    }
}

/// Repeats a question about every type, given the answers so far, until no answer changes.
fn settle(types: &Types, start: bool, ask: impl Fn(&TypeDef, &[bool]) -> bool) -> Vec<bool> {
    let mut answers = vec![start; types.len()];
    loop {
        let mut changed = false;
        for (id, def) in types.iter() {
            let answer = ask(def, &answers);
            if let Some(slot) = answers.get_mut(id.0)
                && *slot == start
                && answer != start
            {
                *slot = answer;
                changed = true;
            }
        }
        if !changed {
            return answers;
        }
    }
}

fn is_eq(ty: &Type, equal: &[bool]) -> bool {
    match ty {
        Type::Named(id) => equal.get(id.0).copied().unwrap_or(false),
        Type::Scalar(scalar) => !matches!(scalar, Scalar::Float(_)),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            is_eq(inner, equal)
        }
        Type::Tuple(items) => items.iter().all(|item| is_eq(item, equal)),
        Type::Any => false,
        Type::Null => true,
    }
}

fn has_default(def: &TypeDef, default: &[bool]) -> bool {
    let Shape::Struct(object) = &def.shape else { return false };
    object.fields.iter().all(|field| match &field.presence {
        Presence::Required => false,
        Presence::Default(Default_::EmptyMap | Default_::Json(_)) => match &field.ty {
            Type::Named(id) => default.get(id.0).copied().unwrap_or(false),
            _ => true,
        },
        Presence::Optional | Presence::Default(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use crate::ir::{Default_, FloatKind, Presence, Scalar, Shape, Type};
    use crate::passes::testing::{check, decimal, list, named, object, service, settings, string, values};
    use expect_test::expect;

    #[test]
    fn sound_ones() {
        let mut closed = values("Closed", ["a"]);
        if let Shape::Enum(values) = &mut closed.shape {
            values.open = false;
        }
        let mut endless = object("Endless", [("again=", named(5))]);
        if let Shape::Struct(object) = &mut endless.shape {
            object.fields[0].presence = Presence::Default(Default_::EmptyMap);
        }
        let types = [
            object("Loop", [("again?", list(named(0))), ("d?", decimal())]),
            object("Float", [("f", Type::Scalar(Scalar::Float(FloatKind::F64)))]),
            object("HasFloat", [("f?", list(named(1))), ("again?", list(named(2)))]),
            object("Json", [("any?", Type::Any), ("s=", string())]),
            closed,
            endless,
            values("Open", ["a"]),
        ];
        check(
            super::run,
            service([], types),
            &settings(""),
            expect![[r#"
            type Loop = { again?: [Loop], d?: Decimal(Number) } eq default
            type Float = { f: Float(F64) }
            type HasFloat = { f?: [Float], again?: [HasFloat] } default
            type Json = { any?: any, s=String("x"): String } default
            type Closed = a eq copy
            type Endless = { again=EmptyMap: Endless } eq
            type Open = a | … eq
        "#]],
        );
    }
}
