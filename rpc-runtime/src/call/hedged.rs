//! Phase 3, one round: an attempt, and a second one beside it when the first is slow.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use super::attempt::Attempt;
use super::attempts::{acquire, begin};
use super::exchange::{Exchanged, within};
use super::judge::Judged;
use super::log;
use super::prepare::Prepared;
use crate::balance::Lease;
use crate::codegen::Decode;
use crate::discovery::Endpoint;
use crate::error::Story;

/// Makes an attempt, or two of which the first success counts.
pub(super) async fn run(
    call: &Prepared,
    lease: Lease,
    tried: &mut Vec<Endpoint>,
    story: &mut Story,
    decoder: &mut dyn Decode,
) -> Judged {
    let first = begin(call, lease, tried, story);
    match delay(call) {
        None => alone(first, story, decoder).await,
        // Boxed: the state of two attempts would make every call's future larger.
        Some(delay) => Box::pin(raced(call, delay, first, tried, story, decoder)).await,
    }
}

/// How long the first may take, if the call may be hedged.
fn delay(call: &Prepared) -> Option<Duration> {
    let hedging = call.policy.hedging.filter(|_| call.outgoing.is_repeatable())?;
    let (hedges, now) = (call.handle.state().hedges(), call.now());
    hedges.budget().deposit(now);
    hedges.delay(hedging, call.outgoing.operation, now)
}

async fn alone(attempt: Attempt<'_>, story: &mut Story, decoder: &mut dyn Decode) -> Judged {
    let (attempt, exchanged) = attempt.exchange().await;
    ended(attempt, exchanged, story, decoder)
}

async fn raced(
    call: &Prepared,
    delay: Duration,
    first: Attempt<'_>,
    tried: &mut Vec<Endpoint>,
    story: &mut Story,
    decoder: &mut dyn Decode,
) -> Judged {
    let mut one = pin!(first.exchange());
    if let Some((attempt, exchanged)) = within(&**call.handle.mesh().clock(), Some(delay), one.as_mut()).await
    {
        return ended(attempt, exchanged, story, decoder);
    }
    let Some(lease) = second(call, tried).await else {
        let (attempt, exchanged) = one.await;
        return ended(attempt, exchanged, story, decoder);
    };
    log::hedging(story, lease.endpoint(), delay);
    let mut two = pin!(begin(call, lease, tried, story).exchange());
    let (first_ended, (attempt, exchanged)) = either(one.as_mut(), two.as_mut()).await;
    let judged = ended(attempt, exchanged, story, decoder);
    // An error never wins over a success that may still come.
    match (&judged.result, first_ended) {
        (Ok(_), _) => judged,
        (Err(_), true) => {
            let (attempt, exchanged) = two.await;
            ended(attempt, exchanged, story, decoder)
        }
        (Err(_), false) => {
            let (attempt, exchanged) = one.await;
            ended(attempt, exchanged, story, decoder)
        }
    }
}

fn ended(attempt: Attempt<'_>, exchanged: Exchanged, story: &mut Story, decoder: &mut dyn Decode) -> Judged {
    story.endpoint = Some(attempt.endpoint().clone());
    let judged = attempt.judge(exchanged, decoder);
    story.saw(judged.verdict.sent);
    judged
}

/// An endpoint for the second attempt, if there is another one, and both budgets have something left.
async fn second(call: &Prepared, tried: &[Endpoint]) -> Option<Lease> {
    let (state, clock) = (call.handle.state(), &**call.handle.mesh().clock());
    let lease = acquire(call, tried).await.ok().filter(|lease| !tried.contains(lease.endpoint()))?;
    let hedge = state.hedges().budget().withdraw(clock)?;
    let resend = state.budget().withdraw(clock)?;
    hedge.used();
    resend.used();
    Some(lease)
}

/// The one that is done first, and whether that is the first one.
async fn either<F, G, T>(mut one: Pin<&mut F>, mut two: Pin<&mut G>) -> (bool, T)
where
    F: Future<Output = T>,
    G: Future<Output = T>,
{
    poll_fn(|context| {
        if let Poll::Ready(output) = one.as_mut().poll(context) {
            return Poll::Ready((true, output));
        }
        two.as_mut().poll(context).map(|output| (false, output))
    })
    .await
}
