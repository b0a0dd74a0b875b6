//! `multipart/form-data` from the fields of a struct.

use serde::Serialize;
use serde_json::value::RawValue;

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

/// The media type with its boundary, and the body: a part for each field, lists repeat the name, null is left out.
pub(super) fn encode<T: Serialize>(
    body: &T,
    files: &[(&str, &dyn Files)],
) -> Result<(String, Vec<u8>), String> {
    let json = serde_json::to_string(body).map_err(|error| error.to_string())?;
    let fields = members(&json).ok_or_else(|| "a form is made from the fields of a struct".to_owned())?;
    let mut parts = Vec::new();
    for (name, value) in fields.iter().filter(|(name, _)| files.iter().all(|(file, _)| file != name)) {
        match json_type(value.get()) {
            "array" => {
                let items: Vec<&RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
                parts.extend(items.into_iter().filter_map(|item| field(name, item)));
            }
            _ => parts.extend(field(name, value)),
        }
    }
    for (name, held) in files {
        for file in held.files() {
            parts.push(part_of(name, file)?);
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

/// From the JSON text, so that no number loses a digit.
fn field(name: &str, value: &RawValue) -> Option<Part> {
    let head = format!("content-disposition: form-data; name=\"{}\"", quoted(name));
    let json = value.get();
    Some(match json_type(json) {
        "null" => return None,
        "string" => Part { head, content: serde_json::from_str::<String>(json).unwrap_or_default().into() },
        "array" | "object" => {
            Part { head: head + "\r\ncontent-type: application/json", content: json.to_owned().into() }
        }
        _ => Part { head, content: json.to_owned().into() },
    })
}

fn part_of(name: &str, file: &File) -> Result<Part, String> {
    let media_type = file.media_type();
    if media_type.is_empty() || !media_type.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(format!("`{name}`: `{}` is not a media type", media_type.escape_debug()));
    }
    let mut head = format!("content-disposition: form-data; name=\"{}\"", quoted(name));
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
    use crate::types::RawJson;

    fn text(body: &RawJson, files: &[(&str, &dyn Files)]) -> String {
        let (media_type, body) = encode(body, files).unwrap();
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
        assert!(encode(&1, &[]).is_err());
        let file = File::new("a", "").with_media_type("a/b\r\nx: y");
        assert!(
            encode(&RawJson::parse("{}").unwrap(), &[("file", &file)]).unwrap_err().contains("media type")
        );
        let none: Option<File> = None;
        assert_eq!(
            text(&RawJson::parse("{}").unwrap(), &[("file", &none)]),
            "multipart/form-data; boundary=part-boundary-0\n--part-boundary-0--\n"
        );
    }
}
