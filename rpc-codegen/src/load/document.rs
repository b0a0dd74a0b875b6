//! The OpenAPI document as a whole.

use crate::diagnostic::{Diagnostic, Diagnostics, rules};
use crate::input::Input;
use crate::location::Location;
use crate::settings::At;

use super::check::Checker;
use super::cursor::Cursor;
use super::operation::{self, OperationView, Requirement};
use super::schema::SchemaView;
use super::shapes;
use super::source::Sources;
use super::swagger;

/// Reads the document of a service, changed by its overlays, and the files it refers to. `overlays` are the files that
/// `service.toml` lists; without a list, those beside the document are taken.
///
/// `None` means that there is no document to speak of; the errors say why. With `Some` there may be errors too.
/// Operations and schemas are not looked into yet: [`Checker`] does that for those that are wanted.
pub fn load(
    input: &Input,
    overlays: Option<&[At<String>]>,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    if input.file(&input.document).is_none() {
        let location = Location::start_of(&format!("{}{}", input.prefix, input.document));
        let message = format!("the folder has no file `{}`", input.document);
        diagnostics.push(Diagnostic::new(rules::NOT_OPENAPI, location, message));
        return None;
    }
    let mut sources = Sources::read(input, overlays, diagnostics);
    let version = match spec_version(&sources.document()?, diagnostics) {
        Ok(version) => version,
        Err(problem) => {
            diagnostics.push(*problem);
            return None;
        }
    };
    let version = match version {
        Written::OpenApi(version) => version,
        Written::Swagger => {
            let converted = swagger::convert(&sources, diagnostics);
            sources.convert(converted);
            SpecVersion::V3_0
        }
    };
    sources.set_version(version);
    let document = Document { sources };
    let root = document.root()?;
    Checker::new().shape(&root, &shapes::DOCUMENT, diagnostics);
    Some(document)
}

/// What a document is written in.
enum Written {
    OpenApi(SpecVersion),
    /// 2.0; read as the 3.0 document that says the same.
    Swagger,
}

/// The version of OpenAPI that a document is written in, 3.0 for Swagger 2.0. Patch versions change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecVersion {
    /// 3.0.x: a JSON Schema dialect of its own.
    V3_0,
    /// 3.1.x: JSON Schema 2020-12.
    V3_1,
    /// 3.2.x: as 3.1, with streams, more methods and more.
    V3_2,
}

/// What `info` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Info<'a> {
    /// The title, empty if there is none.
    pub title: &'a str,
    /// The version of the API, empty if there is none.
    pub version: &'a str,
    /// One line.
    pub summary: Option<&'a str>,
    /// Markdown.
    pub description: Option<&'a str>,
}

/// A declared tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The name that operations use.
    pub name: &'a str,
    /// Markdown.
    pub description: Option<&'a str>,
}

/// A loaded document. Everything else borrows from it.
#[derive(Debug)]
pub struct Document {
    sources: Sources,
}

