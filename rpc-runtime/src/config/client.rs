//! The settings of a client: one layer, and the end of all layers.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderMap, HeaderName};

use super::defaults::Defaults;
use super::merge::Setting;
use super::records::DnsRecords;
use super::url::{Scheme, ServiceUrl};
use crate::balance::Balancing;
use crate::breaker::Breaker;
#[cfg(feature = "cache")]
use crate::cache::Caching;
use crate::discovery::ServiceName;
use crate::hedge::Hedging;

/// One layer of settings; what is unset here comes from the layer below.
///
/// Limits have three states, since they can be switched off; the rest is there or not.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ClientConfig {
    /// Service → its instances.
    pub services: BTreeMap<ServiceName, Vec<ServiceUrl>>,
    /// A file with such a map for services that are not in it; followed while it changes.
    pub services_file: Option<PathBuf>,
    /// The whole call, retries and waits included.
    pub timeout: Setting<Duration>,
    /// One attempt.
    pub attempt_timeout: Setting<Duration>,
    /// The TCP and TLS handshake.
    pub connect_timeout: Setting<Duration>,
    /// Re-sends after the first attempt.
    pub retries: Option<u32>,
    /// Base of the exponential backoff.
    pub retry_delay: Option<Duration>,
    /// Cap of one backoff wait.
    pub retry_max_delay: Option<Duration>,
    /// Most bytes of a response body.
    pub max_body: Setting<u64>,
    /// When calls to a service are refused for a while.
    pub breaker: Setting<Breaker>,
    /// When a second request may overtake a slow one.
    pub hedging: Setting<Hedging>,
    /// How long replies of safe operations are kept.
    #[cfg(feature = "cache")]
    pub caching: Caching,
    /// Whether DNS is asked for a service that the map lacks.
    pub dns_fallback: Option<bool>,
    /// Scheme of services found by DNS.
    pub dns_scheme: Option<Scheme>,
    /// Port of services found by DNS.
    pub dns_port: Option<u16>,
    /// The cluster's domain, such as `cluster.local`; unset, it is read from resolv.conf.
    pub dns_domain: Option<String>,
    /// Name servers to ask in place of the system's.
    pub dns_servers: Option<Vec<SocketAddr>>,
    /// How endpoints are chosen; unset, it depends on where they come from.
    pub balancing: Option<Balancing>,
    /// Requests in flight per endpoint, at most; more are an `Overload` error.
    pub max_in_flight: Setting<u32>,
    /// Whether endpoints that fail are left alone for a while.
    pub ejection: Option<bool>,
    /// A PEM file of roots to trust beside those of the machine.
    pub tls_ca_file: Option<PathBuf>,
    /// Whether the roots of that file are the only ones to trust.
    pub tls_only_ca_file: Option<bool>,
    /// A PEM file with the client's certificate, and those up to a root.
    pub tls_cert_file: Option<PathBuf>,
    /// A PEM file with that certificate's private key.
    pub tls_key_file: Option<PathBuf>,
    /// What DNS is asked for.
    pub dns_records: Option<DnsRecords>,
    /// Equal lines about failures in the log of a client, at most, in one `log_window`; the rest is counted.
    pub log_limit: Setting<u32>,
    /// How long such lines are counted together.
    pub log_window: Option<Duration>,
    /// Whether the log, at level `trace`, shows headers.
    pub log_headers: Option<bool>,
    /// Headers whose values are hidden there, beside those that are usually secret.
    pub log_redact: Vec<HeaderName>,
    /// Headers of every request.
    pub default_headers: HeaderMap,
    pub(super) warnings: Vec<String>,
}

