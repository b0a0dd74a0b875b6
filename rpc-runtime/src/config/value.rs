//! Scalar values of variables.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use http::HeaderName;

use super::error::{ConfigError, Place};
use super::merge::Setting;
use super::records::DnsRecords;
use super::url::Scheme;
use crate::balance::Balancing;
use crate::hedge::Hedging;

/// Longer than anybody means: more is a value in milliseconds, or a wish for "off".
pub(super) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Seconds of a wait; zero is no wait.
pub(super) fn seconds(variable: &str, text: &str) -> Result<Duration, ConfigError> {
    let invalid = |why: &str| ConfigError::new(variable, format!("{text:?} {why}"));
    let number = f64::from_str(text).map_err(|error| {
        invalid("is not a number of seconds; write seconds without a unit, such as 30 or 0.5")
            .caused_by(error)
    })?;
    if !number.is_finite() {
        return Err(invalid("is not a finite number of seconds; write seconds such as 30 or 0.5"));
    }
    if number.is_sign_negative() {
        return Err(invalid("is negative; expected seconds such as 30 or 0.5"));
    }
    let duration = Duration::try_from_secs_f64(number).ok().filter(|duration| *duration <= LONGEST);
    let Some(duration) = duration else {
        return Err(invalid("is more than a day (86400); the unit is seconds"));
    };
    if duration.is_zero() && number > 0.0 {
        return Err(invalid("is less than a nanosecond; the unit is seconds"));
    }
    Ok(duration)
}

/// Seconds of a limit; zero switches it off.
pub(super) fn limit(variable: &str, text: &str) -> Result<Setting<Duration>, ConfigError> {
    seconds(variable, text).map(|limit| if limit.is_zero() { Setting::Off } else { Setting::Set(limit) })
}

/// A count of re-sends.
pub(super) fn count(variable: &str, text: &str) -> Result<u32, ConfigError> {
    text.parse().map_err(|error| {
        ConfigError::new(variable, format!("{text:?} is not a count; expected a whole number such as 2"))
            .caused_by(error)
    })
}

/// A port.
pub(super) fn port(variable: &str, text: &str) -> Result<u16, ConfigError> {
    match text.parse() {
        Ok(0) | Err(_) => Err(ConfigError::new(
            variable,
            format!("{text:?} is not a port; expected a number from 1 to 65535"),
        )),
        Ok(port) => Ok(port),
    }
}

/// A truth value, in every spelling that the Python framework reads.
pub(super) fn truth(variable: &str, text: &str) -> Result<bool, ConfigError> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
        "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
        _ => {
            Err(ConfigError::new(variable, format!("{text:?} is not a truth value; expected true or false")))
        }
    }
}

/// The scheme of services found by DNS.
pub(super) fn scheme(variable: &str, text: &str) -> Result<Scheme, ConfigError> {
    match text.to_ascii_lowercase().as_str() {
        "http" => Ok(Scheme::Http),
        "https" => Ok(Scheme::Https),
        "h2c" => Ok(Scheme::H2c),
        "unix" => Err(ConfigError::new(variable, "DNS knows no Unix sockets; expected http, https or h2c")),
        _ => {
            Err(ConfigError::new(variable, format!("{text:?} is not a scheme; expected http, https or h2c")))
        }
    }
}

/// The records to ask for.
pub(super) fn records(variable: &str, text: &str) -> Result<DnsRecords, ConfigError> {
    let invalid = |why: &str| ConfigError::new(variable, format!("{text:?} {why}"));
    let records = match text.to_ascii_lowercase().as_str() {
        "a" => DnsRecords::A,
        "srv" => DnsRecords::Srv,
        "auto" => DnsRecords::Auto,
        _ => return Err(invalid("is no kind of record; expected a, srv or auto")),
    };
    records.check().map_err(invalid)
}

/// Name servers, separated by commas: addresses, with a port or without.
pub(super) fn servers(variable: &str, text: &str) -> Result<Vec<SocketAddr>, ConfigError> {
    let (mut servers, mut column) = (Vec::new(), 1);
    for item in text.split(',') {
        let place = Place::new("", 1, column + item.len() - item.trim_start().len());
        let server = server(item.trim()).ok_or_else(|| {
            let expected = "expected an address such as 10.96.0.10, 10.96.0.10:53 or [fd00::a]:53";
            ConfigError::new(variable, format!("{:?} is no name server; {expected}", item.trim())).at(place)
        })?;
        servers.push(server);
        column += item.len() + 1;
    }
    checked_servers(variable, servers)
}

fn server(text: &str) -> Option<SocketAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = |ip: IpAddr| SocketAddr::new(ip, 53);
    let server = text.parse().ok().or_else(|| bare.parse().ok().map(with_port))?;
    (server.port() != 0).then_some(server)
}

