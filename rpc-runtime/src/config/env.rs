//! The variables: their spellings, and where they come from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::client::ClientConfig;
use super::error::{ConfigError, Place};
use super::merge::Setting;
use super::nearest::nearest;
use super::{dotenv, services, tls, value};
use crate::breaker::Breaker;

const PREFIX: &str = "RPC_CLIENT_";
/// The start of the Python framework's spellings; it has settings there that are none of ours.
const NESTED_PREFIX: &str = "RPC_CLIENT__";

/// One setting as a variable.
struct Variable {
    flat: &'static str,
    /// The Python framework's spelling.
    nested: Option<&'static str>,
    set: fn(&mut ClientConfig, &str, &str) -> Result<(), ConfigError>,
}

/// Every setting that has a variable.
const VARIABLES: &[Variable] = &[
    Variable {
        flat: "RPC_CLIENT_SERVICES",
        nested: Some("RPC_CLIENT__SERVICES"),
        set: |config, name, text| services::parse(name, text).map(|services| config.services = services),
    },
    Variable {
        flat: "RPC_CLIENT_SERVICES_FILE",
        nested: None,
        set: |config, _, text| {
            config.services_file = Some(text.into());
            Ok(())
        },
    },
    Variable {
        flat: "RPC_CLIENT_TIMEOUT",
        nested: Some("RPC_CLIENT__DEFAULT_TIMEOUT"),
        set: |config, name, text| value::limit(name, text).map(|limit| config.timeout = limit),
    },
    Variable {
        flat: "RPC_CLIENT_ATTEMPT_TIMEOUT",
        nested: None,
        set: |config, name, text| value::limit(name, text).map(|limit| config.attempt_timeout = limit),
    },
    Variable {
        flat: "RPC_CLIENT_RETRIES",
        nested: Some("RPC_CLIENT__DEFAULT_RETRY_TIMES"),
        set: |config, name, text| value::count(name, text).map(|count| config.retries = Some(count)),
    },
    Variable {
        flat: "RPC_CLIENT_RETRY_DELAY",
        nested: None,
        set: |config, name, text| value::seconds(name, text).map(|delay| config.retry_delay = Some(delay)),
    },
    Variable {
        flat: "RPC_CLIENT_RETRY_MAX_DELAY",
        nested: None,
        set: |config, name, text| {
            value::seconds(name, text).map(|delay| config.retry_max_delay = Some(delay))
        },
    },
    // Before the recovery, which belongs to it.
    Variable {
        flat: "RPC_CLIENT_BREAKER_THRESHOLD",
        nested: None,
        set: |config, name, text| {
            value::threshold(name, text).map(|threshold| {
                config.breaker = match threshold {
                    0 => Setting::Off,
                    _ => Setting::Set(Breaker { threshold, ..Breaker::USUAL }),
                }
            })
        },
    },
    Variable {
        flat: "RPC_CLIENT_BREAKER_RECOVERY",
        nested: None,
        set: |config, name, text| {
            let recovery = value::recovery(name, text)?;
            match &mut config.breaker {
                Setting::Unset => config.breaker = Setting::Set(Breaker { recovery, ..Breaker::USUAL }),
                Setting::Set(breaker) => breaker.recovery = recovery,
                Setting::Off => config
                    .warnings
                    .push(format!("{name} has no effect: RPC_CLIENT_BREAKER_THRESHOLD is 0, no breaker")),
            }
            Ok(())
        },
    },
    Variable {
        flat: "RPC_CLIENT_HEDGING",
        nested: None,
        set: |config, name, text| value::hedging(name, text).map(|hedging| config.hedging = hedging),
    },
    Variable {
        flat: "RPC_CLIENT_DNS_FALLBACK",
        nested: Some("RPC_CLIENT__USE_DNS_FALLBACK"),
        set: |config, name, text| value::truth(name, text).map(|allowed| config.dns_fallback = Some(allowed)),
    },
    Variable {
        flat: "RPC_CLIENT_DNS_SCHEME",
        nested: Some("RPC_CLIENT__DNS_SCHEME"),
        set: |config, name, text| value::scheme(name, text).map(|scheme| config.dns_scheme = Some(scheme)),
    },
    Variable {
        flat: "RPC_CLIENT_DNS_PORT",
        nested: Some("RPC_CLIENT__DNS_PORT"),
        set: |config, name, text| value::port(name, text).map(|port| config.dns_port = Some(port)),
    },
    Variable {
        flat: "RPC_CLIENT_DNS_DOMAIN",
        nested: None,
        set: |config, name, text| value::domain(name, text).map(|domain| config.dns_domain = Some(domain)),
    },
    Variable {
        flat: "RPC_CLIENT_DNS_SERVERS",
        nested: None,
        set: |config, name, text| {
            value::servers(name, text).map(|servers| config.dns_servers = Some(servers))
        },
    },
    Variable {
        flat: "RPC_CLIENT_BALANCING",
        nested: None,
        set: |config, name, text| value::balancing(name, text).map(|it| config.balancing = Some(it)),
    },
    Variable {
        flat: "RPC_CLIENT_MAX_IN_FLIGHT",
        nested: None,
        set: |config, name, text| value::in_flight(name, text).map(|limit| config.max_in_flight = limit),
    },
    Variable {
        flat: "RPC_CLIENT_EJECTION",
        nested: None,
        set: |config, name, text| value::truth(name, text).map(|allowed| config.ejection = Some(allowed)),
    },
    Variable {
        flat: tls::CA_FILE,
        nested: None,
        set: |config, _, text| set_file(&mut config.tls_ca_file, text),
    },
    Variable {
        flat: tls::ONLY_CA_FILE,
        nested: None,
        set: |config, name, text| value::truth(name, text).map(|only| config.tls_only_ca_file = Some(only)),
    },
    Variable {
        flat: tls::CERT_FILE,
        nested: None,
        set: |config, _, text| set_file(&mut config.tls_cert_file, text),
    },
    Variable {
        flat: tls::KEY_FILE,
        nested: None,
        set: |config, _, text| set_file(&mut config.tls_key_file, text),
    },
    Variable {
        flat: "RPC_CLIENT_DNS_RECORDS",
        nested: None,
        set: |config, name, text| {
            value::records(name, text).map(|records| config.dns_records = Some(records))
        },
    },
    Variable {
        flat: "RPC_CLIENT_LOG_LIMIT",
        nested: None,
        set: |config, name, text| value::log_limit(name, text).map(|limit| config.log_limit = limit),
    },
    Variable {
        flat: "RPC_CLIENT_LOG_WINDOW",
        nested: None,
        set: |config, name, text| value::log_window(name, text).map(|it| config.log_window = Some(it)),
    },
    Variable {
        flat: "RPC_CLIENT_LOG_HEADERS",
        nested: None,
        set: |config, name, text| value::truth(name, text).map(|shown| config.log_headers = Some(shown)),
    },
    Variable {
        flat: "RPC_CLIENT_LOG_REDACT",
        nested: None,
        set: |config, name, text| value::header_names(name, text).map(|names| config.log_redact = names),
    },
];

