//! Which files are overlays.

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, rules};
use crate::input::Input;
use crate::load::nearest::nearest;
use crate::load::origin;
use crate::location::Location;
use crate::settings::At;

const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// The overlays in the order in which they are applied: those that are listed, else those beside the document by name.
pub(super) fn find<'i>(
    input: &'i Input,
    listed: Option<&'i [At<String>]>,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'i str, &'i [u8])> {
    let Some(listed) = listed else { return beside(input, diagnostics) };
    if let Some(first) = listed.get(origin::MOST) {
        diagnostics.push(too_many(rules::BAD_SETTING, first.location.clone()));
    }
    let mut found = Vec::new();
    for path in listed.iter().take(origin::MOST) {
        if let Some(bytes) = input.file(&path.value) {
            found.push((path.value.as_str(), bytes));
            continue;
        }
        let message = format!("the folder has no file `{}`", path.value);
        let help = match nearest(&path.value, input.files.keys().map(String::as_str)) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "write the path of an overlay inside the spec's folder".to_owned(),
        };
        diagnostics.push(Diagnostic::new(rules::BAD_SETTING, path.location.clone(), message).help(help));
    }
    found
}

fn too_many(rule: Rule, place: Location) -> Diagnostic {
    let message = format!("more than {} overlays; this one and those after it are not applied", origin::MOST);
    Diagnostic::new(rule, place, message).help("put the actions of several overlays into one")
}

fn beside<'i>(input: &'i Input, diagnostics: &mut Diagnostics) -> Vec<(&'i str, &'i [u8])> {
    let folder = input.document.rfind('/').map_or("", |end| input.document.get(..=end).unwrap_or_default());
    let is_overlay = |path: &str| {
        let name = path.strip_prefix(folder).filter(|name| !name.contains('/'));
        let purpose = match name.and_then(stem) {
            Some("overlay") => return path != input.document,
            Some(stem) => stem.strip_suffix(".overlay"),
            None => None,
        };
        path != input.document && purpose.is_some_and(|purpose| !is_of_another(input, folder, purpose))
    };
    let files = input.files.iter().filter(|(path, _)| is_overlay(path));
    let mut found: Vec<_> = files.map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    if let Some((path, _)) = found.get(origin::MOST) {
        let place = Location::start_of(&format!("{}{path}", input.prefix));
        diagnostics.push(too_many(rules::BAD_OVERLAY, place));
        found.truncate(origin::MOST);
    }
    found
}

/// A file's name without the extension that documents have.
fn stem(name: &str) -> Option<&str> {
    EXTENSIONS.iter().find_map(|extension| name.strip_suffix(extension)?.strip_suffix('.'))
}

/// Whether `a.overlay.yaml` is for another document: for `a.yaml`, if that is there and not the document.
fn is_of_another(input: &Input, folder: &str, purpose: &str) -> bool {
    let mut names = EXTENSIONS.iter().map(|extension| format!("{folder}{purpose}.{extension}"));
    names.clone().all(|name| name != input.document) && names.any(|name| input.files.contains_key(&name))
}
