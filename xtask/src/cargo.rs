//! Cargo, as a process of its own.

use std::ffi::OsStr;
use std::process::Command;

/// Cargo as somebody starts it by hand: without what the outer cargo has told this program about itself. Build scripts that look at it
/// (ring's does) would run again, and all that depends on them be compiled again, at each turn between `cargo` and `cargo xtask`.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_this_program(name)) {
        cargo.env_remove(name);
    }
    cargo
}

fn is_of_this_program(name: &OsStr) -> bool {
    name.to_str()
        .is_some_and(|name| ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|own| name.starts_with(own)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, removed: bool) {
        assert_eq!(is_of_this_program(OsStr::new(name)), removed, "{name}");
    }

    #[test]
    fn only_what_is_about_xtask_is_left_out() {
        for name in ["CARGO_PKG_NAME", "CARGO_PKG_VERSION_PRE", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"] {
            check(name, true);
        }
        for name in
            ["CARGO", "CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_INCREMENTAL", "CARGO_NET_OFFLINE", "PATH"]
        {
            check(name, false);
        }
    }
}
