//! What the SDK is told without `tracing`, where nobody else listens: the same spans, once, and none that a filter leaves out.

use std::future::IntoFuture as _;
use std::sync::{Arc, Mutex};

use opentelemetry::Value;
use opentelemetry::context::FutureExt as _;
use opentelemetry::trace::{SpanId, SpanKind};
use opentelemetry_sdk::trace::{Sampler, SpanData};
use rpc_runtime::Method;
use rpc_runtime::intercept::{Hook, Interceptor, OutgoingAttempt};
use rpc_runtime::otel::Telemetry;
use rpc_runtime::testing::SeededRng;
use tracing::Instrument as _;
use tracing::subscriber::{DefaultGuard, set_default};
use tracing_subscriber::filter::{LevelFilter, Targets, dynamic_filter_fn, filter_fn};
use tracing_subscriber::layer::{Identity, Layer as _, SubscriberExt as _};
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

/// Notes the name of the span of `tracing` in which it runs.
#[derive(Debug, Clone, Default)]
struct Within(Arc<Mutex<Option<&'static str>>>);

impl Interceptor for Within {
    fn before_attempt<'a>(&'a self, _: &'a mut OutgoingAttempt<'_>) -> Hook<'a> {
        *self.0.lock().unwrap() = tracing::Span::current().metadata().map(tracing::Metadata::name);
        Hook::done()
    }
}

/// Listens in another way than usual, for one call; what is exported, and the span of `tracing` around an interceptor.
async fn one_call(listening: impl FnOnce(&Telemetry) -> DefaultGuard) -> (Vec<String>, Option<&'static str>) {
    let _alone = ONE_AT_A_TIME.lock().await;
    let sdk = Sdk::new(Sampler::AlwaysOn);
    let _listening = listening(&sdk.telemetry());
    let (transport, within) = (script([ok()]), Within::default());
    let client = Client::builder().mesh(&mesh(&transport, config(1), SeededRng::new(1)));
    let client = client.interceptor(within.clone()).build().unwrap();
    client.get(7).into_future().instrument(tracing::info_span!("work")).await.unwrap();
    let within = within.0.lock().unwrap().take();
    (sdk.spans().into_iter().map(|span| span.name.into_owned()).collect(), within)
}

const ALL: [&str; 3] = ["GET /orders/{id}", "order-service.GetOrder", "work"];

