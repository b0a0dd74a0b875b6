//! Modules: one per tag. Operations without a tag go to the module of what their path is about.

use std::collections::{BTreeMap, BTreeSet};

use super::namer::{Item, Namer, Scope, itself};
use super::operations::subject;
use super::reserved;
use super::words::{Kind, ident};
use crate::ir::Service;
use crate::location::Location;
use crate::settings::Section;

pub(super) fn name(service: &mut Service, namer: &mut Namer<'_>) {
    // The first tag of each module.
    let mut tagged: BTreeMap<String, String> = BTreeMap::new();
    let tags: BTreeSet<&String> =
        service.operations.iter().filter_map(|operation| operation.tag.as_ref()).collect();
    let mut modules: BTreeMap<&String, String> =
        tags.into_iter().map(|tag| (tag, ident(Kind::Module, tag))).collect();
    for tag in service.operations.iter().filter_map(|operation| operation.tag.as_ref()) {
        if let Some(module) = modules.remove(tag) {
            tagged.entry(module).or_insert_with(|| tag.clone());
        }
    }
    let mut used: Vec<(String, Location)> = Vec::new();
    let mut known = BTreeSet::new();
    for operation in &mut service.operations {
        let tag = operation.tag.clone().unwrap_or_else(|| {
            let subject = subject(operation).unwrap_or("default");
            tagged.get(&ident(Kind::Module, subject)).cloned().unwrap_or_else(|| subject.to_owned())
        });
        if known.insert(tag.clone()) {
            used.push((tag.clone(), operation.origin.clone()));
        }
        operation.tag = Some(tag);
    }
    let mut items = Vec::new();
    for (tag, place) in &used {
        let mut item = Item::new(tag.clone(), tag.clone(), vec![ident(Kind::Module, tag)], place);
        item.chosen = namer.chosen(Section::Modules, |wanted| wanted == tag);
        items.push(item);
    }
    let scope = Scope {
        section: Section::Modules,
        kind: Kind::Module,
        reserved: &|name| reserved::is_reserved(Kind::Module, name) || !name.is_ascii(),
        claims: &|name| itself(&name.to_lowercase()),
    };
    let names = namer.assign(&scope, items);
    for ((tag, _), module) in used.into_iter().zip(names) {
        service.tags.entry(tag).or_default().module = module;
    }
}
