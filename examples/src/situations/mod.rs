//! One file per situation; here is their order, what each shows, and what it says when all is well.

use crate::demo::Situation;

/// A new situation is one file and one entry here.
macro_rules! situations {
    ($($name:ident: $about:literal => $expected:literal;)*) => {
        $(mod $name;)*

        pub(crate) const ALL: &[Situation] = &[$(Situation {
            name: stringify!($name),
            about: $about,
            expected: $expected,
            run: |world| Box::pin($name::run(world)),
        }),*];
    };
}

situations! {
    http_methods: "GET, POST, PUT, PATCH, DELETE"
        => "created 1001, read 100.10, replaced by 55.00, note gift, deleted, not found";
    parameters: "query, header and body parameters; a wrong one is refused before it is sent"
        => "page 1 of 2 orders; \"tea\" as admin for tenant acme; size 0 refused, never sent";
    raw_call: "a call that no document describes, through the same runtime"
        => "order 123 of user123; untyped: 100.10";
    error_kinds: "timeout, connection, response: told apart by one match"
        => "timeout; connection; response 404 code 404: order 999 does not exist";
    user_not_found: "code 404 in the envelope under HTTP 200 is \"not found\""
        => "Alice; user nobody does not exist (HTTP 200, code 404)";
    credentials: "what the document asks for: set once on the client, or per call; without it nothing is sent"
        => "none: refused, never sent; of the client: key-1; of the call: key-2; never shown: true";
    permission_check: "a refusal by the envelope's code"
        => "read: allowed; delete: forbidden, user123 may not delete orders";
    order_and_notification: "an order is created, then its notification is sent"
        => "order 1001, notification order-1001";
    profile: "three services asked at once, one of them down"
        => "Alice, 1 orders, wallet-service is down";
    explicit_map: "RPC_CLIENT_SERVICES, as the Python services write it"
        => "order 123 and Alice, found in the map";
    dns: "a service that no map names is looked up by its name"
        => "looked up order-service; order 123";
    round_robin: "several addresses are used in turn"
        => "6 calls over 3 instances: 2 2 2";
    least_loaded: "of two instances, the one that answers sooner and has less to do"
        => "40 calls over 3 instances: hardly any at the slow one";
    ejection: "an instance that fails is left alone for a while"
        => "30 of 30 calls good; 5 met the failing instance; 1 of 3 ejected";
    too_much: "a limit on requests in flight: what is too much fails at once"
        => "3 calls at once to 2 instances: 1 refused here, never sent";
    retry: "exponential backoff, on another instance first"
        => "GET: order 123 after 3 attempts; POST: 503, 1 attempt, not repeated";
    idempotency_key: "a POST with a key may be repeated"
        => "order 1001 after 2 attempts, one key";
    rate_limited: "429 with Retry-After is obeyed"
        => "order 123 after 2 attempts, waited";
    broken_replies: "closed connection, half a body, a proxy's page: each its own error, or repaired by a retry"
        => "closed: order 123 after 2 attempts; truncated: order 123 after 2 attempts; page: response 502";
    timeouts: "per client, per call, per attempt"
        => "client: timeout; call: timeout; attempt: order 123 after 2 attempts";
    deadline_next_service: "a service that calls on has only the time that its own caller waits"
        => "order 123, less time at the second hop; nothing left: not sent, 0 arrived";
    hedged: "an instance that does not answer is overtaken by a second request to another"
        => "order 123 after 2 attempts: the first silent, another instance answered; 21 requests for 20 calls";
    breaker: "after failures in a row calls are refused; one call tries whether that is over"
        => "503 503 503 refused refused; later 503 refused refused; later ok ok ok; 7 of 11 arrived";
    degradation: "the service is down: the last known value, or a default"
        => "fresh pending; down: last known pending; never seen: unknown";
    cached: "a kept reply answers later calls; equal calls at the same moment are one"
        => "20 calls, 10 of them at once: 1 asked, 19 from the cache; 1 request arrived";
    stale: "the service is down: its last reply stands in, and says so"
        => "service and service, 2 requests; down: the same order from stale; never seen: an error";
    fallback: "a value of the call's or of the client's in place of an error"
        => "down: balance 0.00 from fallback; order 999: still unknown; down: 0 orders from fallback";
    trace_automatic: "every call carries a trace id; calls of one scope share it"
        => "alone: two ids; in one scope: one id at both services";
    trace_by_hand: "an id of one's own, for a scope and for a call"
        => "task-2026-11-22 and nightly-7 arrived";
    trace_next_service: "a service that calls on passes the id of its caller on"
        => "checkout-42 arrived at the gateway and at order-service";
    request_log: "one event at the start and one at the end of each call, a warning for each retry"
        => "DEBUG call started, WARN attempt failed, trying again, DEBUG call succeeded, with one trace id";
    timing: "every reply and every error knows how long it took"
        => "reply and error: between 30 ms and the limit";
    answers_from_document: "a service that does not exist yet, served from its document"
        => "created, read back and deleted without a server; 422 for a name that is too long";
}
