//! What holds for every output.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use rpc_codegen::{Diagnostic, Input, Options, Output, generate};

/// Words that only a document brings, as code: no generated crate has them. The texts of [`super::text`] try to.
const FORBIDDEN: [&str; 8] =
    ["process", "exit", "include_str", "include_bytes", "unsafe", "extern", "compile_error", "no_mangle"];

/// Paths are plain and inside, code parses and has no word that it must not have, nothing hides in any file.
pub(super) fn files(what: &str, output: &Output) {
    for (path, bytes) in output.files.iter() {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
        assert!(path.bytes().all(plain) && path.len() < 200, "{what}: path {path:?}");
        assert!(
            !path.starts_with('/') && !path.split('/').any(|part| part == ".." || part.is_empty()),
            "{what}: {path:?}"
        );
        let text = std::str::from_utf8(bytes).unwrap();
        let hides = |c: &char| {
            !matches!(c, ' '..='~' | '\n') && rpc_codegen::visible(c.encode_utf8(&mut [0; 4])).len() > 4
        };
        if let Some(found) = text.chars().find(hides) {
            let line = text.lines().find(|line| line.contains(found)).unwrap_or_default();
            panic!("{what}: {path} has {found:?} in it: {line}");
        }
        if path.ends_with(".rs") {
            code(what, path, text);
        } else if path.ends_with(".toml") {
            text.parse::<toml::Table>().unwrap_or_else(|error| panic!("{what}: {path}: {error}\n{text}"));
        }
    }
    let lock = output.names_lock.parse::<toml::Table>();
    lock.unwrap_or_else(|error| panic!("{what}: names.lock: {error}"));
}

/// A second run with the lock of the first gives the same.
pub(super) fn repeats(what: &str, input: &Input, first: &Output) {
    let mut again = input.clone();
    again.files.insert("names.lock".into(), first.names_lock.clone().into_bytes());
    let second = generate(&again, &Options::default()).unwrap_or_else(|failure| {
        panic!("{what}, with its lock: {}", super::support::render(&failure.diagnostics))
    });
    assert_eq!(first.names_lock, second.names_lock, "{what}");
    assert!(first.files == second.files, "{what}: other bytes with its lock");
}

thread_local! {
    /// Code that was found sound. Most files of most outputs are those of another one.
    static SOUND: RefCell<HashSet<String>> = RefCell::default();
}

fn code(what: &str, path: &str, text: &str) {
    if SOUND.with_borrow(|sound| sound.contains(text)) {
        return;
    }
    if let Err(error) = syn::parse_file(text) {
        panic!("{what}: {path}: {error}\n{text}");
    }
    let mut words = BTreeSet::new();
    collect(text.parse().unwrap(), &mut words);
    let found: Vec<_> = FORBIDDEN.iter().filter(|word| words.contains(**word)).collect();
    assert!(found.is_empty(), "{what}: {path} has {found:?}\n{text}");
    SOUND.with_borrow_mut(|sound| sound.insert(text.to_owned()));
}

/// Every identifier; comments are literals by now.
fn collect(tokens: TokenStream, words: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Ident(word) => drop(words.insert(word.to_string())),
            _ => {}
        }
    }
}

/// The code of all files without literals: what must be the same whatever a text says.
pub(super) fn skeleton(output: &Output) -> String {
    fn write(tokens: TokenStream, out: &mut String) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                // The number of lines of a comment is the text's.
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    if matches!(tokens.peek(), Some(TokenTree::Punct(inner)) if inner.as_char() == '!') {
                        tokens.next();
                    }
                    match tokens.next() {
                        Some(TokenTree::Group(group)) if group.stream().to_string().starts_with("doc =") => {}
                        Some(group) => {
                            write([TokenTree::Punct(punct), group].into_iter().skip(1).collect(), out)
                        }
                        None => {}
                    }
                }
                TokenTree::Group(group) => {
                    out.push_str("( ");
                    write(group.stream(), out);
                    out.push_str(") ");
                }
                TokenTree::Literal(_) => out.push_str("_ "),
                other => out.push_str(&format!("{other} ")),
            }
        }
    }
    let mut out = String::new();
    for (path, bytes) in output.files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        out.push_str(&format!("\n{path}: "));
        write(std::str::from_utf8(bytes).unwrap().parse().unwrap(), &mut out);
    }
    out
}

/// A message has a place in a file of the folder, and three lines without anything that a terminal obeys.
pub(super) fn messages(what: &str, input: &Input, found: &[Diagnostic]) {
    let lines: BTreeMap<&str, usize> = input
        .files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.iter().filter(|byte| **byte == b'\n').count() + 1))
        .collect();
    // What is found a hundred thousand times is the same every time.
    for diagnostic in found.iter().take(1_000) {
        let shown = diagnostic.to_string();
        assert_ne!(diagnostic.rule.code, "R900", "{what}: a mistake of the generator: {shown}");
        let at = &diagnostic.location;
        let file = at.file.strip_prefix(&input.prefix).and_then(|path| input.file(path));
        let file = file.unwrap_or_else(|| panic!("{what}: no file of the folder: {shown}"));
        let lines = lines[&at.file[input.prefix.len()..]];
        assert!((1..=lines).contains(&(at.line as usize)), "{what}: no such line: {shown}");
        assert!(at.column >= 1 && at.column as usize <= file.len() + 2, "{what}: no such column: {shown}");
        assert!(shown.lines().count() <= 3, "{what}: {shown:?}");
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{what}: {shown:?}");
        assert!(shown.chars().count() < 20_000, "{what}: a message of {} characters", shown.len());
    }
}
