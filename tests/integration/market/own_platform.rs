//! A platform of one's own: the bank of `docs/integrate.md`, insured by the same adapter as the market.

use localnet::{xdr::ScAddress, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        corner_bank,
        corner_bank::{Config, CoverRequest, Peril, Route},
        market_adapter::{self, InsuredMarket},
        OnLedger,
    },
    market::Market,
    wasm,
    world::World,
};

use super::{applicant, paid, policy, world, DEBT};
use crate::stage::{fall, guarded, refused, unauthorised, usdc_of, COLLATERAL, DAY, LIMIT};

/// The bank, listed, with a million lent to it.
fn bank(world: &World, market: &Market) -> corner_bank::Client {
    let (ledger, owner) = (&world.ledger, &world.owner);
    let config = Config {
        asset: world.usdc.contract.clone(),
        collateral: world.collateral.contract.clone(),
        insurer: market.insurer.0.clone(),
        price_hub: world.hub.address.clone(),
    };
    let bank = ledger.deploy(owner, wasm::CORNER_BANK, (config,));
    let bank = corner_bank::Client(bank.unwrap());
    let terms = market.insurer.market(&market.platform.0).view(ledger);
    let listed = InsuredMarket {
        platform: bank.0.clone(),
        ..terms.unwrap().unwrap()
    };
    let list = market.insurer.set_market(&listed);
    list.send(ledger, owner).unwrap();
    let lender = world.funded("bank's lender", 1_000_000 * UNIT);
    let deposit = bank.deposit(&lender, 1_000_000 * UNIT);
    deposit.send(ledger, &lender).unwrap();
    bank
}

fn borrow(world: &World, bank: &corner_bank::Client, peril: Peril) -> ScAddress {
    let owner = applicant(world, "bank's borrower");
    let request = CoverRequest {
        limit: LIMIT,
        max_premium: 300 * UNIT,
        max_rate: 0,
        perils: vec![peril],
        route: Route::Adapter,
        weeks: 8,
    };
    let call = bank.borrow(&owner, COLLATERAL, DEBT, &Some(request));
    let (loan, quote) = call.send(&world.ledger, &owner).unwrap();
    let premium = quote.unwrap().premium;
    let left = usdc_of(world, &owner.address());
    assert_eq!(left, DEBT - premium, "one call, one signature");
    let more = bank.borrow_more(&loan, 1_000 * UNIT);
    refused(
        more.send(&world.ledger, &owner),
        market_adapter::AdapterError::AboveRatedLtv as u32,
        "beyond what was rated",
    );
    world.sleep(4 * DAY);
    loan
}

#[test]
fn its_loan_is_rescued() {
    let (world, market) = world();
    let bank = bank(&world, &market);
    let loan = borrow(&world, &bank, Peril::Advance);
    fall(&world, &[1_600, 1_350]);
    let rescue = market.insurer.rescue(&vec![loan.clone()], &world.keeper);
    let drawn = paid(&rescue.send(&world.ledger, &world.keeper).unwrap()[0]);
    let facts = bank.loan(&loan).view(&world.ledger).unwrap();
    assert_eq!(facts.debt, DEBT - drawn, "repaid");
}

#[test]
fn its_lenders_are_paid_in_a_liquidation() {
    let (world, market) = world();
    let bank = bank(&world, &market);
    let loan = borrow(&world, &bank, Peril::Default);
    fall(&world, &[1_600, 1_300, 1_050, 900]);
    let liquidator = world.funded("bank's liquidator", 20_000 * UNIT);
    let before = bank.books().view(&world.ledger).unwrap().supply;
    let liquidate = bank.liquidate(&loan, &liquidator, true);
    let done = liquidate.send(&world.ledger, &liquidator).unwrap();
    let covered = policy(&world, &loan).paid;
    assert_eq!(covered, done.bad_debt * 9 / 10, "nine tenths");
    let books = bank.books().view(&world.ledger).unwrap();
    assert_eq!(
        before - books.supply,
        done.bad_debt - covered,
        "the lenders bear the rest"
    );
    assert_eq!(
        usdc_of(&world, &bank.0),
        books.cash,
        "and the books hold what is there"
    );
}

#[test]
fn its_loan_is_handed_on_with_its_cover() {
    let (world, market) = world();
    let (ledger, heir) = (&world.ledger, world.actor("heir"));
    let bank = bank(&world, &market);
    let loan = borrow(&world, &bank, Peril::Advance);
    let owner = Keypair::named("bank's borrower");
    let give = world.ins.transfer(&owner, &heir, LIMIT);
    guarded(ledger, &owner, give.clone());
    give.send(ledger, &owner).unwrap();
    let facts = bank.loan(&loan).view(ledger).unwrap();
    assert_eq!(facts.owner, heir.address(), "loan");
    assert_eq!(policy(&world, &loan).owner, heir.address(), "cover");
}

#[test]
fn what_is_the_insurers_is_nobody_elses() {
    let (world, market) = world();
    let bank = bank(&world, &market);
    let loan = borrow(&world, &bank, Peril::Advance);
    let stranger = world.funded("stranger", 20_000 * UNIT);
    let ledger = &world.ledger;
    let lenders = corner_bank::Beneficiary::Lenders;
    let compensate = bank.compensate(&stranger, &lenders, UNIT);
    unauthorised(compensate.send(ledger, &stranger), "compensate");
    let refinance = bank.refinance(&loan, UNIT);
    unauthorised(refinance.send(ledger, &stranger), "refinance");
    let foreclose = bank.foreclose(&loan, &stranger, 20_000 * UNIT);
    unauthorised(foreclose.send(ledger, &stranger), "foreclose");
    let surrender = bank.surrender(&loan, UNIT, &stranger);
    unauthorised(surrender.send(ledger, &stranger), "surrender");
    let assign = bank.assign(&loan, &stranger);
    unauthorised(assign.send(ledger, &stranger), "assign");
}
