use interfaces::cover::Roles;
use interfaces::salvage::SalvageError;
use soroban_sdk::token::StellarAssetClient;

use super::{outcome, signed, World, UNIT};

impl World {
    /// A lot whose claim was challenged, and of which the court granted so much.
    fn decided(granted: i128) -> Self {
        let world = Self::booked();
        signed(&world.env, || {
            world.pool.set_roles(&Roles {
                risk: world.owner.clone(),
                guardian: world.owner.clone(),
                court: world.owner.clone(),
            });
            world.pool.challenge(&1, &world.buyer);
            world.pool.resolve(&1, &granted);
        });
        world
    }

    fn give_back(&self) -> Result<i128, u32> {
        outcome(self.salvage.try_give_back(&1))
    }

    /// Whether its owner may hold the collateral.
    fn authorise(&self, is_authorised: bool) {
        let issuer = StellarAssetClient::new(&self.env, &self.collateral.address);
        signed(&self.env, || {
            issuer.set_authorized(&self.owner, &is_authorised)
        });
    }
}

#[test]
fn a_lot_whose_claim_was_denied_goes_back_to_its_owner() {
    let world = World::decided(0);
    assert_eq!(world.give_back(), Ok(100 * UNIT), "all of it");
    let owned = world.collateral.balance(&world.owner);
    assert_eq!(owned, 100 * UNIT, "theirs again");
    assert_eq!(world.salvage.lot(&1), None, "no lot");
    assert_eq!(world.give_back(), Ok(0), "once");
    let missing = Err(SalvageError::NotDelivered as u32);
    assert_eq!(world.book(2, &world.lot()), missing, "nothing is left");
}

#[test]
fn a_lot_whose_claim_was_not_denied_in_full_is_kept() {
    let not_denied = Err(SalvageError::NotDenied as u32);
    let world = World::booked();
    assert_eq!(world.give_back(), not_denied, "it waits");
    let world = World::decided(world.pool.claim(&1).unwrap().amount);
    assert_eq!(world.give_back(), not_denied, "granted");
    world.close_claim();
    assert_eq!(world.give_back(), not_denied, "closed");
    assert_eq!(outcome(world.salvage.try_offer(&1)), Ok(()), "and sold");
    assert_eq!(world.give_back(), not_denied, "on offer");
}

#[test]
fn what_its_owner_cannot_receive_waits_for_them_and_is_not_sold() {
    let world = World::decided(0);
    world.authorise(false);
    assert_eq!(world.give_back(), Ok(0), "undeliverable");
    world.close_claim();
    let lot = world.salvage.lot(&1).unwrap();
    assert!(lot.is_denied && lot.amount == 100 * UNIT, "kept: {lot:?}");
    let offered = outcome(world.salvage.try_offer(&1));
    assert_eq!(offered, Err(SalvageError::OwnersLot as u32), "not sold");
    assert_eq!(world.give_back(), Ok(0), "still");
    world.authorise(true);
    assert_eq!(world.give_back(), Ok(100 * UNIT), "given");
    assert_eq!(world.salvage.lot(&1), None, "no lot");
}
