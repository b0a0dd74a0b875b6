//! What follows from the parts of an operation, for everybody who sends one or writes code that does.

use super::{
    Idempotency, Merge, Method, Operation, Output, Parameter, Place, Reply, ReplyBody, Shape, Type, Types,
};

impl Method {
    /// The method on the wire: `GET`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
            Self::Query => "QUERY",
            Self::Extension(name) => name,
        }
    }

    /// What the method promises (RFC 9110 §9.2; `QUERY` is safe).
    pub fn idempotency(&self) -> Idempotency {
        match self {
            Self::Get | Self::Head | Self::Options | Self::Trace | Self::Query => Idempotency::Safe,
            Self::Put | Self::Delete => Idempotency::Idempotent,
            Self::Post | Self::Patch | Self::Extension(_) => Idempotency::Unsafe,
        }
    }
}

impl Parameter {
    /// Whether it is an argument or a setter of its own: the others belong to the runtime.
    pub fn is_own(&self) -> bool {
        self.merged.is_none()
    }

    /// Whether it is an argument of the method: it must be given.
    pub fn is_argument(&self) -> bool {
        self.is_own() && (self.required || self.place == Place::Path)
    }
}

impl Operation {
    /// Parameters that must be given, in the order of the method's arguments; a required body comes after them.
    pub fn arguments(&self) -> Vec<&Parameter> {
        let mut arguments: Vec<&Parameter> = self.parameters.iter().filter(|p| p.is_argument()).collect();
        arguments.sort_by_key(|parameter| parameter.place != Place::Path);
        arguments
    }

    /// The `Accept` header: JSON, unless the output is something else; empty for none.
    pub fn accept(&self) -> String {
        if self.enveloped {
            return "application/json".to_owned();
        }
        let of_body = |body: &ReplyBody| match body {
            ReplyBody::Empty => None,
            ReplyBody::Json(_) => Some("application/json".to_owned()),
            ReplyBody::Text => Some("text/*".to_owned()),
            ReplyBody::Bytes(media_type) => Some(media_type.clone()),
        };
        let kinds: Vec<String> = match &self.output {
            Output::Unit => Vec::new(),
            Output::Json(_) => vec!["application/json".to_owned()],
            Output::Text => vec!["text/*".to_owned()],
            Output::Bytes => {
                let bytes = |reply: &Reply| match &reply.body {
                    ReplyBody::Bytes(media_type) => Some(media_type.clone()),
                    _ => None,
                };
                let kinds: Vec<_> = self.replies.iter().filter_map(bytes).collect();
                if kinds.is_empty() { vec!["*/*".to_owned()] } else { kinds }
            }
            Output::ByStatus { variants, .. } => {
                variants.iter().filter_map(|(_, _, body)| of_body(body)).collect()
            }
        };
        let mut once: Vec<String> = Vec::new();
        for kind in kinds {
            if !once.contains(&kind) {
                once.push(kind);
            }
        }
        once.join(", ")
    }

    /// Whether the document declares `Idempotency-Key`, as a plain string or UUID: the key is then sent without quotes.
    pub fn plain_idempotency_key(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.merged == Some(Merge::IdempotencyKey))
    }
}

impl Types {
    /// A type with its aliases opened.
    pub fn open<'a>(&'a self, mut ty: &'a Type) -> &'a Type {
        // A chain of aliases is no longer than there are types: a cycle ends here.
        for _ in 0..=self.len() {
            let Type::Named(id) = ty else { break };
            let Some(Shape::Alias(inner, _)) = self.get(*id).map(|def| &def.shape) else { break };
            ty = inner;
        }
        ty
    }
}
