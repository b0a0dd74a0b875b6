//! What is believed, what is not, and for how long.

use std::sync::Arc;

use hickory_server::proto::op::ResponseCode;
use hickory_server::proto::rr::RecordType;
use rpc_runtime::config::{DnsRecords, Scheme};
use rpc_runtime::discovery::{Discover, DnsNames, DnsResolver, Resolution, Resolve};

use crate::fixture::{Fixture, name};
use crate::server::{Says, Server};

const ORDERS: &str = "orders.prod.svc.cluster.local.";
const ZONE: &str = "orders.prod.svc.cluster.local. 5 A 10.0.0.1";
const GONE: &str =
    r#"service "orders.prod" has no endpoints: "orders.prod.svc.cluster.local." has no addresses any more"#;

/// NXDOMAIN and NODATA are believed after ten seconds, and what comes back is found within five.
#[tokio::test]
async fn a_service_that_is_gone() {
    for zone in ["", "orders.prod.svc.cluster.local. 5 TXT"] {
        for records in [DnsRecords::A, DnsRecords::Auto] {
            let fixture = Fixture::new(ZONE).await;
            let watch = fixture.names(records).watch(&name("orders.prod")).unwrap();
            fixture.used(&watch).await;
            fixture.server.set(zone);
            assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.1:80", "the first such answer");
            assert_eq!(fixture.after(9.8, &watch).await, "10.0.0.1:80");
            assert_eq!(fixture.after(0.3, &watch).await, GONE);
            assert!(watch.current().unwrap().endpoints.is_empty());
            fixture.server.set(ZONE);
            assert_eq!(fixture.after(4.8, &watch).await, GONE);
            assert_eq!(fixture.after(0.3, &watch).await, "10.0.0.1:80");
            assert_eq!(watch.current().unwrap().generation, 3);
        }
    }
}

#[tokio::test]
async fn a_service_that_comes_back_in_time_was_never_gone() {
    let fixture = Fixture::new(ZONE).await;
    let watch = fixture.names(DnsRecords::A).watch(&name("orders.prod")).unwrap();
    fixture.used(&watch).await;
    fixture.server.set("");
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.1:80");
    fixture.server.set(ZONE);
    assert_eq!(fixture.after(10.1, &watch).await, "10.0.0.1:80");
    assert_eq!(watch.current().unwrap().generation, 1);
}

#[tokio::test]
async fn a_server_in_trouble_proves_nothing() {
    let codes = [ResponseCode::ServFail, ResponseCode::Refused, ResponseCode::NotImp].map(Says::Code);
    for says in codes.into_iter().chain([Says::Referral]) {
        let fixture = Fixture::new(ZONE).await;
        let watch = fixture.names(DnsRecords::A).watch(&name("orders.prod")).unwrap();
        fixture.used(&watch).await;
        fixture.server.say(ORDERS, None, says);
        for seconds in [5.1, 10.1, 60.1, 3600.0] {
            assert_eq!(fixture.after(seconds, &watch).await, "10.0.0.1:80", "{says:?}");
            assert_ne!(fixture.server.asked().len(), 0, "{says:?}");
        }
        fixture.server.speak_normally();
        fixture.server.set("orders.prod.svc.cluster.local. 5 A 10.0.0.2");
        assert_eq!(fixture.after(66.1, &watch).await, "10.0.0.2:80", "{says:?}");
    }
}

#[tokio::test]
async fn a_failure_between_does_not_confirm_that_a_service_is_gone() {
    let fixture = Fixture::new(ZONE).await;
    let watch = fixture.names(DnsRecords::A).watch(&name("orders.prod")).unwrap();
    fixture.used(&watch).await;
    fixture.server.set("");
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.1:80");
    fixture.server.say(ORDERS, None, Says::Code(ResponseCode::ServFail));
    assert_eq!(fixture.after(10.1, &watch).await, "10.0.0.1:80");
    fixture.server.speak_normally();
    assert_eq!(fixture.after(1.1, &watch).await, GONE);
}

