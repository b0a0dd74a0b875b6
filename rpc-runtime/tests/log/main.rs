//! What the log says, and what nothing ever says: secrets.
//!
//! A binary of its own, one test at a time: `tracing` caches per call site whether anybody listens, for the whole process.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod flood;
mod headers;
mod shown;
#[path = "../support/mod.rs"]
mod support;

use std::fmt::Debug;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use rpc_runtime::clock::ManualClock;
use rpc_runtime::codegen::{Credential, Request};
use rpc_runtime::discovery::{Discover, FileMap, Resolution, ServiceName};
use rpc_runtime::testing::{Script, ScriptedTransport, SeededRng};
use rpc_runtime::transport::{BoxFuture, Transport, TransportError, TransportReply, TransportRequest};
use rpc_runtime::{ClientCredentials, ErrorKind, Mesh, Method, ResponseFuture};
use support::{Client, Order, chain, client, config, ok, order, status};
use tracing::field::{Field, Visit};
use tracing::span;

static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Everything that is logged, as text.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {}={value:?}", field.name()));
    }
}

impl Log {
    fn text(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }

    fn note(&self, mut line: String, record: impl FnOnce(&mut Line<'_>)) {
        record(&mut Line(&mut line));
        self.0.lock().unwrap().push(line);
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        self.note(format!("span {}", span.metadata().name()), |line| span.record(line));
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        self.note("record".to_owned(), |line| values.record(line));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        // Other crates' events are as visible as ours.
        self.note(format!("{} {}", event.metadata().level(), event.metadata().target()), |line| {
            event.record(line)
        });
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn the_request_log() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let log = Log::default();
    let _here = tracing::subscriber::set_default(log.clone());
    let (client, _) = client([status(503), ok(), status(404)]);
    client.get(7).trace_id("t-1").await.unwrap();
    client.get(7).trace_id("t-2").await.unwrap_err();
    let is_line = |line: &&str| !line.starts_with("span ") && !line.starts_with("record");
    let text = log.text().lines().filter(is_line).collect::<Vec<_>>().join("\n");
    let levels: Vec<&str> =
        text.lines().filter_map(|line| line.split_once(' ')).map(|(level, _)| level).collect();
    assert_eq!(levels, ["DEBUG", "WARN", "DEBUG", "DEBUG", "INFO"], "{text}");
    let lines: Vec<&str> = text.lines().collect();
    for part in [
        "service=order-service",
        "operation=\"GetOrder\"",
        "method=GET",
        "trace_id=\"t-1\"",
        "template=/orders/{id}",
    ] {
        assert!(lines[0].contains(part), "{part}: {}", lines[0]);
    }
    for part in ["attempt=1", "error=HTTP 503 Service Unavailable", "after_ms="] {
        assert!(lines[1].contains(part), "{part}: {}", lines[1]);
    }
    for part in ["status=200", "source=service", "code=200", "attempts=2", "elapsed_ms=", "trace_id=\"t-1\""]
    {
        assert!(lines[2].contains(part), "{part}: {}", lines[2]);
    }
    for part in ["status=404", "attempts=1", "trace_id=\"t-2\"", "endpoint=\"http://10.0.0.1:8000\""] {
        assert!(lines[4].contains(part), "{part}: {}", lines[4]);
    }
}

const SECRET: &str = "hunter2";

#[track_caller]
fn clean(what: &str, text: &str) {
    assert!(!text.contains(SECRET), "{what}: {text}");
    // Base64 of `user:hunter2`.
    assert!(!text.contains("dXNlcjpodW50ZXIy"), "{what}: {text}");
}

/// Keeps what the transport would have shown.
#[derive(Debug)]
struct Showing(Arc<Mutex<String>>);

impl rpc_runtime::transport::Transport for Showing {
    fn send(
        &self,
        request: TransportRequest<'_>,
    ) -> rpc_runtime::transport::BoxFuture<
        '_,
        Result<rpc_runtime::transport::TransportReply, rpc_runtime::transport::TransportError>,
    > {
        assert!(request.target.contains(SECRET), "the test must send what it looks for");
        self.0.lock().unwrap().push_str(&format!("{request:?}"));
        Box::pin(std::future::ready(Err(rpc_runtime::transport::TransportError::new(
            "gone",
            rpc_runtime::Sent::Never,
        ))))
    }
}

#[tokio::test(start_paused = true)]
async fn secrets_stay_secret() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let log = Log::default();
    let _here = tracing::subscriber::set_default(log.clone());
    let shown = Arc::new(Mutex::new(String::new()));
    let mut config = config(1);
    config.services.clear();
    config.services.insert(
        "order-service".parse().unwrap(),
        vec![format!("http://user:{SECRET}@10.0.0.1:8000/base").parse().unwrap()],
    );
    let mesh =
        rpc_runtime::Mesh::builder().config(config).transport(Showing(Arc::clone(&shown))).build().unwrap();
    let builder = Client::builder()
        .mesh(&mesh)
        .default_header("X-Secret", SECRET)
        .credential("key", Credential::api_key(SECRET))
        .credential("token", Credential::api_key(SECRET));
    clean("builder", &format!("{builder:?}"));
    let client = builder.build().unwrap();
    clean("client", &format!("{client:?} {client:#?}"));
    clean("mesh", &format!("{mesh:?}"));

    let call = client.secured().header("X-Other", SECRET);
    clean("call", &format!("{call:?}"));
    let error = call.await.unwrap_err();
    clean("error", &format!("{error} {error:?} {error:#?} {}", chain(&error).join(" ")));
    let error = client.get(7).note(SECRET).await.unwrap_err();
    clean("error", &format!("{error} {error:?}"));

    let raw = client
        .raw(Method::POST, &format!("/x?token={SECRET}"))
        .query("q", SECRET)
        .header("Authorization", SECRET)
        .idempotency_key(SECRET)
        .json(SECRET);
    clean("raw call", &format!("{raw:?}"));
    let error = raw.send().await.unwrap_err();
    clean("raw error", &format!("{error} {error:?}"));
    let error = client.raw(Method::GET, &format!("x?token={SECRET}")).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    clean("refused path", &format!("{error} {error:?}"));
    let error = client.get(7).header("X-Bad", &format!("{SECRET}\n")).await.unwrap_err();
    clean("refused header", &format!("{error} {error:?}"));
    let login = Credential::basic("user", SECRET);
    clean("credential", &format!("{login:?}"));
    clean("transport", &shown.lock().unwrap());
    assert!(shown.lock().unwrap().contains("/secured"), "the transport saw something");
    assert!(log.text().contains("operation=\"Secured\""), "something was logged");
    clean("log", &log.text());
}

/// A scripted transport shows what was sent; this one does not.
struct Quiet(ScriptedTransport);

impl Debug for Quiet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Quiet")
    }
}

