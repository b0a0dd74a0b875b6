//! What is on the wire is what is exported.

use std::future::IntoFuture as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::http::HeaderMap;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::context::FutureExt as _;
use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, TraceContextExt as _, TraceFlags, TraceId, TraceState, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::Sampler;
use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::context as task;
use rpc_runtime::intercept::{AttemptEnded, Interceptor};
use rpc_runtime::otel::Telemetry;
use rpc_runtime::testing::SeededRng;
use rpc_runtime::trace::{self, Baggage};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::ONE_AT_A_TIME;
use crate::hops::{Sdk, Service, WAYS, service};
use crate::support::{Client, client, config, mesh, ok, script, status};

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// What a service was sent last: headers, and the id that its handler saw.
fn last(service: &Service) -> (HeaderMap, String) {
    let (headers, id) = service.received.lock().unwrap().pop().unwrap();
    (headers, id.unwrap())
}

/// The handlers of a hop end after their reply has gone.
pub(crate) async fn settle(sdk: &Sdk, spans: usize) {
    for _ in 0..1000 {
        if sdk.spans().len() >= spans {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{} spans of {spans}", sdk.spans().len());
}

#[tokio::test]
async fn three_hops_are_one_trace() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for way in WAYS {
        let sdk = Sdk::new(Sampler::AlwaysOn);
        let _listening = sdk.listen(way);
        let c = service(None).await;
        let b = service(Some(c.client.clone())).await;
        let a = service(Some(b.client.clone())).await;
        a.client.get("/orders/7").send().await.unwrap();
        settle(&sdk, 9).await;
        assert_eq!(sdk.spans().len(), 9, "a call, a send and a request for each hop");

        let mut parent = SpanId::INVALID;
        let mut ids = Vec::new();
        for hop in [&a, &b, &c] {
            let call = sdk.child(parent, &SpanKind::Internal);
            let send = sdk.child(call.span_context.span_id(), &SpanKind::Client);
            let request = sdk.child(send.span_context.span_id(), &SpanKind::Server);
            let (headers, seen) = last(hop);
            let (id, span) = (send.span_context.trace_id().to_string(), send.span_context.span_id());
            assert_eq!(text(&headers, "traceparent"), format!("00-{id}-{span}-01"));
            assert_eq!(text(&headers, "x-trace-id"), id);
            assert_eq!(text(&headers, "x-request-id"), id);
            assert_eq!(seen, id, "and the handler sees it");
            assert_eq!(request.name, "GET /orders/{id}");
            assert!(request.parent_span_is_remote);
            parent = request.span_context.span_id();
            ids.push(id);
        }
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }
}

#[tokio::test]
async fn what_is_not_sampled_has_the_right_ids_too() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for way in WAYS {
        let sdk = Sdk::new(Sampler::AlwaysOff);
        let _listening = sdk.listen(way);
        let b = service(None).await;
        let a = service(Some(b.client.clone())).await;
        a.client.get("/orders/7").send().await.unwrap();
        let ((one, seen), (two, _)) = (last(&a), last(&b));
        for headers in [&one, &two] {
            let id = text(headers, "x-trace-id");
            assert_eq!((id.len(), id), (32, seen.as_str()));
            let parent = text(headers, "traceparent");
            assert!(parent.starts_with(&format!("00-{id}-")) && parent.ends_with("-00"), "{parent}");
        }
        assert_ne!(text(&one, "traceparent"), text(&two, "traceparent"));
        assert!(sdk.spans().is_empty());
    }
}

#[tokio::test]
async fn an_id_that_somebody_chose_stays_and_the_trace_is_opentelemetrys() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for way in WAYS {
        let sdk = Sdk::new(Sampler::AlwaysOn);
        let _listening = sdk.listen(way);
        let b = service(None).await;
        let a = service(Some(b.client.clone())).await;
        trace::with_id("task-42", async { a.client.get("/orders/7").send().await.unwrap() }).unwrap().await;
        settle(&sdk, 6).await;
        let call = sdk.child(SpanId::INVALID, &SpanKind::Internal);
        let id = call.span_context.trace_id().to_string();
        for hop in [&a, &b] {
            let (headers, seen) = last(hop);
            assert_eq!((text(&headers, "x-trace-id"), seen.as_str()), ("task-42", "task-42"));
            assert!(text(&headers, "traceparent").starts_with(&format!("00-{id}-")));
        }
        // One that `traceparent` can carry is the trace's.
        let chosen = "0af7651916cd43dd8448eb211c80319c";
        let call = async { b.client.get("/orders/7").send().await.unwrap() };
        trace::with_id(chosen, call).unwrap().await;
        let (headers, seen) = last(&b);
        assert_eq!((text(&headers, "x-trace-id"), seen.as_str()), (chosen, chosen));
        let parent = text(&headers, "traceparent");
        assert!(parent.starts_with(&format!("00-{chosen}-")) && parent.ends_with("-01"), "{parent}");
        settle(&sdk, 9).await;
        assert!(sdk.spans()[6..].iter().all(|span| span.span_context.trace_id().to_string() == chosen));
    }
}

