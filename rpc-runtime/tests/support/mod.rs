//! A small hand-written client of an order service, made the way generated crates are, and what the tests share.
#![allow(dead_code, reason = "every test file uses a part of it")]

pub(crate) mod server;

use std::task::Poll;
use std::time::Duration;

use rpc_runtime::clock::SystemClock;
use rpc_runtime::codegen::{
    CallPolicy, Credential, CredentialPlace, CredentialSpec, DecodeError, Descriptor, Envelope, ErrorReply,
    Idempotency, Operation, Reply, ServiceDescriptor,
};
use rpc_runtime::rng::Rng;
use rpc_runtime::testing::{Script, ScriptedTransport, SeededRng, SentRequest};
use rpc_runtime::types::Decimal;
use rpc_runtime::{
    Breaker, ClientConfig, Error, ErrorKind, Mesh, Method, Result, Sent, TimeoutScope, TypedError,
};
use serde::{Deserialize, Serialize};

pub(crate) static ENVELOPE: Envelope = Envelope::STANDARD;

static CREDENTIALS: &[CredentialSpec] = &[
    CredentialSpec::new("key", CredentialPlace::Header("X-API-Key")),
    CredentialSpec::new("login", CredentialPlace::Authorization),
    CredentialSpec::new("token", CredentialPlace::Query("token")),
    CredentialSpec::new("session", CredentialPlace::Cookie("session")),
];

static SERVICE: ServiceDescriptor =
    ServiceDescriptor::new("order-service").envelope(&ENVELOPE).credentials(CREDENTIALS);

rpc_runtime::__define_client! {
    /// Client of the order service.
    SERVICE
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) items: Vec<Line>,
    #[serde(default, with = "serde_with::As::<Option<rpc_runtime::codec::DecimalNumber>>")]
    pub(crate) total: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) sku: String,
    pub(crate) quantity: u8,
}

const TUNED: CallPolicy = CallPolicy::UNSET
    .attempt_timeout(Duration::from_secs(2))
    .retries(1)
    .breaker(Breaker::new(2, Duration::from_secs(60)));

/// Operations: name, method, template, settings, output, decoder.
macro_rules! operations {
    ($($name:ident: $method:ident $template:literal $(.$setting:ident($($argument:expr),*))* => $output:ty, $decode:ident;)*) => {
        $(
            #[derive(Debug)]
            pub(crate) enum $name {}

            impl Operation for $name {
                type Output = $output;
                const DESCRIPTOR: &'static Descriptor =
                    &Descriptor::new(stringify!($name), Method::$method, $template)$(.$setting($($argument),*))*;

                fn decode(reply: &Reply<'_>) -> Result<$output, DecodeError> {
                    reply.$decode()
                }
            }
        )*
    };
}

