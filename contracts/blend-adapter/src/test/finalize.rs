use interfaces::adapter::AdapterError;
use interfaces::cover::Peril;

use super::blend::UNIT;
use super::insured::{refused, Insured, DAY, HOUR};
use super::World;

#[test]
fn a_claim_that_does_not_exist_is_refused() {
    let world = World::new();
    let unknown = world.adapter.try_finalize(&1, &world.owner);
    assert_eq!(unknown, Err(Ok(AdapterError::NoSuchClaim)), "unknown");
}

#[test]
fn a_claim_that_was_paid_at_the_pool_leaves_its_lot_to_be_offered_by_anyone() {
    let insured = Insured::new();
    let position = insured.seasoned(&[Peril::Collateral]);
    let world = &insured.world;
    world.pass(6 * HOUR);
    world.set_price(UNIT);
    let adapter = world.adapter.mock_all_auths();
    adapter.surrender(&position, &(10 * UNIT), &0);
    world.env.set_auths(&[]);
    world.pass(2 * DAY);
    let paid = insured.pool.finalize(&1, &insured.keeper);
    assert_eq!(paid, 18 * UNIT, "paid");
    let gone = world.adapter.try_finalize(&1, &insured.keeper);
    assert_eq!(refused(gone), AdapterError::NoSuchClaim as u32, "gone");
    insured.salvage.offer(&1);
    let asked = insured.salvage.price(&1, &(10 * UNIT));
    assert_eq!(asked, 20 * UNIT, "for sale");
}
