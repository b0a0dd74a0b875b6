//! What a document says that its mock cannot follow.

use rpc_mock_spec::Spec;

/// More of them tell nothing new.
const MOST: usize = 10;

/// Lines about a service: operations that no request reaches, examples that are not used, answers that break their own
/// schema.
pub(super) fn of(spec: &Spec) -> Vec<String> {
    let mut notes = spec.notes();
    notes.extend(spec.answers().filter(|answer| !answer.valid).map(|answer| {
        format!("{}: no valid answer for {} {}", answer.schema, answer.operation, answer.status)
    }));
    shorten(spec.name(), notes)
}

fn shorten(name: &str, notes: Vec<String>) -> Vec<String> {
    let more = notes.len().saturating_sub(MOST);
    let first = notes.into_iter().take(MOST).map(|note| format!("note: {name}: {note}"));
    first.chain((more > 0).then(|| format!("note: {name}: and {more} more"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_more_than_somebody_reads() {
        let check = |count: usize, lines: usize, last: &str| {
            let notes = shorten("s", (0..count).map(|n| n.to_string()).collect());
            assert_eq!((notes.len(), notes.last().map_or("", String::as_str)), (lines, last));
        };
        check(0, 0, "");
        check(10, 10, "note: s: 9");
        check(12, 11, "note: s: and 2 more");
    }
}
