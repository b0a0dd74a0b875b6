//! The keywords of a schema that say nothing about which values are valid.

use super::cursor::Cursor;
use super::schema::SchemaView;

impl<'a> SchemaView<'a> {
    /// `title`.
    pub fn title(&self) -> Option<&'a str> {
        self.cursor().str_at("title")
    }

    /// `description`.
    pub fn description(&self) -> Option<&'a str> {
        self.cursor().str_at("description")
    }

    /// `default`.
    pub fn default_value(&self) -> Option<Cursor<'a>> {
        self.cursor().key("default")
    }

    /// `example`, then `examples`.
    pub fn examples(&self) -> Vec<Cursor<'a>> {
        let several = self.cursor().key("examples").into_iter().flat_map(|examples| examples.items());
        self.cursor().key("example").into_iter().chain(several).collect()
    }

    /// `deprecated`.
    pub fn deprecated(&self) -> bool {
        self.cursor().flag("deprecated")
    }

    /// `readOnly`: in replies only.
    pub fn read_only(&self) -> bool {
        self.cursor().flag("readOnly")
    }

    /// `writeOnly`: in requests only.
    pub fn write_only(&self) -> bool {
        self.cursor().flag("writeOnly")
    }
}
