//! Credentials: which ones there are and which operation needs which.

use std::collections::BTreeSet;

use crate::diagnostic::rules;
use crate::ir::{Credential, CredentialKind, Operation, Place};
use crate::load::{Cursor, Document, OperationView, Requirement};

use super::super::builder::{Builder, text};

impl<'a> Builder<'a, '_> {
    /// The alternatives of an operation; its own, else the document's.
    pub(super) fn security(&mut self, view: &OperationView<'a>) -> Vec<Vec<String>> {
        let alternatives = view.security().or_else(|| self.document.security()).unwrap_or_default();
        let declared = self.document.security_schemes();
        let served = |all: Vec<Requirement<'a>>| {
            let names = all.into_iter().map(|requirement| requirement.scheme);
            names.filter(|name| self.is_served(view, &declared, name)).map(str::to_owned).collect()
        };
        let alternatives: Vec<Vec<String>> = alternatives.into_iter().map(served).collect();
        if alternatives.iter().all(Vec::is_empty) { Vec::new() } else { alternatives }
    }

    /// Whether the client can send this credential; if not, calls go without it, and the rest is up to the transport.
    fn is_served(
        &mut self,
        view: &OperationView<'a>,
        declared: &[(&'a str, Cursor<'a>)],
        wanted: &str,
    ) -> bool {
        let Some((_, scheme)) = declared.iter().find(|(name, _)| *name == wanted) else {
            let message = format!(
                "`{wanted}` is asked for, but `components.securitySchemes` does not declare it; calls go without it"
            );
            self.report(&view.cursor, rules::UNSERVED_CREDENTIAL, message);
            return false;
        };
        if let Err(feature) = kind(scheme) {
            let message = format!("{feature} is none that a client can send; calls go without it");
            self.report(scheme, rules::UNSERVED_CREDENTIAL, message);
            return false;
        }
        true
    }
}

/// The declared credentials that some operation asks for.
pub(in super::super) fn credentials(document: &Document, operations: &[Operation]) -> Vec<Credential> {
    let used: BTreeSet<&String> =
        operations.iter().flat_map(|operation| operation.security.iter().flatten()).collect();
    let asked =
        document.security_schemes().into_iter().filter(|(name, _)| used.contains(&(*name).to_owned()));
    let credential = |(name, scheme): (&str, Cursor<'_>)| {
        Some(Credential {
            name: name.to_owned(),
            setter: name.to_owned(),
            kind: kind(&scheme).ok()?,
            doc: text(scheme.str_at("description")).or_else(|| by_hand(&scheme)),
        })
    };
    asked.filter_map(credential).collect()
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
                other => return Err(format!("an API key in `{}`", other.escape_debug())),
            };
            Ok(CredentialKind::ApiKey(place, text("name").to_owned()))
        }
        "http" => match text("scheme").to_ascii_lowercase().as_str() {
            "basic" => Ok(CredentialKind::Basic),
            "bearer" => Ok(CredentialKind::Bearer),
            // Whatever the scheme asks for, it goes into one header, which the caller writes.
            _ => Ok(CredentialKind::ApiKey(Place::Header, "Authorization".to_owned())),
        },
        "oauth2" | "openIdConnect" => Ok(CredentialKind::OAuth2),
        other => Err(format!("security by `{}`", other.escape_debug())),
    }
}
