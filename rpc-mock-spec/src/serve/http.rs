//! The glue to the server.

use std::collections::HashSet;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use rpc_mock::axum::body::{Body, Bytes};
use rpc_mock::axum::extract::Extension;
use rpc_mock::axum::http::request::Parts;
use rpc_mock::axum::response::Response;
use rpc_mock::{PathParameters, Service};

use super::{Options, Server, failures};
use crate::model::shape;
use crate::reply::Outgoing;
use crate::request::{Request, form_pairs};
use crate::spec::Spec;

/// A service with a handler for each operation. Of two operations with the same method and path the first one counts; `Spec::notes` tells.
pub(crate) fn service(spec: &Spec, options: Options) -> Service {
    let server = Arc::new(Server::new(spec.model.clone(), options));
    let mut known = HashSet::new();
    let mut service = Service::new(spec.name()).failures(failures::render(spec.model.clone()));
    for (index, operation) in spec.operations().iter().enumerate() {
        let Ok(method) = Method::from_bytes(operation.method.as_bytes()) else { continue };
        if !known.insert((method.clone(), shape(&operation.template))) {
            continue;
        }
        let server = server.clone();
        let handler = move |parameters: Extension<PathParameters>, parts: Parts, body: Bytes| {
            let server = server.clone();
            async move { outgoing(server.respond(index, &incoming(parameters.0, &parts, &body))) }
        };
        service = service.operation(&operation.name, method, &operation.template, handler);
    }
    service
}

fn incoming(PathParameters(path): PathParameters, parts: &Parts, body: &Bytes) -> Request {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Request {
        path,
        query: form_pairs(parts.uri.query().unwrap_or_default()),
        headers: parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.to_vec(),
    }
}

fn outgoing(reply: Outgoing) -> Response {
    let mut out = Response::new(Body::from(reply.body));
    *out.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    for (name, value) in reply.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        // The server writes these by itself.
        let own = [
            header::CONTENT_LENGTH,
            header::TRANSFER_ENCODING,
            header::CONNECTION,
            header::CONTENT_ENCODING,
            header::UPGRADE,
            header::TE,
            header::TRAILER,
        ];
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value))
            && !own.contains(&name)
        {
            out.headers_mut().insert(name, value);
        }
    }
    out
}
