//! What a call's setters do.

use std::time::Duration;

use crate::breaker::Breaker;
use crate::config::Setting;
use crate::credentials::Credential;
use crate::hedge::Hedging;
use crate::request::Request;
use crate::trace::TraceId;

impl Request {
    /// Time for the whole call; `None` is no limit. Zero (a deadline that has passed) is a timeout, not a mistake.
    pub fn set_timeout(&mut self, limit: Option<Duration>) {
        self.options.policy.timeout = Setting::from(limit);
    }

    /// Time for one attempt; `None` is no limit.
    pub fn set_attempt_timeout(&mut self, limit: Option<Duration>) {
        self.options.policy.attempt_timeout = Setting::from(limit);
    }

    /// Re-sends after the first attempt.
    pub fn set_retries(&mut self, retries: u32) {
        self.options.policy.retries = Some(retries);
    }

    /// Largest body to accept.
    pub fn set_max_body(&mut self, bytes: u64) {
        self.options.policy.max_body = Setting::Set(bytes);
    }

    /// The breaker of this call; `None` asks none.
    pub fn set_breaker(&mut self, breaker: Option<Breaker>) {
        self.options.policy.breaker = Setting::from(breaker);
    }

    /// The hedging of this call; `None` is none.
    pub fn set_hedging(&mut self, hedging: Option<Hedging>) {
        self.options.policy.hedging = Setting::from(hedging);
    }

    /// How long a kept reply is good for; `None` keeps nothing.
    #[cfg(feature = "cache")]
    pub fn set_cache(&mut self, ttl: Option<Duration>) {
        self.options.policy.caching.ttl = Setting::from(ttl);
    }

    /// How long it is good for beyond that, when the service does not answer properly.
    #[cfg(feature = "cache")]
    pub fn set_stale_if_error(&mut self, max_age: Duration) {
        self.options.policy.caching.stale_if_error = Setting::Set(max_age);
    }

    /// The `Authorization` header of this call.
    pub fn set_authorization(&mut self, credential: &Credential) {
        match credential.authorization() {
            Ok(value) => {
                self.options.headers.insert(http::header::AUTHORIZATION, value);
            }
            Err(what) => self.fail(what),
        }
    }

    /// Adds a header.
    pub fn add_header(&mut self, name: &str, value: &str) {
        if let Err(what) = self.options.header(name, value) {
            self.fail(what);
        }
    }

    /// The trace id of this call.
    pub fn set_trace_id(&mut self, id: &str) {
        match TraceId::new(id) {
            Ok(id) => self.options.trace_id = Some(id),
            Err(error) => self.fail(error.to_string()),
        }
    }

    /// The idempotency key of this call.
    pub fn set_idempotency_key(&mut self, key: String) {
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            self.fail("idempotency key: it must be 1 or more printable ASCII characters");
        }
        self.options.idempotency_key = Some(key);
    }

    /// A credential of this call, before those of the client.
    pub fn set_credential(&mut self, name: &'static str, credential: Credential) {
        if let Err(what) = credential.check() {
            self.fail(what);
        }
        self.options.credentials.push((name, credential));
    }
}
