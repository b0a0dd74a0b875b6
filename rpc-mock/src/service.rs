//! The description of a service, before it runs.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::AtomicU64;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::response::Response;
use http::{Method, StatusCode};

use crate::book::Book;
use crate::call::Observer;
use crate::envelope::Code;
use crate::failure::Failures;
use crate::fault::Fault;
use crate::mock::{Mock, Shared};
use crate::record::Recorded;
use crate::table::{Operation, Table};

/// One service: operations, instances, and faults from the start. See the [crate's documentation](crate).
///
/// Templates are those of OpenAPI: `/orders/{order_id}`. A parameter may stand beside literals and other parameters in
/// its segment (`/reports/{name}.{format}`); `{name:path}` or `{*name}` takes several segments. A value is never empty.
/// Of several templates that match, the most specific one wins, from the left: a literal before a mixed segment
/// before a parameter before several segments.
///
/// Any text without braces and `/` is a name of a parameter, `{x:int}` one with the name `x:int`. The extension
/// [`PathParameters`](crate::PathParameters) of the request has them all. axum's `Path` extractor works up to 25
/// parameters; it takes them in order, or by name if the name is not empty and has no `*`.
///
/// A HEAD request goes to the operation for GET unless there is one for HEAD. A known path with another method is
/// answered with 405 and `Allow`. A handler that panics answers 500. Each reply says in `x-mock-instance` which
/// instance sent it; handlers find the same as the extension [`Instance`](crate::Instance).
#[derive(Debug)]
pub struct Service {
    name: String,
    operations: Vec<Operation>,
    fallback: Option<Router>,
    failures: Failures,
    instances: usize,
    faults: Vec<Fault>,
    observer: Option<Observer>,
    /// How many calls are kept.
    limit: usize,
    /// What `start` has to say instead of starting.
    problems: Vec<String>,
}

