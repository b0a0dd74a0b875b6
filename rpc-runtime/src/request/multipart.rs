//! `multipart/form-data` from the fields of a struct.

use serde::Serialize;
use serde_json::value::RawValue;

use super::field::{self, FieldStyle};
use super::param::members;
use crate::codegen::json_type;
use crate::types::{File, Maybe};

/// What holds files: one, several, or perhaps one.
pub trait Files {
    /// The files, in order.
    fn files(&self) -> Vec<&File>;
}

impl Files for File {
    fn files(&self) -> Vec<&File> {
        vec![self]
    }
}

impl<T: Files> Files for Vec<T> {
    fn files(&self) -> Vec<&File> {
        self.iter().flat_map(T::files).collect()
    }
}

impl<T: Files> Files for Option<T> {
    fn files(&self) -> Vec<&File> {
        self.iter().flat_map(T::files).collect()
    }
}

impl<T: Files> Files for Maybe<T> {
    fn files(&self) -> Vec<&File> {
        match self {
            Self::Value(files) => files.files(),
            _ => Vec::new(),
        }
    }
}

/// The media type with its boundary, and the body: a part for each field, lists repeat the name, null is left out. `styles` has
/// the fields that are written in another way.
pub(super) fn encode<T: Serialize>(
    body: &T,
    files: &[(&str, &dyn Files)],
    styles: &[(&str, FieldStyle)],
) -> Result<(String, Vec<u8>), String> {
    let json = serde_json::to_string(body).map_err(|error| error.to_string())?;
    let fields = members(&json).ok_or_else(|| "a form is made from the fields of a struct".to_owned())?;
    let mut parts = Vec::new();
    for (name, value) in fields.iter().filter(|(name, _)| files.iter().all(|(file, _)| file != name)) {
        let style = field::find(styles, name);
        if let Some(FieldStyle::Styled { style, explode, .. }) = style {
            let pairs = field::pairs(name, style, explode, value).into_iter();
            parts.extend(pairs.map(|(name, text)| Part { head: head_of(&name), content: text.into() }));
            continue;
        }
        match json_type(value.get()) {
            "array" => {
                let items: Vec<&RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
                parts.extend(items.into_iter().filter_map(|item| part(name, item, style)));
            }
            _ => parts.extend(part(name, value, style)),
        }
    }
    for (name, held) in files {
        let documented = match field::find(styles, name) {
            Some(FieldStyle::Content(media_type)) => Some(media_type),
            _ => None,
        };
        for file in held.files() {
            parts.push(part_of(name, file, documented)?);
        }
    }
    let boundary = boundary(&parts);
    let mut out =
        Vec::with_capacity(parts.iter().map(|part| part.head.len() + part.content.len() + 80).sum());
    for part in &parts {
        out.extend(format!("--{boundary}\r\n{}\r\n\r\n", part.head).bytes());
        out.extend(&part.content);
        out.extend(b"\r\n");
    }
    out.extend(format!("--{boundary}--\r\n").bytes());
    Ok((format!("multipart/form-data; boundary={boundary}"), out))
}

struct Part {
    head: String,
    content: bytes::Bytes,
}

fn head_of(name: &str) -> String {
    format!("content-disposition: form-data; name=\"{}\"", quoted(name))
}

/// From the JSON text, so that no number loses a digit.
fn part(name: &str, value: &RawValue, style: Option<FieldStyle>) -> Option<Part> {
    let json = value.get();
    let (content, media_type) = match (json_type(json), style) {
        ("null", _) => return None,
        (_, Some(FieldStyle::Json(media_type))) => (json.to_owned(), Some(media_type)),
        ("array" | "object", _) => (json.to_owned(), Some("application/json")),
        (ty, style) => {
            let text =
                if ty == "string" { serde_json::from_str(json).unwrap_or_default() } else { json.to_owned() };
            let media_type = match style {
                Some(FieldStyle::Content(media_type)) => Some(media_type),
                _ => None,
            };
            (text, media_type)
        }
    };
    let mut head = head_of(name);
    if let Some(media_type) = media_type {
        head.push_str(&format!("\r\ncontent-type: {media_type}"));
    }
    Some(Part { head, content: content.into() })
}

fn part_of(name: &str, file: &File, documented: Option<&str>) -> Result<Part, String> {
    let media_type = documented.filter(|_| !file.has_media_type()).unwrap_or(file.media_type());
    if media_type.is_empty() || !media_type.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(format!("`{name}`: `{}` is not a media type", media_type.escape_debug()));
    }
    let mut head = head_of(name);
    if !file.name().is_empty() {
        head.push_str(&format!("; filename=\"{}\"", quoted(file.name())));
    }
    head.push_str(&format!("\r\ncontent-type: {media_type}"));
    Ok(Part { head, content: file.content().clone() })
}

