//! The ways to make the call, one file each.
//!
//! To add one: a file with a type that implements [`Subject`], and its line in [`ALL`].

mod ours;
mod reqwest;
#[cfg(feature = "telemetry")]
mod telemetry;

use crate::measure::{Cost, Plan, measure};

/// A client of the server, ready to call it.
pub(crate) trait Subject: Sized {
    /// A client of `http://127.0.0.1:PORT` for each of these ports.
    fn new(ports: &[u16]) -> anyhow::Result<Self>;

    /// One call, whole: `GET /api/v1/orders/123` sent, the reply read, the envelope opened; the order's id.
    async fn call(&self) -> anyhow::Result<i64>;
}

type Measure = fn(&Plan) -> anyhow::Result<Cost>;

/// By name, the one that all others are compared with first. What a feature adds stands behind what is there without it.
pub(crate) const ALL: &[(&str, Measure)] = &[
    ("reqwest", measure::<self::reqwest::Reqwest>),
    ("ours", measure::<ours::Ours>),
    ("ours-p2c", measure::<ours::ByLoad>),
    #[cfg(feature = "telemetry")]
    ("unheard", measure::<ours::Ours>),
    #[cfg(feature = "telemetry")]
    ("metrics", measure::<telemetry::Metered>),
    #[cfg(feature = "telemetry")]
    ("spans", measure::<telemetry::Traced>),
    #[cfg(feature = "telemetry")]
    ("spans-metrics", measure::<telemetry::Both>),
    #[cfg(feature = "silent")]
    ("silent", measure::<ours::Ours>),
];

/// All names.
pub(crate) fn names() -> Vec<&'static str> {
    ALL.iter().map(|(name, _)| *name).collect()
}

/// How a subject is measured.
pub(crate) fn find(name: &str) -> anyhow::Result<Measure> {
    let found = ALL.iter().find(|(known, _)| *known == name).map(|(_, measure)| *measure);
    found.ok_or_else(|| anyhow::anyhow!("no subject {name:?}; there are: {}", names().join(", ")))
}
