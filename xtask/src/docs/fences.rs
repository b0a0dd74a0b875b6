//! The code blocks of a Markdown text.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// One code block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fence {
    /// The line with the fence, from 1.
    pub(super) line: usize,
    /// First word of the info string; empty when there is none, and for indented blocks.
    pub(super) language: String,
    /// `title="…"` of the info string.
    pub(super) title: Option<String>,
    pub(super) text: String,
}

/// All code blocks, in order.
pub(super) fn of(markdown: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for (event, place) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let before = markdown.get(..place.start).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                let language = info.split_whitespace().next().unwrap_or_default().to_owned();
                open = Some(Fence { line, language, title: title(&info), text: String::new() });
            }
            Event::Text(text) => {
                if let Some(fence) = &mut open {
                    fence.text.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => fences.extend(open.take()),
            _ => {}
        }
    }
    fences
}

fn title(info: &str) -> Option<String> {
    let (_, rest) = info.split_once("title=\"")?;
    rest.split_once('"').map(|(title, _)| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_blocks_with_line_language_and_title() {
        let text = "a\n\n```sh\nls\n```\n\n- b\n\n  ```python title=\"a b.py\"\n  x = 1\n\n  y\n  ```\n\n    indented\n\n`c`\n";
        let fence = |line, language: &str, title: Option<&str>, text: &str| Fence {
            line,
            language: language.into(),
            title: title.map(Into::into),
            text: text.into(),
        };
        let expected = [fence(3, "sh", None, "ls\n"), fence(9, "python", Some("a b.py"), "x = 1\n\ny\n")];
        assert_eq!(of(text)[..2], expected);
        assert_eq!(of("    indented\n"), [fence(1, "", None, "indented\n")]);
    }
}