#[tokio::test]
async fn received_headers_are_the_parent_and_go_on() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for way in WAYS {
        let sdk = Sdk::new(Sampler::AlwaysOn);
        let _listening = sdk.listen(way);
        let b = service(None).await;
        let a = service(Some(b.client.clone())).await;
        let (id, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        // Not by a client of ours, which has a trace of its own.
        let plain = a.client.get("/orders/7").header("traceparent", &format!("00-{id}-{span}-01"));
        let plain = plain.header("tracestate", "a=1,b=2").header("baggage", "tenant=M%C3%BCller;p=1");
        plain.send().await.unwrap();
        settle(&sdk, 6).await;
        let request = sdk.child(SpanId::from_hex(span).unwrap(), &SpanKind::Server);
        assert_eq!(request.span_context.trace_id().to_string(), id);
        assert_eq!(request.span_context.trace_state().header(), "a=1,b=2");
        let (headers, _) = last(&b);
        assert!(text(&headers, "traceparent").starts_with(&format!("00-{id}-")));
        assert_eq!(text(&headers, "tracestate"), "a=1,b=2");
        assert_eq!(text(&headers, "baggage"), "tenant=M%C3%BCller;p=1");
    }
}

#[tokio::test]
async fn work_in_a_task_of_its_own_belongs_to_the_request() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for way in WAYS {
        let sdk = Sdk::new(Sampler::AlwaysOn);
        let _listening = sdk.listen(way);
        let a = service(None).await;
        let mut headers = HeaderMap::new();
        let (id, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        headers.insert("traceparent", format!("00-{id}-{span}-01").parse().unwrap());
        let call = a.client.get("/orders/7").send();
        task::Context::from_headers(&headers).spawn(call).await.unwrap().unwrap();
        settle(&sdk, 3).await;
        let call = sdk.child(SpanId::from_hex(span).unwrap(), &SpanKind::Internal);
        assert_eq!(call.span_context.trace_id().to_string(), id);
    }
}

#[tokio::test(start_paused = true)]
async fn a_layer_that_attaches_nothing() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let sdk = Sdk::new(Sampler::AlwaysOn);
    let _listening = sdk.listen_detached();
    let (client, transport) = client([ok()]);
    let work = tracing::Instrument::instrument(client.get(7).into_future(), tracing::info_span!("work"));
    trace::with_id("0af7651916cd43dd8448eb211c80319c", work).unwrap().await.unwrap();
    let names: Vec<_> = sdk.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["GET /orders/{id}", "order-service.GetOrder", "work"]);
    let ids: Vec<_> = sdk.spans().into_iter().map(|span| span.span_context.span_id()).collect();
    let parents: Vec<_> = sdk.spans().into_iter().map(|span| span.parent_span_id).collect();
    assert_eq!(parents, [ids[1], ids[2], SpanId::INVALID]);
    let send = &sdk.spans()[0].span_context;
    let expected = format!("00-{}-{}-01", send.trace_id(), send.span_id());
    assert_eq!(transport.sent()[0].header("traceparent"), expected);
}

#[tokio::test(start_paused = true)]
async fn each_send_has_its_span() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for way in WAYS {
        let sdk = Sdk::new(Sampler::AlwaysOn);
        let _listening = sdk.listen(way);
        let (client, transport) = client([status(503), status(503), ok()]);
        client.get(7).await.unwrap();
        let call = sdk.child(SpanId::INVALID, &SpanKind::Internal);
        let sends: Vec<_> =
            sdk.spans().into_iter().filter(|span| span.span_kind == SpanKind::Client).collect();
        let exported: Vec<_> = sends
            .iter()
            .map(|send| {
                assert_eq!(send.parent_span_id, call.span_context.span_id());
                format!("00-{}-{}-01", send.span_context.trace_id(), send.span_context.span_id())
            })
            .collect();
        assert_eq!(crate::support::headers(&transport.sent(), "traceparent"), exported);
        assert_eq!(exported.len(), 3);
    }
}

/// Notes when the attempt ended.
#[derive(Debug, Clone, Default)]
struct Ends(Arc<Mutex<Vec<SystemTime>>>);

impl Interceptor for Ends {
    fn after_attempt(&self, _: &AttemptEnded<'_>) {
        self.0.lock().unwrap().push(SystemClock.unix_time());
    }
}

