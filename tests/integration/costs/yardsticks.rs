//! What others' contracts cost for the same: OpenZeppelin's plain vault, Blend's backstop.

use localnet::{Auth, Keypair, Ledger, NetworkConfig};
use testkit::{
    asset::{Asset, UNIT},
    blend::{Blend, ReserveConfig},
    wasm,
};

use super::Cost;

pub(super) const VAULT_DEPOSIT: &str = "OpenZeppelin vault, deposit";
pub(super) const VAULT_REDEEM: &str = "OpenZeppelin vault, redeem";
pub(super) const BACKSTOP_DEPOSIT: &str = "Blend backstop, deposit";
pub(super) const BACKSTOP_QUEUE: &str = "Blend backstop, queue withdrawal";

/// OpenZeppelin's vault as it comes, by somebody new to a vault in use.
pub(super) fn plain_vault() -> Vec<Cost> {
    let ledger = Ledger::new(NetworkConfig::mainnet()).unwrap();
    let usdc = Asset::issue(&ledger, "USDC");
    let [first, second] = ["first", "second"].map(|name| {
        let key = account(&ledger, name);
        usdc.trust(&ledger, &key);
        usdc.mint(&ledger, &key.address(), 10_000 * UNIT);
        key
    });
    let args = (&usdc.contract, "Plain USDC", "pUSDC", 3_u32);
    let vault = ledger.deploy(&first, wasm::PLAIN_VAULT, args).unwrap();
    let deposit = |by: &Keypair| {
        let args = (10_000 * UNIT, by, by, by);
        ledger
            .call(by, &vault, "deposit", args, Auth::Sign(&[]))
            .unwrap()
    };
    deposit(&first);
    let deposited = deposit(&second);
    let shares: i128 = deposited.get().unwrap();
    let args = (shares / 2, &second, &second, &second);
    let redeemed = ledger
        .call(&second, &vault, "redeem", args, Auth::Sign(&[]))
        .unwrap();
    vec![
        Cost::of(VAULT_DEPOSIT, &deposited),
        Cost::of(VAULT_REDEEM, &redeemed),
    ]
}

/// Blend's backstop on its mainnet wasm, by somebody new to it.
pub(super) fn backstop() -> Vec<Cost> {
    let mut config = NetworkConfig::mainnet();
    config.start_time = 1_767_225_600;
    let ledger = Ledger::new(config).unwrap();
    let usdc = Asset::issue(&ledger, "USDC");
    let blend = Blend::deploy(&ledger, &usdc);
    let reserves = [(&usdc, ReserveConfig::usual(9_500_000, 9_500_000))];
    let oracle = usdc.contract.clone();
    let pool = blend.create_pool(&ledger, "insured", &oracle, &reserves, 50_000 * UNIT);
    let (lp, amount) = (account(&ledger, "lp"), 1_000 * UNIT);
    let sign = Auth::Sign(&[]);
    let args = (&blend.admin, &lp, amount);
    ledger
        .call(&blend.admin, &blend.comet, "transfer", args, sign)
        .unwrap();
    let call = |function: &str, amount: i128| {
        let args = (&lp, &pool.address, amount);
        ledger
            .call(&lp, &blend.backstop, function, args, sign)
            .unwrap()
    };
    let deposited = call("deposit", amount);
    let queued = call("queue_withdrawal", amount / 2);
    vec![
        Cost::of(BACKSTOP_DEPOSIT, &deposited),
        Cost::of(BACKSTOP_QUEUE, &queued),
    ]
}

fn account(ledger: &Ledger, name: &str) -> Keypair {
    let key = Keypair::named(name);
    ledger
        .create_account(&key.account_id(), 1_000 * 10_000_000)
        .unwrap();
    key
}
