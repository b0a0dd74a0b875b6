//! Output samples: lines that must be printed, in their order, among others.

/// The first expected line that the output lacks after those before it. Empty lines and the space at line ends do not count.
pub(super) fn missing<'e>(expected: &'e [String], output: &[String]) -> Option<&'e str> {
    let mut left = output.iter();
    let wanted = expected.iter().map(|line| line.trim_end()).filter(|line| !line.is_empty());
    wanted.into_iter().find(|line| !left.any(|found| matches(line, found.trim_end())))
}

/// Whether a line is as the pattern says; `…` stands for any text.
fn matches(pattern: &str, line: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('…') else { return pattern == line };
    let Some(mut line) = line.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('…').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, after)) = line.split_once(part) else { return false };
        line = after;
    }
    line.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_for_anything() {
        let check = |pattern: &str, line: &str, expected: bool| {
            assert_eq!(matches(pattern, line), expected, "{pattern} {line}");
        };
        check("a", "a", true);
        check("a", "ab", false);
        check("a…", "ab", true);
        check("…b", "ab", true);
        check("…b", "ba", false);
        check("a…c…e", "abcde", true);
        check("a…c…e", "abde", false);
        check("ab…ba", "aba", false);
        check("…", "", true);
    }

    #[test]
    fn lines_come_in_order() {
        let check = |expected: &str, output: &str, lacking: Option<&str>| {
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(missing(&lines(expected), &lines(output)), lacking);
        };
        check("a\n\nc", "a \nb\nc", None);
        check("c\na", "a\nb\nc", Some("a"));
        check("a\na", "a", Some("a"));
        check("", "anything", None);
    }
}
