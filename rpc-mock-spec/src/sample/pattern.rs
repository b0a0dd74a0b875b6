//! Strings that match a regular expression.
//!
//! Candidates only: the caller checks them with the validator's own engine. ECMAScript's extras that `regex-syntax` does not know
//! (look-around, back-references) are cut out, and texts that often satisfy such patterns are offered as well.

use regex_syntax::hir::{Class, Hir, HirKind};

/// The longest text that is made, in bytes.
const MAX_LENGTH: usize = 10_000;

/// How many steps one text may take: repetitions of nothing cost as well.
const MAX_STEPS: usize = 4 * MAX_LENGTH;

/// Repetitions above the least that are tried, in this order.
const EXTRA: [u32; 14] = [1, 0, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256];

/// Characters that read well, tried in this order in classes.
const NICE: &str =
    "a1A0bB2cC3dDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ456789-_. /:@#+,;=!$%&*()[]{}<>?~^|'\"`\\";

/// Texts that match, as far as the pattern is understood; `least` and `most` are lengths in characters.
pub(super) fn samples(pattern: &str, variant: usize, least: usize, most: usize) -> Vec<String> {
    let Some(hir) = parse(pattern) else { return Vec::new() };
    let shortest = hir.properties().minimum_len().unwrap_or(0);
    // What is too long with the fewest repetitions is too long with more.
    if shortest > MAX_LENGTH {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for extra in EXTRA {
        let mut maker = Maker { extra, variant, made: 0, steps: 0, text: String::new() };
        if maker.make(&hir).is_some() {
            let length = maker.text.chars().count();
            if (least..=most).contains(&length) && !found.contains(&maker.text) {
                found.push(maker.text);
            }
        }
    }
    // Exactly as long as it must be: the repetitions grow one by one.
    if found.is_empty() && least > 0 {
        for extra in 0..u32::try_from(least.min(2_000)).unwrap_or(0) {
            let mut maker = Maker { extra, variant, made: 0, steps: 0, text: String::new() };
            if maker.make(&hir).is_some() && (least..=most).contains(&maker.text.chars().count()) {
                found.push(maker.text);
                break;
            }
        }
    }
    found
}

/// Texts that satisfy many patterns with look-ahead (passwords, identifiers).
pub(super) fn guesses(pattern: &str, variant: usize, least: usize, most: usize) -> Vec<String> {
    let kinds = [
        "Aa1!", "Aa1", "aA1-", "a1", "1a", "abc", "ABC", "123", "Aa", "a", "A", "1", "0", "a b", "#a1", "/a",
    ];
    let mut found = vec![String::new()];
    let mentioned = pattern.chars().filter(|c| c.is_ascii_punctuation() && !"\\^$.|?*+()[]{}".contains(*c));
    let special: String = mentioned.take(1).collect();
    for kind in kinds {
        for length in [least, 8, 12, 16, 24, 32, 10, 6, 5, 4, 3, 2, 1] {
            if (least..=most).contains(&length) && (1..=MAX_LENGTH).contains(&length) {
                let start = variant % kind.len().max(1);
                let text: String = kind.chars().cycle().skip(start).take(length).collect();
                found.push(text.clone());
                if !special.is_empty() && length > 2 {
                    let mut text: String = text.chars().take(length - 1).collect();
                    text.push_str(&special);
                    found.push(text);
                }
            }
        }
    }
    found
}

fn parse(pattern: &str) -> Option<Hir> {
    let try_parse =
        |text: &str| regex_syntax::ParserBuilder::new().utf8(false).unicode(true).build().parse(text).ok();
    try_parse(pattern).or_else(|| try_parse(&plainer(pattern)))
}

/// The pattern without look-around, and with ECMAScript's escapes in a form that is understood here.
fn plainer(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        if !in_class && ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| rest.starts_with(start)) {
            rest = rest.get(group_end(rest)..).unwrap_or_default();
            // What repeats a look-around goes with it.
            rest = rest.trim_start_matches(['*', '+', '?']);
            continue;
        }
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if c == '\\' {
            let Some(escaped) = after.chars().next() else { break };
            match escaped {
                'c' | 'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | 'n' | 'r' | 't' | 'f' | 'v' | 'u'
                | 'x' | 'p' | 'P' => {
                    out.push('\\');
                    out.push(escaped);
                }
                digit if digit.is_ascii_digit() => {}
                letter if letter.is_alphanumeric() => out.push(letter),
                other => out.push_str(&regex_syntax::escape(&other.to_string())),
            }
            rest = after.get(escaped.len_utf8()..).unwrap_or_default();
            continue;
        }
        match c {
            '[' if in_class => out.push_str("\\["),
            '&' | '~' | '-' if in_class && after.starts_with(c) => out.push_str(&format!("\\{c}")),
            '{' if !in_class && !counts(rest) => out.push_str("\\{"),
            '}' if !in_class && !out.ends_with(|c: char| c.is_ascii_digit() || c == ',' || c == '}') => {
                out.push_str("\\}")
            }
            _ => out.push(c),
        }
        match c {
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        rest = after;
    }
    out
}

/// Whether braces hold counts.
fn counts(text: &str) -> bool {
    let inside = text.strip_prefix('{').and_then(|text| text.split_once('}')).map(|(inside, _)| inside);
    inside.is_some_and(|inside| !inside.is_empty() && inside.chars().all(|c| c.is_ascii_digit() || c == ','))
}

/// Where the group that a text starts with ends.
fn group_end(text: &str) -> usize {
    let (mut depth, mut in_class, mut escaped) = (0_u32, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Makes one text.
struct Maker {
    extra: u32,
    variant: usize,
    /// Classes that have been filled, so that neighbours differ.
    made: usize,
    steps: usize,
    text: String,
}

impl Maker {
    fn make(&mut self, hir: &Hir) -> Option<()> {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.text.len() > MAX_LENGTH {
            return None;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Some(()),
            HirKind::Literal(literal) => {
                self.text.push_str(std::str::from_utf8(&literal.0).ok()?);
                Some(())
            }
            HirKind::Class(class) => {
                let chosen = self.one_of(class)?;
                self.text.push(chosen);
                self.made += 1;
                Some(())
            }
            HirKind::Capture(capture) => self.make(&capture.sub),
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.make(part)),
            HirKind::Alternation(branches) => {
                let branch = branches.get(self.variant % branches.len().max(1))?;
                self.make(branch)
            }
            HirKind::Repetition(repetition) => {
                let wanted = repetition.min.saturating_add(self.extra);
                let times = repetition.max.map_or(wanted, |max| wanted.min(max)).max(repetition.min);
                (0..times).try_for_each(|_| self.make(&repetition.sub))
            }
        }
    }

    fn one_of(&self, class: &Class) -> Option<char> {
        let has = |c: char| match class {
            Class::Unicode(class) => {
                class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&c))
            }
            Class::Bytes(class) => {
                c.is_ascii()
                    && class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&(c as u8)))
            }
        };
        let nice: Vec<char> = NICE.chars().filter(|c| has(*c)).take(24).collect();
        // The same class again gives the same character, except that variants turn the first ones.
        let turn = if self.made < 6 {
            self.variant / 24_usize.pow(u32::try_from(self.made.min(3)).unwrap_or(0))
        } else {
            0
        };
        let first = || match class {
            Class::Unicode(class) => {
                class.ranges().iter().map(|range| range.start()).find(|c| !c.is_control())
            }
            Class::Bytes(class) => class.ranges().first().map(|range| char::from(range.start())),
        };
        nice.get(turn % nice.len().max(1)).copied().or_else(first)
    }
}