impl Service {
    /// A service without operations, with one instance.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            operations: Vec::new(),
            fallback: None,
            failures: Failures::default(),
            instances: 1,
            faults: Vec::new(),
            observer: None,
            limit: usize::MAX,
            problems: Vec::new(),
        }
    }

    /// One operation; the handler is any axum handler. [`start`](Self::start) reports a template that is none, and two
    /// operations with the same method and path.
    #[must_use]
    pub fn operation<H, T>(mut self, name: &str, method: Method, template: &str, handler: H) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        match Operation::new(name, method, template, handler) {
            Err(error) => self.problems.push(format!("operation `{name}`, template `{template}`: {error}")),
            Ok(new) => {
                let same =
                    |old: &&Operation| old.method == new.method && old.template.shape == new.template.shape;
                if let Some(old) = self.operations.iter().find(same) {
                    let problem = format!(
                        "operations `{}` and `{name}` both answer {} {template}",
                        old.name, new.method
                    );
                    self.problems.push(problem);
                }
                self.operations.push(new);
            }
        }
        self
    }

    /// An [`operation`](Self::operation) with GET.
    #[must_use]
    pub fn get<H: Handler<T, ()>, T: 'static>(self, name: &str, template: &str, handler: H) -> Self {
        self.operation(name, Method::GET, template, handler)
    }

    /// An [`operation`](Self::operation) with POST.
    #[must_use]
    pub fn post<H: Handler<T, ()>, T: 'static>(self, name: &str, template: &str, handler: H) -> Self {
        self.operation(name, Method::POST, template, handler)
    }

    /// An [`operation`](Self::operation) with PUT.
    #[must_use]
    pub fn put<H: Handler<T, ()>, T: 'static>(self, name: &str, template: &str, handler: H) -> Self {
        self.operation(name, Method::PUT, template, handler)
    }

    /// An [`operation`](Self::operation) with PATCH.
    #[must_use]
    pub fn patch<H: Handler<T, ()>, T: 'static>(self, name: &str, template: &str, handler: H) -> Self {
        self.operation(name, Method::PATCH, template, handler)
    }

    /// An [`operation`](Self::operation) with DELETE.
    #[must_use]
    pub fn delete<H: Handler<T, ()>, T: 'static>(self, name: &str, template: &str, handler: H) -> Self {
        self.operation(name, Method::DELETE, template, handler)
    }

    /// What answers a path that no operation has, instead of a 404.
    #[must_use]
    pub fn fallback<H: Handler<T, ()>, T: 'static>(mut self, handler: H) -> Self {
        self.fallback = Some(Router::new().fallback(handler).layer(DefaultBodyLimit::disable()));
        self
    }

    /// How failures are written that no handler makes, from their HTTP status, business code and message: those of
    /// [`Fault::status`], [`Fault::code`] (status 200) and [`Fault::retry_after`], of unknown paths (404) and methods
    /// (405), of bodies that are too large (413) and of panics (500). The reply gets the status whatever the function
    /// says. The standard [`Envelope`](crate::Envelope) unless this is said; a panic in it ends the connection.
    ///
    /// ```
    /// # use rpc_mock::Service;
    /// use rpc_mock::axum::{Json, response::IntoResponse};
    /// use serde_json::json;
    ///
    /// let service = Service::new("orders").failures(|_, code, message| {
    ///     Json(json!({"status": code, "msg": message, "result": null})).into_response()
    /// });
    /// ```
    #[must_use]
    pub fn failures(
        mut self,
        render: impl Fn(StatusCode, &Code, &str) -> Response + Send + Sync + 'static,
    ) -> Self {
        self.failures = Failures::new(render);
        self
    }

    /// How many instances run, each on a port of its own; 0 is taken as 1.
    #[must_use]
    pub fn instances(mut self, count: usize) -> Self {
        self.instances = count.max(1);
        self
    }

    /// A fault from the start; [`Mock::fault`] adds more. [`start`](Self::start) reports a fault that would
    /// never strike: for an operation or an instance that does not exist, or with a schedule without calls.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// What is told of every call, once, when it has ended: also when no reply was sent or the client went away. It runs
    /// on the server's task, so it should be quick; a panic in it ends nothing. Given again, the last one counts.
    ///
    /// ```
    /// # use rpc_mock::Service;
    /// let service = Service::new("orders").observe(|call| {
    ///     println!("{} {} {:?} {:?}", call.method, call.path, call.status, call.elapsed);
    /// });
    /// ```
    #[must_use]
    pub fn observe(mut self, observe: impl Fn(&Recorded) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer::new(observe));
        self
    }

    /// Keeps only the last `limit` calls, bodies included, for servers that run long; 0 keeps none. All are kept
    /// unless this is said.
    #[must_use]
    pub fn record(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Starts every instance on `127.0.0.1`, on ports that the system chooses.
    ///
    /// # Errors
    /// `InvalidInput` for a mistake in the description, with its place; otherwise what the system says.
    pub async fn start(self) -> io::Result<Mock> {
        self.start_on(&[]).await
    }

    /// Starts the instances on these addresses, in order. Instances beyond the list take the first one's IP address and
    /// a port that the system chooses; an empty list is [`start`](Self::start).
    ///
    /// # Errors
    /// As for [`start`](Self::start); also `InvalidInput` when there are more addresses than instances.
    pub async fn start_on(mut self, addresses: &[SocketAddr]) -> io::Result<Mock> {
        self.check(addresses);
        if !self.problems.is_empty() {
            let problems = format!("service `{}`: {}", self.name, self.problems.join("; "));
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problems));
        }
        let ip = addresses.first().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), SocketAddr::ip);
        let addresses: Vec<SocketAddr> = (0..self.instances)
            .map(|index| addresses.get(index).copied().unwrap_or_else(|| SocketAddr::new(ip, 0)))
            .collect();
        let names = self.names();
        let shared = Shared {
            table: Table::new(self.operations, self.fallback, self.failures),
            book: Book::new(self.faults, self.limit),
            connections: AtomicU64::new(0),
            observer: self.observer,
        };
        Mock::start(self.name, names, shared, &addresses).await
    }

    fn names(&self) -> Vec<String> {
        self.operations.iter().map(|operation| operation.name.clone()).collect()
    }

    fn check(&mut self, addresses: &[SocketAddr]) {
        if addresses.len() > self.instances {
            let problem = format!("{} addresses for {} instances", addresses.len(), self.instances);
            self.problems.push(problem);
        }
        let names = self.names();
        let never = self.faults.iter().filter_map(|fault| fault.never(&names, self.instances));
        self.problems.extend(never);
    }
}
