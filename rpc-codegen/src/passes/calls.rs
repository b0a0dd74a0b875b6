//! Headers (those that the runtime owns, and lists), and what may be sent twice.

use super::context::Context;
use super::find;
use crate::ir::{Idempotency, Merge, Operation, Parameter, Place, Type};

pub(super) fn run(context: &mut Context<'_>) {
    let settings = context.settings;
    let fastapi = context.service.types.iter().any(|(_, def)| def.key.ends_with("/HTTPValidationError"));
    for operation in &mut context.service.operations {
        for parameter in operation.parameters.iter_mut().filter(|p| p.place == Place::Header) {
            parameter.merged = merge(&parameter.wire);
            if matches!(parameter.ty, Type::List(_)) {
                // OpenAPI writes the items of a list into one line, `a,b`, and has no word for another way; FastAPI, whose
                // documents show by their 422, reads one line per item only.
                parameter.explode = fastapi;
            }
        }
        let chosen = settings.operations.iter().any(|(wanted, chosen)| {
            chosen.idempotency.is_some() && find::is_operation(operation, &wanted.value)
        });
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

#[cfg(test)]
mod tests {
    use crate::ir::{Method, Place};
    use crate::passes::testing::{check, get, operation, service, settings};
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
}
