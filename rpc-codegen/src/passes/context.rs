//! What a pass works on.

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, rules};
use crate::ir::Service;
use crate::location::Location;
use crate::settings::{Lock, Settings};

pub(super) struct Context<'a> {
    pub(super) service: &'a mut Service,
    pub(super) settings: &'a Settings,
    pub(super) lock: &'a Lock,
    pub(super) next: Lock,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Context<'_> {
    pub(super) fn report(&mut self, rule: Rule, place: &Location, message: String, help: &str) {
        let mut diagnostic = Diagnostic::new(rule, place.clone(), message);
        if !help.is_empty() {
            diagnostic = diagnostic.help(help);
        }
        self.diagnostics.push(diagnostic);
    }

    /// A setting that matches nothing. `known`: what it could have matched.
    pub(super) fn unused<'a>(
        &mut self,
        setting: &str,
        at: &crate::settings::At<String>,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        let help = match crate::settings::did_you_mean(&at.value, known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => "correct it or take it out".to_owned(),
        };
        let message = format!("`{setting}` names `{}`, which is not in the document", at.value);
        self.report(rules::UNUSED_SETTING, &at.location, message, &help);
    }
}
