//! The end of an advance that nobody pays back: refinanced, foreclosed on Blend, or assigned.

use actuary::{
    advance::{discount_down, Foreclosure},
    Assets,
};
use localnet::Keypair;
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Peril},
        position,
    },
    world::World,
};

use crate::stage::*;

/// A loan with an advance, 95 % of its collateral owed, and somebody with the means to take it over.
struct Owing {
    world: World,
    owner: Keypair,
    position: position::Client,
    payer: Keypair,
}

fn owing() -> Owing {
    let world = world();
    let (owner, position, _) = insured(&world, "borrower", request(Peril::Advance));
    let payer = world.funded("payer", 20_000 * UNIT);
    world.sleep(25 * HOUR);
    fall(&world, &[1_500, 1_150, 1_000]);
    paid(&rescue(&world, &position));
    Owing {
        world,
        owner,
        position,
        payer,
    }
}

impl Owing {
    fn owed(&self) -> i128 {
        let policy = policy(&self.world, &self.position);
        policy.drawn + policy.fees_due
    }

    /// The price falls to where debt and advance pass 95 % of it, and a foreclosure starts an hour ago.
    fn start(&self) -> u64 {
        price(&self.world, 830);
        self.world.sleep(2 * DAY);
        let call = self.world.adapter.start_foreclosure(&self.position.0);
        let started = call.send(&self.world.ledger, &self.world.keeper).unwrap();
        self.world.watch(HOUR);
        started
    }

    /// What the formulas say of a foreclosure now.
    fn split(&self, started: u64) -> Foreclosure {
        let health = self.world.health(&self.position);
        let discount = discount_down(started, self.world.ledger.now()).unwrap();
        let [value, debt, owed] = [health.value, health.debt, self.owed()].map(Assets::from_raw);
        Foreclosure::split(value, debt, owed, discount).unwrap()
    }
}

#[test]
fn a_sound_position_cannot_be_foreclosed() {
    let Owing {
        world,
        position,
        payer,
        ..
    } = owing();
    world.sleep(2 * DAY);
    let start = world.adapter.start_foreclosure(&position.0);
    let refusal = start.send(&world.ledger, &world.keeper);
    refused(
        refusal,
        AdapterError::NotForeclosable as u32,
        "80 % owed, before the end",
    );
    let take = world
        .adapter
        .foreclose_by_assignment(&position.0, &payer, 5_000 * UNIT);
    let refusal = take.send(&world.ledger, &payer);
    refused(refusal, AdapterError::NotForeclosable as u32, "nor taken");
}

#[test]
fn the_payer_repays_the_debt_and_gets_the_collateral_the_pool_its_part() {
    let owing = owing();
    let started = owing.start();
    let Owing {
        world,
        owner,
        position,
        payer,
    } = &owing;
    let (split, before) = (owing.split(started), books(world));
    let (purse, owners) = (usdc(world, payer), usdc(world, owner));
    let (debt, owed) = (world.health(position).debt, owing.owed());
    assert!(
        split.price > Assets::ZERO,
        "something is left beyond the debt"
    );
    let take = |bid: i128| {
        world
            .adapter
            .foreclose(&position.0, payer, 10_000 * UNIT, i128::from(i64::MAX), bid)
    };
    let low = take(split.price.raw() - 1).send(&world.ledger, payer);
    refused(low, AdapterError::BidTooLow as u32, "a stroop short");
    guarded(&world.ledger, payer, take(3_000 * UNIT));
    let price = take(3_000 * UNIT).send(&world.ledger, payer).unwrap();
    assert_eq!(price, split.price.raw(), "price");
    assert_eq!(
        usdc(world, payer),
        purse - debt - price,
        "paid: debt and price"
    );
    let collateral = world.collateral.balance(&world.ledger, &payer.address());
    assert_eq!(collateral, COLLATERAL, "got: the collateral");
    assert_eq!(
        usdc(world, owner),
        owners + split.to_owner.raw(),
        "the owner's rest"
    );
    let after = books(world);
    assert_eq!(
        after.cash,
        before.cash + split.to_pool.raw(),
        "the pool's part"
    );
    assert_eq!(
        (after.drawn, after.fees_owed),
        (0, 0),
        "the advance is closed"
    );
    assert_eq!(
        split.to_pool.raw() + split.written_off.raw(),
        owed,
        "all owed is accounted for"
    );
    let held = world.pool.positions(&world.ledger, &position.0);
    assert!(
        held.collateral.is_empty() && held.liabilities.is_empty(),
        "nothing stays on Blend"
    );
}

