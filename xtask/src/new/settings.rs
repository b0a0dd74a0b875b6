//! The first `service.toml`: what was found and why, settings where there is no doubt, comments where there is.

use rpc_codegen::detect::{EnvelopeFinding, Survey, Verdict};
use rpc_codegen::settings::quoted;

/// The file; with `active` false, an envelope that was found stays a comment.
pub(crate) fn text(service: &str, survey: &Survey, active: bool) -> String {
    let mut out = format!(
        "# What we chose for {service}. The document beside this file is as the service emitted it.\n"
    );
    envelope(&mut out, survey, active);
    credentials(&mut out, survey);
    decimals(&mut out, survey);
    names(&mut out, survey);
    out
}

/// Whether the file would have an active `[envelope]`.
pub(crate) fn wants_envelope(survey: &Survey) -> bool {
    survey.envelope.as_ref().is_some_and(|found| found.verdict == Verdict::Sure)
}

fn envelope(out: &mut String, survey: &Survey, active: bool) {
    let Some(found) = &survey.envelope else {
        comment(out, "\nNo envelope: replies have no common outside.");
        return;
    };
    let seen = format!("\nEnvelope: {} reply in {}.", evidence(found), outside(found));
    match &found.verdict {
        Verdict::Standard => {
            comment(out, &seen);
            comment(out, "The generator opens it by itself; `[envelope]` is for other names.");
        }
        Verdict::Sure if active => {
            comment(out, &seen);
            if found.success.is_empty() {
                comment(out, "Success is 200, 0, \"0000\" or \"OK\"; for other codes add: success = [1]");
            }
            out.push_str(&found.settings());
        }
        Verdict::Sure => {
            comment(out, &seen);
            comment(out, "The generator could not open it with these settings:");
            comment(out, &found.settings());
        }
        Verdict::Likely(doubt) => {
            comment(out, &seen);
            comment(out, &format!("Not sure: {doubt}. If it is the envelope, take the marks off:"));
            comment(out, &found.settings());
        }
        Verdict::Inexpressible(why) => {
            comment(out, &seen);
            comment(out, &format!("Settings cannot say that: {why}."));
        }
    }
}

/// `12 of 14 operations with JSON`.
fn evidence(found: &EnvelopeFinding) -> String {
    match found.verdict {
        Verdict::Standard => format!("{} of {} operations", found.replies, found.of),
        _ => format!("{} of {} operations with JSON", found.replies, found.of),
    }
}

/// `{code, message, data}`.
pub(crate) fn outside(found: &EnvelopeFinding) -> String {
    let names = [Some(&found.code), found.message.as_ref(), Some(&found.data), found.timestamp.as_ref()];
    format!("{{{}}}", names.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", "))
}

fn credentials(out: &mut String, survey: &Survey) {
    if survey.credentials.is_empty() {
        comment(out, "\nNo operation asks for a credential.");
        return;
    }
    comment(out, "\nCredentials, given once on the client's builder or on a single call:");
    for credential in &survey.credentials {
        comment(
            out,
            &format!(
                "  {}: {}, `.{}(…)`, {} operations",
                credential.name, credential.kind, credential.setter, credential.operations
            ),
        );
    }
}

fn decimals(out: &mut String, survey: &Survey) {
    if survey.decimals.is_empty() {
        return;
    }
    comment(out, "\nStrings whose names are those of decimals. Where they are, take the marks off:\n[types]");
    for key in &survey.decimals {
        comment(out, &format!("{} = \"decimal\"", quoted(key)));
    }
}

fn names(out: &mut String, survey: &Survey) {
    let mut poor = survey.operations.iter().filter(|operation| operation.poor.is_some()).peekable();
    if poor.peek().is_none() {
        return;
    }
    comment(out, "\nMethods whose names could be better:\n[rename]");
    for operation in poor {
        comment(out, &rename(&operation.key, &operation.name));
    }
}

/// The line of `[rename]` for an operation.
pub(crate) fn rename(key: &str, name: &str) -> String {
    format!("operations.{} = {}", quoted(key), quoted(name))
}

/// Every line behind its mark; text of the document cannot start a line of its own.
fn comment(out: &mut String, text: &str) {
    for line in text.split('\n').map(|line| line.replace(|c: char| c.is_control(), " ")) {
        match (line.trim_end(), text.ends_with('\n')) {
            ("", true) => {}
            ("", false) => out.push('\n'),
            (line, _) => out.push_str(&format!("# {line}\n")),
        }
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
