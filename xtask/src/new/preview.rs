//! What a new service would be, for somebody who has to decide.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rpc_codegen::detect::{Survey, Verdict};
use rpc_codegen::{Diagnostic, Output};

use super::settings;
use crate::print;

/// Operations that are shown without `--verbose`.
const SHOWN: usize = 20;

/// The preview as text.
pub(crate) fn text(service: &str, survey: &Survey, output: &Output, verbose: bool) -> String {
    let title = [survey.title.as_str(), survey.version.as_str()].join(" ");
    let mut out = format!(
        "{service}: {}, {} operations, {} types, {} files\n\n",
        one_line(title.trim()),
        output.operations,
        output.types,
        output.files.len()
    );
    operations(&mut out, survey, verbose);
    envelope(&mut out, survey);
    credentials(&mut out, survey);
    poor_names(&mut out, survey, verbose);
    rules(&mut out, &output.diagnostics);
    out
}

fn operations(out: &mut String, survey: &Survey, verbose: bool) {
    let shown = if verbose { survey.operations.len() } else { SHOWN };
    let rows: Vec<Vec<String>> = survey
        .operations
        .iter()
        .take(shown)
        .map(|operation| {
            let call = format!("{} → {}", operation.call, operation.reply);
            vec![operation.method.to_owned(), one_line(&operation.path), call]
        })
        .collect();
    if !rows.is_empty() {
        out.push_str(&print::render_list(&["method", "path", "call → reply"], &rows));
    }
    let more = survey.operations.len().saturating_sub(shown);
    if more > 0 {
        let _ = writeln!(out, "and {more} more, see them with --verbose");
    }
    out.push('\n');
}

fn envelope(out: &mut String, survey: &Survey) {
    let _ = match &survey.envelope {
        None => writeln!(out, "envelope     none found"),
        Some(found) => {
            let outside = one_line(&settings::outside(found));
            match &found.verdict {
                _ if survey.enveloped > 0 => writeln!(
                    out,
                    "envelope     {outside}, opened for {} of {} operations",
                    survey.enveloped,
                    survey.operations.len()
                ),
                Verdict::Likely(doubt) => writeln!(
                    out,
                    "envelope     perhaps {outside}: {doubt}; it stands as a comment in service.toml"
                ),
                Verdict::Inexpressible(why) => writeln!(out, "envelope     {outside} stays: {why}"),
                _ => writeln!(
                    out,
                    "envelope     {outside}, not opened; it stands as a comment in service.toml"
                ),
            }
        }
    };
}

fn credentials(out: &mut String, survey: &Survey) {
    if survey.credentials.is_empty() {
        out.push_str("credentials  none asked for\n");
    }
    for credential in &survey.credentials {
        let _ = writeln!(
            out,
            "credential   {}: {}, Client::builder().{}(…), {} operations",
            one_line(&credential.name),
            one_line(&credential.kind),
            credential.setter,
            credential.operations
        );
    }
    if !survey.decimals.is_empty() {
        let _ = writeln!(
            out,
            "decimals     {} strings may be decimals; lines for them stand as comments in service.toml",
            survey.decimals.len()
        );
    }
}

fn poor_names(out: &mut String, survey: &Survey, verbose: bool) {
    let poor: Vec<_> = survey.operations.iter().filter(|operation| operation.poor.is_some()).collect();
    if poor.is_empty() {
        return;
    }
    let shown = if verbose { poor.len() } else { SHOWN / 2 };
    let _ = writeln!(out, "\n{} names could be better; under [rename] in service.toml:", poor.len());
    for operation in poor.iter().take(shown) {
        let why = operation.poor.as_deref().unwrap_or_default();
        let _ = writeln!(out, "  {}   # {why}", one_line(&settings::rename(&operation.key, &operation.name)));
    }
    if poor.len() > shown {
        let _ = writeln!(out, "  and {} more", poor.len() - shown);
    }
}

fn rules(out: &mut String, found: &[Diagnostic]) {
    let mut counts: BTreeMap<&str, (&Diagnostic, usize)> = BTreeMap::new();
    for diagnostic in found {
        counts.entry(diagnostic.rule.code).or_insert((diagnostic, 0)).1 += 1;
    }
    if !counts.is_empty() {
        out.push('\n');
    }
    for (code, (first, count)) in counts {
        let _ = writeln!(out, "{count:>5} × {}[{code}] {}", first.severity, first.rule.summary);
        let _ = writeln!(out, "        first: {} ({})", one_line(&first.message), first.location);
    }
}

/// What to do next.
pub(crate) fn next_steps(service: &str, survey: &Survey, built: bool) -> String {
    let mut out = format!("\nspecs/{service}/ and generated/{service}/ are there. Next:\n\n");
    let _ = writeln!(out, "  Cargo.toml   {service} = {{ path = \"generated/{service}\" }}");
    let krate = service.replace('-', "_");
    let _ = writeln!(out, "  Rust         let client = {krate}::Client::from_env()?;");
    if let Some(example) = &survey.example {
        for line in &example.lines {
            let _ = writeln!(out, "               {line}");
        }
        for (name, ty) in &example.given {
            let _ = writeln!(out, "               // {name}: {ty}");
        }
    }
    if !built {
        let _ = writeln!(out, "  build        cargo check -p {service}");
    }
    let _ = writeln!(out, "  a server     cargo xtask mock {service} --env mock.env");
    let operation = survey.operations.first().map(|operation| operation.name.as_str()).unwrap_or_default();
    let call = format!("  a call       cargo xtask call --env-file mock.env {service} {operation}");
    let _ = writeln!(out, "{}", call.trim_end());
    let _ = writeln!(out, "               cargo xtask call {service}   lists what every call takes");
    out
}

fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}
