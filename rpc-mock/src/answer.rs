//! The way of one call: read, find, record, decide, reply.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::call::Call;
use crate::clock;
use crate::envelope::Code;
use crate::failure::Failures;
use crate::fault::Kind;
use crate::instance::{Connection, End};
use crate::mock::Shared;
use crate::record::Recorded;
use crate::shape;
use crate::table::{Found, Instance};

const INSTANCE: HeaderName = HeaderName::from_static("x-mock-instance");
/// Larger bodies are refused.
const MOST_BYTES: usize = 16 * 1024 * 1024;

pub(crate) async fn answer(
    shared: Arc<Shared>,
    connection: Connection,
    request: http::Request<Incoming>,
) -> Result<Response, Infallible> {
    let (mut parts, body) = request.into_parts();
    let Ok((body, fits)) = read(body).await else {
        // The client is gone, or broke the protocol: not a call.
        return Ok(StatusCode::BAD_REQUEST.into_response());
    };
    let found = shared.table.find(&parts.method, parts.uri.path());
    let (call, verdict) = Call::arrive(Arc::clone(&shared), recorded(&connection, &found, &parts, &body));
    if let Some(delay) = verdict.delay {
        clock::sleep(delay).await;
    }
    parts.extensions.insert(Instance(connection.instance));
    let request = Request::from_parts(parts, Body::from(body));
    let failures = &shared.table.failures;
    let handled = async {
        if fits {
            shared.table.call(found, request).await
        } else {
            let message = format!("the body has more than {MOST_BYTES} bytes");
            failures.of_status(StatusCode::PAYLOAD_TOO_LARGE, &message)
        }
    };
    let mut reply = match verdict.kind {
        None | Some(Kind::Delay(_)) => handled.await,
        Some(Kind::Status { status, message }) => failure(failures, status, &status.as_u16().into(), message),
        Some(Kind::Code { code, message }) => failure(failures, StatusCode::OK, &code, message),
        Some(Kind::RetryAfter { status, wait, message }) => {
            let mut reply = failure(failures, status, &status.as_u16().into(), message);
            reply.headers_mut().insert(header::RETRY_AFTER, whole_seconds(wait).into());
            reply
        }
        Some(Kind::Body { status, content_type, text }) => {
            (status, [(header::CONTENT_TYPE, content_type)], text).into_response()
        }
        Some(Kind::Drip { chunk, interval }) => shape::drip(handled.await, failures, chunk, interval).await,
        Some(Kind::Truncate) => shape::truncate(handled.await, failures, &connection).await,
        Some(Kind::Lose) => {
            drop(handled.await);
            connection.end(End::Close).await
        }
        Some(Kind::Close) => connection.end(End::Close).await,
        Some(Kind::Reset) => connection.end(End::Reset).await,
        Some(Kind::Hang) => pending().await,
    };
    if matches!(reply.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        // HTTP/1.1 leaves such a body out by itself, HTTP/2 would send it.
        *reply.body_mut() = Body::empty();
    }
    reply.headers_mut().insert(INSTANCE, HeaderValue::from(connection.instance));
    Ok(call.reply(reply))
}

/// The body up to the bound, and whether that is all of it. A larger one is read to its end, so that the client, which
/// may not look at the reply before it has sent everything, gets one.
async fn read(mut body: Incoming) -> Result<(Bytes, bool), hyper::Error> {
    let mut kept = Vec::new();
    let mut fits = true;
    while let Some(frame) = body.frame().await {
        let Ok(mut data) = frame?.into_data() else { continue };
        let room = MOST_BYTES - kept.len();
        fits &= data.len() <= room;
        data.truncate(room);
        kept.extend_from_slice(&data);
    }
    Ok((kept.into(), fits))
}

fn recorded(connection: &Connection, found: &Found<'_>, parts: &Parts, body: &Bytes) -> Recorded {
    Recorded {
        instance: connection.instance,
        connection: connection.number,
        operation: if let Found::Operation(operation, _) = found {
            Some(operation.name.clone())
        } else {
            None
        },
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(ToOwned::to_owned),
        headers: parts.headers.clone(),
        body: body.clone(),
        status: None,
        fault: None,
        elapsed: Duration::ZERO,
    }
}

fn failure(failures: &Failures, status: StatusCode, code: &Code, message: Option<String>) -> Response {
    let reason = if status.is_success() { None } else { status.canonical_reason() };
    failures.reply(status, code, message.as_deref().or(reason).unwrap_or("scripted fault"))
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0))
}
