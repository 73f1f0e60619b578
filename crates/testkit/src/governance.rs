//! Who governs a world: PLT in a few hands, the governor that its contracts are handed to, its court, and who has a key.

use localnet::{
    xdr::{ScAddress, ScVal},
    InvokeError, Keypair, Symbol,
};
use sha3::{Digest, Keccak256};

use crate::{
    asset::UNIT,
    bindings::OnLedger,
    bindings::{
        cover_pool::Roles,
        governor::{self, Rules},
        plt, price_hub, Call,
    },
    wasm,
    world::World,
};

/// Ledgers in a day.
const DAY: u32 = 17_280;

/// All PLT there is.
pub const SUPPLY: i128 = 1_000_000 * UNIT;

/// What a vote says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    /// No.
    Against = 0,
    /// Yes.
    For = 1,
    /// Neither, but it counts for the quorum.
    Abstain = 2,
}

/// Calls that are put to the vote together, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Whom to call.
    pub targets: Vec<ScAddress>,
    /// What.
    pub functions: Vec<Symbol>,
    /// With what.
    pub args: Vec<Vec<ScVal>>,
    /// Why.
    pub description: String,
}

impl Proposal {
    /// One without calls yet.
    #[must_use]
    pub fn new(description: &str) -> Self {
        Self {
            targets: Vec::new(),
            functions: Vec::new(),
            args: Vec::new(),
            description: description.into(),
        }
    }

    /// The same with one call more.
    #[must_use]
    pub fn with<R>(mut self, call: Call<R>) -> Self {
        let (contract, function, args) = call.into_parts().expect("arguments fit");
        self.targets.push(contract);
        self.functions.push(function.into());
        self.args.push(args);
        self
    }

    /// What the governor knows the description by.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Keccak256::digest(self.description.as_bytes()).into()
    }
}

/// PLT, its governors, who may vote, and who is named.
///
/// What is proposed, voted on and executed with its functions is so at `governor`: that of terms, or the court's
/// [`in_court`](Self::in_court).
#[derive(Clone, Debug)]
pub struct Governance {
    /// The token.
    pub plt: plt::Client,
    /// The governor of terms.
    pub governor: governor::Client,
    /// The court's governor, which owns nothing.
    pub court: governor::Client,
    /// Who holds 40, 35 and 25 % of the supply, delegated to themselves.
    pub holders: [Keypair; 3],
    /// Who is named to set base rates.
    pub risk: Keypair,
    /// Who is named guardian of pool and hub.
    pub guardian: Keypair,
}

impl Governance {
    /// Founds it, by the usual rules.
    #[must_use]
    pub fn found(world: &World) -> Self {
        let ledger = &world.ledger;
        let holders = ["first holder", "second holder", "third holder"];
        let holders = holders.map(|name| world.actor(name));
        let args = (&holders[0], SUPPLY, "Vangnet", "PLT");
        let plt = ledger.deploy(&holders[0], wasm::PLT, args).unwrap();
        let plt = plt::Client(plt);
        for (holder, percent) in holders[1..].iter().zip([35, 25]) {
            let amount = SUPPLY / 100 * percent;
            let transfer = plt.transfer(&holders[0], holder, amount);
            transfer.send(ledger, &holders[0]).unwrap();
        }
        for holder in &holders {
            plt.delegate(holder, holder).send(ledger, holder).unwrap();
        }
        let found = |name: &str, rules: Rules| {
            let governor = ledger.deploy(&holders[0], wasm::GOVERNOR, (name, rules));
            governor::Client(governor.unwrap())
        };
        let governor = found("Terms", terms_rules(&plt.0));
        let court = found("Court", court_rules(&plt.0));
        ledger.advance(5);
        let (risk, guardian) = (world.actor("risk"), world.actor("guardian"));
        Self {
            plt,
            governor,
            court,
            holders,
            risk,
            guardian,
        }
    }

    /// Founds it, and has the world's owner, who keeps the contracts, name the pool's roles. Returned is it at the court's governor.
    #[must_use]
    pub fn found_court(world: &World) -> Self {
        let governance = Self::found(world);
        let named = world.cover.set_roles(&governance.roles());
        named.send(&world.ledger, &world.owner).unwrap();
        governance.in_court()
    }

    /// The same at the court's governor.
    #[must_use]
    pub fn in_court(&self) -> Self {
        Self {
            governor: self.court.clone(),
            ..self.clone()
        }
    }

    /// Puts a proposal to the vote. Returns its id.
    pub fn propose(
        &self,
        world: &World,
        proposal: &Proposal,
        by: &Keypair,
    ) -> Result<[u8; 32], InvokeError> {
        let p = proposal;
        let propose = self
            .governor
            .propose(&p.targets, &p.functions, &p.args, &p.description, by);
        propose.send(&world.ledger, by)
    }

    /// Votes, with the voter's signature. Returns the votes that count.
    pub fn vote(
        &self,
        world: &World,
        id: &[u8; 32],
        voter: &Keypair,
        vote: Vote,
    ) -> Result<u128, InvokeError> {
        let vote = self
            .governor
            .cast_vote(id, vote as u32, &String::new(), voter);
        vote.send(&world.ledger, voter)
    }

