//! No metric has a value of a path, a query, a header, a body or a URL's user.

use rpc_runtime::codegen::Credential;
use rpc_runtime::otel::Metrics;
use rpc_runtime::{Mesh, Method, trace};

use crate::collect::Collected;
use crate::support::{Client, LONGEST, config, script, status};

#[tokio::test(start_paused = true)]
async fn no_metric_has_a_secret() {
    const SECRET: &str = "hunter2";
    let body = format!(r#"{{"code":"{SECRET}","message":"{SECRET}"}}"#);
    let replies = [
        status(500),
        rpc_runtime::testing::Script::reply(422, body.clone()),
        rpc_runtime::testing::Script::reply(200, body),
    ];
    let collected = Collected::new();
    let mut config = config(1);
    let url = format!("http://user:{SECRET}@10.0.0.1:8000/{SECRET}");
    config.services.insert("order-service".parse().unwrap(), vec![url.parse().unwrap()]);
    let mesh = Mesh::builder().config(config).transport(script(replies)).rng(LONGEST);
    let metrics = Metrics::new(&collected.meter()).with_template();
    assert_eq!(format!("{metrics:?}"), "Metrics { template: true, .. }");
    let mesh = mesh.recorder(metrics).build().unwrap();
    let client = Client::builder()
        .mesh(&mesh)
        .default_header("X-Secret", SECRET)
        .credential("key", Credential::api_key(SECRET))
        .credential("token", Credential::api_key(SECRET))
        .build()
        .unwrap();
    client.secured().header("Cookie", SECRET).await.unwrap_err();
    let mut baggage = trace::Baggage::default();
    baggage.insert("tenant", SECRET).unwrap();
    trace::with_baggage(baggage, client.get(7).note(SECRET).send()).await.unwrap_err();
    client.raw(Method::POST, &format!("/{SECRET}?q={SECRET}")).json(SECRET).send().await.unwrap_err();
    let text = collected.text();
    assert!(text.contains("http.client.request.duration") && text.contains("(raw)"), "{text}");
    assert!(!text.contains(SECRET), "{text}");
}
