//! Reads spec folders. Nothing outside of the folder is read, and no more than a bound.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use rpc_codegen::Input;

/// The document's possible names.
pub(crate) const DOCUMENTS: [&str; 3] = ["openapi.json", "openapi.yaml", "openapi.yml"];

pub(crate) const MAX_FILES: usize = 2_000;
pub(crate) const MAX_BYTES: u64 = 256 << 20;

/// Names of the folders in `specs/`, sorted.
pub(crate) fn list(specs: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    if !specs.exists() {
        return Ok(names);
    }
    for entry in std::fs::read_dir(specs).with_context(|| format!("reading {}", specs.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A service's folder as the generator's input.
pub(crate) fn read(specs: &Path, service: &str) -> anyhow::Result<Input> {
    check_name(service)?;
    let files = read_files(&specs.join(service), |_| true)?;
    let documents: Vec<_> = DOCUMENTS.into_iter().filter(|name| files.contains_key(*name)).collect();
    let document = match documents.as_slice() {
        [one] => (*one).to_owned(),
        [] => bail!("specs/{service}/ has no openapi.json, openapi.yaml or openapi.yml"),
        several => bail!("specs/{service}/ has {}; keep one", several.join(" and ")),
    };
    Ok(Input { service: service.into(), document, files, prefix: format!("specs/{service}/") })
}

/// A service's name becomes a folder and a crate.
pub(crate) fn check_name(name: &str) -> anyhow::Result<()> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(fits) || name.len() > 64 {
        bail!(
            "{name:?} is not a service name: lower-case letters, digits, `-` and `_`, starting with a letter"
        );
    }
    Ok(())
}

/// Every regular file of a folder that `wanted` accepts by relative path; hidden ones are skipped.
pub(crate) fn read_files(
    folder: &Path,
    wanted: fn(&str) -> bool,
) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let root = folder.canonicalize().with_context(|| format!("reading {}", folder.display()))?;
    let mut files = BTreeMap::new();
    let mut bytes = 0;
    walk(&root, &root, "", wanted, &mut files, &mut bytes)?;
    Ok(files)
}

fn walk(
    root: &Path,
    folder: &Path,
    prefix: &str,
    wanted: fn(&str) -> bool,
    files: &mut BTreeMap<String, Vec<u8>>,
    bytes: &mut u64,
) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        let mut kind = entry.file_type()?;
        if kind.is_symlink() {
            let target = entry.path().canonicalize().with_context(|| format!("following the link {path}"))?;
            kind = std::fs::metadata(&target)?.file_type();
            if !target.starts_with(root) || kind.is_dir() {
                bail!("{path} is a symbolic link that leaves the spec's folder or names a folder");
            }
        }
        if kind.is_dir() {
            walk(root, &entry.path(), &format!("{path}/"), wanted, files, bytes)?;
        } else if kind.is_file() && wanted(&path) {
            *bytes += std::fs::metadata(entry.path())?.len();
            if files.len() >= MAX_FILES || *bytes > MAX_BYTES {
                bail!("the spec's folder is larger than {MAX_FILES} files or {} MiB", MAX_BYTES >> 20);
            }
            let contents = std::fs::read(entry.path()).with_context(|| format!("reading {path}"))?;
            files.insert(path, contents);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_folder_whole() {
        let specs = tempfile::tempdir().unwrap();
        let folder = specs.path().join("orders");
        std::fs::create_dir_all(folder.join("schemas")).unwrap();
        for (path, text) in
            [("openapi.yaml", "a"), ("schemas/order.yaml", "b"), (".hidden", "c"), ("service.toml", "d")]
        {
            std::fs::write(folder.join(path), text).unwrap();
        }
        let input = read(specs.path(), "orders").unwrap();
        assert_eq!(input.document, "openapi.yaml");
        assert_eq!(input.prefix, "specs/orders/");
        assert_eq!(
            input.files.keys().collect::<Vec<_>>(),
            ["openapi.yaml", "schemas/order.yaml", "service.toml"]
        );
        std::fs::write(folder.join("openapi.json"), "{}").unwrap();
        assert_eq!(
            read(specs.path(), "orders").unwrap_err().to_string(),
            "specs/orders/ has openapi.json and openapi.yaml; keep one"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_inside() {
        let specs = tempfile::tempdir().unwrap();
        let folder = specs.path().join("orders");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("openapi.json"), "{}").unwrap();
        std::os::unix::fs::symlink("openapi.json", folder.join("alias.json")).unwrap();
        assert_eq!(read(specs.path(), "orders").unwrap().files.len(), 2);
        std::fs::write(specs.path().join("secret"), "").unwrap();
        std::os::unix::fs::symlink("../secret", folder.join("out.json")).unwrap();
        assert!(read(specs.path(), "orders").is_err());
    }

    #[test]
    fn names() {
        assert!(check_name("order-service").is_ok());
        for bad in ["", "Order", "a/b", "..", "1a", "a b", "-a"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
