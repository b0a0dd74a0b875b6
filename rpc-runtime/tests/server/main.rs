//! Services in a `ServerLayer`, with axum.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod envelope;
mod hops;
mod layer;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use rpc_runtime::Client;

/// A service on a socket of its own, for as long as the test's runtime.
struct Hop {
    url: String,
    connections: Arc<AtomicUsize>,
}

impl Hop {
    async fn start(router: Router) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&connections);
        let listener = listener.tap_io(move |_| {
            seen.fetch_add(1, Ordering::SeqCst);
        });
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { url, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Nothing here is about time: a limit that no machine is too slow for, and no other.
    fn client(&self) -> Client {
        let client = Client::builder("hop").url(&self.url).timeout(Duration::from_secs(120));
        client.no_attempt_timeout().build().unwrap()
    }
}
