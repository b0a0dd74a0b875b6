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
}

#[test]
fn bad_urls_say_what_to_write() {
    #[track_caller]
    fn check(text: &str, message: &str) {
        assert_eq!(ServiceUrl::parse(text).unwrap_err().to_string(), message);
    }
    check(
        "order-service:8000",
        r#""order-service:8000" is not an http:// or https:// URL; write "http://order-service:8000""#,
    );
    check(
        "grpc://orders:1",
        r#""grpc://orders:1" is not an http:// or https:// URL; write "http://orders:1""#,
    );
    check("", r#""" is not an http:// or https:// URL; write "http://order-service:8000""#);
    check("http://", r#""http://" is not a URL: empty host"#);
    check("http://a:99999", r#""http://a:99999" is not a URL: invalid port number"#);
    check("http://a:0", r#""http://a:0" has port 0, which nothing can listen on"#);
    check("http://a b", r#""http://a b" holds ' ', which no URL may"#);
    check(" http://a", r#"" http://a" is not an http:// or https:// URL; write "http://a""#);
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
    check("user:hunter2@orders");
    check("ftp://user:hunter2@orders");
    check("http://user:hunter2/@orders:99999");
    check("http://orders?key=hunter2");
    check("orders?key=hunter2");
    check("http://user:hunter2@");
}
