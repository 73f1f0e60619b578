//! How the shadow follows events, and what must be true of each by itself: its premium, its caps, its payments.

mod advances;
mod claims;
mod disputes;
mod people;
mod sales;
mod shares;

use std::collections::BTreeMap;

use localnet::{
    xdr::{ScAddress, ScVal},
    Event, FromScVal,
};
use testkit::{bindings::cover_pool as cover, market::MARKET_LENDERS};

use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{Claim, Factor, Key, Policy, Shadow, Value},
};

const ADVANCE: u32 = cover::Peril::Advance as u32;

/// What the caller knows that events do not tell.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The loss that an adapter reported.
    pub loss: Option<cover::Loss>,
    /// The policy, where a subject has more than one and events name only the subject.
    pub policy: Option<Key>,
}

/// Where events come from.
pub struct Sources<'a> {
    pub pool: &'a ScAddress,
    pub token: &'a ScAddress,
}

pub fn read<T: FromScVal>(value: &ScVal) -> T {
    T::from_scval(value).expect("an event as its contract declares it")
}

pub fn topic<T: FromScVal>(event: &Event, index: usize) -> T {
    read(&event.topics[index])
}

fn field<T: FromScVal>(event: &Event, name: &str) -> T {
    localnet::value::field(&event.data, name).expect("an event as its contract declares it")
}

pub fn name(event: &Event) -> String {
    match event.topics.first() {
        Some(ScVal::Symbol(name)) => name.to_utf8_string_lossy(),
        _ => String::new(),
    }
}

/// What a token's event says was moved.
pub fn amount(event: &Event) -> i128 {
    let amount = i128::from_scval(&event.data);
    amount
        .or_else(|_| localnet::value::field(&event.data, "amount"))
        .expect("an event as the token declares it")
}

impl Shadow {
    /// Takes in the events of one call.
    pub fn follow(&mut self, events: &[Event], sources: &Sources, told: &Told) -> Rules {
        let before = self.value();
        let (mut sent, mut due) = (Vec::new(), Vec::new());
        let mut given = BTreeMap::new();
        self.filed_now.clear();
        for event in events {
            if event.contract == *sources.token {
                self.token_moved(event, sources.pool);
                if event.is_named("transfer") {
                    let (from, to): (ScAddress, ScAddress) = (topic(event, 1), topic(event, 2));
                    if from == *sources.pool {
                        *given.entry(to.clone()).or_default() += amount(event);
                        sent.push((to, amount(event)));
                    } else if to == *sources.pool {
                        *given.entry(from).or_default() -= amount(event);
                    }
                }
            } else if event.contract == *sources.pool {
                due.extend(self.recipients(event));
                if event.is_named("undelivered") {
                    sent.push((topic(event, 1), read::<(i128,)>(&event.data).0));
                }
                self.pool_said(event, sources.pool, told, before)?;
            }
        }
        self.check_given(&given)?;
        due.iter().try_for_each(|(id, payment)| {
            expect(id, sent.contains(payment), || {
                format!("{payment:?} is due, {sent:?} was sent")
            })
        })
    }

    /// B4, D2: who is paid themselves: vaults, former owners of loans that were foreclosed, and who was right in a dispute.
    fn recipients(&self, event: &Event) -> Vec<(&'static str, (ScAddress, i128))> {
        let loss = self.insured(event).map(|payment| ("B4", payment));
        let bond = self.bond_due(event).map(|payment| ("D2", payment));
        loss.into_iter().chain(bond).collect()
    }

    fn insured(&self, event: &Event) -> Option<(ScAddress, i128)> {
        let (key, amount): (Key, i128) = if event.is_named("paid") {
            let (class, _, _, amount): (u32, u32, u64, i128) = read(&event.data);
            ((topic(event, 1), class), amount)
        } else if event.is_named("finalized") {
            let claim = self.claims.get(&topic::<u32>(event, 1))?;
            let amount = read::<(i128,)>(&event.data).0;
            (
                claim.key.clone(),
                amount * i128::from(claim.peril != ADVANCE),
            )
        } else {
            return None;
        };
        let policy = self.policies.get(&key)?;
        let is_vault = key.1 == cover::Class::Deposit as u32 && policy.group != MARKET_LENDERS;
        let to = match (policy.is_foreclosed(), is_vault) {
            (true, _) => policy.owner.clone(),
            (false, true) => key.0,
            (false, false) => return None,
        };
        (amount > 0).then_some((to, amount))
    }

