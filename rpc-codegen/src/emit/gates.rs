//! Features of a large crate: one for each module of operations, so that a user compiles only what is used.
//!
//! An operation stands behind the feature of its module, a type behind those of all modules that get to it. What every module
//! needs has no gate. All features are on by default.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::operations::operation_modules;
use super::{TypeModule, names};
use crate::ir::{Operation, Service, TypeId};
use crate::passes::{parts, received, sent};

/// From this many operations on a crate has features.
const LARGE: usize = 200;

/// What the features of cargo may not be called: others have these names.
const TAKEN: [&str; 3] = ["default", "full", "schemars"];

/// Features and what stands behind them. Without features every gate is empty.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    /// Feature by module of operations.
    features: BTreeMap<String, String>,
    /// Modules that get to a type.
    users: BTreeMap<TypeId, BTreeSet<String>>,
}

impl Gates {
    /// The gates of a service; none for a small one, or where all operations stand in one module.
    pub(crate) fn new(service: &Service, types: &[TypeModule]) -> Self {
        let modules = operation_modules(service);
        if service.operations.len() < LARGE || modules.len() < 2 {
            return Self::default();
        }
        let linked: BTreeMap<TypeId, &[TypeId]> =
            types.iter().map(|module| (module.id, module.linked.as_slice())).collect();
        let mut gates = Self::default();
        let mut taken: BTreeSet<String> = TAKEN.map(str::to_owned).into();
        for (module, operations) in &modules {
            let mut feature = module.trim_matches('_').replace('_', "-");
            while !taken.insert(feature.clone()) {
                feature.push_str("-operations");
            }
            gates.features.insert(module.clone(), feature);
            for id in reached(service, operations, &linked) {
                gates.users.entry(id).or_default().insert(module.clone());
            }
        }
        gates
    }

    /// The features, in order.
    pub(crate) fn features(&self) -> impl Iterator<Item = &str> {
        self.features.values().map(String::as_str)
    }

    /// The gate of a module of operations.
    pub(crate) fn module(&self, name: &str) -> TokenStream {
        self.any([name])
    }

    /// The gate of a type.
    pub(crate) fn of_type(&self, id: TypeId) -> TokenStream {
        self.any(self.users.get(&id).into_iter().flatten().map(String::as_str))
    }

    /// The gate of what some operations share.
    pub(crate) fn of_operations(&self, service: &Service, operations: &[&Operation]) -> TokenStream {
        let modules: BTreeSet<String> =
            operations.iter().map(|operation| names::module(service, operation)).collect();
        self.any(modules.iter().map(String::as_str))
    }

