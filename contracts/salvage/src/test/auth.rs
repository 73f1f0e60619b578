//! Who may call what, with exact authorisation trees.

use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal};

use super::{World, UNIT};

/// Whether `f` succeeds with the signature of a stranger, and with that of who may.
fn with_signatures(
    world: &World,
    who: &Address,
    invoke: &MockAuthInvoke,
    f: impl Fn() -> bool,
) -> [bool; 2] {
    let stranger = Address::generate(&world.env);
    [&stranger, who].map(|address| {
        world.env.mock_auths(&[MockAuth { address, invoke }]);
        f()
    })
}

#[test]
fn a_lot_is_booked_with_the_adapters_signature() {
    let world = World::new();
    world.deliver(100 * UNIT);
    let lot = world.lot();
    let book = MockAuthInvoke {
        contract: &world.salvage.address,
        fn_name: "book",
        args: (&world.adapter, 1_u32, lot.clone()).into_val(&world.env),
        sub_invokes: &[],
    };
    let booked = with_signatures(&world, &world.adapter, &book, || {
        world.salvage.try_book(&world.adapter, &1, &lot).is_ok()
    });
    assert_eq!(booked, [false, true], "book");
}

#[test]
fn a_buyer_signs_the_purchase_and_its_most() {
    let world = World::offered();
    let (salvage, buyer) = (&world.salvage.address, &world.buyer);
    let (amount, most) = (10 * UNIT, 25 * UNIT);
    let transfer = [MockAuthInvoke {
        contract: &world.asset.address,
        fn_name: "transfer",
        args: (buyer, salvage, most).into_val(&world.env),
        sub_invokes: &[],
    }];
    let mut buy = MockAuthInvoke {
        contract: salvage,
        fn_name: "buy",
        args: (1_u32, buyer, amount, most).into_val(&world.env),
        sub_invokes: &[],
    };
    let buys = || world.salvage.try_buy(&1, buyer, &amount, &most).is_ok();
    let without = with_signatures(&world, buyer, &buy, buys);
    assert_eq!(without, [false, false], "without the transfer");
    buy.sub_invokes = &transfer;
    let bought = with_signatures(&world, buyer, &buy, buys);
    assert_eq!(bought, [false, true], "buy");
}

#[test]
fn it_tells_whom_it_sells_for() {
    let world = World::new();
    assert_eq!(world.salvage.cover_pool(), world.pool.address, "pool");
}
