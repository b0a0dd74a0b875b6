//! What carries exports: `reqwest`, driven by whichever thread of the SDK wants to send.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, Uri};
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Runtime;

use crate::error::BoxError;
use crate::transport::{Tls, foreign_tls};

/// A client with a runtime of its own. The SDK sends from threads that it has for this and that no runtime drives; blocking one of
/// them is what it is for, and the application's runtime, which may be waiting for the last export, is not needed.
pub(super) struct Http {
    client: reqwest::Client,
    /// For collectors on this machine, of which a proxy knows nothing.
    direct: reqwest::Client,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl Http {
    /// `tls` where it is needed.
    pub(super) fn new(tls: Option<&Tls>, timeout: Duration) -> Result<Self, BoxError> {
        let tls = foreign_tls(tls)?;
        let builder = || {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .redirect(reqwest::redirect::Policy::none())
                // Nobody would notice that one was closed in the meantime.
                .pool_max_idle_per_host(0)
                .timeout(timeout)
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (client, direct) = (builder().build()?, builder().no_proxy().build()?);
        Ok(Self { client, direct, runtime: Some(runtime) })
    }
}

#[async_trait]
impl HttpClient for Http {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let Some(runtime) = &self.runtime else { return Err("the exporter has ended".into()) };
        let client = if is_this_machine(request.uri()) { &self.direct } else { &self.client };
        runtime.block_on(async {
            let mut reply = client.execute(request.try_into()?).await?;
            let (status, headers) = (reply.status(), std::mem::take(reply.headers_mut()));
            let mut response = Response::new(reply.bytes().await?);
            (*response.status_mut(), *response.headers_mut()) = (status, headers);
            Ok(response)
        })
    }
}

fn is_this_machine(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http")
    }
}

/// A runtime must not be dropped inside of another one, but whoever holds the last exporter may be there.
impl Drop for Http {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_names() {
        let check = |url: &'static str, expected: bool| {
            assert_eq!(is_this_machine(&Uri::from_static(url)), expected, "{url}");
        };
        check("http://localhost:4318/v1/traces", true);
        check("https://LOCALHOST/v1/traces", true);
        check("http://127.0.0.1:4318/v1/traces", true);
        check("http://[::1]:4318/v1/traces", true);
        check("http://10.0.0.1:4318/v1/traces", false);
        check("http://collector:4318/v1/traces", false);
        check("http://localhost.example.com/v1/traces", false);
    }
}
