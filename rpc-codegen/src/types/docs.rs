//! Foreign text as documentation: nothing in it becomes a doctest, a link to an item, HTML or a lint.

use proc_macro2::TokenStream;
use quote::quote;

use crate::visible::is_invisible;

/// Doc attributes for a text; for an empty one the fallback.
pub fn doc(text: Option<&str>, fallback: &str) -> TokenStream {
    let mut lines = text.map(doc_lines).unwrap_or_default();
    if lines.is_empty() {
        lines.push(fallback.to_owned());
    }
    attributes(&lines)
}

/// Doc attributes for lines that are safe already.
pub(super) fn attributes(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// A text as safe lines of Markdown: code blocks are marked as text, references that rustdoc would look up are escaped.
pub fn doc_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    // In a list item or a quote, a line without a marker goes on the line before: rustdoc and clippy disagree on indents.
    let mut in_block = false;
    for raw in clean(text).lines() {
        let line = raw.trim();
        let mark = fence_of(line);
        match (fence, mark) {
            (Some(open), Some(close)) if open.0 == close.0 && close.1 >= open.1 && line.len() == close.1 => {
                lines.push(open.0.to_string().repeat(open.1));
                fence = None;
            }
            (Some(_), _) => lines.push(raw.trim_end().to_owned()),
            (None, Some(open)) => {
                lines.push(format!("{}text", open.0.to_string().repeat(open.1)));
                (fence, in_block) = (Some(open), false);
            }
            (None, None) if line.is_empty() => {
                in_block = false;
                if lines.last().is_some_and(|last| !last.is_empty()) {
                    lines.push(String::new());
                }
            }
            (None, None) => {
                let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
                let marker = starts_block(&words);
                let safe = inline(&words);
                match lines.last_mut() {
                    Some(last) if in_block && !marker => {
                        last.push(' ');
                        last.push_str(&safe);
                    }
                    _ if marker && raw.starts_with("  ") && in_block => lines.push(format!("  {safe}")),
                    _ => lines.push(safe),
                }
                in_block |= marker;
            }
        }
    }
    if let Some((mark, length)) = fence {
        lines.push(mark.to_string().repeat(length));
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Without characters that compilers refuse in comments.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if matches!(c, '\u{2028}' | '\u{2029}') || c.is_control() && c != '\n' { ' ' } else { c })
        .filter(|c| *c == '\n' || !is_invisible(*c))
        .collect()
}

fn fence_of(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    let info = line.get(length..)?;
    (length >= 3 && !info.contains('`')).then_some((mark, length))
}

fn starts_block(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") "));
    numbered || ["- ", "* ", "+ ", ">"].iter().any(|marker| line.starts_with(marker))
}

/// One line outside of code blocks.
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let (piece, length) = piece(rest, c, line.len() == rest.len());
        out.push_str(&piece);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// The next piece of a line: what to write and how many bytes it stands for.
fn piece(rest: &str, c: char, first: bool) -> (String, usize) {
    if c == '`' {
        let ticks = rest.chars().take_while(|c| *c == '`').count();
        let mark = "`".repeat(ticks);
        let body = rest.get(ticks..).unwrap_or_default();
        // A run of the same length closes; longer runs would be another mark.
        let close = body.match_indices(mark.as_str()).map(|(at, _)| at).find(|at| {
            !body.get(..*at).is_some_and(|before| before.ends_with('`'))
                && !body.get(at + ticks..).is_some_and(|after| after.starts_with('`'))
        });
        return match close.filter(|at| body.get(..*at).is_some_and(|code| !code.trim().is_empty())) {
            Some(at) => {
                let length = ticks + at + ticks;
                (rest.get(..length).unwrap_or_default().to_owned(), length)
            }
            None => ("\\`".repeat(ticks), ticks),
        };
    }
    if let Some(link) = web_link(rest) {
        return link;
    }
    if let Some(url) = url(rest) {
        return (format!("<{url}>"), url.len());
    }
    if c == '<' {
        let inside = rest
            .get(1..)
            .and_then(url)
            .filter(|url| rest.get(1 + url.len()..).is_some_and(|r| r.starts_with('>')));
        return match inside {
            Some(url) => (format!("<{url}>"), url.len() + 2),
            None => ("\\<".to_owned(), 1),
        };
    }
    match c {
        '[' | ']' | '~' => (format!("\\{c}"), 1),
        '\\' => ("\\\\".to_owned(), 1),
        // A heading needs no escape; a setext underline would make one of the line before.
        '=' if first && rest.chars().all(|c| c == '=') => (format!("\\{rest}"), rest.len()),
        _ => (c.to_string(), c.len_utf8()),
    }
}

/// `[text](https://…)`.
fn web_link(rest: &str) -> Option<(String, usize)> {
    let (text, after) = rest.strip_prefix('[')?.split_once("](")?;
    let target = url(after)?;
    let plain = !text.contains(['[', ']', '`', '<', '\\']) && after.get(target.len()..)?.starts_with(')');
    plain.then(|| (format!("[{text}](<{target}>)"), text.len() + target.len() + 4))
}

fn url(rest: &str) -> Option<&str> {
    let body = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("http://"))?;
    let length = body.find(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | ')' | ']' | '[' | '\\' | '|')
    });
    let body = body
        .get(..length.unwrap_or(body.len()))?
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
    let scheme = if rest.starts_with("https") { 8 } else { 7 };
    (!body.is_empty()).then(|| rest.get(..scheme + body.len())).flatten()
}

/// Text as a code span, whatever it holds; cut after 80 characters.
pub(super) fn code(text: &str) -> String {
    let text: String = clean(text).replace('\n', " ").chars().take(80).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let mark = "`".repeat(longest + 1);
    match (text.trim().is_empty(), longest) {
        (true, _) => "an empty text".to_owned(),
        (false, 0) => format!("{mark}{text}{mark}"),
        (false, _) => format!("{mark} {text} {mark}"),
    }
}
