//! Create, read, change, delete, list.

use serde_json::{Map, Value};

use super::Server;
use crate::model::Operation;
use crate::reply::{self, Chosen, Outgoing, merge};
use crate::request::{self, Request, guess};
use crate::state::{Held, Role};

/// Names of counters beside a list.
const COUNTERS: [&str; 6] = ["total", "count", "total_count", "totalCount", "total_items", "totalItems"];

/// Names that lists of items usually have.
const LISTS: [&str; 4] = ["items", "data", "results", "records"];

impl Server {
    pub(super) fn stateful(
        &self,
        operation: &Operation,
        chosen: &Chosen<'_>,
        json: Option<Value>,
        request: &Request,
        role: Role,
        parameter: &str,
    ) -> Outgoing {
        let model = &self.model;
        let schema = chosen.media.and_then(|media| media.schema).map(|id| model.replies.get(id));
        let mut root = json;
        let at = root.as_ref().map(|root| self.payload(root)).unwrap_or_default();
        let (collection, id) = address(operation, request, role);
        let sent: Map<String, Value> = match request::sent(model, operation, request) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        match role {
            Role::Create => {
                if let Some(root) = &mut root {
                    let known = |name: &str| knows(model, schema, &at, name);
                    merge(&model.replies, schema, root, &at, &sent, &known);
                    self.identify(operation, schema, root, &at, parameter, &collection, &sent);
                } else if let Some(id) = [parameter, "id"].iter().find_map(|name| scalar(sent.get(*name)?)) {
                    // The reply shows nothing, but the client knows the id.
                    self.store.put(&collection, &id, Some(sent));
                }
            }
            Role::Read | Role::Change | Role::Delete => match (self.store.get(&collection, &id), role) {
                (Held::Gone, _) => return self.not_found(operation),
                (held, Role::Delete) => {
                    self.store.put(&collection, &id, None);
                    if let (Some(root), Held::Item(item)) = (&mut root, held) {
                        merge(&model.replies, schema, root, &at, &item, &|_| false);
                    }
                }
                (held, _) => {
                    let mut item = match held {
                        Held::Item(item) => item,
                        _ => Map::new(),
                    };
                    if role == Role::Change {
                        item.extend(sent);
                    }
                    if let Some(root) = &mut root {
                        let known = |name: &str| knows(model, schema, &at, name);
                        merge(&model.replies, schema, root, &at, &item, &known);
                        self.fill_in(schema, root, &at, parameter, &id);
                        // What a reply holds is the item as everybody sees it from now on.
                        if role == Role::Change
                            && let Some(Value::Object(seen)) = root.pointer(&at)
                        {
                            let shown = seen.iter().filter(|(name, _)| item.contains_key(*name));
                            item.extend(
                                shown
                                    .map(|(name, value)| (name.clone(), value.clone()))
                                    .collect::<Map<_, _>>(),
                            );
                        }
                    }
                    if role == Role::Change {
                        self.store.put(&collection, &id, Some(item));
                    }
                }
            },
            Role::List => {
                if let Some(root) = &mut root {
                    self.list(schema, root, &at, &collection, |item| {
                        scalar(item.get(&id_field(item, parameter, &operation.template)?)?)
                    });
                }
            }
        }
        reply::outgoing(model, chosen, root)
    }

    /// Gives a created item an id and keeps it.
    #[expect(clippy::too_many_arguments, reason = "all of it says where one value goes")]
    fn identify(
        &self,
        operation: &Operation,
        schema: Option<&Value>,
        root: &mut Value,
        at: &str,
        parameter: &str,
        collection: &str,
        sent: &Map<String, Value>,
    ) {
        let Some(Value::Object(item)) = root.pointer(at) else { return };
        let Some(field) = id_field(item, parameter, &operation.template) else { return };
        let given = sent.get(&field).filter(|value| item.get(&field) == Some(value)).cloned();
        let old = item.get(&field).cloned().unwrap_or_default();
        let fresh = given.into_iter().chain(fresh(&old, self.store.number()));
        let path_schema = self.path_schema(operation, parameter);
        for value in fresh {
            let id = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let accepted = path_schema.is_none_or(|schema| {
                self.model.requests.valid(schema, &guess(&self.model.requests, schema, &id))
            });
            let fields: Map<String, Value> = [(field.clone(), value.clone())].into_iter().collect();
            let mut with = root.clone();
            merge(&self.model.replies, schema, &mut with, at, &fields, &|_| false);
            let taken = with.pointer(at).and_then(|item| item.get(&field)) == Some(&value);
            if accepted && taken {
                *root = with;
                if let Some(Value::Object(item)) = root.pointer(at) {
                    // What the reply does not show may still be shown by others.
                    let mut whole = sent.clone();
                    whole.extend(item.clone());
                    self.store.put(collection, &id, Some(whole));
                }
                return;
            }
        }
    }

