use super::world::{World, DAY, HOUR, UNIT, WEEK};
use crate::CoverError;
use interfaces::cover::{Appeal, Books, Claim, Interest, Peril, Roles};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

/// What waits: collateral that was surrendered, which has no co-insurance.
const CLAIM: i128 = 100 * UNIT;
/// Its bond: the least.
const BOND: i128 = 100 * UNIT;

struct Court {
    world: World,
    interest: Interest,
    challenger: Address,
    court: Address,
}

impl Court {
    fn new() -> Self {
        let world = World::new();
        let [challenger, court, guardian] = [(); 3].map(|()| Address::generate(&world.env));
        world.pool.set_roles(&Roles {
            risk: world.owner.clone(),
            guardian,
            court: court.clone(),
        });
        world.issuer.mint(&challenger, &(1_000 * UNIT));
        let interest = world.insured();
        Self {
            world,
            interest,
            challenger,
            court,
        }
    }

    /// A claim that waits.
    fn filed() -> Self {
        let court = Self::new();
        court
            .world
            .pay(&court.interest, Peril::Collateral, 100 * UNIT);
        court
    }

    /// One that was challenged.
    fn challenged() -> Self {
        let court = Self::filed();
        let bond = court.world.pool.challenge(&1, &court.challenger);
        assert_eq!(bond, BOND, "the least bond");
        court
    }

    fn appeal(&self, by: &Address) -> Result<u32, CoverError> {
        let appeal = Appeal {
            peril: Peril::Default,
            amount: 200 * UNIT,
            occurred_at: self.world.now(),
        };
        answer(self.world.pool.try_appeal(&self.interest, &appeal, by))
    }

    fn resolve(&self, granted: i128) -> Result<(), CoverError> {
        answer(self.world.pool.try_resolve(&1, &granted))
    }

    fn finalize(&self) -> Result<i128, CoverError> {
        answer(self.world.pool.try_finalize(&1, &self.world.keeper))
    }

    fn claim(&self) -> Claim {
        self.world.pool.claim(&1).unwrap()
    }

    fn books(&self) -> Books {
        self.world.books()
    }

    fn limit(&self) -> i128 {
        self.world.policy(&self.interest).limit
    }

    fn purse(&self) -> i128 {
        self.world.balance(&self.challenger)
    }
}

fn answer<T, C: core::fmt::Debug>(
    answer: Result<Result<T, C>, Result<CoverError, soroban_sdk::InvokeError>>,
) -> Result<T, CoverError> {
    match answer {
        Ok(value) => Ok(value.unwrap()),
        Err(error) => Err(error.unwrap()),
    }
}

#[test]
fn a_bond_is_set_apart_and_the_claim_waits_for_the_court() {
    let court = Court::filed();
    let before = court.books();
    court.world.pass(HOUR);
    court.world.pool.challenge(&1, &court.challenger);
    let (after, claim) = (court.books(), court.claim());
    assert_eq!(after.bonds, BOND, "apart");
    assert_eq!(after.cash - before.cash, BOND, "held");
    assert_eq!(
        after.nav_hi - after.nav_lo,
        CLAIM,
        "the claim is pending still"
    );
    assert_eq!(
        claim.payable_from,
        court.world.now() + 14 * DAY,
        "two weeks"
    );
    assert_eq!(
        claim.disputed_by,
        Some(court.challenger.clone()),
        "whose it is"
    );
    court.world.pass(14 * DAY - 1);
    assert_eq!(
        court.finalize(),
        Err(CoverError::NotPayable),
        "the last second"
    );
}

#[test]
fn a_challenge_upheld_returns_the_bond_and_the_limit() {
    let court = Court::challenged();
    let (before, limit) = (court.books(), court.limit());
    court.resolve(0).unwrap();
    let after = court.books();
    assert_eq!(court.purse(), 1_000 * UNIT, "the bond is back");
    assert_eq!((after.bonds, after.pending), (0, 0), "nothing waits");
    assert_eq!(after.nav_lo - before.nav_lo, CLAIM, "the LPs' again");
    assert_eq!(
        after.exposure - before.exposure,
        CLAIM,
        "and in force again"
    );
    assert_eq!(court.limit() - limit, CLAIM, "for its owner");
    let adapters = court.world.balance(&court.interest.0);
    assert_eq!(court.finalize(), Ok(0), "closed");
    assert_eq!(
        court.world.balance(&court.interest.0),
        adapters,
        "with nothing"
    );
    assert_eq!(
        court.world.policy(&court.interest).open_claims,
        0,
        "no claim"
    );
    assert_eq!(court.world.balance(&court.world.keeper), 0, "no bounty");
}

