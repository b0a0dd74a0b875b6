//! The failure of a call that a handler made, as the handler's own.

use http::StatusCode;

use super::Rejection;
use crate::error::{Error, ErrorKind, TimeoutScope};

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Self::of(&error)
    }
}

impl Rejection {
    /// Passes the answer of another service on where its status is one of these: status, code, message, `error_code` and details. Any
    /// other error becomes what `From` makes of it. The status is the [effective](Error::effective_status) one.
    ///
    /// ```
    /// use rpc_runtime::server::{Enveloped, Rejection};
    ///
    /// async fn order(orders: &rpc_runtime::Client) -> Result<Enveloped<serde_json::Value>, Rejection> {
    ///     let call = orders.get("/orders/7").send().await;
    ///     let order = call.map_err(|error| Rejection::relay(&error, &[404, 409]))?;
    /// #   let _ = order;
    ///     Ok(Enveloped(serde_json::Value::Null))
    /// }
    /// ```
    pub fn relay(error: &Error, statuses: &[u16]) -> Self {
        let said = error.effective_status().filter(|status| statuses.contains(&status.as_u16()));
        let Some(status) = said.filter(|_| error.is_response()) else { return Self::of(error) };
        let mut rejection = Self::new(status, error.message().unwrap_or_default());
        if let Some(code) = error.code() {
            rejection = rejection.code(code.clone());
        }
        if let Some(error_code) = error.error_code() {
            rejection = rejection.error_code(error_code);
        }
        if let Some(details) = error.details().and_then(|details| details.decode::<serde_json::Value>().ok())
        {
            rejection = rejection.details(details);
        }
        waiting(rejection, error)
    }

    fn of(error: &Error) -> Self {
        let upstream = |status: StatusCode, error_code: &str, what: &str| {
            let message = format!("{}.{} {what}", error.service(), error.operation());
            Self::new(status, message).error_code(error_code)
        };
        let timeout = || upstream(StatusCode::GATEWAY_TIMEOUT, "UPSTREAM_TIMEOUT", "did not answer in time");
        let unavailable = || {
            waiting(
                upstream(StatusCode::SERVICE_UNAVAILABLE, "UPSTREAM_UNAVAILABLE", "is not available"),
                error,
            )
        };
        match error.kind() {
            ErrorKind::Timeout(TimeoutScope::Inherited) => Self::expired(),
            ErrorKind::Timeout(_) => timeout(),
            ErrorKind::Discovery | ErrorKind::Overload => unavailable(),
            ErrorKind::Credential if error.is_retryable() => unavailable(),
            ErrorKind::Response => match error.effective_status().map(|status| status.as_u16()) {
                Some(429 | 503) => unavailable(),
                Some(504) => timeout(),
                _ => upstream(StatusCode::BAD_GATEWAY, "UPSTREAM_FAILED", "failed"),
            },
            ErrorKind::Connection | ErrorKind::Decode => {
                upstream(StatusCode::BAD_GATEWAY, "UPSTREAM_FAILED", "failed")
            }
            ErrorKind::Config | ErrorKind::InvalidRequest | ErrorKind::Credential => {
                upstream(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "could not be called")
            }
        }
    }
}

fn waiting(rejection: Rejection, error: &Error) -> Rejection {
    match error.retry_after() {
        Some(wait) => rejection.retry_after(wait),
        None => rejection,
    }
}
