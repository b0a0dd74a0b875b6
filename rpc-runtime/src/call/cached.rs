//! Phase 2: the reply may be there already, or on its way.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use super::exchange::within;
use super::prepare::Prepared;
use super::{Success, guarded, judge, log};
use crate::cache::{Entry, KeyParts, Lead, Plan, StoreError, Turn, keep, key};
use crate::codegen::Decode;
use crate::error::{Error, ErrorKind, Result, Story, TimeoutScope};
use crate::metrics::{CacheUse, Event};
use crate::response::Source;

/// A kept reply, that of an equal call, or the attempts.
pub(super) async fn run(call: &Prepared, story: &mut Story, decoder: &mut dyn Decode) -> Result<Success> {
    match call.policy.cache {
        None => guarded(call, story, decoder).await,
        // Boxed: other calls' futures must not be larger for it.
        Some(plan) => Box::pin(flown(call, plan, story, decoder)).await,
    }
}

async fn flown(call: &Prepared, plan: Plan, story: &mut Story, decoder: &mut dyn Decode) -> Result<Success> {
    let key = key_of(call);
    let mesh = call.handle.mesh();
    // Calls of another operation or with other limits may end otherwise. (The end of a call's own time is nobody else's.)
    let limits =
        (call.policy.attempt_timeout, call.policy.retries, call.policy.max_body, call.policy.breaker);
    let flight = format!("{key} {} {limits:?}", call.outgoing.operation);
    let seat = mesh.cache().flights().board(&flight, plan.ttl);
    let done = match within(&**mesh.clock(), call.deadline, pin!(seat.turn())).await {
        None => Err(call.out_of_time()),
        Some(Turn::Landed(landed)) => {
            tell(call, CacheUse::Coalesced);
            match landed {
                Ok(entry) => read(call, entry, decoder).map(|success| (success, None)),
                Err(error) => Err(error.duplicate()),
            }
        }
        Some(Turn::Lead(lead)) => led(call, plan, &key, lead, story, decoder).await,
    };
    match done {
        Ok((success, None)) => Ok(success),
        Ok((success, Some(entry))) => {
            // Until it is kept, others find it here; but where every call asks, nobody else may get this one.
            let _seat = (!entry.fresh_for.is_zero()).then_some(seat);
            put(call, &key, &entry).await;
            Ok(success)
        }
        Err(error) => stale(call, plan, seat.kept(), story, error, decoder),
    }
}

/// Makes the call for everybody on the flight. With what is to be kept.
async fn led(
    call: &Prepared,
    plan: Plan,
    key: &str,
    lead: Lead<'_>,
    story: &mut Story,
    decoder: &mut dyn Decode,
) -> Result<(Success, Option<Arc<Entry>>)> {
    if let Some(entry) = lead.kept(get(call, key)).await
        && plan.is_fresh(&entry, entry.age(now(call)))
        // What no longer fits the document is as good as missing.
        && let Ok(success) = read(call, &entry, decoder)
    {
        lead.land(Ok(entry));
        tell(call, CacheUse::Hit);
        return Ok((success, None));
    }
    tell(call, CacheUse::Miss);
    match guarded(call, story, decoder).await {
        Ok(success) => {
            let kept = keep(&success.headers, plan, call.handle.mesh().cache().store().is_shared());
            let (headers, body) = (&success.headers, success.body.clone());
            let entry =
                Arc::new(Entry::new(success.status, headers, body, now(call), kept.unwrap_or_default()));
            lead.land(Ok(Arc::clone(&entry)));
            Ok((success, kept.map(|_| entry)))
        }
        Err(error) => {
            // Other calls may have more time.
            if !matches!(error.kind(), ErrorKind::Timeout(TimeoutScope::Call | TimeoutScope::Inherited)) {
                lead.land(Err(error.duplicate()));
            }
            Err(error)
        }
    }
}

/// A kept reply as if it had just come.
fn read(call: &Prepared, entry: &Entry, decoder: &mut dyn Decode) -> Result<Success> {
    let (headers, body) = (entry.headers.clone(), entry.body.clone());
    let (_, result) = judge::understand(call, entry.status, headers, body, decoder);
    result.map(|success| Success { source: Source::Cache { age: entry.age(now(call)) }, ..success })
}

/// An old reply in place of an error.
fn stale(
    call: &Prepared,
    plan: Plan,
    kept: Option<Arc<Entry>>,
    story: &Story,
    error: Error,
    decoder: &mut dyn Decode,
) -> Result<Success> {
    let Some(entry) = kept.filter(|_| judge::is_outage(&error)) else { return Err(error) };
    let age = entry.age(now(call));
    if !plan.is_usable(&entry, age) {
        return Err(error);
    }
    let Ok(success) = read(call, &entry, decoder) else { return Err(error) };
    let source = Source::Stale { age };
    tell(call, CacheUse::Stale);
    log::instead(&call.handle, &error.with_story(story.clone()), source);
    Ok(Success { source, ..success })
}

fn tell(call: &Prepared, usage: CacheUse) {
    let (service, operation) = (call.outgoing.service(), call.outgoing.operation);
    call.tell(|| Event::Cache { service, operation, usage });
}

async fn get(call: &Prepared, key: &str) -> Option<Arc<Entry>> {
    let bytes = in_time(call, "get", call.handle.mesh().cache().store().get(key)).await??;
    let entry = Entry::decode(bytes);
    if entry.is_none() {
        tracing::debug!(target: "rpc_runtime::cache", key, "no entry of this version, taken as missing");
    }
    entry.map(Arc::new)
}

async fn put(call: &Prepared, key: &str, entry: &Entry) {
    let keep_for = entry.fresh_for.saturating_add(entry.stale_for);
    in_time(call, "put", call.handle.mesh().cache().store().put(key, entry.encode(), keep_for)).await;
}

/// What the store says, if it says it soon; its troubles are nobody else's.
async fn in_time<T>(
    call: &Prepared,
    what: &str,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Option<T> {
    let mesh = call.handle.mesh();
    let patience = mesh.cache().patience;
    let patient = call.now().checked_add(patience);
    let until = [call.deadline, patient].into_iter().flatten().min();
    match within(&**mesh.clock(), until, pin!(work)).await {
        Some(Ok(done)) => return Some(done),
        Some(Err(error)) => tracing::warn!(target: "rpc_runtime::cache", what, %error, "the store failed"),
        None => tracing::warn!(target: "rpc_runtime::cache", what, ?patience, "the store was too slow"),
    }
    None
}

fn now(call: &Prepared) -> SystemTime {
    call.handle.mesh().clock().unix_time()
}

fn key_of(call: &Prepared) -> String {
    key(&KeyParts {
        service: call.handle.name().as_str(),
        addresses: call.handle.addresses(),
        method: &call.outgoing.method,
        target: call.target(),
        headers: &call.outgoing.headers,
        body: &call.outgoing.body,
    })
}

#[cfg(test)]
#[path = "cached_tests.rs"]
mod tests;
