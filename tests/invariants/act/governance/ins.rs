//! INS: policies that change hands.

use localnet::{xdr::ScAddress, Keypair, Outcome};
use testkit::bindings::{
    cover_pool::CoverError,
    ins::{self, InsError},
};

use super::{disputes::interest, Run};
use crate::{
    follow::Told,
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{Key, Policy},
    stage::DIRECT,
    step::Part,
};

impl Run<'_> {
    /// A policy that is most often free to be assigned, and its owner, if they have a key.
    fn assignable(&self, number: u8) -> Option<(Key, Policy, Keypair)> {
        let now = self.now();
        let may_be = |_: &Key, policy: &Policy| {
            now < policy.end
                && policy.limit > 0
                && !policy.is_busy()
                && self.stage.person(&policy.owner).is_some()
        };
        let (key, policy) = self.policy_of(number, may_be)?;
        let owner = self.stage.person(&policy.owner)?.clone();
        Some((key, policy, owner))
    }

    /// N1: an amount means a policy if it is what is left of exactly one.
    pub(super) fn transfer_ins(&mut self, policy: u8, to: u8, size: Part) -> Rules {
        let Some((_, policy, owner)) = self.assignable(policy) else {
            return Ok(());
        };
        let (to, amount) = (self.someone(to), size.of(policy.limit));
        let is_meant = |(_, other): &(&Key, &Policy)| {
            other.owner == policy.owner && self.now() < other.end && other.limit == amount
        };
        let meant: Vec<Key> = self
            .shadow
            .policies
            .iter()
            .filter(|_| amount > 0)
            .filter(is_meant)
            .map(|(key, _)| key.clone())
            .collect();
        let call = self.stage.world.ins.transfer(&owner, &to, amount);
        let reply = self.own(call, &owner)?;
        self.refused_for("N1", InsError::NoSuchPolicy as u32, meant.is_empty())?;
        self.refused_for("N1", InsError::SeveralPolicies as u32, meant.len() > 1)?;
        self.is_assigned(reply, meant.first(), &owner, &to)
    }

    /// By the token; of the adapter that is an account, by that itself.
    pub(super) fn assign(&mut self, policy: u8, to: u8) -> Rules {
        let Some((key, policy, owner)) = self.assignable(policy) else {
            return Ok(());
        };
        let to = self.someone(to);
        let insurer = self.stage.insurer.clone();
        let reply = if policy.group == DIRECT {
            let call = self.pool().assign(&interest(&key), &to);
            self.guarded(call, &[&insurer, &owner], Told::default())?
        } else {
            let interest = match key.1 {
                1 => ins::Interest(key.0.clone(), ins::Class::Loan),
                _ => ins::Interest(key.0.clone(), ins::Class::Deposit),
            };
            let call = self.stage.world.ins.assign(&interest, &to);
            self.own(call, &owner)?
        };
        self.refused_for("N2", CoverError::PolicyBusy as u32, policy.is_busy())?;
        let (now, people) = (self.now(), &self.shadow.people);
        let total = self.shadow.insured_of(&to.address()) + policy.limit;
        let is_theirs = to.address() == owner.address();
        let may_be = is_theirs || people.may_be_covered((&key.0, &to.address()), total, now);
        self.refused_for("K1", CoverError::Unverified as u32, !may_be)?;
        let is_sanctioned =
            people.is_sanctioned(&to.address()) || people.is_sanctioned(&owner.address());
        self.refused_for("K1", CoverError::Sanctioned as u32, is_sanctioned)?;
        self.is_assigned(reply, Some(&key), &owner, &to)
    }

    /// N2: the policy is the new owner's, and so is what it insures.
    fn is_assigned(
        &mut self,
        reply: Option<Outcome>,
        key: Option<&Key>,
        from: &Keypair,
        to: &Keypair,
    ) -> Rules {
        let (Some(_), Some(key)) = (reply, key) else {
            return Ok(());
        };
        let policy = self.policy(key).cloned();
        let policy = policy.expect("a policy that was there before");
        self.note(&format!("in group {}", policy.group));
        expect_equal("N2", "whose policy it is", &policy.owner, &to.address())?;
        self.ins.changed([from.address(), to.address()]);
        if let Some(owner) = self.owner_of_insured(key)? {
            expect("N2", owner == to.address(), || {
                format!("the cover moved without {key:?}")
            })?;
        }
        Ok(())
    }

    /// Who owns what a policy insures; nobody where the pool is told of no owner.
    fn owner_of_insured(&self, key: &Key) -> Result<Option<ScAddress>, Broken> {
        let is_position = key.1 == 1 && self.positions.contains(&key.0);
        if is_position {
            return self.stage.owner_of(&key.0).map(Some);
        }
        let loan = self.market.find(&key.0).filter(|_| key.1 == 1);
        let Some(index) = loan else { return Ok(None) };
        let facts = self.facts(&self.market.loans[index].clone());
        Ok(Some(facts.owner))
    }
}
