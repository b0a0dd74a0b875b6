//! What the settings say of an operation's calls: in its descriptor, and in the documentation of its method.

use std::time::Duration;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::text;
use crate::ir::{Breaker, Choice, Hedging, Idempotency, Operation, Policy};

/// The descriptor's settings, where there are some.
pub(super) fn policy(policy: &Policy) -> TokenStream {
    let calls: Vec<TokenStream> = [
        choice(policy.timeout.as_ref(), quote! { timeout }, quote! { no_timeout }, duration),
        choice(
            policy.attempt_timeout.as_ref(),
            quote! { attempt_timeout },
            quote! { no_attempt_timeout },
            duration,
        ),
        policy.retries.map(Literal::u32_unsuffixed).map(|retries| quote! { .retries(#retries) }),
        choice(policy.max_body.as_ref(), quote! { max_body }, quote! { no_max_body }, |bytes| {
            let bytes = Literal::u64_unsuffixed(*bytes);
            quote! { #bytes }
        }),
        choice(policy.breaker.as_ref(), quote! { breaker }, quote! { no_breaker }, breaker),
        choice(policy.hedging.as_ref(), quote! { hedging }, quote! { no_hedging }, hedging),
        caching(policy).map(|caching| quote! { .caching(#caching) }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut out = TokenStream::new();
    if !calls.is_empty() {
        out.extend(quote! { .policy(rpc_runtime::codegen::CallPolicy::UNSET #(#calls)*) });
    }
    if let Some(codes) = policy.retry_codes.as_ref().filter(|codes| !codes.is_empty()) {
        out.extend(quote! { .retry_codes(&[#(#codes),*]) });
    }
    if let Some(json) = &policy.fallback {
        out.extend(quote! { .fallback(#json) });
    }
    out
}

fn caching(policy: &Policy) -> Option<TokenStream> {
    let kept = match &policy.cache {
        Some(Choice::Off) => return Some(quote! { rpc_runtime::cache::Caching::OFF }),
        Some(Choice::Set(ttl)) => {
            let ttl = duration(ttl);
            Some(quote! { rpc_runtime::cache::Caching::new(#ttl) })
        }
        None => None,
    };
    let Some(stale) = &policy.stale_if_error else { return kept };
    let (kept, stale) = (kept.unwrap_or(quote! { rpc_runtime::cache::Caching::UNSET }), duration(stale));
    Some(quote! { #kept.stale_if_error(#stale) })
}

fn choice<T>(
    chosen: Option<&Choice<T>>,
    set: TokenStream,
    off: TokenStream,
    value: fn(&T) -> TokenStream,
) -> Option<TokenStream> {
    Some(match chosen? {
        Choice::Off => quote! { .#off() },
        Choice::Set(chosen) => {
            let value = value(chosen);
            quote! { .#set(#value) }
        }
    })
}

fn duration(duration: &Duration) -> TokenStream {
    let millis = Literal::u64_unsuffixed(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
    quote! { std::time::Duration::from_millis(#millis) }
}

fn breaker(breaker: &Breaker) -> TokenStream {
    let (threshold, recovery) = (Literal::u32_unsuffixed(breaker.threshold), duration(&breaker.recovery));
    quote! { rpc_runtime::Breaker::new(#threshold, #recovery) }
}

fn hedging(hedging: &Hedging) -> TokenStream {
    match hedging {
        Hedging::After(delay) => {
            let delay = duration(delay);
            quote! { rpc_runtime::Hedging::After(#delay) }
        }
        Hedging::Percentile(percentile) => {
            // Without the digits that come from the binary fraction.
            let part = Literal::f64_unsuffixed(((100.0 - percentile) * 1e4).round() / 1e6);
            quote! { rpc_runtime::Hedging::Slowest(#part) }
        }
    }
}

/// What a caller should know of them.
pub(super) fn docs(operation: &Operation) -> Vec<String> {
    let Policy {
        timeout,
        attempt_timeout,
        retries,
        max_body,
        retry_codes,
        breaker,
        hedging,
        cache,
        stale_if_error,
        fallback,
    } = &operation.policy;
    let mut said = Vec::new();
    match timeout {
        Some(Choice::Set(limit)) => said.push(format!("{limit:?} for the call")),
        Some(Choice::Off) => said.push("no limit for the call".to_owned()),
        None => {}
    }
    match attempt_timeout {
        Some(Choice::Set(limit)) => said.push(format!("{limit:?} for an attempt")),
        Some(Choice::Off) => said.push("no limit for an attempt".to_owned()),
        None => {}
    }
    match retries {
        Some(0) => said.push("no re-send".to_owned()),
        Some(1) => said.push("1 re-send".to_owned()),
        Some(retries) => said.push(format!("{retries} re-sends")),
        None => {}
    }
    if let Some(codes) = retry_codes.as_ref().filter(|codes| !codes.is_empty()) {
        let codes: Vec<String> = codes.iter().map(|code| text::code(code)).collect();
        said.push(format!("another attempt after {}", codes.join(" or ")));
    }
    match max_body {
        Some(Choice::Set(bytes)) => said.push(format!("replies of at most {bytes} bytes")),
        Some(Choice::Off) => said.push("replies of any size".to_owned()),
        None => {}
    }
    match breaker {
        Some(Choice::Set(Breaker { threshold, recovery })) => {
            said.push(format!("refused for {recovery:?} after {threshold} failed calls in a row"));
        }
        Some(Choice::Off) => said.push("no breaker".to_owned()),
        None => {}
    }
    match hedging {
        Some(Choice::Set(Hedging::After(delay))) => said.push(format!("a second request after {delay:?}")),
        Some(Choice::Set(Hedging::Percentile(percentile))) => {
            said.push(format!("a second request when it is later than {percentile} % of the replies"));
        }
        Some(Choice::Off) => said.push("no second request beside the first".to_owned()),
        None => {}
    }
    match cache {
        Some(Choice::Set(ttl)) => said.push(format!("replies kept for {ttl:?}")),
        Some(Choice::Off) => said.push("no kept reply".to_owned()),
        None => {}
    }
    if let Some(max_age) = stale_if_error {
        said.push(format!("for {max_age:?} more while the service is down"));
    }
    if let Some(json) = fallback {
        said.push(format!("{} when that is no help either", text::code(json)));
    }
    let mut lines = Vec::new();
    if operation.idempotency == Idempotency::Keyed {
        lines.push(
            "It carries an `Idempotency-Key`, made for each call that is given none, so it may be repeated."
                .to_owned(),
        );
    }
    if !said.is_empty() {
        lines.push(format!("Its settings, unless the call has others: {}.", said.join(", ")));
    }
    lines
}
