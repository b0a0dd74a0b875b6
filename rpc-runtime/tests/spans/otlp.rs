//! What a collector gets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span};
use prost::Message as _;
use rpc_runtime::Mesh;
use rpc_runtime::otel::{Metrics, Telemetry};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::ONE_AT_A_TIME;
use crate::hops::service;
use crate::support::{self, client, ok, status};

/// What was posted, by path.
type Posted = Arc<Mutex<Vec<(&'static str, HeaderMap, Bytes)>>>;

async fn collector() -> (String, Posted) {
    let posted = Posted::default();
    let keep = |path: &'static str| {
        post(async move |State(posted): State<Posted>, headers: HeaderMap, body: Bytes| {
            posted.lock().unwrap().push((path, headers, body));
        })
    };
    let router = Router::new().route("/v1/traces", keep("traces")).route("/v1/metrics", keep("metrics"));
    let router = router.with_state(Arc::clone(&posted));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());
    (url, posted)
}

/// Attributes as text, with their types.
fn attributes(span: &Span) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::StringValue(text) => format!("s:{text}"),
        Value::IntValue(number) => format!("i:{number}"),
        other => format!("{other:?}"),
    };
    let pairs = span.attributes.iter().map(|pair| {
        let value = pair.value.as_ref().unwrap().value.as_ref().unwrap();
        (pair.key.clone(), text(value))
    });
    pairs.collect()
}

fn resources(posted: &Posted) -> Vec<ResourceSpans> {
    let posted = posted.lock().unwrap();
    let traces = posted.iter().filter(|(path, ..)| *path == "traces");
    traces
        .flat_map(|(_, headers, body)| {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            ExportTraceServiceRequest::decode(body.clone()).unwrap().resource_spans
        })
        .collect()
}

fn spans(posted: &Posted) -> Vec<Span> {
    let scopes = resources(posted).into_iter().flat_map(|resource| resource.scope_spans);
    scopes.flat_map(|scope| scope.spans).collect()
}

fn status_of(span: &Span) -> StatusCode {
    span.status.as_ref().map_or(StatusCode::Unset, |status| status.code())
}

#[track_caller]
fn check(span: &Span, expected: &[(&str, &str)]) {
    let expected: BTreeMap<_, _> =
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(attributes(span), expected, "{}", span.name);
}

#[tokio::test]
async fn names_of_the_conventions_and_nothing_else() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (url, posted) = collector().await;
    let telemetry = Telemetry::builder().service_name("shop").endpoint(&url).build().unwrap();
    let subscriber = tracing_subscriber::registry().with(telemetry.layer());
    {
        let _listening = tracing::subscriber::set_default(subscriber);
        let (client, _) = client([status(503), status(404).header("x-secret", "hunter2")]);
        let call = client.get(7).note("hunter2").header("authorization", "Bearer hunter2");
        call.await.unwrap_err();
        let hop = service(None).await;
        hop.client.get("/orders/7?token=hunter2").send().await.unwrap();
    }
    let recorder = Metrics::new(&telemetry.meter_provider().meter("rpc_runtime"));
    let mesh = Mesh::builder().config(support::config(1)).transport(support::script([ok()]));
    let counted = support::Client::with_mesh(&mesh.recorder(recorder).build().unwrap()).unwrap();
    counted.get(7).note("hunter2").await.unwrap();
    tokio::task::spawn_blocking(move || telemetry.shutdown()).await.unwrap().unwrap();

    let resource = resources(&posted).swap_remove(0).resource.unwrap();
    let name = resource.attributes.iter().find(|pair| pair.key == "service.name").unwrap();
    assert_eq!(name.value.as_ref().unwrap().value, Some(Value::StringValue("shop".to_owned())));
    let all = spans(&posted);
    let of = |kind: SpanKind| all.iter().filter(move |span| span.kind() == kind).collect::<Vec<_>>();
    assert_eq!(all.len(), 6, "{all:#?}");

    let calls = of(SpanKind::Internal);
    assert_eq!(
        calls.iter().map(|span| (span.name.as_str(), status_of(span))).collect::<Vec<_>>(),
        [("order-service.GetOrder", StatusCode::Error), ("hop.raw", StatusCode::Unset)]
    );
    check(calls[0], &[("error.type", "s:404"), ("operation", "s:GetOrder"), ("service", "s:order-service")]);
    check(calls[1], &[("operation", "s:raw"), ("service", "s:hop")]);

    let sends = of(SpanKind::Client);
    let name = "GET /orders/{id}";
    assert_eq!(
        sends.iter().map(|span| (span.name.as_str(), status_of(span))).collect::<Vec<_>>(),
        [(name, StatusCode::Error), (name, StatusCode::Error), ("GET", StatusCode::Unset)]
    );
    let place = [
        ("http.request.method", "s:GET"),
        ("network.peer.address", "s:10.0.0.1"),
        ("network.peer.port", "i:8000"),
        ("server.address", "s:10.0.0.1"),
        ("server.port", "i:8000"),
        ("url.full", "s:http://10.0.0.1:8000/orders/7?note=REDACTED"),
        ("url.template", "s:/orders/{id}"),
    ];
    let first = [("error.type", "s:503"), ("http.response.status_code", "i:503")];
    check(sends[0], &[&place[..], &first].concat());
    let second = [
        ("error.type", "s:404"),
        ("http.request.resend_count", "i:1"),
        ("http.response.status_code", "i:404"),
    ];
    check(sends[1], &[&place[..], &second].concat());
    assert!(sends[..2].iter().all(|send| send.parent_span_id == calls[0].span_id));

    let requests = of(SpanKind::Server);
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].name.as_str(), &requests[0].parent_span_id), (name, &sends[2].span_id));
    let keys: BTreeSet<_> = attributes(requests[0]).into_keys().collect();
    let expected = [
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "network.protocol.version",
        "server.address",
        "server.port",
        "trace_id",
        "url.path",
        "url.query",
        "url.scheme",
    ];
    assert_eq!(keys.iter().map(String::as_str).collect::<Vec<_>>(), expected);

    // No event, no secret, and no span about the export itself.
    assert!(all.iter().all(|span| span.events.is_empty() && span.links.is_empty()));
    for (_, _, body) in posted.lock().unwrap().iter() {
        assert!(!String::from_utf8_lossy(body).contains("hunter2"));
    }
    let metrics = posted.lock().unwrap().iter().find(|(path, ..)| *path == "metrics").unwrap().2.clone();
    let metrics = ExportMetricsServiceRequest::decode(metrics).unwrap();
    let mut instruments = metrics.resource_metrics[0].scope_metrics[0].metrics.iter();
    let duration = instruments.find(|one| one.name == "http.client.request.duration").unwrap();
    let Some(Data::Histogram(histogram)) = &duration.data else { panic!("{duration:#?}") };
    let point = &histogram.data_points[0];
    let bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
    assert_eq!(
        (duration.unit.as_str(), point.count, point.explicit_bounds.as_slice()),
        ("s", 1, &bounds[..])
    );
    let mut keys: Vec<&str> = point.attributes.iter().map(|pair| pair.key.as_str()).collect();
    keys.sort_unstable();
    let expected =
        ["http.request.method", "http.response.status_code", "server.address", "server.port", "url.scheme"];
    assert_eq!(keys, expected);
}

