//! What the tests start from: a world with capital, and borrowers with insured loans.

use actuary::{
    health::{Loan, TARGET},
    loss::payout_down,
    Assets, Rate,
};
use localnet::{xdr::ScAddress, Auth, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter as adapter, cover_pool as cover, position},
    scene,
    world::{Setup, World, LOANS},
};

pub use actuary::time::{DAY, HOUR, WEEK};
pub use testkit::{
    bindings::{blend_adapter::AdapterError, cover_pool::CoverError, OnLedger},
    refusal::*,
    scene::{books, fall, filed, grant, interest, paid, policy, price, rescue, COLLATERAL, LIMIT},
};

/// What the LP of [`world`] stakes.
pub const CAPITAL: i128 = 2_000_000 * UNIT;
/// What a usual loan owes: 8 000 USDC against 10 at 2 000 USDC, a health factor of 1.78.
pub const DEBT: i128 = 8_000 * UNIT;
/// What a borrower has for premiums.
pub const PURSE: i128 = 10_000 * UNIT;
/// Base rates of the world's group of loans.
pub const BASES: [(cover::Peril, u32); 2] = [
    (cover::Peril::Advance, 150_000),
    (cover::Peril::Grant, 1_200_000),
];

/// A world whose cover pool has capital.
pub fn world() -> World {
    staked(&Setup::default(), CAPITAL)
}

/// A world of this setup whose LP staked `capital`.
pub fn staked(setup: &Setup, capital: i128) -> World {
    let world = World::new(setup);
    world.stake("lp", capital);
    world
}

/// A tick box: this peril at [`LIMIT`] for eight weeks, repaying.
pub fn request(peril: adapter::Peril) -> adapter::CoverRequest {
    adapter::CoverRequest {
        limit: LIMIT,
        max_premium: 300 * UNIT,
        max_rate: 0,
        perils: vec![peril],
        route: adapter::Route::Repay,
        weeks: 8,
    }
}

/// What `actuary` says is paid for a loss under this co-insurance, without a deductible.
pub fn payout(loss: Assets, co_insurance: i128, limit: Assets) -> i128 {
    let co_insurance = Rate::from_raw(co_insurance);
    let paid = payout_down(loss, Assets::ZERO, co_insurance, limit);
    paid.unwrap().raw()
}

/// A borrower with [`COLLATERAL`] and [`PURSE`].
pub fn applicant(world: &World, name: &str) -> Keypair {
    scene::applicant(world, name, PURSE)
}

/// A borrower and their insured loan.
pub fn insured(
    world: &World,
    name: &str,
    request: adapter::CoverRequest,
) -> (Keypair, position::Client, adapter::Quote) {
    let owner = applicant(world, name);
    let opened = world.open_loan(&owner, COLLATERAL, DEBT, Some(request));
    let (position, quote) = opened.unwrap();
    (owner, position, quote.unwrap())
}

/// The usual loan.
pub fn loan(world: &World) -> adapter::Loan {
    adapter::Loan {
        collateral: COLLATERAL,
        collateral_asset: world.collateral.contract.clone(),
        debt: DEBT,
        platform: world.pool.address.clone(),
    }
}

/// Confirms the base rates of loans, without which nothing is sold after a week.
pub fn confirm_bases(world: &World) {
    for (peril, base) in BASES {
        let call = world.cover.set_base(LOANS, &peril, base);
        call.send(&world.ledger, &world.owner).unwrap();
    }
}

/// Lets the cover pool take up to `amount` from `payer`.
pub fn allow(world: &World, payer: &Keypair, amount: i128) {
    let until = world.ledger.sequence() + 2_000_000;
    let args = (payer, &world.cover.0, amount, until);
    let token = &world.usdc.contract;
    let sign = Auth::Sign(&[]);
    world
        .ledger
        .call(payer, token, "approve", args, sign)
        .unwrap();
}

/// What `actuary` says that a position of the world's market needs to reach the target, at the hub's price.
pub fn needed(world: &World, position: &position::Client) -> i128 {
    let health = world.health(position);
    let loan = Loan {
        collateral: Assets::from_raw(health.value),
        debt: Assets::from_raw(health.debt),
        collateral_factor: Rate::from_raw(7_500_000),
        liability_factor: Rate::from_raw(9_500_000),
    };
    loan.repay_to_reach_up(TARGET).unwrap().raw()
}

/// USDC that somebody holds.
pub fn usdc(world: &World, holder: &Keypair) -> i128 {
    usdc_of(world, &holder.address())
}

/// USDC at an address.
pub fn usdc_of(world: &World, holder: &ScAddress) -> i128 {
    world.usdc.balance(&world.ledger, holder)
}
