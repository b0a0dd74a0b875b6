//! `rpc-cli call` as people start it: a process, against servers that the tests write by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "../../rpc-runtime/tests/support/server.rs"]
#[allow(dead_code, reason = "shared with the runtime's tests, which use more of it")]
mod server;

use std::process::Stdio;

use serde_json::Value;
use server::{Act, Seen, Server};
use tokio::io::AsyncWriteExt as _;

/// What a run said.
struct Run {
    exit: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }
}

/// Runs the program in an empty folder, without the settings of whoever runs the tests.
async fn run(line: &[&str], input: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_rpc-cli"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("RPC_CLIENT_")) {
        command.env_remove(name);
    }
    command.env("RPC_CLIENT_RETRY_DELAY", "0.001").env("RPC_CLIENT_DNS_FALLBACK", "false");
    command.env_remove("CARGO_MANIFEST_DIR").current_dir(folder.path()).arg("call").args(line);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that wants no input has closed its end; that is its business.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { exit: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs against a server; the address is added.
async fn at(server: &Server, line: &[&str]) -> Run {
    let url = server.url();
    let line: Vec<&str> = line.iter().copied().chain(["--url", &url]).collect();
    run(&line, "").await
}

fn reply(status: u16, body: &str) -> Act {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nset-cookie: id=hidden\r\ncontent-length: {length}\r\n\r\n"
    );
    Act::Write([head.as_bytes(), body.as_bytes()].concat())
}