    /// Starts the delay of a proposal that was won; the keeper does.
    pub fn queue(&self, world: &World, proposal: &Proposal) -> Result<[u8; 32], InvokeError> {
        let (p, hash, keeper) = (proposal, proposal.hash(), &world.keeper);
        let queue = self
            .governor
            .queue(&p.targets, &p.functions, &p.args, &hash, 0, keeper);
        queue.send(&world.ledger, keeper)
    }

    /// Makes the calls of a proposal; the keeper does.
    pub fn execute(&self, world: &World, proposal: &Proposal) -> Result<[u8; 32], InvokeError> {
        let (p, hash, keeper) = (proposal, proposal.hash(), &world.keeper);
        let execute = self
            .governor
            .execute(&p.targets, &p.functions, &p.args, &hash, keeper);
        execute.send(&world.ledger, keeper)
    }

    /// Proposes, has the first two holders vote for it, and queues it: what is left is to [`wait`](Self::wait) and to execute.
    pub fn win(&self, world: &World, proposal: &Proposal) -> [u8; 32] {
        let [first, second, _] = &self.holders;
        let id = self.propose(world, proposal, first).unwrap();
        self.begin(world);
        for voter in [first, second] {
            self.vote(world, &id, voter, Vote::For).unwrap();
        }
        self.pass(world, self.rules(world).voting_period);
        self.queue(world, proposal).unwrap()
    }

    /// Lets the vote on a proposal that was just made begin.
    pub fn begin(&self, world: &World) {
        self.pass(world, self.rules(world).voting_delay + 1);
    }

    /// Lets the delay of a proposal that was just queued pass.
    pub fn wait(&self, world: &World) {
        self.pass(world, self.rules(world).delay);
    }

    /// Wins it, waits and executes it.
    pub fn decide(&self, world: &World, proposal: &Proposal) {
        self.win(world, proposal);
        self.wait(world);
        self.execute(world, proposal).unwrap();
    }

    /// Hands every contract that the world's owner owns to the governor, and names the pool's roles and the hub's guardian: the
    /// owner offers, one vote accepts and names.
    pub fn take_over(&self, world: &World) {
        let until = world.ledger.sequence() + 30 * DAY;
        let mut accepted = Proposal::new("The contracts become the token holders'.");
        for contract in owned(world, &world.owner.address()) {
            // Ownership is the same in all of them.
            let contract = price_hub::Client(contract);
            let offer = contract.transfer_ownership(&self.governor.0, until);
            offer.send(&world.ledger, &world.owner).unwrap();
            accepted = accepted.with(contract.accept_ownership());
        }
        let hub = price_hub::Client(world.hub.address.clone());
        let named = accepted
            .with(world.cover.set_roles(&self.roles()))
            .with(hub.set_guardian(&self.guardian));
        self.decide(world, &named);
    }

    /// The pool's roles as they are named.
    #[must_use]
    pub fn roles(&self) -> Roles {
        Roles {
            court: self.court.0.clone(),
            guardian: self.guardian.address(),
            risk: self.risk.address(),
        }
    }

    /// Lets so many ledgers pass.
    pub fn pass(&self, world: &World, ledgers: u32) {
        world.ledger.advance(u64::from(ledgers) * 5);
    }

    /// The rules of its governor.
    pub fn rules(&self, world: &World) -> Rules {
        self.governor.rules().look_up(&world.ledger).unwrap()
    }
}

/// The contracts of a world whose owner is `owner`.
#[must_use]
pub fn owned(world: &World, owner: &ScAddress) -> Vec<ScAddress> {
    let all = owners(world).into_iter();
    let all = all.filter(|(_, present)| present == owner);
    all.map(|(contract, _)| contract).collect()
}

/// Every contract of a world that has an owner, and that owner, as the ledger has them.
#[must_use]
pub fn owners(world: &World) -> Vec<(ScAddress, ScAddress)> {
    let contracts = world.ledger.contracts().into_iter();
    let owners = contracts.filter_map(|(contract, _)| {
        let owner = price_hub::Client(contract.clone()).get_owner();
        let owner = owner.view(&world.ledger).ok().flatten()?;
        Some((contract, owner))
    });
    owners.collect()
}

/// How terms are decided: a day to prepare, five to vote, a fifth of the supply, seven days until it happens, and two weeks
/// in which it may.
fn terms_rules(token: &ScAddress) -> Rules {
    Rules {
        delay: 7 * DAY,
        grace: 14 * DAY,
        quorum: 2_000_000,
        threshold: (SUPPLY / 100).unsigned_abs(),
        token: token.clone(),
        voting_delay: DAY,
        voting_period: 5 * DAY,
    }
}

/// How disputes are decided, within the pool's 14 days: half a day to prepare, four days to vote, a tenth of the supply, two days
/// until it happens, and three in which it may.
fn court_rules(token: &ScAddress) -> Rules {
    Rules {
        delay: 2 * DAY,
        grace: 3 * DAY,
        quorum: 1_000_000,
        threshold: (SUPPLY / 1_000).unsigned_abs(),
        token: token.clone(),
        voting_delay: DAY / 2,
        voting_period: 4 * DAY,
    }
}
