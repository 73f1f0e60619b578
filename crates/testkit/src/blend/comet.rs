//! Comet, the exchange whose shares are the backstop token.

use localnet::{xdr::ScAddress, Auth, Keypair, Ledger};

use crate::{
    asset::{Asset, UNIT},
    wasm,
};

/// BLND and USDC in the exchange: 80:20 by value.
pub(super) const COMET_BLND: i128 = 10_000_000 * UNIT;
pub(super) const COMET_USDC: i128 = 250_000 * UNIT;
/// BLND and USDC that the exchange is founded with.
pub(super) const COMET_SEED: (i128, i128) = (1_000 * UNIT, 25 * UNIT);
/// Its shares that these are worth.
const COMET_SEED_SHARES: i128 = 100 * UNIT;

/// The exchange, filled far beyond what it is founded with.
pub(super) fn deploy_backstop_token(
    ledger: &Ledger,
    admin: &Keypair,
    blnd: &Asset,
    usdc: &Asset,
) -> ScAddress {
    let tokens = [&blnd.contract, &usdc.contract];
    let seeds = [COMET_SEED.0, COMET_SEED.1];
    let comet = deploy_comet(ledger, admin, tokens, [8_000_000, 2_000_000], seeds);
    let shares = COMET_SEED_SHARES * (COMET_BLND / COMET_SEED.0) * 99 / 100;
    let args = (shares, vec![COMET_BLND, COMET_USDC], admin);
    ledger
        .call(admin, &comet, "join_pool", args, Auth::Sign(&[]))
        .unwrap();
    comet
}

/// Deploys Comet, a weighted exchange of two tokens, and founds it with `amounts` of `founder`; weights have 7 decimals. The
/// swap fee is 0.3 %.
pub fn deploy_comet(
    ledger: &Ledger,
    founder: &Keypair,
    tokens: [&ScAddress; 2],
    weights: [i128; 2],
    amounts: [i128; 2],
) -> ScAddress {
    let comet = ledger.deploy(founder, wasm::COMET, ()).unwrap();
    let swap_fee = 30_000_i128;
    let args = (founder, &tokens[..], &weights[..], &amounts[..], swap_fee);
    ledger
        .call(founder, &comet, "init", args, Auth::Sign(&[]))
        .unwrap();
    comet
}
