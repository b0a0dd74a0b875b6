//! Who gets which name.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{Kind, snake, words};
use crate::diagnostic::{Diagnostic, Diagnostics, rules};
use crate::location::Location;
use crate::settings::{Lock, Section, Settings, did_you_mean};

/// A thing that wants a name.
#[derive(Debug)]
pub(super) struct Item {
    /// Key in `names.lock`.
    pub(super) key: String,
    /// Key in `[rename]`, for messages.
    pub(super) alias: String,
    /// Name from `[rename]`.
    pub(super) chosen: Option<String>,
    /// Names that it would take, best first.
    pub(super) candidates: Vec<String>,
    /// Where it stands.
    pub(super) place: Location,
    /// Wire name, for things whose plain names `names.lock` leaves out.
    pub(super) wire: Option<String>,
    /// Whether to say so when it gets another name than the first candidate.
    pub(super) warn: bool,
}

impl Item {
    pub(super) fn new(key: String, alias: String, candidates: Vec<String>, place: &Location) -> Self {
        Self { key, alias, chosen: None, candidates, place: place.clone(), wire: None, warn: true }
    }

    /// Whether casing alone leads from the name back to the wire name: no two things of a scope have the same such
    /// name, so nothing needs to be remembered.
    fn is_plain(&self, name: &str) -> bool {
        self.wire.as_ref().is_some_and(|wire| *wire == snake(&words(name)))
    }
}

/// Names that cannot share a scope.
pub(super) struct Scope<'a> {
    pub(super) section: Section,
    pub(super) kind: Kind,
    /// Names that nothing may have.
    pub(super) reserved: &'a dyn Fn(&str) -> bool,
    /// What else a name takes up, itself included.
    pub(super) claims: &'a dyn Fn(&str) -> Vec<String>,
}

/// Gives names and remembers them.
pub(super) struct Namer<'a> {
    settings: &'a Settings,
    lock: &'a Lock,
    next: Lock,
    pub(super) diagnostics: &'a mut Diagnostics,
    used: BTreeSet<(Section, usize)>,
    keys: BTreeSet<(Section, String)>,
    known: Vec<String>,
}

impl<'a> Namer<'a> {
    pub(super) fn new(settings: &'a Settings, lock: &'a Lock, diagnostics: &'a mut Diagnostics) -> Self {
        let (used, keys) = (BTreeSet::new(), BTreeSet::new());
        Self { settings, lock, next: Lock::default(), diagnostics, used, keys, known: Vec::new() }
    }

