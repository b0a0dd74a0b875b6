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
}

async fn mock(line: &[&str]) -> Running {
    let mut command = Command::new(PROGRAM);
    command.env_remove("CARGO_MANIFEST_DIR").arg("mock").args(line).kill_on_drop(true);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some(services) = line.strip_prefix("RPC_CLIENT_SERVICES=") {
            return Running { child, services: services.trim_matches('\'').to_owned() };
        }
    }
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
    panic!("no mock: {said}")
}

async fn call(mock: &Running, line: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    command.env_remove("CARGO_MANIFEST_DIR").env("RPC_CLIENT_SERVICES", &mock.services);
    command.env("RPC_CLIENT_RETRY_DELAY", "0.001").current_dir(folder.path());
    command.arg("call").args(line).stdin(Stdio::null()).output().await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn a_mock_answers_calls() {
    let line = [
        "order-service",
        "user-service",
        "--instances",
        "2",
        "--fault",
        "order-service/get_order=status:503,times:1",
    ];
    let mut mock = mock(&line).await;
    let known: serde_json::Value = serde_json::from_str(&mock.services).unwrap();
    assert_eq!(known["order-service"].as_array().unwrap().len(), 2);
    assert_eq!(known["user-service"].as_array().unwrap().len(), 2);

    let said = call(&mock, &["order-service", "list_orders", "--json"]).await;
    assert!(said.status.success(), "{}{}", text(&said.stdout), text(&said.stderr));
    let said = call(&mock, &["order-service", "get_order", "999999", "--json"]).await;
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    let attempts = said.get("attempts").or_else(|| said["error"].get("attempts")).unwrap();
    assert_eq!(attempts, 2, "the fault was met once: {said}");

    #[cfg(unix)]
    {
        let id = mock.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        assert_eq!(mock.child.wait().await.unwrap().code(), Some(0));
        let mut log = String::new();
        mock.child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
        assert!(log.contains("GET /api/v1/orders/999999 → 503 (fault status:503)"), "{log}");
        assert!(log.contains(" GET /api/v1/orders → 200"), "{log}");
    }
}

#[tokio::test]
async fn the_setting_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mock.env");
    let mock = mock(&["order-service", "--env", file.to_str().unwrap()]).await;
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(written, format!("RPC_CLIENT_SERVICES='{}'\n", mock.services));

    let mut call = Command::new(PROGRAM);
    call.env_remove("RPC_CLIENT_SERVICES")
        .args(["call", "order-service", "list_orders", "--env-file"])
        .arg(&file);
    let said = call.stdin(Stdio::null()).output().await.unwrap();
    assert!(said.status.success(), "{}", text(&said.stderr));
}

#[tokio::test]
async fn mistakes() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (line, exit, part) in [
        (vec!["order-service", "--port", &port], 1, "is taken: another program listens there"),
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
}
