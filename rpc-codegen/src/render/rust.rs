//! Token streams as formatted text.

use proc_macro2::TokenStream;

use crate::diagnostic::Diagnostic;
use crate::emit::names::internal;

/// The file that the tokens are, formatted, with blank lines between items and between methods.
///
/// # Errors
/// When they are no Rust file, which is a mistake of this generator.
pub(super) fn pretty(path: &str, tokens: TokenStream) -> Result<String, Diagnostic> {
    // Parsed without a copy of the tokens: shared ones would be copied one by one.
    let file = syn::parse2::<syn::File>(tokens)
        .map_err(|error| internal(format!("the code emitted for {path} does not parse: {error}")))?;
    Ok(spaced(&prettyplease::unparse(&file)))
}

/// Puts blank lines where people would. Works on lines: emitted literals have no line breaks, so a line that is `}` is code.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut before = "";
    for line in text.lines() {
        if needs_blank(before, line) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = line;
    }
    out
}

fn needs_blank(before: &str, line: &str) -> bool {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let code = line.trim_start();
    if before.is_empty() || code.is_empty() || depth(line) > 4 {
        return false;
    }
    let ended = before.trim_start();
    let function = code.starts_with("fn ") || code.starts_with("pub fn ");
    let documented = ended.starts_with("///") || ended.starts_with("#[");
    if function && !documented && !ended.ends_with('{') {
        return true;
    }
    if depth(before) != depth(line) {
        return false;
    }
    if depth(line) == 0 && ended.starts_with("//!") {
        return !code.starts_with("//!");
    }
    if code.starts_with("use crate") && ended.starts_with("use ") {
        return !ended.starts_with("use crate");
    }
    if ended.starts_with("//") {
        return false;
    }
    let opens = [
        "///", "#[", "pub ", "fn ", "impl ", "impl<", "static ", "const ", "type ", "enum ", "struct ",
        "mod ",
    ];
    let opens = opens.iter().any(|start| code.starts_with(start));
    let block_ended = ended == "}" || ended.ends_with("{}");
    let use_ended = ended.starts_with("use ") || ended == "};";
    let line_ended = depth(line) == 0 && ended.ends_with(';') && !same_kind(ended, code);
    opens && (block_ended || use_ended || line_ended)
}

/// Whether two lines are of one list, such as `pub mod a;` `pub mod b;`.
fn same_kind(before: &str, line: &str) -> bool {
    ["mod ", "pub mod ", "use ", "pub use "]
        .iter()
        .any(|start| before.starts_with(start) && line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::pretty;

    #[test]
    fn what_does_not_parse_is_a_diagnostic() {
        let error = pretty("src/a.rs", quote! { fn fn }).expect_err("no file");
        assert_eq!(error.rule.code, "R900");
        assert!(error.message.contains("src/a.rs does not parse"), "{error}");
    }

    #[test]
    fn items_and_methods_have_room() {
        let text = pretty(
            "src/a.rs",
            quote! {
                #![doc = " About."]
                use a::b;
                mod one;
                mod two;
                impl A { #[doc = " X."] fn x() { if y { z(); } w(); } fn v() {} }
                struct B;
            },
        );
        let expected = expect_test::expect![[r#"
            //! About.

            use a::b;

            mod one;
            mod two;

            impl A {
                /// X.
                fn x() {
                    if y {
                        z();
                    }
                    w();
                }

                fn v() {}
            }

            struct B;
        "#]];
        expected.assert_eq(&text.expect("a file"));
    }
}
