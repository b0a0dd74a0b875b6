//! SRV records.

use rpc_runtime::config::DnsRecords;
use rpc_runtime::discovery::Discover;

use hickory_server::proto::op::ResponseCode;

use crate::fixture::{Fixture, name};
use crate::server::Says;

const URL: &str = "http+srv://_http._tcp.orders.prod.svc.cluster.local.";

async fn check(zone: &str, additional: bool, expected: &str) {
    let fixture = Fixture::new(zone).await;
    if additional {
        fixture.server.send_additional();
    }
    assert_eq!(fixture.used(&fixture.url(URL)).await, expected);
    let questions = fixture.server.asked().len();
    assert_eq!(questions == 1, additional, "{questions}");
}

#[tokio::test]
async fn priorities_weights_and_ports() {
    let zone = "
        _http._tcp.orders.prod.svc.cluster.local. 30 SRV 10 60 8001 a.
        _http._tcp.orders.prod.svc.cluster.local. 30 SRV 10 40 8002 b.
        _http._tcp.orders.prod.svc.cluster.local. 30 SRV 20 1 8003 c.
        a. 30 A 10.0.0.1
        b. 30 A 10.0.0.2
        c. 30 A 10.0.0.3";
    let expected = "10.0.0.1:8001*60 10.0.0.2:8002*40 10.0.0.3:8003/1";
    check(zone, true, expected).await;
    check(zone, false, expected).await;
}

#[tokio::test]
async fn a_weight_of_zero_is_a_small_share() {
    let zone = "
        _http._tcp.orders.prod.svc.cluster.local. 30 SRV 0 0 8001 a.
        _http._tcp.orders.prod.svc.cluster.local. 30 SRV 0 2 8001 b.
        a. 30 A 10.0.0.1
        b. 30 A 10.0.0.2";
    check(zone, true, "10.0.0.1:8001 10.0.0.2:8001*200").await;
}

#[tokio::test]
async fn a_target_without_address_is_left_out() {
    let zone = "
        _http._tcp.orders.prod.svc.cluster.local. 30 SRV 0 1 8001 a.
        _http._tcp.orders.prod.svc.cluster.local. 30 SRV 0 1 8001 nobody.
        a. 30 A 10.0.0.1";
    check(zone, false, "10.0.0.1:8001").await;
    let none = r#"host "_http._tcp.orders.prod.svc.cluster.local." of service "orders" cannot be resolved"#;
    check("_http._tcp.orders.prod.svc.cluster.local. 30 SRV 0 1 8001 nobody.", false, none).await;
    // RFC 2782: the service is decidedly not there.
    check("_http._tcp.orders.prod.svc.cluster.local. 30 SRV 0 0 0 .", true, none).await;
}

#[tokio::test]
async fn many_targets() {
    let zone: String = (1..=40)
        .map(|n| {
            let srv = format!("_http._tcp.orders.prod.svc.cluster.local. 30 SRV 0 1 80 pod-{n}.");
            format!("{srv}\npod-{n}. 30 A 10.0.0.{n}\npod-{n}. 30 AAAA ::{n}\n")
        })
        .collect();
    let fixture = Fixture::new(&zone).await;
    let watch = fixture.url(URL);
    fixture.used(&watch).await;
    let snapshot = watch.current().unwrap();
    assert_eq!(snapshot.endpoints.iter().filter(|endpoint| endpoint.priority() == 0).count(), 40);
    assert_eq!(snapshot.endpoints.len(), 80);
    assert_eq!(fixture.server.asked().len(), 81);
}

#[tokio::test]
async fn hosts_and_ports_of_endpoints() {
    let zone = "
        _https._tcp.orders.service.consul. 30 SRV 1 1 8443 node-1.
        orders.service.consul. 30 SRV 1 1 443 node-1.
        node-1. 30 A 10.0.0.1";
    let fixture = Fixture::new(zone).await;
    for (url, authority) in [
        ("https+srv://_https._tcp.orders.service.consul./api", "orders.service.consul:8443"),
        ("https+srv://orders.service.consul./api", "orders.service.consul"),
    ] {
        let watch = fixture.url(url);
        fixture.used(&watch).await;
        let endpoint = watch.current().unwrap().endpoints[0].clone();
        assert_eq!((endpoint.authority().as_str(), endpoint.base_path()), (authority, "/api"));
        assert_eq!(endpoint.url().scheme().as_str(), "https");
        assert!(!endpoint.url().is_srv());
    }
}

#[tokio::test]
async fn the_least_time_to_live_counts() {
    let zone = "
        _http._tcp.orders.prod.svc.cluster.local. 25 CNAME elsewhere.
        elsewhere. 20 SRV 0 1 8001 a.
        a. 7 A 10.0.0.1";
    for additional in [true, false] {
        let fixture = Fixture::new(zone).await;
        if additional {
            fixture.server.send_additional();
        }
        let watch = fixture.url(URL);
        assert_eq!(fixture.used(&watch).await, "10.0.0.1:8001");
        fixture.server.asked();
        fixture.after(6.9, &watch).await;
        assert_eq!(fixture.server.asked().len(), 0);
        fixture.after(0.2, &watch).await;
        assert_ne!(fixture.server.asked().len(), 0);
    }
}

const ADDRESS: &str = "orders.prod.svc.cluster.local. 30 A 10.0.0.1\n";
const RECORD: &str = "_http._tcp.orders.prod.svc.cluster.local. 30 SRV 0 1 8001 a.\na. 30 A 10.0.0.2\n";

#[tokio::test]
async fn auto_finds_both_and_stays_with_what_answered() {
    let asked_srv =
        |fixture: &Fixture| fixture.server.asked().iter().any(|question| question.ends_with("SRV"));
    let fixture = Fixture::new(ADDRESS).await;
    let watch = fixture.names(DnsRecords::Auto).watch(&name("orders.prod")).unwrap();
    assert_eq!(fixture.used(&watch).await, "10.0.0.1:80");
    assert!(asked_srv(&fixture));
    fixture.server.set(&format!("{ADDRESS}{RECORD}"));
    assert_eq!(fixture.after(30.1, &watch).await, "10.0.0.1:80");
    assert!(!asked_srv(&fixture), "addresses answered before");
    fixture.server.set(RECORD);
    assert_eq!(fixture.after(30.1, &watch).await, "10.0.0.1:80", "not for a first denial");
    assert_eq!(fixture.after(10.1, &watch).await, "10.0.0.2:8001");
    fixture.server.set(&format!("{ADDRESS}{RECORD}"));
    assert_eq!(fixture.after(30.1, &watch).await, "10.0.0.2:8001", "now records do");
    let endpoint = watch.current().unwrap().endpoints[0].clone();
    assert_eq!(endpoint.authority(), "orders.prod.svc.cluster.local:8001");
}

#[tokio::test]
async fn auto_asks_for_records_again_after_they_failed() {
    let fixture = Fixture::new(&format!("{ADDRESS}{RECORD}")).await;
    fixture.server.say("_http._tcp.orders.prod.svc.cluster.local.", None, Says::Code(ResponseCode::ServFail));
    let watch = fixture.names(DnsRecords::Auto).watch(&name("orders.prod")).unwrap();
    assert_eq!(fixture.used(&watch).await, "10.0.0.1:80");
    assert_eq!(fixture.after(30.1, &watch).await, "10.0.0.1:80");
    fixture.server.speak_normally();
    assert_eq!(fixture.after(30.1, &watch).await, "10.0.0.2:8001");
}
