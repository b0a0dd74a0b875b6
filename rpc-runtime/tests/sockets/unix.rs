//! Unix domain sockets.

use std::path::PathBuf;

use rpc_runtime::{ClientConfig, Mesh};
use tokio::net::UnixListener;

use crate::support::{Client, chain, order, outcome};
use crate::{answer, client};

/// A path that goes away with its test.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("rpc-{}-{name}.sock", std::process::id())))
    }

    fn url(&self) -> String {
        format!("unix://{}", self.0.display())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn calls_over_a_socket() {
    let place = Place::new("call");
    let listener = UnixListener::bind(&place.0).unwrap();
    let server = tokio::spawn(async move { answer(listener.accept().await.unwrap().0).await });
    // From the map of services, as from a client's own URL.
    let services = format!(r#"{{"order-service": "{}"}}"#, place.url());
    let config = ClientConfig::from_vars([("RPC_CLIENT_SERVICES", services)]).unwrap();
    let mesh = Mesh::new(config).unwrap();
    let client = Client::with_mesh(&mesh).unwrap();
    for _ in 0..2 {
        let reply = client.get(7).note("a b").send().await.unwrap();
        assert_eq!((reply.data.id, reply.endpoint()), (7, place.url().as_str()));
    }
    drop((client, mesh));
    let heads = server.await.unwrap();
    assert_eq!(heads.len(), 2, "one connection");
    assert!(heads[0].starts_with("GET /orders/7?note=a%20b HTTP/1.1\r\n"), "{}", heads[0]);
    assert!(heads[0].to_lowercase().contains("\r\nhost: localhost\r\n"), "{}", heads[0]);
}

#[tokio::test]
async fn a_socket_that_is_not_there() {
    let place = Place::new("missing");
    let result = client(&place.url()).create(&order()).await;
    assert_eq!(outcome(&result), "connection after 3, sent never, exhausted");
    let error = result.unwrap_err();
    assert_eq!(error.endpoint(), Some(place.url().as_str()));
    assert!(chain(&error).last().unwrap().contains("No such file"), "{:?}", chain(&error));
}
