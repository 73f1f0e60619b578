//! A transfer, or an assignment by name, moves the cover and what it insures together; the new owner has all rights, the old one none.

use std::slice::from_ref;

use localnet::{
    xdr::{ScAddress, ScVal},
    Auth, Event, FromScVal, Keypair,
};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter as adapter, cover_pool as cover, loan_market::Peril, position, OnLedger,
    },
    world::World,
};

use super::{balance, loan_of, market_loan_of};
use crate::{
    market,
    stage::{
        closed, confirm_bases, guarded, insured, paid, policy, price, request, rescue,
        unauthorised, usdc, world, COLLATERAL, DAY, DEBT, LIMIT, PURSE,
    },
};

fn owner_of(world: &World, position: &position::Client) -> ScAddress {
    position.account().view(&world.ledger).unwrap().owner
}

fn positions_of(world: &World, owner: &Keypair) -> Vec<ScAddress> {
    world
        .adapter
        .positions_of(owner)
        .view(&world.ledger)
        .unwrap()
}

/// A loan that renews, of two weeks' age, and somebody else.
fn renewable() -> (World, Keypair, position::Client, Keypair) {
    let world = world();
    let renews = adapter::CoverRequest {
        max_rate: 5_000_000,
        ..request(adapter::Peril::Advance)
    };
    let (owner, position, _) = insured(&world, "borrower", renews);
    world.sleep(8 * DAY);
    confirm_bases(&world);
    let heir = world.funded("heir", PURSE);
    (world, owner, position, heir)
}

#[test]
fn a_transfer_moves_position_and_cover_by_one_signature() {
    let (world, owner, position, heir) = renewable();
    let ledger = &world.ledger;
    let held = world.pool.positions(ledger, &position.0);
    let (before, purse) = (policy(&world, &position), usdc(&world, &owner));
    let transfer = || world.ins.transfer(&owner, &heir, LIMIT);
    guarded(ledger, &owner, transfer());
    let sent = transfer().outcome(ledger, &owner, Auth::Sign(&[])).unwrap();

    let of_token = |event: &&Event| event.contract == world.ins.0;
    let told: Vec<_> = sent.events.iter().filter(of_token).collect();
    let [told] = told[..] else {
        panic!("one event of the token: {told:?}");
    };
    assert!(told.is_named("transfer"), "as SEP-41 has it");
    let parties = told.topics[1..].iter().map(ScAddress::from_scval);
    let parties: Result<Vec<_>, _> = parties.collect();
    assert_eq!(parties, Ok(vec![owner.address(), heir.address()]), "topics");
    let amount: &ScVal = &told.data;
    assert_eq!(i128::from_scval(amount), Ok(LIMIT), "amount");

    assert_eq!(owner_of(&world, &position), heir.address(), "position");
    let after = policy(&world, &position);
    let assigned = cover::Policy {
        owner: heir.address(),
        payer: heir.address(),
        max_rate: 0,
        ..before
    };
    assert_eq!(after, assigned, "the policy as it was, but whose it is");
    assert_eq!(balance(&world, &owner), 0, "the old owner's balance");
    assert_eq!(balance(&world, &heir), LIMIT, "the new owner's");
    assert_eq!(positions_of(&world, &owner), [], "listed no more");
    assert_eq!(positions_of(&world, &heir), from_ref(&position.0), "listed");
    let on_blend = world.pool.positions(ledger, &position.0);
    assert_eq!(on_blend, held, "collateral and debt");
    assert_eq!(usdc(&world, &owner), purse, "no money moved");
}

#[test]
fn the_new_owner_has_every_right_and_the_old_one_none() {
    let (world, owner, position, heir) = renewable();
    let (ledger, adapter) = (&world.ledger, &world.adapter);
    let give = world.ins.assign(&loan_of(&position.0), &heir);
    guarded(ledger, &owner, give.clone());
    give.send(ledger, &owner).unwrap();
    guarded(ledger, &heir, adapter.cancel(&position.0));
    guarded(
        ledger,
        &heir,
        adapter.top_up(&position.0, 100 * UNIT, 50 * UNIT),
    );
    guarded(ledger, &heir, position.close(DEBT + 100 * UNIT));
    world.collateral.mint(ledger, &heir.address(), UNIT);
    guarded(ledger, &heir, position.supply(UNIT));
    guarded(ledger, &heir, world.ins.transfer(&heir, &owner, LIMIT));
    closed(ledger, &owner, adapter.cancel(&position.0));
    closed(ledger, &owner, adapter.top_up(&position.0, UNIT, UNIT));
    closed(ledger, &owner, position.close(DEBT + 100 * UNIT));
    closed(ledger, &owner, position.withdraw(1, &owner));
    closed(ledger, &owner, position.sweep(&world.usdc.contract, &owner));
    closed(
        ledger,
        &owner,
        world.ins.assign(&loan_of(&position.0), &owner),
    );
    closed(ledger, &owner, world.ins.transfer(&heir, &owner, LIMIT));

    price(&world, 1_200);
    let (debt, drawn) = (
        world.health(&position).debt,
        paid(&rescue(&world, &position)),
    );
    let left = world.health(&position).debt;
    assert!(
        (debt - drawn - left).abs() <= 1,
        "rescued for its new owner"
    );
    price(&world, 2_000);
    world.sleep(2 * DAY);
    let owed = policy(&world, &position);
    let back = world.cover.pay_back(
        &crate::stage::interest(&position),
        &heir,
        owed.drawn + owed.fees_due + UNIT,
    );
    back.send(ledger, &heir).unwrap();
    let close = position.close(DEBT + 100 * UNIT);
    close.send(ledger, &heir).unwrap();
    let collateral = world.collateral.balance(ledger, &heir.address());
    assert_eq!(collateral, COLLATERAL + UNIT, "all of it is theirs");
}