    fn path_schema(&self, create: &Operation, parameter: &str) -> Option<&Value> {
        let items = self.model.operations.iter().filter(|item| {
            item.template.starts_with(create.template.trim_end_matches('/')) && item.template.ends_with('}')
        });
        let id = items.flat_map(|item| &item.parameters).find(|known| known.name == parameter)?.schema?;
        Some(self.model.requests.get(id))
    }

    /// Puts the id of the path into the reply.
    fn fill_in(&self, schema: Option<&Value>, root: &mut Value, at: &str, parameter: &str, id: &str) {
        let Some(Value::Object(item)) = root.pointer(at) else { return };
        let Some(field) = id_field(item, parameter, "") else { return };
        let number = id.parse::<i64>().ok().map(Value::from);
        for value in number.into_iter().chain([Value::from(id)]) {
            let fields: Map<String, Value> = [(field.clone(), value.clone())].into_iter().collect();
            merge(&self.model.replies, schema, root, at, &fields, &|_| false);
            if root.pointer(at).and_then(|item| item.get(&field)) == Some(&value) {
                return;
            }
        }
    }

    /// Puts what was created in front of the samples of a list, and takes out samples that were deleted.
    fn list(
        &self,
        schema: Option<&Value>,
        root: &mut Value,
        at: &str,
        collection: &str,
        id: impl Fn(&Map<String, Value>) -> Option<String>,
    ) {
        let items = self.store.list(collection);
        let valid = |root: &Value| schema.is_none_or(|schema| self.model.replies.valid(schema, root));
        let Some(place) = list_place(root, at, items.last(), valid) else { return };
        let before = root.clone();
        for item in &items {
            let mut with = root.clone();
            let Some(Value::Array(list)) = with.pointer_mut(&place) else { return };
            let Some(sample) = list.last().cloned() else { return };
            list.insert(0, sample);
            if schema.is_some_and(|schema| !self.model.replies.valid(schema, &with)) {
                // `uniqueItems` or `maxItems`: one sample less.
                let Some(Value::Array(list)) = with.pointer_mut(&place) else { return };
                list.pop();
            }
            merge(&self.model.replies, schema, &mut with, &format!("{place}/0"), item, &|_| false);
            *root = with;
        }
        let gone = |item: &Value| {
            let id = item.as_object().and_then(&id);
            id.is_some_and(|id| self.store.get(collection, &id) == Held::Gone)
        };
        let mut with = root.clone();
        if let Some(Value::Array(list)) = with.pointer_mut(&place) {
            list.retain(|item| !gone(item));
        }
        if valid(&with) {
            *root = with;
        }
        if *root == before {
            return;
        }
        let count = root.pointer(&place).and_then(Value::as_array).map_or(0, Vec::len);
        let fields = COUNTERS.iter().map(|name| ((*name).to_owned(), Value::from(count))).collect();
        merge(&self.model.replies, schema, root, at, &fields, &|_| false);
    }
}

