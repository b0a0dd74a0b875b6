//! Files in multipart bodies.

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A file as a part of a multipart body: its name, its media type, its content.
///
/// ```
/// use rpc_runtime::types::File;
///
/// let file = File::new("chart.png", vec![0x89, b'P']).with_media_type("image/png");
/// assert_eq!((file.name(), file.media_type()), ("chart.png", "image/png"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct File {
    name: String,
    /// `None`: nobody chose one.
    media_type: Option<String>,
    content: Bytes,
}

impl File {
    /// A file of the media type that the document has for it, else `application/octet-stream`. With an empty name the part has none, and many servers take it for a plain field.
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { name: name.into(), media_type: None, content: content.into() }
    }

    /// Sets the media type.
    #[must_use]
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// The name, as the server learns it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type; `application/octet-stream` unless one was set.
    pub fn media_type(&self) -> &str {
        self.media_type.as_deref().unwrap_or("application/octet-stream")
    }

    /// Whether a media type was set.
    pub(crate) fn has_media_type(&self) -> bool {
        self.media_type.is_some()
    }

    /// The content.
    pub fn content(&self) -> &Bytes {
        &self.content
    }
}

/// As text, a file is its name: contents travel in multipart bodies only.
impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Self::new(name, Bytes::new()))
    }
}
