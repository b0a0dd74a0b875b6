//! Strings.

use serde_json::Value;

use super::attempt::Attempt;
use super::parts::Parts;
use super::{format, pattern};

/// The longest string that is made.
const MAX_LENGTH: usize = 20_000;

impl<'b> Attempt<'b> {
    pub(super) fn string(&self, parts: &Parts<'b>, variant: usize) -> Option<String> {
        let least = parts.most("minLength").unwrap_or(0);
        let most = parts.least("maxLength").unwrap_or(usize::MAX);
        if least > most || least > MAX_LENGTH {
            return None;
        }
        let formats: Vec<&str> = parts.each("format").filter_map(Value::as_str).collect();
        let patterns: Vec<&str> = parts.each("pattern").filter_map(Value::as_str).collect();
        let mut tries: Vec<String> =
            formats.iter().flat_map(|name| format::samples(name, variant, least, most)).collect();
        if let Some(first) = patterns.first() {
            // Words first: `^[a-z]+$` then reads as text.
            tries.extend(plain(variant, least, most));
            tries.extend(patterns.iter().flat_map(|text| pattern::samples(text, variant, least, most)));
            tries.extend(pattern::guesses(first, variant, least, most));
        } else {
            tries.extend(plain(variant, least, most));
        }
        let fits = |text: &String| {
            let length = text.chars().count();
            (least..=most).contains(&length)
                && patterns.iter().all(|pattern| self.bundle.matches(pattern, text))
                && formats.iter().all(|name| self.bundle.has_format(name, text))
        };
        tries.into_iter().find(fits)
    }

    /// A text that matches a pattern.
    pub(super) fn matching(&self, text: &str, variant: usize) -> Option<String> {
        let tries = pattern::samples(text, variant, 0, usize::MAX).into_iter();
        tries
            .chain(pattern::guesses(text, variant, 0, usize::MAX))
            .find(|found| self.bundle.matches(text, found))
    }
}

/// A word of a length that is allowed.
fn plain(variant: usize, least: usize, most: usize) -> Vec<String> {
    let word = if variant == 0 { "string".to_owned() } else { format!("string{}", variant + 1) };
    if (least..=most).contains(&word.len()) {
        return vec![word];
    }
    let padded: String = if word.len() < least {
        word.chars().chain("abcdefghijklmnopqrstuvwxyz".chars().cycle()).take(least).collect()
    } else {
        // Short ones differ at their end.
        let letters = "sabcdefghijklmnopqrtuvwxyz0123456789";
        let letter = letters.chars().nth(variant % letters.len()).unwrap_or('s');
        "string".chars().take(most.saturating_sub(1)).chain((most > 0).then_some(letter)).collect()
    };
    vec![padded]
}
