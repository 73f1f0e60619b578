//! What the owner and the court decide once the contracts are handed over: put, voted on, queued and executed by the rules.

use localnet::{FromScVal, Keypair, ToScVal};
use testkit::{
    bindings::{
        governor::{self, RuleError},
        Call,
    },
    governance::{Governance, Proposal, Vote, SUPPLY},
};

use super::{choose, Reply, Run};
use crate::{
    follow::Told,
    governance::motions::{Motion, Progress, HOLDERS},
    rules::{expect, expect_equal, Rules},
    step::Part,
};

/// Of so many motions one is carried through as soon as it is put.
const AT_ONCE: usize = 2;
/// Steps of a motion from its proposal to its execution.
const STEPS: usize = 4;
/// Seconds between ledgers.
const LEDGER: u64 = 5;

impl Run<'_> {
    /// Every contract becomes the governor's; once.
    pub(super) fn hand_over(&mut self) -> Rules {
        if self.motions.is_governed {
            return Ok(());
        }
        let stage = self.stage;
        stage.governance.take_over(&stage.world);
        stage.read_terms(&mut self.shadow);
        self.motions.is_governed = true;
        self.counted().done += 1;
        self.sleep(25)
    }

    /// What only the owner may do: with their signature, or by a vote. Returns what it came to, if it was done at once.
    pub(in crate::act) fn by_owner<R: FromScVal>(
        &mut self,
        call: Call<R>,
        may_move: bool,
    ) -> Reply {
        if self.motions.is_governed {
            return self.put(call, (false, may_move), Told::default());
        }
        let owner = self.stage.world.owner.clone();
        self.own(call, &owner)
    }

    /// What only the court may do.
    pub(super) fn in_court<R: FromScVal>(&mut self, call: Call<R>, told: Told) -> Rules {
        if self.motions.is_governed {
            return self.put(call, (true, true), told).map(drop);
        }
        let judge = self.stage.judge.clone();
        self.guarded(call, &[&judge], told).map(drop)
    }

    fn governance(&self, is_courts: bool) -> Governance {
        let governance = &self.stage.governance;
        match is_courts {
            true => governance.in_court(),
            false => governance.clone(),
        }
    }

    fn rules(&self, is_courts: bool) -> governor::Rules {
        self.governance(is_courts).rules(&self.stage.world)
    }

    fn ledger(&self) -> u32 {
        self.stage.world.ledger.sequence()
    }

    /// Puts a call to the vote, by whoever holds enough or does not; every other motion is carried through at once.
    fn put<R>(&mut self, call: Call<R>, (is_courts, may_move): (bool, bool), told: Told) -> Reply {
        let number = self.motions.all.len();
        let description = format!("motion {number} at {}", self.ledger());
        let proposal = Proposal::new(&description).with(call);
        let (rules, governance) = (self.rules(is_courts), self.governance(is_courts));
        let held = self.motions.held_at(self.ledger() - 1);
        let by = number % HOLDERS;
        let holder = governance.holders[by].clone();
        let p = &proposal;
        let propose =
            governance
                .governor
                .propose(&p.targets, &p.functions, &p.args, &p.description, &holder);
        let reply = self.own(propose, &holder)?;
        let may_put = held[by].unsigned_abs() >= rules.threshold;
        expect_equal("G1", "put to the vote", reply.is_some(), may_put)?;
        let Some(outcome) = reply else {
            return Ok(None);
        };
        let snapshot = self.ledger() + rules.voting_delay;
        self.motions.all.push(Motion {
            proposal,
            id: outcome.get().expect("an id"),
            is_courts,
            snapshot,
            deadline: snapshot + rules.voting_period,
            votes: [0; 3],
            voted: [false; HOLDERS],
            ready: None,
            is_executed: false,
            may_move,
            told,
        });
        if !number.is_multiple_of(AT_ONCE) {
            return Ok(None);
        }
        let mut last = None;
        for _ in 0..STEPS {
            last = self.carry_on(number)?;
        }
        Ok(last)
    }

    /// The motion that a number means, most often one of which something is left to do.
    fn motion(&self, number: u8) -> Option<usize> {
        let all = 0..self.motions.all.len();
        let is_open = |index: &usize| {
            let progress = self.progress(*index);
            !matches!(progress, Progress::Over | Progress::Lost)
        };
        let open: Vec<_> = all.clone().filter(is_open).collect();
        let any = all.len().max(1);
        choose(&open, number)
            .copied()
            .or_else(|| all.clone().nth(usize::from(number) % any))
    }

    fn progress(&self, index: usize) -> Progress {
        let motion = &self.motions.all[index];
        motion.progress(&self.rules(motion.is_courts), self.ledger())
    }

    pub(super) fn carry(&mut self, motion: u8) -> Rules {
        match self.motion(motion) {
            Some(index) => self.carry_on(index).map(drop),
            None => Ok(()),
        }
    }

    /// Waits until the next step of a motion may be made, and makes it. Returns what its execution came to.
    fn carry_on(&mut self, index: usize) -> Reply {
        let motion = &self.motions.all[index];
        let (snapshot, deadline, ready) = (motion.snapshot, motion.deadline, motion.ready);
        match self.progress(index) {
            Progress::Pending => {
                self.wait_for_ledger(snapshot + 1)?;
                self.vote_for(index)?;
            }
            Progress::Active => {
                self.vote_for(index)?;
                self.wait_for_ledger(deadline + 1)?;
                self.queue_motion(index, false)?;
            }
            Progress::Won => self.queue_motion(index, false)?,
            Progress::Waiting => {
                self.wait_for_ledger(ready.unwrap_or_default())?;
                return self.execute_motion(index, false);
            }
            Progress::Ready => return self.execute_motion(index, false),
            Progress::Lost | Progress::Over => {}
        }
        Ok(None)
    }

    /// Feeds and hub look at the end of it, as long as the hub needs to trust its window.
    fn wait_for_ledger(&mut self, ledger: u32) -> Rules {
        let ledgers = ledger.saturating_sub(self.ledger());
        self.wait(u64::from(ledgers) * LEDGER)?;
        self.tape.tick(&self.stage.world);
        Ok(())
    }

    /// The two who hold most have it their way.
    fn vote_for(&mut self, index: usize) -> Rules {
        for voter in 0..2 {
            if !self.motions.all[index].voted[voter] {
                self.vote_as(index, voter, Vote::For as u32)?;
            }
        }
        Ok(())
    }

    pub(super) fn vote(&mut self, motion: u8, voter: u8, says: u8) -> Rules {
        let Some(index) = self.motion(motion) else {
            return Ok(());
        };
        // Half of those who vote wait until they may.
        if self.progress(index) == Progress::Pending && voter.is_multiple_of(2) {
            self.wait_for_ledger(self.motions.all[index].snapshot + 1)?;
        }
        self.vote_as(index, usize::from(voter) % HOLDERS, says.into())
    }

    /// G1: a vote counts what was held at the snapshot, once, while the vote is on.
    fn vote_as(&mut self, index: usize, voter: usize, says: u32) -> Rules {
        let motion = self.motions.all[index].clone();
        let governance = self.governance(motion.is_courts);
        let holder = governance.holders[voter].clone();
        let is_on = self.progress(index) == Progress::Active;
        let vote = governance
            .governor
            .cast_vote(&motion.id, says, &String::new(), &holder);
        let reply = self.own(vote, &holder)?;
        let counts = is_on && !motion.voted[voter] && says <= Vote::Abstain as u32;
        expect_equal("G1", "a vote is taken", reply.is_some(), counts)?;
        let Some(outcome) = reply else { return Ok(()) };
        let held = self.motions.held_at(motion.snapshot)[voter];
        let counted: u128 = outcome.get().expect("votes");
        expect_equal("G1", "votes", counted, held.unsigned_abs())?;
        let motion = &mut self.motions.all[index];
        motion.votes[says as usize] += held;
        motion.voted[voter] = true;
        Ok(())
    }

    pub(super) fn queue(&mut self, motion: u8, is_altered: bool) -> Rules {
        let Some(index) = self.motion(motion) else {
            return Ok(());
        };
        if self.progress(index) == Progress::Active && motion.is_multiple_of(2) {
            self.wait_for_ledger(self.motions.all[index].deadline + 1)?;
        }
        self.queue_motion(index, is_altered)
    }

    /// G2: what is queued was won, as it was put.
    fn queue_motion(&mut self, index: usize, is_altered: bool) -> Rules {
        let motion = self.motions.all[index].clone();
        let p = self.as_put(&motion.proposal, is_altered);
        let (governor, keeper) = (
            self.governance(motion.is_courts).governor,
            self.stage.world.keeper.clone(),
        );
        let may_be = self.progress(index) == Progress::Won && motion.ready.is_none();
        let call = governor.queue(&p.targets, &p.functions, &p.args, &p.hash(), 0, &keeper);
        let reply = self.anyone(call)?;
        expect_equal("G2", "queued", reply.is_some(), may_be && !is_altered)?;
        if reply.is_some() {
            let delay = self.rules(motion.is_courts).delay;
            self.motions.all[index].ready = Some(self.ledger() + delay);
        }
        Ok(())
    }

    pub(super) fn execute(&mut self, motion: u8, is_altered: bool) -> Rules {
        let Some(index) = self.motion(motion) else {
            return Ok(());
        };
        let ready = self.motions.all[index].ready.unwrap_or_default();
        // Some are too early by one ledger.
        if self.progress(index) == Progress::Waiting && motion.is_multiple_of(2) {
            self.wait_for_ledger(ready - u32::from(motion.is_multiple_of(16)))?;
        }
        self.execute_motion(index, is_altered).map(drop)
    }

    /// G2: what is executed was queued, as it was put, and its delay is over. I15: terms move no money.
    fn execute_motion(&mut self, index: usize, is_altered: bool) -> Reply {
        let motion = self.motions.all[index].clone();
        let p = self.as_put(&motion.proposal, is_altered);
        let (governor, keeper) = (
            self.governance(motion.is_courts).governor,
            self.stage.world.keeper.clone(),
        );
        let may_be = self.progress(index) == Progress::Ready && !is_altered;
        let call = governor.execute(&p.targets, &p.functions, &p.args, &p.hash(), &keeper);
        let reply = self.send(call, &[&keeper], motion.told)?;
        let Some(outcome) = reply else {
            // What it calls may refuse; the governor, or its timelock, may not.
            let is_governors = self.refusal.is_some_and(|code| {
                (4_000..4_300).contains(&code) || code == RuleError::TooLate as u32
            });
            expect("G2", !may_be || !is_governors, || {
                format!("not executed: {:?}", self.refusal)
            })?;
            return Ok(None);
        };
        expect("G2", may_be, || format!("executed: {:?}", motion.proposal))?;
        let token = &self.stage.world.usdc.contract;
        let moves = outcome.events.iter().any(|event| event.contract == *token);
        expect("I15", motion.may_move || !moves, || {
            "a vote on terms moved money".into()
        })?;
        self.motions.all[index].is_executed = true;
        let function = &motion.proposal.functions[0].0;
        self.note(&format!("executes {function}"));
        Ok(Some(outcome))
    }

    /// A proposal as it was put, or with another last argument, or none.
    fn as_put(&self, proposal: &Proposal, is_altered: bool) -> Proposal {
        let mut altered = proposal.clone();
        if is_altered {
            let last = altered.args[0].pop();
            let other = self.stage.attacker.to_scval().expect("an address");
            altered.args[0].extend(last.is_some().then_some(other.clone()));
            altered.targets[0] = match last {
                Some(_) => altered.targets[0].clone(),
                None => self.stage.world.usdc.contract.clone(),
            };
        }
        altered
    }

    /// Votes that were bought count from then on alone.
    pub(super) fn move_votes(&mut self, from: u8, to: u8, size: Part) -> Rules {
        let (from, to) = (usize::from(from) % HOLDERS, usize::from(to) % HOLDERS);
        let governance = &self.stage.governance;
        let holders: [Keypair; HOLDERS] = governance.holders.clone();
        let amount = size
            .of(self.motions.held_at(self.ledger())[from])
            .min(SUPPLY / 5);
        let call = governance
            .plt
            .transfer(&holders[from], &holders[to], amount);
        if self.own(call, &holders[from])?.is_some() {
            let now = self.ledger();
            self.motions.moved((from, to), amount, now);
        }
        Ok(())
    }
}
