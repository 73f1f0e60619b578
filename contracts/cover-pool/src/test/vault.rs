use super::world::{World, DAY, UNIT};
use crate::CoverError;
use interfaces::cover::Peril;

#[test]
fn the_constructor_mints_the_dead_shares_to_the_pool_itself() {
    let world = World::unstaked();
    let pool = &world.pool;
    assert_eq!(world.balance(&pool.address), 1, "token");
    assert_eq!(pool.books().cash, 1, "cash");
    assert_eq!(pool.total_supply(), 1_000, "supply");
    assert_eq!(pool.balance(&pool.address), 1_000, "dead shares");
    assert_eq!(pool.decimals(), 10, "decimals");
    assert_eq!(pool.query_asset(), world.token.address, "asset");
}

#[test]
fn a_stake_mints_at_nav_hi() {
    let world = World::new();
    assert_eq!(
        world.pool.balance(&world.lp),
        100_000 * UNIT * 1_000,
        "before anything happened"
    );
    let interest = world.insured();
    world.draw(&interest, 100 * UNIT);
    world.pool.pay(
        &interest,
        &world.loss(Peril::Collateral, 50 * UNIT),
        &world.keeper,
    );
    let books = world.books();
    assert_eq!(
        books.nav_hi - books.nav_lo,
        50 * UNIT + 100 * UNIT + UNIT / 2,
        "at stake"
    );
    let shares = world.pool.stake(&world.borrower, &(10 * UNIT), &0);
    let expected = 10 * UNIT * (books.shares + 1_000) / (books.nav_hi + 1);
    assert_eq!(shares, expected, "shares");
    assert_eq!(world.pool.preview_redeem(&shares), {
        let after = world.books();
        shares * (after.nav_lo + 1) / (after.shares + 1_000)
    });
}

#[test]
fn a_stake_below_its_minimum_is_refused() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    assert_eq!(
        pool.try_stake(lp, &UNIT, &(UNIT * 1_000 + 1)),
        Err(Ok(CoverError::TooFewShares))
    );
    assert_eq!(
        pool.try_stake(lp, &0, &0),
        Err(Ok(CoverError::TooFewShares)),
        "nothing"
    );
    assert_eq!(
        pool.try_stake(lp, &-1, &0),
        Err(Ok(CoverError::NoResult)),
        "negative"
    );
    assert_eq!(pool.stake(lp, &UNIT, &(UNIT * 1_000)), UNIT * 1_000);
}

#[test]
fn deposits_and_mints_round_for_the_pool_and_stay_below_the_maximum() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    world.insured();
    world.pass(3 * DAY);
    let (assets, books) = (12_345_678, world.books());
    let shares = pool.deposit(&assets, lp, lp, lp);
    assert_eq!(
        shares,
        assets * (books.shares + 1_000) / (books.nav_hi + 1),
        "deposit"
    );
    let paid = pool.mint(&shares, lp, lp, lp);
    assert_eq!(
        paid, assets,
        "the same shares cost what they were minted for, rounded up"
    );
    assert_eq!(
        pool.max_deposit(lp),
        10_i128.pow(27) - world.books().cash,
        "maximum"
    );
    assert_eq!(pool.total_assets(), world.books().nav_lo, "total assets");
}

#[test]
fn a_donation_changes_nothing() {
    let world = World::new();
    let before = (world.books(), world.pool.convert_to_assets(&1_000_000));
    world.issuer.mint(&world.pool.address, &(1_000 * UNIT));
    assert_eq!(
        (world.books(), world.pool.convert_to_assets(&1_000_000)),
        before
    );
}
