use super::world::{World, DAY, HOUR, UNIT, WEEK};
use crate::CoverError;
use interfaces::cover::{Class, Interest, Peril, Route, Settlement};

#[test]
fn a_small_default_is_paid_at_once_less_co_insurance() {
    let world = World::new();
    let interest = world.insured();
    let before = world.books();
    let settlement = world.pay(&interest, Peril::Default, 100 * UNIT + 1);
    assert_eq!(
        settlement,
        Settlement::Paid(95 * UNIT),
        "95 %, rounded down"
    );
    assert_eq!(world.balance(&interest.0), 95 * UNIT, "to the subject");
    assert_eq!(world.balance(&world.keeper), UNIT / 2, "bounty");
    let after = world.books();
    assert_eq!(before.cash - after.cash, 95 * UNIT + UNIT / 2, "cash");
    assert_eq!(before.exposure - after.exposure, 95 * UNIT, "exposure");
    assert_eq!(after.reserve, 0, "the reserve pays first");
    assert_eq!(
        before.nav_lo - after.nav_lo,
        95 * UNIT - before.reserve,
        "LPs bear the rest"
    );
    let policy = world.policy(&interest);
    assert_eq!(
        (policy.limit, policy.paid),
        (905 * UNIT, 95 * UNIT),
        "policy"
    );
}

#[test]
fn a_claim_never_exceeds_the_limit() {
    let world = World::new();
    let interest = world.insured();
    assert_eq!(
        world.pay(&interest, Peril::Grant, 9_000 * UNIT),
        Settlement::Paid(1_000 * UNIT)
    );
    let again = world
        .pool
        .try_pay(&interest, &world.loss(Peril::Grant, UNIT), &world.keeper);
    assert_eq!(again, Err(Ok(CoverError::NothingCovered)), "used up");
}

#[test]
fn a_deepening_event_pays_the_increment_and_an_older_one_nothing() {
    let world = World::new();
    let interest = world.insured();
    let pay = |event, amount| {
        let mut loss = world.loss(Peril::Grant, amount);
        loss.event = event;
        world.pool.try_pay(&interest, &loss, &world.keeper)
    };
    assert_eq!(
        pay(5, 11),
        Ok(Ok(Settlement::Paid(9))),
        "90 % of 11, rounded down"
    );
    assert_eq!(
        pay(5, 11),
        Err(Ok(CoverError::NothingCovered)),
        "the same again"
    );
    assert_eq!(pay(5, 20), Ok(Ok(Settlement::Paid(9))), "18 in all");
    assert_eq!(pay(4, 99), Err(Ok(CoverError::EventPassed)), "older");
    assert_eq!(
        pay(6, 10),
        Ok(Ok(Settlement::Paid(9))),
        "the next event counts anew"
    );
}

#[test]
fn a_deductible_is_taken_off_once_per_event() {
    let world = World::new();
    let mut terms = world.pool.group(&0).unwrap();
    terms.deductible = 10 * UNIT;
    world.pool.set_group(&1, &terms);
    let interest = world.position();
    let mut application = world.application(&interest);
    application.group = 1;
    world.pool.open(&application);
    world.pass(DAY);
    let pay = |amount| {
        let mut loss = world.loss(Peril::Collateral, amount);
        (loss.peril, loss.event) = (Peril::Grant, 7);
        world.pool.try_pay(&interest, &loss, &world.keeper)
    };
    assert_eq!(
        pay(10 * UNIT),
        Err(Ok(CoverError::NothingCovered)),
        "inside the deductible"
    );
    assert_eq!(
        pay(20 * UNIT),
        Ok(Ok(Settlement::Paid(9 * UNIT))),
        "above it"
    );
    assert_eq!(
        pay(30 * UNIT),
        Ok(Ok(Settlement::Paid(9 * UNIT))),
        "not again"
    );
}

#[test]
fn only_events_between_waiting_period_and_end_are_covered() {
    let world = World::new();
    let interest = world.insured();
    let end = world.policy(&interest).end;
    let pay = |peril, occurred_at| {
        let mut loss = world.loss(peril, UNIT);
        loss.occurred_at = occurred_at;
        world.pool.try_pay(&interest, &loss, &world.keeper)
    };
    let now = world.now();
    assert_eq!(
        pay(Peril::Grant, now - 1),
        Err(Ok(CoverError::OutsideCover)),
        "waiting"
    );
    assert_eq!(
        pay(Peril::Grant, now + 1),
        Err(Ok(CoverError::OutsideCover)),
        "future"
    );
    assert_eq!(
        pay(Peril::Liquidation, now),
        Err(Ok(CoverError::PerilNotCovered)),
        "not sold"
    );
    assert_eq!(
        pay(Peril::Advance, now),
        Err(Ok(CoverError::PerilNotCovered)),
        "only by draw"
    );
    world.pass(end - now + WEEK - 1);
    assert_eq!(
        pay(Peril::Grant, end + 1),
        Err(Ok(CoverError::OutsideCover)),
        "after the end"
    );
    assert!(
        pay(Peril::Grant, end).is_ok(),
        "the last second, reported in the grace week"
    );
    world.pass(1);
    assert_eq!(
        pay(Peril::Grant, end),
        Err(Ok(CoverError::Expired)),
        "after the grace week"
    );
}

