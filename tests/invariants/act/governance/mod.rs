//! What each action in court, at votes, of INS and of who has shown who they are does.

mod disputes;
mod end;
mod identity;
mod ins;
mod motions;
mod roles;

use localnet::Keypair;

use super::{choose, Reply, Run};
use crate::{
    governance::step::GovernanceAction,
    rules::{expect, Rules},
    shadow::{Key, Policy},
};

impl Run<'_> {
    #[rustfmt::skip] // One action after the other, on one line each.
    pub(super) fn on_governance(&mut self, action: &GovernanceAction) -> Rules {
        use GovernanceAction::*;
        match *action {
            Challenge { claim, who } => self.challenge(claim, who),
            Appeal { policy, peril, loss, ago, who } => self.appeal(policy, peril, (loss, ago), who),
            Resolve { claim, size } => self.resolve(claim, size),
            Delay { claim } => self.delay(claim),
            Deadline { claim, is_early, by_court } => self.deadline(claim, is_early, by_court),
            HandOver => self.hand_over(),
            Vote { motion, voter, says } => self.vote(motion, voter, says),
            Queue { motion, is_altered } => self.queue(motion, is_altered),
            Execute { motion, is_altered } => self.execute(motion, is_altered),
            Carry { motion } => self.carry(motion),
            MoveVotes { from, to, size } => self.move_votes(from, to, size),
            Transfer { policy, to, size } => self.transfer_ins(policy, to, size),
            Assign { policy, to } => self.assign(policy, to),
            Ask { is_on, free, basic } => self.ask_people(is_on, free, basic),
            Verify { who, tier, days } => self.verify(who, tier, days),
            Revoke { who, tier, is_all } => self.revoke(who, tier, is_all),
            Screen { who, is_listed } => self.screen(who, is_listed),
            GiveBack { claim } => self.return_lot(claim),
            WindDown => self.wind_down(),
            RunOff => self.run_off(),
            ReleaseReserve => self.release_reserve(),
            Intrude { entry, which, size } => self.governance_intrude(entry, which, size),
        }
    }

    fn someone(&self, number: u8) -> Keypair {
        let people = &self.stage.people;
        people[usize::from(number) % people.len()].clone()
    }

    /// The policy that a number means, most often one that is apt.
    fn policy_of(
        &self,
        number: u8,
        is_apt: impl Fn(&Key, &Policy) -> bool,
    ) -> Option<(Key, Policy)> {
        let all: Vec<_> = self.shadow.policies.iter().collect();
        let apt: Vec<_> = all
            .iter()
            .filter(|(key, policy)| is_apt(key, policy))
            .collect();
        let any = || all.get(usize::from(number) % all.len().max(1));
        let (key, policy) = choose(&apt, number).copied().or_else(any)?;
        Some(((*key).clone(), (*policy).clone()))
    }

    /// The last call was not refused with `code` unless there is reason to.
    fn refused_for(&self, id: &'static str, code: u32, is_reason: bool) -> Rules {
        let is_right = self.refusal != Some(code) || is_reason;
        expect(id, is_right, || {
            format!("{}: refused with {code} without reason", self.action)
        })
    }
}