/// A position comes home: it is listed once with each owner it has.
#[test]
fn a_position_is_listed_with_whom_it_is() {
    let (world, owner, position, heir) = renewable();
    let ledger = &world.ledger;
    world.collateral.mint(ledger, &owner.address(), COLLATERAL);
    let opened = world.open_loan(&owner, COLLATERAL, DEBT, None);
    let kept = opened.unwrap().0;
    let both = vec![position.0.clone(), kept.0.clone()];
    assert_eq!(positions_of(&world, &owner), both, "opened");
    for (from, to, back) in [
        (&owner, &heir, false),
        (&heir, &owner, true),
        (&owner, &heir, false),
    ] {
        let give = world.ins.assign(&loan_of(&position.0), to);
        give.send(ledger, from).unwrap();
        let listed = [positions_of(&world, from), positions_of(&world, to)];
        let expected = if back {
            [vec![], both.clone()]
        } else {
            [vec![kept.0.clone()], vec![position.0.clone()]]
        };
        assert_eq!(listed, expected, "handed on");
    }
    let oneself = world.ins.assign(&loan_of(&position.0), &heir);
    oneself.send(ledger, &heir).unwrap();
    assert_eq!(positions_of(&world, &heir), from_ref(&position.0), "once");
    assert_eq!(balance(&world, &heir), LIMIT, "to oneself");
}

/// What Blend has paid out into a position, or somebody sent there, goes with it: nobody takes it out by giving it away.
#[test]
fn what_lies_in_a_position_moves_with_it() {
    let (world, owner, position, heir) = renewable();
    let ledger = &world.ledger;
    world.usdc.mint(ledger, &position.0, 700 * UNIT);
    let purse = usdc(&world, &owner);
    let give = world.ins.transfer(&owner, &heir, LIMIT);
    give.send(ledger, &owner).unwrap();
    let inside = world.usdc.balance(ledger, &position.0);
    assert_eq!(inside, 700 * UNIT, "still there");
    assert_eq!(usdc(&world, &owner), purse, "not handed back");
}

#[test]
fn a_markets_loan_and_its_cover_move_together() {
    let (world, market) = market::world();
    let ledger = &world.ledger;
    let (owner, loan, quote) = market::insured(&world, &market, "borrower", &[Peril::Default]);
    let heir = world.funded("heir", 2 * PURSE);
    let before = (
        market::policy(&world, &loan),
        market::loan(&world, &market, &loan),
    );
    let give = || world.ins.transfer(&owner, &heir, LIMIT);
    guarded(ledger, &owner, give());
    give().send(ledger, &owner).unwrap();
    let (policy, facts) = (
        market::policy(&world, &loan),
        market::loan(&world, &market, &loan),
    );
    assert_eq!(policy.owner, heir.address(), "cover");
    assert_eq!(facts.owner, heir.address(), "loan");
    assert_eq!(
        (policy.limit, policy.end, policy.earning_rate),
        (before.0.limit, quote.end, before.0.earning_rate),
        "as it was sold"
    );
    assert_eq!(
        (facts.collateral, facts.debt),
        (before.1.collateral, before.1.debt),
        "with all that it owes"
    );
    let loans = |owner: &Keypair| market.platform.loans_of(owner).view(ledger).unwrap();
    assert_eq!(loans(&owner), [], "listed no more");
    assert_eq!(loans(&heir), from_ref(&loan), "listed");
    let platform = &market.platform;
    closed(
        ledger,
        &owner,
        platform.close(&loan, market::DEBT + 100 * UNIT),
    );
    closed(ledger, &owner, market.insurer.cancel(&loan));
    let back = market.insurer.assign(&market_loan_of(&loan), &owner);
    closed(ledger, &owner, back.clone());
    guarded(ledger, &heir, back);
    guarded(
        ledger,
        &heir,
        platform.close(&loan, market::DEBT + 100 * UNIT),
    );
    world.sleep(8 * DAY);
    guarded(ledger, &heir, market.insurer.cancel(&loan));
    let forged = platform.assign(&loan, &owner);
    unauthorised(forged.send(ledger, &owner), "the insurer's entry");
}

#[test]
fn of_lenders_cover_only_the_policy_moves() {
    let (world, market) = market::world();
    let ledger = &world.ledger;
    let (payer, heir) = (world.funded("payer", PURSE), world.funded("heir", PURSE));
    let limit = 100_000 * UNIT;
    let lenders = testkit::bindings::market_adapter::CoverRequest {
        limit,
        max_premium: 2_000 * UNIT,
        max_rate: 5_000_000,
        perils: vec![testkit::bindings::market_adapter::Peril::Contract],
        route: testkit::bindings::market_adapter::Route::Adapter,
        weeks: 8,
    };
    let platform = &market.platform.0;
    let insure = market.insurer.insure_lenders(platform, &payer, &lenders);
    insure.send(ledger, &payer).unwrap();
    let supplied = market::supply(&world, &market);
    let give = || world.ins.transfer(&payer, &heir, limit);
    guarded(ledger, &payer, give());
    give().send(ledger, &payer).unwrap();
    assert_eq!(balance(&world, &heir), limit, "held");
    assert_eq!(market::supply(&world, &market), supplied, "lenders' money");
    world.sleep(8 * DAY);
    closed(ledger, &payer, market.insurer.cancel(platform));
    let before = usdc(&world, &heir);
    let cancel = market.insurer.cancel(platform);
    let refund = cancel.send(ledger, &heir).unwrap();
    assert_eq!(usdc(&world, &heir), before + refund, "the refund is theirs");
}
