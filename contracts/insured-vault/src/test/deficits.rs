//! What the platform is short of: owed and paid as `Contract`, beside defaults.

use actuary::time::DAY;
use interfaces::blend::RATE_SCALE;
use interfaces::cover::{CoverError, Peril};
use soroban_sdk::testutils::Events as _;
use soroban_sdk::{vec, Address, Error, Event as _};

use super::mocks::cover_pool::{Conduct, WAITING, WAITING_CONTRACT};
use super::{World, UNIT};
use crate::events::LossBooked;

/// A tenth of a bToken.
const TENTH: i128 = RATE_SCALE / 10;

/// A vault with a deposit of 100, insured against defaults and deficits, after both waiting periods.
fn insured() -> (World, Address) {
    let (world, lender) = waiting();
    world.pass(WAITING_CONTRACT);
    world.record();
    (world, lender)
}

/// The same, just insured.
fn waiting() -> (World, Address) {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.deposit(&lender, 100 * UNIT);
    let payer = world.funded(100 * UNIT);
    let mut request = world.request(100 * UNIT);
    request.perils = vec![&world.env, Peril::Default, Peril::Contract];
    world.vault.mock_all_auths().insure(&payer, &request);
    world.record();
    (world, lender)
}

/// A deficit that is counted now and was seen an hour ago.
fn count(world: &World, lost: i128) {
    world.pass(3_600);
    world.record();
    world.adapter.count_deficit(&lost, &(world.now() - 3_600));
}

fn worth(world: &World, lender: &Address) -> i128 {
    world.vault.preview_redeem(&world.vault.balance(lender))
}

#[test]
fn a_covered_deficit_is_owed_and_paid_without_co_insurance() {
    let (world, lender) = insured();
    count(&world, TENTH);
    let state = world.state();
    assert_eq!(state.owed, 10 * UNIT, "a tenth of 100");
    assert_eq!(state.lent, 90 * UNIT, "worth less by as much");
    assert_eq!(state.assets_high, 100 * UNIT + 1, "with what cover owes");
    assert_eq!(worth(&world, &lender), 90 * UNIT, "without");
    assert_eq!(world.settle(), 10 * UNIT, "paid");
    assert_eq!(worth(&world, &lender), 100 * UNIT, "as before");
    assert_eq!(world.settle(), 0, "once");
    assert_eq!(world.limit(), 90 * UNIT, "limit left");
}

#[test]
fn who_leaves_first_leaves_no_deficit_to_the_others() {
    let (world, first) = insured();
    let second = world.funded(100 * UNIT);
    world.deposit(&second, 100 * UNIT);
    count(&world, 2 * TENTH);
    let out = world.redeem(&second, world.vault.balance(&second));
    assert_eq!(out, 80 * UNIT, "without what is missing");
    assert!(
        worth(&world, &first) >= 80 * UNIT,
        "nor does the other lose by it"
    );
}

#[test]
fn what_is_made_good_is_worth_something_again() {
    let (world, lender) = insured();
    count(&world, TENTH);
    world.settle();
    world.adapter.make_good();
    assert_eq!(world.state().lent, 100 * UNIT, "by the books");
    let worth = worth(&world, &lender);
    assert!((110 * UNIT - 1..=110 * UNIT).contains(&worth), "{worth}");
}

#[test]
fn a_deficit_seen_in_its_waiting_period_is_not_owed() {
    let (world, _) = waiting();
    let begins = world.now() + WAITING_CONTRACT;
    world.pass(WAITING_CONTRACT - 1);
    world.record();
    world.adapter.count_deficit(&TENTH, &(begins - 1));
    assert_eq!(world.settle(), 0, "a second too early");
    assert_eq!(world.state().owed, 0, "nor later");
    world.pass(3_600);
    world.record();
    world.adapter.count_deficit(&TENTH, &begins);
    assert_eq!(world.settle(), 10 * UNIT, "the next one alone");
}

