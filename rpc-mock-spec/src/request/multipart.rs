//! `multipart/form-data` (RFC 7578).

use crate::model::{essence, is_json};

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    /// As sent; `text/plain` if nothing was.
    pub(super) content_type: String,
    pub(super) content: Vec<u8>,
}

impl Part {
    /// Whether it is a file rather than a field.
    pub(super) fn is_file(&self) -> bool {
        let text = essence(&self.content_type) == "text/plain" || is_json(&self.content_type);
        self.file_name.is_some() || !text
    }
}

/// The parts of a body; `Err` says for people why there are none.
pub(super) fn parts(content_type: &str, body: &[u8]) -> Result<Vec<Part>, &'static str> {
    let boundary = parameter(content_type, "boundary").ok_or("the content type has no boundary")?;
    let line = format!("\r\n--{boundary}");
    let whole = [b"\r\n", body].concat();
    let (_, mut rest) = cut(&whole, line.as_bytes()).ok_or("the boundary is not in the body")?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (section, after) =
            cut(rest, line.as_bytes()).ok_or("the body ends without its closing boundary")?;
        let (head, content) = cut(section, b"\r\n\r\n").ok_or("a part has no headers")?;
        parts.extend(part(&String::from_utf8_lossy(head), content));
        rest = after;
    }
    Ok(parts)
}

/// `None`: a part without a name says nothing.
fn part(head: &str, content: &[u8]) -> Option<Part> {
    let header = |wanted: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: parameter(disposition, "name")?,
        file_name: parameter(disposition, "filename").or_else(|| parameter(disposition, "filename*")),
        content_type: header("content-type").unwrap_or("text/plain").to_owned(),
        content: content.to_vec(),
    })
}

/// A parameter of a header: `form-data; name="a; b"`.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let (text, after) = match value.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let (text, after) = value.split_once(';').unwrap_or((value, ""));
                (text.trim_end().to_owned(), after)
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(text);
        }
        rest = after.trim_start().trim_start_matches(';');
    }
}

/// The text up to the closing quote, and what follows.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((text, quoted.get(at + 1..)?)),
            '\\' if quoted.get(at + 1..)?.starts_with(['"', '\\']) => text.push(characters.next()?.1),
            _ => text.push(c),
        }
    }
    None
}

fn cut<'t>(text: &'t [u8], at: &[u8]) -> Option<(&'t [u8], &'t [u8])> {
    let start = text.windows(at.len()).position(|window| window == at)?;
    Some((text.get(..start)?, text.get(start + at.len()..)?))
}
