//! Who gets which reply, for how long, and how often the service is asked.

use std::future::IntoFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rpc_runtime::clock::SystemClock;
use rpc_runtime::intercept::{CallEnded, Interceptor};
use rpc_runtime::testing::{Script, ScriptedTransport, SentRequest};
use rpc_runtime::{ClientConfig, ErrorKind, Mesh, Method, Source};

use crate::support::{Client, ClientBuilder, config, millis, ok, order, secs, status};
use crate::world::{HOUR, MINUTE, World, numbered, shown};

#[tokio::test(start_paused = true)]
async fn many_calls_are_one_request() {
    let world = World::new(numbered(7).header("x-total", "3"));
    let first = world.client.get(7).cache(MINUTE).send().await.unwrap();
    assert_eq!(
        (first.source(), first.attempts(), first.endpoint()),
        (Source::Service, 1, "http://10.0.0.1:8000")
    );
    for n in 0..10 {
        let reply = world.client.get(7).cache(MINUTE).send().await.unwrap();
        assert_eq!((reply.attempts(), reply.endpoint(), reply.status().as_u16()), (0, "", 200));
        assert_eq!(reply.source(), Source::Cache { age: n * secs(5) });
        let code = reply.code().map(ToString::to_string);
        assert_eq!((code.as_deref(), &reply.headers()["x-total"]), (Some("200"), &"3".parse().unwrap()));
        assert_eq!(reply.into_data(), order());
        tokio::time::advance(secs(5)).await;
    }
    assert_eq!(world.sent(), 1);
    // Other arguments are another call, and who does not ask for it gets no kept reply.
    world.client.get(8).cache(MINUTE).await.unwrap();
    world.client.get(7).note("x").cache(MINUTE).await.unwrap();
    world.client.get(7).await.unwrap();
    assert_eq!(world.sent(), 4);
}

#[tokio::test(start_paused = true)]
async fn it_gets_too_old() {
    let world = World::new(numbered(1));
    let call = || world.client.get(7).cache(MINUTE).send();
    assert_eq!(shown(&call().await), "1 from service after 1");
    world.answer(numbered(2));
    tokio::time::advance(MINUTE - millis(1)).await;
    assert_eq!(shown(&call().await), "1 from cache after 0");
    // A call may be content with less, or want it younger.
    assert_eq!(shown(&world.client.get(7).cache(secs(5)).send().await), "2 from service after 1");
    world.answer(numbered(3));
    tokio::time::advance(secs(5)).await;
    assert_eq!(shown(&call().await), "3 from service after 1");
}

/// What a client says holds for the operations that it fits; a call's word goes before it.
#[tokio::test(start_paused = true)]
async fn places() {
    let world = World::new(ok());
    let client = world.client(|builder| builder.cache(MINUTE));
    for _ in 0..3 {
        client.get(7).await.unwrap();
        client.create(&order()).await.unwrap();
        client.put(&order()).await.unwrap();
    }
    assert_eq!(world.sent(), 1 + 3 + 3);
    client.get(7).no_cache().await.unwrap();
    assert_eq!(world.sent(), 8);
    // Clients of one mesh share what is kept.
    assert_eq!(shown(&world.client.get(7).cache(MINUTE).send().await), "7 from cache after 0");
    let off = world.client(|builder| builder.cache(MINUTE).no_cache());
    off.get(7).await.unwrap();
    assert_eq!(world.sent(), 9);
    // The mesh's own settings.
    let mut config = ClientConfig::default();
    config.caching = rpc_runtime::cache::Caching::new(MINUTE);
    let mesh = Mesh::builder().config(config).transport(world.transport.clone()).build().unwrap();
    let client = Client::builder().mesh(&mesh).url("http://10.0.0.9:1").build().unwrap();
    client.get(7).await.unwrap();
    client.get(7).await.unwrap();
    assert_eq!(world.sent(), 10);
}

#[tokio::test(start_paused = true)]
async fn only_what_reads_is_kept() {
    let world = World::new(ok());
    let client = &world.client;
    let refused = [
        client.create(&order()).cache(MINUTE).await.map(drop),
        client.put(&order()).cache(MINUTE).await.map(drop),
        client.delete(7).cache(MINUTE).await,
        client.create(&order()).stale_if_error(MINUTE).await.map(drop),
        client.raw(Method::POST, "/a").cache(MINUTE).send().await.map(drop),
        client.raw(Method::GET, "/a").json(&1).cache(MINUTE).send().await.map(drop),
    ];
    for result in refused {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0));
        assert!(
            error.to_string().contains("only replies of safe operations without a body are kept"),
            "{error}"
        );
    }
    assert_eq!(world.sent(), 0);
    client.create(&order()).no_cache().await.unwrap();
    // QUERY reads, and its body is part of the question.
    for (question, sent) in [("a", 2), ("a", 2), ("b", 3), ("a", 3)] {
        client.raw(Method::QUERY, "/a").json(question).cache(MINUTE).send().await.unwrap();
        assert_eq!(world.sent(), sent, "{question}");
    }
    client.raw(Method::GET, "/b").cache(MINUTE).send().await.unwrap();
    client.raw(Method::GET, "/b").cache(MINUTE).send().await.unwrap();
    assert_eq!(world.sent(), 4);
}

