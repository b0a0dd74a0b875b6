//! Tests of the variables, the layers and the builder.

use std::io::Write;
use std::time::Duration;

use super::*;
use crate::Hedging;
use crate::config::{Defaults, DnsRecords, Scheme, Setting};

const SERVICES: &str =
    r#"{"order-service": "http://order-service:8000", "user-service": "http://user-service:8001"}"#;

fn read(vars: &[(&str, &str)]) -> Result<ClientConfig, ConfigError> {
    ClientConfig::from_vars(vars.iter().copied())
}

/// Laid out as [`Layer::over`] does it for a file under the environment.
fn read_file(process: &[(&str, &str)], file: &str) -> Result<ClientConfig, ConfigError> {
    Layer::read(process.iter().copied())?.over(Layer::read_file(".env", file)?).into_config()
}

#[test]
fn nothing_set_is_the_defaults() {
    let config = read(&[("PATH", "/bin"), ("RPC_CLIENTS", "x"), ("RPC_CLIEN", "ä")]).unwrap();
    assert_eq!(config, ClientConfig::default());
    let resolved = config.resolve(&Defaults::V1);
    assert_eq!(resolved.timeout, Some(Duration::from_secs(30)));
    assert_eq!(resolved.attempt_timeout, Some(Duration::from_secs(10)));
    assert_eq!((resolved.retries, resolved.retry_delay), (2, Duration::from_millis(50)));
    assert_eq!(resolved.retry_max_delay, Duration::from_secs(1));
    assert_eq!((resolved.tls_only_ca_file, &resolved.dns_servers), (false, &None));
    assert_eq!((resolved.dns_fallback, resolved.dns_scheme, resolved.dns_port), (true, Scheme::Http, 80));
}

#[test]
fn every_variable() {
    let config = read(&[
        ("RPC_CLIENT_SERVICES", SERVICES),
        ("RPC_CLIENT_TIMEOUT", "15.5"),
        ("RPC_CLIENT_ATTEMPT_TIMEOUT", "0"),
        ("RPC_CLIENT_RETRIES", "3"),
        ("RPC_CLIENT_RETRY_DELAY", "1"),
        ("RPC_CLIENT_RETRY_MAX_DELAY", "4\n"),
        ("RPC_CLIENT_BREAKER_THRESHOLD", "7"),
        ("RPC_CLIENT_BREAKER_RECOVERY", "1.5"),
        ("RPC_CLIENT_HEDGING", "p95"),
        ("RPC_CLIENT_DNS_FALLBACK", "false"),
        ("RPC_CLIENT_DNS_SCHEME", "https"),
        ("RPC_CLIENT_DNS_PORT", "8443"),
        ("RPC_CLIENT_DNS_DOMAIN", "cluster.local"),
        ("RPC_CLIENT_BALANCING", "P2C"),
        ("RPC_CLIENT_MAX_IN_FLIGHT", "1024"),
        ("RPC_CLIENT_EJECTION", "off"),
        ("RPC_CLIENT_TLS_CA_FILE", "/etc/tls/ca.crt"),
        ("RPC_CLIENT_TLS_CERT_FILE", "/etc/tls/tls.crt"),
        ("RPC_CLIENT_TLS_KEY_FILE", "/etc/tls/tls.key"),
        ("RPC_CLIENT_TLS_ONLY_CA_FILE", "true"),
        ("RPC_CLIENT_DNS_RECORDS", "A"),
        #[cfg(feature = "dns")]
        ("RPC_CLIENT_DNS_SERVERS", "10.96.0.10, [fd00::a]:5353"),
        ("RPC_CLIENT_SERVICES_FILE", "/etc/services/map.json"),
        ("RPC_CLIENT_LOG_LIMIT", "3"),
        ("RPC_CLIENT_LOG_WINDOW", "60"),
        ("RPC_CLIENT_LOG_HEADERS", "true"),
        ("RPC_CLIENT_LOG_REDACT", "X-Tenant, x-user"),
    ])
    .unwrap();
    assert_eq!(config.services["order-service"][0].to_string(), "http://order-service:8000/");
    assert_eq!(config.services["user-service"][0].port(), 8001);
    assert_eq!(config.timeout, Setting::Set(Duration::from_millis(15_500)));
    assert_eq!(config.attempt_timeout, Setting::Off);
    assert_eq!(config.retries, Some(3));
    assert_eq!(config.retry_delay, Some(Duration::from_secs(1)));
    assert_eq!(config.retry_max_delay, Some(Duration::from_secs(4)));
    assert_eq!(config.breaker, Setting::Set(Breaker::new(7, Duration::from_millis(1500))));
    assert_eq!(config.hedging, Setting::Set(Hedging::Slowest(0.05)));
    assert_eq!((config.dns_fallback, config.dns_scheme), (Some(false), Some(Scheme::Https)));
    assert_eq!((config.dns_port, config.dns_domain.as_deref()), (Some(8443), Some("cluster.local")));
    assert_eq!(config.balancing, Some(crate::Balancing::P2c));
    assert_eq!((config.max_in_flight, config.ejection), (Setting::Set(1024), Some(false)));
    assert_eq!(config.dns_records, Some(DnsRecords::A));
    assert_eq!(config.services_file, Some("/etc/services/map.json".into()));
    assert!(config.warnings().is_empty());
    assert_eq!(config.tls_only_ca_file, Some(true));
    assert_eq!((config.log_limit, config.log_headers), (Setting::Set(3), Some(true)));
    assert_eq!(config.log_window, Some(Duration::from_secs(60)));
    assert_eq!(config.log_redact, ["x-tenant", "x-user"]);
    #[cfg(feature = "dns")]
    assert_eq!(format!("{:?}", config.dns_servers), "Some([10.96.0.10:53, [fd00::a]:5353])");
    let files = [&config.tls_ca_file, &config.tls_cert_file, &config.tls_key_file];
    assert_eq!(
        files.map(|file| file.as_deref().and_then(Path::to_str).unwrap()),
        ["/etc/tls/ca.crt", "/etc/tls/tls.crt", "/etc/tls/tls.key"]
    );
}

