//! How many questions a name costs: what `docs/discovery.md` says.

use rpc_runtime::config::DnsRecords;
use rpc_runtime::discovery::Discover;

use crate::fixture::{Fixture, name};

const ZONE: &str = "
    orders.prod.svc.cluster.local. 30 A 10.0.0.1
    users.svc.cluster.local. 30 A 10.0.0.2
    orders.dev.svc.cluster.local. 30 A 10.0.0.3
    _http._tcp.stock.prod.svc.cluster.local. 30 SRV 0 1 8000 a.stock.prod.svc.cluster.local.
    a.stock.prod.svc.cluster.local. 30 A 10.0.0.4
    api.example.com. 30 A 10.0.0.5";

/// Asks for a service as DNS finds it; the names in order of their search, each with its record types.
async fn check(service: &str, records: DnsRecords, expected: &[&str]) {
    let fixture = Fixture::new(ZONE).await;
    let watch = fixture.names(records).watch(&name(service)).unwrap();
    fixture.used(&watch).await;
    let mut expected: Vec<&str> = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(fixture.server.asked(), expected, "{service} by {records}");
}

#[tokio::test]
async fn by_the_form_of_the_name() {
    let ip = |name: &str| [format!("{name} A"), format!("{name} AAAA")];
    let all = |names: &[&str]| names.iter().flat_map(|name| ip(name)).collect::<Vec<_>>();
    let a = async |service: &str, names: &[&str]| {
        let expected = all(names);
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(service, DnsRecords::A, &expected).await;
    };
    // The first domain of the search list has it: 2 questions.
    a("orders", &["orders.prod.svc.cluster.local."]).await;
    // The second has it: 4.
    a("users", &["users.prod.svc.cluster.local.", "users.svc.cluster.local."]).await;
    // Nobody has it: 2 for each domain, 2 for the name itself.
    a(
        "nobody",
        &["nobody.prod.svc.cluster.local.", "nobody.svc.cluster.local.", "nobody.cluster.local.", "nobody."],
    )
    .await;
    // Service and namespace: one absolute name.
    a("orders.dev", &["orders.dev.svc.cluster.local."]).await;
    a("orders.dev.svc", &["orders.dev.svc.cluster.local."]).await;
    a("nobody.dev", &["nobody.dev.svc.cluster.local."]).await;
    // A name elsewhere goes through the search list, as `ndots:5` says.
    let external = [
        "api.example.com.prod.svc.cluster.local.",
        "api.example.com.svc.cluster.local.",
        "api.example.com.cluster.local.",
        "api.example.com.",
    ];
    a("api.example.com", &external).await;
}

#[tokio::test]
async fn a_dot_at_the_end_of_a_url_saves_the_search() {
    for (url, questions) in [("http://api.example.com", 8), ("http://api.example.com.", 2)] {
        let fixture = Fixture::new(ZONE).await;
        let watch = fixture.url(url);
        assert_eq!(fixture.used(&watch).await, "10.0.0.5:80");
        assert_eq!(watch.current().unwrap().endpoints[0].host(), "api.example.com");
        assert_eq!(fixture.server.asked().len(), questions, "{url}");
    }
}

#[tokio::test]
async fn few_dots_are_enough_outside_of_clusters() {
    let fixture = Fixture::with_search(ZONE, &["home.lan"], 1).await;
    assert_eq!(fixture.used(&fixture.url("http://api.example.com")).await, "10.0.0.5:80");
    assert_eq!(fixture.server.asked().len(), 2);
}

#[tokio::test]
async fn of_records() {
    let target = ["a.stock.prod.svc.cluster.local. A", "a.stock.prod.svc.cluster.local. AAAA"];
    let srv = "_http._tcp.stock.prod.svc.cluster.local. SRV";
    check("stock", DnsRecords::Srv, &[srv, target[0], target[1]]).await;
    check("stock", DnsRecords::Auto, &[srv, target[0], target[1]]).await;
}

/// SRV records first, where there are none addresses, and only then the next name; later only what was found.
#[tokio::test]
async fn of_either() {
    let check = async |service: &str, tried: &[&str], later: usize| {
        let questions =
            |name: &&str| [format!("_http._tcp.{name} SRV"), format!("{name} A"), format!("{name} AAAA")];
        let mut expected: Vec<String> = tried.iter().flat_map(questions).collect();
        expected.sort_unstable();
        let fixture = Fixture::new(ZONE).await;
        let watch = fixture.names(DnsRecords::Auto).watch(&name(service)).unwrap();
        fixture.used(&watch).await;
        assert_eq!(fixture.server.asked(), expected, "{service}");
        fixture.after(33.1, &watch).await;
        assert_eq!(fixture.server.asked().len(), later, "{service}, later");
    };
    check("orders", &["orders.prod.svc.cluster.local."], 2).await;
    check("users", &["users.prod.svc.cluster.local.", "users.svc.cluster.local."], 4).await;
    check("orders.dev", &["orders.dev.svc.cluster.local."], 2).await;
    let nobody =
        ["nobody.prod.svc.cluster.local.", "nobody.svc.cluster.local.", "nobody.cluster.local.", "nobody."];
    check("nobody", &nobody, 12).await;
    let external = [
        "api.example.com.prod.svc.cluster.local.",
        "api.example.com.svc.cluster.local.",
        "api.example.com.cluster.local.",
        "api.example.com.",
    ];
    check("api.example.com", &external, 8).await;
    check("localhost", &[], 0).await;
}

/// SRV records further on in the search list are those of another service.
#[tokio::test]
async fn records_of_a_later_name_do_not_win() {
    let other = "_http._tcp.orders.cluster.local. 30 SRV 0 1 8000 a.stock.prod.svc.cluster.local.";
    let fixture = Fixture::new(&format!("{ZONE}\n{other}")).await;
    let watch = fixture.names(DnsRecords::Auto).watch(&name("orders")).unwrap();
    assert_eq!(fixture.used(&watch).await, "10.0.0.1:80");
}