/// A file is opened when a mesh is made, not here.
fn set_file(place: &mut Option<PathBuf>, text: &str) -> Result<(), ConfigError> {
    *place = Some(text.into());
    Ok(())
}

impl ClientConfig {
    /// Reads the process environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Layer::read(process_vars()?)?.into_config()
    }

    /// Reads a `.env` file under the process environment: per setting, the environment wins over the file, and
    /// within each the flat spelling over the nested one.
    pub fn from_env_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::new(name.clone(), "cannot be read").caused_by(error))?;
        Layer::read(process_vars()?)?.over(Layer::read_file(&name, &text)?).into_config()
    }

    /// Reads variables from anywhere; of a repeated name the last value counts. Names that do not start with
    /// `RPC_CLIENT_` are skipped, unknown ones that do are errors, unknown nested ones (`RPC_CLIENT__…`) warnings.
    pub fn from_vars<N: AsRef<str>, V: AsRef<str>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, ConfigError> {
        Layer::read(vars)?.into_config()
    }
}

/// The text of each setting (by its flat spelling) and the spelling that it came under.
#[derive(Default)]
struct Layer {
    values: BTreeMap<&'static str, (&'static str, String)>,
    warnings: Vec<String>,
}

impl Layer {
    fn read<N: AsRef<str>, V: AsRef<str>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, ConfigError> {
        let mut layer = Layer::default();
        let mut nested: BTreeMap<&'static str, (&'static str, String)> = BTreeMap::new();
        for (name, text) in vars {
            let (name, text) = (name.as_ref(), text.as_ref().trim().to_owned());
            if !is_ours(name) {
                continue;
            }
            let known = |variable: &&Variable| variable.flat == name || variable.nested == Some(name);
            match VARIABLES.iter().find(known) {
                Some(Variable { flat, .. }) if *flat == name => drop(layer.values.insert(flat, (flat, text))),
                Some(Variable { flat, nested: Some(spelling), .. }) => {
                    drop(nested.insert(flat, (spelling, text)))
                }
                _ if name.starts_with(NESTED_PREFIX) => {
                    layer.warnings.push(format!("{name} is not a setting of this client and has no effect"));
                }
                _ if is_service_link(name) => {
                    layer
                        .warnings
                        .push(format!("{name} looks like a Kubernetes service link and has no effect"));
                }
                _ => return Err(unknown(name)),
            }
        }
        for (flat, value) in nested {
            match layer.values.get(flat) {
                Some((_, text)) if *text == value.1 => {}
                Some(_) => layer.warnings.push(format!("{} has no effect beside {flat}", value.0)),
                None => drop(layer.values.insert(flat, value)),
            }
        }
        Ok(layer)
    }

    fn read_file(path: &str, text: &str) -> Result<Self, ConfigError> {
        let file = dotenv::parse(text);
        let mut warnings = Vec::new();
        for fault in file.faults {
            // A shared file may hold what only others can read; but nothing that might be ours is skipped.
            if fault.text.to_ascii_uppercase().contains("RPC_CLIENT") {
                let place = Place::new("", fault.line, fault.column);
                return Err(ConfigError::new(path, fault.message).at(place));
            }
            warnings.push(format!("{path}: line {}, column {}: {}", fault.line, fault.column, fault.message));
        }
        let mut seen = BTreeMap::new();
        for var in file.vars.iter().filter(|var| is_ours(&var.name)) {
            if let Some(line) = seen.insert(&var.name, var.line) {
                warnings
                    .push(format!("{path}: {} of line {line} is set again in line {}", var.name, var.line));
            }
        }
        let mut layer = Layer::read(file.vars.iter().map(|var| (&var.name, &var.value)))?;
        layer.warnings.extend(warnings);
        Ok(layer)
    }

    fn over(mut self, below: Layer) -> Self {
        for (flat, value) in below.values {
            self.values.entry(flat).or_insert(value);
        }
        self.warnings.extend(below.warnings);
        self
    }

    fn into_config(self) -> Result<ClientConfig, ConfigError> {
        let mut config = ClientConfig { warnings: self.warnings, ..ClientConfig::default() };
        for Variable { flat, set, .. } in VARIABLES {
            match self.values.get(flat) {
                None => {}
                Some((name, text)) if text.is_empty() => {
                    return Err(ConfigError::new(*name, "is empty; write a value, or remove the variable"));
                }
                Some((name, text)) => set(&mut config, name, text)?,
            }
        }
        Ok(config)
    }
}

