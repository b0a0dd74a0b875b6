//! The service around the service.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{Either, Full};
use tokio::time::{Instant, timeout_at};
use tower_service::Service;
use tracing::Instrument as _;

use super::layer::ServerLayer;
use super::{expired, span};
use crate::trace::{TraceContext, X_TRACE_ID};

/// A service in a [`ServerLayer`].
#[derive(Debug, Clone)]
pub struct Server<S> {
    layer: ServerLayer,
    inner: S,
}

impl<S> Server<S> {
    pub(super) fn new(layer: ServerLayer, inner: S) -> Self {
        Self { layer, inner }
    }
}

/// The body of a response: the service's, or the layer's own.
pub type ReplyBody<B> = Either<B, Full<Bytes>>;

type Answer<R, E> = Result<Response<ReplyBody<R>>, E>;

/// The handling of one request. Dropping it drops the future of the service.
pub struct Handling<R, E>(Pin<Box<dyn Future<Output = Answer<R, E>> + Send>>);

impl<R, E> fmt::Debug for Handling<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handling").finish_non_exhaustive()
    }
}

impl<R, E> Future for Handling<R, E> {
    type Output = Answer<R, E>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Answer<R, E>> {
        self.0.as_mut().poll(task)
    }
}

impl<S, B, R> Service<Request<B>> for Server<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<ReplyBody<R>>;
    type Error = S::Error;
    type Future = Handling<R, S::Error>;

    fn poll_ready(&mut self, task: &mut Task<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let context = self.layer.context(request.headers());
        let span = span::open(&request);
        #[cfg(feature = "otel")]
        let outer = crate::otel::received(&span, &context);
        span::traced(&span, &context);
        let (deadline, trace) = (context.deadline(), context.trace().cloned());
        let late = deadline.is_some_and(|deadline| deadline <= Instant::now());
        #[cfg(feature = "otel")]
        let _attached = outer.clone().attach();
        let begun = (!late).then(|| context.clone().run(|| span.in_scope(|| self.inner.call(request))));
        let recorded = span.clone();
        let work = async move {
            let handled = match (begun, deadline) {
                (None, _) => None,
                (Some(future), None) => Some(future.await),
                (Some(future), Some(deadline)) => timeout_at(deadline, future).await.ok(),
            };
            let response = match handled {
                Some(Ok(response)) => response.map(Either::Left),
                None => expired::response().map(|body| Either::Right(Full::new(body))),
                Some(Err(error)) => {
                    span::failed(&recorded);
                    return Err(error);
                }
            };
            span::answered(&recorded, &response);
            Ok(tagged(response, trace.as_ref()))
        };
        let work = work.instrument(span);
        #[cfg(feature = "otel")]
        let work = opentelemetry::context::FutureExt::with_context(work, outer);
        Handling(Box::pin(context.scope(work)))
    }
}

/// With the trace's id as it is by now; a header of the handler's own stays.
fn tagged<R>(mut response: Response<R>, trace: Option<&TraceContext>) -> Response<R> {
    if let Some(trace) = trace {
        response.headers_mut().entry(X_TRACE_ID).or_insert_with(|| trace.id().header().clone());
    }
    response
}
