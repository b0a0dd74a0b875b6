//! One set and one lookup for all who want a service.

use futures_util::future::join_all;
use rpc_runtime::clock::SystemClock;
use rpc_runtime::config::DnsRecords;
use rpc_runtime::discovery::{Discover, DnsResolver, Resolution};
use rpc_runtime::testing::{Script, ScriptedTransport};
use rpc_runtime::{Client, ClientConfig, ErrorKind, Mesh};

use crate::fixture::{Fixture, name};

const ZONE: &str = "orders.prod.svc.cluster.local. 5 A 10.0.0.1\norders.prod.svc.cluster.local. 5 A 10.0.0.2";

#[tokio::test]
async fn watches_share_lookups() {
    let fixture = Fixture::new(ZONE).await;
    let names = fixture.names(DnsRecords::A);
    let watches: Vec<_> = (0..20).map(|_| names.watch(&name("orders.prod")).unwrap()).collect();
    for seconds in [0.0, 5.1, 5.1] {
        fixture.advance(seconds);
        join_all(watches.iter().map(|watch| watch.snapshot(None))).await;
        fixture.used(&watches[0]).await;
        assert_eq!(fixture.server.asked().len(), 2);
    }
}

#[tokio::test]
async fn clients_of_a_mesh_share_lookups() {
    let fixture = Fixture::new(ZONE).await;
    let transport = ScriptedTransport::new(SystemClock, (0..20).map(|_| Script::reply(200, "{}")));
    let mesh = Mesh::builder()
        .discover(fixture.names(DnsRecords::Auto))
        .transport(transport.clone())
        .build()
        .unwrap();
    let calls = (0..20).map(|_| {
        let client = Client::untyped(&mesh, "orders.prod").unwrap();
        async move { client.get("/").without_envelope().send().await.map(drop) }
    });
    for result in join_all(calls).await {
        result.unwrap();
    }
    assert_eq!(transport.sent().len(), 20);
    assert_eq!(fixture.server.asked().len(), 3);
}

/// A process may have many runtimes, one after the other; nothing of a resolver dies with one.
#[test]
fn a_resolver_outlives_runtimes() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let servers = runtime();
    let fixture = servers.block_on(Fixture::new(ZONE));
    let addr = fixture.server.addr;
    // The server's runtime has to go on while others come and go.
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = std::thread::spawn(move || servers.block_on(stopped).unwrap());
    let resolve = std::sync::Arc::new(DnsResolver::with_servers([addr], &[], 1).unwrap());
    let resolution = Resolution { resolve, ..fixture.resolution.clone() };
    for _ in 0..3 {
        let lookup = resolution.resolve.resolve("orders.prod.svc.cluster.local.", 80);
        assert!(runtime().block_on(lookup).is_ok());
    }
    stop.send(()).unwrap();
    serving.join().unwrap();
}

/// The setting reaches the resolver that a mesh makes for itself.
#[tokio::test]
async fn servers_of_the_settings() {
    let fixture = Fixture::new(ZONE).await;
    let servers = [("RPC_CLIENT_DNS_SERVERS", fixture.server.addr.to_string())];
    let config = ClientConfig::from_vars(servers).unwrap();
    let built = ClientConfig::builder().dns_servers([fixture.server.addr]).build().unwrap();
    assert_eq!(config, built);
    let transport = ScriptedTransport::new(SystemClock, [Script::reply(200, "{}")]);
    let mesh = Mesh::builder().config(config).transport(transport.clone()).build().unwrap();
    let client = Client::untyped(&mesh, "orders.prod.svc.cluster.local").unwrap();
    client.get("/").without_envelope().send().await.unwrap();
    assert_ne!(fixture.server.asked().len(), 0);
    let endpoints = mesh.endpoints("orders.prod.svc.cluster.local");
    assert_eq!(endpoints[0].endpoint.addr().unwrap().to_string(), "10.0.0.1:80");
}

/// What a client says when its service is configured but gone, and when a resolver cannot be asked.
#[tokio::test]
async fn calls_say_what_is_wrong() {
    let fixture = Fixture::new("").await;
    let mesh = Mesh::builder().discover(fixture.names(DnsRecords::A)).build().unwrap();
    let call = Client::untyped(&mesh, "orders.prod").unwrap().get("/").send().await;
    let error = call.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Discovery);
    let text = error.to_string();
    assert!(
        text.contains(r#"host "orders.prod.svc.cluster.local." of service "orders.prod" cannot be resolved"#),
        "{text}"
    );
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "the name does not exist, or has no such records");

    let config = ClientConfig::builder().services_file("/no/such/file").build().unwrap();
    let error = Mesh::new(config).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Config, "configuration: /no/such/file: cannot be read")
    );
}
