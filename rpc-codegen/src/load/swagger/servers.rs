//! `host`, `basePath` and `schemes` → `servers`.
//!
//! `basePath` is on the wire either way. With a `host` the server's URL is absolute, and where a service is reached,
//! path included, is said by configuration; without one the URL is relative, and its path goes in front of every path.

use super::{Converter, build};
use crate::load::cursor::Cursor;
use crate::load::node::Entry;

impl<'a> Converter<'a, '_> {
    /// `servers` of a document, or of an operation with `schemes` of its own (`holder`).
    pub(super) fn servers(&mut self, document: &Cursor<'a>, holder: &Cursor<'a>) -> Option<Entry> {
        let schemes = self.schemes(holder);
        let host = self.text(document, "host");
        let base = self.text(document, "basePath");
        let own = holder.key("schemes").filter(|_| holder != document);
        let at = match (&host, &base, &own) {
            (Some((at, _)), _, None) => at,
            (Some(_), _, Some(at)) => at,
            (None, Some((at, path)), None) => {
                self.check_path(at, path);
                at
            }
            // Schemes alone say nothing that a relative URL could.
            _ => return None,
        };
        let host = host.as_ref().map_or("", |(_, host)| host).trim_end_matches('/');
        let path = base.as_ref().map_or("", |(_, path)| path).trim_matches('/');
        let urls: Vec<String> = match schemes.as_slice() {
            _ if host.is_empty() => vec![format!("/{path}")],
            _ if host.contains("://") => vec![format!("{host}/{path}")],
            [] => vec![format!("//{host}/{path}")],
            schemes => schemes.iter().map(|scheme| format!("{scheme}://{host}/{path}")).collect(),
        };
        let server = |url| build::object(at, vec![build::entry("url", at, build::string(at, url))]);
        Some(build::entry("servers", at, build::list(at, urls.into_iter().map(server).collect())))
    }

    fn check_path(&mut self, at: &Cursor<'a>, path: &str) {
        if path.contains(['{', '}', '?', '#']) {
            self.sloppy(at, format!("`{path}` is not a path; nothing is put in front of the paths"));
        } else if !path.starts_with('/') {
            self.sloppy(at, format!("`{path}` does not start with a slash; one is put in front"));
        }
    }

    fn schemes(&mut self, holder: &Cursor<'a>) -> Vec<&'a str> {
        let Some(list) = holder.key("schemes") else { return Vec::new() };
        let schemes: Vec<_> = list.items().filter_map(|scheme| scheme.str()).collect();
        if list.node().as_array().is_none() {
            self.diagnostics.push(list.wrong_shape("an array of names"));
        } else if !schemes.is_empty() && !schemes.iter().any(|scheme| ["http", "https"].contains(scheme)) {
            self.sloppy(
                &list,
                "neither `http` nor `https` is among the schemes; the calls are HTTP all the same",
            );
        }
        schemes
    }

    fn text(&mut self, document: &Cursor<'a>, key: &str) -> Option<(Cursor<'a>, &'a str)> {
        let value = document.key(key)?;
        match value.str() {
            Some("") => None,
            Some(text) => Some((value, text)),
            None => {
                self.diagnostics.push(value.wrong_shape("a string"));
                None
            }
        }
    }
}
