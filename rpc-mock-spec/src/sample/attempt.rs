//! One way through a schema, with its limits.

use std::cell::{Cell, RefCell};

use serde_json::Value;

use super::{Rejected, reject};
use crate::schema::{Bundle, SchemaId};

/// How much an attempt puts into a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Effort {
    /// Optional properties are given down to this depth.
    pub(super) optional: usize,
    /// Whether examples and defaults of schemas are used.
    pub(super) examples: bool,
}

impl Effort {
    /// Rich first.
    pub(super) const ALL: [Self; 8] = [
        Self { optional: 6, examples: true },
        Self { optional: 3, examples: true },
        Self { optional: 2, examples: true },
        Self { optional: 1, examples: true },
        Self { optional: 0, examples: true },
        Self { optional: 3, examples: false },
        Self { optional: 1, examples: false },
        Self { optional: 0, examples: false },
    ];
}

/// How many values a sample may hold.
const MAX_VALUES: u32 = 1_500;

/// How many steps an attempt may take.
const MAX_STEPS: u32 = 20_000;

/// How deep values may be nested.
const MAX_DEPTH: usize = 48;

/// How many rejected examples are told.
const MAX_REJECTED: usize = 20;

/// One attempt.
pub(super) struct Attempt<'b> {
    pub(super) bundle: &'b Bundle,
    pub(super) effort: Effort,
    steps: Cell<u32>,
    values: Cell<u32>,
    /// Definitions that are being built: one inside itself would not end.
    open: RefCell<Vec<SchemaId>>,
    rejected: RefCell<Vec<Rejected>>,
}

impl<'b> Attempt<'b> {
    pub(super) fn new(bundle: &'b Bundle, effort: Effort) -> Self {
        Self {
            bundle,
            effort,
            steps: Cell::new(0),
            values: Cell::new(0),
            open: RefCell::default(),
            rejected: RefCell::default(),
        }
    }

    /// A value of a definition; `None` if this attempt finds none within its limits.
    pub(super) fn sample(&self, id: SchemaId) -> Option<Value> {
        self.variant(id, 0)
    }

    /// Another value than those of smaller numbers, where there is one.
    pub(super) fn variant(&self, id: SchemaId, variant: usize) -> Option<Value> {
        let schema = self.bundle.get(id);
        let value = self.value(&[schema], 0, variant)?;
        (!self.exhausted()).then_some(value)
    }

    /// Examples that were refused.
    pub(super) fn rejected(self) -> Vec<Rejected> {
        self.rejected.into_inner()
    }

    pub(super) fn note(&self, schema: &'b Value, example: &Value) {
        let mut rejected = self.rejected.borrow_mut();
        if rejected.len() < MAX_REJECTED && rejected.iter().all(|known| known.value != *example) {
            rejected.push(reject(self.bundle, schema, example));
        }
    }

    /// Counts a step; `false` when there are none left.
    pub(super) fn step(&self, depth: usize) -> bool {
        self.steps.set(self.steps.get().saturating_add(1));
        depth <= MAX_DEPTH && !self.exhausted()
    }

    /// Counts a value.
    pub(super) fn count(&self) {
        self.values.set(self.values.get().saturating_add(1));
    }

    fn exhausted(&self) -> bool {
        self.steps.get() > MAX_STEPS || self.values.get() > MAX_VALUES
    }

    pub(super) fn is_open(&self, id: SchemaId) -> bool {
        self.open.borrow().contains(&id)
    }

    /// Runs with definitions marked as being built.
    pub(super) fn within<T>(&self, ids: &[SchemaId], run: impl FnOnce() -> T) -> T {
        let before = self.open.borrow().len();
        self.open.borrow_mut().extend_from_slice(ids);
        let result = run();
        self.open.borrow_mut().truncate(before);
        result
    }

    /// Whether a value satisfies all schemas of a list.
    pub(super) fn fits(&self, schemas: &[&'b Value], value: &Value) -> bool {
        schemas.iter().all(|schema| self.bundle.valid(schema, value))
    }
}
