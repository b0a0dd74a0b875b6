//! What a person reads after a run.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::check::Checked;
use super::facts::{Facts, Generated};
use super::judge::{Outcome, Row};
use super::totals::{growth, totals};
use super::tsv::mib;
use crate::print;

/// Errors of a crate that are shown, and their length in lines.
const SHOWN: (usize, usize) = (3, 25);

/// Outcomes, sums, the slowest, growth, and what the compiler said.
pub(super) fn summary(rows: &[&Row], checked: Option<&Checked>, elapsed: Duration) -> String {
    let mut text = outcomes(rows);
    let sum = totals(rows.iter().copied());
    let _ = writeln!(
        text,
        "{} documents in {:.0} s; {} became crates of {} lines",
        sum.documents,
        elapsed.as_secs_f64(),
        sum.generated,
        sum.lines
    );
    let _ = writeln!(
        text,
        "operations of those: {} in documents, {} in clients, {} listed as left out",
        sum.in_documents, sum.operations, sum.left_out
    );
    let _ = match sum.degraded {
        Some(degraded) => writeln!(
            text,
            "degraded: {} documents, {} schemas ({:.2} % of {} named ones)",
            degraded.documents,
            degraded.schemas,
            100.0 * degraded.schemas as f64 / sum.schemas.max(1) as f64,
            sum.schemas
        ),
        None => writeln!(text, "degraded schemas: not judged"),
    };
    text.push_str(&slowest(rows));
    if let Some((usual, large)) = growth(rows.iter().copied()) {
        let _ = writeln!(
            text,
            "CPU ms per operation, median: {usual:.2} with 150–400 operations, {large:.2} from 5000 on (× {:.2})",
            large / usual
        );
    }
    if let Some(checked) = checked {
        text.push_str(&compiled(checked));
    }
    text
}

/// How many documents came to what, errors by their code, with an example.
fn outcomes(rows: &[&Row]) -> String {
    let mut kinds: BTreeMap<(usize, String), (usize, String)> = BTreeMap::new();
    let order = ["ok", "degraded", "error", "panic", "timeout", "memory"];
    for row in rows {
        let word = row.word();
        let (kind, example) = match &row.outcome {
            Outcome::Said(Facts { result: Generated::Error(it), .. }) => {
                (format!("{word} {}", it.code), format!("{} ({})", it.message, row.name))
            }
            Outcome::Panic(message) | Outcome::Memory(message) => {
                (word.to_owned(), format!("{message} ({})", row.name))
            }
            Outcome::Timeout => (word.to_owned(), row.name.clone()),
            Outcome::Said(_) => (word.to_owned(), String::new()),
        };
        let place = order.iter().position(|it| *it == word).unwrap_or_default();
        kinds.entry((place, kind)).or_insert((0, example)).0 += 1;
    }
    let cells = kinds.into_iter().map(|((_, kind), (count, example))| {
        vec![kind, count.to_string(), example.chars().take(120).collect()]
    });
    print::render_list(&["outcome", "documents", "example"], &cells.collect::<Vec<_>>())
}

fn slowest(rows: &[&Row]) -> String {
    let mut said: Vec<(&Row, &Facts)> = rows.iter().filter_map(|row| Some((*row, row.facts()?))).collect();
    said.sort_by_key(|(_, facts)| std::cmp::Reverse(facts.ms));
    let cells = said.iter().take(5).map(|(row, facts)| {
        let operations = match &facts.result {
            Generated::Crate(made) => made.operations.to_string(),
            Generated::Error(_) => "-".to_owned(),
        };
        vec![row.name.clone(), operations, facts.ms.to_string(), mib(facts.peak).to_string()]
    });
    print::render_list(&["slowest", "operations", "CPU ms", "peak MiB"], &cells.collect::<Vec<_>>())
}

fn compiled(checked: &Checked) -> String {
    let mut text = String::new();
    let (most, lines) = SHOWN;
    for (name, errors) in &checked.broken {
        let _ = writeln!(text, "{name} does not compile, {} errors:", errors.len());
        for error in errors.iter().take(most) {
            text.extend(error.lines().take(lines).map(|line| format!("{line}\n")));
        }
    }
    let _ = writeln!(
        text,
        "compiled: {} crates, {} broken; {:.0} s of CPU time, {} MiB in the largest process",
        checked.crates,
        checked.broken.len(),
        checked.cpu,
        mib(checked.peak)
    );
    text
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::corpus::judge::tests::{facts, made, refused, row};

    #[test]
    fn everything_is_said() {
        let said = |name: &str, result| row(name, Outcome::Said(facts(result, 200)));
        let judged = Row { degraded: Some(Ok(vec!["x".into()])), ..said("a", made(199, 1)) };
        let rows = [
            judged,
            said("b", made(200, 0)),
            said("c", refused("R401")),
            said("d", made(7000, 0)),
            row("e", Outcome::Timeout),
            row("f", Outcome::Panic("ouch".into())),
        ];
        let rows: Vec<&Row> = rows.iter().collect();
        let broken = vec![("b".to_owned(), vec!["error: E\n  --> x".to_owned()])];
        let checked = Checked { crates: 2, broken, cpu: 12.4, peak: 5 * 1024 };
        let text = summary(&rows, Some(&checked), Duration::from_secs(61));
        for line in [
            "ok           2",
            "degraded     1",
            "error R401   1           odd\tone (c)",
            "panic        1           ouch (f)",
            "timeout      1           e",
            "6 documents in 61 s; 3 became crates of 300 lines",
            "operations of those: 600 in documents, 7399 in clients, 1 listed as left out",
            "degraded: 1 documents, 1 schemas (3.33 % of 30 named ones)",
            "with 150–400 operations",
            "b does not compile, 1 errors:\nerror: E\n  --> x\n",
            "compiled: 2 crates, 1 broken; 12 s of CPU time, 5 MiB in the largest process",
        ] {
            assert!(text.contains(&line.replace('\t', " ")) || text.contains(line), "{line}\n{text}");
        }
        assert!(summary(&rows[1..2], None, Duration::ZERO).contains("degraded schemas: not judged"));
    }
}
