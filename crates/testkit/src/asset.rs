//! Classic assets behind Stellar asset contracts, and who holds them.

use localnet::{
    xdr::{self, ScAddress},
    Auth, Keypair, Ledger,
};

/// One token of a classic asset in its smallest unit.
pub const UNIT: i128 = 10_000_000;

/// A classic asset with its issuer and its contract.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its code, for people.
    pub code: String,
    /// The issuer, who may mint.
    pub issuer: Keypair,
    /// The classic asset.
    pub classic: xdr::Asset,
    /// Its Stellar asset contract.
    pub contract: ScAddress,
}

impl Asset {
    /// Creates an issuer, the asset and its contract.
    pub fn issue(ledger: &Ledger, code: &str) -> Self {
        let issuer = Keypair::named(&format!("{code} issuer"));
        ledger
            .create_account(&issuer.account_id(), 1_000_000 * 10_000_000)
            .unwrap();
        let classic = localnet::asset(code, &issuer.account_id()).unwrap();
        let contract = ledger.deploy_asset(&issuer, classic.clone()).unwrap();
        Self {
            code: code.into(),
            issuer,
            classic,
            contract,
        }
    }

    /// Lets the issuer take the asset back from contracts that receive it from now on.
    pub fn enable_clawback(&self, ledger: &Ledger) {
        const REVOCABLE_AND_CLAWBACK: u32 = 0b1010;
        ledger
            .add_account_flags(&self.issuer, REVOCABLE_AND_CLAWBACK)
            .unwrap();
    }

    /// Lets an account hold the asset.
    pub fn trust(&self, ledger: &Ledger, holder: &Keypair) {
        ledger
            .create_trustline(holder, &self.classic, i64::MAX)
            .unwrap();
    }

    /// Mints `amount` to an account that trusts the asset, or to a contract.
    pub fn mint(&self, ledger: &Ledger, to: &ScAddress, amount: i128) {
        ledger
            .call(
                &self.issuer,
                &self.contract,
                "mint",
                (to, amount),
                Auth::Sign(&[]),
            )
            .unwrap();
    }

    /// Lets the issuer take `amount` back from a holder that received it after [`Asset::enable_clawback`].
    pub fn claw_back(&self, ledger: &Ledger, from: &ScAddress, amount: i128) {
        let args = (from, amount);
        let sign = Auth::Sign(&[]);
        ledger
            .call(&self.issuer, &self.contract, "clawback", args, sign)
            .unwrap();
    }

    /// Whether the issuer lets an account that trusts the asset use it; after [`Asset::enable_clawback`].
    pub fn authorise(&self, ledger: &Ledger, holder: &Keypair, is_allowed: bool) {
        let args = (holder, is_allowed);
        let sign = Auth::Sign(&[]);
        ledger
            .call(&self.issuer, &self.contract, "set_authorized", args, sign)
            .unwrap();
    }

    /// What `holder` has.
    pub fn balance(&self, ledger: &Ledger, holder: &ScAddress) -> i128 {
        ledger.view(&self.contract, "balance", (holder,)).unwrap()
    }

    /// Sends `amount` from an account.
    pub fn transfer(&self, ledger: &Ledger, from: &Keypair, to: &ScAddress, amount: i128) {
        ledger
            .call(
                from,
                &self.contract,
                "transfer",
                (from, to, amount),
                Auth::Sign(&[]),
            )
            .unwrap();
    }
}
