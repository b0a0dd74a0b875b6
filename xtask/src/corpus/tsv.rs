//! A run as tab-separated text, for whoever wants to look closer or compare two runs.

use super::facts::{Facts, Generated, Made};
use super::judge::{Outcome, Row};

const COLUMNS: &str = "name\toutcome\tcode\tmessage\tplace\tCPU ms\tpeak MiB\tlines\ttypes\toperations in document\t\
    operations in client\toperations left out\tschemas\tdegraded schemas\tfindings\tdigest\n";

/// A line for each document; what is not known is empty.
pub(super) fn documents<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    COLUMNS.to_owned() + &rows.map(line).collect::<String>()
}

/// A line for each degraded schema: the document's name, and what was said.
pub(super) fn places<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let mut text = String::from("name\tschema\treason\n");
    for row in rows {
        for place in row.places() {
            text.push_str(&format!("{}\t{place}\n", row.name));
        }
    }
    text
}

fn line(row: &Row) -> String {
    let (code, message, place) = match &row.outcome {
        Outcome::Panic(message) | Outcome::Memory(message) => ("", message.as_str(), ""),
        Outcome::Said(Facts { result: Generated::Error(it), .. }) => {
            (it.code.as_str(), it.message.as_str(), it.place.as_str())
        }
        Outcome::Said(_) | Outcome::Timeout => ("", "", ""),
    };
    let facts = row.facts();
    let made = |of: fn(&Made) -> String| match facts.map(|facts| &facts.result) {
        Some(Generated::Crate(made)) => of(made),
        _ => String::new(),
    };
    let said = |of: fn(&Facts) -> String| facts.map(of).unwrap_or_default();
    let counted = facts.and_then(|facts| facts.counted.as_ref().ok());
    let degraded = row.degraded.as_ref().and_then(|judged| judged.as_ref().ok());
    let cells = [
        row.name.clone(),
        row.word().to_owned(),
        code.to_owned(),
        message.to_owned(),
        place.to_owned(),
        said(|facts| facts.ms.to_string()),
        said(|facts| mib(facts.peak).to_string()),
        made(|made| made.lines.to_string()),
        made(|made| made.types.to_string()),
        counted.map(|counted| counted.operations.to_string()).unwrap_or_default(),
        made(|made| made.operations.to_string()),
        made(|made| made.left_out.to_string()),
        counted.map(|counted| counted.schemas.to_string()).unwrap_or_default(),
        degraded.map(|places| places.len().to_string()).unwrap_or_default(),
        said(|facts| {
            let each = facts.diagnostics.iter().map(|(code, count)| format!("{code}={count}"));
            each.collect::<Vec<_>>().join(" ")
        }),
        made(|made| made.digest.clone()),
    ];
    let plain = |cell: &String| cell.replace(['\t', '\n', '\r'], " ");
    cells.iter().map(plain).collect::<Vec<_>>().join("\t") + "\n"
}

/// KiB in MiB, rounded up.
pub(super) fn mib(kib: u64) -> u64 {
    kib.div_ceil(1024)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::corpus::judge::tests::{facts, made, refused, row};

    #[test]
    fn lines() {
        let said = |result| row("a", Outcome::Said(facts(result, 2)));
        let judged = Row { degraded: Some(Ok(vec!["/x\tno type".into()])), ..said(made(1, 1)) };
        let check = |row: &Row, expected: &str| {
            let text = documents([row].into_iter());
            assert_eq!(text.strip_prefix(COLUMNS), Some(expected));
            assert_eq!(COLUMNS.matches('\t').count(), expected.matches('\t').count());
        };
        check(&said(made(1, 1)), "a\tok\t\t\t\t7\t2\t100\t3\t2\t1\t1\t10\t\tR304=2\td\n");
        check(&judged, "a\tdegraded\t\t\t\t7\t2\t100\t3\t2\t1\t1\t10\t1\tR304=2\td\n");
        check(
            &said(refused("R401")),
            "a\terror\tR401\todd one\ta.json:1:2 #/a\t7\t2\t\t\t2\t\t\t10\t\tR304=2\t\n",
        );
        check(&row("a", Outcome::Timeout), "a\ttimeout\t\t\t\t\t\t\t\t\t\t\t\t\t\t\n");
        check(&row("a", Outcome::Panic("p\nq".into())), "a\tpanic\t\tp q\t\t\t\t\t\t\t\t\t\t\t\t\n");
        assert_eq!(places([&judged].into_iter()), "name\tschema\treason\na\t/x\tno type\n");
    }
}
