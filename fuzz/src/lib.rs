//! What the fuzz targets share: how bytes become an input, what must hold for every input, and mutations that keep the
//! structure of a document.

pub mod case;
pub mod check;
#[cfg(feature = "runtime")]
pub mod headers;
pub mod mutate;
