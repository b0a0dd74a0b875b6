//! `consumes` and `produces`.

use super::{Converter, build};
use crate::load::cursor::Cursor;
use crate::load::node::{Entry, Node};

/// More media types than this are not read: each of them repeats the schema.
const MOST: usize = 16;

impl<'a> Converter<'a, '_> {
    /// The list under a key, each media type once; `None` if there is no list.
    pub(super) fn media_types(&mut self, holder: &Cursor<'a>, key: &str) -> Option<Vec<String>> {
        let list = holder.key(key)?;
        if list.node().as_array().is_none() {
            self.diagnostics.push(list.wrong_shape("an array of media types"));
            return None;
        }
        let mut found: Vec<String> = Vec::new();
        for item in list.items() {
            match item.str().map(str::trim) {
                None => self.diagnostics.push(item.wrong_shape("a media type")),
                Some(_) if found.len() == MOST => {
                    self.sloppy(
                        &item,
                        format!("more than {MOST} media types are offered; the rest is ignored"),
                    );
                    break;
                }
                Some(text) if found.iter().any(|known| known == text) => {}
                Some(text) => found.push(text.to_owned()),
            }
        }
        Some(found)
    }
}

/// `content` with the same members (`schema`, …) for each media type; JSON if none is named.
pub(super) fn content(at: &Cursor<'_>, media_types: &[String], members: &[Entry]) -> Entry {
    let json = ["application/json".to_owned()];
    let media_types = if media_types.is_empty() { &json } else { media_types };
    let entry =
        |media_type: &String| build::entry(media_type.clone(), at, build::object(at, members.to_vec()));
    build::entry("content", at, build::object(at, media_types.iter().map(entry).collect()))
}

/// The schema of a parameter or response as a user of it in `at` gives it: the value, or a reference to it.
pub(super) fn shared(at: &Cursor<'_>, schema: &Cursor<'_>) -> Node {
    match schema.target() {
        Some(Ok(target)) => build::reference(at, &target),
        _ => build::reference(at, schema),
    }
}
