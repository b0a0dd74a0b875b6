//! `rpc-cli mock` as people start it, called by `rpc-cli call`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::process::{Output, Stdio};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

const PROGRAM: &str = env!("CARGO_BIN_EXE_rpc-cli");

/// A running mock, and what clients are told about it.
struct Running {
    child: Child,
    services: String,
    table: String,
}

async fn mock(line: &[&str]) -> Running {
    let mut command = Command::new(PROGRAM);
    command.env_remove("CARGO_MANIFEST_DIR").arg("mock").args(line).kill_on_drop(true);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut table = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some(services) = line.strip_prefix("RPC_CLIENT_SERVICES=") {
            return Running { child, services: services.trim_matches('\'').to_owned(), table };
        }
        table.push_str(&line);
    }
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
    panic!("no mock: {said}")
}

async fn call(mock: &Running, line: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("RPC_CLIENT_SERVICES");
    if mock.services != "{}" {
        command.env("RPC_CLIENT_SERVICES", &mock.services);
    }
    command.env("RPC_CLIENT_RETRY_DELAY", "0.001").current_dir(folder.path());
    command.arg("call").args(line).stdin(Stdio::null()).output().await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Ends a mock by a signal: it says goodbye with 0, and has said this.
#[cfg(unix)]
async fn end(mut mock: Running, signal: &str) -> String {
    let id = mock.child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
    assert_eq!(mock.child.wait().await.unwrap().code(), Some(0), "{signal}");
    let mut log = String::new();
    mock.child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    log
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
}

#[tokio::test]
async fn a_mock_answers_calls() {
    let line = "order-service user-service --instances 2 --fault order-service/get_order=status:503,times:1 \
                --fault user-service/@0=code:40301 --fault user-service/@1=code:40301";
    let mock = mock(&line.split_whitespace().collect::<Vec<_>>()).await;
    let known: serde_json::Value = serde_json::from_str(&mock.services).unwrap();
    let mut urls = std::collections::BTreeSet::new();
    for service in ["order-service", "user-service"] {
        let of = known[service].as_array().unwrap();
        assert_eq!(of.len(), 2);
        for url in of {
            assert!(mock.table.contains(url.as_str().unwrap()), "{}", mock.table);
            urls.insert(url.as_str().unwrap());
        }
    }
    assert_eq!(urls.len(), 4);

    let said = call(&mock, &["order-service", "list_orders", "--json"]).await;
    assert!(said.status.success(), "{}{}", text(&said.stdout), text(&said.stderr));
    let said = json(&call(&mock, &["order-service", "get_order", "999999", "--json"]).await);
    let attempts = said.get("attempts").or_else(|| said["error"].get("attempts")).unwrap();
    assert_eq!(attempts, 2, "the fault was met once: {said}");
    let said = json(&call(&mock, &["user-service", "get_user", "1", "--json"]).await);
    assert_eq!(said["error"]["code"], 40301, "{said}");

    #[cfg(unix)]
    {
        let log = end(mock, "-INT").await;
        assert!(log.contains("GET /api/v1/orders/999999 → 503 (status:503) "), "{log}");
        assert!(log.contains(" GET /api/v1/orders → 200 "), "{log}");
        assert!(log.contains("user-service@0 GET ") || log.contains("user-service@1 GET "), "{log}");
        assert!(log.lines().all(|line| line.ends_with(" ms")), "{log}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_setting_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mock.env");
    let path = file.to_str().unwrap();
    let mut mock = mock(&["order-service", "--quiet", "--env", path]).await;
    let written = std::fs::read_to_string(&file).unwrap();
    let mark = "# Written by cargo xtask mock; removed when it ends.";
    assert_eq!(written, format!("{mark}\nRPC_CLIENT_SERVICES='{}'\n", mock.services));
    mock.services = "{}".to_owned();
    let said = call(&mock, &["--env-file", path, "order-service", "list_orders", "--json"]).await;
    assert_eq!(said.status.code(), Some(0), "{}{}", text(&said.stdout), text(&said.stderr));
    assert_eq!(end(mock, "-TERM").await, "", "--quiet");
    assert!(!file.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn what_the_document_contradicts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stock.json");
    let document = r#"{"openapi":"3.1.0","info":{"title":"s","version":"1"},"paths":{
        "/a":{"get":{"operationId":"a","responses":{"200":{"description":"","content":{"application/json":{
            "schema":{"type":"integer"},"example":"seven"}}}}}},
        "/b":{"get":{"operationId":"b","responses":{"200":{"description":"","content":{"application/json":{
            "schema":{"type":"integer","minimum":2,"maximum":1}}}}}}}}}"#;
    std::fs::write(&file, document).unwrap();
    let spec = format!("stock={}", file.display());
    let said = end(mock(&["--spec", &spec]).await, "-TERM").await;
    assert!(said.contains("note: stock: #/paths/~1a/get/") && said.contains("example not used: "), "{said}");
    assert!(said.contains("no valid answer for b 200"), "{said}");
    assert_eq!(end(mock(&["--spec", &spec, "--quiet"]).await, "-TERM").await, "", "--quiet");
}

#[tokio::test]
async fn mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join(".env");
    std::fs::write(&settings, "RPC_CLIENT_SERVICES={}\n").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (line, exit, part) in [
        (
            vec!["order-service", "--port", &port],
            1,
            format!("order-service` cannot listen on 127.0.0.1:{port}: ").as_str(),
        ),
        (vec!["order-service", "--port", &port], 1, "choose another --port"),
        (vec!["order-service", "--env", settings.to_str().unwrap()], 2, "was not written by `mock`"),
        (vec!["order-service", "--fault", "user-service/=close"], 2, "no service `user-service` is served; "),
        (vec!["order-service", "--fault", "get_order=stats:503"], 2, "`stats:503` is not a kind of fault"),
        (vec!["order-servise"], 2, "did you mean `order-service`?"),
        (vec![], 2, "name a service of specs/"),
        (vec!["order-service", "order-service"], 2, "is named twice"),
        (vec!["order-service", "--fault", "get_ordr=close"], 2, "did you mean `get_order`?"),
        (vec!["order-service", "--fault", "@3=close"], 2, "instances have the numbers 0 to 0"),
        (vec!["order-service", "--instances", "0"], 2, "a number from 1 to 100"),
        (vec!["--spec", "x"], 2, "expected NAME=FILE"),
    ] {
        let said = Command::new(PROGRAM)
            .env_remove("CARGO_MANIFEST_DIR")
            .arg("mock")
            .args(&line)
            .output()
            .await
            .unwrap();
        assert_eq!(said.status.code(), Some(exit), "{line:?}: {}", text(&said.stderr));
        assert!(text(&said.stderr).contains(part), "{line:?}: {}", text(&said.stderr));
    }
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), "RPC_CLIENT_SERVICES={}\n", "it stays");
}
