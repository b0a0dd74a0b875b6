//! Interceptors: their order, that every `before_…` gets its `after_…` exactly once however things end, and what they see.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::future::IntoFuture;
use std::sync::{Arc, Mutex};

use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::intercept::{
    AttemptEnded, CallEnded, Hook, Interceptor, Outcome, OutgoingAttempt, OutgoingCall,
};
use rpc_runtime::testing::{Script, ScriptedTransport, SeededRng};
use rpc_runtime::{ClientConfig, EndpointHealth, Error, ErrorKind, HeaderName, HeaderValue, Hedging, Mesh};
use support::{Client, ORDER, config, headers, millis, ok, outcome, poll_and_drop, script, secs, status};

/// What happened, in order: `a+call`, `a+1`, `a-1 ok`, `a-call ok`.
#[derive(Debug, Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn note(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// What was begun and is not ended, and the other way round.
    fn unmatched(&self) -> Vec<String> {
        let mut open = Vec::new();
        for line in self.take() {
            match line.split_once('+') {
                Some((who, what)) => open.push(format!("{who}-{what}")),
                None => {
                    let ended = line.split(' ').next().unwrap();
                    match open.iter().position(|begun| begun == ended) {
                        Some(at) => drop(open.remove(at)),
                        None => open.push(format!("{line} without a begin")),
                    }
                }
            }
        }
        open
    }
}

/// What an interceptor does when it is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Does {
    Nothing,
    Refuse,
    /// Waits so many milliseconds.
    Wait(u64),
}

#[derive(Debug)]
struct Writer {
    name: &'static str,
    diary: Diary,
    call: Does,
    attempt: Does,
}

impl Writer {
    fn act<'a>(&self, does: Does) -> Hook<'a> {
        match does {
            Does::Nothing => Hook::done(),
            Does::Refuse => Hook::refuse(Error::refused(format!("{} says no", self.name))),
            Does::Wait(time) => Hook::later(async move {
                SystemClock.sleep(millis(time)).await;
                Ok(())
            }),
        }
    }
}

fn shown(outcome: Outcome<'_>) -> String {
    match outcome {
        Outcome::Success => "ok".to_owned(),
        Outcome::Failure(error) => match error.kind() {
            ErrorKind::InvalidRequest => "refused".to_owned(),
            ErrorKind::Timeout(_) => "timeout".to_owned(),
            _ => error.status().map_or("error".to_owned(), |status| status.as_u16().to_string()),
        },
        Outcome::Dropped => "dropped".to_owned(),
        _ => "?".to_owned(),
    }
}

impl Interceptor for Writer {
    fn before_call<'a>(&'a self, _: &'a mut OutgoingCall) -> Hook<'a> {
        self.diary.note(format!("{}+call", self.name));
        self.act(self.call)
    }

    fn before_attempt<'a>(&'a self, attempt: &'a mut OutgoingAttempt<'_>) -> Hook<'a> {
        self.diary.note(format!("{}+{}", self.name, attempt.number()));
        self.act(self.attempt)
    }

    fn after_attempt(&self, ended: &AttemptEnded<'_>) {
        self.diary.note(format!("{}-{} {}", self.name, ended.number, shown(ended.outcome)));
    }

    fn after_call(&self, ended: &CallEnded<'_>) {
        self.diary.note(format!("{}-call {}", self.name, shown(ended.outcome)));
    }
}

/// A client with two interceptors: `a` of the mesh, `b` of its own.
fn world(
    diary: &Diary,
    config: ClientConfig,
    transport: &ScriptedTransport,
    [(a_call, a_attempt), (b_call, b_attempt)]: [(Does, Does); 2],
) -> Client {
    let writer = |name, call, attempt| Writer { name, diary: diary.clone(), call, attempt };
    let mesh = Mesh::builder()
        .config(config)
        .transport(transport.clone())
        .rng(SeededRng::new(1))
        .interceptor(writer("a", a_call, a_attempt))
        .build()
        .unwrap();
    Client::builder().mesh(&mesh).interceptor(writer("b", b_call, b_attempt)).build().unwrap()
}

const PASS: (Does, Does) = (Does::Nothing, Does::Nothing);

#[track_caller]
fn spaced(lines: &[String]) -> String {
    lines.join(", ")
}

