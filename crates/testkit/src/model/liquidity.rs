//! Liquidity providers: deposits, and exits through the queue.

use serde::{Deserialize, Serialize};

use super::exact::product;
use super::pool::{add_to, find, require};
use super::{digits, Account, CoverPool, Refused, EXIT_DELAY, EXIT_PARITY, FULL_RATE};

/// An exit that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExitRequest {
    /// Who is paid.
    pub owner: Account,
    /// Shares in escrow.
    #[serde(with = "digits")]
    pub shares: i128,
    /// When it was made.
    #[serde(with = "digits")]
    pub requested_at: u64,
}

impl CoverPool {
    /// Mints shares at NAV_hi, rounded down. Returns them.
    pub fn deposit(
        &mut self,
        owner: &str,
        assets: i128,
        min_shares: i128,
    ) -> Result<i128, Refused> {
        let shares = self.shares_for_down(assets);
        require(shares >= min_shares.max(1), Refused::TooFewShares)?;
        self.cash += assets;
        self.shares += shares;
        add_to(&mut self.balances, owner, shares);
        Ok(shares)
    }

    /// Irrevocable: the shares wait in escrow, fully at risk. Returns the request's number.
    pub fn request_exit(&mut self, owner: &str, shares: i128) -> Result<u64, Refused> {
        let balance = self.balances.get(owner).copied().unwrap_or_default();
        require(shares > 0 && shares <= balance, Refused::NotEnoughShares)?;
        add_to(&mut self.balances, owner, -shares);
        self.queued += shares;
        let request = ExitRequest {
            owner: owner.to_owned(),
            shares,
            requested_at: self.now,
        };
        let id = self.next_id();
        self.requests.insert(id, request);
        Ok(id)
    }

    /// Pays an exit at NAV_lo, rounded down: by anyone while NAV_lo >= 99.5 % of NAV_hi, else only by the owner.
    /// Returns the units paid.
    pub fn fulfil_exit(
        &mut self,
        id: u64,
        caller: &str,
        min_out: i128,
        deliverable: bool,
    ) -> Result<i128, Refused> {
        let request = find(&self.requests, id)?.clone();
        let out = self.assets_for_down(request.shares);
        require(
            self.now >= request.requested_at + EXIT_DELAY,
            Refused::TooEarly,
        )?;
        require(
            caller == request.owner || self.is_fair_to_leavers(),
            Refused::OnlyTheOwnerNow,
        )?;
        require(out >= min_out, Refused::TooLittleOut)?;
        self.require_unused(self.nav_lo() - out)?;
        self.shares -= request.shares;
        self.queued -= request.shares;
        self.requests.remove(&id);
        self.pay(&request.owner, out, deliverable);
        Ok(out)
    }

    /// Pays what could not be delivered before. Returns the units paid.
    pub fn withdraw_claimable(&mut self, owner: &str) -> Result<i128, Refused> {
        let amount = self.claimable_by.get(owner).copied().unwrap_or_default();
        require(amount > 0, Refused::NothingToWithdraw)?;
        self.claimable_by.remove(owner);
        self.claimable -= amount;
        self.cash -= amount;
        Ok(amount)
    }

    /// Whether a leaver is paid about what they will have been worth: no appeal, which anybody with a policy can file, is open.
    fn is_fair_to_leavers(&self) -> bool {
        let is_appealed = self.claims.values().any(|claim| claim.appeal);
        !is_appealed && self.is_at_parity()
    }

    fn is_at_parity(&self) -> bool {
        product(&[self.nav_lo(), FULL_RATE]) >= product(&[self.nav_hi(), EXIT_PARITY])
    }

    /// Whether every limit is still backed, and every group under its cap, with `left` units of NAV_lo.
    fn require_unused(&self, left: i128) -> Result<(), Refused> {
        require(self.exposure() <= left, Refused::CapitalInUse)?;
        let are_under_cap = self
            .groups
            .iter()
            .all(|group| group.exposure <= group.allowance_down(left));
        require(are_under_cap, Refused::GroupCapInUse)
    }
}
