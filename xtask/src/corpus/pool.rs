//! The same work for many, some at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The results in the order of the items. The work begins in that order; after a failure nothing new begins.
pub(super) fn map<I: Sync, O: Send>(
    items: &[I],
    jobs: usize,
    work: impl Fn(usize, &I) -> anyhow::Result<O> + Sync,
) -> anyhow::Result<Vec<O>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, anyhow::Result<O>)>> = Mutex::default();
    let worker = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return };
            let result = work(index, item);
            if result.is_err() {
                next.store(items.len(), Ordering::Relaxed);
            }
            results.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((index, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(worker);
        }
    });
    let mut results = results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_failures_come_through() {
        let items: Vec<usize> = (0..100).collect();
        for jobs in [0, 1, 7] {
            let squares = map(&items, jobs, |index, item| Ok(index * item)).unwrap();
            assert_eq!(squares, items.iter().map(|n| n * n).collect::<Vec<_>>());
            let failed = map(&items, jobs, |_, item| match item {
                3 => anyhow::bail!("three"),
                _ => Ok(()),
            });
            assert_eq!(failed.unwrap_err().to_string(), "three");
        }
    }
}