/// Servers that this build can ask.
pub(super) fn checked_servers(
    variable: &str,
    servers: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, ConfigError> {
    let why = match (cfg!(feature = "dns"), servers.as_slice()) {
        (false, _) => "needs the feature `dns` of rpc-runtime; turn it on, or leave the setting out",
        (true, []) => "found no name server, expected at least one",
        (true, _) => return Ok(servers),
    };
    Err(ConfigError::new(variable, why))
}

/// A DNS domain such as `cluster.local`, without the dots around it.
pub(super) fn domain(variable: &str, text: &str) -> Result<String, ConfigError> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let good = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    if name.len() <= 253 && name.split('.').all(good) {
        return Ok(name.to_ascii_lowercase());
    }
    Err(ConfigError::new(
        variable,
        format!("{text:?} is not a DNS domain; expected a name such as cluster.local"),
    ))
}

/// How endpoints are chosen.
pub(super) fn balancing(variable: &str, text: &str) -> Result<Balancing, ConfigError> {
    text.parse().map_err(|error| ConfigError::new(variable, format!("{text:?} is no balancing; {error}")))
}

/// Requests in flight; zero switches the limit off.
pub(super) fn in_flight(variable: &str, text: &str) -> Result<Setting<u32>, ConfigError> {
    let limit = text.parse().map_err(|error| {
        let message = format!(
            "{text:?} is not a count of requests; expected a whole number such as 1024, or 0 for no limit"
        );
        ConfigError::new(variable, message).caused_by(error)
    })?;
    Ok(if limit == 0 { Setting::Off } else { Setting::Set(limit) })
}

/// Equal lines in a window; zero switches the limit off.
pub(super) fn log_limit(variable: &str, text: &str) -> Result<Setting<u32>, ConfigError> {
    let limit = text.parse().map_err(|error| {
        let message = format!(
            "{text:?} is not a count of lines; expected a whole number such as 10, or 0 for no limit"
        );
        ConfigError::new(variable, message).caused_by(error)
    })?;
    Ok(if limit == 0 { Setting::Off } else { Setting::Set(limit) })
}

/// How long equal lines are counted together.
pub(super) fn log_window(variable: &str, text: &str) -> Result<Duration, ConfigError> {
    let window = seconds(variable, text)?;
    if window.is_zero() {
        return Err(ConfigError::new(
            variable,
            "a window of no length counts nothing; write seconds such as 10",
        ));
    }
    Ok(window)
}

/// Names of headers, separated by commas.
pub(super) fn header_names(variable: &str, text: &str) -> Result<Vec<HeaderName>, ConfigError> {
    let name = |name: &str| {
        HeaderName::from_str(name.trim()).map_err(|error| {
            let message = format!("{name:?} is no name of a header; expected names such as x-tenant,x-user");
            ConfigError::new(variable, message).caused_by(error)
        })
    };
    text.split(',').map(name).collect()
}

/// Failed calls in a row that open a breaker; zero switches it off.
pub(super) fn threshold(variable: &str, text: &str) -> Result<u32, ConfigError> {
    text.parse().map_err(|error| {
        let message = format!(
            "{text:?} is not a count of failed calls; expected a whole number such as 5, or 0 for no breaker"
        );
        ConfigError::new(variable, message).caused_by(error)
    })
}

/// How long a breaker stays open.
pub(super) fn recovery(variable: &str, text: &str) -> Result<Duration, ConfigError> {
    let recovery = seconds(variable, text)?;
    if recovery.is_zero() {
        let message = "a breaker that recovers at once refuses nothing; write seconds such as 60";
        return Err(ConfigError::new(variable, message));
    }
    Ok(recovery)
}

