//! What the settings say of calls: those of all operations under an operation's own, and whether it fits together.

use super::context::Context;
use super::find;
use crate::diagnostic::rules;
use crate::ir::{Choice, Hedging, Idempotency, Method, Operation};
use crate::location::Location;
use crate::settings::{ALL, OperationSettings};

pub(super) fn run(context: &mut Context<'_>) {
    let settings = context.settings;
    let mut faults: Vec<Fault> = Vec::new();
    for operation in &mut context.service.operations {
        let meant = |wanted: &str| wanted == ALL || find::is_operation(operation, wanted);
        let mut chosen: Vec<_> =
            settings.operations.iter().filter(|(wanted, _)| meant(&wanted.value)).collect();
        chosen.sort_by_key(|(wanted, _)| wanted.value != ALL);
        for (_, layer) in &chosen {
            operation.policy = layer.policy.clone().over(std::mem::take(&mut operation.policy));
        }
        // The default of all operations is for those that may be hedged.
        let own = chosen.iter().any(|(wanted, layer)| wanted.value != ALL && layer.policy.hedging.is_some());
        if !own && operation.idempotency == Idempotency::Unsafe {
            operation.policy.hedging = None;
        }
        // As the default of kept replies is for those that may be kept.
        let own = chosen.iter().any(|(wanted, layer)| wanted.value != ALL && layer.policy.caches());
        if !own && !is_kept(operation) {
            (operation.policy.cache, operation.policy.stale_if_error) = (None, None);
        }
        let layers: Vec<_> = chosen.iter().map(|(_, layer)| layer).collect();
        for fault in contradictions(operation, &layers) {
            // A fault of the default is found in every operation.
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
    }
    for Fault { place, message, help } in faults {
        context.report(rules::BAD_SETTING, &place, message, help);
    }
}

/// Whether the runtime keeps replies of it.
fn is_kept(operation: &Operation) -> bool {
    let query = operation.method == Method::Extension("QUERY".to_owned());
    operation.idempotency == Idempotency::Safe && (operation.body.is_none() || query)
}

#[derive(PartialEq)]
struct Fault {
    place: Location,
    message: String,
    help: &'static str,
}

/// Settings that cannot be meant together.
fn contradictions(operation: &Operation, layers: &[&OperationSettings]) -> Vec<Fault> {
    let policy = &operation.policy;
    let timeout = policy.timeout.as_ref().and_then(Choice::set);
    let attempt = policy.attempt_timeout.as_ref().and_then(Choice::set);
    let mut faults = Vec::new();
    // At the one of the settings that was chosen nearest to the operation.
    let mut fault = |settings: &[&str], message: String, help| {
        let mut places =
            layers.iter().rev().flat_map(|layer| settings.iter().filter_map(|key| layer.places.get(key)));
        if let Some(place) = places.next() {
            faults.push(Fault { place: place.clone(), message, help });
        }
    };
    if let (Some(timeout), Some(attempt)) = (timeout, attempt)
        && attempt > timeout
    {
        let message = format!("`attempt_timeout` is {attempt:?}, the whole call has {timeout:?} (`timeout`)");
        fault(&["attempt_timeout", "timeout"], message, "an attempt has at most what the call has");
    }
    if policy.retries == Some(0) && policy.retry_codes.as_ref().is_some_and(|codes| !codes.is_empty()) {
        let message = "`retry_codes` has no effect: `retries` is 0".to_owned();
        fault(&["retry_codes", "retries"], message, "take one of them out");
    }
    if policy.caches() && policy.cache != Some(Choice::Off) && !is_kept(operation) {
        let message =
            format!("replies of `{}` cannot be kept: it is not safe, or sends a body", operation.key);
        fault(&["cache", "stale_if_error"], message, "take it out; only what is read can be kept");
    }
    let Some(hedging) = policy.hedging.as_ref().and_then(Choice::set) else { return faults };
    if operation.idempotency == Idempotency::Unsafe {
        let message = format!("`{}` cannot be hedged: it may not be sent twice", operation.key);
        let help = "take `hedging` out, or say why it may: `idempotency = \"idempotent\"` or `\"keyed\"`";
        fault(&["hedging"], message, help);
    }
    let limit = attempt.or(timeout);
    if let (Hedging::After(delay), Some(limit)) = (hedging, limit)
        && delay >= limit
    {
        let message = format!("`hedging` waits {delay:?}, an attempt has {limit:?}: it would never happen");
        fault(
            &["hedging", "attempt_timeout", "timeout"],
            message,
            "choose a delay that is usually enough for a reply",
        );
    }
    faults
}

#[cfg(test)]
mod tests {
    use crate::ir::{Idempotency, Method};
    use crate::passes::testing::{check, get, operation, service, settings};
    use expect_test::{Expect, expect};

    fn run(text: &str, expected: Expect) {
        let mut post = operation(Method::Post, "/b");
        post.idempotency = Idempotency::Unsafe;
        let mut read = get("/a");
        read.idempotency = Idempotency::Safe;
        check(super::run, service([read, post], []), &settings(text), expected);
    }

    #[test]
    fn an_operations_own_over_those_of_all() {
        run(
            "[operations.'POST /b']\nretries = 0\ntimeout = 'off'\nbreaker = 'off'\n\
             [operations.'*']\nretries = 1\ntimeout = '2s'\nhedging = 'p99'\nmax_body = 10\n\
             breaker = { threshold = 3 }",
            expect![[r#"
                GET /a() -> Unit Safe Policy { timeout: Some(Set(2s)), attempt_timeout: None, retries: Some(1), max_body: Some(Set(10)), retry_codes: None, breaker: Some(Set(Breaker { threshold: 3, recovery: 60s })), hedging: Some(Set(Percentile(99.0))), cache: None, stale_if_error: None, fallback: None }
                POST /b() -> Unit Unsafe Policy { timeout: Some(Off), attempt_timeout: None, retries: Some(0), max_body: Some(Set(10)), retry_codes: None, breaker: Some(Off), hedging: None, cache: None, stale_if_error: None, fallback: None }
            "#]],
        );
    }

    #[test]
    fn contradictions() {
        run(
            "[operations.'*']\nattempt_timeout = '5s'\ntimeout = '2s'\n\
             [operations.'GET /a']\nattempt_timeout = '1s'\nhedging = '1s'\nretries = 0\nretry_codes = ['B']\n\
             [operations.'POST /b']\nhedging = '20ms'",
            expect![[r#"
                GET /a() -> Unit Safe Policy { timeout: Some(Set(2s)), attempt_timeout: Some(Set(1s)), retries: Some(0), max_body: None, retry_codes: Some(["B"]), breaker: None, hedging: Some(Set(After(1s))), cache: None, stale_if_error: None, fallback: None }
                POST /b() -> Unit Unsafe Policy { timeout: Some(Set(2s)), attempt_timeout: Some(Set(5s)), retries: None, max_body: None, retry_codes: None, breaker: None, hedging: Some(Set(After(20ms))), cache: None, stale_if_error: None, fallback: None }
                error[R504] service.toml:8:15: `retry_codes` has no effect: `retries` is 0
                  take one of them out
                error[R504] service.toml:6:11: `hedging` waits 1s, an attempt has 1s: it would never happen
                  choose a delay that is usually enough for a reply
                error[R504] service.toml:2:19: `attempt_timeout` is 5s, the whole call has 2s (`timeout`)
                  an attempt has at most what the call has
                error[R504] service.toml:10:11: `POST /b` cannot be hedged: it may not be sent twice
                  take `hedging` out, or say why it may: `idempotency = "idempotent"` or `"keyed"`
            "#]],
        );
        run(
            "[operations.'*']\nhedging = '20ms'\nattempt_timeout = '10ms'",
            expect![[r#"
                GET /a() -> Unit Safe Policy { timeout: None, attempt_timeout: Some(Set(10ms)), retries: None, max_body: None, retry_codes: None, breaker: None, hedging: Some(Set(After(20ms))), cache: None, stale_if_error: None, fallback: None }
                POST /b() -> Unit Unsafe Policy { timeout: None, attempt_timeout: Some(Set(10ms)), retries: None, max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
                error[R504] service.toml:2:11: `hedging` waits 20ms, an attempt has 10ms: it would never happen
                  choose a delay that is usually enough for a reply
            "#]],
        );
    }
}