/// All is exported, and the SDK was told directly.
#[track_caller]
fn check_direct((exported, within): (Vec<String>, Option<&'static str>)) {
    assert_eq!((exported, within), (ALL.map(str::to_owned).to_vec(), Some("work")));
}

/// All is exported, through `tracing`.
#[track_caller]
fn check_traced((exported, within): (Vec<String>, Option<&'static str>)) {
    assert_eq!((exported, within), (ALL.map(str::to_owned).to_vec(), Some("attempt")));
}

#[tokio::test(start_paused = true)]
async fn alone_it_is_told_directly() {
    check_direct(one_call(|telemetry| set_default(registry().with(telemetry.layer()))).await);
    let several = |telemetry: &Telemetry| set_default(registry().with(vec![telemetry.layer().boxed()]));
    check_direct(one_call(several).await);
    let perhaps = |telemetry: &Telemetry| set_default(registry().with(Some(telemetry.layer())));
    check_direct(one_call(perhaps).await);
    let no_spans = filter_fn(|span| span.is_event());
    let beside = |telemetry: &Telemetry| {
        set_default(registry().with(Identity::new().with_filter(no_spans)).with(telemetry.layer()))
    };
    check_direct(one_call(beside).await);
}

#[tokio::test(start_paused = true)]
async fn with_others_it_is_told_through_tracing() {
    // Filters: what they say of one span is not to be known before.
    let around = |telemetry: &Telemetry| {
        set_default(registry().with(telemetry.layer().with_filter(LevelFilter::INFO)))
    };
    check_traced(one_call(around).await);
    let of_all =
        |telemetry: &Telemetry| set_default(registry().with(LevelFilter::INFO).with(telemetry.layer()));
    check_traced(one_call(of_all).await);
    // Hidden.
    let exchangeable = |telemetry: &Telemetry| {
        set_default(registry().with(tracing_subscriber::reload::Layer::new(telemetry.layer()).0))
    };
    check_traced(one_call(exchangeable).await);
}

#[tokio::test(start_paused = true)]
async fn filters_of_the_subscriber_hold() {
    let filtered = |filter: &'static str, expected: &'static [&'static str]| async move {
        let targets: Targets = filter.parse().unwrap();
        let around = targets.clone();
        let listening = |telemetry: &Telemetry| set_default(registry().with(telemetry.layer()).with(around));
        assert_eq!(one_call(listening).await.0, expected, "{filter}");
        let around = targets.clone();
        let listening =
            |telemetry: &Telemetry| set_default(registry().with(telemetry.layer().with_filter(around)));
        assert_eq!(one_call(listening).await.0, expected, "{filter}, around the layer");
        let (beside, around) = (Capture::default(), targets.clone());
        let listening = |telemetry: &Telemetry| {
            set_default(registry().with(telemetry.layer().with_filter(around)).with(beside))
        };
        assert_eq!(one_call(listening).await.0, expected, "{filter}, around the layer, with another");
        let dynamic = dynamic_filter_fn(move |span, _| targets.would_enable(span.target(), span.level()));
        let listening = |telemetry: &Telemetry| set_default(registry().with(telemetry.layer()).with(dynamic));
        assert_eq!(one_call(listening).await.0, expected, "{filter}, decided from span to span");
    };
    filtered("info", &ALL).await;
    filtered("info,rpc_runtime::call=warn", &["work"]).await;
    filtered("info,rpc_runtime=off", &["work"]).await;
    filtered("off", &[]).await;
    filtered("rpc_runtime=debug", &ALL[..2]).await;
    let no_attempts = filter_fn(|span| span.name() != "attempt");
    let listening = |telemetry: &Telemetry| set_default(registry().with(telemetry.layer()).with(no_attempts));
    assert_eq!(one_call(listening).await.0, ALL[1..]);
}

#[tokio::test(start_paused = true)]
async fn what_another_subscriber_wants_changes_nothing() {
    let elsewhere = tracing::Dispatch::new(registry().with(Capture::default()));
    let off: Targets = "info,rpc_runtime::call=off".parse().unwrap();
    let listening = |telemetry: &Telemetry| set_default(registry().with(telemetry.layer()).with(off));
    assert_eq!(one_call(listening).await.0, ALL[2..]);
    drop(elsewhere);
}

#[tokio::test(start_paused = true)]
async fn with_others_there_is_one_span_for_all() {
    let spans = Capture::default();
    let beside = |telemetry: &Telemetry| set_default(registry().with(telemetry.layer()).with(spans.clone()));
    check_traced(one_call(beside).await);
    let names: Vec<_> = spans.take().into_iter().map(|span| (span.name, span.closed)).collect();
    assert_eq!(names, [("work", 1), ("call", 1), ("attempt", 1)]);
    let quiet = |telemetry: &Telemetry| {
        set_default(registry().with(spans.clone().with_filter(LevelFilter::WARN)).with(telemetry.layer()))
    };
    assert_eq!(one_call(quiet).await.0, ALL);
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
async fn where_nobody_wants_telemetry_calls_are_not_exported() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for way in WAYS {
        let sdk = Sdk::new(Sampler::AlwaysOn);
        let _listening = sdk.listen(way);
        let (client, transport) = client([ok()]);
        let quiet = opentelemetry::Context::current().with_telemetry_suppressed();
        let reply = client.get(7).send().with_context(quiet).await.unwrap();
        assert!(sdk.spans().is_empty());
        assert_eq!(transport.sent()[0].header("x-trace-id"), reply.trace_id());
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
