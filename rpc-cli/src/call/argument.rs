//! The grammar of arguments: `VALUE`, `NAME=VALUE`, `NAME:=JSON`.

/// One argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Argument<'a> {
    /// `VALUE`
    Plain(&'a str),
    /// `NAME=VALUE`
    Named(&'a str, Given<'a>),
}

/// A value as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given<'a> {
    /// To be read as the type that it is for.
    Text(&'a str),
    /// JSON, as it is.
    Json(&'a str),
}

impl<'a> Argument<'a> {
    /// Reads an argument. A name starts with a letter or `_`; letters, digits and `_ - . [ ]` follow.
    pub(crate) fn parse(text: &'a str) -> Self {
        let Some((name, value)) = text.split_once('=') else { return Self::Plain(text) };
        let (name, given) = match name.strip_suffix(':') {
            Some(name) => (name, Given::Json(value)),
            None => (name, Given::Text(value)),
        };
        let starts = |c: char| c.is_alphabetic() || c == '_';
        let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
        if name.starts_with(starts) && name.chars().all(goes_on) {
            Self::Named(name, given)
        } else {
            Self::Plain(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let check =
            |text: &str, expected: Argument<'_>| assert_eq!(Argument::parse(text), expected, "{text}");
        let text = |name, value| Argument::Named(name, Given::Text(value));
        check("123", Argument::Plain("123"));
        check("-", Argument::Plain("-"));
        check("@a=b.json", Argument::Plain("@a=b.json"));
        check(r#"{"a":"b=c"}"#, Argument::Plain(r#"{"a":"b=c"}"#));
        check("12=3", Argument::Plain("12=3"));
        check("http://a/?b=c", Argument::Plain("http://a/?b=c"));
        check("page=2", text("page", "2"));
        check("page=", text("page", ""));
        check("note=a=b", text("note", "a=b"));
        check("X-Request-Id=7", text("X-Request-Id", "7"));
        check("filter[min]=7", text("filter[min]", "7"));
        check("größe=7", text("größe", "7"));
        check(r#"tags:=["a=b"]"#, Argument::Named("tags", Given::Json(r#"["a=b"]"#)));
    }
}