#[test]
fn one_half_of_a_breaker_takes_the_usual_other_half() {
    #[track_caller]
    fn check(vars: &[(&str, &str)], expected: Setting<Breaker>) -> ClientConfig {
        let config = read(vars).unwrap();
        assert_eq!(config.breaker, expected);
        config
    }
    let (threshold, recovery) = ("RPC_CLIENT_BREAKER_THRESHOLD", "RPC_CLIENT_BREAKER_RECOVERY");
    check(&[], Setting::Unset);
    check(&[(threshold, "3")], Setting::Set(Breaker::new(3, Duration::from_secs(60))));
    check(&[(recovery, "7")], Setting::Set(Breaker::new(5, Duration::from_secs(7))));
    check(&[(recovery, "7"), (threshold, "3")], Setting::Set(Breaker::new(3, Duration::from_secs(7))));
    check(&[(threshold, "0")], Setting::Off);
    let off = check(&[(threshold, "0"), (recovery, "7")], Setting::Off);
    assert_eq!(
        off.warnings(),
        ["RPC_CLIENT_BREAKER_RECOVERY has no effect: RPC_CLIENT_BREAKER_THRESHOLD is 0, no breaker"]
    );
    let file = read_file(&[(threshold, "3")], "RPC_CLIENT_BREAKER_RECOVERY=7").unwrap();
    assert_eq!(file.breaker, Setting::Set(Breaker::new(3, Duration::from_secs(7))));
}

#[test]
fn a_base_of_a_second_is_capped_at_eight() {
    let resolved = read(&[("RPC_CLIENT_RETRY_DELAY", "1")]).unwrap().resolve(&Defaults::V1);
    assert_eq!(resolved.retry_max_delay, Duration::from_secs(8));
}

