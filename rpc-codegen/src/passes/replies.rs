//! What calls give and how they fail.

use super::context::Context;
use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{ErrorSet, ErrorVariant, Method, Operation, Output, Reply, ReplyBody, Type};

pub(super) fn run(context: &mut Context<'_>) {
    let mut sets: Vec<ErrorSet> = Vec::new();
    for operation in &mut context.service.operations {
        operation.output = output(operation);
        if operation.replies.is_empty() {
            let message = format!("`{}` declares no successful reply; the call gives `()`", operation.key);
            context.diagnostics.push(Diagnostic::new(rules::NO_SUCCESS, operation.origin.clone(), message));
        }
        operation.errors = failures(&operation.failures).map(|set| {
            sets.iter().position(|known| *known == set).unwrap_or_else(|| {
                sets.push(set);
                sets.len() - 1
            })
        });
    }
    context.service.error_sets = sets;
}

fn output(operation: &Operation) -> Output {
    if operation.method == Method::Head {
        return Output::Unit;
    }
    let is_2xx = |reply: &&Reply| reply.status.starts_with('2');
    let mut successes: Vec<&Reply> = operation.replies.iter().filter(is_2xx).collect();
    if successes.is_empty() {
        successes = operation.replies.iter().filter(|reply| reply.status == "default").collect();
    }
    successes.dedup_by(|later, earlier| later.status == earlier.status);
    let Some(first) = successes.first() else { return Output::Unit };
    let one = one_output(&first.body);
    if successes.iter().all(|reply| one_output(&reply.body) == one) {
        return one;
    }
    let variant = |reply: &&Reply| (reply.status.clone(), reply.status.clone(), without_null(&reply.body));
    Output::ByStatus { name: String::new(), variants: successes.iter().map(variant).collect() }
}

fn one_output(body: &ReplyBody) -> Output {
    match body {
        ReplyBody::Empty | ReplyBody::Json(Type::Null) => Output::Unit,
        ReplyBody::Json(ty) => Output::Json(ty.clone()),
        ReplyBody::Text => Output::Text,
        ReplyBody::Bytes(_) => Output::Bytes,
    }
}

fn without_null(body: &ReplyBody) -> ReplyBody {
    match body {
        ReplyBody::Json(Type::Null) => ReplyBody::Empty,
        other => other.clone(),
    }
}

/// The set of an operation's failures, if one of them has a body. Names come later.
fn failures(replies: &[Reply]) -> Option<ErrorSet> {
    if replies.iter().all(|reply| reply.body == ReplyBody::Empty) {
        return None;
    }
    let variant = |reply: &Reply| ErrorVariant {
        status: reply.status.clone(),
        name: reply.status.clone(),
        body: reply.body.clone(),
    };
    let mut variants: Vec<_> = replies.iter().map(variant).collect();
    variants.sort_by_key(|variant| rank(&variant.status));
    variants.dedup_by(|later, earlier| later.status == earlier.status);
    Some(ErrorSet { name: String::new(), variants })
}

/// Exact statuses, then ranges, then `default`.
fn rank(status: &str) -> (u8, String) {
    let class = if status == "default" { 2 } else { u8::from(status.ends_with(['X', 'x'])) };
    (class, status.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::ir::{Method, ReplyBody};
    use crate::passes::testing::{check, get, named, object, operation, service, settings};
    use expect_test::expect;

    #[test]
    fn outputs_and_failures() {
        let types = [object("A", []), object("B", []), object("E", [])];
        let post = |path: &str| operation(Method::Post, path);
        let operations = [
            post("/same").json("200", named(0)).json("201", named(0)),
            post("/two").json("200", named(0)).json("201", named(1)).reply("304", ReplyBody::Empty),
            post("/none").json("200", named(0)).reply("204", ReplyBody::Empty),
            post("/default").json("default", named(0)),
            post("/text").reply("200", ReplyBody::Text),
            post("/bytes")
                .reply("200", ReplyBody::Bytes("a/b".into()))
                .reply("206", ReplyBody::Bytes("c/d".into())),
            post("/nothing"),
            operation(Method::Head, "/head").json("200", named(0)),
            get("/e").json("422", named(2)).json("404", named(2)).reply("4XX", ReplyBody::Text),
            get("/same_e").json("404", named(2)).reply("4XX", ReplyBody::Text).json("422", named(2)),
            get("/other_e").json("404", named(1)),
            get("/no_bodies").reply("404", ReplyBody::Empty),
        ];
        check(
            super::run,
            service(operations, types),
            &settings(""),
            expect![[r#"
            POST /same() -> A Unsafe
            POST /two() ->  { 200: A, 201: B } Unsafe
            POST /none() ->  { 200: A, 204: Empty } Unsafe
            POST /default() -> A Unsafe
            POST /text() -> Text Unsafe
            POST /bytes() -> Bytes Unsafe
            POST /nothing() -> Unit Unsafe
            HEAD /head() -> Unit Unsafe
            GET /e() -> Unit errors 0 Unsafe
            GET /same_e() -> Unit errors 0 Unsafe
            GET /other_e() -> Unit errors 1 Unsafe
            GET /no_bodies() -> Unit Unsafe
            errors  { 404: E, 422: E, 4XX: Text }
            errors  { 404: B }
            type A = {  }
            type B = {  }
            type E = {  }
            warning[R406] openapi.json:1:1: `POST /nothing` declares no successful reply; the call gives `()`
        "#]],
        );
    }
}
