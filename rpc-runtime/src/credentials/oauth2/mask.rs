//! Keeps secrets out of texts that others wrote.

use super::encoded;

/// What is hidden, in every form in which it may come back, the longest first: one may be a part of another.
#[derive(Debug)]
pub(super) struct Mask(Vec<String>);

impl Mask {
    /// Hides these, as they are, as a form writes them, and as a quoting server does.
    pub(super) fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut forms: Vec<String> = secrets.into_iter().flat_map(forms).collect();
        forms.retain(|form| !form.is_empty());
        forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        forms.dedup();
        Self(forms)
    }

    /// The text, with `***` for each of them.
    pub(super) fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}

fn forms(secret: &str) -> impl Iterator<Item = String> {
    let percent = encoded(secret);
    // Others write a space as a plus, and digits in lower case.
    let plus = percent.replace("%20", "+");
    let [percent_lower, plus_lower] = [lower_digits(&percent), lower_digits(&plus)];
    let escaped = secret.escape_debug().to_string();
    [secret.to_owned(), percent, plus, percent_lower, plus_lower, escaped].into_iter()
}

/// `%3A` as `%3a`; everything else as it is.
fn lower_digits(encoded: &str) -> String {
    let mut digits = 0_u8;
    let mut lower = |letter: char| {
        let is_digit = digits > 0;
        digits = if letter == '%' { 2 } else { digits.saturating_sub(1) };
        if is_digit { letter.to_ascii_lowercase() } else { letter }
    };
    encoded.chars().map(&mut lower).collect()
}
