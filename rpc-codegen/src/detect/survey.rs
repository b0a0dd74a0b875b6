//! A document in a few lines: its calls, credentials, envelope and findings.

use super::envelope::{self, EnvelopeFinding, Verdict};
use crate::diagnostic::{Diagnostic, Diagnostics, rules};
use crate::ir::{self, CredentialKind};
use crate::settings::{Lock, Settings};
use crate::{Failure, Input, build, emit, load, passes};

/// Longer names of methods are called long.
const LONG: usize = 40;

/// What a document holds.
#[derive(Debug, Clone)]
pub struct Survey {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The calls, in document order.
    pub operations: Vec<Operation>,
    /// The credentials that operations ask for.
    pub credentials: Vec<Credential>,
    /// The envelope that was found, whether it is opened or not.
    pub envelope: Option<EnvelopeFinding>,
    /// How many operations have their envelope opened with the settings as they are.
    pub enveloped: usize,
    /// Strings that may be decimals, as keys of `[types]` in `service.toml`.
    pub decimals: Vec<String>,
    /// A first call: what it takes to be given (name and type), and its lines.
    pub example: Option<Example>,
    /// Notes and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// One call of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// `GET`.
    pub method: String,
    /// Path template.
    pub path: String,
    /// Key in `service.toml`: `GET /api/v1/orders/{order_id}`.
    pub key: String,
    /// Name of the method: `get_order`.
    pub name: String,
    /// The call with its arguments: `get_order(order_id: i64)`.
    pub call: String,
    /// What it gives: `Order`.
    pub reply: String,
    /// Why its name is a poor one, if it is.
    pub poor: Option<String>,
}

/// A credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Name in the document.
    pub name: String,
    /// What it is: `HTTP bearer`.
    pub kind: String,
    /// Its setter on the client's builder: `bearer_auth`.
    pub setter: String,
    /// How many operations ask for it.
    pub operations: usize,
}

/// A call that can be pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Names and types that have to be there.
    pub given: Vec<(String, String)>,
    /// Lines, the last one the call.
    pub lines: Vec<String>,
}

/// Goes through a document. `service.toml` and `names.lock` among the input's files are respected.
///
/// # Errors
/// When any finding is an error; all findings come along.
pub fn survey(input: &Input) -> Result<Survey, Failure> {
    let mut diagnostics = Diagnostics::default();
    match look(input, &mut diagnostics) {
        Some(survey) if !diagnostics.has_errors() => {
            Ok(Survey { diagnostics: diagnostics.into_vec(), ..survey })
        }
        _ => Err(Failure { diagnostics: diagnostics.into_vec() }),
    }
}

fn look(input: &Input, diagnostics: &mut Diagnostics) -> Option<Survey> {
    let settings =
        crate::pipeline::read(input, "service.toml", diagnostics, Settings::parse).unwrap_or_default();
    let lock = crate::pipeline::read(input, "names.lock", diagnostics, Lock::parse).unwrap_or_default();
    let document = load::load(input, settings.overlays.as_deref(), diagnostics)?;
    let mut service = build::build(&document, input, diagnostics)?;
    let by_evidence = envelope::find(&service);
    passes::run(&mut service, &settings, &lock, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    match describe(&service, by_evidence, diagnostics.as_slice()) {
        Ok(survey) => Some(survey),
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

fn describe(
    service: &ir::Service,
    by_evidence: Option<EnvelopeFinding>,
    found: &[Diagnostic],
) -> Result<Survey, Diagnostic> {
    let signatures = emit::signatures(service)?;
    let operations =
        service.operations.iter().zip(signatures).map(|(operation, known)| line(operation, known)).collect();
    let asks = |name: &str| {
        let asks = |op: &&ir::Operation| op.security.iter().flatten().any(|needed| needed == name);
        service.operations.iter().filter(asks).count()
    };
    let credential = |credential: &ir::Credential| Credential {
        name: credential.name.clone(),
        kind: kind(&credential.kind),
        setter: emit::names::credential(&credential.setter),
        operations: asks(&credential.name),
    };
    let enveloped = service.operations.iter().filter(|operation| operation.enveloped).count();
    let opened = service.envelope.as_ref().map(|known| EnvelopeFinding {
        code: known.code.clone(),
        message: Some(known.message.clone()),
        data: known.data.clone(),
        timestamp: known.timestamp.clone(),
        success: known.success.clone(),
        replies: enveloped,
        of: service.operations.len(),
        verdict: Verdict::Standard,
    });
    Ok(Survey {
        title: service.title.clone(),
        version: service.document_version.clone(),
        operations,
        credentials: service.credentials.iter().map(credential).collect(),
        envelope: opened.or(by_evidence),
        enveloped,
        decimals: found.iter().filter_map(decimal).collect(),
        example: emit::showcase(service)?
            .map(|example| Example { given: example.given, lines: example.lines }),
        diagnostics: Vec::new(),
    })
}

fn line(operation: &ir::Operation, signature: emit::Signature) -> Operation {
    let rule = passes::operation_rule(operation);
    let poor = if operation.name != rule {
        Some(format!("another operation has the name `{rule}`"))
    } else if operation.name.len() > LONG {
        Some("its name is long".to_owned())
    } else {
        None
    };
    Operation {
        method: operation.method.as_str().to_owned(),
        path: operation.template.clone(),
        key: operation.key.clone(),
        name: emit::names::method(operation),
        call: signature.call,
        reply: signature.reply,
        poor,
    }
}

fn kind(kind: &CredentialKind) -> String {
    match kind {
        CredentialKind::ApiKey(place, name) => {
            format!("API key, {} `{name}`", format!("{place:?}").to_lowercase())
        }
        CredentialKind::Basic => "HTTP basic".to_owned(),
        CredentialKind::Bearer => "HTTP bearer".to_owned(),
        CredentialKind::OAuth2 => "OAuth2".to_owned(),
    }
}

/// The key of `[types]` that a note about a decimal recommends.
fn decimal(found: &Diagnostic) -> Option<String> {
    let help = found.help.as_deref().filter(|_| found.rule.code == rules::DECIMAL_CANDIDATE.code)?;
    let (_, setting) = help.split_once("types.\"")?;
    Some(setting.strip_suffix("\" = \"decimal\"")?.to_owned())
}

#[cfg(test)]
#[path = "survey_tests.rs"]
mod tests;
