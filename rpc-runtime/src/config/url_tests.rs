//! Tests of [`super::ServiceUrl`].

use super::*;

#[test]
fn parts_of_good_urls() {
    #[track_caller]
    fn check(text: &str, shown: &str, host: &str, port: u16, authority: &str, base_path: &str) {
        let url = ServiceUrl::parse(text).unwrap();
        assert_eq!(url.to_string(), shown);
        assert_eq!((url.host(), url.port(), url.base_path()), (host, port, base_path));
        assert_eq!(url.authority(), authority);
    }
    check(
        "http://order-service:8000",
        "http://order-service:8000/",
        "order-service",
        8000,
        "order-service:8000",
        "",
    );
    check("https://Orders.example", "https://orders.example/", "orders.example", 443, "orders.example", "");
    check("HTTP://orders:80/api/", "http://orders/api/", "orders", 80, "orders", "/api");
    check(
        "http://order_service/v1/x",
        "http://order_service/v1/x",
        "order_service",
        80,
        "order_service",
        "/v1/x",
    );
    check(
        "http://192.168.1.10:8000",
        "http://192.168.1.10:8000/",
        "192.168.1.10",
        8000,
        "192.168.1.10:8000",
        "",
    );
    check("h2c://Orders:8000/api/", "h2c://orders:8000/api/", "orders", 8000, "orders:8000", "/api");
    check("H2C://orders:80", "h2c://orders/", "orders", 80, "orders", "");
    check("h2c://u:p@orders", "h2c://***@orders/", "orders", 80, "orders", "");
    check("http://[::1]:9/", "http://[::1]:9/", "[::1]", 9, "[::1]:9", "");
    check("http://u:p@orders", "http://***@orders/", "orders", 80, "orders", "");
    check("http://orders.prod.:81", "http://orders.prod:81/", "orders.prod", 81, "orders.prod:81", "");
}

#[test]
fn addresses_and_names() {
    let url = |text: &str| ServiceUrl::parse(text).unwrap();
    assert_eq!(url("http://10.0.0.1").ip(), Some("10.0.0.1".parse().unwrap()));
    assert_eq!(url("http://[::1]").ip(), Some("::1".parse().unwrap()));
    assert_eq!(url("http://orders").ip(), None);
    assert_eq!(url("http://orders").lookup_name(), "orders");
    assert_eq!(url("http://orders.").lookup_name(), "orders.");
    assert!(url("h2c://orders").needs_lookup() && !url("h2c://10.0.0.1").needs_lookup());
    assert_eq!(url("h2c://orders").as_url().as_str(), "http://orders/");
    assert_ne!(url("h2c://orders"), url("http://orders"));
    assert_eq!(url("h2c://orders"), url("h2c://orders:80/"));
}

