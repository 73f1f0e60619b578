use soroban_sdk::testutils::Events as _;
use soroban_sdk::{Address, String, Vec};

use super::World;
use crate::InsError;

#[test]
fn wallets_read_the_pools_numbers() {
    let world = World::new();
    world.insured(400, 10);
    world.insured(500, 10);
    let ins = &world.ins;
    assert_eq!(ins.balance(&world.holder), 4, "the pool's insured_of");
    assert_eq!(ins.balance(&world.other), 0, "of who holds nothing");
    assert_eq!(ins.total_supply(), 15, "the pool's in_force");
    assert_eq!(ins.decimals(), 7, "the settlement asset's");
    let text = |text| String::from_str(&world.env, text);
    assert_eq!(ins.name(), text("Vangnet insured"), "name");
    assert_eq!(ins.symbol(), text("INS"), "symbol");
    assert_eq!(ins.cover_pool(), world.pool.address, "cover pool");
}

#[test]
fn nobody_spends_for_a_holder() {
    let world = World::new();
    world.insured(400, 10);
    let (ins, holder, spender) = (world.ins.mock_all_auths(), &world.holder, &world.other);
    let refused = Err(Ok(InsError::NotTransferableBySpender.into()));
    let approved = ins.try_approve(holder, spender, &400, &1_000);
    assert_eq!(approved, refused, "approve");
    assert_eq!(ins.allowance(holder, spender), 0, "allowance");
    let sent = ins.try_transfer_from(spender, holder, spender, &400);
    assert_eq!(sent, refused, "transfer_from");
    let nothing: Vec<(_, Address)> = Vec::new(&world.env);
    assert_eq!(world.adapter.assigned(), nothing, "nothing was assigned");
}

#[test]
fn cover_is_not_burned() {
    let world = World::new();
    world.insured(400, 10);
    let (ins, holder) = (world.ins.mock_all_auths(), &world.holder);
    let refused = Err(Ok(InsError::NotBurnable.into()));
    assert_eq!(ins.try_burn(holder, &400), refused, "burn");
    let burned = ins.try_burn_from(&world.other, holder, &400);
    assert_eq!(burned, refused, "burn_from");
    assert!(world.env.events().all().events().is_empty(), "no event");
}
