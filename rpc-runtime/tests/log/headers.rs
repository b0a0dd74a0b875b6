//! Headers in the log: only when somebody asks, and never secrets.

use rpc_runtime::codegen::Credential;
use rpc_runtime::testing::{Script, SeededRng};
use rpc_runtime::{ClientConfig, Mesh, trace};

use super::{Log, ONE_AT_A_TIME, SECRET, clean};
use crate::support::{Client, ORDER, config, script};

/// What the log says of one call of a client with these settings, at all levels.
async fn logged(change: impl FnOnce(&mut ClientConfig)) -> String {
    let log = Log::default();
    let _here = tracing::subscriber::set_default(log.clone());
    let reply = Script::reply(200, ORDER)
        .header("set-cookie", SECRET)
        .header("location", &format!("/x?token={SECRET}"))
        .header("x-tenant", SECRET)
        .header("x-total", "41");
    let mut config = config(1);
    let url = format!("http://user:{SECRET}@10.0.0.1:8000");
    config.services.insert("order-service".parse().unwrap(), vec![url.parse().unwrap()]);
    change(&mut config);
    let mesh =
        Mesh::builder().config(config).transport(script([reply])).rng(SeededRng::new(1)).build().unwrap();
    let client = Client::builder()
        .mesh(&mesh)
        .default_header("X-Tenant", SECRET)
        .credential("key", Credential::api_key(SECRET))
        .credential("token", Credential::api_key(SECRET))
        .build()
        .unwrap();
    let mut baggage = trace::Baggage::default();
    baggage.insert("tenant", SECRET).unwrap();
    let call = client
        .secured()
        .header("Cookie", SECRET)
        .header("Proxy-Authorization", SECRET)
        .header("X-Note", "by hand")
        .idempotency_key(SECRET);
    trace::with_baggage(baggage, call.send()).await.unwrap();
    log.text()
}

#[tokio::test(start_paused = true)]
async fn nobody_asks() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let text = logged(|_| {}).await;
    assert!(!text.contains("TRACE rpc_runtime") && text.contains("call succeeded"), "{text}");
    clean("log", &text);
}

#[tokio::test(start_paused = true)]
async fn somebody_asks() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let text = logged(|config| {
        config.log_headers = Some(true);
        config.log_redact = vec![rpc_runtime::HeaderName::from_static("x-tenant")];
    })
    .await;
    clean("log", &text);
    let lines: Vec<&str> =
        text.lines().filter(|line| line.starts_with("TRACE rpc_runtime::headers")).collect();
    let [request, reply] = lines[..] else { panic!("{text}") };
    for part in [
        r#""proxy-authorization": ***"#,
        r#""cookie": ***"#,
        r#""x-api-key": ***"#,
        r#""baggage": ***"#,
        r#""idempotency-key": ***"#,
        r#""x-tenant": ***"#,
        r#""x-note": "by hand""#,
        r#""x-request-attempt": "1""#,
        "attempt=1",
    ] {
        assert!(request.contains(part), "{part}: {request}");
    }
    for part in [
        r#""set-cookie": ***"#,
        r#""location": ***"#,
        r#""x-tenant": ***"#,
        r#""x-total": "41""#,
        "status=200",
    ] {
        assert!(reply.contains(part), "{part}: {reply}");
    }
    // Without its name in the list, a header of ones own is shown: that is what was asked for.
    let text = logged(|config| config.log_headers = Some(true)).await;
    assert!(text.contains(&format!(r#""x-tenant": "{SECRET}""#)), "{text}");
}
