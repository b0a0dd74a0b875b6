//! Path templates.

use crate::diagnostic::rules;
use crate::load::{Cursor, OperationView};

use super::super::builder::Builder;

pub(super) struct Template<'a> {
    pub(super) text: String,
    /// Names in braces, in order.
    pub(super) names: Vec<&'a str>,
    /// Names in braces behind a `?`, and the query parameter that each is the value of.
    pub(super) in_query: Vec<(&'a str, &'a str)>,
    /// Pairs behind a `?` that are always sent.
    pub(super) fixed_query: Vec<(String, String)>,
}

impl<'a> Builder<'a, '_> {
    /// The path of an operation. The path of a relative server URL (FastAPI's `root_path`) goes in front; that of an
    /// absolute one does not: where a service is reached is said by configuration, path included.
    pub(super) fn template(&mut self, view: &OperationView<'a>) -> Template<'a> {
        let own = view.servers();
        let servers = if own.is_empty() { self.document.servers() } else { own };
        let prefix = servers.first().map(relative_path).unwrap_or_default();
        let (bare, query) = self.bare_path(view);
        let mut path = bare.replace('#', "%23");
        if !path.starts_with('/') {
            let message = format!("the path `{path}` does not start with a slash; one is put in front");
            self.report(&view.cursor, rules::SLOPPY, message);
            path.insert(0, '/');
        }
        if path.starts_with("//") {
            let message = format!("the path `{path}` starts with two slashes; it is sent like that");
            self.report(&view.cursor, rules::SLOPPY, message);
        }
        if let Some(problem) = rewritten(&path) {
            let message = format!("`{path}`: {problem}, which clients and proxies rewrite");
            self.refuse(&view.cursor, rules::BAD_PATH, message);
        }
        let names = match names(bare) {
            Ok(names) => names,
            Err(problem) => {
                self.refuse(&view.cursor, rules::BAD_PATH, format!("`{}`: {problem}", view.path));
                Vec::new()
            }
        };
        let (mut in_query, mut fixed_query) = (Vec::new(), Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match value.strip_prefix('{').and_then(|value| value.strip_suffix('}')) {
                Some(argument) => in_query.push((argument, name)),
                None => fixed_query.push((name.to_owned(), value.to_owned())),
            }
        }
        Template { text: format!("{prefix}{path}"), names, in_query, fixed_query }
    }

    /// The path without what makes keys of `paths` unique: a fragment, which is never sent, and a query, which is sent as one.
    fn bare_path(&mut self, view: &OperationView<'a>) -> (&'a str, &'a str) {
        let path = match view.path.split_once('#') {
            // An argument behind the mark means that the mark is no fragment's.
            Some((path, fragment)) if !fragment.contains('{') => {
                let message = format!("`#{fragment}` of the path is never sent; it is left out");
                self.report(&view.cursor, rules::SLOPPY, message);
                path
            }
            _ => view.path,
        };
        path.split_once('?').unwrap_or((path, ""))
    }
}

/// The path of a server's URL, `/` at its front, none at its end; empty for an absolute URL.
fn relative_path(server: &Cursor<'_>) -> String {
    let url = server.str_at("url").unwrap_or_default();
    if url.starts_with("//") || url.split('/').next().is_some_and(|first| first.contains(':')) {
        return String::new();
    }
    let mut path = url.to_owned();
    for (name, variable) in server.key("variables").into_iter().flat_map(|map| map.entries()) {
        let value = variable.key("default").and_then(|value| value.text()).unwrap_or_default();
        path = path.replace(&format!("{{{name}}}"), value);
    }
    if path.contains(['{', '}', '?', '#']) {
        return String::new();
    }
    let steps = path.split('/').filter(|step| !step.is_empty() && *step != "." && *step != "..");
    steps.map(|step| format!("/{step}")).collect()
}

/// What in a path would not arrive as it is written (RFC 3986 §5.2.4 and the URL standard).
fn rewritten(path: &str) -> Option<&'static str> {
    let dots = |segment: &str| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment == "." || segment == ".."
    };
    if path.split('/').any(dots) {
        return Some("a segment is `.` or `..`");
    }
    path.chars().any(|c| c == '\\' || c.is_control()).then_some("it holds a backslash or a control character")
}

fn names(path: &str) -> Result<Vec<&str>, String> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(at) = rest.find(['{', '}']) {
        let (_, found) = rest.split_at(at);
        let Some((name, after)) = found.strip_prefix('{').and_then(|found| found.split_once('}')) else {
            return Err("a brace has no partner".to_owned());
        };
        if name.is_empty() || name.contains('{') {
            return Err("braces hold no name".to_owned());
        }
        // One that stands twice gets one value for both places.
        if !names.contains(&name) {
            names.push(name);
        }
        rest = after;
    }
    Ok(names)
}
