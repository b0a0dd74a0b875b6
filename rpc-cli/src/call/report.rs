//! What a call gave, for people and for programs.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rpc_codegen::ir::Operation;
use rpc_runtime::types::RawJson;
use rpc_runtime::{Code, Error, ErrorKind, HeaderMap, Response, Sent, TimeoutScope};
use serde::{Serialize, Serializer};

use super::pretty::pretty;
use super::send::Data;

/// Headers of replies that hold secrets; their values are not shown.
const SECRETS: [&str; 4] = ["authorization", "set-cookie", "x-api-key", "x-auth-token"];
/// Longest body of a failure that people are shown, in bytes.
const LONGEST: usize = 8 << 10;

/// `--json`, after a success.
#[derive(Serialize)]
struct Success<'a> {
    status: u16,
    code: Option<Business<'a>>,
    message: Option<&'a str>,
    data: &'a Data,
    attempts: u32,
    elapsed_ms: f64,
    endpoint: &'a str,
    trace_id: &'a str,
    headers: BTreeMap<&'a str, Vec<String>>,
}

/// `--json`, after a failure.
#[derive(Serialize)]
struct Failure<'a> {
    kind: &'static str,
    what: String,
    causes: Vec<String>,
    status: Option<u16>,
    code: Option<Business<'a>>,
    message: Option<&'a str>,
    error_code: Option<&'a str>,
    details: Option<&'a RawJson>,
    body: Option<Data>,
    sent: &'static str,
    attempts: u32,
    elapsed_ms: f64,
    endpoint: Option<&'a str>,
    trace_id: Option<&'a str>,
}

/// The business code as the service wrote it: a number or a text.
struct Business<'a>(&'a Code);

impl Serialize for Business<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Code::Int(code) => serializer.serialize_i64(*code),
            other => serializer.collect_str(other),
        }
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_unit(),
            Self::Json(json) => json.serialize(serializer),
            Self::Text(text) => text.serialize(serializer),
            Self::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => text.serialize(serializer),
                Err(_) => serializer.collect_map([("base64", STANDARD.encode(bytes))]),
            },
        }
    }
}

/// `--json`: one object.
pub(super) fn json(outcome: &Result<Response<Data>, Error>) -> Result<String, serde_json::Error> {
    let text = match outcome {
        Ok(reply) => serde_json::to_string(&Success {
            status: reply.status().as_u16(),
            code: reply.code().map(Business),
            message: reply.message(),
            data: &reply.data,
            attempts: reply.attempts(),
            elapsed_ms: milliseconds(reply.elapsed()),
            endpoint: reply.endpoint(),
            trace_id: reply.trace_id(),
            headers: headers(reply.headers()),
        })?,
        Err(error) => {
            let failure = Failure {
                kind: kind(error.kind()),
                what: error.to_string(),
                causes: causes(error),
                status: error.status().map(|status| status.as_u16()),
                code: error.code().map(Business),
                message: error.message(),
                error_code: error.error_code(),
                details: error.details(),
                body: body(error),
                sent: sent(error.sent()),
                attempts: error.attempts(),
                elapsed_ms: milliseconds(error.elapsed()),
                endpoint: error.endpoint(),
                trace_id: error.trace_id(),
            };
            serde_json::to_string(&BTreeMap::from([("error", failure)]))?
        }
    };
    Ok(pretty(&text))
}

/// `--json`, when there was no call: the command line is wrong, or the document.
pub(crate) fn mistake(error: &anyhow::Error, usage: bool) -> String {
    let kind = if usage { "usage" } else { "other" };
    let error = serde_json::json!({"error": {"kind": kind, "message": format!("{error:#}")}});
    pretty(&error.to_string())
}

/// The data, for people; bytes as they came.
pub(super) fn data(data: &Data) -> Vec<u8> {
    match data {
        Data::None => Vec::new(),
        Data::Json(json) => (pretty(json.get()) + "\n").into_bytes(),
        Data::Text(text) if text.ends_with('\n') => text.clone().into_bytes(),
        Data::Text(text) => format!("{text}\n").into_bytes(),
        Data::Bytes(bytes) => bytes.to_vec(),
    }
}

/// One line about a success.
pub(super) fn status(reply: &Response<Data>) -> String {
    line(
        Some(reply.status().as_u16()),
        reply.code(),
        reply.attempts(),
        reply.elapsed(),
        Some(reply.endpoint()),
        Some(reply.trace_id()),
    )
}