#[test]
fn a_challenge_refused_pays_the_claim_and_half_of_the_bond() {
    let court = Court::challenged();
    let (before, owner) = (court.books(), &court.world.borrower);
    let purse = court.world.balance(owner);
    court.resolve(CLAIM).unwrap();
    let decided = court.books();
    assert_eq!((decided.bonds, decided.pending), (BOND, CLAIM), "payable");
    assert_eq!(court.finalize(), Ok(CLAIM), "in full");
    let after = court.books();
    assert_eq!(
        court.world.balance(&court.interest.0),
        CLAIM,
        "the subject's"
    );
    assert_eq!(court.purse(), 900 * UNIT, "lost");
    let half = court.world.balance(owner) - purse;
    assert_eq!(half, 50 * UNIT, "the owner's half");
    // The reserve bears the claim first, as far as it goes; the bond bears none of it.
    assert_eq!(before.reserve.min(CLAIM), before.reserve, "a small reserve");
    assert_eq!(after.reserve, 50 * UNIT, "the reserve's half");
    assert_eq!((after.bonds, after.pending), (0, 0), "settled");
}

#[test]
fn a_challenger_who_is_right_in_part_has_the_bond_back() {
    let court = Court::new();
    let mut terms = super::world::terms();
    terms.instant_max = 0;
    court.world.pool.set_terms(&terms);
    court.world.pay(&court.interest, Peril::Default, 100 * UNIT);
    court.world.pool.challenge(&1, &court.challenger);
    let limit = court.limit();
    court.resolve(95 * UNIT - 1).unwrap();
    assert_eq!(court.purse(), 1_000 * UNIT, "back");
    assert_eq!(court.limit() - limit, 1, "what was denied");
    assert_eq!(court.finalize(), Ok(95 * UNIT - 1), "the rest");
}

#[test]
fn a_surrender_is_granted_or_denied_as_a_whole() {
    let court = Court::challenged();
    for part in [1, CLAIM - 1] {
        let refused = court.resolve(part);
        assert_eq!(refused, Err(CoverError::AllOrNothing), "{part}");
    }
    court.resolve(CLAIM).unwrap();
}

#[test]
fn without_a_decision_a_claim_that_was_filed_is_paid() {
    let court = Court::challenged();
    court.world.pass(14 * DAY);
    let late = court.resolve(0);
    assert_eq!(late, Err(CoverError::NotDisputed), "the court is too late");
    assert_eq!(court.finalize(), Ok(CLAIM), "in full");
    assert_eq!(court.purse(), 900 * UNIT, "the bond is lost");
    assert_eq!(court.books().reserve, 50 * UNIT, "half of it");
    assert_eq!(court.books().bonds, 0, "none left");
}

#[test]
fn an_appeal_moves_what_the_policy_would_pay_into_pending() {
    let court = Court::new();
    let (before, owner) = (court.books(), court.world.borrower.clone());
    let purse = court.world.balance(&owner);
    assert_eq!(court.appeal(&owner), Ok(1), "filed");
    let after = court.books();
    assert_eq!(after.pending, 190 * UNIT, "less co-insurance");
    assert_eq!(before.exposure - after.exposure, 190 * UNIT, "out of force");
    assert_eq!(purse - court.world.balance(&owner), BOND, "with a bond");
    assert_eq!(court.limit(), 810 * UNIT, "of its limit");
}

#[test]
fn an_appeal_won_pays_what_the_court_grants() {
    let court = Court::new();
    let owner = court.world.borrower.clone();
    let purse = court.world.balance(&owner);
    court.appeal(&owner).unwrap();
    let above = court.resolve(190 * UNIT + 1);
    assert_eq!(above, Err(CoverError::AboveClaim), "not more than asked");
    court.resolve(120 * UNIT).unwrap();
    assert_eq!(court.world.balance(&owner), purse, "the bond is back");
    assert_eq!(court.limit(), 880 * UNIT, "the rest is in force");
    let taken = court.world.balance(&court.world.platform.address);
    assert_eq!(court.finalize(), Ok(120 * UNIT), "granted");
    let repaid = court.world.balance(&court.world.platform.address) - taken;
    assert_eq!(repaid, 120 * UNIT, "by the policy's route");
}

