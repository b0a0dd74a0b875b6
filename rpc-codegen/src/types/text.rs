//! Identifiers, file names, literals.

use std::collections::BTreeSet;

use heck::ToSnakeCase as _;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// A name as an identifier; keywords become raw ones, or get an underscore where that is not allowed.
pub fn ident(name: &str) -> Ident {
    match syn::parse_str::<Ident>(name) {
        // `syn` does not know that `gen` has become a keyword.
        Ok(ident) if name != "gen" => ident,
        _ if matches!(name, "self" | "super" | "crate" | "Self" | "_") => {
            Ident::new(&format!("{name}_"), Span::call_site())
        }
        _ if is_word(name) => Ident::new_raw(name, Span::call_site()),
        _ => Ident::new("invalid_name", Span::call_site()),
    }
}

/// Whether the name could be an identifier if it were no keyword.
pub(super) fn is_word(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
        && chars.all(unicode_ident::is_xid_continue)
}

/// A string literal.
pub fn literal(text: &str) -> Literal {
    Literal::string(text)
}

/// A string literal without escapes, where the text allows it.
pub(super) fn raw_literal(text: &str) -> Literal {
    let plain = text.chars().all(|c| matches!(c, ' '..='~')) && !text.contains("\"##");
    let raw = plain.then(|| format!("r##\"{text}\"##").parse().ok()).flatten();
    raw.unwrap_or_else(|| Literal::string(text))
}

/// A number from its text, without a suffix; `None` if it is not one.
pub(super) fn number(text: &str) -> Option<TokenStream> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let literal: Literal = digits.parse().ok()?;
    Some(if digits.len() == text.len() { quote!(#literal) } else { quote!(-#literal) })
}

/// File names that mean something else, or nothing on some systems, or their own folder.
const RESERVED: &[&str] = &["mod", "lib", "main", "con", "prn", "aux", "nul", "types"];

/// A file name for a type: snake case, ASCII, short, unique without regard to case.
pub(super) fn module_name(type_name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = |c: char| if c.is_ascii() { c.to_string() } else { format!("_u{:x}_", u32::from(c)) };
    let mut base = type_name.to_snake_case().chars().map(plain).collect::<String>();
    if !type_name.is_ascii() {
        base = base.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    }
    base.truncate(160);
    if syn::parse_str::<Ident>(&base).is_err()
        || base == "gen"
        || RESERVED.contains(&base.as_str())
        || base.is_empty()
    {
        base.push('_');
    }
    let mut name = base.clone();
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{base}_{number}");
        number += 1;
    }
    name
}
