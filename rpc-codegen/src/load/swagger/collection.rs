//! `collectionFormat`: how a list is written.

/// `style` and `explode` of 3.0 that say the same; `None` if nothing does.
pub(super) fn style(place: &str, format: &str) -> Option<(&'static str, bool)> {
    match (place, format) {
        ("query" | "formData", "csv") => Some(("form", false)),
        ("query", "multi") => Some(("form", true)),
        ("query" | "formData", "ssv") => Some(("spaceDelimited", false)),
        ("query" | "formData", "pipes") => Some(("pipeDelimited", false)),
        ("path" | "header", "csv") => Some(("simple", false)),
        _ => None,
    }
}