/// Who gets a reply decides what it is: another credential, another answer.
#[tokio::test(start_paused = true)]
async fn nobody_gets_anothers() {
    let by_scope = |request: &SentRequest| {
        let scope =
            [request.header("authorization"), request.header("cookie"), request.header("x-tenant")].concat();
        numbered(i64::from(
            scope.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())),
        ))
    };
    let transport = ScriptedTransport::answering(SystemClock, by_scope);
    let mesh = Mesh::builder().config(config(1)).transport(transport.clone()).build().unwrap();
    let build = |set: fn(ClientBuilder) -> ClientBuilder| {
        set(Client::builder().mesh(&mesh).cache(HOUR)).build().unwrap()
    };
    let clients = [
        build(|builder| builder),
        build(|builder| builder.bearer_auth("ann")),
        build(|builder| builder.bearer_auth("bob")),
        build(|builder| builder.basic_auth("ann", "x")),
        build(|builder| builder.default_header("Cookie", "session=1")),
        build(|builder| builder.default_header("X-Tenant", "acme")),
        // The same name elsewhere is another service.
        build(|builder| builder.url("http://10.0.0.9:1")),
    ];
    let mut answers = Vec::new();
    for _ in 0..2 {
        let mut round = Vec::new();
        // At the same moment, too.
        let calls: Vec<_> = clients.iter().map(|client| tokio::spawn(client.get(7).into_future())).collect();
        for call in calls {
            round.push(call.await.unwrap().unwrap().id);
        }
        answers.push(round);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(transport.sent().len(), clients.len());
    let different: std::collections::BTreeSet<_> = answers[0][..6].iter().collect();
    assert_eq!(different.len(), 6);
    // A call's own credential; the trace makes no difference.
    clients[1].get(7).trace_id("t-9").await.unwrap();
    assert_eq!(transport.sent().len(), 7);
    clients[1].get(7).bearer_auth("carl").await.unwrap();
    assert_eq!(transport.sent().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn what_the_reply_wants() {
    for (control, sent) in [
        ("no-store", 2),
        ("no-cache", 2),
        ("max-age=5", 1),
        ("max-age=0", 2),
        ("private", 1),
        ("public, max-age=99", 1),
    ] {
        let world = World::new(ok().header("cache-control", control));
        world.client.get(7).cache(MINUTE).await.unwrap();
        world.client.get(7).cache(MINUTE).await.unwrap();
        assert_eq!(world.sent(), sent, "{control}");
    }
    let world = World::new(ok().header("cache-control", "max-age=5"));
    world.client.get(7).cache(MINUTE).await.unwrap();
    tokio::time::advance(secs(5)).await;
    world.client.get(7).cache(MINUTE).await.unwrap();
    assert_eq!(world.sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn only_successes_are_kept() {
    for failure in
        [status(404), status(500), Script::reply(200, r#"{"code":404,"message":"no"}"#), Script::refused()]
    {
        let world = World::new(failure);
        world.client.get(7).cache(MINUTE).await.unwrap_err();
        world.client.get(7).cache(MINUTE).await.unwrap_err();
        world.answer(ok());
        assert_eq!(shown(&world.client.get(7).cache(MINUTE).send().await), "7 from service after 1");
        assert_eq!(world.sent(), 3);
    }
}

/// What interceptors are told.
#[derive(Debug, Clone, Default)]
struct Ends(Arc<Mutex<Vec<String>>>);

impl Interceptor for Ends {
    fn after_call(&self, call: &CallEnded<'_>) {
        let source = call.source().map_or("none".to_owned(), |source| source.to_string());
        self.0.lock().unwrap().push(format!("{source} {}", call.attempts));
    }
}

#[tokio::test(start_paused = true)]
async fn interceptors_see_every_call() {
    let world = World::new(ok());
    let ends = Ends::default();
    let client = world.client(|builder| builder.interceptor(ends.clone()).cache(MINUTE).stale_if_error(HOUR));
    client.get(7).await.unwrap();
    client.get(7).await.unwrap();
    tokio::time::advance(MINUTE).await;
    world.answer(status(500));
    client.get(7).await.unwrap();
    client.standing(8).await.unwrap();
    client.get(8).await.unwrap_err();
    assert_eq!(*ends.0.lock().unwrap(), ["service 1", "cache 0", "stale 1", "fallback 1", "none 1"]);
}

/// A kept reply needs nothing of the service: not its endpoints, not its time.
#[tokio::test(start_paused = true)]
async fn kept_replies_need_no_endpoint() {
    let world = World::new(ok());
    world.client.get(7).cache(HOUR).await.unwrap();
    world.answer(Script::hangs());
    for _ in 0..100 {
        let reply = world.client.get(7).cache(HOUR).send().await.unwrap();
        assert_eq!((reply.elapsed(), reply.attempts()), (Duration::ZERO, 0));
    }
    assert_eq!(world.sent(), 1);
}
