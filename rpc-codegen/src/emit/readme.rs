//! `README.md`.

use std::fmt::Write as _;

use super::operations::{Example, example, operation_modules};
use super::{names, text};
use crate::diagnostic::Diagnostic;
use crate::ir::{CredentialKind, Operation, Service};

/// `README.md`, without its header. The one file that has the document's hash.
///
/// # Errors
/// A name that is none.
pub(crate) fn readme(service: &Service, types: usize) -> Result<String, Diagnostic> {
    let krate = names::crate_ident(service)?;
    let mut out = format!("# {}\n\n", service.crate_name);
    let title = text::inline(&service.title);
    let version = text::inline(&service.document_version);
    let _ = writeln!(
        out,
        "Client of {}: {title} {version}, {} operations, {types} types.\n\
        Made from {} (FNV-1a {}); change that document and generate again, nothing here is edited.",
        text::code(&service.name),
        service.operations.len(),
        text::code(&service.source.path),
        text::code(&service.source.hash),
    );
    if let Some(description) = service.description.as_deref() {
        let lines = text::block(description);
        if !lines.is_empty() {
            let _ = write!(out, "\n{}\n", lines.join("\n"));
        }
    }
    out.push_str(&how_to_call(service, &krate)?);
    out.push_str(&credentials(service, &krate)?);
    out.push_str(&operations(service)?);
    out.push_str(&left_out(service));
    Ok(out)
}

/// How many operations are looked at for one that makes a good example.
const CANDIDATES: usize = 50;

/// The operation that examples of the whole crate show: the first that needs little.
pub(crate) fn showcase(service: &Service) -> Result<Option<Example>, Diagnostic> {
    let current = service.operations.iter().filter(|operation| !operation.deprecated);
    let examples = current.take(CANDIDATES).map(|operation| example(service, operation));
    let examples = examples.collect::<Result<Vec<_>, _>>()?;
    Ok(examples.into_iter().min_by_key(|example| (example.given.len(), example.lines.len())))
}

fn how_to_call(service: &Service, krate: &str) -> Result<String, Diagnostic> {
    let mut out = format!("\n## Calling it\n\n```rust\nlet client = {krate}::Client::from_env()?;\n");
    if let Some(Example { lines, .. }) = showcase(service)? {
        out.push_str(&lines.join("\n"));
        out.push('\n');
    }
    out.push_str(
        "```\n\n`.await` gives the value, `.send().await` the value with status, headers and timing. \
        Failures are `rpc_runtime::Error`; `error.typed()` gives the documented body of one.\n",
    );
    if let Some(first) = service.headers.first() {
        let _ = writeln!(
            out,
            "Documented headers are keys: `reply.header(&{krate}::headers::{0})?`, `error.header(&{krate}::headers::{0})?`.",
            first.name
        );
    }
    Ok(out)
}

fn credentials(service: &Service, krate: &str) -> Result<String, Diagnostic> {
    if service.credentials.is_empty() {
        return Ok(String::new());
    }
    let mut out = "\n## Credentials\n\n| in the document | setter | what |\n|---|---|---|\n".to_owned();
    for credential in &service.credentials {
        let (setter, what) = (
            names::credential(&credential.setter),
            match &credential.kind {
                CredentialKind::ApiKey(place, name) => {
                    format!("API key: {} {}", format!("{place:?}").to_lowercase(), table_code(name))
                }
                CredentialKind::Basic => "HTTP basic".to_owned(),
                CredentialKind::Bearer => "HTTP bearer".to_owned(),
                CredentialKind::OAuth2 => {
                    "OAuth2: a bearer token, or `ClientCredentials` that fetch it".to_owned()
                }
            },
        );
        let _ = writeln!(out, "| {} | `{}` | {what} |", table_code(&credential.name), names::ident(&setter)?);
    }
    let _ = writeln!(
        out,
        "\nSet on `{krate}::Client::builder()` for all calls, or on one call. Sent only where an operation asks for it."
    );
    Ok(out)
}

fn operations(service: &Service) -> Result<String, Diagnostic> {
    let mut out = "\n## Operations\n\n| method | path | call | what |\n|---|---|---|---|\n".to_owned();
    for operation in operation_modules(service).into_values().flatten() {
        let _ = writeln!(
            out,
            "| {} | {} | `{}` | {} |",
            operation.method.as_str(),
            table_code(&operation.template),
            names::ident(&names::method(operation))?,
            what(operation),
        );
    }
    Ok(out)
}

/// What the document has and the client has not.
fn left_out(service: &Service) -> String {
    if service.left_out.is_empty() {
        return String::new();
    }
    let mut out =
        "\n## Left out\n\nOperations of the document that cannot be called as it describes them.\n\n\
        | operation | where | why |\n|---|---|---|\n"
            .to_owned();
    for one in &service.left_out {
        let (key, place) = (table_code(&one.key), table_code(&one.origin.to_string()));
        let _ = writeln!(out, "| {key} | {place} | {} |", text::cell(&one.reason));
    }
    out
}

fn what(operation: &Operation) -> String {
    let summary = operation.summary.as_deref().map(text::cell).unwrap_or_default();
    match (operation.deprecated, summary.is_empty()) {
        (true, true) => "deprecated".to_owned(),
        (true, false) => format!("{summary} (deprecated)"),
        (false, _) => summary,
    }
}

/// Inline code in a table.
fn table_code(text: &str) -> String {
    text::code(text).replace('|', "\\|")
}
