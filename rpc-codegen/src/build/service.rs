//! The service as a whole.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::input::Input;
use crate::ir::{Operation, Service, SourceDocument, Tag};
use crate::load::{Document, OperationView};

use super::builder::{Builder, text};
use super::operations::{Encodings, credentials};

pub(super) fn build(
    document: &Document,
    input: &Input,
    keep: &dyn Fn(&OperationView<'_>) -> bool,
    diagnostics: &mut Diagnostics,
) -> Service {
    let mut builder = Builder::new(document, diagnostics);
    let (mut operations, mut left_out) = (Vec::new(), Vec::new());
    let (mut defaults, mut encodings) = (Vec::new(), Encodings::new());
    for view in document.operations().into_iter().filter(keep) {
        match builder.operation(&view) {
            Ok((operation, later)) => {
                encodings.extend(later.encoding.map(|encoding| (operations.len(), encoding)));
                defaults.extend(later.defaults.into_iter().map(|(at, value)| (operations.len(), at, value)));
                operations.push(operation);
            }
            Err(refused) => left_out.push(refused),
        }
    }
    builder.settle_all();
    builder.break_cycles();
    for (operation, parameter, value) in defaults {
        let found = operations
            .get_mut(operation)
            .and_then(|found: &mut Operation| found.parameters.get_mut(parameter));
        if let Some(parameter) = found {
            parameter.default = builder.parameter_default(&value, &parameter.ty);
        }
    }
    let credentials = credentials(document, &operations);
    let types = builder.finish(&mut operations, &encodings);
    let info = document.info();
    Service {
        name: input.service.clone(),
        crate_name: input.service.clone(),
        title: info.title.to_owned(),
        document_version: info.version.to_owned(),
        crate_version: if is_semver(info.version) { info.version.to_owned() } else { "0.0.0".to_owned() },
        description: text(info.description.or(info.summary)),
        source: SourceDocument {
            path: format!("{}{}", input.prefix, input.document),
            hash: hash(document, input),
        },
        envelope: None,
        tags: tags(document, &operations),
        operations,
        left_out,
        types,
        error_sets: Vec::new(),
        headers: Vec::new(),
        credentials,
    }
}

fn tags(document: &Document, operations: &[Operation]) -> BTreeMap<String, Tag> {
    let tag = |name: &str, description| {
        (name.to_owned(), Tag { module: name.to_owned(), description: text(description) })
    };
    let used = operations.iter().filter_map(|operation| operation.tag.as_deref());
    let declared = document.tags().into_iter().map(|declared| tag(declared.name, declared.description));
    used.map(|name| tag(name, None)).chain(declared).collect()
}

/// `1.2.3`, with an optional `-pre` or `+build` of Cargo's characters.
fn is_semver(version: &str) -> bool {
    let (core, rest) = version.find(['-', '+']).map_or((version, ""), |at| version.split_at(at));
    let number =
        |part: &str| part.len() <= 9 && part.parse::<u32>().is_ok_and(|number| number.to_string() == part);
    let parts: Vec<&str> = core.split('.').collect();
    let identifiers = rest.trim_start_matches(['-', '+']).split(['.', '+']);
    let word = |part: &str| {
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && (!digits || number(part))
    };
    parts.len() == 3
        && parts.into_iter().all(number)
        && (rest.is_empty() || (identifiers.into_iter().all(word) && rest.matches('+').count() <= 1))
}

/// FNV-1a, 64 bits, of the document and its overlays.
fn hash(document: &Document, input: &Input) -> String {
    let overlays = document.sources().overlays().iter().filter_map(|name| name.strip_prefix(&input.prefix));
    let files = std::iter::once(input.document.as_str()).chain(overlays);
    let bytes = files.flat_map(|path| input.file(path).unwrap_or_default());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
