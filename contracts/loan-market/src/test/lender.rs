use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

use super::{code, refused, World, UNIT, YEAR};
use crate::MarketError;

#[test]
fn a_supply_mints_shares_and_a_redemption_pays_them() {
    let world = World::new();
    let (lender, market) = (&world.lender, &world.market);
    assert_eq!(
        market.shares_of(lender),
        10_000 * UNIT * 1_000_000,
        "minted"
    );
    assert_eq!(
        world.asset.balance(&market.address),
        10_000 * UNIT,
        "arrived"
    );
    let (to, shares) = (Address::generate(&world.env), UNIT * 1_000_000);
    assert_eq!(market.preview_redeem(&shares), UNIT, "preview");
    assert_eq!(market.redeem(lender, &shares, &UNIT, &to), UNIT, "paid");
    assert_eq!(world.asset.balance(&to), UNIT, "to whom it was for");
    assert_eq!(market.shares_of(lender), 9_999 * UNIT * 1_000_000, "burned");
    world.check_books();
}

#[test]
fn the_last_lender_leaves_with_everything() {
    let world = World::new();
    let loan = world.loan(1_000, 500);
    world.pass(YEAR);
    world.mint(&world.borrower, 1_000 * UNIT);
    world.market.close(&loan, &(600 * UNIT));
    let shares = world.market.shares_of(&world.lender);
    let supply = world.state().supply;
    let paid = world
        .market
        .redeem(&world.lender, &shares, &0, &world.lender);
    assert!(supply - paid <= 1, "all but {} of it", supply - paid);
    assert_eq!(world.state().debt, 0, "no debt is left");
    world.check_books();
}

#[test]
fn interest_is_the_lenders() {
    let world = World::new();
    let loan = world.loan(10_000, 5_000);
    world.pass(YEAR);
    let interest = world.debt(&loan) - 5_000 * UNIT;
    let worth = world
        .market
        .preview_redeem(&world.market.shares_of(&world.lender));
    assert!(
        interest > 229 * UNIT,
        "4.5 % of 5 000 compounded: {interest}"
    );
    assert!(
        (0..=1).contains(&(10_000 * UNIT + interest - worth)),
        "all of it"
    );
}

#[test]
fn amounts_and_limits_are_checked() {
    let world = World::new();
    let (lender, market) = (&world.lender, &world.market);
    let invalid = code(MarketError::InvalidAmount);
    for amount in [0, -1, 10_i128.pow(27) + 1] {
        assert_eq!(
            refused(market.try_supply(lender, &amount, &0)),
            invalid,
            "supply {amount}"
        );
    }
    let room = 10_i128.pow(27) - 10_000 * UNIT;
    world.mint(lender, 1);
    assert_eq!(
        refused(market.try_supply(lender, &(room + 1), &0)),
        invalid,
        "more than is counted with"
    );
    let few = refused(market.try_supply(lender, &1, &1_000_001));
    assert_eq!(few, code(MarketError::TooFewShares), "too few shares");
    assert_eq!(
        market.supply(lender, &1, &1_000_000),
        1_000_000,
        "as many as asked"
    );
    let redeem =
        |shares: i128, least: i128| refused(market.try_redeem(lender, &shares, &least, lender));
    assert_eq!(redeem(0, 0), invalid, "no shares");
    assert_eq!(redeem(-1, 0), invalid, "less than none");
    assert_eq!(
        redeem(1, 0),
        code(MarketError::TooLittleOut),
        "worth nothing"
    );
    assert_eq!(
        redeem(1_000_000, 2),
        code(MarketError::TooLittleOut),
        "worth less"
    );
    let held = market.shares_of(lender);
    assert_eq!(
        redeem(held + 1, 0),
        code(MarketError::NotEnough),
        "more than held"
    );
    let preview = refused(market.try_preview_redeem(&-1));
    assert_eq!(
        preview,
        code(MarketError::NoResult),
        "preview of less than none"
    );
}

#[test]
fn what_is_lent_out_cannot_be_redeemed_now() {
    let world = World::new();
    world.loan(20_000, 9_000);
    let (lender, market) = (&world.lender, &world.market);
    let shares = |units: i128| units * UNIT * 1_000_000;
    let too_much = refused(market.try_redeem(lender, &(shares(1_000) + 1_000_000), &0, lender));
    assert_eq!(too_much, code(MarketError::Illiquid), "a unit too much");
    assert_eq!(
        market.redeem(lender, &shares(1_000), &0, lender),
        1_000 * UNIT,
        "all cash"
    );
}