#[test]
fn a_large_claim_waits_and_is_paid_by_anyone_after_its_window() {
    let world = World::new();
    let interest = world.position();
    let mut application = world.application(&interest);
    (application.limit, application.max_premium) = (5_000 * UNIT, 500 * UNIT);
    world.pool.open(&application);
    world.pass(DAY);
    let before = world.books();
    let settlement = world.pay(&interest, Peril::Default, 2_000 * UNIT);
    assert_eq!(
        settlement,
        Settlement::Filed(1, 1_900 * UNIT),
        "above 1 % of NAV"
    );
    let filed = world.books();
    assert_eq!(filed.pending, 1_900 * UNIT, "pending");
    assert_eq!(before.exposure - filed.exposure, 1_900 * UNIT, "exposure");
    assert_eq!(filed.cash, before.cash, "nothing paid");
    assert_eq!(world.policy(&interest).open_claims, 1, "open");
    let finalize = || world.pool.try_finalize(&1, &world.keeper);
    world.pass(48 * HOUR - 1);
    assert_eq!(
        finalize(),
        Err(Ok(CoverError::NotPayable)),
        "a second early"
    );
    world.pass(1);
    assert_eq!(finalize(), Ok(Ok(1_900 * UNIT)), "paid");
    assert_eq!(world.balance(&interest.0), 1_900 * UNIT, "subject");
    assert_eq!(world.books().pending, 0, "nothing pending");
    assert_eq!(world.policy(&interest).open_claims, 0, "closed");
    assert_eq!(finalize(), Err(Ok(CoverError::UnknownClaim)), "once");
}

#[test]
fn expiry_does_not_release_a_filed_claim() {
    let world = World::new();
    let interest = world.insured();
    world.pay(&interest, Peril::Collateral, 500 * UNIT);
    world.pass(60 * DAY);
    let books = world.books();
    assert_eq!((books.exposure, books.pending), (0, 500 * UNIT), "expired");
    assert_eq!(world.pool.finalize(&1, &world.keeper), 500 * UNIT, "paid");
}

#[test]
fn a_group_is_paid_at_once_up_to_its_day_and_then_claims_wait() {
    let world = World::new();
    let day = world.books().nav_lo / 20;
    let mut paid = 0;
    for _ in 0..6 {
        let interest = world.position();
        world.pool.open(&world.application(&interest));
    }
    let policies = world.pool.policies_of(&world.borrower);
    world.pass(DAY);
    for (interest, _) in policies {
        match world.pay(&interest, Peril::Default, 1_000 * UNIT) {
            Settlement::Paid(amount) => paid += amount,
            Settlement::Filed(_, amount) => {
                assert!(paid + amount > day * 99 / 100, "waits only at the bound");
                assert_eq!(world.pool.group_state(&0).paid_at_once, paid, "metered");
                world.pass(2 * DAY);
                assert_eq!(world.pool.group_state(&0).paid_at_once, 0, "two days later");
                return;
            }
        }
    }
    panic!("nothing waited");
}

#[test]
fn with_two_sources_a_grant_beyond_the_day_waits_and_with_three_it_does_not() {
    let world = World::new();
    let open = |limit| {
        let interest = world.position();
        let mut application = world.application(&interest);
        (application.limit, application.max_premium) = (limit, 2_000 * UNIT);
        world.pool.open(&application);
        interest
    };
    let (two, three) = (open(6_000 * UNIT), open(6_000 * UNIT));
    world.pass(DAY);
    let mut loss = world.loss(Peril::Grant, 6_500 * UNIT);
    loss.sources = 2;
    let waits = world.pool.pay(&two, &loss, &world.keeper);
    assert_eq!(waits, Settlement::Filed(1, 5_850 * UNIT), "two sources");
    let paid = world.pay(&three, Peril::Grant, 6_500 * UNIT);
    assert_eq!(paid, Settlement::Paid(5_850 * UNIT), "three sources");
}

#[test]
fn a_payment_that_cannot_be_delivered_becomes_claimable() {
    let world = World::new();
    let interest = world.insured();
    world.issuer.set_authorized(&interest.0, &false);
    assert_eq!(
        world.pay(&interest, Peril::Default, 100 * UNIT),
        Settlement::Paid(95 * UNIT)
    );
    assert_eq!(world.pool.claimable_of(&interest.0), 95 * UNIT, "claimable");
    assert_eq!(
        world.books().cash,
        world.balance(&world.pool.address),
        "still held"
    );
}

#[test]
fn a_grant_that_rescues_repays_on_the_platform() {
    let world = World::new();
    let interest = world.insured();
    let mut loss = world.loss(Peril::Grant, 100 * UNIT);
    loss.rescue = true;
    let before = world.books();
    assert_eq!(
        world.pool.pay(&interest, &loss, &world.keeper),
        Settlement::Paid(90 * UNIT)
    );
    assert_eq!(
        world.balance(&world.platform.address),
        90 * UNIT,
        "platform"
    );
    assert_eq!(
        before.cash - world.books().cash,
        90 * UNIT + UNIT / 2,
        "cash"
    );
}

