//! What a setting means: operations, types and fields by the ways in which people name them.

use super::names;
use crate::ir::{Operation, TypeDef};

/// `METHOD /path`, the operationId, or the name by rule.
pub(super) fn is_operation(operation: &Operation, wanted: &str) -> bool {
    operation.key == wanted
        || operation.operation_id.as_deref() == Some(wanted)
        || names::operation_rule(operation) == wanted
}

/// The ways to name a type: component key, key without `-Input` or `-Output`, name by rule.
pub(super) fn type_names(def: &TypeDef) -> Vec<String> {
    let component = names::component_key(&def.key).unwrap_or_default();
    let mut all = vec![def.name.clone(), names::type_rule(&def.name), component.clone()];
    all.extend([&def.name, &component].into_iter().filter_map(|name| twin_base(name).map(str::to_owned)));
    all.retain(|name| !name.is_empty());
    all.dedup();
    all
}

pub(super) fn is_type(def: &TypeDef, wanted: &str) -> bool {
    def.name == wanted || type_names(def).iter().any(|name| name == wanted)
}

/// `Type.member`: the member's part, if the type is meant.
pub(super) fn member<'w>(def: &TypeDef, wanted: &'w str) -> Option<&'w str> {
    type_names(def).iter().find_map(|name| wanted.strip_prefix(name.as_str())?.strip_prefix('.'))
}

/// `METHOD /path.parameter`: the parameter's part, if the operation is meant.
pub(super) fn argument<'w>(operation: &Operation, wanted: &'w str) -> Option<&'w str> {
    let rule = names::operation_rule(operation);
    let id = operation.operation_id.as_deref().unwrap_or(&rule);
    [operation.key.as_str(), id, &rule].iter().find_map(|name| wanted.strip_prefix(name)?.strip_prefix('.'))
}

/// `Order` of `Order-Input` and `Order-Output`.
pub(super) fn twin_base(name: &str) -> Option<&str> {
    name.strip_suffix("-Input").or_else(|| name.strip_suffix("-Output"))
}
