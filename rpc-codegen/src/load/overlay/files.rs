//! Which files are overlays.

use crate::diagnostic::{Diagnostic, Diagnostics, rules};
use crate::input::Input;
use crate::load::nearest::nearest;
use crate::load::origin;
use crate::settings::At;

/// The overlays in the order in which they are applied: those that are listed, else those beside the document by name.
pub(super) fn find<'i>(
    input: &'i Input,
    listed: Option<&'i [At<String>]>,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'i str, &'i [u8])> {
    let Some(listed) = listed else { return beside(input) };
    if let Some(first) = listed.get(origin::MOST) {
        let message = format!("more than {} overlays", origin::MOST);
        diagnostics.push(Diagnostic::new(rules::BAD_SETTING, first.location.clone(), message));
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

fn beside(input: &Input) -> Vec<(&str, &[u8])> {
    let folder = input.document.rfind('/').map_or("", |end| input.document.get(..=end).unwrap_or_default());
    let is_overlay = |path: &str| {
        let name = path.strip_prefix(folder).filter(|name| !name.contains('/'));
        let stem = ["yaml", "yml", "json"]
            .iter()
            .find_map(|extension| name?.strip_suffix(extension)?.strip_suffix('.'));
        path != input.document && stem.is_some_and(|stem| stem == "overlay" || stem.ends_with(".overlay"))
    };
    let files = input.files.iter().filter(|(path, _)| is_overlay(path));
    files.map(|(path, bytes)| (path.as_str(), bytes.as_slice())).take(origin::MOST).collect()
}