impl ClientConfig {
    /// This layer over the one below. Services and headers merge name by name, names to hide are added, the rest field by field.
    #[must_use]
    pub fn overlay(self, below: Self) -> Self {
        let mut services = below.services;
        services.extend(self.services);
        let mut default_headers = below.default_headers;
        for name in self.default_headers.keys() {
            default_headers.remove(name);
        }
        for (name, value) in &self.default_headers {
            default_headers.append(name, value.clone());
        }
        let mut log_redact = self.log_redact;
        log_redact.extend(below.log_redact);
        let mut warnings = self.warnings;
        warnings.extend(below.warnings);
        ClientConfig {
            services,
            services_file: self.services_file.or(below.services_file),
            timeout: self.timeout.overlay(below.timeout),
            attempt_timeout: self.attempt_timeout.overlay(below.attempt_timeout),
            connect_timeout: self.connect_timeout.overlay(below.connect_timeout),
            retries: self.retries.or(below.retries),
            retry_delay: self.retry_delay.or(below.retry_delay),
            retry_max_delay: self.retry_max_delay.or(below.retry_max_delay),
            max_body: self.max_body.overlay(below.max_body),
            breaker: self.breaker.overlay(below.breaker),
            hedging: self.hedging.overlay(below.hedging),
            #[cfg(feature = "cache")]
            caching: self.caching.overlay(below.caching),
            dns_fallback: self.dns_fallback.or(below.dns_fallback),
            dns_scheme: self.dns_scheme.or(below.dns_scheme),
            dns_port: self.dns_port.or(below.dns_port),
            dns_domain: self.dns_domain.or(below.dns_domain),
            dns_servers: self.dns_servers.or(below.dns_servers),
            balancing: self.balancing.or(below.balancing),
            max_in_flight: self.max_in_flight.overlay(below.max_in_flight),
            ejection: self.ejection.or(below.ejection),
            tls_ca_file: self.tls_ca_file.or(below.tls_ca_file),
            tls_only_ca_file: self.tls_only_ca_file.or(below.tls_only_ca_file),
            tls_cert_file: self.tls_cert_file.or(below.tls_cert_file),
            tls_key_file: self.tls_key_file.or(below.tls_key_file),
            dns_records: self.dns_records.or(below.dns_records),
            log_limit: self.log_limit.overlay(below.log_limit),
            log_window: self.log_window.or(below.log_window),
            log_headers: self.log_headers.or(below.log_headers),
            log_redact,
            default_headers,
            warnings,
        }
    }

    /// Ends the layering: what is still unset comes from `defaults`.
    pub fn resolve(self, defaults: &Defaults) -> ResolvedConfig {
        let retry_delay = self.retry_delay.unwrap_or(defaults.retry_delay);
        let cap = || {
            let scaled = retry_delay.saturating_mul(defaults.retry_max_delay_factor);
            scaled.max(defaults.retry_max_delay_floor)
        };
        ResolvedConfig {
            services: self.services,
            services_file: self.services_file,
            timeout: self.timeout.resolve(defaults.timeout),
            attempt_timeout: self.attempt_timeout.resolve(defaults.attempt_timeout),
            connect_timeout: self.connect_timeout.resolve(defaults.connect_timeout),
            retries: self.retries.unwrap_or(defaults.retries),
            retry_delay,
            retry_max_delay: self.retry_max_delay.unwrap_or_else(cap),
            max_body: self.max_body.resolve(defaults.max_body),
            breaker: self.breaker.resolve(defaults.breaker),
            hedging: self.hedging.resolve(defaults.hedging),
            #[cfg(feature = "cache")]
            caching: self.caching,
            dns_fallback: self.dns_fallback.unwrap_or(defaults.dns_fallback),
            dns_scheme: self.dns_scheme.unwrap_or(defaults.dns_scheme),
            dns_port: self.dns_port.unwrap_or(defaults.dns_port),
            dns_domain: self.dns_domain,
            dns_servers: self.dns_servers,
            balancing: self.balancing,
            max_in_flight: self.max_in_flight.resolve(defaults.max_in_flight),
            ejection: self.ejection.unwrap_or(defaults.ejection),
            tls_ca_file: self.tls_ca_file,
            tls_only_ca_file: self.tls_only_ca_file.unwrap_or(false),
            tls_cert_file: self.tls_cert_file,
            tls_key_file: self.tls_key_file,
            dns_records: self.dns_records.unwrap_or(defaults.dns_records),
            log_limit: self.log_limit.resolve(defaults.log_limit),
            log_window: self.log_window.unwrap_or(defaults.log_window),
            log_headers: self.log_headers.unwrap_or(false),
            log_redact: self.log_redact,
            default_headers: self.default_headers,
        }
    }

