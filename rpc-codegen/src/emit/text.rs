//! Text of the document as Markdown that stays inside its comment: nothing in it can start a doctest, a link to a Rust
//! item, an HTML tag, or another line.

/// Replaces what no reader sees or what changes the order of the text around it.
pub(crate) fn visible(c: char) -> Option<char> {
    match c {
        '\t' => Some(' '),
        '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}' | '\u{AD}' | '\u{180E}' => None,
        '\u{206A}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => None,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{61C}' => Some('\u{FFFD}'),
        c if c.is_control() => Some('\u{FFFD}'),
        c => Some(c),
    }
}

/// The lines of a text, whatever ends them.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = String> {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<String> = text
        .split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{B}', '\u{C}'])
        .map(|line| line.trim_end().chars().filter_map(visible).collect())
        .collect();
    lines.into_iter()
}

/// The text on one line, as Markdown.
pub(crate) fn inline(text: &str) -> String {
    let words: Vec<String> = lines(text).collect();
    span(&words.join(" "))
}

/// The text on one line, as it is: for places that are not Markdown.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<String> = lines(text).collect();
    words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text as one table cell.
pub(crate) fn cell(text: &str) -> String {
    inline(text).replace("\\|", "|").replace('|', "\\|")
}

/// The text as inline code.
pub(crate) fn code(text: &str) -> String {
    let text = one_line(text).replace('`', "'");
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// A sentence: ends in a full stop, unless it ends in something else that ends one.
pub(crate) fn sentence(text: &str) -> String {
    let text = inline(text);
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', '。', '！', '？']) {
        text
    } else {
        format!("{text}.")
    }
}

/// The text as Markdown lines.
pub(crate) fn block(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut fence: Option<String> = None;
    for line in lines(text) {
        match &fence {
            Some(mark) => {
                let bare = line.trim();
                let closes = bare.starts_with(mark.as_str()) && bare.chars().all(|c| mark.starts_with(c));
                out.push(if closes { mark.clone() } else { line });
                if closes {
                    fence = None;
                }
            }
            None => match opening(&line) {
                Some(mark) => {
                    out.push(format!("{mark}text"));
                    fence = Some(mark);
                }
                None => out.push(span(&line)),
            },
        }
    }
    out.extend(fence);
    let first = out.iter().position(|line| !line.is_empty()).unwrap_or(out.len());
    out.drain(..first);
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out
}

/// The mark of a code fence that this line opens.
fn opening(line: &str) -> Option<String> {
    let line = line.trim_start();
    let first = line.chars().next().filter(|first| matches!(first, '`' | '~'))?;
    let mark: String = line.chars().take_while(|&c| c == first).collect();
    let info = line.get(mark.len()..)?;
    (mark.len() >= 3 && !info.contains('`')).then_some(mark)
}

/// One line of prose. Runs of blanks are one blank, so that no indentation makes code of it.
fn span(line: &str) -> String {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len());
    let mut rest = line.as_str();
    if rest.starts_with('>') {
        out.push('\\');
    }
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\\' => escaped(rest),
            '`' => code_span(rest),
            '[' => link(rest),
            'h' => url(rest),
            _ => None,
        };
        if let Some((text, length)) = taken {
            out.push_str(&text);
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        if matches!(c, '<' | '[' | ']' | '`' | '~' | '\\') {
            out.push('\\');
        }
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

/// A character that the document's author has escaped.
fn escaped(rest: &str) -> Option<(String, usize)> {
    let second = rest.chars().nth(1)?;
    second.is_ascii_punctuation().then(|| (format!("\\{second}"), 2))
}

/// Inline code that ends on its line.
fn code_span(rest: &str) -> Option<(String, usize)> {
    let ticks = rest.chars().take_while(|&c| c == '`').count();
    if ticks > 2 {
        return None;
    }
    let inside = rest.get(ticks..)?;
    let end = inside.match_indices('`').map(|(at, _)| at).find(|&at| {
        let run = inside.get(at..).unwrap_or_default().chars().take_while(|&c| c == '`').count();
        let starts = !inside.get(..at).unwrap_or_default().ends_with('`');
        starts && run == ticks
    })?;
    let length = ticks + end + ticks;
    Some((rest.get(..length)?.to_owned(), length))
}

/// A link to the web with a plain label.
fn link(rest: &str) -> Option<(String, usize)> {
    let (label, tail) = rest.get(1..)?.split_once("](")?;
    let (target, _) = tail.split_once(')')?;
    let plain =
        !label.is_empty() && !label.contains(['[', ']', '`', '<', '\\', '!']) && !label.contains("://");
    let web = target.starts_with("http://") || target.starts_with("https://");
    let clean = !target.contains([' ', '(', '<', '>', '`', '\\', '"', '\'']);
    (plain && web && clean).then(|| (format!("[{label}]({target})"), 1 + label.len() + 2 + target.len() + 1))
}

/// A bare address, which rustdoc wants marked.
fn url(rest: &str) -> Option<(String, usize)> {
    let scheme = ["https://", "http://"].iter().find(|scheme| rest.starts_with(**scheme))?;
    let end = rest
        .find(|c: char| {
            c.is_whitespace()
                || matches!(c, '<' | '>' | '"' | '\'' | '`' | '\\' | '[' | ']' | '|' | '(' | ')')
        })
        .unwrap_or(rest.len());
    let address = rest.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
    (address.len() > scheme.len()).then(|| (format!("<{address}>"), address.len()))
}
