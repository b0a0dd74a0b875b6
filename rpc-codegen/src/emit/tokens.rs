//! Small tools for token streams.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// Doc attributes, one for each line.
pub(crate) fn doc_lines<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> TokenStream {
    let lines = lines.into_iter().map(|line| spaced(line.as_ref()));
    quote! { #(#[doc = #lines])* }
}

/// The same for the module around.
pub(crate) fn inner_doc_lines<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> TokenStream {
    let lines = lines.into_iter().map(|line| spaced(line.as_ref()));
    quote! { #(#![doc = #lines])* }
}

fn spaced(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(" {line}") }
}

/// Whether a path begins with `types::`.
pub(crate) fn mentions_types(tokens: &TokenStream) -> bool {
    let mut found = false;
    walk(tokens.clone(), &mut |_, starts_types| found |= starts_types);
    found
}

/// A type as text, its `types::` inside `krate`.
pub(crate) fn qualified(tokens: &TokenStream, krate: &str) -> String {
    let mut out = String::new();
    walk(tokens.clone(), &mut |text, starts_types| {
        if starts_types {
            out.push_str(krate);
            out.push_str("::");
        }
        out.push_str(text);
        if text == "," || text == "impl" {
            out.push(' ');
        }
    });
    out
}

/// Visits leaves and delimiters as text, and whether `types` begins a path there.
fn walk(tokens: TokenStream, visit: &mut dyn FnMut(&str, bool)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let colon = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ':'))
    };
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                visit(open, false);
                walk(group.stream(), visit);
                visit(close, false);
            }
            TokenTree::Ident(name) => {
                let head = colon(Some(at + 1))
                    && colon(Some(at + 2))
                    && !(colon(at.checked_sub(1)) && colon(at.checked_sub(2)));
                visit(&name.to_string(), head && name == "types");
            }
            other => visit(&other.to_string(), false),
        }
    }
}
