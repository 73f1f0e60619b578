use actuary::auction::SALE_TIME;
use interfaces::salvage::SalvageError;
use proptest::prelude::*;

use super::{World, HOUR, UNIT};

#[test]
fn a_part_is_sold_for_its_share_of_a_falling_price_which_goes_to_the_pool() {
    let world = World::offered();
    world.pass(36 * HOUR);
    assert_eq!(
        world.salvage.price(&1, &(25 * UNIT)),
        25 * UNIT,
        "half of 50"
    );
    let (cash, bought) = (world.pool.books().cash, world.asset.balance(&world.buyer));
    assert_eq!(world.buy(25 * UNIT, 30 * UNIT), Ok(25 * UNIT), "price");
    assert_eq!(world.collateral.balance(&world.buyer), 25 * UNIT, "bought");
    let spent = bought - world.asset.balance(&world.buyer);
    assert_eq!(spent, 25 * UNIT, "the rest comes back");
    assert_eq!(world.pool.books().cash - cash, 25 * UNIT, "the pool's");
    assert_eq!(
        world.asset.balance(&world.salvage.address),
        0,
        "nothing stays"
    );
    let lot = world.salvage.lot(&1).unwrap();
    assert_eq!(
        (lot.amount, lot.surrendered),
        (75 * UNIT, 100 * UNIT),
        "left"
    );
    assert_eq!(world.salvage.price(&1, &(75 * UNIT)), 75 * UNIT, "the rest");
}

#[test]
fn a_price_above_what_the_buyer_pays_is_refused() {
    let world = World::offered();
    let expensive = Err(SalvageError::TooExpensive as u32);
    assert_eq!(world.buy(100 * UNIT, 200 * UNIT - 1), expensive, "too much");
    assert_eq!(
        world.buy(0, UNIT),
        Err(SalvageError::InvalidAmount as u32),
        "nothing"
    );
    assert_eq!(
        world.buy(-1, UNIT),
        Err(SalvageError::InvalidAmount as u32),
        "less"
    );
    assert_eq!(
        world.buy(100 * UNIT, 200 * UNIT),
        Ok(200 * UNIT),
        "at its value"
    );
}

#[test]
fn at_most_what_is_left_is_sold_and_then_the_lot_is_gone() {
    let world = World::offered();
    world.buy(60 * UNIT, 200 * UNIT).unwrap();
    assert_eq!(
        world.buy(60 * UNIT, 200 * UNIT),
        Ok(80 * UNIT),
        "the other 40"
    );
    assert_eq!(
        world.collateral.balance(&world.buyer),
        100 * UNIT,
        "all of it"
    );
    assert_eq!(world.salvage.lot(&1), None, "gone");
    let unknown = Err(SalvageError::UnknownLot as u32);
    assert_eq!(world.buy(UNIT, UNIT), unknown, "nothing is left");
}

#[test]
fn after_72_hours_what_is_left_is_free() {
    let world = World::offered();
    world.pass(SALE_TIME);
    let cash = world.pool.books().cash;
    assert_eq!(world.buy(100 * UNIT, 0), Ok(0), "free");
    assert_eq!(world.pool.books().cash, cash, "nothing for the pool");
    assert_eq!(world.collateral.balance(&world.buyer), 100 * UNIT, "bought");
}

#[test]
fn the_price_does_not_fall_while_the_claim_waits() {
    let world = World::booked();
    world.pass(5 * SALE_TIME);
    world.close_claim();
    world.salvage.offer(&1);
    assert_eq!(
        world.salvage.price(&1, &(100 * UNIT)),
        200 * UNIT,
        "its value"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// However it is bought, the pool gets what buyers pay, buyers get what was surrendered, and parts never cost less.
    #[test]
    fn nothing_is_lost_in_parts(
        parts in prop::collection::vec((1..=60 * UNIT, 0..20 * HOUR), 1..6),
    ) {
        let world = World::offered();
        let cash = world.pool.books().cash;
        let (mut paid, mut left) = (0, 100 * UNIT);
        for (amount, seconds) in parts {
            world.pass(seconds);
            if left == 0 {
                break;
            }
            let amount = amount.min(left);
            let (part, rest) = (world.salvage.price(&1, &amount), left - amount);
            let whole = world.salvage.price(&1, &left);
            paid += world.buy(amount, part).unwrap();
            left = rest;
            let other = if left > 0 { world.salvage.price(&1, &left) } else { 0 };
            prop_assert!(part + other >= whole, "parts");
            prop_assert_eq!(world.collateral.balance(&world.salvage.address), left, "held");
        }
        prop_assert_eq!(world.pool.books().cash - cash, paid, "the pool's");
        prop_assert_eq!(world.collateral.balance(&world.buyer), 100 * UNIT - left, "the buyer's");
    }
}