fn envelope(data: &str) -> Act {
    reply(200, &format!(r#"{{"code":200,"message":"ok","data":{data},"timestamp":"2026-01-01T00:00:00Z"}}"#))
}

fn requests(server: &Server) -> Vec<String> {
    let shown = |seen: &Seen| {
        let line = seen.line().trim_end_matches(" HTTP/1.1").to_owned();
        format!("{line} {}", String::from_utf8_lossy(&seen.body)).trim_end().to_owned()
    };
    server.seen().iter().map(shown).collect()
}

/// One call that succeeds: what the service saw.
async fn check(line: &[&str], expected: &str) {
    let server = Server::start(|_, _| envelope(r#"{"n":12345678901234567.890}"#)).await;
    let run = at(&server, line).await;
    assert_eq!(run.exit, 0, "{line:?}: {}", run.err);
    assert_eq!(requests(&server), [expected], "{line:?}");
    assert_eq!(run.out, "{\n  \"n\": 12345678901234567.890\n}\n");
    assert!(run.err.starts_with("200 code 200 · 1 attempt · "), "{}", run.err);
    assert!(run.err.contains(&format!(" ms · {} · trace ", server.url())), "{}", run.err);
}

#[tokio::test]
async fn requests_as_a_generated_client_sends_them() {
    check(&["order-service", "get_order", "124"], "GET /api/v1/orders/124").await;
    check(
        &[
            "order-service",
            "list_orders",
            "page=2",
            "status=pending",
            "tag=a b",
            "tag=c&d",
            "created_after=2025-01-15T16:30:00+08:00",
        ],
        "GET /api/v1/orders?page=2&status=pending&tag=a%20b&tag=c%26d&created_after=2025-01-15T16%3A30%3A00%2B08%3A00",
    )
    .await;
    check(&["order-service", "list_user_orders", "a/b"], "GET /api/v1/users/a%2Fb/orders").await;
    check(
        &["order-service", "create_order", "--field", "user_id=u1", "--field", "amount=9.90"],
        r#"POST /api/v1/orders {"user_id":"u1","amount":"9.90"}"#,
    )
    .await;
    check(
        &["order-service", "replace_order", "7", r#"{"amount":1.10}"#],
        r#"PUT /api/v1/orders/7 {"amount":1.10}"#,
    )
    .await;
}

#[tokio::test]
async fn what_goes_with_a_request() {
    let server = Server::start(|_, _| envelope("null")).await;
    let line = ["order-service", "create_order", "{}", "--idempotency-key", "k-1", "--trace-id", "t-1"];
    let run = at(&server, &[&line[..], &["--header", "X-Tenant: a"]].concat()).await;
    assert_eq!(run.exit, 0, "{}", run.err);
    let seen = server.seen();
    assert_eq!(seen[0].header("x-tenant"), "a");
    assert!(seen[0].header("idempotency-key").contains("k-1"));
    assert_eq!(seen[0].header("x-trace-id"), "t-1");
    assert_eq!(seen[0].header("accept"), "application/json");
    assert!(run.err.ends_with("trace t-1\n"), "{}", run.err);
}

#[tokio::test]
async fn a_body_from_standard_input() {
    let server = Server::start(|_, _| envelope("null")).await;
    let run = run(&["order-service", "create_order", "-", "--url", &server.url()], r#"{"a":1}"#).await;
    assert_eq!((run.exit, run.out.as_str()), (0, "null\n"), "{}", run.err);
    assert_eq!(requests(&server), [r#"POST /api/v1/orders {"a":1}"#]);
}

#[tokio::test]
async fn only_what_is_safe_is_sent_again() {
    let flaky = |n: usize, _: &Seen| match n {
        0 => reply(503, r#"{"code":503,"message":"busy"}"#),
        _ => envelope("1"),
    };
    let server = Server::start(flaky).await;
    let run = at(&server, &["order-service", "get_order", "1"]).await;
    assert_eq!((run.exit, server.seen().len()), (0, 2), "{}", run.err);
    assert!(run.err.starts_with("200 code 200 · 2 attempts"), "{}", run.err);

    let server = Server::start(flaky).await;
    let run = at(&server, &["order-service", "post_flaky", "k"]).await;
    assert_eq!((run.exit, server.seen().len()), (1, 1), "{}", run.err);
    assert!(run.err.contains("safe to repeat"), "{}", run.err);

    let server = Server::start(flaky).await;
    let run = at(&server, &["order-service", "post_flaky", "k", "--idempotency-key", "k"]).await;
    assert_eq!((run.exit, server.seen().len()), (0, 2), "{}", run.err);

    // It takes a key, so it has one of its own.
    let server = Server::start(flaky).await;
    let run = at(&server, &["order-service", "create_order", "{}"]).await;
    assert_eq!((run.exit, server.seen().len()), (0, 2), "{}", run.err);

    let server = Server::start(flaky).await;
    let run = at(&server, &["order-service", "get_order", "1", "--retries", "0"]).await;
    assert_eq!((run.exit, server.seen().len()), (1, 1), "{}", run.err);
}

#[tokio::test]
async fn a_failure_in_the_envelope() {
    let body = r#"{"code":404,"message":"no such order","data":null,"error_code":"ORDER_NOT_FOUND"}"#;
    let server = Server::start(move |_, _| reply(200, body)).await;
    let run = at(&server, &["order-service", "get_order", "9"]).await;
    assert_eq!((run.exit, run.out.as_str()), (1, ""));
    assert!(run.err.starts_with("error: order-service.get_order: "), "{}", run.err);
    assert!(run.err.contains("response · sent: yes · 200 code 404 · 1 attempt"), "{}", run.err);

    let run = at(&server, &["order-service", "get_order", "9", "--json"]).await;
    assert_eq!((run.exit, run.err.as_str()), (1, ""));
    let error = &run.json()["error"];
    assert_eq!((&error["kind"], &error["sent"]), (&"response".into(), &"yes".into()));
    assert_eq!((&error["status"], &error["code"], &error["attempts"]), (&200.into(), &404.into(), &1.into()));
    assert_eq!(
        (&error["message"], &error["error_code"]),
        (&"no such order".into(), &"ORDER_NOT_FOUND".into())
    );
    assert_eq!(error["body"]["message"], "no such order");
    assert_eq!(error["endpoint"], server.url());
}

#[tokio::test]
async fn a_success_for_programs() {
    let server = Server::start(|_, _| envelope(r#"{"n":1.10}"#)).await;
    let run = at(&server, &["order-service", "get_order", "1", "--json"]).await;
    assert_eq!((run.exit, run.err.as_str()), (0, ""));
    assert!(run.out.contains("\"n\": 1.10"), "no digit is lost: {}", run.out);
    let said = run.json();
    let mut names: Vec<&str> = said.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected =
        ["status", "code", "message", "data", "attempts", "elapsed_ms", "endpoint", "trace_id", "headers"];
    expected.sort_unstable();
    names.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!((&said["status"], &said["code"], &said["message"]), (&200.into(), &200.into(), &"ok".into()));
    assert_eq!(said["headers"]["set-cookie"][0], "***");
}

#[tokio::test]
async fn credentials_go_in_and_never_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token.txt");
    std::fs::write(&file, "s3cret\n").unwrap();
    let token = format!("@{}", file.display());
    for (line, expected) in [
        (vec!["get_me", "--token", "s3cret"], "Bearer s3cret"),
        (vec!["get_me", "--token", &token], "Bearer s3cret"),
        (vec!["get_me", "--credential", "HTTPBearer=s3cret"], "Bearer s3cret"),
        (vec!["get_admin", "--credential", "HTTPBasic=ann:s3cret"], "Basic YW5uOnMzY3JldA=="),
    ] {
        let server = Server::start(|_, _| reply(401, r#"{"detail":"no"}"#)).await;
        let line = [&["auth-service"][..], &line, &["-v"]].concat();
        let run = at(&server, &line).await;
        assert_eq!(run.exit, 1);
        assert_eq!(server.seen()[0].header("authorization"), expected);
        assert!(!run.err.contains("s3cret") && !run.err.contains("YW5u"), "{}", run.err);
        assert!(run.err.contains("call started") && run.err.contains("--credential NAME"), "{}", run.err);
    }
}

/// A mistake: nothing is sent, and the message says what to do.
async fn refused(line: &[&str], exit: i32, part: &str) {
    let server = Server::start(|_, _| envelope("null")).await;
    let run = at(&server, line).await;
    assert_eq!((run.exit, run.out.as_str()), (exit, ""), "{line:?}: {}", run.err);
    assert!(run.err.contains(part), "{line:?}: {}", run.err);
    assert!(server.seen().is_empty(), "{line:?}");
}

#[tokio::test]
async fn mistakes() {
    refused(&["order-service", "get_ordr", "1"], 2, "did you mean `get_order`?").await;
    refused(&["orders-service", "get_order", "1"], 2, "did you mean `order-service`?").await;
    refused(&["order-service", "get_order", "x"], 2, "`order_id`: expected an integer, found `x`").await;
    refused(&["order-service", "list_orders", "status=pendng"], 2, "did you mean `pending`?").await;
    refused(&["order-service", "get_order"], 2, "`order_id` is missing").await;
    refused(&["order-service", "get_order", "1", "--timeout", "2"], 2, "such as 2s").await;
    refused(&["order-service", "get_order", "1", "--header", "x"], 2, "expected 'Name: value'").await;
    refused(&["auth-service", "get_admin", "--credential", "HTTPBasic=s3cret"], 2, "USER:PASSWORD").await;
    refused(&["auth-service", "get_me", "--credential", "x=s3cret"], 2, "there are: ").await;
    refused(&["order-service", "list_orders", "page=0"], 1, "`page` is 0, it must be at least 1").await;
    refused(&["order-service", "list_user_orders", ".."], 1, "would change the path").await;
    refused(&["auth-service", "get_me"], 1, "--token or --credential NAME=…: HTTPBearer").await;
}

#[tokio::test]
async fn services_are_found_as_by_every_client() {
    let run1 = run(&["order-service", "get_order", "1", "--json"], "").await;
    assert_eq!((run1.exit, &run1.json()["error"]["kind"]), (1, &"discovery".into()), "{}", run1.out);

    let server = Server::start(|_, _| envelope("1")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings");
    std::fs::write(&file, format!("RPC_CLIENT_SERVICES={{\"order-service\": \"{}\"}}\n", server.url()))
        .unwrap();
    let line = ["order-service", "get_order", "1", "--env-file", file.to_str().unwrap()];
    let run2 = run(&line, "").await;
    assert_eq!((run2.exit, run2.out.as_str()), (0, "1\n"), "{}", run2.err);
}

#[tokio::test]
async fn a_document_that_is_not_in_specs() {
    let server = Server::start(|_, seen| reply(200, &format!("[{:?}]", seen.line()))).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stock.json");
    let document = r#"{"openapi":"3.1.0","info":{"title":"s","version":"1"},"paths":{"/stock?kind=spare%20part":{"get":{
        "operationId":"findSpare","parameters":[{"name":"page","in":"query","schema":{"type":"integer"}}],
        "responses":{"200":{"description":"","content":{"application/json":{"schema":{"type":"array","items":{"type":"string"}}}}}}}},"/stock/{sku}":{"get":{
        "operationId":"findStock","summary":"Finds stock.","parameters":[
            {"name":"sku","in":"path","required":true,"style":"label","schema":{"type":"string"}},
            {"name":"f","in":"query","style":"deepObject","explode":true,"schema":{"type":"object","properties":{"min":{"type":"integer"}}}},
            {"name":"ids","in":"query","style":"pipeDelimited","explode":false,"schema":{"type":"array","items":{"type":"integer"}}}],
        "responses":{"200":{"description":"","content":{"application/json":{"schema":{"type":"array","items":{"type":"string"}}}}}}}}}}"#;
    std::fs::write(&file, document).unwrap();
    let spec = ["--spec", file.to_str().unwrap()];
    let table = run(&[&["stock"][..], &spec].concat(), "").await;
    assert_eq!(table.exit, 0, "{}", table.err);
    for part in ["find_stock", "GET /stock/{sku}", "SKU [f=…] [ids=…]", "Finds stock."] {
        assert!(table.out.contains(part), "{part}: {}", table.out);
    }
    let line = ["stock", "findStock", "a.b", "f={\"min\":1}", "ids=1", "ids=2"];
    let found = at(&server, &[&line[..], &spec].concat()).await;
    let spare = at(&server, &[&["stock", "findSpare", "page=2"][..], &spec].concat()).await;
    assert!(spare.out.contains("GET /stock?kind="), "every call sends it: {}{}", spare.out, spare.err);
    assert!(spare.out.contains("&page=2 HTTP/1.1"), "{}", spare.out);
    assert_eq!(found.out, "[\n  \"GET /stock/.a.b?f[min]=1&ids=1%7C2 HTTP/1.1\"\n]\n", "{}", found.err);
}

#[tokio::test]
async fn documents_do_not_drive_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stock.json");
    let document = r#"{"openapi":"3.1.0","info":{"title":"s","version":"1"},
        "paths":{"/a":{"get":{"operationId":"a","summary":"\u001b[2Jgone \u202eback"}}}}"#;
    std::fs::write(&file, document).unwrap();
    let spec = ["--spec", file.to_str().unwrap()];
    let table = run(&[&["stock"][..], &spec].concat(), "").await;
    assert!(table.out.contains(r"\u001b[2Jgone \u202eback"), "{:?}", table.out);
    let mistake = run(&[&["stock", "\u{1b}[2J"][..], &spec].concat(), "").await;
    assert!(mistake.err.contains(r"has no operation `\u001b[2J`"), "{:?}", mistake.err);
    for text in [&table.out, &mistake.err] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    }
}

#[tokio::test]
async fn mistakes_for_programs() {
    for (line, part) in [
        (vec!["order-service", "get_order"], "`order_id` is missing"),
        (vec!["order-servise", "get_order", "1"], "did you mean `order-service`?"),
        (vec!["order-service", "get_order", "1", "--timeout", "2"], "such as 2s"),
        (vec!["order-service", "get_order", "1", "--url", "nonsense"], "nonsense"),
        (vec!["order-service", "get_order", "1", "--env-file", "/nonexist"], "/nonexist"),
    ] {
        let plain = run(&line, "").await;
        assert_eq!((plain.exit, plain.out.as_str()), (2, ""), "{line:?}: {}", plain.err);
        assert!(plain.err.contains(part), "{line:?}: {}", plain.err);
        let said = run(&[&line[..], &["--json"]].concat(), "").await;
        assert_eq!((said.exit, said.err.as_str()), (2, ""), "{line:?}");
        let error = &said.json()["error"];
        assert_eq!(error["kind"], "usage", "{error}");
        assert!(error["message"].as_str().unwrap().contains(part), "{error}");
    }
}
