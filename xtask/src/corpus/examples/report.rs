//! What became of the examples.

use std::collections::BTreeMap;

use super::plan::Planned;
use crate::corpus::documents::Document;
use crate::corpus::runner::Ended;
use crate::print;

/// Counts, and a line for each example that was not read.
#[derive(Debug, Default)]
pub(super) struct Report {
    documents: usize,
    examples: usize,
    decoded: usize,
    /// Document, pointer, verdict, reason.
    lines: Vec<[String; 4]>,
}

/// What a process said, or how it ended instead.
pub(super) fn planned(document: &Document, ended: &Ended) -> Planned {
    let line = ended.out.lines().next_back().unwrap_or_default();
    serde_json::from_str(line).unwrap_or_else(|_| {
        let error =
            ended.err.lines().find(|line| !line.is_empty()).unwrap_or("time is over, or it was killed");
        Planned { refused: Some(format!("{}: {error}", document.name)), ..Planned::default() }
    })
}

impl Report {
    /// Takes what a document has; whether there is a crate.
    pub(super) fn add(&mut self, document: &Document, planned: Planned) -> bool {
        let line = |pointer: String, verdict: &str, reason: &str| {
            [document.name.clone(), pointer, verdict.to_owned(), reason.to_owned()]
        };
        if let Some(why) = planned.refused {
            self.lines.push(line(String::new(), "refused", &why));
            return false;
        }
        self.documents += usize::from(planned.examples > 0);
        self.examples += planned.examples;
        let unreached = "no type of the crate is what this describes alone";
        self.lines.extend(planned.unreached.into_iter().map(|at| line(at, "no type", unreached)));
        planned.planned > 0
    }

    /// Takes the lines of a program.
    pub(super) fn read(&mut self, text: &str) {
        for line in text.lines() {
            let mut fields = line.splitn(4, '\t').map(str::to_owned);
            let mut next = || fields.next().unwrap_or_default();
            let fields = [next(), next(), next(), next()];
            match fields.get(2).map(String::as_str) {
                Some("decoded") => self.decoded += 1,
                _ => self.lines.push(fields),
            }
        }
    }

    /// A program that does not compile, and with it the crates of its services.
    pub(super) fn broken(&mut self, services: &[String], errors: String) {
        let line = |service: &String| {
            [service.clone(), String::new(), "BROKEN".into(), errors.replace(['\n', '\t'], " ")]
        };
        self.lines.extend(services.iter().map(line));
    }

    /// Whether every example was read that its schema accepts.
    pub(super) fn is_good(&self) -> bool {
        !self.lines.iter().any(|[_, _, verdict, _]| matches!(verdict.as_str(), "LOST" | "BROKEN" | "refused"))
    }

    pub(super) fn tsv(&self) -> String {
        let lines = self.lines.iter().map(|line| line.join("\t") + "\n");
        std::iter::once("document\tpointer\tverdict\treason\n".to_owned()).chain(lines).collect()
    }

    pub(super) fn table(&self) -> String {
        let mut counts: BTreeMap<&str, (usize, String)> = BTreeMap::new();
        for [document, pointer, verdict, reason] in &self.lines {
            let example = format!("{document} #{pointer}: {reason}");
            counts.entry(verdict).or_insert_with(|| (0, example.chars().take(160).collect())).0 += 1;
        }
        let mut rows = vec![vec!["decoded".to_owned(), self.decoded.to_string(), String::new()]];
        rows.extend(
            counts
                .into_iter()
                .map(|(verdict, (count, example))| vec![verdict.to_owned(), count.to_string(), example]),
        );
        rows.push(vec![
            "all".to_owned(),
            self.examples.to_string(),
            format!("in {} documents", self.documents),
        ]);
        print::render_list(&["verdict", "examples", "for example"], &rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_counted() {
        let document = Document { name: "d".into(), service: "d0-d".into(), path: "/d.json".into() };
        let mut report = Report::default();
        let some = Planned { examples: 3, planned: 2, unreached: vec!["/x".into()], refused: None };
        assert!(report.add(&document, some));
        assert!(!report.add(&document, Planned::default()));
        report.read("d\t/a\tdecoded\t\nd\t/b\tcontradicts\tno | not\n");
        assert!(report.is_good());
        assert!(report.table().contains("decoded"), "{}", report.table());
        report.read("d\t/c\tLOST\twhy\n");
        assert!(!report.is_good());
        assert_eq!(report.tsv().lines().count(), 4);
        let ended = Ended { status: None, out: String::new(), err: "thread panicked\n".into() };
        assert!(!report.add(&document, planned(&document, &ended)));
        assert!(report.tsv().contains("refused\td: thread panicked"));
    }
}
