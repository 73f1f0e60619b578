//! Insured loans on Blend: what their owners and the keepers call.

use actuary::time::HOUR;
use localnet::{Auth, Keypair, Outcome};
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter as adapter, cover_pool as cover, position, OnLedger},
    feeds::PRICE_ONE,
    world::World,
};

use super::{cost, difference, setup, Cost};

/// How many positions are rescued in one transaction. Events bind first: a 25th would pass their 16 KiB.
pub const BATCHES: [usize; 3] = [1, 8, 24];

/// Opening, rescuing, paying back.
pub(super) fn measure() -> Vec<Cost> {
    let world = World::new(&setup());
    world.stake("lp", 10_000_000 * UNIT);
    let mut costs = opening(&world);
    let positions: Vec<_> = (0..BATCHES[BATCHES.len() - 1])
        .map(|number| {
            borrow(
                &world,
                &format!("borrower {number}"),
                adapter::Peril::Advance,
            )
        })
        .collect();
    let granted = borrow(&world, "granted", adapter::Peril::Grant);
    world.watch(25 * HOUR);
    costs.extend(rescues(&world, &positions));
    costs.extend(grants(&world, &granted));
    costs
}

fn opening(world: &World) -> Vec<Cost> {
    let fresh = world.ledger.snapshot();
    let owner = applicant(world, "opener");
    let loan = loan(world);
    let request = request(adapter::Peril::Advance);
    let ready = world.ledger.snapshot();
    let open = |insure: Option<adapter::CoverRequest>| {
        let call = world.adapter.open_loan(&owner, &loan, &insure);
        call.outcome(&world.ledger, &owner, Auth::Sign(&[]))
            .unwrap()
    };
    let insured = Cost::of("open an insured loan", &open(Some(request.clone())));
    world.ledger.revert(&ready);
    let opened = open(None);
    let plain = Cost::of("open a loan", &opened);
    let position = opened
        .get::<(localnet::xdr::ScAddress, Option<adapter::Quote>)>()
        .unwrap()
        .0;
    let insure = world.adapter.insure(&position, &request);
    let costs = vec![
        difference("insure while opening", &insured, &plain),
        plain,
        insured,
        cost(world, "insure an open loan", insure, &owner),
    ];
    world.ledger.revert(&fresh);
    costs
}

fn rescues(world: &World, positions: &[position::Client]) -> Vec<Cost> {
    let before = world.ledger.snapshot();
    world.set_price(&world.collateral, 1_200 * PRICE_ONE);
    let mut costs = pokes(world);
    let fallen = world.ledger.snapshot();
    for count in BATCHES {
        world.ledger.revert(&fallen);
        let batch: Vec<_> = positions[..count]
            .iter()
            .map(|position| position.0.clone())
            .collect();
        let rescue = world.adapter.rescue(&batch, &world.keeper);
        let outcome = rescue
            .outcome(&world.ledger, &world.keeper, Auth::Sign(&[]))
            .unwrap();
        assert_paid(&outcome, count);
        costs.push(Cost::of(rescue_of(count), &outcome));
    }
    let owner = Keypair::named("borrower 0");
    world
        .usdc
        .mint(&world.ledger, &owner.address(), 1_000 * UNIT);
    let interest = cover::Interest(positions[0].0.clone(), cover::Class::Loan);
    let pay_back = world.cover.pay_back(&interest, &owner, 1_000 * UNIT);
    costs.push(cost(world, "pay an advance back", pay_back, &owner));
    world.ledger.revert(&before);
    costs
}

/// How a batch is called in the measurements.
#[must_use]
pub fn rescue_of(count: usize) -> String {
    let noun = if count == 1 { "position" } else { "positions" };
    format!("rescue {count} {noun}")
}

fn grants(world: &World, position: &position::Client) -> Vec<Cost> {
    let (hub, ledger) = (&world.hub.address, &world.ledger);
    world.set_price(&world.collateral, 1_300 * PRICE_ONE);
    world.watch(HOUR);
    let args = (&world.collateral.contract, &world.usdc.contract);
    let trigger = ledger
        .call(&world.keeper, hub, "trigger", args, Auth::Sign(&[]))
        .unwrap();
    let grant = world
        .adapter
        .grant(&vec![position.0.clone()], &world.keeper);
    let granted = grant
        .outcome(ledger, &world.keeper, Auth::Sign(&[]))
        .unwrap();
    assert_paid(&granted, 1);
    vec![
        Cost::of("trigger", &trigger),
        Cost::of("grant to one position", &granted),
    ]
}

fn pokes(world: &World) -> Vec<Cost> {
    let assets = [&world.usdc.contract, &world.collateral.contract];
    world.ledger.advance(300);
    world.set_price(&world.usdc, PRICE_ONE);
    world.set_price(&world.collateral, 1_200 * PRICE_ONE);
    let unseen = world.ledger.snapshot();
    let poke = |count: usize| {
        world.ledger.revert(&unseen);
        let args = (assets[..count].to_vec(),);
        let hub = &world.hub.address;
        let outcome = world
            .ledger
            .call(&world.keeper, hub, "poke", args, Auth::Sign(&[]));
        Cost::of(
            format!("poke {count} asset{}", if count == 1 { "" } else { "s" }),
            &outcome.unwrap(),
        )
    };
    vec![poke(1), poke(2)]
}

fn borrow(world: &World, name: &str, peril: adapter::Peril) -> position::Client {
    insured(world, &applicant(world, name), peril)
}

/// An insured loan of somebody who has applied for it.
pub(super) fn insured(world: &World, owner: &Keypair, peril: adapter::Peril) -> position::Client {
    world
        .open_loan(owner, 10 * UNIT, 8_000 * UNIT, Some(request(peril)))
        .unwrap()
        .0
}

/// Somebody who can pay for a loan and its cover.
pub(super) fn applicant(world: &World, name: &str) -> Keypair {
    let owner = world.funded(name, 1_000 * UNIT);
    world
        .collateral
        .mint(&world.ledger, &owner.address(), 10 * UNIT);
    owner
}

fn loan(world: &World) -> adapter::Loan {
    adapter::Loan {
        collateral: 10 * UNIT,
        collateral_asset: world.collateral.contract.clone(),
        debt: 8_000 * UNIT,
        platform: world.pool.address.clone(),
    }
}

fn request(peril: adapter::Peril) -> adapter::CoverRequest {
    adapter::CoverRequest {
        limit: 4_000 * UNIT,
        max_premium: 300 * UNIT,
        max_rate: 0,
        perils: vec![peril],
        route: adapter::Route::Repay,
        weeks: 8,
    }
}

fn assert_paid(batch: &Outcome, count: usize) {
    let outcomes: Vec<adapter::Outcome> = batch.get().unwrap();
    let is_paid = |outcome: &&adapter::Outcome| {
        matches!(
            outcome,
            adapter::Outcome::Done(adapter::Settlement::Paid(_))
        )
    };
    assert_eq!(
        outcomes.iter().filter(is_paid).count(),
        count,
        "all paid: {outcomes:?}"
    );
}
