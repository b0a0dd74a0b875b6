//! What one call sends of its trace.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, HeaderValue};

use super::context::{Trace, random};
use super::{
    BAGGAGE, TRACEPARENT, TRACESTATE, TraceContext, TraceId, TraceParent, X_REQUEST_ID, X_TRACE_ID, current,
    traceparent,
};
use crate::rng::Rng;

/// What one call sends. Fixed at its start: a later `set_id` belongs to later calls.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// A trace that begins with this call. Its id stands in the `traceparent` of the first send: one buffer has both.
    New { id: TraceId, first: HeaderValue, sent: AtomicBool },
    /// That of a scope.
    Carried(Arc<Trace>),
    /// That of a span of OpenTelemetry's that is active around the call. A send without a span of its own belongs to that one.
    #[cfg(feature = "otel")]
    Active(Arc<Trace>),
}

impl Outgoing {
    /// The call's own id, else that of the scope in which the call was made or (for one made outside) is polled, else a new one.
    #[cfg(test)]
    pub(crate) fn new(scope: Option<TraceContext>, own: Option<TraceId>, rng: &dyn Rng) -> Self {
        Self::of(Self::carried(scope, own, rng), rng)
    }

    /// The trace of a call that has one already.
    pub(crate) fn carried(
        scope: Option<TraceContext>,
        own: Option<TraceId>,
        rng: &dyn Rng,
    ) -> Option<Arc<Trace>> {
        match (scope.or_else(current), own) {
            (Some(context), None) => Some(context.now()),
            (Some(context), Some(id)) => Some(Arc::new(context.now().renamed(id, rng))),
            (None, Some(id)) => Some(Arc::new(Trace::new(id, rng))),
            (None, None) => None,
        }
    }

    /// That trace, or a new one.
    pub(crate) fn of(trace: Option<Arc<Trace>>, rng: &dyn Rng) -> Self {
        trace.map_or_else(
            || {
                let text = traceparent::write(&random(rng), rng.next_u64(), 0);
                let id = TraceId::within(&text);
                Self::New { id, first: traceparent::header(text), sent: AtomicBool::new(false) }
            },
            Self::Carried,
        )
    }

    /// What the scope's work sends by other means than calls.
    #[cfg(not(feature = "otel"))]
    pub(crate) fn passing_on(trace: Arc<Trace>) -> Self {
        Self::Carried(trace)
    }

    /// What the scope's work sends by other means than calls.
    #[cfg(feature = "otel")]
    pub(crate) fn passing_on(trace: Arc<Trace>) -> Self {
        crate::otel::passing_on(trace)
    }

    pub(crate) fn id(&self) -> &TraceId {
        match self {
            Self::New { id, .. } => id,
            Self::Carried(trace) => &trace.id,
            #[cfg(feature = "otel")]
            Self::Active(trace) => &trace.id,
        }
    }

    /// Writes the headers of one attempt; each send has a span id of its own, that of its span where a tracing system has one.
    /// Headers that the caller set stay.
    pub(crate) fn write(&self, headers: &mut HeaderMap, rng: &dyn Rng, own: Option<TraceParent>) {
        for name in [X_TRACE_ID, X_REQUEST_ID] {
            headers.entry(name).or_insert_with(|| self.id().header().clone());
        }
        let foreign = headers.contains_key(TRACEPARENT);
        if !foreign {
            headers.insert(TRACEPARENT, self.traceparent(rng, own));
        }
        if let Some(trace) = self.trace() {
            if let Some(state) = trace.state.as_ref().filter(|_| !foreign) {
                headers.append(TRACESTATE, state.clone());
            }
            if let Some(baggage) = trace.baggage.header() {
                headers.entry(BAGGAGE).or_insert_with(|| baggage.clone());
            }
        }
    }

    fn trace(&self) -> Option<&Trace> {
        match self {
            Self::New { .. } => None,
            Self::Carried(trace) => Some(trace),
            #[cfg(feature = "otel")]
            Self::Active(trace) => Some(trace),
        }
    }

    fn traceparent(&self, rng: &dyn Rng, own: Option<TraceParent>) -> HeaderValue {
        let TraceParent { trace, span, flags } = match (own, self) {
            (Some(own), _) => own,
            (None, Self::New { first, sent, .. }) if !sent.swap(true, Ordering::Relaxed) => {
                return first.clone();
            }
            (None, Self::New { id, .. }) => {
                // Always digits: they are those of `first`.
                let trace = id.digits().unwrap_or_else(|| random(rng));
                TraceParent { trace, span: rng.next_u64(), flags: 0 }
            }
            (None, Self::Carried(trace)) => TraceParent { span: rng.next_u64(), ..trace.parent },
            #[cfg(feature = "otel")]
            (None, Self::Active(trace)) => trace.parent,
        };
        traceparent::header(traceparent::write(&trace, span, flags))
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
        outgoing.write(&mut out, &SeededRng::new(1), None);
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
                outgoing.write(&mut out, &SeededRng::new(seed), None);
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
