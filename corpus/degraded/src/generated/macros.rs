//! What the runtime's macros say about the types before them.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::Item;

use super::Kind;

#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Wire names of fields, and the field of further members.
    pub(super) objects: BTreeMap<String, (BTreeMap<String, String>, Option<String>)>,
    pub(super) kinds: BTreeMap<String, Kind>,
}

pub(super) fn read(items: &[Item]) -> Facts {
    let mut facts = Facts::default();
    for item in items {
        let Item::Macro(item) = item else { continue };
        let Some(name) = item.mac.path.segments.last().map(|segment| segment.ident.to_string()) else {
            continue;
        };
        let tokens = &item.mac.tokens;
        let idents = idents(tokens);
        let Some(subject) = idents.first().cloned() else { continue };
        match name.as_str() {
            "object" => {
                facts.objects.insert(subject, object(tokens));
            }
            "union" => {
                let catch_all = idents.get(1).cloned().unwrap_or_default();
                facts.kinds.insert(subject, Kind::Union(catch_all));
            }
            _ if name.starts_with("int") => {
                facts.kinds.insert(subject, Kind::Integers);
            }
            _ if name.contains("enum") => {
                facts.kinds.insert(subject, Kind::Strings);
            }
            _ => {}
        }
    }
    facts
}

/// The first names, up to the first group.
fn idents(tokens: &TokenStream) -> Vec<String> {
    let flat = tokens.clone().into_iter().take_while(|token| !matches!(token, TokenTree::Group(_)));
    flat.filter_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    })
    .collect()
}

/// `Name { 0 { 0 field "wire" …; … } … } rest as …`
fn object(tokens: &TokenStream) -> (BTreeMap<String, String>, Option<String>) {
    let mut names = BTreeMap::new();
    let mut rest = None;
    let mut after = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Group(all) if !after => {
                after = true;
                for token in all.stream() {
                    if let TokenTree::Group(group) = token {
                        members(group.stream(), &mut names);
                    }
                }
            }
            TokenTree::Ident(ident) if after && rest.is_none() => rest = Some(ident.to_string()),
            _ => {}
        }
    }
    (names, rest)
}

fn members(group: TokenStream, names: &mut BTreeMap<String, String>) {
    let tokens: Vec<TokenTree> = group.into_iter().collect();
    for pair in tokens.windows(2) {
        if let [TokenTree::Ident(field), TokenTree::Literal(wire)] = pair
            && let Ok(wire) = syn::parse_str::<syn::LitStr>(&wire.to_string())
        {
            names.insert(field.to_string(), wire.value());
        }
    }
}
