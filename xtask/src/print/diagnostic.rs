//! A diagnostic with the line it is about, the way rustc shows one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rpc_codegen::Diagnostic;

/// How much of a long line is shown; documents are often one single line.
const WIDTH: usize = 100;

/// The message, its place, the quoted line with a caret, and the help.
pub(super) fn render(diagnostic: &Diagnostic, sources: &BTreeMap<String, Vec<u8>>) -> String {
    let shown = diagnostic.to_string();
    let mut lines = shown.lines();
    let mut text = String::new();
    for line in lines.by_ref() {
        let _ = writeln!(text, "{line}");
        if line.starts_with("  --> ") {
            break;
        }
    }
    if let Some(snippet) = snippet(diagnostic, sources) {
        text.push_str(&snippet);
    }
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
    text
}

fn snippet(diagnostic: &Diagnostic, sources: &BTreeMap<String, Vec<u8>>) -> Option<String> {
    let place = &diagnostic.location;
    let bytes = sources.get(&*place.file)?;
    let (line, column) = (usize::try_from(place.line).ok()?, usize::try_from(place.column).ok()?);
    let raw = bytes.split(|b| *b == b'\n').nth(line.checked_sub(1)?)?;
    let chars: Vec<char> = String::from_utf8_lossy(raw)
        .trim_end()
        .chars()
        // One column each, so that the caret stands right.
        .map(|c| {
            if rpc_codegen::visible(c.encode_utf8(&mut [0; 4])).starts_with('\\') && c != '\\' {
                ' '
            } else {
                c
            }
        })
        .collect();
    let column = column.checked_sub(1)?.min(chars.len());
    let start = column.saturating_sub(WIDTH / 2);
    let start = if chars.len() <= WIDTH { 0 } else { start.min(chars.len() - WIDTH) };
    let part: String = chars.iter().skip(start).take(WIDTH).collect();
    let indent = " ".repeat(column - start);
    let number = line.to_string();
    let gutter = " ".repeat(number.len());
    Some(format!("{gutter} |\n{number} | {part}\n{gutter} | {indent}^\n"))
}
