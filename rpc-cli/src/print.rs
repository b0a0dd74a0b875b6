//! The only module that prints. Results go to stdout, everything about them to stderr.
#![expect(clippy::print_stderr, reason = "everything else returns values; printing is this module's job")]

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};

use comfy_table::{ContentArrangement, Table, presets};
use tracing_subscriber::filter::LevelFilter;

/// A result: as it is for programs and files, [clean] for a terminal. A reader that has gone away (`| head`) is not a
/// failure.
pub(crate) fn result(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let written = match out.is_terminal() {
        true => out.write_all(clean(&String::from_utf8_lossy(bytes)).as_bytes()),
        false => out.write_all(bytes),
    };
    let _ = written.and_then(|()| out.flush());
}

/// A result of one or more lines.
pub(crate) fn line(text: &str) {
    result(format!("{text}\n").as_bytes());
}

/// Something about the result.
pub(crate) fn note(text: &str) {
    eprintln!("{}", clean(text));
}

/// A command could not do its work.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {}", clean(&format!("{error:#}")));
}

/// A table as text.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header.to_vec());
    table.add_rows(rows.iter().map(|row| row.iter().map(|cell| clean(cell))));
    table.to_string()
}

/// Shows the request log of the runtime.
pub(crate) fn show_log() {
    let log = tracing_subscriber::fmt().with_max_level(LevelFilter::DEBUG).with_writer(std::io::stderr);
    let _ = log.with_ansi(std::io::stderr().is_terminal()).try_init();
}

/// Text of documents, services and arguments without what would drive a terminal: control characters and those that
/// turn the direction of writing come out as `\u001b`. JSON means the same after it.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            c if c.is_control() || is_bidi(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Marks, embeddings, overrides and isolates.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_drives_the_terminal() {
        let check = |text: &str, expected: &str| assert_eq!(clean(text), expected, "{text:?}");
        check("Größe → 7\n\t日本", "Größe → 7\n\t日本");
        check("\u{1b}[31mred\u{7}", "\\u001b[31mred\\u0007");
        check("\u{9b}31m\u{7f}", "\\u009b31m\\u007f");
        check("a\u{202e}b\u{2066}c\u{200f}\u{61c}", "a\\u202eb\\u2066c\\u200f\\u061c");
        check("one\rtwo\r\nthree", "one\\u000dtwo\nthree");
        check(r#"{"a": "\u001b"}"#, r#"{"a": "\u001b"}"#);
        let shown = table(&["h"], vec![vec!["\u{1b}]0;x\u{202e}".to_owned()]]);
        assert!(shown.contains("\\u001b]0;x\\u202e") && !shown.contains('\u{1b}'), "{shown}");
    }
}
