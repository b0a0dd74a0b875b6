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
const METHODS: &[&str] = &[
    "builder",
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

/// Methods of every call: its options.
pub(super) const OPTIONS: &[&str] = &[
    "attempt_timeout",
    "credential",
    "header",
    "idempotency_key",
    "into_future",
    "max_body",
    "no_timeout",
    "retries",
    "send",
    "timeout",
    "trace_id",
];

/// Methods of the client's builder besides its credentials.
const BUILDER: &[&str] = &[
    "base_url",
    "build",
    "clone",
    "clone_from",
    "config",
    "credential",
    "header",
    "into",
    "mesh",
    "new",
    "retries",
    "service",
    "timeout",
    "transport",
    "user_agent",
];

/// Words that cannot be raw identifiers.
const NEVER: &[&str] = &["_", "self", "Self", "super", "crate"];

/// Modules are files as well: no keywords, nothing that Windows refuses, nothing that Cargo takes, not the folder's own name.
const MODULES: &[&str] = &[
    "abstract", "as", "async", "auto", "aux", "await", "become", "box", "break", "com1", "com2", "com3",
    "com4", "com5", "com6", "com7", "com8", "com9", "con", "const", "continue", "core", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "lib", "loop",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "macro", "main", "match", "mod",
    "move", "mut", "nul", "operations", "override", "priv", "prn", "pub", "ref", "return", "self", "static", "std",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Whether a name is taken from the start.
pub(super) fn is_reserved(kind: Kind, name: &str) -> bool {
    let own: &[&str] = match kind {
        Kind::Type => TYPES,
        Kind::Variant => &["Unknown"],
        Kind::Operation => METHODS,
        Kind::Module => MODULES,
        Kind::Setter => BUILDER,
        Kind::Field | Kind::Parameter => &[],
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
