//! `borrow` with the box ticked: quote, loan and cover in one transaction and one signature.

use localnet::Auth;
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool::CoverError,
        loan_market::{CoverRequest, LoanFacts, MarketError, Peril},
        market_adapter as insurer,
        market_adapter::AdapterError,
        OnLedger,
    },
};

use super::{applicant, insured, policy, request, world, DEBT};
use crate::stage::{only_sender, price, refused, unauthorised, usdc, COLLATERAL, LIMIT};

#[test]
fn the_premium_comes_out_of_what_is_borrowed_in_one_transaction_with_one_signature() {
    let (world, market) = world();
    let owner = applicant(&world, "borrower");
    let ledger = &world.ledger;
    let facts = insurer::LoanFacts {
        borrow_rate: 0,
        collateral: COLLATERAL,
        debt: DEBT,
        owner: owner.address(),
    };
    let asked = insurer::CoverRequest {
        limit: LIMIT,
        max_premium: 300 * UNIT,
        max_rate: 0,
        perils: vec![insurer::Peril::Default],
        route: insurer::Route::Adapter,
        weeks: 8,
    };
    let shown = market
        .insurer
        .quote_loan(&market.platform.0, &facts, &asked)
        .view(ledger)
        .unwrap();
    let call = market.platform.borrow(
        &owner,
        COLLATERAL,
        DEBT,
        &Some(request(&[Peril::Default])),
        &None,
    );
    let outcome = call.outcome(ledger, &owner, Auth::Sign(&[])).unwrap();
    let (loan, quote): (localnet::xdr::ScAddress, Option<insurer::Quote>) = outcome.get().unwrap();
    assert_eq!(quote, Some(shown.clone()), "the price that was shown");
    let policy = policy(&world, &loan);
    assert_eq!(policy.limit, LIMIT, "insured up to");
    assert_eq!(policy.owner, owner.address(), "holds the policy");
    assert_eq!(
        usdc(&world, &owner),
        DEBT - shown.premium,
        "the premium came out of the amount"
    );
    let debt = super::loan(&world, &market, &loan).debt;
    assert_eq!(debt, DEBT, "owed");
}

#[test]
fn the_owner_alone_may_borrow() {
    let (world, market) = world();
    let owner = applicant(&world, "borrower");
    let stranger = world.actor("stranger");
    let call = market.platform.borrow(
        &owner,
        COLLATERAL,
        DEBT,
        &Some(request(&[Peril::Default])),
        &None,
    );
    unauthorised(
        call.clone().send(&world.ledger, &stranger),
        "without the owner's signature",
    );
    let own = only_sender(&call);
    let bare = call.outcome(&world.ledger, &owner, Auth::Explicit(&[own]));
    unauthorised(bare, "with a signature that allows no transfer");
}

#[test]
fn another_payer_signs_the_same_call_and_holds_the_policy() {
    let (world, market) = world();
    let (owner, sponsor) = (
        applicant(&world, "borrower"),
        world.funded("sponsor", 1_000 * UNIT),
    );
    let call = market.platform.borrow(
        &owner,
        COLLATERAL,
        DEBT,
        &Some(request(&[Peril::Default])),
        &Some(sponsor.address()),
    );
    unauthorised(
        call.clone().send(&world.ledger, &owner),
        "without the sponsor",
    );
    let opened = call.send_signed(&world.ledger, &owner, &[&sponsor]);
    let (loan, _) = opened.unwrap();
    assert_eq!(policy(&world, &loan).owner, sponsor.address(), "holder");
    assert_eq!(usdc(&world, &owner), DEBT, "the borrower pays nothing");
}

#[test]
fn what_is_not_sold_says_why_and_opens_no_loan() {
    let (world, market) = world();
    let owner = applicant(&world, "borrower");
    let ledger = &world.ledger;
    let borrow = |request| market.borrow(ledger, &owner, COLLATERAL, DEBT, Some(request));
    let tiny = borrow(but(|request| request.max_premium = 1));
    refused(tiny, CoverError::PremiumTooHigh as u32, "too dear");
    let long = borrow(but(|request| request.weeks = 14));
    refused(long, CoverError::InvalidTerm as u32, "14 weeks");
    let contract = borrow(but(|request| {
        request.perils = vec![Peril::Contract];
    }));
    refused(contract, AdapterError::WrongRoute as u32, "not a loan's");
    price(&world, 1_900);
    world.watch(1_800);
    price(&world, 1_800);
    world.watch(1_800);
    let falling = borrow(request(&[Peril::Default]));
    refused(falling, AdapterError::PriceFalling as u32, "armed");
    let loans = market.platform.loans_of(&owner).view(ledger).unwrap();
    assert_eq!(loans, vec![], "no loan was opened");
    assert_eq!(
        world.collateral.balance(ledger, &owner.address()),
        COLLATERAL,
        "nothing was taken"
    );
}

/// The usual request with a change.
fn but(change: impl FnOnce(&mut CoverRequest)) -> CoverRequest {
    let mut request = request(&[Peril::Default]);
    change(&mut request);
    request
}

#[test]
fn a_loan_has_one_policy() {
    let (world, market) = world();
    let (owner, loan, _) = insured(&world, &market, "borrower", &[Peril::Default]);
    let again = market
        .platform
        .insure(&loan, &owner, &request(&[Peril::Liquidation]));
    refused(
        again.send(&world.ledger, &owner),
        CoverError::AlreadyInsured as u32,
        "a second one",
    );
}

#[test]
fn an_insured_owner_takes_out_no_more_than_was_rated() {
    let (world, market) = world();
    let (owner, loan, _) = insured(&world, &market, "borrower", &[Peril::Default]);
    let more = market
        .platform
        .borrow_more(&loan, 1_000 * UNIT, &owner)
        .send(&world.ledger, &owner);
    refused(
        more,
        AdapterError::AboveRatedLtv as u32,
        "beyond the rating",
    );
    let none = market
        .platform
        .borrow_more(&loan, 0, &owner)
        .send(&world.ledger, &owner);
    refused(none, MarketError::InvalidAmount as u32, "nothing");
    let LoanFacts { debt, .. } = super::loan(&world, &market, &loan);
    assert_eq!(debt, DEBT, "unchanged");
}
