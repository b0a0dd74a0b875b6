//! The protocol of a reply, as recorders hear it.

use std::sync::{Arc, Mutex};

use rpc_runtime::metrics::{Event, Recorder};
use rpc_runtime::{Client, Mesh, Version};

use crate::h2_server::{Do, H2Server};
use crate::support::ORDER;
use crate::support::server::{Act, Server, json};

#[derive(Debug, Clone, Default)]
struct Versions(Arc<Mutex<Vec<Option<Version>>>>);

impl Recorder for Versions {
    fn record(&self, event: &Event<'_>) {
        if let Event::AttemptEnded { version, .. } = event {
            self.0.lock().unwrap().push(*version);
        }
    }
}

async fn check(url: &str, expected: Version) {
    let versions = Versions::default();
    let mesh = Mesh::builder().recorder(versions.clone()).build().unwrap();
    let client = Client::builder("orders").mesh(&mesh).url(url).build().unwrap();
    client.get("/orders/7").send().await.unwrap();
    assert_eq!(*versions.0.lock().unwrap(), [Some(expected)]);
}

#[tokio::test]
async fn http1() {
    let server = Server::start(|_, _| Act::Write(json(ORDER))).await;
    check(&server.url(), Version::HTTP_11).await;
}

#[tokio::test]
async fn http2() {
    let server = H2Server::start(|_, id| vec![Do::Reply(id)]).await;
    check(&server.url(), Version::HTTP_2).await;
}
