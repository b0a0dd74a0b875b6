//! CPU time of child processes.

use std::process::Command;

use anyhow::{Context as _, bail};

use crate::usage::children;

/// Runs a command to its end and returns the CPU seconds of it and of all processes that it waited for.
pub(super) fn of(command: &mut Command) -> anyhow::Result<f64> {
    let before = children()?.cpu;
    let output = command.output().with_context(|| format!("running {command:?}"))?;
    let spent = children()?.cpu - before;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let first = errors.lines().find(|line| line.starts_with("error")).unwrap_or("no error message");
        bail!("{:?} failed: {first}", command.get_program());
    }
    Ok(spent)
}

/// The middle one; between the two middle ones of an even number.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied();
    let upper = at(values.len() / 2);
    let lower = if values.len().is_multiple_of(2) { at((values.len() / 2).saturating_sub(1)) } else { upper };
    upper.zip(lower).map_or(0.0, |(upper, lower)| f64::midpoint(upper, lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < 1e-9);
        assert!((median(Vec::new())).abs() < 1e-9);
    }

    #[cfg(unix)]
    #[test]
    fn counts_what_a_child_burns() {
        let spent =
            of(Command::new("sh").args(["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"])).unwrap();
        assert!(spent > 0.01, "{spent}");
        assert!(of(&mut Command::new("false")).is_err());
    }
}
