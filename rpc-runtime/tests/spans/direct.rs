//! What the SDK is told without `tracing`: the same spans, once, and none that a filter leaves out.

use std::future::IntoFuture as _;

use opentelemetry::Value;
use opentelemetry::trace::{SpanId, SpanKind};
use opentelemetry_sdk::trace::{Sampler, SpanData};
use rpc_runtime::Method;
use rpc_runtime::intercept::{Hook, Interceptor, OutgoingAttempt};
use rpc_runtime::otel::Telemetry;
use rpc_runtime::testing::SeededRng;
use tracing::Instrument as _;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::registry;

use crate::ONE_AT_A_TIME;
use crate::capture::Capture;
use crate::hops::{Sdk, WAYS};
use crate::support::{Client, client, config, mesh, ok, script, status};

/// All that a backend sees of a span; ids, times, and what a layer says of itself left out.
fn shown(span: &SpanData) -> String {
    let of_layer = ["busy_ns", "idle_ns", "code.", "thread.", "target", "level"];
    let told =
        span.attributes.iter().filter(|pair| !of_layer.iter().any(|own| pair.key.as_str().starts_with(own)));
    let told = told.map(|pair| match &pair.value {
        Value::I64(number) => format!("{}={number}", pair.key),
        Value::String(text) => format!("{}={text:?}", pair.key, text = text.as_str()),
        other => panic!("{other:?}"),
    });
    let mut attributes: Vec<_> = told.collect();
    attributes.sort();
    format!("{} {:?} {:?} {attributes:#?}", span.name, span.span_kind, span.status)
}

/// Calls of many ends.
async fn calls() {
    let (client, _) = client([
        status(503),
        ok(),
        status(404),
        status(500),
        ok().header("x-secret", "hunter2"),
        ok(),
        status(200).header("content-type", "text/plain"),
    ]);
    client.get(7).note("hunter2").await.unwrap();
    client.get(8).await.unwrap_err();
    client.create(&crate::support::order()).await.unwrap_err();
    client.raw(Method::GET, "/orders/7?token=hunter2").send().await.unwrap();
    let odd = Method::from_bytes(b"ODD").unwrap();
    client.raw(odd, "/x").send().await.unwrap();
    client.get(9).await.unwrap_err();
    client.misnamed().await.unwrap_err();
    drop(client.get(10).into_future());
}

#[tokio::test(start_paused = true)]
async fn the_same_spans_as_through_tracing() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let mut seen = Vec::new();
    for way in WAYS {
        let sdk = Sdk::new(Sampler::AlwaysOn);
        let _listening = sdk.listen(way);
        calls().await;
        seen.push(sdk.spans().iter().map(shown).collect::<Vec<_>>());
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].len() > 10, "{:#?}", seen[0]);
}

/// Listens in another way than usual, for one call.
async fn one_call(listening: impl FnOnce(&Telemetry) -> DefaultGuard) -> Vec<String> {
    let _alone = ONE_AT_A_TIME.lock().await;
    let sdk = Sdk::new(Sampler::AlwaysOn);
    let _listening = listening(&sdk.telemetry());
    let (client, _) = client([ok()]);
    client.get(7).into_future().instrument(tracing::info_span!("work")).await.unwrap();
    sdk.spans().into_iter().map(|span| span.name.into_owned()).collect()
}

const ALL: [&str; 3] = ["GET /orders/{id}", "order-service.GetOrder", "work"];

#[tokio::test(start_paused = true)]
async fn filters_of_the_subscriber_hold() {
    let filtered = |filter: &'static str, expected: &'static [&'static str]| async move {
        let targets: Targets = filter.parse().unwrap();
        let listening = |telemetry: &Telemetry| {
            tracing::subscriber::set_default(registry().with(telemetry.layer()).with(targets))
        };
        assert_eq!(one_call(listening).await, expected, "{filter}");
    };
    filtered("info", &ALL).await;
    filtered("info,rpc_runtime::call=warn", &["work"]).await;
    filtered("info,rpc_runtime=off", &["work"]).await;
    filtered("off", &[]).await;
    filtered("rpc_runtime=debug", &ALL[..2]).await;
}

#[tokio::test(start_paused = true)]
async fn a_layer_in_another_exports_all_once() {
    let exchangeable = |telemetry: &Telemetry| {
        let (layer, _) = tracing_subscriber::reload::Layer::new(telemetry.layer());
        tracing::subscriber::set_default(registry().with(layer))
    };
    assert_eq!(one_call(exchangeable).await, ALL);
    let several = |telemetry: &Telemetry| {
        tracing::subscriber::set_default(registry().with(vec![telemetry.layer().boxed()]))
    };
    assert_eq!(one_call(several).await, ALL);
    let perhaps =
        |telemetry: &Telemetry| tracing::subscriber::set_default(registry().with(Some(telemetry.layer())));
    assert_eq!(one_call(perhaps).await, ALL);
}

#[tokio::test(start_paused = true)]
async fn others_see_the_spans_of_tracing() {
    let spans = Capture::default();
    let beside = |telemetry: &Telemetry| {
        tracing::subscriber::set_default(registry().with(telemetry.layer()).with(spans.clone()))
    };
    assert_eq!(one_call(beside).await, ALL);
    let names: Vec<_> = spans.take().into_iter().map(|span| (span.name, span.closed)).collect();
    assert_eq!(names, [("work", 1), ("call", 1), ("attempt", 1)]);
    let quiet = |telemetry: &Telemetry| {
        let quiet = spans.clone().with_filter(LevelFilter::WARN);
        tracing::subscriber::set_default(registry().with(quiet).with(telemetry.layer()))
    };
    assert_eq!(one_call(quiet).await, ALL);
    assert!(spans.take().is_empty());
}

/// Begins a span of its own before each send.
#[derive(Debug)]
struct Inner;

impl Interceptor for Inner {
    fn before_attempt<'a>(&'a self, _: &'a mut OutgoingAttempt<'_>) -> Hook<'a> {
        tracing::info_span!("inner").in_scope(Hook::done)
    }
}

#[tokio::test(start_paused = true)]
async fn spans_of_tracing_are_parents_and_children() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for way in WAYS {
        let sdk = Sdk::new(Sampler::AlwaysOn);
        let _listening = sdk.listen(way);
        let transport = script([ok()]);
        let client = Client::builder().mesh(&mesh(&transport, config(1), SeededRng::new(1)));
        let client = client.interceptor(Inner).build().unwrap();
        client.get(7).into_future().instrument(tracing::info_span!("work")).await.unwrap();
        let work = sdk.child(SpanId::INVALID, &SpanKind::Internal);
        let call = sdk.child(work.span_context.span_id(), &SpanKind::Internal);
        let send = sdk.child(call.span_context.span_id(), &SpanKind::Client);
        let inner = sdk.child(send.span_context.span_id(), &SpanKind::Internal);
        assert_eq!((work.name.as_ref(), inner.name.as_ref()), ("work", "inner"));
        assert_eq!(sdk.spans().len(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_end_of_telemetry_calls_go_on() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let sdk = Sdk::new(Sampler::AlwaysOn);
    let _listening = sdk.listen(crate::hops::Way::Telemetry);
    sdk.provider.shutdown().unwrap();
    let (client, transport) = client([ok()]);
    let reply = client.get(7).send().await.unwrap();
    assert_eq!(transport.sent()[0].header("x-trace-id"), reply.trace_id());
    let parent = transport.sent()[0].header("traceparent").to_owned();
    assert!(parent.starts_with(&format!("00-{}-", reply.trace_id())), "{parent}");
    assert!(!parent.contains("0000000000000000"), "{parent}");
}
