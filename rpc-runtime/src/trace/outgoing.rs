//! What one call sends of its trace.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, HeaderValue};

use super::context::{Trace, random};
use super::{
    BAGGAGE, TRACEPARENT, TRACESTATE, TraceContext, TraceId, X_REQUEST_ID, X_TRACE_ID, current, traceparent,
};
use crate::rng::Rng;

/// What one call sends. Fixed at its start: a later `set_id` belongs to later calls.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// A trace that begins with this call. Its id stands in the `traceparent` of the first send: one buffer has both.
    New { id: TraceId, first: HeaderValue, sent: AtomicBool },
    /// That of a scope.
    Carried(Arc<Trace>),
}

impl Outgoing {
    /// The call's own id, else that of the scope in which the call was made or (for one made outside) is polled, else a new one.
    pub(crate) fn new(scope: Option<TraceContext>, own: Option<TraceId>, rng: &dyn Rng) -> Self {
        match (scope.or_else(current), own) {
            (Some(context), None) => Self::Carried(context.now()),
            (Some(context), Some(id)) => Self::Carried(Arc::new(context.now().renamed(id, rng))),
            (None, Some(id)) => Self::Carried(Arc::new(Trace::new(id, rng))),
            (None, None) => {
                let text = traceparent::write(&random(rng), rng.next_u64(), 0);
                let id = TraceId::within(&text);
                Self::New { id, first: traceparent::header(text), sent: AtomicBool::new(false) }
            }
        }
    }

    pub(crate) fn id(&self) -> &TraceId {
        match self {
            Self::New { id, .. } => id,
            Self::Carried(trace) => &trace.id,
        }
    }

    /// Writes the headers of one attempt; each send has a span id of its own. Headers that the caller set stay.
    pub(crate) fn write(&self, headers: &mut HeaderMap, rng: &dyn Rng) {
        for name in [X_TRACE_ID, X_REQUEST_ID] {
            headers.entry(name).or_insert_with(|| self.id().header().clone());
        }
        let foreign = headers.contains_key(TRACEPARENT);
        if !foreign {
            headers.insert(TRACEPARENT, self.traceparent(rng));
        }
        if let Self::Carried(trace) = self {
            if let Some(state) = trace.state.as_ref().filter(|_| !foreign) {
                headers.append(TRACESTATE, state.clone());
            }
            if let Some(baggage) = trace.baggage.header() {
                headers.entry(BAGGAGE).or_insert_with(|| baggage.clone());
            }
        }
    }

    fn traceparent(&self, rng: &dyn Rng) -> HeaderValue {
        let (trace, flags) = match self {
            Self::New { first, sent, .. } if !sent.swap(true, Ordering::Relaxed) => return first.clone(),
            // Always digits: they are those of `first`.
            Self::New { id, .. } => (id.digits().unwrap_or_else(|| random(rng)), 0),
            Self::Carried(trace) => (trace.parent.trace, trace.parent.flags),
        };
        traceparent::header(traceparent::write(&trace, rng.next_u64(), flags))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

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

    #[test]
    fn a_new_trace_sends_each_span_once() {
        let outgoing = Outgoing::new(None, None, &SeededRng::new(2));
        let spans: Vec<_> = (1..=3)
            .map(|seed| {
                let mut out = HeaderMap::new();
                outgoing.write(&mut out, &SeededRng::new(seed));
                let parent = out[TRACEPARENT].to_str().unwrap().to_owned();
                assert_eq!(
                    (&out[X_TRACE_ID], &out[X_REQUEST_ID]),
                    (outgoing.id().header(), outgoing.id().header())
                );
                assert_eq!(&parent[..36], format!("00-{}-", outgoing.id()));
                assert_eq!((parent.len(), out.len()), (55, 3));
                parent
            })
            .collect();
        assert!(spans[0] != spans[1] && spans[1] != spans[2] && spans[0] != spans[2], "{spans:?}");
    }

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
        assert!(context.now().state.is_none());
        assert!(TraceContext::from_headers(&HeaderMap::new()).id().digits().is_some());
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
        let own = sent(&Outgoing::new(None, Some(id), &SeededRng::new(2)));
        assert!(own.iter().any(|(name, value)| name == "traceparent" && value.contains(TRACE)), "{own:?}");
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
