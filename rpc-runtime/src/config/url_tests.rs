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
