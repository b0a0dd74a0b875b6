//! The stages, in order.

use crate::diagnostic::Diagnostics;
use crate::ir::Service;
use crate::settings::{Lock, Settings};
use crate::{Diagnostic, Failure, Input, Options, Output, build, load, passes, render, types};

/// Turns a document into the files of a client crate.
///
/// # Errors
/// When any finding is an error; all findings come along.
pub fn generate(input: &Input, options: &Options) -> Result<Output, Failure> {
    let mut diagnostics = Diagnostics::default();
    match stages(input, options, &mut diagnostics) {
        Some(output) if !diagnostics.has_errors() => {
            Ok(Output { diagnostics: diagnostics.into_vec(), ..output })
        }
        _ => Err(Failure { diagnostics: diagnostics.into_vec() }),
    }
}

/// A document with what the generator makes of it, for tools that need both.
#[derive(Debug)]
pub struct Resolved {
    /// The document.
    pub document: load::Document,
    /// The intermediate representation behind all passes: names given, envelopes opened, replies chosen.
    pub service: Service,
    /// Notes and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// A document as the intermediate representation behind all passes: names given, envelopes opened, replies chosen. For
/// tools that speak a service's language without generated code.
///
/// # Errors
/// When any finding is an error; all findings come along.
pub fn resolve(input: &Input) -> Result<Service, Failure> {
    resolve_document(input).map(|resolved| resolved.service)
}

/// Like [`resolve`], with the document itself and the findings.
///
/// # Errors
/// When any finding is an error; all findings come along.
pub fn resolve_document(input: &Input) -> Result<Resolved, Failure> {
    let mut diagnostics = Diagnostics::default();
    match understand(input, &mut diagnostics) {
        Some((document, service, _)) => {
            Ok(Resolved { document, service, diagnostics: diagnostics.into_vec() })
        }
        None => Err(Failure { diagnostics: diagnostics.into_vec() }),
    }
}

/// The stages from text to the intermediate representation; `None` after an error.
fn understand(input: &Input, diagnostics: &mut Diagnostics) -> Option<(load::Document, Service, Lock)> {
    // 1 settings: what service.toml chooses, which names names.lock keeps
    let settings = read(input, "service.toml", diagnostics, Settings::parse).unwrap_or_default();
    let lock = read(input, "names.lock", diagnostics, Lock::parse).unwrap_or_default();
    // 2 load: text → document, changed by overlays, every node with its place
    let document = load::load(input, settings.overlays.as_deref(), diagnostics)?;
    // 3 build: document → intermediate representation
    let mut service = build::build(&document, input, diagnostics)?;
    // 4 passes: names, twins, envelopes, cycles, …
    let lock = passes::run(&mut service, &settings, &lock, diagnostics);
    (!diagnostics.has_errors()).then_some((document, service, lock))
}

fn stages(input: &Input, options: &Options, diagnostics: &mut Diagnostics) -> Option<Output> {
    let (_, service, lock) = understand(input, diagnostics)?;
    // 5 emit and 6 render: intermediate representation → files
    let rendered = types::emit(&service).and_then(|types| {
        let count = types.len();
        Ok((render::files(&service, input, options, types)?, count))
    });
    match rendered {
        Ok((files, types)) => {
            let names_lock = lock.render(&options.command);
            let operations = service.operations.len();
            let left_out = service.left_out;
            Some(Output { files, names_lock, diagnostics: Vec::new(), operations, left_out, types })
        }
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// A file of the spec's folder, if it is there. Bytes that are no UTF-8 are an error of the file's own parser, at their place.
pub(crate) fn read<T>(
    input: &Input,
    file: &str,
    diagnostics: &mut Diagnostics,
    parse: fn(&str, &str, &mut Diagnostics) -> T,
) -> Option<T> {
    let text = String::from_utf8_lossy(input.file(file)?);
    Some(parse(&format!("{}{file}", input.prefix), &text, diagnostics))
}