#[test]
fn an_appeal_lost_gives_its_bond_to_lps_and_reserve() {
    for by_vote in [true, false] {
        let court = Court::new();
        let owner = court.world.borrower.clone();
        let before = court.books();
        let purse = court.world.balance(&owner);
        court.appeal(&owner).unwrap();
        if by_vote {
            court.resolve(0).unwrap();
        } else {
            court.world.pass(14 * DAY);
        }
        let decided = court.books();
        assert_eq!(court.finalize(), Ok(0), "denied");
        let after = court.books();
        assert_eq!(purse - court.world.balance(&owner), BOND, "lost");
        assert_eq!(
            after.reserve - before.reserve,
            50 * UNIT,
            "the reserve's half"
        );
        let gain = after.nav_lo - decided.nav_hi;
        assert_eq!(gain, 50 * UNIT, "the LPs' half");
        assert_eq!(court.limit(), 1_000 * UNIT, "the whole limit again");
        assert_eq!(after.exposure, before.exposure, "in force");
    }
}

#[test]
fn what_is_denied_after_the_grace_week_is_free_capital() {
    let court = Court::new();
    let owner = court.world.borrower.clone();
    let end = court.world.policy(&court.interest).end;
    court.world.pass(end + WEEK - 1 - court.world.now());
    let appeal = Appeal {
        peril: Peril::Default,
        amount: 200 * UNIT,
        occurred_at: end,
    };
    court.world.pool.appeal(&court.interest, &appeal, &owner);
    court.world.pass(1);
    let before = court.books();
    assert_eq!(
        (before.exposure, before.pending),
        (0, 190 * UNIT),
        "expiry frees none of it"
    );
    court.resolve(0).unwrap();
    let after = court.books();
    assert_eq!(
        (after.exposure, after.pending),
        (0, 0),
        "not in force again"
    );
    assert_eq!(after.nav_lo - before.nav_lo, 190 * UNIT, "free");
}

#[test]
fn only_its_owner_and_the_court_appeal_for_a_policy_and_only_once_for_its_limit() {
    let court = Court::new();
    let stranger = court.appeal(&court.challenger);
    assert_eq!(stranger, Err(CoverError::NotTheirs), "a stranger");
    let purse = court.world.balance(&court.court);
    assert_eq!(court.appeal(&court.court), Ok(1), "the court admits one");
    assert_eq!(court.world.balance(&court.court), purse, "without a bond");
    let whole = Appeal {
        peril: Peril::Default,
        amount: 9_000 * UNIT,
        occurred_at: court.world.now(),
    };
    let owner = &court.world.borrower;
    court.world.pool.appeal(&court.interest, &whole, owner);
    assert_eq!(court.books().pending, 1_000 * UNIT, "the limit is the most");
    assert_eq!(
        court.appeal(owner),
        Err(CoverError::NothingCovered),
        "used up"
    );
}

#[test]
fn an_appeal_is_for_what_was_covered() {
    let court = Court::new();
    let owner = &court.world.borrower;
    let appeal = |peril, occurred_at| {
        let appeal = Appeal {
            peril,
            amount: UNIT,
            occurred_at,
        };
        answer(court.world.pool.try_appeal(&court.interest, &appeal, owner))
    };
    let now = court.world.now();
    let start = court.world.policy(&court.interest).start;
    assert_eq!(
        appeal(Peril::Default, start - 1),
        Err(CoverError::OutsideCover),
        "before"
    );
    assert_eq!(
        appeal(Peril::Default, now + 1),
        Err(CoverError::OutsideCover),
        "not yet"
    );
    assert_eq!(
        appeal(Peril::Contract, now),
        Err(CoverError::PerilNotCovered),
        "not bought"
    );
    assert_eq!(
        appeal(Peril::Advance, now),
        Err(CoverError::PerilNotCovered),
        "lent, not paid"
    );
}

