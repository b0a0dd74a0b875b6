//! Names that mean something else.

use super::words::Kind;

/// Types: the prelude, what generated code mentions, and what a crate's root has already.
const TYPES: &[&str] = &[
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Deserializer",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "JsonSchema",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Serializer",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
    // ours
    "Call",
    "Client",
    "ClientBuilder",
    "Error",
];

/// Methods of the client besides its operations.
pub(crate) const METHODS: &[&str] = &[
    "builder",
    "call",
    "clone",
    "clone_from",
    "core",
    "from_env",
    "into",
    "mesh",
    "new",
    "raw",
    "service",
    "to_owned",
    "try_into",
    "with_core",
    "with_mesh",
];

/// Methods of every call: its options, those of today and those that are bound to come. An option that is added later would
/// otherwise take the name of somebody's parameter.
pub(crate) const OPTIONS: &[&str] = &[
    "attempt_timeout",
    "basic_auth",
    "bearer_auth",
    "breaker",
    "cache",
    "credential",
    "deadline",
    "fallback",
    "header",
    "hedging",
    "idempotency_key",
    "interceptor",
    "into_future",
    "items",
    "max_body",
    "no_attempt_timeout",
    "no_breaker",
    "no_cache",
    "no_hedging",
    "no_timeout",
    "pages",
    "retries",
    "retry_delay",
    "send",
    "stale_if_error",
    "timeout",
    "trace_id",
];

/// Methods of the client's builder besides its credentials, those of today and those that are bound to come.
pub(crate) const BUILDER: &[&str] = &[
    "attempt_timeout",
    "balance",
    "basic_auth",
    "bearer_auth",
    "breaker",
    "build",
    "cache",
    "clone",
    "clone_from",
    "config",
    "credential",
    "deadline",
    "default_header",
    "discover",
    "fallback",
    "header",
    "hedging",
    "interceptor",
    "into",
    "max_body",
    "mesh",
    "new",
    "no_attempt_timeout",
    "no_breaker",
    "no_cache",
    "no_hedging",
    "no_timeout",
    "oauth2_auth",
    "retries",
    "retry_delay",
    "retry_max_delay",
    "service",
    "stale_if_error",
    "timeout",
    "transport",
    "url",
    "user_agent",
];

/// Words that cannot be raw identifiers.
const NEVER: &[&str] = &["_", "self", "Self", "super", "crate"];

/// Modules are files as well: no keywords, nothing that Windows refuses, nothing that Cargo takes, not the folder's own name.
const MODULES: &[&str] = &[
    "abstract",
    "as",
    "async",
    "auto",
    "aux",
    "await",
    "become",
    "box",
    "break",
    "com1",
    "com2",
    "com3",
    "com4",
    "com5",
    "com6",
    "com7",
    "com8",
    "com9",
    "con",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "lib",
    "loop",
    "lpt1",
    "lpt2",
    "lpt3",
    "lpt4",
    "lpt5",
    "lpt6",
    "lpt7",
    "lpt8",
    "lpt9",
    "macro",
    "main",
    "match",
    "mod",
    "move",
    "mut",
    "nul",
    "operations",
    "override",
    "priv",
    "prn",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Whether a name is taken from the start.
pub(super) fn is_reserved(kind: Kind, name: &str) -> bool {
    let own: &[&str] = match kind {
        Kind::Type => TYPES,
        Kind::Variant => &["Unknown"],
        Kind::Operation => METHODS,
        Kind::Module => MODULES,
        Kind::Setter => BUILDER,
        Kind::Field | Kind::Parameter | Kind::Constant => &[],
    };
    NEVER.contains(&name) || own.contains(&name)
}

/// `Option` → `OptionModel`, `Unknown` → `UnknownValue`, `self` → `self_`.
pub(super) fn escape(kind: Kind, name: String) -> String {
    if !is_reserved(kind, &name) {
        return name;
    }
    match kind {
        Kind::Type => name + "Model",
        Kind::Variant => name + "Value",
        _ => name + "_",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the runtime's macros write is reserved: else a document could take the name of an option.
    #[test]
    fn every_method_of_the_runtime_is_reserved() {
        let macros = include_str!("../../../../rpc-runtime/src/codegen/client.rs");
        let section = |start: &str, end: &str| {
            let text = macros.split_once(start).unwrap().1.split_once(end).unwrap().0;
            let names =
                text.lines().filter_map(|line| line.trim().strip_prefix("pub fn ")?.split(['(', '<']).next());
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        for (methods, lists) in [
            (section("macro_rules! __call_options", "macro_rules! __client_options"), &[OPTIONS][..]),
            (section("macro_rules! __client_options", "macro_rules! __define_client"), &[BUILDER][..]),
            (section("impl Client {", "pub struct ClientBuilder"), &[METHODS][..]),
            (
                section(
                    "pub struct Call<Op",
                    "impl<Op: $crate::codegen::Operation> ::std::future::IntoFuture",
                ),
                &[OPTIONS][..],
            ),
        ] {
            assert!(!methods.is_empty());
            let missing: Vec<_> = methods
                .iter()
                .filter(|name| !lists.iter().any(|list| list.contains(&name.as_str())))
                .collect();
            assert!(missing.is_empty(), "not reserved: {missing:?}");
        }
    }
}
