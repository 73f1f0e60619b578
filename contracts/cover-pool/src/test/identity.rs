//! Who is asked who they are, and when; and that no payment waits for the answer.

use interfaces::cover::{IdentityTerms, Interest, Peril, Settlement};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{contract, contracterror, contractimpl, Address, Env};

use super::world::{World, DAY, UNIT, WEEK};
use crate::CoverError;

#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Unknown {
    Person = 1,
}

/// A verifier and a list: both know whom they were told of.
#[contract]
pub struct Register;

#[contractimpl]
impl Register {
    pub fn set(env: Env, account: Address, is_in: bool) {
        env.storage().persistent().set(&account, &is_in);
    }

    pub fn verify_identity(env: Env, account: Address) -> Result<(), Unknown> {
        match Self::is_sanctioned(env, account) {
            true => Ok(()),
            false => Err(Unknown::Person),
        }
    }

    pub fn is_sanctioned(env: Env, account: Address) -> bool {
        env.storage().persistent().get(&account).unwrap_or(false)
    }
}

/// Answers with the wrong type, and traps.
#[contract]
pub struct Broken;

#[contractimpl]
impl Broken {
    pub fn verify_identity(_env: Env, account: Address) -> Address {
        account
    }

    pub fn is_sanctioned(env: Env, account: Address) -> bool {
        env.storage().persistent().get(&account).unwrap()
    }
}

const FREE: i128 = 1_000 * UNIT;
const BASIC: i128 = 1_500 * UNIT;

struct Gate {
    world: World,
    basic: RegisterClient<'static>,
    full: RegisterClient<'static>,
    list: RegisterClient<'static>,
}

impl Gate {
    fn new() -> Self {
        let world = World::new();
        let register = || RegisterClient::new(&world.env, &world.env.register(Register, ()));
        let [basic, full, list] = [register(), register(), register()];
        let gate = Self {
            world,
            basic,
            full,
            list,
        };
        gate.set(&gate.terms());
        gate
    }

    fn terms(&self) -> IdentityTerms {
        IdentityTerms {
            free_limit: FREE,
            basic_limit: BASIC,
            basic: self.basic.address.clone(),
            full: self.full.address.clone(),
            sanctions: Some(self.list.address.clone()),
        }
    }

    fn set(&self, terms: &IdentityTerms) {
        self.world.pool.set_identity(&Some(terms.clone()));
    }

    /// The borrower asks for cover of `limit`.
    fn open(&self, limit: i128) -> Result<Interest, CoverError> {
        let interest = self.world.position();
        let mut application = self.world.application(&interest);
        application.limit = limit;
        match self.world.pool.try_open(&application) {
            Ok(_) => Ok(interest),
            Err(error) => Err(error.unwrap()),
        }
    }

    fn stake(&self) -> Result<(), CoverError> {
        match self.world.pool.try_stake(&self.world.lp, &UNIT, &0) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.unwrap()),
        }
    }

    /// A claim that is sent to the subject.
    fn pay(&self, interest: &Interest) -> Settlement {
        self.world.pay(interest, Peril::Default, 100 * UNIT)
    }
}

const UNVERIFIED: Result<(), CoverError> = Err(CoverError::Unverified);

#[test]
fn all_cover_of_an_owner_together_decides_their_tier() {
    let gate = Gate::new();
    let owner = &gate.world.borrower;
    let open = |limit| gate.open(limit).map(|_| ());
    assert_eq!(open(FREE + 1), UNVERIFIED, "one unit more than free");
    assert_eq!(open(FREE), Ok(()), "free");
    assert_eq!(open(1), UNVERIFIED, "one unit on top");
    gate.basic.set(owner, &true);
    assert_eq!(open(BASIC - FREE + 1), UNVERIFIED, "one more than basic");
    assert_eq!(open(BASIC - FREE), Ok(()), "basic");
    assert_eq!(open(1), UNVERIFIED, "one unit on top");
    gate.full.set(owner, &true);
    assert_eq!(open(FREE), Ok(()), "full");
    gate.basic.set(owner, &false);
    assert_eq!(open(1), Ok(()), "the full tier is enough for everything");
}

