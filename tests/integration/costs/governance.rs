//! Votes, disputes, identity, and policies that change hands.

use localnet::Auth;
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter as adapter, cover_pool as cover, OnLedger},
    governance::{Governance, Proposal, Vote},
    identity::{Identity, Tier},
    world::{deposit_group, World, DEPOSITS},
};

use super::{
    cost, difference,
    loans::{applicant, insured},
    setup, Cost,
};

/// Everything beyond prices, loans and claims.
pub(super) fn measure() -> Vec<Cost> {
    let world = World::new(&setup());
    world.stake("lp", 10_000_000 * UNIT);
    [
        votes(&world),
        assignment(&world),
        dispute(&world),
        identity(&world),
    ]
    .concat()
}

/// A change of terms, from the proposal to its execution.
fn votes(world: &World) -> Vec<Cost> {
    let fresh = world.ledger.snapshot();
    let governance = Governance::found(world);
    governance.take_over(world);
    let terms = deposit_group(&world.lenders.0);
    let change = Proposal::new("Terms.").with(world.cover.set_group(DEPOSITS, &terms));
    let [first, second, _] = &governance.holders;
    let governor = &governance.governor;
    let p = &change;
    let propose = governor.propose(&p.targets, &p.functions, &p.args, &p.description, first);
    let proposed = propose
        .outcome(&world.ledger, first, Auth::Sign(&[]))
        .unwrap();
    let id: [u8; 32] = proposed.get().unwrap();
    let mut costs = vec![Cost::of("propose", &proposed)];
    governance.begin(world);
    let vote = governor.cast_vote(&id, Vote::For as u32, &String::new(), first);
    costs.push(cost(world, "vote", vote, first));
    governance.vote(world, &id, second, Vote::For).unwrap();
    governance.pass(world, governance.rules(world).voting_period);
    let (hash, keeper) = (p.hash(), &world.keeper);
    let queue = governor.queue(&p.targets, &p.functions, &p.args, &hash, 0, keeper);
    costs.push(cost(world, "queue", queue, keeper));
    governance.wait(world);
    let execute = governor.execute(&p.targets, &p.functions, &p.args, &hash, keeper);
    costs.push(cost(world, "execute a change of a group", execute, keeper));
    world.ledger.revert(&fresh);
    costs
}

/// INS that is transferred with the loan behind it.
fn assignment(world: &World) -> Vec<Cost> {
    let fresh = world.ledger.snapshot();
    let holder = applicant(world, "holder");
    insured(world, &holder, adapter::Peril::Advance);
    let heir = world.actor("heir");
    let held = world.ins.balance(&holder).view(&world.ledger).unwrap();
    let transfer = world.ins.transfer(&holder, &heir, held);
    let costs = vec![cost(world, "transfer a policy", transfer, &holder)];
    world.ledger.revert(&fresh);
    costs
}

/// A loss that the court grants, with the world's owner as court.
fn dispute(world: &World) -> Vec<Cost> {
    let fresh = world.ledger.snapshot();
    let holder = applicant(world, "holder");
    let position = insured(world, &holder, adapter::Peril::Grant);
    world.watch(25 * 3_600);
    let usdc = &world.usdc;
    usdc.mint(&world.ledger, &holder.address(), 1_000 * UNIT);
    let interest = cover::Interest(position.0.clone(), cover::Class::Loan);
    let appeal = cover::Appeal {
        amount: 100 * UNIT,
        occurred_at: world.ledger.now(),
        peril: cover::Peril::Grant,
    };
    let appealed = world.cover.appeal(&interest, &appeal, &holder);
    let appealed = appealed
        .outcome(&world.ledger, &holder, Auth::Sign(&[]))
        .unwrap();
    let claim: u32 = appealed.get().unwrap();
    let resolve = world.cover.resolve(claim, 50 * UNIT);
    let costs = vec![
        Cost::of("appeal", &appealed),
        cost(world, "decide a dispute", resolve, &world.owner),
        cost(
            world,
            "pay what the court granted",
            world.cover.finalize(claim, &world.keeper),
            &world.keeper,
        ),
    ];
    world.ledger.revert(&fresh);
    costs
}

/// What it costs to be asked: a stake of somebody who has shown who they are, beside one that nobody asked about.
fn identity(world: &World) -> Vec<Cost> {
    let lp = world.funded("verified lp", 2_000 * UNIT);
    let fresh = world.ledger.snapshot();
    let stake = |operation| {
        let stake = world.cover.stake(&lp, 1_000 * UNIT, 0);
        cost(world, operation, stake, &lp)
    };
    let unasked = stake("stake");
    world.ledger.revert(&fresh);
    let identity = Identity::found(world);
    identity.verify(world, &lp, Tier::Basic);
    identity.switch_on(world, 1_000 * UNIT, 50_000 * UNIT);
    let asked = stake("stake, verified");
    vec![difference("show who one is", &asked, &unasked), asked]
}
