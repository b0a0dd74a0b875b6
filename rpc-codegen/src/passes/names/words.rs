//! Text → words → identifiers.

use unicode_ident::is_xid_start;

use super::reserved;

/// What a name is for: decides its case, what stands in front of a digit, and which names are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Type,
    Variant,
    Field,
    Parameter,
    Operation,
    Module,
    Setter,
    Constant,
}

impl Kind {
    pub(super) fn is_camel(self) -> bool {
        matches!(self, Self::Type | Self::Variant)
    }

    /// Stands for a name without letters and in front of one that begins with a digit.
    fn word(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Variant => "value",
            Self::Field => "field",
            Self::Parameter => "parameter",
            Self::Operation => "call",
            Self::Module => "tag",
            Self::Setter => "credential",
            Self::Constant => "header",
        }
    }
}

/// Longest name that is made of a document's text, in bytes: names become files, and most file systems end at 255.
const MAX_MADE: usize = 160;
/// Longest name that may be chosen, or stand in `names.lock`: a made one with what tells it apart.
const MAX_CHOSEN: usize = 200;

/// The name of something that the document calls `text`.
pub(super) fn ident(kind: Kind, text: &str) -> String {
    let text = if kind == Kind::Module { ascii(text) } else { text.to_owned() };
    let mut found = match text.strip_prefix(['-', '+']) {
        Some(rest) if kind == Kind::Variant && rest.starts_with(char::is_alphanumeric) => {
            let mut found = words(&spelled(text.get(..1).unwrap_or_default()));
            found.extend(words(rest));
            found
        }
        _ => words(&text),
    };
    if found.is_empty() {
        found = words(&spelled(&text));
    }
    if found.is_empty() {
        found.push(if kind == Kind::Variant { "empty" } else { kind.word() }.to_owned());
    }
    let mut name = join(kind, &found);
    if !name.starts_with(is_xid_start) {
        found.insert(0, kind.word().to_owned());
        name = join(kind, &found);
    }
    reserved::escape(kind, name)
}

pub(super) fn join(kind: Kind, words: &[String]) -> String {
    let name = match kind {
        Kind::Constant => snake(words).to_uppercase(),
        _ if kind.is_camel() => camel(words),
        _ => snake(words),
    };
    // Lower case of `İ` has a mark of its own.
    let mut name: String = name.chars().filter(|c| is_part(*c)).collect();
    if name.len() > MAX_MADE {
        name.truncate((0..=MAX_MADE).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0));
        name.truncate(name.trim_end_matches('_').len());
    }
    name
}

/// Whether a name can have this inside.
fn is_part(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || is_plain_letter(c)
}

pub(super) fn snake(words: &[String]) -> String {
    words.iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join("_")
}

pub(super) fn camel(words: &[String]) -> String {
    let mut name = String::new();
    for word in words {
        let mut letters = word.chars();
        let Some(first) = letters.next() else { continue };
        if first.is_ascii_digit() && name.ends_with(|c: char| c.is_ascii_digit()) {
            name.push('_');
        }
        name.extend(first.to_uppercase());
        name.push_str(&letters.as_str().to_lowercase());
    }
    name
}

/// Splits a name into words: at everything that is no letter or digit, and where the case changes.
/// `HTTPValidationError` → `HTTP Validation Error`, `userIDs` → `user IDs`, `last4` and `OAuth2Token` keep their digits.
pub(in crate::passes) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run: Vec<char> = Vec::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || is_plain_letter(c) {
            run.push(c);
            continue;
        }
        split_case(&std::mem::take(&mut run), &mut found);
        if !c.is_ascii() && !is_separator(c) {
            found.push(format!("u{:x}", u32::from(c)));
        }
    }
    split_case(&run, &mut found);
    found
}

/// A letter that means the same in every normal form, as far as that can be told without tables: no marks, no
/// conjoining or compatibility forms. Others are written as their number.
fn is_plain_letter(c: char) -> bool {
    let composed = matches!(u32::from(c),
        0x0300..=0x036F | 0x0374 | 0x0387 | 0x0958..=0x095F | 0x09DC..=0x09DF | 0x0A33..=0x0A5E
        | 0x0B5C..=0x0B5D | 0x1100..=0x11FF | 0x1F00..=0x1FFF | 0x2000..=0x2BFF | 0xA960..=0xA97F | 0xD7B0..=0xD7FF
        | 0xF900..=0xFFFF | 0x1D000..=0x1FFFF | 0x2F800..=0x2FA1F);
    c.is_alphabetic() && is_xid_start(c) && !composed
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(u32::from(c), 0xA0..=0xBF | 0x2000..=0x206F | 0x3000..=0x303F | 0xFEFF)
}

fn split_case(run: &[char], found: &mut Vec<String>) {
    let mut word = String::new();
    for (index, c) in run.iter().enumerate() {
        let at = |offset: usize| run.get(index + offset).copied();
        let before = index.checked_sub(1).and_then(|index| run.get(index)).copied();
        let lower = |c: Option<char>| c.is_some_and(char::is_lowercase);
        let plural = at(1) == Some('s') && !lower(at(2));
        let starts = c.is_uppercase()
            && before.is_some_and(|before| !before.is_uppercase() || (lower(at(1)) && !plural));
        if starts && !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        word.push(*c);
    }
    if !word.is_empty() {
        found.push(word);
    }
}

fn ascii(text: &str) -> String {
    let letter = |c: char| if c.is_ascii() { c.to_string() } else { format!(" u{:x} ", u32::from(c)) };
    text.chars().map(letter).collect()
}

/// Punctuation in words, so that `<` and `>=`, `type` and `@type` have names.
pub(super) fn spelled(text: &str) -> String {
    const NAMES: &[(char, &str)] = &[
        ('!', "not"),
        ('"', "quote"),
        ('#', "hash"),
        ('$', "dollar"),
        ('%', "percent"),
        ('&', "and"),
        ('\'', "apostrophe"),
        ('(', "open"),
        (')', "close"),
        ('*', "star"),
        ('+', "plus"),
        (',', "comma"),
        ('-', "minus"),
        ('.', "dot"),
        ('/', "slash"),
        (':', "colon"),
        (';', "semicolon"),
        ('<', "less"),
        ('=', "equal"),
        ('>', "greater"),
        ('?', "question"),
        ('@', "at"),
        ('[', "left"),
        ('\\', "backslash"),
        (']', "right"),
        ('^', "caret"),
        ('_', "underscore"),
        ('`', "backtick"),
        ('{', "begin"),
        ('|', "or"),
        ('}', "end"),
        ('~', "tilde"),
        (' ', "space"),
    ];
    text.chars().fold(String::new(), |mut spelled, c| {
        match NAMES.iter().find(|(sign, _)| *sign == c) {
            Some((_, name)) => spelled.extend([" ", name, " "]),
            None => spelled.push(c),
        }
        spelled
    })
}

/// Whether emission can write this name (keywords as raw identifiers).
pub fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first == '_' || (is_xid_start(first) && is_part(first)))
        && letters.all(is_part)
        && name.len() <= MAX_CHOSEN
        && !matches!(name, "_" | "self" | "Self" | "super" | "crate")
}
