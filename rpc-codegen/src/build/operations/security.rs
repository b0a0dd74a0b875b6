//! Credentials: which ones there are and which operation needs which.

use crate::diagnostic::{Diagnostics, rules};
use crate::ir::{Credential, CredentialKind, Operation, Place};
use crate::load::{Cursor, Document, OperationView};

use super::super::builder::{Builder, text};

impl<'a> Builder<'a, '_> {
    /// The alternatives of an operation; its own, else the document's.
    pub(super) fn security(&mut self, view: &OperationView<'a>) -> Vec<Vec<String>> {
        let alternatives = view.security().or_else(|| self.document.security()).unwrap_or_default();
        let declared = self.document.security_schemes();
        for requirement in alternatives.iter().flatten() {
            if declared.iter().all(|(name, _)| *name != requirement.scheme) {
                let message = format!(
                    "`{}` is asked for, but `components.securitySchemes` does not declare it",
                    requirement.scheme
                );
                self.report(&view.cursor, rules::UNSUPPORTED_OPERATION, message);
            }
        }
        let names =
            |all: Vec<_>| all.into_iter().map(|one: crate::load::Requirement<'_>| one.scheme.to_owned());
        alternatives.into_iter().map(|all| names(all).collect()).collect()
    }
}

/// The declared credentials that some operation asks for.
pub(in super::super) fn credentials(
    document: &Document,
    operations: &[Operation],
    diagnostics: &mut Diagnostics,
) -> Vec<Credential> {
    let mut found = Vec::new();
    for (name, scheme) in document.security_schemes() {
        let mut names = operations.iter().flat_map(|operation| operation.security.iter().flatten());
        if names.any(|used| used == name) {
            match kind(&scheme) {
                Ok(kind) => found.push(Credential {
                    name: name.to_owned(),
                    setter: name.to_owned(),
                    kind,
                    doc: text(scheme.str_at("description")).or_else(|| by_hand(&scheme)),
                }),
                Err(feature) => diagnostics.push(
                    scheme.diagnostic(rules::UNSUPPORTED_OPERATION, format!("not supported yet: {feature}")),
                ),
            }
        }
    }
    found
}

/// What to give where the client cannot make the header by itself.
fn by_hand(scheme: &Cursor<'_>) -> Option<String> {
    let name = scheme.str_at("scheme").filter(|_| scheme.str_at("type") == Some("http"))?;
    let known = ["basic", "bearer"].iter().any(|known| name.eq_ignore_ascii_case(known));
    (!known)
        .then(|| format!("The whole `Authorization` header, as HTTP authentication by `{name}` asks for it."))
}

fn kind(scheme: &Cursor<'_>) -> Result<CredentialKind, String> {
    let text = |key| scheme.str_at(key).unwrap_or_default();
    match text("type") {
        "apiKey" => {
            let place = match text("in") {
                "header" => Place::Header,
                "query" => Place::Query,
                "cookie" => Place::Cookie,
                other => return Err(format!("an API key in `{other}`")),
            };
            Ok(CredentialKind::ApiKey(place, text("name").to_owned()))
        }
        "http" => match text("scheme").to_ascii_lowercase().as_str() {
            "basic" => Ok(CredentialKind::Basic),
            "bearer" => Ok(CredentialKind::Bearer),
            // Whatever the scheme asks for, it goes into one header, which the caller writes.
            _ => Ok(CredentialKind::ApiKey(Place::Header, "Authorization".to_owned())),
        },
        "oauth2" | "openIdConnect" => Ok(CredentialKind::Bearer),
        other => Err(format!("security by `{other}`")),
    }
}
