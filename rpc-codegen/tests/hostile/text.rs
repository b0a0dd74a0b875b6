//! Text that wants to be code, a path, or a command to the terminal, in every place of a document.

use rpc_codegen::Output;

use super::places::{PLACES, Takes, document};
use super::support::render;
use super::{run, run_json, sound};

/// What a document might say. Those that want to be code all say `process` or another word that no crate has.
const TEXTS: &[&str] = &[
    "*/ fn f() { std::process::exit(1) } /*",
    "\"# ; fn f() { std::process::exit(1) } //",
    "\"#####; std::process::exit(1)",
    "\"); std::process::exit(1); (\"",
    "```\nstd::process::exit(1)\n```rust\nstd::process::exit(1)",
    "~~~\nprocess\n    process",
    "line\rstd::process::exit(1);\u{2028}std::process::exit(1);\u{85}process",
    "#![feature(process)]\n#[doc = include_str!(\"/etc/passwd\")]\n//! x",
    "#[no_mangle] pub unsafe extern \"C\" fn f() {}",
    "{process} {{ $crate::process } \\u{0} \\\" \\",
    "nul \0 bell \u{7} escape \u{1b}[31m",
    "\0",
    "bidi \u{202e}\u{2066}\u{200f} zero\u{200b}width\u{feff}\u{2060} tag\u{e0041}",
    "\u{202e}",
    "\u{200b}",
    "../../../etc/passwd",
    "..",
    ".",
    "/etc/passwd",
    "C:\\windows\\system32",
    "con",
    "a/b",
    "src/lib.rs",
    "lib",
    "mod",
    "self",
    "Self",
    "super",
    "crate",
    "_",
    "",
    " ",
    "\n",
    "r#type",
    "'static",
    "0",
    "-1",
    "é",
    "名前",
    "🦀",
    "İ",
    "ß",
    "a\u{301}",
    "Option",
    "String",
    "core",
    "std",
    "serde",
    "rpc_runtime",
    "client",
    "types",
    "null",
    "true",
    "%2e%2e%2f",
    "%00",
    "?a=b#c",
    "{id}",
    "}{",
    "[x](javascript:process) <script>process</script> [`std::process`]",
    "| table | `x` |",
    "x\r\nHost: evil\r\n\r\n",
    "application/json; charset=\"utf-8",
    "(a+)+$",
    "[",
    "(?<a>x)(?<a>y)",
    "\\u{110000}",
    "text/event-stream",
    "multipart/form-data",
];

#[test]
fn text_is_never_code_and_never_a_path() {
    let harmless = run_json("harmless", &document()).unwrap_or_else(|failure| panic!("{failure:#?}"));
    let skeleton = sound::skeleton(&harmless);
    let mut refused = 0;
    for text in TEXTS {
        let whole = together(Takes::Anything, text);
        assert!(sound::skeleton(&whole) == skeleton, "{text:?} as prose changes code");
        together(Takes::Names, text);
        for place in PLACES.iter().filter(|place| place.takes == Takes::Some) {
            let mut document = document();
            (place.put)(&mut document, text);
            refused += usize::from(run_json(&format!("{text:?} as {}", place.name), &document).is_err());
        }
    }
    assert!(refused > 100, "only {refused} texts refused where they mean nothing");
}

/// A text in all places of a kind at once.
fn together(takes: Takes, text: &str) -> Output {
    let mut document = document();
    PLACES.iter().filter(|place| place.takes == takes).for_each(|place| (place.put)(&mut document, text));
    let result = run_json(&format!("{text:?} as {takes:?}"), &document);
    result.unwrap_or_else(|failure| panic!("{text:?} as {takes:?}: {}", render(&failure.diagnostics)))
}

/// The document in two files, and settings and a lock that want out of theirs.
#[test]
fn text_of_the_other_files_is_text_as_well() {
    let bytes = serde_json::to_vec(&document()).unwrap();
    for text in TEXTS {
        let quoted = serde_json::to_string(text).unwrap().replace("\\/", "/");
        for (file, contents) in [
            ("service.toml", format!("[rename.types]\nThing = {quoted}\n")),
            ("service.toml", format!("[rename.operations]\n\"POST /things/{{id}}\" = {quoted}\n")),
            ("service.toml", format!("[rename.types]\n{quoted} = \"Name\"\n")),
            ("service.toml", format!("[crate]\nname = {quoted}\n")),
            ("service.toml", format!("[crate]\nversion = {quoted}\n")),
            ("service.toml", format!("[types]\n\"Thing.kind\" = {quoted}\n")),
            ("service.toml", format!("[envelope]\ncode = {quoted}\ndata = {quoted}\n")),
            ("service.toml", text.to_string()),
            ("names.lock", format!("[types]\nThing = {quoted}\n")),
            ("names.lock", format!("[operations]\n\"POST /things/{{id}}\" = {quoted}\n")),
            ("names.lock", format!("[modules]\nthings = {quoted}\n")),
            ("names.lock", text.to_string()),
        ] {
            let mut input = super::input("openapi.json", bytes.clone());
            input.files.insert(file.into(), contents.clone().into_bytes());
            let _ = run(&format!("{file}: {contents:?}"), &input);
        }
    }
}
