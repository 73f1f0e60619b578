//! A vote: proposed, voted on, queued, waited for and executed, with real signatures, on contracts that belong to it.

use testkit::{
    bindings::cover_pool::GroupTerms,
    governance::{Governance, Proposal, Vote},
    world::{loan_group, World, LOANS},
};

use crate::stage::*;

/// OpenZeppelin's governor and timelock.
const NOT_FOUND: u32 = 4_200;
const TOO_FEW_VOTES: u32 = 4_202;
const NOT_ACTIVE: u32 = 4_205;
const NOT_WON: u32 = 4_206;
const NOT_READY: u32 = 4_002;

/// A world whose contracts are the token holders'.
fn governed() -> (World, Governance) {
    let world = world();
    let governance = Governance::found(&world);
    governance.take_over(&world);
    (world, governance)
}

/// The loans' terms with another upper bound of their rate.
fn bounded(world: &World, rate_max: u32) -> GroupTerms {
    GroupTerms {
        rate_max,
        ..loan_group(&world.adapter.0, &world.pool.address)
    }
}

fn raise(world: &World, rate_max: u32) -> Proposal {
    let terms = bounded(world, rate_max);
    Proposal::new("Dearer loans.").with(world.cover.set_group(LOANS, &terms))
}

fn rate_max(world: &World) -> u32 {
    let group = world.cover.group(LOANS).view(&world.ledger).unwrap();
    group.unwrap().rate_max
}

#[test]
fn a_bound_of_the_rate_is_changed_by_a_vote_and_by_nobody_else() {
    let (world, governance) = governed();
    let before = rate_max(&world);
    let terms = bounded(&world, 6_000_000);
    let founder = world.cover.set_group(LOANS, &terms);
    assert!(
        founder.send(&world.ledger, &world.owner).is_err(),
        "the founder's key"
    );
    let proposal = raise(&world, 6_000_000);
    let id = governance.win(&world, &proposal);
    assert_eq!(rate_max(&world), before, "won, and not yet so");
    governance.wait(&world);
    assert_eq!(governance.execute(&world, &proposal), Ok(id), "executed");
    assert_eq!(rate_max(&world), 6_000_000, "as it was decided");
}

#[test]
fn it_is_executed_once_not_before_its_time_and_as_it_was_decided() {
    let (world, governance) = governed();
    let proposal = raise(&world, 6_000_000);
    refused(governance.execute(&world, &proposal), NOT_FOUND, "unknown");
    governance.win(&world, &proposal);
    governance.pass(&world, governance.rules(&world).delay - 1);
    refused(governance.execute(&world, &proposal), NOT_READY, "early");
    governance.pass(&world, 1);
    let altered = raise(&world, 9_000_000);
    refused(governance.execute(&world, &altered), NOT_FOUND, "altered");
    governance.execute(&world, &proposal).unwrap();
    refused(governance.execute(&world, &proposal), NOT_READY, "twice");
    refused(governance.queue(&world, &proposal), NOT_WON, "nor queued");
}

#[test]
fn votes_count_as_they_were_when_the_vote_began() {
    let (world, governance) = governed();
    let [seller, voter, small] = &governance.holders;
    let proposal = raise(&world, 6_000_000);
    let id = governance.propose(&world, &proposal, small).unwrap();
    let early = governance.vote(&world, &id, voter, Vote::For);
    refused(early, NOT_ACTIVE, "before it begins");
    governance.begin(&world);
    let buyer = world.actor("buyer");
    let amount = governance.plt.balance(seller).view(&world.ledger).unwrap();
    let sale = governance.plt.transfer(seller, &buyer, amount);
    sale.send(&world.ledger, seller).unwrap();
    let delegate = governance.plt.delegate(&buyer, &buyer);
    delegate.send(&world.ledger, &buyer).unwrap();
    let bought = governance.vote(&world, &id, &buyer, Vote::For);
    assert_eq!(bought, Ok(0), "bought after the snapshot");
    let sold = governance.vote(&world, &id, seller, Vote::Against);
    assert_eq!(sold, Ok(amount.unsigned_abs()), "theirs at the snapshot");
    let cast = governance.vote(&world, &id, voter, Vote::For).unwrap();
    assert!(cast < amount.unsigned_abs(), "35 % against 40 %");
    governance.pass(&world, governance.rules(&world).voting_period);
    refused(governance.queue(&world, &proposal), NOT_WON, "lost");
}

#[test]
fn who_has_too_few_votes_proposes_nothing() {
    let (world, governance) = governed();
    let poor = world.actor("poor");
    let proposed = governance.propose(&world, &raise(&world, 6_000_000), &poor);
    refused(proposed, TOO_FEW_VOTES, "none");
}

#[test]
fn a_vote_needs_the_voters_signature() {
    let (world, governance) = governed();
    let [proposer, voter, _] = &governance.holders;
    let proposal = raise(&world, 6_000_000);
    let id = governance.propose(&world, &proposal, proposer).unwrap();
    governance.begin(&world);
    let forged = governance.governor.cast_vote(&id, 1, &String::new(), voter);
    assert!(forged.send(&world.ledger, proposer).is_err(), "forged");
    assert!(governance.vote(&world, &id, voter, Vote::For).is_ok());
}

#[test]
fn the_court_decides_in_its_own_time_and_owns_nothing() {
    let (world, governance) = governed();
    let (court, proposal) = (governance.in_court(), raise(&world, 6_000_000));
    let (before, start) = (rate_max(&world), world.ledger.now());
    court.win(&world, &proposal);
    court.wait(&world);
    let took = world.ledger.now() - start;
    assert_eq!(took, 6 * DAY + DAY / 2 + 5, "six and a half days");
    let executed = court.execute(&world, &proposal);
    unauthorised(executed, "terms are not the court's");
    assert_eq!(rate_max(&world), before, "as before");
}
