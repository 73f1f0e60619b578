use actuary::loss::{default_loss_down, liquidation_loss_down, payout_down};
use actuary::{Assets, Rate};
use cover_pool::Scope;
use interfaces::cover::{Peril, Terms};
use interfaces::platform::{Compensation, Liquidation, LoanFacts};
use interfaces::price::PRICE_ONE;
use soroban_sdk::Address;

use super::{paid, signed, World, DAY, HOUR, UNIT, WEEK};

const NOTHING: Compensation = Compensation {
    lenders: 0,
    borrower: 0,
    filed: 0,
};

fn assets(raw: i128) -> Assets {
    Assets::from_raw(raw)
}

/// What of a gross loss is paid, with co-insurance in percent.
fn insured_part(loss: Assets, co_insurance: i128) -> i128 {
    let co_insurance = Rate::from_raw(co_insurance * 100_000);
    payout_down(loss, Assets::ZERO, co_insurance, assets(500 * UNIT))
        .unwrap()
        .raw()
}

/// A loan insured against default whose collateral has fallen to one dollar, and its liquidation, which leaves what 1 000
/// of collateral does not repay at an incentive of 5 %.
fn defaulted() -> (World, Address, Liquidation) {
    let world = World::new();
    let loan = world.insured(&[Peril::Default]);
    let liquidation = fall(&world, &loan);
    (world, loan, liquidation)
}

fn fall(world: &World, loan: &Address) -> Liquidation {
    world.set_price(100);
    world.watch(HOUR);
    world.liquidation(loan, PRICE_ONE, 476_190_477)
}

/// What default cover pays for it.
fn default_payout(liquidation: &Liquidation, value: i128) -> i128 {
    let loss = default_loss_down(
        assets(liquidation.bad_debt),
        assets(liquidation.debt),
        assets(value),
        Rate::from_raw(10_500_000),
    );
    insured_part(loss.unwrap(), 10)
}

#[test]
fn a_default_pays_the_lenders_what_a_fair_liquidation_would_have_left() {
    let (world, loan, liquidation) = defaulted();
    let before = world.asset.balance(&world.platform.address);
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    let lenders = default_payout(&liquidation, 1_000 * UNIT);
    let expected = Compensation { lenders, ..NOTHING };
    assert_eq!(settled, Some(expected), "the insurer's word");
    assert_eq!(lenders, 428_571_428, "nine tenths of 47.6190476");
    let received = world.asset.balance(&world.platform.address) - before;
    assert_eq!(received, lenders, "sent");
    assert_eq!(world.policy(&loan).paid, lenders, "by this policy");
    assert_eq!(world.asset.balance(&world.keeper), UNIT / 2, "bounty");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
}

#[test]
fn a_default_of_now_is_measured_at_the_hubs_price_and_a_later_one_at_its_own() {
    let (world, loan, liquidation) = defaulted();
    let told = Liquidation {
        price: PRICE_ONE / 2,
        bad_debt: 524 * UNIT,
        repaid: 476 * UNIT,
        ..liquidation
    };
    let now = world.platform.liquidate(&loan, &told, &world.keeper);
    let at_hub = default_payout(&told, 1_000 * UNIT);
    assert_eq!(now.map(|now| now.lenders), Some(at_hub), "the hub's");
    let (world, loan, liquidation) = defaulted();
    world.watch(HOUR);
    world.set_price(200);
    let later = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    let reported = default_payout(&liquidation, 1_000 * UNIT);
    assert_eq!(later.map(|later| later.lenders), Some(reported), "its own");
}

#[test]
fn a_default_is_paid_up_to_the_limit() {
    let (world, loan, liquidation) = defaulted();
    let large = Liquidation {
        debt: 3_000 * UNIT,
        bad_debt: 2_000 * UNIT,
        ..liquidation
    };
    let settled = world.platform.liquidate(&loan, &large, &world.keeper);
    assert_eq!(settled.unwrap().lenders, 500 * UNIT, "the limit");
    let next = Liquidation {
        debt: 2_000 * UNIT,
        ..large
    };
    let settled = world.platform.liquidate(&loan, &next, &world.keeper);
    assert_eq!(settled, Some(NOTHING), "nothing is left");
}

