//! Where a struct's fields wait until all of them are there.

/// Fields of one group: as many as the longest tuple of them.
pub(super) const GROUP: usize = 16;

/// One field: its value, once it was read, and what stands for a missing one.
#[derive(Debug)]
pub struct Field<T> {
    pub(super) value: Option<T>,
    /// It stood there, if only as null.
    pub(super) seen: bool,
    missing: Option<fn() -> T>,
}

impl<T> Field<T> {
    /// A missing field is an error.
    #[inline]
    pub fn required() -> Self {
        Self { value: None, seen: false, missing: None }
    }

    /// A missing field is the type's default.
    #[inline]
    pub fn or_default() -> Self
    where
        T: Default,
    {
        Self::or(T::default)
    }

    /// A missing field is this.
    #[inline]
    pub fn or(missing: fn() -> T) -> Self {
        Self { value: None, seen: false, missing: Some(missing) }
    }

    fn end(self) -> Option<T> {
        self.value.or_else(|| self.missing.map(|missing| missing()))
    }
}

/// The fields of a group.
pub trait Fields {
    /// The values that they were for.
    type Values;

    /// The values, or the place of one that is missing.
    #[doc(hidden)]
    fn values(self) -> Result<Self::Values, usize>;
}

macro_rules! fields {
    ($($at:tt $type:ident)*) => {
        impl<$($type),*> Fields for ($(Field<$type>,)*) {
            type Values = ($($type,)*);

            #[inline]
            fn values(self) -> Result<Self::Values, usize> {
                Ok(($(self.$at.end().ok_or($at as usize)?,)*))
            }
        }
    };
}

fields!();
fields!(0 A);
fields!(0 A 1 B);
fields!(0 A 1 B 2 C);
fields!(0 A 1 B 2 C 3 D);
fields!(0 A 1 B 2 C 3 D 4 E);
fields!(0 A 1 B 2 C 3 D 4 E 5 F);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L 12 M);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L 12 M 13 N);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L 12 M 13 N 14 O);
fields!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L 12 M 13 N 14 O 15 P);
