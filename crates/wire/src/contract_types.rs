//! Declaring the structs and enums that contracts exchange.

/// Declares a struct that contracts exchange as a map from field names to values.
#[macro_export]
macro_rules! contract_struct {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $ty:ty),* $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $ty),* }

        impl $crate::ToScVal for $name {
            fn to_scval(&self) -> Result<$crate::xdr::ScVal, $crate::ValueError> {
                $crate::value::map(vec![$((
                    $crate::value::symbol(stringify!($field))?,
                    $crate::ToScVal::to_scval(&self.$field)?,
                )),*])
            }
        }

        impl $crate::FromScVal for $name {
            fn from_scval(value: &$crate::xdr::ScVal) -> Result<Self, $crate::ValueError> {
                Ok(Self { $($field: $crate::value::field(value, stringify!($field))?),* })
            }
        }
    };
}

/// Declares an enum that contracts exchange as a vector: the variant's name, then its values. Values are named here
/// to be told apart: `Asset { Stellar(contract: ScAddress), Other(code: Symbol), Native }`.
#[macro_export]
macro_rules! contract_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident $(($($arg:ident : $ty:ty),+ $(,)?))?),* $(,)?
    }) => {
        $(#[$meta])*
        $vis enum $name { $($(#[$variant_meta])* $variant $(($($ty),+))?),* }

        impl $crate::ToScVal for $name {
            fn to_scval(&self) -> Result<$crate::xdr::ScVal, $crate::ValueError> {
                match self {
                    $(Self::$variant $(($($arg),+))? => $crate::value::vector(vec![
                        $crate::value::symbol(stringify!($variant))?,
                        $($($crate::ToScVal::to_scval($arg)?),+)?
                    ]),)*
                }
            }
        }

        impl $crate::FromScVal for $name {
            fn from_scval(value: &$crate::xdr::ScVal) -> Result<Self, $crate::ValueError> {
                let mut items = $crate::value::items(value)?.iter();
                let missing = || $crate::ValueError::Missing(stringify!($name).into());
                let $crate::Symbol(variant) =
                    $crate::FromScVal::from_scval(items.next().ok_or_else(missing)?)?;
                match variant.as_str() {
                    $(stringify!($variant) => Ok(Self::$variant $(($(
                        <$ty as $crate::FromScVal>::from_scval(items.next().ok_or_else(missing)?)?
                    ),+))?),)*
                    _ => Err($crate::ValueError::Missing(variant)),
                }
            }
        }
    };
}