#[test]
fn nested_spellings_count_where_the_flat_one_is_missing() {
    let nested = [
        ("RPC_CLIENT__SERVICES", SERVICES),
        ("RPC_CLIENT__DEFAULT_TIMEOUT", "30"),
        ("RPC_CLIENT__DEFAULT_RETRY_TIMES", "3"),
        ("RPC_CLIENT__DNS_SCHEME", "http"),
        ("RPC_CLIENT__DNS_PORT", "80"),
        ("RPC_CLIENT__USE_DNS_FALLBACK", "True"),
    ];
    let config = read(&nested).unwrap();
    assert_eq!((config.services.len(), config.retries, config.dns_port), (2, Some(3), Some(80)));
    assert_eq!(config.dns_fallback, Some(true));

    let both = read(&[("RPC_CLIENT_TIMEOUT", "5"), ("RPC_CLIENT__DEFAULT_TIMEOUT", "30")]).unwrap();
    assert_eq!(both.timeout, Setting::Set(Duration::from_secs(5)));
    assert_eq!(both.warnings(), ["RPC_CLIENT__DEFAULT_TIMEOUT has no effect beside RPC_CLIENT_TIMEOUT"]);

    let other = read(&[("RPC_CLIENT__CIRCUIT_BREAKER", "x")]).unwrap();
    assert_eq!(
        other.warnings(),
        ["RPC_CLIENT__CIRCUIT_BREAKER is not a setting of this client and has no effect"]
    );
}

#[test]
fn faults() {
    #[track_caller]
    fn check(name: &str, text: &str, message: &str) {
        assert_eq!(read(&[(name, text)]).unwrap_err().to_string(), message);
    }
    check(
        "RPC_CLIENT_TIMOUT",
        "1",
        "RPC_CLIENT_TIMOUT: is not a known variable; did you mean RPC_CLIENT_TIMEOUT?",
    );
    check(
        "rpc_client_timeout",
        "1",
        "rpc_client_timeout: is not a known variable; did you mean RPC_CLIENT_TIMEOUT?",
    );
    let known: Vec<&str> = VARIABLES.iter().map(|variable| variable.flat).collect();
    let known = format!("RPC_CLIENT_RETRY: is not a known variable; known are {}", known.join(", "));
    check("RPC_CLIENT_RETRY", "1", &known);
    check(
        "RPC_CLIENT_BALANCING",
        "random",
        r#"RPC_CLIENT_BALANCING: "random" is no balancing; expected "round-robin" or "p2c""#,
    );
    check(
        "RPC_CLIENT_MAX_IN_FLIGHT",
        "-1",
        r#"RPC_CLIENT_MAX_IN_FLIGHT: "-1" is not a count of requests; expected a whole number such as 1024, or 0 for no limit"#,
    );
    check(
        "RPC_CLIENT_LOG_LIMIT",
        "ten",
        r#"RPC_CLIENT_LOG_LIMIT: "ten" is not a count of lines; expected a whole number such as 10, or 0 for no limit"#,
    );
    check(
        "RPC_CLIENT_LOG_WINDOW",
        "0",
        "RPC_CLIENT_LOG_WINDOW: a window of no length counts nothing; write seconds such as 10",
    );
    check(
        "RPC_CLIENT_LOG_REDACT",
        "x-tenant,x user",
        r#"RPC_CLIENT_LOG_REDACT: "x user" is no name of a header; expected names such as x-tenant,x-user"#,
    );
    check("RPC_CLIENT_RETRIES", "", "RPC_CLIENT_RETRIES: is empty; write a value, or remove the variable");
    check(
        "RPC_CLIENT__DNS_PORT",
        "x",
        "RPC_CLIENT__DNS_PORT: \"x\" is not a port; expected a number from 1 to 65535",
    );
    check(
        "RPC_CLIENT_SERVICES",
        r#"{"order-service": ["http://a", "order-service:8000"]}"#,
        r#"RPC_CLIENT_SERVICES: at "order-service"[1]: "order-service:8000" is not an http://, https://, h2c:// or unix:// URL; write "http://order-service:8000""#,
    );
}

#[test]
fn the_examples_of_the_python_chapter_load_verbatim() {
    let chapter = format!(
        "# 配置 RPC 服务\nRPC_CLIENT_SERVICES={SERVICES}\n\n# 超时配置\nRPC_CLIENT_TIMEOUT=30\n\n\
         # 重试配置\nRPC_CLIENT_RETRIES=3\nRPC_CLIENT_RETRY_DELAY=1\n"
    );
    let config = read_file(&[], &chapter).unwrap();
    assert_eq!((config.services.len(), config.retries), (2, Some(3)));
    assert!(config.warnings().is_empty());
    assert!(read_file(&[], "RPC_CLIENT_SERVICES={}  # 空配置").unwrap().services.is_empty());
}