/// As browsers write names.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// The first boundary that no part contains: the same body gives the same bytes.
fn boundary(parts: &[Part]) -> String {
    let mut number = 0u64;
    loop {
        let boundary = format!("part-boundary-{number}");
        let line = format!("--{boundary}");
        let within = |part: &Part| part.content.windows(line.len()).any(|window| window == line.as_bytes());
        if !parts.iter().any(within) {
            return boundary;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::codegen::Style;
    use crate::types::RawJson;

    fn text(body: &RawJson, files: &[(&str, &dyn Files)]) -> String {
        let (media_type, body) = encode(body, files, &[]).unwrap();
        format!("{media_type}\n{}", String::from_utf8_lossy(&body).replace('\r', ""))
    }

    #[test]
    fn fields_and_files() {
        let files = Some(vec![
            File::new("a\"\r\n.txt", "A"),
            File::new("文", "--part-boundary-0").with_media_type("text/plain"),
        ]);
        // Raw: the order of a `Value` depends on the features of others.
        let body = RawJson::parse(
            r#"{"title": "图", "n": 1, "none": null, "tags": ["a", "b", null], "meta": {"k":[]}, "file": "a"}"#,
        )
        .unwrap();
        expect![[r#"
            multipart/form-data; boundary=part-boundary-1
            --part-boundary-1
            content-disposition: form-data; name="title"

            图
            --part-boundary-1
            content-disposition: form-data; name="n"

            1
            --part-boundary-1
            content-disposition: form-data; name="tags"

            a
            --part-boundary-1
            content-disposition: form-data; name="tags"

            b
            --part-boundary-1
            content-disposition: form-data; name="meta"
            content-type: application/json

            {"k":[]}
            --part-boundary-1
            content-disposition: form-data; name="file"; filename="a%22%0D%0A.txt"
            content-type: application/octet-stream

            A
            --part-boundary-1
            content-disposition: form-data; name="file"; filename="文"
            content-type: text/plain

            --part-boundary-0
            --part-boundary-1--
        "#]]
        .assert_eq(&text(&body, &[("file", &files)]));
    }

    #[test]
    fn what_is_no_form_or_no_media_type() {
        assert!(encode(&1, &[], &[]).is_err());
        let file = File::new("a", "").with_media_type("a/b\r\nx: y");
        assert!(
            encode(&RawJson::parse("{}").unwrap(), &[("file", &file)], &[])
                .unwrap_err()
                .contains("media type")
        );
        let none: Option<File> = None;
        assert_eq!(
            text(&RawJson::parse("{}").unwrap(), &[("file", &none)]),
            "multipart/form-data; boundary=part-boundary-0\n--part-boundary-0--\n"
        );
    }

    #[test]
    fn parts_in_their_styles() {
        let files = vec![File::new("a.png", "A"), File::new("b.gif", "B").with_media_type("image/gif")];
        let body = RawJson::parse(
            r#"{"text": "a", "tags": ["x y", "z"], "words": ["p", "q"], "filter": {"k": [1.0]}, "notes": ["m", 7, {"k": 1}], "file": ""}"#,
        )
        .unwrap();
        let styled = |style, explode| FieldStyle::Styled { style, explode, reserved: false };
        let styles = [
            ("text", FieldStyle::Json("text/json")),
            ("tags", styled(Style::Form, false)),
            ("words", styled(Style::PipeDelimited, false)),
            ("filter", styled(Style::DeepObject, true)),
            ("notes", FieldStyle::Content("text/markdown")),
            ("file", FieldStyle::Content("image/png")),
        ];
        let (_, sent) = encode(&body, &[("file", &files)], &styles).unwrap();
        expect![[r#"
            --part-boundary-0
            content-disposition: form-data; name="text"
            content-type: text/json

            "a"
            --part-boundary-0
            content-disposition: form-data; name="tags"

            x y,z
            --part-boundary-0
            content-disposition: form-data; name="words"

            p|q
            --part-boundary-0
            content-disposition: form-data; name="filter[k][0]"

            1.0
            --part-boundary-0
            content-disposition: form-data; name="notes"
            content-type: text/markdown

            m
            --part-boundary-0
            content-disposition: form-data; name="notes"
            content-type: text/markdown

            7
            --part-boundary-0
            content-disposition: form-data; name="notes"
            content-type: application/json

            {"k": 1}
            --part-boundary-0
            content-disposition: form-data; name="file"; filename="a.png"
            content-type: image/png

            A
            --part-boundary-0
            content-disposition: form-data; name="file"; filename="b.gif"
            content-type: image/gif

            B
            --part-boundary-0--
        "#]]
        .assert_eq(&String::from_utf8_lossy(&sent).replace('\r', ""));
    }
}
