//! Tests of names in DNS and of the layers.

use super::*;
use crate::config::{ClientConfig, Defaults};
use crate::discovery::Layered;
#[cfg(feature = "dns")]
use crate::discovery::either::Kind;

fn name(name: &str) -> ServiceName {
    ServiceName::new(name).unwrap()
}

#[test]
fn hosts_of_services() {
    #[track_caller]
    fn check(service: &str, domain: Option<&str>, host: &str) {
        let dns = DnsNames::new(Scheme::Http, 80, domain.map(str::to_owned), Resolution::default());
        assert_eq!(dns.host(&name(service)), host);
    }
    let cluster = Some("cluster.local");
    check("orders", cluster, "orders");
    check("orders.prod", cluster, "orders.prod.svc.cluster.local.");
    check("orders.prod.svc", cluster, "orders.prod.svc.cluster.local.");
    check("orders.prod.svc.cluster.local", cluster, "orders.prod.svc.cluster.local");
    check("api.example.com", cluster, "api.example.com");
    check("orders", None, "orders");
    check("orders.prod", None, "orders.prod");
}

#[cfg(feature = "dns")]
#[test]
fn records_of_services() {
    #[track_caller]
    fn check(scheme: Scheme, records: &str) {
        let dns = DnsNames::new(scheme, 80, None, Resolution::default()).asking_for(DnsRecords::Srv);
        let site = dns.site(&name("orders")).unwrap();
        let url = site.url(Kind::Srv);
        assert_eq!((url.lookup_name().as_str(), url.scheme(), url.host()), (records, scheme, "orders"));
    }
    check(Scheme::Http, "_http._tcp.orders");
    check(Scheme::Https, "_https._tcp.orders");
    check(Scheme::H2c, "_http._tcp.orders");
}

#[test]
fn the_domain_by_resolv_conf() {
    #[track_caller]
    fn check(text: &str, domain: Option<&str>) {
        assert_eq!(search_domain(text).as_deref(), domain);
    }
    check(
        "search prod.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5",
        Some("cluster.local"),
    );
    check("nameserver 1.2.3.4\nsearch\tsvc.k8s.example.\n", Some("k8s.example"));
    check("search prod.svc.old\nsearch prod.svc.new", Some("new"));
    check("search home.lan", None);
    check("# search prod.svc.x", None);
    check("search svc.", None);
    check("", None);
}

#[test]
fn watches_share_a_set_that_goes_with_the_last_of_them() {
    let dns = DnsNames::new(Scheme::Https, 443, None, Resolution::default());
    let alive = |service: &str| dns.sets.lock().unwrap().get(service).map_or(0, Weak::strong_count);
    let (one, two) = (dns.watch(&name("a")).unwrap(), dns.watch(&name("a")).unwrap());
    assert_eq!(alive("a"), 2);
    drop((one, two));
    assert_eq!(alive("a"), 0);
    let _other = dns.watch(&name("b")).unwrap();
    assert_eq!(dns.sets.lock().unwrap().len(), 1);
}

#[track_caller]
fn layered(dns: bool, services: &[&str]) -> Layered {
    let builder = ClientConfig::builder().dns_fallback(dns);
    let builder = services.iter().fold(builder, |builder, name| builder.service(name, "http://10.0.0.1"));
    Layered::from_config(&builder.build().unwrap().resolve(&Defaults::V1), &Resolution::default()).unwrap()
}

#[test]
fn unknown_names_list_the_known() {
    #[track_caller]
    fn check(services: &[&str], service: &str, message: &str) {
        assert_eq!(layered(false, services).watch(&name(service)).unwrap_err().to_string(), message);
    }
    let services = ["order-service", "user-service"];
    check(
        &services,
        "ordr-service",
        "service \"ordr-service\" is not configured; did you mean \"order-service\"?; configured are order-service, user-service",
    );
    check(
        &services,
        "billing",
        "service \"billing\" is not configured; configured are order-service, user-service",
    );
    check(
        &[],
        "billing",
        "service \"billing\" is not configured; no service is (RPC_CLIENT_SERVICES), and DNS is not asked",
    );
}

#[tokio::test]
async fn the_map_is_before_dns_and_its_names_are_suggested() {
    let layers = layered(true, &["order-service"]);
    let mapped = layers.watch(&name("order-service")).unwrap();
    assert_eq!(mapped.snapshot(None).await.unwrap().endpoints[0].to_string(), "http://10.0.0.1:80");
    // DNS takes any name; the hint waits for the lookup to fail.
    assert!(format!("{:?}", layers.watch(&name("ordr-service")).unwrap()).contains("http://ordr-service/"));
}
