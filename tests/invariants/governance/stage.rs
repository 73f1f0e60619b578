//! The court, the vote and who has shown who they are, on the stage.

use localnet::{xdr::ScAddress, Keypair};
use testkit::{
    bindings::{cover_pool as cover, OnLedger},
    identity::Tier::{Basic, Full},
};

use super::people::{People, Shown};
use crate::{rules::Broken, stage::Stage};

impl Stage {
    /// Who decides what before the contracts are handed over: keys, so that not every verdict takes a vote.
    pub fn name_roles(&self) {
        let (world, governance) = (&self.world, &self.governance);
        let roles = cover::Roles {
            court: self.judge.address(),
            ..governance.roles()
        };
        let set = world.cover.set_roles(&roles);
        set.send(&world.ledger, &world.owner).unwrap();
    }

    /// Some have shown all, some a little, some nothing. Returns what they have shown.
    pub fn introduce(&self) -> People {
        let mut people = People::default();
        let shown = [Some(Full), Some(Basic), None, Some(Basic)];
        for (person, tier) in self.people.iter().zip(shown.into_iter().cycle()) {
            let Some(tier) = tier else { continue };
            let (world, now) = (&self.world, self.world.ledger.now());
            let identity = self.identity.identity(world, person);
            let until = now + 365 * crate::shadow::DAY;
            let claim = self.identity.claim(world, &identity, tier, now, until);
            let added = self.identity.add(world, person, &identity, &claim);
            added.unwrap();
            let shown = Shown {
                until,
                data: claim.data,
                is_revoked: false,
            };
            people.shown.insert((person.address(), tier as u32), shown);
        }
        people
    }

    /// Somebody who may hold cover, by address; nobody for a contract.
    pub fn person(&self, address: &ScAddress) -> Option<&Keypair> {
        let others = [
            &self.vault,
            &self.market.lender,
            &self.sponsor,
            &self.lender,
            &self.world.owner,
            &self.judge,
        ];
        let mut known = self.people.iter().chain(&self.subjects).chain(others);
        known.find(|person| person.address() == *address)
    }

    /// Who owns a position.
    pub fn owner_of(&self, position: &ScAddress) -> Result<ScAddress, Broken> {
        let position = testkit::bindings::position::Client(position.clone());
        let account = position.account().view(&self.world.ledger);
        let account = account.map_err(|error| Broken::new("view", format!("position: {error}")));
        Ok(account?.owner)
    }
}
