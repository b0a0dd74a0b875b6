//! The documents, and the table of their types.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rpc_codegen::Input;
use rpc_codegen::ir::{Scalar, Service, Shape, Type, TypeDef};

/// The services and the golden folders whose crates this package depends on.
const MANIFEST: &str = include_str!("../../Cargo.toml");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A spec folder, by its path in the repository.
pub(super) fn read(folder: &str) -> Input {
    let path = root().join(folder);
    let mut input = Input {
        service: Path::new(folder).file_name().unwrap().to_str().unwrap().into(),
        ..Input::default()
    };
    for file in fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("openapi.") {
            input.document.clone_from(&name);
        }
        input.files.insert(name, fs::read(file).unwrap());
    }
    input
}

/// Types that are read and written as JSON: those that travel, without files.
pub(super) fn types(service: &Service) -> Vec<&TypeDef> {
    let all = service.types.iter().map(|(_, def)| def);
    all.filter(|def| (def.direction.request || def.direction.reply) && !has_file(&def.shape)).collect()
}

fn has_file(shape: &Shape) -> bool {
    fn is_file(ty: &Type) -> bool {
        match ty {
            Type::Scalar(scalar) => matches!(scalar, Scalar::File | Scalar::Binary),
            Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
                is_file(inner)
            }
            Type::Tuple(items) => items.iter().any(is_file),
            Type::Named(_) | Type::Any | Type::Null => false,
        }
    }
    match shape {
        Shape::Struct(object) => object.fields.iter().any(|field| is_file(&field.ty)),
        Shape::Alias(ty, _) => is_file(ty),
        Shape::Enum(_) | Shape::Union(_) => false,
    }
}

/// `table.rs` as it should be.
pub(super) fn table() -> String {
    let mut text = String::from(
        "//! Every type that is read and written as JSON. Written by `UPDATE_EXPECT=1 cargo test -p integration --test round_trips`.\n\n\
         #![allow(deprecated, reason = \"the documents deprecate some\")]\n\n\
         use super::{Round, round};\n\n#[rustfmt::skip]\npub(super) const TYPES: &[(&str, &str, Round)] = &[\n",
    );
    let mut count = 0;
    for line in MANIFEST.lines().filter(|line| line.contains("/expected\"") || line.contains("../generated/"))
    {
        let package = line.split(' ').next().unwrap();
        let folder = match package.strip_prefix("golden-") {
            Some(name) => format!("rpc-codegen/tests/golden/{name}"),
            None => format!("specs/{package}"),
        };
        let service = rpc_codegen::resolve(&read(&folder)).unwrap();
        for def in types(&service) {
            let krate = package.replace('-', "_");
            writeln!(text, "    (\"{folder}\", \"{0}\", round::<{krate}::types::{0}>),", def.name).unwrap();
            count += 1;
        }
    }
    assert!(count > 100, "only {count} types");
    text.push_str("];\n");
    text
}