#[tokio::test(start_paused = true)]
async fn each_is_told_once_and_in_order() {
    async fn check(script_: Vec<Script>, does: [(Does, Does); 2], expected: &str) {
        let diary = Diary::default();
        let client = world(&diary, config(2), &script(script_), does);
        let result = client.get(7).timeout(secs(3)).attempt_timeout(secs(2)).await;
        let lines = diary.take();
        assert_eq!(spaced(&lines), expected, "{}", outcome(&result));
    }
    let refuse_call = (Does::Refuse, Does::Nothing);
    let refuse_attempt = (Does::Nothing, Does::Refuse);
    let begin = "a+call, b+call, a+1, b+1";
    for (script, does, expected) in [
        (vec![ok()], [PASS; 2], "b-1 ok, a-1 ok, b-call ok, a-call ok"),
        (vec![status(404)], [PASS; 2], "b-1 404, a-1 404, b-call 404, a-call 404"),
        (
            vec![status(503), ok()],
            [PASS; 2],
            "b-1 503, a-1 503, a+2, b+2, b-2 ok, a-2 ok, b-call ok, a-call ok",
        ),
        // The attempt's time, then the call's.
        (
            vec![Script::hangs(), Script::hangs()],
            [PASS; 2],
            "b-1 timeout, a-1 timeout, a+2, b+2, b-2 timeout, a-2 timeout, b-call timeout, a-call timeout",
        ),
        (vec![], [PASS, refuse_attempt], "b-1 refused, a-1 refused, b-call refused, a-call refused"),
        // The second waits longer than an attempt, and than the call, may take.
        (
            vec![],
            [PASS, (Does::Nothing, Does::Wait(9_000))],
            "b-1 timeout, a-1 timeout, a+2, b+2, b-2 timeout, a-2 timeout, b-call timeout, a-call timeout",
        ),
    ] {
        check(script, does, &format!("{begin}, {expected}")).await;
    }
    check(vec![], [refuse_call, PASS], "a+call, a-call refused").await;
    check(vec![], [PASS, refuse_call], "a+call, b+call, b-call refused, a-call refused").await;
    let refused = "a+call, b+call, a+1, a-1 refused, b-call refused, a-call refused";
    check(vec![], [refuse_attempt, PASS], refused).await;
    let slow = (Does::Wait(9_000), Does::Nothing);
    check(vec![], [slow, PASS], "a+call, a-call timeout").await;
}

/// A refusal is the call's error, and nothing is sent.
#[tokio::test(start_paused = true)]
async fn a_refused_call_is_not_sent() {
    for does in [(Does::Refuse, Does::Nothing), (Does::Nothing, Does::Refuse)] {
        let transport = script([ok()]);
        let client = world(&Diary::default(), config(1), &transport, [PASS, does]);
        let error = client.get(7).await.unwrap_err();
        assert!(error.to_string().contains("b says no"), "{error}");
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::InvalidRequest, false));
        assert!(transport.sent().is_empty());
    }
}

/// The time that an interceptor takes says nothing of an endpoint that was never asked.
#[tokio::test(start_paused = true)]
async fn a_held_attempt_blames_no_endpoint() {
    // Silent endpoints lose their connections after as many attempts, and are ejected; held ones do not.
    for (does, blamed) in [(Does::Nothing, true), (Does::Wait(9_000), false)] {
        let transport = ScriptedTransport::answering(SystemClock, |_: &_| Script::hangs());
        let writer = Writer { name: "a", diary: Diary::default(), call: Does::Nothing, attempt: does };
        let mesh = Mesh::builder().config(config(2)).transport(transport.clone()).rng(SeededRng::new(1));
        let mesh = mesh.interceptor(writer).build().unwrap();
        let client = Client::with_mesh(&mesh).unwrap();
        for _ in 0..20 {
            let error = client.get(7).attempt_timeout(secs(2)).retries(0).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
        }
        let ejected =
            mesh.endpoints("order-service").iter().any(|status| status.health != EndpointHealth::Open);
        assert_eq!((ejected, !transport.forgotten().is_empty()), (blamed, blamed));
        assert_eq!(transport.sent().is_empty(), !blamed);
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_requests_the_slower_is_dropped() {
    let diary = Diary::default();
    // One call in twenty may be hedged.
    let fast = std::iter::repeat_with(ok).take(40);
    let transport = script(fast.chain([ok().after(secs(1)), ok().after(millis(5))]));
    let client = world(&diary, config(2), &transport, [PASS; 2]);
    for _ in 0..40 {
        client.get(7).hedging(Hedging::After(millis(50))).await.unwrap();
    }
    diary.take();
    client.get(7).hedging(Hedging::After(millis(50))).await.unwrap();
    let lines = diary.take();
    let expected =
        "a+call, b+call, a+1, b+1, a+2, b+2, b-2 ok, a-2 ok, b-1 dropped, a-1 dropped, b-call ok, a-call ok";
    assert_eq!(spaced(&lines), expected);
}

/// A call is dropped at every point where it waits: whoever was told of its begin is told of its end.
#[tokio::test(start_paused = true)]
async fn a_call_may_be_dropped_at_any_await() {
    let mut turn = 0;
    let answer = move |_: &_| {
        turn += 1;
        match turn % 4 {
            0 => ok().after(millis(4)),
            1 => status(503).after(millis(3)),
            2 => Script::truncated(&ORDER[..9]).after(millis(1)),
            _ => Script::refused().after(millis(1)),
        }
    };
    let diary = Diary::default();
    let transport = ScriptedTransport::answering(SystemClock, answer);
    let waits = (Does::Wait(2), Does::Wait(2));
    let client = world(&diary, config(3), &transport, [waits; 2]);
    let (mut dropped, mut ended) = (0, 0);
    for round in 0..1_200 {
        let times = round % 60;
        let hedging = Hedging::After(millis(3));
        let call = client.get(7);
        let call = if round % 2 == 0 { call } else { call.hedging(hedging) };
        match poll_and_drop(call.into_future(), times).await {
            true => ended += 1,
            false => dropped += 1,
        }
        assert_eq!(diary.unmatched(), [""; 0], "dropped after {times} polls");
    }
    assert!(dropped > 100 && ended > 100, "{dropped} {ended}");
}

/// Adds headers, waits, and writes down what it sees.
#[derive(Debug, Clone, Default)]
struct Looker {
    diary: Diary,
    wait: u64,
}

impl Interceptor for Looker {
    fn before_call<'a>(&'a self, call: &'a mut OutgoingCall) -> Hook<'a> {
        Hook::later(async move {
            SystemClock.sleep(millis(self.wait)).await;
            call.headers_mut().insert(HeaderName::from_static("x-tenant"), HeaderValue::from_static("acme"));
            call.append_query("tenant", "a b");
            Ok(())
        })
    }

    fn before_attempt<'a>(&'a self, attempt: &'a mut OutgoingAttempt<'_>) -> Hook<'a> {
        let (number, endpoint) = (attempt.number(), attempt.endpoint().to_string());
        let tenant = attempt.headers().get("x-tenant").map(|value| value.to_str().unwrap().to_owned());
        self.diary.note(format!("{number} {endpoint} {} {tenant:?}", attempt.call().operation()));
        attempt.headers_mut().insert(HeaderName::from_static("x-number"), HeaderValue::from(number));
        Hook::later(async move {
            SystemClock.sleep(millis(self.wait)).await;
            Ok(())
        })
    }

    fn after_attempt(&self, ended: &AttemptEnded<'_>) {
        let from = ended.headers().and_then(|headers| headers.get("x-from"));
        self.diary.note(format!("{:?} {from:?} {:?}", ended.status(), ended.elapsed));
    }

    fn after_call(&self, ended: &CallEnded<'_>) {
        let from = ended.headers().and_then(|headers| headers.get("x-from"));
        self.diary.note(format!("{:?} {from:?} {} {:?}", ended.status(), ended.attempts, ended.elapsed));
    }
}

