//! Where the parts of a request stand in the document.

use crate::model::{Model, Operation, is_json};

use super::parameter;

/// A part of a request that has a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// `["query", "page"]`, or `["body"]` for a JSON body.
    pub part: Vec<String>,
    /// Where its schema stands: `#/paths/~1orders/get/…/schema`.
    pub schema: String,
    /// Whether it must come.
    pub required: bool,
    /// Whether its text is one value, in place of a list or an object in one of the styles.
    pub plain: bool,
}

pub(crate) fn places(model: &Model, operation: &Operation) -> Vec<Place> {
    let pointer = |id| model.requests.pointer(id).to_owned();
    let parameters = operation.parameters.iter().filter_map(|known| {
        Some(Place {
            part: vec![parameter::place(known.place).to_owned(), known.name.clone()],
            schema: pointer(known.schema?),
            required: known.required,
            plain: parameter::is_plain(&model.requests, known),
        })
    });
    let body = operation.body.iter().filter_map(|body| {
        let media = body.media.iter().find(|media| is_json(&media.name))?;
        let (part, required) = (vec!["body".to_owned()], body.required);
        Some(Place { part, schema: pointer(media.schema?), required, plain: false })
    });
    parameters.chain(body).collect()
}
