//! What a service's owner chose (`service.toml`) and what names were given before (`names.lock`).
//!
//! ```toml
//! exclude = ["GET /health"]                      # operations: "METHOD /path", operationId or Rust name
//! closed_enums = ["OrderStatus"]                 # types: component key or Rust name
//! open_objects = ["Order"]                       # types that keep members which the document does not have; "*": all
//! multi_segment = ["GET /files/{file_path}.file_path"]
//! overlays = ["fixes.yaml"]                      # changes of the document, in this order; else every *.overlay.yaml beside it
//! strict = true                                  # warnings stop generation
//!
//! [crate]
//! name = "order-client"
//! version = "1.0.0"
//!
//! [envelope]                                     # `enabled = false`: replies stay as they are
//! code = "code"
//! message = "message"
//! data = "data"
//! timestamp = "timestamp"
//! success = [0, 200]
//! optional = ["GET /api/v1/profile"]             # operations whose `data: null` means "none" and gives `Option<T>`
//!
//! [rename]                                       # wins over `names.lock`
//! types."Pagination_Order_" = "OrderPage"
//! operations."GET /api/v1/orders" = "orders"
//! fields."Order.unit_price" = "price"
//! variants."OrderStatus.pending" = "Waiting"
//! parameters."GET /api/v1/orders.sort" = "order_by"
//! credentials."APIKeyHeader" = "api_key"
//! modules."Order management" = "orders"
//! headers."X-Total-Count" = "TOTAL"
//!
//! [types]
//! "Wallet.balance" = "decimal"
//!
//! [operations."*"]                               # all operations, under what each says for itself and over the client's settings
//! timeout = "5s"                                 # the whole call: ms, s, m, h, or "off"
//! attempt_timeout = "2s"                         # one attempt, or "off"
//!
//! [operations."POST /api/v1/orders"]
//! idempotency = "idempotent"                     # safe | idempotent | keyed (every call has an `Idempotency-Key`) | unsafe
//! retries = 1                                    # re-sends after the first attempt
//! retry_codes = [4001, "BUSY"]                   # business codes worth another attempt: with them the service did nothing
//! max_body = 1048576                             # bytes of a reply, or "off"
//! breaker = { threshold = 5, recovery = "60s" }  # of this operation alone: refuse calls after failures in a row; or "off"
//! hedging = "p95"                                # a second request beside one that is later than 95 % of the replies; "20ms"; "off"
//!
//! [operations."GET /api/v1/orders"]
//! cache = "30s"                                  # replies of a safe operation are kept; "off"
//! stale_if_error = "10m"                         # and are the answer for this long more while the service is down
//! fallback = '[]'                                # the data, as JSON, when that is no help either
//!
//! [severity]
//! R304 = "error"                                 # note | warning | error
//! ```

mod checks;
mod lock;
mod operation;
mod parse;
mod scalars;
mod source;
mod suggest;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::ir::{Idempotency, Policy, Type};
use crate::location::Location;

pub use lock::{Lock, Section, quoted};
pub(crate) use operation::ALL;
pub use suggest::did_you_mean;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place in the file.
    pub location: Location,
}

/// `service.toml`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// `crate.name`.
    pub crate_name: Option<At<String>>,
    /// `crate.version`.
    pub crate_version: Option<At<String>>,
    /// `[envelope]`.
    pub envelope: EnvelopeSettings,
    /// `[rename]`: for each section of the lock, (what, new name).
    pub rename: BTreeMap<Section, Vec<(At<String>, String)>>,
    /// `[types]`: (`Type`, `Type.field` or `METHOD /path.parameter`, type).
    pub types: Vec<(At<String>, Type)>,
    /// Operations that the client does not get.
    pub exclude: Vec<At<String>>,
    /// Enums without room for unknown values.
    pub closed_enums: Vec<At<String>>,
    /// Objects that keep what the document does not know; `*`: all.
    pub open_objects: Vec<At<String>>,
    /// Path parameters that may span segments: `METHOD /path.parameter`.
    pub multi_segment: Vec<At<String>>,
    /// `[operations]`.
    pub operations: Vec<(At<String>, OperationSettings)>,
    /// `[severity]` by rule code.
    pub severity: BTreeMap<String, Severity>,
    /// Overlays of the document by their paths in the folder; `None`: those beside the document.
    pub overlays: Option<Vec<At<String>>>,
    /// Whether warnings are errors.
    pub strict: bool,
}

/// `[envelope]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EnvelopeSettings {
    /// `false` leaves replies as they are.
    pub enabled: Option<At<bool>>,
    /// Field with the business code.
    pub code: Option<At<String>>,
    /// Field with the message.
    pub message: Option<At<String>>,
    /// Field with the payload.
    pub data: Option<At<String>>,
    /// Field with the time.
    pub timestamp: Option<At<String>>,
    /// Codes that mean success.
    pub success: Vec<String>,
    /// Operations whose `data: null` means "none".
    pub optional: Vec<At<String>>,
}

/// `[operations."…"]`; `*` is all of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OperationSettings {
    /// Whether it may be sent twice.
    pub idempotency: Option<Idempotency>,
    /// What is said of its calls.
    pub policy: Policy,
    /// Where each of its settings stands, by its name.
    pub places: BTreeMap<&'static str, Location>,
}

impl Settings {
    /// Reads `service.toml`; `file` is its name in messages. What cannot be used is reported and left out.
    pub fn parse(file: &str, text: &str, diagnostics: &mut Diagnostics) -> Self {
        parse::settings(file, text, diagnostics)
    }

    /// Gives every finding the severity that the settings want. May run any number of times.
    pub fn apply_severity(&self, diagnostics: &mut Diagnostics) {
        for found in diagnostics.iter_mut() {
            found.severity = self.severity_of(found);
        }
    }

    fn severity_of(&self, found: &Diagnostic) -> Severity {
        match self.severity.get(found.rule.code) {
            Some(chosen) => *chosen,
            None if self.strict && found.severity == Severity::Warning => Severity::Error,
            // A rule may be milder in one case than in another.
            None => found.severity,
        }
    }
}

#[cfg(test)]
mod tests;
