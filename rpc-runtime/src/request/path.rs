//! Paths: a value never changes the shape of the path it goes into.

use super::ParamValue;
use super::query::{percent_encode, unreserved};
use crate::codegen::Style;

/// Writes a path parameter.
///
/// # Errors
/// When the value is empty, `.` or `..`, as a whole or (with `segments`) as one of its segments.
pub(super) fn encode(
    name: &str,
    style: Style,
    explode: bool,
    segments: bool,
    value: ParamValue,
) -> Result<String, String> {
    let kept = |byte| unreserved(byte) || (segments && byte == b'/');
    let text = match value {
        // Most values: a number or a plain name stays as it is.
        ParamValue::Scalar(text) if style == Style::Simple && text.bytes().all(kept) => text,
        value => styled(name, style, explode, kept, &value),
    };
    let refused = |segment: &str| matches!(segment, "" | "." | "..");
    if if segments { text.split('/').any(refused) } else { refused(&text) } {
        let found = if text.is_empty() { "an empty value".to_owned() } else { format!("`{text}`") };
        return Err(format!("path parameter `{name}`: {found} would change the path"));
    }
    Ok(text)
}

fn styled(
    name: &str,
    style: Style,
    explode: bool,
    kept: impl Fn(u8) -> bool + Copy,
    value: &ParamValue,
) -> String {
    let escape = |text: &str| {
        let mut out = String::new();
        percent_encode(&mut out, text, kept);
        out
    };
    let items: Vec<String> = match value {
        ParamValue::None => Vec::new(),
        ParamValue::Scalar(text) => vec![escape(text)],
        ParamValue::List(items) => items.iter().map(|item| escape(item)).collect(),
        ParamValue::Object(fields) if explode => {
            fields.iter().map(|(field, text)| format!("{}={}", escape(field), escape(text))).collect()
        }
        ParamValue::Object(fields) => {
            fields.iter().flat_map(|(field, text)| [escape(field), escape(text)]).collect()
        }
    };
    let exploded_names = matches!(value, ParamValue::Object(_)) && explode;
    match style {
        Style::Label => format!(".{}", items.join(if explode { "." } else { "," })),
        Style::Matrix if exploded_names => items.iter().map(|item| format!(";{item}")).collect(),
        Style::Matrix if explode => items.iter().map(|item| format!(";{name}={item}")).collect(),
        Style::Matrix => format!(";{name}={}", items.join(",")),
        _ => items.join(","),
    }
}

/// Fills a template.
///
/// # Errors
/// When a parameter of the template has no value.
pub(crate) fn render(template: &str, values: &[(&'static str, String)]) -> Result<String, String> {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        let value = values.iter().find(|(given, _)| *given == name).map(|(_, value)| value);
        out.push_str(before);
        out.push_str(value.ok_or_else(|| format!("path parameter `{name}` has no value"))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(style: Style, explode: bool, segments: bool, value: ParamValue, expected: Result<&str, &str>) {
        let encoded = encode("p", style, explode, segments, value);
        match (encoded, expected) {
            (Ok(text), Ok(expected)) => assert_eq!(text, expected),
            (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
            (encoded, expected) => panic!("{encoded:?}, expected {expected:?}"),
        }
    }

    fn text(value: &str) -> ParamValue {
        ParamValue::Scalar(value.into())
    }

    #[test]
    fn a_value_stays_in_its_segment() {
        check(Style::Simple, false, false, text("a/b c?#%"), Ok("a%2Fb%20c%3F%23%25"));
        check(Style::Simple, false, true, text("a/b c"), Ok("a/b%20c"));
        for value in ["", ".", ".."] {
            check(Style::Simple, false, false, text(value), Err("would change the path"));
        }
        for value in ["a/../b", "/a", "a//b", "a/"] {
            check(Style::Simple, false, true, text(value), Err("would change the path"));
        }
        check(Style::Simple, false, false, text("..."), Ok("..."));
    }

    #[test]
    fn writes_every_style() {
        let list = || ParamValue::List(vec!["a".into(), "b,c".into()]);
        let object = || ParamValue::Object(vec![("x".into(), "1".into()), ("y".into(), "2".into())]);
        check(Style::Simple, false, false, list(), Ok("a,b%2Cc"));
        check(Style::Label, true, false, list(), Ok(".a.b%2Cc"));
        check(Style::Label, false, false, list(), Ok(".a,b%2Cc"));
        check(Style::Matrix, true, false, list(), Ok(";p=a;p=b%2Cc"));
        check(Style::Matrix, false, false, list(), Ok(";p=a,b%2Cc"));
        check(Style::Simple, true, false, object(), Ok("x=1,y=2"));
        check(Style::Simple, false, false, object(), Ok("x,1,y,2"));
        check(Style::Matrix, true, false, object(), Ok(";x=1;y=2"));
    }

    #[test]
    fn fills_templates() {
        let values = [("a", "1".to_owned()), ("b", "2".to_owned())];
        assert_eq!(render("/x/{a}:{b}/{a}", &values).as_deref(), Ok("/x/1:2/1"));
        assert_eq!(render("/x/{c}", &values), Err("path parameter `c` has no value".to_owned()));
    }
}
