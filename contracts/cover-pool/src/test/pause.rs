use super::world::{World, DAY, HOUR, UNIT};
use crate::{CoverError, Scope};
use interfaces::cover::Peril;

#[test]
fn a_pause_stops_its_scope_alone() {
    let world = World::new();
    let (pool, lp) = (&world.pool, &world.lp);
    let interest = world.insured();
    pool.request_redeem(lp, &UNIT);
    world.pass(14 * DAY);
    pool.set_group(&0, &pool.group(&0).unwrap());
    let blocked = |scope| {
        pool.pause(&scope);
        let application = world.application(&world.position());
        let blocked = [
            pool.try_stake(lp, &UNIT, &0) == Err(Ok(CoverError::Paused)),
            pool.try_open(&application).err() == Some(Ok(CoverError::Paused)),
            pool.try_fulfil(lp, &0, lp, &(UNIT * UNIT)) == Err(Ok(CoverError::Paused)),
            pool.try_pay(&interest, &world.loss(Peril::Grant, UNIT), lp)
                == Err(Ok(CoverError::Paused)),
        ];
        pool.unpause(&scope);
        blocked
    };
    assert_eq!(blocked(Scope::Deposits), [true, false, false, false]);
    assert_eq!(blocked(Scope::Sales), [false, true, false, false]);
    assert_eq!(blocked(Scope::Exits), [false, false, true, false]);
    assert_eq!(blocked(Scope::Claims), [false, false, false, true]);
}

#[test]
fn a_pause_that_keeps_money_in_ends_by_itself_and_cannot_be_renewed_for_a_week() {
    let world = World::new();
    let (pool, lp) = (&world.pool, &world.lp);
    pool.request_redeem(lp, &(UNIT * 1_000));
    world.pass(14 * DAY);
    pool.pause(&Scope::Exits);
    let fulfil = || pool.try_fulfil(lp, &0, lp, &0);
    let pause = || pool.try_pause(&Scope::Exits);
    world.pass(72 * HOUR - 1);
    assert_eq!(fulfil(), Err(Ok(CoverError::Paused)), "last second");
    world.pass(1);
    assert_eq!(fulfil(), Ok(Ok(UNIT)), "over");
    world.pass(7 * DAY - 1);
    assert_eq!(pause(), Err(Ok(CoverError::PausedTooOften)), "too often");
    pool.unpause(&Scope::Exits);
    assert_eq!(
        pause(),
        Err(Ok(CoverError::PausedTooOften)),
        "nor by lifting it"
    );
    world.pass(1);
    assert_eq!(pause(), Ok(Ok(())), "a week later");
}
