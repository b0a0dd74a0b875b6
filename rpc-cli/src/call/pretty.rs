//! JSON for people: the text that came, laid out. Values are never read, so that no number loses a digit.

/// Lays out a JSON text with two spaces per level. Anything that is no JSON comes out as some other layout of itself.
pub(super) fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            ' ' | '\t' | '\r' | '\n' => {}
            '{' | '[' => {
                out.push(c);
                while chars.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                match chars.next_if(|c| matches!(c, '}' | ']')) {
                    Some(end) => out.push(end),
                    None => {
                        depth += 1;
                        new_line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                in_string = c == '"';
                out.push(c);
            }
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn layouts() {
        let check = |json: &str, expected: &str| assert_eq!(pretty(json), expected, "{json}");
        check("null", "null");
        check("12345678901234567.890", "12345678901234567.890");
        check("{ }", "{}");
        check("[ \n]", "[]");
        check(
            r#"{"a":[1,{"b":"c,{\"\\"}],"d":{}}"#,
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"c,{\\\"\\\\\"\n    }\n  ],\n  \"d\": {}\n}",
        );
        check("{\n\"a\" :\t1 }", "{\n  \"a\": 1\n}");
    }
}
