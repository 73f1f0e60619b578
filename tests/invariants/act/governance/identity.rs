//! Who shows who they are, for how long, and who is sanctioned.

use localnet::xdr::ScAddress;
use testkit::{asset::UNIT, bindings::OnLedger, identity::Tier};

use super::Run;
use crate::{
    governance::{
        audit::check_person,
        people::{Shown, BASIC},
    },
    rules::Rules,
    shadow::DAY,
};

/// Limits that the pool may be told, in units.
const LIMITS: [i128; 4] = [0, 1_000, 20_000, 200_000];

impl Run<'_> {
    pub(super) fn ask_people(&mut self, is_on: bool, free: u8, basic: u8) -> Rules {
        let limit = |number: u8| LIMITS[usize::from(number) % LIMITS.len()] * UNIT;
        let terms = self.stage.identity.terms(limit(free), limit(basic));
        let call = self.pool().set_identity(&is_on.then_some(terms));
        self.govern(call)
    }

    /// The claim is signed for this many days, and added by who it is about.
    pub(super) fn verify(&mut self, who: u8, tier: u8, days: u32) -> Rules {
        let (world, person) = (&self.stage.world, self.someone(who));
        let tier = [Tier::Basic, Tier::Full][usize::from(tier) % 2];
        let founded = &self.stage.identity;
        let identity = founded.identity(world, &person);
        // No two claims are the same, since a revoked one stays revoked.
        self.shadow.people.signed += 1;
        let until = self.now() + u64::from(days) * DAY + self.shadow.people.signed;
        let claim = founded.claim(world, &identity, tier, self.now(), until);
        let (issuer, no_link) = (&claim.issuer, String::new());
        let call = identity.add_claim(
            claim.topic,
            claim.scheme,
            issuer,
            &claim.signature,
            &claim.data,
            &no_link,
        );
        if self.own(call, &person)?.is_some() {
            let shown = Shown {
                until,
                data: claim.data,
                is_revoked: false,
            };
            let key = (person.address(), claim.topic);
            self.shadow.people.shown.insert(key, shown);
        }
        self.check_person(&person.address())
    }

    /// By the issuer: one claim, or all that it has signed of a tier.
    pub(super) fn revoke(&mut self, who: u8, tier: u8, is_all: bool) -> Rules {
        let tier = u32::from(tier) % 2 + BASIC;
        let shown: Vec<_> = self.shadow.people.shown.keys().cloned().collect();
        let apt: Vec<_> = shown.iter().filter(|(_, shown)| *shown == tier).collect();
        let Some(key) = super::choose(&apt, who).copied() else {
            return Ok(());
        };
        let (world, issuer) = (&self.stage.world, &self.stage.identity.issuer);
        let stored = self.stage.identity.registry.stored_identity(&key.0);
        let identity = stored.view(&world.ledger).expect("made before");
        let data = self.shadow.people.shown[key].data.clone();
        let call = match is_all {
            true => issuer.revoke_all(&identity, tier),
            false => issuer.revoke(&identity, tier, &data),
        };
        let officer = self.stage.identity.officer.clone();
        if self.own(call, &officer)?.is_some() {
            let shown = self.shadow.people.shown.get_mut(key);
            shown.expect("chosen among them").is_revoked = true;
        }
        self.check_person(&key.0)
    }

    /// K3.
    fn check_person(&self, person: &ScAddress) -> Rules {
        check_person(self.stage, &self.shadow, person)
    }

    pub(super) fn screen(&mut self, who: u8, is_listed: bool) -> Rules {
        let listed: Vec<_> = self.shadow.people.sanctioned.iter().cloned().collect();
        let person = match super::choose(&listed, who) {
            Some(person) if !is_listed => person.clone(),
            _ => self.someone(who).address(),
        };
        let (list, accounts) = (&self.stage.identity.sanctions, vec![person.clone()]);
        let call = match is_listed {
            true => list.add(&accounts),
            false => list.remove(&accounts),
        };
        let screener = self.stage.identity.screener.clone();
        if self.own(call, &screener)?.is_some() {
            let known = &mut self.shadow.people.sanctioned;
            match is_listed {
                true => known.insert(person.clone()),
                false => known.remove(&person),
            };
        }
        self.check_person(&person)
    }
}
