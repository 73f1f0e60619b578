//! The books of the loan market, its insurer and its salvage as their events tell them, in plain integers.

use std::collections::BTreeMap;

use localnet::xdr::ScAddress;

use crate::{cover::Sight, salvage::Lots};

/// Shares that count as minted before the first, and the unit that counts as supplied for them.
pub const VIRTUAL_SHARES: i128 = 1_000_000;
pub const VIRTUAL_ASSETS: i128 = 1;
/// How long a claim counts as owed to the lenders.
const FILED_FOR: u64 = 30 * 86_400;

/// A loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    pub address: ScAddress,
    pub owner: ScAddress,
    pub collateral: i128,
}

/// A liquidation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liquidation {
    pub loan: ScAddress,
    pub time: u64,
    pub price: i128,
    /// Collateral before.
    pub collateral: i128,
    pub seized: i128,
    pub repaid: i128,
    pub bad_debt: i128,
}

/// Money that cover sent: for a loan, or for the lenders.
pub type Compensated = (Option<ScAddress>, i128);

/// What the market, its insurer and its salvage have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    pub cash: i128,
    pub supply: i128,
    pub supply_shares: i128,
    /// By lender.
    pub shares: BTreeMap<ScAddress, i128>,
    /// Shares of the fee that its recipient was not handed yet.
    pub fee_shares: i128,
    pub fee_recipient: Option<ScAddress>,
    /// What waits for owners.
    pub credits: BTreeMap<ScAddress, i128>,
    pub loans: Vec<Loan>,
    pub unsettled: Vec<Liquidation>,
    pub filed: i128,
    pub filed_at: u64,
    pub written_off: i128,
    /// What is missing of the cash; less than nothing when more is there than the books know.
    pub short: i128,
    /// What the issuer took from the market so far.
    pub taken: i128,
    /// Losses that nobody was left to bear.
    pub unborne: i128,
    pub sight: Option<Sight>,
    /// Deficits that were settled so far, paid or not.
    pub settled_deficits: i128,
    /// What foreclosures could not deliver.
    pub uncollected: BTreeMap<ScAddress, i128>,
    pub lots: Lots,
}

impl Books {
    /// A loan's place among them.
    pub fn find(&self, address: &ScAddress) -> Option<usize> {
        self.loans.iter().position(|loan| loan.address == *address)
    }

    pub fn collateral(&self) -> i128 {
        self.loans.iter().map(|loan| loan.collateral).sum()
    }

    pub fn credited(&self) -> i128 {
        self.credits.values().sum()
    }

    /// Bad debt of liquidations whose cover is not settled.
    pub fn unsettled(&self) -> i128 {
        let bad_debts = self.unsettled.iter().map(|kept| kept.bad_debt);
        bad_debts.sum()
    }

    /// What cover owes the lenders for claims that wait.
    pub fn filed(&self, now: u64) -> i128 {
        if now < self.filed_at + FILED_FOR {
            self.filed
        } else {
            0
        }
    }

    pub fn file(&mut self, amount: i128, now: u64) {
        if amount > 0 {
            self.filed = self.filed(now) + amount;
            self.filed_at = now;
        }
    }

    /// What deposits are worth before they are made.
    pub fn supply_high(&self, now: u64) -> i128 {
        self.supply + self.unsettled() + self.filed(now)
    }
}