#[test]
fn a_rescue_that_waited_is_sent_to_the_subject_when_the_platform_takes_nothing() {
    let world = World::new();
    let interest = world.insured();
    let mut loss = world.loss(Peril::Collateral, 100 * UNIT);
    loss.rescue = true;
    world.pool.pay(&interest, &loss, &world.keeper);
    world.pass(2 * DAY);
    world.platform.take(&0);
    assert_eq!(world.pool.finalize(&1, &world.keeper), 100 * UNIT, "paid");
    assert_eq!(world.balance(&interest.0), 100 * UNIT, "subject");
}

#[test]
fn a_limit_that_is_paid_is_not_sold_again_on_the_same_day() {
    let world = World::new();
    let interests = [world.open_for(19_000 * UNIT), world.open_for(19_000 * UNIT)];
    world.pass(DAY);
    for interest in &interests {
        let paid = world.pay(interest, Peril::Grant, 50_000 * UNIT);
        assert_eq!(paid, Settlement::Paid(19_000 * UNIT), "its limit");
    }
    assert_eq!(world.books().exposure, 0, "nothing in force");
    assert_eq!(world.pool.room(&0), 0, "38 of 40 % are gone today");
    world.pass(2 * DAY);
    let subject = world.books().nav_lo / 5;
    assert_eq!(world.pool.room(&0), subject, "a subject's part again");
}

#[test]
fn a_group_is_paid_its_cap_in_a_day_and_then_rescues_wait_as_well() {
    let world = World::new();
    let interests = [19_000, 6_000, 2_000].map(|limit| world.open_for(limit * UNIT));
    let [first, second, third] = &interests;
    let mut terms = world.pool.group(&0).unwrap();
    terms.cap = 2_500_000;
    world.pool.set_group(&0, &terms);
    world.pass(DAY);
    let paid = world.pay(first, Peril::Grant, 50_000 * UNIT);
    assert_eq!(paid, Settlement::Paid(19_000 * UNIT), "inside the cap");
    let drawn = world.draw(second, 6_000 * UNIT);
    assert_eq!(drawn, Settlement::Paid(6_000 * UNIT), "of NAV_lo before");
    let draw = world.draw(third, 1_000 * UNIT);
    assert_eq!(draw, Settlement::Filed(1, 1_000 * UNIT), "a draw waits");
    let grant = world.pay(third, Peril::Grant, 1_000 * UNIT);
    assert_eq!(grant, Settlement::Filed(2, 900 * UNIT), "a grant waits");
}

#[test]
fn a_policy_earns_no_more_bounties_than_it_prepaid() {
    let world = World::new();
    let (interest, _) = (world.insured(), world.insured());
    for _ in 0..3 {
        world.pay(&interest, Peril::Default, 2);
        world.draw(&interest, 1);
    }
    assert_eq!(world.balance(&world.keeper), UNIT / 2, "one was prepaid");
    assert_eq!(world.books().bounties, UNIT / 2, "the other policy's");
    world.pay(&interest, Peril::Collateral, 1);
    world.pass(2 * DAY);
    world.pool.finalize(&1, &world.keeper);
    assert_eq!(world.balance(&world.keeper), UNIT / 2, "nor by dust claims");
}

#[test]
fn the_premium_of_a_used_up_policy_is_earned_at_once() {
    let world = World::new();
    let (paid, filed) = (world.insured(), world.insured());
    world.pay(&filed, Peril::Collateral, 1_000 * UNIT);
    let before = world.books();
    world.pay(&paid, Peril::Grant, 2_000 * UNIT);
    let after = world.books();
    assert_eq!(
        after.earning_rate,
        world.policy(&filed).earning_rate,
        "one is left, since a claim may be denied"
    );
    let borne = 1_000 * UNIT - before.reserve;
    assert!(before.nav_lo - after.nav_lo < borne, "the LPs' at once");
    world.pass(2 * DAY);
    world.pool.finalize(&1, &world.keeper);
    let books = world.books();
    assert_eq!((books.earning_rate, books.unearned), (0, 0), "both earned");
}

#[test]
fn a_rescue_on_a_subject_that_is_no_contract_is_sent_to_it() {
    for route in [Route::Repay, Route::BuyCollateral] {
        let world = World::new();
        let mut terms = world.pool.group(&0).unwrap();
        terms.class = Class::Deposit;
        world.pool.set_group(&1, &terms);
        let interest = Interest(world.lp.clone(), Class::Deposit);
        let mut application = world.application(&interest);
        (application.group, application.route) = (1, route);
        world.pool.open(&application);
        world.pass(DAY);
        let mut loss = world.loss(Peril::Collateral, 100 * UNIT);
        loss.rescue = true;
        world.pool.pay(&interest, &loss, &world.keeper);
        world.pass(2 * DAY);
        let before = world.balance(&world.lp);
        let paid = world.pool.finalize(&1, &world.keeper);
        assert_eq!(paid, 100 * UNIT, "finalised");
        assert_eq!(world.balance(&world.lp) - before, paid, "to the subject");
    }
}
