//! Who listens where.

use std::net::{IpAddr, SocketAddr};

use crate::cli::{Usage, usage};
use crate::print;

/// Where clients look for services.
pub(super) const VARIABLE: &str = "RPC_CLIENT_SERVICES";

/// Addresses by service and instance: from `port` on, one after the other; chosen by the system without one.
///
/// # Errors
/// When there are not enough ports above `port`.
pub(super) fn addresses(
    services: usize,
    instances: usize,
    host: IpAddr,
    port: Option<u16>,
) -> Result<Vec<Vec<SocketAddr>>, Usage> {
    let nth = |index: usize| match port {
        None => Some(0),
        Some(first) => u16::try_from(usize::from(first) + index).ok(),
    };
    let mut all = Vec::with_capacity(services);
    for service in 0..services {
        let ports: Option<Vec<u16>> =
            (0..instances).map(|instance| nth(service * instances + instance)).collect();
        let Some(ports) = ports else {
            return usage(format!("--port leaves no room for {} servers below 65536", services * instances));
        };
        all.push(ports.into_iter().map(|port| SocketAddr::new(host, port)).collect());
    }
    Ok(all)
}

/// Service, instance, URL.
pub(super) fn table(urls: &[(&str, Vec<String>)]) -> String {
    let rows = urls.iter().flat_map(|(name, urls)| {
        urls.iter()
            .enumerate()
            .map(move |(index, url)| vec![(*name).to_owned(), index.to_string(), url.clone()])
    });
    print::table(&["service", "instance", "url"], rows.collect())
}

/// The setting by which clients find the servers: a line of a `.env` file, and ready to paste into a shell.
///
/// # Errors
/// None that can be reached: names and URLs are text.
pub(super) fn setting(urls: &[(&str, Vec<String>)]) -> serde_json::Result<String> {
    let pairs: Vec<String> = urls
        .iter()
        .map(|(name, urls)| Ok(format!("{}: {}", serde_json::to_string(name)?, serde_json::to_string(urls)?)))
        .collect::<serde_json::Result<_>>()?;
    Ok(format!("{VARIABLE}='{{{}}}'", pairs.join(", ")))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn ports() {
        let check = |services, instances, port, expected: Option<&[&[u16]]>| {
            let found = addresses(services, instances, Ipv4Addr::LOCALHOST.into(), port).ok();
            let found = found.map(|all| {
                all.iter().map(|of| of.iter().map(SocketAddr::port).collect::<Vec<_>>()).collect::<Vec<_>>()
            });
            assert_eq!(found, expected.map(|all| all.iter().map(|of| of.to_vec()).collect()));
        };
        check(1, 1, Some(8000), Some(&[&[8000]]));
        check(2, 2, Some(8000), Some(&[&[8000, 8001], &[8002, 8003]]));
        check(2, 2, None, Some(&[&[0, 0], &[0, 0]]));
        check(1, 1, Some(65535), Some(&[&[65535]]));
        check(1, 2, Some(65535), None);
    }

    #[test]
    fn a_line_to_paste() {
        let urls = [
            ("a", vec!["http://x:1".to_owned(), "http://x:2".to_owned()]),
            ("b", vec!["http://x:3".to_owned()]),
        ];
        assert_eq!(
            setting(&urls).unwrap(),
            r#"RPC_CLIENT_SERVICES='{"a": ["http://x:1","http://x:2"], "b": ["http://x:3"]}'"#
        );
        assert!(table(&urls).contains("http://x:2"));
    }
}
