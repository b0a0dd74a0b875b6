//! A second request beside a slow one.

use std::future::IntoFuture as _;

use super::*;

/// Calls that pay for one hedge.
const PAID: usize = 20;

/// A client of two endpoints that sends a second request after 20 ms, once so many calls are paid.
fn hedged(
    endpoints: usize,
    paid: usize,
    replies: impl IntoIterator<Item = Script>,
) -> (Client, ScriptedTransport) {
    let transport = script(std::iter::repeat_n(ok(), paid).chain(replies));
    let mut config = config(endpoints);
    config.ejection = Some(false);
    let settings = Client::builder().mesh(&mesh(&transport, config, LONGEST));
    (settings.hedging(Hedging::After(millis(20))).build().unwrap(), transport)
}

async fn pay(client: &Client, calls: usize) {
    for _ in 0..calls {
        client.get(7).await.unwrap();
    }
}

/// What one GET gives: outcome, milliseconds, attempts.
async fn check(replies: impl IntoIterator<Item = Script>, expected: (&str, u64, usize)) {
    let (client, transport) = hedged(2, PAID, replies);
    pay(&client, PAID).await;
    let began = Instant::now();
    let result = client.get(7).retries(0).await;
    let sent = transport.sent().split_off(PAID);
    let (wanted, took) = (millis(expected.1), began.elapsed());
    assert_eq!((outcome(&result).as_str(), sent.len()), (expected.0, expected.2));
    assert!(took >= wanted && took <= wanted + millis(5), "{took:?}, not {wanted:?}");
    if let [first, second] = sent.as_slice() {
        assert_ne!(first.endpoint, second.endpoint);
        assert_eq!((first.header("x-request-attempt"), second.header("x-request-attempt")), ("1", "2"));
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_success_wins() {
    check([ok().after(millis(19))], ("ok", 19, 1)).await;
    check([ok().after(secs(1)), ok().after(millis(5))], ("ok", 25, 2)).await;
    check([ok().after(millis(40)), ok().after(secs(1))], ("ok", 40, 2)).await;
}

#[tokio::test(start_paused = true)]
async fn a_fast_error_does_not_win() {
    check([ok().after(millis(200)), status(503)], ("ok", 200, 2)).await;
    check([ok().after(millis(200)), Script::refused()], ("ok", 200, 2)).await;
    check([status(503).after(millis(50)), ok().after(millis(100))], ("ok", 120, 2)).await;
    let both = [status(503).after(millis(50)), status(502).after(millis(100))];
    check(both, ("HTTP 502 after 2, sent yes, exhausted", 120, 2)).await;
}

#[tokio::test(start_paused = true)]
async fn of_two_errors_the_one_that_says_more() {
    let answer = ("HTTP 404 after 2, sent yes", 120, 2);
    check([status(404).after(millis(50)), status(503).after(millis(100))], answer).await;
    check([status(503).after(millis(50)), status(404).after(millis(100))], answer).await;
    let reply = ("HTTP 503 after 2, sent yes, exhausted", 120, 2);
    check([status(503).after(millis(50)), Script::refused().after(millis(100))], reply).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_is_hedged_once() {
    let slow = || status(503).after(millis(50));
    let (client, transport) = hedged(3, 2 * PAID, [slow(), slow(), ok().after(millis(100))]);
    pay(&client, 2 * PAID).await;
    client.get(7).await.unwrap();
    assert_eq!(transport.sent().len(), 2 * PAID + 3);
}

#[tokio::test(start_paused = true)]
async fn when_both_fail_it_goes_on_as_after_one() {
    let both = [status(503).after(millis(50)), status(503).after(millis(10)), ok()];
    let (client, transport) = hedged(2, PAID, both);
    pay(&client, PAID).await;
    assert_eq!(client.get(7).send().await.unwrap().attempts(), 3);
    assert_eq!(transport.sent().len(), PAID + 3);
}

#[tokio::test(start_paused = true)]
async fn only_what_may_be_repeated_and_only_elsewhere() {
    let slow = || vec![ok().after(millis(100)); 4];
    let (client, transport) = hedged(2, PAID, slow());
    pay(&client, PAID).await;
    client.create(&order()).await.unwrap();
    assert_eq!(transport.sent().len(), PAID + 1, "unsafe");
    client.create(&order()).idempotency_key("k").await.unwrap();
    assert_eq!(transport.sent().len(), PAID + 3, "keyed");

    let (client, transport) = hedged(1, PAID, slow());
    pay(&client, PAID).await;
    client.get(7).await.unwrap();
    assert_eq!(transport.sent().len(), PAID + 1, "one endpoint");

    let (client, transport) = hedged(2, PAID, slow());
    pay(&client, PAID).await;
    client.get(7).no_hedging().await.unwrap();
    assert_eq!(transport.sent().len(), PAID + 1, "switched off");
}

#[tokio::test(start_paused = true)]
async fn there_is_none_unless_somebody_asks() {
    let transport = script(vec![ok().after(secs(5)); 40]);
    let client = Client::with_mesh(&mesh(&transport, config(2), LONGEST)).unwrap();
    pay(&client, 40).await;
    assert_eq!(transport.sent().len(), 40);
}

#[tokio::test(start_paused = true)]
async fn one_call_in_twenty() {
    let (client, transport) = hedged(2, 0, vec![ok().after(millis(50)); 200]);
    pay(&client, 100).await;
    assert_eq!(transport.sent().len(), 105);
}

#[tokio::test(start_paused = true)]
async fn it_draws_on_the_retry_budget_too() {
    // Forty calls pay for two hedges; where they fail, they leave nothing of the retry budget.
    for (code, hedges) in [(404, 1), (503, 0)] {
        let mut slow = false;
        let transport = ScriptedTransport::answering(rpc_runtime::clock::SystemClock, move |request| {
            slow |= request.target.contains("note");
            if slow { ok().after(millis(100)) } else { status(code) }
        });
        let mut config = config(2);
        config.ejection = Some(false);
        let settings = Client::builder().mesh(&mesh(&transport, config, LONGEST));
        let client = settings.hedging(Hedging::After(millis(20))).build().unwrap();
        for _ in 0..40 {
            client.get(7).await.unwrap_err();
        }
        let before = transport.sent().len();
        client.get(7).note("slow").await.unwrap();
        assert_eq!(transport.sent().len() - before, 1 + hedges, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_percentile_of_the_recent_replies() {
    for (known, hedges) in [(49, 0), (60, 1)] {
        let usual = vec![ok().after(millis(10)); known];
        let transport = script(usual.into_iter().chain([ok().after(secs(1)), ok()]));
        let settings = Client::builder().mesh(&mesh(&transport, config(2), LONGEST));
        let client = settings.hedging(Hedging::Slowest(0.05)).build().unwrap();
        pay(&client, known).await;
        let began = Instant::now();
        client.get(7).await.unwrap();
        assert_eq!(transport.sent().len(), known + 1 + hedges);
        assert_eq!(began.elapsed() < millis(20), hedges == 1, "{:?}", began.elapsed());
    }
}

/// A caller who gives up early says nothing of how long replies take: otherwise every call would soon be hedged.
#[tokio::test(start_paused = true)]
async fn dropped_calls_are_no_latency() {
    let known = 100;
    let slow = std::iter::repeat_with(|| ok().after(millis(10))).take(known);
    let given_up = std::iter::repeat_with(Script::hangs).take(3 * known);
    let transport = script(slow.chain(given_up).chain([ok().after(millis(10))]));
    let settings = Client::builder().mesh(&mesh(&transport, config(2), LONGEST));
    let client = settings.hedging(Hedging::Slowest(0.05)).build().unwrap();
    pay(&client, known).await;
    for _ in 0..3 * known {
        assert!(!support::poll_and_drop(client.get(7).into_future(), 2).await);
    }
    client.get(7).await.unwrap();
    assert_eq!(transport.sent().len(), 4 * known + 1);
}
