//! Voting, or proposing, with PLT that is borrowed for one transaction.
//!
//! What stops it: votes are counted as they were in a ledger that has passed, and who proposes had them a ledger before.

use localnet::InvokeError;
use testkit::{
    bindings::{
        flash_borrower::{Client, Payment, Step},
        governor::ProposalState,
        Call,
    },
    governance::{Governance, Proposal, Vote},
    wasm,
    world::{Setup, World, LOANS},
};

use crate::scene::*;

const TOO_FEW_VOTES: u32 = 4_202;

/// Holders, one of whom lends to an attacker's contract, which gives back in the same transaction.
struct Scheme {
    world: World,
    governance: Governance,
    attacker: Client,
}

impl Scheme {
    fn new() -> Self {
        let (world, _) = staked(&Setup::default());
        let governance = Governance::found(&world);
        let attacker = world.ledger.deploy(&world.keeper, wasm::FLASH_BORROWER, ());
        Self {
            attacker: Client(attacker.unwrap()),
            world,
            governance,
        }
    }

    /// Who lends, and how much they have.
    fn lender(&self) -> (&localnet::Keypair, i128) {
        let lender = &self.governance.holders[0];
        let balance = self.governance.plt.balance(lender);
        (lender, balance.view(&self.world.ledger).unwrap())
    }

    /// Borrows all that the first holder has, makes the call with it, and gives it back.
    fn borrow_and<R>(&self, call: Call<R>) -> Result<(), InvokeError> {
        let (ledger, plt) = (&self.world.ledger, &self.governance.plt);
        let (lender, amount) = self.lender();
        let contract = &self.attacker.0;
        let until = ledger.sequence() + 100;
        let allow = plt.approve(lender, contract, amount, until);
        allow.send(ledger, lender).unwrap();
        let steps = [
            step(plt.transfer_from(contract, lender, contract, amount)),
            step(plt.delegate(contract, contract)),
            step(call),
        ];
        let learn = self.attacker.learn(&steps.to_vec());
        learn.send(ledger, &self.world.keeper).unwrap();
        let lend = self.attacker.exec_op(lender, &plt.0, amount, 0);
        lend.send(ledger, lender)
    }
}

fn step<R>(call: Call<R>) -> Step {
    Step {
        args: call.args().unwrap().to_vec(),
        contract: call.contract,
        function: call.function.into(),
        pays: Vec::<Payment>::new(),
    }
}

fn proposal(world: &World) -> Proposal {
    let terms = testkit::world::loan_group(&world.adapter.0, &world.pool.address);
    Proposal::new("Anything.").with(world.cover.set_group(LOANS, &terms))
}

/// What becomes of a proposal on which `vote` was all that was cast.
fn decided(vote: impl FnOnce(&Scheme, &[u8; 32])) -> ProposalState {
    let scheme = Scheme::new();
    let (world, governance) = (&scheme.world, &scheme.governance);
    let proposer = &governance.holders[1];
    let id = governance
        .propose(world, &proposal(world), proposer)
        .unwrap();
    governance.begin(world);
    vote(&scheme, &id);
    governance.pass(world, governance.rules(world).voting_period);
    let state = governance.governor.proposal_state(&id);
    state.view(&world.ledger).unwrap()
}

#[test]
fn borrowed_votes_count_nothing() {
    let borrowed = decided(|scheme, id| {
        let (governor, voter) = (&scheme.governance.governor, &scheme.attacker.0);
        let vote = governor.cast_vote(id, Vote::For as u32, &String::new(), voter);
        scheme.borrow_and(vote).unwrap();
        let voted = governor.has_voted(id, voter).view(&scheme.world.ledger);
        assert!(voted.unwrap(), "they did vote");
    });
    assert_eq!(borrowed, ProposalState::Defeated, "with 40 % for a moment");
    let own = decided(|scheme, id| {
        let (lender, _) = scheme.lender();
        let cast = scheme.governance.vote(&scheme.world, id, lender, Vote::For);
        assert!(cast.unwrap() > 0, "theirs");
    });
    assert_eq!(own, ProposalState::Succeeded, "whose they are wins");
}

#[test]
fn borrowed_votes_propose_nothing() {
    let scheme = Scheme::new();
    let proposal = proposal(&scheme.world);
    let propose = scheme.governance.governor.propose(
        &proposal.targets,
        &proposal.functions,
        &proposal.args,
        &proposal.description,
        &scheme.attacker.0,
    );
    refused(
        scheme.borrow_and(propose),
        TOO_FEW_VOTES,
        "with 40 % for a moment",
    );
    let (lender, balance) = scheme.lender();
    assert_eq!(balance, testkit::governance::SUPPLY / 100 * 40, "theirs");
    let proposed = scheme.governance.propose(&scheme.world, &proposal, lender);
    assert!(proposed.is_ok(), "whose they are does");
}
