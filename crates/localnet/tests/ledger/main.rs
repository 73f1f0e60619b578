//! The ledger, exercised through the contracts that the host itself brings: Stellar asset contracts, and a few bytes
//! of hand-made wasm where a contract must be uploaded.

#![allow(clippy::unwrap_used, clippy::panic)] // the fixtures below are tests, too

mod auth;
mod clock;
mod compared;
mod costs;
mod limits;
mod tokens;
mod ttl;
mod values;
mod wasm;

use localnet::{asset, xdr::ScAddress, Auth, Keypair, Ledger, NetworkConfig, Outcome};

/// Seven decimals.
pub const ONE: i128 = 10_000_000;
/// What each account holds at first, stroops: a thousand lumens.
pub const FUNDS: i64 = 10_000_000_000;

/// Alice and Bob with funds, and a dollar that Alice holds 500 of.
pub(crate) struct World {
    pub ledger: Ledger,
    pub alice: Keypair,
    pub bob: Keypair,
    pub mallory: Keypair,
    pub usd: ScAddress,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(NetworkConfig::mainnet())
    }

    pub fn with(config: NetworkConfig) -> Self {
        let ledger = Ledger::new(config).unwrap();
        let [alice, bob, mallory, issuer] = ["alice", "bob", "mallory", "issuer"].map(|name| {
            let key = Keypair::named(name);
            ledger.create_account(&key.account_id(), FUNDS).unwrap();
            key
        });
        let dollar = asset("USD", &issuer.account_id()).unwrap();
        for holder in [&alice, &bob] {
            ledger.create_trustline(holder, &dollar, i64::MAX).unwrap();
        }
        let usd = ledger.deploy_asset(&issuer, dollar).unwrap();
        let minted = (&alice, 500 * ONE);
        ledger
            .call(&issuer, &usd, "mint", minted, Auth::Sign(&[]))
            .unwrap();
        Self {
            ledger,
            alice,
            bob,
            mallory,
            usd,
        }
    }

    pub fn balance(&self, of: &Keypair) -> i128 {
        self.ledger.view(&self.usd, "balance", (of,)).unwrap()
    }

    /// Alice sends Bob `amount`, in a transaction of her own.
    pub fn pay(&self, amount: i128) -> Outcome {
        let args = (&self.alice, &self.bob, amount);
        let auth = Auth::Sign(&[]);
        self.ledger
            .call(&self.alice, &self.usd, "transfer", args, auth)
            .unwrap()
    }
}
