use expect_test::expect;
use serde_json::json;

use super::*;

fn tiny() -> serde_json::Value {
    json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "0"}, "paths": {},
        "components": {"schemas": {
            "Line": {"type": "object", "required": ["sku", "at"], "properties": {
                "sku": {"type": "string", "nullable": true},
                "at": {"type": "string", "x-rust-type": {"crate": "own", "version": "*", "path": "own::At"}},
            }},
            "Order": {"type": "object", "required": ["lines"], "properties": {
                "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
            }},
        }},
    })
}

/// What progenitor writes, to the letter: a new version that writes something else fails here first.
#[test]
fn canary() {
    let mut file = generate(tiny()).unwrap();
    file.items.retain(|item| matches!(item, Item::Mod(module) if module.ident == "types"));
    expect![[r#"
        /// Types used as operation parameters and responses.
        #[allow(clippy::all)]
        pub mod types {
            ///`Line`
            #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
            pub struct Line {
                pub at: ::own::At,
                #[serde(deserialize_with = "::std::option::Option::deserialize")]
                pub sku: ::std::option::Option<::std::string::String>,
            }
            ///`Order`
            #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
            pub struct Order {
                pub lines: ::std::vec::Vec<Line>,
            }
            /// Error types.
            pub mod error {
                /// Error from a `TryFrom` or `FromStr` implementation.
                pub struct ConversionError(::std::borrow::Cow<'static, str>);
                impl ::std::error::Error for ConversionError {}
                impl ::std::fmt::Display for ConversionError {
                    fn fmt(
                        &self,
                        f: &mut ::std::fmt::Formatter<'_>,
                    ) -> Result<(), ::std::fmt::Error> {
                        ::std::fmt::Display::fmt(&self.0, f)
                    }
                }
                impl ::std::fmt::Debug for ConversionError {
                    fn fmt(
                        &self,
                        f: &mut ::std::fmt::Formatter<'_>,
                    ) -> Result<(), ::std::fmt::Error> {
                        ::std::fmt::Debug::fmt(&self.0, f)
                    }
                }
                impl From<&'static str> for ConversionError {
                    fn from(value: &'static str) -> Self {
                        Self(value.into())
                    }
                }
                impl From<String> for ConversionError {
                    fn from(value: String) -> Self {
                        Self(value.into())
                    }
                }
            }
        }
    "#]]
    .assert_eq(&prettyplease::unparse(&file));
}

#[test]
fn takes_structs_only() {
    let found = structs_in(&generate(tiny()).unwrap()).unwrap();
    let names: Vec<&String> = found.keys().collect();
    assert_eq!(names, ["Line", "Order"]);
    assert_eq!(found["Line"]["at"].to_string(), "super :: At");
}

#[test]
fn refuses_what_is_new() {
    let check = |source: &str, part: &str| {
        let error = structs_in(&syn::parse_str(source).unwrap()).unwrap_err();
        assert!(error.contains(part), "{error}");
    };
    check("", "no module `types`");
    check("pub mod types { pub enum E {} }", "an item that is new: an enum");
    check("pub mod types { impl X {} }", "an item that is new: an impl");
    check("pub mod types { pub struct X(u8); }", "without named fields");
    check("pub mod types { pub struct X { a: u8 } }", "private field");
    check("pub mod types { pub struct X { pub a: ::chrono::Date } }", "a path that is new: chrono::Date");
    check("pub mod types { pub struct X { pub a: [u8; 2] } }", "a type that is new");
}