#[test]
fn a_liquidation_is_settled_once() {
    let (world, loan, liquidation) = defaulted();
    world.platform.liquidate(&loan, &liquidation, &world.keeper);
    let again = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    assert_eq!(again, None, "refused");
    assert!(world.platform.unsettled(&loan).is_some(), "kept");
    let refused = world.platform.try_settle(&loan, &world.keeper);
    assert!(refused.is_err(), "and refused again");
    let paid = default_payout(&liquidation, 1_000 * UNIT);
    assert_eq!(world.policy(&loan).paid, paid, "paid once");
}

#[test]
fn what_is_too_large_to_be_paid_at_once_is_filed() {
    let (world, loan, liquidation) = defaulted();
    wait_for_claims(&world);
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    let filed = default_payout(&liquidation, 1_000 * UNIT);
    assert_eq!(settled, Some(Compensation { filed, ..NOTHING }), "filed");
    assert_eq!(world.platform.received().lenders, 0, "not sent");
    assert_eq!(world.pool.books().pending, filed, "waits");
}

/// Lets every claim but rescues wait for its window.
pub fn wait_for_claims(world: &World) {
    let terms = Terms {
        instant_max: 0,
        ..world.pool.terms()
    };
    signed(&world.env, || world.pool.set_terms(&terms));
}

#[test]
fn nothing_is_owed_before_the_waiting_period_or_after_the_cover() {
    let world = World::new();
    let loan = world.loan();
    world.insure(&loan, &[Peril::Default]);
    let early = fall(&world, &loan);
    let settled = world.platform.liquidate(&loan, &early, &world.keeper);
    assert_eq!(settled, Some(NOTHING), "too early");
    let (world, loan, _) = defaulted();
    world.watch(world.policy(&loan).end - world.now() + HOUR);
    let late = world.liquidation(&loan, PRICE_ONE, 476_190_477);
    let settled = world.platform.liquidate(&loan, &late, &world.keeper);
    assert_eq!(settled, Some(NOTHING), "after the end");
    let (world, loan, liquidation) = defaulted();
    world.watch(world.policy(&loan).end + WEEK - world.now());
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    assert_eq!(settled, Some(NOTHING), "reported after the grace week");
}

#[test]
fn nothing_is_owed_without_the_peril_or_without_cover() {
    let world = World::new();
    let loan = world.insured(&[Peril::Grant]);
    let liquidation = fall(&world, &loan);
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    assert_eq!(settled, Some(NOTHING), "another peril");
    let uninsured = world.loan();
    let settled = world
        .platform
        .liquidate(&uninsured, &liquidation, &world.keeper);
    assert_eq!(settled, Some(NOTHING), "no cover");
}

#[test]
fn a_pool_that_cannot_pay_leaves_the_liquidation_to_be_settled_later() {
    let (world, loan, liquidation) = defaulted();
    signed(&world.env, || world.pool.pause(&Scope::Claims));
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    assert_eq!(settled, None, "refused");
    assert_eq!(
        world.platform.unsettled(&loan),
        Some(liquidation.clone()),
        "kept"
    );
    assert!(
        world.platform.try_settle(&loan, &world.keeper).is_err(),
        "still"
    );
    signed(&world.env, || world.pool.unpause(&Scope::Claims));
    world.watch(HOUR);
    let lenders = world.platform.settle(&loan, &world.keeper).lenders;
    assert_eq!(lenders, default_payout(&liquidation, 1_000 * UNIT), "then");
    assert_eq!(world.platform.unsettled(&loan), None, "no longer");
}

#[test]
fn without_a_price_of_now_nothing_is_settled_yet() {
    let (world, loan, liquidation) = defaulted();
    world.pass(2 * HOUR);
    let now = Liquidation {
        time: world.now(),
        ..liquidation
    };
    let settled = world.platform.liquidate(&loan, &now, &world.keeper);
    assert_eq!(settled, None, "refused");
}

