//! Texts inside the text form: a backslash takes the meaning from the next character.

/// A backslash before each backslash and each of these characters.
pub(super) fn escape(text: &str, special: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\\' || special.contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// The opposite; a backslash at the very end stands for itself.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(if character == '\\' { characters.next().unwrap_or('\\') } else { character });
    }
    plain
}

/// What stands before and behind the first `delimiter` that is not escaped.
pub(super) fn split(text: &str, delimiter: char) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (place, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == delimiter => {
                return Some((text.get(..place)?, text.get(place + delimiter.len_utf8()..)?));
            }
            _ => {}
        }
    }
    None
}

/// All parts between delimiters that are not escaped.
pub(super) fn split_all(mut text: &str, delimiter: char) -> Vec<&str> {
    let mut parts = Vec::new();
    while let Some((part, rest)) = split(text, delimiter) {
        parts.push(part);
        text = rest;
    }
    parts.push(text);
    parts
}