/// Whether a name is meant for us; the case is a typo, not another variable.
fn is_ours(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Kubernetes gives every pod `<SERVICE>_SERVICE_HOST`, `_SERVICE_PORT…` and `_PORT…` for each service of its namespace: one that is
/// called `rpc-client` must not keep everybody from starting.
fn is_service_link(name: &str) -> bool {
    let tail = name.get(PREFIX.len()..).unwrap_or_default();
    tail == "PORT" || ["SERVICE_HOST", "SERVICE_PORT", "PORT_"].iter().any(|start| tail.starts_with(start))
}

fn unknown(name: &str) -> ConfigError {
    let known = VARIABLES.iter().map(|variable| variable.flat);
    // Only what follows the prefix is compared, else everything would look alike.
    let tail = |name: &'static str| name.strip_prefix(PREFIX).unwrap_or(name);
    let wanted = name.get(PREFIX.len()..).unwrap_or_default();
    let message = match nearest(wanted, known.clone().map(tail)) {
        Some(near) => format!("is not a known variable; did you mean {PREFIX}{near}?"),
        None => format!("is not a known variable; known are {}", known.collect::<Vec<_>>().join(", ")),
    };
    ConfigError::new(name, message)
}

/// The environment's variables with our prefix.
fn process_vars() -> Result<Vec<(String, String)>, ConfigError> {
    utf8(std::env::vars_os())
}

fn utf8(vars: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Vec<(String, String)>, ConfigError> {
    let ours = vars.into_iter().filter(|(name, _)| is_ours(&name.to_string_lossy()));
    let text = |(name, value): (OsString, OsString)| {
        let name = name.to_string_lossy().into_owned();
        match value.into_string() {
            Ok(value) => Ok((name, value)),
            Err(_) => Err(ConfigError::new(name, "is not UTF-8")),
        }
    };
    ours.map(text).collect()
}

#[cfg(test)]
#[path = "env_tests.rs"]
mod tests;
