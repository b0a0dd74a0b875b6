//! Reads `.env` files as the Python framework does, and unquoted JSON besides.
//!
//! A statement is `NAME=value` or `export NAME=value`. A value is
//! - quoted with `'` (escapes: `\\`, `\'`) or `"` (also `\"`, `\n`, `\r`, `\t`, `\a`, `\b`, `\f`, `\v`), over several lines if
//!   need be; an escape that is none of these stays as it is written;
//! - JSON, if it starts with `{` or `[`, its brackets balance and nothing but a comment follows: verbatim, over several
//!   lines if need be, as long as no line of it looks like the next statement;
//! - anything else up to the end of the line, or up to a `#` after a space.
//!
//! `${NAME}` is not expanded.

/// What a file says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct File {
    /// Its variables in order.
    pub(super) vars: Vec<Var>,
    /// Its statements that cannot be read.
    pub(super) faults: Vec<Fault>,
}

/// One variable.
#[derive(Debug, PartialEq)]
pub(super) struct Var {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) line: usize,
}

/// A statement that cannot be read.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) message: &'static str,
    /// The line, for the decision whether anybody needs it; it may hold secrets.
    pub(super) text: String,
}

/// Reads a file's text. What cannot be read ends with its line.
pub(super) fn parse(text: &str) -> File {
    let mut file = File::default();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    while !rest.is_empty() {
        let end_of_line = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let (used, statement) = statement(rest, end_of_line);
        match statement {
            Ok(Some((name, value))) => file.vars.push(Var { name: name.to_owned(), value, line }),
            Ok(None) => {}
            Err((at, message)) => {
                let text = rest.split_at(end_of_line).0.trim_end().to_owned();
                file.faults.push(Fault { line, column: at + 1, message, text });
            }
        }
        let (done, next) = rest.split_at(used);
        line += done.matches('\n').count();
        rest = next;
    }
    file
}

/// A name and a value, nothing (blank or comment), or a fault and its place in the text.
type Statement<'t> = Result<Option<(&'t str, String)>, (usize, &'static str)>;

/// Reads one statement and says how much of `text` it takes.
fn statement(text: &str, end_of_line: usize) -> (usize, Statement<'_>) {
    let (first, _) = text.split_at(end_of_line);
    let start = first.trim_start();
    if start.is_empty() || start.starts_with('#') {
        return (end_of_line, Ok(None));
    }
    let indent = first.len() - start.len();
    let Some(equals) = first.find('=') else {
        return (end_of_line, Err((indent, "expected NAME=value")));
    };
    let name = first.split_at(equals).0.trim();
    let name = match name.strip_prefix("export") {
        Some(exported) if exported.starts_with([' ', '\t']) => exported.trim_start(),
        _ => name,
    };
    if !is_name(name) {
        return (end_of_line, Err((indent, "expected a name of letters, digits and \"_\" before the \"=\"")));
    }
    let after = text.split_at(equals + 1).1;
    let value = after.trim_start_matches([' ', '\t']);
    let value_at = text.len() - value.len();
    // How much a value of `len` bytes takes if nothing but a comment follows it.
    let closed = |len: usize| {
        let (tail, _) = value.split_at(len).1.split_once('\n').unwrap_or((value.split_at(len).1, ""));
        let blank = tail.trim().is_empty() || tail.trim_start().starts_with('#');
        blank.then(|| (value_at + len + tail.len() + 1).min(text.len()))
    };
    match value.chars().next() {
        Some(quote @ ('\'' | '"')) => match unquote(value, quote) {
            None => (end_of_line, Err((value_at, "the quote that starts here is not closed"))),
            Some((unquoted, len)) => match closed(len) {
                Some(used) => (used, Ok(Some((name, unquoted)))),
                None => {
                    let message = "text follows the closing quote; put JSON into single quotes, or into none";
                    (end_of_line, Err((value_at + len, message)))
                }
            },
        },
        Some('{' | '[') => match balanced(value).and_then(|len| Some((len, closed(len)?))) {
            Some((len, used)) => (used, Ok(Some((name, value.split_at(len).0.to_owned())))),
            None => (end_of_line, Ok(Some((name, plain(after))))),
        },
        _ => (end_of_line, Ok(Some((name, plain(after))))),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// An unquoted value: the rest of the line without its comment.
fn plain(after: &str) -> String {
    let line = after.split('\n').next().unwrap_or_default();
    let comment = line.match_indices('#').find(|(at, _)| line.split_at(*at).0.ends_with([' ', '\t']));
    comment.map_or(line, |(at, _)| line.split_at(at).0).trim().to_owned()
}

/// The inside of a quoted value and the length of the whole; `None` if it never ends.
fn unquote(value: &str, quote: char) -> Option<(String, usize)> {
    let mut inside = String::new();
    let mut chars = value.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                let (_, escaped) = chars.next()?;
                match (quote, escaped) {
                    (_, '\\' | '\'') => inside.push(escaped),
                    ('"', '"') => inside.push('"'),
                    ('"', 'n') => inside.push('\n'),
                    ('"', 'r') => inside.push('\r'),
                    ('"', 't') => inside.push('\t'),
                    ('"', 'a') => inside.push('\u{7}'),
                    ('"', 'b') => inside.push('\u{8}'),
                    ('"', 'f') => inside.push('\u{c}'),
                    ('"', 'v') => inside.push('\u{b}'),
                    _ => inside.extend(['\\', escaped]),
                }
            }
            c if c == quote => return Some((inside, at + 1)),
            c => inside.push(c),
        }
    }
    None
}

/// The length of the JSON value at the start, as far as brackets and strings tell.
fn balanced(value: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            // JSON strings end on their line, and the next statement ends whatever was left open.
            '\n' if in_string || starts_statement(value.split_at(at + 1).1) => return None,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '{' | '[' => depth += 1,
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a line looks like `NAME=…`. No line of JSON does: its names are in quotes.
fn starts_statement(text: &str) -> bool {
    let line = text.split('\n').next().unwrap_or_default();
    line.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim();
        is_name(name.strip_prefix("export ").unwrap_or(name).trim_start())
    })
}

#[cfg(test)]
#[path = "dotenv_tests.rs"]
mod tests;
