//! What the generated callers share: a server that writes requests down, and values from JSON.

mod server;
mod value;

use std::any::Any;
use std::error::Error;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde::Serialize;

pub use server::{Recorded, Server};
pub use value::{parsed, val};

/// A call that has not begun.
pub type Call<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + 'a>>;

/// Longer than any call on the loopback interface takes.
const LIMIT: Duration = Duration::from_secs(20);

/// Runs a future to its end on this thread.
///
/// # Errors
/// What it fails with, or the runtime when it cannot be made.
pub fn block_on(future: impl Future<Output = Result<(), Box<dyn Error>>>) -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}

/// What one side did.
#[derive(Debug, Serialize)]
pub struct Side {
    /// All requests, the first first.
    requests: Vec<Recorded>,
    /// What the call ended with: the server answers every request with 400, so there is always something.
    error: String,
}

/// One line of the report.
#[derive(Debug, Serialize)]
struct Line<'a> {
    document: usize,
    operation: usize,
    case: &'a str,
    ours: Side,
    theirs: Side,
}

/// Runs calls one after the other and reports what they sent.
#[derive(Debug)]
pub struct Probe {
    server: Server,
}

impl Probe {
    /// Starts the server on a port of the system's choice.
    ///
    /// # Errors
    /// When there is no loopback interface to listen on.
    pub async fn start() -> std::io::Result<Self> {
        Ok(Self { server: Server::start().await? })
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// A client for progenitor's: no proxy of the environment, no redirect.
    ///
    /// # Errors
    /// When reqwest finds no way to make one.
    pub fn reqwest(&self) -> reqwest::Result<reqwest::Client> {
        // Another crate of this program switches TLS on, and then there must be a provider, used or not.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder().no_proxy().build()
    }

    /// Makes the same call with both clients and prints one JSON line.
    pub async fn pair(
        &self,
        document: usize,
        operation: usize,
        case: &str,
        ours: Call<'_>,
        theirs: Call<'_>,
    ) {
        let line =
            Line { document, operation, case, ours: self.side(ours).await, theirs: self.side(theirs).await };
        match serde_json::to_string(&line) {
            Ok(line) => println!("{line}"),
            Err(error) => eprintln!("{document}/{operation}/{case}: {error}"),
        }
    }

    async fn side(&self, call: Call<'_>) -> Side {
        let guarded = AssertUnwindSafe(call).catch_unwind();
        let error = match tokio::time::timeout(LIMIT, guarded).await {
            Ok(Ok(Ok(()))) => "succeeded".to_owned(),
            Ok(Ok(Err(error))) => error,
            Ok(Err(panic)) => format!("panicked: {}", message(&*panic)),
            Err(_) => "took too long".to_owned(),
        };
        Side { requests: self.server.take(), error }
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
