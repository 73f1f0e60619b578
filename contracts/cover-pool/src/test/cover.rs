use super::world::{World, DAY, UNIT, WEEK};
use crate::{Cap, CoverError};
use interfaces::cover::Peril;
use soroban_sdk::{vec, Vec};

const YEAR: i128 = 31_536_000;

#[test]
fn a_policy_costs_what_was_quoted_and_the_rest_of_the_maximum_comes_back() {
    let world = World::new();
    let interest = world.position();
    let application = world.application(&interest);
    let quote = world.pool.quote(&application);
    let before = world.balance(&world.borrower);
    assert_eq!(world.pool.open(&application), quote, "charged as quoted");
    let rate = 150_000 + 1_200_000 + 150_000 + 200_000;
    let seconds = i128::from(4 * WEEK);
    let premium = (1_000 * UNIT * rate * seconds + YEAR * UNIT - 1) / (YEAR * UNIT);
    assert_eq!(
        i128::from(quote.rate),
        rate,
        "rate at l = 0.5 and low utilisation"
    );
    assert_eq!(quote.premium, premium, "premium");
    assert_eq!(before - world.balance(&world.borrower), premium, "paid");
    let books = world.books();
    let fee = (premium + 9) / 10;
    assert_eq!(books.bounties, UNIT / 2, "bounty");
    assert_eq!(books.reserve, fee - UNIT / 2, "reserve");
    assert_eq!(books.exposure, 1_000 * UNIT, "exposure");
    assert_eq!(
        books.earning_rate,
        (premium - fee) * 10_i128.pow(12) / seconds,
        "earned a second"
    );
    assert_eq!(books.cash, world.balance(&world.pool.address), "cash");
    assert_eq!(quote.room, 20_000 * UNIT, "the subject's cap");
}

#[test]
fn premium_is_earned_by_the_second_and_expiry_writes_nothing() {
    let world = World::new();
    world.insured();
    let (q, unearned) = (world.books().earning_rate, world.books().unearned);
    world.pass(1_000);
    assert_eq!(
        world.books().unearned,
        unearned - q * 1_000,
        "a thousand seconds"
    );
    world.pass(90 * DAY);
    let books = world.books();
    assert_eq!(
        (books.unearned, books.earning_rate, books.exposure),
        (0, 0, 0),
        "expired"
    );
    assert_eq!(
        books.nav_lo,
        books.cash - books.bounties - books.reserve,
        "all earned"
    );
}

#[test]
fn an_interest_is_insured_once_at_a_time() {
    let world = World::new();
    let interest = world.insured();
    let application = world.application(&interest);
    let again = || world.pool.try_open(&application).map(|_| ());
    assert_eq!(again(), Err(Ok(CoverError::AlreadyInsured)), "in force");
    let end = world.policy(&interest).end;
    world.pass(end + WEEK - 1 - world.now());
    world.pool.set_group(&0, &world.pool.group(&0).unwrap());
    assert_eq!(again(), Err(Ok(CoverError::AlreadyInsured)), "grace week");
    world.pass(1);
    assert_eq!(again(), Ok(()), "after it");
    let policy = world.policy(&interest);
    assert_eq!(
        world.pool.policies_of(&world.borrower),
        vec![&world.env, (interest, policy)],
        "listed once"
    );
}

#[test]
fn a_policy_that_was_used_up_makes_way_for_the_next_one() {
    let world = World::new();
    let interest = world.insured();
    world.pay(&interest, Peril::Grant, 2_000 * UNIT);
    world.pool.open(&world.application(&interest));
    let (books, policy) = (world.books(), world.policy(&interest));
    assert_eq!(books.earning_rate, policy.earning_rate, "I03");
    let left = i128::from(policy.end - world.now());
    assert_eq!(books.unearned, policy.earning_rate * left, "I02");
    assert_eq!(policy.paid, 0, "a new limit");
}

#[test]
fn the_pool_is_nobodys_payer() {
    let world = World::new();
    let interest = world.insured();
    world.draw(&interest, UNIT);
    let (pool, books) = (&world.pool, world.books());
    let mut application = world.application(&world.position());
    application.payer = pool.address.clone();
    let opened = pool.try_open(&application).err();
    assert_eq!(opened, Some(Ok(CoverError::PaysItself)), "open");
    let foreclosed = pool.try_foreclose(&interest, &pool.address, &UNIT).err();
    assert_eq!(foreclosed, Some(Ok(CoverError::PaysItself)), "foreclose");
    assert_eq!(world.books(), books, "books");
}