#[cfg(unix)]
#[test]
fn sockets() {
    let url = ServiceUrl::parse("unix:///run/My orders%20@1?.sock").unwrap();
    assert_eq!(url.socket(), Some(Path::new("/run/My orders%20@1?.sock")), "the path is taken as it is");
    assert_eq!(url.to_string(), "unix:///run/My orders%20@1?.sock");
    assert_eq!((url.scheme(), url.authority().as_str(), url.base_path()), (Scheme::Unix, "localhost", ""));
    assert_eq!((url.ip(), url.needs_lookup()), (None, false));
    assert_eq!(url, ServiceUrl::parse("UNIX:///run/My orders%20@1?.sock").unwrap());
    assert_ne!(url, ServiceUrl::parse("unix:///run/orders.sock").unwrap());
    #[track_caller]
    fn check(text: &str, message: &str) {
        assert_eq!(ServiceUrl::parse(text).unwrap_err().to_string(), message);
    }
    let absolute =
        r#"is not the absolute path of a socket; write three slashes, as in "unix:///run/orders.sock""#;
    check("unix://run/orders.sock", &format!(r#""unix://run/orders.sock" {absolute}"#));
    check("unix:///", &format!(r#""unix:///" {absolute}"#));
    check("unix://", &format!(r#""unix://" {absolute}"#));
    check(
        "unix:/run/orders.sock",
        r#""unix:/run/orders.sock" is not an http://, https://, h2c:// or unix:// URL; write "unix:///run/orders.sock""#,
    );
    let long = ServiceUrl::parse(&format!("unix:///{}", "a".repeat(200))).unwrap_err().to_string();
    assert!(long.contains("cannot be the path of a socket"), "{long}");
    check(
        "unix:///run/${X}",
        r#""unix:///run/${X}" has a ${…}, and variables are not expanded here; write the host itself"#,
    );
}

#[test]
fn bad_urls_say_what_to_write() {
    #[track_caller]
    fn check(text: &str, message: &str) {
        assert_eq!(ServiceUrl::parse(text).unwrap_err().to_string(), message);
    }
    check(
        "order-service:8000",
        r#""order-service:8000" is not an http://, https://, h2c:// or unix:// URL; write "http://order-service:8000""#,
    );
    check(
        "grpc://orders:1",
        r#""grpc://orders:1" is not an http://, https://, h2c:// or unix:// URL; write "http://orders:1""#,
    );
    check("", r#""" is not an http://, https://, h2c:// or unix:// URL; write "http://order-service:8000""#);
    check("http://", r#""http://" is not a URL: empty host"#);
    check("http://a:99999", r#""http://a:99999" is not a URL: invalid port number"#);
    check("http://a:0", r#""http://a:0" has port 0, which nothing can listen on"#);
    check("http://a b", r#""http://a b" holds ' ', which no URL may"#);
    check(" http://a", r#"" http://a" is not an http://, https://, h2c:// or unix:// URL; write "http://a""#);
    check("http://a\\b", r#""http://a\\b" holds '\\', which no URL may"#);
    check("http://a/?token=s", r#""http://a/?…" has a query or a fragment; a base URL ends with its path"#);
    check(
        "http://${HOST}:80",
        r#""http://${HOST}:80" has a ${…}, and variables are not expanded here; write the host itself"#,
    );
    check(
        "http://{host}",
        r#""http://{host}" has '{' in its host, where only letters, digits, "-", "_" and "." may be"#,
    );
    check("http://8000", r#""http://8000" would mean the address 0.0.31.64; write that, or a name"#);
    check("http://a..b", r#""http://a..b" has a host with an empty or overlong part"#);
}

#[test]
fn secrets_are_not_shown() {
    #[track_caller]
    fn check(text: &str) {
        let shown = match ServiceUrl::parse(text) {
            Ok(url) => format!("{url} {url:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    check("http://user:hunter2@orders");
    check("h2c://user:hunter2@orders");
    check("user:hunter2@orders");
    check("ftp://user:hunter2@orders");
    check("http://user:hunter2/@orders:99999");
    check("http://orders?key=hunter2");
    check("orders?key=hunter2");
    check("http://user:hunter2@");
}

#[test]
fn names_of_records() {
    #[track_caller]
    fn check(text: &str, shown: &str, name: &str, host: &str, at_81: &str) {
        let url = ServiceUrl::parse_with(text, true).unwrap();
        assert_eq!((url.to_string().as_str(), url.lookup_name().as_str(), url.host()), (shown, name, host));
        assert_eq!(url.ip(), None);
        assert!(url.is_srv() && !url.at_port(81).is_srv());
        assert_eq!(url.at_port(81).to_string(), at_81);
        assert_eq!(url.at_port(80).authority(), host);
    }
    check(
        "http+srv://_http._tcp.orders.prod.svc.cluster.local",
        "http+srv://_http._tcp.orders.prod.svc.cluster.local/",
        "_http._tcp.orders.prod.svc.cluster.local",
        "orders.prod.svc.cluster.local",
        "http://orders.prod.svc.cluster.local:81/",
    );
    check(
        "HTTP+SRV://orders.service.consul./api",
        "http+srv://orders.service.consul./api",
        "orders.service.consul.",
        "orders.service.consul",
        "http://orders.service.consul:81/api",
    );
    check(
        "http+srv://u:hunter2@_orders._tcp.service.consul",
        "http+srv://***@_orders._tcp.service.consul/",
        "_orders._tcp.service.consul",
        "service.consul",
        "http://***@service.consul:81/",
    );
    let secure = ServiceUrl::parse_with("https+srv://_https._tcp.orders", true).unwrap().at_port(8443);
    assert_eq!((secure.scheme(), secure.authority().as_str()), (Scheme::Https, "orders:8443"));
}

#[test]
fn bad_names_of_records_say_what_to_write() {
    #[track_caller]
    fn check(text: &str, dns: bool, why: &str) {
        let error = ServiceUrl::parse_with(text, dns).unwrap_err().to_string();
        assert_eq!(error, format!("{text:?} {why}"));
    }
    check(
        "http+srv://orders.service.consul",
        false,
        "means SRV records, which need the feature `dns` of rpc-runtime; turn it on, or write a host and a port",
    );
    let port = "has a port, which comes from DNS; leave it out";
    check("http+srv://_http._tcp.orders:8000", true, port);
    check("http+srv://_http._tcp.orders:80/api", true, port);
    check("http+srv://10.0.0.1", true, "has an address, where a name of SRV records must be");
    check("http+srv://_http._tcp.", true, r#"has no host after the labels that begin with "_""#);
    check("http+srv://", true, "is not a URL: empty host");
    check("http+srv://a b", true, "holds ' ', which no URL may");
    check(
        "ftp+srv://orders",
        true,
        r#"is not an http://, https://, h2c:// or unix:// URL; write "http://orders""#,
    );
}

proptest::proptest! {
    #[test]
    fn any_name_of_records_keeps_its_parts(
        labels in "(_[a-z]{1,8}\\._(tcp|udp)\\.)?", host in "[a-z][a-z0-9]{0,8}(\\.[a-z][a-z0-9-]{0,5}[a-z]){0,3}",
        dot in "\\.?", path in "(/[a-z]{1,5}){0,2}", port: u16,
    ) {
        let text = format!("http+srv://{labels}{host}{dot}{path}");
        let url = ServiceUrl::parse_with(&text, true).unwrap();
        proptest::prop_assert_eq!(url.lookup_name(), format!("{labels}{host}{dot}"));
        proptest::prop_assert_eq!(url.host(), &host);
        proptest::prop_assert_eq!(&ServiceUrl::parse_with(&url.to_string(), true).unwrap(), &url);
        let instance = url.at_port(port);
        proptest::prop_assert_eq!((instance.host(), instance.port(), instance.base_path()), (&*host, port, &*path));
    }

    #[test]
    fn no_text_of_records_panics(text in "(http|https|ftp)?\\+srv(://)?[_a-z0-9.:/@\\[\\]]{0,30}", dns: bool) {
        let _ = ServiceUrl::parse_with(&text, dns);
    }
}
