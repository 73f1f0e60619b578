//! Proposals and votes: made by holders, counted by a governor, queued and executed by the keeper.

use localnet::{Keypair, SECONDS_PER_LEDGER};
use testkit::bindings::{governor, OnLedger};
use testkit::governance::{Proposal as Draft, Vote};

use super::{require, Assembly};
use crate::decimal::format_for_reading;
use crate::demo::stage::refused;
use crate::demo::DemoError;
use crate::output::Body;
use crate::scenario::ASSET_DECIMALS;

/// Something that was proposed.
#[derive(Clone)]
pub struct Motion {
    body: Body,
    pub draft: Draft,
    pub id: [u8; 32],
}

impl Motion {
    /// The same with other calls, under the same description.
    pub fn altered(&self, draft: Draft) -> Self {
        Self {
            draft: Draft {
                description: self.draft.description.clone(),
                ..draft
            },
            ..self.clone()
        }
    }
}

impl Assembly<'_> {
    /// The governor of terms, or the court's.
    pub fn governor(&self, body: Body) -> governor::Client {
        match body {
            Body::Terms => self.governance.governor.clone(),
            Body::Court => self.governance.court.clone(),
        }
    }

    /// Puts a draft to the vote.
    pub fn propose(&mut self, body: Body, draft: Draft, by: &Keypair) -> Result<Motion, DemoError> {
        let (targets, functions) = (&draft.targets, &draft.functions);
        let governor = self.governor(body);
        let call = governor.propose(targets, functions, &draft.args, &draft.description, by);
        let id = self.stage_mut().send("propose", call, by)?;
        let who = self.name_of(&by.address());
        self.tell(&who, format!("proposes \"{}\"", draft.description));
        Ok(Motion { body, draft, id })
    }

    /// Votes. Returns what the vote weighs.
    pub fn vote(
        &mut self,
        motion: &Motion,
        voter: &Keypair,
        vote: Vote,
    ) -> Result<u128, DemoError> {
        let governor = self.governor(motion.body);
        let call = governor.cast_vote(&motion.id, vote as u32, &String::new(), voter);
        let weight = self.stage_mut().send("vote", call, voter)?;
        let (who, say) = (self.name_of(&voter.address()), say(vote));
        let title = &motion.draft.description;
        self.tell(
            &who,
            format!("votes {say} \"{title}\" with {}", plt(weight)),
        );
        Ok(weight)
    }

    /// Starts the delay of a motion that was won.
    pub fn queue(&mut self, motion: &Motion) -> Result<(), DemoError> {
        let Motion { draft, body, .. } = motion;
        let (hash, keeper) = (draft.hash(), self.stage().world.keeper.clone());
        let (targets, functions) = (&draft.targets, &draft.functions);
        let governor = self.governor(*body);
        let call = governor.queue(targets, functions, &draft.args, &hash, 0, &keeper);
        self.stage_mut().send("queue", call, &keeper)?;
        self.tell("keeper", format!("queues \"{}\"", draft.description));
        Ok(())
    }

    /// Makes the calls of a motion.
    pub fn execute(&mut self, motion: &Motion) -> Result<(), DemoError> {
        let Motion { draft, body, .. } = motion;
        let (hash, keeper) = (draft.hash(), self.stage().world.keeper.clone());
        let (targets, functions) = (&draft.targets, &draft.functions);
        let governor = self.governor(*body);
        let call = governor.execute(targets, functions, &draft.args, &hash, &keeper);
        self.stage_mut().send("execute", call, &keeper)?;
        self.tell("keeper", format!("executes \"{}\"", draft.description));
        Ok(())
    }

    /// What its governor makes of a motion.
    pub fn state(&self, motion: &Motion) -> Result<governor::ProposalState, DemoError> {
        let state = self.governor(motion.body).proposal_state(&motion.id);
        let state = state.view(&self.stage().world.ledger);
        state.map_err(refused("read a proposal's state"))
    }

    /// The rules of a governor.
    pub fn rules(&self, body: Body) -> Result<governor::Rules, DemoError> {
        let rules = self.governor(body).rules().view(&self.stage().world.ledger);
        rules.map_err(refused("read a governor's rules"))
    }

    /// Lets so many ledgers pass.
    pub fn pass(&mut self, ledgers: u32) -> Result<(), DemoError> {
        self.wait(u64::from(ledgers) * SECONDS_PER_LEDGER)
    }

    /// Proposes all of these at once, has each of the three holders vote on each, and executes those that were won.
    pub fn decide(&mut self, body: Body, drafts: Vec<(Draft, [Vote; 3])>) -> Result<(), DemoError> {
        let (rules, holders) = (self.rules(body)?, self.governance.holders.clone());
        let mut motions = Vec::new();
        for (draft, votes) in drafts {
            motions.push((self.propose(body, draft, &holders[0])?, votes));
        }
        self.pass(rules.voting_delay + 1)?;
        for (motion, votes) in &motions {
            for (holder, vote) in holders.iter().zip(votes) {
                self.vote(motion, holder, *vote)?;
            }
        }
        self.pass(rules.voting_period)?;
        let mut won = Vec::new();
        for (motion, _) in motions {
            if self.state(&motion)? == governor::ProposalState::Succeeded {
                self.queue(&motion)?;
                won.push(motion);
            } else {
                let title = &motion.draft.description;
                self.tell("holders", format!("voted \"{title}\" down"));
            }
        }
        self.pass(rules.delay)?;
        won.iter().try_for_each(|motion| self.execute(motion))
    }

    /// The founder hands every contract over; one vote accepts, and names who has a role.
    pub fn hand_over(&mut self) -> Result<(), DemoError> {
        let world = &self.play.scene.stage.world;
        self.governance.take_over(world);
        let founder = world.owner.address();
        let is_all = testkit::governance::owned(world, &founder).is_empty();
        require(is_all, "the founder owns no contract any more")?;
        self.tell(
            "holders",
            "own every contract, by the governor of terms; roles are named",
        );
        Ok(())
    }
}

const fn say(vote: Vote) -> &'static str {
    match vote {
        Vote::Against => "against",
        Vote::For => "for",
        Vote::Abstain => "neither for nor against",
    }
}

/// `400,000 PLT`, of votes.
pub fn plt(votes: u128) -> String {
    let votes = i128::try_from(votes).unwrap_or(i128::MAX);
    format!("{} PLT", format_for_reading(votes, ASSET_DECIMALS, 0))
}
