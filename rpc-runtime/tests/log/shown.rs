//! What `Debug` and `Display` of public types never show.

use std::sync::{Arc, Mutex};

use rpc_runtime::context::Context;
use rpc_runtime::intercept::{AttemptEnded, CallEnded, Hook, Interceptor, OutgoingAttempt, OutgoingCall};
use rpc_runtime::metrics::{Event, Levels, Recorder};
use rpc_runtime::testing::{Script, SeededRng};
use rpc_runtime::transport::{ReplyStream, TransportReply};
use rpc_runtime::{Header, HeaderMap, HeaderValue, Mesh, StatusCode, trace};

use super::{SECRET, clean};
use crate::support::{Client, config, script};

/// Shows everything that it is told.
#[derive(Debug, Clone, Default)]
struct Showing(Arc<Mutex<Vec<String>>>);

impl Showing {
    fn show(&self, what: impl std::fmt::Debug) {
        self.0.lock().unwrap().push(format!("{what:?} {what:#?}"));
    }
}

impl Interceptor for Showing {
    fn before_call<'a>(&'a self, call: &'a mut OutgoingCall) -> Hook<'a> {
        self.show(call);
        Hook::done()
    }

    fn before_attempt<'a>(&'a self, attempt: &'a mut OutgoingAttempt<'_>) -> Hook<'a> {
        self.show(attempt);
        Hook::done()
    }

    fn after_attempt(&self, attempt: &AttemptEnded<'_>) {
        self.show(attempt);
    }

    fn after_call(&self, call: &CallEnded<'_>) {
        self.show(call);
    }
}

impl Recorder for Showing {
    fn record(&self, event: &Event<'_>) {
        self.show(event);
    }

    fn observe(&self, levels: Levels) {
        self.show(levels);
    }
}

#[tokio::test(start_paused = true)]
async fn interceptors_recorders_and_replies() {
    let data = format!(r#"{{"code":200,"message":"{SECRET}","data":{{"id":7}}}}"#);
    let failed = format!(r#"{{"detail":"{SECRET}","token":"{SECRET}"}}"#);
    let replies = [Script::reply(200, data), Script::reply(500, failed.clone()), Script::reply(200, failed)];
    let replies = replies.map(|reply| reply.header("set-cookie", SECRET).header("x-api-key", SECRET));
    let mut config = config(1);
    let url = format!("http://user:{SECRET}@10.0.0.1:8000");
    config.services.insert("order-service".parse().unwrap(), vec![url.parse().unwrap()]);
    let shown = Showing::default();
    let mesh = Mesh::builder().config(config).transport(script(replies)).rng(SeededRng::new(1));
    let mesh = mesh.interceptor(shown.clone()).recorder(shown.clone()).build().unwrap();
    let client = Client::builder().mesh(&mesh).default_header("X-Secret", SECRET).build().unwrap();
    let reply = client.get(7).note(SECRET).send().await.unwrap();
    clean("reply", &format!("{reply:?} {reply:#?}"));
    for _ in 0..2 {
        let error = client.get(7).note(SECRET).send().await.unwrap_err();
        clean("error", &format!("{error} {error:?} {error:#?}"));
    }
    clean("endpoints", &format!("{:?}", mesh.endpoints("order-service")));
    let shown = shown.0.lock().unwrap().join("\n");
    for part in ["CallEnded", "AttemptEnded", "Discovered", "Success {", "Failure("] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    clean("what is told", &shown);
}

#[test]
fn headers_and_baggage() {
    let value = HeaderValue::from_static(SECRET);
    let headers = HeaderMap::from_iter([(rpc_runtime::HeaderName::from_static("x-token"), value)]);
    let error = Header::<i64>::new("x-token").read(&headers).unwrap_err();
    clean("header", &format!("{error} {error:?}"));
    let reply = TransportReply::new(StatusCode::OK, headers, ReplyStream::full(SECRET));
    clean("transport's reply", &format!("{reply:?}"));
    let mut baggage = trace::Baggage::default();
    baggage.insert("tenant", SECRET).unwrap();
    let entries: Vec<_> = baggage.iter().collect();
    clean("baggage", &format!("{baggage:?} {entries:?}"));
    let mut headers = HeaderMap::new();
    headers.insert("baggage", HeaderValue::from_static("tenant=hunter2"));
    clean("context", &format!("{:?}", Context::from_headers(&headers)));
}
