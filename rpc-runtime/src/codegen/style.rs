//! How parameters are written.

/// OpenAPI's `style` of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// Path, header: `a,b`.
    Simple,
    /// Path: `.a.b`.
    Label,
    /// Path: `;p=a;p=b`.
    Matrix,
    /// Query, cookie: `p=a&p=b`.
    Form,
    /// Query: `p=a%20b`.
    SpaceDelimited,
    /// Query: `p=a%7Cb`.
    PipeDelimited,
    /// Query: `p[x]=a`.
    DeepObject,
}
