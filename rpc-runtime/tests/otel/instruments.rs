//! The instruments, and their attributes.

use rpc_runtime::clock::SystemClock;
use rpc_runtime::otel::Metrics;
use rpc_runtime::testing::{Script, ScriptedTransport, SeededRng};
use rpc_runtime::{Breaker, Client as Untyped, Hedging, Mesh, Method};

use crate::collect::Collected;
use crate::support::server::{Act, Server, json};
use crate::support::{Client, LONGEST, config, millis, ok, secs, status};

#[tokio::test(start_paused = true)]
async fn of_a_success_and_a_retry() {
    let transport =
        crate::support::script([ok().after(millis(3)), status(503).after(millis(40)), ok(), status(404)]);
    let collected = Collected::new();
    let mesh = Mesh::builder().config(config(1)).transport(transport).rng(LONGEST);
    let mesh = mesh.recorder(Metrics::new(&collected.meter())).build().unwrap();
    let client = Client::with_mesh(&mesh).unwrap();
    for good in [true, true, false] {
        assert_eq!(client.get(7).await.is_ok(), good);
    }
    let server = "http.request.method=GET";
    let to = "server.address=10.0.0.1,server.port=8000,url.scheme=http";
    assert_eq!(
        collected.lines(),
        [
            "client.breaker.open {breaker} {service=order-service} 0".to_owned(),
            "client.call.duration s {error.type=404,operation=GetOrder,outcome=rejected,service=order-service} 1 in 0.000"
                .to_owned(),
            "client.call.duration s {operation=GetOrder,outcome=success,service=order-service} 2 in 0.093".to_owned(),
            "client.call.retries {retry} {operation=GetOrder,reason=503,service=order-service} 1".to_owned(),
            "client.discovery.changes {endpoint} {change=added,service=order-service} 1".to_owned(),
            "client.discovery.updates {update} {service=order-service} 1".to_owned(),
            "client.endpoints {endpoint} {service=order-service,state=available} 1".to_owned(),
            "client.endpoints {endpoint} {service=order-service,state=ejected} 0".to_owned(),
            "client.endpoints {endpoint} {service=order-service,state=probing} 0".to_owned(),
            "client.retry.budget {retry} {service=order-service} 29".to_owned(),
            format!(
                "http.client.request.duration s {{error.type=404,{server},http.response.status_code=404,{to}}} 1 in 0.000"
            ),
            format!(
                "http.client.request.duration s {{error.type=503,{server},http.response.status_code=503,{to}}} 1 in 0.040"
            ),
            format!("http.client.request.duration s {{{server},http.response.status_code=200,{to}}} 2 in 0.003"),
        ]
    );
    let bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
    assert_eq!(collected.bounds("http.client.request.duration"), bounds);
    assert_eq!(collected.bounds("client.call.duration"), bounds);
    // A mesh that is gone is looked at no more.
    drop((client, mesh));
    assert!(!collected.lines().iter().any(|line| line.starts_with("client.endpoints")));
}

/// Every event has its series, and none has an attribute that is not on the list.
#[tokio::test(start_paused = true)]
async fn of_everything_else() {
    let mut count = 0;
    let transport = ScriptedTransport::answering(SystemClock, move |request| {
        count += 1;
        match (request.header("x-case"), request.endpoint.contains("10.0.0.1")) {
            ("slow", _) if count % 2 == 1 => ok().after(secs(1)),
            ("broken", true) => Script::reset(),
            ("down", _) => status(500),
            _ => ok(),
        }
    });
    let collected = Collected::new();
    let mesh = Mesh::builder().config(config(2)).transport(transport).rng(SeededRng::new(1));
    let mesh = mesh.recorder(Metrics::new(&collected.meter()).with_template()).build().unwrap();
    let client = Client::with_mesh(&mesh).unwrap();
    let hedging = Hedging::After(millis(20));
    for _ in 0..60 {
        client.get(7).hedging(hedging).header("x-case", "slow").await.unwrap();
    }
    for _ in 0..20 {
        client.create(&crate::support::order()).header("x-case", "broken").await.ok();
    }
    tokio::time::advance(secs(5)).await;
    for _ in 0..20 {
        client.get(7).cache(secs(60)).await.unwrap();
    }
    client.tuned().header("x-case", "down").await.unwrap_err();
    client.tuned().header("x-case", "down").await.unwrap_err();
    client.get(8).breaker(Breaker::new(1, secs(60))).header("x-case", "down").await.unwrap_err();
    client.purge().await.ok();
    client.raw(Method::GET, "/a/b/c?d=e").send().await.ok();
    let lines = collected.lines();
    let has = |start: &str| assert!(lines.iter().any(|line| line.starts_with(start)), "{start}: {lines:#?}");
    let tail = "operation=GetOrder,result";
    for step in ["sent", "won"] {
        has(&format!("client.hedges {{hedge}} {{{tail}={step},service=order-service}}"));
    }
    for usage in ["hit", "miss"] {
        has(&format!("client.cache.uses {{use}} {{{tail}={usage},service=order-service}}"));
    }
    let at = "server.address=10.0.0.1,server.port=8000,service=order-service";
    has(&format!("client.ejections {{ejection}} {{reason=consecutive,{at}}} 1"));
    has(&format!("client.returns {{return}} {{{at}}} 1"));
    has(
        "client.retry.suppressed {retry} {operation=CreateOrder,reason=not_repeatable,service=order-service}",
    );
    has("client.breaker.turns {turn} {operation=Tuned,service=order-service,state=open} 1");
    has("client.breaker.turns {turn} {service=order-service,state=open} 1");
    has("client.breaker.open {breaker} {service=order-service} 2");
    has("http.client.request.duration s {error.type=cancelled,http.request.method=GET,");
    has(
        "http.client.request.duration s {error.type=connection,http.request.method=POST,server.address=10.0.0.1",
    );
    assert!(lines.iter().any(|line| line.contains("http.request.method=_OTHER")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("url.template=/orders/{id}")));
    assert!(lines.iter().any(|line| line.contains("url.template=(raw)")));
    const KNOWN: [&str; 16] = [
        "change",
        "error.type",
        "http.request.method",
        "http.response.status_code",
        "network.protocol.version",
        "operation",
        "outcome",
        "reason",
        "result",
        "server.address",
        "server.port",
        "service",
        "state",
        "url.scheme",
        "url.template",
        "",
    ];
    for line in &lines {
        let (_, rest) = line.split_once("} {").or_else(|| line.split_once(" {")).unwrap();
        let (attributes, _) = rest.rsplit_once('}').unwrap();
        for attribute in attributes.split(',') {
            let (key, _) = attribute.split_once('=').unwrap();
            assert!(KNOWN.contains(&key), "{key}: {line}");
        }
    }
}

#[tokio::test]
async fn of_a_real_connection() {
    let server = Server::start(|_, _| Act::Write(json(crate::support::ORDER))).await;
    let collected = Collected::new();
    let mesh = Mesh::builder().recorder(Metrics::new(&collected.meter())).build().unwrap();
    let client = Untyped::builder("orders").mesh(&mesh).url(&server.url()).build().unwrap();
    client.get("/orders/7").send().await.unwrap();
    let lines = collected.lines();
    let expected = format!(
        "http.client.request.duration s {{http.request.method=GET,http.response.status_code=200,network.protocol.version=1.1,\
         server.address=127.0.0.1,server.port={},url.scheme=http}} 1 in ",
        server.addr.port()
    );
    assert!(lines.iter().any(|line| line.starts_with(&expected)), "{lines:#?}");
}