    /// `#[cfg(any(…))]`; nothing if no feature or every feature would do.
    fn any<'m>(&self, modules: impl IntoIterator<Item = &'m str>) -> TokenStream {
        let features: Vec<&String> =
            modules.into_iter().filter_map(|module| self.features.get(module)).collect();
        match features.as_slice() {
            [] => TokenStream::new(),
            all if all.len() == self.features.len() => TokenStream::new(),
            [one] => quote! { #[cfg(feature = #one)] },
            several => quote! { #[cfg(any(#(feature = #several),*))] },
        }
    }

    /// An attribute for imports of a file whose items may all be switched off.
    pub(crate) fn imports(&self) -> TokenStream {
        match self.features.is_empty() {
            true => TokenStream::new(),
            false => quote! { #[allow(unused_imports, reason = "features switch their users off")] },
        }
    }
}

/// The types that operations get to, by their parts and by what their schemas name.
fn reached(
    service: &Service,
    operations: &[&Operation],
    linked: &BTreeMap<TypeId, &[TypeId]>,
) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    let mut open = Vec::new();
    for operation in operations {
        sent(operation).into_iter().chain(received(operation)).for_each(|ty| named(ty, &mut open));
    }
    while let Some(id) = open.pop() {
        if seen.insert(id)
            && let Some(def) = service.types.get(id)
        {
            parts(def).into_iter().for_each(|ty| named(ty, &mut open));
            open.extend(linked.get(&id).copied().unwrap_or_default());
        }
    }
    seen
}

fn named(ty: &crate::ir::Type, into: &mut Vec<TypeId>) {
    crate::passes::named(ty, &mut |id| into.push(id));
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::{Options, Output, generate, testing_input};

    /// A document with `count` operations of tag `a`, one of tag `Default` and one of both kinds of types.
    fn output(count: usize) -> Output {
        let reply = |schema: &str| {
            format!(
                r##"{{"200": {{"description": "", "content": {{"application/json": {{"schema": {{"$ref": "#/components/schemas/{schema}"}}}}}},
                "headers": {{"X-{schema}": {{"schema": {{"type": "string", "enum": ["{schema}"]}}}}, "X-All": {{"schema": {{"type": "integer"}}}}}}}}}}"##
            )
        };
        let mut paths = String::new();
        for index in 0..count {
            let _ = write!(
                paths,
                r#""/a/{index}": {{"get": {{"operationId": "a{index}", "tags": ["a"], "responses": {}}}}},"#,
                reply("OfA")
            );
        }
        let document = format!(
            r##"{{"openapi": "3.1.0", "info": {{"title": "t", "version": "1"}}, "paths": {{{paths}
            "/b": {{"get": {{"operationId": "b", "tags": ["Default"], "responses": {}}}}}}},
            "components": {{"schemas": {{
                "OfA": {{"type": "object", "properties": {{"x": {{"$ref": "#/components/schemas/Shared"}}}}}},
                "OfB": {{"type": "object", "properties": {{"x": {{"$ref": "#/components/schemas/Shared"}}}}}},
                "Shared": {{"type": "object", "properties": {{"y": {{"type": "string"}}}}}}}}}}}}"##,
            reply("OfB")
        );
        generate(&testing_input(&document), &Options::default()).unwrap()
    }

    fn file(output: &Output, path: &str) -> String {
        String::from_utf8_lossy(output.files.get(path).unwrap()).into_owned()
    }

    #[test]
    fn a_large_crate_has_a_feature_for_each_module() {
        let output = output(200);
        let manifest = file(&output, "Cargo.toml");
        assert!(manifest.contains("default = [\"full\"]\n"), "{manifest}");
        assert!(
            manifest.contains("full = [\"a\", \"default-operations\"]\na = []\ndefault-operations = []\n"),
            "{manifest}"
        );
        let types = file(&output, "src/types/mod.rs");
        assert!(types.contains("#[cfg(feature = \"a\")]\npub use of_a::OfA;"), "{types}");
        assert!(types.contains("#[cfg(feature = \"default-operations\")]\npub use of_b::OfB;"), "{types}");
        assert!(types.contains("mod shared;\n") && types.matches("cfg").count() == 8, "{types}");
        let headers = file(&output, "src/headers.rs");
        assert!(
            headers.contains("#[cfg(feature = \"a\")]\npub const X_OF_A: Header<types::A0Response200XOfA>"),
            "{headers}"
        );
        assert!(headers.contains("#[cfg(feature = \"default-operations\")]\npub const X_OF_B:"), "{headers}");
        assert!(headers.matches("cfg").count() == 2, "{headers}");
        assert!(
            headers.contains("[`a4`](crate::Client::a4), and 196 more.\npub const X_ALL: Header<i64>"),
            "{headers}"
        );
        let operations = file(&output, "src/operations/mod.rs");
        assert!(operations.contains("#[cfg(feature = \"a\")]\npub mod a;"), "{operations}");
    }

    #[test]
    fn a_small_one_has_none() {
        let output = output(3);
        assert!(file(&output, "Cargo.toml").contains("default = []\n"));
        assert!(!file(&output, "src/types/mod.rs").contains("cfg"));
    }
}