#[test]
fn the_environment_wins_over_the_file_setting_by_setting() {
    let file = "RPC_CLIENT_TIMEOUT=1\nRPC_CLIENT_RETRIES=1\nRPC_CLIENT_SERVICES={\"a\": \"http://a\"}\n";
    let process = [("RPC_CLIENT__DEFAULT_TIMEOUT", "2"), ("RPC_CLIENT_SERVICES", "{}")];
    let config = read_file(&process, file).unwrap();
    assert_eq!(config.timeout, Setting::Set(Duration::from_secs(2)));
    assert_eq!((config.retries, config.services.len()), (Some(1), 0));
}

#[test]
fn faults_of_files() {
    #[track_caller]
    fn check(file: &str, message: &str) {
        assert_eq!(read_file(&[], file).unwrap_err().to_string(), message);
    }
    check("A=1\nRPC_CLIENT_TIMEOUT", ".env: at line 2, column 1: expected NAME=value");
    check(
        "RPC_CLIENT_SERVICES=\"{\"a\": \"http://a\"}\"",
        ".env: at line 1, column 24: text follows the closing quote; put JSON into single quotes, or into none",
    );
    let shape = r#"expected a JSON map such as {"order-service": "http://order-service:8000"}"#;
    check(
        "RPC_CLIENT_SERVICES={\"a\": \"http://a\"\nB=1",
        &format!("RPC_CLIENT_SERVICES: at line 1, column 16: EOF while parsing an object; {shape}"),
    );
    let shared = read_file(&[], "PASSWORD hunter2\nRPC_CLIENT_RETRIES=1\nRPC_CLIENT_RETRIES=2").unwrap();
    assert_eq!(shared.retries, Some(2));
    let again = ".env: RPC_CLIENT_RETRIES of line 2 is set again in line 3";
    assert_eq!(shared.warnings(), [".env: line 1, column 1: expected NAME=value", again]);
}

#[test]
fn files_are_read_from_disk() {
    let path = std::env::temp_dir().join(format!("rpc-runtime-{}.env", std::process::id()));
    std::fs::File::create(&path).unwrap().write_all(b"RPC_CLIENT_DNS_DOMAIN=cluster.local").unwrap();
    let config = ClientConfig::from_env_file(&path);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(config.unwrap().dns_domain.as_deref(), Some("cluster.local"));
    let missing = ClientConfig::from_env_file(&path).unwrap_err();
    assert_eq!(missing.to_string(), format!("{}: cannot be read", path.display()));
    assert!(std::error::Error::source(&missing).is_some());
}

#[cfg(unix)]
#[test]
fn only_our_variables_must_be_utf8() {
    use std::os::unix::ffi::OsStringExt;
    let bad = || OsString::from_vec(vec![0xff]);
    assert!(utf8([("OTHER".into(), bad())]).unwrap().is_empty());
    assert_eq!(
        utf8([("RPC_CLIENT_TIMEOUT".into(), bad())]).unwrap_err().to_string(),
        "RPC_CLIENT_TIMEOUT: is not UTF-8"
    );
}

