//! Selling cover: open, renew, cancel.

use super::exact::{div_down, div_up, product};
use super::pool::{find, find_mut, require};
use super::{
    Advances, CoverPool, Policy, Refused, CANCEL_DELAY, EARNING_SLOTS, FULL_RATE, MAX_UNEARNED,
    MAX_WEEKS, PROTOCOL_FEE, REFUND_RATE, RENEWAL_WINDOW, SCALE, WEEK, YEAR,
};

impl CoverPool {
    /// Sells a policy that ends `weeks` week boundaries ahead. Returns its number.
    ///
    /// Room is measured before the premium comes in; the earning rate is rounded down, the dust is the LPs'.
    pub fn open_policy(
        &mut self,
        owner: &str,
        group: usize,
        limit: i128,
        premium_rate: i128,
        weeks: u64,
        max_rate: i128,
    ) -> Result<u64, Refused> {
        require((1..=MAX_WEEKS).contains(&weeks), Refused::BadTerm)?;
        require(limit > 0 && limit <= self.room(group, 0), Refused::NoRoom)?;
        let end = (self.now / WEEK + weeks) * WEEK;
        let seconds = end - self.now;
        let premium = self.terms.premium_up(limit, premium_rate, seconds);
        let (net, bounty_left) = self.book_premium(premium)?;
        let earning_rate = div_down(product(&[net, SCALE]), i128::from(seconds));
        self.premiums.change(earning_rate, end);
        let mut policy = Policy {
            owner: owner.to_owned(),
            group,
            start: self.now,
            end,
            earning_rate,
            limit: 0,
            original_limit: limit,
            max_rate,
            advances: Advances::new(self.now),
            bounty_left,
            raised: 0,
            raised_from: 0,
            open_claims: 0,
        };
        policy.change_limit(limit, &mut self.groups);
        let id = self.next_id();
        self.policies.insert(id, policy);
        Ok(id)
    }

    /// Merges the next term into the current one: what is unearned is spread over both, rounded down. Returns the
    /// premium.
    pub fn renew_policy(
        &mut self,
        id: u64,
        limit: i128,
        premium_rate: i128,
        weeks: u64,
    ) -> Result<i128, Refused> {
        let old = find(&self.policies, id)?.clone();
        let end = old.end + weeks * WEEK;
        self.require_renewable(&old, limit, premium_rate, weeks)?;
        let premium = self.terms.premium_up(limit, premium_rate, end - old.end);
        // The least premium is bounded by the payer's rate as well.
        let yearly = product(&[limit, old.max_rate, i128::from(end - old.end)]);
        let most = div_up(yearly, i128::from(YEAR) * FULL_RATE);
        require(premium <= most, Refused::AbovePayersRate)?;
        let (net, prepaid) = self.book_premium(premium)?;
        let unearned = old.unearned(self.now) + product(&[net, SCALE]);
        let earning_rate = div_down(unearned, i128::from(end - self.now));
        self.premiums.change(-old.earning_rate, old.end);
        self.premiums.change(earning_rate, end);
        let policy = find_mut(&mut self.policies, id)?;
        policy.change_limit(-old.limit, &mut self.groups);
        policy.end = end;
        policy.earning_rate = earning_rate;
        policy.original_limit = limit;
        policy.change_limit(limit, &mut self.groups);
        policy.bounty_left += prepaid;
        if limit > old.limit {
            policy.wait_for(limit - old.limit, self.now);
        }
        self.pay_bounty(id)?;
        Ok(premium)
    }

    /// Refunds 90 % of the unearned premium; its whole units, and then the 90 %, are rounded down. Returns the refund.
    pub fn cancel_policy(&mut self, id: u64, deliverable: bool) -> Result<i128, Refused> {
        let policy = find_mut(&mut self.policies, id)?;
        policy.require_changeable()?;
        require(
            self.now >= policy.start + CANCEL_DELAY && self.now < policy.end,
            Refused::TooEarlyOrOver,
        )?;
        let unearned = div_down(policy.unearned(self.now), SCALE);
        let refund = div_down(product(&[unearned, REFUND_RATE]), FULL_RATE);
        self.premiums.change(-policy.earning_rate, policy.end);
        policy.change_limit(-policy.limit, &mut self.groups);
        let owner = policy.owner.clone();
        self.bounties -= policy.bounty_left;
        self.reserve += policy.bounty_left;
        self.policies.remove(&id);
        self.pay(&owner, refund, deliverable);
        Ok(refund)
    }

    fn require_renewable(
        &self,
        policy: &Policy,
        limit: i128,
        premium_rate: i128,
        weeks: u64,
    ) -> Result<(), Refused> {
        policy.require_changeable()?;
        let is_in_window = self.now + RENEWAL_WINDOW >= policy.end && self.now < policy.end;
        require(is_in_window, Refused::NotInRenewalWindow)?;
        let fits_ring = policy.end / WEEK + weeks <= self.now / WEEK + EARNING_SLOTS;
        require(
            (1..=MAX_WEEKS).contains(&weeks) && fits_ring,
            Refused::BadTerm,
        )?;
        require(premium_rate <= policy.max_rate, Refused::AbovePayersRate)?;
        require(
            limit > 0 && limit <= policy.original_limit,
            Refused::AboveWhatWasSold,
        )?;
        let room = self.room(policy.group, policy.limit);
        require(limit <= room, Refused::NoRoom)
    }

    /// Takes a premium in; its fee (rounded up) goes to the policy's bounties first, then to the reserve. Returns the rest,
    /// and what the bounties got.
    fn book_premium(&mut self, premium: i128) -> Result<(i128, i128), Refused> {
        let unearned = self.premiums.unearned + product(&[premium, SCALE]);
        require(
            unearned <= product(&[MAX_UNEARNED, SCALE]),
            Refused::TooMuchUnearnedPremium,
        )?;
        let fee = div_up(product(&[premium, PROTOCOL_FEE]), FULL_RATE);
        let prepaid = self.terms.bounty_prepaid.min(fee);
        self.cash += premium;
        self.bounties += prepaid;
        self.reserve += fee - prepaid;
        Ok((premium - fee, prepaid))
    }
}
