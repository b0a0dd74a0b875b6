mod build;
mod small;

use expect_test::{Expect, expect};

use build::*;

use super::docs::doc_lines;
use super::*;
use crate::ir::*;

fn check(defs: Vec<TypeDef>, expected: &Expect) {
    let text: String = match emit(&service(defs)) {
        Ok(modules) => modules
            .into_iter()
            .map(|module| {
                format!(
                    "// {}.rs\n{}",
                    module.module,
                    prettyplease::unparse(&syn::parse2(module.items).unwrap())
                )
            })
            .collect(),
        Err(diagnostic) => diagnostic.to_string(),
    };
    expected.assert_eq(&text);
}

#[test]
fn writes_structs() {
    let fields = vec![
        field("id", STRING, Presence::Required),
        field("note", Type::Nullable(Box::new(STRING)), Presence::Required),
        field("next", Type::List(Box::new(Type::Named(TypeId(0)))), Presence::Optional),
        field("limit", I64, Presence::Default(Default_::Int(20))),
    ];
    check(
        vec![def("Order", strukt(fields), REPLY)],
        &expect![[r###"
            // order.rs
            /// `Order`.
            #[derive(Debug, Clone, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub struct Order {
                /// `id`.
                pub id: String,
                /// `note`.
                pub note: Option<String>,
                /// `next`.
                pub next: Option<Vec<super::Order>>,
                /// `limit`.
                ///
                /// Default: `20`.
                pub limit: i64,
            }
            impl Order {
                /// With the required fields.
                #[inline]
                pub fn new(id: impl Into<String>, note: Option<String>) -> Self {
                    Self {
                        id: id.into(),
                        note,
                        next: None,
                        limit: default_limit(),
                    }
                }
            }
            rpc_runtime::codegen::object!(
                Order { 0 { 0 id "id" required read write; 1 note "note" required read write; 2 next
                "next" or_default read write_present; 3 limit "limit" or(default_limit) read_nullable
                write; } }
            );
            fn default_limit() -> i64 {
                20
            }
            #[cfg(feature = "schemars")]
            rpc_runtime::codegen::json_schema!(Order, r##"true"##, []);
        "###]],
    );
}

#[test]
fn writes_setters_and_three_states_for_requests() {
    let mut size = field("size", I64, Presence::Default(Default_::Int(20)));
    size.constraints.minimum = Some(Bound { value: "1".to_owned(), exclusive: true });
    let fields = vec![field("note", Type::Nullable(Box::new(STRING)), Presence::Optional), size];
    check(
        vec![def("Patch", strukt(fields), REQUEST)],
        &expect![[r###"
            // patch.rs
            /// `Patch`.
            #[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
            #[non_exhaustive]
            pub struct Patch {
                /// `note`.
                pub note: rpc_runtime::types::Maybe<String>,
                /// `size`.
                ///
                /// Default: `20`.
                pub size: Option<i64>,
            }
            impl Patch {
                /// With nothing set.
                #[inline]
                pub fn new() -> Self {
                    Self {
                        note: rpc_runtime::types::Maybe::Absent,
                        size: None,
                    }
                }
                /// Sets `note`.
                #[must_use]
                pub fn with_note(
                    mut self,
                    value: impl Into<rpc_runtime::types::Maybe<String>>,
                ) -> Self {
                    self.note = value.into();
                    self
                }
                /// Sets `size`.
                #[must_use]
                pub fn with_size(mut self, value: impl Into<i64>) -> Self {
                    self.size = Some(value.into());
                    self
                }
            }
            rpc_runtime::codegen::object!(
                Patch { 0 { 0 note "note" or_default read write_present; 1 size "size" or_default
                read write_present; } }
            );
            impl rpc_runtime::codegen::Validate for Patch {
                #[inline]
                fn validate(
                    &self,
                    at: &rpc_runtime::codegen::Path<'_>,
                ) -> Result<(), rpc_runtime::codegen::Violation> {
                    {
                        static RULES: rpc_runtime::codegen::Rules = rpc_runtime::codegen::Rules {
                            minimum: Some(rpc_runtime::codegen::Bound::exclusive("1")),
                            ..rpc_runtime::codegen::Rules::NONE
                        };
                        RULES.check(&at.field("size"), &self.size)?;
                    }
                    Ok(())
                }
            }
            #[cfg(feature = "schemars")]
            rpc_runtime::codegen::json_schema!(Patch, r##"true"##, []);
        "###]],
    );
}

#[test]
fn writes_enums_and_unions() {
    let values = vec![EnumValue { wire: "paid".to_owned(), name: "Paid".to_owned(), doc: None }];
    let status = Shape::Enum(ValueEnum { of: Scalar::String, values, open: true });
    let variant =
        |name: &str, ty| Variant { name: name.to_owned(), ty, tags: Vec::new(), field: String::new() };
    let amount = Type::List(Box::new(Type::Scalar(Scalar::Decimal(DecimalWire::String))));
    let union = Shape::Union(Union {
        variants: vec![variant("Status", Type::Named(TypeId(0))), variant("Amounts", amount)],
        dispatch: Dispatch::JsonType,
    });
    check(
        vec![def("Status", status, REPLY), def("Either", union, REPLY)],
        &expect![[r###"
        // status.rs
        /// `Status`.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Status {
            /// `paid`.
            Paid,
            /// A value that the document does not list, as it came.
            Unknown(String),
        }
        rpc_runtime::codegen::string_enum!(Status { Paid = "paid" });
        #[cfg(feature = "schemars")]
        rpc_runtime::codegen::json_schema!(Status, r##"true"##, []);
        // either.rs
        /// `Either`.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[allow(
            clippy::large_enum_variant,
            reason = "alternatives are as large as the document has them"
        )]
        pub enum Either {
            /// `Status`.
            Status(super::Status),
            /// `Amounts`.
            Amounts(Vec<rpc_runtime::types::Decimal>),
            /// What is none of these, as the text that came.
            Unknown(rpc_runtime::types::RawJson),
        }
        rpc_runtime::codegen::union!(
            Either, Unknown, json_type { Status : super::Status as rpc_runtime::codec::Same =
            ["string"], Amounts : Vec < rpc_runtime::types::Decimal > as Vec <
            rpc_runtime::codec::DecimalString > = ["array"], }
        );
        impl From<super::Status> for Either {
            fn from(value: super::Status) -> Self {
                Self::Status(value)
            }
        }
        impl From<Vec<rpc_runtime::types::Decimal>> for Either {
            fn from(value: Vec<rpc_runtime::types::Decimal>) -> Self {
                Self::Amounts(value)
            }
        }
        #[cfg(feature = "schemars")]
        rpc_runtime::codegen::json_schema!(Either, r##"true"##, []);
    "###]],
    );
}

#[test]
fn refuses_aliases_of_themselves() {
    let alias = Shape::Alias(Type::List(Box::new(Type::Named(TypeId(0)))), Constraints::default());
    check(
        vec![def("Tree", alias, REPLY)],
        &expect![[r#"
        error[R302]: `Tree` contains itself without an object in between
          --> spec.json:1:1 (#/components/schemas/Tree)
          help: put the list or map into a field of an object"#]],
    );
}

#[test]
fn writes_no_type_that_nothing_uses() {
    let nobody = Direction::default();
    check(vec![def("Lost", strukt(Vec::new()), nobody)], &expect![[""]]);
}
