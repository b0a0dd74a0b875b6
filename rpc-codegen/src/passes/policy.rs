//! What the settings say of calls: those of all operations under an operation's own, and whether it fits together.

use std::collections::BTreeMap;
use std::time::Duration;

use super::context::Context;
use super::find;
use crate::diagnostic::rules;
use crate::ir::{Choice, Envelope, Hedging, Idempotency, Method, Operation, Policy};
use crate::location::Location;
use crate::settings::{ALL, OperationSettings};

pub(super) fn run(context: &mut Context<'_>) {
    let settings = context.settings;
    let mut faults: Vec<Fault> = Vec::new();
    for operation in &mut context.service.operations {
        let layers = |meant: &dyn Fn(&str) -> bool| -> Vec<&OperationSettings> {
            settings
                .operations
                .iter()
                .filter(|(name, _)| meant(&name.value))
                .map(|(_, layer)| layer)
                .collect()
        };
        let all = layers(&|name| name == ALL);
        let own = layers(&|name| name != ALL && find::is_operation(operation, name));
        let policy = merge(&own);
        operation.policy = policy.clone().over(default(operation, &policy, merge(&all)));
        let layers = [all, own.clone()].concat();
        let envelope = context.service.envelope.as_ref().filter(|_| operation.enveloped);
        faults.extend(said_twice(operation, &own));
        for fault in contradictions(operation, envelope, &layers) {
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

/// Of two, the later one holds.
fn merge(layers: &[&OperationSettings]) -> Policy {
    layers.iter().fold(Policy::default(), |below, layer| layer.policy.clone().over(below))
}

/// What is said of all operations, as far as it can be meant for this one beside what is said of it alone.
fn default(operation: &Operation, own: &Policy, mut all: Policy) -> Policy {
    let set = |choice: &Option<Choice<Duration>>| choice.as_ref().and_then(Choice::set).copied();
    let delay = |policy: &Policy| match policy.hedging {
        Some(Choice::Set(Hedging::After(delay))) => Some(delay),
        _ => None,
    };
    // Where one of the two is not said, there is nothing between them.
    let both = |a: Option<Duration>, b: Option<Duration>, odd: fn(Duration, Duration) -> bool| {
        a.zip(b).is_some_and(|(a, b)| odd(a, b))
    };
    let longer: fn(Duration, Duration) -> bool = |a, b| a > b;
    let late: fn(Duration, Duration) -> bool = |delay, limit| delay >= limit;
    let (timeout, attempt) = (set(&own.timeout), set(&own.attempt_timeout));
    if both(attempt, set(&all.timeout), longer) || both(delay(own), set(&all.timeout), late) {
        all.timeout = None;
    }
    if both(set(&all.attempt_timeout), timeout, longer) || both(delay(own), set(&all.attempt_timeout), late) {
        all.attempt_timeout = None;
    }
    let too_late = both(delay(&all), timeout, late) || both(delay(&all), attempt, late);
    if too_late || operation.idempotency == Idempotency::Unsafe {
        all.hedging = None;
    }
    if !is_kept(operation) {
        (all.cache, all.stale_if_error) = (None, None);
    }
    if !operation.enveloped || own.retries == Some(0) {
        all.retry_codes = None;
    }
    all
}

/// Settings of the operation that two of its sections have, each under another of its names.
fn said_twice(operation: &Operation, own: &[&OperationSettings]) -> Vec<Fault> {
    let mut first: BTreeMap<&str, &Location> = BTreeMap::new();
    let mut faults = Vec::new();
    for (key, place) in own.iter().flat_map(|layer| &layer.places) {
        if let Some(other) = first.get(key) {
            let message = format!("`{key}` of `{}` is set twice: also at {other}", operation.key);
            faults.push(Fault { place: place.clone(), message, help: "take one of them out" });
        } else {
            first.insert(key, place);
        }
    }
    faults
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

/// Whether a code of the envelope means success.
fn is_success(envelope: &Envelope, code: &str) -> bool {
    if envelope.success.is_empty() {
        Envelope::USUAL_SUCCESS.contains(&code)
    } else {
        envelope.success.iter().any(|success| success == code)
    }
}

/// Settings that cannot be meant together.
fn contradictions(
    operation: &Operation,
    envelope: Option<&Envelope>,
    layers: &[&OperationSettings],
) -> Vec<Fault> {
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
    let codes = policy.retry_codes.as_deref().unwrap_or_default();
    if let Some(envelope) = envelope {
        if let Some(code) = codes.iter().find(|code| is_success(envelope, code)) {
            let message = format!("`retry_codes` has `{code}`, with which a call succeeds");
            fault(&["retry_codes"], message, "take it out: what succeeded is not repeated");
        }
    } else if !codes.is_empty() {
        let message =
            format!("`retry_codes` has no effect: `{}` has no reply with an envelope", operation.key);
        fault(&["retry_codes"], message, "take it out: codes stand in envelopes");
    }
    if policy.retries == Some(0) && !codes.is_empty() {
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
    use crate::ir::{Envelope, Idempotency, Method};
    use crate::passes::testing::{check, get, operation, service, settings};
    use expect_test::{Expect, expect};

    fn run(text: &str, expected: Expect) {
        let mut post = operation(Method::Post, "/b");
        post.idempotency = Idempotency::Unsafe;
        let mut read = get("/a");
        read.enveloped = true;
        read.idempotency = Idempotency::Safe;
        let mut service = service([read, post], []);
        service.envelope = Some(Envelope {
            code: "code".into(),
            message: "message".into(),
            data: "data".into(),
            timestamp: None,
            success: Vec::new(),
        });
        check(super::run, service, &settings(text), expected);
    }

    #[test]
    fn an_operations_own_over_those_of_all() {
        run(
            "[operations.'POST /b']\nretries = 0\ntimeout = 'off'\nbreaker = 'off'\n\
             [operations.'*']\nretries = 1\ntimeout = '2s'\nhedging = 'p99'\nmax_body = 10\n\
             breaker = { threshold = 3 }",
            expect![[r#"
                envelope code message data None []
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
                envelope code message data None []
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
                envelope code message data None []
                GET /a() -> Unit Safe Policy { timeout: None, attempt_timeout: Some(Set(10ms)), retries: None, max_body: None, retry_codes: None, breaker: None, hedging: Some(Set(After(20ms))), cache: None, stale_if_error: None, fallback: None }
                POST /b() -> Unit Unsafe Policy { timeout: None, attempt_timeout: Some(Set(10ms)), retries: None, max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
                error[R504] service.toml:2:11: `hedging` waits 20ms, an attempt has 10ms: it would never happen
                  choose a delay that is usually enough for a reply
            "#]],
        );
    }

    #[test]
    fn codes_stand_in_envelopes() {
        run(
            "[operations.'*']\nretry_codes = ['B']",
            expect![[r#"
            envelope code message data None []
            GET /a() -> Unit Safe Policy { timeout: None, attempt_timeout: None, retries: None, max_body: None, retry_codes: Some(["B"]), breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
            POST /b() -> Unit Unsafe
        "#]],
        );
        run(
            "[operations.'POST /b']\nretry_codes = ['B']",
            expect![[r#"
            envelope code message data None []
            GET /a() -> Unit Safe
            POST /b() -> Unit Unsafe Policy { timeout: None, attempt_timeout: None, retries: None, max_body: None, retry_codes: Some(["B"]), breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
            error[R504] service.toml:2:15: `retry_codes` has no effect: `POST /b` has no reply with an envelope
              take it out: codes stand in envelopes
        "#]],
        );
        run(
            "[operations.'GET /a']\nretry_codes = ['B', 200]",
            expect![[r#"
            envelope code message data None []
            GET /a() -> Unit Safe Policy { timeout: None, attempt_timeout: None, retries: None, max_body: None, retry_codes: Some(["B", "200"]), breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
            POST /b() -> Unit Unsafe
            error[R504] service.toml:2:15: `retry_codes` has `200`, with which a call succeeds
              take it out: what succeeded is not repeated
        "#]],
        );
    }

    #[test]
    fn an_operations_own_puts_aside_what_does_not_fit_it() {
        run(
            "[operations.'*']\nattempt_timeout = '5s'\n[operations.'GET /a']\ntimeout = '2s'",
            expect![[r#"
            envelope code message data None []
            GET /a() -> Unit Safe Policy { timeout: Some(Set(2s)), attempt_timeout: None, retries: None, max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
            POST /b() -> Unit Unsafe Policy { timeout: None, attempt_timeout: Some(Set(5s)), retries: None, max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
        "#]],
        );
        run(
            "[operations.'*']\ntimeout = '2s'\n[operations.'GET /a']\nattempt_timeout = '5s'",
            expect![[r#"
            envelope code message data None []
            GET /a() -> Unit Safe Policy { timeout: None, attempt_timeout: Some(Set(5s)), retries: None, max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
            POST /b() -> Unit Unsafe Policy { timeout: Some(Set(2s)), attempt_timeout: None, retries: None, max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
        "#]],
        );
        run(
            "[operations.'*']\nhedging = '2s'\n[operations.'GET /a']\ntimeout = '2s'",
            expect![[r#"
            envelope code message data None []
            GET /a() -> Unit Safe Policy { timeout: Some(Set(2s)), attempt_timeout: None, retries: None, max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
            POST /b() -> Unit Unsafe
        "#]],
        );
        run(
            "[operations.'*']\nattempt_timeout = '1s'\n[operations.'GET /a']\nhedging = '1s'",
            expect![[r#"
            envelope code message data None []
            GET /a() -> Unit Safe Policy { timeout: None, attempt_timeout: None, retries: None, max_body: None, retry_codes: None, breaker: None, hedging: Some(Set(After(1s))), cache: None, stale_if_error: None, fallback: None }
            POST /b() -> Unit Unsafe Policy { timeout: None, attempt_timeout: Some(Set(1s)), retries: None, max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
        "#]],
        );
        run(
            "[operations.'*']\nretry_codes = ['B']\n[operations.'GET /a']\nretries = 0",
            expect![[r#"
            envelope code message data None []
            GET /a() -> Unit Safe Policy { timeout: None, attempt_timeout: None, retries: Some(0), max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
            POST /b() -> Unit Unsafe
        "#]],
        );
        run(
            "[operations.'GET /a']\nattempt_timeout = '5s'\ntimeout = '2s'",
            expect![[r#"
            envelope code message data None []
            GET /a() -> Unit Safe Policy { timeout: Some(Set(2s)), attempt_timeout: Some(Set(5s)), retries: None, max_body: None, retry_codes: None, breaker: None, hedging: None, cache: None, stale_if_error: None, fallback: None }
            POST /b() -> Unit Unsafe
            error[R504] service.toml:2:19: `attempt_timeout` is 5s, the whole call has 2s (`timeout`)
              an attempt has at most what the call has
        "#]],
        );
    }
}
