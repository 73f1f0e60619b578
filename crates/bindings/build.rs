//! Writes a client for every contract of ours, so that callers cannot drift from the contracts.

use std::{env, error::Error, fs, path::Path};

const CONTRACTS: [&str; 17] = [
    "blend_adapter",
    "blend_lenders",
    "claim_issuer",
    "cover_pool",
    "governor",
    "identity",
    "identity_registry",
    "identity_verifier",
    "ins",
    "insured_vault",
    "loan_market",
    "market_adapter",
    "plt",
    "position",
    "price_hub",
    "salvage",
    "sanctions",
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../target/contracts");
    for name in CONTRACTS {
        let path = bindgen::wasm_path(&folder, name);
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let contracts = bindgen::read(&folder, &CONTRACTS)?;
    let code = bindgen::modules(&contracts) + &bindgen::error_names(&contracts);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("bindings.rs"), code)?;
    Ok(())
}
