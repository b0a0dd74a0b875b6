//! Identifiers, file names, literals.

use std::collections::BTreeMap;

use heck::ToSnakeCase as _;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// Keywords of edition 2024, reserved ones included.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords that have no raw form.
pub(crate) const NEVER_RAW: &[&str] = &["self", "Self", "super", "crate", "_"];

/// A name as an identifier; keywords become raw ones, or get an underscore where that is not allowed. `None` if it is no name.
pub(crate) fn try_ident(name: &str) -> Option<Ident> {
    if NEVER_RAW.contains(&name) {
        return Some(Ident::new(&format!("{name}_"), Span::call_site()));
    }
    if KEYWORDS.contains(&name) {
        return Some(Ident::new_raw(name, Span::call_site()));
    }
    is_word(name).then(|| Ident::new(name, Span::call_site()))
}

/// A name that a pass has made, as an identifier; keywords become raw ones, or get an underscore where that is not allowed.
pub fn ident(name: &str) -> Ident {
    try_ident(name).unwrap_or_else(|| Ident::new("invalid_name", Span::call_site()))
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

/// A file name for a type: snake case, ASCII, short, unique without regard to case. `taken`: the names so far, each with the
/// number that the next one of that name tries first.
pub(super) fn module_name(type_name: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let plain = |c: char| if c.is_ascii() { c.to_string() } else { format!("_u{:x}_", u32::from(c)) };
    let mut base = type_name.to_snake_case().chars().map(plain).collect::<String>();
    if !type_name.is_ascii() {
        base = base.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    }
    base.truncate(160);
    if !is_word(&base)
        || KEYWORDS.contains(&base.as_str())
        || NEVER_RAW.contains(&base.as_str())
        || RESERVED.contains(&base.as_str())
        || base.is_empty()
    {
        base.push('_');
    }
    let mut name = base.clone();
    let mut number = taken.get(&base.to_lowercase()).copied().unwrap_or(2);
    while taken.contains_key(&name.to_lowercase()) {
        // Two underscores in a row are no snake case.
        name = format!("{}_{number}", base.trim_end_matches('_'));
        number += 1;
    }
    taken.insert(name.to_lowercase(), 2);
    taken.insert(base.to_lowercase(), number);
    name
}
