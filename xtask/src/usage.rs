//! What processes cost: CPU time and memory, as the system counts them.

use anyhow::{Context as _, bail};

/// CPU time and the largest memory of a process, or of the largest of several.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Usage {
    /// User and system time together, in seconds.
    pub(crate) cpu: f64,
    /// In KiB.
    pub(crate) peak: u64,
}

/// This process until now.
pub(crate) fn own() -> anyhow::Result<Usage> {
    of(Who::Own)
}

/// All children that have ended and were waited for, and theirs.
pub(crate) fn children() -> anyhow::Result<Usage> {
    of(Who::Children)
}

#[derive(Debug, Clone, Copy)]
enum Who {
    Own,
    Children,
}

#[cfg(unix)]
fn of(who: Who) -> anyhow::Result<Usage> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;
    let who = match who {
        Who::Own => UsageWho::RUSAGE_SELF,
        Who::Children => UsageWho::RUSAGE_CHILDREN,
    };
    let usage = getrusage(who).context("getrusage")?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let cpu = std::time::Duration::from_micros(microseconds.unsigned_abs()).as_secs_f64();
    // Apple counts bytes, everybody else KiB.
    let unit = if cfg!(target_vendor = "apple") { 1024 } else { 1 };
    Ok(Usage { cpu, peak: usage.max_rss().unsigned_abs() / unit })
}

#[cfg(not(unix))]
fn of(_: Who) -> anyhow::Result<Usage> {
    anyhow::bail!("measuring processes needs a Unix system")
}

/// From here on this process gets no more memory (bytes) and CPU time (seconds): it ends when it needs more.
///
/// Memory is bounded in the allocator: what it reserves of the address space is not what is used.
pub(crate) fn limit(memory: u64, cpu: u64) -> anyhow::Result<()> {
    let most = usize::try_from(memory).unwrap_or(usize::MAX);
    if crate::ALLOCATOR.set_limit(most).is_err() {
        bail!("memory allocation of {} bytes is more than the limit already", crate::ALLOCATOR.allocated());
    }
    limit_cpu(cpu)
}

#[cfg(unix)]
fn limit_cpu(seconds: u64) -> anyhow::Result<()> {
    use nix::sys::resource::{Resource, setrlimit};
    // One second between the signal that can be told apart and the one that cannot be ignored.
    setrlimit(Resource::RLIMIT_CPU, seconds, seconds + 1).context("limiting CPU time")
}

#[cfg(not(unix))]
fn limit_cpu(_: u64) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_process_costs_something() {
        let own = own().unwrap();
        assert!(own.cpu > 0.0 && own.peak > 1024, "{own:?}");
        assert!(children().unwrap().cpu >= 0.0);
    }
}
