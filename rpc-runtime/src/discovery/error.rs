//! Why a service cannot be found.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::name::ServiceName;

/// Why a service has no endpoints. Cheap to clone: every call that waited for one lookup gets it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// No source knows the name.
    #[error("service \"{service}\" is not configured{}", after_unknown(.nearest, .known))]
    Unknown {
        /// The name that was asked for.
        service: ServiceName,
        /// The names that are known.
        known: Arc<[ServiceName]>,
        /// The known name that looks most like it.
        nearest: Option<ServiceName>,
    },
    /// The resolver says no, or gives no address, and there is no earlier set to go on with.
    #[error("host \"{host}\" of service \"{service}\" cannot be resolved{}", did_you_mean(.nearest))]
    Resolve {
        /// The service.
        service: ServiceName,
        /// The name that was looked up.
        host: Arc<str>,
        /// A configured name that looks like the service's, in case that is a typo.
        nearest: Option<ServiceName>,
        /// What the resolver said.
        #[source]
        source: Arc<io::Error>,
    },
    /// There were endpoints, and there are none any more.
    #[error("service \"{service}\" has no endpoints: \"{host}\" has no addresses any more")]
    NoEndpoints {
        /// The service.
        service: ServiceName,
        /// The name that was looked up.
        host: Arc<str>,
    },
    /// The resolver said nothing in the time that the call had, and there is no earlier set to go on with.
    #[error("no answer from the resolver for service \"{service}\" within {waited:?}")]
    Timeout {
        /// The service.
        service: ServiceName,
        /// How long this call waited.
        waited: Duration,
    },
    /// The service's name makes no usable host name.
    #[error("service \"{service}\" makes no usable host name: {message}")]
    InvalidHost {
        /// The service.
        service: ServiceName,
        /// What is wrong.
        message: Arc<str>,
    },
}

fn did_you_mean(nearest: &Option<ServiceName>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"))
}

fn after_unknown(nearest: &Option<ServiceName>, known: &[ServiceName]) -> String {
    let hint = did_you_mean(nearest);
    if known.is_empty() {
        return format!("{hint}; no service is (RPC_CLIENT_SERVICES), and DNS is not asked");
    }
    let names: Vec<&str> = known.iter().map(ServiceName::as_str).collect();
    format!("{hint}; configured are {}", names.join(", "))
}