#[test]
fn the_fee_is_minted_as_shares_of_its_recipient() {
    let world = World::new();
    let (market, recipient) = (&world.market, Address::generate(&world.env));
    market.set_fee(&2_500_000, &recipient);
    let loan = world.loan(10_000, 5_000);
    world.pass(YEAR);
    let interest = world.debt(&loan) - 5_000 * UNIT;
    let shares = market.shares_of(&recipient);
    let worth = market.preview_redeem(&shares);
    assert!(
        (0..=1).contains(&(interest / 4 - worth)),
        "a quarter: {worth}"
    );
    let other = Address::generate(&world.env);
    market.set_fee(&0, &other);
    assert_eq!(
        market.shares_of(&recipient),
        shares,
        "what was earned stays theirs"
    );
    assert_eq!(market.shares_of(&other), 0, "nobody else's");
    world.pass(YEAR);
    assert_eq!(market.shares_of(&other), 0, "no fee any more");
    assert!(
        market.redeem(&recipient, &shares, &worth, &recipient) >= worth,
        "paid"
    );
    world.check_books();
}

#[test]
fn a_recipient_redeems_fees_and_deposits_alike() {
    let world = World::new();
    world.market.set_fee(&1_000_000, &world.lender);
    world.loan(10_000, 5_000);
    world.pass(YEAR);
    let (market, lender) = (&world.market, &world.lender);
    let shares = market.shares_of(lender);
    assert!(shares > 10_000 * UNIT * 1_000_000, "with the fee's");
    market.redeem(lender, &UNIT, &0, lender);
    assert_eq!(
        market.shares_of(lender),
        shares - UNIT,
        "handed over and burned"
    );
    market.set_fee(&0, lender);
    assert_eq!(market.shares_of(lender), shares - UNIT, "handed over once");
    assert_eq!(
        world.state().supply_shares,
        shares - UNIT,
        "nobody else has any"
    );
}

#[test]
fn a_fee_above_a_quarter_is_refused() {
    let world = World::new();
    let set = refused(world.market.try_set_fee(&2_500_001, &world.owner));
    assert_eq!(set, code(MarketError::InvalidConfig), "above");
    world.market.set_fee(&2_500_000, &world.owner);
    assert_eq!(world.state().fee, 2_500_000, "at most");
}

#[test]
fn a_new_fee_takes_nothing_of_earlier_interest() {
    let world = World::new();
    let loan = world.loan(10_000, 5_000);
    world.pass(YEAR);
    let before = world.debt(&loan);
    world.market.set_fee(&2_500_000, &world.owner);
    assert_eq!(world.market.shares_of(&world.owner), 0, "nothing yet");
    assert_eq!(world.debt(&loan), before, "the same debt");
}

#[test]
fn inflating_the_share_gains_nothing() {
    let world = World::empty();
    let (market, attacker) = (&world.market, Address::generate(&world.env));
    world.mint(&attacker, 1_001 * UNIT);
    market.supply(&attacker, &1, &0);
    world
        .asset
        .transfer(&attacker, &market.address, &(1_000 * UNIT));
    market.supply(&world.lender, &UNIT, &1);
    let worth = market.preview_redeem(&market.shares_of(&world.lender));
    assert_eq!(
        worth, UNIT,
        "a gift is not counted, so the victim loses nothing"
    );
    let worth = market.preview_redeem(&market.shares_of(&attacker));
    assert_eq!(worth, 1, "nor does the attacker gain");
}

#[test]
fn who_lends_while_cover_owes_does_not_share_in_it() {
    let world = World::new();
    let loan = world.insured(1_000, 700);
    world.set_price(30_000_000_000_000);
    world.pays(0, 0, 100 * UNIT);
    let most = 1_000 * UNIT;
    world
        .market
        .liquidate(&loan, &world.liquidator, &most, &most, &true);
    let newcomer = Address::generate(&world.env);
    world.mint(&newcomer, 1_000 * UNIT);
    let shares = world.market.supply(&newcomer, &(1_000 * UNIT), &0);
    assert!(
        world.market.preview_redeem(&shares) < 1_000 * UNIT,
        "at the high value"
    );
    world.insurer.compensate(
        &world.market.address,
        &interfaces::platform::Beneficiary::Lenders,
        &(100 * UNIT),
    );
    let worth = world.market.preview_redeem(&shares);
    assert!(worth <= 1_000 * UNIT, "nothing gained");
    assert!(worth >= 1_000 * UNIT - 2, "nothing lost either");
    world.check_books();
}
