//! `$ref`: from a text to the value it names. Local pointers and files of the folder; nothing is ever fetched.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, rules};

use super::cursor::Cursor;
use super::nearest::nearest;
use super::node::{Node, Value};

/// How many references may follow each other; nobody writes more than three.
const MAX_CHAIN: usize = 256;

/// Follows a chain of references to its end.
pub(super) fn resolve<'a>(start: &Cursor<'a>) -> Result<Cursor<'a>, Box<Diagnostic>> {
    let mut visited = HashSet::new();
    let mut at = start.clone();
    while let Some(next) = target(&at) {
        let next = next?;
        visited.insert(at);
        if visited.contains(&next) || visited.len() > MAX_CHAIN {
            let text = start.str_at("$ref").unwrap_or_default();
            let place = start.key("$ref").unwrap_or_else(|| start.clone());
            return Err(place.diagnostic(rules::REF_CYCLE, format!("`{text}` leads back to itself")).into());
        }
        at = next;
    }
    Ok(at)
}

/// The target of a value's own `$ref`. A `$ref` that is not a string is no reference but a property of that name.
pub(super) fn target<'a>(cursor: &Cursor<'a>) -> Option<Result<Cursor<'a>, Box<Diagnostic>>> {
    let reference = cursor.key("$ref").filter(|reference| reference.str().is_some())?;
    Some(follow(&reference))
}

/// Reads a string as a reference, relative to the file it stands in.
pub(super) fn follow<'a>(reference: &Cursor<'a>) -> Result<Cursor<'a>, Box<Diagnostic>> {
    let Some(text) = reference.str() else { return Err(reference.wrong_shape("a string").into()) };
    let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
    let path = match relative(reference.file().path(), file) {
        Ok(path) => path,
        Err(problem) => {
            let message = format!("`{text}` {problem}; nothing outside the spec's folder is read");
            let help = "copy the file into the folder and refer to it by its relative path";
            return Err(reference.diagnostic(rules::REMOTE_REF, message).help(help).into());
        }
    };
    // References speak of the text as it was written, whatever a conversion made of it.
    let Some(root) = reference.sources().written_root_of(&path) else {
        return Err(missing_file(reference, text, &path).into());
    };
    let unresolved = |problem: &str| {
        reference.diagnostic(rules::UNRESOLVED_REF, format!("`{text}` points at nothing: {problem}"))
    };
    let pointer = percent_decode(fragment).ok_or_else(|| unresolved("a percent-encoding is not valid"))?;
    if !pointer.is_empty() && !pointer.starts_with('/') {
        let help = "only JSON pointers are understood: `#/components/schemas/Name`";
        return Err(unresolved("what follows `#` is not a JSON pointer").help(help).into());
    }
    let mut at = root;
    for raw in pointer.split('/').skip(1) {
        let step = raw.replace("~1", "/").replace("~0", "~");
        let next = match at.node().value {
            Value::Array(_) => step.parse().ok().and_then(|index| at.index(index)),
            _ => at.key(&step),
        };
        at = match next {
            Some(next) => next,
            None => {
                let found = unresolved(&format!("`#{}` has no `{step}`", at.pointer()));
                let names = at.entries().map(|(name, _)| name);
                return Err(match nearest(&step, names) {
                    Some(name) => found.help(format!("did you mean `{name}`?")),
                    None => found,
                }
                .into());
            }
        };
    }
    let unused = || unresolved("that part of the document is ignored").into();
    at.as_converted().ok_or_else(unused)
}

fn missing_file(reference: &Cursor<'_>, text: &str, path: &str) -> Diagnostic {
    let sources = reference.sources();
    if sources.file(path).is_some() {
        let message = format!("`{text}` points into `{path}`, which is not well-formed");
        return reference.diagnostic(rules::UNRESOLVED_REF, message);
    }
    let found = reference.diagnostic(
        rules::UNRESOLVED_REF,
        format!("`{text}` points at nothing: the folder has no file `{path}`"),
    );
    // A bare name is what people write who mean a component.
    let schemas = sources.document().and_then(|root| root.key("components")?.key("schemas"));
    let names = sources.paths();
    match schemas.and_then(|schemas| schemas.key(text)) {
        Some(schema) => found.help(format!("did you mean `#{}`?", schema.location().pointer)),
        None => match nearest(path, names) {
            Some(name) => found.help(format!("did you mean `{name}`?")),
            None => found,
        },
    }
}

/// The path of a file that a reference in `base` names; an error says why it is outside the folder.
pub(super) fn relative(base: &str, reference: &str) -> Result<String, &'static str> {
    if reference.is_empty() {
        return Ok(base.to_owned());
    }
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    if reference.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)) {
        return Err("is a URL");
    }
    // Decoded first, so that `%2e%2e/` leaves the folder no more than `../` does.
    let reference = percent_decode(reference).ok_or("has a percent-encoding that is not valid")?;
    if reference.starts_with(['/', '\\']) {
        return Err("is an absolute path");
    }
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in reference.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or("leaves the spec's folder")?;
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let mut digit = || bytes.next().and_then(|b| char::from(b).to_digit(16));
        decoded.push(match byte {
            b'%' => u8::try_from(digit()? * 16 + digit()?).ok()?,
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Collects the paths of files that a file refers to. Too many do no harm: what is not there is not read.
pub(super) fn referenced_files(node: &Node, base: &str, found: &mut Vec<String>) {
    match &node.value {
        Value::Array(items) => items.iter().for_each(|item| referenced_files(item, base, found)),
        Value::Object(entries) => {
            for entry in entries {
                let texts = match entry.key.as_str() {
                    "$ref" | "operationRef" | "defaultMapping" => entry.value.as_str().into_iter().collect(),
                    "mapping" => mapped(&entry.value),
                    _ => Vec::new(),
                };
                let files = texts.into_iter().map(|text| text.split_once('#').map_or(text, |(file, _)| file));
                found.extend(
                    files.filter(|file| !file.is_empty()).filter_map(|file| relative(base, file).ok()),
                );
                referenced_files(&entry.value, base, found);
            }
        }
        _ => {}
    }
}

fn mapped(node: &Node) -> Vec<&str> {
    node.as_object().unwrap_or_default().iter().filter_map(|entry| entry.value.as_str()).collect()
}