/// A failure, for people: what happened, what was around it, what to do.
pub(super) fn failure(error: &Error, operation: &Operation) -> String {
    let mut text = format!("error: {error}");
    for cause in causes(error) {
        text += &format!("\n  caused by: {cause}");
    }
    if let Some(body) = error.body().filter(|body| !body.is_empty()) {
        let shown = match body.len() > LONGEST {
            true => format!("{} bytes; --json shows them", body.len()),
            false => String::from_utf8_lossy(&data(&read(body))).trim_end().replace('\n', "\n  "),
        };
        text += &format!("\n  body: {shown}");
    }
    let about = line(
        error.status().map(|status| status.as_u16()),
        error.code(),
        error.attempts(),
        error.elapsed(),
        error.endpoint(),
        error.trace_id(),
    );
    text += &format!("\n  {} · sent: {} · {about}", kind(error.kind()), sent(error.sent()));
    if let Some(help) = help(error, operation) {
        text += &format!("\n  help: {help}");
    }
    text
}

fn line(
    status: Option<u16>,
    code: Option<&Code>,
    attempts: u32,
    elapsed: Duration,
    endpoint: Option<&str>,
    trace_id: Option<&str>,
) -> String {
    let status = [status.map(|status| status.to_string()), code.map(|code| format!("code {code}"))];
    let status = status.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let attempts = if attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") };
    let parts = [
        Some(status).filter(|status| !status.is_empty()),
        Some(attempts),
        Some(format!("{:.0} ms", milliseconds(elapsed))),
        endpoint.map(str::to_owned),
        trace_id.map(|id| format!("trace {id}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What to do about a failure, where that can be said.
fn help(error: &Error, operation: &Operation) -> Option<String> {
    let needs_credential = !operation.security.is_empty();
    Some(match error.kind() {
        ErrorKind::Discovery => format!(
            "say where the service is: --url http://HOST:PORT, or RPC_CLIENT_SERVICES='{{\"{}\": \"http://HOST:PORT\"}}'",
            error.service()
        ),
        ErrorKind::Connection => "is the service running there? --url names another address".to_owned(),
        ErrorKind::Timeout(_) => "give it more time with --timeout, or look at the log with -v".to_owned(),
        ErrorKind::InvalidRequest if needs_credential => {
            let names =
                operation.security.iter().map(|names| names.join(" + ")).collect::<Vec<_>>().join(", or ");
            format!("nothing was sent; credentials go in as --token or --credential NAME=…: {names}")
        }
        ErrorKind::InvalidRequest => {
            "nothing was sent; NAME:=JSON sends a value that breaks a rule".to_owned()
        }
        ErrorKind::Response if error.is_unauthorized() || error.is_forbidden() => {
            "credentials go in as --token or --credential NAME=…".to_owned()
        }
        ErrorKind::Decode => {
            "the reply does not fit the document: is the one in specs/ up to date?".to_owned()
        }
        ErrorKind::Response if error.is_retryable() && error.sent() == Sent::Yes && error.attempts() == 1 => {
            "it was not sent again: only reads, and calls with --idempotency-key, are safe to repeat"
                .to_owned()
        }
        _ => return None,
    })
}

fn kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Config => "config",
        ErrorKind::Discovery => "discovery",
        ErrorKind::Connection => "connection",
        ErrorKind::Timeout(TimeoutScope::Attempt) => "attempt_timeout",
        ErrorKind::Timeout(_) => "timeout",
        ErrorKind::Response => "response",
        ErrorKind::Decode => "decode",
        ErrorKind::Overload => "overload",
        ErrorKind::InvalidRequest => "invalid_request",
        _ => "other",
    }
}

fn sent(sent: Sent) -> &'static str {
    match sent {
        Sent::Never => "never",
        Sent::Maybe => "maybe",
        Sent::Yes => "yes",
    }
}

fn causes(error: &Error) -> Vec<String> {
    let first = std::error::Error::source(error);
    std::iter::successors(first, |error| error.source()).map(ToString::to_string).collect()
}

fn body(error: &Error) -> Option<Data> {
    error.body().filter(|body| !body.is_empty()).map(read)
}

/// A body of which nothing is known.
fn read(body: &rpc_runtime::types::Bytes) -> Data {
    let json = std::str::from_utf8(body).ok().and_then(RawJson::parse);
    json.map_or_else(|| Data::Bytes(body.clone()), Data::Json)
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn headers(headers: &HeaderMap) -> BTreeMap<&str, Vec<String>> {
    let shown = |name: &str, value: &[u8]| match SECRETS.contains(&name) {
        true => "***".to_owned(),
        false => String::from_utf8_lossy(value).into_owned(),
    };
    let values =
        |name: &str| headers.get_all(name).iter().map(|value| shown(name, value.as_bytes())).collect();
    headers.keys().map(|name| (name.as_str(), values(name.as_str()))).collect()
}
