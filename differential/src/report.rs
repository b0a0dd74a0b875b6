//! What came of it, in tables. The only module that prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the module of a binary that prints")]

use std::collections::{BTreeMap, BTreeSet};

use crate::Subject;
use crate::caller::Code;
use crate::compare::Comparison;
use crate::compile::Errors;
use crate::known::Known;

/// Differences of one kind that are shown; the others are counted.
const SHOWN: usize = 3;

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Report {
    known: Known,
    short: bool,
    /// Documents by what became of them.
    documents: BTreeMap<String, usize>,
    /// Operations that were not compared, by the reason.
    left_out: BTreeMap<String, usize>,
    /// Operations that were, and those of them without any difference.
    operations: BTreeSet<String>,
    unequal: BTreeSet<String>,
    /// Those with a difference that a rule explains.
    known_unequal: BTreeSet<String>,
    cases: usize,
    spelled_differently: usize,
    /// Operations by the rule that explains a difference.
    explained: BTreeMap<String, BTreeSet<String>>,
    /// What nothing explains: facts, and where.
    unexplained: BTreeMap<String, Vec<String>>,
}

impl Report {
    pub(crate) fn new(known: Known, short: bool) -> Self {
        Self {
            known,
            short,
            documents: BTreeMap::new(),
            left_out: BTreeMap::new(),
            operations: BTreeSet::new(),
            unequal: BTreeSet::new(),
            known_unequal: BTreeSet::new(),
            cases: 0,
            spelled_differently: 0,
            explained: BTreeMap::new(),
            unexplained: BTreeMap::new(),
        }
    }

    /// A document that is no subject.
    pub(crate) fn refused(&mut self, why: &str) {
        *self.documents.entry(why.to_owned()).or_default() += 1;
    }

    /// Something that must not be.
    pub(crate) fn finding(&mut self, document: &str, what: &str) {
        self.unexplained.entry(what.to_owned()).or_default().push(document.to_owned());
    }

    /// Whether both crates of a document compile.
    pub(crate) fn compiles(&mut self, subject: &Subject, errors: &Errors) -> bool {
        let of = |side: &str| errors.by_package.get(&format!("{side}_{}", subject.number));
        if let Some((_, message)) = of("ours").and_then(|all| all.first()) {
            self.finding(&subject.name, &format!("our crate does not compile: {message}"));
            return false;
        }
        if of("theirs").is_some() {
            self.refused("accepted, but progenitor's crate does not compile");
            return false;
        }
        self.refused("accepted and compiled");
        true
    }

    /// Counts what of a document is not compared.
    pub(crate) fn subject(&mut self, subject: &Subject) {
        for one in &subject.operations {
            if let Code::Nothing(reason) = &one.code {
                let kind = reason.split([':', '{']).next().unwrap_or_default();
                *self.left_out.entry(kind.to_owned()).or_default() += 1;
                if reason == "not in our client" {
                    self.finding(&subject.name, &format!("{} is not in our client", one.operation.key()));
                }
            }
        }
    }

    /// Takes the comparison of one case.
    pub(crate) fn compared(&mut self, document: &str, operation: &str, case: &str, comparison: Comparison) {
        let name = format!("{document} {operation}");
        self.cases += 1;
        self.operations.insert(name.clone());
        self.spelled_differently += usize::from(comparison.spelled_differently);
        for difference in comparison.differences {
            match self.known.rule(&difference) {
                Some(rule) => {
                    self.explained.entry(rule.name.clone()).or_default().insert(name.clone());
                    // What no document declares makes no request different.
                    if difference.facts.get("part").is_none_or(|part| part != "undeclared header") {
                        self.known_unequal.insert(name.clone());
                    }
                }
                None => {
                    self.unequal.insert(name.clone());
                    let facts = difference.facts.iter().map(|(key, value)| format!("{key} = {value:?}"));
                    let place = format!(
                        "{name} ({case})\n    ours   {}\n    theirs {}",
                        short(&difference.ours),
                        short(&difference.theirs)
                    );
                    self.unexplained.entry(facts.collect::<Vec<_>>().join(", ")).or_default().push(place);
                }
            }
        }
    }

    /// Rules that explained nothing.
    fn unused(&self) -> Vec<&str> {
        let names = self.known.rules.iter().map(|rule| rule.name.as_str());
        names.filter(|name| !self.explained.contains_key(*name)).collect()
    }

    /// Whether there is nothing to look at: every difference is explained, something was compared.
    pub(crate) fn is_clean(&self) -> bool {
        self.unexplained.is_empty() && !self.operations.is_empty()
    }

    pub(crate) fn print(&self) {
        let table = |title: &str, rows: &BTreeMap<String, usize>| {
            println!("{title}");
            for (name, count) in rows {
                println!("{count:>7}  {name}");
            }
        };
        table("documents", &self.documents);
        let different = self.unequal.len();
        let known = self.known_unequal.difference(&self.unequal).count();
        let compared = self.operations.len();
        let rows = [
            ("compared".to_owned(), compared),
            ("equal".to_owned(), compared.saturating_sub(different + known)),
            ("equal but for known differences".to_owned(), known),
            ("DIFFERENT".to_owned(), different),
        ];
        println!("operations");
        for (name, count) in rows {
            println!("{count:>7}  {name}");
        }
        println!(
            "{:>7}  calls; {} of them spell the same URL differently",
            self.cases, self.spelled_differently
        );
        table("not compared", &self.left_out);
        println!("known differences, by operations");
        for rule in &self.known.rules {
            let count = self.explained.get(&rule.name).map_or(0, BTreeSet::len);
            println!("{count:>7}  {}: {}", rule.name, rule.reason);
        }
        for (facts, places) in &self.unexplained {
            println!("\nDIFFERENT, {} times: {facts}", places.len());
            for place in places.iter().take(SHOWN) {
                println!("  {place}");
            }
        }
        let unused = self.unused();
        if !self.short && !unused.is_empty() {
            println!("\nrules that explained nothing in this run: {}", unused.join(", "));
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(300).collect()
}

/// What is being done.
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

/// What went wrong.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}
