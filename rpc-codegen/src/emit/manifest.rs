//! `Cargo.toml`.

use super::{Gates, names, text};
use crate::diagnostic::Diagnostic;
use crate::input::{Options, RuntimeDependency};
use crate::ir::{Constraints, Service, Shape};

/// `Cargo.toml`, without its header.
///
/// # Errors
/// When the crate's name is no package name.
pub(crate) fn manifest(service: &Service, options: &Options, gates: &Gates) -> Result<String, Diagnostic> {
    names::crate_ident(service)?;
    let name = toml_text(&service.crate_name);
    let description = toml_text(&text::one_line(&format!("Client of {}.", service.name)));
    let version = toml_text(&text::one_line(&service.crate_version));
    let wanted = [(has_cache(service), "\"cache\""), (has_pattern(service), "\"pattern\"")];
    let wanted: Vec<&str> = wanted.into_iter().filter(|(wanted, _)| *wanted).map(|(_, name)| name).collect();
    let features = match wanted.as_slice() {
        [] => String::new(),
        wanted => format!(", features = [{}]", wanted.join(", ")),
    };
    let package = format!("[package]\nname = {name}\ndescription = {description}\nversion = {version}\n");
    let shared = format!(
        "[features]\n\
        {}\
        # `schemars::JsonSchema` for every type: the document's own schemas.\n\
        schemars = [\"dep:schemars\", \"rpc-runtime/schemars\"]\n",
        of_modules(gates)
    );
    Ok(match &options.runtime {
        RuntimeDependency::Workspace => {
            let runtime = if features.is_empty() {
                "rpc-runtime.workspace = true".to_owned()
            } else {
                format!("rpc-runtime = {{ workspace = true{features} }}")
            };
            format!(
                "{package}\
                edition.workspace = true\n\
                rust-version.workspace = true\n\
                license.workspace = true\n\
                publish.workspace = true\n\
                \n{shared}\n\
                [dependencies]\n\
                {runtime}\n\
                schemars = {{ workspace = true, optional = true }}\n\
                \n[lints]\nworkspace = true\n"
            )
        }
        RuntimeDependency::Path(path) => {
            let path = toml_text(path);
            format!(
                "{package}\
                edition = \"2024\"\n\
                rust-version = \"1.88\"\n\
                publish = false\n\
                \n# A workspace of its own, so that it builds wherever it lies.\n[workspace]\n\
                \n{shared}\n\
                [dependencies]\n\
                rpc-runtime = {{ path = {path}{features} }}\n\
                schemars = {{ version = \"1\", default-features = false, features = [\"derive\", \"std\"], optional = true }}\n\
                \n[lints.rust]\nunsafe_code = \"forbid\"\n"
            )
        }
    })
}

/// The features of a large crate's modules, all on by default.
fn of_modules(gates: &Gates) -> String {
    let features: Vec<&str> = gates.features().collect();
    if features.is_empty() {
        return "default = []\n".to_owned();
    }
    let all: Vec<String> = features.iter().map(|feature| toml_text(feature)).collect();
    let each: String = features.iter().map(|feature| format!("{feature} = []\n")).collect();
    format!(
        "default = [\"full\"]\n\
        # All operations. Without it, one feature for each module of operations that is used.\n\
        full = [{}]\n{each}",
        all.join(", ")
    )
}

/// A TOML string, by the library that reads them.
fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Whether replies of any operation are kept.
fn has_cache(service: &Service) -> bool {
    service.operations.iter().any(|operation| operation.policy.caches())
}

/// Whether any rule is a pattern, for which the runtime brings an engine.
pub(crate) fn has_pattern(service: &Service) -> bool {
    let types = service.types.iter().any(|(_, def)| match &def.shape {
        Shape::Struct(shape) => shape.fields.iter().any(|field| in_rules(&field.constraints)),
        Shape::Alias(_, rules) => in_rules(rules),
        Shape::Enum(_) | Shape::Union(_) => false,
    });
    types
        || service
            .operations
            .iter()
            .flat_map(|op| &op.parameters)
            .any(|parameter| in_rules(&parameter.constraints))
}

fn in_rules(rules: &Constraints) -> bool {
    rules.pattern.is_some() || rules.items.as_deref().is_some_and(in_rules)
}
