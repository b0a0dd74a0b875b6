//! A and AAAA records, their times to live, chains of CNAMEs.

use rpc_runtime::config::DnsRecords;
use rpc_runtime::discovery::{Answer, Discover};

use crate::fixture::{Fixture, name};

fn addresses(ttl: u32, numbers: std::ops::RangeInclusive<u8>) -> String {
    numbers.map(|n| format!("orders.prod.svc.cluster.local. {ttl} A 10.0.0.{n}\n")).collect()
}

#[tokio::test]
async fn scaling_is_seen_within_one_time_to_live() {
    let fixture = Fixture::new(&addresses(7, 1..=2)).await;
    let watch = fixture.names(DnsRecords::A).watch(&name("orders")).unwrap();
    assert_eq!(fixture.used(&watch).await, "10.0.0.1:80 10.0.0.2:80");
    let before = watch.current().unwrap();

    fixture.server.set(&addresses(7, 1..=5));
    assert_eq!(fixture.after(6.9, &watch).await, "10.0.0.1:80 10.0.0.2:80");
    let five = "10.0.0.1:80 10.0.0.2:80 10.0.0.3:80 10.0.0.4:80 10.0.0.5:80";
    assert_eq!(fixture.after(0.2, &watch).await, five);
    let after = watch.current().unwrap();
    assert_eq!((before.generation, after.generation), (1, 2));
    assert_eq!(before.endpoints[..], after.endpoints[..2], "connections to those that stay survive");

    fixture.server.set(&addresses(7, 4..=4));
    assert_eq!(fixture.after(7.1, &watch).await, "10.0.0.4:80");
}

#[tokio::test]
async fn times_to_live_have_bounds() {
    for (ttl, early, late) in [(0, 4.9, 0.2), (1, 4.9, 0.2), (17, 16.9, 0.2), (86_400, 29.9, 0.2)] {
        let fixture = Fixture::new(&addresses(ttl, 1..=1)).await;
        let watch = fixture.names(DnsRecords::A).watch(&name("orders")).unwrap();
        fixture.used(&watch).await;
        assert_eq!(fixture.server.asked().len(), 2, "{ttl}");
        fixture.after(early, &watch).await;
        assert_eq!(fixture.server.asked().len(), 0, "{ttl}: too early");
        fixture.after(late, &watch).await;
        assert_eq!(fixture.server.asked().len(), 2, "{ttl}: too late");
    }
}

#[tokio::test]
async fn both_families_and_chains() {
    let zone = "
        both. 30 A 10.0.0.1
        both. 20 AAAA ::1
        six. 30 AAAA ::2
        alias. 12 CNAME middle.
        middle. 40 CNAME both.
        dangling. 30 CNAME nowhere.
        loop. 30 CNAME pool.
        pool. 30 CNAME loop.
        text. 30 TXT";
    for one_step in [false, true] {
        let fixture = Fixture::new(zone).await;
        if one_step {
            fixture.server.follow_no_chains();
        }
        let check = async |host: &str, expected: &str| {
            let shown = match fixture.resolution.resolve.resolve(host, 80).await {
                Ok(Answer::Found { mut targets, ttl }) => {
                    targets.sort();
                    let addrs: Vec<String> = targets.iter().map(|target| target.addr.to_string()).collect();
                    let ttl = ttl.map_or("ever".to_owned(), |ttl| ttl.as_secs().to_string());
                    format!("{} for {ttl}", addrs.join(" "))
                }
                Ok(Answer::Empty { ttl }) => format!("nothing for {:?}", ttl.map(|ttl| ttl.as_secs())),
                Err(error) => error.to_string(),
            };
            assert!(shown.starts_with(expected), "{host}, {one_step}: {shown}");
        };
        check("both.", "10.0.0.1:80 [::1]:80 for 20").await;
        check("six.", "[::2]:80 for 30").await;
        check("alias.", "10.0.0.1:80 [::1]:80 for 12").await;
        check("text.", "nothing for Some(9)").await;
        check("nowhere.", "nothing for Some(9)").await;
        check("dangling.", "nothing for ").await;
        check("loop.", "loop. is before too long a chain of CNAME records").await;
        check("localhost", "127.0.0.1:80 [::1]:80 for ever").await;
    }
}

/// An answer that does not fit into a datagram comes by TCP.
#[tokio::test]
async fn long_answers() {
    let fixture = Fixture::new(&addresses(30, 1..=250)).await;
    let watch = fixture.names(DnsRecords::A).watch(&name("orders")).unwrap();
    assert_eq!(fixture.used(&watch).await.split(' ').count(), 250);
}
