//! Cover that is sold, renewed and cancelled.

use localnet::{xdr::ScAddress, Event};

use super::{read, topic};
use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{div_up, Advance, Key, Policy, Shadow, Value, FULL, SCALE, YEAR},
};

impl Shadow {
    pub(super) fn opened(&mut self, event: &Event, before: Value) -> Rules {
        type Data = (u32, u32, u32, u32, i128, i128, u32, u64, u32, ScAddress);
        let (class, group, perils, _, limit, premium, rate, end, max_rate, _): Data =
            read(&event.data);
        let (key, now): (Key, u64) = ((topic(event, 1), class), self.now);
        if let Some(earlier) = self.policies.get(&key) {
            let is_over = !earlier.is_busy() && (!earlier.is_backed(now) || earlier.limit == 0);
            expect("I10", is_over, || format!("sold over {earlier:?}"))?;
        }
        self.check_cover_of(&key.0, &topic(event, 2), limit)?;
        let seconds = i128::from(end - now);
        let unspent = self.policies.get(&key).map_or(0, |old| old.bounty_left);
        let (net, bounty) = self.book_premium(limit, rate, seconds, premium)?;
        let policy = Policy {
            owner: topic(event, 2),
            group,
            perils,
            start: now,
            end,
            earning_rate: net * SCALE / seconds,
            limit,
            original_limit: limit,
            topped_up: 0,
            topped_up_from: 0,
            topped_up_earlier: 0,
            earlier_from: 0,
            max_rate,
            paid: 0,
            open_claims: 0,
            event: 0,
            event_loss: 0,
            bounty_left: unspent + bounty,
            advance: Advance {
                last: now,
                ..Default::default()
            },
        };
        self.policies.insert(key, policy);
        self.check_caps(group, limit, before)
    }

    pub(super) fn renewed(&mut self, event: &Event, before: Value) -> Rules {
        let (class, limit, premium, rate, end): (u32, i128, i128, u32, u64) = read(&event.data);
        let (key, now): (Key, u64) = ((topic(event, 1), class), self.now);
        let old = self.policy(&key)?.clone();
        expect("I16", !old.is_busy(), || {
            format!("renewed while busy: {old:?}")
        })?;
        expect("I04", limit <= old.original_limit, || {
            format!("renewed above {}", old.original_limit)
        })?;
        expect("I04", rate <= old.max_rate, || {
            format!("renewed at {rate}, above {}", old.max_rate)
        })?;
        expect("I04", now < old.end, || "renewed after the end".into())?;
        let seconds = i128::from(end - old.end);
        let most = div_up(limit * i128::from(old.max_rate) * seconds, YEAR * FULL);
        expect("I04", premium <= most, || {
            format!("renewed for {premium}, above {most}")
        })?;
        if limit > old.limit {
            self.check_cover_of(&key.0, &old.owner, limit - old.limit)?;
        }
        let (net, bounty) = self.book_premium(limit, rate, seconds, premium)?;
        let left = old.unearned(now);
        let waiting = self.longest_waiting(&old);
        let policy = self.policy(&key)?;
        policy.bounty_left += bounty;
        if limit > old.limit {
            policy.wait_for(limit - old.limit, now, now + waiting);
        }
        policy.earning_rate = (left + net * SCALE) / i128::from(end - now);
        (policy.end, policy.limit, policy.original_limit) = (end, limit, limit);
        let group = policy.group;
        self.pay_bounty(&key)?;
        self.check_caps(group, limit, before)
    }

    /// Of all perils that a policy covers.
    fn longest_waiting(&self, policy: &Policy) -> u64 {
        let sold = self.groups[policy.group as usize].perils.iter();
        let covered = sold.filter(|sold| policy.perils >> sold.peril as u32 & 1 == 1);
        covered.map(|sold| sold.waiting).max().unwrap_or_default()
    }

    pub(super) fn topped_up(&mut self, event: &Event, before: Value) -> Rules {
        let (class, amount, premium, rate, from): (u32, i128, i128, u32, u64) = read(&event.data);
        let (key, now): (Key, u64) = ((topic(event, 1), class), self.now);
        let owner = self.policy(&key)?.owner.clone();
        self.check_cover_of(&key.0, &owner, amount)?;
        let seconds = i128::from(self.policy(&key)?.end - now);
        let (net, bounty) = self.book_premium(amount, rate, seconds, premium)?;
        let policy = self.policy(&key)?;
        expect("I16", !policy.is_busy() && !policy.is_foreclosed(), || {
            format!("topped up while busy or foreclosed: {policy:?}")
        })?;
        policy.bounty_left += bounty;
        policy.earning_rate += net * SCALE / seconds;
        policy.limit += amount;
        policy.original_limit += amount;
        policy.wait_for(amount, now, from);
        let (group, limit) = (policy.group, policy.limit);
        self.check_caps(group, limit, before)
    }

    pub(super) fn cancelled(&mut self, event: &Event) -> Rules {
        let (class, refund): (u32, i128) = read(&event.data);
        let now = self.now;
        let key: Key = (topic(event, 1), class);
        let policy = self.policy(&key)?.clone();
        expect("I16", !policy.is_busy(), || {
            format!("cancelled while busy: {policy:?}")
        })?;
        expect_equal(
            "I11",
            "refund",
            refund,
            policy.unearned(now) / SCALE * 9 / 10,
        )?;
        self.policies.remove(&key);
        self.cash -= refund;
        self.bounties -= policy.bounty_left;
        self.reserve += policy.bounty_left;
        Ok(())
    }

    /// Books a premium, and checks it against its rate. Returns what of it is earned over the term, and what bounties get.
    pub(super) fn book_premium(
        &mut self,
        limit: i128,
        rate: u32,
        seconds: i128,
        premium: i128,
    ) -> Result<(i128, i128), Broken> {
        let least = self.terms().min_premium;
        let due = div_up(limit * i128::from(rate) * seconds, YEAR * FULL).max(least);
        expect_equal("I02", "premium", premium, due)?;
        let fee = div_up(premium, 10);
        let bounty = fee.min(self.terms().bounty_prepaid);
        self.cash += premium;
        self.bounties += bounty;
        self.reserve += fee - bounty;
        Ok((premium - fee, bounty))
    }

    /// What was just sold fits into the pool, its group, all caps over it, and its subject's.
    pub(super) fn check_caps(&self, group: u32, subject_limit: i128, before: Value) -> Rules {
        let staying = before.lo - before.assets_down(self.queued());
        let (exposure, most) = (self.exposure(), staying);
        expect("I05", exposure <= most, || {
            format!("sold up to {exposure}, above {most}")
        })?;
        let terms = &self.groups[group as usize];
        let most = Self::share_down(staying, terms.cap);
        let used = self.exposure_of(group) + self.taken_of(group);
        expect("I05", used <= most, || {
            format!("group {group}: sold up to {used}, above {most}")
        })?;
        let most = Self::share_down(before.lo, terms.subject_cap);
        expect("I05", subject_limit <= most, || {
            format!("subject: {subject_limit} above {most}")
        })?;
        for cap in self.caps.iter().filter(|cap| cap.groups.contains(&group)) {
            let used: i128 = cap
                .groups
                .iter()
                .map(|group| self.exposure_of(*group) + self.taken_of(*group))
                .sum();
            let most = Self::share_down(staying, cap.rate);
            expect("I05", used <= most, || {
                format!("{cap:?}: sold up to {used}, above {most}")
            })?;
        }
        Ok(())
    }
}
