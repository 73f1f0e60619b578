//! Writes a client for every contract that only tests have.

use std::{env, error::Error, fs, path::Path};

const CONTRACTS: [&str; 4] = [
    "broken_pool",
    "chainlink_feed",
    "corner_bank",
    "flash_borrower",
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../target/contracts");
    for name in CONTRACTS {
        let path = bindgen::wasm_path(&folder, name);
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let code = bindgen::modules(&bindgen::read(&folder, &CONTRACTS)?);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("bindings.rs"), code)?;
    Ok(())
}
