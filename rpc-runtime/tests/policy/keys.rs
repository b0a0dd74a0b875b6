//! Idempotency keys that operations make for themselves.

use rpc_runtime::Mesh;
use rpc_runtime::testing::{ManualClock, SentRequest};

use super::support::{client, headers};
use super::*;

/// A client whose clock stands at 2026-01-01T00:00:00Z and whose randomness is all ones.
fn standing(replies: impl IntoIterator<Item = Script>) -> (Client, ScriptedTransport) {
    let transport = script(replies);
    let mesh = Mesh::builder()
        .config(config(1))
        .transport(transport.clone())
        .rng(LONGEST)
        .clock(ManualClock::new())
        .build();
    let client = Client::builder().mesh(&mesh.unwrap()).no_timeout().no_attempt_timeout().build();
    (client.unwrap(), transport)
}

#[tokio::test]
async fn keyed_operations_make_a_key_of_their_own() {
    // The time, the version 7, ones, the variant, ones.
    const KEY: &str = "019b76da-a800-7fff-bfff-ffffffffffff";
    let key = |sent: &[SentRequest]| headers(sent, "idempotency-key");
    let (client, transport) = standing([ok(), ok(), ok(), ok(), ok(), ok()]);
    client.create_keyed(&order()).await.unwrap();
    client.create_keyed_plain(&order()).await.unwrap();
    client.create_keyed(&order()).idempotency_key("mine").await.unwrap();
    client.create_keyed_plain(&order()).idempotency_key("mine").await.unwrap();
    client.create_keyed(&order()).header("Idempotency-Key", "as it is").await.unwrap();
    client.raw(rpc_runtime::Method::POST, "/orders").send().await.unwrap();
    let quoted = format!("\"{KEY}\"");
    assert_eq!(key(&transport.sent()), [&*quoted, KEY, "\"mine\"", "mine", "as it is", ""]);
}

#[tokio::test(start_paused = true)]
async fn a_key_of_its_own_is_the_same_for_all_attempts_and_another_one_for_the_next_call() {
    let failing = || [status(503), Script::reset(), ok()];
    let (client, transport) = client(failing().into_iter().chain(failing()));
    client.create_keyed(&order()).await.unwrap();
    client.create_keyed(&order()).await.unwrap();
    let keys = headers(&transport.sent(), "idempotency-key");
    let [first @ .., fourth, fifth, sixth] = keys.as_slice() else { panic!("{keys:?}") };
    assert!(first.iter().all(|key| *key == keys[0] && key.len() == 38), "{keys:?}");
    assert!(fourth != &keys[0] && fourth == fifth && fifth == sixth, "{keys:?}");
}
