//! Built-in policies, one for each peril and one with several.

use super::input::{read, InputError, Issued};

/// Their names.
pub const EXAMPLES: [&str; 8] = [
    "advance",
    "grant",
    "default",
    "vault",
    "liquidation",
    "collateral",
    "contract",
    "all",
];

/// The JSON of an example.
pub fn example_source(name: &str) -> Option<&'static str> {
    Some(match name {
        "advance" => include_str!("examples/advance.json"),
        "grant" => include_str!("examples/grant.json"),
        "default" => include_str!("examples/default.json"),
        "vault" => include_str!("examples/vault.json"),
        "liquidation" => include_str!("examples/liquidation.json"),
        "collateral" => include_str!("examples/collateral.json"),
        "contract" => include_str!("examples/contract.json"),
        "all" => include_str!("examples/all.json"),
        _ => return None,
    })
}

/// An example; none if there is none of that name.
///
/// # Errors
/// Those of [`read`], which no built-in example has.
pub fn example(name: &str) -> Option<Result<Issued, InputError>> {
    example_source(name).map(|source| read(&format!("example {name}"), source.as_bytes()))
}
