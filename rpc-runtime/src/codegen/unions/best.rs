//! Which of the alternatives that cannot be told apart a value is.

use std::cmp::Reverse;

use crate::codegen::scan::{json_type, members};

/// What an alternative makes of an object.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Knows {
    /// Members that it has fields for.
    pub names: &'static [&'static str],
    /// It keeps the others as well. What is no struct keeps everything, or cannot be read.
    pub keeps: bool,
}

/// What is known of an alternative, and how a whole text is read as it.
#[doc(hidden)]
pub type Alternative<T> = (Knows, fn(&str) -> Result<T, String>);

/// The first that can be read, the one that knows most members before the others; of equals one that keeps the rest. One that would
/// lose all members is left out.
#[doc(hidden)]
pub fn best_match<T>(text: &str, alternatives: &[Alternative<T>]) -> Option<T> {
    let mut ranked: Vec<_> = alternatives.iter().map(|(knows, read)| (0_usize, knows, read)).collect();
    let mut all = 0_usize;
    if json_type(text) == "object" {
        members(text, &mut |member| {
            all += 1;
            for (known, knows, _) in &mut ranked {
                *known += usize::from(knows.names.contains(&member));
            }
        });
    }
    ranked.retain(|(known, knows, _)| knows.keeps || *known > 0 || all == 0);
    ranked.sort_by_key(|(known, knows, _)| Reverse((*known, knows.keeps && *known < all)));
    ranked.into_iter().find_map(|(_, _, read)| read(text).ok())
}
