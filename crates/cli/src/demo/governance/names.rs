//! What contracts are called, by their code.

use localnet::xdr::ScAddress;
use localnet::Ledger;
use sha2::{Digest, Sha256};
use testkit::wasm;

/// The contracts that a vote may call, by their crates.
const CRATES: [(&str, &[u8]); 11] = [
    ("blend-adapter", wasm::BLEND_ADAPTER),
    ("blend-lenders", wasm::BLEND_LENDERS),
    ("claim-issuer", wasm::CLAIM_ISSUER),
    ("cover-pool", wasm::COVER_POOL),
    ("identity-verifier", wasm::IDENTITY_VERIFIER),
    ("insured-vault", wasm::INSURED_VAULT),
    ("loan-market", wasm::LOAN_MARKET),
    ("market-adapter", wasm::MARKET_ADAPTER),
    ("plt", wasm::PLT),
    ("price-hub", wasm::PRICE_HUB),
    ("sanctions", wasm::SANCTIONS),
];

/// Which crate each contract of a ledger is; those of others are left out.
pub fn crates(ledger: &Ledger) -> Vec<(ScAddress, &'static str)> {
    let known = CRATES.map(|(name, code)| (<[u8; 32]>::from(Sha256::digest(code)), name));
    let contracts = ledger.contracts().into_iter();
    let named = contracts.filter_map(|(address, hash)| {
        let (_, name) = known.iter().find(|(other, _)| *other == hash)?;
        Some((address, *name))
    });
    named.collect()
}
