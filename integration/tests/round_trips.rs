//! Every type of the golden crates and of the five services: values made from its schema survive JSON → type → JSON.
//!
//! What a type may change in a value, and nothing else:
//! - a member that is null where null and absent mean the same is left out, and the other way round;
//! - a member that is absent gets the default of the document;
//! - a number may be written with another number of zeros (`1` and `1.0`), and as text where both are allowed; times and
//!   durations are written in their shortest form;
//! - a member that the document does not know is dropped, unless `additionalProperties` is written out.
//!
//! `round_trips/table.rs` names the types; `UPDATE_EXPECT=1 cargo test -p integration --test round_trips` writes it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "round_trips/compare.rs"]
mod compare;
#[path = "round_trips/input.rs"]
mod input;
#[path = "round_trips/table.rs"]
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::OnceLock;

use rpc_codegen::ir::{Additional, Dispatch, Scalar, Shape, Type, TypeDef};
use rpc_mock_spec::{Accepted, Spec};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What does not survive, and why that is right: crate, type, problem. Each must still happen.
const NOT_MEANT: &[(&str, &str, &str)] = &[
    // A base that lists its children in `oneOf` lets a dog be tagged `cat` and have a cat's members, by the letter of the schema.
    ("rpc-codegen/tests/golden/merged", "Dog", "/lives is lost"),
    // Validators that know nothing of directions ask for it in replies too, so the values have it; the types of replies do not.
    ("rpc-codegen/tests/golden/directions", "Account", "/password is lost"),
    ("rpc-codegen/tests/golden/schemas", "Directions", "/secret is lost"),
    ("rpc-codegen/tests/golden/schemas", "Everything", "/directions/secret is lost"),
];

/// Reads a value and writes it again.
type Round = fn(&str) -> Result<String, String>;

fn round<T: Serialize + DeserializeOwned + Debug + PartialEq>(text: &str) -> Result<String, String> {
    let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let written = serde_json::to_string(&value).map_err(|error| error.to_string())?;
    let again: T =
        serde_json::from_str(&written).map_err(|error| format!("{written} is not read again: {error}"))?;
    if again != value {
        return Err(format!("{written} is another value"));
    }
    Ok(written)
}

/// The types of a crate with what the document says of them.
struct Crate {
    folder: &'static str,
    values: Vec<Accepted>,
    types: BTreeMap<String, TypeDef>,
    /// Every default of the document.
    defaults: Vec<Value>,
}

impl Crate {
    fn load(folder: &'static str) -> Self {
        let input = input::read(folder);
        let resolved = rpc_codegen::resolve_document(&input).unwrap();
        let types =
            input::types(&resolved.service).into_iter().map(|def| (def.name.clone(), def.clone())).collect();
        let mut defaults = Vec::new();
        compare::defaults(&resolved.document.root().unwrap().node().to_json(), &mut defaults);
        Self { folder, values: Spec::load(&input).unwrap().values().collect(), types, defaults }
    }
}

/// A crate, and its types with their way there and back.
type Entry = (Crate, Vec<(&'static str, Round)>);

fn crates() -> &'static [Entry] {
    static CRATES: OnceLock<Vec<Entry>> = OnceLock::new();
    CRATES.get_or_init(|| {
        let mut found: Vec<Entry> = Vec::new();
        for (folder, name, round) in table::TYPES {
            if found.last().is_none_or(|(last, _)| last.folder != *folder) {
                found.push((Crate::load(folder), Vec::new()));
            }
            found.last_mut().unwrap().1.push((name, *round));
        }
        found
    })
}

#[test]
fn the_table_has_every_type() {
    let text = input::table();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/round_trips/table.rs");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == text, "{path} is old: UPDATE_EXPECT=1 writes it");
}

#[test]
fn values_of_the_schema_survive() {
    let (mut wrong, mut count, mut tried) = (Vec::new(), 0, BTreeSet::new());
    let mut not_meant = BTreeSet::new();
    for (of, types) in crates() {
        for (name, round) in types {
            let def = &of.types[*name];
            let mine = of.values.iter().filter(|accepted| {
                accepted.schema == schema(def)
                    // Null is said by the use of a type.
                    && !accepted.value.is_null()
                    && if accepted.in_reply { def.direction.reply } else { def.direction.request }
            });
            for accepted in mine {
                count += 1;
                tried.insert((of.folder, *name));
                let sent = serde_json::to_string(&accepted.value).unwrap();
                let problem = match round(&sent) {
                    Ok(written) => {
                        let written = serde_json::from_str(&written).unwrap();
                        compare::difference(&accepted.value, &written, &of.defaults)
                    }
                    Err(error) => Some(error),
                };
                let Some(problem) = problem else { continue };
                match NOT_MEANT.iter().find(|known| **known == (of.folder, *name, problem.as_str())) {
                    Some(known) => drop(not_meant.insert(known)),
                    None => wrong.push(format!("{} {name}: {problem}\n    {sent}", of.folder)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(not_meant.len(), NOT_MEANT.len(), "some of NOT_MEANT survives now");
    assert!(count > 500 && tried.len() > 60, "only {count} values of {} types", tried.len());
}

/// The schema of a type; both directions of a split one have the same.
fn schema(def: &TypeDef) -> &str {
    let twin = def.input_of.is_some() && !def.origin.pointer.ends_with("-Input");
    def.key.strip_suffix("-Input").filter(|_| twin).unwrap_or(&def.key)
}

#[test]
fn what_the_document_does_not_know_survives() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (of, types) in crates() {
        for (name, round) in types {
            let def = &of.types[*name];
            let at = format!("{} {name}", of.folder);
            match &def.shape {
                Shape::Enum(set) => {
                    let unknown = if set.of == Scalar::String { "\"from the future\"" } else { "424242" };
                    assert_eq!(round(unknown).ok().as_deref(), set.open.then_some(unknown), "{at}");
                    *kinds.entry("enum").or_default() += 1;
                }
                Shape::Union(union) => {
                    let Dispatch::Tag(tag) = &union.dispatch else { continue };
                    let unknown = format!("{{\"n\":1.10,\"{tag}\":\"from the future\",\"x\":[1e400]}}");
                    assert_eq!(round(&unknown).as_deref(), Ok(&*unknown), "{at}");
                    *kinds.entry("union").or_default() += 1;
                }
                Shape::Struct(object) => {
                    let example = of.values.iter().find(|a| {
                        a.schema == def.key && a.value.is_object() && a.in_reply == def.direction.reply
                    });
                    let Some(example) = example else { continue };
                    let mut value = example.value.clone();
                    value["from the future"] = json!({"deep": [1, "x"]});
                    let kept = match &object.additional {
                        Additional::Kept { ty: Type::Any, .. } => true,
                        // Of another type, by the document's own word.
                        Additional::Kept { .. } => continue,
                        Additional::Ignored => false,
                    };
                    let written = round(&value.to_string()).unwrap_or_else(|error| panic!("{at}: {error}"));
                    let written: Value = serde_json::from_str(&written).unwrap();
                    assert_eq!(written.get("from the future").is_some(), kept, "{at}");
                    *kinds.entry(if kept { "kept" } else { "dropped" }).or_default() += 1;
                }
                Shape::Alias(..) => {}
            }
        }
    }
    for kind in ["enum", "union", "dropped"] {
        assert!(kinds.get(kind).is_some_and(|count| *count > 2), "{kinds:?}");
    }
}