#[test]
fn strangers_settle_nothing() {
    let (world, loan, liquidation) = defaulted();
    let (env, platform) = (&world.env, &world.platform.address);
    let unsigned =
        world
            .adapter
            .try_settle_liquidation(platform, &loan, &liquidation, &world.keeper);
    assert!(unsigned.is_err(), "without the platform's call");
    let unlisted = world.another_platform();
    let settled = unlisted.liquidate(&loan, &liquidation, &world.keeper);
    assert_eq!(settled, None, "not listed");
    let mut market = world.market();
    market.platform = unlisted.address.clone();
    signed(env, || world.adapter.set_market(&market));
    let settled = unlisted.liquidate(&loan, &liquidation, &world.keeper);
    assert_eq!(settled, None, "another platform's loan");
}

/// A liquidation that takes 700 at 1.50 dollars for a debt of 1 000: a penalty of 50.
fn penalised(world: &World, loan: &Address, price: i128) -> Liquidation {
    let LoanFacts {
        collateral, debt, ..
    } = world.platform.loan(loan);
    Liquidation {
        time: world.now(),
        price,
        collateral,
        debt,
        seized: 700 * UNIT,
        repaid: 1_000 * UNIT,
        bad_debt: 0,
    }
}

#[test]
fn the_penalty_of_a_liquidation_is_the_borrowers() {
    let world = World::new();
    let loan = world.insured(&[Peril::Liquidation]);
    world.set_price(150);
    world.watch(HOUR);
    let liquidation = penalised(&world, &loan, 3 * PRICE_ONE / 2);
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    let penalty = liquidation_loss_down(
        assets(1_050 * UNIT),
        assets(1_000 * UNIT),
        Rate::from_raw(10_500_000),
        Assets::ZERO,
    );
    let borrower = insured_part(penalty.unwrap(), 30);
    assert_eq!(borrower, 35 * UNIT, "50, less three tenths");
    let expected = Compensation {
        borrower,
        ..NOTHING
    };
    assert_eq!(settled, Some(expected), "the insurer's word");
    assert_eq!(world.platform.received().borrowers, borrower, "booked");
    let again = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    assert_eq!(again, None, "twice");
}

#[test]
fn a_penalty_needs_a_fall_by_a_tenth_since_the_owners_last_action() {
    let settles = |cents: i128, acts: bool| {
        let world = World::new();
        let loan = world.insured(&[Peril::Liquidation]);
        if acts {
            world.set_price(190);
            world.watch(30 * HOUR);
            let facts = LoanFacts {
                debt: 900 * UNIT,
                ..world.facts()
            };
            assert_eq!(world.platform.change(&loan, &facts), 0, "allowed");
        }
        world.set_price(cents);
        world.watch(HOUR);
        let liquidation = penalised(&world, &loan, cents * PRICE_ONE / 100);
        let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
        settled.unwrap().borrower > 0
    };
    assert!(settles(180, false), "to 90 % of two dollars");
    assert!(!settles(181, false), "not so far");
    assert!(settles(171, true), "to 90 % of 1.90");
    assert!(!settles(175, true), "90 % of two dollars, but not of 1.90");
}

#[test]
fn what_was_granted_for_the_same_fall_is_taken_off_the_penalty() {
    let world = World::new();
    let loan = world.loan();
    world.set_debt(&loan, 1_200 * UNIT);
    world.insure(&loan, &[Peril::Grant, Peril::Liquidation]);
    world.watch(DAY + HOUR);
    world.set_price(160);
    world.watch(HOUR);
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    paid(&world.grant(&loan));
    let LoanFacts { debt, .. } = world.platform.loan(&loan);
    let liquidation = Liquidation {
        time: world.now(),
        price: 16 * PRICE_ONE / 10,
        collateral: 1_000 * UNIT,
        debt,
        seized: 656 * UNIT,
        repaid: 1_000 * UNIT,
        bad_debt: 0,
    };
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    assert_eq!(settled, Some(NOTHING), "176 were settled, 49.6 were lost");
}