    /// What was understood but is worth a line in the log: variables that this crate does not know or does not use.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// Settings without gaps. `None` is "no limit".
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ResolvedConfig {
    /// Service → its instances.
    pub services: BTreeMap<ServiceName, Vec<ServiceUrl>>,
    /// A file with such a map for services that are not in it; followed while it changes.
    pub services_file: Option<PathBuf>,
    /// The whole call, retries and waits included.
    pub timeout: Option<Duration>,
    /// One attempt.
    pub attempt_timeout: Option<Duration>,
    /// The TCP and TLS handshake.
    pub connect_timeout: Option<Duration>,
    /// Re-sends after the first attempt.
    pub retries: u32,
    /// Base of the exponential backoff.
    pub retry_delay: Duration,
    /// Cap of one backoff wait.
    pub retry_max_delay: Duration,
    /// Most bytes of a response body.
    pub max_body: Option<u64>,
    /// When calls to a service are refused for a while.
    pub breaker: Option<Breaker>,
    /// When a second request may overtake a slow one.
    pub hedging: Option<Hedging>,
    /// How long replies of safe operations are kept; what is unset is off.
    #[cfg(feature = "cache")]
    pub caching: Caching,
    /// Whether DNS is asked for a service that the map lacks.
    pub dns_fallback: bool,
    /// Scheme of services found by DNS.
    pub dns_scheme: Scheme,
    /// Port of services found by DNS.
    pub dns_port: u16,
    /// The cluster's domain; `None` reads it from resolv.conf.
    pub dns_domain: Option<String>,
    /// Name servers to ask; `None`: the system's.
    pub dns_servers: Option<Vec<SocketAddr>>,
    /// How endpoints are chosen; `None`: as their source suggests.
    pub balancing: Option<Balancing>,
    /// Requests in flight per endpoint, at most.
    pub max_in_flight: Option<u32>,
    /// Whether endpoints that fail are left alone for a while.
    pub ejection: bool,
    /// A PEM file of roots to trust beside those of the machine.
    pub tls_ca_file: Option<PathBuf>,
    /// Whether the roots of that file are the only ones to trust.
    pub tls_only_ca_file: bool,
    /// A PEM file with the client's certificate, and those up to a root.
    pub tls_cert_file: Option<PathBuf>,
    /// A PEM file with that certificate's private key.
    pub tls_key_file: Option<PathBuf>,
    /// What DNS is asked for.
    pub dns_records: DnsRecords,
    /// Equal lines about failures in the log of a client, at most, in one `log_window`.
    pub log_limit: Option<u32>,
    /// How long such lines are counted together.
    pub log_window: Duration,
    /// Whether the log, at level `trace`, shows headers.
    pub log_headers: bool,
    /// Headers whose values are hidden there, beside those that are usually secret.
    pub log_redact: Vec<HeaderName>,
    /// Headers of every request.
    pub default_headers: HeaderMap,
}

/// The names of headers; their values are often secrets.
struct HeaderNames<'h>(&'h HeaderMap);

impl fmt::Debug for HeaderNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.keys().map(|name| (name.as_str(), "***"))).finish()
    }
}

/// `Debug` with every field but the headers' values. (URLs hide their user information themselves.)
macro_rules! debug_without_header_values {
    ($name:ident: $($field:ident)*) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $(shown.field(stringify!($field), &self.$field);)*
                #[cfg(feature = "cache")]
                shown.field("caching", &self.caching);
                shown.field("default_headers", &HeaderNames(&self.default_headers)).finish()
            }
        }
    };
}

debug_without_header_values!(ClientConfig: services services_file timeout attempt_timeout connect_timeout retries retry_delay
    retry_max_delay max_body breaker hedging dns_fallback dns_scheme dns_port dns_domain dns_servers dns_records balancing max_in_flight
    ejection tls_ca_file tls_only_ca_file tls_cert_file tls_key_file log_limit log_window log_headers log_redact
    warnings);
debug_without_header_values!(ResolvedConfig: services services_file timeout attempt_timeout connect_timeout retries retry_delay
    retry_max_delay max_body breaker hedging dns_fallback dns_scheme dns_port dns_domain dns_servers dns_records balancing max_in_flight
    ejection tls_ca_file tls_only_ca_file tls_cert_file tls_key_file log_limit log_window log_headers log_redact);