#[test]
fn the_full_tier_stands_in_for_the_basic_one() {
    let gate = Gate::new();
    gate.full.set(&gate.world.borrower, &true);
    assert!(gate.open(FREE + 1).is_ok(), "between free and basic");
    gate.full.set(&gate.world.lp, &true);
    assert_eq!(gate.stake(), Ok(()), "an LP");
}

#[test]
fn a_limit_that_rises_is_checked_and_one_that_stays_is_not() {
    let gate = Gate::new();
    let (world, owner) = (&gate.world, &gate.world.borrower);
    let interest = gate.open(FREE).unwrap();
    world.pass(DAY);
    let top_up = || {
        let pool = &world.pool;
        let raised = pool.try_top_up(&interest, owner, &(100 * UNIT), &5_000_000, &(50 * UNIT));
        raised.map(|_| ()).map_err(|error| error.unwrap())
    };
    assert_eq!(top_up(), UNVERIFIED, "above free");
    gate.basic.set(owner, &true);
    assert_eq!(top_up(), Ok(()), "verified");
    gate.basic.set(owner, &false);
    let end = world.policy(&interest).end;
    world.pass(end - 2 * DAY - world.now());
    world.allow_renewals();
    let renew = |limit| {
        let pool = &world.pool;
        let renewed = pool.try_renew(&interest, &limit, &4, &5_000_000, &world.keeper);
        renewed.map(|_| ()).map_err(|error| error.unwrap())
    };
    let limit = world.policy(&interest).limit;
    assert_eq!(renew(limit), Ok(()), "expired, and no more cover");
}

#[test]
fn an_lp_is_checked_when_they_stake() {
    let gate = Gate::new();
    assert_eq!(gate.stake(), UNVERIFIED, "nobody knows them");
    gate.basic.set(&gate.world.lp, &true);
    assert_eq!(gate.stake(), Ok(()), "basic");
    gate.list.set(&gate.world.lp, &true);
    let sanctioned = Err(CoverError::Sanctioned);
    assert_eq!(gate.stake(), sanctioned, "listed");
    gate.world.pool.set_identity(&None);
    assert_eq!(gate.stake(), Ok(()), "switched off");
}

#[test]
fn a_sanctioned_owner_buys_nothing_more() {
    let gate = Gate::new();
    gate.list.set(&gate.world.borrower, &true);
    let refused = gate.open(UNIT).map(|_| ());
    assert_eq!(refused, Err(CoverError::Sanctioned), "below free too");
}

#[test]
fn a_verifier_that_fails_admits_nobody_above_free() {
    let gate = Gate::new();
    let env = &gate.world.env;
    gate.full.set(&gate.world.borrower, &true);
    for broken in [env.register(Broken, ()), Address::generate(env)] {
        gate.set(&IdentityTerms {
            basic: broken.clone(),
            full: broken,
            ..gate.terms()
        });
        let refused = gate.open(FREE + 1).map(|_| ());
        assert_eq!(refused, UNVERIFIED, "it does not answer");
    }
    assert!(gate.open(FREE).is_ok(), "free is not asked for");
}

#[test]
fn a_payment_waits_for_no_verifier_and_no_list_that_fails() {
    let gate = Gate::new();
    let env = &gate.world.env;
    let interest = gate.open(FREE).unwrap();
    gate.world.pass(DAY);
    for broken in [env.register(Broken, ()), Address::generate(env)] {
        gate.set(&IdentityTerms {
            free_limit: 0,
            basic_limit: 0,
            basic: broken.clone(),
            full: broken.clone(),
            sanctions: Some(broken),
        });
        let before = gate.world.balance(&interest.0);
        let paid = gate.pay(&interest);
        assert_eq!(paid, Settlement::Paid(95 * UNIT), "less co-insurance");
        let gain = gate.world.balance(&interest.0) - before;
        assert_eq!(gain, 95 * UNIT, "delivered");
    }
}

