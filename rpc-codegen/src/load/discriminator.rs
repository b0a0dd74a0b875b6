//! `discriminator`: the tag of a union.

use crate::diagnostic::Diagnostic;

use super::cursor::Cursor;
use super::schema::SchemaView;

/// How the variants of a union are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discriminator<'a> {
    /// The property that holds the tag.
    pub property: &'a str,
    /// Tags with the cursors of the references that stand for them; see [`Discriminator::target`].
    pub mapping: Vec<(&'a str, Cursor<'a>)>,
}

impl<'a> SchemaView<'a> {
    /// `discriminator`; also a bare property name, as Swagger had it.
    pub fn discriminator(&self) -> Option<Discriminator<'a>> {
        let cursor = self.cursor().key("discriminator")?;
        let property = cursor.str().or_else(|| cursor.str_at("propertyName"))?;
        let mapping = cursor.key("mapping").into_iter().flat_map(|mapping| mapping.entries()).collect();
        Some(Discriminator { property, mapping })
    }
}

impl<'a> Discriminator<'a> {
    /// The schema that an entry of `mapping` names: a reference, or the bare name of a component.
    pub fn target(entry: &Cursor<'a>) -> Result<SchemaView<'a>, Box<Diagnostic>> {
        let name = entry.str().filter(|text| !text.contains(['/', '#']));
        let root = entry.sources().document();
        let component = name.and_then(|name| root?.key("components")?.key("schemas")?.key(name));
        component.map_or_else(|| entry.follow(), Ok).map(SchemaView::new)
    }
}