#[test]
fn caps_of_a_group_and_over_several_bind_sales() {
    let world = World::new();
    let pool = &world.pool;
    pool.set_group(&1, &pool.group(&0).unwrap());
    pool.set_caps(&vec![
        &world.env,
        Cap {
            rate: 3_000_000,
            groups: vec![&world.env, 0, 1],
        },
    ]);
    let open = |group, limit| {
        let mut application = world.application(&world.position());
        (
            application.group,
            application.limit,
            application.max_premium,
        ) = (group, limit, 9_000 * UNIT);
        pool.try_open(&application).map(|_| ())
    };
    assert_eq!(open(0, 20_000 * UNIT), Ok(()), "first");
    let refused = Err(Ok(CoverError::NoRoom));
    assert_eq!(
        pool.room(&1),
        world.books().nav_lo * 3 / 10 - 20_000 * UNIT,
        "room together"
    );
    assert_eq!(open(1, pool.room(&1) + 1), refused, "both together");
    pool.set_caps(&Vec::new(&world.env));
    assert_eq!(open(1, 20_000 * UNIT), Ok(()), "without that cap");
    assert_eq!(
        pool.room(&0),
        world.books().nav_lo * 4 / 10 - 20_000 * UNIT,
        "the group's own"
    );
}

#[test]
fn queued_exits_take_room() {
    let world = World::new();
    world
        .pool
        .request_redeem(&world.lp, &(95_000 * UNIT * 1_000));
    let room = (5_000 * UNIT + 1) * 4 / 10;
    assert_eq!(world.pool.room(&0), room, "the cap's part of what stays");
    let (rate, groups) = (3_000_000, vec![&world.env, 0]);
    world.pool.set_caps(&vec![&world.env, Cap { rate, groups }]);
    let room = (5_000 * UNIT + 1) * 3 / 10;
    assert_eq!(world.pool.room(&0), room, "and that of a cap over several");
}

#[test]
fn a_top_up_adds_limit_that_is_usable_after_its_waiting_period() {
    let world = World::new();
    let interest = world.insured();
    let (pool, borrower) = (&world.pool, &world.borrower);
    let top_up = |amount| pool.try_top_up(&interest, borrower, &amount, &5_000_000, &(50 * UNIT));
    let before = world.balance(borrower);
    let premium = top_up(500 * UNIT).unwrap().unwrap();
    assert_eq!(before - world.balance(borrower), premium, "paid");
    let policy = world.policy(&interest);
    assert_eq!(
        (policy.limit, policy.original_limit),
        (1_500 * UNIT, 1_500 * UNIT),
        "sold"
    );
    assert_eq!(world.books().exposure, 1_500 * UNIT, "backed at once");
    assert_eq!(
        top_up(UNIT),
        Err(Ok(CoverError::PolicyBusy)),
        "one at a time"
    );
    let mut loss = world.loss(Peril::Grant, 3_000 * UNIT);
    (loss.event, loss.sources) = (1, 3);
    let paid = pool.pay(&interest, &loss, &world.keeper);
    assert_eq!(
        paid,
        interfaces::cover::Settlement::Paid(1_000 * UNIT),
        "the part that waited"
    );
    world.pass(DAY);
    let paid = world.pay(&interest, Peril::Grant, 3_000 * UNIT);
    assert_eq!(
        paid,
        interfaces::cover::Settlement::Paid(500 * UNIT),
        "the topped-up part"
    );
    let books = world.books();
    assert_eq!(
        books.earning_rate,
        world.policy(&interest).earning_rate,
        "earned together"
    );
}

#[test]
fn a_cancellation_refunds_nine_tenths_of_what_is_unearned() {
    let world = World::new();
    let interest = world.insured();
    let cancel = || world.pool.try_cancel(&interest);
    world.pass(6 * DAY - 1);
    assert_eq!(
        cancel(),
        Err(Ok(CoverError::NotCancellable)),
        "a second early"
    );
    world.pass(1);
    let (before, books) = (world.balance(&world.borrower), world.books());
    let refund = books.unearned / 10_i128.pow(12) * 9 / 10;
    assert_eq!(cancel(), Ok(Ok(refund)), "refund");
    assert_eq!(world.balance(&world.borrower) - before, refund, "paid");
    let after = world.books();
    assert_eq!(
        (after.unearned, after.earning_rate, after.exposure),
        (0, 0, 0),
        "gone"
    );
    assert_eq!(world.pool.policy(&interest), None, "no policy");
    assert_eq!(
        world.pool.policies_of(&world.borrower),
        Vec::new(&world.env),
        "not listed"
    );
    assert_eq!(cancel(), Err(Ok(CoverError::UnknownPolicy)), "once");
}

