//! A server that writes down what it gets and answers 400, which no client sends again.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::TcpListener;

/// A request as it came.
#[derive(Debug, Clone, Serialize)]
pub struct Recorded {
    method: String,
    /// Path and query, not decoded.
    target: String,
    /// Names in lower case; bytes that are no UTF-8 replaced.
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

type Requests = Arc<Mutex<Vec<Recorded>>>;

/// Listens as long as it lives in its runtime.
#[derive(Debug)]
pub struct Server {
    url: String,
    requests: Requests,
}

impl Server {
    pub(crate) async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let requests = Requests::default();
        tokio::spawn(accept(listener, Arc::clone(&requests)));
        Ok(Self { url, requests })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What has come since the last time.
    pub(crate) fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn accept(listener: TcpListener, requests: Requests) {
    while let Ok((stream, _)) = listener.accept().await {
        let requests = Arc::clone(&requests);
        tokio::spawn(async move {
            let answer = service_fn(|request| answer(request, &requests));
            // A client that hangs up is the client's affair.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    requests: &Requests,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let recorded = Recorded {
        method: head.method.to_string(),
        target: head.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: head.headers.iter().map(header).collect(),
        body,
    };
    requests.lock().unwrap_or_else(PoisonError::into_inner).push(recorded);
    let mut response = Response::new(Empty::new());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    Ok(response)
}
