//! Somebody owns enough votes to win everything in the court.
//!
//! What stops them: the court decides what is disputed and nothing else, each claim once, up to what it asks, for the
//! subject that was insured; every decision is public for two days before it happens. What they can do is grant what they
//! have bought, or deny what others claim: it is in `docs/assumptions.md`.

use localnet::{InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool::{Appeal, CoverError, Interest, Loss, Peril, Roles, Scope},
        Call,
    },
    governance::{Governance, Proposal},
    world::{starting_terms, Setup, World, LOANS},
};

use crate::scene::*;

/// OpenZeppelin's timelock: not yet.
const NOT_READY: u32 = 4_002;

/// A pool, its captured court, and a policy of somebody else whose claim of 38 000 waits.
struct Capture {
    world: World,
    votes: Governance,
    challenger: Keypair,
    subject: Keypair,
    interest: Interest,
    claim: u32,
    amount: i128,
}

impl Capture {
    fn new() -> Self {
        let (world, _) = staked(&Setup::default());
        let votes = Governance::found_court(&world);
        let (adapter, subject, interest) = reported(&world);
        world.sleep(2 * DAY);
        let (claim, amount) = file(&world, &adapter, &interest);
        Self {
            challenger: world.funded("challenger", 10_000 * UNIT),
            votes,
            subject,
            interest,
            claim,
            amount,
            world,
        }
    }

    fn challenge(&self) {
        let challenge = self.world.cover.challenge(self.claim, &self.challenger);
        challenge
            .send(&self.world.ledger, &self.challenger)
            .unwrap();
    }

    /// What the attackers' votes make of a call.
    fn carry<R>(&self, call: Call<R>) -> Result<[u8; 32], InvokeError> {
        let proposal = Proposal::new("It is ours.").with(call);
        self.votes.win(&self.world, &proposal);
        self.votes.wait(&self.world);
        self.votes.execute(&self.world, &proposal)
    }

    fn resolve(&self, granted: i128) -> Call<()> {
        self.world.cover.resolve(self.claim, granted)
    }
}

#[test]
fn a_captured_court_pays_no_more_than_the_claim_and_nobody_but_the_insured() {
    let capture = Capture::new();
    let (world, ledger) = (&capture.world, &capture.world.ledger);
    capture.challenge();
    let disputed = ledger.snapshot();
    let above = capture.carry(capture.resolve(capture.amount + 1));
    refused(above, CoverError::AboveClaim as u32, "above the claim");
    ledger.revert(&disputed);
    assert!(capture.carry(capture.resolve(capture.amount)).is_ok());
    let before = books(world);
    let finalize = world.cover.finalize(capture.claim, &world.keeper);
    let paid = finalize.send(ledger, &world.keeper);
    assert_eq!(paid, Ok(capture.amount), "the twin: all of it");
    let purse = usdc(world, &capture.subject.address());
    assert_eq!(purse, capture.amount, "the insured's");
    let after = books(world);
    let bounty = before.bounties - after.bounties;
    let spent = before.cash - after.cash;
    assert_eq!(spent, purse + bounty, "and nobody else's");
}

#[test]
fn a_captured_court_decides_nothing_that_nobody_disputed() {
    let capture = Capture::new();
    let (ledger, open) = (&capture.world.ledger, capture.world.ledger.snapshot());
    let denied = capture.carry(capture.resolve(0));
    refused(denied, CoverError::NotDisputed as u32, "nobody challenged");
    ledger.revert(&open);
    capture.challenge();
    let denied = capture.carry(capture.resolve(0));
    assert!(denied.is_ok(), "the twin, with a bond at risk: {denied:?}");
}

#[test]
fn a_captured_court_undoes_nothing_that_was_decided_or_paid() {
    let capture = Capture::new();
    let world = &capture.world;
    capture.challenge();
    capture.carry(capture.resolve(capture.amount)).unwrap();
    let again = Proposal::new("Again.").with(capture.resolve(0));
    capture.votes.win(world, &again);
    capture.votes.wait(world);
    let decided = world.ledger.snapshot();
    let undone = capture.votes.execute(world, &again);
    refused(undone, CoverError::NotDisputed as u32, "decided");
    world.ledger.revert(&decided);
    let finalize = world.cover.finalize(capture.claim, &world.keeper);
    finalize.send(&world.ledger, &world.keeper).unwrap();
    let undone = capture.votes.execute(world, &again);
    refused(undone, CoverError::UnknownClaim as u32, "paid");
}

