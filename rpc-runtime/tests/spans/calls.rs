//! Names, kinds, fields, ends.

use std::future::IntoFuture as _;

use rpc_runtime::codegen::Credential;
use rpc_runtime::intercept::{AttemptEnded, CallEnded, Hook, Interceptor, OutgoingAttempt, OutgoingCall};
use rpc_runtime::testing::{Script, SeededRng};
use rpc_runtime::{Hedging, Method};

use crate::ONE_AT_A_TIME;
use crate::capture::{Capture, Seen};
use crate::support::{Client, client, config, mesh, millis, ok, poll_and_drop, script, status};

/// Fields as `name=value`, without those that are the same for all calls of these tests.
fn told(seen: &Seen) -> Vec<String> {
    let same = ["service", "operation", "server.address", "server.port", "network.peer.address"];
    let same = |name: &str| same.contains(&name) || name == "network.peer.port" || name == "otel.kind";
    let fields = seen.fields.iter().filter(|(name, _)| !same(name));
    fields.map(|(name, value)| format!("{name}={value}")).collect()
}

/// The call and its sends, each closed once, the sends within the call.
#[track_caller]
fn tree(spans: &[Seen]) -> (&Seen, &[Seen]) {
    let (call, sends) = spans.split_first().unwrap();
    assert_eq!((call.name, call.get("otel.kind"), call.parent, call.closed), ("call", "internal", None, 1));
    for send in sends {
        assert_eq!(
            (send.name, send.get("otel.kind"), send.parent, send.closed),
            ("attempt", "client", Some(0), 1)
        );
    }
    (call, sends)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_sent_again() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let spans = Capture::default();
    let _listening = spans.listen();
    let (client, _) = client([status(503), ok()]);
    client.get(7).note("hunter2").await.unwrap();
    let spans = spans.take();
    let (call, sends) = tree(&spans);
    assert_eq!(told(call), ["otel.name=order-service.GetOrder"]);
    assert_eq!((call.get("service"), call.get("operation")), ("order-service", "GetOrder"));
    assert_eq!(call.events, ["DEBUG", "WARN", "DEBUG"]);
    assert_eq!(sends.len(), 2);
    assert_eq!(
        told(&sends[0]),
        [
            "error.type=503",
            "http.request.method=GET",
            "http.response.status_code=503",
            "otel.name=GET /orders/{id}",
            "otel.status_code=ERROR",
            "url.full=http://10.0.0.1:8000/orders/7?note=REDACTED",
            "url.template=/orders/{id}",
        ]
    );
    assert_eq!(
        told(&sends[1]),
        [
            "http.request.method=GET",
            "http.request.resend_count=1",
            "http.response.status_code=200",
            "otel.name=GET /orders/{id}",
            "url.full=http://10.0.0.1:8000/orders/7?note=REDACTED",
            "url.template=/orders/{id}",
        ]
    );
    for send in sends {
        let place = ["server.address", "server.port", "network.peer.address", "network.peer.port"]
            .map(|f| send.get(f));
        assert_eq!(place, ["10.0.0.1", "8000", "10.0.0.1", "8000"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_an_error() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let spans = Capture::default();
    let _listening = spans.listen();
    let cases = [
        (ok(), "", "200"),
        (status(404), "404", "404"),
        (status(500), "500", "500"),
        (Script::reply(200, r#"{"code":40401,"message":"no"}"#), "business", "200"),
        (Script::reply(200, "{"), "decode", "200"),
        (Script::truncated("{"), "connection", "200"),
        (Script::refused(), "connection", ""),
        (Script::hangs(), "timeout", ""),
    ];
    for (reply, error, code) in cases {
        let case = format!("{reply:?}");
        let (client, _) = client([reply]);
        let _ = client.get(7).retries(0).attempt_timeout(millis(100)).await;
        let spans = spans.take();
        let (call, sends) = tree(&spans);
        assert_eq!(sends.len(), 1, "{case}");
        let status = if error.is_empty() { "" } else { "ERROR" };
        for span in [call, &sends[0]] {
            assert_eq!((span.get("error.type"), span.get("otel.status_code")), (error, status), "{case}");
        }
        assert_eq!(sends[0].get("http.response.status_code"), code, "{case}");
    }
    // Nothing is sent, so that there is no span of a send.
    let (client, _) = client([]);
    client.misnamed().await.unwrap_err();
    client.get(7).timeout(millis(0)).await.unwrap_err();
    let spans = spans.take();
    let errors: Vec<_> = spans.iter().map(|span| (span.name, span.get("error.type"), span.closed)).collect();
    assert_eq!(errors, [("call", "invalid_request", 1), ("call", "deadline", 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_hedge_is_a_send_and_its_loser_no_error() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let spans = Capture::default();
    let paid = 20;
    let slow = [ok().after(millis(100)), ok().after(millis(5))];
    let transport = script(std::iter::repeat_n(ok(), paid).chain(slow));
    let settings = Client::builder().mesh(&mesh(&transport, config(2), SeededRng::new(1)));
    let client = settings.hedging(Hedging::After(millis(20))).build().unwrap();
    for _ in 0..paid {
        client.get(7).await.unwrap();
    }
    let _listening = spans.listen();
    client.get(7).await.unwrap();
    let spans = spans.take();
    let (call, sends) = tree(&spans);
    assert_eq!(call.get("otel.status_code"), "");
    let seen: Vec<_> = sends
        .iter()
        .map(|send| {
            let fields = ["http.request.resend_count", "http.response.status_code", "otel.status_code"];
            (fields.map(|field| send.get(field)), send.get("error.type"))
        })
        .collect();
    assert_eq!(seen, [(["", "", ""], ""), (["1", "200", ""], "")]);
    assert_ne!(sends[0].get("server.address"), sends[1].get("server.address"));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_is_no_error() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let spans = Capture::default();
    let _listening = spans.listen();
    let (client, _) = client([Script::hangs()]);
    assert!(!poll_and_drop(client.get(7).into_future(), 3).await);
    let spans = spans.take();
    let (call, sends) = tree(&spans);
    assert_eq!(sends.len(), 1);
    for span in [call, &sends[0]] {
        assert_eq!((span.get("error.type"), span.get("otel.status_code")), ("", ""));
    }
    assert_eq!(call.events, ["DEBUG", "DEBUG"], "begun and dropped, in its span");
}

/// Says something in each of its functions.
#[derive(Debug)]
struct Talker;

impl Interceptor for Talker {
    fn before_call<'a>(&'a self, _: &'a mut OutgoingCall) -> Hook<'a> {
        tracing::info!(target: "rpc_runtime::call", "before the call");
        Hook::done()
    }

    fn before_attempt<'a>(&'a self, _: &'a mut OutgoingAttempt<'_>) -> Hook<'a> {
        tracing::info!(target: "rpc_runtime::call", "before the attempt");
        Hook::later(async {
            tokio::task::yield_now().await;
            tracing::warn!(target: "rpc_runtime::call", "still before the attempt");
            Ok(())
        })
    }

    fn after_attempt(&self, _: &AttemptEnded<'_>) {
        tracing::error!(target: "rpc_runtime::call", "after the attempt");
    }

    fn after_call(&self, _: &CallEnded<'_>) {
        tracing::error!(target: "rpc_runtime::call", "after the call");
    }
}

#[tokio::test(start_paused = true)]
async fn interceptors_are_in_the_spans_of_what_they_see() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let spans = Capture::default();
    let _listening = spans.listen();
    let transport = script([ok()]);
    let settings = Client::builder().mesh(&mesh(&transport, config(1), SeededRng::new(1)));
    let client = settings.interceptor(Talker).build().unwrap();
    client.get(7).await.unwrap();
    let spans = spans.take();
    let (call, sends) = tree(&spans);
    assert_eq!(call.events, ["DEBUG", "INFO", "DEBUG", "ERROR"]);
    assert_eq!(sends[0].events, ["INFO", "WARN", "ERROR"]);
}

#[tokio::test(start_paused = true)]
async fn raw_calls_and_made_up_methods() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let spans = Capture::default();
    let _listening = spans.listen();
    let (client, _) = client([ok(), ok()]);
    client.raw(Method::GET, "/orders/7?token=hunter2").send().await.unwrap();
    let method = Method::from_bytes(b"MADEUP").unwrap();
    client.raw(method, "/orders").send().await.unwrap();
    let spans = spans.take();
    let sends: Vec<_> = spans.iter().filter(|span| span.name == "attempt").map(told).collect();
    assert_eq!(
        sends,
        [
            vec![
                "http.request.method=GET",
                "http.response.status_code=200",
                "otel.name=GET",
                "url.full=http://10.0.0.1:8000/orders/7?token=REDACTED",
            ],
            vec![
                "http.request.method=_OTHER",
                "http.request.method_original=MADEUP",
                "http.response.status_code=200",
                "otel.name=HTTP",
                "url.full=http://10.0.0.1:8000/orders",
            ],
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_enclosing_span_is_the_parent() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let spans = Capture::default();
    let _listening = spans.listen();
    let (client, _) = client([ok(), ok()]);
    let around = tracing::info_span!("handler");
    let work = async { tokio::join!(client.get(7).send(), client.get(8).send()) };
    let (one, two) = tracing::Instrument::instrument(work, around).await;
    assert!(one.is_ok() && two.is_ok());
    let spans = spans.take();
    let parents: Vec<_> =
        spans.iter().map(|span| (span.name, span.parent.map(|parent| spans[parent].name))).collect();
    assert_eq!(parents[0], ("handler", None));
    let call = ("call", Some("handler"));
    let attempt = ("attempt", Some("call"));
    assert_eq!(parents.iter().filter(|pair| **pair == call).count(), 2, "{parents:?}");
    assert_eq!(parents.iter().filter(|pair| **pair == attempt).count(), 2, "{parents:?}");
    let attempts: Vec<_> =
        spans.iter().filter(|span| span.name == "attempt").map(|span| span.parent).collect();
    assert_ne!(attempts[0], attempts[1]);
    assert!(spans.iter().all(|span| span.closed == 1), "{spans:?}");
}

const SECRET: &str = "hunter2";

#[tokio::test(start_paused = true)]
async fn no_secret_in_any_field() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let spans = Capture::default();
    let _listening = spans.listen();
    let transport = script([ok(), ok(), status(401)]);
    let mut config = config(1);
    let url = format!("http://user:{SECRET}@10.0.0.1:8000/base").parse().unwrap();
    config.services.insert("order-service".parse().unwrap(), vec![url]);
    let settings = Client::builder().mesh(&mesh(&transport, config, SeededRng::new(1)));
    let settings = settings.default_header("X-Secret", SECRET);
    let settings = settings.credential("key", Credential::api_key(SECRET));
    let client = settings.credential("token", Credential::api_key(SECRET)).build().unwrap();
    let _ = client.secured().header("Authorization", SECRET).await;
    let _ = client.get(7).note(SECRET).idempotency_key(SECRET).await;
    let _ = client
        .raw(Method::POST, &format!("/x?{SECRET}&a={SECRET}"))
        .query("q", SECRET)
        .json(SECRET)
        .send()
        .await;
    let shown = format!("{:?}", transport.sent());
    assert!(shown.matches(SECRET).count() > 6, "the test must send what it looks for");
    let spans = spans.take();
    assert_eq!(spans.iter().filter(|span| span.name == "attempt").count(), 3);
    for span in &spans {
        let text = format!("{span:?}");
        assert!(!text.contains(SECRET) && !text.contains("dXNlcjpodW50ZXIy"), "{text}");
    }
}
