//! Headers (those that the runtime owns, and lists), and what may be sent twice.

use super::context::Context;
use super::find;
use crate::ir::{Constraints, Idempotency, Merge, Operation, Parameter, Place, Scalar, Shape, Type, Types};

pub(super) fn run(context: &mut Context<'_>) {
    let settings = context.settings;
    let fastapi = context.service.types.iter().any(|(_, def)| def.key.ends_with("/HTTPValidationError"));
    let types = &context.service.types;
    for operation in &mut context.service.operations {
        let chosen = settings.operations.iter().any(|(wanted, chosen)| {
            chosen.idempotency.is_some() && find::is_operation(operation, &wanted.value)
        });
        let unkeyed = chosen && operation.idempotency != Idempotency::Keyed;
        for parameter in operation.parameters.iter_mut().filter(|p| p.place == Place::Header) {
            parameter.merged = merge(&parameter.wire).filter(|merge| match merge {
                // The runtime makes keys for keyed operations only: else whoever calls gives the one that must be there.
                Merge::IdempotencyKey => takes_uuids(types, parameter) && !(parameter.required && unkeyed),
                Merge::Trace | Merge::Authorization => true,
            });
            if matches!(parameter.ty, Type::List(_)) {
                // OpenAPI writes the items of a list into one line, `a,b`, and has no word for another way; FastAPI, whose
                // documents show by their 422, reads one line per item only.
                parameter.explode = fastapi;
            }
        }
        if !chosen {
            operation.idempotency = match operation.method.idempotency() {
                // What only reads needs a key only where the document insists.
                Idempotency::Safe if key(operation).is_none_or(|key| !key.required) => Idempotency::Safe,
                _ if key(operation).is_some() => Idempotency::Keyed,
                other => other,
            };
        }
    }
}

/// The idempotency key that the document declares.
fn key(operation: &Operation) -> Option<&Parameter> {
    operation.parameters.iter().find(|parameter| parameter.merged == Some(Merge::IdempotencyKey))
}

fn merge(header: &str) -> Option<Merge> {
    match header.to_ascii_lowercase().as_str() {
        "idempotency-key" => Some(Merge::IdempotencyKey),
        "x-trace-id" | "x-request-id" | "traceparent" | "tracestate" | "baggage" => Some(Merge::Trace),
        "authorization" => Some(Merge::Authorization),
        _ => None,
    }
}