#[test]
fn what_a_captured_court_decides_is_seen_for_two_days() {
    let capture = Capture::new();
    let world = &capture.world;
    capture.challenge();
    let proposal = Proposal::new("It is ours.").with(capture.resolve(0));
    capture.votes.win(world, &proposal);
    let queued_at = world.ledger.now();
    capture
        .votes
        .pass(world, capture.votes.rules(world).delay - 1);
    let early = capture.votes.execute(world, &proposal);
    refused(early, NOT_READY, "not yet");
    capture.votes.pass(world, 1);
    assert_eq!(world.ledger.now() - queued_at, 2 * DAY, "two days");
    assert!(capture.votes.execute(world, &proposal).is_ok(), "the twin");
}

/// Everything else that would move money, shares, cover or terms.
fn grabs(capture: &Capture) -> Vec<Proposal> {
    let Capture {
        world,
        votes,
        interest,
        subject,
        ..
    } = capture;
    let (cover, court) = (&world.cover, &votes.governor.0);
    let lp = Keypair::named("lp");
    let loss = Loss {
        amount: UNIT,
        event: 0,
        occurred_at: world.ledger.now(),
        peril: Peril::Default,
        rescue: false,
        sources: 0,
    };
    let appeal = Appeal {
        amount: UNIT,
        occurred_at: world.ledger.now(),
        peril: Peril::Default,
    };
    let roles = Roles {
        court: court.clone(),
        guardian: court.clone(),
        risk: court.clone(),
    };
    let group = cover.group(LOANS).view(&world.ledger).unwrap().unwrap();
    vec![
        Proposal::new("take shares").with(cover.transfer(&lp, court, UNIT)),
        Proposal::new("ask for an exit").with(cover.request_redeem(&lp, UNIT)),
        Proposal::new("redeem").with(cover.redeem(UNIT, court, &lp, &lp)),
        Proposal::new("end a policy").with(cover.cancel(interest)),
        Proposal::new("assign a policy").with(cover.assign(interest, court)),
        Proposal::new("report a loss").with(cover.pay(interest, &loss, court)),
        Proposal::new("foreclose").with(cover.foreclose(interest, court, 0)),
        Proposal::new("take the roles").with(cover.set_roles(&roles)),
        Proposal::new("set terms").with(cover.set_terms(&starting_terms())),
        Proposal::new("set a group").with(cover.set_group(LOANS, &group)),
        Proposal::new("pause").with(cover.pause(&Scope::Exits)),
        Proposal::new("delay").with(cover.delay(capture.claim)),
        Proposal::new("wind down").with(cover.wind_down()),
        Proposal::new("appeal for another").with(cover.appeal(interest, &appeal, subject)),
    ]
}

#[test]
fn a_captured_court_touches_no_capital_no_policy_and_no_terms() {
    let capture = Capture::new();
    let (world, votes) = (&capture.world, &capture.votes);
    let [first, second, _] = &votes.holders;
    let grabs = grabs(&capture);
    let ids: Vec<_> = (grabs.iter())
        .map(|proposal| votes.propose(world, proposal, first).unwrap())
        .collect();
    votes.begin(world);
    for id in &ids {
        for voter in [first, second] {
            let vote = votes.vote(world, id, voter, testkit::governance::Vote::For);
            vote.unwrap();
        }
    }
    votes.pass(world, votes.rules(world).voting_period);
    for proposal in &grabs {
        votes.queue(world, proposal).unwrap();
    }
    votes.wait(world);
    let before = books(world);
    for proposal in &grabs {
        let grabbed = votes.execute(world, proposal);
        unauthorised(grabbed, &proposal.description);
    }
    assert_eq!(books(world), before, "nothing has moved");
}

/// What is left to them: a policy of their own, admitted without a bond and granted without a loss.
#[test]
fn a_captured_court_grants_itself_no_more_than_it_has_bought() {
    let capture = Capture::new();
    let (world, ledger) = (&capture.world, &capture.world.ledger);
    let left = CAPITAL / 50 - capture.amount;
    let court = &capture.votes.governor.0;
    let appeal = |amount| {
        let appeal = Appeal {
            amount,
            occurred_at: ledger.now(),
            peril: Peril::Default,
        };
        world.cover.appeal(&capture.interest, &appeal, court)
    };
    capture.carry(appeal(CAPITAL)).unwrap();
    let claim = capture.claim + 1;
    let admitted = world.cover.claim(claim).view(ledger).unwrap().unwrap();
    assert_eq!(admitted.amount, left, "what is left of the limit");
    let before = ledger.snapshot();
    let more = capture.carry(appeal(1));
    refused(more, CoverError::NothingCovered as u32, "nothing is left");
    ledger.revert(&before);
    capture.carry(world.cover.resolve(claim, left)).unwrap();
    let finalize = world.cover.finalize(claim, &world.keeper);
    assert_eq!(finalize.send(ledger, &world.keeper), Ok(left), "theirs");
}