#[test]
fn a_claim_is_challenged_once_and_in_its_window() {
    let court = Court::challenged();
    let challenge = || answer(court.world.pool.try_challenge(&1, &court.challenger));
    assert_eq!(
        challenge(),
        Err(CoverError::NotDisputable),
        "challenged already"
    );
    court.resolve(CLAIM).unwrap();
    assert_eq!(challenge(), Err(CoverError::NotDisputable), "decided");
    assert_eq!(court.resolve(0), Err(CoverError::NotDisputed), "once");
    let unknown = answer(court.world.pool.try_challenge(&9, &court.challenger));
    assert_eq!(unknown, Err(CoverError::UnknownClaim), "no such claim");
    let court = Court::filed();
    let undisputed = court.resolve(0);
    assert_eq!(
        undisputed,
        Err(CoverError::NotDisputed),
        "nobody asked the court"
    );
    court.world.pass(48 * HOUR);
    let late = answer(court.world.pool.try_challenge(&1, &court.challenger));
    assert_eq!(late, Err(CoverError::NotDisputable), "payable");
}

#[test]
fn the_guardian_puts_a_claim_off_once_and_denies_nothing() {
    let court = Court::filed();
    court.world.pass(48 * HOUR - 1);
    court.world.pool.delay(&1);
    let again = answer(court.world.pool.try_delay(&1));
    assert_eq!(again, Err(CoverError::NotDisputable), "once");
    court.world.pass(72 * HOUR);
    assert_eq!(
        court.finalize(),
        Err(CoverError::NotPayable),
        "five days, less a second"
    );
    court.world.pass(1);
    let late = answer(court.world.pool.try_delay(&1));
    assert_eq!(late, Err(CoverError::NotDisputable), "payable");
    assert_eq!(court.finalize(), Ok(CLAIM), "in full");
}

#[test]
fn a_disputed_claim_is_not_put_off() {
    let court = Court::challenged();
    let delayed = answer(court.world.pool.try_delay(&1));
    assert_eq!(
        delayed,
        Err(CoverError::NotDisputable),
        "the court has its time"
    );
}

#[test]
fn an_advance_that_waits_is_not_disputed() {
    let court = Court::new();
    let mut terms = super::world::terms();
    terms.daily_share = 0;
    court.world.pool.set_terms(&terms);
    court.world.pass(DAY);
    let pool = &court.world.pool;
    pool.draw(&court.interest, &UNIT, &400_000, &2, &court.world.keeper);
    let challenged = answer(pool.try_challenge(&1, &court.challenger));
    assert_eq!(
        challenged,
        Err(CoverError::NotDisputable),
        "lent, and measured again"
    );
}

#[test]
fn an_impaired_pool_forgets_what_the_court_denied() {
    let court = Court::challenged();
    court
        .world
        .pay(&court.world.insured(), Peril::Collateral, 100 * UNIT);
    let pool = &court.world.pool;
    court.world.issuer.clawback(&pool.address, &UNIT);
    pool.check_backing();
    court.world.pass(7 * DAY);
    pool.settle_impairment();
    court.resolve(0).unwrap();
    court.world.pass(1);
    let left = pool.impairment().unwrap();
    assert_eq!((left.unpaid, left.total), (CLAIM, CLAIM), "the other claim");
    assert_eq!(court.finalize(), Ok(0), "denied");
    pool.finalize(&2, &court.world.keeper);
    assert_eq!(pool.impairment().unwrap().unpaid, 0, "all of them");
    pool.resume();
    assert_eq!(pool.impairment(), None, "sound");
}

#[test]
fn a_bond_that_cannot_be_returned_waits_for_its_owner() {
    let court = Court::challenged();
    court.world.issuer.set_authorized(&court.challenger, &false);
    court.resolve(0).unwrap();
    assert_eq!(
        court.world.pool.claimable_of(&court.challenger),
        BOND,
        "waits"
    );
    assert_eq!(court.books().bonds, 0, "not a bond any more");
}

