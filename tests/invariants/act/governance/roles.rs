//! What is for the court, the guardian, owners and adapters alone, tried by the attacker in their own name.

use testkit::bindings::{cover_pool as cover, ins};

use super::{disputes::interest, Run};
use crate::{rules::Rules, step::Part};

impl Run<'_> {
    pub(super) fn governance_intrude(&mut self, entry: u8, which: u8, size: Part) -> Rules {
        let (stage, me) = (self.stage, self.stage.attacker.clone());
        let (pool, world) = (self.pool(), &self.stage.world);
        let Some((key, policy)) = self.policy_of(which, |_, _| true) else {
            return Ok(());
        };
        let claims: Vec<_> = self.shadow.claims.keys().copied().collect();
        let claim = claims.get(usize::from(which) % claims.len().max(1));
        let claim = claim.copied().unwrap_or(u32::MAX);
        let interest = interest(&key);
        let appeal = cover::Appeal {
            amount: size.of(policy.limit),
            occurred_at: self.now(),
            peril: cover::Peril::Default,
        };
        let (identity, hub) = (&stage.identity, stage.hub());
        let usdc = world.usdc.contract.clone();
        let insured = ins::Interest(key.0.clone(), ins::Class::Loan);
        match entry % 24 {
            0 => self.forge(&pool.resolve(claim, size.of(policy.limit)), &me),
            1 => self.forge(&pool.delay(claim), &me),
            2 => self.forge(&pool.set_identity(&None), &me),
            3 => self.forge(&pool.wind_down(), &me),
            4 => self.forge(&pool.release_reserve(), &me),
            5 => self.forge(&pool.assign(&interest, &me), &me),
            6 => self.forge(&pool.appeal(&interest, &appeal, &me), &me),
            7 => self.forge(&pool.appeal(&interest, &appeal, &policy.owner), &me),
            8 => self.forge(&pool.challenge(claim, &stage.lps[0]), &me),
            9 => self.forge(&world.ins.assign(&insured, &me), &me),
            10 => self.forge(&world.ins.transfer(&policy.owner, &me, policy.limit), &me),
            11 => self.forge(&world.adapter.assign(&adapters(&key.0), &me), &me),
            12 => self.forge(&stage.market.insurer.assign(&insurers(&key.0), &me), &me),
            13 => self.forge(&stage.market.platform.assign(&key.0, &me), &me),
            14 => self.forge(&hub.drop_venue(&usdc, &"reflector".into()), &me),
            15 => self.forge(&hub.set_guardian(&me), &me),
            16 => self.forge(&identity.sanctions.add(&vec![policy.owner]), &me),
            17 => self.forge(&identity.sanctions.appoint(&me), &me),
            18 => self.forge(&identity.issuer.revoke_all(&me, 1), &me),
            19 => {
                let key = identity.key.public_key();
                self.forge(&identity.issuer.allow_key(&key, &identity.basic.0, 2), &me)
            }
            20 => self.forge(&identity.basic.add_trusted_issuer(&me, &vec![1], &me), &me),
            21 => self.forge(&pool.transfer_ownership(&me, u32::MAX), &me),
            22 => {
                let plt = &stage.governance.plt;
                self.forge(&plt.transfer(&stage.governance.holders[0], &me, 1), &me)
            }
            _ => self.put_without_votes(&me),
        }
    }

    /// Who holds nothing proposes nothing.
    fn put_without_votes(&mut self, me: &localnet::Keypair) -> Rules {
        let pool = self.pool().0;
        let governor = &self.stage.governance.governor;
        let (functions, none) = (vec!["wind_down".into()], vec![Vec::new()]);
        let propose = governor.propose(&vec![pool], &functions, &none, &String::new(), me);
        self.forge(&propose, me)
    }
}

fn adapters(loan: &localnet::xdr::ScAddress) -> testkit::bindings::blend_adapter::Interest {
    use testkit::bindings::blend_adapter::{Class, Interest};
    Interest(loan.clone(), Class::Loan)
}

fn insurers(loan: &localnet::xdr::ScAddress) -> testkit::bindings::market_adapter::Interest {
    use testkit::bindings::market_adapter::{Class, Interest};
    Interest(loan.clone(), Class::Loan)
}
