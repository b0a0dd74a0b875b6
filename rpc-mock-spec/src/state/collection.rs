//! Collections, found by the shape of paths.

use std::collections::HashMap;

use crate::model::Operation;

/// What an operation does with a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// `POST /orders`
    Create,
    /// `GET /orders`
    List,
    /// `GET /orders/{id}`
    Read,
    /// `PUT` or `PATCH /orders/{id}`
    Change,
    /// `DELETE /orders/{id}`
    Delete,
}

/// The roles of operations, by their index.
#[derive(Debug, Default)]
pub(crate) struct Collections {
    roles: HashMap<usize, (Role, String)>,
}

impl Collections {
    pub(crate) fn find(operations: &[Operation]) -> Self {
        let mut items: HashMap<String, String> = HashMap::new();
        let creates: Vec<String> = operations
            .iter()
            .filter(|operation| operation.method == "POST")
            .map(|operation| shape(&operation.template))
            .collect();
        let has = |method: &str, template: &str| {
            operations.iter().any(|known| known.method == method && known.template == template)
        };
        for operation in operations {
            // Without `POST`, items are put where they are read. What is inside of an item is no collection of its own then.
            let put = |before: &str| {
                !before.ends_with('}') && ["PUT", "GET"].iter().all(|method| has(method, &operation.template))
            };
            if let Some((before, parameter)) = split(&operation.template)
                && (creates.contains(&shape(before)) || put(before))
            {
                items.entry(shape(before)).or_insert_with(|| parameter.to_owned());
            }
        }
        let mut roles = HashMap::new();
        for (index, operation) in operations.iter().enumerate() {
            let own = shape(&operation.template);
            let found = match (items.get(&own), split(&operation.template)) {
                (Some(parameter), _) => match operation.method.as_str() {
                    "POST" => Some((Role::Create, parameter.clone())),
                    "GET" => Some((Role::List, parameter.clone())),
                    _ => None,
                },
                (None, Some((before, parameter))) if items.contains_key(&shape(before)) => {
                    let role = match operation.method.as_str() {
                        "GET" => Some(Role::Read),
                        "PUT" | "PATCH" => Some(Role::Change),
                        "DELETE" => Some(Role::Delete),
                        _ => None,
                    };
                    role.map(|role| (role, parameter.to_owned()))
                }
                _ => None,
            };
            if let Some(found) = found {
                roles.insert(index, found);
            }
        }
        Self { roles }
    }

    /// What an operation does, and the name of the parameter that items are found by.
    pub(crate) fn role(&self, index: usize) -> Option<(Role, &str)> {
        self.roles.get(&index).map(|(role, parameter)| (*role, parameter.as_str()))
    }
}

/// `/orders/{id}` → (`/orders`, `id`).
pub(crate) fn split(template: &str) -> Option<(&str, &str)> {
    let (before, last) = template.trim_end_matches('/').rsplit_once('/')?;
    let parameter = last.strip_prefix('{')?.strip_suffix('}')?;
    (!parameter.contains(['{', '}'])).then_some((before, parameter))
}

/// The template without the names of parameters.
fn shape(template: &str) -> String {
    let steps = template.trim_end_matches('/').split('/');
    steps.map(|step| if step.starts_with('{') { "{}" } else { step }).collect::<Vec<_>>().join("/")
}
