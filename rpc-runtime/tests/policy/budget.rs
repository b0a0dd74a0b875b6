//! The retry budget of a service.

use super::support::FixedRng;
use super::*;

/// A client of a service that fails until the script's end; its waits are all zero, so the clock stands.
fn failing(calls: usize, then: Vec<Script>) -> (Client, ScriptedTransport) {
    let transport = script(std::iter::repeat_n(status(503), calls).chain(then));
    (Client::with_mesh(&mesh(&transport, config(1), FixedRng(0))).unwrap(), transport)
}

/// Spends the budget: 30 of the reserve and a fifth of 25 calls.
const SPENT: usize = 25 + 30 + 5;

async fn spend(client: &Client) {
    for _ in 0..25 {
        client.get(7).await.unwrap_err();
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_altogether_gets_a_fifth_more_and_the_reserve() {
    let (client, transport) = failing(1_000, Vec::new());
    for _ in 0..100 {
        client.get(7).await.unwrap_err();
    }
    assert_eq!(transport.sent().len(), 100 + 30 + 20);
}

#[tokio::test(start_paused = true)]
async fn the_last_real_error_says_that_the_budget_is_spent() {
    let (client, _) = failing(1_000, Vec::new());
    let first = client.get(7).await.unwrap_err();
    assert!(first.retry_exhausted() && !first.budget_exhausted(), "its attempts were spent");
    for _ in 0..24 {
        client.get(7).await.unwrap_err();
    }
    let result = client.get(7).await;
    assert_eq!(outcome(&result), "HTTP 503 after 1, sent yes, exhausted");
    let error = result.unwrap_err();
    assert!(error.budget_exhausted() && error.status().unwrap().as_u16() == 503);
    assert!(error.is_retryable(), "later, by somebody else");
}

#[tokio::test(start_paused = true)]
async fn the_first_re_send_of_what_never_left_is_free_the_next_is_not() {
    let refused = Script::refused;
    let (client, transport) = failing(SPENT, vec![refused(), ok(), refused(), refused(), ok()]);
    spend(&client).await;
    assert_eq!(transport.sent().len(), SPENT);
    client.create(&order()).await.unwrap();
    let result = client.create(&order()).await;
    assert_eq!(outcome(&result), "connection after 2, sent never, exhausted");
    assert!(result.unwrap_err().budget_exhausted());
}

#[tokio::test(start_paused = true)]
async fn a_second_gives_nothing_back_ten_do() {
    let (client, _) = failing(SPENT, vec![status(503), status(503), ok()]);
    spend(&client).await;
    tokio::time::advance(secs(8)).await;
    assert_eq!(outcome(&client.get(7).await), "HTTP 503 after 1, sent yes, exhausted");
    tokio::time::advance(secs(11)).await;
    assert_eq!(outcome(&client.get(7).await), "ok");
}