#[tokio::test(start_paused = true)]
async fn a_send_ends_after_its_reply_whoever_looked_before_it() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let sdk = Sdk::new(Sampler::AlwaysOn);
    let telemetry = Telemetry::from_providers(sdk.provider.clone(), SdkMeterProvider::default());
    let layers = tracing_subscriber::registry().with(telemetry.layer());
    let _listening = tracing::subscriber::set_default(layers);
    let (ends, transport) = (Ends::default(), script([ok()]));
    let settings = Client::builder().mesh(&mesh(&transport, config(1), SeededRng::new(1)));
    settings.interceptor(ends.clone()).build().unwrap().get(7).await.unwrap();
    let call = sdk.child(SpanId::INVALID, &SpanKind::Internal);
    let send = sdk.child(call.span_context.span_id(), &SpanKind::Client);
    let end = ends.0.lock().unwrap()[0];
    assert!(send.start_time <= end && end <= send.end_time && send.end_time <= call.end_time);
}

/// A context of OpenTelemetry's that nobody has told `tracing` of.
fn plain(remote: bool, flags: TraceFlags) -> Context {
    let state: TraceState = "v=1".parse().unwrap();
    let (id, span) = (TraceId::from(0x0af7_u128), SpanId::from(0xb7_u64));
    Context::new().with_remote_span_context(SpanContext::new(id, span, flags, remote, state))
}

#[tokio::test(start_paused = true)]
async fn a_context_without_tracing() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (client, transport) = client([ok(), ok(), ok(), ok()]);
    for (remote, flags) in [(true, TraceFlags::SAMPLED), (false, TraceFlags::NOT_SAMPLED)] {
        let baggage = [KeyValue::new("tenant", "a b"), KeyValue::new("ours", "theirs")];
        let context = plain(remote, flags).with_baggage(baggage);
        let mut ours = Baggage::default();
        ours.insert("ours", "1").unwrap();
        async {
            client.get(7).await.unwrap();
            trace::with_baggage(ours, async { client.get(7).await.unwrap() }).await;
        }
        .with_context(context)
        .await;
    }
    let sent = transport.sent();
    let id = "00000000000000000000000000000af7";
    for (request, flags) in sent.iter().zip(["01", "01", "00", "00"]) {
        assert_eq!(request.header("traceparent"), format!("00-{id}-00000000000000b7-{flags}"));
        assert_eq!(request.header("x-trace-id"), id);
        assert_eq!(request.header("tracestate"), "v=1");
    }
    assert_eq!(sent[1].header("baggage"), "ours=1,tenant=a%20b");
    let mut theirs: Vec<_> = sent[0].header("baggage").split(',').collect();
    theirs.sort_unstable();
    assert_eq!(theirs, ["ours=theirs", "tenant=a%20b"]);
}

#[tokio::test]
async fn a_handler_has_the_context_without_tracing() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let sdk = Sdk::new(Sampler::AlwaysOn);
    let tracer = sdk.provider.tracer("plain");
    let b = service(None).await;
    let (id, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    // The span of a handler that knows nothing of `tracing`; its calls belong to it.
    let handler = {
        let client = b.client.clone();
        axum::routing::get(async move || {
            let span = tracer.start("work");
            let context = Context::current_with_span(span);
            client.get("/orders/7").send().with_context(context).await.unwrap();
        })
    };
    let layer = rpc_runtime::server::ServerLayer::new();
    let router = axum::Router::new().route("/", handler).layer(layer);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());
    let client =
        rpc_runtime::Client::builder("a").url(&url).timeout(Duration::from_secs(120)).build().unwrap();
    let call = client.get("/").header("traceparent", &format!("00-{id}-{span}-01"));
    call.header("baggage", "tenant=7").send().await.unwrap();
    let work = sdk.child(SpanId::from_hex(span).unwrap(), &SpanKind::Internal);
    let (headers, _) = last(&b);
    let expected = format!("00-{id}-{}-01", work.span_context.span_id());
    assert_eq!(text(&headers, "traceparent"), expected);
    assert_eq!(text(&headers, "baggage"), "tenant=7");
    let seen = async { trace::with_baggage(Baggage::default(), async { trace::current_id() }).await };
    let seen = seen.with_context(plain(true, TraceFlags::SAMPLED)).await;
    assert_eq!(seen.as_deref(), Some("00000000000000000000000000000af7"));
}

#[tokio::test]
async fn without_opentelemetry_all_is_as_before() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let b = service(None).await;
    let a = service(Some(b.client.clone())).await;
    let (id, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    let call = a.client.get("/orders/7").header("traceparent", &format!("00-{id}-{span}-01"));
    call.send().await.unwrap();
    let (headers, _) = last(&b);
    let parent = text(&headers, "traceparent");
    assert!(parent.starts_with(&format!("00-{id}-")) && parent.ends_with("-01"), "{parent}");
    assert!(!parent.contains(span), "a send has a span id of its own: {parent}");
}
