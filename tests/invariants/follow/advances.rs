//! Advances: drawn, paid back, foreclosed.

use localnet::{xdr::ScAddress, Event};
use testkit::bindings::cover_pool as cover;

use super::{read, topic, Told, ADVANCE};
use crate::{
    rules::{expect, expect_equal, Rules},
    shadow::{div_up, Advance, Key, Shadow, FULL, SCALE, YEAR},
};

/// Whose advance it is: the loan's, unless the caller meant another policy on the same subject.
fn borrower(event: &Event, told: &Told) -> Key {
    let subject: ScAddress = topic(event, 1);
    let other = told.policy.clone().filter(|key| key.0 == subject);
    other.unwrap_or((subject, cover::Class::Loan as u32))
}

impl Shadow {
    pub(super) fn check_draw(&mut self, key: &Key, amount: i128) -> Rules {
        let now = self.now;
        let group = self.policy(key)?.group;
        let terms = self.groups[group as usize].clone();
        let policy = self.policy(key)?;
        let sold = terms
            .perils
            .iter()
            .find(|sold| sold.peril == cover::Peril::Advance);
        let waiting = sold.map_or(u64::MAX / 2, |sold| sold.waiting);
        let is_covered = (policy.start + waiting..policy.end).contains(&now);
        expect("I13", is_covered, || {
            format!("drawn outside the cover: {policy:?}")
        })?;
        let most = policy.usable_limit(now);
        expect("I09", (1..=most).contains(&amount), || {
            format!("drew {amount} of {most}")
        })
    }

    pub(super) fn drew(&mut self, event: &Event, told: &Told) -> Rules {
        let (amount, rate): (i128, u32) = read(&event.data);
        let (now, flat_fee) = (self.now, i128::from(self.terms().advance_fee));
        let key = borrower(event, told);
        let is_filed = self
            .claims
            .values()
            .any(|claim| claim.key == key && claim.peril == ADVANCE);
        if !is_filed {
            self.check_draw(&key, amount)?;
        }
        self.cash -= amount;
        let policy = self.policy(&key)?;
        // Of a filed claim the limit was cut before; finalizing gives all of it back and keeps this cut.
        policy.limit -= amount;
        let advance = &mut policy.advance;
        advance.fees = advance.fees_at(now) + div_up(amount * flat_fee, FULL) * SCALE;
        advance.fee_rate += div_up(amount * i128::from(rate) * SCALE, YEAR * FULL);
        (advance.drawn, advance.last) = (advance.drawn + amount, now);
        let group = policy.group;
        self.count_at_once(group, amount);
        self.pay_bounty(&key)
    }

    pub(super) fn paid_back(&mut self, event: &Event, told: &Told) -> Rules {
        let (fees, principal): (i128, i128) = read(&event.data);
        let (key, now) = (borrower(event, told), self.now);
        let policy = self.policy(&key)?;
        let due = policy.advance.due_at(now);
        let advance = &mut policy.advance;
        let in_order = if principal > 0 {
            fees == due
        } else {
            (1..=due).contains(&fees)
        };
        expect("I16", in_order, || {
            format!("{fees} of {due} fees paid with {principal}")
        })?;
        let left = advance.drawn - principal;
        expect("I16", left >= 0, || {
            format!("{principal} paid back of {}", advance.drawn)
        })?;
        let owed = advance.fees_at(now);
        advance.fees = owed - owed.min(fees * SCALE);
        advance.fee_rate = div_up(advance.fee_rate * left, advance.drawn);
        (advance.drawn, advance.last) = (left, now);
        if now < policy.end {
            policy.limit += principal;
        }
        self.cash += fees + principal;
        Ok(())
    }

    pub(super) fn foreclosed(&mut self, event: &Event, told: &Told) -> Rules {
        let (paid, written_off): (i128, i128) = read(&event.data);
        let (key, now) = (borrower(event, told), self.now);
        let policy = self.policy(&key)?;
        let due = policy.advance.due_at(now);
        let most = policy.advance.drawn + due;
        expect("I16", paid <= most, || {
            format!("{paid} recovered of {most}")
        })?;
        let lost = policy.advance.drawn - (paid - paid.min(due));
        expect_equal("I16", "written off", written_off, lost)?;
        policy.advance = Advance {
            last: now,
            ..Default::default()
        };
        (policy.limit, policy.original_limit) = (0, 0);
        policy.earn_out(now);
        self.cash += paid;
        Ok(())
    }
}
