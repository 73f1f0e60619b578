//! Policies that change hands.

use interfaces::cover::{IdentityTerms, Interest, Peril};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{vec, Address};

use super::world::{World, DAY, UNIT, WEEK};
use crate::types::bounds::POLICIES_PER_OWNER;
use crate::CoverError;

/// A pool, a policy, and who is to have it.
struct Handover {
    world: World,
    interest: Interest,
    to: Address,
}

impl Handover {
    fn new() -> Self {
        let world = World::new();
        let interest = world.insured();
        let to = Address::generate(&world.env);
        world.issuer.mint(&to, &(1_000 * UNIT));
        Self {
            world,
            interest,
            to,
        }
    }

    fn assign(&self, to: &Address) -> Result<(), CoverError> {
        let assigned = self.world.pool.try_assign(&self.interest, to);
        assigned.map(|_| ()).map_err(|error| error.unwrap())
    }

    fn insured_of(&self, owner: &Address) -> i128 {
        self.world.pool.insured_of(owner)
    }
}

#[test]
fn an_assigned_policy_is_its_new_owners_alone() {
    let handover = Handover::new();
    let (world, interest, to) = (&handover.world, &handover.interest, &handover.to);
    let (pool, from) = (&world.pool, &world.borrower);
    let before = world.books();
    assert_eq!(handover.insured_of(from), 1_000 * UNIT, "theirs");
    handover.assign(to).unwrap();
    let balances = [from, to].map(|owner| handover.insured_of(owner));
    assert_eq!(balances, [0, 1_000 * UNIT], "the cover");
    assert_eq!(pool.policies_of(from), vec![&world.env], "the old list");
    assert_eq!(world.books(), before, "the books are the same");
    let policy = world.policy(interest);
    let listed = vec![&world.env, (interest.clone(), policy.clone())];
    assert_eq!(pool.policies_of(to), listed, "the new list");
    assert_eq!(&policy.owner, to, "its owner");
    assert_eq!(policy.max_rate, 0, "they agreed to no rate");
    assert_eq!(&policy.payer, to, "and nobody else pays for it");
    world.pass(policy.end - DAY - world.now());
    world.allow_renewals();
    world
        .token
        .approve(to, &pool.address, &(500 * UNIT), &1_000);
    let renewed = pool.try_renew(interest, &UNIT, &4, &5_000_000, &world.keeper);
    let renewed = renewed.map(|_| ()).map_err(|error| error.unwrap());
    assert_eq!(renewed, Err(CoverError::RateTooHigh), "it renews no more");
}

#[test]
fn its_new_owner_has_the_refund() {
    let handover = Handover::new();
    let (world, to) = (&handover.world, &handover.to);
    handover.assign(to).unwrap();
    world.pass(7 * DAY);
    let before = [&world.borrower, to].map(|owner| world.balance(owner));
    let refund = world.pool.cancel(&handover.interest);
    let after = [&world.borrower, to].map(|owner| world.balance(owner));
    assert_eq!(after, [before[0], before[1] + refund], "{refund}");
    assert_eq!(handover.insured_of(to), 0, "cancelled");
}

#[test]
fn a_policy_that_is_busy_or_over_stays() {
    let busy = Err(CoverError::PolicyBusy);
    let handover = Handover::new();
    let (world, interest, to) = (&handover.world, &handover.interest, &handover.to);
    world.pay(interest, Peril::Collateral, UNIT);
    assert_eq!(handover.assign(to), busy, "a claim is open");
    world.pass(2 * DAY);
    world.pool.finalize(&1, &world.keeper);
    world.draw(interest, UNIT);
    assert_eq!(handover.assign(to), busy, "an advance is owed");
    let owed = world.policy(interest);
    let owed = owed.drawn + owed.fees_due;
    world.pool.pay_back(interest, &world.borrower, &owed);
    world.pass(world.policy(interest).end - 1 - world.now());
    let before = handover.insured_of(&world.borrower);
    assert!(before > 0, "the last second: {before}");
    world.pass(1);
    let over = Err(CoverError::NothingCovered);
    assert_eq!(handover.assign(to), over, "it has ended");
    assert_eq!(handover.insured_of(&world.borrower), 0, "and is no balance");
}

#[test]
fn a_policy_of_which_nothing_is_left_stays() {
    let handover = Handover::new();
    let (world, interest) = (&handover.world, &handover.interest);
    world.pay(interest, Peril::Grant, 9_000 * UNIT);
    let used = Err(CoverError::NothingCovered);
    assert_eq!(handover.assign(&handover.to), used, "used up");
}

#[test]
fn it_is_handed_to_its_owner_or_to_anyone_but_the_pool() {
    let handover = Handover::new();
    let (world, interest) = (&handover.world, &handover.interest);
    let itself = Err(CoverError::PaysItself);
    assert_eq!(handover.assign(&world.pool.address), itself, "the pool");
    assert_eq!(handover.assign(&world.borrower), Ok(()), "its owner");
    let listed = vec![&world.env, (interest.clone(), world.policy(interest))];
    let held = world.pool.policies_of(&world.borrower);
    assert_eq!(held, listed, "listed once");
    let balance = handover.insured_of(&world.borrower);
    assert_eq!(balance, 1_000 * UNIT, "counted once");
}

#[test]
fn a_full_list_takes_no_more_until_one_has_ended() {
    let handover = Handover::new();
    let (world, to) = (&handover.world, &handover.to);
    for _ in 0..POLICIES_PER_OWNER {
        let interest = world.position();
        let mut application = world.application(&interest);
        (application.owner, application.limit) = (to.clone(), 10 * UNIT);
        application.weeks = 2;
        world.pool.open(&application);
    }
    assert_eq!(handover.assign(to), Err(CoverError::TooMany), "full");
    let owner = world.policy(&handover.interest).owner;
    assert_eq!(owner, world.borrower, "it stays where it was");
    assert_eq!(handover.insured_of(&owner), 1_000 * UNIT, "listed");
    world.pass(3 * WEEK - DAY);
    assert_eq!(handover.insured_of(to), 0, "all of theirs have ended");
    let again = handover.assign(to);
    assert_eq!(again, Ok(()), "room, once their grace weeks are over");
    assert_eq!(handover.insured_of(to), 1_000 * UNIT, "theirs");
}

#[test]
fn who_has_not_shown_who_they_are_receives_none_above_free() {
    let handover = Handover::new();
    let (world, to) = (&handover.world, &handover.to);
    let nobody = Address::generate(&world.env);
    let terms = |free_limit| IdentityTerms {
        free_limit,
        basic_limit: free_limit,
        basic: nobody.clone(),
        full: nobody.clone(),
        sanctions: None,
    };
    let limit = 1_000 * UNIT;
    world.pool.set_identity(&Some(terms(limit - 1)));
    let unverified = Err(CoverError::Unverified);
    assert_eq!(handover.assign(to), unverified, "a unit above free");
    world.pool.set_identity(&Some(terms(limit)));
    assert_eq!(handover.assign(to), Ok(()), "free");
}
