use interfaces::adapter::{AdapterError, CoverRequest};
use interfaces::cover::{Peril, Route};
use interfaces::platform::LoanFacts;
use interfaces::price::PRICE_ONE;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{Address, InvokeError};

use super::{refused, signed, World, DAY, HOUR, LOANS, UNIT, WEEK};
use crate::storage;

/// The code that insuring a loan is refused with.
fn refusal(world: &World, loan: &Address, request: &CoverRequest) -> u32 {
    let reply = signed(&world.env, || {
        world.platform.try_insure(loan, &world.borrower, request)
    });
    match reply {
        Err(Ok(error)) => error.get_code(),
        Err(Err(InvokeError::Contract(code))) => code,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_loan_is_insured_as_it_was_quoted() {
    let world = World::new();
    let loan = world.loan();
    let request = world.request(&[Peril::Advance]);
    let (platform, facts) = (&world.platform.address, world.facts());
    let quote = world.adapter.quote_loan(platform, &facts, &request);
    let before = world.asset.balance(&world.borrower);
    let sold = signed(&world.env, || {
        world.platform.insure(&loan, &world.borrower, &request)
    });
    assert_eq!(sold, quote, "the quote");
    assert_eq!(sold.ltv_factor, 22_500_000, "rated at l = 0.625");
    let paid = before - world.asset.balance(&world.borrower);
    assert_eq!(paid, quote.premium, "premium");
    let policy = world.policy(&loan);
    assert_eq!(
        (policy.owner, policy.group),
        (world.borrower.clone(), LOANS),
        "policy"
    );
    let kept = world
        .env
        .as_contract(&world.adapter.address, || {
            storage::registration(&world.env, &loan)
        })
        .unwrap();
    assert_eq!(kept.0, world.platform.address, "platform");
    assert_eq!(
        (kept.1, kept.2),
        (6_250_000, 2 * PRICE_ONE),
        "rating and price"
    );
}

#[test]
fn who_pays_for_another_ones_loan_holds_the_policy() {
    let world = World::new();
    let (loan, sponsor) = (world.loan(), Address::generate(&world.env));
    world.mint(&world.asset, &sponsor, 100 * UNIT);
    let request = world.request(&[Peril::Advance]);
    signed(&world.env, || {
        world.platform.insure(&loan, &sponsor, &request)
    });
    let policy = world.policy(&loan);
    assert_eq!(
        (policy.owner, policy.payer),
        (sponsor.clone(), sponsor),
        "policy"
    );
}

#[test]
fn only_the_platforms_own_route_and_perils_are_sold() {
    let world = World::new();
    let loan = world.loan();
    let wrong = AdapterError::WrongRoute as u32;
    for route in [Route::Repay, Route::BuyCollateral] {
        let request = CoverRequest {
            route,
            ..world.request(&[Peril::Advance])
        };
        assert_eq!(refusal(&world, &loan, &request), wrong, "{route:?}");
        let (platform, facts) = (&world.platform.address, world.facts());
        let quoted = world.adapter.try_quote_loan(platform, &facts, &request);
        assert_eq!(refused(quoted), wrong, "{route:?}, quoted");
    }
    let contract = world.request(&[Peril::Advance, Peril::Contract]);
    assert_eq!(refusal(&world, &loan, &contract), wrong, "lenders' peril");
    let world = World::unlisted();
    let mut market = world.market();
    market.peg = 0;
    signed(&world.env, || world.adapter.set_market(&market));
    let collateral = world.request(&[Peril::Collateral]);
    let loan = world.loan();
    assert_eq!(refusal(&world, &loan, &collateral), wrong, "no reference");
}

#[test]
fn nothing_is_sold_while_a_peril_is_under_way() {
    let world = World::new();
    let (loan, request) = (world.loan(), world.request(&[Peril::Default]));
    let platform = &world.platform.address;
    assert_eq!(world.adapter.armed(platform), 0, "calm");
    world.set_price(194);
    world.watch(HOUR);
    let below = AdapterError::BelowPeg as u32;
    assert_eq!(world.adapter.armed(platform), below, "below 97.5 %");
    assert_eq!(refusal(&world, &loan, &request), below, "below 97.5 %");
    world.set_price(180);
    world.watch(HOUR);
    let falling = AdapterError::PriceFalling as u32;
    assert_eq!(refusal(&world, &loan, &request), falling, "falling");
    world.set_price(120);
    let quarantined = AdapterError::PriceQuarantined as u32;
    assert_eq!(refusal(&world, &loan, &request), quarantined, "a jump");
    world.pass(3 * HOUR);
    let unavailable = AdapterError::PriceUnavailable as u32;
    assert_eq!(refusal(&world, &loan, &request), unavailable, "no price");
    assert_eq!(
        world.adapter.armed(&loan),
        AdapterError::NotInsuredHere as u32,
        "no platform"
    );
}

#[test]
fn nothing_is_sold_with_one_source_for_either_asset() {
    let world = World::new();
    let (loan, request) = (world.loan(), world.request(&[Peril::Default]));
    for asset in [&world.collateral.address, &world.asset.address] {
        let mut sources = world.hub.sources(asset);
        let one_venue = sources.get(0).unwrap().venue;
        let mut second = sources.get(1).unwrap();
        second.venue = one_venue;
        sources.set(1, second);
        signed(&world.env, || world.hub.set_sources(asset, &sources));
        // One venue is one source to the hub too, which then has no price at all.
        let unavailable = AdapterError::PriceUnavailable as u32;
        assert_eq!(refusal(&world, &loan, &request), unavailable, "one venue");
        signed(&world.env, || world.list(asset));
    }
    assert_eq!(world.adapter.armed(&world.platform.address), 0, "two again");
}

#[test]
fn a_loan_too_close_to_its_liquidation_is_not_insured() {
    let world = World::new();
    let (loan, request) = (world.loan(), world.request(&[Peril::Default]));
    world.set_debt(&loan, 1_281 * UNIT);
    let high = AdapterError::LtvTooHigh as u32;
    assert_eq!(refusal(&world, &loan, &request), high, "l above 0.8");
    world.set_debt(&loan, 1_280 * UNIT);
    world.insure(&loan, &[Peril::Default]);
    let small = world.loan();
    world.set_debt(&small, 499 * UNIT);
    let above = AdapterError::LimitAboveDebt as u32;
    let advance = world.request(&[Peril::Advance]);
    assert_eq!(refusal(&world, &small, &advance), above, "an advance");
    world.insure(&small, &[Peril::Default]);
}

#[test]
fn only_a_listed_platform_insures_and_only_its_own_loans() {
    let world = World::new();
    let env = &world.env;
    let (loan, request) = (
        world.insured(&[Peril::Default]),
        world.request(&[Peril::Default]),
    );
    let other = world.another_platform();
    other.set_loan(&loan, &world.facts());
    let insure = || signed(env, || other.try_insure(&loan, &world.borrower, &request)).is_ok();
    assert!(!insure(), "not listed");
    let mut market = world.market();
    market.platform = other.address.clone();
    signed(env, || world.adapter.set_market(&market));
    assert!(!insure(), "another platform's loan");
    assert_ne!(other.change(&loan, &world.facts()), 0, "nor changes it");
    let refusal = other.change(&loan, &world.facts());
    assert_eq!(
        refusal,
        AdapterError::NotInsuredHere as u32,
        "with this code"
    );
    let own = Address::generate(env);
    other.set_loan(&own, &world.facts());
    signed(env, || other.insure(&own, &world.borrower, &request));
}

/// What a loan may become, by the insurer's word.
fn change(world: &World, loan: &Address, collateral: i128, debt: i128) -> u32 {
    let facts = LoanFacts {
        collateral: collateral * UNIT,
        debt: debt * UNIT,
        ..world.facts()
    };
    world.platform.change(loan, &facts)
}

#[test]
fn an_owner_takes_out_no_more_than_the_rating_allows() {
    let world = World::new();
    let loan = world.insured(&[Peril::Default]);
    let above = AdapterError::AboveRatedLtv as u32;
    assert_eq!(change(&world, &loan, 999, 1_000), above, "collateral");
    assert_eq!(change(&world, &loan, 1_000, 1_001), above, "debt");
    assert_eq!(change(&world, &loan, 900, 900), 0, "both alike");
    world.set_price(220);
    world.watch(DAY);
    assert_eq!(change(&world, &loan, 900, 990), 0, "the price rose");
}

#[test]
fn an_owner_takes_nothing_out_during_an_event() {
    let world = World::new();
    let loan = world.insured(&[Peril::Grant]);
    world.set_price(180);
    world.watch(HOUR);
    let under_way = AdapterError::EventUnderWay as u32;
    assert_eq!(change(&world, &loan, 1_000, 500), under_way, "falling");
    world.set_price(160);
    world.watch(HOUR);
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    world.set_price(200);
    world.watch(HOUR);
    assert_eq!(
        world.adapter.armed(&world.platform.address),
        0,
        "calm again"
    );
    assert_eq!(change(&world, &loan, 1_000, 500), under_way, "still open");
    world.watch(2 * DAY);
    assert_eq!(change(&world, &loan, 1_000, 500), 0, "closed");
}

#[test]
fn an_owner_takes_nothing_out_while_an_advance_is_owed_or_a_claim_is_open() {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    world.set_price(138);
    world.watch(HOUR);
    super::paid(&world.rescue(&loan));
    let owed = AdapterError::AdvanceOwed as u32;
    assert_eq!(change(&world, &loan, 1_000, 0), owed, "even without debt");
    let world = World::new();
    let loan = world.insured(&[Peril::Default]);
    super::liquidation::wait_for_claims(&world);
    world.set_price(100);
    world.watch(HOUR);
    let liquidation = world.liquidation(&loan, PRICE_ONE, 47 * UNIT);
    world.platform.liquidate(&loan, &liquidation, &world.keeper);
    let open = AdapterError::ClaimOpen as u32;
    assert_eq!(change(&world, &loan, 1_000, 1), open, "a claim");
    assert_eq!(change(&world, &loan, 1_000, 0), 0, "it owes nothing");
}

#[test]
fn without_debt_or_cover_no_price_is_needed() {
    let world = World::new();
    let (loan, uninsured) = (world.insured(&[Peril::Default]), world.loan());
    world.pass(3 * HOUR);
    let under_way = AdapterError::PriceUnavailable as u32;
    assert_eq!(change(&world, &loan, 1_000, 1), under_way, "with debt");
    assert_eq!(change(&world, &loan, 0, 0), 0, "without");
    assert_eq!(change(&world, &uninsured, 1, 1_000), 0, "never insured");
    world.pass(5 * WEEK);
    assert_eq!(change(&world, &loan, 1, 1_000), 0, "after the grace week");
}

#[test]
fn a_health_factor_is_at_the_hubs_price() {
    let world = World::new();
    let loan = world.insured(&[Peril::Default]);
    let health = world.adapter.health(&loan);
    assert_eq!(
        (health.platform, health.hub),
        (16_000_000, 16_000_000),
        "1.6"
    );
    assert_eq!(
        (health.debt, health.value),
        (1_000 * UNIT, 2_000 * UNIT),
        "values"
    );
    let uninsured = world.adapter.try_health(&world.loan());
    assert_eq!(
        refused(uninsured),
        AdapterError::NotInsuredHere as u32,
        "unknown"
    );
    world.set_debt(&loan, 0);
    assert_eq!(world.adapter.health(&loan).hub, u32::MAX, "no debt");
}
