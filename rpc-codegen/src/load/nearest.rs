//! "Did you mean …?"

/// Longer names are not compared: help is not worth quadratic time on a hostile document.
const LONGEST: usize = 80;

/// The candidate that differs least from a name; the first one of several; `None` if all are too different.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = name.chars().flat_map(char::to_lowercase).take(LONGEST + 1).collect();
    let limit = (name.len() / 3).max(1);
    candidates
        .take(10_000)
        .filter(|candidate| candidate.len() <= LONGEST && name.len() <= LONGEST)
        .map(|candidate| (distance(&name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit && *distance < name.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edits (Levenshtein) between two names, upper and lower case being one.
fn distance(a: &[char], b: &str) -> usize {
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (i, y) in b.chars().flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (x, cell) in a.iter().zip(row.iter_mut().skip(1)) {
            let best = (diagonal + usize::from(*x != y)).min(*cell + 1).min(left + 1);
            diagonal = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