/// The runtime's two seconds of patience are real ones here.
#[tokio::test]
async fn a_server_that_is_down_takes_nothing_away() {
    let mut fixture = Fixture::new(ZONE).await;
    let watch = fixture.names(DnsRecords::A).watch(&name("orders.prod")).unwrap();
    fixture.used(&watch).await;
    fixture.server.stop().await;
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.1:80");
    let stranger = fixture.names(DnsRecords::A).watch(&name("users.prod")).unwrap();
    let error = stranger.snapshot(None).await.unwrap_err().to_string();
    assert_eq!(error, r#"host "users.prod.svc.cluster.local." of service "users.prod" cannot be resolved"#);
}

#[tokio::test]
async fn the_next_server_answers_for_one_that_cannot() {
    for says in [Says::Nothing, Says::Code(ResponseCode::ServFail)] {
        let (first, second) = (Server::start().await, Server::start().await);
        first.say("*", None, says);
        second.set(ZONE);
        let resolver = DnsResolver::with_servers([first.addr, second.addr], &[], 1).unwrap();
        assert!(resolver.resolve(ORDERS, 80).await.is_ok(), "{says:?}");
        assert_eq!((first.asked().len(), second.asked().len()), (2, 2), "{says:?}");
        // "There is nothing" is an answer.
        first.speak_normally();
        resolver.resolve(ORDERS, 80).await.unwrap();
        assert_eq!((first.asked().len(), second.asked().len()), (2, 0), "{says:?}");
    }
}

#[tokio::test]
async fn one_family_is_enough_when_the_other_fails() {
    let fixture = Fixture::new(ZONE).await;
    for says in [Says::Code(ResponseCode::ServFail), Says::Nothing] {
        fixture.server.say(ORDERS, RecordType::AAAA, says);
        let watch = fixture.names(DnsRecords::A).watch(&name("orders.prod")).unwrap();
        assert_eq!(fixture.used(&watch).await, "10.0.0.1:80", "{says:?}");
    }
    // None in one family and no answer for the other is no answer.
    fixture.server.say(ORDERS, RecordType::A, Says::Code(ResponseCode::ServFail));
    fixture.server.speak_normally();
    fixture.server.say(ORDERS, RecordType::A, Says::Code(ResponseCode::ServFail));
    assert!(fixture.resolution.resolve.resolve(ORDERS, 80).await.is_err());
}

/// In a search list, the next domain might have another service of that name.
#[tokio::test]
async fn a_failure_ends_the_search() {
    let fixture = Fixture::new("orders.svc.cluster.local. 5 A 10.9.9.9").await;
    fixture.server.say(ORDERS, None, Says::Code(ResponseCode::ServFail));
    assert!(fixture.resolution.resolve.resolve("orders", 80).await.is_err());
    assert_eq!(fixture.server.asked().len(), 2);
}

/// Records that answered before are not replaced by addresses because the server has trouble.
#[tokio::test]
async fn auto_does_not_switch_on_a_failure() {
    let srv = "_http._tcp.orders.prod.svc.cluster.local.";
    let zone = format!("{ZONE}\n{srv} 5 SRV 0 1 8001 a.\na. 5 A 10.0.0.2");
    let fixture = Fixture::new(&zone).await;
    let watch = fixture.names(DnsRecords::Auto).watch(&name("orders.prod")).unwrap();
    assert_eq!(fixture.used(&watch).await, "10.0.0.2:8001");
    fixture.server.say(srv, None, Says::Code(ResponseCode::ServFail));
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.2:8001");
    let late = fixture.names(DnsRecords::Auto).watch(&name("orders.prod")).unwrap();
    assert_eq!(fixture.used(&late).await, "10.0.0.1:80", "who never had them takes what there is");
}

/// Of the targets of SRV records, the one that cannot be looked up stays where it was; the others move on.
#[tokio::test]
async fn a_target_that_fails_stays_and_freezes_nobody() {
    let srv = |target: &str| format!("_http._tcp.orders.prod.svc.cluster.local. 5 SRV 0 1 8001 {target}.\n");
    let zone = |targets: &[(&str, &str)]| -> String {
        targets.iter().map(|(name, ip)| srv(name) + &format!("{name}. 5 A {ip}\n")).collect()
    };
    let fixture = Fixture::new(&zone(&[("a", "10.0.0.1"), ("b", "10.0.0.2")])).await;
    // Who never was anywhere is left out.
    fixture.server.say("b.", None, Says::Code(ResponseCode::ServFail));
    let watch = fixture.names(DnsRecords::Srv).watch(&name("orders.prod")).unwrap();
    assert_eq!(fixture.used(&watch).await, "10.0.0.1:8001");
    fixture.server.speak_normally();
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.1:8001 10.0.0.2:8001");

    fixture.server.say("b.", None, Says::Code(ResponseCode::ServFail));
    fixture.server.set(&zone(&[("a", "10.0.0.1"), ("b", "10.0.0.9"), ("c", "10.0.0.3")]));
    let all = "10.0.0.1:8001 10.0.0.2:8001 10.0.0.3:8001";
    assert_eq!(fixture.after(5.1, &watch).await, all);
    assert_eq!(fixture.after(5.1, &watch).await, all, "it is kept for as long as it takes");
    fixture.server.set(&zone(&[("b", "10.0.0.9"), ("c", "10.0.0.4")]));
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.2:8001 10.0.0.4:8001");
    // The records say who is there, also of one that fails.
    fixture.server.set(&zone(&[("c", "10.0.0.4")]));
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.4:8001");
    fixture.server.set(&zone(&[("b", "10.0.0.9"), ("c", "10.0.0.4")]));
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.4:8001", "it was forgotten with its record");
    fixture.server.speak_normally();
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.4:8001 10.0.0.9:8001");
}

/// The family that is called must not give way to its reserve because it cannot be looked up.
#[tokio::test]
async fn a_family_that_fails_stays() {
    let fixture = Fixture::new(&format!("{ZONE}\n{ORDERS} 5 AAAA ::1")).await;
    let watch = fixture.names(DnsRecords::A).watch(&name("orders.prod")).unwrap();
    assert_eq!(fixture.used(&watch).await, "10.0.0.1:80 [::1]:80/1");
    fixture.server.set(&format!("{ZONE}\n{ORDERS} 5 AAAA ::2"));
    fixture.server.say(ORDERS, RecordType::A, Says::Code(ResponseCode::ServFail));
    assert_eq!(fixture.after(5.1, &watch).await, "10.0.0.1:80 [::2]:80/1");
}

/// A first server that is silent costs its share of the patience once, not for each name of the search list.
#[tokio::test]
async fn a_silent_first_server_and_a_search_list() {
    let (first, second) = (Server::start().await, Server::start().await);
    first.say("*", None, Says::Nothing);
    second.set("orders. 5 A 10.0.0.1");
    let servers = [first.addr, second.addr];
    let resolver = DnsResolver::with_servers(servers, &["a.lan", "b.lan", "c.lan", "d.lan"], 1).unwrap();
    assert!(resolver.resolve("orders", 80).await.is_ok());
    assert_eq!(first.asked(), ["orders.a.lan. A", "orders.a.lan. AAAA"]);
    assert_eq!(second.asked().len(), 10);
    let fixture = Fixture::new("").await;
    let resolution = Resolution { resolve: Arc::new(resolver), ..fixture.resolution.clone() };
    let names = DnsNames::new(Scheme::Http, 80, None, resolution).asking_for(DnsRecords::Auto);
    let snapshot = names.watch(&name("orders")).unwrap().snapshot(None).await.unwrap();
    assert_eq!(snapshot.endpoints.len(), 1);
    assert_eq!(first.asked(), ["_http._tcp.orders.a.lan. SRV"]);
    assert_eq!(second.asked().len(), 15);
}
