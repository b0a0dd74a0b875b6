//! Text of a document in a message: nothing in it moves the cursor, turns the writing direction or hides.

use std::borrow::Cow;

/// Longer texts lose their middle.
const MAX_CHARS: usize = 2_000;
/// What is kept of the end.
const TAIL: usize = 200;

/// The text with invisible characters as escapes (`\n`, `\u{202e}`), and without its middle if it is very long.
pub fn visible(text: &str) -> Cow<'_, str> {
    let long = text.len() > MAX_CHARS && text.chars().count() > MAX_CHARS;
    if !long && !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| if is_invisible(c) { c.escape_default().collect() } else { c.to_string() };
    if !long {
        return text.chars().map(escaped).collect();
    }
    let tail = text.char_indices().rev().nth(TAIL - 1).and_then(|(at, _)| text.get(at..)).unwrap_or_default();
    let head = text.chars().take(MAX_CHARS - TAIL);
    head.map(escaped).chain(["…".to_owned()]).chain(tail.chars().map(escaped)).collect()
}

/// Control characters, line and paragraph separators, and what has no width: joiners, marks of direction, tags, the byte
/// order mark.
pub(crate) fn is_invisible(c: char) -> bool {
    let formats = [
        '\u{ad}'..='\u{ad}',
        '\u{61c}'..='\u{61c}',
        '\u{180e}'..='\u{180e}',
        '\u{200b}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{feff}'..='\u{feff}',
        '\u{fff9}'..='\u{fffb}',
        '\u{e0000}'..='\u{e007f}',
    ];
    c.is_control() || formats.iter().any(|range| range.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        for (text, shown) in [
            ("plain `ü` 名", "plain `ü` 名"),
            ("a\nb\tc\u{1b}[2J", "a\\nb\\tc\\u{1b}[2J"),
            ("\u{202e}evil\u{2066}", "\\u{202e}evil\\u{2066}"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("line\u{2028}next\u{85}", "line\\u{2028}next\\u{85}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn long_text_loses_its_middle() {
        let text = format!("a{}z", "é".repeat(5_000));
        let shown = visible(&text);
        assert_eq!(shown.chars().count(), 2_001);
        assert!(shown.starts_with("aé") && shown.ends_with("éz") && shown.contains('…'));
        assert_eq!(visible(&"x".repeat(2_000)), "x".repeat(2_000));
    }
}
