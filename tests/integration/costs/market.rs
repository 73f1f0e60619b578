//! Loans of the market: with the box ticked and without, and what cover does for them.

use actuary::time::DAY;
use localnet::{xdr::ScAddress, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        loan_market::{CoverRequest, Peril},
        OnLedger,
    },
    feeds::PRICE_ONE,
    market::{Market, MarketSetup},
    scene::{applicant, fall, market_loan, market_request, COLLATERAL, MARKET_DEBT},
    world::World,
};

use super::{cost, difference, setup, Cost};

/// Lending, borrowing, liquidating, surrendering.
pub(super) fn measure() -> Vec<Cost> {
    let world = World::new(&setup());
    world.stake("lp", 10_000_000 * UNIT);
    let setup = MarketSetup {
        peg: 2_000 * PRICE_ONE,
        ..MarketSetup::default()
    };
    let market = Market::found(&world, &setup);
    [
        lending(&world, &market),
        borrowing(&world, &market),
        liquidating(&world, &market),
        surrendering(&world, &market),
    ]
    .concat()
}

fn lending(world: &World, market: &Market) -> Vec<Cost> {
    let before = world.ledger.snapshot();
    let lender = world.funded("lender", 1_000 * UNIT);
    let supply = market.platform.supply(&lender, 1_000 * UNIT, 0);
    let supplied = cost(world, "supply to the market", supply, &lender);
    let shares = market.platform.shares_of(&lender).view(&world.ledger);
    let redeem = market.platform.redeem(&lender, shares.unwrap(), 0, &lender);
    let redeemed = cost(world, "redeem from the market", redeem, &lender);
    world.ledger.revert(&before);
    vec![supplied, redeemed]
}

fn borrowing(world: &World, market: &Market) -> Vec<Cost> {
    let owner = applicant(world, "opener", 0);
    let ready = world.ledger.snapshot();
    let borrow = |operation: &str, insure: Option<CoverRequest>| {
        world.ledger.revert(&ready);
        let call = market
            .platform
            .borrow(&owner, COLLATERAL, MARKET_DEBT, &insure, &None);
        cost(world, operation, call, &owner)
    };
    let plain = borrow("borrow on the market", None);
    let insured = borrow(
        "borrow on the market, insured",
        Some(market_request(&[Peril::Default])),
    );
    world.ledger.revert(&ready);
    vec![
        difference("insure while borrowing", &insured, &plain),
        plain,
        insured,
    ]
}

fn liquidating(world: &World, market: &Market) -> Vec<Cost> {
    let before = world.ledger.snapshot();
    let [advanced, defaulted] =
        [Peril::Advance, Peril::Default].map(|peril| borrow(world, market, peril));
    let liquidator = world.funded("liquidator", 100_000 * UNIT);
    world.watch(3 * DAY + 3_600);
    fall(world, &[1_600, 1_300]);
    let rescue = market.insurer.rescue(&vec![advanced], &world.keeper);
    let rescued = cost(world, "rescue 1 loan of the market", rescue, &world.keeper);
    fall(world, &[1_050, 900]);
    let fallen = world.ledger.snapshot();
    let liquidate = |settles_cover: bool, operation: &str| {
        world.ledger.revert(&fallen);
        let max = 20_000 * UNIT;
        let call =
            market
                .platform
                .liquidate(&defaulted, &liquidator, COLLATERAL, max, settles_cover);
        cost(world, operation, call, &liquidator)
    };
    let covered = liquidate(true, "liquidate with bad debt, cover settled");
    let left_out = liquidate(false, "liquidate with bad debt, cover left out");
    let settle = market.platform.settle_cover(&defaulted, &world.keeper);
    let settled = cost(world, "settle cover left out", settle, &world.keeper);
    world.ledger.revert(&before);
    vec![rescued, covered, left_out, settled]
}

fn surrendering(world: &World, market: &Market) -> Vec<Cost> {
    let before = world.ledger.snapshot();
    let owner = Keypair::named("borrower of Collateral");
    let loan = borrow(world, market, Peril::Collateral);
    world.sleep(2 * DAY);
    fall(world, &[1_920, 1_840]);
    world.watch(7 * 3_600);
    let surrender = market.insurer.surrender(&loan, UNIT, 0);
    let first = world.ledger.snapshot();
    let claim = surrender.clone().send(&world.ledger, &owner).unwrap();
    world.ledger.revert(&first);
    let surrendered = cost(world, "surrender collateral", surrender, &owner);
    world.watch(2 * DAY + 60);
    let finalize = market.insurer.finalize(claim, &world.keeper);
    let finalized = cost(world, "finalise a surrender", finalize, &world.keeper);
    let buyer = world.funded("buyer", 10_000 * UNIT);
    let buy = market.salvage.buy(claim, &buyer, UNIT, 2_000 * UNIT);
    let bought = cost(world, "buy a lot of salvage", buy, &buyer);
    world.ledger.revert(&before);
    vec![surrendered, finalized, bought]
}

fn borrow(world: &World, market: &Market, peril: Peril) -> ScAddress {
    let name = format!("borrower of {peril:?}");
    market_loan(world, market, &name, &[peril]).1
}