operations! {
    GetOrder: GET "/orders/{id}".envelope(&ENVELOPE) => Order, json;
    StandingOrder: GET "/orders/{id}".envelope(&ENVELOPE).fallback(r#"{"id":3}"#) => Order, json;
    FindOrder: GET "/orders/{id}".envelope(&ENVELOPE) => Option<Order>, json;
    PlainOrder: GET "/plain/{id}" => Order, json;
    CreateOrder: POST "/orders".envelope(&ENVELOPE) => Order, json;
    CreatePlainKey: POST "/orders".envelope(&ENVELOPE).plain_idempotency_key() => Order, json;
    KeyedOrder: POST "/orders".envelope(&ENVELOPE).idempotency(Idempotency::Keyed) => Order, json;
    KeyedPlain: POST "/orders".envelope(&ENVELOPE).idempotency(Idempotency::Keyed).plain_idempotency_key() => Order, json;
    PutOrder: PUT "/orders/{id}".envelope(&ENVELOPE) => Order, json;
    Tuned: PUT "/tuned".envelope(&ENVELOPE).policy(TUNED).retry_codes(&["4001", "BUSY"]) => Order, json;
    Touch: POST "/touch".envelope(&ENVELOPE) => (), json;
    Purge: POST "/touch".extension_method("PURGE") => (), empty;
    Misnamed: POST "/touch".extension_method("NOT ONE") => (), empty;
    DeleteOrder: DELETE "/orders/{id}".envelope(&ENVELOPE) => (), empty;
    Secured: GET "/secured".envelope(&ENVELOPE).security(&[&["login"], &["key", "token"], &["session"]]) => Option<Order>, json;
}

impl Client {
    fn by_id<Op: Operation>(&self, id: i64) -> Call<Op> {
        let mut call = self.call::<Op>();
        call.request.path("id", &id);
        call
    }

    pub(crate) fn get(&self, id: i64) -> Call<GetOrder> {
        self.by_id(id)
    }

    pub(crate) fn find(&self, id: i64) -> Call<FindOrder> {
        self.by_id(id)
    }

    pub(crate) fn standing(&self, id: i64) -> Call<StandingOrder> {
        self.by_id(id)
    }

    pub(crate) fn plain(&self, id: i64) -> Call<PlainOrder> {
        self.by_id(id)
    }

    pub(crate) fn create(&self, order: &Order) -> Call<CreateOrder> {
        let mut call = self.call::<CreateOrder>();
        call.request.json("application/json", order);
        call
    }

    pub(crate) fn create_plain_key(&self, order: &Order) -> Call<CreatePlainKey> {
        let mut call = self.call::<CreatePlainKey>();
        call.request.json("application/json", order);
        call
    }

    pub(crate) fn create_keyed(&self, order: &Order) -> Call<KeyedOrder> {
        let mut call = self.call::<KeyedOrder>();
        call.request.json("application/json", order);
        call
    }

    pub(crate) fn create_keyed_plain(&self, order: &Order) -> Call<KeyedPlain> {
        let mut call = self.call::<KeyedPlain>();
        call.request.json("application/json", order);
        call
    }

    pub(crate) fn put(&self, order: &Order) -> Call<PutOrder> {
        let mut call = self.by_id::<PutOrder>(order.id);
        call.request.json("application/json", order);
        call
    }

    pub(crate) fn tuned(&self) -> Call<Tuned> {
        self.call()
    }

    pub(crate) fn touch(&self) -> Call<Touch> {
        self.call()
    }

    pub(crate) fn purge(&self) -> Call<Purge> {
        self.call()
    }

    pub(crate) fn misnamed(&self) -> Call<Misnamed> {
        self.call()
    }

    pub(crate) fn delete(&self, id: i64) -> Call<DeleteOrder> {
        self.by_id(id)
    }

    pub(crate) fn secured(&self) -> Call<Secured> {
        self.call()
    }
}

impl Call<GetOrder> {
    pub(crate) fn note(mut self, note: &str) -> Self {
        self.request.query("note", &note.to_owned());
        self
    }
}

impl Call<Secured> {
    pub(crate) fn credential(mut self, name: &'static str, credential: Credential) -> Self {
        self.request.set_credential(name, credential);
        self
    }
}

impl ClientBuilder {
    pub(crate) fn credential(mut self, name: &'static str, credential: Credential) -> Self {
        self.inner.credential(name, credential);
        self
    }
}

/// The documented failure of `get`.
#[derive(Debug, PartialEq)]
pub(crate) enum GetOrderError {
    NotFound(Failure),
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
pub(crate) struct Failure {
    pub(crate) message: String,
}

impl TypedError for GetOrderError {
    fn from_reply(reply: &ErrorReply<'_>) -> Option<Self> {
        match reply.status() {
            404 => reply.json().map(Self::NotFound),
            _ => None,
        }
    }
}

pub(crate) const ORDER: &str = r#"{"code":200,"message":"ok","data":{"id":7}}"#;

pub(crate) fn order() -> Order {
    Order { id: 7, items: Vec::new(), total: None }
}

pub(crate) fn ok() -> Script {
    Script::reply(200, ORDER)
}

pub(crate) fn status(status: u16) -> Script {
    Script::reply(status, "")
}

pub(crate) fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// Always the largest (or smallest) number, so that waits are as long as they can be.
#[derive(Debug)]
pub(crate) struct FixedRng(pub(crate) u64);

impl Rng for FixedRng {
    fn next_u64(&self) -> u64 {
        self.0
    }
}

pub(crate) const LONGEST: FixedRng = FixedRng(u64::MAX);

/// Settings with the order service at `10.0.0.1:8000`, `10.0.0.2:8000`, …
pub(crate) fn config(endpoints: usize) -> ClientConfig {
    let urls: Vec<String> = (1..=endpoints).map(|n| format!("http://10.0.0.{n}:8000")).collect();
    ClientConfig::builder()
        .instances("order-service", urls.iter().map(String::as_str))
        .dns_fallback(false)
        .build()
        .unwrap()
}

pub(crate) fn mesh(transport: &ScriptedTransport, config: ClientConfig, rng: impl Rng) -> Mesh {
    Mesh::builder().config(config).transport(transport.clone()).rng(rng).build().unwrap()
}

pub(crate) fn script(script: impl IntoIterator<Item = Script>) -> ScriptedTransport {
    ScriptedTransport::new(SystemClock, script)
}

/// A client of one endpoint with seeded randomness.
pub(crate) fn client(replies: impl IntoIterator<Item = Script>) -> (Client, ScriptedTransport) {
    let transport = script(replies);
    let client = Client::with_mesh(&mesh(&transport, config(1), SeededRng::new(1))).unwrap();
    (client, transport)
}

/// The values of a header of all requests, in order.
pub(crate) fn headers(sent: &[SentRequest], name: &str) -> Vec<String> {
    sent.iter().map(|request| request.header(name).to_owned()).collect()
}

/// What came out, in one line: `HTTP 503 after 3, sent yes, exhausted`.
pub(crate) fn outcome<T>(result: &Result<T>) -> String {
    let error = match result {
        Ok(_) => return "ok".to_owned(),
        Err(error) => error,
    };
    let what = match error.kind() {
        ErrorKind::Response if error.status().is_some_and(|status| status.is_success()) => {
            format!("code {}", error.code().map(ToString::to_string).unwrap_or_default())
        }
        ErrorKind::Response => format!("HTTP {}", error.status().unwrap().as_u16()),
        ErrorKind::Timeout(TimeoutScope::Attempt) => "attempt timeout".to_owned(),
        ErrorKind::Timeout(TimeoutScope::Call) => "call timeout".to_owned(),
        kind => format!("{kind:?}").to_lowercase(),
    };
    let sent = match error.sent() {
        Sent::Never => "never",
        Sent::Maybe => "maybe",
        Sent::Yes => "yes",
    };
    let exhausted = if error.retry_exhausted() { ", exhausted" } else { "" };
    format!("{what} after {}, sent {sent}{exhausted}", error.attempts())
}

/// Polls a call at most `times` times, a millisecond apart, then drops it; whether it ended before.
pub(crate) async fn poll_and_drop<T>(call: impl Future<Output = T>, times: usize) -> bool {
    let mut call = Box::pin(call);
    for _ in 0..times {
        let ended = std::future::poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready())).await;
        if ended {
            return true;
        }
        tokio::time::advance(millis(1)).await;
    }
    false
}

/// The texts of an error and of everything behind it.
pub(crate) fn chain(error: &Error) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        texts.push(cause.to_string());
        source = cause.source();
    }
    texts
}