impl Document {
    /// All files.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The document's root object; always there after [`load`].
    pub fn root(&self) -> Option<Cursor<'_>> {
        self.sources.document()
    }

    /// The version of OpenAPI.
    pub fn version(&self) -> SpecVersion {
        self.sources.version()
    }

    /// What `info` says.
    pub fn info(&self) -> Info<'_> {
        let info = self.at(&["info"]);
        let text = |key| info.as_ref().and_then(|info| info.key(key)).and_then(|value| value.text());
        Info {
            title: text("title").unwrap_or_default(),
            version: text("version").unwrap_or_default(),
            summary: text("summary"),
            description: text("description"),
        }
    }

    /// The Server Objects.
    pub fn servers(&self) -> Vec<Cursor<'_>> {
        self.at(&["servers"]).into_iter().flat_map(|servers| servers.items()).collect()
    }

    /// The alternatives of the document's own `security`, each a list of schemes that are all needed; `None` if it says nothing.
    pub fn security(&self) -> Option<Vec<Vec<Requirement<'_>>>> {
        operation::security(&self.root()?)
    }

    /// The Security Scheme Objects by name, references resolved.
    pub fn security_schemes(&self) -> Vec<(&str, Cursor<'_>)> {
        self.component("securitySchemes")
            .into_iter()
            .filter_map(|(name, scheme)| Some((name, scheme.resolve().ok()?)))
            .collect()
    }

    /// All operations under `paths`, in document order.
    pub fn operations(&self) -> Vec<OperationView<'_>> {
        let paths = self.at(&["paths"]).into_iter().flat_map(|paths| paths.entries());
        paths
            .filter(|(path, _)| !path.starts_with("x-"))
            .flat_map(|(path, item)| operation::of_path(path, &item))
            .collect()
    }

    /// The schemas of `components` by name, in document order.
    pub fn schemas(&self) -> Vec<(&str, SchemaView<'_>)> {
        let schemas = self.component("schemas").into_iter();
        schemas.map(|(name, schema)| (name, SchemaView::new(schema))).collect()
    }

    /// The members of one map of `components` (`parameters`, `responses`, …), in document order, references kept.
    pub fn component(&self, kind: &str) -> Vec<(&str, Cursor<'_>)> {
        self.at(&["components", kind]).into_iter().flat_map(|map| map.entries()).collect()
    }

    /// The declared tags.
    pub fn tags(&self) -> Vec<Tag<'_>> {
        let tags = self.at(&["tags"]).into_iter().flat_map(|tags| tags.items());
        tags.filter_map(|tag| {
            Some(Tag { name: tag.key("name")?.text()?, description: tag.str_at("description") })
        })
        .collect()
    }

    fn at(&self, keys: &[&str]) -> Option<Cursor<'_>> {
        keys.iter().try_fold(self.root()?, |at, key| at.key(key))
    }
}

fn spec_version(root: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Result<Written, Box<Diagnostic>> {
    let not_openapi = |at: &Cursor<'_>, message: String| at.diagnostic(rules::NOT_OPENAPI, message);
    if root.node().as_object().is_none() {
        let found = root.node().kind_name();
        return Err(not_openapi(root, format!("an OpenAPI document is an object, found {found}")).into());
    }
    let Some(field) = root.key("swagger").or_else(|| root.key("openapi")) else {
        let found = not_openapi(root, "the key `openapi` is missing: this is not an OpenAPI document".into());
        return Err(found.help("write `\"openapi\": \"3.1.0\"`").into());
    };
    let is_swagger = field.name() == Some("swagger");
    let Some(text) = field.text() else {
        let example = if is_swagger { "\"2.0\"" } else { "\"3.1.0\"" };
        return Err(field.wrong_shape(&format!("a version such as {example}")).into());
    };
    if field.number().is_some() {
        let name = field.name().unwrap_or_default();
        let message = format!("`{name}` is the number {text}, not a string");
        diagnostics.push(field.diagnostic(rules::SLOPPY, message));
    }
    let mut parts = text.split(['.', '-']);
    match (is_swagger, parts.next(), parts.next()) {
        (true, Some("2"), Some("0") | None) => Ok(Written::Swagger),
        (true, ..) => {
            let found = not_openapi(&field, format!("Swagger `{text}` is not a supported version; 2.0 is"));
            Err(found.help("convert the document to OpenAPI 3 first").into())
        }
        (false, Some("3"), Some("0")) => Ok(Written::OpenApi(SpecVersion::V3_0)),
        (false, Some("3"), Some("1")) => Ok(Written::OpenApi(SpecVersion::V3_1)),
        (false, Some("3"), Some("2")) => Ok(Written::OpenApi(SpecVersion::V3_2)),
        _ => {
            let message = format!("OpenAPI `{text}` is not a supported version; 3.0, 3.1 and 3.2 are");
            Err(not_openapi(&field, message).into())
        }
    }
}