#[test]
fn a_deficit_counts_by_its_first_look_at_the_end_of_cover() {
    for (seen_before_end, paid) in [(0, 10 * UNIT), (-1, 0)] {
        let (world, _) = insured();
        let end = world.pool.policy(&world.interest()).unwrap().end;
        world.pass(end + 3_600 - world.now());
        world.record();
        let seen_at = end.saturating_add_signed(-seen_before_end);
        world.adapter.count_deficit(&TENTH, &seen_at);
        assert_eq!(world.settle(), paid, "seen {seen_before_end} before it");
    }
}

#[test]
fn defaults_and_deficits_are_owed_apart_and_paid_together() {
    let (world, _) = insured();
    let before = world.now();
    world.pass(3_600);
    world.set_rate(9_000_000);
    count(&world, TENTH);
    let seen_at = world.now() - 3_600;
    assert_eq!(world.state().owed, 20 * UNIT, "both");
    assert_eq!(world.settle(), 95_000_000 + 10 * UNIT, "95 % and all");
    let told = world.env.events().all();
    let told = told.filter_by_contract(&world.vault.address);
    for (peril, since) in [(Peril::Default, before), (Peril::Contract, seen_at)] {
        let event = LossBooked {
            peril,
            loss: 10 * UNIT,
            index: 2 * TENTH,
            since,
        };
        let event = event.to_xdr(&world.env, &world.vault.address);
        assert!(told.events().contains(&event), "{peril:?} in {told:?}");
    }
}

#[test]
fn a_peril_that_is_refused_keeps_no_other_from_being_paid() {
    let (world, _) = insured();
    world.set_rate(9_000_000);
    count(&world, TENTH);
    let refuse = |peril| {
        world.pool.set_conduct(&Conduct {
            refused: peril,
            ..world.pool.conduct()
        });
    };
    refuse(Peril::Default as u32);
    assert_eq!(world.settle(), 10 * UNIT, "the deficit");
    assert_eq!(world.state().owed, 10 * UNIT, "the default stays owed");
    let refused = Error::from_contract_error(CoverError::PerilNotCovered as u32);
    let settled = world.vault.try_settle(&world.owner);
    assert_eq!(settled, Err(Err(refused.into())), "alone");
    refuse(u32::MAX);
    assert_eq!(world.settle(), 95_000_000, "then");
}

#[test]
fn a_vault_is_paid_for_the_perils_it_has() {
    let (world, _) = World::insured(100 * UNIT);
    world.pass(WAITING_CONTRACT);
    world.record();
    world.set_rate(9_000_000);
    count(&world, TENTH);
    assert_eq!(world.settle(), 95_000_000, "defaults alone");
    assert_eq!(world.state().owed, 0, "no deficit is owed");
}

#[test]
fn deposits_do_not_buy_into_a_deficit_that_cover_owes() {
    let (world, first) = insured();
    count(&world, TENTH);
    world.adapter.make_good();
    let second = world.funded(55 * UNIT);
    world.deposit(&second, 55 * UNIT);
    assert_eq!(world.settle(), 10 * UNIT, "paid for the first alone");
    assert!(worth(&world, &second) <= 55 * UNIT, "the second");
    assert!(worth(&world, &first) >= 110 * UNIT - 10, "the first");
}

#[test]
fn deficits_the_adapter_forgot_count_by_the_time_the_vault_was_looked_at() {
    for (is_looked_at, owed) in [(true, 17 * UNIT), (false, 15 * UNIT)] {
        let (world, _) = waiting();
        world.pass(WAITING_CONTRACT + DAY + WAITING);
        world.record();
        if is_looked_at {
            world.settle();
        }
        for _ in 0..17 {
            world.pass(3_600);
            world.record();
            world
                .adapter
                .count_deficit(&(RATE_SCALE / 100), &world.now());
        }
        assert_eq!(
            world.state().owed,
            owed,
            "looked at a day after the waiting period: {is_looked_at}"
        );
    }
}
