//! Settings from code.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use super::client::ClientConfig;
use super::error::{ConfigError, Place};
use super::merge::Setting;
use super::records::DnsRecords;
use super::url::{Scheme, ServiceUrl};
use super::value;
use crate::balance::Balancing;
use crate::breaker::Breaker;
use crate::credentials::is_sensitive;
use crate::discovery::ServiceName;
use crate::hedge::Hedging;

/// Makes a [`ClientConfig`] from code. The first bad value is the error of [`build`](Self::build).
///
/// Limits take a value, or `None` for "off".
#[derive(Debug, Default)]
pub struct ClientConfigBuilder {
    config: ClientConfig,
    fault: Option<ConfigError>,
}

impl ClientConfig {
    /// An empty layer to fill from code.
    pub fn builder() -> ClientConfigBuilder {
        ClientConfigBuilder::default()
    }
}

impl ClientConfigBuilder {
    /// The one URL of a service; a host name may stand for several instances.
    #[must_use]
    pub fn service(self, name: &str, url: &str) -> Self {
        self.instances(name, [url])
    }

    /// The instances of a service.
    #[must_use]
    pub fn instances<'u>(self, name: &str, urls: impl IntoIterator<Item = &'u str>) -> Self {
        let fault =
            |path: String, message: String| ConfigError::new("services", message).at(Place::new(path, 1, 1));
        let parsed = ServiceName::new(name).map_err(|error| fault(format!("{name:?}"), error.to_string()));
        let parsed = parsed.and_then(|service| {
            let mut instances: Vec<ServiceUrl> = Vec::new();
            for url in urls {
                let path = || format!("{name:?}[{}]", instances.len());
                let url = ServiceUrl::parse(url).map_err(|error| fault(path(), error.to_string()))?;
                if instances.contains(&url) {
                    return Err(fault(path(), format!("\"{url}\" is in the list twice")));
                }
                instances.push(url);
            }
            if instances.is_empty() {
                return Err(fault(format!("{name:?}"), "found no URL, expected at least one".to_owned()));
            }
            Ok((service, instances))
        });
        self.apply(parsed, |config, (service, instances)| {
            config.services.insert(service, instances);
        })
    }

    /// A file with a JSON map of services, `{"orders": "http://orders:8000"}`, for those that are given by no other
    /// method here. Changes take effect within about a second.
    #[must_use]
    pub fn services_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.config.services_file = Some(path.into());
        self
    }

    /// The whole call, retries and waits included.
    #[must_use]
    pub fn timeout(self, limit: impl Into<Setting<Duration>>) -> Self {
        self.apply(checked("timeout", limit.into()), |config, limit| config.timeout = limit)
    }

    /// One attempt.
    #[must_use]
    pub fn attempt_timeout(self, limit: impl Into<Setting<Duration>>) -> Self {
        self.apply(checked("attempt_timeout", limit.into()), |config, limit| config.attempt_timeout = limit)
    }

    /// The TCP and TLS handshake.
    #[must_use]
    pub fn connect_timeout(self, limit: impl Into<Setting<Duration>>) -> Self {
        self.apply(checked("connect_timeout", limit.into()), |config, limit| config.connect_timeout = limit)
    }

    /// Re-sends after the first attempt.
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Self {
        self.config.retries = Some(retries);
        self
    }

    /// Base of the exponential backoff; zero does not wait.
    #[must_use]
    pub fn retry_delay(self, delay: Duration) -> Self {
        self.apply(at_most_a_day("retry_delay", delay), |config, delay| config.retry_delay = Some(delay))
    }

    /// Cap of one backoff wait.
    #[must_use]
    pub fn retry_max_delay(self, delay: Duration) -> Self {
        self.apply(at_most_a_day("retry_max_delay", delay), |config, delay| {
            config.retry_max_delay = Some(delay)
        })
    }

    /// Most bytes of a response body.
    #[must_use]
    pub fn max_body(mut self, bytes: impl Into<Setting<u64>>) -> Self {
        self.config.max_body = bytes.into();
        self
    }

    /// When calls to a service are refused for a while.
    #[must_use]
    pub fn breaker(self, breaker: impl Into<Setting<Breaker>>) -> Self {
        let fault =
            |what: &str| Err(ConfigError::new("breaker", format!("found {what}; None is no breaker")));
        let checked = match breaker.into() {
            Setting::Set(Breaker { threshold: 0, .. }) => {
                fault("a threshold of zero, which refuses every call")
            }
            Setting::Set(Breaker { recovery: Duration::ZERO, .. }) => {
                fault("a recovery of zero, which refuses no call")
            }
            Setting::Set(breaker) => {
                at_most_a_day("breaker", breaker.recovery).map(|_| Setting::Set(breaker))
            }
            other => Ok(other),
        };
        self.apply(checked, |config, breaker| config.breaker = breaker)
    }

    /// When a second request may overtake a slow one.
    #[must_use]
    pub fn hedging(self, hedging: impl Into<Setting<Hedging>>) -> Self {
        let fault = |what: String| Err(ConfigError::new("hedging", format!("{what}; None is no hedging")));
        let checked = match hedging.into() {
            Setting::Set(Hedging::After(Duration::ZERO)) => fault("found a delay of zero".to_owned()),
            Setting::Set(Hedging::Slowest(part)) if !(part > 0.0 && part < 1.0) => {
                fault(format!("found {part}, expected a part of the replies between 0 and 1, such as 0.05"))
            }
            other => Ok(other),
        };
        self.apply(checked, |config, hedging| config.hedging = hedging)
    }

    /// Whether DNS is asked for a service that the map lacks.
    #[must_use]
    pub fn dns_fallback(mut self, allowed: bool) -> Self {
        self.config.dns_fallback = Some(allowed);
        self
    }

    /// Scheme of services found by DNS.
    #[must_use]
    pub fn dns_scheme(self, scheme: Scheme) -> Self {
        let scheme = value::scheme("dns_scheme", scheme.as_str());
        self.apply(scheme, |config, scheme| config.dns_scheme = Some(scheme))
    }

    /// Port of services found by DNS.
    #[must_use]
    pub fn dns_port(self, port: u16) -> Self {
        self.apply(value::port("dns_port", &port.to_string()), |config, port| config.dns_port = Some(port))
    }

    /// The cluster's domain, such as `cluster.local`.
    #[must_use]
    pub fn dns_domain(self, domain: &str) -> Self {
        self.apply(value::domain("dns_domain", domain), |config, domain| config.dns_domain = Some(domain))
    }

    /// Name servers to ask in place of the system's, the first one first. Search list and hosts file stay the system's. Needs the
    /// feature `dns`.
    #[must_use]
    pub fn dns_servers(self, servers: impl IntoIterator<Item = SocketAddr>) -> Self {
        let servers = value::checked_servers("dns_servers", servers.into_iter().collect());
        self.apply(servers, |config, servers| config.dns_servers = Some(servers))
    }

    /// How endpoints are chosen; unset, it depends on where they come from.
    #[must_use]
    pub fn balancing(mut self, balancing: Balancing) -> Self {
        self.config.balancing = Some(balancing);
        self
    }

    /// Requests in flight per endpoint, at most; a call that finds all endpoints full fails with
    /// [`ErrorKind::Overload`](crate::ErrorKind::Overload).
    #[must_use]
    pub fn max_in_flight(self, limit: impl Into<Setting<u32>>) -> Self {
        let limit = match limit.into() {
            Setting::Set(0) => Err(ConfigError::new(
                "max_in_flight",
                "found zero, which lets no request through; None switches the limit off",
            )),
            limit => Ok(limit),
        };
        self.apply(limit, |config, limit| config.max_in_flight = limit)
    }

    /// Whether endpoints that fail are left alone for a while.
    #[must_use]
    pub fn ejection(mut self, allowed: bool) -> Self {
        self.config.ejection = Some(allowed);
        self
    }

    /// Equal lines about failures (service, operation, failure) that the log of a client has in one `log_window`; the rest is
    /// counted, and told when the window is over.
    #[must_use]
    pub fn log_limit(self, lines: impl Into<Setting<u32>>) -> Self {
        let limit = match lines.into() {
            Setting::Set(0) => Err(ConfigError::new(
                "log_limit",
                "found zero, which would hide every failure; None switches the limit off",
            )),
            limit => Ok(limit),
        };
        self.apply(limit, |config, limit| config.log_limit = limit)
    }

    /// How long equal lines about failures are counted together.
    #[must_use]
    pub fn log_window(self, window: Duration) -> Self {
        let checked = match window.is_zero() {
            true => {
                Err(ConfigError::new("log_window", "found zero, and a window of no length counts nothing"))
            }
            false => Ok(window),
        };
        self.apply(checked, |config, window| config.log_window = Some(window))
    }

    /// Whether the log shows the headers of requests and replies, at level `trace` under the target `rpc_runtime::headers`. Values
    /// that are usually secret are hidden: those of credentials, cookies, keys, tokens, baggage, locations.
    #[must_use]
    pub fn log_headers(mut self, shown: bool) -> Self {
        self.config.log_headers = Some(shown);
        self
    }

    /// Headers whose values are hidden there, too.
    #[must_use]
    pub fn log_redact<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        let name = |name: &str| {
            let what = |error| {
                ConfigError::new("log_redact", format!("{name:?} is no name of a header")).caused_by(error)
            };
            name.parse::<HeaderName>().map_err(what)
        };
        let names: Result<Vec<_>, _> = names.into_iter().map(name).collect();
        self.apply(names, |config, names| config.log_redact.extend(names))
    }

    /// A PEM file of roots to trust beside those of the machine. It is read when a mesh is made.
    #[must_use]
    pub fn tls_ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.config.tls_ca_file = Some(path.into());
        self
    }

    /// Whether only the roots of that file are trusted, and not those of the machine.
    #[must_use]
    pub fn tls_only_ca_file(mut self, only: bool) -> Self {
        self.config.tls_only_ca_file = Some(only);
        self
    }

    /// PEM files with a certificate of the client's own, and those up to a root; and with its private key. They are read
    /// when a mesh is made.
    #[must_use]
    pub fn tls_client_auth_files(mut self, cert: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.config.tls_cert_file = Some(cert.into());
        self.config.tls_key_file = Some(key.into());
        self
    }

    /// What DNS is asked for; [`Auto`](DnsRecords::Auto) with the feature `dns`, else [`A`](DnsRecords::A).
    #[must_use]
    pub fn dns_records(self, records: DnsRecords) -> Self {
        let checked = records.check();
        let checked = checked.map_err(|why| ConfigError::new("dns_records", format!("\"{records}\" {why}")));
        self.apply(checked, |config, records| config.dns_records = Some(records))
    }

    /// A header of every request; a second value for the same name is added.
    #[must_use]
    pub fn default_header(self, name: &str, value: &str) -> Self {
        let fault = |message: String| ConfigError::new("default_headers", message);
        let parsed = HeaderName::try_from(name)
            .map_err(|error| fault(format!("{name:?} is not a header name")).caused_by(error))
            .and_then(|name| match HeaderValue::try_from(value) {
                Ok(mut value) => {
                    value.set_sensitive(is_sensitive(&name));
                    Ok((name, value))
                }
                Err(error) => {
                    Err(fault(format!("the value of {name} is not a header value")).caused_by(error))
                }
            });
        self.apply(parsed, |config, (name, value)| {
            config.default_headers.append(name, value);
        })
    }

    /// The layer, or the first fault.
    pub fn build(self) -> Result<ClientConfig, ConfigError> {
        self.fault.map_or(Ok(self.config), Err)
    }

    fn apply<T>(mut self, parsed: Result<T, ConfigError>, set: impl FnOnce(&mut ClientConfig, T)) -> Self {
        match parsed {
            Ok(value) => set(&mut self.config, value),
            Err(fault) => self.fault = self.fault.or(Some(fault)),
        }
        self
    }
}

/// A limit that can be meant.
fn checked(name: &'static str, limit: Setting<Duration>) -> Result<Setting<Duration>, ConfigError> {
    match limit {
        Setting::Set(Duration::ZERO) => {
            Err(ConfigError::new(name, "found zero; None switches the limit off"))
        }
        Setting::Set(limit) => at_most_a_day(name, limit).map(Setting::Set),
        limit => Ok(limit),
    }
}

/// Longer ones overflow the clock sooner or later.
fn at_most_a_day(name: &'static str, duration: Duration) -> Result<Duration, ConfigError> {
    if duration > value::LONGEST {
        return Err(ConfigError::new(
            name,
            format!("{duration:?} is more than a day; None switches a limit off"),
        ));
    }
    Ok(duration)
}
