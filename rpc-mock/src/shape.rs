//! Replies that arrive badly.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use http::{HeaderValue, StatusCode, header};

use crate::clock;
use crate::failure::Failures;
use crate::instance::{Connection, End};

/// Time for what was written to leave before the connection ends.
const FLUSH: Duration = Duration::from_millis(20);

/// The body in pieces, a pause before each.
pub(crate) async fn drip(reply: Response, failures: &Failures, chunk: usize, interval: Duration) -> Response {
    match whole(reply, failures).await {
        Err(failure) => failure,
        Ok((reply, body)) => {
            let pieces = stream::unfold(body, move |mut rest| async move {
                if rest.is_empty() {
                    return None;
                }
                clock::sleep(interval).await;
                let piece = rest.split_to(chunk.min(rest.len()));
                Some((Ok::<_, std::convert::Infallible>(piece), rest))
            });
            reply.map(|_| Body::from_stream(pieces))
        }
    }
}

/// Half of the body, then the end of the connection.
pub(crate) async fn truncate(reply: Response, failures: &Failures, connection: &Connection) -> Response {
    match whole(reply, failures).await {
        Err(failure) => failure,
        Ok((_, body)) if body.is_empty() => connection.end(End::Close).await,
        Ok((reply, body)) => {
            let half = body.slice(..body.len() / 2);
            let connection = connection.clone();
            let end = stream::once(async move {
                clock::sleep(FLUSH).await;
                connection.end(End::Close).await
            });
            reply.map(|_| {
                Body::from_stream(stream::iter([Ok::<Bytes, std::convert::Infallible>(half)]).chain(end))
            })
        }
    }
}

/// The reply with the length of its body in the head, and the body.
async fn whole(reply: Response, failures: &Failures) -> Result<(Response, Bytes), Response> {
    let (mut head, body) = reply.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(body) => {
            head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            Ok((Response::from_parts(head, Body::empty()), body))
        }
        Err(error) => {
            let message = format!("the handler's body failed: {error}");
            Err(failures.of_status(StatusCode::INTERNAL_SERVER_ERROR, &message))
        }
    }
}