    fn token_moved(&mut self, event: &Event, pool: &ScAddress) {
        let is = |index: usize| matches!(event.topics.get(index), Some(ScVal::Address(address)) if address == pool);
        match name(event).as_str() {
            "transfer" if is(1) || is(2) => {
                let amount = amount(event);
                self.moved += i128::from(is(2)) * amount - i128::from(is(1)) * amount;
            }
            "clawback" if is(1) || is(2) => {
                self.is_short = true;
                self.moved -= amount(event);
            }
            _ => {}
        }
    }

    fn pool_said(&mut self, event: &Event, pool: &ScAddress, told: &Told, before: Value) -> Rules {
        match name(event).as_str() {
            "deposit" => self.deposited(event, before)?,
            "withdraw" => self.withdrawn(event, before)?,
            "transfer" => self.transferred(event),
            "exit_requested" => self.exit_requested(event),
            "exit_paid" => self.exit_paid(event, pool)?,
            "opened" => self.opened(event, before)?,
            "renewed" => self.renewed(event, before)?,
            "topped_up" => self.topped_up(event, before)?,
            "cancelled" => self.cancelled(event)?,
            "paid" => self.paid(event, told)?,
            "filed" => self.filed(event, told)?,
            "finalized" => self.finalized(event)?,
            "challenged" | "appealed" => self.challenged(event)?,
            "resolved" => self.resolved(event)?,
            "delayed" => self.delayed(event)?,
            "assigned" => self.assigned(event)?,
            "identity_set" => self.people.terms = read::<(Option<_>,)>(&event.data).0,
            "reserve_released" => self.reserve_released(event)?,
            "drawn" => self.drew(event, told)?,
            "paid_back" => self.paid_back(event, told)?,
            "foreclosed" => self.foreclosed(event, told)?,
            "undelivered" => {
                let amount: i128 = read::<(i128,)>(&event.data).0;
                self.cash += amount;
                *self.claimable.entry(topic(event, 1)).or_default() += amount;
            }
            "delivered" => {
                let amount: i128 = read::<(i128,)>(&event.data).0;
                self.cash -= amount;
                let waited = self.claimable.remove(&topic(event, 1));
                expect_equal("I06", "delivered", amount, waited.unwrap_or_default())?;
            }
            "became_impaired" => {
                (self.is_impaired, self.is_short) = (true, false);
                let missing = read::<(i128,)>(&event.data).0;
                self.cash -= missing;
                self.lower_factor(missing);
            }
            "impairment_settled" => {
                let (available, total) = read(&event.data);
                expect_equal(
                    "I06",
                    "claims that are settled together",
                    total,
                    self.pending_losses(),
                )?;
                self.reserve = self.reserve.min(available);
                self.factor = Some(Factor {
                    available,
                    total,
                    unpaid: total,
                    last_claim: self.last_claim,
                    settled_at: self.now,
                });
            }
            "recapitalised" => self.cash += read::<(i128,)>(&event.data).0,
            "resumed" => (self.is_impaired, self.factor) = (false, None),
            _ => {}
        }
        Ok(())
    }

    /// Claims that are no draws, and no appeals that nobody has decided.
    fn pending_losses(&self) -> i128 {
        let is_loss = |claim: &&Claim| {
            let is_open = claim.is_appeal && claim.disputed_by.is_some();
            claim.peril != ADVANCE && !is_open
        };
        let losses = self.claims.values().filter(is_loss);
        losses.map(|claim| claim.amount).sum()
    }

    fn policy(&mut self, key: &Key) -> Result<&mut Policy, Broken> {
        let missing = || Broken::new("I10", format!("no policy on {key:?}"));
        self.policies.get_mut(key).ok_or_else(missing)
    }
}
