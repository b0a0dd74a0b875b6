//! Text of a document that wants out.

use super::service::*;
use super::{render, text};
use crate::input::{Input, Options};
use crate::ir::*;

const HOSTILE: &[&str] = &[
    "*/ pub fn evil() {} /*",
    "\"# ; pub fn evil() {} //",
    "```\npub fn evil() {}\n```rust\nstd::process::exit(1)",
    "~~~rust\nevil()",
    "- ```rust\n  evil()",
    "> ```\n> evil()",
    "    evil()\n\tevil()",
    "-      evil()",
    "1.\t\tevil()",
    "]]> --> <script>evil()</script>",
    "line\r\npub fn evil() {}\rpub fn evil() {}\u{2028}pub fn evil() {}\u{85}pub fn evil() {}",
    "nul \0 bell \u{7} esc \u{1b}[31m",
    "bidi \u{202E} \u{2066} \u{200F} zero\u{200B}width",
    "[`std::fs`] [evil] [a](javascript:evil) [^1] [ok](https://example.org/x) ![x](https://example.org/y)",
    "`open ``span` <b> https://example.org/?a=<b> |pipe| \\",
    "//! evil\n#![feature(evil)]\n#[doc = include_str!(\"/etc/passwd\")]",
    "{} {{ $crate } \\u{0} \\\" \\",
    "[x]: https://example.org\n\n[x]",
];

fn hostile(evil: &str) -> Service {
    let mut service = empty_service();
    let ids = types(&mut service.types);
    let evil = || evil.to_owned();
    service.title = evil();
    service.description = Some(evil());
    service.document_version = evil();
    service.source.path = evil();
    service.envelope = Some(Envelope {
        code: evil(),
        message: evil(),
        data: evil(),
        timestamp: Some(evil()),
        success: vec![evil()],
    });
    service.tags = [(evil(), Tag { module: "orders".into(), description: Some(evil()) })].into();
    let kinds = [
        CredentialKind::ApiKey(Place::Header, evil()),
        CredentialKind::ApiKey(Place::Query, evil()),
        CredentialKind::Basic,
    ];
    service.credentials = kinds
        .into_iter()
        .enumerate()
        .map(|(at, kind)| Credential { name: evil(), setter: format!("key{at}"), kind, doc: Some(evil()) })
        .collect();
    let mut call = operation("get_order", "GetOrder", Method::Post, &evil());
    call.tag = Some(evil());
    call.summary = Some(evil());
    call.description = Some(evil());
    call.origin.file = evil().into();
    call.enveloped = true;
    call.security = vec![vec![evil()]];
    let mut parameters = vec![
        parameter(Place::Query, &evil(), "query", TEXT, false),
        parameter(Place::Header, &evil(), "header_", TEXT, true),
        parameter(Place::Cookie, &evil(), "cookie", TEXT, false),
    ];
    for parameter in &mut parameters {
        parameter.doc = Some(evil());
        parameter.default = Some(Default_::String(evil()));
        parameter.constraints.pattern = Some(evil());
    }
    call.parameters = parameters;
    let mut body = json_body(Type::Named(ids.create));
    body.doc = Some(evil());
    call.body = Some(body);
    call.replies = vec![reply("200", ReplyBody::Json(Type::Named(ids.order)), &evil())];
    call.failures = vec![reply("404", ReplyBody::Bytes(evil()), &evil())];
    service.operations = vec![call];
    service
}

/// What the code of a file is without comments and literals.
fn bare(source: &str) -> String {
    fn collect(tokens: proc_macro2::TokenStream, out: &mut String) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Group(group) => collect(group.stream(), out),
                proc_macro2::TokenTree::Literal(_) => out.push_str("_ "),
                other => out.push_str(&format!("{other} ")),
            }
        }
    }
    let mut out = String::new();
    collect(source.parse().expect("tokens"), &mut out);
    out
}