#[test]
fn nobody_cashes_a_leaver_out_while_an_appeal_is_open() {
    let court = Court::new();
    let (pool, lp) = (&court.world.pool, &court.world.lp);
    pool.request_redeem(lp, &(pool.balance(lp) / 2));
    court.world.pass(14 * DAY);
    let owner = &court.world.borrower;
    let appeal = Appeal {
        peril: Peril::Default,
        amount: UNIT,
        occurred_at: court.world.now(),
    };
    pool.appeal(&court.interest, &appeal, owner);
    let fulfil = |caller| answer(pool.try_fulfil(lp, &0, caller, &0));
    let hurried = fulfil(&court.world.keeper);
    assert_eq!(hurried, Err(CoverError::OwnerOnly), "a stranger waits");
    court.resolve(0).unwrap();
    assert!(fulfil(&court.world.keeper).is_ok(), "until it is decided");
}

#[test]
fn what_is_appealed_for_is_not_sold_again() {
    let court = Court::new();
    let (pool, owner) = (&court.world.pool, &court.world.borrower);
    let used = |group: crate::BackedGroup| group.exposure;
    let mut terms = pool.group(&0).unwrap();
    (terms.cap, terms.subject_cap) = (500_000, 10_000_000);
    pool.set_group(&0, &terms);
    let room = || {
        let cap = court.books().nav_lo * 500_000 / 10_000_000;
        (pool.room(&0), cap - 1_000 * UNIT)
    };
    let (before, expected) = room();
    assert_eq!(before, expected, "beside the limit");
    let in_force = used(pool.group_state(&0));
    let whole = Appeal {
        peril: Peril::Default,
        amount: 9_000 * UNIT,
        occurred_at: court.world.now(),
    };
    pool.appeal(&court.interest, &whole, owner);
    assert_eq!(
        used(pool.group_state(&0)),
        in_force - 1_000 * UNIT,
        "it left"
    );
    let (left, expected) = room();
    assert_eq!(left, expected, "nothing is sold in its place");
    court.resolve(0).unwrap();
    assert_eq!(room().0, before, "as before");
}

#[test]
fn a_pause_of_claims_keeps_nobody_from_the_court() {
    let court = Court::new();
    court.world.pool.pause(&crate::Scope::Claims);
    let owner = court.world.borrower.clone();
    assert_eq!(court.appeal(&owner), Ok(1), "in time");
}

#[test]
fn lenders_of_a_platform_with_its_adapters_route_are_paid_what_it_files() {
    let court = Court::new();
    let world = &court.world;
    let mut application = world.application(&Interest(
        Address::generate(&world.env),
        interfaces::cover::Class::Loan,
    ));
    application.route = interfaces::cover::Route::Adapter;
    world.pool.open(&application);
    world.pass(8 * DAY);
    let appeal = |peril| {
        let appeal = Appeal {
            peril,
            amount: UNIT,
            occurred_at: world.now(),
        };
        let owner = &application.owner;
        answer(world.pool.try_appeal(&application.interest, &appeal, owner))
    };
    let lenders = appeal(Peril::Default);
    assert_eq!(lenders, Err(CoverError::NotAppealable), "its lenders'");
    assert!(appeal(Peril::Grant).is_ok(), "its borrower's");
}

#[test]
fn an_appeal_dilutes_no_claim_of_an_impaired_pool() {
    let court = Court::new();
    let pool = &court.world.pool;
    let owner = court.world.borrower.clone();
    court
        .world
        .pay(&court.world.insured(), Peril::Collateral, 100 * UNIT);
    let appeal = Appeal {
        peril: Peril::Default,
        amount: 200 * UNIT,
        occurred_at: court.world.now(),
    };
    pool.appeal(&court.interest, &appeal, &owner);
    let held = court.world.balance(&pool.address);
    court.world.issuer.clawback(&pool.address, &(held / 2));
    pool.check_backing();
    court.world.pass(7 * DAY);
    pool.settle_impairment();
    assert_eq!(
        pool.impairment().unwrap().total,
        CLAIM,
        "without the appeal"
    );
    pool.resolve(&2, &(190 * UNIT));
    court.world.pass(1);
    let later = answer(pool.try_finalize(&2, &court.world.keeper));
    assert_eq!(later, Err(CoverError::Impaired), "paid when it is sound");
    assert_eq!(
        answer(pool.try_finalize(&1, &court.world.keeper)),
        Ok(CLAIM),
        "whole"
    );
}
