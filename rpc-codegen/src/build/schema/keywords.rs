//! Keywords that are not understood: said once, then ignored.

use crate::diagnostic::rules;
use crate::load::SchemaView;

use super::super::builder::Builder;

const IGNORED: [&str; 17] = [
    "not",
    "if",
    "then",
    "else",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "contains",
    "minContains",
    "maxContains",
    "dependentSchemas",
    "dependentRequired",
    "dependencies",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$dynamicRef",
    "$recursiveRef",
];

impl<'a> Builder<'a, '_> {
    pub(super) fn ignored_keywords(&mut self, schema: &SchemaView<'a>) {
        for (key, value) in schema.cursor().entries() {
            let patterns = key == "patternProperties" && schema.cursor().key("properties").is_some();
            let message = match patterns {
                true => "`patternProperties` beside `properties`: what they name stays raw JSON".to_owned(),
                false if IGNORED.contains(&key) => {
                    format!("`{key}` is not supported and ignored; values are not checked against it")
                }
                false => continue,
            };
            self.report(&value, rules::IGNORED_KEYWORD, message);
        }
    }
}
