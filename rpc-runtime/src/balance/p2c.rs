//! The less loaded of two.

use tokio::time::Instant;

use super::Choice;
use super::member::{LoadNumbers, Member};

/// The index of the choice, if there is any candidate.
pub(super) fn pick(choice: &Choice<'_>, numbers: &LoadNumbers) -> Option<usize> {
    let one = draw(choice)?;
    let other = match other(choice, one) {
        Some(other) => other,
        None => return Some(one),
    };
    let (first, second) = (choice.candidates.get(one)?, choice.candidates.get(other)?);
    let in_flight = |member: &Member| f64::from(member.in_flight()) + 1.0;
    let (first_cost, second_cost) = (first.cost(choice.now, numbers), second.cost(choice.now, numbers));
    // Who was never heard of is taken for as slow as its siblings usually are: a guess of its own would starve it, or flood it.
    // With no sibling heard of either, only what is in flight tells them apart, and any number will do.
    let usual = match (first_cost, second_cost) {
        (Some(_), Some(_)) => 0.0,
        _ => median(choice.candidates, choice.now, numbers).unwrap_or(1.0),
    };
    let first_load = first_cost.unwrap_or(usual) * in_flight(first);
    let second_load = second_cost.unwrap_or(usual) * in_flight(second);
    Some(if second_load < first_load { other } else { one })
}

fn draw(choice: &Choice<'_>) -> Option<usize> {
    let bits = choice.rng.next_u64();
    match choice.shares {
        Some(shares) => Some(shares.at(bits)),
        None if choice.candidates.is_empty() => None,
        None => Some(below(bits, choice.candidates.len())),
    }
}

/// Another than `one`; `None` if there is no other.
fn other(choice: &Choice<'_>, one: usize) -> Option<usize> {
    let rest = choice.candidates.len().checked_sub(1).filter(|rest| *rest > 0)?;
    if choice.shares.is_some() {
        // By weight too. A heavy one is drawn twice now and then: then it is meant to be chosen.
        return draw(choice).filter(|other| *other != one);
    }
    let other = below(choice.rng.next_u64(), rest);
    Some(if other >= one { other + 1 } else { other })
}

fn below(bits: u64, end: usize) -> usize {
    ((u128::from(bits) * end as u128) >> 64) as usize
}

/// The median cost of those that were heard of.
pub(super) fn median(members: &[Member], now: Instant, numbers: &LoadNumbers) -> Option<f64> {
    let costs = members.iter().filter_map(|member| member.cost(now, numbers));
    let mut costs: Vec<f64> = costs.collect();
    let middle = costs.len().checked_sub(1)? / 2;
    Some(*costs.select_nth_unstable_by(middle, f64::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::shares::Shares;
    use super::*;
    use crate::config::Defaults;
    use crate::rng::SeededRng;

    /// How often each is chosen of 1,000 times; members are `(weight, milliseconds, in flight)`.
    fn chosen(members: &[(u32, Option<u64>, u32)]) -> Vec<usize> {
        let now = Instant::now();
        let numbers = LoadNumbers::new(&Defaults::V1);
        let member = |(weight, millis, in_flight): &(u32, Option<u64>, u32)| {
            let member = Member::of_weight(*weight);
            if let Some(millis) = millis {
                member.observe(Duration::from_millis(*millis), now, &numbers);
            }
            (0..*in_flight).for_each(|_| assert!(member.enter(None)));
            member
        };
        let members: Vec<Member> = members.iter().map(member).collect();
        let (shares, rng) = (Shares::of(&members), SeededRng::new(5));
        let choice = Choice { candidates: &members, shares: shares.as_ref(), now, rng: &rng };
        let mut counts = vec![0; members.len()];
        for _ in 0..1_000 {
            if let Some(index) = pick(&choice, &numbers) {
                counts[index] += 1;
            }
        }
        counts
    }

    #[test]
    fn the_faster_of_two_and_the_idler_of_equals() {
        assert!(chosen(&[]).is_empty());
        assert_eq!(chosen(&[(1, None, 0)]), [1_000]);
        assert_eq!(chosen(&[(1, Some(10), 0), (1, Some(11), 0)]), [1_000, 0]);
        assert_eq!(chosen(&[(1, Some(10), 3), (1, Some(10), 2)]), [0, 1_000]);
        // Twice as slow with a third of the queue is the better one.
        assert_eq!(chosen(&[(1, Some(10), 5), (1, Some(20), 1)]), [0, 1_000]);
    }

    #[test]
    fn the_slowest_of_many_is_never_chosen_and_the_rest_share() {
        let counts = chosen(&[(1, Some(10), 0), (1, Some(10), 0), (1, Some(500), 0), (1, Some(10), 0)]);
        assert_eq!(counts[2], 0);
        assert!(counts.iter().enumerate().all(|(index, count)| index == 2 || *count > 250), "{counts:?}");
    }

    #[test]
    fn a_new_one_counts_as_its_siblings_median() {
        // The siblings take 2, 4 and 60 ms. A guess of 30 ms would lose against 4 ms; their median does not.
        let counts = chosen(&[(1, Some(2), 0), (1, Some(4), 0), (1, Some(60), 0), (1, None, 0)]);
        assert!(counts[3] > 200, "{counts:?}");
        // With nobody heard of, the one with less in flight.
        assert_eq!(chosen(&[(1, None, 1), (1, None, 0)]), [0, 1_000]);
        // In flight counts for a new one too: it is not flooded before it has answered.
        assert_eq!(chosen(&[(1, Some(2), 0), (1, None, 1)]), [1_000, 0]);
    }

    #[test]
    fn weights_say_who_is_drawn() {
        let counts = chosen(&[(9, Some(10), 0), (1, Some(10), 0)]);
        assert!((850..950).contains(&counts[0]), "{counts:?}");
    }
}
