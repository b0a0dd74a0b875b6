//! Proportions of the calls, where endpoints have weights (RFC 2782).

use super::member::Member;

/// Running sums of weights, for a search by a number below their total.
#[derive(Debug)]
pub(super) struct Shares(Vec<u64>);

impl Shares {
    /// `None` where all have the same weight: then none is needed.
    pub(super) fn of(members: &[Member]) -> Option<Self> {
        let weights = || members.iter().map(|member| member.endpoint().weight());
        let first = weights().next()?;
        if weights().all(|weight| weight == first) {
            return None;
        }
        let sums = weights().scan(0_u64, |sum, weight| {
            *sum += u64::from(weight);
            Some(*sum)
        });
        Some(Shares(sums.collect()))
    }

    /// Whose share the number lies in; `bits` stands for a fraction of 2⁶⁴.
    pub(super) fn at(&self, bits: u64) -> usize {
        let total = self.0.last().copied().unwrap_or_default();
        let point = ((u128::from(bits) * u128::from(total)) >> 64) as u64;
        self.0.partition_point(|sum| *sum <= point)
    }
}
