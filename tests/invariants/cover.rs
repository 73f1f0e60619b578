//! What cover pays for losses: each payment against the loss it is for, and no loss twice.

use std::{collections::BTreeMap, ops::RangeInclusive};

use localnet::{xdr::ScAddress, Event};
use testkit::{bindings::cover_pool::Peril, feeds::PRICE_ONE};

use crate::{
    follow::{read, topic},
    rules::{expect, expect_equal, Broken, Rules},
    salvage::Lot,
    shadow::{Key, Shadow, DAY, FULL},
    stage::{Stage, PEG, PEG_DEDUCTIBLE},
};

const HOUR: u64 = 3_600;
/// Over how long collateral must have failed.
const MEAN_OF: u64 = 6 * HOUR;

/// A deficit that was seen once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    pub missing: i128,
    pub time: u64,
}

impl Sight {
    /// When it may be seen again.
    pub const fn again(&self) -> RangeInclusive<u64> {
        self.time + HOUR..=self.time + DAY
    }
}

/// What the pool has just paid or filed for a loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    key: Key,
    peril: u32,
    pub amount: i128,
    pub claim: Option<u32>,
}

/// Cover of some groups as it was before a call, and what the call did to it.
pub struct Cover<'a> {
    pub stage: &'a Stage,
    pub before: &'a Shadow,
    groups: &'static [u32],
    payment: Option<Payment>,
    /// Paid and filed in this call.
    spent: BTreeMap<Key, i128>,
    closed: Vec<u32>,
}

impl<'a> Cover<'a> {
    pub fn new(stage: &'a Stage, before: &'a Shadow, groups: &'static [u32]) -> Self {
        Self {
            stage,
            before,
            groups,
            payment: None,
            spent: BTreeMap::new(),
            closed: Vec::new(),
        }
    }

    /// Takes note of what the pool says.
    pub fn heard(&mut self, event: &Event) {
        let is_loss = |peril: u32| peril > Peril::Grant as u32;
        let payment = if event.is_named("paid") {
            let (class, peril, _, amount): (u32, u32, u64, i128) = read(&event.data);
            let key = (topic(event, 1), class);
            Payment {
                key,
                peril,
                amount,
                claim: None,
            }
        } else if event.is_named("filed") {
            let (class, peril, _, amount): (u32, u32, u64, i128) = read(&event.data);
            let key = (topic(event, 1), class);
            Payment {
                key,
                peril,
                amount,
                claim: Some(topic(event, 2)),
            }
        } else {
            if event.is_named("finalized") {
                self.closed.push(topic(event, 1));
            } else if ["challenged", "appealed"]
                .iter()
                .any(|name| event.is_named(name))
            {
                self.appealed(topic(event, 1));
            }
            return;
        };
        let policy = self.before.policies.get(&payment.key);
        let is_ours = policy.is_some_and(|policy| self.groups.contains(&policy.group));
        if is_ours && is_loss(payment.peril) {
            self.payment = Some(payment);
        }
    }

    /// A claim that was filed in this call is an appeal: it is for a loss that only the court can know.
    fn appealed(&mut self, claim: u32) {
        let is_for_it = |payment: &mut Payment| payment.claim == Some(claim);
        self.payment.take_if(is_for_it);
    }

    /// Every payment was for something.
    pub fn is_heeded(&self) -> Rules {
        expect("I10", self.payment.is_none(), || {
            format!("paid for nothing: {:?}", self.payment)
        })
    }

    /// What the policy on `key` owes for a loss of `peril` at `time`.
    pub fn due(&self, key: &Key, peril: Peril, loss: i128, (time, now): (u64, u64)) -> i128 {
        let Some(policy) = self.before.policies.get(key) else {
            return 0;
        };
        let terms = &self.before.groups[policy.group as usize];
        let sold = terms.perils.iter().find(|sold| sold.peril == peril);
        let Some(sold) = sold.filter(|_| policy.perils >> peril as u32 & 1 == 1) else {
            return 0;
        };
        let is_covered = (policy.start + sold.waiting..=policy.end).contains(&time);
        if !is_covered || !policy.is_backed(now) {
            return 0;
        }
        let borne =
            (loss - terms.deductible).max(0) * (FULL - i128::from(sold.co_insurance)) / FULL;
        let spent = self.spent.get(key).copied().unwrap_or_default();
        borne.min((policy.usable_limit(time) - spent).max(0))
    }

    /// Takes what was paid for `peril` on `key`; nothing when nothing was.
    pub fn take(&mut self, key: &Key, peril: Peril) -> Result<Option<Payment>, Broken> {
        let Some(payment) = self.payment.take() else {
            return Ok(None);
        };
        let known = (payment.key.clone(), payment.peril);
        expect_equal(
            "I10",
            "what was paid for",
            known,
            (key.clone(), peril as u32),
        )?;
        *self.spent.entry(key.clone()).or_default() += payment.amount;
        Ok(Some(payment))
    }

    /// Collateral that was surrendered for a claim.
    pub fn files_surrender(
        &mut self,
        (loan, claim): (&ScAddress, u32),
        lot: &Lot,
        now: u64,
    ) -> Rules {
        let key = (loan.clone(), 1);
        let value = lot.surrendered * PEG / PRICE_ONE;
        expect_equal("M9", "value of a lot", lot.value, value)?;
        let loss = value * (FULL - i128::from(PEG_DEDUCTIBLE)) / FULL;
        let due = self.due(&key, Peril::Collateral, loss, (now - MEAN_OF, now));
        let payment = self.take(&key, Peril::Collateral)?;
        let filed = payment.map(|payment| (payment.claim, payment.amount));
        expect_equal(
            "I09",
            "claim of a surrender",
            filed,
            Some((Some(claim), due)),
        )
    }

    /// A lot is given back once its claim was denied in full, by the court or by time in this call.
    pub fn is_denied(&self, claim: u32) -> Rules {
        let known = self.before.claims.get(&claim);
        expect("M9", known.is_some_and(|known| known.amount == 0), || {
            format!("given back: {known:?}")
        })
    }

    /// A lot is sold only once its claim is closed.
    pub fn is_closed(&self, claim: u32) -> Rules {
        let is_open = self.before.claims.contains_key(&claim) && !self.closed.contains(&claim);
        expect("M9", !is_open, || format!("claim {claim} is open"))
    }
}
