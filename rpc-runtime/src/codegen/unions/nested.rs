//! Unions within unions. Each begins to read anew, so neither the stack nor the work would otherwise have a limit: an alternative that fails
//! at its end has read all that is in it, and the next one does it again, on every level.

use std::cell::Cell;

/// Levels, as many as `serde_json` allows elsewhere.
const DEPTH: u32 = 128;
/// Bytes that may be read for each of the outermost text, and at least.
const EFFORT: usize = 1_000;
const LEAST: usize = 1 << 20;

thread_local! {
    /// Levels that are entered, and bytes that are left.
    static STATE: Cell<(u32, usize)> = const { Cell::new((0, 0)) };
}

/// One level, until it is dropped.
pub(super) struct Nested(());

impl Nested {
    pub(super) fn enter(bytes: usize) -> Result<Self, &'static str> {
        let (depth, left) = STATE.get();
        let left = match depth {
            0 => bytes.saturating_mul(EFFORT).max(LEAST),
            DEPTH => return Err("unions are nested too deeply"),
            _ => left,
        };
        let Some(left) = left.checked_sub(bytes) else {
            return Err("too many alternatives had to be tried");
        };
        STATE.set((depth + 1, left));
        Ok(Self(()))
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        let (depth, left) = STATE.get();
        STATE.set((depth.saturating_sub(1), left));
    }
}