/// A delay, or the percentile of the recent replies after which a request is late; zero switches it off.
pub(super) fn hedging(variable: &str, text: &str) -> Result<Setting<Hedging>, ConfigError> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(Setting::Off);
    }
    if let Some(percentile) = text.strip_prefix(['p', 'P']) {
        let percentile = percentile.parse().ok().filter(|percentile| (50.0..100.0).contains(percentile));
        return match percentile {
            Some(percentile) => Ok(Setting::Set(Hedging::Slowest((100.0_f64 - percentile) / 100.0))),
            None => {
                Err(ConfigError::new(variable, format!("{text:?} is no percentile; expected p50 to p99.9")))
            }
        };
    }
    match limit(variable, text)? {
        Setting::Set(delay) => Ok(Setting::Set(Hedging::After(delay))),
        _ => Ok(Setting::Off),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<T: std::fmt::Debug>(parsed: Result<T, ConfigError>, expected: &str) {
        let found = parsed.map_or_else(|error| error.to_string(), |value| format!("{value:?}"));
        assert_eq!(found, expected);
    }

    #[test]
    fn limits() {
        let odd = "is not a number of seconds; write seconds without a unit, such as 30 or 0.5";
        check(limit("T", "30"), "Set(30s)");
        check(limit("T", "0.25"), "Set(250ms)");
        check(limit("T", "0"), "Off");
        check(limit("T", "0.0"), "Off");
        check(limit("T", "86400"), "Set(86400s)");
        check(limit("T", "30s"), &format!("T: \"30s\" {odd}"));
        check(limit("T", ""), &format!("T: \"\" {odd}"));
        check(limit("T", "1,5"), &format!("T: \"1,5\" {odd}"));
        check(limit("T", "-1"), "T: \"-1\" is negative; expected seconds such as 30 or 0.5");
        check(limit("T", "-0"), "T: \"-0\" is negative; expected seconds such as 30 or 0.5");
        check(
            limit("T", "NaN"),
            "T: \"NaN\" is not a finite number of seconds; write seconds such as 30 or 0.5",
        );
        check(
            limit("T", "inf"),
            "T: \"inf\" is not a finite number of seconds; write seconds such as 30 or 0.5",
        );
        check(
            limit("T", "1e400"),
            "T: \"1e400\" is not a finite number of seconds; write seconds such as 30 or 0.5",
        );
        check(limit("T", "1e300"), "T: \"1e300\" is more than a day (86400); the unit is seconds");
        check(limit("T", "100000"), "T: \"100000\" is more than a day (86400); the unit is seconds");
        check(limit("T", "1e-12"), "T: \"1e-12\" is less than a nanosecond; the unit is seconds");
        check(seconds("T", "0"), "0ns");
    }

    #[cfg(feature = "dns")]
    #[test]
    fn name_servers() {
        let odd = "is no name server; expected an address such as 10.96.0.10, 10.96.0.10:53 or [fd00::a]:53";
        check(servers("N", "10.96.0.10"), "[10.96.0.10:53]");
        check(servers("N", "127.0.0.1:8600, [fd00::a]"), "[127.0.0.1:8600, [fd00::a]:53]");
        check(servers("N", "fd00::a,[::1]:5353"), "[[fd00::a]:53, [::1]:5353]");
        check(servers("N", "10.0.0.1, dns.lan"), &format!("N: at line 1, column 11: \"dns.lan\" {odd}"));
        check(servers("N", "10.0.0.1,"), &format!("N: at line 1, column 10: \"\" {odd}"));
        check(servers("N", "10.0.0.1:0"), &format!("N: at line 1, column 1: \"10.0.0.1:0\" {odd}"));
        check(
            servers("N", "10.0.0.1 10.0.0.2"),
            &format!("N: at line 1, column 1: \"10.0.0.1 10.0.0.2\" {odd}"),
        );
        check(checked_servers("N", Vec::new()), "N: found no name server, expected at least one");
    }

    #[cfg(not(feature = "dns"))]
    #[test]
    fn name_servers() {
        let why = "N: needs the feature `dns` of rpc-runtime; turn it on, or leave the setting out";
        check(servers("N", "10.96.0.10"), why);
    }

    #[test]
    fn other_scalars() {
        check(count("R", "3"), "3");
        check(count("R", "-1"), "R: \"-1\" is not a count; expected a whole number such as 2");
        check(count("R", "2.5"), "R: \"2.5\" is not a count; expected a whole number such as 2");
        check(port("P", "8000"), "8000");
        check(port("P", "0"), "P: \"0\" is not a port; expected a number from 1 to 65535");
        check(port("P", "65536"), "P: \"65536\" is not a port; expected a number from 1 to 65535");
        check(truth("B", "True"), "true");
        check(truth("B", "off"), "false");
        check(truth("B", "maybe"), "B: \"maybe\" is not a truth value; expected true or false");
        check(scheme("S", "HTTPS"), "Https");
        check(scheme("S", "h2c"), "H2c");
        check(scheme("S", "grpc"), "S: \"grpc\" is not a scheme; expected http, https or h2c");
        check(scheme("S", "unix"), "S: DNS knows no Unix sockets; expected http, https or h2c");
        check(records("K", "A"), "A");
        check(records("K", "mx"), "K: \"mx\" is no kind of record; expected a, srv or auto");
        match cfg!(feature = "dns") {
            true => check(records("K", "auto"), "Auto"),
            false => check(
                records("K", "auto"),
                "K: \"auto\" needs the feature `dns` of rpc-runtime; turn it on, or use \"a\"",
            ),
        }
        check(threshold("B", "0"), "0");
        check(
            threshold("B", "five"),
            "B: \"five\" is not a count of failed calls; expected a whole number such as 5, or 0 for no breaker",
        );
        check(recovery("B", "0.5"), "500ms");
        check(
            recovery("B", "0"),
            "B: a breaker that recovers at once refuses nothing; write seconds such as 60",
        );
        check(hedging("H", "0.02"), "Set(After(20ms))");
        check(hedging("H", "p95"), "Set(Slowest(0.05))");
        check(hedging("H", "P99"), "Set(Slowest(0.01))");
        check(hedging("H", "0"), "Off");
        check(hedging("H", "OFF"), "Off");
        for text in ["p", "p100", "p49", "pNaN", "p-95"] {
            check(hedging("H", text), &format!("H: {text:?} is no percentile; expected p50 to p99.9"));
        }
        check(
            hedging("H", "20ms"),
            "H: \"20ms\" is not a number of seconds; write seconds without a unit, such as 30 or 0.5",
        );
        check(domain("D", "Cluster.local."), "\"cluster.local\"");
        check(
            domain("D", ".local"),
            "D: \".local\" is not a DNS domain; expected a name such as cluster.local",
        );
        check(domain("D", "a b"), "D: \"a b\" is not a DNS domain; expected a name such as cluster.local");
    }
}
