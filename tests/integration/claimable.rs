//! What cannot be delivered waits for its owner.

use testkit::{bindings::blend_adapter::Peril, world::Setup};

use crate::stage::*;

#[test]
fn an_undeliverable_refund_is_claimable_once_it_can_be_received() {
    let world = staked(
        &Setup {
            has_clawback: true,
            ..Setup::default()
        },
        CAPITAL,
    );
    let (owner, position, _) = insured(&world, "borrower", request(Peril::Advance));
    world.sleep(8 * DAY);
    world.usdc.authorise(&world.ledger, &owner, false);
    let before = books(&world);
    let refund = world
        .adapter
        .cancel(&position.0)
        .send(&world.ledger, &owner)
        .unwrap();
    assert!(refund > 0, "a refund is due");
    let waiting = books(&world);
    assert_eq!(waiting.claimable, refund, "claimable");
    assert_eq!(waiting.cash, before.cash, "still in cash");
    let of_owner = || {
        world
            .cover
            .claimable_of(&owner)
            .view(&world.ledger)
            .unwrap()
    };
    assert_eq!(of_owner(), refund, "its owner's");
    let withdraw = || {
        world
            .cover
            .withdraw_claimable(&owner)
            .send(&world.ledger, &world.keeper)
    };
    assert!(withdraw().is_err(), "still undeliverable");
    world.usdc.authorise(&world.ledger, &owner, true);
    let purse = usdc(&world, &owner);
    assert_eq!(withdraw(), Ok(refund), "anyone may send it");
    assert_eq!(usdc(&world, &owner), purse + refund, "to its owner alone");
    assert_eq!((books(&world).claimable, of_owner()), (0, 0), "delivered");
    refused(withdraw(), CoverError::NothingToWithdraw as u32, "once");
}
