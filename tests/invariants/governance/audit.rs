//! INS after every call: supply, balances and lists; and whether verifiers see what people have shown.

use std::collections::{BTreeMap, BTreeSet};

use localnet::{
    xdr::{
        ContractDataDurability, LedgerEntryData, LedgerKey, LedgerKeyContractData, ScAddress, ScVal,
    },
    FromScVal, InvokeError, ToScVal,
};
use testkit::bindings::{cover_pool::Interest, OnLedger};

use super::people::{BASIC, FULL};
use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    shadow::Shadow,
    stage::Stage,
};

/// How often the token itself is asked.
const TOKEN_EVERY: u64 = 16;

/// What owners' balances were when they were last looked at.
#[derive(Clone, Debug, Default)]
pub struct Ins {
    seen: BTreeMap<ScAddress, i128>,
    changed: BTreeSet<ScAddress>,
}

impl Ins {
    /// Owners whose policies have changed.
    pub fn changed(&mut self, owners: impl IntoIterator<Item = ScAddress>) {
        self.changed.extend(owners);
    }

    /// N1: whose balance has changed is looked at, and each in turn; the pool's sum is in its books.
    pub fn check(&mut self, stage: &Stage, shadow: &Shadow, call: u64) -> Rules {
        let mut known: BTreeMap<ScAddress, i128> = BTreeMap::new();
        for policy in shadow.policies.values() {
            let left = if shadow.now < policy.end {
                policy.limit
            } else {
                0
            };
            *known.entry(policy.owner.clone()).or_default() += left;
        }
        expect_equal(
            "N1",
            "sum of balances",
            known.values().sum(),
            shadow.in_force(),
        )?;
        // Who has no policy any more has no balance.
        for owner in self.seen.keys() {
            known.entry(owner.clone()).or_default();
        }
        let turn = (call % known.len().max(1) as u64) as usize;
        for (index, (owner, balance)) in known.iter().enumerate() {
            let is_known = self.seen.get(owner) == Some(balance);
            if !is_known || index == turn || self.changed.contains(owner) {
                check_owner(stage, shadow, (owner, *balance))?;
            }
        }
        self.changed.clear();
        self.seen = known;
        if call.is_multiple_of(TOKEN_EVERY) {
            let owner = self.seen.keys().nth(turn).cloned();
            self.check_token(stage, shadow, owner)?;
        }
        Ok(())
    }

    /// N1: the token shows what the pool does.
    fn check_token(&self, stage: &Stage, shadow: &Shadow, owner: Option<ScAddress>) -> Rules {
        let (ins, ledger) = (&stage.world.ins, &stage.world.ledger);
        let supply = shown("supply of INS", ins.total_supply().view(ledger))?;
        expect_equal("N1", "supply of INS", supply, shadow.in_force())?;
        let Some(owner) = owner else { return Ok(()) };
        let balance = shown("balance of INS", ins.balance(&owner).view(ledger))?;
        let what = format!("INS of {owner}");
        expect_equal("N1", &what, balance, shadow.insured_of(&owner))
    }
}

/// N1, N3: an owner's balance is that of their policies, and the list that it is the sum of is theirs alone.
fn check_owner(stage: &Stage, shadow: &Shadow, (owner, known): (&ScAddress, i128)) -> Rules {
    let (pool, ledger) = (&stage.world.cover, &stage.world.ledger);
    let insured = shown("insured_of", pool.insured_of(owner).view(ledger))?;
    expect_equal("N1", &format!("insured of {owner}"), insured, known)?;
    let of_owner = shadow.policies.iter();
    let of_owner = of_owner.filter(|(_, policy)| policy.owner == *owner);
    let (mut theirs, mut live) = (BTreeSet::new(), BTreeSet::new());
    for (key, policy) in of_owner {
        theirs.insert(key.clone());
        let is_live = policy.is_busy() || (policy.is_backed(shadow.now) && policy.limit > 0);
        if is_live {
            live.insert(key.clone());
        }
    }
    let listed: BTreeSet<_> = listed(stage, owner)?.into_iter().collect();
    expect(
        "N3",
        live.is_subset(&listed) && listed.is_subset(&theirs),
        || format!("{owner} holds {theirs:?}, of which {live:?} live, and is listed {listed:?}"),
    )
}

/// The interests that the pool keeps of an owner, as it has stored them.
fn listed(stage: &Stage, owner: &ScAddress) -> Result<Vec<crate::shadow::Key>, Broken> {
    let parts = vec![localnet::value::symbol("Held"), owner.to_scval()];
    let parts: Result<Vec<ScVal>, _> = parts.into_iter().collect();
    let key = localnet::value::vector(parts.expect("a key")).expect("a key");
    let key = LedgerKey::ContractData(LedgerKeyContractData {
        contract: stage.world.cover.0.clone(),
        key,
        durability: ContractDataDurability::Persistent,
    });
    let entry = stage.world.ledger.entry(&key);
    let entry = entry.map_err(|error| Broken::new("view", format!("list: {error}")))?;
    let Some(entry) = entry else {
        return Ok(Vec::new());
    };
    let LedgerEntryData::ContractData(stored) = &entry.data else {
        return Ok(Vec::new());
    };
    let interests = Vec::<Interest>::from_scval(&stored.val).expect("interests");
    Ok(interests.iter().map(crate::shadow::key).collect())
}

/// K3: the verifiers say of somebody what they have shown.
pub fn check_person(stage: &Stage, shadow: &Shadow, person: &ScAddress) -> Rules {
    let identity = &stage.identity;
    for (tier, verifier) in [(BASIC, &identity.basic), (FULL, &identity.full)] {
        let status = verifier.status(person).view(&stage.world.ledger);
        let is_verified = shown("status", status)? == 0;
        let known = shadow.people.is_verified(person, tier, shadow.now);
        let what = format!("{person} at tier {tier}");
        expect_equal("K3", &what, is_verified, known)?;
    }
    let listed = identity.sanctions.is_sanctioned(person);
    let listed = shown("is_sanctioned", listed.view(&stage.world.ledger))?;
    let known = shadow.people.sanctioned.contains(person);
    expect_equal("K3", &format!("{person} sanctioned"), listed, known)
}

fn shown<R>(what: &str, result: Result<R, InvokeError>) -> Result<R, Broken> {
    result.map_err(|error| Broken::new("view", format!("{what} fails: {error}")))
}