    /// The names that were given before.
    pub(super) fn lock(&self) -> &'a Lock {
        self.lock
    }

    /// The name that `[rename]` has for a thing.
    pub(super) fn chosen(&mut self, section: Section, is_meant: impl Fn(&str) -> bool) -> Option<String> {
        let renames = self.settings.rename.get(&section)?;
        let mut chosen = None;
        for (index, (wanted, name)) in renames.iter().enumerate() {
            if is_meant(&wanted.value) {
                self.used.insert((section, index));
                chosen = Some(name.clone());
            }
        }
        chosen
    }

    /// Gives each item of a scope its name, in the items' order.
    pub(super) fn assign(&mut self, scope: &Scope<'_>, mut items: Vec<Item>) -> Vec<String> {
        for item in &mut items {
            item.key = self.unique_key(scope.section, &item.key);
        }
        if self.settings.rename.contains_key(&scope.section) {
            self.known.extend(items.iter().map(|item| item.alias.clone()));
        }
        let mut claims = Claims { taken: BTreeMap::new(), numbers: BTreeMap::new(), scope };
        let mut names: Vec<Option<String>> = vec![None; items.len()];
        for (item, name) in items.iter().zip(&mut names) {
            *name = item.chosen.clone().filter(|chosen| claims.take(chosen, item));
            if let (Some(chosen), None) = (&item.chosen, &name) {
                self.refused(scope.section, chosen, item, &claims);
            }
        }
        let open = |names: &[Option<String>]| -> Vec<usize> {
            names.iter().enumerate().filter(|(_, name)| name.is_none()).map(|(index, _)| index).collect()
        };
        for index in open(&names) {
            if let (Some(item), Some(name)) = (items.get(index), names.get_mut(index)) {
                let locked = self.lock.get(scope.section, &item.key).map(str::to_owned);
                *name = locked.filter(|locked| claims.take(locked, item));
            }
        }
        for index in open(&names) {
            if let (Some(item), Some(name), false) =
                (items.get(index), names.get_mut(index), self.lock.is_empty())
            {
                let first = item.candidates.first().filter(|first| item.is_plain(first));
                *name = first.filter(|first| claims.take(first, item)).cloned();
            }
        }
        for index in open(&names) {
            if let (Some(item), Some(name)) = (items.get(index), names.get_mut(index)) {
                let free = item.candidates.iter().find(|candidate| claims.take(candidate, item)).cloned();
                let given = free.unwrap_or_else(|| claims.number(item));
                self.collision(scope.section, item, &given, &claims);
                *name = Some(given);
            }
        }
        let names: Vec<String> = names.into_iter().flatten().collect();
        for (item, name) in items.iter().zip(&names) {
            if !item.is_plain(name) {
                self.next.insert(scope.section, item.key.clone(), name.clone());
            }
        }
        names
    }

    /// The names to keep. Renames that nothing wanted are reported.
    pub(super) fn finish(self) -> Lock {
        for (section, renames) in &self.settings.rename {
            for (index, (wanted, _)) in renames.iter().enumerate() {
                if self.used.contains(&(*section, index)) {
                    continue;
                }
                let help = match did_you_mean(&wanted.value, self.known.iter().map(String::as_str)) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => "correct it or take it out".to_owned(),
                };
                let message =
                    format!("`rename.{}` names `{}`, which gets no name here", section.name(), wanted.value);
                self.diagnostics.push(
                    Diagnostic::new(rules::UNUSED_SETTING, wanted.location.clone(), message).help(help),
                );
            }
        }
        self.next
    }

    /// Two things at one place of the document (which `build` does not make) still have keys of their own.
    fn unique_key(&mut self, section: Section, key: &str) -> String {
        let mut unique = key.to_owned();
        let mut number = 2;
        while !self.keys.insert((section, unique.clone())) {
            unique = format!("{key}#{number}");
            number += 1;
        }
        unique
    }

    fn refused(&mut self, section: Section, chosen: &str, item: &Item, claims: &Claims<'_>) {
        let by = match claims.owner(chosen) {
            Some(owner) => format!("`{owner}` has that name"),
            None => "that name means something else".to_owned(),
        };
        let message = format!("`{}` cannot be called `{chosen}`: {by}", item.alias);
        let renames = self.settings.rename.get(&section).into_iter().flatten();
        let place =
            renames.filter(|(_, name)| name == chosen).map(|(wanted, _)| &wanted.location).next_back();
        let place = place.unwrap_or(&item.place).clone();
        self.diagnostics.push(
            Diagnostic::new(rules::BAD_SETTING, place, message).help("choose another name in `[rename]`"),
        );
    }

    fn collision(&mut self, section: Section, item: &Item, given: &str, claims: &Claims<'_>) {
        let Some(wanted) = item.candidates.first().filter(|first| *first != given && item.warn) else {
            return;
        };
        let by = match claims.owner(wanted) {
            Some(owner) => format!("`{owner}` has it"),
            None => "it is taken".to_owned(),
        };
        let message = format!("`{}` wants the name `{wanted}`, but {by}; it is called `{given}`", item.alias);
        let help = format!("choose a name: rename.{}.\"{}\" = \"…\"", section.name(), item.alias);
        self.diagnostics.push(Diagnostic::new(rules::NAME_COLLISION, item.place.clone(), message).help(help));
    }
}

struct Claims<'a> {
    /// Claim → alias of its owner.
    taken: BTreeMap<String, String>,
    /// Numbers tried so far.
    numbers: BTreeMap<String, usize>,
    scope: &'a Scope<'a>,
}

impl Claims<'_> {
    /// Takes a name, if it is free.
    fn take(&mut self, name: &str, item: &Item) -> bool {
        let claims = (self.scope.claims)(name);
        if (self.scope.reserved)(name) || claims.iter().any(|claim| self.taken.contains_key(claim)) {
            return false;
        }
        self.taken.extend(claims.into_iter().map(|claim| (claim, item.alias.clone())));
        true
    }

    fn owner(&self, name: &str) -> Option<&str> {
        (self.scope.claims)(name).iter().find_map(|claim| self.taken.get(claim)).map(String::as_str)
    }

    /// The last resort.
    fn number(&mut self, item: &Item) -> String {
        let base = item.candidates.first().cloned().unwrap_or_default();
        loop {
            let number = self.numbers.entry(base.clone()).or_insert(1);
            *number += 1;
            let separator =
                if self.scope.kind.is_camel() && !base.ends_with(char::is_numeric) { "" } else { "_" };
            let name = format!("{}{separator}{number}", base.trim_end_matches('_'));
            if self.take(&name, item) {
                return name;
            }
        }
    }
}

/// Claims of a name that only stands for itself.
pub(super) fn itself(name: &str) -> Vec<String> {
    vec![name.to_owned()]
}
