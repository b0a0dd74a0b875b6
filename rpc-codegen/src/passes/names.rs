//! The only place where names are made.
//!
//! Every name is settled in the same way ([`Namer`]): what `service.toml` chooses, then what `names.lock` remembers,
//! then, in document order, the first free candidate of a rule: the name itself, the name with words from its place,
//! the name with a number. What comes later in a document never takes a name from what came before.

mod calls;
mod headers;
mod members;
mod namer;
mod operations;
pub(crate) mod reserved;
mod statuses;
mod tags;
mod types;
mod words;

use super::context::Context;
use crate::diagnostic::{Diagnostic, rules};
use namer::Namer;

pub(crate) use operations::rule as operation_rule;
pub(super) use types::{component_key, generic, rule as type_rule};
pub(super) use words::words;

pub use words::is_identifier;

pub(super) fn run(context: &mut Context<'_>) {
    let mut namer = Namer::new(context.settings, context.lock, context.diagnostics);
    let service = &mut *context.service;
    operations::name(service, &mut namer);
    tags::name(service, &mut namer);
    types::name(service, &mut namer);
    members::name(service, &mut namer);
    calls::credentials(service, &mut namer);
    calls::parameters(service, &mut namer);
    statuses::outputs(service);
    statuses::errors(service, &mut namer);
    headers::name(service, &mut namer);
    context.next = namer.finish();
    for (section, key, name, place) in context.lock.gone(&context.next) {
        let message = format!(
            "nothing uses the name `{name}` of {} `{key}` any more; it is free again",
            section.name()
        );
        context.diagnostics.push(Diagnostic::new(rules::NAME_IN_LOCK_UNUSED, place, message));
    }
}

#[cfg(test)]
mod tests;
