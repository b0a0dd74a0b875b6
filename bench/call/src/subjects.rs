//! The ways to make the call, one file each.
//!
//! To add one: a file with a type that implements [`Subject`], and its line in [`ALL`].

mod ours;
mod reqwest;

use crate::measure::{Cost, Plan, measure};

/// A client of the server, ready to call it.
pub(crate) trait Subject: Sized {
    /// A client of `http://127.0.0.1:PORT` for each of these ports.
    fn new(ports: &[u16]) -> anyhow::Result<Self>;

    /// One call, whole: `GET /api/v1/orders/123` sent, the reply read, the envelope opened; the order's id.
    async fn call(&self) -> anyhow::Result<i64>;
}

type Measure = fn(&Plan) -> anyhow::Result<Cost>;

/// By name, the one that all others are compared with first.
pub(crate) const ALL: [(&str, Measure); 3] = [
    ("reqwest", measure::<self::reqwest::Reqwest>),
    ("ours", measure::<ours::Ours>),
    ("ours-p2c", measure::<ours::ByLoad>),
];

/// How a subject is measured.
pub(crate) fn find(name: &str) -> anyhow::Result<Measure> {
    let found = ALL.iter().find(|(known, _)| *known == name).map(|(_, measure)| *measure);
    found.ok_or_else(|| {
        anyhow::anyhow!("no subject {name:?}; there are: {}", ALL.map(|(name, _)| name).join(", "))
    })
}
