//! What the mock answers, without HTTP: for checkers and reports.

use serde_json::Value;

use crate::model::{Media, Model, Operation, is_json};
use crate::sample::{self, Sample};

/// The sample of one documented JSON reply.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// Name of the operation.
    pub operation: String,
    /// `200`, `4XX`, `default`.
    pub status: String,
    /// As documented.
    pub media_type: String,
    /// Where its schema stands: `#/paths/~1orders/get/…/schema`, or with the path of another file in front.
    pub schema: String,
    /// The value.
    pub value: Value,
    /// Whether the mock's own validator accepts it. `false` where the schema contradicts itself.
    pub valid: bool,
    /// Examples of the document that are not used, because its schema refuses them.
    pub rejected: Vec<RejectedExample>,
}

/// An example that its own schema refuses.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RejectedExample {
    /// The example.
    pub value: Value,
    /// Where and why.
    pub reason: String,
}

/// A value that a schema of the document accepts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Accepted {
    /// Where the schema stands: `#/components/schemas/Order`, or with the path of another file in front.
    pub schema: String,
    /// Whether it is one of a reply; else it is one of a request.
    pub in_reply: bool,
    /// The value.
    pub value: Value,
}

/// Several values of every schema that stands in a component or at an operation.
pub(crate) fn accepted(model: &Model) -> impl Iterator<Item = Accepted> + '_ {
    [(&model.replies, true), (&model.requests, false)].into_iter().flat_map(|(bundle, in_reply)| {
        bundle.ids().flat_map(move |id| {
            let schema = bundle.pointer(id);
            let values = sample::several(bundle, id).into_iter();
            values.map(move |value| Accepted { schema: schema.to_owned(), in_reply, value })
        })
    })
}

/// Every documented JSON reply of an operation.
pub(crate) fn answers<'m>(model: &'m Model, operation: &'m Operation) -> impl Iterator<Item = Answer> + 'm {
    let media =
        operation.replies.iter().flat_map(|reply| reply.media.iter().map(move |media| (reply, media)));
    media.filter(|(_, media)| is_json(&media.name)).filter_map(move |(reply, media)| {
        let Sample { value, valid, rejected } = of_media(model, media)?;
        Some(Answer {
            operation: operation.name.clone(),
            status: reply.status.clone(),
            media_type: media.name.clone(),
            schema: model.replies.pointer(media.schema?).to_owned(),
            value,
            valid,
            rejected: rejected
                .into_iter()
                .map(|found| RejectedExample { value: found.value, reason: found.reason })
                .collect(),
        })
    })
}

fn of_media(model: &Model, media: &Media) -> Option<Sample> {
    Some(sample::sample(&model.replies, media.schema?, &media.examples))
}