/// Exports are requests, and requests make spans: not these.
#[tokio::test]
async fn exporting_is_not_traced() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (url, posted) = collector().await;
    let telemetry = Arc::new(Telemetry::builder().endpoint(&url).build().unwrap());
    // On all threads, those of the exporters too.
    let subscriber = tracing_subscriber::registry().with(telemetry.layer());
    let dispatch = tracing::Dispatch::new(subscriber);
    let _listening = tracing::dispatcher::set_default(&dispatch);
    for _ in 0..3 {
        let (client, _) = client([ok()]);
        client.get(7).await.unwrap();
        let (telemetry, dispatch) = (Arc::clone(&telemetry), dispatch.clone());
        let flush = move || tracing::dispatcher::with_default(&dispatch, || telemetry.flush());
        tokio::task::spawn_blocking(flush).await.unwrap().unwrap();
    }
    tracing::info_span!(target: "hyper_util::client", "of what sends").in_scope(|| ());
    tracing::info_span!(target: "h2", "of what sends").in_scope(|| ());
    tracing::info_span!(target: "h2o::kettle", "of somebody else").in_scope(|| ());
    tokio::task::spawn_blocking(move || telemetry.flush()).await.unwrap().unwrap();
    let names: Vec<_> = spans(&posted).into_iter().map(|span| span.name).collect();
    assert_eq!(names.len(), 7, "{names:?}");
    assert_eq!(names[6], "of somebody else");
}

/// Dropped inside of a runtime, with something left to send.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_is_sent_when_it_is_dropped() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (url, posted) = collector().await;
    let telemetry = Telemetry::builder().endpoint(format!("{url}/")).build().unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(telemetry.layer()), || {
        tracing::info_span!("work").in_scope(|| tracing::debug_span!("detail").in_scope(|| ()));
    });
    drop(telemetry);
    let names: Vec<_> = spans(&posted).into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["work"]);
}

#[test]
fn a_wrong_url_is_told() {
    let error = Telemetry::builder().endpoint("not a url").build().unwrap_err();
    assert_eq!(error.to_string(), "telemetry: traces cannot be sent");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn what_a_collector_does_not_take_is_told() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // Everything is 404.
    tokio::spawn(axum::serve(listener, Router::new()).into_future());
    let telemetry = Telemetry::builder().endpoint(&url).build().unwrap();
    let work = |telemetry: &Telemetry| {
        let subscriber = tracing_subscriber::registry().with(telemetry.layer());
        tracing::subscriber::with_default(subscriber, || tracing::info_span!("work").in_scope(|| ()));
    };
    let ends = tokio::task::spawn_blocking(move || {
        work(&telemetry);
        let flushed = telemetry.flush();
        work(&telemetry);
        [flushed, telemetry.shutdown()]
    });
    for end in ends.await.unwrap() {
        assert_eq!(end.unwrap_err().to_string(), "telemetry: not everything was sent");
    }
}
