//! The reserve goes to the LPs once nothing is open any more.

use interfaces::cover::{Appeal, Peril};

use super::world::{World, UNIT, WEEK};
use crate::{CoverError, Scope};

impl World {
    fn release(&self) -> Result<i128, CoverError> {
        match self.pool.try_release_reserve() {
            Ok(amount) => Ok(amount.unwrap()),
            Err(error) => Err(error.unwrap()),
        }
    }
}

const NOT_YET: Result<i128, CoverError> = Err(CoverError::NotWoundDown);

#[test]
fn a_reserve_is_not_released_while_anything_is_sold_or_covered() {
    let world = World::new();
    assert_eq!(world.release(), NOT_YET, "it sells");
    let interest = world.insured();
    let reserve = world.books().reserve;
    assert!(reserve > 0, "a fee");
    world.pool.wind_down();
    assert_eq!(world.release(), NOT_YET, "cover is in force");
    let end = world.policy(&interest).end;
    world.pass(end + WEEK - 1 - world.now());
    assert_eq!(world.release(), NOT_YET, "its grace week");
    world.pass(1);
    world.pool.unpause(&Scope::Sales);
    assert_eq!(world.release(), NOT_YET, "it sells again");
    world.pool.wind_down();
    world.pool.unpause(&Scope::Deposits);
    assert_eq!(world.release(), NOT_YET, "who stakes now would share in it");
    world.pool.wind_down();
    let before = world.books();
    assert_eq!(world.release(), Ok(reserve), "over");
    let after = world.books();
    assert_eq!(after.reserve, 0, "none is left");
    assert_eq!(after.nav_lo - before.nav_lo, reserve, "the LPs'");
    assert_eq!(after.cash, before.cash, "nothing is paid");
    assert_eq!(world.release(), Ok(0), "once");
}

#[test]
fn nor_while_a_claim_is_open() {
    let world = World::new();
    let interest = world.insured();
    world.pool.wind_down();
    let end = world.policy(&interest).end;
    world.pass(end + WEEK - 1 - world.now());
    let appeal = Appeal {
        peril: Peril::Default,
        amount: UNIT,
        occurred_at: end,
    };
    let claim = world.pool.appeal(&interest, &appeal, &world.borrower);
    world.pass(2 * WEEK);
    assert_eq!(world.books().exposure, 0, "nothing is in force");
    assert_eq!(world.release(), NOT_YET, "it is pending");
    world.pool.finalize(&claim, &world.keeper);
    let reserve = world.books().reserve;
    assert_eq!(world.release(), Ok(reserve), "denied");
}

#[test]
fn nor_while_an_advance_is_owed() {
    let world = World::new();
    let interest = world.insured();
    world.draw(&interest, UNIT);
    world.pool.wind_down();
    let end = world.policy(&interest).end;
    world.pass(end + WEEK - world.now());
    assert_eq!(world.release(), NOT_YET, "owed");
    let policy = world.policy(&interest);
    let owed = policy.drawn + policy.fees_due;
    world.pool.pay_back(&interest, &world.borrower, &owed);
    let reserve = world.books().reserve;
    assert_eq!(world.release(), Ok(reserve), "paid back");
}

#[test]
fn nor_by_an_impaired_pool() {
    let world = World::new();
    world.pool.wind_down();
    world.issuer.clawback(&world.pool.address, &UNIT);
    world.pool.check_backing();
    assert_eq!(world.release(), Err(CoverError::Impaired), "impaired");
}

#[test]
fn a_pool_that_winds_down_takes_no_deposit_and_pays_exits() {
    let world = World::new();
    world.pool.wind_down();
    let deposit = world.pool.try_stake(&world.lp, &UNIT, &0);
    let deposit = deposit.map(|_| ()).map_err(|error| error.unwrap());
    assert_eq!(deposit, Err(CoverError::Paused), "no deposit");
    let application = world.application(&world.position());
    let sale = world.pool.try_open(&application);
    let sale = sale.map(|_| ()).map_err(|error| error.unwrap());
    assert_eq!(sale, Err(CoverError::Paused), "no sale");
    let slot = world.pool.request_redeem(&world.lp, &1_000_000);
    world.pass(2 * WEEK);
    let out = world.pool.fulfil(&world.lp, &slot, &world.lp, &1);
    assert!(out > 0, "an exit is paid");
}
