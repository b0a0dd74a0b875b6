//! IR → IR: an ordered list of small functions, each with its own tests.

mod calls;
mod context;
mod cycles;
mod decimals;
mod derives;
mod direction;
mod envelope;
mod exclude;
mod find;
mod fold;
mod headers;
mod names;
mod overrides;
mod policy;
mod replies;
mod split;
#[cfg(test)]
mod testing;
mod unions;
mod walk;

use crate::diagnostic::Diagnostics;
use crate::ir::Service;
use crate::settings::{Lock, Settings};
use context::Context;

pub use names::is_identifier;
pub(crate) use names::{operation_rule, reserved};
pub(crate) use walk::{behind, json, named, parts, received, sent};

/// A pass: changes the service, says what was odd.
type Pass = fn(&mut Context<'_>);

/// All passes in order.
///
/// - What the owner wants gone or different comes first, so that nothing is derived from what nobody wants.
/// - Decimals by pattern come before the fold, which compares types; the fold comes after the envelope, because an
///   envelope's `data` is one more place that names an output twin, and before everything that asks whether two uses
///   mean the same type (replies) or which types are used at all (direction).
/// - The split needs directions, and comes before equal unions are found and names are given.
/// - What headers are read as is settled before anything asks which types are used: a header may have to do without its own.
/// - Cycles come after the fold, which can close or remove one.
/// - Names come when it is known which things exist, and before derives only because those need nothing but shapes;
///   no other pass makes a name.
const PASSES: &[(&str, Pass)] = &[
    ("exclude operations that nobody wants", exclude::run),
    ("apply the settings that override the document", overrides::run),
    ("take strings with the pattern of a decimal for decimals", decimals::by_pattern),
    ("open the envelope", envelope::run),
    ("fold input and output twins", fold::run),
    ("settle what headers are read as", headers::settle),
    ("find out who sends which type", direction::run),
    ("split types whose properties go one way only", split::run),
    ("give equal unions one type", unions::run),
    ("point at strings that may be decimals", decimals::candidates),
    ("settle what calls give and how they fail", replies::run),
    ("find the headers that are the same", headers::gather),
    ("box types that contain themselves", cycles::run),
    ("merge headers that the runtime owns, settle idempotency", calls::run),
    ("settle what is said of calls", policy::run),
    ("give names", names::run),
    ("find sound derives", derives::run),
];

/// Runs all passes on a service as `build` made it. Gives the names to keep.
pub fn run(service: &mut Service, settings: &Settings, lock: &Lock, diagnostics: &mut Diagnostics) -> Lock {
    let mut context = Context { service, settings, lock, next: Lock::default(), diagnostics };
    for (_, pass) in PASSES {
        pass(&mut context);
    }
    let next = context.next;
    settings.apply_severity(diagnostics);
    next
}

#[cfg(test)]
mod tests;
