//! Whether the credentials that a document demands are there. Their values are not looked at.

use rpc_codegen::ir::Place;

use super::Request;
use crate::model::Credential;

/// Whether one of the alternatives is complete; none at all ask for nothing.
pub(crate) fn shown(alternatives: &[Vec<Credential>], request: &Request) -> bool {
    alternatives.is_empty() || alternatives.iter().any(|all| all.iter().all(|one| has(one, request)))
}

fn has(credential: &Credential, request: &Request) -> bool {
    match credential {
        Credential::Key(Place::Query, name) => request.query.iter().any(|(key, _)| key == name),
        Credential::Key(Place::Cookie, name) => request.cookie(name).is_some(),
        Credential::Key(_, name) => request.header(&name.to_ascii_lowercase()).is_some(),
        Credential::Authorization(scheme) => request.header("authorization").is_some_and(|value| {
            let given = value.split_whitespace().next().unwrap_or_default();
            scheme.is_empty() || given.eq_ignore_ascii_case(scheme)
        }),
    }
}