#[test]
fn what_a_sanctioned_account_is_paid_waits_until_it_is_delisted() {
    let gate = Gate::new();
    let (world, pool) = (&gate.world, &gate.world.pool);
    let interest = gate.open(FREE).unwrap();
    world.pass(DAY);
    gate.list.set(&interest.0, &true);
    let before = world.books();
    assert_eq!(gate.pay(&interest), Settlement::Paid(95 * UNIT), "settled");
    let after = world.books();
    assert_eq!(after.claimable, 95 * UNIT, "waits");
    assert_eq!(before.exposure - after.exposure, 95 * UNIT, "off the limit");
    assert_eq!(world.balance(&interest.0), 0, "not delivered");
    let withdraw = || pool.try_withdraw_claimable(&interest.0);
    let refused = withdraw().map(|_| ()).map_err(|error| error.unwrap());
    assert_eq!(refused, Err(CoverError::Sanctioned), "still listed");
    gate.list.set(&interest.0, &false);
    assert!(withdraw().is_ok(), "delisted");
    assert_eq!(world.balance(&interest.0), 95 * UNIT, "paid");
    assert_eq!(world.books().claimable, 0, "nothing waits");
}

#[test]
fn the_exit_of_a_sanctioned_lp_waits_and_is_redeemed_by_nobody() {
    let gate = Gate::new();
    let (world, pool, lp) = (&gate.world, &gate.world.pool, &gate.world.lp);
    gate.basic.set(lp, &true);
    let slot = pool.request_redeem(lp, &1_000_000);
    pool.request_redeem(lp, &1_000_000);
    world.pass(2 * WEEK);
    gate.list.set(lp, &true);
    let refused = |receiver: &Address| {
        let redeemed = pool.try_redeem(&1_000_000, receiver, lp, lp);
        redeemed.map(|_| ()).map_err(|error| error.unwrap())
    };
    let sanctioned = Err(CoverError::Sanctioned.into());
    assert_eq!(refused(lp), sanctioned, "themselves");
    assert_eq!(refused(&world.keeper), sanctioned, "to another");
    let out = pool.fulfil(lp, &slot, &world.keeper, &0);
    assert_eq!(pool.claimable_of(lp), out, "waits for them");
    gate.list.set(lp, &false);
    assert_eq!(pool.withdraw_claimable(lp), out, "delisted");
    gate.list.set(&world.keeper, &true);
    assert_eq!(refused(&world.keeper), sanctioned, "to who is listed");
    assert_eq!(refused(lp), Ok(()), "to themselves");
}

#[test]
fn terms_without_an_order_are_refused() {
    let gate = Gate::new();
    let pool = &gate.world.pool;
    for (free_limit, basic_limit) in [(-1, 0), (2, 1), (0, -1)] {
        let terms = IdentityTerms {
            free_limit,
            basic_limit,
            ..gate.terms()
        };
        let refused = pool.try_set_identity(&Some(terms));
        assert_eq!(refused, Err(Ok(CoverError::InvalidTerms)), "{free_limit}");
    }
}

#[test]
fn a_sanctioned_lp_hands_no_shares_on_and_a_sanctioned_owner_no_policy() {
    let gate = Gate::new();
    let (pool, lp) = (&gate.world.pool, &gate.world.lp);
    let heir = Address::generate(&gate.world.env);
    gate.list.set(lp, &true);
    let moved = pool.try_transfer(lp, &heir, &1);
    assert_eq!(
        moved.err(),
        Some(Ok(CoverError::Sanctioned.into())),
        "shares"
    );
    let interest = gate.world.insured();
    gate.list.set(&gate.world.borrower, &true);
    let assigned = pool.try_assign(&interest, &heir);
    assert_eq!(assigned, Err(Ok(CoverError::Sanctioned)), "a policy");
    gate.list.set(lp, &false);
    pool.transfer(lp, &heir, &1);
    assert_eq!(pool.balance(&heir), 1, "afterwards");
}

#[test]
fn a_sanctioned_keeper_is_paid_no_bounty() {
    let gate = Gate::new();
    let interest = gate.world.insured();
    let keeper = &gate.world.keeper;
    gate.list.set(keeper, &true);
    let before = gate.world.books().bounties;
    gate.world.pay(&interest, Peril::Default, 100 * UNIT);
    assert_eq!(gate.world.balance(keeper), 0, "nothing");
    assert_eq!(gate.world.books().bounties, before, "it stays apart");
}
