//! Which operation a request is for, and the call of its handler.

use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::middleware::map_request;
use axum::response::Response;
use futures_util::FutureExt;
use http::{HeaderValue, Method, StatusCode, Uri, header};
use tower_service::Service as _;

use crate::failure::Failures;
use crate::template::{Template, TemplateError, canonical, route_path};

/// Request extension: the index of the instance that the call arrived at, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instance(pub usize);

/// Request extension: the parameters of the path by name, percent-decoded, in the template's order. Bytes that are no
/// UTF-8 become `U+FFFD`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathParameters(pub Vec<(String, String)>);

/// The address as it was sent, while axum's router sees a path made for it.
#[derive(Debug, Clone)]
struct Sent(Uri);

#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) method: Method,
    pub(crate) template: Template,
    /// One route, made from the template: what the `Path` extractor needs. A fallback if there is no such route.
    router: Router,
}

impl Operation {
    pub(crate) fn new<H, T>(
        name: &str,
        method: Method,
        template: &str,
        handler: H,
    ) -> Result<Self, TemplateError>
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        let template = Template::parse(template)?;
        let handler = axum::routing::any(handler).layer(map_request(restore));
        let router = match template.route() {
            Some(route) => Router::new().route(&route, handler),
            None => Router::new().fallback_service(handler),
        };
        // The body is in memory already, and its bound is ours.
        let router = router.layer(DefaultBodyLimit::disable());
        Ok(Self { name: name.to_owned(), method, template, router })
    }
}

async fn restore(mut request: Request) -> Request {
    if let Some(Sent(uri)) = request.extensions_mut().remove() {
        *request.uri_mut() = uri;
    }
    request
}

/// The operations, the most specific templates first.
#[derive(Debug)]
pub(crate) struct Table {
    operations: Vec<Operation>,
    /// What answers unknown paths instead of a 404.
    fallback: Option<Router>,
    pub(crate) failures: Failures,
}

/// What a request is for.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    Operation(&'a Operation, PathParameters),
    /// The path is known, the method is not: the methods that are.
    WrongMethod(Vec<Method>),
    Nothing,
}

impl Table {
    pub(crate) fn new(mut operations: Vec<Operation>, fallback: Option<Router>, failures: Failures) -> Self {
        operations.sort_by(|a, b| a.template.rank.cmp(&b.template.rank));
        Self { operations, fallback, failures }
    }

    /// HEAD goes to the operation for GET if there is none of its own.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let path = canonical(path);
        let mut allowed = Vec::new();
        let mut get = None;
        for operation in &self.operations {
            let Some(parameters) = operation.template.matches(&path) else { continue };
            if operation.method == *method {
                return Found::Operation(operation, PathParameters(parameters));
            }
            if method == Method::HEAD && operation.method == Method::GET && get.is_none() {
                get = Some(Found::Operation(operation, PathParameters(parameters)));
            }
            allowed.push(operation.method.clone());
        }
        match get {
            Some(get) => get,
            None if allowed.is_empty() => Found::Nothing,
            None => Found::WrongMethod(allowed),
        }
    }

    /// Runs the handler; a panic in it is a 500.
    pub(crate) async fn call(&self, found: Found<'_>, mut request: Request) -> Response {
        let mut router = match found {
            Found::WrongMethod(allowed) => return self.wrong_method(allowed),
            Found::Nothing => match &self.fallback {
                Some(fallback) => fallback.clone(),
                None => return self.not_found(&request),
            },
            Found::Operation(operation, parameters) => {
                let Ok(uri) = route_path(&parameters.0).parse() else {
                    return self.failures.of_status(StatusCode::URI_TOO_LONG, "the path is too long");
                };
                let sent = std::mem::replace(request.uri_mut(), uri);
                request.extensions_mut().insert(Sent(sent));
                request.extensions_mut().insert(parameters);
                operation.router.clone()
            }
        };
        let reply = AssertUnwindSafe(async move { router.call(request).await }).catch_unwind().await;
        match reply {
            Ok(Ok(reply)) => reply,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
                let message = format!("the handler panicked: {text}");
                self.failures.of_status(StatusCode::INTERNAL_SERVER_ERROR, &message)
            }
        }
    }

    fn not_found(&self, request: &Request) -> Response {
        let message = format!("no operation matches {} {}", request.method(), request.uri().path());
        self.failures.of_status(StatusCode::NOT_FOUND, &message)
    }

    fn wrong_method(&self, mut allowed: Vec<Method>) -> Response {
        if allowed.contains(&Method::GET) {
            allowed.push(Method::HEAD);
        }
        let mut names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let names = names.join(", ");
        let mut reply = self.failures.of_status(StatusCode::METHOD_NOT_ALLOWED, &format!("allowed: {names}"));
        if let Ok(value) = HeaderValue::try_from(names) {
            reply.headers_mut().insert(header::ALLOW, value);
        }
        reply
    }
}
