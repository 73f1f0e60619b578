//! Having one's own loan liquidated by an accomplice, to be paid the penalty.
//!
//! What stops it: without a fall of a tenth at the hub since the owner's last action nothing is owed, and a day after it was seen
//! whoever settles it makes that final; a loss counts only between two looks inside the cover; it is at most Blend's own
//! incentive on the debt that went, less co-insurance; and what is paid goes into the loan. A fall of the hub as well is the
//! twin.

use actuary::loss::{blend_incentive_down, liquidation_loss_down, payout_down, BLEND_SCALE};
use actuary::{Assets, Rate};
use localnet::Keypair;
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{AdapterError, Settlement},
        position,
    },
    feeds::{Feed, PRICE_ONE},
    scene::liquidate_on_blend,
    world::{Setup, World},
};

use crate::scene::*;

/// A loan that is insured against liquidation, and an accomplice with money.
struct Scheme {
    world: World,
    owner: Keypair,
    position: position::Client,
    accomplice: Keypair,
}

impl Scheme {
    fn new() -> Self {
        let (world, _) = staked(&Setup::default());
        let insure = request(&[Liquidation], 4_000 * UNIT);
        let (owner, position) = loan(&world, "insured", Some(insure));
        let accomplice = world.funded("accomplice", 20_000 * UNIT);
        Self {
            world,
            owner,
            position,
            accomplice,
        }
    }

    /// The same after the waiting period, looked at since.
    fn seasoned() -> Self {
        let scheme = Self::new();
        scheme.world.sleep(26 * HOUR);
        scheme.look();
        scheme
    }

    fn look(&self) -> position::Taken {
        let look = self.position.look();
        let watch = look.send(&self.world.ledger, &self.accomplice).unwrap();
        watch.unwrap().taken
    }

    /// The accomplice liquidates nearly as much as Blend lets them at a health factor of 0.89, and waits until the auction asks
    /// three quarters of the debt for it.
    fn liquidate(&self) {
        liquidate_on_blend(&self.world, (&self.accomplice, &self.position.0), 70, 250);
    }

    fn settle(&self) -> Result<Settlement, localnet::InvokeError> {
        let call = self
            .world
            .adapter
            .settle_liquidation(&self.position.0, &self.accomplice);
        call.send(&self.world.ledger, &self.accomplice)
    }

    /// What went for what, at a price of so many dollars.
    fn worth(&self, taken: &position::Taken, dollars: i128) -> (i128, i128) {
        let world = &self.world;
        let rate = |asset| world.pool.reserve(&world.ledger, asset).data;
        let seized = taken.collateral * rate(&world.collateral).b_rate / BLEND_SCALE * dollars;
        let owed = taken.debt * rate(&world.usdc).d_rate;
        (seized, (owed + BLEND_SCALE - 1) / BLEND_SCALE)
    }

    /// What cover owes for it.
    fn owed(&self, taken: &position::Taken, dollars: i128) -> i128 {
        let (seized, repaid) = self.worth(taken, dollars);
        let incentive =
            blend_incentive_down(Rate::from_raw(7_500_000), Rate::from_raw(9_500_000)).unwrap();
        let (seized, repaid) = (Assets::from_raw(seized), Assets::from_raw(repaid));
        let loss = liquidation_loss_down(seized, repaid, incentive, Assets::ZERO).unwrap();
        let co_insurance = Rate::from_raw(3_000_000);
        let limit = Assets::from_raw(4_000 * UNIT);
        payout_down(loss, Assets::ZERO, co_insurance, limit)
            .unwrap()
            .raw()
    }
}

#[test]
fn a_liquidation_by_the_platforms_oracle_alone_pays_nothing_and_a_day_later_never_will() {
    let scheme = Scheme::seasoned();
    let world = &scheme.world;
    let (asset, cash) = (&world.collateral, books(world).cash);
    world
        .platform_oracle
        .set(&world.ledger, Feed::Reflector, asset, 1_000 * PRICE_ONE);
    scheme.liquidate();
    world.tick();
    let no_fall = scheme.settle();
    refused(no_fall, AdapterError::NothingLost as u32, "no fall");
    scheme.look();
    world.sleep(25 * HOUR);
    assert_eq!(scheme.settle().unwrap(), Settlement::Paid(0), "for a day");
    price(world, 1_500);
    let later = scheme.settle();
    refused(later, AdapterError::NothingLost as u32, "it was final");
    assert_eq!(books(world).cash, cash, "nothing left the pool");
}

#[test]
fn a_fall_at_the_hub_as_well_pays_the_loan_and_no_more_than_the_incentive() {
    let scheme = Scheme::seasoned();
    let (world, position) = (&scheme.world, &scheme.position);
    price(world, 1_000);
    scheme.liquidate();
    world.tick();
    let taken = scheme.look();
    let (seized, repaid) = scheme.worth(&taken, 1_000);
    let expected = scheme.owed(&taken, 1_000);
    assert!(
        0 < expected && 2 * expected < seized - repaid,
        "less than half of what the two of them arranged: {expected}"
    );
    let (owner, debt) = (
        usdc(world, &scheme.owner.address()),
        world.health(position).debt,
    );
    assert_eq!(scheme.settle().unwrap(), Settlement::Paid(expected), "owed");
    let repaid = debt - world.health(position).debt;
    assert!((0..=1).contains(&(expected - repaid)), "the loan's debt");
    assert_eq!(usdc(world, &scheme.owner.address()), owner, "not the owner");
    let again = scheme.settle();
    refused(again, AdapterError::NothingLost as u32, "twice");
}

#[test]
fn a_liquidation_that_nobody_saw_begin_after_the_waiting_period_pays_nothing() {
    let scheme = Scheme::new();
    let world = &scheme.world;
    price(world, 1_000);
    scheme.liquidate();
    world.sleep(26 * HOUR);
    let cash = books(world).cash;
    let settled = scheme.settle().unwrap();
    assert_eq!(settled, Settlement::Paid(0), "in the waiting period");
    assert_eq!(books(world).cash, cash, "nothing left the pool");
}

#[test]
fn what_the_owner_does_in_between_forges_no_loss() {
    let scheme = Scheme::seasoned();
    let (world, owner) = (&scheme.world, &scheme.owner);
    let ledger = &world.ledger;
    let steps = [
        scheme.position.borrow(100 * UNIT, owner),
        scheme.position.withdraw(UNIT / 10, owner),
        scheme.position.repay(owner, 500 * UNIT),
    ];
    // Room below the rated l.
    world.collateral.mint(ledger, &owner.address(), 10 * UNIT);
    let supply = scheme.position.supply(10 * UNIT);
    supply.send(ledger, owner).unwrap();
    for step in steps {
        step.send(ledger, owner).unwrap();
        let taken = scheme.look();
        assert_eq!((taken.collateral, taken.debt), (0, 0), "nothing is missing");
    }
    price(world, 1_000);
    let nothing = scheme.settle();
    refused(
        nothing,
        AdapterError::NothingLost as u32,
        "nothing to settle",
    );
}
