//! Losses that are paid, filed and finalized.

use localnet::Event;

use super::{read, topic, Told, ADVANCE};
use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{Claim, Key, Shadow, CLAIM_WINDOW, FULL},
};

impl Shadow {
    /// Checks a payout against the loss it is for, and cuts the limit. Settles nothing yet.
    pub(super) fn count(
        &mut self,
        key: &Key,
        (peril, event): (u32, u64),
        amount: i128,
        (told, is_at_once): (&Told, bool),
    ) -> Rules {
        let now = self.now;
        let group = self.policy(key)?.group;
        let terms = self.groups[group as usize].clone();
        let policy = self.policy(key)?;
        expect("I09", amount > 0, || "a payout of nothing".into())?;
        expect("I13", policy.is_backed(now), || {
            "paid after the grace week".into()
        })?;
        expect("I10", event == 0 || event >= policy.event, || {
            format!("event {event} after {}", policy.event)
        })?;
        let sold = terms.perils.iter().find(|sold| sold.peril as u32 == peril);
        let sold = sold.ok_or_else(|| Broken::new("I13", format!("peril {peril} is not sold")))?;
        if let Some(loss) = told.loss.as_ref().filter(|loss| loss.peril as u32 == peril) {
            let begins = policy.start + sold.waiting;
            let is_covered = (begins..=policy.end.min(now)).contains(&loss.occurred_at);
            expect("I13", is_covered, || {
                format!("paid for {}: {policy:?}", loss.occurred_at)
            })?;
            let borne = |loss: i128| {
                (loss - terms.deductible).max(0) * (FULL - i128::from(sold.co_insurance)) / FULL
            };
            let before = if event != 0 && event == policy.event {
                policy.event_loss
            } else {
                0
            };
            let due = (borne(loss.amount) - borne(before)).max(0);
            let due = due.min(policy.usable_limit(loss.occurred_at));
            // A rescue takes no more than there is debt.
            let is_right = amount == due || (is_at_once && loss.rescue && amount < due);
            expect("I09", is_right, || {
                format!("{amount} paid, {due} due: {policy:?}")
            })?;
            if event != 0 {
                policy.event_loss = loss.amount.max(before);
            }
        }
        if event != 0 {
            policy.event = event;
        }
        policy.limit -= amount;
        let limit = policy.limit;
        expect("I09", limit >= 0, || format!("a limit of {limit}"))
    }

    pub(super) fn paid(&mut self, event: &Event, told: &Told) -> Rules {
        let (class, peril, id, amount): (u32, u32, u64, i128) = read(&event.data);
        let key: Key = (topic(event, 1), class);
        self.count(&key, (peril, id), amount, (told, true))?;
        let now = self.now;
        let policy = self.policy(&key)?;
        policy.paid += amount;
        policy.earn_out(now);
        let group = policy.group;
        self.count_at_once(group, amount);
        self.settle(&key, amount)
    }

    pub(super) fn filed(&mut self, event: &Event, told: &Told) -> Rules {
        let (class, peril, id, amount): (u32, u32, u64, i128) = read(&event.data);
        let (key, now): (Key, u64) = ((topic(event, 1), class), self.now);
        if peril == ADVANCE {
            self.check_draw(&key, amount)?;
            self.policy(&key)?.limit -= amount;
        } else {
            // A filing names the policy's latest event, even for a loss that belongs to none.
            let id = told.loss.as_ref().map_or(id, |loss| loss.event);
            self.count(&key, (peril, id), amount, (told, false))?;
        }
        self.policy(&key)?.open_claims += 1;
        let claim = Claim {
            key,
            peril,
            amount,
            filed_at: now,
            payable_from: now + CLAIM_WINDOW,
            is_delayed: false,
            disputed_by: None,
            bond: 0,
            is_appeal: false,
        };
        self.last_claim = topic(event, 2);
        self.filed_now.push(self.last_claim);
        let earlier = self.claims.insert(self.last_claim, claim);
        expect("I10", earlier.is_none(), || {
            format!("filed over {earlier:?}")
        })
    }

    pub(super) fn finalized(&mut self, event: &Event) -> Rules {
        let (id, amount): (u32, i128) = (topic(event, 1), read::<(i128,)>(&event.data).0);
        let claim = self.claims.remove(&id);
        let claim = claim.ok_or_else(|| Broken::new("I10", format!("claim {id} settled twice")))?;
        let is_over = self.now >= claim.payable_from && claim.disputed_by.is_none();
        expect("D1", is_over, || format!("settled too early: {claim:?}"))?;
        expect("I09", amount <= claim.amount, || {
            format!("{amount} paid for {claim:?}")
        })?;
        let (now, factor) = (self.now, self.factor.filter(|_| self.is_impaired));
        let policy = self.policy(&claim.key)?;
        policy.open_claims -= 1;
        if claim.peril == ADVANCE {
            if policy.is_backed(now) && !policy.is_foreclosed() {
                policy.limit += claim.amount;
            }
            policy.earn_out(now);
            return Ok(());
        }
        policy.paid += amount;
        policy.earn_out(now);
        if let Some(factor) = factor.filter(|_| claim.amount > 0) {
            expect("I09", factor.counts(id, &claim), || {
                format!("paid before the pool is sound: {claim:?}")
            })?;
        }
        let due = match factor {
            Some(factor) if claim.amount > 0 && factor.available < factor.total => {
                claim.amount * factor.available / factor.total
            }
            _ => claim.amount,
        };
        expect_equal("I09", "claim's payment", amount, due)?;
        if let Some(factor) = &mut self.factor {
            factor.unpaid -= claim.amount;
        }
        if claim.amount > 0 {
            self.settle(&claim.key, amount)?;
        }
        self.share_lost_bond(&claim);
        Ok(())
    }

    /// Cash leaves, the reserve bears what it can, the keeper is paid.
    pub(super) fn settle(&mut self, key: &Key, amount: i128) -> Rules {
        self.cash -= amount;
        self.reserve -= amount.min(self.reserve);
        self.pay_bounty(key)
    }

    /// Pays a keeper what the policy has prepaid.
    pub(super) fn pay_bounty(&mut self, key: &Key) -> Rules {
        let most = self.terms().bounty;
        let policy = self.policy(key)?;
        let bounty = most.min(policy.bounty_left);
        policy.bounty_left -= bounty;
        self.bounties -= bounty;
        self.cash -= bounty;
        Ok(())
    }

    /// What is missing after the factor was fixed lowers it for the claims that are left.
    pub(super) fn lower_factor(&mut self, missing: i128) {
        let Some(factor) = &mut self.factor else {
            return;
        };
        *factor = factor.of_the_rest();
        factor.available = (factor.available - missing).max(0);
        self.reserve = self.reserve.min(factor.available);
    }
}
