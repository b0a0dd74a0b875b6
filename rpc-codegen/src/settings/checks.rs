//! Values that Cargo has to accept.

pub(super) fn is_package_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && name.len() <= 64
}

/// Three numbers, then perhaps `-pre` and `+build`.
pub(super) fn is_version(version: &str) -> bool {
    let (numbers, rest) = version.split_at(version.find(['-', '+']).unwrap_or(version.len()));
    let number = |n: &str| n.parse::<u64>().is_ok_and(|value| value.to_string() == n);
    numbers.split('.').count() == 3
        && numbers.split('.').all(number)
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || "-+.".contains(c))
        && !rest.ends_with(['-', '+', '.'])
}
