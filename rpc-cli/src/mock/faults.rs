//! Which fault goes to which service.

use rpc_codegen::settings::did_you_mean;
use rpc_mock::Fault;

use crate::cli::{Usage, usage};

/// Faults by service, in the services' order. `SERVICE/FAULT` goes to that service; without one, a fault goes to every
/// service, or to those that have its operation.
///
/// # Errors
/// A text that is no fault, and one for a service or an operation that is not there.
pub(super) fn sort(services: &[(&str, &[&str])], given: &[String]) -> Result<Vec<Vec<Fault>>, Usage> {
    let mut sorted = vec![Vec::new(); services.len()];
    for text in given {
        let (wanted, rest) = split(text);
        let fault: Fault = rest.parse().map_err(|error| Usage(format!("--fault `{text}`: {error}")))?;
        if let Some(name) = wanted.filter(|name| services.iter().all(|(known, _)| known != name)) {
            let known: Vec<&str> = services.iter().map(|(known, _)| *known).collect();
            let mut near = hint(name, known.iter().copied());
            if near.is_empty() {
                near = format!("; there are: {}", known.join(", "));
            }
            return usage(format!("--fault `{text}`: no service `{name}` is served{near}"));
        }
        let mut taken = false;
        for ((name, operations), faults) in services.iter().zip(&mut sorted) {
            let has = fault.operation().is_none_or(|operation| operations.contains(&operation));
            if has && wanted.is_none_or(|wanted| wanted == *name) {
                faults.push(fault.clone());
                taken = true;
            }
        }
        if !taken {
            let operation = fault.operation().unwrap_or_default();
            let known = services.iter().filter(|(name, _)| wanted.is_none_or(|wanted| wanted == *name));
            let near = hint(operation, known.flat_map(|(_, operations)| operations.iter().copied()));
            let name = wanted.or(services.first().map(|(name, _)| *name)).unwrap_or_default();
            return usage(format!(
                "--fault `{text}`: there is no operation `{operation}`{near}\n`cargo xtask call {name}` lists all"
            ));
        }
    }
    Ok(sorted)
}

/// What stands before a `/`, if that is before the fault's `=`.
fn split(text: &str) -> (Option<&str>, &str) {
    let place = text.find('=').unwrap_or(text.len());
    match text.split_once('/') {
        Some((service, rest)) if service.len() < place => (Some(service), rest),
        _ => (None, text),
    }
}

fn hint<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> String {
    did_you_mean(wanted, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_find_their_services() {
        let services: [(&str, &[&str]); 2] =
            [("orders", &["get_order", "ping"]), ("users", &["get_user", "ping"])];
        let check = |text: &str, expected: Result<[usize; 2], &str>| match (
            sort(&services, &[text.to_owned()]),
            expected,
        ) {
            (Ok(found), Ok(expected)) => assert_eq!([found[0].len(), found[1].len()], expected, "{text}"),
            (Err(error), Err(part)) => assert!(error.0.contains(part), "{error}"),
            (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
        };
        check("=status:503", Ok([1, 1]));
        check("get_order=status:503,times:2", Ok([1, 0]));
        check("ping=close", Ok([1, 1]));
        check("users/ping=close", Ok([0, 1]));
        check("orders/@1=close", Ok([1, 0]));
        check("=body:503/text/plain/no", Ok([1, 1]));
        check("order/ping=close", Err("no service `order` is served; did you mean `orders`?"));
        check("stock/ping=close", Err("no service `stock` is served; there are: orders, users"));
        check("users/get_order=close", Err("there is no operation `get_order`"));
        check("get_ordr=close", Err("did you mean `get_order`?"));
        check("ping", Err("--fault `ping`: "));
    }
}
