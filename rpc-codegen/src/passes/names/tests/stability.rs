//! Any names at all: valid, unique, the same every time, and kept.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::run;
use crate::diagnostic::Diagnostics;
use crate::ir::{Credential, CredentialKind, Output, Place, Service, Shape, Type};
use crate::passes::testing::{get, named, object, service, string, union, values};
use crate::settings::{Lock, Settings};

#[test]
fn a_growing_document_renames_nothing() {
    let start: Vec<String> = ["fooBar", "foo_bar", "Foo", "Option", "self"].map(str::to_owned).into();
    let more = (0..100).map(|n| {
        ["FooBar", "foo-bar", "FOO_BAR", "option", "Self"][n % 5].repeat(n / 50 + 1) + &" ".repeat(n)
    });
    let grown: Vec<String> = start.iter().cloned().chain(more.clone()).collect();
    let shuffled: Vec<String> = more.chain(start.iter().rev().cloned()).collect();
    let (before, lock, _) = run(everything(&start), &Settings::default(), &Lock::default());
    let given = pairs(&before);
    let (appended, ..) = run(everything(&grown), &Settings::default(), &Lock::default());
    assert!(given.is_subset(&pairs(&appended)), "without a lock");
    let (anywhere, next, _) = run(everything(&shuffled), &Settings::default(), &lock);
    assert!(given.is_subset(&pairs(&anywhere)), "with a lock");
    let (again, same, text) = run(everything(&shuffled), &Settings::default(), &next);
    assert_eq!((pairs(&again), same), (pairs(&anywhere), next));
    assert!(!text.contains("R201"), "what is decided is not reported again");
}

/// Each name as an operation, a type, a field, a parameter, a variant, a tag, a credential and a header.
fn everything(names: &[String]) -> Service {
    let wires: Vec<&str> = names.iter().map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect();
    let in_order: Vec<&str> = names.iter().map(String::as_str).filter(|name| wires.contains(name)).collect();
    let mut types: Vec<_> = in_order.iter().map(|name| object(name, [])).collect();
    types.push(object("Struct", in_order.iter().map(|name| (*name, string()))));
    types.push(values("Enum", in_order.iter().copied()));
    types.push(union("Union", in_order.iter().map(|name| (*name, string()))));
    let all = Type::Tuple((0..types.len()).map(named).collect());
    let mut operations = vec![get("/first").json("200", all)];
    for name in &in_order {
        let place: String = name.bytes().map(|byte| format!("{byte:x}")).collect();
        let mut call = get(&format!("/n{place}")).id(name).tag(name);
        for place in [Place::Query, Place::Cookie] {
            call = call.parameter(place, name);
        }
        operations.push(call);
    }
    for (index, name) in in_order.iter().enumerate() {
        let ty = if index % 2 == 0 { string() } else { Type::Scalar(crate::ir::Scalar::Bool) };
        operations[0] = operations[0].clone().header("200", name, ty);
    }
    let mut all = get("/last");
    for name in &in_order {
        all = all.parameter(Place::Query, name);
    }
    operations.insert(1, all);
    let mut service = service(operations, types);
    for name in &in_order {
        let kind = CredentialKind::Basic;
        service.credentials.push(Credential { name: (*name).into(), setter: String::new(), kind, doc: None });
    }
    service
}

/// Scopes of names: those of one scope must differ.
fn scopes(service: &Service) -> Vec<(String, Vec<(String, String)>)> {
    let mut all = Vec::new();
    let pairs = |found: &mut dyn Iterator<Item = (&str, &str)>| -> Vec<(String, String)> {
        found.map(|(key, name)| (key.to_owned(), name.to_owned())).collect()
    };
    let operations = &service.operations;
    all.push(("methods".into(), pairs(&mut operations.iter().map(|o| (o.key.as_str(), o.name.as_str())))));
    all.push((
        "markers".into(),
        pairs(&mut operations.iter().map(|o| (o.key.as_str(), o.type_name.as_str()))),
    ));
    all.push((
        "modules".into(),
        pairs(&mut service.tags.iter().map(|(key, tag)| (key.as_str(), tag.module.as_str()))),
    ));
    let headers = service.headers.iter().map(|key| {
        (format!("{} {:?}", key.header.wire.to_ascii_lowercase(), key.header.ty), key.name.clone())
    });
    all.push(("headers".into(), headers.collect()));
    let credentials = &mut service.credentials.iter().map(|c| (c.name.as_str(), c.setter.as_str()));
    all.push(("credentials".into(), pairs(credentials)));
    all.push((
        "types".into(),
        pairs(&mut service.types.iter().map(|(_, def)| (def.key.as_str(), def.name.as_str()))),
    ));
    for operation in operations {
        let keys = operation.parameters.iter().map(|p| (format!("{:?} {}", p.place, p.wire), p.name.clone()));
        all.push((operation.key.clone(), keys.collect()));
    }
    for (_, def) in service.types.iter() {
        let names = match &def.shape {
            Shape::Struct(object) => {
                pairs(&mut object.fields.iter().map(|f| (f.wire.as_str(), f.name.as_str())))
            }
            Shape::Enum(values) => {
                pairs(&mut values.values.iter().map(|v| (v.wire.as_str(), v.name.as_str())))
            }
            Shape::Union(union) => pairs(
                &mut union
                    .variants
                    .iter()
                    .map(|v| (v.tags.first().map_or("", String::as_str), v.name.as_str())),
            ),
            Shape::Alias(..) => Vec::new(),
        };
        all.push((def.key.clone(), names));
    }
    all
}

fn pairs(service: &Service) -> BTreeSet<(String, String, String)> {
    let flat = scopes(service).into_iter();
    flat.flat_map(|(scope, names)| names.into_iter().map(move |(key, name)| (scope.clone(), key, name)))
        .collect()
}

fn is_rust(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok() || syn::parse_str::<syn::Ident>(&format!("r#{name}")).is_ok()
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-bA-B0-2_ -]{0,4}",
        "\\PC{0,6}",
        any::<String>(),
        prop::sample::select(vec![
            "self", "Self", "type", "Option", "Unknown", "timeout", "send", "_", "", "raw", "aux", "a_2"
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn any_strings_give_valid_unique_names(names in prop::collection::vec(hostile(), 0..12)) {
        let names: Vec<String> = names.iter().filter(|n| !n.contains(' ') || n.len() < 6).cloned().collect();
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        let names: Vec<String> = names.into_iter().filter(|name| {
            unique.iter().position(|known| known == name).map(|at| unique.remove(at)).is_some()
        }).collect();
        let (named, lock, text) = run(everything(&names), &Settings::default(), &Lock::default());
        for (scope, given) in scopes(&named) {
            let distinct: BTreeSet<&str> = given.iter().map(|(_, name)| name.as_str()).collect();
            prop_assert_eq!(distinct.len(), given.len(), "{}: {:?}", scope, given);
            for (key, name) in &given {
                prop_assert!(is_rust(name), "{scope} {key:?}: {name:?}");
            }
        }
        prop_assert!(named.operations.iter().all(|o| o.output == Output::Unit || o.key == "GET /first"));
        let (again, same, other) = run(everything(&names), &Settings::default(), &Lock::default());
        prop_assert_eq!((&again, &same, &other), (&named, &lock, &text));
        let read = Lock::parse("names.lock", &lock.render("gen"), &mut Diagnostics::default());
        prop_assert_eq!(&read, &lock);
        let (locked, kept, _) = run(everything(&names), &Settings::default(), &read);
        prop_assert_eq!(pairs(&locked), pairs(&named));
        prop_assert_eq!(kept, lock);
    }
}
