//! Samples that anybody can draw again.

/// The items whose names come first when they are mixed with the seed; the same ones for the same names and seed.
pub(super) fn sample<T>(items: Vec<T>, count: usize, seed: u64, name: impl Fn(&T) -> &str) -> Vec<T> {
    let mut items: Vec<(u64, T)> =
        items.into_iter().map(|item| (mixed(seed, name(&item).as_bytes()), item)).collect();
    items.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| name(x).cmp(name(y))));
    items.truncate(count);
    items.into_iter().map(|(_, item)| item).collect()
}

/// FNV-1a with a seed, its bits mixed once more.
fn mixed(seed: u64, bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash =
        bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_repeatable() {
        let names = || (0..50).map(|n| format!("A b{n}")).collect::<Vec<_>>();
        let drawn = |count, seed| sample(names(), count, seed, String::as_str);
        assert_eq!(drawn(5, 1), drawn(5, 1));
        assert_ne!(drawn(5, 1), drawn(5, 2));
        assert_eq!(drawn(5, 1), drawn(9, 1)[..5]);
        let reversed = sample(names().into_iter().rev().collect(), 5, 1, String::as_str);
        assert_eq!(reversed, drawn(5, 1));
        assert_eq!((drawn(0, 1).len(), drawn(500, 1).len()), (0, 50));
    }
}
