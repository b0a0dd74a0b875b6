//! The trace of a scope, and what a call makes of it.

use std::sync::{Arc, PoisonError, RwLock};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::w3c::{self, TraceParent};
use super::{TraceId, current};
use crate::rng::{Rng, SystemRng};

const X_TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// The trace that a scope holds. Clones are the same trace.
#[derive(Debug, Clone)]
pub struct TraceContext {
    inner: Arc<RwLock<Inner>>,
}

#[derive(Debug, Clone)]
struct Inner {
    id: TraceId,
    /// `traceparent`'s trace id; the id itself where that is possible.
    w3c: TraceId,
    flags: u8,
    tracestate: Vec<HeaderValue>,
    baggage: Vec<HeaderValue>,
}

impl Inner {
    fn new(id: TraceId) -> Self {
        let w3c = if id.is_w3c() { id.clone() } else { random(&SystemRng) };
        Self { id, w3c, flags: 0, tracestate: Vec::new(), baggage: Vec::new() }
    }
}

fn random(rng: &dyn Rng) -> TraceId {
    TraceId::from_bits(rng.next_u64(), rng.next_u64())
}

impl TraceContext {
    /// A new trace with this id.
    pub fn with_id(id: TraceId) -> Self {
        Self { inner: Arc::new(RwLock::new(Inner::new(id))) }
    }

    /// See [`trace::from_headers`](super::from_headers).
    pub(super) fn from_headers(headers: &HeaderMap) -> Self {
        let single = |name: &HeaderName| {
            let mut values = headers.get_all(name).iter();
            values.next().filter(|_| values.next().is_none()).and_then(|value| value.to_str().ok())
        };
        let all = |name: &HeaderName| headers.get_all(name).iter().cloned().collect::<Vec<_>>();
        let parent = single(&TRACEPARENT).and_then(TraceParent::parse);
        let given = [X_TRACE_ID, X_REQUEST_ID].iter().find_map(|name| TraceId::new(single(name)?).ok());
        let id = given.or_else(|| Some(parent.as_ref()?.trace.clone())).unwrap_or_else(|| random(&SystemRng));
        let mut inner = Inner::new(id);
        if let Some(parent) = parent {
            inner.w3c = parent.trace;
            inner.flags = parent.flags;
            inner.tracestate = all(&TRACESTATE);
        }
        inner.baggage = all(&BAGGAGE);
        Self { inner: Arc::new(RwLock::new(inner)) }
    }

    /// The id.
    pub fn id(&self) -> TraceId {
        self.read().id
    }

    pub(super) fn set_id(&self, id: TraceId) {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        if id.is_w3c() && inner.w3c != id {
            // Another trace: what the old one carried does not belong to it.
            *inner = Inner { baggage: std::mem::take(&mut inner.baggage), ..Inner::new(id) };
        } else {
            inner.id = id;
        }
    }

    fn read(&self) -> Inner {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What one call sends. Fixed at its start: a later `set_id` belongs to later calls.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing(Inner);

impl Outgoing {
    /// The call's own id, else that of the scope in which the call was made or (for one made outside) is polled, else a new one.
    pub(crate) fn new(scope: Option<TraceContext>, own: Option<TraceId>, rng: &dyn Rng) -> Self {
        match (scope.or_else(current), own) {
            (Some(context), None) => Self(context.read()),
            (Some(context), Some(id)) => {
                let inner = context.read();
                let fresh = Inner::new(id);
                if fresh.id.is_w3c() && fresh.id != inner.w3c {
                    Self(Inner { baggage: inner.baggage, ..fresh })
                } else {
                    Self(Inner { id: fresh.id, ..inner })
                }
            }
            (None, own) => Self(Inner::new(own.unwrap_or_else(|| random(rng)))),
        }
    }

    pub(crate) fn id(&self) -> &TraceId {
        &self.0.id
    }

    /// Writes the headers of one attempt; each send has a span id of its own. Headers that the caller set stay.
    pub(crate) fn write(&self, headers: &mut HeaderMap, rng: &dyn Rng) {
        let Inner { id, w3c, flags, tracestate, baggage } = &self.0;
        for name in [X_TRACE_ID, X_REQUEST_ID] {
            headers.entry(name).or_insert_with(|| id.header().clone());
        }
        if !headers.contains_key(&TRACEPARENT)
            && let Ok(value) = HeaderValue::try_from(w3c::write(w3c.as_str(), rng.next_u64(), *flags))
        {
            headers.insert(TRACEPARENT, value);
            for value in tracestate {
                headers.append(TRACESTATE, value.clone());
            }
        }
        if !headers.contains_key(&BAGGAGE) {
            for value in baggage {
                headers.append(BAGGAGE, value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SeededRng;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn sent(outgoing: &Outgoing) -> Vec<(String, String)> {
        let mut out = HeaderMap::new();
        outgoing.write(&mut out, &SeededRng::new(1));
        let mut pairs: Vec<_> =
            out.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        pairs.sort();
        pairs
    }

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    #[tokio::test]
    async fn a_received_trace_is_carried_on_with_a_new_span() {
        let parent = format!("00-{TRACE}-b7ad6b7169203331-01");
        let received = headers(&[
            ("traceparent", &parent),
            ("tracestate", "a=1"),
            ("baggage", "k=v"),
            ("x-trace-id", "task-1"),
        ]);
        let pairs = super::super::scope(TraceContext::from_headers(&received), async {
            sent(&Outgoing::new(None, None, &SeededRng::new(2)))
        })
        .await;
        let get = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        assert_eq!(get("x-trace-id"), Some("task-1"));
        assert_eq!(get("x-request-id"), Some("task-1"));
        assert_eq!(get("tracestate"), Some("a=1"));
        assert_eq!(get("baggage"), Some("k=v"));
        let traceparent = get("traceparent").unwrap();
        assert!(traceparent.starts_with(&format!("00-{TRACE}-")) && traceparent.ends_with("-01"));
        assert!(!traceparent.contains("b7ad6b7169203331"));
    }

    #[test]
    fn malformed_headers_count_as_missing() {
        let context = TraceContext::from_headers(&headers(&[
            ("traceparent", "00-xyz"),
            ("tracestate", "a=1"),
            ("x-request-id", "r-1"),
        ]));
        assert_eq!(context.id().as_str(), "r-1");
        assert!(context.read().tracestate.is_empty());
        assert!(TraceContext::from_headers(&HeaderMap::new()).id().is_w3c());
    }

    #[tokio::test]
    async fn the_traceparent_of_a_scope_is_fixed_even_with_a_foreign_id() {
        let (one, two) = super::super::with_id("task-42", async {
            (
                sent(&Outgoing::new(None, None, &SeededRng::new(2))),
                sent(&Outgoing::new(None, None, &SeededRng::new(3))),
            )
        })
        .unwrap()
        .await;
        assert_eq!(one, two);
        assert!(one.contains(&("x-trace-id".to_owned(), "task-42".to_owned())));
    }

    #[tokio::test]
    async fn a_call_of_its_own_id_and_set_id() {
        let id = TraceId::new(TRACE).unwrap();
        assert_eq!(Outgoing::new(None, Some(id), &SeededRng::new(2)).0.w3c.as_str(), TRACE);
        assert!(super::super::set_id("x").is_err());
        let seen = super::super::with_id("a", async {
            super::super::set_id("b").unwrap();
            super::super::current_id()
        });
        assert_eq!(seen.unwrap().await.as_deref(), Some("b"));
        for bad in ["", "a b", "a\n", "é"] {
            assert!(TraceId::new(bad).is_err(), "{bad}");
        }
    }
}
