//! Claims that the court admits itself, and claims that an adapter hands on.

use testkit::{
    bindings::{
        insured_vault::{self as vault, VaultError},
        loan_market::{self, Route},
        OnLedger,
    },
    market::{Market, MarketSetup, MARKET_LOANS},
};

use super::*;

/// What the vault's policy covers.
const COVER: i128 = 5_000 * UNIT;
const LOSS: i128 = 3_000 * UNIT;

/// A vault with a depositor, insured against a loss of its platform for longer than its waiting period.
fn insured_vault(world: &World) -> (vault::Client, Keypair) {
    let vault = world.deploy_vault("vault");
    let lender = world.funded("lender", 10_000 * UNIT);
    let deposit = vault.deposit(10_000 * UNIT, &lender, &lender, &lender);
    deposit.send(&world.ledger, &lender).unwrap();
    let request = vault::CoverRequest {
        limit: COVER,
        max_premium: 200 * UNIT,
        max_rate: 5_000_000,
        perils: vec![vault::Peril::Contract],
        route: vault::Route::Repay,
        weeks: 8,
    };
    let insure = vault.insure(&vault.0, &request);
    insure.send(&world.ledger, &world.owner).unwrap();
    world.sleep(15 * DAY);
    (vault, lender)
}

#[test]
fn a_loss_that_leaves_no_deficit_is_admitted_and_granted_by_the_court() {
    let (world, votes) = judged(&Setup::default());
    let (vault, lender) = insured_vault(&world);
    let ledger = &world.ledger;
    let settled = vault.settle(&world.keeper).send(ledger, &world.keeper);
    assert_eq!(settled, Ok(0), "no contract proves it");
    let appeal = cover::Appeal {
        amount: LOSS,
        occurred_at: ledger.now(),
        peril: cover::Peril::Contract,
    };
    let interest = cover::Interest(vault.0.clone(), cover::Class::Deposit);
    let admit = world.cover.appeal(&interest, &appeal, &votes.governor.0);
    closed(ledger, &world.owner, admit.clone());
    let before = books(&world);
    votes.decide(&world, &Proposal::new("We hear the vault.").with(admit));
    let admitted = books(&world);
    assert_eq!(admitted.pending, LOSS, "pending");
    assert_eq!(before.exposure - admitted.exposure, LOSS, "out of force");
    let claim = world.cover.claim(1).view(ledger).unwrap().unwrap();
    assert_eq!((claim.bond, admitted.bonds), (0, 0), "without a bond");
    world.sleep(26 * HOUR);
    world.usdc.mint(ledger, &lender.address(), UNIT);
    let buy_in = || vault.deposit(UNIT, &lender, &lender, &lender);
    let early = buy_in().send(ledger, &lender);
    refused(early, VaultError::Unsettled as u32, "nobody buys into it");
    votes.decide(&world, &proposal(&world, 1, LOSS));
    let assets = vault.state().view(ledger).unwrap();
    let held = usdc_of(&world, &vault.0);
    let finalize = world.cover.finalize(1, &world.keeper);
    let paid = finalize.send(ledger, &world.keeper);
    assert_eq!(paid, Ok(LOSS), "granted");
    assert_eq!(usdc_of(&world, &vault.0) - held, LOSS, "the vault's");
    let settled = vault.settle(&world.keeper).send(ledger, &world.keeper);
    assert!(settled.is_ok(), "booked: {settled:?}");
    let after = vault.state().view(ledger).unwrap();
    assert_eq!(after.cash - assets.cash, LOSS, "the depositors'");
    assert_eq!(after.assets_low - assets.assets_low, LOSS, "what they own");
    let settled = vault.settle(&world.keeper).send(ledger, &world.keeper);
    assert_eq!(settled, Ok(0), "once");
    let closed = books(&world);
    assert_eq!((closed.pending, closed.bonds), (0, 0), "nothing waits");
    let reserve = admitted.reserve - admitted.reserve.min(LOSS);
    assert_eq!(closed.reserve, reserve, "the reserve paid first");
    world.sleep(26 * HOUR);
    let later = buy_in().send(ledger, &lender);
    assert!(later.is_ok(), "open again: {later:?}");
}

#[test]
fn a_claim_by_the_route_of_its_adapter_is_finalised_by_it() {
    let (world, votes) = judged(&Setup::default());
    let market = Market::found(&world, &MarketSetup::default());
    let perils = [loan_market::Peril::Grant];
    let (owner, loan, _) = scene::market_loan(&world, &market, "borrower", &perils);
    let ledger = &world.ledger;
    world.sleep(2 * DAY);
    let interest = cover::Interest(loan.clone(), cover::Class::Loan);
    let policy = || {
        let policy = world.cover.policy(&interest).view(ledger).unwrap();
        policy.unwrap()
    };
    assert_eq!(policy().route as u32, Route::Adapter as u32, "its route");
    assert_eq!(policy().group, MARKET_LOANS, "its group");
    let appeal = cover::Appeal {
        amount: LOSS,
        occurred_at: ledger.now(),
        peril: cover::Peril::Grant,
    };
    let appeal = world.cover.appeal(&interest, &appeal, &owner);
    let claim = appeal.send(ledger, &owner).unwrap();
    let amount = payout(LOSS, 1_000_000);
    assert_eq!(books(&world).pending, amount, "nine tenths");
    let granted = amount / 2;
    votes.decide(&world, &proposal(&world, claim, granted));
    let direct = world.cover.finalize(claim, &world.keeper);
    closed(ledger, &world.keeper, direct);
    let debt = market.loan(ledger, &loan).debt;
    let finalize = market.insurer.finalize(claim, &world.keeper);
    let paid = finalize.send(ledger, &world.keeper);
    assert_eq!(paid, Ok(granted), "handed on");
    let repaid = debt - market.loan(ledger, &loan).debt;
    assert_eq!(repaid, granted, "off the debt");
    let left = usdc_of(&world, &market.insurer.0);
    assert_eq!(left, 0, "nothing stays with the adapter");
    assert_eq!(policy().limit, LIMIT - granted, "what was denied is back");
    assert_eq!(policy().paid, granted, "booked");
}
