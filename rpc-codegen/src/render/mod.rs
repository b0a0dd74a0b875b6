//! Rendering: token streams and texts become the crate's files.

mod header;
mod library;
mod rust;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::emit::{self, TypeModule};
use crate::fileset::FileSet;
use crate::input::{Input, Options};
use crate::ir::Service;
use header::{Comment, header};

/// The crate's files. `types` come from the type emission, in the order of their names.
///
/// # Errors
/// A mistake of this generator (a name that is none, code that does not parse), or a feature that is not supported.
pub(crate) fn files(
    service: &Service,
    input: &Input,
    options: &Options,
    types: Vec<TypeModule>,
) -> Result<FileSet, Diagnostic> {
    let mut out = Files { set: FileSet::default(), service, options };
    let gates = emit::Gates::new(service, &types);
    out.text("Cargo.toml", Comment::Hash, &emit::manifest(service, options, &gates)?);
    out.text("README.md", Comment::Markup, &emit::readme(service, types.len())?);
    if let Some(changes) = input.file("CHANGELOG.md") {
        out.text("CHANGELOG.md", Comment::Markup, &String::from_utf8_lossy(changes));
    }

    let client = emit::client(service)?;
    let client = [
        rust::pretty("src/client.rs", client.statics)?,
        client.define,
        rust::pretty("src/client.rs", client.credentials)?,
    ];
    out.rust("src/client.rs", &client);
    let modules = emit::modules(service)?;
    out.tokens("src/operations/mod.rs", emit::modules_file(&modules, &gates)?)?;
    for module in modules {
        out.tokens(&format!("src/operations/{}.rs", module.name), module.items)?;
    }
    let errors = emit::errors(service, &gates)?;
    let headers = emit::headers(service, &gates)?;
    let parts =
        library::Parts { errors: errors.is_some(), headers: headers.is_some(), types: !types.is_empty() };
    if let Some(errors) = errors {
        out.tokens("src/errors.rs", errors)?;
    }
    if let Some(headers) = headers {
        out.tokens("src/headers.rs", headers)?;
    }
    if parts.types {
        let modules = emit::emit_mod(service, &types, |id| gates.of_type(id));
        out.tokens("src/types/mod.rs", quote! { #![doc = " Types of the document."] #modules })?;
    }
    for module in types {
        // A name that is no identifier is no file's name either.
        emit::names::ident(&module.module)?;
        out.tokens(&format!("src/types/{}.rs", module.module), module.items)?;
    }
    out.rust("src/lib.rs", &[library::library(service, parts)?]);
    Ok(out.set)
}

struct Files<'a> {
    set: FileSet,
    service: &'a Service,
    options: &'a Options,
}

impl Files<'_> {
    fn text(&mut self, path: &str, comment: Comment, contents: &str) {
        let header = header(self.service, self.options, comment);
        self.set.insert(path, format!("{header}\n\n{}\n", contents.trim_end()));
    }

    fn rust(&mut self, path: &str, sections: &[String]) {
        let sections: Vec<&str> =
            sections.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        self.text(path, Comment::Slashes, &sections.join("\n\n"));
    }

    fn tokens(&mut self, path: &str, tokens: TokenStream) -> Result<(), Diagnostic> {
        let text = rust::pretty(path, tokens)?;
        self.rust(path, &[text]);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