#[test]
fn by_assignment_the_payer_becomes_the_owner_without_a_call_to_blend() {
    let owing = owing();
    let started = owing.start();
    let Owing {
        world,
        owner,
        position,
        payer,
    } = &owing;
    let (split, before, purse) = (owing.split(started), books(world), usdc(world, payer));
    let on_blend = world.pool.positions(&world.ledger, &position.0);
    let take = || {
        world
            .adapter
            .foreclose_by_assignment(&position.0, payer, 3_000 * UNIT)
    };
    guarded(&world.ledger, payer, take());
    let price = take().send(&world.ledger, payer).unwrap();
    assert_eq!(price, split.price.raw(), "price");
    assert_eq!(usdc(world, payer), purse - price, "paid");
    assert_eq!(
        books(world).cash,
        before.cash + split.to_pool.raw(),
        "the pool's part"
    );
    assert_eq!(books(world).drawn, 0, "the advance is closed");
    let account = position.account().view(&world.ledger).unwrap();
    assert_eq!(account.owner, payer.address(), "the new owner");
    assert_eq!(
        world.pool.positions(&world.ledger, &position.0),
        on_blend,
        "Blend saw nothing"
    );
    closed(&world.ledger, owner, position.supply(1));
}

#[test]
fn a_start_is_cleared_once_its_reason_is_gone() {
    let owing = owing();
    owing.start();
    let Owing {
        world,
        owner,
        position,
        payer,
    } = &owing;
    let cure = || {
        world
            .adapter
            .cure(&position.0)
            .send(&world.ledger, &world.keeper)
    };
    refused(cure(), AdapterError::NotCured as u32, "still owing 95 %");
    let interest = interest(position);
    let pay = world.cover.pay_back(&interest, owner, 5_000 * UNIT);
    pay.send(&world.ledger, owner).unwrap();
    cure().unwrap();
    refused(cure(), AdapterError::NotStarted as u32, "once");
    let late = world
        .adapter
        .foreclose_by_assignment(&position.0, payer, 5_000 * UNIT);
    refused(
        late.send(&world.ledger, payer),
        AdapterError::NothingOwed as u32,
        "nothing to foreclose",
    );
}

#[test]
fn a_healthy_loan_refinances_on_blend_at_the_end() {
    let world = world();
    let short = CoverRequest {
        weeks: 3,
        ..request(Peril::Advance)
    };
    let (_, position, quote) = insured(&world, "borrower", short);
    world.sleep(25 * HOUR);
    price(&world, 1_200);
    let drawn = paid(&rescue(&world, &position));
    price(&world, 2_000);
    let refinance = || {
        world
            .adapter
            .refinance(&position.0)
            .send(&world.ledger, &world.keeper)
    };
    refused(
        refinance(),
        AdapterError::CannotRefinance as u32,
        "before the end",
    );
    world.sleep(quote.end + HOUR - world.ledger.now());
    let (policy_before, before) = (policy(&world, &position), books(&world));
    let (owed, debt) = (drawn + policy_before.fees_due, world.health(&position).debt);
    assert_eq!(refinance(), Ok(owed), "all that is owed");
    let health = world.health(&position);
    assert!((health.debt - debt - owed).abs() <= 1, "borrowed on Blend");
    assert!(health.platform >= 12_500_000, "and healthy: {health:?}");
    assert_eq!(books(&world).cash, before.cash + owed, "paid back");
    assert_eq!(
        policy(&world, &position).limit,
        policy_before.limit,
        "no limit comes back after the end"
    );
}