/// Where the list of a reply is: the payload itself, or the array in it that an item fits into best.
fn list_place(
    root: &Value,
    at: &str,
    item: Option<&Map<String, Value>>,
    valid: impl Fn(&Value) -> bool,
) -> Option<String> {
    let members = match root.pointer(at)? {
        Value::Array(_) => return Some(at.to_owned()),
        other => other.as_object()?,
    };
    let lists = members.iter().filter_map(|(name, value)| {
        let first = value.as_array()?.first()?.as_object()?;
        let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        let mut with = root.clone();
        if let (Some(item), Some(slot)) = (item, with.pointer_mut(&format!("{place}/0"))) {
            *slot = Value::Object(item.clone());
        }
        let shared = item.map_or(0, |item| item.keys().filter(|name| first.contains_key(*name)).count());
        Some(((valid(&with), LISTS.contains(&name.as_str()), shared), place))
    });
    // The first of equals.
    lists.rev().max_by_key(|(rank, _)| *rank).map(|(_, place)| place)
}

/// An id as it stands in paths.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The collection as it was called, and the id in it.
fn address(operation: &Operation, request: &Request, role: Role) -> (String, String) {
    let mut path = operation.template.trim_end_matches('/').to_owned();
    for (name, value) in &request.path {
        path = path.replace(&format!("{{{name}}}"), &value.replace('/', "%2F"));
    }
    match role {
        Role::Create | Role::List => (path, String::new()),
        _ => path
            .rsplit_once('/')
            .map(|(before, id)| (before.to_owned(), id.replace("%2F", "/")))
            .unwrap_or_default(),
    }
}

/// Whether the schema of a payload has a property of this name.
fn knows(model: &crate::model::Model, schema: Option<&Value>, at: &str, name: &str) -> bool {
    let mut schema = schema;
    for step in at.split('/').skip(1) {
        schema = schema.and_then(|schema| property(model, schema, step, 0));
    }
    schema.is_some_and(|schema| property(model, schema, name, 0).is_some())
}

fn property<'m>(
    model: &'m crate::model::Model,
    schema: &'m Value,
    name: &str,
    depth: usize,
) -> Option<&'m Value> {
    let schema = model.replies.resolve(schema);
    let own = schema.get("properties").and_then(|properties| properties.get(name));
    let branches =
        ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
    own.or_else(|| branches.filter(|_| depth < 8).find_map(|branch| property(model, branch, name, depth + 1)))
}

/// The field of an item that holds its id.
fn id_field(item: &Map<String, Value>, parameter: &str, template: &str) -> Option<String> {
    let parts = parameter.split('_').filter(|part| !part.is_empty()).enumerate();
    let camel: String = parts
        .map(|(index, part)| match (index, part.split_at_checked(1)) {
            (1.., Some((first, rest))) => format!("{}{rest}", first.to_ascii_uppercase()),
            _ => part.to_owned(),
        })
        .collect();
    let plural = template.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let singular = plural
        .strip_suffix("ies")
        .map_or_else(|| plural.trim_end_matches('s').to_owned(), |stem| format!("{stem}y"));
    let own = [format!("{singular}_id"), format!("{singular}Id")];
    let usual = ["id", "uuid", "key", "slug", "name"].map(str::to_owned);
    let names = [parameter.to_owned(), camel].into_iter().chain(own).chain(usual);
    let scalar = |name: &String| item.get(name).is_some_and(|value| value.is_string() || value.is_number());
    let mut names = names.filter(scalar);
    names.next()
}

/// Ids like an old one that nobody has yet.
fn fresh(old: &Value, number: u64) -> Vec<Value> {
    match old {
        Value::Number(_) => vec![(1000 + number).into(), number.into()],
        Value::String(text) => {
            let uuid = format!("00000000-0000-4000-8000-{number:012x}");
            let kept: String = text.trim_end_matches(|c: char| c.is_ascii_hexdigit()).to_owned();
            let width = text.len() - kept.len();
            let same_length = format!("{kept}{number:0width$x}");
            let digits = format!("{kept}{number:0width$}");
            let looks_like_uuid = text.len() == 36 && text.matches('-').count() == 4;
            let named = format!("{text}-{number}");
            match looks_like_uuid {
                true => vec![uuid.into(), same_length.into()],
                false => {
                    [named, digits, same_length, uuid, (1000 + number).to_string()].map(Value::from).to_vec()
                }
            }
        }
        _ => Vec::new(),
    }
}
