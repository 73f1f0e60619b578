//! Attributes, and what they leave out of a deployed contract.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// Names of attributes, and their arguments as they are written.
pub fn attributes(attrs: &[Attribute]) -> Vec<(String, String)> {
    let of = |attribute: &Attribute| {
        let name = attribute.path().segments.last()?.ident.to_string();
        let arguments = match &attribute.meta {
            Meta::List(list) => list.tokens.to_token_stream().to_string(),
            Meta::Path(_) | Meta::NameValue(_) => String::new(),
        };
        Some((name, arguments))
    };
    attrs.iter().filter_map(of).collect()
}

/// Whether an item is not in a deployed contract: a test, or under a condition that only tests meet.
pub fn is_test(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.parse_args::<Meta>();
            condition.is_ok_and(|condition| holds(&condition) == Some(false))
        }
        Meta::List(_) | Meta::NameValue(_) => false,
    })
}

/// Whether a condition holds where a contract is built to be deployed; none: either may be.
fn holds(condition: &Meta) -> Option<bool> {
    match condition {
        Meta::Path(path) => path.is_ident("test").then_some(false),
        Meta::NameValue(pair) => {
            let is_testing = pair.value.to_token_stream().to_string() == "\"testutils\"";
            (pair.path.is_ident("feature") && is_testing).then_some(false)
        }
        Meta::List(list) => {
            let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            let parts: Vec<_> = parts.ok()?.iter().map(holds).collect();
            let decided = list.path.is_ident("any");
            match () {
                () if list.path.is_ident("not") => parts.first()?.map(|holds| !holds),
                () if parts.contains(&Some(decided)) => Some(decided),
                () if parts.contains(&None) => None,
                () => Some(!decided),
            }
        }
    }
}