#[test]
fn text_stays_text() {
    let harmless = render(&hostile("harmless"));
    for evil in HOSTILE {
        let set = render(&hostile(evil));
        let paths = |set: &crate::FileSet| set.iter().map(|(path, _)| path.to_owned()).collect::<Vec<_>>();
        assert_eq!(paths(&set), paths(&harmless), "{evil:?}");
        for path in paths(&set).iter().filter(|path| path.ends_with(".rs")) {
            let source = text(&set, path);
            let hidden = |c: char| {
                c.is_control() && c != '\n'
                    || ('\u{202A}'..='\u{202E}').contains(&c)
                    || ('\u{2066}'..='\u{2069}').contains(&c)
            };
            assert!(!source.contains(hidden), "{path}: {evil:?}\n{source}");
            let code: Vec<&str> =
                source.lines().map(str::trim_start).filter(|line| !line.starts_with("//")).collect();
            assert!(!bare(&code.join("\n")).contains("evil"), "{path}: {evil:?}\n{source}");
            assert!(!doctests(source).contains("evil"), "{path}: {evil:?}\n{source}");
        }
        toml::from_str::<toml::Table>(text(&set, "Cargo.toml")).expect("TOML");
    }
}

/// What rustdoc would compile: fenced blocks that are not `text`, and what is indented by four.
fn doctests(source: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<bool> = None;
    for line in source.lines().map(str::trim_start) {
        let Some(line) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            // A comment ends, and what is open in it.
            fence = None;
            continue;
        };
        let line = line.strip_prefix(' ').unwrap_or(line);
        let marked = line.starts_with("```") || line.starts_with("~~~");
        let bare = line.chars().all(|c| matches!(c, '`' | '~'));
        match fence {
            None if marked => fence = Some(!line.contains("text")),
            Some(_) if marked && bare => fence = None,
            None => {
                let inside = line.trim_start_matches(['-', '>', ' ', '1', '.']);
                let nested = inside.starts_with("```") || inside.starts_with("~~~");
                if nested || line.starts_with("    ") || line.contains('\t') {
                    out.push_str(&format!("evil: {line}"));
                }
            }
            Some(true) => out.push_str(line),
            Some(false) => {}
        }
    }
    out
}

#[test]
fn hostile_prose_as_markdown() {
    let shown: Vec<String> = HOSTILE.iter().map(|evil| crate::emit::text::block(evil).join("\n")).collect();
    expect_test::expect_file!["expected/hostile.md"].assert_eq(&shown.join("\n\n---\n\n"));
}

#[test]
fn names_that_are_none_are_refused() {
    for evil in ["a b", "", "1a", "a;b", "../x", "x\u{202E}", "r#type", "a/b"] {
        let check = |change: &dyn Fn(&mut Service)| {
            let mut service = hostile("x");
            change(&mut service);
            let error =
                super::files(&service, &Input::default(), &Options::default(), Vec::new()).expect_err(evil);
            assert_eq!(error.rule.code, "R900", "{error}");
        };
        check(&|service| service.operations[0].name = evil.into());
        check(&|service| service.operations[0].type_name = evil.into());
        check(&|service| service.operations[0].parameters[0].name = evil.into());
        check(&|service| service.tags.values_mut().for_each(|tag| tag.module = evil.into()));
        check(&|service| service.credentials[0].setter = evil.into());
        if evil != "x" {
            check(&|service| service.crate_name = format!("{evil}/"));
        }
    }
}

#[test]
fn media_types_that_no_header_can_carry_are_refused() {
    for evil in ["a\nb", "\u{e9}", ""] {
        let mut service = hostile("x");
        service.operations[0].body = Some(Body { media_type: evil.into(), ..json_body(Type::Any) });
        let error =
            super::files(&service, &Input::default(), &Options::default(), Vec::new()).expect_err(evil);
        assert_eq!(error.rule.code, "R900", "{error}");
    }
}