#[test]
fn the_builder_lies_over_the_environment() {
    let env = read(&[
        ("RPC_CLIENT_TIMEOUT", "5"),
        ("RPC_CLIENT_RETRIES", "7"),
        ("RPC_CLIENT_BREAKER_THRESHOLD", "7"),
        ("RPC_CLIENT_HEDGING", "off"),
        ("RPC_CLIENT_TLS_CA_FILE", "env.crt"),
        ("RPC_CLIENT_SERVICES", r#"{"a": "http://a", "b": "http://b"}"#),
    ])
    .unwrap();
    let code = ClientConfig::builder()
        .timeout(None)
        .attempt_timeout(Duration::from_secs(1))
        .breaker(None)
        .hedging(Hedging::After(Duration::from_millis(20)))
        .instances("a", ["http://a1", "http://a2"])
        .tls_ca_file("code.crt")
        .tls_client_auth_files("tls.crt", "tls.key")
        .default_header("authorization", "Bearer hunter2")
        .build()
        .unwrap();
    let merged = code.overlay(env);
    assert_eq!((merged.timeout, merged.retries), (Setting::Off, Some(7)));
    assert_eq!(merged.tls_ca_file.as_deref(), Some(Path::new("code.crt")));
    assert_eq!((merged.services["a"].len(), merged.services["b"].len()), (2, 1));
    let shown = format!("{merged:?}");
    assert!(shown.contains("authorization") && !shown.contains("hunter2"), "{shown}");
    assert!(!format!("{:?}", merged.default_headers).contains("hunter2"), "marked as sensitive");
    assert!(!format!("{:?}", merged.clone().resolve(&Defaults::V1)).contains("hunter2"));
    let resolved = merged.resolve(&Defaults::V1);
    assert_eq!((resolved.timeout, resolved.breaker), (None, None));
    assert_eq!(resolved.hedging, Some(Hedging::After(Duration::from_millis(20))));
    let files = [resolved.tls_ca_file, resolved.tls_cert_file, resolved.tls_key_file];
    assert_eq!(files.map(Option::unwrap), ["code.crt", "tls.crt", "tls.key"].map(PathBuf::from));
}

#[test]
fn upper_headers_replace_lower_ones() {
    let layer = |values: &[(&str, &str)]| {
        let builder = values
            .iter()
            .fold(ClientConfig::builder(), |builder, (name, value)| builder.default_header(name, value));
        builder.build().unwrap()
    };
    let merged = layer(&[("x-a", "1"), ("x-a", "2")]).overlay(layer(&[("x-a", "0"), ("x-b", "3")]));
    let mut shown: Vec<_> =
        merged.default_headers.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    shown.sort();
    assert_eq!(shown, ["x-a=\"1\"", "x-a=\"2\"", "x-b=\"3\""]);
}

#[test]
fn faults_of_the_builder() {
    #[track_caller]
    fn check(builder: crate::config::ClientConfigBuilder, message: &str) {
        assert_eq!(builder.build().unwrap_err().to_string(), message);
    }
    let new = ClientConfig::builder;
    check(
        new().service("a", "b:1"),
        r#"services: at "a"[0]: "b:1" is not an http://, https://, h2c:// or unix:// URL; write "http://b:1""#,
    );
    check(new().instances("a", []), r#"services: at "a": found no URL, expected at least one"#);
    check(new().timeout(Duration::ZERO), "timeout: found zero; None switches the limit off");
    check(
        new().timeout(Duration::MAX).retries(1),
        &format!("timeout: {:?} is more than a day; None switches a limit off", Duration::MAX),
    );
    check(new().default_header("a b", "c"), "default_headers: \"a b\" is not a header name");
    check(new().default_header("a", "hunter2\n"), "default_headers: the value of a is not a header value");
    check(
        new().dns_scheme(Scheme::Unix),
        "dns_scheme: DNS knows no Unix sockets; expected http, https or h2c",
    );
    let breaker = |threshold, recovery| {
        let mut breaker = Breaker::new(threshold, recovery);
        breaker.threshold = threshold;
        new().breaker(breaker)
    };
    check(
        breaker(0, Duration::from_secs(1)),
        "breaker: found a threshold of zero, which refuses every call; None is no breaker",
    );
    check(
        breaker(1, Duration::ZERO),
        "breaker: found a recovery of zero, which refuses no call; None is no breaker",
    );
    check(
        new().hedging(Hedging::After(Duration::ZERO)),
        "hedging: found a delay of zero; None is no hedging",
    );
    check(
        new().hedging(Hedging::Slowest(1.0)),
        "hedging: found 1, expected a part of the replies between 0 and 1, such as 0.05; None is no hedging",
    );
    check(
        new().dns_port(0).dns_domain(" "),
        "dns_port: \"0\" is not a port; expected a number from 1 to 65535",
    );
}

#[test]
fn service_links_of_kubernetes_stop_nobody() {
    let links = [
        "RPC_CLIENT_SERVICE_HOST",
        "RPC_CLIENT_SERVICE_PORT_HTTP",
        "RPC_CLIENT_PORT",
        "RPC_CLIENT_PORT_80_TCP",
    ];
    let config = ClientConfig::from_vars(links.map(|name| (name, "10.0.0.1"))).unwrap();
    assert_eq!(config.warnings().len(), links.len());
    assert!(ClientConfig::from_vars([("RPC_CLIENT_SERVICE", "{}")]).is_err(), "a typo stays one");
}
