//! Loading documents.
