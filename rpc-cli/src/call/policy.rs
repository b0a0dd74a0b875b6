//! What the settings say of an operation's calls, for the runtime.

use rpc_codegen::ir;
use rpc_runtime::cache::Caching;
use rpc_runtime::codegen::CallPolicy;
use rpc_runtime::config::Setting;
use rpc_runtime::{Breaker, Hedging};

/// The same policy; what is said of business codes is not a part of it.
pub(super) fn of(policy: &ir::Policy) -> CallPolicy {
    let mut of = CallPolicy::UNSET;
    of.timeout = setting(policy.timeout, |limit| limit);
    of.attempt_timeout = setting(policy.attempt_timeout, |limit| limit);
    of.retries = policy.retries;
    of.max_body = setting(policy.max_body, |bytes| bytes);
    of.breaker = setting(policy.breaker, |breaker| Breaker::new(breaker.threshold, breaker.recovery));
    of.hedging = setting(policy.hedging, |hedging| match hedging {
        ir::Hedging::After(delay) => Hedging::After(delay),
        ir::Hedging::Percentile(percentile) => Hedging::Slowest((100.0 - percentile) / 100.0),
    });
    of.caching = match policy.cache {
        Some(ir::Choice::Off) => Caching::OFF,
        Some(ir::Choice::Set(ttl)) => Caching::new(ttl),
        None => Caching::UNSET,
    };
    if let Some(max_age) = policy.stale_if_error {
        of.caching = of.caching.stale_if_error(max_age);
    }
    of
}

fn setting<T, U>(chosen: Option<ir::Choice<T>>, value: impl FnOnce(T) -> U) -> Setting<U> {
    match chosen {
        None => Setting::Unset,
        Some(ir::Choice::Off) => Setting::Off,
        Some(ir::Choice::Set(chosen)) => Setting::Set(value(chosen)),
    }
}
