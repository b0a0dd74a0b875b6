//! Phase 3, one round: an attempt, and a second one beside it when the first is slow.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use super::attempt::Attempt;
use super::attempts::{Tried, begin};
use super::exchange::{Exchanged, within};
use super::judge::Judged;
use super::log;
use super::prepare::Prepared;
use crate::balance::Lease;
use crate::codegen::Decode;
use crate::discovery::Endpoint;
use crate::eject::Outcome;
use crate::error::Story;
use crate::hedge::Hedging;
use crate::metrics::{Event, HedgeStep};

/// Makes an attempt, or two of which the first success counts.
pub(super) async fn run(
    call: &Prepared,
    lease: Lease,
    tried: &mut Tried,
    hedging: &mut Option<Hedging>,
    story: &mut Story,
    decoder: &mut dyn Decode,
) -> Judged {
    let mut first = begin(call, lease, tried, story);
    let delay = hedging
        .and_then(|hedging| call.handle.state().hedges().delay(hedging, call.outgoing.operation, call.now()));
    match delay {
        None => {
            let exchanged = first.exchange().await;
            ended(first, exchanged, story, decoder)
        }
        // Boxed: the state of two attempts would make every call's future larger.
        Some(delay) => Box::pin(raced(call, delay, first, tried, hedging, story, decoder)).await,
    }
}

/// Whether a call may be hedged, once in all its rounds. It pays for that in advance.
pub(super) fn admit(call: &Prepared) -> Option<Hedging> {
    let hedging = call.policy.hedging.filter(|_| call.outgoing.is_repeatable())?;
    call.handle.state().hedges().budget().deposit(call.now());
    Some(hedging)
}

/// With the attempt, for those that are beside each other.
async fn exchanged(mut attempt: Attempt<'_>) -> (Attempt<'_>, Exchanged) {
    let exchanged = attempt.exchange().await;
    (attempt, exchanged)
}

async fn raced(
    call: &Prepared,
    delay: Duration,
    first: Attempt<'_>,
    tried: &mut Tried,
    hedging: &mut Option<Hedging>,
    story: &mut Story,
    decoder: &mut dyn Decode,
) -> Judged {
    let first_began = call.now();
    let mut one = pin!(exchanged(first));
    let until = first_began.checked_add(delay);
    if let Some((attempt, exchanged)) = within(&**call.handle.mesh().clock(), until, one.as_mut()).await {
        return ended(attempt, exchanged, story, decoder);
    }
    let Some(lease) = second(call, tried) else {
        let (attempt, exchanged) = one.await;
        return ended(attempt, exchanged, story, decoder);
    };
    *hedging = None;
    log::hedging(story, lease.endpoint(), delay);
    let second_began = call.now();
    let mut two = pin!(exchanged(begin(call, lease, tried, story)));
    tell(call, HedgeStep::Sent);
    let (first_ended, (attempt, exchanged)) = either(one.as_mut(), two.as_mut()).await;
    let judged = ended(attempt, exchanged, story, decoder);
    if judged.result.is_ok() {
        if !first_ended {
            tell(call, HedgeStep::Won);
        }
        overtaken(call, if first_ended { second_began } else { first_began });
        return judged;
    }
    // An error never wins over a success that may still come.
    let (attempt, exchanged) = if first_ended { two.await } else { one.await };
    let other = ended(attempt, exchanged, story, decoder);
    if first_ended && other.result.is_ok() {
        tell(call, HedgeStep::Won);
    }
    better(judged, other)
}

fn tell(call: &Prepared, step: HedgeStep) {
    let (service, operation) = (call.outgoing.service(), call.outgoing.operation);
    call.tell(|| Event::Hedge { service, operation, step });
}

/// Of two ends, the success, else the one that says more: an answer to the request, then any reply.
fn better(one: Judged, two: Judged) -> Judged {
    let says = |judged: &Judged| match &judged.result {
        Ok(_) => 3,
        Err(_) if judged.verdict.outcome == Outcome::Healthy => 2,
        Err(error) if error.status().is_some() => 1,
        Err(_) => 0,
    };
    if says(&one) > says(&two) { one } else { two }
}

/// The slower one took this long at least.
fn overtaken(call: &Prepared, began: Instant) {
    if let Some(hedging) = call.policy.hedging {
        let now = call.now();
        let elapsed = now.saturating_duration_since(began);
        call.handle.state().hedges().took(hedging, call.outgoing.operation, elapsed, now);
    }
}

fn ended(attempt: Attempt<'_>, exchanged: Exchanged, story: &mut Story, decoder: &mut dyn Decode) -> Judged {
    story.endpoint = Some(attempt.endpoint().clone());
    let judged = attempt.judge(exchanged, decoder);
    story.saw(judged.verdict.sent);
    judged
}

/// An endpoint for the second attempt, if both budgets have something left, and there is one that works and was not tried.
fn second(call: &Prepared, tried: &[Endpoint]) -> Option<Lease> {
    let (state, now) = (call.handle.state(), call.now());
    let hedge = state.hedges().budget().take(now)?;
    let resend = state.budget().take(now)?;
    let lease = state.balancer().another(tried)?;
    hedge.used();
    resend.used();
    Some(lease)
}

/// The one that is done first, and whether that is the first one. The second is asked before it: it counts as an attempt, and
/// interceptors must see it also when the first has been done just now.
async fn either<F, G, T>(mut one: Pin<&mut F>, mut two: Pin<&mut G>) -> (bool, T)
where
    F: Future<Output = T>,
    G: Future<Output = T>,
{
    poll_fn(|context| {
        if let Poll::Ready(output) = two.as_mut().poll(context) {
            return Poll::Ready((false, output));
        }
        one.as_mut().poll(context).map(|output| (true, output))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_are_begun() {
        let mut begun = false;
        let two = poll_fn(|_| {
            begun = true;
            Poll::Pending
        });
        assert_eq!(either(pin!(std::future::ready(1)), pin!(two)).await, (true, 1));
        assert!(begun);
    }
}