#[tokio::test(start_paused = true)]
async fn what_they_add_is_sent_and_what_they_see_is_so() {
    let looker = Looker { wait: 100, ..Looker::default() };
    let diary = looker.diary.clone();
    let transport = script([
        status(503).header("x-from", "one").header("retry-after", "0").after(millis(10)),
        ok().header("x-from", "two"),
    ]);
    let config = ClientConfig::builder().timeout(secs(1)).build().unwrap().overlay(config(2));
    let mesh = Mesh::builder().config(config).transport(transport.clone()).rng(SeededRng::new(1));
    let client = Client::with_mesh(&mesh.interceptor(looker).build().unwrap()).unwrap();
    client.get(7).await.unwrap();
    let sent = transport.sent();
    assert_eq!(headers(&sent, "x-tenant"), ["acme", "acme"]);
    assert_eq!(headers(&sent, "x-number"), ["1", "2"]);
    assert!(sent.iter().all(|request| request.target == "/orders/7?tenant=a%20b"));
    // The time that an interceptor took is not the service's any more.
    assert_eq!(headers(&sent, "x-request-timeout-ms"), ["800", "690"]);
    let lines = diary.take();
    let (one, two) = (&sent[0].endpoint, &sent[1].endpoint);
    assert_ne!(one, two);
    let tenant = r#"GetOrder Some("acme")"#;
    assert_eq!(
        lines,
        [
            format!("1 {one} {tenant}"),
            r#"Some(503) Some("one") 110ms"#.to_owned(),
            format!("2 {two} {tenant}"),
            r#"Some(200) Some("two") 100ms"#.to_owned(),
            r#"Some(200) Some("two") 2 310ms"#.to_owned(),
        ]
    );
}

/// An idempotency key that an interceptor gives is worth as much as the caller's; one that it takes away is gone.
#[tokio::test(start_paused = true)]
async fn an_idempotency_key_may_come_from_an_interceptor() {
    #[derive(Debug)]
    struct Key(bool);
    impl Interceptor for Key {
        fn before_call<'a>(&'a self, call: &'a mut OutgoingCall) -> Hook<'a> {
            let name = HeaderName::from_static("idempotency-key");
            if self.0 {
                call.headers_mut().insert(name, HeaderValue::from_static("\"k\""));
            } else {
                call.headers_mut().remove(name);
            }
            Hook::done()
        }
    }
    for (gives, attempts) in [(true, 2), (false, 1)] {
        let transport = script([status(503), ok()]);
        let mesh = Mesh::builder().config(config(1)).transport(transport.clone()).rng(SeededRng::new(1));
        let client = Client::with_mesh(&mesh.interceptor(Key(gives)).build().unwrap()).unwrap();
        let call = client.create(&support::order());
        let call = if gives { call } else { call.idempotency_key("mine") };
        assert_eq!(call.await.is_ok(), gives);
        assert_eq!(transport.sent().len(), attempts);
    }
}
