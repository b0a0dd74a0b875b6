//! Arguments of calls, setters of credentials.

use std::collections::BTreeSet;

use super::members::with_signs;
use super::namer::{Item, Namer, Scope, itself};
use super::reserved::{self, OPTIONS};
use super::words::{Kind, ident};
use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Operation, Service};
use crate::location::Location;
use crate::passes::find;
use crate::settings::Section;

pub(super) fn credentials(service: &mut Service, namer: &mut Namer<'_>) {
    let place = Location::start_of(&service.source.path);
    // A credential that is new to a crate whose names are locked gives way to the parameters that are there; else they do.
    let setters: BTreeSet<String> = service
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters)
        .map(|parameter| ident(Kind::Parameter, &parameter.wire))
        .collect();
    let lock = namer.lock();
    let is_new = |name: &str| !lock.is_empty() && lock.get(Section::Credentials, name).is_none();
    let mut items = Vec::new();
    for credential in &service.credentials {
        let mut name = ident(Kind::Setter, &credential.name);
        while is_new(&credential.name) && setters.contains(&name) {
            name.push_str("_auth");
        }
        let candidates = vec![name];
        let mut item = Item::new(credential.name.clone(), credential.name.clone(), candidates, &place);
        item.chosen = namer.chosen(Section::Credentials, |wanted| wanted == credential.name);
        items.push(item);
    }
    let scope = Scope {
        section: Section::Credentials,
        kind: Kind::Setter,
        reserved: &|name| reserved::is_reserved(Kind::Setter, name),
        claims: &itself,
    };
    for (credential, setter) in service.credentials.iter_mut().zip(namer.assign(&scope, items)) {
        credential.setter = setter;
    }
}

pub(super) fn parameters(service: &mut Service, namer: &mut Namer<'_>) {
    let setters: Vec<String> =
        service.credentials.iter().map(|credential| credential.setter.clone()).collect();
    let is_option = |name: &str| OPTIONS.contains(&name) || setters.iter().any(|setter| setter == name);
    for operation in &mut service.operations {
        let has_body = operation.body.is_some();
        let is_taken = |name: &str| {
            is_option(name) || (name == "body" && has_body) || reserved::is_reserved(Kind::Parameter, name)
        };
        let mut items = Vec::new();
        for parameter in operation.parameters.iter().filter(|parameter| parameter.merged.is_none()) {
            let place = format!("{:?}", parameter.place).to_lowercase();
            let mut candidates = with_signs(Kind::Parameter, &parameter.wire);
            candidates.push(ident(Kind::Parameter, &format!("{} {place}", parameter.wire)));
            candidates.iter_mut().filter(|name| is_taken(name)).for_each(|name| name.push('_'));
            let key = format!("{}.{place}.{}", operation.key, parameter.wire);
            let alias = format!("{}.{}", operation.key, parameter.wire);
            let mut item = Item::new(key, alias, candidates, &parameter.origin);
            item.wire = Some(parameter.wire.clone());
            item.chosen = namer.chosen(Section::Parameters, |wanted| {
                find::argument(operation, wanted) == Some(parameter.wire.as_str())
            });
            items.push(item);
        }
        let scope = Scope {
            section: Section::Parameters,
            kind: Kind::Parameter,
            reserved: &is_taken,
            claims: &itself,
        };
        let names = namer.assign(&scope, items);
        write(operation, names);
        note(operation, namer, is_option);
    }
}

fn write(operation: &mut Operation, names: Vec<String>) {
    let (merged, own): (Vec<_>, Vec<_>) = operation.parameters.iter_mut().partition(|p| p.merged.is_some());
    for parameter in merged {
        parameter.name = ident(Kind::Parameter, &parameter.wire);
    }
    for (parameter, name) in own.into_iter().zip(names) {
        parameter.name = name;
    }
}

/// Says which parameters gave way to an option.
fn note(operation: &Operation, namer: &mut Namer<'_>, is_option: impl Fn(&str) -> bool) {
    for parameter in operation.parameters.iter().filter(|parameter| parameter.merged.is_none()) {
        let Some(option) = parameter.name.strip_suffix('_').filter(|name| is_option(name)) else { continue };
        let message = format!("the parameter `{}` is called `{}`", parameter.wire, parameter.name);
        let help = format!(
            "`{option}` is an option of every call; to choose another name: rename.parameters.\"{}.{}\"",
            operation.key, parameter.wire
        );
        namer
            .diagnostics
            .push(Diagnostic::new(rules::PARAMETER_RENAMED, parameter.origin.clone(), message).help(help));
    }
}
