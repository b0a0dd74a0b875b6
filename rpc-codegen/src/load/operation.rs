//! One operation with what its path item adds.

use std::collections::HashMap;

use super::cursor::Cursor;

/// The methods that are keys of a path item.
pub(super) const METHODS: [(&str, &str); 9] = [
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("head", "HEAD"),
    ("patch", "PATCH"),
    ("trace", "TRACE"),
    ("query", "QUERY"),
];

/// One scheme that a call needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement<'a> {
    /// Name of the scheme in `components.securitySchemes`.
    pub scheme: &'a str,
    /// The scopes that are asked for.
    pub scopes: Vec<&'a str>,
}

/// An operation: a method of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationView<'a> {
    /// The path template as it is written.
    pub path: &'a str,
    /// The method as it is sent, upper case.
    pub method: &'a str,
    /// The Operation Object.
    pub cursor: Cursor<'a>,
    /// The Path Item Object that holds it, its `$ref` followed.
    pub path_item: Cursor<'a>,
}

impl<'a> OperationView<'a> {
    /// `operationId`.
    pub fn operation_id(&self) -> Option<&'a str> {
        self.cursor.str_at("operationId").filter(|id| !id.is_empty())
    }

    /// `summary`, else the path item's.
    pub fn summary(&self) -> Option<&'a str> {
        self.cursor.str_at("summary").or_else(|| self.path_item.str_at("summary"))
    }

    /// `description`, else the path item's.
    pub fn description(&self) -> Option<&'a str> {
        self.cursor.str_at("description").or_else(|| self.path_item.str_at("description"))
    }

    /// `tags`.
    pub fn tags(&self) -> Vec<&'a str> {
        self.cursor
            .key("tags")
            .into_iter()
            .flat_map(|tags| tags.items())
            .filter_map(|tag| tag.text())
            .collect()
    }

    /// `deprecated`.
    pub fn deprecated(&self) -> bool {
        self.cursor.flag("deprecated")
    }

    /// The Parameter Objects, references resolved: the path item's first, each replaced in place by one of the operation
    /// with the same `in` and `name`. What stands twice in one list is given twice.
    pub fn parameters(&self) -> Vec<Cursor<'a>> {
        let key = |parameter: &Cursor<'a>| (parameter.str_at("in"), parameter.str_at("name"));
        let mut own: Vec<_> = self.own_parameters(&self.cursor).map(Some).collect();
        // The first one of a key last.
        let mut places: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, parameter) in own.iter().enumerate().rev() {
            places.entry(parameter.as_ref().map(key)).or_default().push(at);
        }
        let mut merged = Vec::new();
        for inherited in self.own_parameters(&self.path_item) {
            let at = places.get_mut(&Some(key(&inherited))).and_then(Vec::pop);
            let same = at.and_then(|at| own.get_mut(at)?.take());
            merged.push(same.unwrap_or(inherited));
        }
        merged.extend(own.into_iter().flatten());
        merged
    }

    fn own_parameters(&self, of: &Cursor<'a>) -> impl Iterator<Item = Cursor<'a>> + use<'a> {
        let list = of.key("parameters");
        list.into_iter().flat_map(|list| list.items()).filter_map(|parameter| parameter.resolve().ok())
    }

    /// The Request Body Object, its reference resolved.
    pub fn request_body(&self) -> Option<Cursor<'a>> {
        self.cursor.key("requestBody").filter(|body| !body.node().is_null())?.resolve().ok()
    }

    /// The Response Objects by status (`200`, `2XX`, `default`), in document order, references resolved.
    pub fn responses(&self) -> Vec<(&'a str, Cursor<'a>)> {
        let responses = self.cursor.key("responses").into_iter().flat_map(|map| map.entries());
        responses
            .filter(|(status, _)| !status.starts_with("x-"))
            .filter_map(|(status, response)| Some((status, response.resolve().ok()?)))
            .collect()
    }

    /// The alternatives of this operation's own `security`; `None` means that the document's applies, an empty list that none is needed.
    pub fn security(&self) -> Option<Vec<Vec<Requirement<'a>>>> {
        security(&self.cursor)
    }

    /// The Server Objects of the operation, else of its path item; empty means that the document's apply.
    pub fn servers(&self) -> Vec<Cursor<'a>> {
        let servers = self.cursor.key("servers").or_else(|| self.path_item.key("servers"));
        servers.into_iter().flat_map(|servers| servers.items()).collect()
    }
}

/// The operations of one entry of `paths`, in document order. What stands beside a `$ref` wins over its target.
pub(super) fn of_path<'a>(path: &'a str, item: &Cursor<'a>) -> Vec<OperationView<'a>> {
    let mut items = vec![item.clone()];
    items.extend(item.resolve().ok().filter(|target| target != item));
    let mut found: Vec<OperationView<'a>> = Vec::new();
    for path_item in items {
        for (method, cursor) in methods(&path_item) {
            if found.iter().all(|earlier| earlier.method != method) && cursor.node().as_object().is_some() {
                found.push(OperationView { path, method, cursor, path_item: path_item.clone() });
            }
        }
    }
    found
}

fn methods<'a>(item: &Cursor<'a>) -> Vec<(&'a str, Cursor<'a>)> {
    let mut methods = Vec::new();
    for (key, value) in item.entries() {
        if key == "additionalOperations" {
            methods.extend(value.entries());
        } else if let Some((_, method)) = METHODS.iter().find(|(name, _)| *name == key) {
            methods.push((*method, value));
        }
    }
    methods
}

/// Reads `security` of an operation or a document.
pub(super) fn security<'a>(holder: &Cursor<'a>) -> Option<Vec<Vec<Requirement<'a>>>> {
    let list = holder.key("security").filter(|list| list.node().as_array().is_some())?;
    let scopes = |list: Cursor<'a>| list.items().filter_map(|scope| scope.str()).collect();
    let alternative = |all: Cursor<'a>| {
        all.entries().map(|(scheme, list)| Requirement { scheme, scopes: scopes(list) }).collect()
    };
    Some(list.items().map(alternative).collect())
}
