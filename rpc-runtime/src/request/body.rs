//! Request bodies: bytes with a media type, so that every attempt sends the same.

use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;

use super::param::members;
use super::{ParamValue, QueryString};
use crate::codegen::Style;

/// A body.
#[derive(Debug, Clone, Default)]
pub(crate) enum RequestBody {
    /// None.
    #[default]
    Empty,
    /// Bytes.
    Bytes {
        /// `Content-Type`.
        media_type: HeaderValue,
        /// The body.
        bytes: Bytes,
    },
}

impl RequestBody {
    pub(super) fn bytes(media_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self::Bytes { media_type: HeaderValue::from_static(media_type), bytes: bytes.into() }
    }
}

/// `application/x-www-form-urlencoded`: fields in order, lists repeat the name, null is left out.
pub(super) fn form<T: Serialize>(body: &T) -> Result<String, String> {
    let json = serde_json::to_string(body).map_err(|error| error.to_string())?;
    let fields = members(&json).ok_or_else(|| "a form is made from the fields of a struct".to_owned())?;
    let mut out = QueryString::default();
    for (name, value) in &fields {
        out.push(name, Style::Form, true, false, &ParamValue::of(value));
    }
    Ok(out.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{As, DecimalNumber};
    use crate::types::Decimal;

    #[test]
    fn a_form_keeps_order_and_digits() {
        #[derive(Serialize)]
        struct Pay {
            user: Vec<&'static str>,
            #[serde(with = "As::<DecimalNumber>")]
            amount: Decimal,
            note: Option<&'static str>,
        }
        let pay = Pay { user: vec!["a b", "c"], amount: "12345678901234567.89".parse().unwrap(), note: None };
        assert_eq!(form(&pay).as_deref(), Ok("user=a%20b&user=c&amount=12345678901234567.89"));
        assert!(form(&[1]).is_err());
    }
}
