//! What a caller may choose for one call.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::credentials::{Credential, is_sensitive};
use crate::policy::CallPolicy;
use crate::trace::TraceId;

/// Options of one call; unset ones come from the client.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallOptions {
    pub(crate) policy: CallPolicy,
    pub(crate) headers: HeaderMap,
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) credentials: Vec<(&'static str, Credential)>,
}

impl CallOptions {
    /// Adds a header; a bad name or value is an error that names it (never the value, which may be a secret).
    pub(crate) fn header(&mut self, name: &str, value: &str) -> Result<(), String> {
        let bad = |part| format!("header `{name}`: not a valid {part}");
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad("header name"))?;
        let mut value = HeaderValue::from_str(value).map_err(|_| bad("header value"))?;
        value.set_sensitive(is_sensitive(&parsed));
        self.headers.append(parsed, value);
        Ok(())
    }
}