/// Whether every UUID, which is what the runtime sends, is a value of the parameter.
fn takes_uuids(types: &Types, parameter: &Parameter) -> bool {
    const LENGTH: u64 = 36;
    let admits = |rules: &Constraints| {
        rules.pattern.is_none()
            && rules.min_length.is_none_or(|least| least <= LENGTH)
            && rules.max_length.is_none_or(|most| most >= LENGTH)
    };
    let (mut ty, mut rules) = (&parameter.ty, &parameter.constraints);
    // A chain of aliases is no longer than there are types, with "or null" around each: a cycle ends here.
    for _ in 0..=2 * types.len() + 1 {
        if !admits(rules) {
            return false;
        }
        match ty {
            Type::Scalar(Scalar::String | Scalar::Uuid) => return true,
            Type::Nullable(inner) => ty = inner,
            Type::Named(id) => match types.get(*id).map(|def| &def.shape) {
                Some(Shape::Alias(inner, own)) => (ty, rules) = (inner, own),
                _ => return false,
            },
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::ir::{Constraints, Method, Operation, Place, Scalar, Shape, Type};
    use crate::passes::testing::{
        check, def, get, int, list, named, nullable, operation, service, settings, string, values,
    };
    use expect_test::expect;

    #[test]
    fn headers_and_methods() {
        let operations = [
            get("/a").parameter(Place::Header, "idempotency-KEY").parameter(Place::Query, "X-Trace-ID"),
            get("/b").parameter(Place::Header, "traceparent").parameter(Place::Header, "Authorization"),
            get("/c").parameter(Place::Header, "X-Tenant"),
            operation(Method::Delete, "/d"),
            operation(Method::Post, "/e"),
            operation(Method::Post, "/f").parameter(Place::Header, "IDEMPOTENCY-KEY"),
            operation(Method::Post, "/g").parameter(Place::Header, "Idempotency-Key"),
            operation(Method::Post, "/h"),
        ];
        check(
            super::run,
            service(operations, []),
            &settings("[operations]\n'POST /g'.idempotency = 'unsafe'\n'POST /h'.idempotency = 'keyed'"),
            expect![[r#"
                GET /a(idempotency-KEY: String -> IdempotencyKey, X-Trace-ID: String) -> Unit Safe
                GET /b(traceparent: String -> Trace, Authorization: String -> Authorization) -> Unit Safe
                GET /c(X-Tenant: String) -> Unit Safe
                DELETE /d() -> Unit Idempotent
                POST /e() -> Unit Unsafe
                POST /f(IDEMPOTENCY-KEY: String -> IdempotencyKey) -> Unit Keyed
                POST /g(Idempotency-Key: String -> IdempotencyKey) -> Unit Unsafe
                POST /h() -> Unit Unsafe
            "#]],
        );
    }

    fn keyed_by(path: &str, ty: Type, constraints: Constraints) -> Operation {
        let mut operation = operation(Method::Post, path).parameter(Place::Header, "Idempotency-Key");
        for parameter in &mut operation.parameters {
            (parameter.ty, parameter.constraints) = (ty.clone(), constraints.clone());
        }
        operation
    }

    #[test]
    fn keys_that_the_service_would_refuse_are_arguments() {
        let any = Constraints::default;
        let longest = |most| Constraints { max_length: Some(most), ..any() };
        let shortest = |least| Constraints { min_length: Some(least), ..any() };
        let pattern = Constraints { pattern: Some("^[0-9]+$".into()), ..any() };
        let operations = [
            keyed_by("/string", string(), any()),
            keyed_by("/uuid", Type::Scalar(Scalar::Uuid), any()),
            keyed_by("/null", nullable(string()), any()),
            keyed_by("/max-36", string(), longest(36)),
            keyed_by("/max-35", string(), longest(35)),
            keyed_by("/min-36", string(), shortest(36)),
            keyed_by("/min-37", string(), shortest(37)),
            keyed_by("/pattern", string(), pattern),
            keyed_by("/int", int(), any()),
            keyed_by("/list", list(string()), any()),
            keyed_by("/any", Type::Any, any()),
            keyed_by("/enum", named(0), any()),
            keyed_by("/alias", named(1), any()),
            keyed_by("/short-alias", named(2), any()),
            keyed_by("/cycle", named(3), any()),
        ];
        let alias = |name, ty, rules| def(name, Shape::Alias(ty, rules));
        let types = [
            values("Kind", ["a"]),
            alias("Key", nullable(string()), longest(64)),
            alias("Short", named(1), longest(8)),
            alias("Cycle", nullable(named(3)), any()),
        ];
        check(
            super::run,
            service(operations, types),
            &settings(""),
            expect![[r#"
            POST /string(Idempotency-Key: String -> IdempotencyKey) -> Unit Keyed
            POST /uuid(Idempotency-Key: Uuid -> IdempotencyKey) -> Unit Keyed
            POST /null(Idempotency-Key: String|null -> IdempotencyKey) -> Unit Keyed
            POST /max-36(Idempotency-Key: String -> IdempotencyKey) -> Unit Keyed
            POST /max-35(Idempotency-Key: String) -> Unit Unsafe
            POST /min-36(Idempotency-Key: String -> IdempotencyKey) -> Unit Keyed
            POST /min-37(Idempotency-Key: String) -> Unit Unsafe
            POST /pattern(Idempotency-Key: String) -> Unit Unsafe
            POST /int(Idempotency-Key: Int(I64)) -> Unit Unsafe
            POST /list(Idempotency-Key: [String]) -> Unit Unsafe
            POST /any(Idempotency-Key: any) -> Unit Unsafe
            POST /enum(Idempotency-Key: Kind) -> Unit Unsafe
            POST /alias(Idempotency-Key: Key -> IdempotencyKey) -> Unit Keyed
            POST /short-alias(Idempotency-Key: Short) -> Unit Unsafe
            POST /cycle(Idempotency-Key: Cycle) -> Unit Unsafe
            type Kind = a | …
            type Key = String|null
            type Short = Key
            type Cycle = Cycle|null
        "#]],
        );
    }

    #[test]
    fn a_key_that_must_be_given_is_given() {
        let operations = ["idempotent", "unsafe", "safe", "keyed"].map(|chosen| {
            let mut operation = keyed_by(&format!("/{chosen}"), string(), Constraints::default());
            operation.parameters.iter_mut().for_each(|parameter| parameter.required = true);
            operation
        });
        // The settings' own pass comes before.
        let run = |context: &mut crate::passes::Context<'_>| {
            crate::passes::overrides::run(context);
            super::run(context);
        };
        check(
            run,
            service(operations, []),
            &settings(
                "[operations]\n'POST /idempotent'.idempotency = 'idempotent'\n'POST /unsafe'.idempotency = 'unsafe'\n\
                 'POST /safe'.idempotency = 'safe'\n'POST /keyed'.idempotency = 'keyed'",
            ),
            expect![[r#"
                POST /idempotent(Idempotency-Key: String) -> Unit Idempotent
                POST /unsafe(Idempotency-Key: String) -> Unit Unsafe
                POST /safe(Idempotency-Key: String) -> Unit Safe
                POST /keyed(Idempotency-Key: String -> IdempotencyKey) -> Unit Keyed
            "#]],
        );
    }
}