#[test]
fn a_policy_with_an_open_claim_or_advance_neither_ends_nor_renews() {
    let world = World::new();
    let (drawn, filed) = (world.insured(), world.insured());
    world.draw(&drawn, UNIT);
    world.pay(&filed, Peril::Collateral, UNIT);
    world.pass(24 * DAY);
    world.pool.set_group(&0, &world.pool.group(&0).unwrap());
    let policies = [&drawn, &filed].map(|interest| (interest.clone(), world.policy(interest)));
    assert!(policies[0].1.fees_due > 0, "as of now");
    let listed = Vec::from_array(&world.env, policies);
    assert_eq!(world.pool.policies_of(&world.borrower), listed, "live");
    for interest in [drawn, filed] {
        let busy = Err(Ok(CoverError::PolicyBusy));
        assert_eq!(world.pool.try_cancel(&interest), busy, "cancel");
        let renewed = world
            .pool
            .try_renew(&interest, &UNIT, &1, &5_000_000, &world.keeper);
        assert_eq!(renewed, busy, "renew");
        let (payer, most) = (&world.borrower, &(9 * UNIT));
        assert_eq!(
            world
                .pool
                .try_top_up(&interest, payer, &UNIT, &5_000_000, most),
            busy,
            "top up"
        );
    }
}

#[test]
fn an_owner_holds_thirty_two_policies_at_once_and_ended_ones_make_room() {
    let world = World::new();
    world.env.cost_estimate().budget().reset_unlimited();
    let open = || {
        let mut application = world.application(&world.position());
        (application.limit, application.weeks) = (UNIT, 2);
        world.pool.try_open(&application).map(|_| ())
    };
    for number in 0..32 {
        assert_eq!(open(), Ok(()), "policy {number}");
    }
    assert_eq!(open(), Err(Ok(CoverError::TooMany)), "one too many");
    let insured = || world.pool.insured_of(&world.borrower);
    assert_eq!(insured(), 32 * UNIT, "each counts");
    assert_eq!(world.books().in_force, 32 * UNIT, "in the sum as well");
    world.pass(3 * WEEK);
    world.pool.set_group(&0, &world.pool.group(&0).unwrap());
    assert_eq!(insured(), 0, "ended");
    assert_eq!(open(), Ok(()), "after they ended");
    assert_eq!(insured(), UNIT, "the new one");
    let listed = world.pool.policies_of(&world.borrower).len();
    assert_eq!(listed, 1, "live ones");
}

#[test]
fn an_event_is_not_paid_from_any_top_up_that_was_bought_after_it_began() {
    for (begins, limit) in [(1, 1_000), (DAY, 1_500), (2 * DAY + 1, 2_000)] {
        let world = World::new();
        let interest = world.insured();
        let (pool, borrower, bought) = (&world.pool, &world.borrower, world.now());
        let top_up = || pool.top_up(&interest, borrower, &(500 * UNIT), &5_000_000, &(50 * UNIT));
        top_up();
        world.pass(DAY + 1);
        top_up();
        world.pass(3 * DAY);
        let mut loss = world.loss(Peril::Grant, 9_000 * UNIT);
        loss.occurred_at = bought + begins;
        let paid = pool.pay(&interest, &loss, &world.keeper);
        let limit = interfaces::cover::Settlement::Paid(limit * UNIT);
        assert_eq!(paid, limit, "begun {begins} s after the first");
    }
}

#[test]
fn unspent_bounties_stay_the_interests_or_go_to_the_reserve() {
    let world = World::new();
    let interest = world.insured();
    world.pass(35 * DAY);
    world.pool.set_group(&0, &world.pool.group(&0).unwrap());
    world.pool.open(&world.application(&interest));
    let before = world.books();
    assert_eq!(before.bounties, UNIT, "of both terms");
    world.pass(7 * DAY);
    world.pool.cancel(&interest);
    let after = world.books();
    assert_eq!(after.bounties, 0, "none is left to work on");
    assert_eq!(after.reserve, before.reserve + UNIT, "in the reserve");
}
