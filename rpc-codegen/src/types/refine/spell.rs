//! Progenitor's absolute paths as we spell them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use crate::types::lower::OWN;
use crate::types::text::ident;

/// A type; an unknown path is an error.
pub(super) fn ty(ty: &Type) -> Result<TokenStream, String> {
    let Type::Path(path) = ty else {
        return Err(format!("progenitor wrote a type that is new: {}", quote!(#ty)));
    };
    let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let arguments = match path.path.segments.last().map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => arguments
            .args
            .iter()
            .map(|argument| match argument {
                GenericArgument::Type(argument) => self::ty(argument),
                other => Err(format!("progenitor wrote an argument that is new: {}", quote!(#other))),
            })
            .collect::<Result<Vec<_>, _>>()?,
        _ => Vec::new(),
    };
    let head = match names.as_slice() {
        ["std", "string", "String"] => quote!(String),
        ["std", "vec", "Vec"] => quote!(Vec),
        ["std", "option", "Option"] => quote!(Option),
        ["std", "collections", "BTreeMap"] => quote!(std::collections::BTreeMap),
        ["std", "net", name @ ("Ipv4Addr" | "Ipv6Addr")] => {
            let name = ident(name);
            quote!(std::net::#name)
        }
        ["serde_json", "Value"] => quote!(rpc_runtime::types::Value),
        ["serde_json", "Map"] => {
            return Ok(quote!(std::collections::BTreeMap<String, rpc_runtime::types::Value>));
        }
        ["rpc_runtime", "types", name] => {
            let name = ident(name);
            quote!(rpc_runtime::types::#name)
        }
        [own, name] if *own == OWN => {
            let name = ident(name);
            quote!(super::#name)
        }
        [primitive @ ("bool" | "i32" | "i64" | "u32" | "u64" | "f32" | "f64")] => {
            let name = ident(primitive);
            quote!(#name)
        }
        [name] => {
            let name = ident(name);
            quote!(super::#name)
        }
        _ => return Err(format!("progenitor wrote a path that is new: {}", names.join("::"))),
    };
    Ok(if arguments.is_empty() { head } else { quote!(#head<#(#arguments),*>) })
}