impl Transport for Quiet {
    fn send<'c>(
        &'c self,
        request: TransportRequest<'c>,
    ) -> BoxFuture<'c, Result<TransportReply, TransportError>> {
        self.0.send(request)
    }
}

/// The client's secret, the token, and what a token endpoint says back.
#[tokio::test(start_paused = true)]
async fn secrets_of_oauth2_stay_secret() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let log = Log::default();
    let _here = tracing::subscriber::set_default(log.clone());
    let token = format!(r#"{{"access_token":"{SECRET}","expires_in":60}}"#);
    let echo = format!(r#"{{"error":"invalid_client","error_description":"{SECRET} is wrong"}}"#);
    let broken = format!(r#"{{"access_token":["{SECRET}"]}}"#);
    let transport = support::script([
        Script::reply(200, token),
        status(401),
        Script::reply(401, echo),
        Script::reply(200, broken),
    ]);
    let mesh = Mesh::builder().config(config(1)).transport(Quiet(transport.clone()));
    let mesh = mesh.rng(SeededRng::new(1)).build().unwrap();
    let url = format!("https://idp.example/token?key={SECRET}");
    let credentials = ClientCredentials::new(&url, "id", SECRET).parameter("x", SECRET).client_secret_post();
    clean("client credentials", &format!("{credentials:?} {credentials:#?}"));
    let builder = Client::builder().mesh(&mesh).oauth2_auth(credentials);
    clean("builder", &format!("{builder:?}"));
    let client = builder.build().unwrap();
    for part in ["401", "invalid_client (*** is wrong)", "no JSON object"] {
        let error = client.get(7).await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        clean("error", &format!("{error} {error:?} {error:#?} {}", chain(&error).join(" ")));
        clean("client", &format!("{client:?} {client:#?}"));
        // The token is given up, or the failure: whichever it was.
        tokio::time::advance(Duration::from_secs(61)).await;
    }
    assert_eq!(transport.sent().len(), 4);
    let text = log.text();
    assert!(text.contains("token fetched") && text.contains("no token"), "{text}");
    clean("log", &text);
}

#[tokio::test]
async fn requests_show_only_their_operation() {
    fn show(request: &Request) -> String {
        format!("{request:?}")
    }
    let (client, _) = client([]);
    let call = client.get(7).note(SECRET).header("X-Secret", SECRET);
    clean("request", &show(&call.request));
    let future: ResponseFuture<Order> = client.create(&order()).send();
    assert_eq!(format!("{future:?}"), "ResponseFuture");
}

/// A services file that cannot be used is told once for each change of it, with the place; what was read stays in use.
#[test]
fn changes_of_a_services_file_that_cannot_be_used() {
    let _alone = ONE_AT_A_TIME.blocking_lock();
    let log = Log::default();
    let _here = tracing::subscriber::set_default(log.clone());
    let path = std::env::temp_dir().join(format!("rpc-runtime-log-{}.json", std::process::id()));
    std::fs::write(&path, r#"{"orders": "http://10.0.0.1"}"#).unwrap();
    let clock = ManualClock::new();
    let resolution = Resolution { clock: Arc::new(clock.clone()), ..Resolution::default() };
    let map = FileMap::open(&path, resolution).unwrap();
    let watch = map.watch(&ServiceName::new("orders").unwrap()).unwrap();
    // Outside of a runtime the file is read here, and not by a thread that has another log.
    let used = || {
        clock.advance(Duration::from_secs(2));
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(snapshot) = pin!(watch.snapshot(None)).poll(&mut context) else { panic!("it waits") };
        assert_eq!(snapshot.unwrap().endpoints[0].host(), "10.0.0.1");
    };
    for change in [Some(r#"{"orders": "#), Some(r#"{"orders": "http://u:hunter2@x?"}"#), None] {
        match change {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        used();
        used();
    }
    let text = log.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    for (line, part) in lines.iter().zip(["line 1, column 11: EOF", r#"at "orders": "#, "cannot be read: "]) {
        assert!(line.starts_with("WARN rpc_runtime") && line.contains(part), "{line}");
        assert!(line.contains(&path.display().to_string()) && !line.contains("hunter2"), "{line}");
    }
}
